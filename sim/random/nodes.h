/* nodes.h: where the quantiles of a table are exact. Private to sim/random. */
#ifndef OUTLAY_NODES_H
#define OUTLAY_NODES_H

/* Where a third (1 to 3) of a piece of an octave of t ends; `start` is where the octave begins, a power of 2. */
static inline double outlay_quantile_node(double start, int piece, int n_pieces, int third)
{
    return start * (1.0 + piece / (double)n_pieces) + start / n_pieces * third / 3.0;
}

#endif
