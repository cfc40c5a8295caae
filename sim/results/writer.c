/*
 * writer.c: the life of a result file: created, filled batch by batch, summarised, closed, named.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/precision.h"
#include "outlay/quantity.h"
#include "outlay/results.h"
#include "results/disk.h"
#include "results/fields.h"
#include "results/hdf.h"
#include "results/layout.h"
#include "results/provenance.h"

struct outlay_writer {
    const struct outlay_scenario *scenario; /* borrowed until outlay_writer_finish */
    struct outlay_provenance about;
    struct outlay_disk disk;
    hid_t driver, file;
    struct outlay_layout layout;
    /* from `begin` on */
    hid_t *variables; /* of the fields with a value for each replicate, in the order of the table */
    hid_t *uncertain; /* of the uncertain numbers */
    size_t n_variables, n_uncertain;
    double *doubles;   /* room for a batch of one field */
    int32_t *int32s;   /* the same */
    double paths_done; /* in the file */
};

static outlay_err no_memory(struct outlay_diag *diag)
{
    return outlay_diag_error(diag, OUTLAY_ERR_NO_MEMORY, NULL, "%s", outlay_err_text(OUTLAY_ERR_NO_MEMORY));
}

/* The fields with a value for each replicate stand first in the table. */
static size_t count_replicate_fields(void)
{
    size_t n = 0;
    while (outlay_fields[n].name != NULL && outlay_fields[n].value == NULL) {
        n++;
    }
    return n;
}

/* ---- create ------------------------------------------------------------------------------------------------------ */

static bool create_file(struct outlay_writer *self)
{
    const hid_t creation = outlay_hdf_creation(H5P_FILE_CREATE);
    self->file = creation >= 0 ? outlay_disk_create_hdf(&self->disk, creation, &self->driver) : H5I_INVALID_HID;
    (void)outlay_hdf_release(creation);
    return self->file >= 0 && outlay_provenance_write(self->file, &self->about) &&
           outlay_layout_init(&self->layout, self->file, self->scenario, &self->about.run) &&
           H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
}

outlay_err outlay_writer_new(struct outlay_writer **self, const char *path, const struct outlay_scenario *scenario,
                             const struct outlay_run_options *run, const struct outlay_writer_options *options,
                             struct outlay_diag *diag)
{
    struct outlay_writer *writer = calloc(1, sizeof *writer);
    *self = NULL;
    if (writer == NULL) {
        return no_memory(diag);
    }
    *writer = (struct outlay_writer){
        .scenario = scenario,
        .about = {.scenario = scenario, .run = *run, .options = *options},
        .disk = {.fd = -1},
        .driver = H5I_INVALID_HID,
        .file = H5I_INVALID_HID,
    };
    for (int i = 0; i < OUTLAY_N_AXES; i++) {
        writer->layout.scale[i] = H5I_INVALID_HID;
    }
    outlay_err err = outlay_disk_init(&writer->disk, path, options->overwrite, diag);
    if (err == OUTLAY_OK) {
        const struct outlay_quiet quiet = outlay_quiet_begin();
        if (!create_file(writer) || writer->disk.failed != 0) {
            err = outlay_disk_error(&writer->disk, diag);
        }
        outlay_quiet_end(quiet);
    }
    if (err != OUTLAY_OK) {
        outlay_writer_free(writer);
        return err;
    }
    *self = writer;
    return OUTLAY_OK;
}

/* ---- batches ----------------------------------------------------------------------------------------------------- */

/* Room for n identifiers, none of them open yet. */
static hid_t *new_ids(size_t n)
{
    hid_t *ids = malloc((n + 1) * sizeof *ids);
    for (size_t i = 0; ids != NULL && i < n; i++) {
        ids[i] = H5I_INVALID_HID;
    }
    return ids;
}

static bool create_variables(struct outlay_writer *self)
{
    bool ok = true;
    for (size_t i = 0; i < self->n_uncertain && ok; i++) {
        self->uncertain[i] = outlay_layout_create_uncertain(&self->layout, &self->scenario->uncertain[i]);
        ok = self->uncertain[i] >= 0;
    }
    for (size_t i = 0; i < self->n_variables && ok; i++) {
        self->variables[i] = outlay_layout_create(&self->layout, &outlay_fields[i]);
        ok = self->variables[i] >= 0;
    }
    return ok;
}

static outlay_err begin(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag)
{
    struct outlay_writer *self = context;
    hsize_t *block = self->layout.block;
    block[OUTLAY_AXIS_DRAW] = shape.n_draws;
    block[OUTLAY_AXIS_REPLICATE] = shape.n_replicates;
    size_t n_values = 1;
    for (int i = OUTLAY_AXIS_DRAW; i <= OUTLAY_AXIS_CLASS; i++) {
        if (block[i] > self->layout.size[i]) {
            block[i] = self->layout.size[i];
        }
        n_values *= (size_t)block[i];
    }
    self->n_variables = count_replicate_fields();
    self->n_uncertain = (size_t)self->scenario->n_uncertain;
    self->doubles = malloc(n_values * sizeof *self->doubles);
    self->int32s = malloc(n_values * sizeof *self->int32s);
    self->variables = new_ids(self->n_variables);
    self->uncertain = new_ids(self->n_uncertain);
    if (self->doubles == NULL || self->int32s == NULL || self->variables == NULL || self->uncertain == NULL) {
        return no_memory(diag);
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const bool ok = create_variables(self) && H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
    outlay_quiet_end(quiet);
    return ok && self->disk.failed == 0 ? OUTLAY_OK : outlay_disk_error(&self->disk, diag);
}

/* Numbers of a batch as they stand in the file. What is not finite is missing. */
static void to_doubles(const double *from, size_t n, double divisor, double *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = isfinite(from[i]) ? from[i] / divisor : (double)NAN;
    }
}

static void to_int32s(const double *from, size_t n, int32_t *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = fabs(from[i]) <= INT32_MAX - 1 ? (int32_t)from[i] : OUTLAY_MISSING_INT32;
    }
}

static void days_to_int32s(const int32_t *from, size_t n, int32_t *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] == OUTLAY_NEVER ? OUTLAY_MISSING_INT32 : from[i];
    }
}

/* Write `values`, which fill the rectangle [start, start + count) of a variable of `rank` axes. */
static bool write_rectangle(hid_t variable, hid_t memory_type, int rank, const hsize_t start[], const hsize_t count[],
                            const void *values)
{
    const hid_t memory = H5Screate_simple(rank, count, NULL);
    const hid_t space = H5Dget_space(variable);
    const bool ok = memory >= 0 && space >= 0 &&
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                    H5Dwrite(variable, memory_type, memory, space, H5P_DEFAULT, values) >= 0;
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(memory);
    return ok;
}

static bool write_field(struct outlay_writer *self, size_t i_field, const struct outlay_batch *batch)
{
    const struct outlay_field *field = &outlay_fields[i_field];
    hsize_t start[OUTLAY_MAX_RANK] = {batch->first_draw, batch->first_replicate};
    hsize_t count[OUTLAY_MAX_RANK] = {batch->n_draws, batch->n_replicates};
    size_t n = (size_t)batch->n_draws * batch->n_replicates;
    for (int i = 2; i < field->n_axes; i++) {
        count[i] = self->layout.size[field->axes[i]];
        n *= (size_t)count[i];
    }
    const double *column = field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT ? batch->class_account[field->account]
                                                                          : batch->account[field->account];
    if (field->storage == OUTLAY_FLOAT64) {
        to_doubles(column, n, outlay_field_divisor(field), self->doubles);
    } else if (field->subject == OUTLAY_SUBJECT_EXHAUSTION || field->subject == OUTLAY_SUBJECT_LAST) {
        const bool is_last = field->subject == OUTLAY_SUBJECT_LAST;
        days_to_int32s(is_last ? batch->last_exhaustion_day : batch->exhaustion_day, n, self->int32s);
    } else {
        to_int32s(column, n, self->int32s);
    }
    const bool is_double = field->storage == OUTLAY_FLOAT64;
    return write_rectangle(self->variables[i_field], is_double ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT32, field->n_axes,
                           start, count, is_double ? (const void *)self->doubles : self->int32s);
}

/* The draws' values, once for each draw. */
static bool write_uncertain(struct outlay_writer *self, const struct outlay_batch *batch)
{
    const hsize_t start = batch->first_draw, count = batch->n_draws;
    bool ok = true;
    for (size_t k = 0; k < self->n_uncertain && batch->first_replicate == 0 && ok; k++) {
        const double divisor = self->scenario->uncertain[k].unit == OUTLAY_UNIT_MONEY ? OUTLAY_FEN : 1.0;
        for (size_t i = 0; i < batch->n_draws; i++) {
            to_doubles(&batch->uncertain[i * self->n_uncertain + k], 1, divisor, &self->doubles[i]);
        }
        ok = write_rectangle(self->uncertain[k], H5T_NATIVE_DOUBLE, 1, &start, &count, self->doubles);
    }
    return ok;
}

/* The numbers of the draws and replicates that are met for the first time. */
static bool write_axes(struct outlay_writer *self, const struct outlay_batch *batch)
{
    return (batch->first_replicate > 0 ||
            outlay_layout_number(&self->layout, OUTLAY_AXIS_DRAW, batch->first_draw, batch->n_draws)) &&
           (batch->first_draw > 0 ||
            outlay_layout_number(&self->layout, OUTLAY_AXIS_REPLICATE, batch->first_replicate, batch->n_replicates));
}

static bool write_batch(struct outlay_writer *self, const struct outlay_batch *batch)
{
    bool ok = write_axes(self, batch) && write_uncertain(self, batch);
    for (size_t i = 0; outlay_fields[i].name != NULL && outlay_fields[i].value == NULL && ok; i++) {
        ok = write_field(self, i, batch);
    }
    self->paths_done += (double)batch->n_draws * batch->n_replicates;
    return ok && outlay_hdf_set_double(self->file, "paths_done", self->paths_done) &&
           H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
}

static outlay_err batch_done(void *context, const struct outlay_batch *batch, struct outlay_diag *diag)
{
    struct outlay_writer *self = context;
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const bool ok = write_batch(self, batch);
    outlay_quiet_end(quiet);
    return ok && self->disk.failed == 0 ? OUTLAY_OK : outlay_disk_error(&self->disk, diag);
}

struct outlay_sink outlay_writer_sink(struct outlay_writer *self)
{
    return (struct outlay_sink){.context = self, .begin = begin, .batch = batch_done};
}

/* ---- summaries and end ------------------------------------------------------------------------------------------- */

/* Step to the next cell of the field's axes, the last axis fastest; false after the last cell. */
static bool next_cell(const struct outlay_layout *layout, const struct outlay_field *field, int at[])
{
    for (int i = field->n_axes - 1; i >= 0; i--) {
        const enum outlay_axis axis = field->axes[i];
        if ((hsize_t)++at[axis] < layout->size[axis]) {
            return true;
        }
        at[axis] = 0;
    }
    return false;
}

static bool write_summary(struct outlay_writer *self, const struct outlay_summary *summary,
                          const struct outlay_field *field)
{
    size_t n = 1;
    for (int i = 0; i < field->n_axes; i++) {
        n *= (size_t)self->layout.size[field->axes[i]];
    }
    double *values = calloc(n, sizeof *values);
    const hid_t variable = values != NULL ? outlay_layout_create(&self->layout, field) : H5I_INVALID_HID;
    bool ok = variable >= 0;
    if (ok) {
        int at[OUTLAY_N_AXES] = {0};
        size_t i = 0;
        do {
            const double value = field->value(summary, field, at);
            to_doubles(&value, 1, outlay_field_divisor(field), &values[i++]);
        } while (next_cell(&self->layout, field, at));
        for (i = 0; i < n && field->storage == OUTLAY_INT32; i++) { /* HDF5 turns them into int32, but knows no NAN */
            values[i] = isnan(values[i]) ? OUTLAY_MISSING_INT32 : values[i];
        }
        ok = H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    }
    ok = outlay_hdf_release(variable) && ok;
    free(values);
    return ok;
}

static bool write_summaries(struct outlay_writer *self, const struct outlay_tallies *tallies)
{
    const struct outlay_summary summary = {.scenario = self->scenario, .tallies = tallies};
    bool ok = true;
    for (const struct outlay_field *field = outlay_fields; field->name != NULL && ok; field++) {
        ok = field->value == NULL || write_summary(self, &summary, field);
    }
    return ok;
}

/* Cut the file down to what was played of a run that stopped before its end. */
static bool shrink(struct outlay_writer *self, const struct outlay_tallies *tallies)
{
    static const enum outlay_axis draws = OUTLAY_AXIS_DRAW;
    const hsize_t n_draws = tallies->n_draws, n_replicates = tallies->n_paths / tallies->n_draws;
    bool ok = outlay_layout_shrink(&self->layout, OUTLAY_AXIS_DRAW, n_draws) &&
              outlay_layout_shrink(&self->layout, OUTLAY_AXIS_REPLICATE, n_replicates) &&
              outlay_hdf_set_int32(self->file, "n_draws", (int32_t)n_draws) &&
              outlay_hdf_set_int32(self->file, "n_replicates", (int32_t)n_replicates);
    for (size_t i = 0; i < self->n_variables && ok; i++) {
        ok = outlay_layout_cut(&self->layout, self->variables[i], outlay_fields[i].n_axes, outlay_fields[i].axes);
    }
    for (size_t i = 0; i < self->n_uncertain && ok; i++) {
        ok = outlay_layout_cut(&self->layout, self->uncertain[i], 1, &draws);
    }
    return ok;
}

/* What a precision has come to. */
static bool write_precision(struct outlay_writer *self, const struct outlay_precision *precision, bool is_complete)
{
    double *reached = calloc((size_t)precision->n_goals, sizeof *reached);
    for (int i = 0; reached != NULL && i < precision->n_goals; i++) {
        reached[i] = precision->goals[i].reached / outlay_precision_divisor(&precision->goals[i]);
    }
    const bool is_reached = is_complete && precision->is_reached;
    const bool ok = reached != NULL && outlay_hdf_set_doubles(self->file, "precision_half_width", reached) &&
                    outlay_hdf_set_int32(self->file, "precision_reached", is_reached ? 1 : 0);
    free(reached);
    return ok;
}

/* Close what HDF5 has open of the file. Closing writes, and may fail. */
static bool close_hdf(struct outlay_writer *self)
{
    bool ok = true;
    for (size_t i = 0; self->variables != NULL && i < self->n_variables; i++) {
        ok = outlay_hdf_release(self->variables[i]) && ok;
        self->variables[i] = H5I_INVALID_HID;
    }
    for (size_t i = 0; self->uncertain != NULL && i < self->n_uncertain; i++) {
        ok = outlay_hdf_release(self->uncertain[i]) && ok;
        self->uncertain[i] = H5I_INVALID_HID;
    }
    outlay_layout_free(&self->layout);
    ok = (self->file < 0 || H5Fclose(self->file) >= 0) && ok;
    self->file = H5I_INVALID_HID;
    ok = (self->driver < 0 || H5FDunregister(self->driver) >= 0) && ok;
    self->driver = H5I_INVALID_HID;
    return ok;
}

outlay_err outlay_writer_finish(struct outlay_writer *self, const struct outlay_tallies *tallies, bool is_complete,
                                double seconds, struct outlay_diag *diag)
{
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const struct outlay_precision *precision = self->about.run.precision;
    bool ok =
        precision == NULL || (write_precision(self, precision, is_complete) && (!is_complete || shrink(self, tallies)));
    ok = ok && write_summaries(self, tallies) && outlay_hdf_set_int32(self->file, "complete", is_complete ? 1 : 0) &&
         (!self->about.options.stamp || outlay_hdf_set_double(self->file, "seconds", seconds)) &&
         H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
    ok = close_hdf(self) && ok;
    outlay_quiet_end(quiet);
    if (!ok) {
        return outlay_disk_error(&self->disk, diag);
    }
    return outlay_disk_finish(&self->disk, is_complete, self->about.options.overwrite, diag);
}

void outlay_writer_free(struct outlay_writer *self)
{
    if (self == NULL) {
        return;
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    (void)close_hdf(self);
    outlay_quiet_end(quiet);
    outlay_disk_free(&self->disk);
    free(self->int32s);
    free(self->doubles);
    free(self->uncertain);
    free(self->variables);
    free(self);
}

const char *outlay_writer_name(const struct outlay_writer *self)
{
    return self->disk.is_renamed ? self->disk.path : self->disk.partial;
}
