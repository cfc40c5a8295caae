/*
 * random.h: random numbers by address, and quantile tables.
 *
 * A random number is a function of an address, never of what was drawn before it:
 *   key     = the seed, folded with the names of the programme and the class (so that classes may be added, removed
 *             or reordered without moving anybody else's numbers)
 *   counter = (block, entity, replicate, purpose | year | draw)
 * Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11), from
 * Random123. Values come by inversion through tables of quantiles.
 */
#ifndef OUTLAY_RANDOM_H
#define OUTLAY_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/law.h"

/* THE purpose list: append, never renumber; at most 64. */
#define OUTLAY_PURPOSES(X)                                                                                             \
    X(UNCERTAIN, "the value of an uncertain number in a draw")                                                         \
    X(SIZE, "relative size of an applicant: class key; entity = applicant")                                            \
    X(PARTICIPATION, "take-up and number of contracts: programme-class key; entity = applicant")                       \
    X(CONTRACT, "value and day of a contract: programme-class key; entity = applicant, block = contract")              \
    X(REVIEW, "decision and length of review: programme-class key; entity = applicant, block = contract")              \
    X(PAYMENT, "redemption and its delay: programme-class key; entity = applicant, block = contract")                  \
    X(RANK, "lottery number and score: programme-class key; entity = applicant, block = contract")                     \
    X(ELIGIBLE, "kind of contract: programme-class key; entity = applicant, block = contract")                         \
    X(AGE, "age of an applicant: class key; entity = applicant")                                                       \
    X(SCRAMBLE, "bits that scramble Sobol' points: key of the uncertain number; block = level, entity = bits above "   \
                "it")

enum outlay_purpose {
#define OUTLAY_PURPOSE_ROW(name, text) OUTLAY_PURPOSE_##name,
    OUTLAY_PURPOSES(OUTLAY_PURPOSE_ROW)
#undef OUTLAY_PURPOSE_ROW
        OUTLAY_N_PURPOSES
};

/* The family of streams of one seed, or of one (seed, name, name). */
struct outlay_key {
    uint32_t word[2];
};

/* Which replicate of which draw is being played. */
struct outlay_path {
    uint32_t draw;      /* 0 to OUTLAY_MAX_DRAWS - 1 */
    uint32_t replicate; /* of that draw, from 0 */
};

/* Four words of 32 random bits. */
struct outlay_block {
    uint32_t word[4];
};

struct outlay_key outlay_key_from_seed(uint64_t seed);

/* The key of everything that bears `name` below `parent`. */
struct outlay_key outlay_key_fold(struct outlay_key parent, const char *name);

/* The fourth counter word: constant for a whole stage of a replicate. year is 0 to 49. */
uint32_t outlay_counter_high(enum outlay_purpose purpose, uint32_t year, uint32_t draw);

/* The block at an address. */
struct outlay_block outlay_block_at(struct outlay_key key, uint32_t block, uint32_t entity, uint32_t replicate,
                                    uint32_t high);

/*
 * n blocks at (block[i], entity[i]), each word in an array of its own, so that what follows can be vectorised. Here and
 * below arrays of n values do not overlap.
 */
void outlay_blocks_at(struct outlay_key key, int n, const uint32_t block[], const uint32_t entity[], uint32_t replicate,
                      uint32_t high, uint32_t w0[], uint32_t w1[], uint32_t w2[], uint32_t w3[]);

/* A double and its bits. */
union outlay_bits {
    double number;
    uint64_t word;
};

/* A uniform in (0, 1) of 52 random bits: (k + 1/2) 2^-52, never 0, 1/2 or 1; 1 - u is exact. */
static inline double outlay_uniform(uint32_t high, uint32_t low)
{
    const uint64_t k = (uint64_t)high << 20 | low >> 12;
    const union outlay_bits one_and_more = {.word = UINT64_C(0x3ff0000000000000) | k}; /* 1 + k 2^-52 */
    return (one_and_more.number - 1.0) + 0x1p-53;
}

/* The same n times. */
void outlay_uniforms(int n, const uint32_t high[], const uint32_t low[], double u[]);

/* A uniform in (0, 1) of 32 random bits. */
static inline double outlay_uniform32(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/*
 * Quantiles of one standard law as piecewise cubics. With t = min(u, 1 - u), an interval is one sixteenth of an
 * octave of t, so both tails keep their relative accuracy; 52 octaves on each side.
 * cubic[i].coefficient[c] goes with x^c, x = position in interval i, 0 to 1.
 *
 * The quantiles of a law of data have kinks and jumps. Its table is fine: each of the upper eight octaves of t has
 * twice the pieces of the one below, 4096 in the last, so that no interval is wider than 2^-14, and in each the value
 * never falls. So |F(value) - u| < 2^-14 = 6.1e-5 wherever F is continuous, whatever the data; straight stretches are
 * exact.
 */
#define OUTLAY_QUANTILE_OCTAVES 52
#define OUTLAY_QUANTILE_PIECES 16
#define OUTLAY_QUANTILE_INTERVALS (2 * OUTLAY_QUANTILE_OCTAVES * OUTLAY_QUANTILE_PIECES)
#define OUTLAY_QUANTILE_FINE_OCTAVES 8 /* the upper ones of t, which have more pieces in a fine table */
#define OUTLAY_QUANTILE_FINE_INTERVALS                                                                                 \
    (2 * OUTLAY_QUANTILE_PIECES *                                                                                      \
     (OUTLAY_QUANTILE_OCTAVES - OUTLAY_QUANTILE_FINE_OCTAVES + (2 << OUTLAY_QUANTILE_FINE_OCTAVES) - 2))

struct outlay_cubic {
    double coefficient[4]; /* together, so that a look-up is in one cache line */
};

struct outlay_quantiles {
    struct outlay_law law; /* scale 1, shift 0: the table is in standard units */
    bool is_fine;
    bool is_interpolated;       /* between the tables of other shapes */
    int n_intervals;            /* OUTLAY_QUANTILE_INTERVALS or OUTLAY_QUANTILE_FINE_INTERVALS, lower tail first */
    struct outlay_cubic *cubic; /* [n_intervals] */
};

/* The scores (law.h) at the nodes of a table: all tables of laws with these scores are made from them, so that a table
 * of another shape costs little. */
struct outlay_scores {
    enum outlay_score kind;
    double node[2][3 * (OUTLAY_QUANTILE_INTERVALS / 2)]; /* [side]: at 1/3, 2/3 and the end of each interval */
};

/* The scores of a law that has such. Owned by the caller, freed with free(). Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_scores_new(struct outlay_scores **self, const struct outlay_law *law);

/*
 * The scores of the gamma law of a shape in [OUTLAY_GAMMA_LEAST, OUTLAY_GAMMA_MOST], interpolated between those of the
 * shapes outlay_gamma_rung(first), ..., outlay_gamma_rung(first + OUTLAY_GAMMA_POINTS - 1), which are given in `rung`;
 * first = outlay_gamma_first(shape). Rungs are a sixth of an octave apart and numbered from 0. The polynomial in the
 * logarithm of the shape has a relative error below 1e-9 in the quantiles, in both tails (tested).
 */
#define OUTLAY_GAMMA_POINTS 12
#define OUTLAY_GAMMA_LEAST 0.25
#define OUTLAY_GAMMA_MOST 4096.0
#define OUTLAY_GAMMA_RUNGS (6 * 14 + OUTLAY_GAMMA_POINTS)
double outlay_gamma_rung(int i);
int outlay_gamma_first(double shape);
void outlay_scores_interpolate(struct outlay_scores *self, double shape,
                               const struct outlay_scores *const rung[OUTLAY_GAMMA_POINTS]);

/*
 * Tabulate the standard law of `law` (its scale and shift are left out); data are borrowed. With
 * `scores` of its kind (for a gamma law: of its shape) the table is made faster, and is the same to the bit where the
 * scores have no shape; NULL = none at hand. Errors: NO_MEMORY, LIBRARY.
 */
OUTLAY_MUST_USE outlay_err outlay_quantiles_new(struct outlay_quantiles **self, const struct outlay_law *law,
                                                const struct outlay_scores *scores);

/* Tabulate size^exponent for the relative size with mean 1: exp(exponent (sigma z - sigma^2 / 2)), z normal.
 * sigma and exponent are above 0; `scores` are normal ones, or NULL. Errors as above. */
OUTLAY_MUST_USE outlay_err outlay_quantiles_new_size(struct outlay_quantiles **self, double sigma, double exponent,
                                                     const struct outlay_scores *scores);

void outlay_quantiles_free(struct outlay_quantiles *self);

/* The quantile at u, in standard units; u as outlay_uniform gives it: from 2^-53 to 1 - 2^-53, and never 1/2. */
double outlay_quantiles_at(const struct outlay_quantiles *self, double u);

/* The same for n values of u. */
void outlay_quantiles_fill(const struct outlay_quantiles *self, int n, const double u[], double value[]);

/* The same at u = tail, or, with `is_upper`, at u = 1 - tail, which need not be a double; tail is at least 2^-53 and
 * below 1/2. */
double outlay_quantiles_at_tail(const struct outlay_quantiles *self, double tail, bool is_upper);

/*
 * Number of contracts: Poisson (dispersion 1) or negative binomial with variance = dispersion x mean, by inversion.
 * Both are members of Panjer's (a, b, 0) class: p(k) = p(k-1) (a + b/k) (Panjer 1981).
 */
struct outlay_counts; /* the cumulative table of one law, for a mean that all applicants share */

OUTLAY_MUST_USE outlay_err outlay_counts_new(struct outlay_counts **self, double mean, double dispersion);
void outlay_counts_free(struct outlay_counts *self);
uint32_t outlay_counts_at(const struct outlay_counts *self, double u);

/* The same without a table, for a mean of each applicant's own: n means and uniforms to n numbers. */
void outlay_counts_fill(double dispersion, int n, const double mean[], const double u[], uint32_t count[]);
uint32_t outlay_count_quantile(double mean, double dispersion, double u);

#endif
