/*
 * hdf.h: the few things that the room asks of HDF5, with the types that every reader opens: float64, int32, and texts
 * as scalar fixed-length UTF-8. Functions return false when HDF5 failed; they never print.
 */
#ifndef OUTLAY_RESULTS_HDF_H
#define OUTLAY_RESULTS_HDF_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HDF5 prints its error stack by default; between these two it does not. The first sets errno to 0: where something
 * fails between them and errno is ENOMEM afterwards, it was for want of memory.
 */
struct outlay_quiet {
    H5E_auto2_t print;
    void *context;
};
struct outlay_quiet outlay_quiet_begin(void);
void outlay_quiet_end(struct outlay_quiet self);

/* Close whatever it is an identifier of; a negative one is left alone. */
bool outlay_hdf_release(hid_t id);

/* Room for n identifiers, none of them open yet; NULL = no memory. Close them all, in which NULL has none. */
hid_t *outlay_hdf_new_ids(size_t n);
bool outlay_hdf_release_all(hid_t ids[], size_t n);

/* A property list that keeps the order of creation and no times, so that equal runs give equal bytes. */
hid_t outlay_hdf_creation(hid_t class_id);

/* Write the attribute `name`, which must not exist yet. An empty text is left out. */
bool outlay_hdf_put_text(hid_t object, const char *name, const char *text);
bool outlay_hdf_put_texts(hid_t object, const char *name, const char *const texts[], size_t n);
bool outlay_hdf_put_int32(hid_t object, const char *name, int32_t value);
bool outlay_hdf_put_int32s(hid_t object, const char *name, const int32_t values[], size_t n);
bool outlay_hdf_put_double(hid_t object, const char *name, double value);
bool outlay_hdf_put_doubles(hid_t object, const char *name, const double values[], size_t n);

/* The same of any type, which is both that in the file and that of `values`. */
bool outlay_hdf_put(hid_t object, const char *name, hid_t type, hid_t space, const void *values);

/* Change an attribute that exists; `values` are as many as it has. */
bool outlay_hdf_set_int32(hid_t object, const char *name, int32_t value);
bool outlay_hdf_set_double(hid_t object, const char *name, double value);
bool outlay_hdf_set_doubles(hid_t object, const char *name, const double values[]);

/* A scalar variable of one variable-length string. */
bool outlay_hdf_put_string(hid_t file, const char *name, const char *long_name, const char *text);

/* Write `values`, which fill the rectangle [start, start + count) of a variable of `rank` axes. */
bool outlay_hdf_write_rectangle(hid_t variable, hid_t memory_type, int rank, const hsize_t start[],
                                const hsize_t count[], const void *values);

/* Read a text attribute of at most 1 MB, owned by the caller; NULL if there is none, or no memory. */
char *outlay_hdf_get_text(hid_t object, const char *name);

/* Read an attribute of one number, or of n. */
bool outlay_hdf_get_double(hid_t object, const char *name, double *value);
bool outlay_hdf_get_numbers(hid_t object, const char *name, double values[], size_t n);

/* Write all n values of a variable, and the attribute `crc32` that guards them. */
bool outlay_hdf_write_guarded(hid_t variable, const double values[], size_t n);

/*
 * Read the variable `name` whole as doubles; its n values must be just as many, and where it has the attribute `crc32`
 * they must be what was written. Missing int32 values become NAN.
 */
bool outlay_hdf_get_doubles(hid_t file, const char *name, double values[], size_t n);

/*
 * Read the rectangle [start, start + count) of a variable of `rank` axes as doubles, the last axis fastest. Missing
 * int32 values become NAN. False as well where the variable is not there, or not of that rank, or smaller.
 */
bool outlay_hdf_get_rectangle(hid_t file, const char *name, int rank, const hsize_t start[], const hsize_t count[],
                              double values[]);

/* Length of the one-dimensional variable `name`; 0 if there is none. */
size_t outlay_hdf_length(hid_t file, const char *name);

#endif
