/*
 * paths.h: the replicates of a result file window by window, so that any number of them passes through little memory.
 */
#ifndef OUTLAY_RESULTS_PATHS_H
#define OUTLAY_RESULTS_PATHS_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/answer.h"

/* A rectangle of the axes draw and replicate. Its paths follow each other in the order of draw and replicate. */
struct outlay_window {
    hsize_t start[2], count[2]; /* draw, replicate */
    size_t n;                   /* paths in it: count[0] x count[1] */
    hsize_t done;               /* paths in it and before it */
};

/* Paths of the file: of an interrupted run, those that were played. 0 for an exact answer, or one that is damaged. */
hsize_t outlay_answer_paths(const struct outlay_answer *self);

/* Go on to the next window, of at most n_most paths; false after the last. Initialise with {0}. */
bool outlay_window_next(struct outlay_window *self, const struct outlay_answer *answer, size_t n_most);

#endif
