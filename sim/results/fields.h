/*
 * fields.h: THE field table, every variable of the result file, and the axes on which they lie.
 *
 * Writer, reader and reference page work through the rows and know no variable by name. A new account (replicate.h)
 * gets its rows here without further code; a new statistic is a row and a function in summary.c.
 */
#ifndef OUTLAY_RESULTS_FIELDS_H
#define OUTLAY_RESULTS_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "outlay/engine.h"
#include "outlay/results.h"
#include "outlay/scenario.h"

/* What stands for "no value": NaN in float64, and in int32 what netCDF takes for it. */
#define OUTLAY_MISSING_INT32 (-2147483647)

enum outlay_axis {
    OUTLAY_AXIS_DRAW,
    OUTLAY_AXIS_REPLICATE,
    OUTLAY_AXIS_PROGRAMME,
    OUTLAY_AXIS_YEAR,
    OUTLAY_AXIS_CLASS,
    OUTLAY_AXIS_TIME,
    OUTLAY_AXIS_PROBABILITY,
    OUTLAY_N_AXES
};
#define OUTLAY_MAX_RANK 5

enum outlay_storage { OUTLAY_FLOAT64, OUTLAY_INT32 };

/* What the numbers of a field measure; fixes the attribute `units`. */
enum outlay_measure {
    OUTLAY_MEASURE_COUNT, /* 1 */
    OUTLAY_MEASURE_SHARE, /* 1 */
    OUTLAY_MEASURE_MONEY, /* the currency's unit; fen in memory */
    OUTLAY_MEASURE_DATE   /* days since the start of the horizon */
};

/* What a field is about. */
enum outlay_subject {
    OUTLAY_SUBJECT_ACCOUNT,       /* an account of a programme in a fiscal year */
    OUTLAY_SUBJECT_CLASS_ACCOUNT, /* the same by class */
    OUTLAY_SUBJECT_EXHAUSTION,    /* whether and when the budget was exhausted */
    OUTLAY_SUBJECT_LAST,          /* when it was exhausted last, where money came back in between */
    OUTLAY_SUBJECT_COMMITMENT,    /* cumulative commitment by day */
    OUTLAY_SUBJECT_OUTLAY,        /* cumulative payment by day */
    OUTLAY_SUBJECT_SERVED         /* share of the day's demand that was committed */
};

struct outlay_axis_row {
    const char *name;
    enum outlay_storage storage;
    const char *units; /* NULL = none; "" = CF time since the start of the horizon */
    const char *text;
};
extern const struct outlay_axis_row outlay_axes[OUTLAY_N_AXES];

/* All that summaries are made from. */
struct outlay_summary {
    const struct outlay_scenario *scenario;
    const struct outlay_tallies *tallies;
};

struct outlay_field {
    const char *name;
    const char *text; /* the attribute `long_name` */
    const char *more; /* the rest of it: which statistic; "" = none */
    int n_axes;
    enum outlay_axis axes[OUTLAY_MAX_RANK];
    enum outlay_storage storage;
    enum outlay_measure measure;
    enum outlay_subject subject;
    enum outlay_account account; /* of the two ACCOUNT subjects */
    /* A summary: its value at the indices at[OUTLAY_N_AXES]; NAN = none; money in fen. NULL: one for each replicate */
    double (*value)(const struct outlay_summary *summary, const struct outlay_field *self, const int at[]);
};

/* All fields in the order of the file, ended by a row whose name is NULL; the replicates' come first. */
extern const struct outlay_field outlay_fields[];

/* How many they are. */
size_t outlay_n_fields(void);

/* The row of that name; NULL = none. */
const struct outlay_field *outlay_field_find(const char *name);

/* A number in memory divided by this is the number in the file: 100 for money (fen), else 1. */
double outlay_field_divisor(const struct outlay_field *self);

/* Values of summaries (summary.c), for the rows of the table. */
double outlay_summary_mean(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_mean_se(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_sd(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_between_draws_sd(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_quantile(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_quantile_se(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_exhausted_by(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_exhausted_by_se(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_date(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_date_lower(const struct outlay_summary *, const struct outlay_field *, const int at[]);
double outlay_summary_date_upper(const struct outlay_summary *, const struct outlay_field *, const int at[]);

#endif
