/* fuzz_set.c: each line of any text as a --set, on top of a scenario that has a bit of everything. */
#include "fuzz.h"

#define MAX_OVERRIDES 16

static const char base[] =
    "outlay: 1\n"
    "title: base\n"
    "horizon: {start: 2025-01-01, years: 2}\n"
    "simulation: {draws: 4, replicates: 4}\n"
    "classes: {firm: {count: 100, size_sigma: 0.5}, farm: {count: {uniform: [20, 60]}}}\n"
    "programmes:\n"
    "  first:\n"
    "    budget: {amount: 5 M, top_ups: [{date: 07-01, amount: 1 M}]}\n"
    "    award: {rate: {beta: [2, 2]}, cap: 100 k}\n"
    "    applications: {per_year: 2, contract: {lognormal: [50 k, 0.8]}, by_class: {farm: {per_year: 1}}}\n"
    "  second:\n"
    "    budget: {amount: 2 M, period: horizon}\n"
    "    award: {bands: [{up_to: 10 k, rate: 50%}, {up_to: none, rate: 20%, cap: 30 k}]}\n"
    "    applications: {per_year: 0.5, contract: {histogram: {edges: [1 k, 10 k, 90 k], counts: [2, 1]}}}\n"
    "    review: {working_days: {gamma: [2, 5]}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outlay_scenario scenario = {0};
    struct outlay_diag diag = {0};
    struct outlay_override overrides[MAX_OVERRIDES];
    size_t n = 0;
    char *text = fuzz_text(data, size);
    for (char *line = text; line != NULL && n < MAX_OVERRIDES; n++) {
        char *end = strchr(line, '\n');
        overrides[n].text = line;
        line = end != NULL ? end + 1 : NULL;
        if (end != NULL) {
            *end = '\0';
        }
    }
    const outlay_err err = outlay_scenario_load_text(&scenario, "scenarios/base.yaml", base, overrides, n, &diag);
    fuzz_finish(&scenario, err, &diag);
    free(text);
    return 0;
}
