/*
 * precision.h: when a run may stop. Private to sim/engine; what is asked for stands in engine.h.
 */
#ifndef OUTLAY_ENGINE_PRECISION_H
#define OUTLAY_ENGINE_PRECISION_H

#include "outlay/engine.h"
#include "outlay/precision.h"
#include "tally.h"

/*
 * After a batch: note what is reached, and tell whether all goals are. Looks where enough whole draws (with one draw,
 * replicates) have come since the last look, and in the end, whose number `options` tells. `scenario` has the years.
 */
bool outlay_precision_look(struct outlay_precision *self, struct outlay_tally_work *tally,
                           const struct outlay_scenario *scenario, const struct outlay_run_options *options);

/* The half-width of a goal, the worst of its programmes and years, where n observations are independent. */
double outlay_precision_half_width(const struct outlay_precision_goal *goal, const struct outlay_tallies *tallies,
                                   const struct outlay_scenario *scenario, double n);

/* The share of the run that is probably done, from the last look: errors fall as 1 / sqrt(n). */
double outlay_precision_done(const struct outlay_precision *self, double n_paths);

#endif
