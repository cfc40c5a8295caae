/*
 * verify.c: a replicate that was played again, held against what the file says of it.
 *
 * Accounts that are sums over applications are added up from the ledger; the others are those of the replay.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "results/answer.h"
#include "results/fields.h"
#include "results/hdf.h"
#include "results/replay.h"

/* One value of a field: its programme, fiscal year and class. */
struct cell {
    int programme, year, class_;
};

static size_t n_cells(const struct outlay_plan *plan, const struct outlay_field *field)
{
    const size_t n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    return field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT ? n_books * (size_t)plan->n_classes : n_books;
}

static struct cell cell_at(const struct outlay_plan *plan, const struct outlay_field *field, size_t i)
{
    const size_t n_classes = field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT ? (size_t)plan->n_classes : 1;
    const size_t book = i / n_classes, n_years = (size_t)plan->n_years;
    return (struct cell){(int)(book / n_years), (int)(book % n_years), (int)(i % n_classes)};
}

/* The sums over the ledger in the order of the field; false where the account is no sum over applications. */
static bool add_up(const struct outlay_replay *self, const struct outlay_field *field, double sums[])
{
    const struct outlay_plan *plan = self->plan;
    const bool by_class = field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT;
    const struct outlay_application none = {0};
    bool is_sum = by_class || field->subject == OUTLAY_SUBJECT_ACCOUNT;
    if (is_sum) {
        (void)outlay_ledger_share(&none, field->account, &is_sum);
    }
    memset(sums, 0, n_cells(plan, field) * sizeof *sums);
    for (size_t i = 0; is_sum && i < self->ledger.n; i++) {
        const struct outlay_application *row = &self->ledger.rows[i];
        const int book = row->programme * plan->n_years + outlay_ledger_year(plan, row);
        sums[by_class ? book * plan->n_classes + row->class_ : book] +=
            outlay_ledger_share(row, field->account, &is_sum);
    }
    return is_sum;
}

/* What the replay says of a field that is no sum. */
static double replayed(const struct outlay_replay *self, const struct outlay_field *field, struct cell cell)
{
    const struct outlay_outcome *outcome = outlay_workspace_outcome(self->work);
    const size_t book = (size_t)cell.programme * (size_t)self->plan->n_years + (size_t)cell.year;
    int32_t day = OUTLAY_NEVER;
    switch (field->subject) {
    case OUTLAY_SUBJECT_ACCOUNT:
        return outcome->account[book * OUTLAY_N_ACCOUNTS + field->account];
    case OUTLAY_SUBJECT_CLASS_ACCOUNT:
        return outcome->class_account[(book * (size_t)self->plan->n_classes + (size_t)cell.class_) * OUTLAY_N_ACCOUNTS +
                                      field->account];
    case OUTLAY_SUBJECT_EXHAUSTION:
        day = outcome->exhaustion_day[book];
        break;
    case OUTLAY_SUBJECT_LAST:
        day = outcome->last_exhaustion_day[book];
        break;
    case OUTLAY_SUBJECT_COMMITMENT:
    case OUTLAY_SUBJECT_OUTLAY:
    case OUTLAY_SUBJECT_SERVED:
        break; /* not kept for each replicate */
    }
    return day == OUTLAY_NEVER ? OUTLAY_MISSING_INT32 : day;
}

/* The values of one replicate: [draw][replicate][...] of a variable whose inner axes hold n of them. */
static bool read_recorded(hid_t file, const char *name, struct outlay_path at, size_t n, double values[])
{
    hsize_t size[OUTLAY_MAX_RANK] = {0}, start[OUTLAY_MAX_RANK] = {at.draw, at.replicate};
    const hsize_t count = n;
    const hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = variable >= 0 ? H5Dget_space(variable) : H5I_INVALID_HID;
    const int rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : 0;
    bool ok = rank > 2 && rank <= OUTLAY_MAX_RANK && H5Sget_simple_extent_dims(space, size, NULL) == rank;
    ok = ok && at.draw < size[0] && at.replicate < size[1];
    hsize_t inner = 1;
    for (int i = 2; i < rank && ok; i++) {
        inner *= size[i];
    }
    size[0] = size[1] = 1;
    const hid_t memory = ok && inner == n ? H5Screate_simple(1, &count, NULL) : H5I_INVALID_HID;
    ok = memory >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
         H5Dread(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) >= 0;
    (void)outlay_hdf_release(memory);
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(variable);
    return ok;
}

/* A value in words: money with its fen, a day as a date. */
static void in_words(const struct outlay_replay *self, const struct outlay_field *field, double value, char text[64])
{
    if (field->measure == OUTLAY_MEASURE_DATE && value == OUTLAY_MISSING_INT32) {
        (void)snprintf(text, 64, "never");
    } else if (field->measure == OUTLAY_MEASURE_DATE && fabs(value) < 1e6) {
        (void)outlay_date_iso(self->scenario.first_day + (int32_t)value, text);
    } else if (field->measure == OUTLAY_MEASURE_MONEY) {
        (void)snprintf(text, 64, "%.2f %s", value, self->scenario.currency);
    } else {
        (void)snprintf(text, 64, "%.17g", value);
    }
}

static outlay_err differs(const struct outlay_replay *self, const struct outlay_field *field, struct cell cell,
                          double recorded, double expected, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = self->path};
    const struct outlay_scenario *scenario = &self->scenario;
    const bool by_class = field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT;
    char file_says[64], replay_says[64];
    in_words(self, field, recorded, file_says);
    in_words(self, field, expected, replay_says);
    return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
                             "`%s` of `%s`%s%s%s in fiscal year %d is %s in the file, but %s in the replay of draw %u, "
                             "replicate %u",
                             field->name, scenario->programmes[cell.programme].name, by_class ? ", class `" : "",
                             by_class ? scenario->classes[cell.class_].name : "", by_class ? "`," : "",
                             scenario->start.year + cell.year, file_says, replay_says, (unsigned)self->at.draw,
                             (unsigned)self->at.replicate);
}

static outlay_err verify_field(const struct outlay_replay *self, hid_t file, const struct outlay_field *field,
                               double sums[], double recorded[], struct outlay_diag *diag)
{
    const size_t n = n_cells(self->plan, field);
    const double divisor = outlay_field_divisor(field);
    const bool is_sum = add_up(self, field, sums);
    if (!read_recorded(file, field->name, self->at, n, recorded)) {
        const struct outlay_place place = {.file = self->path};
        return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
                                 "`%s` cannot be read from the file, or is none of this scenario", field->name);
    }
    for (size_t i = 0; i < n; i++) {
        const struct cell cell = cell_at(self->plan, field, i);
        const double value = (is_sum ? sums[i] : replayed(self, field, cell)) / divisor;
        const bool is_missing = !isfinite(value); /* a budget without limit */
        if (is_missing ? !isnan(recorded[i]) : recorded[i] != value) {
            return differs(self, field, cell, recorded[i], value, diag);
        }
    }
    return OUTLAY_OK;
}

outlay_err outlay_replay_verify(const struct outlay_replay *self, struct outlay_diag *diag)
{
    const size_t n_most =
        (size_t)self->plan->n_programmes * (size_t)self->plan->n_years * (size_t)self->plan->n_classes;
    double *sums = calloc(n_most, sizeof *sums);
    double *recorded = calloc(n_most, sizeof *recorded);
    hid_t file = H5I_INVALID_HID;
    outlay_err err = OUTLAY_ERR_NO_MEMORY;
    const struct outlay_quiet quiet = outlay_quiet_begin();
    if (sums == NULL || recorded == NULL) {
        (void)outlay_diag_error(diag, err, NULL, "%s", outlay_err_text(err));
        goto out;
    }
    err = outlay_result_open(&file, self->path, diag);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL && err == OUTLAY_OK; field++) {
        if (field->value == NULL) {
            err = verify_field(self, file, field, sums, recorded, diag);
        }
    }
out:
    (void)outlay_hdf_release(file);
    outlay_quiet_end(quiet);
    free(recorded);
    free(sums);
    return err;
}
