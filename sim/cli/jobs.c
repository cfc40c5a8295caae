/* jobs.c: scenarios on the command line -> result files, each named and made in its turn. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

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

bool is_same_file(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
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

/* Name every result file; two scenarios must not share one, and none may take a scenario's place. */
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
        for (int k = 0; k < options->n_operands; k++) {
            if (is_same_file(jobs[i].output, options->operands[k])) {
                return misuse(command, "%s is a scenario, and would be replaced by the result", jobs[i].output);
            }
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
