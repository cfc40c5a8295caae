/*
 * layout.h: the axes of a result file and the variables that lie on them, ready to be written.
 */
#ifndef OUTLAY_RESULTS_LAYOUT_H
#define OUTLAY_RESULTS_LAYOUT_H

#include <hdf5.h>
#include <stdbool.h>

#include "outlay/engine.h"
#include "results/fields.h"
#include "results/scales.h"

struct outlay_layout {
    hid_t file;                   /* borrowed */
    struct outlay_scales scales;  /* the axes' variables */
    hsize_t size[OUTLAY_N_AXES];  /* their lengths */
    hsize_t block[OUTLAY_N_AXES]; /* of a whole batch: its size on the axes draw and replicate, all of the others */
    bool can_shrink;              /* the axes draw and replicate may end up shorter than they are made */
    const char *currency;
    char time_units[48]; /* "days since YYYY-MM-DD 00:00:00" */
};

/* Write the axes, for batches that are at most of that shape. False: HDF5 failed. */
bool outlay_layout_init(struct outlay_layout *self, hid_t file, const struct outlay_scenario *scenario,
                        const struct outlay_run_options *run, struct outlay_batch_shape shape);
void outlay_layout_free(struct outlay_layout *self);

/* Are the draws and replicates of the batch among those of the run, and no more than a whole batch holds? */
bool outlay_layout_has(const struct outlay_layout *self, const struct outlay_batch *batch);

/* Number the places start ... start + n - 1 of the axis draw or replicate. False: HDF5 failed. */
bool outlay_layout_number(const struct outlay_layout *self, enum outlay_axis axis, hsize_t start, hsize_t n);

/* Cut the axis draw or replicate off; its variables are the caller's (outlay_layout_cut). False: HDF5 failed. */
bool outlay_layout_shrink(struct outlay_layout *self, enum outlay_axis axis, hsize_t n);

/* Give a variable on `rank` axes the length that these now have. False: HDF5 failed. */
bool outlay_layout_cut(const struct outlay_layout *self, hid_t variable, int rank, const enum outlay_axis axes[]);

/* Whether the field's variable is cut into chunks; if it has the axes draw and replicate, each is a whole `block`. */
bool outlay_layout_is_chunked(const struct outlay_layout *self, const struct outlay_field *field);

/* Values of the field's variable. */
size_t outlay_layout_cells(const struct outlay_layout *self, const struct outlay_field *field);

/* Step to the next of them, the last axis fastest; false after the last. Begin with at[OUTLAY_N_AXES] all 0. */
bool outlay_layout_next(const struct outlay_layout *self, const struct outlay_field *field, int at[]);

/* Create the variable of a field. Negative on failure. */
hid_t outlay_layout_create(struct outlay_layout *self, const struct outlay_field *field);

/* Create the variable uncertain_PATH[draw] of an uncertain number. Negative on failure. */
hid_t outlay_layout_create_uncertain(struct outlay_layout *self, const struct outlay_uncertain *number);

#endif
