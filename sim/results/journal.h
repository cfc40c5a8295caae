/*
 * journal.h: what an interrupted run goes on from, in the file NAME.h5.partial.state beside the partial file.
 *
 * The bytes of a result file depend on the calls of HDF5 that made it. So a run that goes on makes a new file with the
 * same calls: batches that were finished are written again, their chunks read from the old partial file, and then come
 * the batches that are left. The journal knows for each batch where its chunks lie in the partial file and their
 * CRC-32, and holds the engine's state at the last checkpoint. Nothing is asked of HDF5, whose index of the partial
 * file may be torn where the run was killed.
 *
 *   magic; bytes of the identity; bytes of the engine's state       three 64-bit numbers
 *   identity                                                        what the run is: outlay_provenance_identity
 *   slot, slot                                                      the last two checkpoints, the older one overwritten
 *   log                                                             all batches in their order, added to
 *
 * A slot holds a head and the engine's state, with a CRC-32, and says how much of the log was written before it. So at
 * each moment one of them is whole, wherever the program is killed, and a full disk spoils none. The magic is written
 * last of the first checkpoint. The file begins with it: a run that is over in two seconds has none. Numbers are as
 * they are in memory. A power cut may lose what the system had not yet written; then CRCs do not match, which is told.
 */
#ifndef OUTLAY_RESULTS_JOURNAL_H
#define OUTLAY_RESULTS_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "outlay/engine.h"
#include "outlay/error.h"
#include "results/disk.h"
#include "results/encode.h"

/* The beginning of a slot; the engine's state follows. */
struct outlay_slot {
    uint64_t number;  /* of the checkpoint, from 1 */
    uint64_t n_log;   /* bytes of the log */
    double n_paths;   /* finished until then */
    uint32_t log_crc; /* of the log */
    uint32_t crc;     /* of this, with a 0 here, and of the state */
};

struct outlay_journal {
    const char *path; /* the disk's */
    struct outlay_text identity;
    int fd;                      /* -1 = no checkpoint yet */
    uint64_t n_state;            /* bytes of the engine's state: of all checkpoints alike */
    struct outlay_slot last;     /* checkpoint; number 0 = none */
    void *state;                 /* of the checkpoint from which the run goes on; NULL = it begins anew */
    struct outlay_text pending;  /* log of the batches since the last checkpoint */
    uint64_t n_old;              /* bytes of the log of that run, */
    uint64_t n_read, n_compared; /* so many of them while its batches are written again */
    bool differs;                /* they came out otherwise than they were */
};

/* The journal of a file on that disk, which outlives it. The identity is taken over: *identity is left empty. */
void outlay_journal_init(struct outlay_journal *self, const struct outlay_disk *disk, struct outlay_text *identity);
void outlay_journal_free(struct outlay_journal *self);

/*
 * Read the last checkpoint; without one, `state` stays NULL. Errors: BAD_RESULT_FILE where the run was another one (the
 * first difference is told) or the journal is damaged; CANNOT_READ; NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_journal_open(struct outlay_journal *self, struct outlay_diag *diag);

/*
 * The next of the finished batches, from which nothing but its rectangle is filled in; its pieces are put into the
 * chunks. *is_over after the last one. Errors: BAD_RESULT_FILE where the partial file is damaged.
 */
OUTLAY_MUST_USE outlay_err outlay_journal_next(struct outlay_journal *self, const struct outlay_disk *disk,
                                               struct outlay_batch *batch, struct outlay_chunk chunks[],
                                               size_t n_chunks, bool *is_over, struct outlay_diag *diag);

/* The error BAD_RESULT_FILE: with the file at `path` the run cannot go on. */
outlay_err outlay_journal_refuse(const char *path, const char *why, struct outlay_diag *diag);

/* A batch begins. While finished batches are written again the log is held against what it was. */
void outlay_journal_batch(struct outlay_journal *self, const struct outlay_batch *batch);

/* A piece of it was written; where to, the disk knows, unless HDF5 has kept the bytes for later. */
void outlay_journal_piece(struct outlay_journal *self, const struct outlay_disk *disk,
                          const struct outlay_chunk *chunk);

/* A checkpoint. What cannot be written is left: then the checkpoint before stands, if there is one. */
void outlay_journal_keep(struct outlay_journal *self, const void *state, size_t n, double n_paths);

/* The result is complete: the file is removed. */
void outlay_journal_remove(struct outlay_journal *self);

#endif
