/*
 * replay.h: a replicate of a result file, played again, and THE column table of its ledger. Private to sim/results.
 */
#ifndef OUTLAY_RESULTS_REPLAY_H
#define OUTLAY_RESULTS_REPLAY_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdio.h>

#include "outlay/ledger.h"
#include "outlay/results.h"
#include "outlay/scenario.h"

struct outlay_replay {
    /* from the file */
    char *path;
    char *version, *revision; /* of the program that wrote it */
    uint64_t seed;
    double n_draws, n_replicates; /* of the run */
    double n_paths;               /* in the file: fewer where the run was interrupted */
    struct outlay_scenario scenario;
    /* from the replicate that was played last */
    struct outlay_path at;
    struct outlay_plan *plan;
    struct outlay_workspace *work;
    struct outlay_ledger ledger;
};

/* What the values of a column are; fixes how they are written. */
enum outlay_column_kind {
    OUTLAY_COLUMN_COUNT,     /* a whole number */
    OUTLAY_COLUMN_NUMBER,    /* all 17 digits */
    OUTLAY_COLUMN_MONEY,     /* the currency's unit, two decimals; fen in memory */
    OUTLAY_COLUMN_DAY,       /* CSV: a date; HDF5: days since the start of the horizon */
    OUTLAY_COLUMN_DAYS,      /* CSV: the dates of all instalments, ; between them; HDF5: the first of them */
    OUTLAY_COLUMN_FLAG,      /* 1 = yes, 0 = no */
    OUTLAY_COLUMN_PROGRAMME, /* CSV: the name; HDF5: its number, named in flag_meanings */
    OUTLAY_COLUMN_CLASS,     /* the same */
    OUTLAY_COLUMN_REASON     /* the same */
};

struct outlay_column {
    const char *name;
    enum outlay_column_kind kind;
    const char *text; /* the attribute `long_name` */
    /* NAN = none; days since the start of the horizon; money in fen */
    double (*value)(const struct outlay_replay *replay, const struct outlay_application *row);
};

/* THE columns in the order of the file, ended by a row whose name is NULL. */
extern const struct outlay_column outlay_columns[];

/* Write the ledger as CSV (RFC 4180), or its columns into an HDF5 file. False: writing failed. */
bool outlay_ledger_write_csv(const struct outlay_replay *replay, FILE *out);
bool outlay_ledger_write_hdf(const struct outlay_replay *replay, hid_t file);

/* Hold what was played against what the file says of that replicate. Errors: BAD_RESULT_FILE. */
OUTLAY_MUST_USE outlay_err outlay_replay_verify(const struct outlay_replay *self, struct outlay_diag *diag);

#endif
