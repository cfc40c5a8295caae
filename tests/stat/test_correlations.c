/*
 * test_correlations.c: uncertain numbers have the rank correlations that the scenario states, and keep their own laws.
 *
 * Checks: twelve numbers in 20,000 draws: four pairs with ranks from -0.9 to 0.9, a chain of three, and one alone.
 * Spearman's rho of each of the 66 pairs against the stated rank or 0 (ranks.h); the form of the copula: how often a
 * pair lies on one side of both medians; the laws by Anderson and Darling's test. All of it for independent draws, and
 * again for Sobol' points.
 * Known answers: the stated ranks; probability 1/2 + asin(r) / pi of one side, r = 2 sin(pi rank / 6) (Sheppard 1899).
 * Twin: each stated rank off by 0.05, scores less correlated by 0.1, values 5 % too large.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 168 checks x 5.7e-7 = 9.6e-5. Seed 20250101.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checks.h"
#include "outlay/plan.h"
#include "ranks.h"

#define MONTH(i) "programmes.p.applications.arrivals.months." #i
#define PAIR(a, b, rank) "  - {between: [" MONTH(a) ", " MONTH(b) "], rank: " #rank "}\n"

enum { N = 20000, N_NUMBERS = 12 };

/* Twelve uncertain numbers: six uniform and six lognormal ones. */
static const char text[] = "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01}\nclasses: {a: {count: 1}}\n"
                           "programmes:\n  p:\n    budget: 1 M\n    award: {rate: 50%}\n"
                           "    applications:\n      per_year: 1\n      contract: 1 M\n      arrivals:\n"
                           "        months: [{uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}},\n"
                           "                 {uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}},\n"
                           "                 {uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}},\n"
                           "                 {uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}},\n"
                           "                 {uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}},\n"
                           "                 {uniform: [0, 1]}, {lognormal: {median: 2, sigma: 1.2}}]\n"
                           "correlations:\n" PAIR(1, 2, 0.6) PAIR(4, 3, -0.5) PAIR(5, 7, 0.9) PAIR(6, 8, -0.9)
                               PAIR(9, 10, 0.7) PAIR(10, 11, -0.4);

static const struct stated {
    int a, b; /* from 0 */
    double rank;
} stated[] = {{0, 1, 0.6}, {3, 2, -0.5}, {4, 6, 0.9}, {5, 7, -0.9}, {8, 9, 0.7}, {9, 10, -0.4}};
enum { N_STATED = sizeof stated / sizeof stated[0] };

static double value[N_NUMBERS][N]; /* of each number in each draw */
static struct ranks ranks[N_NUMBERS];

static double law(int i, double x)
{
    return i % 2 == 0 ? x : gsl_cdf_lognormal_P(x, log(2.0), 1.2);
}

static int draw_all(const char *design)
{
    struct outlay_scenario scenario;
    const struct outlay_override override = {design};
    gsl_set_error_handler_off();
    if (outlay_scenario_load_text(&scenario, "t.yaml", text, &override, 1, NULL) != OUTLAY_OK ||
        scenario.n_uncertain != N_NUMBERS) {
        return -1;
    }
    for (uint32_t draw = 0; draw < N; draw++) {
        double values[N_NUMBERS];
        outlay_draw_values(&scenario, 20250101, draw, values);
        for (int i = 0; i < N_NUMBERS; i++) {
            value[i][draw] = values[i];
        }
    }
    for (int i = 0; i < N_NUMBERS; i++) {
        ranks_free(&ranks[i]); /* of the design before */
        ranks[i] = ranks_of(value[i], N);
    }
    outlay_scenario_free(&scenario);
    return 0;
}

static int draw_random(void **state)
{
    (void)state;
    return draw_all("simulation.design=random");
}

static int draw_sobol(void **state)
{
    (void)state;
    return draw_all("simulation.design=sobol");
}

static int free_ranks(void **state)
{
    (void)state;
    for (int i = 0; i < N_NUMBERS; i++) {
        ranks_free(&ranks[i]);
    }
    return 0;
}

static double rank_of(int a, int b)
{
    for (int i = 0; i < N_STATED; i++) {
        if ((stated[i].a == a && stated[i].b == b) || (stated[i].a == b && stated[i].b == a)) {
            return stated[i].rank;
        }
    }
    return 0.0;
}

static void test_ranks(void **state)
{
    (void)state;
    for (int a = 0; a < N_NUMBERS; a++) {
        for (int b = 0; b < a; b++) {
            const double rank = rank_of(a, b);
            double standard_error = 0.0;
            const double rho = ranks_spearman(&ranks[a], &ranks[b], &standard_error);
            if (!check_held(check_near(rho, rank, standard_error))) {
                fail_msg("numbers %d and %d: rho %.4f +- %.4f, stated %.4f", a, b, rho, standard_error, rank);
            }
            /* the twins: stronger and weaker than stated */
            assert_true(rank == 0.0 || !check_twin(check_near(rho, rank + 0.05, standard_error)));
            assert_true(rank == 0.0 || !check_twin(check_near(rho, rank - 0.05, standard_error)));
        }
    }
}

/* The standard error is that of theory where there is no correlation, sqrt(1 / n), and falls as ranks rise. */
static void test_standard_error(void **state)
{
    double of_none = 0.0, of_strong = 0.0;
    (void)state;
    (void)ranks_spearman(&ranks[11], &ranks[0], &of_none);
    (void)ranks_spearman(&ranks[4], &ranks[6], &of_strong);
    assert_true(fabs(of_none * sqrt(N) - 1.0) < 0.02);
    assert_true(of_strong < 0.5 * of_none);
}

static void test_copula_is_normal(void **state)
{
    (void)state;
    for (int i = 0; i < N_STATED; i++) {
        const double pi = acos(-1.0), r = 2.0 * sin(pi / 6.0 * stated[i].rank);
        double n_same = 0.0;
        for (size_t j = 0; j < N; j++) {
            const bool is_high = law(stated[i].a, value[stated[i].a][j]) > 0.5;
            n_same += is_high == (law(stated[i].b, value[stated[i].b][j]) > 0.5) ? 1.0 : 0.0;
        }
        assert_true(check_held(check_share(n_same, N, 0.5 + asin(r) / pi)));
        /* the twin: scores that are less correlated by 0.1 */
        assert_false(check_twin(check_share(n_same, N, 0.5 + asin(r + 0.1 * (r > 0.0 ? -1.0 : 1.0)) / pi)));
    }
}

static void test_laws(void **state)
{
    static double u[N];
    (void)state;
    for (int i = 0; i < N_NUMBERS; i++) {
        for (size_t j = 0; j < N; j++) {
            u[j] = law(i, value[i][j]);
        }
        assert_true(check_held(check_uniform(u, N)));
        for (size_t j = 0; j < N; j++) {
            u[j] = law(i, i % 2 == 0 ? pow(value[i][j], 1.05) : 1.05 * value[i][j]);
        }
        assert_false(check_twin(check_uniform(u, N))); /* the twin: values 5 % off */
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_standard_error),
        cmocka_unit_test(test_copula_is_normal),
        cmocka_unit_test(test_laws),
    };
    /* Sobol' points have the same laws; their estimates lie nearer to them, so the thresholds are generous */
    const struct CMUnitTest tests_of_sobol[] = {tests[0], tests[2], tests[3]};
    const int n_failed = cmocka_run_group_tests(tests, draw_random, NULL);
    return check_finish(n_failed + cmocka_run_group_tests(tests_of_sobol, draw_sobol, free_ranks), 168);
}
