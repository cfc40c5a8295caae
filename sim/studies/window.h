/*
 * window.h: demand through a range of days, seen through a period just long enough for it.
 *
 * A period as long as the whole year's demand is coarse for a budget that is gone in spring. So the days are followed
 * only until demand is surely above the money, within a period that holds demand until then.
 */
#ifndef OUTLAY_STUDIES_WINDOW_H
#define OUTLAY_STUDIES_WINDOW_H

#include "outlay/studies.h"
#include "studies/inversion.h"

struct outlay_window {
    const struct outlay_demand *demand; /* borrowed */
    int32_t last_day;                   /* of the fiscal year; days up to it are seen */
    double ceiling;                     /* fen; larger awards count as this */
    double lost;                        /* probability of demand that is not seen as it is */
    double period;                      /* fen */
    int n_frequencies;
    struct outlay_award_moments *awards; /* with no award above the ceiling; owned */
    struct outlay_tails tails;
    struct outlay_spectrum spectrum;
};

/*
 * A window on the days up to last_day. `hidden` is the probability of any award above the ceiling, the same of any
 * applicant so large that it is left out of the bounds of tails, and the same of demand beyond the period otherwise.
 * Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_window_init(struct outlay_window *self, const struct outlay_demand *demand,
                                              int32_t last_day, double ceiling, double hidden);
void outlay_window_free(struct outlay_window *self);

/* Give it n frequencies, or other ones than it has. Errors: NO_MEMORY, LIBRARY. */
OUTLAY_MUST_USE outlay_err outlay_window_sharpen(struct outlay_window *self, int n);

/* Frequencies, a power of two up to `most`, that bracket a probability on `day` to within about `tolerance`. */
int outlay_window_frequencies(const struct outlay_window *self, int32_t day, double tolerance, int most);

/*
 * by[day], day = 0 ... last_day: bracket of P(S(day) > x). Probabilities that are known to be nearer to 0 or 1 than
 * `negligible` are left at that. Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_window_exceeds(const struct outlay_window *self, double x, double negligible,
                                                 struct outlay_bracket by[]);

/* The distribution function of demand by the end of a day. Errors: NO_MEMORY, LIBRARY. Freed with outlay_cdf_free. */
OUTLAY_MUST_USE outlay_err outlay_window_cdf(const struct outlay_window *self, int32_t day, struct outlay_cdf *cdf);

/* A level that the awards of a year are all within, but with probability p. */
double outlay_demand_ceiling(const struct outlay_demand *demand, double p);

#endif
