/*
 * law.h: the probability laws that a scenario may name, and the parametrisations people use for them.
 *
 * THE law table lives in sim/base/law.c: a row is one parametrisation ("form") of one family. A law with its
 * numbers filled in is reduced to a standard law (shape only) times a scale plus a shift, so that a change of scale
 * needs no new quantile table. Quantiles and probabilities come from GSL.
 * Source: Klugman, Panjer, Willmot, "Loss Models", appendix A; Johnson, Kotz, Balakrishnan for the truncated laws.
 */
#ifndef OUTLAY_LAW_H
#define OUTLAY_LAW_H

#include <stdbool.h>

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
    OUTLAY_N_FAMILIES
};

/* One parametrisation: how its parameters are called and what they measure. A row of THE law table. */
struct outlay_law_form {
    enum outlay_family family;
    const char *name;                                 /* of the family, as in a scenario: "lognormal" */
    int n_parameters;                                 /* 1 to 4 */
    const char *parameter[OUTLAY_LAW_MAX_PARAMETERS]; /* names in the order of the list form */
    bool is_in_unit[OUTLAY_LAW_MAX_PARAMETERS]; /* true: in the unit of the value (money); false: a plain number */
    bool may_be_list;                           /* {triangular: [400, 700, 1200]} is understood */
    const char *doc;                            /* one sentence */
};

/* All forms, ended by a row whose name is NULL. Forms of one family stand together, the preferred one first. */
extern const struct outlay_law_form outlay_law_forms[];

/* The largest truncation mass: a law keeps at least this probability between its bounds. */
#define OUTLAY_LAW_MIN_MASS 1e-6

/*
 * A law with its numbers: value = shift + scale * X, X of the standard law `family` with `shape`, given that X lies
 * in [lower, upper] (infinite where not truncated).
 */
struct outlay_law {
    enum outlay_family family;
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

/* The smallest and the largest possible value (may be infinite). */
void outlay_law_support(const struct outlay_law *self, double *min, double *max);

/* The same standard law: the quantile table of one serves the other. */
bool outlay_law_same_shape(const struct outlay_law *a, const struct outlay_law *b);

#endif
