/*
 * design.h: the uniforms from which the uncertain numbers are drawn. Private to sim/plan.
 */
#ifndef OUTLAY_PLAN_DESIGN_H
#define OUTLAY_PLAN_DESIGN_H

#include <stddef.h>
#include <stdint.h>

#include "outlay/plan.h"

/* The uniform in (0, 1) of an uncertain number in a draw; `key` bears its name, `dimension` is its position among them.
 * With Sobol' points, numbers beyond the 40th are random. */
double outlay_design_uniform(enum outlay_design design, struct outlay_key key, size_t dimension, uint32_t draw);

/* Sobol's point before it is scrambled: coordinate `dimension` (below 40) of point `index` (below 2^20), in [0, 1). */
double outlay_sobol_at(size_t dimension, uint32_t index);

#endif
