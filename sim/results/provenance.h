/*
 * provenance.h: what the root of a result file says of itself, and the scenario in it.
 */
#ifndef OUTLAY_RESULTS_PROVENANCE_H
#define OUTLAY_RESULTS_PROVENANCE_H

#include <hdf5.h>
#include <stdbool.h>

#include "base/text.h"
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
 * What the bytes of the result depend on, as a list of names and texts, NUL-terminated: equal lists give equal files.
 * A name reads on as "... is not what it was". The text has failed where memory ran out.
 */
void outlay_provenance_identify(const struct outlay_provenance *about, struct outlay_text *identity);

/* Write the root attributes, the sources and the variable `scenario`. False: HDF5 failed, or no memory. */
bool outlay_provenance_write(hid_t file, const struct outlay_provenance *about);

#endif
