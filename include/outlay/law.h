/*
 * law.h: the probability laws that a scenario may name, and the parametrisations people use for them.
 *
 * THE law table lives in sim/base/law.c: a row is one parametrisation ("form") of one family. A law with its
 * numbers filled in is reduced to a standard law (shape only) times a scale plus a shift, so that a change of scale
 * needs no new quantile table. Quantiles and probabilities come from GSL. A law of data (histogram, data file, mixture,
 * splice) is a block of data in place of the standard law.
 * Source: Klugman, Panjer, Willmot, "Loss Models", appendix A; Johnson, Kotz, Balakrishnan for the truncated laws;
 * Hyndman, Fan, "Sample quantiles in statistical packages" (1996), type 7, for data files.
 */
#ifndef OUTLAY_LAW_H
#define OUTLAY_LAW_H

#include <stdbool.h>
#include <stddef.h>

#include "outlay/error.h"

#define OUTLAY_LAW_MAX_PARAMETERS 4

enum outlay_family {
    OUTLAY_CONSTANT,
    OUTLAY_UNIFORM,
    OUTLAY_TRIANGULAR,
    OUTLAY_NORMAL,
    OUTLAY_LOGNORMAL,
    OUTLAY_GAMMA,
    OUTLAY_BETA,
    OUTLAY_WEIBULL,
    OUTLAY_PARETO,
    OUTLAY_EXPONENTIAL,
    OUTLAY_HISTOGRAM, /* from here on: laws of data */
    OUTLAY_CSV,
    OUTLAY_MIXTURE,
    OUTLAY_SPLICE,
    OUTLAY_N_FAMILIES
};

/* One parametrisation: how its parameters are called and what they measure. A row of THE law table. */
struct outlay_law_form {
    enum outlay_family family;
    const char *name; /* of the family, as in a scenario: "lognormal" */
    int n_parameters; /* 1 to 4 that must stand */
    const char
        *parameter[OUTLAY_LAW_MAX_PARAMETERS];  /* names in the order of the list form, then those that may stand */
    bool is_in_unit[OUTLAY_LAW_MAX_PARAMETERS]; /* true: in the unit of the value (money); false: a plain number */
    bool may_be_list;                           /* {triangular: [400, 700, 1200]} is understood */
    const char *doc;                            /* one sentence */
};

/* All forms, ended by a row whose name is NULL. Forms of one family stand together, the preferred one first. */
extern const struct outlay_law_form outlay_law_forms[];

/* True for a law of data: its parameters are lists, names and laws, so outlay_law_init does not take them. */
bool outlay_law_form_is_data(const struct outlay_law_form *form);

/* The largest truncation mass: a law keeps at least this probability between its bounds. */
#define OUTLAY_LAW_MIN_MASS 1e-6

/*
 * A law with its numbers: value = shift + scale * X, X of the standard law `family` with `shape`, given that X lies
 * in [lower, upper] (infinite where not truncated).
 */
struct outlay_law {
    enum outlay_family family;
    const struct outlay_law_data *data; /* borrowed: X is the law of these data; NULL = the standard law */
    double shape[2]; /* triangular: mode in [0,1]; lognormal: sigma; gamma: k; beta: a, b; weibull: k; pareto: alpha */
    double scale;    /* > 0, in the unit of the value; 0 for a constant */
    double shift;    /* in the unit of the value */
    double lower;    /* in standard units; -INFINITY = not truncated */
    double upper;    /* in standard units; +INFINITY = not truncated */
};

/*
 * Reduce `form` with the numbers `parameter` (in the order of the form) and the bounds [min, max] in the unit of the
 * value (infinite = none) to a law. On failure *why is a sentence about the numbers, such as "sigma must be above 0".
 * Errors: BAD_LAW.
 */
OUTLAY_MUST_USE outlay_err outlay_law_init(struct outlay_law *self, const struct outlay_law_form *form,
                                           const double *parameter, double min, double max, const char **why);

/* The law that always gives `value`. */
struct outlay_law outlay_law_constant(double value);

/* P(value <= x) with `upper_tail` false, P(value > x) with it true; both keep their relative accuracy. */
double outlay_law_cdf(const struct outlay_law *self, double x, bool upper_tail);

/*
 * The value with P(value <= x) = p, or, with `upper_tail`, P(value > x) = p; p in (0, 1). Truncation included.
 * Relative accuracy about 1e-10 in both tails.
 */
double outlay_law_quantile(const struct outlay_law *self, double p, bool upper_tail);

/* What the truncation leaves: P(X < lower), P(lower <= X <= upper) and P(X > upper) of X without it, each accurate
 * where it is small; 0, 1 and 0 of a law that is not truncated. */
struct outlay_law_parts {
    double below, within, above;
};
struct outlay_law_parts outlay_law_cut(const struct outlay_law *self);

/*
 * Families whose quantiles are a simple function of a score, which is the quantile of a law without a shape: of the
 * standard normal law (lognormal: exp(sigma z)), or of the exponential law with mean 1 (Weibull: e^(1/k); Pareto:
 * exp(e/alpha)). The score of a gamma law is the logarithm of its own quantile, a smooth function of the shape.
 */
enum outlay_score {
    OUTLAY_SCORE_NONE,
    OUTLAY_SCORE_NORMAL,
    OUTLAY_SCORE_EXPONENTIAL,
    OUTLAY_SCORE_LOGARITHM,
    OUTLAY_N_SCORES
};

/* Which scores the quantiles of this law come from; NONE for other families and for truncated laws. */
enum outlay_score outlay_law_score(const struct outlay_law *self);

/* The score of a law (not NONE) at probability p; p and `upper_tail` as in outlay_law_quantile. */
double outlay_law_score_at(const struct outlay_law *self, double p, bool upper_tail);

/* value[i] = the quantile that belongs to score[i]; of laws whose score has no shape, to the bit what
 * outlay_law_quantile gives. */
void outlay_law_quantiles_of(const struct outlay_law *self, size_t n, const double score[], double value[]);

/* The smallest and the largest possible value (may be infinite). */
void outlay_law_support(const struct outlay_law *self, double *min, double *max);

/* The same standard law: the quantile table of one serves the other. */
bool outlay_law_same_shape(const struct outlay_law *a, const struct outlay_law *b);

/*
 * What a law of data is made of, in the unit of the value; immutable once it is made. Whoever reads the data owns the
 * block (a scenario: outlay_scenario.data) and frees it after all laws, tables and plans that borrow it.
 */
struct outlay_law_data {
    enum outlay_family family;
    size_t n;               /* knots, or components */
    bool is_log;            /* histogram: uniform in the logarithm within a bin */
    double *x;              /* [n] histogram, csv: values at the knots, never falling */
    double *below, *above;  /* [n] P(X <= x) from 0 to 1 and P(X > x) from 1 to 0, straight lines between the knots */
    struct outlay_law *law; /* [n] mixture: components; [1] splice: the body, cut off at tail_from */
    double *weight;         /* [n] mixture: probability of each component */
    double tail_from;       /* splice: P(X > x) = tail_share (tail_from / x)^alpha for x > tail_from */
    double tail_share, alpha;
};

/* One line of a data file. */
struct outlay_observation {
    double x;      /* in the unit of the value */
    double weight; /* >= 0, relative to the others */
};

/*
 * A histogram of n bins: edges[0 .. n] rise, shares[0 .. n - 1] are not negative and are divided by their sum; uniform
 * within a bin, or, with `is_log`, uniform in the logarithm. Errors: BAD_LAW (*why says what is wrong), NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_law_data_histogram(struct outlay_law_data **self, size_t n, const double edges[],
                                                     const double shares[], bool is_log, const char **why);

/*
 * The empirical law of n observations, which are sorted in place: straight lines between the order statistics, the
 * k-th of n (from 1) at probability (k - 1) / (n - 1) (Hyndman and Fan's type 7). An observation counts as
 * weight / least weight equal ones; one of weight 0 does not count. Errors as above.
 */
OUTLAY_MUST_USE outlay_err outlay_law_data_sample(struct outlay_law_data **self, size_t n,
                                                  struct outlay_observation observations[], const char **why);

/* One of n laws, the i-th with probability weight[i] over the sum of all. Errors as above. */
OUTLAY_MUST_USE outlay_err outlay_law_data_mixture(struct outlay_law_data **self, size_t n,
                                                   const struct outlay_law law[], const double weight[],
                                                   const char **why);

/*
 * `body` given that it is below tail_from, and with probability tail_share a Pareto law above. tail_share NAN = the
 * probability that the body itself gives to what is above. Errors as above.
 */
OUTLAY_MUST_USE outlay_err outlay_law_data_splice(struct outlay_law_data **self, const struct outlay_law *body,
                                                  double tail_from, double tail_share, double alpha, const char **why);

/* Safe on NULL. The laws that a mixture or splice is made of stay with whoever owns their data. */
void outlay_law_data_free(struct outlay_law_data *self);

/* The same law, number by number. */
bool outlay_law_data_same(const struct outlay_law_data *a, const struct outlay_law_data *b);

/* The law of `data` between the bounds [min, max]; constant where the data have one value only. Errors: BAD_LAW. */
OUTLAY_MUST_USE outlay_err outlay_law_init_data(struct outlay_law *self, const struct outlay_law_data *data, double min,
                                                double max, const char **why);

#endif
