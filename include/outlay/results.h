/*
 * results.h: the result file, and the answer read back from it.
 *
 * Sixth in the pipeline: batches and tallies -> HDF5 (netCDF-4 data model). THE field table (sim/results/fields.c)
 * lists every variable with its axes, unit and meaning; the reference page, the writer and the reader come from it.
 */
#ifndef OUTLAY_RESULTS_H
#define OUTLAY_RESULTS_H

#include <stdbool.h>
#include <stdio.h>

#include "outlay/engine.h"
#include "outlay/error.h"
#include "outlay/ledger.h"
#include "outlay/scenario.h"

/* The probabilities of all quantiles in the file. */
#define OUTLAY_N_PROBABILITIES 7
extern const double outlay_probabilities[OUTLAY_N_PROBABILITIES]; /* 1, 5, 25, 50, 75, 95, 99 % */

/* An open result file that is being written; a handle on HDF5. */
struct outlay_writer;

struct outlay_writer_options {
    bool overwrite; /* replace a finished file of that name */
    bool resume;    /* go on with an interrupted run, if there is one, whose replicates are then not played again */
    bool stamp;     /* store what depends on the moment: date, host, threads, seconds, compiler */
    int n_threads;  /* for the stamp */
    bool is_exact;  /* the summaries were worked out, not simulated: there are no replicates, and what is not known is
                       left out */
    double p_error, money_error; /* with is_exact: bounds of the errors of probabilities, and of mean sums, fen */
};

/*
 * Start the file `path`: it is written as `path` + ".partial" and gets its name when outlay_writer_finish succeeds.
 * Missing folders are made. The precision of `run`, if it has one, is borrowed until outlay_writer_finish, which makes
 * the file as small as the run was. Errors: OUTPUT_EXISTS, CANNOT_WRITE, NO_MEMORY; with `resume` also BAD_RESULT_FILE
 * where the interrupted run was another one, or what is left of it is damaged, and CANNOT_READ.
 */
OUTLAY_MUST_USE outlay_err outlay_writer_new(struct outlay_writer **self, const char *path,
                                             const struct outlay_scenario *scenario,
                                             const struct outlay_run_options *run,
                                             const struct outlay_writer_options *options, struct outlay_diag *diag);

/* The sink to give to the engine. Batches are flushed to disk one by one; what is kept of the engine, for the run to go
 * on with after an interrupt, goes to `path` + ".partial.state". */
struct outlay_sink outlay_writer_sink(struct outlay_writer *self);

/* Replicates after which the run can go on if it ends now: 0 = it would begin anew. */
double outlay_writer_kept(const struct outlay_writer *self);

/*
 * Write the summaries and close. `is_complete` false (interrupted): the file stays valid, says `complete = 0`, and
 * keeps the name ".partial". `seconds` goes to the stamp. Errors: CANNOT_WRITE.
 */
OUTLAY_MUST_USE outlay_err outlay_writer_finish(struct outlay_writer *self, const struct outlay_tallies *tallies,
                                                bool is_complete, double seconds, struct outlay_diag *diag);

/* Free; an unfinished file is removed, unless a run can go on from it. Safe on NULL. */
void outlay_writer_free(struct outlay_writer *self);

/* The name under which the file stands now: `path` or `path`.partial. Borrowed. */
const char *outlay_writer_name(const struct outlay_writer *self);

/*
 * Is `path` the complete result of this scenario, written by this version? Then a run would give the same replicates
 * and summaries again. Nothing is told where it is not.
 */
bool outlay_results_hold(const char *path, const struct outlay_scenario *scenario);

/* Bytes that the file of such a run takes before compression, from THE field table. */
double outlay_results_max_bytes(const struct outlay_scenario *scenario, const struct outlay_run_options *run);

/* Print the answer that is in a result file, fit to be read out. Errors: CANNOT_READ, BAD_RESULT_FILE. */
OUTLAY_MUST_USE outlay_err outlay_results_show(const char *path, FILE *out, struct outlay_diag *diag);

/*
 * How charts are drawn: not at all, in plain ASCII, or in Unicode's blocks; and the columns of the terminal, from 40
 * to 200 (others count as the nearest of these).
 */
enum outlay_chart_style { OUTLAY_CHART_NONE, OUTLAY_CHART_ASCII, OUTLAY_CHART_UNICODE };
struct outlay_chart_options {
    enum outlay_chart_style style;
    int width;
};

/*
 * Draw, for each programme and fiscal year of a result file, when the budget is exhausted, and the fan of the
 * commitments: 5 to 95 %, 25 to 75 % and the median, against the budget. Errors: CANNOT_READ, BAD_RESULT_FILE,
 * CANNOT_WRITE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_results_draw(const char *path, const struct outlay_chart_options *options, FILE *out,
                                               struct outlay_diag *diag);

/*
 * Print n results side by side, the columns in groups that fit into `width`: probability of exhaustion, its date,
 * money; and what sets the second and later ones off from the first, with standard errors, where both have the
 * same seed and shape, and as many applications in every replicate (common random numbers). Where they have not, it
 * says why. A file that cannot be read is left out, and its error is returned in the end. Errors: CANNOT_READ,
 * BAD_RESULT_FILE, CANNOT_WRITE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_results_compare(const char *const paths[], size_t n, int width, FILE *out,
                                                  struct outlay_diag *diag);

/* What a result is called in tables: its file name without folder, .h5 (.hdf5, .nc) and .partial. Returns `buffer`. */
#define OUTLAY_RESULT_NAME 256
char *outlay_result_name(const char *path, char buffer[OUTLAY_RESULT_NAME]);

/* Tables for spreadsheets (CSV, RFC 4180; see analysis/README.md for their columns). */
enum outlay_csv_table {
    OUTLAY_CSV_SUMMARY,
    OUTLAY_CSV_CLASSES,
    OUTLAY_CSV_DAYS,
    OUTLAY_CSV_REPLICATES,
    OUTLAY_N_CSV_TABLES
};
extern const char *const outlay_csv_tables[OUTLAY_N_CSV_TABLES]; /* "summary", "classes", "days", "replicates" */

/*
 * Print one table of n results below each other; if there are several, the first column names the result, by its
 * path where two have one name. Memory does not grow with the replicates. Errors: CANNOT_READ, BAD_RESULT_FILE (also:
 * no replicates in an exact answer), CANNOT_WRITE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_csv_print(const char *const paths[], size_t n, enum outlay_csv_table table, FILE *out,
                                            struct outlay_diag *diag);

/* The same into the file `output`, which gets its name when it is complete. Errors: also OUTPUT_EXISTS. */
OUTLAY_MUST_USE outlay_err outlay_csv_save(const char *const paths[], size_t n, enum outlay_csv_table table,
                                           const char *output, bool overwrite, struct outlay_diag *diag);

/*
 * Write all tables of the result at `path`, FOLDER/NAME_summary.csv and so on, where NAME is the file's without .h5;
 * `folder` NULL: the folder of the result. Nothing is written if one of the names is taken. `written` (NULL = nobody)
 * is told the name of each. An exact answer has no table of replicates. Errors: as above.
 */
OUTLAY_MUST_USE outlay_err outlay_csv_save_all(const char *path, const char *folder, bool overwrite,
                                               void (*written)(const char *name), struct outlay_diag *diag);

/*
 * One replicate of a result file, played again from what the file holds: an audit of it, application by application.
 */
struct outlay_replay;

/* Read the scenario and the seed of a result file. Errors: CANNOT_READ, BAD_RESULT_FILE, NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_replay_new(struct outlay_replay **self, const char *path, struct outlay_diag *diag);
void outlay_replay_free(struct outlay_replay *self);

/* Draws of the run; the file of an interrupted run holds the first of them only. */
double outlay_replay_draws(const struct outlay_replay *self);

/*
 * Play a replicate, and hold it against the file: every sum over the ledger, and every other account, must be what the
 * file says of that replicate, to the fen. Errors: OUT_OF_RANGE (no such replicate in the file), BAD_RESULT_FILE with
 * the first difference, NO_MEMORY, LIBRARY.
 */
OUTLAY_MUST_USE outlay_err outlay_replay_play(struct outlay_replay *self, struct outlay_path path,
                                              struct outlay_diag *diag);

/* The ledger of the replicate that was played last; borrowed. */
const struct outlay_ledger *outlay_replay_ledger(const struct outlay_replay *self);

/* Print that ledger as CSV (RFC 4180, a header line). False if writing failed. */
OUTLAY_MUST_USE bool outlay_replay_print(const struct outlay_replay *self, FILE *out);

/* Write it to a file: HDF5 (netCDF-4) if the name ends in .h5 or .nc, else CSV. Errors: OUTPUT_EXISTS, CANNOT_WRITE. */
OUTLAY_MUST_USE outlay_err outlay_replay_save(const struct outlay_replay *self, const char *path, bool overwrite,
                                              struct outlay_diag *diag);

/* The reference of the result file in Markdown, made from THE field table. False if writing failed. */
OUTLAY_MUST_USE bool outlay_fields_write(FILE *out);

#endif
