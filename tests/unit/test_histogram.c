/*
 * test_histogram.c: what the engine keeps of all paths: histograms that do not depend on the order of their values,
 * and sums from which moments, standard errors and the share between draws come.
 *
 * Known answers: the sorted sample itself; two-pass sums in long double; an analysis of variance worked out by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/tally.h"
#include "outlay/random.h"

#define assert_near(is, ought, tolerance) near(is, ought, tolerance, __LINE__)

static void near(double is, double ought, double tolerance, int line)
{
    if (!(fabs(is - ought) <= tolerance)) {
        fail_msg("line %d: %.17g instead of %.17g", line, is, ought);
    }
}

enum { N_BINS = 64, N = 5000 };

struct box {
    struct outlay_histogram histogram;
    uint32_t count[N_BINS];
};

static void box_init(struct box *self)
{
    memset(self->count, 0, sizeof self->count);
    outlay_histogram_init(&self->histogram, N_BINS, self->count);
}

static void box_add(struct box *self, const double value[], int n)
{
    for (int i = 0; i < n; i++) {
        outlay_histogram_add(&self->histogram, value[i], 1);
    }
}

static void assert_same(const struct box *a, const struct box *b)
{
    assert_true(a->histogram.width == b->histogram.width);
    assert_true(a->histogram.min == b->histogram.min && a->histogram.max == b->histogram.max);
    assert_true(a->histogram.n_min == b->histogram.n_min && a->histogram.n_max == b->histogram.n_max);
    assert_true(a->histogram.n == b->histogram.n);
    assert_memory_equal(a->count, b->count, sizeof a->count);
}

static double uniform(uint32_t i)
{
    const struct outlay_block bits = outlay_block_at(outlay_key_from_seed(5), i, 0, 0, 0);
    return outlay_uniform(bits.word[0], bits.word[1]);
}

/* Kind 0: heavy-tailed whole numbers, a fifth of them at a cap; kind 1: small whole numbers. */
static void sample(double value[N], int kind)
{
    for (uint32_t i = 0; i < N; i++) {
        const double u = uniform(i);
        value[i] = kind == 1 ? floor(u * N_BINS) : floor(fmin(1e5 * pow(u, -1.4), 950000.0));
    }
    value[17] = kind == 1 ? 63.0 : 950000.0;
    value[23] = 0.0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void test_empty(void **state)
{
    (void)state;
    struct box box;
    box_init(&box);
    assert_true(isnan(outlay_histogram_quantile(&box.histogram, 0.5)));
    assert_true(isnan(outlay_histogram_share(&box.histogram, 0.5)));
    struct box other;
    box_init(&other);
    outlay_histogram_merge(&box.histogram, &other.histogram);
    assert_true(box.histogram.n == 0 && isnan(box.histogram.min) && box.histogram.width == 1.0);
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        double value[N], sorted[N], reversed[N];
        sample(value, kind);
        memcpy(sorted, value, sizeof sorted);
        qsort(sorted, N, sizeof *sorted, compare);
        for (int i = 0; i < N; i++) {
            reversed[i] = sorted[N - 1 - i];
        }
        struct box a, b, c;
        box_init(&a);
        box_init(&b);
        box_init(&c);
        box_add(&a, value, N);
        box_add(&b, sorted, N);
        box_add(&c, reversed, N);
        assert_same(&a, &b);
        assert_same(&a, &c);
    }
}

/* Cut into pieces of any length, each piece tallied alone, and the pieces merged forwards, backwards or as a tree. */
static void test_merge_equals_add(void **state)
{
    (void)state;
    enum { MAX_PIECES = 8 };
    double value[N];
    sample(value, 0);
    struct box whole;
    box_init(&whole);
    box_add(&whole, value, N);
    for (int n_pieces = 1; n_pieces <= MAX_PIECES; n_pieces++) {
        static struct box piece[MAX_PIECES], forwards, backwards;
        box_init(&forwards);
        box_init(&backwards);
        for (int p = 0; p < n_pieces; p++) {
            const int from = N * p * p / (n_pieces * n_pieces), to = N * (p + 1) * (p + 1) / (n_pieces * n_pieces);
            box_init(&piece[p]);
            box_add(&piece[p], value + from, to - from);
        }
        for (int p = 0; p < n_pieces; p++) {
            outlay_histogram_merge(&forwards.histogram, &piece[p].histogram);
            outlay_histogram_merge(&backwards.histogram, &piece[n_pieces - 1 - p].histogram);
        }
        assert_same(&forwards, &whole);
        assert_same(&backwards, &whole);
        for (int step = 1; step < n_pieces; step *= 2) {
            for (int p = 0; p + step < n_pieces; p += 2 * step) {
                outlay_histogram_merge(&piece[p].histogram, &piece[p + step].histogram);
            }
        }
        assert_same(&piece[0], &whole);
    }
}

/* What has gone into it twice counts twice. */
static void test_merge_keeps_atoms(void **state)
{
    (void)state;
    struct box a, b;
    box_init(&a);
    box_init(&b);
    box_add(&a, (const double[]){3.0, 9.0, 9.0}, 3);
    box_add(&b, (const double[]){3.0, 3.0, 5.0, 9.0}, 4);
    outlay_histogram_merge(&a.histogram, &b.histogram);
    assert_true(a.histogram.min == 3.0 && a.histogram.n_min == 3);
    assert_true(a.histogram.max == 9.0 && a.histogram.n_max == 3);
    box_init(&b);
    box_add(&b, (const double[]){1.0, 70.0}, 2);
    outlay_histogram_merge(&a.histogram, &b.histogram);
    assert_true(a.histogram.min == 1.0 && a.histogram.n_min == 1);
    assert_true(a.histogram.max == 70.0 && a.histogram.n_max == 1);
    assert_true(a.histogram.n == 9);
}

static void test_atoms_at_the_ends_are_exact(void **state)
{
    (void)state;
    struct box box;
    box_init(&box);
    const double cap = 5e11 + 7.0, least = 3e11 + 1.0;
    for (int i = 0; i < 400; i++) {
        const double value = i < 100 ? least : i < 250 ? 4e11 + i : cap;
        box_add(&box, &value, 1);
    }
    const struct outlay_histogram *h = &box.histogram;
    assert_true(outlay_histogram_quantile(h, 0.0) == least && outlay_histogram_quantile(h, 0.25) == least);
    assert_true(outlay_histogram_quantile(h, 0.2501) > least && outlay_histogram_quantile(h, 0.6249) < cap);
    assert_true(outlay_histogram_quantile(h, 0.6251) == cap && outlay_histogram_quantile(h, 1.0) == cap);
    assert_true(outlay_histogram_share(h, least - 1.0) == 0.0);
    assert_true(outlay_histogram_share(h, least) == 0.25);
    assert_true(outlay_histogram_share(h, cap - 1.0) <= 0.625);
    assert_true(outlay_histogram_share(h, cap) == 1.0 && outlay_histogram_share(h, INFINITY) == 1.0);
}

static void test_one_value(void **state)
{
    (void)state;
    static const double values[] = {0.0, 1.0, 63.0, 64.0, 123456789.0, 9007199254740991.0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct box box;
        box_init(&box);
        box_add(&box, &values[i], 1);
        box_add(&box, &values[i], 1);
        for (int k = 0; k <= 4; k++) {
            assert_true(outlay_histogram_quantile(&box.histogram, k / 4.0) == values[i]);
        }
        assert_true(outlay_histogram_share(&box.histogram, values[i]) == 1.0);
        assert_true(outlay_histogram_share(&box.histogram, values[i] - 1.0) == 0.0);
        assert_true(box.histogram.width * N_BINS > values[i]);
        assert_true(box.histogram.width == 1.0 || box.histogram.width * N_BINS / 2.0 <= values[i]);
    }
}

/* Counts below n_bins are kept one by one: quantiles and shares are those of the sorted sample. */
static void test_small_whole_numbers_are_exact(void **state)
{
    (void)state;
    double value[N];
    sample(value, 1);
    struct box box;
    box_init(&box);
    box_add(&box, value, N);
    qsort(value, N, sizeof *value, compare);
    assert_true(box.histogram.width == 1.0);
    for (int i = 0; i < N; i++) {
        /* the quantile at any p in (i/N, (i+1)/N] is the value at place i */
        assert_true(outlay_histogram_quantile(&box.histogram, (i + 0.5) / N) == value[i]);
    }
    for (int x = 0; x < N_BINS; x++) {
        int n = 0;
        while (n < N && value[n] <= x) {
            n++;
        }
        assert_near(outlay_histogram_share(&box.histogram, x), (double)n / N, 1e-12);
    }
}

static void test_quantiles_within_a_bin(void **state)
{
    (void)state;
    double value[N];
    sample(value, 0);
    struct box box;
    box_init(&box);
    box_add(&box, value, N);
    qsort(value, N, sizeof *value, compare);
    double last = -1.0;
    for (int i = 0; i < N; i++) {
        const double p = (i + 0.5) / N, quantile = outlay_histogram_quantile(&box.histogram, p);
        assert_near(quantile, value[i], box.histogram.width);
        assert_true(quantile >= last);
        last = quantile;
        /* the share of what a quantile cuts off is p again, but for the values of one bin and the atoms */
        if (value[i] > 0.0 && value[i] < 950000.0) {
            assert_near(outlay_histogram_share(&box.histogram, quantile), p, 2.0 / N);
        }
    }
}

/* Values that double up to the largest whole number: every power of two on the way. */
static void test_doubling(void **state)
{
    (void)state;
    struct box growing, jump;
    box_init(&growing);
    box_init(&jump);
    for (int power = 0; power < 53; power++) {
        const double value = ldexp(1.0, power), beyond = ldexp(1.0, 53) - 1.0;
        box_add(&growing, &value, 1);
        assert_true(growing.histogram.width == (power < 6 ? 1.0 : ldexp(1.0, power - 5)));
        assert_true(growing.histogram.n == (uint64_t)power + 1);
        uint64_t n = 0;
        for (int i = 0; i < N_BINS; i++) {
            n += growing.count[i];
        }
        assert_true(n == growing.histogram.n);
        /* all the way in one step */
        box_init(&jump);
        box_add(&jump, &value, 1);
        box_add(&jump, &beyond, 1);
        assert_true(jump.histogram.n_min == 1 && jump.histogram.min == value && jump.histogram.n == 2);
        assert_true(jump.count[N_BINS - 1] == 1 && jump.histogram.width == ldexp(1.0, 47));
    }
}

/* ---- moments ----------------------------------------------------------------------------------------------------- */

static void test_moments_of_one_draw(void **state)
{
    (void)state;
    struct outlay_sums sums = {0};
    long double sum = 0.0L, squares = 0.0L;
    for (uint32_t i = 0; i < N; i++) {
        const double x = 9.9e11 + floor(2e10 * uniform(i));
        outlay_sums_add(&sums, 1.0, x, 0.0, 0.0);
        sum += (long double)x;
    }
    const long double mean = sum / N;
    for (uint32_t i = 0; i < N; i++) {
        const long double d = 9.9e11L + (long double)floor(2e10 * uniform(i)) - mean;
        squares += d * d;
    }
    outlay_sums_end_draw(&sums, N, 0);
    const double sd = sqrt((double)(squares / (N - 1)));
    const struct outlay_moments moments = outlay_sums_moments(&sums, N, 1.0);
    assert_near(moments.mean, (double)mean, 1e-14 * (double)mean);
    assert_near(moments.sd, sd, 1e-12 * sd);
    assert_near(moments.se, sd / sqrt(N), 1e-12 * sd);
    assert_true(moments.sd_between == 0.0);
}

/* Values in blocks, each as differences from an origin of its own, add up to what they are one by one. */
static void test_blocks_of_values(void **state)
{
    (void)state;
    struct outlay_sums single = {0}, blocks = {0};
    for (uint32_t first = 0; first < N; first += 100) {
        const double origin = 9.9e11 + 1e9 * uniform(first);
        double sum = 0.0, squares = 0.0;
        for (uint32_t i = first; i < first + 100; i++) {
            const double x = 9.9e11 + floor(2e10 * uniform(i));
            outlay_sums_add(&single, 1.0, x, 0.0, 0.0);
            sum += x - origin;
            squares += (x - origin) * (x - origin);
        }
        outlay_sums_add(&blocks, 100.0, origin, sum, squares);
        if (first % 1000 == 900) {
            outlay_sums_end_draw(&single, 1000.0, 0);
            outlay_sums_end_draw(&blocks, 1000.0, 0);
        }
    }
    const struct outlay_moments a = outlay_sums_moments(&single, N, 5.0), b = outlay_sums_moments(&blocks, N, 5.0);
    assert_near(a.mean, b.mean, 1e-13 * a.mean);
    assert_near(a.sd, b.sd, 1e-9 * a.sd);
    assert_near(a.se, b.se, 1e-9 * a.sd);
    assert_near(a.sd_between, b.sd_between, 1e-6 * a.sd);
}

/*
 * Three draws of two replicates: (1, 3), (4, 8), (9, 11). Means 2, 6, 10; grand mean 6; variance of the means 16.
 * Total: deviations -5 -3 -2 2 3 5, squares 76, sd^2 = 76/5. Within: 2 + 8 + 2 = 12 over 3 degrees of freedom = 4.
 * Between: 16 - 4/2 = 14. Standard error of the mean: 4/sqrt(3).
 */
static void test_between_and_within(void **state)
{
    (void)state;
    static const double values[3][2] = {{1.0, 3.0}, {4.0, 8.0}, {9.0, 11.0}};
    struct outlay_sums sums = {0};
    for (int d = 0; d < 3; d++) {
        for (int r = 0; r < 2; r++) {
            outlay_sums_add(&sums, 1.0, values[d][r], 0.0, 0.0);
        }
        outlay_sums_end_draw(&sums, 2.0, 0);
    }
    const struct outlay_moments moments = outlay_sums_moments(&sums, 6.0, 3.0);
    assert_near(moments.mean, 6.0, 1e-14);
    assert_near(moments.sd, sqrt(76.0 / 5.0), 1e-14);
    assert_near(moments.se, 4.0 / sqrt(3.0), 1e-14);
    assert_near(moments.sd_between, sqrt(14.0), 1e-14);
}

static void test_moments_at_the_edges(void **state)
{
    (void)state;
    struct outlay_sums sums = {0};
    outlay_sums_add(&sums, 1.0, 5.0, 0.0, 0.0);
    outlay_sums_end_draw(&sums, 1.0, 0);
    struct outlay_moments moments = outlay_sums_moments(&sums, 1.0, 1.0);
    assert_true(moments.mean == 5.0 && isnan(moments.sd) && isnan(moments.se));
    outlay_sums_add(&sums, 1.0, 7.0, 0.0, 0.0);
    outlay_sums_end_draw(&sums, 1.0, 0);
    moments = outlay_sums_moments(&sums, 2.0, 2.0); /* one replicate a draw */
    assert_true(moments.mean == 6.0 && isnan(moments.sd_between));
    assert_near(moments.sd, sqrt(2.0), 1e-15);
    assert_near(moments.se, 1.0, 1e-15);
}

/* A quantity that never varies has no spread, however large it is: sums of squares alone would leave rounding. */
static void test_constants_have_no_spread(void **state)
{
    (void)state;
    struct outlay_sums sums = {0};
    for (int d = 0; d < 7; d++) {
        for (int r = 0; r < 1000; r++) {
            outlay_sums_add(&sums, 1.0, 499999999987.0, 0.0, 0.0);
        }
        outlay_sums_end_draw(&sums, 1000.0, 0);
    }
    const struct outlay_moments moments = outlay_sums_moments(&sums, 7000.0, 7.0);
    assert_near(moments.mean, 499999999987.0, 1e-3);
    assert_true(moments.sd == 0.0 && moments.se == 0.0 && moments.sd_between == 0.0);
}

/* Woodruff's interval: half the distance of the quantiles at p -+ sqrt(p (1 - p) deff / n). */
/* 20 draws of one path: four scramblings of two draws, twelve of one. */
static void test_se_from_scramblings(void **state)
{
    (void)state;
    enum { N_DRAWS = 20 };
    double of_scrambles[OUTLAY_N_SCRAMBLES] = {0.0}, mean = 0.0, squares = 0.0, random = 0.0;
    struct outlay_sums sums = {.of_scrambles = of_scrambles};
    const double values[N_DRAWS] = {7, 1, 4, 9, 3, 8, 2, 6, 5, 7, 1, 3, 8, 2, 9, 4, 2, 8, 5, 1};
    for (uint32_t d = 0; d < N_DRAWS; d++) {
        outlay_sums_add(&sums, 1.0, values[d], 0.0, 0.0);
        outlay_sums_end_draw(&sums, 1.0, d % OUTLAY_N_SCRAMBLES);
        mean += values[d] / N_DRAWS;
    }
    for (int d = 0; d < N_DRAWS; d++) {
        random += (values[d] - mean) * (values[d] - mean);
    }
    for (int i = 0; i < OUTLAY_N_SCRAMBLES; i++) {
        const double off = i < 4 ? values[i] + values[i + OUTLAY_N_SCRAMBLES] - 2.0 * mean : values[i] - mean;
        squares += off * off;
    }
    const struct outlay_moments moments = outlay_sums_moments(&sums, N_DRAWS, N_DRAWS);
    assert_near(moments.mean, mean, 1e-12);
    /* Student's 97.5 % quantile with 15 degrees of freedom is 2.13145 (tables), the normal law's 1.95996 */
    assert_near(moments.se, 2.13145 / 1.95996 * sqrt(16.0 / 15.0 * squares) / N_DRAWS, 1e-5);
    assert_near(moments.se_random, sqrt(random / 19.0 / N_DRAWS), 1e-12);
}

static void test_quantile_se(void **state)
{
    (void)state;
    struct box box;
    box_init(&box);
    for (int i = 0; i < 2500; i++) {
        const double value = i % 50; /* 0 to 49 alike */
        box_add(&box, &value, 1);
    }
    struct outlay_moments moments = {.mean = 24.5, .sd = 14.434, .se = 14.434 / 50.0, .se_random = 14.434 / 50.0};
    /* sqrt(0.25 / 2500) = 0.01: quantiles at 0.49 and 0.51 are 24 and 25 */
    assert_near(outlay_quantile_se(&box.histogram, &moments, 0.5), 0.5, 1e-12);
    moments.se_random *= 10.0; /* a design effect of 100: quantiles at 0.4 and 0.6 are 19 (0.38 to 0.40) and 29 */
    assert_near(outlay_quantile_se(&box.histogram, &moments, 0.5), 5.0, 0.5);
    assert_near(outlay_quantile_se(&box.histogram, &moments, 0.0), 0.0, 0.0);
    box_init(&box);
    assert_true(isnan(outlay_quantile_se(&box.histogram, &moments, 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_merge_equals_add),
        cmocka_unit_test(test_merge_keeps_atoms),
        cmocka_unit_test(test_atoms_at_the_ends_are_exact),
        cmocka_unit_test(test_one_value),
        cmocka_unit_test(test_small_whole_numbers_are_exact),
        cmocka_unit_test(test_quantiles_within_a_bin),
        cmocka_unit_test(test_doubling),
        cmocka_unit_test(test_moments_of_one_draw),
        cmocka_unit_test(test_blocks_of_values),
        cmocka_unit_test(test_between_and_within),
        cmocka_unit_test(test_moments_at_the_edges),
        cmocka_unit_test(test_constants_have_no_spread),
        cmocka_unit_test(test_se_from_scramblings),
        cmocka_unit_test(test_quantile_se),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
