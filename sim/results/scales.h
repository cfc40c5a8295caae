/*
 * scales.h: the axes of a result file as HDF5's dimension scales (H5DS), and the variables that lie on them.
 *
 * The attribute DIMENSION_LIST of a variable points to its axes, REFERENCE_LIST of an axis back to its variables.
 * H5DSattach_scale writes the latter anew for each variable, which takes longer than all else that a small run does;
 * here it is written once. Functions return false when HDF5 failed, or memory ran out.
 */
#ifndef OUTLAY_RESULTS_SCALES_H
#define OUTLAY_RESULTS_SCALES_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/fields.h"

/* An entry of REFERENCE_LIST: a variable, and which of its dimensions the axis is. */
struct outlay_reference {
    hobj_ref_t variable;
    int dimension;
};

struct outlay_scales {
    hid_t id[OUTLAY_N_AXES]; /* owned */
    hobj_ref_t address[OUTLAY_N_AXES];
    struct outlay_reference *references[OUTLAY_N_AXES]; /* [n_references of the axis] */
    size_t n_references[OUTLAY_N_AXES];
};

/* None yet. */
void outlay_scales_init(struct outlay_scales *self);
void outlay_scales_free(struct outlay_scales *self);

/* Make `variable`, whose identifier is taken over, the scale of an axis. */
bool outlay_scales_add(struct outlay_scales *self, enum outlay_axis axis, hid_t variable);

/* Tell the variable of its axes, and remember it for them. */
bool outlay_scales_attach(struct outlay_scales *self, hid_t variable, int rank, const enum outlay_axis axes[]);

/* Tell the axes of their variables: once, after the last of them. */
bool outlay_scales_refer(const struct outlay_scales *self);

#endif
