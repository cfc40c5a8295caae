/*
 * test_chances.c: what chance decides about an application follows the scenario: kind, verdict, age, redemption and
 * its delay, contracts put to a second programme, take-up that spreads, days, earliness and size, and whose turn it
 * is.
 *
 * Checks: the replicates of one scenario are played and all applications pooled; shares by the binomial law, numbers
 * by cell with Pearson's test, the rank correlation of earliness and value by Spearman's rho with the standard error
 * of its influence function. Of a round with four applications the order of service is one of 24, all alike.
 * Known answers: the scenario's numbers; Bass's closed form (1969, eq. 3) for the spread; the working days of 2025 and
 * 2026 from the State Council's notices, written out here.
 * Twin: a scenario with one number off by 5 % (a share by 5 points; imitation, which shows late, by 10 %).
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 12 checks x 5.7e-7 = 6.9e-6. Seed 1 (play.h).
 */
#include "play.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "checks.h"
#include "ranks.h"
#include "replicate/stages.h"

static const char text[] = "outlay: 1\n"
                           "title: what chance decides\n"
                           "calendar: china\n"
                           "horizon: {start: 2025-01-01, years: 2}\n"
                           "classes:\n"
                           "  firm: {count: 300, age: {uniform: [0, 8]}}\n"
                           "programmes:\n"
                           "  kinds:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%, eligible: 70%}\n"
                           "    applications: {per_year: 0.5, contract: 1 M}\n"
                           "  office:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications:\n"
                           "      per_year: 0.5\n"
                           "      contract: 1 M\n"
                           "      arrivals: {opens: 03-10, closes: 10-31, rush: {share: 20%, days: 5}}\n"
                           "    review: {approved: 80%, withdrawn: 10%}\n"
                           "  young:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%, young: {below: 5, rate: 60%}}\n"
                           "    applications: {per_year: 0.5, contract: 1 M, arrivals: {days: all}}\n"
                           "  paid:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 0.5, contract: 1 M}\n"
                           "    payment: {redeemed: 80%, delay: {exponential: {mean: 60}}, expires: 90}\n"
                           "  second:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 10%}\n"
                           "    applications: {same_as: paid, take_up: 60%}\n"
                           "  spreading:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1.5, contract: 1 M, take_up: 90%,\n"
                           "                   diffusion: {innovation: 0.1, imitation: 0.4}}\n"
                           "  tied:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 0.5, contract: {lognormal: {median: 4 M, sigma: 1.1}},\n"
                           "                   arrivals: {days: all, size_correlation: 0.5}}\n";

enum { KINDS, OFFICE, YOUNG, PAID, SECOND, SPREADING, TIED };
enum { N_REPLICATES = 400, N_APPLICANTS = 300, N_YEARS = 2, N_DAYS = 730, EXPIRES = 90, MAX_TIED = 200000 };

static struct pool {
    double n[TIED + 1];                      /* applications by programme */
    double verdicts[TIED + 1][3];            /* by enum outlay_verdict */
    double on_day[N_DAYS];                   /* applications of OFFICE */
    double n_first, n_young;                 /* first contracts of a year in YOUNG, and those granted as young */
    double delays[EXPIRES + 2];              /* days to payment in PAID; the last cell: never */
    double takers[N_YEARS];                  /* applicants with a contract in SPREADING */
    size_t n_tied;                           /* of TIED, both below: */
    double value[MAX_TIED], early[MAX_TIED]; /* fen; minus the time in the horizon's first year */
} pool;

static void pool_contract(const struct play *play, size_t i)
{
    const struct outlay_workspace *work = play->work;
    const int programme = work->cell[i];
    const int32_t delay = outlay_pay_delay(work, i);
    pool.n[programme] += 1.0;
    pool.verdicts[programme][work->verdict[i]] += 1.0;
    if (programme == OFFICE) {
        pool.on_day[work->day[i]] += 1.0;
    } else if (programme == YOUNG && work->ordinal[i] == 0 && work->day[i] < N_DAYS / 2) {
        pool.n_first += 1.0; /* of an applicant: ages of its further contracts would be the same chance */
        pool.n_young += work->demand[i] > 0.55 * work->contract[i];
    } else if (programme == PAID) {
        pool.delays[delay == OUTLAY_AFTER_HORIZON ? EXPIRES + 1 : delay] += 1.0;
    } else if (programme == SPREADING) {
        pool.takers[work->day[i] / (N_DAYS / 2)] += work->ordinal[i] == 0;
    } else if (programme == TIED && work->day[i] < N_DAYS / 2 && pool.n_tied < MAX_TIED) {
        pool.value[pool.n_tied] = work->contract[i];
        pool.early[pool.n_tied++] = -outlay_time_of(play->plan, work, i);
    }
}

static void play_pool(const char *override)
{
    const struct outlay_override overrides[] = {{override}};
    struct play play;
    memset(&pool, 0, sizeof pool);
    play_load(&play, text, overrides, override != NULL);
    for (uint32_t replicate = 0; replicate < N_REPLICATES; replicate++) {
        play_replicate(&play, replicate);
        for (size_t i = 0; i < play.work->n_contracts; i++) {
            pool_contract(&play, i);
        }
    }
    play_free(&play);
}

/* ---- the checks -------------------------------------------------------------------------------------------------- */

static bool kinds_fit(void)
{
    return check_share(pool.verdicts[KINDS][OUTLAY_APPROVED], pool.n[KINDS], 0.7);
}

static bool verdicts_fit(void)
{
    const double n = pool.n[OFFICE];
    const double expected[3] = {
        [OUTLAY_REJECTED] = 0.2 * n, [OUTLAY_APPROVED] = 0.72 * n, [OUTLAY_WITHDRAWN] = 0.08 * n};
    return check_cells(pool.verdicts[OFFICE], expected, 3);
}

/* A 0-to-8-year-old on 1 January is below 5 on day t with probability (5 - t / 365.25) / 8; t is uniform on 0 to 365.
 */
static bool ages_fit(void)
{
    return check_share(pool.n_young, pool.n_first, (5.0 - 0.5 * 365.0 / 365.25) / 8.0);
}

/* Redeemed with 0.8, after an exponential time to the nearest day, but not after 90 days. */
static bool delays_fit(void)
{
    double expected[EXPIRES + 2], left = pool.n[PAID];
    for (int k = 0; k <= EXPIRES; k++) {
        const double before = k > 0 ? gsl_cdf_exponential_P(k - 0.5, 60.0) : 0.0;
        expected[k] = 0.8 * pool.n[PAID] * (gsl_cdf_exponential_P(k + 0.5, 60.0) - before);
        left -= expected[k];
    }
    expected[EXPIRES + 1] = left;
    return check_cells(pool.delays, expected, EXPIRES + 2);
}

static bool taken_over_fit(void)
{
    return check_share(pool.n[SECOND], pool.n[PAID], 0.6);
}

/* Bass: of all who ever take part (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t) do by the end of year t. */
static bool spread_fits(void)
{
    bool fits = true;
    for (int year = 0; year < N_YEARS; year++) {
        const double rest = exp(-0.5 * (year + 1)), part = 0.9 * (1.0 - rest) / (1.0 + 4.0 * rest);
        fits = check_share(pool.takers[year], (double)N_REPLICATES * N_APPLICANTS, part * (1.0 - exp(-1.5))) && fits;
    }
    return fits;
}

/* Days of 2025 (0 to 364) and 2026: holidays from Monday to Friday and working days at weekends, 10 March to October.
 */
static bool is_working_day(int day)
{
    static const int exceptions[] = {
        93,  116, 120, 121, 124, 152, 270, 273,
        274, 275, 278, 279, 280, /* 2025: 4 April, 27 April, 1, 2 and 5 May,
2 June, 28 September, 1, 2, 3, 6, 7 and 8 October */
        283,                     /* 11 October */
        460, 485, 488, 489, 493, 534, 627, 632,
        638, 639, 642, 643, 644, 647, /* 2026: 6 April, 1, 4 and 5 May, 9 May,
19 June, 20 September, 25 September, 1, 2, 5, 6, 7 and 10 October */
    };
    bool is_working = (day + 2) % 7 < 5; /* 1 January 2025 was a Wednesday */
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        is_working = is_working != (exceptions[i] == day);
    }
    return is_working;
}

/* From 10 March to 31 October of each year; a fifth of the year's applications as exp(-k/5), k = 0 ... K-1. */
static bool days_fit(void)
{
    double expected[N_DAYS] = {0.0};
    for (int year = 0; year < N_YEARS; year++) {
        const int first = year * 365, opens = first + 31 + 28 + 9, closes = first + 303;
        double n = 0.0, k = 0.0, rush_sum = 0.0;
        for (int day = first; day < first + 365; day++) {
            n += pool.on_day[day];
        }
        for (int day = opens; day <= closes; day++) {
            rush_sum += is_working_day(day) ? exp(-k / 5.0) : 0.0;
            k += is_working_day(day);
        }
        const double n_working = k;
        k = 0.0;
        for (int day = opens; day <= closes; day++) {
            expected[day] = is_working_day(day) ? n * (0.8 / n_working + 0.2 * exp(-k / 5.0) / rush_sum) : 0.0;
            k += is_working_day(day);
        }
    }
    for (int day = 0; day < N_DAYS; day++) {
        if (expected[day] == 0.0 && pool.on_day[day] > 0.0) {
            return false;
        }
    }
    return check_cells(pool.on_day, expected, N_DAYS);
}

static bool correlation_fits(void)
{
    struct ranks value = ranks_of(pool.value, pool.n_tied), early = ranks_of(pool.early, pool.n_tied);
    double standard_error;
    const double rho = ranks_spearman(&value, &early, &standard_error);
    ranks_free(&value);
    ranks_free(&early);
    return check_near(rho, 0.5, standard_error);
}

static const struct {
    const char *what;
    bool (*fits)(void);
    const char *twin;
} checks[] = {
    {"eligible kinds", kinds_fit, "programmes.kinds.award.eligible=73.5%"},
    {"verdicts: approved", verdicts_fit, "programmes.office.review.approved=84%"},
    {"verdicts: withdrawn", verdicts_fit, "programmes.office.review.withdrawn=15%"},
    {"ages", ages_fit, "classes.firm.age={uniform: [0, 8.4]}"},
    {"redeemed", delays_fit, "programmes.paid.payment.redeemed=84%"},
    {"delays", delays_fit, "programmes.paid.payment.delay={exponential: {mean: 63}}"},
    {"taken over", taken_over_fit, "programmes.second.applications.take_up=63%"},
    {"spread: innovation", spread_fits, "programmes.spreading.applications.diffusion.innovation=0.105"},
    {"spread: imitation", spread_fits, "programmes.spreading.applications.diffusion.imitation=0.44"},
    {"days: rush", days_fit, "programmes.office.applications.arrivals.rush.share=25%"},
    {"days: calendar", days_fit, "calendar=weekdays"},
    {"earliness and value", correlation_fits, "programmes.tied.applications.arrivals.size_correlation=0.475"},
};

enum { N_CHECKS = sizeof checks / sizeof *checks };

static void test_chance_follows_the_scenario(void **state)
{
    (void)state;
    play_pool(NULL);
    for (int i = 0; i < N_CHECKS; i++) {
        if (i > 0 && checks[i].fits == checks[i - 1].fits) {
            continue; /* one check, two twins */
        }
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

/* ---- whose turn it is -------------------------------------------------------------------------------------------- */

static const char round_text[] = "outlay: 1\ntitle: one round\nhorizon: {start: 2025-01-01}\n"
                                 "classes: {a: {count: 2}, b: {count: 2}}\n"
                                 "programmes:\n"
                                 "  p:\n"
                                 "    budget: 100\n"
                                 "    award: {rate: 50%}\n"
                                 "    applications: {per_year: 1, contract: 1 M}\n"
                                 "    review: {score: {uniform: [0, 1]}}\n"
                                 "    allocation: {rounds: yearly}\n";

/* Number of an order of 0, 1, 2, 3, from 0 to 23. */
static int number_of(const uint32_t order[4])
{
    static const int weight[4] = {6, 2, 1, 0};
    int number = 0;
    for (int i = 0; i < 4; i++) {
        int n_less = 0;
        for (int j = i + 1; j < 4; j++) {
            n_less += order[j] < order[i];
        }
        number += n_less * weight[i];
    }
    return number;
}

/* Replicates with four applications; they stand class by class, and are served in one of 24 orders. */
static bool orders_fit(const char *rule, const char *score)
{
    enum { N_ROUNDS = 50000 };
    const struct outlay_override overrides[] = {{rule}, {score}};
    double observed[24] = {0.0}, expected[24], n = 0.0;
    struct play play;
    play_load(&play, round_text, overrides, 2);
    for (uint32_t replicate = 0; replicate < N_ROUNDS; replicate++) {
        play_replicate(&play, replicate);
        if (play.work->n_contracts == 4) {
            observed[number_of(play.work->by_day)] += 1.0;
            n += 1.0;
        }
    }
    play_free(&play);
    for (int i = 0; i < 24; i++) {
        expected[i] = n / 24.0;
    }
    return check_cells(observed, expected, 24);
}

static void test_every_order_is_alike(void **state)
{
    (void)state;
    static const char *const rules[] = {"programmes.p.allocation.rule=first_come",
                                        "programmes.p.allocation.rule=lottery", "programmes.p.allocation.rule=score"};
    static const char same[] = "programmes.p.review.by_class={b: {score: {uniform: [0, 1]}}}";
    static const char higher[] = "programmes.p.review.by_class={b: {score: {uniform: [0.05, 1.05]}}}";
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!check_held(orders_fit(rules[i], same))) {
            fail_msg("%s: some orders are likelier than others", rules[i]);
        }
    }
    /* the twin: those of one class have 0.05 points more */
    assert_false(check_twin(orders_fit(rules[2], higher)));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance_follows_the_scenario),
        cmocka_unit_test(test_biased_twins_do_not),
        cmocka_unit_test(test_every_order_is_alike),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 12);
}
