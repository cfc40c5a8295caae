/*
 * test_data_laws.c: laws made of data (histogram, data file, mixture, splice), their tables, and reading them.
 *
 * Known answers: histograms, mixtures and splices by hand from their definitions; empirical quantiles from Hyndman and
 * Fan's type 7, with the examples of numpy.percentile's manual and of Wikipedia's article "Percentile" (C = 1).
 */
#include <float.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "outlay/random.h"
#include "outlay/scenario.h"

#define assert_near(is, ought, tolerance) near(is, ought, tolerance, __LINE__)

static void near(double is, double ought, double tolerance, int line)
{
    if (!(is == ought || fabs(is - ought) <= tolerance)) {
        fail_msg("line %d: %.17g instead of %.17g", line, is, ought);
    }
}

/* The law of `data` without bounds. */
static struct outlay_law law_of(const struct outlay_law_data *data)
{
    struct outlay_law law;
    const char *why = "";
    assert_int_equal(outlay_law_init_data(&law, data, -INFINITY, INFINITY, &why), OUTLAY_OK);
    assert_null(why);
    return law;
}

/* A law of THE law table by its name and the name of its first parameter. */
static struct outlay_law plain(const char *name, const char *first, double a, double b)
{
    const struct outlay_law_form *form = outlay_law_forms;
    while (form->name != NULL && (strcmp(form->name, name) != 0 || strcmp(form->parameter[0], first) != 0)) {
        form++;
    }
    assert_non_null(form->name);
    struct outlay_law law;
    const char *why = NULL;
    const double parameter[] = {a, b};
    assert_int_equal(outlay_law_init(&law, form, parameter, -INFINITY, INFINITY, &why), OUTLAY_OK);
    return law;
}

static struct outlay_law_data *histogram(size_t n, const double edges[], const double shares[], bool is_log)
{
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    assert_int_equal(outlay_law_data_histogram(&data, n, edges, shares, is_log, &why), OUTLAY_OK);
    return data;
}

/* Of values and weights; `weights` NULL = 1 each. */
static struct outlay_law_data *sample(size_t n, const double values[], const double weights[])
{
    struct outlay_observation rows[16];
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    assert_true(n <= 16);
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct outlay_observation){values[i], weights != NULL ? weights[i] : 1.0};
    }
    assert_int_equal(outlay_law_data_sample(&data, n, rows, &why), OUTLAY_OK);
    return data;
}

static struct outlay_law_data *mixture(size_t n, const struct outlay_law law[], const double weight[])
{
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    assert_int_equal(outlay_law_data_mixture(&data, n, law, weight, &why), OUTLAY_OK);
    return data;
}

static struct outlay_law_data *splice(const struct outlay_law *body, double from, double share, double alpha)
{
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    assert_int_equal(outlay_law_data_splice(&data, body, from, share, alpha, &why), OUTLAY_OK);
    return data;
}

/* The quantile at p and the probability at that quantile, in both tails. */
static void check_point(const struct outlay_law *law, double p, double x)
{
    const double tolerance = 1e-12 * fabs(x);
    assert_near(outlay_law_quantile(law, p, false), x, tolerance);
    assert_near(outlay_law_quantile(law, 1.0 - p, true), x, tolerance);
    assert_near(outlay_law_cdf(law, x, false), p, 1e-14);
    assert_near(outlay_law_cdf(law, x, true), 1.0 - p, 1e-14);
}

/* ---- histogram --------------------------------------------------------------------------------------------------- */

static const double edges[] = {0.0, 150.0, 350.0, 1000.0, 4000.0};
static const double shares[] = {0.5, 0.25, 0.125, 0.125};

static void test_histogram(void **state)
{
    (void)state;
    struct outlay_law_data *data = histogram(4, edges, shares, false);
    const struct outlay_law law = law_of(data);
    double min, max;
    check_point(&law, 0.5, 150.0);
    check_point(&law, 0.75, 350.0);
    check_point(&law, 0.875, 1000.0);
    check_point(&law, 0.25, 75.0);
    check_point(&law, 0.625, 250.0);
    check_point(&law, 0.96875, 3250.0);
    /* both tails keep their relative accuracy */
    assert_near(outlay_law_quantile(&law, 1e-15, false), 3e-13, 1e-24);
    assert_near(outlay_law_cdf(&law, 3e-13, false), 1e-15, 1e-26);
    assert_near(4000.0 - outlay_law_quantile(&law, 1e-9, true), 2.4e-5, 1e-12);
    assert_near(outlay_law_cdf(&law, 4000.0 - 2.4e-5, true), 1e-9, 1e-15);
    outlay_law_support(&law, &min, &max);
    assert_true(min == 0.0 && max == 4000.0);
    assert_true(outlay_law_cdf(&law, -1.0, false) == 0.0 && outlay_law_cdf(&law, -1.0, true) == 1.0);
    assert_true(outlay_law_cdf(&law, 4000.0, false) == 1.0 && outlay_law_cdf(&law, 5000.0, true) == 0.0);
    outlay_law_data_free(data);
}

static void test_histogram_in_the_logarithm(void **state)
{
    (void)state;
    static const double decades[] = {1.0, 100.0, 1e6}, halves[] = {0.5, 0.5};
    struct outlay_law_data *data = histogram(2, decades, halves, true);
    const struct outlay_law law = law_of(data);
    check_point(&law, 0.25, 10.0);
    check_point(&law, 0.5, 100.0);
    check_point(&law, 0.625, 1e3);
    check_point(&law, 0.875, 1e5);
    outlay_law_data_free(data);
}

/* Counts are shares; empty bins at the ends are no part of the law, those in the middle are a gap. */
static void test_histogram_with_empty_bins(void **state)
{
    (void)state;
    static const double bounds[] = {0, 1, 2, 3, 4, 5}, counts[] = {0, 30, 0, 10, 0};
    struct outlay_law_data *data = histogram(5, bounds, counts, false);
    const struct outlay_law law = law_of(data);
    double min, max;
    outlay_law_support(&law, &min, &max);
    assert_true(min == 1.0 && max == 4.0);
    check_point(&law, 0.75, 2.0); /* the lower end of the gap */
    assert_near(outlay_law_quantile(&law, 0.7500001, false), 3.0000004, 1e-12);
    assert_near(outlay_law_cdf(&law, 2.7, false), 0.75, 0.0);
    assert_near(outlay_law_cdf(&law, 2.7, true), 0.25, 0.0);
    outlay_law_data_free(data);
}

/* ---- data files -------------------------------------------------------------------------------------------------- */

static void test_type_7(void **state)
{
    (void)state;
    static const double wikipedia[] = {40, 15, 50, 20, 35}, numpy[] = {10, 7, 4, 3, 2, 1};
    struct outlay_law_data *data = sample(5, wikipedia, NULL);
    struct outlay_law law = law_of(data);
    check_point(&law, 0.4, 29.0);
    check_point(&law, 0.25, 20.0);
    check_point(&law, 0.5, 35.0);
    check_point(&law, 0.05, 16.0);
    check_point(&law, 0.95, 48.0);
    outlay_law_data_free(data);
    data = sample(6, numpy, NULL);
    law = law_of(data);
    check_point(&law, 0.5, 3.5);
    outlay_law_data_free(data);
}

/* A weight is a number of equal rows, whatever unit it has: 1, 2, 2, 2, 5, 5. */
static void test_weights(void **state)
{
    (void)state;
    static const double rows[] = {2, 5, 2, 1, 2, 5}, values[] = {5, 1, 9, 2}, weights[] = {0.5, 0.25, 0.0, 0.75};
    struct outlay_law_data *expanded = sample(6, rows, NULL), *weighted = sample(4, values, weights);
    const struct outlay_law a = law_of(expanded), b = law_of(weighted);
    assert_true(outlay_law_data_same(expanded, weighted));
    assert_true(outlay_law_same_shape(&a, &b));
    assert_near(outlay_law_quantile(&b, 0.1, false), 1.5, 1e-15);
    assert_near(outlay_law_quantile(&b, 0.2, false), 2.0, 1e-15);
    assert_near(outlay_law_quantile(&b, 0.59, false), 2.0, 1e-15);
    assert_near(outlay_law_quantile(&b, 0.7, false), 3.5, 1e-14);
    assert_near(outlay_law_quantile(&b, 0.3, true), 3.5, 1e-14);
    assert_near(outlay_law_quantile(&b, 0.81, false), 5.0, 0.0);
    /* the values that come more than once have a probability of their own */
    assert_near(outlay_law_cdf(&b, 2.0, false), 0.6, 1e-15);
    assert_near(outlay_law_cdf(&b, nextafter(2.0, 0.0), false), 0.2, 1e-14);
    assert_near(outlay_law_cdf(&b, nextafter(5.0, 0.0), true), 0.2, 1e-14);
    outlay_law_data_free(expanded);
    outlay_law_data_free(weighted);
}

static void test_one_value(void **state)
{
    (void)state;
    static const double one[] = {7.5}, same[] = {3, 3, 3}, weights[] = {2.5};
    struct outlay_law_data *data = sample(1, one, weights);
    struct outlay_law law = law_of(data);
    assert_int_equal(law.family, OUTLAY_CONSTANT);
    assert_near(outlay_law_quantile(&law, 0.3, false), 7.5, 0.0);
    outlay_law_data_free(data);
    data = sample(3, same, NULL);
    law = law_of(data);
    assert_int_equal(law.family, OUTLAY_CONSTANT);
    assert_near(outlay_law_quantile(&law, 0.3, true), 3.0, 0.0);
    outlay_law_data_free(data);
}

/* ---- mixture ----------------------------------------------------------------------------------------------------- */

static void test_mixture(void **state)
{
    (void)state;
    static const double weight[] = {0.25, 0.75};
    const struct outlay_law uniforms[] = {plain("uniform", "min", 0.0, 1.0), plain("uniform", "min", 0.0, 10.0)};
    struct outlay_law_data *data = mixture(2, uniforms, weight);
    const struct outlay_law law = law_of(data);
    double min, max;
    check_point(&law, 0.1625, 0.5);
    check_point(&law, 0.325, 1.0);
    check_point(&law, 0.55, 4.0);
    check_point(&law, 0.925, 9.0);
    outlay_law_support(&law, &min, &max);
    assert_true(min == 0.0 && max == 10.0);
    outlay_law_data_free(data);
}

/* Parts that do not meet, and a part that is always the same value. */
static void test_mixture_with_gap_and_atom(void **state)
{
    (void)state;
    static const double weight[] = {4, 3, 3};
    const struct outlay_law parts[] = {plain("uniform", "min", -3.0, -1.0), outlay_law_constant(2.0),
                                       plain("uniform", "min", 5.0, 6.0)};
    struct outlay_law_data *data = mixture(3, parts, weight);
    const struct outlay_law law = law_of(data);
    check_point(&law, 0.2, -2.0);
    check_point(&law, 0.85, 5.5);
    assert_near(outlay_law_cdf(&law, 0.0, false), 0.4, 1e-15);
    assert_near(outlay_law_cdf(&law, 2.0, false), 0.7, 1e-15);
    for (double p = 0.401; p < 0.7; p += 0.0137) {
        assert_true(outlay_law_quantile(&law, p, false) == 2.0);
        assert_true(outlay_law_quantile(&law, 1.0 - p, true) == 2.0);
    }
    outlay_law_data_free(data);
}

/* Far out the heavier tail is all there is: P(X > x) = 0.1 (s / x)^alpha. */
static void test_mixture_in_both_tails(void **state)
{
    (void)state;
    static const double weight[] = {0.9, 0.1};
    const struct outlay_law parts[] = {plain("lognormal", "median", 4e8, 1.1), plain("pareto", "alpha", 1.6, 5e8)};
    struct outlay_law_data *data = mixture(2, parts, weight);
    const struct outlay_law law = law_of(data);
    const double q = 1e-14, x = 5e8 * pow(q / 0.1, -1.0 / 1.6);
    assert_near(outlay_law_quantile(&law, q, true), x, 1e-12 * x);
    assert_near(outlay_law_cdf(&law, x, true), q, 1e-12 * q);
    /* the Pareto law begins at 5e8: below, the quantile is the lognormal's at p / 0.9 */
    const double y = outlay_law_quantile(&parts[0], 1e-12 / 0.9, false);
    assert_near(outlay_law_quantile(&law, 1e-12, false), y, 1e-12 * y);
    for (double exponent = -15.0; exponent < -0.3; exponent += 0.0371) {
        const double p = pow(10.0, exponent);
        assert_near(outlay_law_cdf(&law, outlay_law_quantile(&law, p, false), false), p, 1e-11 * p);
        assert_near(outlay_law_cdf(&law, outlay_law_quantile(&law, p, true), true), p, 1e-11 * p);
    }
    outlay_law_data_free(data);
}

/* ---- splice ------------------------------------------------------------------------------------------------------ */

static void test_splice(void **state)
{
    (void)state;
    const struct outlay_law body = plain("uniform", "min", 0.0, 40.0);
    struct outlay_law_data *data = splice(&body, 20.0, 0.08, 1.6);
    const struct outlay_law law = law_of(data);
    double min, max;
    check_point(&law, 0.92, 20.0);
    check_point(&law, 0.46, 10.0); /* the body given that it is below 20 is uniform from 0 to 20 */
    check_point(&law, 1.0 - 0.08 * pow(2.0, -1.6), 40.0);
    assert_near(outlay_law_cdf(&law, 2e9, true), 0.08 * pow(1e8, -1.6), 1e-26);
    assert_near(outlay_law_quantile(&law, 0.08 * 1e-12, true), 20.0 * pow(1e12, 1.0 / 1.6), 1.0);
    /* continuous at the threshold, from either side and in either tail */
    assert_near(outlay_law_cdf(&law, nextafter(20.0, 0.0), false), 0.92, 1e-14);
    assert_near(outlay_law_cdf(&law, nextafter(20.0, 0.0), true), 0.08, 1e-14);
    assert_near(outlay_law_quantile(&law, 0.0800001, true), 20.0, 1e-4);
    assert_near(outlay_law_quantile(&law, 0.0799999, true), 20.0, 1e-4);
    outlay_law_support(&law, &min, &max);
    assert_true(min == 0.0 && isinf(max));
    outlay_law_data_free(data);
}

/* Without a share of its own the tail has what the body leaves; below, nothing changes. */
static void test_splice_with_the_share_of_the_body(void **state)
{
    (void)state;
    const struct outlay_law body = plain("lognormal", "median", 4.0, 1.1);
    struct outlay_law_data *data = splice(&body, 20.0, NAN, 1.6);
    const struct outlay_law law = law_of(data);
    const double share = outlay_law_cdf(&body, 20.0, true);
    assert_near(outlay_law_cdf(&law, 20.0, true), share, 1e-15);
    for (double x = 1e-3; x < 20.0; x *= 1.7) {
        assert_near(outlay_law_cdf(&law, x, false), outlay_law_cdf(&body, x, false), 1e-15);
    }
    assert_near(outlay_law_cdf(&law, 200.0, true), share * pow(10.0, -1.6), 1e-16);
    outlay_law_data_free(data);
}

/* A body that is data itself. */
static void test_splice_of_a_histogram(void **state)
{
    (void)state;
    struct outlay_law_data *bins = histogram(4, edges, shares, false);
    const struct outlay_law body = law_of(bins);
    struct outlay_law_data *data = splice(&body, 1000.0, NAN, 2.0);
    const struct outlay_law law = law_of(data);
    check_point(&law, 0.5, 150.0);
    check_point(&law, 0.875, 1000.0);
    check_point(&law, 1.0 - 0.125 / 4.0, 2000.0);
    outlay_law_data_free(data);
    outlay_law_data_free(bins);
}

/* ---- truncation -------------------------------------------------------------------------------------------------- */

static void test_truncation(void **state)
{
    (void)state;
    struct outlay_law_data *data = histogram(4, edges, shares, false);
    struct outlay_law law;
    const char *why = NULL;
    double min, max;
    assert_int_equal(outlay_law_init_data(&law, data, 150.0, 1000.0, &why), OUTLAY_OK);
    outlay_law_support(&law, &min, &max);
    assert_true(min == 150.0 && max == 1000.0);
    check_point(&law, 2.0 / 3.0, 350.0);
    check_point(&law, 1.0 / 3.0, 250.0);
    assert_near(outlay_law_quantile(&law, 1e-12, false), 150.0, 1e-9);
    assert_int_equal(outlay_law_init_data(&law, data, 5000.0, 6000.0, &why), OUTLAY_ERR_BAD_LAW);
    assert_string_equal(why, "almost nothing of the law lies between min and max");
    assert_int_equal(outlay_law_init_data(&law, data, 6000.0, 5000.0, &why), OUTLAY_ERR_BAD_LAW);
    outlay_law_data_free(data);
}

/* What has a probability of its own stays whole where it lies on a bound: 0, 0, 0, 2, 4. */
static void test_truncation_at_a_repeated_value(void **state)
{
    (void)state;
    static const double values[] = {0, 0, 0, 2, 4};
    struct outlay_law_data *data = sample(5, values, NULL);
    struct outlay_law law;
    const char *why = NULL;
    assert_int_equal(outlay_law_init_data(&law, data, 0.0, INFINITY, &why), OUTLAY_OK);
    assert_near(outlay_law_cdf(&law, 0.0, false), 0.5, 1e-15);
    assert_near(outlay_law_quantile(&law, 0.4, false), 0.0, 0.0);
    check_point(&law, 0.75, 2.0);
    assert_int_equal(outlay_law_init_data(&law, data, -1.0, 0.0, &why), OUTLAY_OK);
    assert_near(outlay_law_quantile(&law, 0.9, false), 0.0, 0.0);
    outlay_law_data_free(data);
}

/* ---- what is no law ---------------------------------------------------------------------------------------------- */

static void test_refused(void **state)
{
    (void)state;
    static const double falling[] = {0, 2, 1}, some[] = {1, 1}, negative[] = {1, -1}, nothing[] = {0, 0};
    static const double rising[] = {0, 1, 2};
    const struct outlay_law body = plain("uniform", "min", 0.0, 1.0);
    const double zero = 0.0;
    struct outlay_observation row = {1.0, 0.0};
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    const struct {
        outlay_err err;
        const char *why;
    } refused[] = {
        {outlay_law_data_histogram(&data, 2, falling, some, false, &why), why},
        {outlay_law_data_histogram(&data, 2, rising, negative, false, &why), why},
        {outlay_law_data_histogram(&data, 2, rising, nothing, false, &why), why},
        {outlay_law_data_histogram(&data, 2, rising, some, true, &why), why},
        {outlay_law_data_sample(&data, 1, &row, &why), why},
        {outlay_law_data_sample(&data, 0, NULL, &why), why},
        {outlay_law_data_mixture(&data, 1, &body, &zero, &why), why},
        {outlay_law_data_mixture(&data, 0, NULL, NULL, &why), why},
        {outlay_law_data_splice(&data, &body, 0.0, 0.1, 1.6, &why), why},
        {outlay_law_data_splice(&data, &body, 0.5, 0.1, 0.01, &why), why},
        {outlay_law_data_splice(&data, &body, 0.5, 1.0, 1.6, &why), why},
        {outlay_law_data_splice(&data, &body, 0.5, 0.0, 1.6, &why), why},
        {outlay_law_data_splice(&data, &body, 1.5, NAN, 1.6, &why), why},
        {outlay_law_data_splice(&data, &body, 1e-9, 0.1, 1.6, &why), why},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(refused[i].err, OUTLAY_ERR_BAD_LAW);
        assert_non_null(refused[i].why);
    }
    assert_null(data);
    outlay_law_data_free(NULL);
}

static void test_same(void **state)
{
    (void)state;
    static const double other[] = {0.5, 0.25, 0.2, 0.05};
    struct outlay_law_data *a = histogram(4, edges, shares, false), *b = histogram(4, edges, shares, false);
    struct outlay_law_data *c = histogram(4, edges, other, false);
    const struct outlay_law body = plain("uniform", "min", 0.0, 1.0), wider = plain("uniform", "min", 0.0, 2.0);
    struct outlay_law_data *d = splice(&body, 0.5, 0.1, 1.6), *e = splice(&body, 0.5, 0.1, 1.6);
    struct outlay_law_data *f = splice(&wider, 0.5, 0.1, 1.6);
    assert_true(outlay_law_data_same(a, b) && outlay_law_data_same(d, e) && outlay_law_data_same(NULL, NULL));
    assert_false(outlay_law_data_same(a, c) || outlay_law_data_same(a, d) || outlay_law_data_same(d, f));
    assert_false(outlay_law_data_same(a, NULL) || outlay_law_data_same(NULL, a));
    struct outlay_law_data *const all[] = {a, b, c, d, e, f};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        outlay_law_data_free(all[i]);
    }
}

/* ---- quantile tables --------------------------------------------------------------------------------------------- */

/* The widest interval of a fine table, which is what random.h promises: |F(value) - u| lies below it. */
#define DISTORTION 0x1p-14

/* u lies between P(X < value) and P(X <= value), but for the promised distortion; values never fall. */
static void check_table(const struct outlay_law *law)
{
    struct outlay_quantiles *table = NULL;
    double last = -INFINITY;
    assert_int_equal(outlay_quantiles_new(&table, law, NULL), OUTLAY_OK);
    assert_true(table->is_fine);
    for (int i = 0; i < 400000; i++) {
        const double u = (i + 0.5) / 400000.0;
        const double value = outlay_quantiles_at(table, u);
        const double rounding = 4.0 * DBL_EPSILON * fabs(value) + DBL_MIN;
        const double before = outlay_law_cdf(law, value - rounding, false);
        const double after = outlay_law_cdf(law, value + rounding, false);
        if (!(before - DISTORTION < u && u < after + DISTORTION)) {
            fail_msg("at %.9g the value is %.17g, whose probability is %.9g to %.9g", u, value, before, after);
        }
        assert_true(value >= last - rounding);
        last = value;
    }
    for (double exponent = -15.9; exponent < -3.0; exponent += 0.0213) { /* far out, relative to the tail */
        const double p = (floor(pow(10.0, exponent) * 0x1p52) + 0.5) * 0x1p-52;
        for (int upper = 0; upper < 2; upper++) {
            const double value = outlay_quantiles_at(table, upper == 1 ? 1.0 - p : p);
            const double a = outlay_law_quantile(law, p * (1.0 - 1.0 / 16.0), upper == 1);
            const double b = outlay_law_quantile(law, p * (1.0 + 1.0 / 16.0), upper == 1);
            const double rounding = 1e-13 * fabs(value); /* to which a mixture is inverted */
            if (!(fmin(a, b) - rounding <= value && value <= fmax(a, b) + rounding)) {
                fail_msg("family %d: %.17g at %g of the %s tail, exact %.17g to %.17g", (int)law->family, value, p,
                         upper == 1 ? "upper" : "lower", a, b);
            }
        }
    }
    assert_true(isfinite(outlay_quantiles_at(table, 0x1p-53)) && isfinite(outlay_quantiles_at(table, 1.0 - 0x1p-53)));
    assert_true(isfinite(outlay_quantiles_at(table, 0.5 - 0x1p-53)));
    outlay_quantiles_free(table);
}

static void test_tables(void **state)
{
    (void)state;
    static const double values[] = {0, 0, 0, 1.7, 2, 2, 11.3, 17, 400, 1e7}, bounds[] = {1, 3, 4, 1000, 1e4, 1e6};
    static const double counts[] = {18130, 0, 7, 92, 0.3}, weight[] = {0.4, 0.3, 0.3};
    const struct outlay_law parts[] = {plain("uniform", "min", -3.0, -1.0), outlay_law_constant(2.0),
                                       plain("lognormal", "median", 5.0, 1.1)};
    struct outlay_law_data *const all[] = {
        histogram(4, edges, shares, false), histogram(5, bounds, counts, false), histogram(5, bounds, counts, true),
        sample(10, values, NULL),           sample(5, bounds, counts),           mixture(3, parts, weight),
        splice(&parts[2], 20.0, 0.08, 1.6), splice(&parts[2], 20.0, NAN, 1.6),
    };
    enum { N = sizeof all / sizeof *all };
    for (int i = 0; i < N; i++) {
        struct outlay_law law = law_of(all[i]);
        check_table(&law);
    }
    struct outlay_law cut;
    const char *why = NULL;
    assert_int_equal(outlay_law_init_data(&cut, all[3], 0.0, 17.0, &why), OUTLAY_OK);
    check_table(&cut);
    for (int i = 0; i < N; i++) {
        outlay_law_data_free(all[i]);
    }
}

/* Within a straight stretch the table is exact. */
static void test_straight_stretches_are_exact(void **state)
{
    (void)state;
    struct outlay_law_data *data = histogram(4, edges, shares, false);
    const struct outlay_law law = law_of(data);
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    for (int i = 0; i < 100000; i++) {
        const double u = (i + 0.5) / 100000.0, value = outlay_law_quantile(&law, u, false);
        /* the edges lie on nodes of the table */
        assert_near(outlay_quantiles_at(table, u), value, 1e-12 * value);
    }
    outlay_quantiles_free(table);
    outlay_law_data_free(data);
}

/* Many values at once are what each is by itself, to the bit, for any number of them and in both kinds of tables. */
static void test_many_values_at_once(void **state)
{
    (void)state;
    enum { N = 300 };
    struct outlay_law_data *data = histogram(4, edges, shares, false);
    const struct outlay_law laws[] = {law_of(data), plain("lognormal", "median", 5.0, 1.1)};
    const struct outlay_key key = outlay_key_from_seed(3);
    for (int l = 0; l < 2; l++) {
        struct outlay_quantiles *table = NULL;
        double u[N], value[N + 1];
        assert_int_equal(outlay_quantiles_new(&table, &laws[l], NULL), OUTLAY_OK);
        assert_true(table->is_fine == (l == 0));
        for (uint32_t i = 0; i < N; i++) {
            const struct outlay_block bits = outlay_block_at(key, i, 0, 0, 0);
            u[i] = outlay_uniform(bits.word[0], bits.word[1]);
        }
        for (int n = 0; n <= N; n++) {
            value[n] = -1.0;
            outlay_quantiles_fill(table, n, u, value);
            for (int i = 0; i < n; i++) {
                assert_true(value[i] == outlay_quantiles_at(table, u[i]));
            }
            assert_true(value[n] == -1.0); /* nothing is written behind them */
        }
        outlay_quantiles_free(table);
    }
    outlay_law_data_free(data);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

#define FILE_NAME "tests/unit/data/of_data.yaml" /* of the text below: data files lie beside it */
#define TEXT                                                                                                           \
    "outlay: 1\ntitle: Data\ncalendar: weekdays\nhorizon: {start: 2025-01-01}\n"                                       \
    "classes:\n  firm: {count: {csv: {file: loans.csv, column: id}}}\n  shop: {count: 10}\n"                           \
    "programmes:\n  aid:\n    budget: 1 M\n    award: {rate: 50%%}\n    applications:\n      per_year: 1\n"            \
    "      contract: %s\n"

static void load(struct outlay_scenario *scenario, const char *contract)
{
    char text[4096];
    struct outlay_diag diag = {0};
    (void)snprintf(text, sizeof text, TEXT, contract);
    if (outlay_scenario_load_text(scenario, FILE_NAME, text, NULL, 0, &diag) != OUTLAY_OK) {
        fail_msg("%s:%d:%d: %s", diag.notes[0].file, diag.notes[0].line, diag.notes[0].column, diag.notes[0].message);
    }
    assert_int_equal(diag.n_notes, 0);
    outlay_diag_free(&diag);
}

static void test_data_file(void **state)
{
    (void)state;
    struct outlay_scenario scenario;
    load(&scenario, "{csv: {file: loans.csv, column: amount, weight: weight}}");
    const struct outlay_scenario_law *firm = &scenario.programmes[0].terms[0].applications.contract;
    const struct outlay_scenario_law *shop = &scenario.programmes[0].terms[1].applications.contract;
    assert_string_equal(firm->form->name, "csv");
    assert_true(firm->data == shop->data); /* read once */
    assert_int_equal(scenario.n_data, 2);
    /* 20000 four times, 50000 three times, 150000.29 and 1 M once: places 0 to 8; in fen */
    const struct outlay_law law = law_of(firm->data);
    assert_near(outlay_law_quantile(&law, 3.0 / 8.0, false), 2000000.0, 1e-3);
    assert_near(outlay_law_quantile(&law, 3.5 / 8.0, false), 3500000.0, 1e-3);
    assert_near(outlay_law_quantile(&law, 5.5 / 8.0, false), 5000000.0, 1e-3);
    assert_near(outlay_law_quantile(&law, 1.0 / 8.0, true), 15000029.0, 1e-3);
    assert_near(outlay_law_quantile(&law, 1e-13, true), 100000000.0, 1e-3);
    /* an uncertain number */
    assert_int_equal(scenario.n_uncertain, 1);
    assert_near(scenario.classes[0].count.value, 4.0, 1e-12);
    assert_near(outlay_law_quantile(&scenario.uncertain[0].law, 0.25, false), 2.5, 1e-12);
    outlay_scenario_free(&scenario);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double p, ought; /* quantile in units of the currency */
    } cases[] = {
        {"{histogram: {edges: [0, 150 k, 350 k], shares: [75%, 25%]}}", 0.75, 150e3},
        {"{histogram: {edges: [0, 150 k, 350 k], counts: [3, 1], max: 150 k}}", 0.5, 75e3},
        {"{histogram: {edges: [1, 100, 1 M], shares: [50%, 0.5], within: log}}", 0.25, 10.0},
        {"{histogram: {edges: [1, 100, 1 M], shares: [50%, 0.5], within: uniform}}", 0.25, 50.5},
        {"{csv: {file: loans.csv, column: amount}}", 0.5, 50e3},
        {"{mixture: [{weight: 25%, law: {uniform: [0, 1]}}, {weight: 0.75, law: {uniform: [0, 10]}}]}", 0.55, 4.0},
        {"{mixture: [{weight: 1, law: {csv: {file: loans.csv, column: amount}}}]}", 0.5, 50e3},
        {"{splice: {body: {uniform: [0, 40 M]}, tail_from: 20 M, tail_share: 8%, alpha: 1.6}}", 0.46, 10e6},
        {"{splice: {body: {uniform: [0, 40 M]}, tail_from: 20 M, alpha: 1.6}}", 0.25, 10e6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outlay_scenario scenario;
        load(&scenario, cases[i].text);
        const struct outlay_scenario_law *read = &scenario.programmes[0].terms[0].applications.contract;
        struct outlay_law law;
        const char *why = NULL;
        assert_int_equal(outlay_law_init_data(&law, read->data, read->min.value, read->max.value, &why), OUTLAY_OK);
        assert_near(outlay_law_quantile(&law, cases[i].p, false), 100.0 * cases[i].ought, 1e-9 * cases[i].ought);
        /* what is printed reads back as the same law */
        char *yaml = outlay_scenario_to_yaml(&scenario);
        struct outlay_scenario again;
        assert_int_equal(outlay_scenario_load_text(&again, FILE_NAME, yaml, NULL, 0, NULL), OUTLAY_OK);
        assert_true(outlay_law_data_same(again.programmes[0].terms[0].applications.contract.data, read->data));
        outlay_scenario_free(&again);
        free(yaml);
        outlay_scenario_free(&scenario);
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histogram),
        cmocka_unit_test(test_histogram_in_the_logarithm),
        cmocka_unit_test(test_histogram_with_empty_bins),
        cmocka_unit_test(test_type_7),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_one_value),
        cmocka_unit_test(test_mixture),
        cmocka_unit_test(test_mixture_with_gap_and_atom),
        cmocka_unit_test(test_mixture_in_both_tails),
        cmocka_unit_test(test_splice),
        cmocka_unit_test(test_splice_with_the_share_of_the_body),
        cmocka_unit_test(test_splice_of_a_histogram),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_truncation_at_a_repeated_value),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_straight_stretches_are_exact),
        cmocka_unit_test(test_many_values_at_once),
        cmocka_unit_test(test_data_file),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
