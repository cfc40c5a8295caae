/*
 * test_random.c: random numbers by address, quantile tables, and numbers of contracts.
 *
 * Known answers: Philox4x32-10 from Random123's kat_vectors (Salmon et al., SC11); exact quantiles and probabilities
 * from GSL, which the tables do not store; distribution functions added up term by term.
 */
#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
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
    if (!(fabs(is - ought) <= tolerance)) {
        fail_msg("line %d: %.17g instead of %.17g", line, is, ought);
    }
}

/* ---- addressed bits ---------------------------------------------------------------------------------------------- */

static void test_philox_known_answers(void **state)
{
    (void)state;
    static const uint32_t vectors[3][10] = {
        /* counter (block, entity, replicate, high), key, bits */
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
         0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1},
    };
    for (int i = 0; i < 3; i++) {
        const uint32_t *v = vectors[i];
        const struct outlay_block block = outlay_block_at((struct outlay_key){{v[4], v[5]}}, v[0], v[1], v[2], v[3]);
        assert_memory_equal(block.word, v + 6, sizeof block.word);
    }
}

static void test_blocks_equal_single_blocks(void **state)
{
    (void)state;
    enum { N = 1003 };
    static uint32_t block[N], entity[N], word[4][N];
    for (uint32_t i = 0; i < N; i++) {
        block[i] = i * i % 17;
        entity[i] = i * 2654435761u;
    }
    const struct outlay_key key = outlay_key_from_seed(UINT64_C(0x123456789abcdef0));
    for (int n = 0; n < N; n = 2 * n + 1) {
        outlay_blocks_at(key, n, block, entity, 77, 0x8000001, word[0], word[1], word[2], word[3]);
        for (int i = 0; i < n; i++) {
            const struct outlay_block one = outlay_block_at(key, block[i], entity[i], 77, 0x8000001);
            for (int w = 0; w < 4; w++) {
                assert_int_equal(word[w][i], one.word[w]);
            }
        }
    }
}

/* Each field of the fourth counter word has bits of its own, and room for its largest value. */
static void test_counter_fields_do_not_overlap(void **state)
{
    (void)state;
    const uint32_t draw = outlay_counter_high(0, 0, OUTLAY_MAX_DRAWS - 1);
    const uint32_t year = outlay_counter_high(0, OUTLAY_MAX_YEARS - 1, 0);
    const uint32_t purpose = outlay_counter_high(OUTLAY_N_PURPOSES - 1, 0, 0);
    assert_int_equal(draw, OUTLAY_MAX_DRAWS - 1);
    /* all bits up to the highest one of each field are its own */
    uint32_t draw_bits = 1, year_bits = outlay_counter_high(0, 1, 0);
    while (draw_bits <= draw) {
        draw_bits *= 2;
    }
    assert_true(draw_bits <= year_bits);
    while (year_bits <= year) {
        year_bits *= 2;
    }
    assert_true(year_bits <= outlay_counter_high((enum outlay_purpose)1, 0, 0));
    assert_int_equal(outlay_counter_high(OUTLAY_N_PURPOSES - 1, OUTLAY_MAX_YEARS - 1, OUTLAY_MAX_DRAWS - 1),
                     draw | year | purpose);
    /* the word that keys are folded with has purpose 63, which no stream has */
    assert_true(OUTLAY_N_PURPOSES < 64);
}

static int compare_blocks(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct outlay_block));
}

/* A step in any one field of the address gives another block: 3^6 addresses, no two equal. */
static void test_each_field_matters(void **state)
{
    (void)state;
    enum { N = 729 };
    static struct outlay_block blocks[N];
    const struct outlay_key key = outlay_key_from_seed(1);
    for (uint32_t i = 0; i < N; i++) {
        const uint32_t high = outlay_counter_high((enum outlay_purpose)(i % 3), i / 3 % 3 * 24, i / 9 % 3 * 499999);
        blocks[i] = outlay_block_at(key, i / 27 % 3, i / 81 % 3, i / 243, high);
    }
    qsort(blocks, N, sizeof *blocks, compare_blocks);
    for (int i = 1; i < N; i++) {
        assert_memory_not_equal(&blocks[i - 1], &blocks[i], sizeof *blocks);
    }
}

static int same_key(struct outlay_key a, struct outlay_key b)
{
    return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

static void test_keys(void **state)
{
    (void)state;
    const struct outlay_key root = outlay_key_from_seed(UINT64_C(0x0123456789abcdef));
    assert_int_equal(root.word[0], 0x89abcdef);
    assert_int_equal(root.word[1], 0x01234567);
    static const char *const names[] = {"", "a", "b", "ab", "ba", "enterprise", "enterprises", "Enterprise"};
    enum { N = sizeof names / sizeof *names };
    for (int i = 0; i < N; i++) {
        const struct outlay_key key = outlay_key_fold(root, names[i]);
        assert_true(same_key(key, outlay_key_fold(root, names[i])));
        assert_false(same_key(key, root));
        assert_false(same_key(key, outlay_key_fold(outlay_key_from_seed(2), names[i])));
        for (int k = 0; k < i; k++) {
            assert_false(same_key(key, outlay_key_fold(root, names[k])));
        }
    }
    /* the order of two names matters: class "a" of programme "b" is not class "b" of programme "a" */
    assert_false(
        same_key(outlay_key_fold(outlay_key_fold(root, "a"), "b"), outlay_key_fold(outlay_key_fold(root, "b"), "a")));
}

static void test_uniforms(void **state)
{
    (void)state;
    assert_true(outlay_uniform(0, 0) == 0x1p-53);
    assert_true(outlay_uniform(0, 0xfff) == 0x1p-53); /* 52 bits count */
    assert_true(outlay_uniform(0, 0x1000) == 3 * 0x1p-53);
    assert_true(outlay_uniform(UINT32_MAX, UINT32_MAX) == 1.0 - 0x1p-53);
    assert_true(outlay_uniform(0x7fffffff, UINT32_MAX) == 0.5 - 0x1p-53);
    assert_true(outlay_uniform(0x80000000, 0) == 0.5 + 0x1p-53);
    assert_true(outlay_uniform32(0) == 0x1p-33);
    assert_true(outlay_uniform32(UINT32_MAX) == 1.0 - 0x1p-33);
    assert_true(outlay_uniform32(0x7fffffff) < 0.5 && outlay_uniform32(0x80000000) > 0.5);
    for (uint32_t i = 0; i < 100000; i++) {
        const struct outlay_block bits = outlay_block_at(outlay_key_from_seed(3), i, 0, 0, 0);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        assert_true(1.0 - (1.0 - u) == u);
    }
}

/* ---- quantile tables --------------------------------------------------------------------------------------------- */

static struct outlay_law standard_law(enum outlay_family family, double a, double b)
{
    return (struct outlay_law){.family = family, .shape = {a, b}, .scale = 1.0, .lower = -INFINITY, .upper = INFINITY};
}

/*
 * The value at u of the table lies between the exact quantiles at p (1 - bound) and p (1 + bound), p being the tail
 * probability: the error of the logarithm of the probability is at most `bound`.
 */
static void check_value(const struct outlay_quantiles *table, double p, bool upper_tail, double bound)
{
    const double value = outlay_quantiles_at(table, upper_tail ? 1.0 - p : p);
    const double a = outlay_law_quantile(&table->law, p * (1.0 - bound), upper_tail);
    const double b = outlay_law_quantile(&table->law, fmin(p * (1.0 + bound), 0.75), upper_tail);
    const double rounding = 16.0 * DBL_EPSILON * fabs(value);
    if (!(fmin(a, b) - rounding <= value && value <= fmax(a, b) + rounding)) {
        fail_msg("family %d, shape %g: %.17g at %g of the %s tail, exact %.17g to %.17g", (int)table->law.family,
                 table->law.shape[0], value, p, upper_tail ? "upper" : "lower", a, b);
    }
}

/* For laws that the cubics follow well; steep ones and the kink of a triangle at its mode have bounds of their own. */
#define SMOOTH 2e-7

static void check_table(const struct outlay_law *law, double bound)
{
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, law, NULL), OUTLAY_OK);
    for (int i = 0; i < 3776; i++) { /* from 1e-16 to nearly 1/2 */
        /* 1 - u is exact for whole multiples of 2^-53 only */
        const double p = (floor(pow(10.0, -15.9 + 0.00413 * i) * 0x1p52) + 0.5) * 0x1p-52;
        check_value(table, p, false, bound);
        check_value(table, p, true, bound);
    }
    check_value(table, 0x1p-53, false, bound);
    check_value(table, 0x1p-53, true, bound);
    check_value(table, 0.5 - 0x1p-53, false, bound);
    check_value(table, 0.5 - 0x1p-53, true, bound);
    outlay_quantiles_free(table);
}

static void test_quantile_tables(void **state)
{
    (void)state;
    static const struct {
        enum outlay_family family;
        double shape[2], bound;
    } cases[] = {
        {OUTLAY_UNIFORM, {0, 0}, SMOOTH},       {OUTLAY_TRIANGULAR, {0.3, 0}, 2e-5},
        {OUTLAY_TRIANGULAR, {0.0, 0}, SMOOTH},  {OUTLAY_TRIANGULAR, {1.0, 0}, SMOOTH},
        {OUTLAY_NORMAL, {0, 0}, SMOOTH},        {OUTLAY_LOGNORMAL, {0.1, 0}, SMOOTH},
        {OUTLAY_LOGNORMAL, {1.1, 0}, SMOOTH},   {OUTLAY_LOGNORMAL, {10.0, 0}, 1e-5},
        {OUTLAY_GAMMA, {0.1, 0}, 1e-5},         {OUTLAY_GAMMA, {0.5, 0}, SMOOTH},
        {OUTLAY_GAMMA, {6.25, 0}, SMOOTH},      {OUTLAY_GAMMA, {1e4, 0}, SMOOTH},
        {OUTLAY_BETA, {8.0, 15.0}, SMOOTH},     {OUTLAY_BETA, {0.5, 0.5}, SMOOTH},
        {OUTLAY_BETA, {0.1, 3.0}, 1e-5},        {OUTLAY_WEIBULL, {0.1, 0}, 2e-5},
        {OUTLAY_WEIBULL, {1.4, 0}, SMOOTH},     {OUTLAY_WEIBULL, {1000.0, 0}, SMOOTH},
        {OUTLAY_PARETO, {0.1, 0}, 3e-5},        {OUTLAY_PARETO, {2.5, 0}, SMOOTH},
        {OUTLAY_EXPONENTIAL, {1.0, 0}, SMOOTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outlay_law law = standard_law(cases[i].family, cases[i].shape[0], cases[i].shape[1]);
        check_table(&law, cases[i].bound);
    }
}

static void test_quantile_tables_of_truncated_laws(void **state)
{
    (void)state;
    struct outlay_law cut = standard_law(OUTLAY_LOGNORMAL, 1.1, 0.0);
    cut.lower = 0.02;
    check_table(&cut, 2e-6);
    cut.upper = 5.0;
    check_table(&cut, 2e-6);
    cut = standard_law(OUTLAY_NORMAL, 0.0, 0.0);
    cut.lower = 3.0;
    check_table(&cut, 2e-6);
    cut = standard_law(OUTLAY_GAMMA, 6.25, 0.0);
    cut.lower = 0.1;
    cut.upper = 20.0;
    check_table(&cut, 2e-6);
}

/* The table is in standard units, whatever the scale and shift of the law. */
static void test_table_has_standard_units(void **state)
{
    (void)state;
    struct outlay_law law = standard_law(OUTLAY_LOGNORMAL, 1.1, 0.0);
    law.scale = 4.5e8;
    law.shift = 17.0;
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    assert_true(table->law.scale == 1.0 && table->law.shift == 0.0);
    assert_near(outlay_quantiles_at(table, 0.5 + 0x1p-53), 1.0, 1e-12);
    outlay_quantiles_free(table);
    outlay_quantiles_free(NULL);
}

/* Mean of what a table gives for a uniform: each cubic integrated exactly, times the length of its interval. */
static double mean_of_table(const struct outlay_quantiles *table)
{
    double mean = 0.0;
    for (int side = 0; side < 2; side++) {
        for (int octave = 0; octave < OUTLAY_QUANTILE_OCTAVES; octave++) {
            const double width = ldexp(1.0 / OUTLAY_QUANTILE_PIECES, octave - OUTLAY_QUANTILE_OCTAVES - 1);
            for (int piece = 0; piece < OUTLAY_QUANTILE_PIECES; piece++) {
                const int i = (side * OUTLAY_QUANTILE_OCTAVES + octave) * OUTLAY_QUANTILE_PIECES + piece;
                const double *c = table->cubic[i].coefficient;
                mean += width * (c[0] + c[1] / 2.0 + c[2] / 3.0 + c[3] / 4.0);
            }
        }
    }
    return mean;
}

/* E s = 1 and E s^e = exp(e (e - 1) sigma^2 / 2) for the lognormal size s with mean 1. */
static void test_size_tables(void **state)
{
    (void)state;
    static const double sigmas[] = {1e-6, 0.3, 0.7, 1.5, 2.5}, exponents[] = {0.5, 1.0, 1.3};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 3; k++) {
            struct outlay_quantiles *table = NULL;
            assert_int_equal(outlay_quantiles_new_size(&table, sigmas[i], exponents[k], NULL), OUTLAY_OK);
            const double e = exponents[k], ought = exp(0.5 * e * (e - 1.0) * sigmas[i] * sigmas[i]);
            assert_near(mean_of_table(table), ought, 1e-6 * ought);
            assert_near(outlay_quantiles_at(table, 0.5 - 0x1p-53), exp(-0.5 * e * sigmas[i] * sigmas[i]), 1e-9);
            outlay_quantiles_free(table);
        }
    }
}

/* ---- numbers of contracts ---------------------------------------------------------------------------------------- */

/* Both distribution functions of a count, as GSL's densities added up from either end. */
struct reference {
    double mean, dispersion;
    uint32_t first, n;
    double *below, *above; /* [n + 1]: P(K < first + i) and P(K >= first + i) */
};

static double density(uint32_t k, double mean, double dispersion)
{
    return dispersion == 1.0 ? gsl_ran_poisson_pdf(k, mean)
                             : gsl_ran_negative_binomial_pdf(k, 1.0 / dispersion, mean / (dispersion - 1.0));
}

/* Ten standard deviations to either side, and as far as an exponential tail of that dispersion reaches. */
static struct reference reference_new(double mean, double dispersion)
{
    const double reach = 10.0 * sqrt(mean * dispersion) + 40.0 * dispersion;
    struct reference self = {.mean = mean, .dispersion = dispersion, .first = (uint32_t)fmax(0.0, mean - reach)};
    self.n = (uint32_t)(mean + reach) - self.first;
    self.below = calloc((size_t)self.n + 1, sizeof *self.below);
    self.above = calloc((size_t)self.n + 1, sizeof *self.above);
    if (self.below == NULL || self.above == NULL) {
        fail_msg("no memory");
        return self;
    }
    for (uint32_t i = 0; i < self.n; i++) {
        self.below[i + 1] = self.below[i] + density(self.first + i, mean, dispersion);
        self.above[self.n - i - 1] = self.above[self.n - i] + density(self.first + self.n - i - 1, mean, dispersion);
    }
    assert_near(self.below[self.n], 1.0, 1e-8);
    return self;
}

/*
 * k is the least number with P(K <= k) >= u, but for an absolute error of 1e-13 and a relative one of `slack` (the
 * densities themselves are good to 1e-16 times the logarithms that they are made of).
 */
static void check_count(const struct reference *reference, uint32_t k, double u, double slack, const char *what)
{
    assert_true(k >= reference->first && k < reference->first + reference->n);
    const uint32_t i = k - reference->first;
    const bool is_upper = u > 0.5;
    const double p = is_upper ? 1.0 - u : u, error = slack * p + 1e-13;
    const double *tail = is_upper ? reference->above : reference->below;
    const double less = fmin(tail[i], tail[i + 1]), more = fmax(tail[i], tail[i + 1]);
    if (!(less <= p + error && more >= p - error)) {
        fail_msg("%s of mean %g and dispersion %g: %u at u = %.17g, where the %s tail is %.17g to %.17g", what,
                 reference->mean, reference->dispersion, k, u, is_upper ? "upper" : "lower", less, more);
    }
}

static void check_counts(double mean, double dispersion, double slack)
{
    static const double ends[] = {0x1p-53, 1.0 - 0x1p-53, 0.5 - 0x1p-53, 0.5 + 0x1p-53};
    struct reference reference = reference_new(mean, dispersion);
    struct outlay_counts *counts = NULL;
    assert_int_equal(outlay_counts_new(&counts, mean, dispersion), OUTLAY_OK);
    uint32_t last = 0;
    for (int i = 1; i < 2000; i++) {
        /* a logistic grid: dense in both tails, from 1e-15 to 1 - 1e-15 */
        const double u = 1.0 / (1.0 + exp(-34.5 * (i / 1000.0 - 1.0)));
        const uint32_t k = outlay_counts_at(counts, u);
        assert_true(k >= last);
        last = k;
        check_count(&reference, k, u, 1e-8, "table");
        check_count(&reference, outlay_count_quantile(mean, dispersion, u), u, slack, "quantile");
    }
    for (int i = 0; i < 4; i++) {
        check_count(&reference, outlay_counts_at(counts, ends[i]), ends[i], 1e-8, "table");
        check_count(&reference, outlay_count_quantile(mean, dispersion, ends[i]), ends[i], slack, "quantile");
    }
    outlay_counts_free(counts);
    free(reference.below);
    free(reference.above);
}

/* Beyond a mean of some 10^5, GSL has no negative binomial distribution function and a normal expansion stands in. */
static void test_counts(void **state)
{
    (void)state;
    static const double means[] = {0.01, 1.0, 39.9, 40.1, 1500.0, 1.66e6}, dispersions[] = {1.0, 1.5, 20.0};
    for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 3; k++) {
            check_counts(means[i], dispersions[k], means[i] > 1e5 ? 1e-3 : 1e-8);
        }
    }
    check_counts(3.0, 1000.0, 1e-8);
    check_counts(3.0, 1.0 + 1e-6, 1e-8);
}

/* Without contracts, none; and never a number from nowhere where probability 0 is all that is left. */
static void test_no_contracts(void **state)
{
    (void)state;
    struct outlay_counts *counts = NULL;
    for (int k = 0; k < 2; k++) {
        const double dispersion = k == 0 ? 1.0 : 3.0;
        assert_int_equal(outlay_counts_new(&counts, 0.0, dispersion), OUTLAY_OK);
        assert_int_equal(outlay_counts_at(counts, 0x1p-53), 0);
        assert_int_equal(outlay_counts_at(counts, 1.0 - 0x1p-53), 0);
        assert_int_equal(outlay_count_quantile(0.0, dispersion, 1.0 - 0x1p-53), 0);
        outlay_counts_free(counts);
    }
    outlay_counts_free(NULL);
}

/* A mean beyond all numbers of 32 bits gives the largest number that is meant. */
static void test_far_too_many_contracts(void **state)
{
    (void)state;
    assert_true(outlay_count_quantile(1e18, 1.0, 0.5 + 0x1p-53) == 4000000000u);
    assert_true(outlay_count_quantile(1e18, 3.0, 1.0 - 0x1p-53) == 4000000000u);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_known_answers),
        cmocka_unit_test(test_blocks_equal_single_blocks),
        cmocka_unit_test(test_counter_fields_do_not_overlap),
        cmocka_unit_test(test_each_field_matters),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_uniforms),
        cmocka_unit_test(test_quantile_tables),
        cmocka_unit_test(test_quantile_tables_of_truncated_laws),
        cmocka_unit_test(test_table_has_standard_units),
        cmocka_unit_test(test_size_tables),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_no_contracts),
        cmocka_unit_test(test_far_too_many_contracts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
