/*
 * test_data_laws.c: values drawn through the quantile tables of laws made of data follow those laws.
 *
 * Probability-integral transform as in test_laws.c: 2^18 values of each law, turned into what should be uniforms by a
 * distribution function that is written here by hand and with GSL; then Anderson and Darling's test, and Pearson's on
 * cells that go out to 1e-4 in both tails. The twin's values are 5 % too large, which must be noticed. Threshold: the
 * probability of five standard errors (checks.h). False-alarm probability of this file: 2 x 6 checks x 5.7e-7 = 7e-6.
 * Seed 20250102.
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

enum { N = 1 << 18, N_BINS = 6, N_ROWS = 400 };

/* ---- the laws: as data, and as distribution functions written by hand -------------------------------------------- */

/* Loans of a real programme by size, in thousands: many small ones, few large ones. */
static const double edges[N_BINS + 1] = {1, 50, 150, 350, 1000, 2000, 10000};
static const double counts[N_BINS] = {66.8, 17.1, 9.6, 4.1, 1.6, 0.8};

static double in_bins(double x, bool is_log)
{
    double below = 0.0, sum = 0.0;
    for (int i = 0; i < N_BINS; i++) {
        const double part =
            is_log ? log(x / edges[i]) / log(edges[i + 1] / edges[i]) : (x - edges[i]) / (edges[i + 1] - edges[i]);
        below += counts[i] * fmax(0.0, fmin(part, 1.0));
        sum += counts[i];
    }
    return below / sum;
}

static double uniform_bins(double x)
{
    return in_bins(x, false);
}

static double log_bins(double x)
{
    return in_bins(x, true);
}

/* Row k of the data file, k = 0 ... N_ROWS - 1: rises, and neither evenly nor smoothly. */
static double row(int k)
{
    return exp(0.011 * k + 0.3 * floor(k / 57.0) + 0.001 * (k % 7));
}

/* The k-th of n rows (from 0) lies at probability k / (n - 1), straight lines between. */
static double rows(double x)
{
    int k = 0;
    while (k < N_ROWS && row(k) <= x) {
        k++;
    }
    return k == 0 ? 0.0 : k == N_ROWS ? 1.0 : (k - 1 + (x - row(k - 1)) / (row(k) - row(k - 1))) / (N_ROWS - 1);
}

static double mixture(double x)
{
    return 0.6 * gsl_cdf_lognormal_P(x, log(4.5), 0.4) + 0.3 * gsl_cdf_flat_P(x, 30.0, 50.0) +
           0.1 * gsl_cdf_pareto_P(x, 1.6, 60.0);
}

static double splice_at(double x, double share)
{
    return x < 20.0 ? (1.0 - share) * gsl_cdf_lognormal_P(x, log(4.5), 1.1) / gsl_cdf_lognormal_P(20.0, log(4.5), 1.1)
                    : 1.0 - share * pow(20.0 / x, 1.6);
}

static double splice_8(double x)
{
    return splice_at(x, 0.08);
}

static double splice_own(double x)
{
    return splice_at(x, gsl_cdf_lognormal_Q(20.0, log(4.5), 1.1));
}

static struct outlay_law plain(const char *name, double a, double b)
{
    const struct outlay_law_form *form = outlay_law_forms;
    while (form->name != NULL && strcmp(form->name, name) != 0) {
        form++;
    }
    assert_non_null(form->name);
    struct outlay_law law;
    const char *why = NULL;
    const double parameter[] = {a, b};
    assert_int_equal(outlay_law_init(&law, form, parameter, -INFINITY, INFINITY, &why), OUTLAY_OK);
    return law;
}

static struct outlay_law_data *make(int i_law)
{
    const struct outlay_law parts[] = {plain("lognormal", 4.5, 0.4), plain("uniform", 30.0, 50.0),
                                       plain("pareto", 1.6, 60.0)};
    const struct outlay_law body = plain("lognormal", 4.5, 1.1);
    static const double weights[] = {0.6, 0.3, 0.1};
    static struct outlay_observation observations[N_ROWS];
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    for (int k = 0; k < N_ROWS; k++) {
        observations[(k * 231 + 17) % N_ROWS] = (struct outlay_observation){row(k), 1.0};
    }
    const outlay_err err = i_law < 2    ? outlay_law_data_histogram(&data, N_BINS, edges, counts, i_law == 1, &why)
                           : i_law == 2 ? outlay_law_data_sample(&data, N_ROWS, observations, &why)
                           : i_law == 3
                               ? outlay_law_data_mixture(&data, 3, parts, weights, &why)
                               : outlay_law_data_splice(&data, &body, 20.0, i_law == 4 ? 0.08 : NAN, 1.6, &why);
    assert_int_equal(err, OUTLAY_OK);
    return data;
}

static const struct named_law {
    const char *name;
    double (*below)(double x);
} laws[] = {
    {"histogram", uniform_bins}, {"histogram in the logarithm", log_bins},
    {"data file", rows},         {"mixture", mixture},
    {"splice", splice_8},        {"splice with the body's share", splice_own},
};

enum { N_LAWS = sizeof laws / sizeof *laws };

/* ---- the checks -------------------------------------------------------------------------------------------------- */

static double transformed[N]; /* large for a stack */

/* Draw N values times `factor`, and turn them into what should be uniforms. */
static void transform(int i_law, double factor)
{
    struct outlay_law_data *data = make(i_law);
    struct outlay_law law;
    struct outlay_quantiles *table = NULL;
    const char *why = NULL;
    assert_int_equal(outlay_law_init_data(&law, data, -INFINITY, INFINITY, &why), OUTLAY_OK);
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    const struct outlay_key key = outlay_key_fold(outlay_key_from_seed(20250102), laws[i_law].name);
    for (uint32_t i = 0; i < N; i++) {
        const struct outlay_block bits = outlay_block_at(key, 0, i, (uint32_t)i_law, 0);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        transformed[i] = laws[i_law].below(outlay_quantiles_at(table, u) * factor);
    }
    outlay_quantiles_free(table);
    outlay_law_data_free(data);
}

static void test_values_follow_their_laws(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        transform(i, 1.0);
        if (!check_tails(transformed, N) || !check_uniform(transformed, N)) {
            fail_msg("%s: the values do not follow the law", laws[i].name);
        }
    }
}

static void test_values_that_are_too_large_do_not(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        transform(i, 1.05);
        if (check_tails(transformed, N) || check_uniform(transformed, N)) {
            fail_msg("%s: values 5 %% too large pass for the law", laws[i].name);
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
