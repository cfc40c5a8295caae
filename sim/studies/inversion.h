/*
 * inversion.h: from a characteristic function to a distribution function, bounded from both sides.
 *
 * Of S modulo a period P the frequencies k = 1 ... K are known. Vaaler's polynomial V of degree K comes nearer to the
 * sawtooth x - [x] - 1/2 than any other, and the Fejer kernel bounds what is left (Montgomery 1994, lecture 1):
 *     |x - [x] - 1/2 - V(x)| <= D(x) / (2 (K + 1)),   D(x) = sum over |k| <= K of (1 - |k| / (K + 1)) exp(2 pi i k x),
 *     V(x) = - sum over k of f(k / (K + 1)) sin(2 pi k x) / (pi k),   f(u) = pi u (1 - u) cot(pi u) + u.
 * The indicator of an interval is the sum of two sawteeth, so P(S <= x) lies within e(x) of a finite sum, whatever the
 * law of S; e(x) is about the probability within P / K of x. The interval begins in a sixteenth of the period that is
 * kept free of demand.
 */
#ifndef OUTLAY_STUDIES_INVERSION_H
#define OUTLAY_STUDIES_INVERSION_H

#include "outlay/studies.h"
#include "studies/compound.h"

/* Share of the period that demand must not reach, but with the probability `lost`. */
#define OUTLAY_FREE_SHARE (1.0 / 16.0)

struct outlay_inverse {
    const struct outlay_spectrum *spectrum; /* borrowed */
    int n;                                  /* frequencies used, a power of two */
    double lost;            /* probability that demand is beyond the period, or an award above the ceiling */
    double *sawtooth;       /* [n + 1] f(k / (n + 1)) / (pi k) */
    double *fejer;          /* [n + 1] (1 - k / (n + 1)) / (n + 1) */
    int32_t day;            /* at hand; -1 = none yet */
    double complex *value;  /* [n + 1] */
    unsigned char *is_dead; /* [n + 1] too small to matter on this day, and on every later one */
    double error;           /* of every probability, from the errors of the values */
    double complex start;   /* the two sums at the interval's beginning: fejer + i sawtooth */
    double *work;           /* [2][2 n] */
};

/* Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_inverse_init(struct outlay_inverse *self, const struct outlay_spectrum *spectrum,
                                               int n, double lost);
void outlay_inverse_free(struct outlay_inverse *self);

/* Turn to a day of the fiscal year, not before the day at hand. */
void outlay_inverse_turn_to(struct outlay_inverse *self, int32_t day);

/* P(S <= x) on the day at hand, x >= 0. */
struct outlay_bracket outlay_inverse_at(const struct outlay_inverse *self, double x);

/* The same at x = j step, j = 0 ... n_points - 1, made to rise. */
struct outlay_cdf {
    size_t n_points;
    double step;
    double *value, *low, *high; /* [n_points]; owned */
    double lost;
};
OUTLAY_MUST_USE outlay_err outlay_inverse_cdf(const struct outlay_inverse *self, struct outlay_cdf *cdf);
void outlay_cdf_free(struct outlay_cdf *self);

/* E min(S, x), with what is known of E S. */
struct outlay_bracket outlay_cdf_limited_mean(const struct outlay_cdf *self, double x,
                                              const struct outlay_demand_moments *moments);

#endif
