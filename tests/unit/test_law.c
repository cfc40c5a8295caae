/*
 * test_law.c: every row of THE law table means what its parameters are called, in both tails.
 *
 * Known answers: moments are closed formulas of Klugman, Panjer, Willmot, "Loss Models", appendix A, and of Johnson,
 * Kotz, Balakrishnan, "Continuous Univariate Distributions" (truncated normal), set against the integral of the
 * quantile function by GSL.
 */
#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "outlay/law.h"

/* The two are equal but for `tolerance`. */
#define assert_near(is, ought, tolerance) near(is, ought, tolerance, __LINE__)

static void near(double is, double ought, double tolerance, int line)
{
    if (!(is == ought || fabs(is - ought) <= tolerance)) {
        fail_msg("line %d: %.17g instead of %.17g", line, is, ought);
    }
}

/* A form is found by its family and the names of its first two parameters. */
static const struct outlay_law_form *form_of(const char *name, const char *first, const char *second)
{
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        if (strcmp(form->name, name) == 0 && strcmp(form->parameter[0], first) == 0 &&
            (second == NULL ? form->n_parameters == 1 : strcmp(form->parameter[1], second) == 0)) {
            return form;
        }
    }
    fail_msg("no form %s with %s and %s", name, first, second != NULL ? second : "nothing else");
    return NULL;
}

static struct outlay_law law_within(const struct outlay_law_form *form, const double *parameter, double min, double max)
{
    struct outlay_law law;
    const char *why = NULL;
    if (outlay_law_init(&law, form, parameter, min, max, &why) != OUTLAY_OK) {
        fail_msg("%s: %s", form->name, why);
    }
    assert_null(why);
    return law;
}

static struct outlay_law law_of(const struct outlay_law_form *form, const double *parameter)
{
    return law_within(form, parameter, -INFINITY, INFINITY);
}

/* ---- moments ----------------------------------------------------------------------------------------------------- */

struct integrand {
    const struct outlay_law *law;
    double centre;
    int power;
};

static double both_tails(double p, void *context)
{
    const struct integrand *self = context;
    const double low = outlay_law_quantile(self->law, p, false) - self->centre;
    const double high = outlay_law_quantile(self->law, p, true) - self->centre;
    return self->power == 1 ? low + high : low * low + high * high;
}

/* E (X - centre)^power = integral of (Q(p) - centre)^power over (0, 1), both halves folded onto (0, 1/2). */
static double moment(const struct outlay_law *law, double centre, int power)
{
    struct integrand integrand = {law, centre, power};
    gsl_function function = {both_tails, &integrand};
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(2000);
    double result = NAN, error;
    const int status = gsl_integration_qags(&function, 0.0, 0.5, 1e-13, 1e-9, 2000, workspace, &result, &error);
    gsl_integration_workspace_free(workspace);
    assert_int_equal(status, GSL_SUCCESS);
    return result;
}

static void check_moments(const struct outlay_law *law, double mean, double sd)
{
    const double scale = fabs(mean) + sd;
    assert_near(moment(law, 0.0, 1), mean, 1e-7 * scale);
    assert_near(moment(law, mean, 2), sd * sd, 1e-6 * sd * sd + 1e-14 * scale * scale);
}

struct meaning {
    const char *name, *first, *second;
    double parameter[3];
    double mean, sd;
};

/* One case for each form: high-entropy numbers, and the moments that they imply. */
static int meanings(struct meaning cases[])
{
    const double gamma_1 = tgamma(1.0 + 1.0 / 1.37), gamma_2 = tgamma(1.0 + 2.0 / 1.37);
    const double weibull_cv = sqrt(gamma_2 / (gamma_1 * gamma_1) - 1.0);
    const double lognormal_mean = 4.31 * exp(0.5 * 0.87 * 0.87), lognormal_cv = sqrt(exp(0.87 * 0.87) - 1.0);
    const double p95_sigma = log(19.7 / 4.31) / 1.6448536269514722; /* the normal law's 95 % point */
    const double p95_mean = 4.31 * exp(0.5 * p95_sigma * p95_sigma);
    const double pareto_cv = 1.0 / sqrt(5.3 * (5.3 - 2.0));
    const struct meaning all[] = {
        {"constant", "value", NULL, {7.31}, 7.31, 0.0},
        {"uniform", "min", "max", {-2.3, 5.9}, 1.8, 8.2 / sqrt(12.0)},
        {"triangular", "min", "mode", {1.0, 2.0, 6.0}, 3.0, sqrt(21.0 / 18.0)},
        {"normal", "mean", "sd", {10.7, 3.1}, 10.7, 3.1},
        {"normal", "mean", "cv", {-10.7, 0.31}, -10.7, 3.317},
        {"lognormal", "median", "sigma", {4.31, 0.87}, lognormal_mean, lognormal_mean * lognormal_cv},
        {"lognormal", "mean", "sigma", {4.31, 0.87}, 4.31, 4.31 * lognormal_cv},
        {"lognormal", "mean", "sd", {4.31, 3.7}, 4.31, 3.7},
        {"lognormal", "mean", "cv", {4.31, 0.77}, 4.31, 0.77 * 4.31},
        {"lognormal", "median", "p95", {4.31, 19.7}, p95_mean, p95_mean * sqrt(exp(p95_sigma * p95_sigma) - 1.0)},
        {"gamma", "shape", "scale", {2.3, 3.7}, 2.3 * 3.7, 3.7 * sqrt(2.3)},
        {"gamma", "mean", "sd", {30.3, 12.1}, 30.3, 12.1},
        {"gamma", "mean", "cv", {30.3, 1.7}, 30.3, 1.7 * 30.3},
        {"beta", "alpha", "beta", {2.0, 5.0}, 2.0 / 7.0, sqrt(10.0 / (49.0 * 8.0))},
        {"beta", "mean", "sd", {0.35, 0.1}, 0.35, 0.1},
        {"weibull", "shape", "scale", {1.37, 2.9}, 2.9 * gamma_1, 2.9 * gamma_1 * weibull_cv},
        {"weibull", "mean", "shape", {2.9, 1.37}, 2.9, 2.9 * weibull_cv},
        {"pareto", "alpha", "scale", {5.3, 2.9}, 2.9 * 5.3 / 4.3, 2.9 * 5.3 / 4.3 * pareto_cv},
        {"pareto", "mean", "alpha", {2.9, 5.3}, 2.9, 2.9 * pareto_cv},
        {"exponential", "mean", NULL, {2.9}, 2.9, 2.9},
    };
    memcpy(cases, all, sizeof all);
    return (int)(sizeof all / sizeof *all);
}

enum { MAX_CASES = 32 };

static void test_parameters_mean_what_they_are_called(void **state)
{
    (void)state;
    struct meaning cases[MAX_CASES];
    const int n = meanings(cases);
    int n_forms = 0;
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        n_forms += outlay_law_form_is_data(form) ? 0 : 1; /* test_data_laws.c */
    }
    assert_int_equal(n, n_forms);
    for (int i = 0; i < n; i++) {
        const struct outlay_law_form *form = form_of(cases[i].name, cases[i].first, cases[i].second);
        assert_ptr_equal(form, &outlay_law_forms[i]);
        const struct outlay_law law = law_of(form, cases[i].parameter);
        check_moments(&law, cases[i].mean, cases[i].sd);
    }
}

static void test_named_points(void **state)
{
    (void)state;
    const struct outlay_law p95 = law_of(form_of("lognormal", "median", "p95"), (double[]){4.31, 19.7});
    assert_near(outlay_law_quantile(&p95, 0.05, true), 19.7, 1e-12 * 19.7);
    assert_near(outlay_law_quantile(&p95, 0.5, false), 4.31, 1e-12);
    const struct outlay_law weibull = law_of(form_of("weibull", "shape", "scale"), (double[]){1.37, 2.9});
    assert_near(outlay_law_cdf(&weibull, 4.0, true), exp(-pow(4.0 / 2.9, 1.37)), 1e-15);
    const struct outlay_law pareto = law_of(form_of("pareto", "alpha", "scale"), (double[]){5.3, 2.9});
    assert_near(outlay_law_cdf(&pareto, 4.0, true), pow(2.9 / 4.0, 5.3), 1e-15);
    const struct outlay_law constant = outlay_law_constant(3.5);
    assert_near(outlay_law_quantile(&constant, 0.9, false), 3.5, 0.0);
    assert_near(outlay_law_cdf(&constant, 3.5, false), 1.0, 0.0);
    assert_near(outlay_law_cdf(&constant, 3.5, true), 0.0, 0.0);
    assert_near(outlay_law_cdf(&constant, 3.4, false), 0.0, 0.0);
    assert_near(outlay_law_cdf(&constant, 3.4, true), 1.0, 0.0);
}

/* ---- quantile and probability are inverse to each other ---------------------------------------------------------- */

/* A step that floating point may make at x. */
static double step_at(const struct outlay_law *law, double x)
{
    return 8.0 * DBL_EPSILON * (fabs(x) + fabs(law->shift)) + DBL_MIN;
}

/* p lies between the probabilities just beside its quantile, but for a relative error of 1e-9. */
static void check_inverse(const struct outlay_law *law, const char *name, double p, bool upper_tail)
{
    const double x = outlay_law_quantile(law, p, upper_tail);
    const double a = outlay_law_cdf(law, x - step_at(law, x), upper_tail);
    const double b = outlay_law_cdf(law, x + step_at(law, x), upper_tail);
    if (!(fmin(a, b) * (1.0 - 1e-9) <= p && p <= fmax(a, b) * (1.0 + 1e-9))) {
        fail_msg("%s(%g, %g): the quantile at %g of the %s tail is %.17g, whose probability is %.17g to %.17g", name,
                 law->shape[0], law->shape[1], p, upper_tail ? "upper" : "lower", x, a, b);
    }
}

static void check_law_both_tails(const struct outlay_law *law, const char *name)
{
    double last_low = -INFINITY, last_high = INFINITY;
    for (int i = 0; i < 164; i++) { /* from 1e-14 to nearly 1/2 */
        const double p = pow(10.0, -14.0 + 0.0837 * i);
        check_inverse(law, name, p, false);
        check_inverse(law, name, p, true);
        const double low = outlay_law_quantile(law, p, false), high = outlay_law_quantile(law, p, true);
        if (!(low >= last_low - step_at(law, low) && high <= last_high + step_at(law, high) && low <= high)) {
            fail_msg("%s(%g, %g): the quantiles at %g are %.17g and %.17g, and before them %.17g and %.17g", name,
                     law->shape[0], law->shape[1], p, low, high, last_low, last_high);
        }
        last_low = low;
        last_high = high;
    }
    const double middle = outlay_law_quantile(law, 0.5, false), same = outlay_law_quantile(law, 0.5, true);
    assert_near(middle, same, 1e-9 * fabs(middle) + step_at(law, middle));
}

static void test_round_trip(void **state)
{
    (void)state;
    struct meaning cases[MAX_CASES];
    const int n = meanings(cases);
    for (int i = 1; i < n; i++) { /* all but the constant */
        const struct outlay_law_form *form = form_of(cases[i].name, cases[i].first, cases[i].second);
        const struct outlay_law law = law_of(form, cases[i].parameter);
        check_law_both_tails(&law, form->name);
    }
}

/* Shapes from one end of what is allowed to the other. */
static void test_round_trip_of_extreme_shapes(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"triangular", "min", "mode", {0.0, 0.0, 1.0}, 0, 0}, {"triangular", "min", "mode", {0.0, 1.0, 1.0}, 0, 0},
        {"lognormal", "median", "sigma", {1.0, 1e-3}, 0, 0},  {"lognormal", "median", "sigma", {1.0, 10.0}, 0, 0},
        {"gamma", "shape", "scale", {0.1, 1.0}, 0, 0},        {"gamma", "shape", "scale", {0.5, 1.0}, 0, 0},
        {"gamma", "shape", "scale", {1.0, 1.0}, 0, 0},        {"gamma", "shape", "scale", {3.0, 1.0}, 0, 0},
        {"gamma", "shape", "scale", {37.0, 1.0}, 0, 0},       {"gamma", "shape", "scale", {1e3, 1.0}, 0, 0},
        {"gamma", "shape", "scale", {1e4, 1.0}, 0, 0},        {"gamma", "shape", "scale", {0.01, 1.0}, 0, 0},
        {"beta", "alpha", "beta", {0.5, 0.5}, 0, 0},          {"beta", "alpha", "beta", {1.0, 1.0}, 0, 0},
        {"beta", "alpha", "beta", {0.1, 7.0}, 0, 0},          {"beta", "alpha", "beta", {7.0, 0.1}, 0, 0},
        {"beta", "alpha", "beta", {300.0, 200.0}, 0, 0},      {"beta", "alpha", "beta", {2.0, 1e4}, 0, 0},
        {"beta", "alpha", "beta", {1e4, 2.0}, 0, 0},          {"beta", "alpha", "beta", {1e5, 1e5}, 0, 0},
        {"beta", "alpha", "beta", {0.01, 0.01}, 0, 0},        {"beta", "alpha", "beta", {0.01, 1e5}, 0, 0},
        {"weibull", "shape", "scale", {0.1, 1.0}, 0, 0},      {"weibull", "shape", "scale", {1000.0, 1.0}, 0, 0},
        {"pareto", "alpha", "scale", {0.1, 1.0}, 0, 0},       {"pareto", "alpha", "scale", {1000.0, 1.0}, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outlay_law_form *form = form_of(cases[i].name, cases[i].first, cases[i].second);
        const struct outlay_law law = law_of(form, cases[i].parameter);
        check_law_both_tails(&law, form->name);
    }
}

/* ---- truncation -------------------------------------------------------------------------------------------------- */

static double normal_density(double z)
{
    return exp(-0.5 * z * z) / sqrt(2.0 * acos(-1.0));
}

/* Mean of the standard normal law between a and b: (phi(a) - phi(b)) / (Phi(b) - Phi(a)) (Johnson et al., 13.10.1). */
static void check_truncated_normal(double a, double b)
{
    const struct outlay_law_form *form = form_of("normal", "mean", "sd");
    const struct outlay_law law = law_within(form, (double[]){50.0, 4.0}, 50.0 + 4.0 * a, 50.0 + 4.0 * b);
    const double mass = a > 0.0 ? 0.5 * (erfc(a / sqrt(2.0)) - erfc(b / sqrt(2.0)))
                                : 0.5 * (erfc(-b / sqrt(2.0)) - erfc(-a / sqrt(2.0)));
    const double mean = (normal_density(a) - normal_density(b)) / mass;
    assert_near(moment(&law, 0.0, 1), 50.0 + 4.0 * mean, 1e-7);
    check_law_both_tails(&law, "truncated normal");
    double min, max;
    outlay_law_support(&law, &min, &max);
    assert_near(min, 50.0 + 4.0 * a, 1e-12 * 50.0);
    assert_near(max, 50.0 + 4.0 * b, 1e-12 * 50.0);
}

static void test_truncated_normal(void **state)
{
    (void)state;
    check_truncated_normal(-1.0, 2.0);
    check_truncated_normal(0.0, INFINITY);
    check_truncated_normal(-INFINITY, -1.5);
    check_truncated_normal(3.0, INFINITY);
    check_truncated_normal(3.5, 4.0);
    check_truncated_normal(-4.0, -3.5);
}

/* Limited lognormal: E[X | X > d] = mean Phi(sigma - z) / Phi(-z), z = ln(d / median) / sigma. */
static void test_truncated_lognormal(void **state)
{
    (void)state;
    const double median = 4.5e8, sigma = 1.1, d = 1e8, z = log(d / median) / sigma;
    const struct outlay_law law =
        law_within(form_of("lognormal", "median", "sigma"), (double[]){median, sigma}, d, INFINITY);
    const double mean = median * exp(0.5 * sigma * sigma) * erfc((z - sigma) / sqrt(2.0)) / erfc(z / sqrt(2.0));
    assert_near(moment(&law, 0.0, 1), mean, 1e-7 * mean);
    check_law_both_tails(&law, "truncated lognormal");
    assert_near(outlay_law_cdf(&law, d, false), 0.0, 0.0);
    assert_near(outlay_law_cdf(&law, d, true), 1.0, 1e-15);
    assert_near(outlay_law_cdf(&law, 0.0, false), 0.0, 0.0);
}

/* Cut laws that are laws of the same family again. */
static void test_truncation_within_a_family(void **state)
{
    (void)state;
    const struct outlay_law_form *uniform = form_of("uniform", "min", "max");
    const struct outlay_law_form *exponential = form_of("exponential", "mean", NULL);
    const struct outlay_law_form *pareto = form_of("pareto", "alpha", "scale");
    const struct outlay_law cut[3] = {
        law_within(uniform, (double[]){0.0, 10.0}, 2.0, 3.0),
        law_within(exponential, (double[]){2.5}, 20.0, INFINITY),
        law_within(pareto, (double[]){1.7, 1.0}, 9.0, INFINITY),
    };
    const struct outlay_law whole[3] = {
        law_of(uniform, (double[]){2.0, 3.0}),
        law_of(exponential, (double[]){2.5}), /* without memory: 20 later */
        law_of(pareto, (double[]){1.7, 9.0}),
    };
    const double shift[3] = {0.0, 20.0, 0.0};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 50; k++) { /* from 1e-12 to 0.2 */
            const double p = 1e-12 * pow(1.7, k);
            for (int tail = 0; tail < 2; tail++) {
                const double is = outlay_law_quantile(&cut[i], p, tail == 1);
                const double ought = outlay_law_quantile(&whole[i], p, tail == 1) + shift[i];
                assert_near(is, ought, 1e-10 * ought);
            }
        }
    }
}

static void test_support(void **state)
{
    (void)state;
    static const struct {
        const char *name, *first, *second;
        double parameter[3], min, max;
    } cases[] = {
        {"constant", "value", NULL, {3.0}, 3.0, 3.0},
        {"uniform", "min", "max", {-2.0, 6.0}, -2.0, 6.0},
        {"triangular", "min", "mode", {1.0, 2.0, 6.0}, 1.0, 6.0},
        {"normal", "mean", "sd", {1.0, 2.0}, -INFINITY, INFINITY},
        {"lognormal", "median", "sigma", {2.0, 1.0}, 0.0, INFINITY},
        {"gamma", "shape", "scale", {2.0, 1.0}, 0.0, INFINITY},
        {"beta", "alpha", "beta", {2.0, 1.0}, 0.0, 1.0},
        {"weibull", "shape", "scale", {2.0, 1.0}, 0.0, INFINITY},
        {"pareto", "alpha", "scale", {2.0, 3.0}, 3.0, INFINITY},
        {"exponential", "mean", NULL, {2.0}, 0.0, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outlay_law law =
            law_of(form_of(cases[i].name, cases[i].first, cases[i].second), cases[i].parameter);
        double min, max;
        outlay_law_support(&law, &min, &max);
        assert_true(min == cases[i].min && max == cases[i].max);
        assert_near(outlay_law_cdf(&law, min - 1.0, false), 0.0, 0.0);
        assert_near(outlay_law_cdf(&law, max + 1.0, true), 0.0, 0.0);
        assert_near(outlay_law_cdf(&law, max + 1.0, false), 1.0, 0.0);
    }
}

/* Bounds that are wider than the law cut nothing off. */
static void test_idle_bounds(void **state)
{
    (void)state;
    const struct outlay_law law = law_within(form_of("triangular", "min", "mode"), (double[]){1.0, 2.0, 6.0}, 0.0, 7.0);
    double min, max;
    outlay_law_support(&law, &min, &max);
    assert_true(min == 1.0 && max == 6.0);
    check_moments(&law, 3.0, sqrt(21.0 / 18.0));
}

static void test_same_shape(void **state)
{
    (void)state;
    const struct outlay_law_form *form = form_of("lognormal", "median", "sigma");
    const struct outlay_law a = law_of(form, (double[]){4.0, 1.1}), b = law_of(form, (double[]){9.0, 1.1});
    const struct outlay_law c = law_of(form, (double[]){4.0, 1.2});
    const struct outlay_law d = law_within(form, (double[]){4.0, 1.1}, 1.0, INFINITY);
    const struct outlay_law e = law_of(form_of("weibull", "shape", "scale"), (double[]){1.1, 4.0});
    assert_true(outlay_law_same_shape(&a, &b));
    assert_false(outlay_law_same_shape(&a, &c));
    assert_false(outlay_law_same_shape(&a, &d));
    assert_false(outlay_law_same_shape(&a, &e));
}

/* ---- what is refused, and with which sentence -------------------------------------------------------------------- */

#define NO_BOUNDS -INFINITY, INFINITY

struct refusal {
    const char *name, *first, *second;
    double parameter[3], min, max;
    const char *why; /* NULL = accepted */
};

static void check_refusals(const struct refusal *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct refusal *c = &cases[i];
        struct outlay_law law;
        const char *why = "untouched";
        const outlay_err err =
            outlay_law_init(&law, form_of(c->name, c->first, c->second), c->parameter, c->min, c->max, &why);
        if (c->why == NULL) {
            assert_int_equal(err, OUTLAY_OK);
        } else {
            assert_int_equal(err, OUTLAY_ERR_BAD_LAW);
            assert_string_equal(why, c->why);
        }
    }
}

static void test_refused_parameters(void **state)
{
    (void)state;
    static const char both[] = "both parameters must be above 0", all[] = "the parameters must be above 0",
                      sd[] = "the standard deviation must be above 0",
                      finite[] = "every parameter must be a finite number",
                      mode[] = "mode must lie between min and max", order[] = "min must be below max",
                      beta_sd[] = "sd must be above 0, and sd^2 below mean (1 - mean)",
                      beta_mean[] = "the mean must lie between 0 and 1";
    const struct refusal cases[] = {
        {"constant", "value", NULL, {NAN}, NO_BOUNDS, finite},
        {"normal", "mean", "sd", {1.0, INFINITY}, NO_BOUNDS, finite},
        {"triangular", "min", "mode", {1.0, 2.0, NAN}, NO_BOUNDS, finite},
        {"uniform", "min", "max", {2.0, 2.0}, NO_BOUNDS, order},
        {"uniform", "min", "max", {2.1, 2.0}, NO_BOUNDS, order},
        {"triangular", "min", "mode", {3.0, 3.0, 3.0}, NO_BOUNDS, order},
        {"triangular", "min", "mode", {1.0, 0.9, 3.0}, NO_BOUNDS, mode},
        {"triangular", "min", "mode", {1.0, 3.1, 3.0}, NO_BOUNDS, mode},
        {"normal", "mean", "sd", {1.0, 0.0}, NO_BOUNDS, sd},
        {"normal", "mean", "cv", {0.0, 0.3}, NO_BOUNDS, sd},
        {"lognormal", "median", "sigma", {0.0, 1.0}, NO_BOUNDS, both},
        {"lognormal", "mean", "sd", {1.0, 0.0}, NO_BOUNDS, both},
        {"lognormal", "median", "p95", {2.0, 2.0}, NO_BOUNDS, "p95 must be above the median"},
        {"gamma", "shape", "scale", {1.0, -1.0}, NO_BOUNDS, both},
        {"gamma", "mean", "cv", {-1.0, 1.0}, NO_BOUNDS, both},
        {"beta", "mean", "sd", {0.0, 0.1}, NO_BOUNDS, beta_mean},
        {"beta", "mean", "sd", {1.0, 0.1}, NO_BOUNDS, beta_mean},
        {"beta", "mean", "sd", {0.5, 0.0}, NO_BOUNDS, beta_sd},
        {"beta", "mean", "sd", {0.5, -0.1}, NO_BOUNDS, beta_sd},
        {"beta", "mean", "sd", {0.5, 0.5}, NO_BOUNDS, beta_sd},
        {"weibull", "shape", "scale", {1.0, 0.0}, NO_BOUNDS, all},
        {"pareto", "alpha", "scale", {0.0, 1.0}, NO_BOUNDS, all},
        {"exponential", "mean", NULL, {0.0}, NO_BOUNDS, all},
        {"pareto", "mean", "alpha", {1.0, 1.0}, NO_BOUNDS, "a Pareto law has a mean only where alpha is above 1"},
    };
    check_refusals(cases, sizeof cases / sizeof *cases);
}

/* Each limit of a shape: at it, and one step beyond. */
static void test_limits_of_shapes(void **state)
{
    (void)state;
    static const char sigma[] = "the logarithm may have a standard deviation of 10 at the most",
                      gamma[] = "the shape must lie between 0.01 and 10000",
                      beta[] = "alpha and beta must lie between 0.01 and 100000",
                      tail[] = "the shape must lie between 0.1 and 1000";
    const struct refusal cases[] = {
        {"lognormal", "median", "sigma", {1.0, 10.0}, NO_BOUNDS, NULL},
        {"lognormal", "median", "sigma", {1.0, nextafter(10.0, 11.0)}, NO_BOUNDS, sigma},
        {"lognormal", "mean", "cv", {1.0, 1e200}, NO_BOUNDS, sigma},
        {"gamma", "shape", "scale", {0.01, 1.0}, NO_BOUNDS, NULL},
        {"gamma", "shape", "scale", {nextafter(0.01, 0.0), 1.0}, NO_BOUNDS, gamma},
        {"gamma", "shape", "scale", {1e4, 1.0}, NO_BOUNDS, NULL},
        {"gamma", "shape", "scale", {nextafter(1e4, 1e5), 1.0}, NO_BOUNDS, gamma},
        {"gamma", "mean", "cv", {1.0, 1e-200}, NO_BOUNDS, gamma},
        {"gamma", "mean", "cv", {1.0, 1e200}, NO_BOUNDS, gamma},
        {"beta", "alpha", "beta", {0.01, 1e5}, NO_BOUNDS, NULL},
        {"beta", "alpha", "beta", {nextafter(0.01, 0.0), 1.0}, NO_BOUNDS, beta},
        {"beta", "alpha", "beta", {1.0, nextafter(1e5, 1e6)}, NO_BOUNDS, beta},
        {"beta", "alpha", "beta", {-1.0, 1.0}, NO_BOUNDS, beta},
        {"beta", "mean", "sd", {0.5, 1e-5}, NO_BOUNDS, beta},
        {"weibull", "shape", "scale", {0.1, 1.0}, NO_BOUNDS, NULL},
        {"weibull", "shape", "scale", {nextafter(0.1, 0.0), 1.0}, NO_BOUNDS, tail},
        {"pareto", "alpha", "scale", {1000.0, 1.0}, NO_BOUNDS, NULL},
        {"pareto", "mean", "alpha", {1.0, nextafter(1000.0, 1001.0)}, NO_BOUNDS, tail},
        {"pareto", "mean", "alpha", {1.0, nextafter(1.0, 2.0)}, NO_BOUNDS, NULL},
        {"triangular", "min", "mode", {1.0, 1.0, 3.0}, NO_BOUNDS, NULL},
        {"triangular", "min", "mode", {1.0, 3.0, 3.0}, NO_BOUNDS, NULL},
    };
    check_refusals(cases, sizeof cases / sizeof *cases);
}

static void test_refused_bounds(void **state)
{
    (void)state;
    static const char order[] = "min must not be above max", outside[] = "the value lies outside min and max",
                      nothing[] = "almost nothing of the law lies between min and max";
    const double enough = OUTLAY_LAW_MIN_MASS;
    const struct refusal cases[] = {
        {"normal", "mean", "sd", {0.0, 1.0}, 1.0, 0.9, order},
        {"normal", "mean", "sd", {0.0, 1.0}, NAN, 1.0, order},
        {"constant", "value", NULL, {2.0}, 3.0, 1.0, order},
        {"constant", "value", NULL, {2.0}, 2.0, 2.0, NULL},
        {"constant", "value", NULL, {2.0}, nextafter(2.0, 3.0), 4.0, outside},
        {"constant", "value", NULL, {2.0}, 1.0, nextafter(2.0, 1.0), outside},
        {"normal", "mean", "sd", {0.0, 1.0}, 0.5, 0.5, nothing},
        {"normal", "mean", "sd", {0.0, 1.0}, 8.0, INFINITY, nothing},
        {"uniform", "min", "max", {0.0, 1.0}, 1.5, 2.0, nothing},
        {"uniform", "min", "max", {0.0, 1.0}, 0.0, enough, NULL},
        {"uniform", "min", "max", {0.0, 1.0}, 0.0, nextafter(enough, 0.0), nothing},
    };
    check_refusals(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_mean_what_they_are_called),
        cmocka_unit_test(test_named_points),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_round_trip_of_extreme_shapes),
        cmocka_unit_test(test_truncated_normal),
        cmocka_unit_test(test_truncated_lognormal),
        cmocka_unit_test(test_truncation_within_a_family),
        cmocka_unit_test(test_support),
        cmocka_unit_test(test_idle_bounds),
        cmocka_unit_test(test_same_shape),
        cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_limits_of_shapes),
        cmocka_unit_test(test_refused_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
