/* standard_law.c: distribution functions and quantiles of the standard laws, in both tails. */
#include "base/standard_law.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

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

static double normal_quantile_of(const double *shape, double z)
{
    (void)shape;
    return z;
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

static double lognormal_quantile_of(const double *shape, double z)
{
    return exp(shape[0] * z);
}

static double lognormal_quantile_below(const double *shape, double p)
{
    return lognormal_quantile_of(shape, gsl_cdf_ugaussian_Pinv(p));
}

static double lognormal_quantile_above(const double *shape, double q)
{
    return lognormal_quantile_of(shape, gsl_cdf_ugaussian_Qinv(q));
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

static double gamma_quantile_of(const double *shape, double y)
{
    (void)shape;
    return exp(y);
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

static double weibull_quantile_of(const double *shape, double e)
{
    return pow(e, 1.0 / shape[0]);
}

static double weibull_quantile_below(const double *shape, double p)
{
    return weibull_quantile_of(shape, -log1p(-p));
}

static double weibull_quantile_above(const double *shape, double q)
{
    return weibull_quantile_of(shape, -log(q));
}

static double pareto_below(const double *shape, double x)
{
    return x <= 1.0 ? 0.0 : -expm1(-shape[0] * log(x));
}

static double pareto_above(const double *shape, double x)
{
    return x <= 1.0 ? 1.0 : exp(-shape[0] * log(x));
}

static double pareto_quantile_of(const double *shape, double e)
{
    return exp(e / shape[0]);
}

static double pareto_quantile_below(const double *shape, double p)
{
    return pareto_quantile_of(shape, -log1p(-p));
}

static double pareto_quantile_above(const double *shape, double q)
{
    return pareto_quantile_of(shape, -log(q));
}

const struct outlay_standard_law outlay_standard_laws[OUTLAY_N_FAMILIES] = {
    [OUTLAY_UNIFORM] = {uniform_below, uniform_above, uniform_quantile_below, uniform_quantile_above, 0.0, 1.0,
                        OUTLAY_SCORE_NONE, NULL},
    [OUTLAY_TRIANGULAR] = {triangular_below, triangular_above, triangular_quantile_below, triangular_quantile_above,
                           0.0, 1.0, OUTLAY_SCORE_NONE, NULL},
    [OUTLAY_NORMAL] = {normal_below, normal_above, normal_quantile_below, normal_quantile_above, -INFINITY, INFINITY,
                       OUTLAY_SCORE_NORMAL, normal_quantile_of},
    [OUTLAY_LOGNORMAL] = {lognormal_below, lognormal_above, lognormal_quantile_below, lognormal_quantile_above, 0.0,
                          INFINITY, OUTLAY_SCORE_NORMAL, lognormal_quantile_of},
    [OUTLAY_GAMMA] = {gamma_below, gamma_above, gamma_quantile_below, gamma_quantile_above, 0.0, INFINITY,
                      OUTLAY_SCORE_LOGARITHM, gamma_quantile_of},
    [OUTLAY_BETA] = {beta_below, beta_above, beta_quantile_below, beta_quantile_above, 0.0, 1.0, OUTLAY_SCORE_NONE,
                     NULL},
    [OUTLAY_WEIBULL] = {weibull_below, weibull_above, weibull_quantile_below, weibull_quantile_above, 0.0, INFINITY,
                        OUTLAY_SCORE_EXPONENTIAL, weibull_quantile_of},
    [OUTLAY_PARETO] = {pareto_below, pareto_above, pareto_quantile_below, pareto_quantile_above, 1.0, INFINITY,
                       OUTLAY_SCORE_EXPONENTIAL, pareto_quantile_of},
    /* the exponential law is the Weibull law of shape 1, which outlay_law_init writes into `shape` */
    [OUTLAY_EXPONENTIAL] = {weibull_below, weibull_above, weibull_quantile_below, weibull_quantile_above, 0.0, INFINITY,
                            OUTLAY_SCORE_EXPONENTIAL, weibull_quantile_of},
};
