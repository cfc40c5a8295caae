/* run.c: scenarios -> result files, and `outlay run` itself. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "outlay/engine.h"
#include "outlay/results.h"

/* "shenzhen-2025" of "scenarios/shenzhen-2025.yaml". */
static void stem_of(const char *path, const char **stem, int *length)
{
    const char *slash = strrchr(path, '/');
    *stem = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(*stem, '.');
    *length = dot != NULL && dot != *stem ? (int)(dot - *stem) : (int)strlen(*stem);
}

static bool is_folder(const char *path)
{
    struct stat status;
    const size_t length = strlen(path);
    return (length > 0 && path[length - 1] == '/') || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The result file of a scenario: `output` itself if it is a file, else STEM + ending in that folder. NULL = no memory.
 */
static char *output_for(const char *scenario, const char *output, bool is_in_folder, const char *ending)
{
    const char *stem;
    int length;
    stem_of(scenario, &stem, &length);
    const size_t size = strlen(output) + (size_t)length + strlen(ending) + sizeof "/";
    char *path = malloc(size);
    if (path != NULL && is_in_folder) {
        const bool has_slash = output[strlen(output) - 1] == '/';
        snprintf(path, size, "%s%s%.*s%s", output, has_slash ? "" : "/", length, stem, ending);
    } else if (path != NULL) {
        snprintf(path, size, "%s", output);
    }
    return path;
}

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

/* Play a loaded scenario into a file. On success, or when interrupted, *tallies is what was played. */
static outlay_err play(const struct outlay_scenario *scenario, const struct outlay_run_options *run,
                       const struct cli_options *options, const char *output, struct progress *progress,
                       struct outlay_tallies **tallies, struct outlay_diag *diag)
{
    const struct outlay_writer_options how = {
        .overwrite = options->force, .stamp = options->stamp, .n_threads = run->n_threads};
    struct outlay_writer *writer = NULL;
    outlay_err err = outlay_writer_new(&writer, output, scenario, run, &how, diag);
    if (err != OUTLAY_OK) {
        return err;
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
    outlay_writer_free(writer);
    return err;
}

static outlay_err answer(const char *output, const struct outlay_tallies *tallies, double seconds, int n_threads,
                         struct outlay_diag *diag)
{
    const outlay_err err = outlay_results_show(output, stdout, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    printf("\n%.3g M contracts in %.2f s: %.3g M contracts a second on ", tallies->contracts / 1e6, seconds,
           tallies->contracts / seconds / 1e6);
    printf(n_threads > 0 ? "%d threads\n" : "all cores\n", n_threads);
    printf("written: %s\n", output);
    return OUTLAY_OK;
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
    err = outlay_precision_new(&precision, &scenario, diag);
    if (err != OUTLAY_OK) {
        goto out;
    }
    progress_start(&progress, stderr, job->scenario, options->quiet);
    progress.precision = precision;
    const struct outlay_run_options run = run_options(&scenario, options, precision, &progress);
    err = play(&scenario, &run, options, job->output, &progress, &tallies, diag);
    if (err == OUTLAY_OK && !options->quiet) {
        err = answer(job->output, tallies, progress_seconds(&progress), run.n_threads, diag);
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

static void print_summary(const struct job *jobs, int n_jobs)
{
    static const char *const words[] = {"done", "failed", "misuse", "bad scenario"};
    int n_done = 0;
    printf("\n");
    for (int i = 0; i < n_jobs; i++) {
        n_done += jobs[i].status == EXIT_DONE;
        printf("%-12s  %s -> %s\n", jobs[i].status == EXIT_INTERRUPTED ? "interrupted" : words[jobs[i].status],
               jobs[i].scenario, jobs[i].output);
    }
    printf("%d of %d scenarios done\n", n_done, n_jobs);
}

/* Do all jobs; one that fails does not keep the others from being done, an interrupt does. */
static enum exit_status do_all(const struct maker *maker, struct job *jobs, int n_jobs,
                               const struct cli_options *options)
{
    enum exit_status worst = EXIT_DONE;
    for (int i = 0; i < n_jobs; i++) {
        struct outlay_diag diag = {0};
        const bool is_stopped = cli_interrupted != 0;
        jobs[i].status = is_stopped ? EXIT_INTERRUPTED : status_of(maker->make(&jobs[i], options, &diag));
        fflush(stdout);
        outlay_notes_print(stderr, &diag);
        outlay_diag_free(&diag);
        worst = jobs[i].status > worst && worst != EXIT_FAILED ? jobs[i].status : worst;
        worst = jobs[i].status == EXIT_FAILED && worst != EXIT_INTERRUPTED ? EXIT_FAILED : worst;
        if (i + 1 < n_jobs && !options->quiet) {
            printf("\n");
        }
    }
    if (n_jobs > 1 && (!options->quiet || worst != EXIT_DONE)) {
        print_summary(jobs, n_jobs);
    }
    return worst;
}

/* Name every result file; two scenarios must not share one. */
static enum exit_status name_outputs(struct job *jobs, const struct command *command, const struct maker *maker,
                                     const struct cli_options *options)
{
    const char *output = options->output != NULL ? options->output : "results/";
    const bool is_in_folder = options->n_operands > 1 || is_folder(output);
    const size_t length = strlen(output);
    if (options->n_operands > 1 && length > 3 && strcmp(output + length - 3, ".h5") == 0 && !is_folder(output)) {
        return misuse(command, "several scenarios need a folder, not the file %s", output);
    }
    for (int i = 0; i < options->n_operands; i++) {
        jobs[i].scenario = options->operands[i];
        jobs[i].output = output_for(options->operands[i], output, is_in_folder, maker->ending);
        if (jobs[i].output == NULL) {
            fputs("outlay: the memory ran out\n", stderr);
            return EXIT_FAILED;
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(jobs[k].output, jobs[i].output) == 0) {
                return misuse(command, "%s and %s would both be written to %s", jobs[k].scenario, jobs[i].scenario,
                              jobs[i].output);
            }
        }
    }
    return EXIT_DONE;
}

enum exit_status make_all(const struct command *command, const struct maker *maker, int argc, char **argv)
{
    struct cli_options options;
    bool is_help;
    struct job *jobs = NULL;
    enum exit_status status = options_read(&options, command, maker->letters, argc, argv, &is_help);
    if (status != EXIT_DONE || is_help) {
        goto out;
    }
    if (options.n_operands == 0) {
        status = misuse(command, "which scenario?");
        goto out;
    }
    jobs = calloc((size_t)options.n_operands, sizeof *jobs);
    if (jobs == NULL) {
        fputs("outlay: the memory ran out\n", stderr);
        status = EXIT_FAILED;
        goto out;
    }
    status = name_outputs(jobs, command, maker, &options);
    if (status == EXIT_DONE) {
        status = do_all(maker, jobs, options.n_operands, &options);
    }
out:
    for (int i = 0; jobs != NULL && i < options.n_operands; i++) {
        free(jobs[i].output);
    }
    free(jobs);
    options_free(&options);
    return status;
}

enum exit_status command_run(const struct command *command, int argc, char **argv)
{
    static const struct maker maker = {"ondtspSfqTx", ".h5", run_one};
    signals_catch(); /* what is finished of a run is kept */
    return make_all(command, &maker, argc, argv);
}
