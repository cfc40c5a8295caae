/* law.c: THE law table, and the mathematics behind each of its rows. */
#include "outlay/law.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

const struct outlay_law_form outlay_law_forms[] = {
    {OUTLAY_CONSTANT, "constant", 1, {"value"}, {true}, true, "always this value"},
    {OUTLAY_UNIFORM, "uniform", 2, {"min", "max"}, {true, true}, true, "every value between two bounds alike"},
    {OUTLAY_TRIANGULAR, "triangular", 3, {"min", "mode", "max"}, {true, true, true}, true, "least, likeliest, most"},
    {OUTLAY_NORMAL, "normal", 2, {"mean", "sd"}, {true, true}, true, "Gauss"},
    {OUTLAY_NORMAL, "normal", 2, {"mean", "cv"}, {true, false}, false, "sd = cv x mean"},
    {OUTLAY_LOGNORMAL, "lognormal", 2, {"median", "sigma"}, {true, false}, true, "sigma: sd of the logarithm"},
    {OUTLAY_LOGNORMAL, "lognormal", 2, {"mean", "sigma"}, {true, false}, false, "median = mean exp(-sigma^2 / 2)"},
    {OUTLAY_LOGNORMAL, "lognormal", 2, {"mean", "sd"}, {true, true}, false, "sigma^2 = ln(1 + (sd / mean)^2)"},
    {OUTLAY_LOGNORMAL, "lognormal", 2, {"mean", "cv"}, {true, false}, false, "sigma^2 = ln(1 + cv^2)"},
    {OUTLAY_LOGNORMAL, "lognormal", 2, {"median", "p95"}, {true, true}, false, "p95: exceeded once in twenty"},
    {OUTLAY_GAMMA, "gamma", 2, {"shape", "scale"}, {false, true}, true, "mean = shape x scale"},
    {OUTLAY_GAMMA, "gamma", 2, {"mean", "sd"}, {true, true}, false, "shape = (mean / sd)^2"},
    {OUTLAY_GAMMA, "gamma", 2, {"mean", "cv"}, {true, false}, false, "shape = 1 / cv^2"},
    {OUTLAY_BETA, "beta", 2, {"alpha", "beta"}, {false, false}, true, "on 0 to 1; mean = alpha / (alpha + beta)"},
    {OUTLAY_BETA, "beta", 2, {"mean", "sd"}, {false, false}, false, "on 0 to 1; sd^2 < mean (1 - mean)"},
    {OUTLAY_WEIBULL, "weibull", 2, {"shape", "scale"}, {false, true}, true, "P(X > x) = exp(-(x / scale)^shape)"},
    {OUTLAY_WEIBULL, "weibull", 2, {"mean", "shape"}, {true, false}, false, "scale = mean / Gamma(1 + 1 / shape)"},
    {OUTLAY_PARETO, "pareto", 2, {"alpha", "scale"}, {false, true}, true, "P(X > x) = (scale / x)^alpha, x > scale"},
    {OUTLAY_PARETO, "pareto", 2, {"mean", "alpha"}, {true, false}, false, "scale = mean (alpha - 1) / alpha"},
    {OUTLAY_EXPONENTIAL, "exponential", 1, {"mean"}, {true}, true, "P(X > x) = exp(-x / mean)"},
    {.name = NULL},
};

/* The standard laws: distribution function, its complement, and the inverses of both. */
struct standard {
    double (*below)(const double *shape, double x);
    double (*above)(const double *shape, double x);
    double (*quantile_below)(const double *shape, double p);
    double (*quantile_above)(const double *shape, double q);
    double min, max;
};

static double uniform_below(const double *shape, double x)
{
    (void)shape;
    return GSL_MAX_DBL(0.0, GSL_MIN_DBL(x, 1.0));
}

static double uniform_above(const double *shape, double x)
{
    return 1.0 - uniform_below(shape, x);
}

static double uniform_quantile_below(const double *shape, double p)
{
    (void)shape;
    return p;
}

static double uniform_quantile_above(const double *shape, double q)
{
    (void)shape;
    return 1.0 - q;
}

/* shape[0] = mode in [0, 1] */
static double triangular_below(const double *shape, double x)
{
    const double mode = shape[0];
    if (x <= 0.0) {
        return 0.0;
    }
    if (x >= 1.0) {
        return 1.0;
    }
    /* no differences of near numbers: a mode at the least value must not cost the lower tail its accuracy */
    return x < mode ? x * x / mode : mode + (x - mode) * (2.0 - x - mode) / (1.0 - mode);
}

static double triangular_above(const double *shape, double x)
{
    const double mirrored[1] = {1.0 - shape[0]};
    return triangular_below(mirrored, 1.0 - x);
}

static double triangular_quantile_below(const double *shape, double p)
{
    const double mode = shape[0];
    /* the second is 1 - sqrt((1 - p) (1 - mode)), written without a difference of near numbers */
    return p <= mode ? sqrt(p * mode) : (mode + p * (1.0 - mode)) / (1.0 + sqrt((1.0 - p) * (1.0 - mode)));
}

static double triangular_quantile_above(const double *shape, double q)
{
    const double mirrored[1] = {1.0 - shape[0]};
    return 1.0 - triangular_quantile_below(mirrored, q);
}

static double normal_below(const double *shape, double x)
{
    (void)shape;
    return gsl_cdf_ugaussian_P(x);
}

static double normal_above(const double *shape, double x)
{
    (void)shape;
    return gsl_cdf_ugaussian_Q(x);
}

static double normal_quantile_below(const double *shape, double p)
{
    (void)shape;
    return gsl_cdf_ugaussian_Pinv(p);
}

static double normal_quantile_above(const double *shape, double q)
{
    (void)shape;
    return gsl_cdf_ugaussian_Qinv(q);
}

/* shape[0] = sigma */
static double lognormal_below(const double *shape, double x)
{
    return x <= 0.0 ? 0.0 : gsl_cdf_ugaussian_P(log(x) / shape[0]);
}

static double lognormal_above(const double *shape, double x)
{
    return x <= 0.0 ? 1.0 : gsl_cdf_ugaussian_Q(log(x) / shape[0]);
}

static double lognormal_quantile_below(const double *shape, double p)
{
    return exp(shape[0] * gsl_cdf_ugaussian_Pinv(p));
}

static double lognormal_quantile_above(const double *shape, double q)
{
    return exp(shape[0] * gsl_cdf_ugaussian_Qinv(q));
}

typedef double (*shape_function)(const double *shape, double y);

/* exp(-LOWEST) and exp(LOWEST) are the least and the largest numbers of a double */
#define LOWEST (-745.0)

/*
 * The y with tail(y) = p by Newton's method on the logarithms: in y = ln x (gamma) and ln(x / (1 - x)) (beta) the
 * density is log-concave, hence both tails are, and the iteration closes in from one side wherever it starts. GSL's
 * own inverses return infinities for gamma shapes below 0.3 and above 10,000 and for lopsided beta laws.
 */
static double invert_tail(shape_function tail, shape_function density, const double *shape, double start, double p)
{
    const double direction = tail(shape, LOWEST) < 0.5 ? 1.0 : -1.0;
    double y = start, reached = tail(shape, start);
    for (int i = 0; i < 200; i++) {
        const double step = -direction * log(reached / p) * reached / density(shape, y);
        double next = GSL_MAX_DBL(LOWEST, GSL_MIN_DBL(y + step, -LOWEST));
        double there = tail(shape, next);
        for (int k = 0; k < 60 && !(there > 0.0); k++) { /* so far out that the tail is 0 in a double */
            next = 0.5 * (next + y);
            there = tail(shape, next);
        }
        const bool is_near = fabs(next - y) <= 1e-13 * GSL_MAX_DBL(1.0, fabs(y));
        y = next;
        reached = there;
        if (is_near) {
            break;
        }
    }
    return y;
}

static double gamma_below(const double *shape, double x)
{
    return x <= 0.0 ? 0.0 : isinf(x) ? 1.0 : gsl_cdf_gamma_P(x, shape[0], 1.0);
}

static double gamma_above(const double *shape, double x)
{
    return x <= 0.0 ? 1.0 : isinf(x) ? 0.0 : gsl_cdf_gamma_Q(x, shape[0], 1.0);
}

/* gamma and beta quantiles: see invert_tail */
static double gamma_density(const double *shape, double y)
{
    const double x = exp(y);
    return x * gsl_ran_gamma_pdf(x, shape[0], 1.0);
}

static double gamma_tail_below(const double *shape, double y)
{
    return gamma_below(shape, exp(y));
}

static double gamma_tail_above(const double *shape, double y)
{
    return gamma_above(shape, exp(y));
}

static double gamma_quantile_below(const double *shape, double p)
{
    return exp(invert_tail(gamma_tail_below, gamma_density, shape, log(shape[0]), p));
}

static double gamma_quantile_above(const double *shape, double q)
{
    return exp(invert_tail(gamma_tail_above, gamma_density, shape, log(shape[0]), q));
}

static double beta_below(const double *shape, double x)
{
    return gsl_cdf_beta_P(GSL_MAX_DBL(0.0, GSL_MIN_DBL(x, 1.0)), shape[0], shape[1]);
}

static double beta_above(const double *shape, double x)
{
    return gsl_cdf_beta_Q(GSL_MAX_DBL(0.0, GSL_MIN_DBL(x, 1.0)), shape[0], shape[1]);
}

/* y = ln(x / (1 - x)), so that neither end of [0, 1] is rounded off */
static double beta_density(const double *shape, double y)
{
    return exp(-shape[0] * log1p(exp(-y)) - shape[1] * log1p(exp(y)) - gsl_sf_lnbeta(shape[0], shape[1]));
}

static double beta_tail_below(const double *shape, double y)
{
    return y < 0.0 ? gsl_cdf_beta_P(1.0 / (1.0 + exp(-y)), shape[0], shape[1])
                   : gsl_cdf_beta_Q(1.0 / (1.0 + exp(y)), shape[1], shape[0]);
}

static double beta_tail_above(const double *shape, double y)
{
    const double mirrored[2] = {shape[1], shape[0]};
    return beta_tail_below(mirrored, -y);
}

static double beta_quantile_below(const double *shape, double p)
{
    return 1.0 / (1.0 + exp(-invert_tail(beta_tail_below, beta_density, shape, log(shape[0] / shape[1]), p)));
}

static double beta_quantile_above(const double *shape, double q)
{
    return 1.0 / (1.0 + exp(-invert_tail(beta_tail_above, beta_density, shape, log(shape[0] / shape[1]), q)));
}

static double weibull_below(const double *shape, double x)
{
    return x <= 0.0 ? 0.0 : -expm1(-pow(x, shape[0]));
}

static double weibull_above(const double *shape, double x)
{
    return x <= 0.0 ? 1.0 : exp(-pow(x, shape[0]));
}

static double weibull_quantile_below(const double *shape, double p)
{
    return pow(-log1p(-p), 1.0 / shape[0]);
}

static double weibull_quantile_above(const double *shape, double q)
{
    return pow(-log(q), 1.0 / shape[0]);
}

static double pareto_below(const double *shape, double x)
{
    return x <= 1.0 ? 0.0 : -expm1(-shape[0] * log(x));
}

static double pareto_above(const double *shape, double x)
{
    return x <= 1.0 ? 1.0 : exp(-shape[0] * log(x));
}

static double pareto_quantile_below(const double *shape, double p)
{
    return exp(-log1p(-p) / shape[0]);
}

static double pareto_quantile_above(const double *shape, double q)
{
    return exp(-log(q) / shape[0]);
}

static const struct standard standards[OUTLAY_N_FAMILIES] = {
    [OUTLAY_UNIFORM] = {uniform_below, uniform_above, uniform_quantile_below, uniform_quantile_above, 0.0, 1.0},
    [OUTLAY_TRIANGULAR] = {triangular_below, triangular_above, triangular_quantile_below, triangular_quantile_above,
                           0.0, 1.0},
    [OUTLAY_NORMAL] = {normal_below, normal_above, normal_quantile_below, normal_quantile_above, -INFINITY, INFINITY},
    [OUTLAY_LOGNORMAL] = {lognormal_below, lognormal_above, lognormal_quantile_below, lognormal_quantile_above, 0.0,
                          INFINITY},
    [OUTLAY_GAMMA] = {gamma_below, gamma_above, gamma_quantile_below, gamma_quantile_above, 0.0, INFINITY},
    [OUTLAY_BETA] = {beta_below, beta_above, beta_quantile_below, beta_quantile_above, 0.0, 1.0},
    [OUTLAY_WEIBULL] = {weibull_below, weibull_above, weibull_quantile_below, weibull_quantile_above, 0.0, INFINITY},
    [OUTLAY_PARETO] = {pareto_below, pareto_above, pareto_quantile_below, pareto_quantile_above, 1.0, INFINITY},
    /* the exponential law is the Weibull law of shape 1, which outlay_law_init writes into `shape` */
    [OUTLAY_EXPONENTIAL] = {weibull_below, weibull_above, weibull_quantile_below, weibull_quantile_above, 0.0,
                            INFINITY},
};

/* True if the parameter `name` of the form stands at place i. */
static bool has(const struct outlay_law_form *form, int i, const char *name)
{
    return form->parameter[i] != NULL && strcmp(form->parameter[i], name) == 0;
}

static const char *reduce_bounded(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    if (form->family == OUTLAY_CONSTANT) {
        law->shift = p[0];
        return NULL;
    }
    const double max = p[form->n_parameters - 1];
    if (!(p[0] < max)) {
        return "min must be below max";
    }
    law->shift = p[0];
    law->scale = max - p[0];
    if (form->family == OUTLAY_TRIANGULAR) {
        if (p[1] < p[0] || p[1] > max) {
            return "mode must lie between min and max";
        }
        law->shape[0] = (p[1] - p[0]) / law->scale;
    }
    return NULL;
}

static const char *reduce_normal(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    law->shift = p[0];
    law->scale = has(form, 1, "cv") ? p[1] * fabs(p[0]) : p[1];
    return law->scale > 0.0 ? NULL : "the standard deviation must be above 0";
}

static const char *reduce_lognormal(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    if (!(p[0] > 0.0 && p[1] > 0.0)) {
        return "both parameters must be above 0";
    }
    double sigma = p[1];
    if (has(form, 1, "sd") || has(form, 1, "cv")) {
        const double cv = has(form, 1, "sd") ? p[1] / p[0] : p[1];
        sigma = sqrt(log1p(cv * cv));
    } else if (has(form, 1, "p95")) {
        if (!(p[1] > p[0])) {
            return "p95 must be above the median";
        }
        sigma = log(p[1] / p[0]) / gsl_cdf_ugaussian_Pinv(0.95);
    }
    if (sigma > 10.0) {
        return "the logarithm may have a standard deviation of 10 at the most";
    }
    law->shape[0] = sigma;
    law->scale = has(form, 0, "median") ? p[0] : p[0] * exp(-0.5 * sigma * sigma);
    return NULL;
}

static const char *reduce_gamma(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    if (!(p[0] > 0.0 && p[1] > 0.0)) {
        return "both parameters must be above 0";
    }
    if (has(form, 0, "shape")) {
        law->shape[0] = p[0];
        law->scale = p[1];
    } else {
        const double cv = has(form, 1, "sd") ? p[1] / p[0] : p[1];
        law->shape[0] = 1.0 / (cv * cv);
        law->scale = p[0] * cv * cv;
    }
    return law->shape[0] >= 0.01 && law->shape[0] <= 1e4 ? NULL : "the shape must lie between 0.01 and 10000";
}

static const char *reduce_beta(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    law->scale = 1.0;
    law->shape[0] = p[0];
    law->shape[1] = p[1];
    if (has(form, 0, "mean")) {
        if (!(p[0] > 0.0 && p[0] < 1.0)) {
            return "the mean must lie between 0 and 1";
        }
        const double sum = p[0] * (1.0 - p[0]) / (p[1] * p[1]) - 1.0;
        if (!(p[1] > 0.0 && sum > 0.0)) {
            return "sd must be above 0, and sd^2 below mean (1 - mean)";
        }
        law->shape[0] = p[0] * sum;
        law->shape[1] = (1.0 - p[0]) * sum;
    }
    const double least = GSL_MIN_DBL(law->shape[0], law->shape[1]);
    const double most = GSL_MAX_DBL(law->shape[0], law->shape[1]);
    return least >= 0.01 && most <= 1e5 ? NULL : "alpha and beta must lie between 0.01 and 100000";
}

static const char *reduce_tail(struct outlay_law *law, const struct outlay_law_form *form, const double *p)
{
    if (!(p[0] > 0.0 && (form->n_parameters == 1 || p[1] > 0.0))) {
        return "the parameters must be above 0";
    }
    if (form->family == OUTLAY_EXPONENTIAL) {
        law->shape[0] = 1.0;
        law->scale = p[0];
        return NULL;
    }
    const bool has_mean = has(form, 0, "mean");
    law->shape[0] = has_mean ? p[1] : p[0];
    law->scale = has_mean ? p[0] : p[1];
    if (law->shape[0] < 0.1 || law->shape[0] > 1000.0) {
        return "the shape must lie between 0.1 and 1000";
    }
    if (has_mean && form->family == OUTLAY_PARETO) {
        if (!(law->shape[0] > 1.0)) {
            return "a Pareto law has a mean only where alpha is above 1";
        }
        law->scale = p[0] * (law->shape[0] - 1.0) / law->shape[0];
    } else if (has_mean) {
        law->scale = p[0] / gsl_sf_gamma(1.0 + 1.0 / law->shape[0]);
    }
    return NULL;
}

typedef const char *(*reduce_fn)(struct outlay_law *, const struct outlay_law_form *, const double *);

static const reduce_fn reductions[OUTLAY_N_FAMILIES] = {
    [OUTLAY_CONSTANT] = reduce_bounded,   [OUTLAY_UNIFORM] = reduce_bounded,     [OUTLAY_TRIANGULAR] = reduce_bounded,
    [OUTLAY_NORMAL] = reduce_normal,      [OUTLAY_LOGNORMAL] = reduce_lognormal, [OUTLAY_GAMMA] = reduce_gamma,
    [OUTLAY_BETA] = reduce_beta,          [OUTLAY_WEIBULL] = reduce_tail,        [OUTLAY_PARETO] = reduce_tail,
    [OUTLAY_EXPONENTIAL] = reduce_tail,
};

struct outlay_law outlay_law_constant(double value)
{
    return (struct outlay_law){.family = OUTLAY_CONSTANT, .shift = value, .lower = -INFINITY, .upper = INFINITY};
}

/* Probability that the standard law gives to [from, to], accurate wherever the interval lies. */
static double between(const struct outlay_law *law, double from, double to)
{
    const struct standard *standard = &standards[law->family];
    const double below = standard->below(law->shape, from);
    if (below < 0.5) {
        return standard->below(law->shape, to) - below;
    }
    return standard->above(law->shape, from) - standard->above(law->shape, to);
}

static double mass(const struct outlay_law *law)
{
    return between(law, law->lower, law->upper);
}

outlay_err outlay_law_init(struct outlay_law *self, const struct outlay_law_form *form, const double *parameter,
                           double min, double max, const char **why)
{
    *self = outlay_law_constant(0.0);
    self->family = form->family;
    for (int i = 0; i < form->n_parameters; i++) {
        if (!isfinite(parameter[i])) {
            *why = "every parameter must be a finite number";
            return OUTLAY_ERR_BAD_LAW;
        }
    }
    *why = reductions[form->family](self, form, parameter);
    if (*why != NULL) {
        return OUTLAY_ERR_BAD_LAW;
    }
    if (!(min <= max)) {
        *why = "min must not be above max";
        return OUTLAY_ERR_BAD_LAW;
    }
    if (form->family == OUTLAY_CONSTANT) {
        if (!(self->shift >= min && self->shift <= max)) {
            *why = "the value lies outside min and max";
            return OUTLAY_ERR_BAD_LAW;
        }
        return OUTLAY_OK;
    }
    self->lower = (min - self->shift) / self->scale;
    self->upper = (max - self->shift) / self->scale;
    if (!(mass(self) >= OUTLAY_LAW_MIN_MASS)) {
        *why = "almost nothing of the law lies between min and max";
        return OUTLAY_ERR_BAD_LAW;
    }
    return OUTLAY_OK;
}

double outlay_law_cdf(const struct outlay_law *self, double x, bool upper_tail)
{
    if (self->family == OUTLAY_CONSTANT) {
        return (x >= self->shift) != upper_tail ? 1.0 : 0.0;
    }
    const double z = GSL_MAX_DBL(self->lower, GSL_MIN_DBL((x - self->shift) / self->scale, self->upper));
    const double part = upper_tail ? between(self, z, self->upper) : between(self, self->lower, z);
    return GSL_MIN_DBL(part / mass(self), 1.0);
}

double outlay_law_quantile(const struct outlay_law *self, double p, bool upper_tail)
{
    if (self->family == OUTLAY_CONSTANT) {
        return self->shift;
    }
    const struct standard *standard = &standards[self->family];
    const double whole = mass(self);
    const double below = standard->below(self->shape, self->lower) + (upper_tail ? 1.0 - p : p) * whole;
    const double above = standard->above(self->shape, self->upper) + (upper_tail ? p : 1.0 - p) * whole;
    const double z = below <= 0.5 ? standard->quantile_below(self->shape, below)
                                  : standard->quantile_above(self->shape, above);
    return self->shift + self->scale * GSL_MAX_DBL(self->lower, GSL_MIN_DBL(z, self->upper));
}

void outlay_law_support(const struct outlay_law *self, double *min, double *max)
{
    const struct standard *standard = &standards[self->family];
    const bool is_constant = self->family == OUTLAY_CONSTANT;
    *min = is_constant ? self->shift : self->shift + self->scale * GSL_MAX_DBL(self->lower, standard->min);
    *max = is_constant ? self->shift : self->shift + self->scale * GSL_MIN_DBL(self->upper, standard->max);
}

bool outlay_law_same_shape(const struct outlay_law *a, const struct outlay_law *b)
{
    return a->family == b->family && a->shape[0] == b->shape[0] && a->shape[1] == b->shape[1] && a->lower == b->lower &&
           a->upper == b->upper;
}
