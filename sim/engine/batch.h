/* batch.h: how a run is cut up, and the memory of one piece. Private to sim/engine. */
#ifndef OUTLAY_BATCH_H
#define OUTLAY_BATCH_H

#include "outlay/engine.h"

/* The rectangle of a run's batches: enough work to be worth writing, little enough to stop soon after an interrupt. */
struct outlay_batch_shape outlay_batch_shape_for(const struct outlay_plan *plan,
                                                 const struct outlay_run_options *options);

/* Columns for the largest batch. Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_batch_init(struct outlay_batch *self, struct outlay_batch_shape shape,
                                             const struct outlay_plan *plan);
void outlay_batch_free(struct outlay_batch *self);

/* Put an outcome into the columns as the batch's path number `path`. */
void outlay_batch_store(struct outlay_batch *self, size_t path, const struct outlay_plan *plan,
                        const struct outlay_outcome *outcome);

#endif
