/* run.c: `outlay run`: scenario -> result file. */
#include <math.h>
#include <stdlib.h>

#include "cli.h"
#include "outlay/engine.h"
#include "outlay/results.h"

static struct outlay_run_options run_options(const struct outlay_scenario *scenario, const struct cli_options *options,
                                             struct outlay_precision *precision, struct progress *progress)
{
    struct outlay_run_options run = outlay_run_options_for(scenario);
    run.n_threads = (int)options->threads;
    run.precision = precision;
    run.cancel = &cli_interrupted;
    run.progress = progress_report;
    run.progress_context = progress;
    return run;
}

static void tell_beginning(const char *name, double n_paths)
{
    if (n_paths > 0.0) {
        fprintf(stderr, "%s: goes on after %.0f replicates\n", name, n_paths);
    } else {
        fprintf(stderr, "%s: nothing is kept of an earlier run: begins at the first replicate\n", name);
    }
}

static void tell_how_to_go_on(const struct cli_options *options, double n_paths, struct outlay_diag *diag)
{
    char *command = resuming_command(options);
    if (command != NULL) {
        outlay_diag_hint(diag, "to go on after %.0f replicates: %s", n_paths, command);
    }
    free(command);
}

/* Play a loaded scenario into a file. On success, or when interrupted, *tallies is what was played. */
static outlay_err play(const struct outlay_scenario *scenario, const struct outlay_run_options *run,
                       const struct cli_options *options, const char *output, struct progress *progress,
                       struct outlay_tallies **tallies, struct outlay_diag *diag)
{
    const struct outlay_writer_options how = {
        .overwrite = options->force, .resume = options->resume, .stamp = options->stamp, .n_threads = run->n_threads};
    struct outlay_writer *writer = NULL;
    outlay_err err = outlay_writer_new(&writer, output, scenario, run, &how, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    if (options->resume && !options->quiet) {
        tell_beginning(progress->name, outlay_writer_kept(writer));
    }
    const struct outlay_sink sink = outlay_writer_sink(writer);
    err = outlay_engine_run(scenario, run, &sink, tallies, diag);
    progress_end(progress);
    if (err == OUTLAY_OK || err == OUTLAY_ERR_INTERRUPTED) {
        const outlay_err closing =
            outlay_writer_finish(writer, *tallies, err == OUTLAY_OK, progress_seconds(progress), diag);
        if (err == OUTLAY_ERR_INTERRUPTED && closing == OUTLAY_OK) {
            outlay_diag_error(diag, err, NULL, "interrupted: what is finished (%llu replicates) is kept in %s",
                              (unsigned long long)(*tallies)->n_paths, outlay_writer_name(writer));
        }
        err = closing != OUTLAY_OK ? closing : err;
    }
    if (err != OUTLAY_OK && err != OUTLAY_ERR_BAD_RESULT_FILE && outlay_writer_kept(writer) > 0.0) {
        tell_how_to_go_on(options, outlay_writer_kept(writer), diag);
    }
    outlay_writer_free(writer);
    return err;
}

static outlay_err answer(const char *output, double contracts, double seconds, int n_threads, struct outlay_diag *diag)
{
    const outlay_err err = outlay_results_show(output, stdout, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    printf("\n%.3g M contracts in %.2f s: %.3g M contracts a second on ", contracts / 1e6, seconds,
           contracts / seconds / 1e6);
    printf(n_threads > 0 ? "%d threads\n" : "all cores\n", n_threads);
    printf("written: %s\n", output);
    return OUTLAY_OK;
}

/* Nothing is left to be done. */
static outlay_err answer_again(const char *output, const struct cli_options *options, struct outlay_diag *diag)
{
    if (options->check_exact) {
        outlay_diag_warning(diag, OUTLAY_OK, NULL, "%s is complete: only a run is held against the exact answer",
                            output);
    }
    const outlay_err err = options->quiet ? OUTLAY_OK : outlay_results_show(output, stdout, diag);
    if (err == OUTLAY_OK && !options->quiet) {
        printf("\ncomplete since before: %s\n", output);
    }
    return err;
}

/* The run came to its largest size without knowing what was asked for; not an error, but to be told. */
static void warn_of_precision(const struct outlay_precision *precision, const struct outlay_run_options *run,
                              struct outlay_diag *diag)
{
    const bool has_draws = run->n_draws > 1;
    const uint32_t n = has_draws ? run->n_draws : run->n_replicates;
    const int least = has_draws ? OUTLAY_LEAST_DRAWS : OUTLAY_LEAST_REPLICATES;
    outlay_diag_warning(diag, OUTLAY_OK, NULL, "the precision that was asked for (%s) is not reached with %lu %s",
                        precision->text, (unsigned long)n, has_draws ? "draws" : "replicates");
    if (n < (uint32_t)least) {
        outlay_diag_hint(diag, "at least %d are needed; %s sets the most that are played", least,
                         has_draws ? "--draws" : "-n");
        return;
    }
    double factor = 1.0;
    for (int i = 0; i < precision->n_goals; i++) {
        const double ratio = precision->goals[i].reached / precision->goals[i].half_width;
        factor = fmax(factor, ratio * ratio);
    }
    if (isfinite(factor)) {
        outlay_diag_hint(diag, "about %.2g would be needed; %s sets the most that are played", factor * n,
                         has_draws ? "--draws" : "-n");
    }
}

static outlay_err run_one(const struct job *job, const struct cli_options *options, struct outlay_diag *diag)
{
    struct outlay_scenario scenario = {0};
    struct outlay_tallies *tallies = NULL;
    struct outlay_precision *precision = NULL;
    struct progress progress;
    outlay_err err = outlay_scenario_load(&scenario, job->scenario, options->overrides, options->n_overrides, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    if (options->resume && outlay_results_hold(job->output, &scenario)) {
        err = answer_again(job->output, options, diag);
        goto out;
    }
    err = outlay_precision_new(&precision, &scenario, diag);
    if (err != OUTLAY_OK) {
        goto out;
    }
    progress_start(&progress, stderr, job->scenario, options->quiet);
    progress.precision = precision;
    const struct outlay_run_options run = run_options(&scenario, options, precision, &progress);
    err = play(&scenario, &run, options, job->output, &progress, &tallies, diag);
    if (err == OUTLAY_OK && !options->quiet) {
        err = answer(job->output, tallies->contracts - progress.contracts, progress_seconds(&progress), run.n_threads,
                     diag);
    }
    if (err == OUTLAY_OK && precision != NULL && !precision->is_reached) {
        warn_of_precision(precision, &run, diag);
    }
    if (err == OUTLAY_OK && options->check_exact) {
        err = print_deviations(&scenario, tallies, diag);
    }
out:
    outlay_precision_free(precision);
    outlay_tallies_free(tallies);
    outlay_scenario_free(&scenario);
    return err;
}

enum exit_status command_run(const struct command *command, int argc, char **argv)
{
    static const struct maker maker = {"ondtspSfqTxr", ".h5", run_one};
    signals_catch(); /* what is finished of a run is kept */
    return make_all(command, &maker, argc, argv);
}
