/*
 * engine.c: a run without a result file, so that bench.py can tell what the file costs.
 *
 * usage: bench_engine SCENARIO DRAWS REPLICATES THREADS      prints the number of contracts
 */
#include <stdio.h>
#include <stdlib.h>

#include "outlay/engine.h"

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: bench_engine SCENARIO DRAWS REPLICATES THREADS\n", stderr);
        return 2;
    }
    struct outlay_scenario scenario = {0};
    struct outlay_tallies *tallies = NULL;
    outlay_err err = outlay_scenario_load(&scenario, argv[1], NULL, 0, NULL);
    if (err == OUTLAY_OK) {
        struct outlay_run_options run = outlay_run_options_for(&scenario);
        run.n_draws = (uint32_t)strtoul(argv[2], NULL, 10);
        run.n_replicates = (uint32_t)strtoul(argv[3], NULL, 10);
        run.n_threads = atoi(argv[4]);
        err = outlay_engine_run(&scenario, &run, NULL, &tallies, NULL);
    }
    if (err == OUTLAY_OK) {
        printf("%.0f\n", tallies->contracts);
    } else {
        fprintf(stderr, "bench_engine: %s\n", outlay_err_text(err));
    }
    outlay_tallies_free(tallies);
    outlay_scenario_free(&scenario);
    return err == OUTLAY_OK ? 0 : 1;
}
