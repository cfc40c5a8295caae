/* scores.c: what the tables of many laws have in common. */
#include <math.h>
#include <stdlib.h>

#include "nodes.h"
#include "outlay/random.h"

enum { N_NODES = 3 * (OUTLAY_QUANTILE_INTERVALS / 2) }; /* of one side */

outlay_err outlay_scores_new(struct outlay_scores **self, const struct outlay_law *law)
{
    *self = malloc(sizeof **self);
    if (*self == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    (*self)->kind = outlay_law_score(law);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < N_NODES; i++) {
            const int interval = i / 3;
            const double start = ldexp(1.0, interval / OUTLAY_QUANTILE_PIECES - 53);
            const int piece = interval % OUTLAY_QUANTILE_PIECES;
            const double t = outlay_quantile_node(start, piece, OUTLAY_QUANTILE_PIECES, i % 3 + 1);
            (*self)->node[side][i] = outlay_law_score_at(law, t, side == 1);
        }
    }
    return OUTLAY_OK;
}

/* ---- gamma laws between rungs ------------------------------------------------------------------------------------ */

#define RUNGS_AN_OCTAVE 6.0

/* So far below the interval in which the shape lies does the polynomial begin: it is used in its middle only. */
enum { RUNGS_BELOW = OUTLAY_GAMMA_POINTS / 2 - 1 };

/* Steps on the ladder from the first rung, as a real number. */
static double height_of(double shape)
{
    return RUNGS_AN_OCTAVE * log2(shape / OUTLAY_GAMMA_LEAST) + RUNGS_BELOW;
}

double outlay_gamma_rung(int i)
{
    return OUTLAY_GAMMA_LEAST * exp2((i - RUNGS_BELOW) / RUNGS_AN_OCTAVE);
}

int outlay_gamma_first(double shape)
{
    return (int)floor(height_of(shape)) - RUNGS_BELOW;
}

void outlay_scores_interpolate(struct outlay_scores *self, double shape,
                               const struct outlay_scores *const rung[OUTLAY_GAMMA_POINTS])
{
    const double x = height_of(shape) - outlay_gamma_first(shape); /* rung[i] stands at i */
    *self = (struct outlay_scores){.kind = OUTLAY_SCORE_LOGARITHM};
    for (int i = 0; i < OUTLAY_GAMMA_POINTS; i++) {
        double weight = 1.0; /* Lagrange's polynomial: 1 at i, 0 at all others */
        for (int k = 0; k < OUTLAY_GAMMA_POINTS; k++) {
            weight *= k != i ? (x - k) / (double)(i - k) : 1.0;
        }
        for (int side = 0; side < 2; side++) {
            for (int n = 0; n < N_NODES; n++) {
                self->node[side][n] += weight * rung[i]->node[side][n];
            }
        }
    }
}
