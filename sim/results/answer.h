/*
 * answer.h: what a result file says, read into memory: the summaries without a time axis, and what they are about.
 */
#ifndef OUTLAY_RESULTS_ANSWER_H
#define OUTLAY_RESULTS_ANSWER_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/results.h"
#include "results/fields.h"

/* Open a result file. *file is released with outlay_hdf_release. Errors: CANNOT_READ, BAD_RESULT_FILE. */
OUTLAY_MUST_USE outlay_err outlay_result_open(hid_t *file, const char *path, struct outlay_diag *diag);

/* The error BAD_RESULT_FILE about `path`; NO_MEMORY where errno says that this was the reason (hdf.h). */
outlay_err outlay_result_refuse(const char *path, const char *why, struct outlay_diag *diag);

/* A text attribute fit to be printed, owned by the caller; NULL if there is none, or no memory. */
char *outlay_result_text(hid_t object, const char *name);

struct outlay_answer {
    char *title;                  /* of the scenario; "" = none */
    char *currency, *seed;        /* "CNY", decimal digits */
    double n_draws, n_replicates; /* asked for */
    double n_paths;               /* in the file */
    bool is_complete;
    char *precision;             /* as asked for: "QUANTITY=HALFWIDTH, ..."; NULL = nothing */
    double *half_width;          /* what was reached of each */
    bool is_precise;             /* all of them */
    bool is_exact;               /* worked out, not simulated */
    double p_error, money_error; /* with is_exact: of probabilities; of mean sums, in currency units */
    int32_t first_day;           /* of the horizon; epoch day */
    int n_programmes, n_years, n_classes, n_days;
    int32_t *year_first_day; /* [n_years + 1]: days since first_day; the last is n_days */
    char **programme_names;  /* as the scenario calls them, each once */
    char **programmes;       /* titles, or names where there is none */
    char **classes;          /* names */
    double *years;           /* calendar year in which each begins */
    double **values; /* of each row of the field table; NULL = not read, or not in the file; money in currency units */
};

/* Read an open result file, of which messages say that it is at `path`. Errors: BAD_RESULT_FILE, NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_answer_read(struct outlay_answer *self, hid_t file, const char *path,
                                              struct outlay_diag *diag);

/* The same of the file at `path`, which is opened for it. Errors: those and CANNOT_READ. */
OUTLAY_MUST_USE outlay_err outlay_answer_init(struct outlay_answer *self, const char *path, struct outlay_diag *diag);
void outlay_answer_free(struct outlay_answer *self);

/* Where the quantiles that are shown stand among outlay_probabilities. */
enum { OUTLAY_AT_P05 = 1, OUTLAY_AT_P25 = 2, OUTLAY_AT_P50 = 3, OUTLAY_AT_P75 = 4, OUTLAY_AT_P95 = 5 };

/* The value of the summary NAME + SUFFIX, such as "outlay" and "_mean", at the indices at[OUTLAY_N_AXES]; NAN = none.
 */
double outlay_answer_value(const struct outlay_answer *self, const char *name, const char *suffix, const int at[]);

/* Whether that summary is in the file. */
bool outlay_answer_has(const struct outlay_answer *self, const char *name, const char *suffix);

#endif
