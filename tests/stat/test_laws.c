/*
 * test_laws.c: values drawn through the quantile tables follow the laws that the scenario names.
 *
 * Probability-integral transform: 2^18 values of each law, turned into what should be uniforms by GSL's distribution
 * function of that law (the tables come from inverses), then Anderson and Darling's test, and
 * Pearson's on cells that go out to 1e-4 in both tails. The twin's values are 5 % too large, which must be noticed.
 * Threshold: the probability of five standard errors (checks.h). False-alarm probability of this file:
 * 2 x 13 checks x 5.7e-7 = 1.5e-5. Seed 20250101.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks.h"
#include "outlay/random.h"

enum { N = 1 << 18 };

/* ---- the laws, as a scenario names them and as GSL does ---------------------------------------------------------- */

static double uniform(double x)
{
    return gsl_cdf_flat_P(x, 2.0, 7.0);
}

static double triangular(double x)
{
    return x < 400.0   ? 0.0
           : x < 700.0 ? (x - 400.0) * (x - 400.0) / (800.0 * 300.0)
                       : 1.0 - fmax(0.0, 1200.0 - x) * fmax(0.0, 1200.0 - x) / (800.0 * 500.0);
}

static double normal(double x)
{
    return gsl_cdf_gaussian_P(x - 30.0, 12.0);
}

static double lognormal(double x)
{
    return gsl_cdf_lognormal_P(x, log(4.5), 1.1);
}

static double lognormal_p95(double x)
{
    return gsl_cdf_lognormal_P(x, log(4.5), log(30.0 / 4.5) / 1.6448536269514722);
}

static double truncated(double x)
{
    return (lognormal(x) - lognormal(0.7)) / (lognormal(90.0) - lognormal(0.7));
}

static double gamma_review(double x)
{
    return gsl_cdf_gamma_P(x, 6.25, 4.8); /* mean 30, sd 12 */
}

static double gamma_steep(double x)
{
    return gsl_cdf_gamma_P(x, 0.5, 2.0);
}

static double beta(double x)
{
    return x < 1.0 ? gsl_cdf_beta_P(x, 0.35 * 21.75, 0.65 * 21.75) : 1.0; /* mean 0.35, sd 0.1 */
}

static double beta_bath(double x)
{
    return x < 1.0 ? gsl_cdf_beta_P(x, 0.5, 0.5) : 1.0;
}

static double weibull(double x)
{
    return gsl_cdf_weibull_P(x, 3.0, 1.4);
}

static double pareto(double x)
{
    return gsl_cdf_pareto_P(x, 2.5, 3.0);
}

static double exponential(double x)
{
    return gsl_cdf_exponential_P(x, 3.0);
}

static const struct named_law {
    const char *name, *first, *second;
    double parameter[3], min, max;
    double (*below)(double x);
} laws[] = {
    {"uniform", "min", "max", {2.0, 7.0}, -INFINITY, INFINITY, uniform},
    {"triangular", "min", "mode", {400.0, 700.0, 1200.0}, -INFINITY, INFINITY, triangular},
    {"normal", "mean", "cv", {30.0, 0.4}, -INFINITY, INFINITY, normal},
    {"lognormal", "median", "sigma", {4.5, 1.1}, -INFINITY, INFINITY, lognormal},
    {"lognormal", "median", "p95", {4.5, 30.0}, -INFINITY, INFINITY, lognormal_p95},
    {"lognormal", "median", "sigma", {4.5, 1.1}, 0.7, 90.0, truncated},
    {"gamma", "mean", "sd", {30.0, 12.0}, -INFINITY, INFINITY, gamma_review},
    {"gamma", "shape", "scale", {0.5, 2.0}, -INFINITY, INFINITY, gamma_steep},
    {"beta", "mean", "sd", {0.35, 0.1}, -INFINITY, INFINITY, beta},
    {"beta", "alpha", "beta", {0.5, 0.5}, -INFINITY, INFINITY, beta_bath},
    {"weibull", "shape", "scale", {1.4, 3.0}, -INFINITY, INFINITY, weibull},
    {"pareto", "alpha", "scale", {2.5, 3.0}, -INFINITY, INFINITY, pareto},
    {"exponential", "mean", NULL, {3.0}, -INFINITY, INFINITY, exponential},
};

enum { N_LAWS = sizeof laws / sizeof *laws };

static struct outlay_law law_of(const struct named_law *named)
{
    const struct outlay_law_form *form = outlay_law_forms;
    while (form->name != NULL &&
           !(strcmp(form->name, named->name) == 0 && strcmp(form->parameter[0], named->first) == 0 &&
             (named->second == NULL || strcmp(form->parameter[1], named->second) == 0))) {
        form++;
    }
    assert_non_null(form->name);
    struct outlay_law law;
    const char *why;
    assert_int_equal(outlay_law_init(&law, form, named->parameter, named->min, named->max, &why), OUTLAY_OK);
    return law;
}

/* ---- the checks -------------------------------------------------------------------------------------------------- */

static double transformed[N]; /* large for a stack */

/* Draw N values times `factor`, and turn them into what should be uniforms. */
static void transform(int i_law, double factor)
{
    const struct outlay_law law = law_of(&laws[i_law]);
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    const struct outlay_key key = outlay_key_fold(outlay_key_from_seed(20250101), laws[i_law].name);
    for (uint32_t i = 0; i < N; i++) {
        const struct outlay_block bits = outlay_block_at(key, 0, i, (uint32_t)i_law, 0);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        const double value = law.shift + law.scale * outlay_quantiles_at(table, u);
        transformed[i] = laws[i_law].below(value * factor);
    }
    outlay_quantiles_free(table);
}

static void test_values_follow_their_laws(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        transform(i, 1.0);
        if (!check_tails(transformed, N) || !check_uniform(transformed, N)) {
            fail_msg("%s by %s: the values do not follow the law", laws[i].name, laws[i].first);
        }
    }
}

static void test_values_that_are_too_large_do_not(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        transform(i, 1.05);
        if (check_tails(transformed, N) || check_uniform(transformed, N)) {
            fail_msg("%s by %s: values 5 %% too large pass for the law", laws[i].name, laws[i].first);
        }
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_follow_their_laws),
        cmocka_unit_test(test_values_that_are_too_large_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
