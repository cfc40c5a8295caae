/*
 * checkpoint.h: what a run knows after some of its batches, as bytes, and back. Private to sim/engine.
 *
 * One list of all that is kept serves both ways, so that nothing can be saved and not restored, or the other way round.
 * Numbers are as they stand in memory; whoever stores the bytes guards them against damage.
 */
#ifndef OUTLAY_ENGINE_CHECKPOINT_H
#define OUTLAY_ENGINE_CHECKPOINT_H

#include <stddef.h>

#include "engine/tally.h"
#include "outlay/precision.h"

/* A pass over the list: measuring it, or copying between the memory and `bytes`. */
enum outlay_pass { OUTLAY_PASS_MEASURE, OUTLAY_PASS_SAVE, OUTLAY_PASS_RESTORE };
struct outlay_tape {
    enum outlay_pass pass;
    unsigned char *bytes; /* NULL while measuring */
    size_t n;             /* passed so far */
};

/* The next n bytes of the list are those at `values`. */
void outlay_tape_pass(struct outlay_tape *self, void *values, size_t n);

/* All of the tallies, into which the threads' daily series have been merged. */
void outlay_tally_pass(struct outlay_tape *tape, struct outlay_tally_work *tally);

/* What the last look came to, and when the next one is due. */
void outlay_precision_pass(struct outlay_tape *tape, struct outlay_precision *precision);

#endif
