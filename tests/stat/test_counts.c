/*
 * test_counts.c: numbers of contracts follow the Poisson and the negative-binomial law, from a table as for a mean of
 * each applicant's own, for means from 0.001 (0.004 in a build with assertions) to 100,000.
 *
 * Checks: Pearson's test, mean and variance of numbers drawn as the kernel draws them, through its tables and, the
 * same law without a table, by outlay_counts_fill.
 * Known answers: GSL's densities; the cumulants k2 = m D, k3 = m D (2D - 1), k4 = m D (6D^2 - 6D + 1) of a count of
 * mean m and variance / mean D (Johnson, Kemp, Kotz, "Univariate Discrete Distributions", 5.2), by which the variance
 * of a sample variance is (k4 + 2 k2^2) / n.
 * Twin: the mean is 5 % too large, which the first two notice in every case, the variance in most.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 80 checks x 5.7e-7 = 4.6e-5. Seed 20250102.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checks.h"
#include "outlay/random.h"

static const struct count_case {
    double mean, dispersion;
    uint32_t n; /* sample, large enough to notice 5 % */
} cases[] = {
#ifdef NDEBUG
    {0.001, 1.0, 24000000},
#else
    {0.004, 1.0, 6000000}, /* the same number of contracts in less time */
#endif
    {0.01, 1.0, 3000000},   {0.2, 20.0, 3000000},  {1.0, 1.0, 1000000}, {1.3, 1.5, 1000000},
    {4.0, 3.0, 1000000},    {39.9, 1.0, 100000},   {40.1, 1.0, 50000},  {40.1, 1.5, 50000},
    {1500.0, 1.0, 20000},   {1500.0, 20.0, 20000}, {1e5, 1.0, 20000},   {1e5, 5.0, 20000},
};

enum { N_CASES = sizeof cases / sizeof *cases, N_VALUES = 16384, PIECE = 500 };

struct sample {
    double n, mean, variance;
    uint32_t first;            /* the number that is counted first: ten standard deviations below the mean, or 0 */
    double observed[N_VALUES]; /* the first one holds all below it, the last one all above */
};

/* Draw numbers whose mean is `factor` times that of the case, from a table or not. Each block makes two of them. */
static void draw(struct sample *self, const struct count_case *c, double factor, bool has_table)
{
    static double mean[PIECE], u[PIECE];
    static uint32_t k[PIECE];
    const struct outlay_key key = outlay_key_from_seed(20250102);
    const double low = floor(c->mean - 10.0 * sqrt(c->mean * c->dispersion));
    struct outlay_counts *counts = NULL;
    assert_int_equal(outlay_counts_new(&counts, c->mean * factor, c->dispersion), OUTLAY_OK);
    *self = (struct sample){.n = c->n, .first = low > 0.0 ? (uint32_t)low : 0};
    double sum = 0.0, squares = 0.0;
    for (uint32_t first = 0; first < c->n; first += PIECE) {
        for (uint32_t i = 0; i < PIECE; i += 2) {
            const struct outlay_block bits = outlay_block_at(key, 0, first + i, (uint32_t)(c - cases), 1);
            u[i] = outlay_uniform(bits.word[0], bits.word[1]);
            u[i + 1] = outlay_uniform(bits.word[2], bits.word[3]);
            mean[i] = mean[i + 1] = c->mean * factor;
        }
        for (uint32_t i = 0; i < PIECE && has_table; i++) {
            k[i] = outlay_counts_at(counts, u[i]);
        }
        if (!has_table) {
            outlay_counts_fill(c->dispersion, PIECE, mean, u, k);
        }
        for (uint32_t i = 0; i < PIECE; i++) {
            const uint32_t place = k[i] < self->first ? 0 : k[i] - self->first;
            self->observed[place < N_VALUES ? place : N_VALUES - 1] += 1.0;
            sum += k[i] - c->mean;
            squares += (k[i] - c->mean) * (k[i] - c->mean);
        }
    }
    self->mean = c->mean + sum / c->n;
    self->variance = (squares - sum * sum / c->n) / (c->n - 1.0);
    outlay_counts_free(counts);
}

static double density(uint32_t k, double mean, double dispersion)
{
    return dispersion == 1.0 ? gsl_ran_poisson_pdf(k, mean)
                             : gsl_ran_negative_binomial_pdf(k, 1.0 / dispersion, mean / (dispersion - 1.0));
}

static bool fits_density(const struct sample *sample, const struct count_case *c)
{
    static double expected[N_VALUES];
    double left = sample->n;
    for (uint32_t k = 0; k < N_VALUES - 1; k++) {
        expected[k] = sample->n * density(sample->first + k, c->mean, c->dispersion);
        left -= expected[k];
    }
    expected[N_VALUES - 1] = fmax(left, 0.0);
    return check_cells(sample->observed, expected, N_VALUES);
}

static bool fits_mean(const struct sample *sample, const struct count_case *c)
{
    return check_near(sample->mean, c->mean, sqrt(c->mean * c->dispersion / sample->n));
}

static bool fits_variance(const struct sample *sample, const struct count_case *c)
{
    const double d = c->dispersion, k2 = c->mean * d, k4 = k2 * (6.0 * d * d - 6.0 * d + 1.0);
    return check_near(sample->variance, k2, sqrt((k4 + 2.0 * k2 * k2) / sample->n));
}

static struct sample sample; /* large for a stack */

static void test_counts_follow_their_laws(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * N_CASES; i++) {
        const struct count_case *c = &cases[i / 2];
        draw(&sample, c, 1.0, i % 2 == 0);
        if (!check_held(fits_density(&sample, c) && fits_mean(&sample, c) && fits_variance(&sample, c))) {
            fail_msg("mean %g, dispersion %g: mean %g and variance %g of the sample", c->mean, c->dispersion,
                     sample.mean, sample.variance);
        }
    }
}

static void test_counts_that_are_too_large_do_not(void **state)
{
    (void)state;
    int n_variances = 0;
    for (int i = 0; i < 2 * N_CASES; i++) {
        const struct count_case *c = &cases[i / 2];
        draw(&sample, c, 1.05, i % 2 == 0);
        if (check_twin(fits_density(&sample, c)) || check_twin(fits_mean(&sample, c))) {
            fail_msg("mean %g, dispersion %g: 5 %% too many pass", c->mean, c->dispersion);
        }
        n_variances += !check_twin(fits_variance(&sample, c));
    }
    /* a variance 5 % too large shows in the larger samples of small numbers only */
    assert_true(n_variances >= N_CASES);
}

/* ---- a mean of each applicant's own ------------------------------------------------------------------------------ */

/*
 * Applicants of lognormal size s with mean 1 and sigma 0.7 make counts of mean 1.3 s and dispersion 1.5: over all of
 * them the mean is m = 1.3, and the variance m D + m^2 (exp(sigma^2) - 1).
 */
static bool fits_mixture(double factor)
{
    enum { N = 400000 };
    const double mean = 1.3, dispersion = 1.5, sigma = 0.7;
    struct outlay_quantiles *size = NULL;
    assert_int_equal(outlay_quantiles_new_size(&size, sigma, 1.0, NULL), OUTLAY_OK);
    double sum = 0.0, squares = 0.0, fourths = 0.0;
    for (uint32_t i = 0; i < N; i++) {
        const struct outlay_block bits = outlay_block_at(outlay_key_from_seed(20250102), 1, i, 0, 2);
        const double s = outlay_quantiles_at(size, outlay_uniform(bits.word[0], bits.word[1]));
        const double u = outlay_uniform(bits.word[2], bits.word[3]);
        const double difference = outlay_count_quantile(mean * factor * s, dispersion, u) - mean;
        sum += difference;
        squares += difference * difference;
        fourths += pow(difference, 4.0);
    }
    outlay_quantiles_free(size);
    const double variance = mean * dispersion + mean * mean * (exp(sigma * sigma) - 1.0);
    const double variance_se = sqrt((fourths / N - variance * variance) / N);
    return check_near(sum / N, 0.0, sqrt(variance / N)) && check_near(squares / N, variance, variance_se);
}

static void test_mixed_means(void **state)
{
    (void)state;
    assert_true(check_held(fits_mixture(1.0)));
    assert_false(check_twin(fits_mixture(1.05)));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_follow_their_laws),
        cmocka_unit_test(test_counts_that_are_too_large_do_not),
        cmocka_unit_test(test_mixed_means),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 80);
}
