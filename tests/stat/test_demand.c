/*
 * test_demand.c: demand and the exhaustion date against the collective risk model.
 *
 * Checks: mean and variance of demand and of the number of applications, thinned and mixed; the law of the exhaustion
 * day; of the simple workload (tests/bench/scenarios/simple.yaml) demand, and how often the budget is exhausted by
 * five days, and at all.
 * Known answers: compound sums (mean = E N E A, variance = E N Var A + Var N (E A)^2) with limited moments of the
 * lognormal law, E (X ^ u)^k = exp(k mu + k^2 sigma^2 / 2) Phi((ln u - mu - k sigma^2) / sigma) + u^k P(X > u)
 * (Klugman, Panjer, Willmot, "Loss Models", appendix A.4). P(exhausted by day t) = P(S(t) > B), S(t) compound Poisson:
 * by the Poisson law itself where awards are constant, else by FFT (same source, 9.6). The FFT is checked against
 * known answers of the simple workload that were computed elsewhere.
 * Twin: one number off by 5 %; of the simple workload, by 0.5 to 2 %.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 16 checks x 5.7e-7 = 9.2e-6. Seed 7.
 */
#include "play.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <string.h>

#include "checks.h"
#include "outlay/engine.h"

#define TEXT_HEAD "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"

enum { MAX_PATHS = 60000, N_DAYS = 365 };

/* Demand (yuan), applications and exhaustion days of all replicates. */
static struct run {
    uint32_t n;
    double demand[MAX_PATHS], applications[MAX_PATHS];
    int32_t day[MAX_PATHS];
} run;

static outlay_err begin(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag)
{
    (void)context;
    (void)shape;
    (void)diag;
    return OUTLAY_OK;
}

static outlay_err keep(void *context, const struct outlay_batch *batch, struct outlay_diag *diag)
{
    struct run *self = context;
    (void)diag;
    for (uint32_t i = 0; i < batch->n_replicates; i++, self->n++) {
        self->demand[self->n] = batch->account[OUTLAY_ACCOUNT_demand][i] / 100.0;
        self->applications[self->n] = batch->account[OUTLAY_ACCOUNT_applications][i];
        self->day[self->n] = batch->exhaustion_day[i];
    }
    return OUTLAY_OK;
}

/* Run n replicates of `text`, with one value changed if `override` is not NULL. */
static void play_run(const char *text, const char *override, uint32_t n)
{
    const struct outlay_override overrides[] = {{override}};
    const struct outlay_run_options options = {.seed = 7, .n_draws = 1, .n_replicates = n, .n_threads = 2};
    const struct outlay_sink sink = {.context = &run, .begin = begin, .batch = keep};
    struct play play;
    struct outlay_tallies *tallies = NULL;
    assert_true(n <= MAX_PATHS);
    run.n = 0;
    play_load(&play, text, overrides, override != NULL);
    assert_int_equal(outlay_engine_run(&play.scenario, &options, &sink, &tallies, NULL), OUTLAY_OK);
    assert_int_equal(run.n, n);
    outlay_tallies_free(tallies);
    play_free(&play);
}

/* ---- moments ----------------------------------------------------------------------------------------------------- */

struct moments {
    double mean, variance;
};

/* The mean of a sample is what it ought to be. */
static bool mean_fits(const double x[], uint32_t n, struct moments ought)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += x[i] - ought.mean;
    }
    return check_near(sum / n, 0.0, sqrt(ought.variance / n));
}

/* So is its variance, whose standard error, sqrt((m4 - variance^2) / n), takes its fourth moment from the sample. */
static bool variance_fits(const double x[], uint32_t n, struct moments ought)
{
    double squares = 0.0, fourths = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double square = (x[i] - ought.mean) * (x[i] - ought.mean);
        squares += square / n;
        fourths += square * square / n;
    }
    return check_near(squares, ought.variance, sqrt((fourths - squares * squares) / n));
}

/* E of min(rate X, cap)^k, X lognormal. */
static double award_moment(int k, double median, double sigma, double rate, double cap)
{
    const double u = cap / rate, z = log(u / median) / sigma;
    const double below = exp(k * log(median) + 0.5 * k * k * sigma * sigma) * gsl_cdf_ugaussian_P(z - k * sigma);
    return pow(rate, k) * (below + pow(u, k) * gsl_cdf_ugaussian_Q(z));
}

/* A sum of N awards: moments from those of N and A. */
static struct moments compound(double n_mean, double n_variance, double first, double second)
{
    return (struct moments){n_mean * first, n_mean * (second - first * first) + n_variance * first * first};
}

/* 20 participants of mean 5, dispersion 3; taking part with q = 0.8; approved with p = 0.9. */
static const char thinned[] = TEXT_HEAD "classes: {firm: {count: 20}}\n"
                                        "programmes:\n"
                                        "  p:\n"
                                        "    budget: 300 M\n"
                                        "    award: {rate: 50%, cap: 10 M}\n"
                                        "    applications: {take_up: 80%, per_year: 5, dispersion: 3,\n"
                                        "                   contract: {lognormal: {median: 6 M, sigma: 1.0}}}\n"
                                        "    review: {approved: 90%}\n";

static struct moments thinned_count(void)
{
    const double m = 5.0, d = 3.0, q = 0.8;
    return (struct moments){20.0 * q * m, 20.0 * (q * (m * d + m * m) - q * q * m * m)};
}

/* Of N applications each is approved with p: mean p E N, variance p^2 Var N + p (1 - p) E N. */
static struct moments thinned_demand(void)
{
    const struct moments n = thinned_count();
    const double p = 0.9;
    return compound(p * n.mean, p * p * n.variance + p * (1.0 - p) * n.mean, award_moment(1, 6e6, 1.0, 0.5, 1e7),
                    award_moment(2, 6e6, 1.0, 0.5, 1e7));
}

static void test_demand_of_a_thinned_negative_binomial(void **state)
{
    (void)state;
    enum { N = 60000 };
    play_run(thinned, NULL, N);
    assert_true(check_held(mean_fits(run.applications, N, thinned_count())));
    assert_true(check_held(variance_fits(run.applications, N, thinned_count())));
    assert_true(check_held(mean_fits(run.demand, N, thinned_demand())));
    assert_true(check_held(variance_fits(run.demand, N, thinned_demand())));
}

static void test_twins_of_a_thinned_negative_binomial(void **state)
{
    (void)state;
    enum { N = 60000, N_MEAN = 8000 };
    static const char *const mean_twins[] = {
        "programmes.p.applications.per_year=5.25",
        "programmes.p.applications.take_up=84%",
        "programmes.p.applications.contract={lognormal: {median: 6.3 M, sigma: 1.0}}",
        "programmes.p.award.rate=52.5%",
        "programmes.p.award.cap=9.5 M",
        "programmes.p.review.approved=85.5%",
    };
    for (size_t i = 0; i < sizeof mean_twins / sizeof *mean_twins; i++) {
        play_run(thinned, mean_twins[i], N_MEAN);
        if (check_twin(mean_fits(run.demand, N_MEAN, thinned_demand()))) {
            fail_msg("%s goes unnoticed", mean_twins[i]);
        }
    }
    play_run(thinned, "programmes.p.applications.dispersion=3.15", N);
    assert_true(check_held(mean_fits(run.applications, N, thinned_count())));
    assert_false(check_twin(variance_fits(run.applications, N, thinned_count())));
    play_run(thinned, "programmes.p.award.rate=52.5%", N);
    assert_false(check_twin(variance_fits(run.demand, N, thinned_demand())));
}

/*
 * Sizes s, lognormal with mean 1 and sigma 0.4, count twice: m s contracts, each s^e as large. Of one applicant
 * E S = m E s^(1+e) E X, E S^2 = m E s^(1+2e) E X^2 + m^2 E s^(2+2e) (E X)^2, with E s^k = exp(k (k - 1) sigma^2 / 2).
 */
static const char sized[] = TEXT_HEAD "classes: {firm: {count: 50, size_sigma: 0.4}}\n"
                                      "programmes:\n"
                                      "  p:\n"
                                      "    budget: 300 M\n"
                                      "    award: {rate: 100%}\n"
                                      "    applications: {per_year: 2, size_exponent: 0.7,\n"
                                      "                   contract: {gamma: {mean: 3 M, cv: 0.8}}}\n";

static double size_moment(double k)
{
    return exp(0.5 * k * (k - 1.0) * 0.4 * 0.4);
}

static struct moments sized_demand(void)
{
    const double m = 2.0, e = 0.7, x = 3e6, xx = x * x * (1.0 + 0.8 * 0.8);
    const double mean = m * size_moment(1.0 + e) * x;
    const double square = m * size_moment(1.0 + 2.0 * e) * xx + m * m * size_moment(2.0 + 2.0 * e) * x * x;
    return (struct moments){50.0 * mean, 50.0 * (square - mean * mean)};
}

static void test_demand_of_sized_applicants(void **state)
{
    (void)state;
    enum { N = 20000 };
    play_run(sized, NULL, N);
    assert_true(check_held(mean_fits(run.demand, N, sized_demand()) && variance_fits(run.demand, N, sized_demand())));
    play_run(sized, "programmes.p.applications.size_exponent=0.735", N);
    assert_false(check_twin(mean_fits(run.demand, N, sized_demand())));
    play_run(sized, "programmes.p.applications.contract={gamma: {mean: 3.15 M, cv: 0.8}}", N);
    assert_false(check_twin(mean_fits(run.demand, N, sized_demand()) || variance_fits(run.demand, N, sized_demand())));
}

/* ---- the exhaustion date of constant awards: the Poisson law ----------------------------------------------------- */

/* 500 awards of 1 M exhaust 500 M with the 501st: P(by day t) = P(Poisson(520 (t + 1) / 365) > 500). */
static const char constant[] = TEXT_HEAD "classes: {firm: {count: 10}}\n"
                                         "programmes:\n"
                                         "  p:\n"
                                         "    budget: 500 M\n"
                                         "    award: {rate: 50%}\n"
                                         "    applications: {per_year: 52, contract: 2 M, arrivals: {days: all}}\n";

static bool days_fit(void)
{
    double observed[N_DAYS + 1] = {0.0}, expected[N_DAYS + 1], before = 0.0;
    for (uint32_t i = 0; i < run.n; i++) {
        observed[run.day[i] == OUTLAY_NEVER ? N_DAYS : run.day[i]] += 1.0;
    }
    for (int day = 0; day < N_DAYS; day++) {
        const double by = gsl_cdf_poisson_Q(500, 520.0 * (day + 1) / N_DAYS);
        expected[day] = run.n * (by - before);
        before = by;
    }
    expected[N_DAYS] = run.n * (1.0 - before);
    return check_cells(observed, expected, N_DAYS + 1);
}

static void test_exhaustion_of_constant_awards(void **state)
{
    (void)state;
    enum { N = 8000 };
    play_run(constant, NULL, N);
    assert_true(check_held(days_fit()));
    play_run(constant, "programmes.p.applications.per_year=54.6", N);
    assert_false(check_twin(days_fit()));
    play_run(constant, "programmes.p.budget.amount=525 M", N);
    assert_false(check_twin(days_fit()));
}

/* ---- the simple workload ----------------------------------------------------------------------------------------- */

static const char simple[] = "outlay: 1\nextends: tests/bench/scenarios/simple.yaml\n";

/* What it says. */
static const struct line {
    double per_year, median, sigma, rate, cap;
} lines[4] = {{1500.0, 6e6, 1.0, 0.5, 1e7},
              {900.0, 3e6, 0.9, 0.6, 6e6},
              {300.0, 4e6, 0.8, 0.5, 1e7},
              {300.0, 5e6, 0.8, 0.5, 1e7}};

static struct moments simple_demand(void)
{
    struct moments sum = {0.0, 0.0};
    for (int i = 0; i < 4; i++) {
        const struct line *l = &lines[i];
        sum.mean += l->per_year * award_moment(1, l->median, l->sigma, l->rate, l->cap);
        sum.variance += l->per_year * award_moment(2, l->median, l->sigma, l->rate, l->cap);
    }
    return sum;
}

static void test_simple_workload_demand(void **state)
{
    (void)state;
    enum { N = 2000 };
    /* known answers from elsewhere: mean 9.91353 bn, standard deviation 0.23357 bn */
    assert_true(fabs(simple_demand().mean - 9.91353e9) < 1e4 && fabs(sqrt(simple_demand().variance) - 2.3357e8) < 1e4);
    play_run(simple, NULL, N);
    assert_true(check_held(mean_fits(run.demand, N, simple_demand()) && variance_fits(run.demand, N, simple_demand())));
    play_run(simple, "programmes.p.award.rate=51%", N);
    assert_false(check_twin(mean_fits(run.demand, N, simple_demand())));
}

/* Share of the year's applications up to and including a day. */
static double share_by(int last_day)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const double weight[12] = {1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.8, 0.9};
    double sum = 0.0, by = 0.0;
    for (int month = 0, day = 0; month < 12; month++) {
        for (int i = 0; i < length[month]; i++, day++) {
            sum += weight[month];
            by += day <= last_day ? weight[month] : 0.0;
        }
    }
    return by / sum;
}

/* P(S > budget): S compound Poisson with `share` of the year's applications; awards on a grid of 80,000 yuan. */
static double exceeds(double share, double budget)
{
    enum { N_GRID = 1 << 18 };
    static double z[2 * N_GRID];
    const double step = 80000.0;
    double rate = 0.0;
    memset(z, 0, sizeof z);
    for (int i = 0; i < 4; i++) {
        const struct line *l = &lines[i];
        const int n = (int)lround(l->cap / step);
        double below = 0.0;
        for (int k = 0; k <= n; k++) {
            /* the award nearest to k steps; all that is capped at the last one */
            const double to = k < n ? gsl_cdf_lognormal_P((k + 0.5) * step / l->rate, log(l->median), l->sigma) : 1.0;
            z[2 * k] += share * l->per_year * (to - below);
            below = to;
        }
        rate += share * l->per_year;
    }
    assert_int_equal(gsl_fft_complex_radix2_forward(z, 1, N_GRID), GSL_SUCCESS);
    for (int k = 0; k < N_GRID; k++) {
        const double size = exp(z[2 * k] - rate), angle = z[2 * k + 1];
        z[2 * k] = size * cos(angle);
        z[2 * k + 1] = size * sin(angle);
    }
    assert_int_equal(gsl_fft_complex_radix2_inverse(z, 1, N_GRID), GSL_SUCCESS);
    double p = 0.0;
    for (int k = (int)floor(budget / step) + 1; k < N_GRID; k++) {
        p += z[2 * k];
    }
    return p;
}

static double n_exhausted_by(int day)
{
    double n = 0.0;
    for (uint32_t i = 0; i < run.n; i++) {
        n += run.day[i] != OUTLAY_NEVER && run.day[i] <= day;
    }
    return n;
}

static const int quantile_days[5] = {150, 155, 158, 162, 168};

static bool simple_days_fit(const double p[5])
{
    bool fits = true;
    for (int i = 0; i < 5; i++) {
        fits = fits && check_share(n_exhausted_by(quantile_days[i]), run.n, p[i]);
    }
    return fits;
}

static void test_simple_workload_exhaustion(void **state)
{
    (void)state;
    enum { N = 2000 };
    static const double probability[5] = {0.05, 0.25, 0.5, 0.75, 0.95};
    double p[5];
    for (int i = 0; i < 5; i++) { /* known answers from elsewhere */
        p[i] = exceeds(share_by(quantile_days[i]), 5e9);
        assert_true(p[i] >= probability[i]);
        assert_true(exceeds(share_by(quantile_days[i] - 1), 5e9) < probability[i]);
    }
    play_run(simple, NULL, N);
    assert_true(check_held(simple_days_fit(p)));
    play_run(simple, "programmes.p.budget.amount=5.05 bn", N); /* the twin: one per cent more */
    assert_false(check_twin(simple_days_fit(p)));
}

/* A budget that is exhausted in some years and in others not. */
static void test_simple_workload_probability(void **state)
{
    (void)state;
    enum { N = 2000 };
    const double p = exceeds(1.0, 9.95e9);
    assert_true(p > 0.4 && p < 0.46);
    play_run(simple, "programmes.p.budget.amount=9.95 bn", N);
    assert_true(check_held(check_share(n_exhausted_by(N_DAYS), N, p)));
    play_run(simple, "programmes.p.budget.amount=10 bn", N); /* the twin: half a per cent more */
    assert_false(check_twin(check_share(n_exhausted_by(N_DAYS), N, p)));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demand_of_a_thinned_negative_binomial),
        cmocka_unit_test(test_twins_of_a_thinned_negative_binomial),
        cmocka_unit_test(test_demand_of_sized_applicants),
        cmocka_unit_test(test_exhaustion_of_constant_awards),
        cmocka_unit_test(test_simple_workload_demand),
        cmocka_unit_test(test_simple_workload_exhaustion),
        cmocka_unit_test(test_simple_workload_probability),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 16);
}
