/* scales.c: DIMENSION_LIST and REFERENCE_LIST as the specification of H5DS has them. */
#include "results/scales.h"

#include <hdf5_hl.h>
#include <stdlib.h>

#include "results/hdf.h"

void outlay_scales_init(struct outlay_scales *self)
{
    *self = (struct outlay_scales){.n_references = {0}};
    for (int i = 0; i < OUTLAY_N_AXES; i++) {
        self->id[i] = H5I_INVALID_HID;
    }
}

void outlay_scales_free(struct outlay_scales *self)
{
    for (int i = 0; i < OUTLAY_N_AXES; i++) {
        (void)outlay_hdf_release(self->id[i]);
        free(self->references[i]);
    }
    outlay_scales_init(self);
}

bool outlay_scales_add(struct outlay_scales *self, enum outlay_axis axis, hid_t variable)
{
    self->id[axis] = variable;
    return H5DSset_scale(variable, outlay_axes[axis].name) >= 0 &&
           H5Rcreate(&self->address[axis], variable, ".", H5R_OBJECT, H5I_INVALID_HID) >= 0;
}

static bool append(struct outlay_scales *self, enum outlay_axis axis, struct outlay_reference reference)
{
    const size_t n = self->n_references[axis];
    struct outlay_reference *more = realloc(self->references[axis], (n + 1) * sizeof *more);
    if (more == NULL) {
        return false;
    }
    more[n] = reference;
    self->references[axis] = more;
    self->n_references[axis] = n + 1;
    return true;
}

bool outlay_scales_attach(struct outlay_scales *self, hid_t variable, int rank, const enum outlay_axis axes[])
{
    hvl_t lists[OUTLAY_MAX_RANK];
    struct outlay_reference reference;
    const hsize_t n_lists = (hsize_t)rank;
    bool ok = H5Rcreate(&reference.variable, variable, ".", H5R_OBJECT, H5I_INVALID_HID) >= 0;
    for (int i = 0; i < rank && ok; i++) {
        lists[i] = (hvl_t){.len = 1, .p = &self->address[axes[i]]};
        reference.dimension = i;
        ok = append(self, axes[i], reference);
    }
    const hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ);
    const hid_t space = H5Screate_simple(1, &n_lists, NULL);
    ok = ok && outlay_hdf_put(variable, "DIMENSION_LIST", type, space, lists);
    ok = outlay_hdf_release(space) && ok;
    return outlay_hdf_release(type) && ok;
}

bool outlay_scales_refer(const struct outlay_scales *self)
{
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct outlay_reference));
    bool ok = type >= 0 &&
              H5Tinsert(type, "dataset", HOFFSET(struct outlay_reference, variable), H5T_STD_REF_OBJ) >= 0 &&
              H5Tinsert(type, "dimension", HOFFSET(struct outlay_reference, dimension), H5T_NATIVE_INT) >= 0;
    for (int i = 0; i < OUTLAY_N_AXES && ok; i++) {
        const hsize_t n = self->n_references[i];
        const hid_t space = n > 0 ? H5Screate_simple(1, &n, NULL) : H5I_INVALID_HID;
        ok = n == 0 || outlay_hdf_put(self->id[i], "REFERENCE_LIST", type, space, self->references[i]);
        ok = outlay_hdf_release(space) && ok;
    }
    return outlay_hdf_release(type) && ok;
}
