/*
 * days.h: what is followed day by day, over all paths. Private to sim/engine.
 *
 * Each thread keeps the series of a block of paths and takes them in together: then a day's histogram is at hand in the
 * cache for all paths of the block, and is fetched once instead of once for each.
 */
#ifndef OUTLAY_DAYS_H
#define OUTLAY_DAYS_H

#include "engine/tally.h"
#include "outlay/engine.h"

/* Paths of a block at most: many enough to hide its bookkeeping, few enough to keep all threads busy to the end. */
enum { OUTLAY_BLOCK = 64 };

/* One thread's own. A path has n_series values: series by series, in each programme by programme, day by day. */
struct outlay_days {
    size_t n_series;
    double *values;       /* [OUTLAY_BLOCK][n_series]: of the block at hand */
    bool is_paid_at_once; /* so far all was paid on the day of its commitment: one series stands for both */
    struct outlay_histogram *histogram; /* [n_series]: of all blocks so far */
    uint32_t *bins;
};

/* Sums over the paths of one block: of the differences from the first path's values, and of their squares. */
struct outlay_day_sums {
    double *origin, *sum, *squares; /* [n_series] each */
};

/* Values that one path has day by day. */
size_t outlay_n_series(const struct outlay_plan *plan);

/* Errors: NO_MEMORY. Freed with outlay_days_free, safe on {0}. */
OUTLAY_MUST_USE outlay_err outlay_days_init(struct outlay_days *self, const struct outlay_plan *plan);
void outlay_days_free(struct outlay_days *self);

/* Keep the series of path i of the block, from 0. */
void outlay_days_put(struct outlay_days *self, uint32_t i, const struct outlay_outcome *outcome);

/* All n paths of the block are kept: take them in. */
void outlay_days_add_block(struct outlay_days *self, uint32_t n, const struct outlay_day_sums *sums);

/* Hand what this thread has counted over to the tallies, and begin anew. Counts add up to the same in any order. */
void outlay_days_merge(struct outlay_days *self, struct outlay_tallies *tallies);

#endif
