/* show.c: `outlay show`: the answer from result files, drawn, side by side, or as tables. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "outlay/results.h"

/* What went wrong is told; an unreadable result is no bad scenario. */
static enum exit_status tell(outlay_err err, struct outlay_diag *diag)
{
    (void)fflush(stdout);
    outlay_notes_print(stderr, diag);
    outlay_diag_free(diag);
    return err == OUTLAY_OK ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_status show_one(const char *path, const struct cli_options *options)
{
    struct outlay_diag diag = {0};
    const struct outlay_chart_options charts = terminal_charts(options->chart);
    outlay_err err = outlay_results_show(path, stdout, &diag);
    if (err == OUTLAY_OK) {
        err = outlay_results_draw(path, &charts, stdout, &diag);
    }
    return tell(err, &diag);
}

static const char *const *paths_of(const struct cli_options *options)
{
    return (const char *const *)options->operands;
}

static enum exit_status compare(const struct cli_options *options)
{
    struct outlay_diag diag = {0};
    const outlay_err err =
        outlay_results_compare(paths_of(options), (size_t)options->n_operands, terminal_width(), stdout, &diag);
    return tell(err, &diag);
}

static enum exit_status print_table(const struct cli_options *options)
{
    struct outlay_diag diag = {0};
    const size_t n = (size_t)options->n_operands;
    const outlay_err err =
        options->output != NULL
            ? outlay_csv_save(paths_of(options), n, options->table, options->output, options->force, &diag)
            : outlay_csv_print(paths_of(options), n, options->table, stdout, &diag);
    return tell(err, &diag);
}

static void print_name(const char *name)
{
    printf("written: %s\n", name);
}

/* A file that fails does not keep the others from being written. */
static enum exit_status save_tables(const struct cli_options *options)
{
    enum exit_status status = EXIT_DONE;
    for (int i = 0; i < options->n_operands; i++) {
        struct outlay_diag diag = {0};
        const outlay_err err =
            outlay_csv_save_all(options->operands[i], options->output, options->force, print_name, &diag);
        const enum exit_status one = tell(err, &diag);
        status = one != EXIT_DONE ? one : status;
    }
    return status;
}

/* "--csv summary": the table's name is taken for a file. */
static bool is_table_name(const char *operand)
{
    for (int i = 0; i < OUTLAY_N_CSV_TABLES; i++) {
        if (strcmp(operand, outlay_csv_tables[i]) == 0) {
            return access(operand, F_OK) != 0;
        }
    }
    return false;
}

/* Are the two files in the same folder, however it is written? */
static bool are_together(const char *a, const char *b)
{
    char *copy_of_a = strdup(a), *copy_of_b = strdup(b);
    const bool are = copy_of_a != NULL && copy_of_b != NULL && is_same_file(dirname(copy_of_a), dirname(copy_of_b));
    free(copy_of_b);
    free(copy_of_a);
    return are;
}

/* Would the tables of two results have the same names in the same folder? */
static bool do_collide(const char *a, const char *b, const char *folder)
{
    char name[OUTLAY_RESULT_NAME], other[OUTLAY_RESULT_NAME];
    return strcmp(outlay_result_name(a, name), outlay_result_name(b, other)) == 0 &&
           (folder != NULL || are_together(a, b));
}

static enum exit_status check_names(const struct command *command, const struct cli_options *options)
{
    for (int i = 0; i < options->n_operands; i++) {
        if (is_table_name(options->operands[i])) {
            return misuse(command, "the table stands behind an equals sign: --csv=%s", options->operands[i]);
        }
        for (int k = 0; k < i; k++) {
            if (do_collide(options->operands[k], options->operands[i], options->output)) {
                return misuse(command, "%s and %s would both be written to the same tables", options->operands[k],
                              options->operands[i]);
            }
        }
    }
    return EXIT_DONE;
}

static enum exit_status check_usage(const struct command *command, const struct cli_options *options)
{
    if (options->n_operands == 0) {
        return misuse(command, "which result file?");
    }
    if (options->csv == CLI_CSV_NONE && (options->output != NULL || options->force)) {
        return misuse(command, "-o and --force are for tables: --csv");
    }
    return options->csv == CLI_CSV_FILES ? check_names(command, options) : EXIT_DONE;
}

enum exit_status command_show(const struct command *command, int argc, char **argv)
{
    struct cli_options options;
    bool is_help;
    enum exit_status status = options_read(&options, command, "ofkc", argc, argv, &is_help);
    if (status == EXIT_DONE && !is_help) {
        status = check_usage(command, &options);
    }
    if (status == EXIT_DONE && !is_help) {
        status = options.csv == CLI_CSV_TABLE   ? print_table(&options)
                 : options.csv == CLI_CSV_FILES ? save_tables(&options)
                 : options.n_operands > 1       ? compare(&options)
                                                : show_one(options.operands[0], &options);
    }
    options_free(&options);
    return status;
}
