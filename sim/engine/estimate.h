/*
 * estimate.h: time and threads. Private to sim/engine.
 */
#ifndef OUTLAY_ENGINE_ESTIMATE_H
#define OUTLAY_ENGINE_ESTIMATE_H

#include "outlay/engine.h"

/* Seconds on a clock that never goes back. */
double outlay_seconds_now(void);

/* Threads of a run. */
int outlay_engine_threads(const struct outlay_run_options *options);

#endif
