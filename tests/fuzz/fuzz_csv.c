/* fuzz_csv.c: any bytes as a data file, of whose columns one is money, one plain numbers, and one the weights. */
#include "fuzz.h"

static const char text[] = "outlay: 1\n"
                           "title: data\n"
                           "horizon: {start: 2025-01-01}\n"
                           "classes: {firm: {count: 10, age: {csv: {file: data.csv, column: age, weight: weight}}}}\n"
                           "programmes:\n"
                           "  p:\n"
                           "    budget: 5 M\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1, contract: {csv: {file: data.csv, column: amount}}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outlay_scenario scenario = {0};
    struct outlay_diag diag = {0};
    char name[] = "data.csv";
    char *bytes = fuzz_text(data, size);
    const struct outlay_file file = {name, bytes, size};
    const outlay_err err = outlay_scenario_load_stored(&scenario, "scenarios/data.yaml", text, &file, 1, &diag);
    fuzz_finish(&scenario, err, &diag);
    free(bytes);
    return 0;
}
