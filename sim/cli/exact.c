/* exact.c: `outlay exact`, and a run held against it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cli.h"
#include "outlay/date.h"
#include "outlay/quantity.h"
#include "outlay/results.h"
#include "outlay/studies.h"
#include "results/table.h"

/* ---- outlay exact ------------------------------------------------------------------------------------------------ */

static outlay_err write_exact(const struct outlay_exact *exact, const struct outlay_scenario *scenario,
                              const struct job *job, const struct cli_options *options, double seconds,
                              struct outlay_diag *diag)
{
    const struct outlay_run_options run = {.seed = scenario->simulation.seed, .n_draws = 1, .n_replicates = 1};
    const struct outlay_writer_options how = {
        .overwrite = options->force,
        .stamp = options->stamp,
        .n_threads = 1,
        .is_exact = true,
        .p_error = exact->p_error,
        .money_error = exact->money_error,
    };
    struct outlay_writer *writer = NULL;
    outlay_err err = outlay_writer_new(&writer, job->output, scenario, &run, &how, diag);
    if (err == OUTLAY_OK) {
        err = outlay_writer_finish(writer, exact->tallies, true, seconds, diag);
    }
    outlay_writer_free(writer);
    return err;
}

static outlay_err exact_one(const struct job *job, const struct cli_options *options, struct outlay_diag *diag)
{
    struct outlay_scenario scenario = {0};
    struct outlay_exact *exact = NULL;
    struct progress progress;
    progress_start(&progress, stderr, job->scenario, true);
    outlay_err err = outlay_scenario_load(&scenario, job->scenario, options->overrides, options->n_overrides, diag);
    if (err == OUTLAY_OK) {
        err = outlay_exact_new(&exact, &scenario, &outlay_exact_defaults, diag);
    }
    if (err == OUTLAY_OK) {
        err = write_exact(exact, &scenario, job, options, progress_seconds(&progress), diag);
    }
    if (err == OUTLAY_OK && !options->quiet) {
        err = outlay_results_show(job->output, stdout, diag);
        printf("\nwritten: %s\n", job->output);
    }
    outlay_exact_free(exact);
    outlay_scenario_free(&scenario);
    return err;
}

enum exit_status command_exact(const struct command *command, int argc, char **argv)
{
    static const struct maker maker = {"oSfqT", "-exact.h5", exact_one};
    return make_all(command, &maker, argc, argv);
}

/* ---- outlay run --check-exact ------------------------------------------------------------------------------------ */

/* Money with more digits than an answer has, in millions. */
static void value_cell(struct outlay_table *table, int column, const struct outlay_deviation *row, double value)
{
    if (row->is_money) {
        outlay_table_cell(table, column, "%.6g M", value / OUTLAY_FEN / 1e6);
    } else {
        outlay_table_cell(table, column, "%.5f", value);
    }
}

static void print_table(const struct outlay_scenario *scenario, const struct outlay_deviation rows[], size_t n)
{
    struct outlay_table table = {0};
    static const char *const heads[] = {"",        "simulated",      "± std. error", "exact: at least",
                                        "at most", "std. errors off"};
    outlay_table_row(&table);
    for (int column = 0; column < (int)(sizeof heads / sizeof *heads); column++) {
        outlay_table_cell(&table, column, "%s", heads[column]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct outlay_deviation *row = &rows[i];
        if (i == 0 || row->programme != rows[i - 1].programme || row->year != rows[i - 1].year) {
            outlay_table_row(&table);
            outlay_table_cell(&table, 0, "%s, %d", scenario->programmes[row->programme].name,
                              scenario->start.year + row->year);
        }
        outlay_table_row(&table);
        outlay_table_cell(&table, 0, "%s%s", row->is_money ? "mean " : "", row->quantity);
        if (row->day >= 0) {
            char date[16];
            outlay_table_cell(&table, 0, "%s by %s", row->quantity,
                              outlay_date_words(scenario->first_day + row->day, date));
        }
        value_cell(&table, 1, row, row->simulated);
        value_cell(&table, 2, row, row->standard_error);
        value_cell(&table, 3, row, row->exact.low);
        value_cell(&table, 4, row, row->exact.high);
        outlay_table_cell(&table, 5, "%+.2f", row->deviation);
    }
    outlay_table_print(&table, stdout);
}

outlay_err print_deviations(const struct outlay_scenario *scenario, const struct outlay_tallies *run,
                            struct outlay_diag *diag)
{
    struct outlay_exact *exact = NULL;
    struct outlay_deviation *rows = NULL;
    struct outlay_diag reason = {0};
    size_t n = 0;
    outlay_err err = outlay_exact_new(&exact, scenario, &outlay_exact_defaults, &reason);
    if (err == OUTLAY_ERR_BEYOND_REACH) {
        printf("\n%s\n", reason.notes[0].message);
        err = OUTLAY_OK;
        goto out;
    }
    if (err == OUTLAY_OK) {
        err = outlay_exact_compare(exact, scenario, run, &rows, &n);
    }
    if (err == OUTLAY_OK) {
        printf("\nThe run against the exact answer\n");
        errno = 0;
        print_table(scenario, rows, n);
        err = errno == ENOMEM ? OUTLAY_ERR_NO_MEMORY : OUTLAY_OK;
    }
    if (err != OUTLAY_OK) {
        outlay_diag_error(diag, err, NULL, "the exact answer cannot be worked out: %s", outlay_err_text(err));
    }
out:
    free(rows);
    outlay_exact_free(exact);
    outlay_diag_free(&reason);
    return err;
}
