/*
 * disk.h: the file below HDF5, such that a full disk is an error message and not a crash.
 *
 * HDF5 1.10 does not survive a failed write: the file can no longer be closed, and the library crashes at exit. So
 * the result file is written through a file driver of our own (H5FDregister) that never tells HDF5 of a failure: it
 * keeps the first errno, drops what follows, and the writer asks for that errno after each step.
 */
#ifndef OUTLAY_RESULTS_DISK_H
#define OUTLAY_RESULTS_DISK_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "outlay/error.h"

struct outlay_disk {
    int fd;          /* -1 = not open */
    int old_fd;      /* of what was set aside; -1 = nothing */
    int failed;      /* the first errno of a write; 0 = all is well */
    char *path;      /* of the finished file */
    char *partial;   /* path + ".partial" */
    char *old;       /* path + ".partial.old": the partial file of an interrupted run, while a new one is made of it */
    char *state;     /* path + ".partial.state": what an interrupted run goes on from (journal.h) */
    bool is_kept;    /* the file stays when this is freed */
    bool is_renamed; /* it stands under `path` */
    uint64_t raw_at; /* where values were written last, */
    size_t raw_size; /* and how many bytes in one piece */
};

/* What is not open yet, and may be freed as it is. */
#define OUTLAY_DISK_CLOSED ((struct outlay_disk){.fd = -1, .old_fd = -1})

/*
 * Make the folders and open the partial file for this run alone: as it is, of which `is_kept` then says that it stays.
 * Errors: OUTPUT_EXISTS, CANNOT_WRITE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_disk_init(struct outlay_disk *self, const char *path, bool overwrite,
                                            struct outlay_diag *diag);

/*
 * Begin anew with an empty partial file. An interrupted run that could go on is only removed, with all that belongs to
 * it, to `overwrite`. Errors: OUTPUT_EXISTS, CANNOT_WRITE.
 */
OUTLAY_MUST_USE outlay_err outlay_disk_clear(struct outlay_disk *self, bool overwrite, struct outlay_diag *diag);

/*
 * Set the partial file of an interrupted run aside, to be read through old_fd, and begin an empty one. What was set
 * aside already, by a run that was killed before it had made use of it, is what is to be read. Errors: CANNOT_WRITE.
 */
OUTLAY_MUST_USE outlay_err outlay_disk_set_aside(struct outlay_disk *self, struct outlay_diag *diag);

/* What was set aside is no longer needed. */
void outlay_disk_drop_old(struct outlay_disk *self);

/* All n bytes to or from a place in a file; false: errno says why, 0 = the file ends before. */
bool outlay_disk_write_at(int fd, const void *bytes, size_t n, uint64_t at);
bool outlay_disk_read_at(int fd, void *bytes, size_t n, uint64_t at);

/*
 * A stream on the partial file, for text; NULL on failure. Closing it is false if anything did not arrive. Both keep
 * the reason in `failed`.
 */
FILE *outlay_disk_open_stream(struct outlay_disk *self);
OUTLAY_MUST_USE bool outlay_disk_close_stream(struct outlay_disk *self, FILE *stream);

/* After HDF5 or the stream has closed it: bring everything to the disk and, with `rename`, give the file its name. */
OUTLAY_MUST_USE outlay_err outlay_disk_finish(struct outlay_disk *self, bool rename, bool overwrite,
                                              struct outlay_diag *diag);

/* Close; a file that was not finished is removed. Safe on OUTLAY_DISK_CLOSED. */
void outlay_disk_free(struct outlay_disk *self);

/* The error CANNOT_WRITE with what is known of its cause; NO_MEMORY where errno says so (hdf.h). */
outlay_err outlay_disk_error(const struct outlay_disk *self, struct outlay_diag *diag);

/*
 * An HDF5 file on this disk, created with `fcpl`. *driver is to be given to H5FDunregister after the file is closed.
 * Negative on failure.
 */
hid_t outlay_disk_create_hdf(struct outlay_disk *self, hid_t fcpl, hid_t *driver);

#endif
