/*
 * answer.c: the library in forty lines. Plays a scenario and prints how likely the money of its first programme is to
 * run out in the first fiscal year.
 *
 *     cc answer.c $(pkg-config --cflags --libs outlay) -o answer && ./answer scenario.yaml
 */
#include <stdio.h>
#include <stdlib.h>

#include "outlay/engine.h"
#include "outlay/error.h"
#include "outlay/scenario.h"

int main(int argc, char *argv[])
{
    struct outlay_diag diag = {0};
    struct outlay_scenario scenario = {0};
    struct outlay_tallies *tallies = NULL;
    int status = EXIT_FAILURE;
    if (argc != 2) {
        fprintf(stderr, "usage: answer SCENARIO\n");
        return EXIT_FAILURE;
    }
    if (outlay_scenario_load(&scenario, argv[1], NULL, 0, &diag) != OUTLAY_OK) {
        goto out;
    }
    struct outlay_run_options options = outlay_run_options_for(&scenario);
    options.n_draws = 20;
    options.n_replicates = 10;
    if (outlay_engine_run(&scenario, &options, NULL, &tallies, &diag) != OUTLAY_OK) {
        goto out;
    }
    printf("%s: the budget of %s is exhausted with probability %.2f +- %.2f\n", scenario.title,
           scenario.programmes[0].name, tallies->exhausted_moments[0].mean, tallies->exhausted_moments[0].se);
    status = EXIT_SUCCESS;
out:
    for (size_t i = 0; i < diag.n_notes; i++) {
        fprintf(stderr, "%s:%d: %s\n", diag.notes[i].file ? diag.notes[i].file : "answer", diag.notes[i].line,
                diag.notes[i].message);
    }
    outlay_tallies_free(tallies);
    outlay_scenario_free(&scenario);
    outlay_diag_free(&diag);
    return status;
}
