/*
 * source.h: a result file that is open, with what it says of the whole: for more than can be held in memory.
 */
#ifndef OUTLAY_RESULTS_SOURCE_H
#define OUTLAY_RESULTS_SOURCE_H

#include <hdf5.h>

#include "results/answer.h"

/* Initialise with {.file = H5I_INVALID_HID}; free is safe on that. */
struct outlay_source {
    const char *path; /* borrowed */
    char name[OUTLAY_RESULT_NAME];
    hid_t file;
    struct outlay_answer answer;
};

/* Open the file at `path`. Errors: CANNOT_READ, BAD_RESULT_FILE, NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_source_init(struct outlay_source *self, const char *path, struct outlay_diag *diag);
void outlay_source_free(struct outlay_source *self);

#endif
