/* estimate.c: how long a run takes. */
#include "engine/estimate.h"

#include <time.h>

double outlay_seconds_now(void)
{
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec : 0.0;
}

/* Seconds for one trial run of n_draws draws on one thread. */
static outlay_err time_trial(const struct outlay_scenario *scenario, struct outlay_run_options trial, double *seconds,
                             double *contracts, struct outlay_diag *diag)
{
    struct outlay_tallies *tallies = NULL;
    const double start = outlay_seconds_now();
    const outlay_err err = outlay_engine_run(scenario, &trial, NULL, &tallies, diag);
    *seconds = outlay_seconds_now() - start;
    *contracts = err == OUTLAY_OK ? tallies->contracts : 0.0;
    outlay_tallies_free(tallies);
    return err;
}

outlay_err outlay_engine_estimate(const struct outlay_scenario *scenario, const struct outlay_run_options *options,
                                  double *seconds, double *contracts, struct outlay_diag *diag)
{
    /* two trials, of one path and of a few: their difference is the cost of a path, without what a run costs once */
    struct outlay_run_options trial = *options;
    trial.n_threads = 1;
    trial.cancel = NULL;
    trial.progress = NULL;
    trial.precision = NULL;
    trial.n_draws = 1;
    trial.n_replicates = 1;
    double once, few, contracts_once, contracts_few;
    outlay_err err = time_trial(scenario, trial, &once, &contracts_once, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    trial.n_draws = options->n_draws < 8 ? options->n_draws : 8;
    trial.n_replicates = once > 0.05 ? 2 : options->n_replicates < 16 ? options->n_replicates : 16;
    err = time_trial(scenario, trial, &few, &contracts_few, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    const double n_few = (double)trial.n_draws * trial.n_replicates;
    const double n = (double)options->n_draws * options->n_replicates;
    const double each = few > once && n_few > 1.0 ? (few - once) / (n_few - 1.0) : few / n_few;
    *seconds = once + each * n / outlay_engine_threads(options);
    *contracts = contracts_few / n_few * n;
    return OUTLAY_OK;
}
