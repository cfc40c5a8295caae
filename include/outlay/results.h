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
    bool stamp;     /* store what depends on the moment: date, host, threads, seconds, compiler */
    int n_threads;  /* for the stamp */
    bool is_exact;  /* the summaries were worked out, not simulated: there are no replicates, and what is not known is
                       left out */
    double p_error, money_error; /* with is_exact: bounds of the errors of probabilities, and of mean sums, fen */
};

/*
 * Start the file `path`: it is written as `path` + ".partial" and gets its name when outlay_writer_finish succeeds.
 * Missing folders are made. The precision of `run`, if it has one, is borrowed until outlay_writer_finish, which makes
 * the file as small as the run was. Errors: OUTPUT_EXISTS, CANNOT_WRITE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_writer_new(struct outlay_writer **self, const char *path,
                                             const struct outlay_scenario *scenario,
                                             const struct outlay_run_options *run,
                                             const struct outlay_writer_options *options, struct outlay_diag *diag);

/* The sink to give to the engine. Batches are flushed to disk one by one. */
struct outlay_sink outlay_writer_sink(struct outlay_writer *self);

/*
 * Write the summaries and close. `is_complete` false (interrupted): the file stays valid, says `complete = 0`, and
 * keeps the name ".partial". `seconds` goes to the stamp. Errors: CANNOT_WRITE.
 */
OUTLAY_MUST_USE outlay_err outlay_writer_finish(struct outlay_writer *self, const struct outlay_tallies *tallies,
                                                bool is_complete, double seconds, struct outlay_diag *diag);

/* Free; an unfinished file is removed. Safe on NULL. */
void outlay_writer_free(struct outlay_writer *self);

/* The name under which the file stands now: `path` or `path`.partial. Borrowed. */
const char *outlay_writer_name(const struct outlay_writer *self);

/* Bytes that the file of such a run takes before compression, from THE field table. */
double outlay_results_max_bytes(const struct outlay_scenario *scenario, const struct outlay_run_options *run);

/* Print the answer that is in a result file, fit to be read out. Errors: CANNOT_READ, BAD_RESULT_FILE. */
OUTLAY_MUST_USE outlay_err outlay_results_show(const char *path, FILE *out, struct outlay_diag *diag);

/*
 * One replicate of a result file, played again from what the file holds: an audit of it, application by application.
 */
struct outlay_replay;

/* Read the scenario and the seed of a result file. Errors: CANNOT_READ, BAD_RESULT_FILE, NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_replay_new(struct outlay_replay **self, const char *path, struct outlay_diag *diag);
void outlay_replay_free(struct outlay_replay *self);

/* Draws of the run, and replicates of each; the file of an interrupted run holds the first of them only. */
double outlay_replay_draws(const struct outlay_replay *self);
double outlay_replay_replicates(const struct outlay_replay *self);

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
