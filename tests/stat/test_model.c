/*
 * test_model.c: who applies, with what, when, and what the office makes of it follow the laws that a scenario states.
 *
 * Checks: 800 replicates of one programme are played and all their applications pooled: sizes and contracts by the
 * probability-integral transform, days, months and times of day, numbers of contracts, take-up, approvals, time of
 * review, and no correlation of values and days, or of a value and the next.
 * Known answers: worked out here from the scenario's words, with a calendar of this file's own; nothing is taken from
 * the plan.
 * Twin: for each check a scenario with one number off by 5 % (a share by 5 points).
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 13 checks x 5.7e-7 = 7.5e-6. Seed 1 (play.h).
 */
#include "play.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "checks.h"
#include "replicate/stages.h"

static const char text[] = "outlay: 1\n"
                           "title: pooled applications\n"
                           "calendar: weekdays\n"
                           "horizon: {start: 2025-01-01, years: 2}\n"
                           "classes:\n"
                           "  firm: {count: 200, size_sigma: 0.7}\n"
                           "programmes:\n"
                           "  p:\n"
                           "    budget: 1 bn\n"
                           "    award: {rate: 50%, cap: 10 M}\n"
                           "    applications:\n"
                           "      take_up: 60%\n"
                           "      per_year: 3\n"
                           "      dispersion: 1.5\n"
                           "      contract: {lognormal: {median: 4 M, sigma: 1.1}}\n"
                           "      size_exponent: 0.5\n"
                           "      arrivals:\n"
                           "        opens: 2025-02-17\n"
                           "        closes: 2025-11-28\n"
                           "        months: [1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0, 0.8, 0.7, 0.8, 0.9]\n"
                           "        rush: {share: 15%, days: 10}\n"
                           "        deadline: {share: 10%, days: 7}\n"
                           "    review: {approved: 86%, working_days: {gamma: {mean: 30, sd: 12}}}\n"
                           "    allocation: {commit: decision}\n";

enum { N_REPLICATES = 800, N_APPLICANTS = 200, N_YEAR = 365, N_DAYS = 730, MAX_CONTRACTS = 400000, N_WAITS = 200 };

/* ---- all applications of all replicates -------------------------------------------------------------------------- */

static struct pool {
    size_t n, n_sizes;
    double size[N_REPLICATES * N_APPLICANTS];   /* of each applicant */
    double takers[N_REPLICATES];                /* applicants with a contract */
    double contract[MAX_CONTRACTS];             /* over size^exponent, yuan */
    double time[MAX_CONTRACTS];                 /* day and fraction */
    double approved, waits[N_WAITS], n_decided; /* approved applications; working days to the decision */
} pool;

/* Monday to Friday; 1 January 2025 was a Wednesday. */
static bool is_weekday(int day)
{
    return (day + 2) % 7 < 5;
}

static int weekdays_between(int from, int to)
{
    int n = 0;
    for (int day = from + 1; day <= to; day++) {
        n += is_weekday(day);
    }
    return n;
}

/* The relative size of an applicant, at its address. */
static double size_of(const struct play *play, int replicate, uint32_t applicant)
{
    const struct outlay_plan_class *class = &play->plan->classes[0];
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_SIZE, 0, 0);
    const struct outlay_block bits = outlay_block_at(class->key, 0, applicant, (uint32_t)replicate, high);
    return outlay_quantiles_at(class->size, outlay_uniform(bits.word[0], bits.word[1]));
}

static void pool_replicate(const struct play *play, int replicate)
{
    const struct outlay_workspace *work = play->work;
    for (uint32_t applicant = 0; applicant < N_APPLICANTS; applicant++) {
        pool.size[pool.n_sizes++] = size_of(play, replicate, applicant);
    }
    for (size_t i = 0; i < work->n_contracts; i++, pool.n++) {
        assert_true(pool.n < MAX_CONTRACTS);
        pool.contract[pool.n] = work->contract[i] / 100.0 / sqrt(size_of(play, replicate, work->applicant[i]));
        pool.time[pool.n] = outlay_time_of(play->plan, work, i);
        pool.approved += work->verdict[i] == OUTLAY_APPROVED;
        pool.takers[replicate] += i == 0 || work->applicant[i] != work->applicant[i - 1];
        const int wait = weekdays_between(work->day[i], work->decision_day[i]);
        pool.waits[wait < N_WAITS ? wait : N_WAITS - 1] += 1.0;
    }
}

static void play_pool(const char *override)
{
    const struct outlay_override overrides[] = {{override}};
    struct play play;
    memset(&pool, 0, sizeof pool);
    play_load(&play, text, overrides, override != NULL);
    for (int i = 0; i < N_REPLICATES; i++) {
        play_replicate(&play, (uint32_t)i);
        pool_replicate(&play, i);
    }
    play_free(&play);
}

/* ---- the checks -------------------------------------------------------------------------------------------------- */

static double transformed[MAX_CONTRACTS];

/* Lognormal with mean 1 and sigma 0.7. */
static bool sizes_fit(void)
{
    for (size_t i = 0; i < pool.n_sizes; i++) {
        transformed[i] = gsl_cdf_lognormal_P(pool.size[i], -0.5 * 0.7 * 0.7, 0.7);
    }
    return check_uniform(transformed, pool.n_sizes);
}

/* Lognormal with median 4 M and sigma 1.1, times the root of the size. */
static bool contracts_fit(void)
{
    for (size_t i = 0; i < pool.n; i++) {
        transformed[i] = gsl_cdf_lognormal_P(pool.contract[i], log(4e6), 1.1);
    }
    return check_uniform(transformed, pool.n);
}

static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}; /* of the months of 2025 */

/*
 * Weekdays from 17 February to 28 November, August excepted. A share of 75 % by the weights of the months, 15 % as
 * exp(-k/10) and 10 % as exp(-(K-1-k)/7), k = 0 ... K-1 counting those days.
 */
static void expected_days(double expected[N_YEAR], double n)
{
    static const double weight[12] = {1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0.0, 0.8, 0.7, 0.8, 0.9};
    const int opens = 31 + 17 - 1, closes = 365 - 31 - 2 - 1;
    double base[N_YEAR] = {0.0}, base_sum = 0.0, rush_sum = 0.0, deadline_sum = 0.0;
    int n_open = 0, k = 0, day = 0;
    for (int month = 0; month < 12; month++) {
        for (int i = 0; i < length[month]; i++, day++) {
            base[day] = is_weekday(day) && day >= opens && day <= closes ? weight[month] : 0.0;
            base_sum += base[day];
            n_open += base[day] > 0.0;
        }
    }
    for (int i = 0; i < n_open; i++) {
        rush_sum += exp(-i / 10.0);
        deadline_sum += exp(-i / 7.0);
    }
    for (day = 0; day < N_YEAR; day++) {
        expected[day] = 0.0;
        if (base[day] > 0.0) {
            expected[day] = n * (0.75 * base[day] / base_sum + 0.15 * exp(-k / 10.0) / rush_sum +
                                 0.1 * exp(-(n_open - 1 - k) / 7.0) / deadline_sum);
            k++;
        }
    }
}

static bool days_fit(void)
{
    double observed[N_YEAR] = {0.0}, expected[N_YEAR];
    expected_days(expected, (double)pool.n);
    for (size_t i = 0; i < pool.n; i++) {
        if (!(pool.time[i] >= 0.0 && pool.time[i] < N_YEAR) || expected[(int)pool.time[i]] == 0.0) {
            return false; /* a day on which nobody can apply */
        }
        observed[(int)pool.time[i]] += 1.0;
    }
    return check_cells(observed, expected, N_YEAR);
}

/* The same, added up by month: sharper on what the months weigh. */
static bool months_fit(void)
{
    double by_day[N_YEAR], observed[12] = {0.0}, expected[12] = {0.0};
    int month_of[N_YEAR], day = 0;
    expected_days(by_day, (double)pool.n);
    for (int month = 0; month < 12; month++) {
        for (int i = 0; i < length[month]; i++, day++) {
            month_of[day] = month;
            expected[month] += by_day[day];
        }
    }
    for (size_t i = 0; i < pool.n; i++) {
        observed[month_of[(int)pool.time[i]]] += 1.0;
    }
    return observed[7] == 0.0 && check_cells(observed, expected, 12);
}

/* Within its day an application comes at any time alike. */
static bool hours_fit(void)
{
    for (size_t i = 0; i < pool.n; i++) {
        transformed[i] = pool.time[i] - floor(pool.time[i]) + 0x1p-34;
    }
    return check_uniform(transformed, pool.n);
}

/*
 * Contracts of one applicant: taking part with q = 0.6, then negative binomial of mean m s and variance 1.5 m s with
 * m = 3 and E s = 1, E s^2 = exp(0.49). Mean q m, variance q (1.5 m + m^2 E s^2) - q^2 m^2.
 */
static const double mean_count = N_APPLICANTS * 0.6 * 3.0;

static bool count_fits(void)
{
    const double variance = N_APPLICANTS * (0.6 * (1.5 * 3.0 + 9.0 * exp(0.49)) - 0.36 * 9.0);
    return check_near((double)pool.n / N_REPLICATES, mean_count, sqrt(variance / N_REPLICATES));
}

/*
 * Applicants with at least one contract: 0.6 (1 - E p0(s)), p0 = 1.5^(-m s / 0.5), integrated over the law of s by the
 * midpoint rule over 20,000 equal probabilities.
 */
static bool take_up_fits(void)
{
    double p0 = 0.0, n = 0.0;
    for (int i = 0; i < 20000; i++) {
        p0 += pow(1.5, -6.0 * gsl_cdf_lognormal_Pinv((i + 0.5) / 20000.0, -0.245, 0.7)) / 20000.0;
    }
    for (int i = 0; i < N_REPLICATES; i++) {
        n += pool.takers[i];
    }
    return check_share(n, (double)N_REPLICATES * N_APPLICANTS, 0.6 * (1.0 - p0));
}

static bool approvals_fit(void)
{
    return check_share(pool.approved, (double)pool.n, 0.86);
}

/* Gamma with mean 30 and sd 12 (shape 6.25, scale 4.8), to the nearest working day. */
static bool waits_fit(void)
{
    double expected[N_WAITS];
    for (int k = 0; k < N_WAITS; k++) {
        const double below = k > 0 ? gsl_cdf_gamma_P(k - 0.5, 6.25, 4.8) : 0.0;
        expected[k] = (double)pool.n * (gsl_cdf_gamma_P(k + 0.5, 6.25, 4.8) - below);
    }
    return check_cells(pool.waits, expected, N_WAITS);
}

static const struct {
    const char *what;
    bool (*fits)(void);
    const char *twin; /* one number off by 5 % or 5 points */
} checks[] = {
    {"sizes", sizes_fit, "classes.firm.size_sigma=0.735"},
    {"contracts", contracts_fit, "programmes.p.applications.contract={lognormal: {median: 4.2 M, sigma: 1.1}}"},
    {"days: rush", days_fit, "programmes.p.applications.arrivals.rush.share=20%"},
    {"days: deadline", days_fit, "programmes.p.applications.arrivals.deadline.share=15%"},
    {"months", months_fit,
     "programmes.p.applications.arrivals.months=[1, 1.155, 1.26, 1.365, 1.26, 1.1, 1, 0, 0.8, 0.7, 0.8, 0.9]"},
    {"days: opening", days_fit, "programmes.p.applications.arrivals.opens=2025-02-18"},
    {"number of contracts", count_fits, "programmes.p.applications.per_year=3.15"},
    {"take-up", take_up_fits, "programmes.p.applications.take_up=63%"},
    {"approvals", approvals_fit, "programmes.p.review.approved=81.7%"},
    {"review time", waits_fit, "programmes.p.review.working_days={gamma: {mean: 31.5, sd: 12}}"},
};

enum { N_CHECKS = sizeof checks / sizeof *checks };

static void test_applications_follow_the_scenario(void **state)
{
    (void)state;
    play_pool(NULL);
    for (int i = 0; i < N_CHECKS; i++) {
        if (!check_held(checks[i].fits())) {
            fail_msg("%s: not what the scenario says", checks[i].what);
        }
    }
}

static void test_biased_twins_do_not(void **state)
{
    (void)state;
    for (int i = 0; i < N_CHECKS; i++) {
        play_pool(checks[i].twin);
        if (check_twin(checks[i].fits())) {
            fail_msg("%s: %s goes unnoticed", checks[i].what, checks[i].twin);
        }
    }
}

static void test_hours(void **state)
{
    (void)state;
    play_pool(NULL);
    assert_true(check_held(hours_fit()));
    for (size_t i = 0; i < pool.n; i++) { /* the twin: nobody applies in the last twentieth of a day */
        pool.time[i] -= 0.05 * (pool.time[i] - floor(pool.time[i]));
    }
    assert_false(check_twin(hours_fit()));
}

/* ---- what has nothing to do with each other ---------------------------------------------------------------------- */

static void test_values_and_days_are_independent(void **state)
{
    (void)state;
    play_pool(NULL);
    for (size_t i = 0; i < pool.n; i++) {
        transformed[i] = log(pool.contract[i]);
    }
    assert_true(check_held(check_uncorrelated(transformed, pool.time, pool.n)));
    /* one contract and the next */
    assert_true(check_held(check_uncorrelated(transformed, transformed + 1, pool.n - 1)));
    for (size_t i = 0; i < pool.n; i++) {
        transformed[i] += 0.05 * (pool.time[i] - 150.0) / 75.0; /* the twin: late ones are a little larger */
    }
    assert_false(check_twin(check_uncorrelated(transformed, pool.time, pool.n)));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_applications_follow_the_scenario),
        cmocka_unit_test(test_biased_twins_do_not),
        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_values_and_days_are_independent),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 13);
}
