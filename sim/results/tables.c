/*
 * tables.c: four tidy tables. Columns come from THE field table: a new account or series appears by itself.
 *
 * In `summary` and `classes` a row is one estimate, with its standard error; in `days` it is one day of one programme,
 * in `replicates` one programme and fiscal year of one replicate.
 */
#include "results/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/replicate.h"
#include "results/hdf.h"
#include "results/paths.h"

/* Memory that the replicates pass through. */
#define MAX_WINDOW ((size_t)32 << 20)

/* What a table is made from, and where it goes. */
struct job {
    const struct outlay_source *source;
    const struct outlay_answer *answer;
    struct outlay_csv *csv;
    const char *result; /* the first column; NULL = none */
};

static outlay_err damaged(const struct outlay_source *source, const char *name, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = source->path};
    return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
                             "the result file is damaged: `%s` cannot be read", name);
}

/* What is not in the file, as that of another version may lack a variable, has no value. */
static void fill_missing(double values[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = (double)NAN;
    }
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static void put_header(struct outlay_csv *csv, const char *const names[])
{
    for (size_t i = 0; names[i] != NULL; i++) {
        outlay_csv_text(csv, names[i]);
    }
}

static void put_value(const struct job *job, enum outlay_measure measure, double value)
{
    switch (measure) {
    case OUTLAY_MEASURE_MONEY:
        outlay_csv_money(job->csv, value);
        break;
    case OUTLAY_MEASURE_DATE:
        outlay_csv_date(job->csv, job->answer->first_day, value);
        break;
    case OUTLAY_MEASURE_COUNT:
    case OUTLAY_MEASURE_SHARE:
        outlay_csv_number(job->csv, value);
        break;
    }
}

/* What all tables begin with: the result, where several are in one table. */
static void put_result(const struct job *job)
{
    if (job->result != NULL) {
        outlay_csv_text(job->csv, job->result);
    }
}

static void put_book(const struct job *job, int programme, int year)
{
    outlay_csv_text(job->csv, job->answer->programmes[programme]);
    outlay_csv_number(job->csv, job->answer->years[year]);
}

/* ---- summary, classes -------------------------------------------------------------------------------------------- */

static const char *const summary_header[] = {"programme",   "fiscal_year", "quantity",   "statistic",
                                             "probability", "unit",        "value",      "standard_error",
                                             "date",        "date_lower",  "date_upper", NULL};
static const char *const classes_header[] = {"programme",   "fiscal_year", "class", "quantity",       "statistic",
                                             "probability", "unit",        "value", "standard_error", NULL};

/* A statistic of a quantity: the endings of its variables, the second that of its standard error. */
struct statistic {
    const char *name, *ending, *se_ending;
    bool has_probability;
};
static const struct statistic statistics[] = {
    {"mean", "_mean", "_mean_se", false},
    {"sd", "_sd", NULL, false},
    {"between_draws_sd", "_between_draws_sd", NULL, false},
    {"quantile", "_quantile", "_quantile_se", true},
};

/* One estimate: up to its standard error. */
struct estimate {
    const char *quantity, *statistic;
    double probability; /* NAN = none */
    enum outlay_measure measure;
    double value, se;
};

static void put_estimate(const struct job *job, const struct estimate *row)
{
    static const char *const units[] = {
        [OUTLAY_MEASURE_COUNT] = "1", [OUTLAY_MEASURE_SHARE] = "1", [OUTLAY_MEASURE_DATE] = "date"};
    const bool is_money = row->measure == OUTLAY_MEASURE_MONEY;
    outlay_csv_text(job->csv, row->quantity);
    outlay_csv_text(job->csv, row->statistic);
    outlay_csv_number(job->csv, row->probability);
    outlay_csv_text(job->csv, is_money ? job->answer->currency : units[row->measure]);
    put_value(job, is_money ? OUTLAY_MEASURE_MONEY : OUTLAY_MEASURE_COUNT, row->value);
    put_value(job, is_money ? OUTLAY_MEASURE_MONEY : OUTLAY_MEASURE_COUNT, row->se);
}

/* The summaries `variable`_mean ... of a cell; `is_class`: of the class at[OUTLAY_AXIS_CLASS]. */
static void put_statistics(const struct job *job, const char *quantity, const char *variable, bool is_class, int at[])
{
    const struct outlay_field *field = outlay_field_find(quantity);
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++) {
        const struct statistic *statistic = &statistics[i];
        if (!outlay_answer_has(job->answer, variable, statistic->ending)) {
            continue;
        }
        for (int k = 0; k < (statistic->has_probability ? OUTLAY_N_PROBABILITIES : 1); k++) {
            at[OUTLAY_AXIS_PROBABILITY] = k;
            const struct estimate row = {
                .quantity = quantity,
                .statistic = statistic->name,
                .probability = statistic->has_probability ? outlay_probabilities[k] : (double)NAN,
                .measure = field->measure,
                .value = outlay_answer_value(job->answer, variable, statistic->ending, at),
                .se = statistic->se_ending == NULL
                          ? (double)NAN
                          : outlay_answer_value(job->answer, variable, statistic->se_ending, at),
            };
            put_result(job);
            put_book(job, at[OUTLAY_AXIS_PROGRAMME], at[OUTLAY_AXIS_YEAR]);
            if (is_class) {
                outlay_csv_text(job->csv, job->answer->classes[at[OUTLAY_AXIS_CLASS]]);
            }
            put_estimate(job, &row);
            for (int none = 0; none < 3 && !is_class; none++) { /* the columns of dates */
                outlay_csv_text(job->csv, "");
            }
            outlay_csv_end(job->csv);
        }
    }
}

/* p_exhausted, and the dates: their row has them in columns of their own, so that `value` holds nothing but numbers. */
static void put_exhaustion(const struct job *job, int at[])
{
    const struct outlay_answer *answer = job->answer;
    const struct estimate shares[] = {
        {"exhausted", "probability", (double)NAN, OUTLAY_MEASURE_SHARE,
         outlay_answer_value(answer, "p_exhausted", "", at), outlay_answer_value(answer, "p_exhausted", "_se", at)},
        {"exhausted", "between_draws_sd", (double)NAN, OUTLAY_MEASURE_SHARE,
         outlay_answer_value(answer, "p_exhausted", "_between_draws_sd", at), (double)NAN},
    };
    const size_t n_shares = outlay_answer_has(answer, "p_exhausted", "_between_draws_sd") ? 2 : 1;
    for (size_t i = 0; i < n_shares + OUTLAY_N_PROBABILITIES; i++) {
        const bool is_date = i >= n_shares;
        const int k = is_date ? (int)(i - n_shares) : 0;
        const struct estimate date = {"exhaustion_date",   "quantile",  outlay_probabilities[k],
                                      OUTLAY_MEASURE_DATE, (double)NAN, (double)NAN};
        at[OUTLAY_AXIS_PROBABILITY] = k;
        put_result(job);
        put_book(job, at[OUTLAY_AXIS_PROGRAMME], at[OUTLAY_AXIS_YEAR]);
        put_estimate(job, is_date ? &date : &shares[i]);
        static const char *const endings[] = {"_quantile", "_lower", "_upper"};
        for (size_t column = 0; column < 3; column++) {
            const double day = outlay_answer_value(answer, "exhaustion_date", endings[column], at);
            put_value(job, OUTLAY_MEASURE_DATE, is_date ? day : (double)NAN);
        }
        outlay_csv_end(job->csv);
    }
}

static outlay_err write_summary(const struct job *job, struct outlay_diag *diag)
{
    (void)diag;
    int at[OUTLAY_N_AXES] = {0};
    for (at[OUTLAY_AXIS_PROGRAMME] = 0; at[OUTLAY_AXIS_PROGRAMME] < job->answer->n_programmes;
         at[OUTLAY_AXIS_PROGRAMME]++) {
        for (at[OUTLAY_AXIS_YEAR] = 0; at[OUTLAY_AXIS_YEAR] < job->answer->n_years; at[OUTLAY_AXIS_YEAR]++) {
            put_exhaustion(job, at);
            for (int i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
                put_statistics(job, outlay_accounts[i].name, outlay_accounts[i].name, false, at);
            }
        }
    }
    return OUTLAY_OK;
}

static outlay_err write_classes(const struct job *job, struct outlay_diag *diag)
{
    (void)diag;
    const int n_books = job->answer->n_programmes * job->answer->n_years;
    for (int i = 0; i < n_books * job->answer->n_classes; i++) {
        const int book = i / job->answer->n_classes;
        int at[OUTLAY_N_AXES] = {[OUTLAY_AXIS_PROGRAMME] = book / job->answer->n_years,
                                 [OUTLAY_AXIS_YEAR] = book % job->answer->n_years,
                                 [OUTLAY_AXIS_CLASS] = i % job->answer->n_classes};
        for (int account = 0; account < OUTLAY_N_ACCOUNTS; account++) {
            char variable[64];
            (void)snprintf(variable, sizeof variable, "%s_by_class", outlay_accounts[account].name);
            if (outlay_accounts[account].by_class) {
                put_statistics(job, outlay_accounts[account].name, variable, true, at);
            }
        }
    }
    return OUTLAY_OK;
}

/* ---- days -------------------------------------------------------------------------------------------------------- */

/* The variables of the table: all daily ones but the standard errors of quantiles, which would double its width. */
static bool is_daily(const struct outlay_field *field)
{
    const enum outlay_axis last = field->axes[field->n_axes - 1];
    return last == OUTLAY_AXIS_TIME && strstr(field->name, "_quantile_se") == NULL;
}

/* Columns that a daily variable fills: one, or one for each probability. */
static int n_columns_of(const struct outlay_field *field)
{
    return field->n_axes == 3 ? OUTLAY_N_PROBABILITIES : 1;
}

static void put_days_header(struct outlay_csv *csv)
{
    static const char *const first[] = {"programme", "fiscal_year", "date", "currency", NULL};
    put_header(csv, first);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        for (int k = 0; is_daily(field) && k < n_columns_of(field); k++) {
            char name[96];
            const int n_stem = (int)strlen(field->name) - (field->n_axes == 3 ? (int)strlen("quantile") : 0);
            (void)snprintf(name, sizeof name, field->n_axes == 3 ? "%.*sp%02.0f" : "%.*s", n_stem, field->name,
                           100.0 * outlay_probabilities[k]);
            outlay_csv_text(csv, name);
        }
    }
}

/* Read a programme's columns: values[column][day]; what is not in the file stays NAN. NULL = none is damaged. */
static const char *read_days(const struct job *job, int programme, double values[])
{
    const hsize_t n_days = (hsize_t)job->answer->n_days;
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (!is_daily(field)) {
            continue;
        }
        const int n_columns = n_columns_of(field);
        const hsize_t start[3] = {(hsize_t)programme};
        const hsize_t count[3] = {1, field->n_axes == 3 ? OUTLAY_N_PROBABILITIES : n_days, n_days};
        if (H5Lexists(job->source->file, field->name, H5P_DEFAULT) > 0 &&
            !outlay_hdf_get_rectangle(job->source->file, field->name, field->n_axes, start, count, values)) {
            return field->name;
        }
        values += (hsize_t)n_columns * n_days;
    }
    return NULL;
}

static void put_days(const struct job *job, int programme, const double values[])
{
    const size_t n_days = (size_t)job->answer->n_days;
    for (size_t day = 0, year = 0; day < n_days; day++) {
        year += (int32_t)day >= job->answer->year_first_day[year + 1] ? 1 : 0;
        put_result(job);
        put_book(job, programme, (int)year);
        outlay_csv_date(job->csv, job->answer->first_day, (double)day);
        outlay_csv_text(job->csv, job->answer->currency);
        const double *column = values + day;
        for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
            for (int k = 0; is_daily(field) && k < n_columns_of(field); k++, column += n_days) {
                put_value(job, field->measure, *column);
            }
        }
        outlay_csv_end(job->csv);
    }
}

static outlay_err write_days(const struct job *job, struct outlay_diag *diag)
{
    size_t n = 0;
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        n += is_daily(field) ? (size_t)n_columns_of(field) * (size_t)job->answer->n_days : 0;
    }
    double *values = calloc(n + 1, sizeof *values);
    if (values == NULL) {
        return outlay_diag_no_memory(diag);
    }
    outlay_err err = OUTLAY_OK;
    for (int programme = 0; programme < job->answer->n_programmes && err == OUTLAY_OK; programme++) {
        fill_missing(values, n);
        const char *failed = read_days(job, programme, values);
        if (failed == NULL) {
            put_days(job, programme, values);
        } else {
            err = damaged(job->source, failed, diag);
        }
    }
    free(values);
    return err;
}

/* ---- replicates -------------------------------------------------------------------------------------------------- */

/* The variables of the table: all that have a value for each replicate, but those by class. */
static bool is_of_replicate(const struct outlay_field *field)
{
    return field->value == NULL && field->n_axes == 4;
}

static void put_replicates_header(struct outlay_csv *csv)
{
    static const char *const first[] = {"draw", "replicate", "programme", "fiscal_year", "currency", NULL};
    put_header(csv, first);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (is_of_replicate(field)) {
            outlay_csv_text(csv, field->name);
        }
    }
}

/* Read a window: values[column][path][programme][year]; what is not in the file stays as it is. */
static const char *read_window(const struct job *job, const struct outlay_window *window, size_t n_cells,
                               double values[])
{
    const hsize_t start[4] = {window->start[0], window->start[1]};
    const hsize_t count[4] = {window->count[0], window->count[1], (hsize_t)job->answer->n_programmes,
                              (hsize_t)job->answer->n_years};
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (!is_of_replicate(field)) {
            continue;
        }
        if (H5Lexists(job->source->file, field->name, H5P_DEFAULT) > 0 &&
            !outlay_hdf_get_rectangle(job->source->file, field->name, 4, start, count, values)) {
            return field->name;
        }
        values += window->n * n_cells;
    }
    return NULL;
}

static void put_window(const struct job *job, const struct outlay_window *window, size_t n_cells, const double values[])
{
    const size_t n_rows = window->n * n_cells;
    for (size_t row = 0; row < n_rows; row++) {
        const size_t path = row / n_cells;
        const hsize_t draw = window->start[0] + path / window->count[1];
        const hsize_t replicate = window->start[1] + path % window->count[1];
        const int cell = (int)(row % n_cells);
        put_result(job);
        outlay_csv_number(job->csv, (double)draw);
        outlay_csv_number(job->csv, (double)replicate);
        put_book(job, cell / job->answer->n_years, cell % job->answer->n_years);
        outlay_csv_text(job->csv, job->answer->currency);
        const double *column = values + row;
        for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
            if (is_of_replicate(field)) {
                put_value(job, field->measure, *column);
                column += n_rows;
            }
        }
        outlay_csv_end(job->csv);
    }
}

static outlay_err write_replicates(const struct job *job, struct outlay_diag *diag)
{
    const size_t n_cells = (size_t)job->answer->n_programmes * (size_t)job->answer->n_years;
    size_t n_path = 0; /* values of a path */
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        n_path += is_of_replicate(field) ? n_cells : 0;
    }
    const size_t n_fitting = MAX_WINDOW / sizeof(double) / (n_path + 1) + 1;
    const size_t n_paths = (size_t)outlay_answer_paths(job->answer);
    const size_t n_most = n_fitting < n_paths ? n_fitting : n_paths;
    double *values = calloc(n_most * n_path + 1, sizeof *values);
    if (values == NULL) {
        return outlay_diag_no_memory(diag);
    }
    outlay_err err = OUTLAY_OK;
    for (struct outlay_window window = {0};
         err == OUTLAY_OK && ferror(job->csv->out) == 0 && outlay_window_next(&window, job->answer, n_most);) {
        fill_missing(values, n_most * n_path);
        const char *failed = read_window(job, &window, n_cells, values);
        if (failed == NULL) {
            put_window(job, &window, n_cells, values);
        } else {
            err = damaged(job->source, failed, diag);
        }
    }
    free(values);
    return err;
}

/* ---- all tables -------------------------------------------------------------------------------------------------- */

const char *const outlay_csv_tables[OUTLAY_N_CSV_TABLES] = {"summary", "classes", "days", "replicates"};

bool outlay_csv_has(const struct outlay_source *self, enum outlay_csv_table table)
{
    return table != OUTLAY_CSV_REPLICATES || outlay_answer_paths(&self->answer) > 0;
}

void outlay_csv_header(struct outlay_csv *csv, enum outlay_csv_table table, bool has_result)
{
    if (has_result) {
        outlay_csv_text(csv, "result");
    }
    switch (table) {
    case OUTLAY_CSV_SUMMARY:
        put_header(csv, summary_header);
        break;
    case OUTLAY_CSV_CLASSES:
        put_header(csv, classes_header);
        break;
    case OUTLAY_CSV_DAYS:
        put_days_header(csv);
        break;
    case OUTLAY_CSV_REPLICATES:
    case OUTLAY_N_CSV_TABLES:
        put_replicates_header(csv);
        break;
    }
    outlay_csv_end(csv);
}

outlay_err outlay_csv_rows(const struct outlay_source *self, struct outlay_csv *csv, enum outlay_csv_table table,
                           const char *result, struct outlay_diag *diag)
{
    static outlay_err (*const write[OUTLAY_N_CSV_TABLES])(const struct job *, struct outlay_diag *) = {
        write_summary, write_classes, write_days, write_replicates};
    const struct job job = {self, &self->answer, csv, result};
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const outlay_err err = write[table](&job, diag);
    outlay_quiet_end(quiet);
    return err;
}
