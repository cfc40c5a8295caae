/* layout.c: dimension scales, chunks, and the attributes that readers look for (CF-1.10). */
#include "results/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/date.h"
#include "results/encode.h"
#include "results/hdf.h"

/*
 * Variables below this lie in one piece. Larger ones are cut into chunks: a batch each, so that each is written once;
 * without a batch at most MAX_CHUNK, which fits into HDF5's cache.
 */
#define MAX_CONTIGUOUS ((hsize_t)64 << 10)
#define MAX_CHUNK ((hsize_t)1 << 20)

/* Values of the least chunk of an axis. */
#define LEAST_CHUNK 4096

/* Axes may be as long as there are replicates, and are written in pieces of this many numbers. */
#define AXIS_PIECE 65536

static hid_t file_type(enum outlay_storage storage)
{
    return storage == OUTLAY_INT32 ? H5T_STD_I32LE : H5T_IEEE_F64LE;
}

static hsize_t n_bytes_of(int rank, const hsize_t size[], enum outlay_storage storage)
{
    hsize_t n_bytes = outlay_storage_size(storage);
    for (int i = 0; i < rank; i++) {
        n_bytes *= size[i];
    }
    return n_bytes;
}

/* Halve the outermost axis that is longer than 1 until the chunk is small enough. */
static void shrink_chunk(int rank, hsize_t chunk[], enum outlay_storage storage)
{
    for (int i = 0; i < rank && n_bytes_of(rank, chunk, storage) > MAX_CHUNK;) {
        if (chunk[i] > 1) {
            chunk[i] = (chunk[i] + 1) / 2;
        } else {
            i++;
        }
    }
}

static bool is_chunked(const struct outlay_layout *self, int rank, const enum outlay_axis axes[],
                       enum outlay_storage storage)
{
    hsize_t size[OUTLAY_MAX_RANK] = {0};
    for (int i = 0; i < rank; i++) {
        size[i] = self->size[axes[i]];
    }
    const bool may_shrink = self->can_shrink && axes[0] <= OUTLAY_AXIS_REPLICATE;
    return may_shrink || n_bytes_of(rank, size, storage) > MAX_CONTIGUOUS;
}

bool outlay_layout_is_chunked(const struct outlay_layout *self, const struct outlay_field *field)
{
    return is_chunked(self, field->n_axes, field->axes, field->storage);
}

size_t outlay_layout_cells(const struct outlay_layout *self, const struct outlay_field *field)
{
    size_t n = 1;
    for (int i = 0; i < field->n_axes; i++) {
        n *= (size_t)self->size[field->axes[i]];
    }
    return n;
}

bool outlay_layout_next(const struct outlay_layout *self, const struct outlay_field *field, int at[])
{
    for (int i = field->n_axes - 1; i >= 0; i--) {
        const enum outlay_axis axis = field->axes[i];
        if ((hsize_t)++at[axis] < self->size[axis]) {
            return true;
        }
        at[axis] = 0;
    }
    return false;
}

/* How the values lie in the file: chunks that are compressed and come into being when they are written. */
static bool set_storage(hid_t creation, const struct outlay_layout *self, int rank, const enum outlay_axis axes[],
                        enum outlay_storage storage)
{
    if (!is_chunked(self, rank, axes, storage)) {
        return true;
    }
    hsize_t chunk[OUTLAY_MAX_RANK] = {0};
    for (int i = 0; i < rank; i++) {
        chunk[i] = self->block[axes[i]];
    }
    if (axes[0] != OUTLAY_AXIS_DRAW && axes[0] != OUTLAY_AXIS_REPLICATE) {
        shrink_chunk(rank, chunk, storage);
    } else if (rank == 1 && chunk[0] < LEAST_CHUNK) { /* a batch may be of one draw */
        const hsize_t size = self->size[axes[0]];
        chunk[0] = size < LEAST_CHUNK ? size : LEAST_CHUNK;
    }
    return H5Pset_chunk(creation, rank, chunk) >= 0 && H5Pset_alloc_time(creation, H5D_ALLOC_TIME_INCR) >= 0 &&
           H5Pset_shuffle(creation) >= 0 && H5Pset_deflate(creation, 1) >= 0;
}

static bool set_fill(hid_t creation, enum outlay_storage storage)
{
    const double missing_double = (double)NAN;
    const int32_t missing_int32 = OUTLAY_MISSING_INT32;
    return storage == OUTLAY_INT32 ? H5Pset_fill_value(creation, H5T_NATIVE_INT32, &missing_int32) >= 0
                                   : H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &missing_double) >= 0;
}

/* The attribute that tells readers of the fill value; it has the variable's type. */
static bool put_fill(hid_t variable, enum outlay_storage storage)
{
    return storage == OUTLAY_INT32 ? outlay_hdf_put_int32(variable, "_FillValue", OUTLAY_MISSING_INT32)
                                   : outlay_hdf_put_double(variable, "_FillValue", (double)NAN);
}

/* A variable on `axes`, with nothing in it yet. */
static hid_t create(const struct outlay_layout *self, const char *name, enum outlay_storage storage, int rank,
                    const enum outlay_axis axes[])
{
    hsize_t size[OUTLAY_MAX_RANK] = {0};
    for (int i = 0; i < rank; i++) {
        size[i] = self->size[axes[i]];
    }
    hid_t variable = H5I_INVALID_HID;
    const hid_t space = H5Screate_simple(rank, size, NULL);
    const hid_t creation = outlay_hdf_creation(H5P_DATASET_CREATE);
    if (space >= 0 && creation >= 0 && set_storage(creation, self, rank, axes, storage) &&
        set_fill(creation, storage)) {
        variable = H5Dcreate2(self->file, name, file_type(storage), space, H5P_DEFAULT, creation, H5P_DEFAULT);
    }
    (void)outlay_hdf_release(creation);
    (void)outlay_hdf_release(space);
    return variable;
}

/* The numbers first + start, first + start + 1 ... at the places start ... end - 1 of an axis, in pieces. */
static bool write_numbers(hid_t scale, hsize_t start, hsize_t end, int32_t first)
{
    const hsize_t piece = AXIS_PIECE;
    bool ok = false;
    int32_t *numbers = malloc((size_t)piece * sizeof *numbers);
    const hid_t space = H5Dget_space(scale);
    if (numbers == NULL || space < 0) {
        goto out;
    }
    for (; start < end; start += piece) {
        const hsize_t n = end - start < piece ? end - start : piece;
        for (hsize_t i = 0; i < n; i++) {
            numbers[i] = first + (int32_t)(start + i);
        }
        const hid_t memory = H5Screate_simple(1, &n, NULL);
        ok = memory >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &n, NULL) >= 0 &&
             H5Dwrite(scale, H5T_NATIVE_INT32, memory, space, H5P_DEFAULT, numbers) >= 0;
        if (!outlay_hdf_release(memory) || !ok) {
            ok = false;
            goto out;
        }
    }
out:
    (void)outlay_hdf_release(space);
    free(numbers);
    return ok;
}

/* CF's way to name the values of an index: flag_values 0 ... n-1, and flag_meanings, separated by blanks. */
static bool put_names(hid_t scale, size_t n, const char *(*name)(const struct outlay_scenario *, int),
                      const struct outlay_scenario *scenario)
{
    size_t length = 1;
    for (size_t i = 0; i < n; i++) {
        length += strlen(name(scenario, (int)i)) + 1;
    }
    bool ok = false;
    char *names = calloc(length, 1);
    int32_t *values = calloc(n, sizeof *values);
    if (names != NULL && values != NULL) {
        for (size_t i = 0; i < n; i++) {
            values[i] = (int32_t)i;
            (void)strcat(strcat(names, i > 0 ? " " : ""), name(scenario, (int)i));
        }
        ok = outlay_hdf_put_int32s(scale, "flag_values", values, n) &&
             outlay_hdf_put_text(scale, "flag_meanings", names);
    }
    free(values);
    free(names);
    return ok;
}

static const char *class_name(const struct outlay_scenario *scenario, int i)
{
    return scenario->classes[i].name;
}

static const char *programme_name(const struct outlay_scenario *scenario, int i)
{
    return scenario->programmes[i].name;
}

/* Titles are free text, so each has an attribute of its own: title_0, title_1 ... */
static bool put_titles(hid_t scale, const struct outlay_scenario *scenario)
{
    bool ok = true;
    for (int i = 0; i < scenario->n_programmes && ok; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "title_%d", i);
        ok = scenario->programmes[i].title == NULL || outlay_hdf_put_text(scale, name, scenario->programmes[i].title);
    }
    return ok;
}

/* Units of dates and of the axis `time`, as CF has them. */
static bool put_time(const struct outlay_layout *self, hid_t variable)
{
    return outlay_hdf_put_text(variable, "units", self->time_units) &&
           outlay_hdf_put_text(variable, "calendar", "standard");
}

/* What only one axis has: its values, or the names of its values. */
static bool fill_axis(const struct outlay_layout *self, enum outlay_axis axis, const struct outlay_scenario *scenario)
{
    const hid_t scale = self->scales.id[axis];
    switch (axis) {
    case OUTLAY_AXIS_PROBABILITY:
        return H5Dwrite(scale, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, outlay_probabilities) >= 0;
    case OUTLAY_AXIS_YEAR:
        return write_numbers(scale, 0, self->size[axis], (int32_t)scenario->start.year);
    case OUTLAY_AXIS_PROGRAMME:
        return write_numbers(scale, 0, self->size[axis], 0) &&
               put_names(scale, (size_t)scenario->n_programmes, programme_name, scenario) &&
               put_titles(scale, scenario);
    case OUTLAY_AXIS_CLASS:
        return write_numbers(scale, 0, self->size[axis], 0) &&
               put_names(scale, (size_t)scenario->n_classes, class_name, scenario);
    case OUTLAY_AXIS_TIME:
        return write_numbers(scale, 0, self->size[axis], 0) && put_time(self, scale) &&
               outlay_hdf_put_text(scale, "standard_name", "time") && outlay_hdf_put_text(scale, "axis", "T");
    case OUTLAY_AXIS_DRAW:
    case OUTLAY_AXIS_REPLICATE: /* numbered while the batches come: there may be a hundred million */
    case OUTLAY_N_AXES:
        break;
    }
    return true;
}

static bool has_places(const struct outlay_layout *self, enum outlay_axis axis, hsize_t start, hsize_t n)
{
    return n <= self->block[axis] && start + n <= self->size[axis];
}

bool outlay_layout_has(const struct outlay_layout *self, const struct outlay_batch *batch)
{
    return has_places(self, OUTLAY_AXIS_DRAW, batch->first_draw, batch->n_draws) &&
           has_places(self, OUTLAY_AXIS_REPLICATE, batch->first_replicate, batch->n_replicates);
}

bool outlay_layout_number(const struct outlay_layout *self, enum outlay_axis axis, hsize_t start, hsize_t n)
{
    return write_numbers(self->scales.id[axis], start, start + n, 0);
}

bool outlay_layout_cut(const struct outlay_layout *self, hid_t variable, int rank, const enum outlay_axis axes[])
{
    hsize_t size[OUTLAY_MAX_RANK] = {0};
    for (int i = 0; i < rank; i++) {
        size[i] = self->size[axes[i]];
    }
    return H5Dset_extent(variable, size) >= 0;
}

bool outlay_layout_shrink(struct outlay_layout *self, enum outlay_axis axis, hsize_t n)
{
    self->size[axis] = n;
    return outlay_layout_cut(self, self->scales.id[axis], 1, &axis);
}

static bool make_axis(struct outlay_layout *self, enum outlay_axis axis, const struct outlay_scenario *scenario)
{
    const struct outlay_axis_row *row = &outlay_axes[axis];
    const hid_t scale = create(self, row->name, row->storage, 1, &axis);
    return scale >= 0 && outlay_scales_add(&self->scales, axis, scale) &&
           outlay_hdf_put_text(scale, "long_name", row->text) &&
           (row->units == NULL || outlay_hdf_put_text(scale, "units", row->units)) && fill_axis(self, axis, scenario);
}

bool outlay_layout_init(struct outlay_layout *self, hid_t file, const struct outlay_scenario *scenario,
                        const struct outlay_run_options *run, struct outlay_batch_shape shape)
{
    *self = (struct outlay_layout){
        .file = file,
        .can_shrink = run->precision != NULL,
        .currency = scenario->currency,
        .size = {[OUTLAY_AXIS_DRAW] = run->n_draws,
                 [OUTLAY_AXIS_REPLICATE] = run->n_replicates,
                 [OUTLAY_AXIS_PROGRAMME] = (hsize_t)scenario->n_programmes,
                 [OUTLAY_AXIS_YEAR] = (hsize_t)scenario->n_years,
                 [OUTLAY_AXIS_CLASS] = (hsize_t)scenario->n_classes,
                 [OUTLAY_AXIS_TIME] = (hsize_t)scenario->n_days,
                 [OUTLAY_AXIS_PROBABILITY] = OUTLAY_N_PROBABILITIES},
    };
    char date[16];
    (void)snprintf(self->time_units, sizeof self->time_units, "days since %s 00:00:00",
                   outlay_date_iso(scenario->first_day, date));
    bool ok = true;
    outlay_scales_init(&self->scales);
    for (int i = 0; i < OUTLAY_N_AXES; i++) {
        self->block[i] = self->size[i];
    }
    self->block[OUTLAY_AXIS_DRAW] = shape.n_draws < run->n_draws ? shape.n_draws : run->n_draws;
    self->block[OUTLAY_AXIS_REPLICATE] =
        shape.n_replicates < run->n_replicates ? shape.n_replicates : run->n_replicates;
    for (int i = 0; i < OUTLAY_N_AXES && ok; i++) {
        ok = make_axis(self, (enum outlay_axis)i, scenario);
    }
    return ok;
}

void outlay_layout_free(struct outlay_layout *self)
{
    outlay_scales_free(&self->scales);
}

static bool put_units(const struct outlay_layout *self, hid_t variable, enum outlay_measure measure)
{
    switch (measure) {
    case OUTLAY_MEASURE_DATE:
        return put_time(self, variable);
    case OUTLAY_MEASURE_MONEY:
        return outlay_hdf_put_text(variable, "units", self->currency);
    case OUTLAY_MEASURE_COUNT:
    case OUTLAY_MEASURE_SHARE:
        break;
    }
    return outlay_hdf_put_text(variable, "units", "1");
}

/* NeXus: what has a day as its last axis is a curve over time, whatever the other axes are. */
static bool put_interpretation(hid_t variable, const struct outlay_field *field)
{
    return field->axes[field->n_axes - 1] != OUTLAY_AXIS_TIME ||
           outlay_hdf_put_text(variable, "interpretation", "spectrum");
}

hid_t outlay_layout_create(struct outlay_layout *self, const struct outlay_field *field)
{
    char long_name[512];
    (void)snprintf(long_name, sizeof long_name, "%s%s", field->text, field->more);
    const hid_t variable = create(self, field->name, field->storage, field->n_axes, field->axes);
    if (variable >= 0 && put_fill(variable, field->storage) && outlay_hdf_put_text(variable, "long_name", long_name) &&
        put_units(self, variable, field->measure) && put_interpretation(variable, field) &&
        outlay_scales_attach(&self->scales, variable, field->n_axes, field->axes)) {
        return variable;
    }
    (void)outlay_hdf_release(variable);
    return H5I_INVALID_HID;
}

static const char *uncertain_units(const struct outlay_layout *self, enum outlay_unit unit)
{
    switch (unit) {
    case OUTLAY_UNIT_MONEY:
        return self->currency;
    case OUTLAY_UNIT_DAYS:
        return "day"; /* `days` would make readers take it for a span of time to be decoded */
    case OUTLAY_UNIT_YEARS:
        return "year";
    case OUTLAY_UNIT_NONE:
    case OUTLAY_UNIT_PLAIN:
    case OUTLAY_UNIT_SHARE:
    case OUTLAY_UNIT_COUNT:
        break;
    }
    return "1";
}

/* A path as a variable name: `.` becomes `__`, and what a name cannot carry `_`. Cut where netCDF's 256 would end. */
static void uncertain_name(const char *path, char name[], size_t size)
{
    size_t length = (size_t)snprintf(name, size, "uncertain_");
    for (const char *c = path; *c != '\0' && length + 3 < size; c++) {
        const bool is_plain =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_';
        name[length++] = is_plain ? *c : '_';
        if (*c == '.') {
            name[length++] = '_';
        }
    }
    name[length] = '\0';
}

hid_t outlay_layout_create_uncertain(struct outlay_layout *self, const struct outlay_uncertain *number)
{
    const enum outlay_axis axis = OUTLAY_AXIS_DRAW;
    char name[240], long_name[512];
    uncertain_name(number->path, name, sizeof name - 16);
    for (int i = 2; H5Lexists(self->file, name, H5P_DEFAULT) > 0 && i < 1000000; i++) { /* two paths, one name */
        uncertain_name(number->path, name, sizeof name - 16);
        (void)snprintf(name + strlen(name), 16, "_%d", i);
    }
    (void)snprintf(long_name, sizeof long_name, "uncertain number %s: its value in each draw", number->path);
    const hid_t variable = create(self, name, OUTLAY_FLOAT64, 1, &axis);
    if (variable >= 0 && put_fill(variable, OUTLAY_FLOAT64) && outlay_hdf_put_text(variable, "long_name", long_name) &&
        outlay_hdf_put_text(variable, "units", uncertain_units(self, number->unit)) &&
        outlay_hdf_put_text(variable, "parameter", number->path) &&
        outlay_scales_attach(&self->scales, variable, 1, &axis)) {
        return variable;
    }
    (void)outlay_hdf_release(variable);
    return H5I_INVALID_HID;
}
