/*
 * standard_law.h: the standard laws (shape only; scale 1, shift 0) behind THE law table. Private to sim/base.
 *
 * Source of the formulas: Klugman, Panjer, Willmot, "Loss Models", appendix A; the rest is GSL's.
 */
#ifndef OUTLAY_STANDARD_LAW_H
#define OUTLAY_STANDARD_LAW_H

#include "outlay/law.h"

/*
 * Distribution function, its complement, and the inverses of both, each accurate where it is small. `shape` as in
 * struct outlay_law; p and q in (0, 1).
 */
struct outlay_standard_law {
    double (*below)(const double *shape, double x);           /* P(X <= x) */
    double (*above)(const double *shape, double x);           /* P(X > x) */
    double (*quantile_below)(const double *shape, double p);  /* the x with P(X <= x) = p */
    double (*quantile_above)(const double *shape, double q);  /* the x with P(X > x) = q */
    double min, max;                                          /* support */
    enum outlay_score score;                                  /* what the quantiles are a function of */
    double (*quantile_of)(const double *shape, double score); /* that function; NULL with OUTLAY_SCORE_NONE */
};

/* By family; nothing stands at OUTLAY_CONSTANT. */
extern const struct outlay_standard_law outlay_standard_laws[OUTLAY_N_FAMILIES];

#endif
