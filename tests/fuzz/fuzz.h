/*
 * fuzz.h: what the fuzz targets do with a scenario that loads (tests/fuzz/README.md).
 */
#ifndef OUTLAY_FUZZ_H
#define OUTLAY_FUZZ_H

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/plan.h"
#include "outlay/scenario.h"

/* libFuzzer calls both of them. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    (void)gsl_set_error_handler_off(); /* as the program does: it would end the process */
    return 0;
}

/* Ends the program, which libFuzzer takes as a finding. */
static void fuzz_expect(bool is_so, const char *what)
{
    if (!is_so) {
        (void)fprintf(stderr, "not so: %s\n", what);
        abort();
    }
}

/* The bytes as a text, cut at the first NUL; to be freed. */
static char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL, "there is memory");
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}

/* Few enough of everything that plans are made in milliseconds. */
static bool fuzz_is_small(const struct outlay_scenario *scenario)
{
    double applicants = 0.0;
    for (int c = 0; c < scenario->n_classes; c++) {
        applicants += scenario->classes[c].count.value;
    }
    return scenario->n_years <= 3 && scenario->n_classes * scenario->n_programmes <= 12 && applicants <= 1e6 &&
           scenario->n_uncertain <= 64;
}

/* Two draws, the second of which borrows from the first. */
static void fuzz_plans(const struct outlay_scenario *scenario)
{
    struct outlay_plan *plan[2] = {NULL, NULL};
    struct outlay_diag diag = {0};
    const size_t n = (size_t)scenario->n_uncertain;
    double *values = malloc((n + 1) * sizeof *values);
    fuzz_expect(values != NULL, "there is memory");
    for (uint32_t draw = 0; draw < 2; draw++) {
        outlay_draw_values(scenario, scenario->simulation.seed, draw, values);
        for (size_t i = 0; i < n; i++) {
            fuzz_expect(values[i] >= scenario->uncertain[i].min && values[i] <= scenario->uncertain[i].max,
                        "an uncertain number is drawn within the bounds of its key");
        }
        const outlay_err err =
            outlay_plan_new(&plan[draw], scenario, scenario->simulation.seed, values, plan[0], &diag);
        fuzz_expect((err == OUTLAY_OK) == (plan[draw] != NULL), "there is a plan, or an error");
        if (err != OUTLAY_OK) {
            break;
        }
    }
    outlay_plan_free(plan[1]);
    outlay_plan_free(plan[0]);
    outlay_diag_free(&diag);
    free(values);
}

/* What a loaded or refused scenario must be; frees both. */
static void fuzz_finish(struct outlay_scenario *scenario, outlay_err err, struct outlay_diag *diag)
{
    fuzz_expect((err == OUTLAY_OK) == (diag->n_errors == 0), "what is refused has a note, and what has one is refused");
    if (err == OUTLAY_OK) {
        for (int i = 0; i < scenario->n_entries; i++) {
            fuzz_expect(scenario->entries[i].path != NULL, "every value has a path");
        }
        if (fuzz_is_small(scenario)) {
            fuzz_plans(scenario);
        }
    }
    outlay_scenario_free(scenario);
    outlay_diag_free(diag);
}

#endif
