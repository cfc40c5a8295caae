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
#include "results/encode.h"
#include "results/fields.h"
#include "results/hdf.h"
#include "results/journal.h"
#include "results/layout.h"
#include "results/provenance.h"

struct outlay_writer {
    const struct outlay_scenario *scenario; /* borrowed until outlay_writer_finish */
    struct outlay_provenance about;
    struct outlay_disk disk;
    struct outlay_journal journal;
    hid_t driver, file;
    struct outlay_layout layout;
    size_t n_fields, n_uncertain; /* in the table; in the scenario */
    size_t n_pieces;              /* of the fields with a value for each replicate: they come first */
    /* from `begin` on */
    hid_t *variables;            /* [n_fields] */
    hid_t *uncertain;            /* [n_uncertain] */
    struct outlay_chunk *chunks; /* [n_pieces]: of the batch at hand */
    double paths_done;           /* in the file */
};

/* The fields with a value for each replicate stand first in the table. */
static size_t count_pieces(void)
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
           H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
}

/* What is left of an interrupted run is the beginning of this one, or is removed, if asked. */
static outlay_err open_journal(struct outlay_writer *self, struct outlay_diag *diag)
{
    const struct outlay_writer_options *options = &self->about.options;
    struct outlay_text identity = {0};
    outlay_provenance_identify(&self->about, &identity);
    outlay_journal_init(&self->journal, &self->disk, &identity);
    outlay_err err = OUTLAY_OK;
    if (self->journal.identity.failed) {
        err = outlay_diag_no_memory(diag);
    } else if (options->resume) {
        err = outlay_journal_open(&self->journal, diag);
    }
    if (err == OUTLAY_OK && self->journal.state != NULL) {
        return outlay_disk_set_aside(&self->disk, diag);
    }
    return err == OUTLAY_OK ? outlay_disk_clear(&self->disk, options->overwrite, diag) : err;
}

outlay_err outlay_writer_new(struct outlay_writer **self, const char *path, const struct outlay_scenario *scenario,
                             const struct outlay_run_options *run, const struct outlay_writer_options *options,
                             struct outlay_diag *diag)
{
    struct outlay_writer *writer = calloc(1, sizeof *writer);
    *self = NULL;
    if (writer == NULL) {
        return outlay_diag_no_memory(diag);
    }
    *writer = (struct outlay_writer){
        .scenario = scenario,
        .about = {.scenario = scenario, .run = *run, .options = *options},
        .disk = OUTLAY_DISK_CLOSED,
        .journal = {.fd = -1},
        .driver = H5I_INVALID_HID,
        .file = H5I_INVALID_HID,
        .n_fields = outlay_n_fields(),
        .n_uncertain = (size_t)scenario->n_uncertain,
        .n_pieces = count_pieces(),
    };
    outlay_scales_init(&writer->layout.scales);
    outlay_err err = outlay_disk_init(&writer->disk, path, options->overwrite, diag);
    if (err == OUTLAY_OK) {
        err = open_journal(writer, diag);
    }
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

/* All axes and variables, in the order of the table. */
static bool create_variables(struct outlay_writer *self, struct outlay_batch_shape shape)
{
    bool ok = outlay_layout_init(&self->layout, self->file, self->scenario, &self->about.run, shape);
    for (size_t i = 0; i < self->n_uncertain && ok; i++) {
        self->uncertain[i] = outlay_layout_create_uncertain(&self->layout, &self->scenario->uncertain[i]);
        ok = self->uncertain[i] >= 0;
    }
    for (size_t i = 0; i < self->n_fields && ok; i++) {
        self->variables[i] = outlay_layout_create(&self->layout, &outlay_fields[i]);
        ok = self->variables[i] >= 0;
    }
    return ok && outlay_scales_refer(&self->layout.scales);
}

static outlay_err new_chunks(struct outlay_writer *self)
{
    const struct outlay_layout *layout = &self->layout;
    const size_t n_paths = (size_t)(layout->block[OUTLAY_AXIS_DRAW] * layout->block[OUTLAY_AXIS_REPLICATE]);
    outlay_err err = OUTLAY_OK;
    for (size_t i = 0; i < self->n_pieces && err == OUTLAY_OK; i++) {
        const struct outlay_field *field = &outlay_fields[i];
        size_t n_cells = 1;
        for (int k = 2; k < field->n_axes; k++) {
            n_cells *= (size_t)layout->size[field->axes[k]];
        }
        const bool is_plain = !outlay_layout_is_chunked(layout, field);
        err = outlay_chunk_init(&self->chunks[i], field->storage, is_plain, n_paths * n_cells, n_cells);
    }
    return err;
}

static outlay_err begin(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag)
{
    struct outlay_writer *self = context;
    self->variables = outlay_hdf_new_ids(self->n_fields);
    self->uncertain = outlay_hdf_new_ids(self->n_uncertain);
    self->chunks = calloc(self->n_pieces, sizeof *self->chunks);
    if (self->variables == NULL || self->uncertain == NULL || self->chunks == NULL) {
        return outlay_diag_no_memory(diag);
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const bool ok = create_variables(self, shape);
    outlay_quiet_end(quiet);
    if (!ok || self->disk.failed != 0) {
        return outlay_disk_error(&self->disk, diag);
    }
    return new_chunks(self) == OUTLAY_OK ? OUTLAY_OK : outlay_diag_no_memory(diag);
}

/* Put the batch's values of a field at the beginning of `values`. */
static void fill_in(const struct outlay_field *field, const struct outlay_batch *batch, size_t n, void *values)
{
    const double *column = field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT ? batch->class_account[field->account]
                                                                          : batch->account[field->account];
    if (field->subject == OUTLAY_SUBJECT_EXHAUSTION) {
        outlay_encode_days(batch->exhaustion_day, n, values);
    } else if (field->subject == OUTLAY_SUBJECT_LAST) {
        outlay_encode_days(batch->last_exhaustion_day, n, values);
    } else if (field->storage == OUTLAY_INT32) {
        outlay_encode_int32s(column, n, values);
    } else {
        outlay_encode_doubles(column, n, outlay_field_divisor(field), values);
    }
}

/* The chunk of a piece, that is of a field; beyond the end of a smaller batch nothing is known. */
static outlay_err encode(void *context, const struct outlay_batch *batch, size_t piece)
{
    struct outlay_writer *self = context;
    struct outlay_chunk *chunk = &self->chunks[piece];
    const size_t n = (size_t)batch->n_draws * batch->n_replicates * chunk->n_cells;
    void *values = malloc(chunk->n_values * outlay_storage_size(chunk->storage));
    if (values == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    fill_in(&outlay_fields[piece], batch, n, values);
    outlay_encode_missing(chunk->storage, n, chunk->n_values, values);
    const outlay_err err = outlay_chunk_encode(chunk, values);
    free(values);
    return err;
}

static bool write_chunk(struct outlay_writer *self, size_t piece, const struct outlay_batch *batch)
{
    const struct outlay_field *field = &outlay_fields[piece];
    const struct outlay_chunk *chunk = &self->chunks[piece];
    const hsize_t start[OUTLAY_MAX_RANK] = {batch->first_draw, batch->first_replicate};
    if (!chunk->is_plain) {
        self->disk.raw_size = 0;
        const bool ok =
            H5Dwrite_chunk(self->variables[piece], H5P_DEFAULT, 0, start, chunk->n_bytes, chunk->bytes) >= 0;
        outlay_journal_piece(&self->journal, &self->disk, chunk);
        return ok;
    }
    outlay_journal_piece(&self->journal, &self->disk, chunk);
    hsize_t count[OUTLAY_MAX_RANK] = {batch->n_draws, batch->n_replicates};
    for (int i = 2; i < field->n_axes; i++) {
        count[i] = self->layout.size[field->axes[i]];
    }
    return outlay_hdf_write_rectangle(self->variables[piece],
                                      chunk->storage == OUTLAY_INT32 ? H5T_NATIVE_INT32 : H5T_NATIVE_DOUBLE,
                                      field->n_axes, start, count, chunk->bytes);
}

/* The draws' values, once for each draw. */
static bool write_uncertain(struct outlay_writer *self, const struct outlay_batch *batch)
{
    const size_t n_uncertain = self->n_uncertain;
    const hsize_t start = batch->first_draw, count = batch->n_draws;
    if (n_uncertain == 0 || batch->first_replicate > 0) {
        return true;
    }
    double *values = malloc((batch->n_draws + 1) * sizeof *values);
    bool ok = values != NULL;
    for (size_t k = 0; k < n_uncertain && ok; k++) {
        const double divisor = self->scenario->uncertain[k].unit == OUTLAY_UNIT_MONEY ? OUTLAY_FEN : 1.0;
        for (size_t i = 0; i < batch->n_draws; i++) {
            outlay_encode_doubles(&batch->uncertain[i * n_uncertain + k], 1, divisor, &values[i]);
        }
        ok = outlay_hdf_write_rectangle(self->uncertain[k], H5T_NATIVE_DOUBLE, 1, &start, &count, values);
    }
    free(values);
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
    outlay_journal_batch(&self->journal, batch);
    bool ok = write_axes(self, batch) && write_uncertain(self, batch);
    for (size_t i = 0; i < self->n_pieces && ok; i++) {
        ok = write_chunk(self, i, batch);
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

/* Write a batch again that an interrupted run had finished: its chunks are those of the old file. */
static outlay_err write_again(struct outlay_writer *self, struct outlay_batch *batch, struct outlay_diag *diag)
{
    const size_t n_uncertain = self->n_uncertain;
    double *values = malloc((batch->n_draws * n_uncertain + 1) * sizeof *values);
    if (values == NULL) {
        return outlay_diag_no_memory(diag);
    }
    for (uint32_t i = 0; i < batch->n_draws && n_uncertain > 0; i++) {
        outlay_draw_values(self->scenario, self->about.run.seed, batch->first_draw + i, values + i * n_uncertain);
    }
    batch->uncertain = values;
    const outlay_err err = batch_done(self, batch, diag);
    free(values);
    if (err == OUTLAY_OK && self->journal.differs) {
        return outlay_journal_refuse(self->disk.partial, "HDF5 has laid the file out otherwise than before", diag);
    }
    return err;
}

static outlay_err kept(void *context, const void **state, size_t *n, struct outlay_diag *diag)
{
    struct outlay_writer *self = context;
    struct outlay_batch batch;
    outlay_err err = OUTLAY_OK;
    for (bool is_over = self->journal.state == NULL; err == OUTLAY_OK && !is_over;) {
        err = outlay_journal_next(&self->journal, &self->disk, &batch, self->chunks, self->n_pieces, &is_over, diag);
        if (err == OUTLAY_OK && !is_over) {
            err = outlay_layout_has(&self->layout, &batch)
                      ? write_again(self, &batch, diag)
                      : outlay_journal_refuse(self->journal.path, "a batch lies outside the run", diag);
        }
    }
    if (err == OUTLAY_OK) {
        outlay_disk_drop_old(&self->disk);
        *state = self->journal.state;
        *n = (size_t)self->journal.n_state;
    }
    return err;
}

static void keep(void *context, const void *state, size_t n)
{
    struct outlay_writer *self = context;
    outlay_journal_keep(&self->journal, state, n, self->paths_done);
}

struct outlay_sink outlay_writer_sink(struct outlay_writer *self)
{
    return (struct outlay_sink){
        .context = self,
        .begin = begin,
        .n_pieces = self->n_pieces,
        .encode = encode,
        .batch = batch_done,
        .keep = keep,
        .kept = kept,
    };
}

double outlay_writer_kept(const struct outlay_writer *self)
{
    return self->journal.last.n_paths;
}

/* ---- summaries and end ------------------------------------------------------------------------------------------- */

/* Work the values of a summary out; returns how many of them there are (not NAN). */
static size_t fill_summary(const struct outlay_writer *self, const struct outlay_summary *summary,
                           const struct outlay_field *field, double values[])
{
    int at[OUTLAY_N_AXES] = {0};
    size_t i = 0, n_known = 0;
    do {
        const double value = field->value(summary, field, at);
        outlay_encode_doubles(&value, 1, outlay_field_divisor(field), &values[i]);
        n_known += isnan(values[i]) ? 0 : 1;
        if (field->storage == OUTLAY_INT32 && isnan(values[i])) { /* HDF5 makes int32s of them, but knows no NAN */
            values[i] = OUTLAY_MISSING_INT32;
        }
        i++;
    } while (outlay_layout_next(&self->layout, field, at));
    return n_known;
}

static bool write_summary(struct outlay_writer *self, const struct outlay_summary *summary, size_t i_field)
{
    const struct outlay_field *field = &outlay_fields[i_field];
    const size_t n = outlay_layout_cells(&self->layout, field);
    double *values = calloc(n, sizeof *values);
    if (values == NULL) {
        return false;
    }
    const size_t n_known = fill_summary(self, summary, field, values);
    bool ok = true;
    /* among exact answers a date that is missing says that it never comes, another number that it is not known */
    if (self->about.options.is_exact && (n_known > 0 || field->measure == OUTLAY_MEASURE_DATE)) {
        self->variables[i_field] = outlay_layout_create(&self->layout, field);
        ok = self->variables[i_field] >= 0;
    }
    if (self->variables[i_field] >= 0) {
        ok = outlay_hdf_write_guarded(self->variables[i_field], values, n);
    }
    free(values);
    return ok;
}

/* What `begin` does for a run: exact answers come without one. */
static bool begin_exact(struct outlay_writer *self)
{
    self->variables = outlay_hdf_new_ids(self->n_fields);
    return self->variables != NULL && outlay_layout_init(&self->layout, self->file, self->scenario, &self->about.run,
                                                         (struct outlay_batch_shape){1, 1});
}

static bool write_summaries(struct outlay_writer *self, const struct outlay_tallies *tallies)
{
    const struct outlay_summary summary = {.scenario = self->scenario, .tallies = tallies};
    const bool is_exact = self->about.options.is_exact;
    bool ok = !is_exact || begin_exact(self);
    int32_t n_written = 0;
    for (size_t i = self->n_pieces; i < self->n_fields && ok; i++) {
        ok = write_summary(self, &summary, i);
        n_written += self->variables[i] >= 0 ? 1 : 0;
    }
    ok = ok && outlay_hdf_set_int32(self->file, "n_summaries", n_written);
    return ok && (!is_exact || outlay_scales_refer(&self->layout.scales));
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
    for (size_t i = 0; i < self->n_pieces && ok; i++) {
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
    bool ok = outlay_hdf_release_all(self->variables, self->n_fields);
    ok = outlay_hdf_release_all(self->uncertain, self->n_uncertain) && ok;
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
    const outlay_err err = outlay_disk_finish(&self->disk, is_complete, self->about.options.overwrite, diag);
    if (self->disk.is_renamed) {
        outlay_journal_remove(&self->journal);
    }
    return err;
}

void outlay_writer_free(struct outlay_writer *self)
{
    if (self == NULL) {
        return;
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    (void)close_hdf(self);
    outlay_quiet_end(quiet);
    self->disk.is_kept = self->disk.is_kept || self->journal.last.number > 0;
    outlay_journal_free(&self->journal);
    outlay_disk_free(&self->disk);
    for (size_t i = 0; self->chunks != NULL && i < self->n_pieces; i++) {
        outlay_chunk_free(&self->chunks[i]);
    }
    free(self->chunks);
    free(self->uncertain);
    free(self->variables);
    free(self);
}

const char *outlay_writer_name(const struct outlay_writer *self)
{
    return self->disk.is_renamed ? self->disk.path : self->disk.partial;
}
