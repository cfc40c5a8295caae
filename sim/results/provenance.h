/*
 * provenance.h: what the root of a result file says of itself, and the scenario in it.
 */
#ifndef OUTLAY_RESULTS_PROVENANCE_H
#define OUTLAY_RESULTS_PROVENANCE_H

#include <hdf5.h>
#include <stdbool.h>

#include "outlay/engine.h"
#include "outlay/results.h"
#include "outlay/scenario.h"

/* What the root attributes are made from. */
struct outlay_provenance {
    const struct outlay_scenario *scenario;
    struct outlay_run_options run;
    struct outlay_writer_options options;
};

/* A root attribute: THE list of them is also the one that the reference page prints. */
struct outlay_root_row {
    const char *name;
    const char *type; /* "text", "int32" or "float64" */
    bool is_stamp;    /* only with --stamp */
    bool (*put)(hid_t root, const char *name, const struct outlay_provenance *about);
    const char *text;
};
extern const struct outlay_root_row outlay_root_attributes[]; /* ended by a row whose name is NULL */

/*
 * A text that was cut into the attributes NAME, NAME_2 ..., owned by the caller; NULL if there is none, or no memory.
 * Unlike the variable `scenario`, which people read, attributes of a damaged file do not make HDF5 1.10 crash.
 */
char *outlay_provenance_text(hid_t root, const char *name);

/* The files that the scenario names, out of a result file. *files is freed with outlay_stored_files_free. False: they
 * cannot be read, or there is no memory. */
bool outlay_stored_files_read(hid_t file, struct outlay_file **files, size_t *n);
void outlay_stored_files_free(struct outlay_file *files, size_t n);

/* Write the root attributes, the sources and the variable `scenario`. False: HDF5 failed, or no memory. */
bool outlay_provenance_write(hid_t file, const struct outlay_provenance *about);

#endif
