/*
 * compound.h: demand as a compound sum, and its characteristic function.
 *
 * One line is one class in one programme and fiscal year: n applicants, each of whom takes part with probability q. A
 * participant of relative size s makes N contracts, Poisson of mean m s, or negative binomial of variance D m s; of
 * each a share w(t) comes to the budget by day t. With phi_s the characteristic function of an award,
 *     E exp(-i v S(t)) = prod over lines of (1 - q + q E_s exp(s l))^n,
 *     l = -m w z  (Poisson),   l = -m / (D - 1) ln(1 + (D - 1) w z)  (negative binomial),   z = 1 - phi_s(v)
 * (Klugman, Panjer, Willmot, "Loss Models", 9.3 and 8.6 for thinning; Panjer 1981 for this class of counts). The mean
 * over lognormal sizes is a trapezoidal sum over normal scores.
 */
#ifndef OUTLAY_STUDIES_COMPOUND_H
#define OUTLAY_STUDIES_COMPOUND_H

#include <complex.h>

#include "outlay/plan.h"
#include "studies/award_law.h"

struct outlay_line {
    int class_;
    double n, q, m, dispersion;
    int32_t n_days;
    double *by; /* [n_days]: w at the end of each day of the fiscal year; owned */
    int n_nodes;
    double *size, *weight; /* [n_nodes] of the sizes; one node of size 1 where there are none; owned */
    double *power;         /* [n_nodes] size^exponent; owned */
    bool has_power;        /* contracts depend on the size */
    struct outlay_award_law law;
};

/* The most nodes that a law of sizes can have. */
enum { OUTLAY_N_SIZES = 128 };

/* Dispersion less 1 up to which a count is Poisson: the negative binomial's formula would lose its digits. */
#define OUTLAY_NEARLY_POISSON 1e-9

/* Demand on one programme in one fiscal year. */
struct outlay_demand {
    int n_lines;                         /* those with any applications at all */
    struct outlay_line *lines;           /* owned */
    double lattice;                      /* every award is a multiple of so many fen; at least 1 */
    struct outlay_award_moments *awards; /* their moments; owned */
};

/* Errors: NO_MEMORY. *self is freed with outlay_demand_free. */
OUTLAY_MUST_USE outlay_err outlay_demand_init(struct outlay_demand *self, const struct outlay_plan *plan, int programme,
                                              int year, size_t n_cells);
void outlay_demand_free(struct outlay_demand *self);

/* Nothing has come to the budget since day `before`: both days have the same law. */
bool outlay_demand_is_quiet(const struct outlay_demand *self, int32_t before, int32_t day);

/* Mean and variance of what a line, or all of them, ask for by the end of `day`, with awards of these moments. */
struct outlay_demand_moments {
    double mean, mean_error, variance;
};
struct outlay_demand_moments outlay_line_moments(const struct outlay_line *line, int32_t day,
                                                 const struct outlay_award_moments awards[]);
struct outlay_demand_moments outlay_demand_moments_of(const struct outlay_demand *self, int32_t day,
                                                      const struct outlay_award_moments awards[]);

/* The awards' moments with none above `ceiling`, [line][OUTLAY_N_SIZES], owned by the caller; NULL = no memory. */
struct outlay_award_moments *outlay_demand_awards(const struct outlay_demand *self, double ceiling);

/* Mean and variance of a line's number of applications in the year. */
struct outlay_demand_moments outlay_line_applications(const struct outlay_line *line);

/*
 * The characteristic function at the frequencies 2 pi k / period, k = 0 ... n_frequencies, as far as it does not depend
 * on the day: that of the awards, none of which is above `ceiling`.
 */
struct outlay_spectrum {
    const struct outlay_demand *demand; /* borrowed */
    double period, ceiling;             /* fen */
    int n_frequencies;                  /* a power of two */
    double complex **z;                 /* [line][node or 1][n_frequencies + 1]: 1 - phi; owned */
    struct outlay_award_error **error;  /* [line][node or 1]; owned */
};

/* Errors: NO_MEMORY, LIBRARY. */
OUTLAY_MUST_USE outlay_err outlay_spectrum_init(struct outlay_spectrum *self, const struct outlay_demand *demand,
                                                double period, double ceiling, int n_frequencies);
void outlay_spectrum_free(struct outlay_spectrum *self);

/* E exp(-2 pi i k S(day) / period) and what is known of its error. */
struct outlay_spectrum_value {
    double complex value;
    double error; /* at most, from the grid of the awards; and, measured by halving the nodes, from the sizes */
    double bound; /* the modulus is below this on this day and on every later one */
};
struct outlay_spectrum_value outlay_spectrum_at(const struct outlay_spectrum *self, int k, int32_t day);

/*
 * Bounds of tails from moment generating functions (Chernoff 1952), at a few exponents about 1 / sd, with `sd` that of
 * the year's demand; no award is above `ceiling`. A lognormal law of sizes has no such function: the applicants of so
 * large a size that there is one of them with probability `hidden` at most are left out, and `hidden` is added.
 */
enum { OUTLAY_N_EXPONENTS = 24 };
struct outlay_tails {
    const struct outlay_demand *demand; /* borrowed */
    double hidden;
    double exponent[OUTLAY_N_EXPONENTS]; /* 1/fen */
    double *generating; /* [line][OUTLAY_N_SIZES][exponent]: E exp(exponent A) - 1, from above; owned */
};
struct outlay_tails_limits {
    double ceiling, sd, hidden;
};
OUTLAY_MUST_USE outlay_err outlay_tails_init(struct outlay_tails *self, const struct outlay_demand *demand,
                                             struct outlay_tails_limits limits);
void outlay_tails_free(struct outlay_tails *self);

/* An upper bound of P(S(day) > x). */
double outlay_tails_above(const struct outlay_tails *self, int32_t day, double x);

/* An x with P(S(day) > x) <= p + hidden. */
double outlay_tails_quantile(const struct outlay_tails *self, int32_t day, double p);

#endif
