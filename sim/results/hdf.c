/* hdf.c: attributes, texts and whole variables. */
#include "results/hdf.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "results/fields.h"

/* Attributes that are longer are not ours. */
#define MAX_TEXT ((size_t)1 << 20)

struct outlay_quiet outlay_quiet_begin(void)
{
    struct outlay_quiet self = {0};
    (void)H5Eget_auto2(H5E_DEFAULT, &self.print, &self.context);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    errno = 0;
    return self;
}

void outlay_quiet_end(struct outlay_quiet self)
{
    (void)H5Eset_auto2(H5E_DEFAULT, self.print, self.context);
}

bool outlay_hdf_release(hid_t id)
{
    return id < 0 || H5Idec_ref(id) >= 0;
}

hid_t *outlay_hdf_new_ids(size_t n)
{
    hid_t *ids = malloc((n + 1) * sizeof *ids);
    for (size_t i = 0; ids != NULL && i < n; i++) {
        ids[i] = H5I_INVALID_HID;
    }
    return ids;
}

bool outlay_hdf_release_all(hid_t ids[], size_t n)
{
    bool ok = true;
    for (size_t i = 0; ids != NULL && i < n; i++) {
        ok = outlay_hdf_release(ids[i]) && ok;
        ids[i] = H5I_INVALID_HID;
    }
    return ok;
}

hid_t outlay_hdf_creation(hid_t class_id)
{
    const unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const hid_t self = H5Pcreate(class_id);
    if (self >= 0 && (H5Pset_obj_track_times(self, false) < 0 || H5Pset_attr_creation_order(self, in_order) < 0 ||
                      (class_id == H5P_FILE_CREATE && H5Pset_link_creation_order(self, in_order) < 0))) {
        (void)outlay_hdf_release(self);
        return H5I_INVALID_HID;
    }
    return self;
}

/* Create the attribute, write it, and close what was opened. */
static bool put(hid_t object, const char *name, hid_t file_type, hid_t memory_type, hid_t space, const void *values)
{
    const hid_t attribute = file_type >= 0 && space >= 0
                                ? H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT)
                                : H5I_INVALID_HID;
    const bool ok = attribute >= 0 && H5Awrite(attribute, memory_type, values) >= 0;
    return outlay_hdf_release(attribute) && ok;
}

bool outlay_hdf_put(hid_t object, const char *name, hid_t type, hid_t space, const void *values)
{
    return put(object, name, type, type, space, values);
}

static bool put_scalar(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *value)
{
    const hid_t space = H5Screate(H5S_SCALAR);
    const bool ok = put(object, name, file_type, memory_type, space, value);
    return outlay_hdf_release(space) && ok;
}

bool outlay_hdf_put_int32(hid_t object, const char *name, int32_t value)
{
    return put_scalar(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, &value);
}

bool outlay_hdf_put_double(hid_t object, const char *name, double value)
{
    return put_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

static bool put_list(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values, size_t n)
{
    const hsize_t size = n;
    const hid_t space = H5Screate_simple(1, &size, NULL);
    const bool ok = put(object, name, file_type, memory_type, space, values);
    return outlay_hdf_release(space) && ok;
}

bool outlay_hdf_put_int32s(hid_t object, const char *name, const int32_t values[], size_t n)
{
    return put_list(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, values, n);
}

bool outlay_hdf_put_doubles(hid_t object, const char *name, const double values[], size_t n)
{
    return put_list(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values, n);
}

/* Padded, not terminated: the length is that of the text, as in files that netCDF wrote. */
bool outlay_hdf_put_text(hid_t object, const char *name, const char *text)
{
    if (text[0] == '\0') {
        return true;
    }
    const hid_t type = H5Tcopy(H5T_C_S1);
    const bool ok = type >= 0 && H5Tset_size(type, strlen(text)) >= 0 && H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
                    H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && put_scalar(object, name, type, type, text);
    return outlay_hdf_release(type) && ok;
}

/* Texts of a fixed length, padded: netCDF reads them as a list of strings. */
bool outlay_hdf_put_texts(hid_t object, const char *name, const char *const texts[], size_t n)
{
    size_t longest = 1;
    for (size_t i = 0; i < n; i++) {
        longest = strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
    }
    char *padded = calloc(n + 1, longest);
    const hid_t type = H5Tcopy(H5T_C_S1);
    bool ok = padded != NULL && type >= 0;
    for (size_t i = 0; i < n && ok; i++) {
        memcpy(padded + i * longest, texts[i], strlen(texts[i]));
    }
    ok = ok && H5Tset_size(type, longest) >= 0 && H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
         H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && put_list(object, name, type, type, padded, n);
    free(padded);
    return outlay_hdf_release(type) && ok;
}

static bool set(hid_t object, const char *name, hid_t memory_type, const void *value)
{
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const bool ok = attribute >= 0 && H5Awrite(attribute, memory_type, value) >= 0;
    return outlay_hdf_release(attribute) && ok;
}

bool outlay_hdf_set_int32(hid_t object, const char *name, int32_t value)
{
    return set(object, name, H5T_NATIVE_INT32, &value);
}

bool outlay_hdf_set_double(hid_t object, const char *name, double value)
{
    return set(object, name, H5T_NATIVE_DOUBLE, &value);
}

bool outlay_hdf_set_doubles(hid_t object, const char *name, const double values[])
{
    return set(object, name, H5T_NATIVE_DOUBLE, values);
}

bool outlay_hdf_put_string(hid_t file, const char *name, const char *long_name, const char *text)
{
    bool ok = false;
    hid_t variable = H5I_INVALID_HID;
    const hid_t type = H5Tcopy(H5T_C_S1);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t creation = outlay_hdf_creation(H5P_DATASET_CREATE);
    if (type < 0 || space < 0 || creation < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 ||
        H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        goto out;
    }
    variable = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ok = variable >= 0 && H5Dwrite(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text) >= 0 &&
         outlay_hdf_put_text(variable, "long_name", long_name);
out:
    ok = outlay_hdf_release(variable) && ok;
    ok = outlay_hdf_release(creation) && ok;
    ok = outlay_hdf_release(space) && ok;
    ok = outlay_hdf_release(type) && ok;
    return ok;
}

bool outlay_hdf_write_rectangle(hid_t variable, hid_t memory_type, int rank, const hsize_t start[],
                                const hsize_t count[], const void *values)
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

char *outlay_hdf_get_text(hid_t object, const char *name)
{
    char *text = NULL;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
    const hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    const bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 && space >= 0 &&
                         H5Sget_simple_extent_npoints(space) == 1;
    const size_t size = is_text ? H5Tget_size(type) : 0;
    if (size > 0 && size <= MAX_TEXT) {
        text = calloc(size + 1, 1);
        if (text != NULL && H5Aread(attribute, type, text) < 0) {
            free(text);
            text = NULL;
        }
    }
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(type);
    (void)outlay_hdf_release(attribute);
    return text;
}

bool outlay_hdf_get_numbers(hid_t object, const char *name, double values[], size_t n)
{
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    const bool ok = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)n &&
                    H5Aread(attribute, H5T_NATIVE_DOUBLE, values) >= 0;
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(attribute);
    return ok;
}

bool outlay_hdf_get_double(hid_t object, const char *name, double *value)
{
    return outlay_hdf_get_numbers(object, name, value, 1);
}

static void mark_missing(double values[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = values[i] == OUTLAY_MISSING_INT32 ? (double)NAN : values[i];
    }
}

bool outlay_hdf_get_rectangle(hid_t file, const char *name, int rank, const hsize_t start[], const hsize_t count[],
                              double values[])
{
    const hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = variable >= 0 ? H5Dget_space(variable) : H5I_INVALID_HID;
    const hid_t memory = H5Screate_simple(rank, count, NULL);
    const bool ok = space >= 0 && memory >= 0 && H5Sget_simple_extent_ndims(space) == rank &&
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                    H5Sselect_valid(space) > 0 &&
                    H5Dread(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) >= 0;
    if (ok) {
        mark_missing(values, (size_t)H5Sget_simple_extent_npoints(memory));
    }
    (void)outlay_hdf_release(memory);
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(variable);
    return ok;
}

/* CRC-32 of the values as little-endian float64, in eight hexadecimal digits. */
static void crc_of(const double values[], size_t n, char text[9])
{
    uLong crc = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t word;
        unsigned char bytes[sizeof word];
        memcpy(&word, &values[i], sizeof word);
        for (size_t k = 0; k < sizeof word; k++) {
            bytes[k] = (unsigned char)(word >> (8 * k));
        }
        crc = crc32_z(crc, bytes, sizeof bytes);
    }
    (void)snprintf(text, 9, "%08lx", crc);
}

bool outlay_hdf_write_guarded(hid_t variable, const double values[], size_t n)
{
    char text[9];
    crc_of(values, n, text);
    return H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
           outlay_hdf_put_text(variable, "crc32", text);
}

/* A file of an older version has no such attribute. */
static bool are_as_written(hid_t variable, const double values[], size_t n)
{
    if (H5Aexists(variable, "crc32") == 0) {
        return true;
    }
    char text[9];
    crc_of(values, n, text);
    char *written = outlay_hdf_get_text(variable, "crc32");
    const bool ok = written != NULL && strcmp(written, text) == 0;
    free(written);
    return ok;
}

bool outlay_hdf_get_doubles(hid_t file, const char *name, double values[], size_t n)
{
    const hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = variable >= 0 ? H5Dget_space(variable) : H5I_INVALID_HID;
    const bool ok = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)n &&
                    H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
                    are_as_written(variable, values, n);
    if (ok) {
        mark_missing(values, n);
    }
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(variable);
    return ok;
}

size_t outlay_hdf_length(hid_t file, const char *name)
{
    const hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = variable >= 0 ? H5Dget_space(variable) : H5I_INVALID_HID;
    const hssize_t n = space >= 0 && H5Sget_simple_extent_ndims(space) == 1 ? H5Sget_simple_extent_npoints(space) : 0;
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(variable);
    return n > 0 ? (size_t)n : 0;
}
