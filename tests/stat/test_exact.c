/*
 * test_exact.c: the exact answer against closed forms, and the limits of its reach.
 *
 * Checks: the bracket of P(exhausted by a day) holds the closed form, on every day; so do those of the means; limits,
 * and what is beyond the reach. Nothing is random here: a bracket holds the true value or the test fails.
 * Known answers: sums of n equal awards exceed the budget with the probability that a Poisson, negative-binomial or
 * mixed number does (GSL's distribution functions); sums of n exponential awards are gamma laws, so that P(S > x) =
 * sum over n of P(N = n) Q(n, x / mean) (Klugman, Panjer, Willmot, "Loss Models", 9.4). Of the simple workload
 * (tests/bench/scenarios/simple.yaml), computed elsewhere: mean demand 9.91353 bn, standard deviation 0.23357 bn,
 * exhausted on day 150, 155, 158, 162, 168 after 1 January with probability 5, 25, 50, 75, 95 %.
 * Twin: one number off by 5 %, which lies outside of the bracket.
 * Threshold: none.
 * False-alarm probability of this file: 0 checks x 5.7e-7 = 0.
 */
#include "play.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

#include "outlay/studies.h"

#define HEAD "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"
#define ALL_DAYS "arrivals: {days: all}"

enum { N_DAYS = 365 };

static const struct outlay_exact_options usual = {.tolerance = 5e-4, .max_frequencies = 1 << 16, .n_cells = 1 << 16};

/* Share of the year's applications by the end of a day, all days alike. */
static double share_by(int day)
{
    return (day + 1.0) / N_DAYS;
}

static struct outlay_exact *work_out(const char *text, const char *override, const struct outlay_exact_options *options)
{
    const struct outlay_override overrides[] = {{override}};
    struct outlay_scenario scenario = {0};
    struct outlay_exact *exact = NULL;
    struct outlay_diag diag = {0};
    if (outlay_scenario_load_text(&scenario, "test.yaml", text, overrides, override != NULL, &diag) != OUTLAY_OK ||
        outlay_exact_new(&exact, &scenario, options, &diag) != OUTLAY_OK) {
        fail_msg("%s", diag.n_notes > 0 ? diag.notes[0].message : "no note");
    }
    outlay_diag_free(&diag);
    outlay_scenario_free(&scenario);
    return exact;
}

static bool holds(const struct outlay_bracket *bracket, double value)
{
    return bracket->low <= value && value <= bracket->high && bracket->low <= bracket->value &&
           bracket->value <= bracket->high;
}

/* Days on which the bracket does not hold the truth; in *widest the width of the widest one. */
static int n_days_off(const struct outlay_exact *exact, double (*truth)(int day, double bias), double bias,
                      double *widest)
{
    int n_off = 0;
    *widest = 0.0;
    for (int day = 0; day < N_DAYS; day++) {
        const struct outlay_bracket *by = &exact->books[0].p_exhausted_by[day];
        n_off += !holds(by, truth(day, bias));
        *widest = fmax(*widest, by->high - by->low);
    }
    return n_off;
}

static void check_days(const char *text, double (*truth)(int day, double bias), double most_width)
{
    struct outlay_exact *exact = work_out(text, NULL, &usual);
    double widest;
    assert_int_equal(n_days_off(exact, truth, 1.0, &widest), 0);
    assert_true(widest <= most_width);
    assert_true(exact->p_error >= 0.5 * widest);
    assert_true(n_days_off(exact, truth, 1.05, &widest) > 20); /* the twin */
    outlay_exact_free(exact);
}

/* ---- equal awards ------------------------------------------------------------------------------------------------ */

/* 500 awards of 1 M exhaust 500 M with the 501st. */
static const char poisson_text[] = HEAD "classes: {firm: {count: 10}}\n"
                                        "programmes:\n"
                                        "  p:\n"
                                        "    budget: 500 M\n"
                                        "    award: {rate: 50%}\n"
                                        "    applications: {per_year: 52, contract: 2 M, " ALL_DAYS "}\n";

static double poisson_truth(int day, double bias)
{
    return gsl_cdf_poisson_Q(500, bias * 520.0 * share_by(day));
}

static void test_poisson_number_of_equal_awards(void **state)
{
    (void)state;
    check_days(poisson_text, poisson_truth, 1e-4);
}

/* E min(N, 500) = sum over n < 500 of P(N > n), in awards of 1 M. */
static void test_mean_payout_of_equal_awards(void **state)
{
    (void)state;
    struct outlay_exact *exact = work_out(poisson_text, NULL, &usual);
    double mean = 0.0;
    for (unsigned n = 0; n < 500; n++) {
        mean += 1e8 * gsl_cdf_poisson_Q(n, 520.0);
    }
    const struct outlay_exact_book *book = &exact->books[0];
    assert_true(holds(&book->committed, mean));
    assert_true(book->committed.high - book->committed.low < 1e-4 * mean);
    assert_true(holds(&book->demand, 520e8) && book->demand.high - book->demand.low < 1.0);
    assert_true(book->is_paid_at_once);
    const struct outlay_histogram *demand = &exact->tallies->account_histogram[OUTLAY_ACCOUNT_demand];
    assert_true(fabs(outlay_histogram_quantile(demand, 0.5) - 520e8) < 1e8);
    assert_true(fabs(exact->tallies->account_moments[OUTLAY_ACCOUNT_demand].sd - sqrt(520.0) * 1e8) < 10.0);
    outlay_exact_free(exact);
}

/* A thinned negative-binomial number is one too: r stays, the dispersion less 1 shrinks with the share. */
static const char binomial_text[] =
    HEAD "classes: {firm: {count: 30}}\n"
         "programmes:\n"
         "  p:\n"
         "    budget: 150 M\n"
         "    award: {fixed: 1 M}\n"
         "    applications: {per_year: 5, dispersion: 3, contract: 2 M, " ALL_DAYS "}\n";

static double binomial_truth(int day, double bias)
{
    return gsl_cdf_negative_binomial_Q(150, 1.0 / (1.0 + 2.0 * share_by(day)), 30.0 * bias * 5.0 / 2.0);
}

static void test_negative_binomial_number_of_equal_awards(void **state)
{
    (void)state;
    check_days(binomial_text, binomial_truth, 1e-4);
}

/* Of 20 applicants each takes part with 0.4: a Poisson number mixed over a binomial one. */
static const char take_up_text[] = HEAD "classes: {firm: {count: 20}}\n"
                                        "programmes:\n"
                                        "  p:\n"
                                        "    budget: 75 M\n"
                                        "    award: {fixed: 1 M}\n"
                                        "    applications: {take_up: 40%, per_year: 10, contract: 2 M, " ALL_DAYS "}\n";

static double take_up_truth(int day, double bias)
{
    double p = 0.0;
    for (unsigned k = 1; k <= 20; k++) {
        p += gsl_ran_binomial_pdf(k, bias * 0.4, 20) * gsl_cdf_poisson_Q(75, k * 10.0 * share_by(day));
    }
    return p;
}

static void test_take_up_of_equal_awards(void **state)
{
    (void)state;
    check_days(take_up_text, take_up_truth, 1e-4);
}

/* ---- exponential awards ------------------------------------------------------------------------------------------ */

/* 60 expected awards of mean 100 k. */
static const char exponential_text[] = HEAD "classes: {firm: {count: 60}}\n"
                                            "programmes:\n"
                                            "  p:\n"
                                            "    budget: 5 M\n"
                                            "    award: {rate: 50%}\n"
                                            "    applications: {per_year: 1, contract: {exponential: {mean: 200 k}},\n"
                                            "                   " ALL_DAYS "}\n";

static double exponential_truth(int day, double bias)
{
    double p = 0.0;
    for (unsigned n = 1; n < 400; n++) {
        p += gsl_ran_poisson_pdf(n, 60.0 * share_by(day)) * gsl_sf_gamma_inc_Q(n, 5e6 / (bias * 1e5));
    }
    return p;
}

static void test_exponential_awards(void **state)
{
    (void)state;
    check_days(exponential_text, exponential_truth, 1e-3);
}

/* A coarse bracket holds the fine one's best guess, whatever it is coarse in. */
static void test_brackets_are_nested(void **state)
{
    (void)state;
    static const struct outlay_exact_options coarse[] = {
        {.tolerance = 0.5, .max_frequencies = 1 << 10, .n_cells = 1 << 16},
        {.tolerance = 5e-4, .max_frequencies = 1 << 16, .n_cells = 1 << 8},
    };
    for (size_t i = 0; i < sizeof coarse / sizeof *coarse; i++) {
        struct outlay_exact *exact = work_out(exponential_text, NULL, &coarse[i]);
        double widest;
        assert_int_equal(n_days_off(exact, exponential_truth, 1.0, &widest), 0);
        assert_true(widest > 2e-3);
        outlay_exact_free(exact);
    }
}

/* ---- the simple workload ----------------------------------------------------------------------------------------- */

static const char simple[] = "outlay: 1\nextends: tests/bench/scenarios/simple.yaml\n";

static bool simple_days_are_known(const struct outlay_exact *exact)
{
    static const int days[5] = {150, 155, 158, 162, 168};
    static const double probabilities[5] = {0.05, 0.25, 0.5, 0.75, 0.95};
    bool are_known = true;
    for (int i = 0; i < 5; i++) {
        const struct outlay_bracket *by = exact->books[0].p_exhausted_by;
        are_known = are_known && by[days[i]].low >= probabilities[i] && by[days[i] - 1].high < probabilities[i];
    }
    return are_known;
}

static void test_simple_workload(void **state)
{
    (void)state;
    struct outlay_exact *exact = work_out(simple, NULL, &usual);
    const struct outlay_exact_book *book = &exact->books[0];
    assert_true(fabs(book->demand.value - 9.91353e11) < 1e6 && book->demand.high - book->demand.low < 5e7);
    assert_true(fabs(exact->tallies->account_moments[OUTLAY_ACCOUNT_demand].sd - 2.3357e10) < 1e6);
    assert_true(simple_days_are_known(exact));
    assert_true(book->p_exhausted.low > 0.999 && holds(&book->committed, 5e11));
    outlay_exact_free(exact);
    exact = work_out(simple, "programmes.p.budget.amount=5.25 bn", &usual);
    assert_false(simple_days_are_known(exact));
    outlay_exact_free(exact);
}

/* ---- sizes ------------------------------------------------------------------------------------------------------- */

/* As in test_demand.c: E s^k = exp(k (k - 1) sigma^2 / 2), contracts gamma with mean x and coefficient of variation
 * 0.8. */
static const char sized[] = HEAD "classes: {firm: {count: 50, size_sigma: 0.4}}\n"
                                 "programmes:\n"
                                 "  p:\n"
                                 "    budget: 300 M\n"
                                 "    award: {rate: 100%}\n"
                                 "    applications: {per_year: 2, size_exponent: 0.7,\n"
                                 "                   contract: {gamma: {mean: 3 M, cv: 0.8}}, " ALL_DAYS "}\n";

static double size_moment(double k)
{
    return exp(0.5 * k * (k - 1.0) * 0.4 * 0.4);
}

static void test_moments_of_sized_applicants(void **state)
{
    (void)state;
    static const struct outlay_exact_options quick = {
        .tolerance = 0.02, .max_frequencies = 1 << 12, .n_cells = 1 << 16};
    struct outlay_exact *exact = work_out(sized, NULL, &quick);
    const double m = 2.0, e = 0.7, x = 3e8, xx = x * x * (1.0 + 0.8 * 0.8);
    const double mean = m * size_moment(1.0 + e) * x;
    const double square = m * size_moment(1.0 + 2.0 * e) * xx + m * m * size_moment(2.0 + 2.0 * e) * x * x;
    const double sd = sqrt(50.0 * (square - mean * mean));
    const struct outlay_moments *demand = &exact->tallies->account_moments[OUTLAY_ACCOUNT_demand];
    assert_true(holds(&exact->books[0].demand, 50.0 * mean) && fabs(demand->sd / sd - 1.0) < 1e-4);
    assert_false(holds(&exact->books[0].demand, 1.05 * 50.0 * mean));
    outlay_exact_free(exact);
}

/* ---- limits ------------------------------------------------------------------------------------------------------ */

static void test_limits(void **state)
{
    (void)state;
    /* no limit on the money: it is never gone, and all that is asked for is committed */
    struct outlay_exact *exact = work_out(exponential_text, "programmes.p.budget.amount=none", &usual);
    const struct outlay_exact_book *book = &exact->books[0];
    assert_true(book->p_exhausted.value == 0.0 && book->p_exhausted.high == 0.0);
    assert_true(holds(&book->committed, 6e8));
    outlay_exact_free(exact);
    /* nobody applies */
    exact = work_out(exponential_text, "classes.firm.count=0", &usual);
    book = &exact->books[0];
    assert_true(book->p_exhausted.high < 1e-4 && book->demand.high == 0.0 && book->committed.high < 1.0);
    outlay_exact_free(exact);
    /* ten times the money that is asked for, and a tenth */
    exact = work_out(exponential_text, "programmes.p.budget.amount=60 M", &usual);
    book = &exact->books[0];
    assert_true(book->p_exhausted.high < 1e-3 && holds(&book->committed, 6e8));
    outlay_exact_free(exact);
    exact = work_out(exponential_text, "programmes.p.budget.amount=600 k", &usual);
    book = &exact->books[0];
    assert_true(book->p_exhausted.low > 0.999 && book->committed.high <= 6e7 && book->committed.low > 0.999 * 6e7);
    outlay_exact_free(exact);
    /* no money: exhausted with the first award */
    exact = work_out(poisson_text, "programmes.p.budget.amount=0", &usual);
    assert_true(holds(&exact->books[0].p_exhausted_by[0], -expm1(-520.0 / N_DAYS)));
    assert_true(exact->books[0].committed.high == 0.0);
    outlay_exact_free(exact);
}

/* ---- reach ------------------------------------------------------------------------------------------------------- */

#define REACH_HEAD                                                                                                     \
    "outlay: 1\ntitle: t\ncurrency: EUR\n"                                                                             \
    "classes: {firm: {count: 10, age: {uniform: [0, 10]}}, shop: {count: 5}}\n"
#define REACH_ROLLING "horizon: {start: 2025-01-01}\n"
#define PROGRAMME(budget, award, applications, rest)                                                                   \
    "programmes:\n  p:\n    budget: {amount: 1 M" budget "}\n    award: {rate: 50%" award "}\n"                        \
    "    applications: {per_year: 1, contract: {lognormal: [40 k, 1]}" applications "}\n" rest
#define SECOND(more) "  q:\n    budget: {amount: 1 M}\n    award: {rate: 10%" more "}\n"

/* A scenario for each rule of reach.c, and the key that the message must name. */
static const struct {
    const char *key, *text;
} beyond[] = {
    {"`classes.firm.count` is uncertain",
     "outlay: 1\ntitle: t\nclasses: {firm: {count: {uniform: [5, 10]}}}\n" REACH_ROLLING PROGRAMME("", "", "", "")},
    {"programmes.p.budget.shared_with",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "") "  q:\n    budget: {shared_with: p}\n    award: {rate: 10%}\n"
                                                        "    applications: {per_year: 1, contract: 100 k}\n"},
    {"programmes.p.budget.carry_over",
     REACH_HEAD "horizon: {start: 2025-01-01, years: 2}\n" PROGRAMME(", carry_over: 50%", "", "", "")},
    {"programmes.p.budget.releases", REACH_HEAD REACH_ROLLING PROGRAMME(", release: quarterly", "", "", "")},
    {"programmes.p.budget.top_ups",
     REACH_HEAD REACH_ROLLING PROGRAMME(", top_ups: [{date: 2025-07-01, amount: 100 k}]", "", "", "")},
    {"programmes.p.budget.reserves",
     REACH_HEAD REACH_ROLLING PROGRAMME(", reserves: [{class: shop, share: 20%}]", "", "", "")},
    {"programmes.p.budget.steps",
     REACH_HEAD REACH_ROLLING PROGRAMME(", steps: [{committed: 50%, factor: 80%}]", "", "", "")},
    {"programmes.p.budget.awards", REACH_HEAD REACH_ROLLING PROGRAMME(", awards: 5", "", "", "")},
    {"programmes.p.allocation.rule",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    allocation: {rule: pro_rata, rounds: quarterly}\n")},
    {"programmes.p.allocation.last_award",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    allocation: {last_award: skip}\n")},
    {"programmes.p.allocation.run",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    allocation: {run: {below: 20%, factor: 2}}\n")},
    {"programmes.p.payment.expires",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    payment: {redeemed: 80%, expires: 90}\n")},
    {"programmes.q.applications.same_as",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "") SECOND("") "    applications: {same_as: p}\n"},
    {"programmes.p.award.applicant_cap", REACH_HEAD REACH_ROLLING PROGRAMME("", ", applicant_cap: 20 k", "", "")},
    {"programmes.p.award.young", REACH_HEAD REACH_ROLLING PROGRAMME("", ", young: {below: 3, rate: 60%}", "", "")},
    {"programmes.q.applications.same_as", /* what stacks is the same contract */
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "")
         SECOND(", stacks_with: p, stack_limit: 55%") "    applications: {same_as: p}\n"},
    {"programmes.p.applications.inflation", REACH_HEAD REACH_ROLLING PROGRAMME("", "", ", inflation: 1.2", "")},
    {"programmes.p.applications.arrivals.size_correlation",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", ", arrivals: {size_correlation: 0.5}", "")},
    {"programmes.p.allocation.commit",
     REACH_HEAD REACH_ROLLING PROGRAMME("", "", "",
                                        "    review: {approved: 80%}\n    allocation: {commit: application}\n")},
    {"programmes.p.review.working_days",
     REACH_HEAD "horizon: {start: 2025-01-01, years: 2}\n" PROGRAMME("", "", "", "    review: {working_days: 20}\n")},
};

static void test_reach(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        struct outlay_scenario scenario = {0};
        struct outlay_exact *exact = NULL;
        struct outlay_diag diag = {0}, reason = {0};
        if (outlay_scenario_load_text(&scenario, "test.yaml", beyond[i].text, NULL, 0, &diag) != OUTLAY_OK) {
            fail_msg("%s: %s", beyond[i].key, diag.notes[0].message);
        }
        const outlay_err err = outlay_exact_new(&exact, &scenario, &usual, &reason);
        if (err != OUTLAY_ERR_BEYOND_REACH || reason.n_notes == 0 ||
            strstr(reason.notes[0].message, beyond[i].key) == NULL) {
            fail_msg("%s: %s, %s", beyond[i].key, outlay_err_name(err),
                     reason.n_notes > 0 ? reason.notes[0].message : "no note");
        }
        assert_null(exact);
        outlay_diag_free(&diag);
        outlay_diag_free(&reason);
        outlay_scenario_free(&scenario);
    }
}

/* What looks like a rule and changes nothing is no reason. */
static void test_within_reach(void **state)
{
    (void)state;
    static const char *const within[] = {
        REACH_HEAD REACH_ROLLING PROGRAMME(", carry_over: 50%", "", "", ""),
        REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    review: {working_days: 20}\n"),
        REACH_HEAD REACH_ROLLING PROGRAMME("", "", "",
                                           "    review: {working_days: 20}\n    allocation: {commit: application}\n"),
        REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    payment: {redeemed: 80%, delay: 10}\n"),
        REACH_HEAD REACH_ROLLING PROGRAMME("", "", "", "    allocation: {rule: priority, priority: [shop]}\n"),
        REACH_HEAD "horizon: {start: 2025-01-01, years: 2}\n" PROGRAMME("", "", "", "    review: {approved: 80%}\n"),
    };
    for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
        static const struct outlay_exact_options quick = {
            .tolerance = 0.1, .max_frequencies = 1 << 10, .n_cells = 1 << 10};
        outlay_exact_free(work_out(within[i], NULL, &quick));
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poisson_number_of_equal_awards),
        cmocka_unit_test(test_mean_payout_of_equal_awards),
        cmocka_unit_test(test_negative_binomial_number_of_equal_awards),
        cmocka_unit_test(test_take_up_of_equal_awards),
        cmocka_unit_test(test_exponential_awards),
        cmocka_unit_test(test_brackets_are_nested),
        cmocka_unit_test(test_simple_workload),
        cmocka_unit_test(test_moments_of_sized_applicants),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_within_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
