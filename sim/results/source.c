/* source.c: opening and closing a result file. */
#include "results/source.h"

#include "results/hdf.h"

outlay_err outlay_source_init(struct outlay_source *self, const char *path, struct outlay_diag *diag)
{
    *self = (struct outlay_source){.path = path, .file = H5I_INVALID_HID};
    (void)outlay_result_name(path, self->name);
    const struct outlay_quiet quiet = outlay_quiet_begin();
    outlay_err err = outlay_result_open(&self->file, path, diag);
    if (err == OUTLAY_OK) {
        err = outlay_answer_read(&self->answer, self->file, path, diag);
    }
    outlay_quiet_end(quiet);
    return err;
}

void outlay_source_free(struct outlay_source *self)
{
    const struct outlay_quiet quiet = outlay_quiet_begin();
    (void)outlay_hdf_release(self->file);
    outlay_quiet_end(quiet);
    outlay_answer_free(&self->answer);
    *self = (struct outlay_source){.file = H5I_INVALID_HID};
}
