/*
 * stored.h: texts and files that a result file carries with it, so that it can be run again from itself.
 */
#ifndef OUTLAY_RESULTS_STORED_H
#define OUTLAY_RESULTS_STORED_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "outlay/scenario.h"

/* A text as an attribute, as much of it as one takes; NULL = nothing. False: HDF5 failed, or no memory; so below. */
bool outlay_stored_put_part(hid_t root, const char *name, const char *text);

/* A text of any length, cut into the attributes NAME, NAME_2 ... */
bool outlay_stored_put_text(hid_t root, const char *name, const char *text);

/*
 * A text that was cut so, owned by the caller; NULL if there is none, or no memory. Unlike the variable `scenario`,
 * which people read, attributes of a damaged file do not make HDF5 1.10 crash.
 */
char *outlay_stored_text(hid_t root, const char *name);

/* The scenario's own files as they were written (source_1_name, source_1_text ...), and the bytes of those that it
 * names (file_1 ...). */
bool outlay_stored_put(hid_t root, const struct outlay_scenario *scenario);

/* The files that the scenario names, out of a result file. *files is freed with outlay_stored_files_free. False: they
 * cannot be read, or there is no memory. */
bool outlay_stored_files_read(hid_t file, struct outlay_file **files, size_t *n);
void outlay_stored_files_free(struct outlay_file *files, size_t n);

#endif
