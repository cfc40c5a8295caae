/* quantiles.c: a law as a table of cubics, so that a value costs a look-up and three multiplications. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/random.h"

/*
 * The bits of t = min(u, 1 - u) in (0, 1/2): eleven of exponent, then four that choose the piece of the octave, then
 * 48 that say where in the piece t lies. So the interval's number is a shift and a subtraction.
 */
#define PIECE_SHIFT 48
#define PIECE_MASK ((UINT64_C(1) << PIECE_SHIFT) - 1)
#define ONE_BITS UINT64_C(0x3ff0000000000000) /* of the double 1.0 */

enum { N_PER_SIDE = OUTLAY_QUANTILE_OCTAVES * OUTLAY_QUANTILE_PIECES };

/* Bits of 2^-53, where the first interval begins; a uniform of 52 bits is never smaller. */
#define FIRST_PIECE ((uint64_t)(1023 - 53) << (52 - PIECE_SHIFT))

/* What is tabulated: a function of a tail probability, for either tail. */
typedef double (*tail_quantile)(const void *context, double p, bool upper_tail);

static double law_quantile(const void *context, double p, bool upper_tail)
{
    return outlay_law_quantile(context, p, upper_tail);
}

/* The quantile at node `third` (0 to 3) thirds of the way through piece i of one side. */
static double node_value(tail_quantile quantile, const void *context, int piece, int third, bool upper_tail)
{
    const double start = ldexp(1.0 + (piece % OUTLAY_QUANTILE_PIECES) / (double)OUTLAY_QUANTILE_PIECES,
                               piece / OUTLAY_QUANTILE_PIECES - 53);
    const double width = ldexp(1.0 / OUTLAY_QUANTILE_PIECES, piece / OUTLAY_QUANTILE_PIECES - 53);
    return quantile(context, start + width * third / 3.0, upper_tail);
}

/* Newton's form through x = 0, 1/3, 2/3, 1, multiplied out. */
static void set_cubic(struct outlay_quantiles *self, int interval, const double value[4])
{
    const double d1 = value[1] - value[0];
    const double d2 = value[2] - 2.0 * value[1] + value[0];
    const double d3 = value[3] - 3.0 * value[2] + 3.0 * value[1] - value[0];
    self->coefficient[0][interval] = value[0];
    self->coefficient[1][interval] = 3.0 * d1 - 1.5 * d2 + d3;
    self->coefficient[2][interval] = 4.5 * d2 - 4.5 * d3;
    self->coefficient[3][interval] = 4.5 * d3;
}

static outlay_err tabulate(struct outlay_quantiles *self, tail_quantile quantile, const void *context)
{
    for (int side = 0; side < 2; side++) {
        double value[4];
        value[3] = node_value(quantile, context, 0, 0, side == 1);
        for (int piece = 0; piece < N_PER_SIDE; piece++) {
            value[0] = value[3];
            for (int third = 1; third <= 3; third++) {
                value[third] = node_value(quantile, context, piece, third, side == 1);
                if (!isfinite(value[third])) {
                    return OUTLAY_ERR_LIBRARY;
                }
            }
            set_cubic(self, side * N_PER_SIDE + piece, value);
        }
    }
    return OUTLAY_OK;
}

outlay_err outlay_quantiles_new(struct outlay_quantiles **self, const struct outlay_law *law)
{
    *self = malloc(sizeof **self);
    if (*self == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    (*self)->law = *law;
    (*self)->law.scale = 1.0;
    (*self)->law.shift = 0.0;
    const outlay_err err = tabulate(*self, law_quantile, &(*self)->law);
    if (err != OUTLAY_OK) {
        outlay_quantiles_free(*self);
        *self = NULL;
    }
    return err;
}

outlay_err outlay_quantiles_new_size(struct outlay_quantiles **self, double sigma, double exponent)
{
    /* size^e is exp(-e sigma^2 / 2) times the standard lognormal law of e sigma */
    const struct outlay_law standard = {.family = OUTLAY_LOGNORMAL,
                                        .shape = {sigma * exponent, 0.0},
                                        .scale = 1.0,
                                        .lower = -INFINITY,
                                        .upper = INFINITY};
    const outlay_err err = outlay_quantiles_new(self, &standard);
    if (err == OUTLAY_OK) {
        const double factor = exp(-0.5 * exponent * sigma * sigma);
        for (int i = 0; i < OUTLAY_QUANTILE_INTERVALS; i++) {
            for (int c = 0; c < 4; c++) {
                (*self)->coefficient[c][i] *= factor;
            }
        }
        (*self)->law.scale = factor;
    }
    return err;
}

void outlay_quantiles_free(struct outlay_quantiles *self)
{
    free(self);
}

double outlay_quantiles_at(const struct outlay_quantiles *self, double u)
{
    const double mirrored = 1.0 - u;
    const bool is_upper = mirrored < u;
    const double t = is_upper ? mirrored : u;
    uint64_t bits;
    memcpy(&bits, &t, sizeof bits);
    const uint64_t interval = (bits >> PIECE_SHIFT) - FIRST_PIECE + (is_upper ? N_PER_SIDE : 0);
    const uint64_t position_bits = (bits & PIECE_MASK) << (52 - PIECE_SHIFT) | ONE_BITS;
    double x;
    memcpy(&x, &position_bits, sizeof x);
    x -= 1.0;
    return ((self->coefficient[3][interval] * x + self->coefficient[2][interval]) * x +
            self->coefficient[1][interval]) *
               x +
           self->coefficient[0][interval];
}
