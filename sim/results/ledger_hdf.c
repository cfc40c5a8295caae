/* ledger_hdf.c: the ledger as HDF5 (netCDF-4 data model): one variable a column, all on the axis `application`. */
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outlay/quantity.h"
#include "outlay/version.h"
#include "results/fields.h"
#include "results/hdf.h"
#include "results/replay.h"

#define AXIS "application"
#define CHUNK ((hsize_t)1 << 16)

static bool is_double(enum outlay_column_kind kind)
{
    return kind == OUTLAY_COLUMN_MONEY || kind == OUTLAY_COLUMN_NUMBER;
}

/* A variable on the axis; a long one in compressed chunks. */
static hid_t create(hid_t file, const char *name, bool as_double, hsize_t n)
{
    const hsize_t chunk = CHUNK;
    hid_t variable = H5I_INVALID_HID;
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t creation = outlay_hdf_creation(H5P_DATASET_CREATE);
    if (space >= 0 && creation >= 0 &&
        (n <= CHUNK || (H5Pset_chunk(creation, 1, &chunk) >= 0 && H5Pset_shuffle(creation) >= 0 &&
                        H5Pset_deflate(creation, 1) >= 0))) {
        variable = H5Dcreate2(file, name, as_double ? H5T_IEEE_F64LE : H5T_STD_I32LE, space, H5P_DEFAULT, creation,
                              H5P_DEFAULT);
    }
    (void)outlay_hdf_release(creation);
    (void)outlay_hdf_release(space);
    return variable;
}

static const char *name_of(const struct outlay_replay *replay, enum outlay_column_kind kind, int i)
{
    return kind == OUTLAY_COLUMN_PROGRAMME ? replay->scenario.programmes[i].name
           : kind == OUTLAY_COLUMN_CLASS   ? replay->scenario.classes[i].name
           : kind == OUTLAY_COLUMN_REASON  ? outlay_reasons[i].name
           : i > 0                         ? "yes"
                                           : "no";
}

/* CF's way to name the values of an index. */
static bool put_names(const struct outlay_replay *replay, hid_t variable, enum outlay_column_kind kind)
{
    const int n = kind == OUTLAY_COLUMN_PROGRAMME ? replay->scenario.n_programmes
                  : kind == OUTLAY_COLUMN_CLASS   ? replay->scenario.n_classes
                  : kind == OUTLAY_COLUMN_REASON  ? OUTLAY_N_REASONS
                                                  : 2;
    struct outlay_text names = {0};
    int32_t *values = calloc((size_t)n, sizeof *values);
    for (int i = 0; values != NULL && i < n; i++) {
        values[i] = i;
        outlay_text_printf(&names, "%s%s", i > 0 ? " " : "", name_of(replay, kind, i));
    }
    const bool ok = values != NULL && !names.failed &&
                    outlay_hdf_put_int32s(variable, "flag_values", values, (size_t)n) &&
                    outlay_hdf_put_text(variable, "flag_meanings", names.bytes);
    outlay_text_free(&names);
    free(values);
    return ok;
}

static bool put_units(const struct outlay_replay *replay, hid_t variable, enum outlay_column_kind kind)
{
    char units[48], date[16];
    switch (kind) {
    case OUTLAY_COLUMN_MONEY:
        return outlay_hdf_put_text(variable, "units", replay->scenario.currency);
    case OUTLAY_COLUMN_DAY:
    case OUTLAY_COLUMN_DAYS:
        (void)snprintf(units, sizeof units, "days since %s 00:00:00",
                       outlay_date_iso(replay->scenario.first_day, date));
        return outlay_hdf_put_text(variable, "units", units) && outlay_hdf_put_text(variable, "calendar", "standard");
    case OUTLAY_COLUMN_COUNT:
    case OUTLAY_COLUMN_NUMBER:
        return outlay_hdf_put_text(variable, "units", "1");
    case OUTLAY_COLUMN_FLAG:
    case OUTLAY_COLUMN_PROGRAMME:
    case OUTLAY_COLUMN_CLASS:
    case OUTLAY_COLUMN_REASON:
        break;
    }
    return put_names(replay, variable, kind);
}

static bool write_column(const struct outlay_replay *replay, hid_t file, hid_t axis, const struct outlay_column *column,
                         double values[])
{
    const size_t n = replay->ledger.n;
    const bool as_double = is_double(column->kind);
    const double missing = as_double ? (double)NAN : OUTLAY_MISSING_INT32;
    const double divisor = column->kind == OUTLAY_COLUMN_MONEY ? OUTLAY_FEN : 1.0;
    for (size_t i = 0; i < n; i++) {
        const double value = column->value(replay, &replay->ledger.rows[i]) / divisor;
        values[i] = isnan(value) ? missing : value; /* HDF5 turns them into int32, but knows no NAN */
    }
    const hid_t variable = create(file, column->name, as_double, n);
    const bool ok = variable >= 0 &&
                    H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
                    (as_double ? outlay_hdf_put_double(variable, "_FillValue", missing)
                               : outlay_hdf_put_int32(variable, "_FillValue", OUTLAY_MISSING_INT32)) &&
                    outlay_hdf_put_text(variable, "long_name", column->text) &&
                    put_units(replay, variable, column->kind) && H5DSattach_scale(variable, axis, 0) >= 0;
    return outlay_hdf_release(variable) && ok;
}

static bool put_root(const struct outlay_replay *replay, hid_t file)
{
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)replay->seed);
    return outlay_hdf_put_text(file, "Conventions", "CF-1.10") &&
           outlay_hdf_put_text(file, "title", replay->scenario.title) &&
           outlay_hdf_put_text(file, "currency", replay->scenario.currency) &&
           outlay_hdf_put_text(file, "outlay_version", OUTLAY_VERSION) &&
           outlay_hdf_put_text(file, "outlay_revision", OUTLAY_REVISION) && outlay_hdf_put_text(file, "seed", seed) &&
           outlay_hdf_put_int32(file, "draw", (int32_t)replay->at.draw) &&
           outlay_hdf_put_int32(file, "replicate", (int32_t)replay->at.replicate);
}

bool outlay_ledger_write_hdf(const struct outlay_replay *replay, hid_t file)
{
    const size_t n = replay->ledger.n;
    double *values = malloc((n + 1) * sizeof *values);
    hid_t axis = H5I_INVALID_HID;
    bool ok = values != NULL && put_root(replay, file);
    if (ok) {
        for (size_t i = 0; i < n; i++) {
            values[i] = (double)i;
        }
        axis = create(file, AXIS, false, n);
        ok = axis >= 0 && H5Dwrite(axis, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
             H5DSset_scale(axis, AXIS) >= 0 && outlay_hdf_put_text(axis, "units", "1") &&
             outlay_hdf_put_text(axis, "long_name", "number of the application in the order of decision");
    }
    for (const struct outlay_column *column = outlay_columns; column->name != NULL && ok; column++) {
        ok = write_column(replay, file, axis, column, values);
    }
    ok = outlay_hdf_release(axis) && ok;
    free(values);
    return ok;
}
