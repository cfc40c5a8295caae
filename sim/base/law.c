/* law.c: THE law table, and how the numbers of each of its rows become a law. */
#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

#include "base/law_data.h"
#include "base/standard_law.h"

#define HISTOGRAM_DOC "shares of the bins between the edges; uniform `within` a bin, or uniform in the logarithm: `log`"
#define COUNTS_DOC "the same with any numbers that stand to each other as the shares do"
#define CSV_DOC "a column of a data file beside the scenario; `weight` is another column"
#define MIXTURE_DOC "a list of laws with their probabilities: `[{weight: 0.9, law: {...}}, {weight: 0.1, law: {...}}]`"
#define SPLICE_DOC "the law `body` below, a Pareto tail above; `tail_share` is the probability of the tail"

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
    {OUTLAY_HISTOGRAM, "histogram", 2, {"edges", "shares", "within"}, {true}, false, HISTOGRAM_DOC},
    {OUTLAY_HISTOGRAM, "histogram", 2, {"edges", "counts", "within"}, {true}, false, COUNTS_DOC},
    {OUTLAY_CSV, "csv", 2, {"file", "column", "weight"}, {false}, false, CSV_DOC},
    {OUTLAY_MIXTURE, "mixture", 2, {"weight", "law"}, {false}, false, MIXTURE_DOC},
    {OUTLAY_SPLICE, "splice", 3, {"body", "tail_from", "alpha", "tail_share"}, {false, true}, false, SPLICE_DOC},
    {.name = NULL},
};

bool outlay_law_form_is_data(const struct outlay_law_form *form)
{
    return form->family >= OUTLAY_HISTOGRAM;
}

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
    [OUTLAY_CONSTANT] = reduce_bounded, [OUTLAY_UNIFORM] = reduce_bounded,     [OUTLAY_TRIANGULAR] = reduce_bounded,
    [OUTLAY_NORMAL] = reduce_normal,    [OUTLAY_LOGNORMAL] = reduce_lognormal, [OUTLAY_GAMMA] = reduce_gamma,
    [OUTLAY_BETA] = reduce_beta,        [OUTLAY_WEIBULL] = reduce_tail,        [OUTLAY_PARETO] = reduce_tail,
    [OUTLAY_EXPONENTIAL] = reduce_tail,
};

struct outlay_law outlay_law_constant(double value)
{
    return (struct outlay_law){.family = OUTLAY_CONSTANT, .shift = value, .lower = -INFINITY, .upper = INFINITY};
}

/* ---- X: the standard law or the data ----------------------------------------------------------------------------- */

static double below(const struct outlay_law *law, double x)
{
    return law->data != NULL ? outlay_law_data_cdf(law->data, x, false)
                             : outlay_standard_laws[law->family].below(law->shape, x);
}

static double above(const struct outlay_law *law, double x)
{
    return law->data != NULL ? outlay_law_data_cdf(law->data, x, true)
                             : outlay_standard_laws[law->family].above(law->shape, x);
}

static double quantile_below(const struct outlay_law *law, double p)
{
    return law->data != NULL ? outlay_law_data_quantile(law->data, p, false)
                             : outlay_standard_laws[law->family].quantile_below(law->shape, p);
}

static double quantile_above(const struct outlay_law *law, double q)
{
    return law->data != NULL ? outlay_law_data_quantile(law->data, q, true)
                             : outlay_standard_laws[law->family].quantile_above(law->shape, q);
}

/* Where X < bound is meant and not X <= bound, which differ where data repeat a value. */
static double just_before(const struct outlay_law *law, double bound)
{
    return law->data != NULL && isfinite(bound) ? nextafter(bound, -INFINITY) : bound;
}

/* Probability of (from, to], accurate wherever the interval lies. */
static double between(const struct outlay_law *law, double from, double to)
{
    const double p = below(law, from);
    if (p < 0.5) {
        return below(law, to) - p;
    }
    return above(law, from) - above(law, to);
}

static bool is_truncated(const struct outlay_law *law)
{
    return !(isinf(law->lower) && isinf(law->upper));
}

struct outlay_law_parts outlay_law_cut(const struct outlay_law *self)
{
    /* the parts of data add up to 1 only to within rounding, so they are always looked at */
    if (self->family == OUTLAY_CONSTANT || (self->data == NULL && !is_truncated(self))) {
        return (struct outlay_law_parts){0.0, 1.0, 0.0};
    }
    const double from = just_before(self, self->lower);
    return (struct outlay_law_parts){below(self, from), between(self, from, self->upper), above(self, self->upper)};
}

static outlay_err truncate(struct outlay_law *self, double min, double max, const char **why)
{
    if (!(min <= max)) {
        *why = "min must not be above max";
        return OUTLAY_ERR_BAD_LAW;
    }
    if (self->family == OUTLAY_CONSTANT) {
        if (!(self->shift >= min && self->shift <= max)) {
            *why = "the value lies outside min and max";
            return OUTLAY_ERR_BAD_LAW;
        }
        return OUTLAY_OK;
    }
    self->lower = (min - self->shift) / self->scale;
    self->upper = (max - self->shift) / self->scale;
    if (!(outlay_law_cut(self).within >= OUTLAY_LAW_MIN_MASS)) {
        *why = "almost nothing of the law lies between min and max";
        return OUTLAY_ERR_BAD_LAW;
    }
    return OUTLAY_OK;
}

outlay_err outlay_law_init(struct outlay_law *self, const struct outlay_law_form *form, const double *parameter,
                           double min, double max, const char **why)
{
    assert(!outlay_law_form_is_data(form));
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
    return truncate(self, min, max, why);
}

outlay_err outlay_law_init_data(struct outlay_law *self, const struct outlay_law_data *data, double min, double max,
                                const char **why)
{
    double least, most;
    outlay_law_data_support(data, &least, &most);
    *self = outlay_law_constant(least);
    *why = NULL;
    if (least < most) {
        self->family = data->family;
        self->data = data;
        self->scale = 1.0;
        self->shift = 0.0;
    }
    return truncate(self, min, max, why);
}

double outlay_law_cdf(const struct outlay_law *self, double x, bool upper_tail)
{
    if (self->family == OUTLAY_CONSTANT) {
        return (x >= self->shift) != upper_tail ? 1.0 : 0.0;
    }
    const double z = (x - self->shift) / self->scale;
    if (!is_truncated(self)) {
        return upper_tail ? above(self, z) : below(self, z);
    }
    if (z < self->lower || z >= self->upper) {
        return (z < self->lower) == upper_tail ? 1.0 : 0.0;
    }
    const double part = upper_tail ? between(self, z, self->upper) : between(self, just_before(self, self->lower), z);
    return GSL_MIN_DBL(part / outlay_law_cut(self).within, 1.0);
}

double outlay_law_quantile(const struct outlay_law *self, double p, bool upper_tail)
{
    if (self->family == OUTLAY_CONSTANT) {
        return self->shift;
    }
    const struct outlay_law_parts parts = outlay_law_cut(self);
    const double p_below = parts.below + (upper_tail ? 1.0 - p : p) * parts.within;
    const double p_above = parts.above + (upper_tail ? p : 1.0 - p) * parts.within;
    const double z = p_below <= 0.5 ? quantile_below(self, p_below) : quantile_above(self, p_above);
    return self->shift + self->scale * GSL_MAX_DBL(self->lower, GSL_MIN_DBL(z, self->upper));
}

enum outlay_score outlay_law_score(const struct outlay_law *self)
{
    const bool has_own = self->family == OUTLAY_CONSTANT || self->data != NULL || is_truncated(self);
    return has_own ? OUTLAY_SCORE_NONE : outlay_standard_laws[self->family].score;
}

double outlay_law_score_at(const struct outlay_law *self, double p, bool upper_tail)
{
    switch (outlay_law_score(self)) {
    case OUTLAY_SCORE_NORMAL:
        return upper_tail ? gsl_cdf_ugaussian_Qinv(p) : gsl_cdf_ugaussian_Pinv(p);
    case OUTLAY_SCORE_EXPONENTIAL:
        return upper_tail ? -log(p) : -log1p(-p);
    default:
        return log(upper_tail ? quantile_above(self, p) : quantile_below(self, p));
    }
}

void outlay_law_quantiles_of(const struct outlay_law *self, size_t n, const double score[], double value[])
{
    const struct outlay_standard_law *standard = &outlay_standard_laws[self->family];
    for (size_t i = 0; i < n; i++) {
        value[i] = self->shift + self->scale * standard->quantile_of(self->shape, score[i]);
    }
}

void outlay_law_support(const struct outlay_law *self, double *min, double *max)
{
    *min = *max = self->shift;
    if (self->family == OUTLAY_CONSTANT) {
        return;
    }
    double least = outlay_standard_laws[self->family].min, most = outlay_standard_laws[self->family].max;
    if (self->data != NULL) {
        outlay_law_data_support(self->data, &least, &most);
    }
    *min = self->shift + self->scale * GSL_MAX_DBL(self->lower, least);
    *max = self->shift + self->scale * GSL_MIN_DBL(self->upper, most);
}

bool outlay_law_same_shape(const struct outlay_law *a, const struct outlay_law *b)
{
    return a->family == b->family && a->shape[0] == b->shape[0] && a->shape[1] == b->shape[1] && a->lower == b->lower &&
           a->upper == b->upper && outlay_law_data_same(a->data, b->data);
}
