/*
 * test_precision.c: scrambled Sobol' points have the law of independent draws and no bias, their standard error is
 * honest, and so is the precision at which a run stops.
 *
 * Checks: each point is uniform over 5,000 seeds, coordinates and scramblings are independent; over 150 seeds of 128
 * draws the estimates of P(exhausted) have no bias, 95 % of their intervals have the truth in them, and the mean of
 * se^2 is the variance of the estimates.
 * Known answers: 200 applicants, each with a Poisson number of contracts of mean m, uniform on (0.8, 1.2), and awards
 * of 1 M each, so demand is 1 M x Poisson(200 m); the budget is uniform on (140 M, 260 M). So P(exhausted) = P(demand
 * > budget) = E[F(demand)], with F the budget's distribution function: an integral over m (the trapezoidal rule) of a
 * sum over the Poisson law (GSL).
 * Twin: powers of the points, a budget 2 % larger, intervals and standard errors half as large.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 19 checks x 5.7e-7 = 1.1e-5. Seeds 1 to 150, 0 to 4999.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checks.h"
#include "outlay/engine.h"
#include "outlay/precision.h"
#include "plan/design.h"

enum { N_SEEDS = 150, N_POINTS = 5000 };

static const char text[] =
    "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"
    "classes: {a: {count: 200}}\nprogrammes:\n  p:\n    budget: {uniform: [140 M, 260 M]}\n"
    "    award: {rate: 50%}\n"
    "    applications: {per_year: {uniform: [0.8, 1.2]}, contract: 2 M, arrivals: {days: all}}\n";

/* ---- the law of the points --------------------------------------------------------------------------------------- */

static double uniform(uint64_t seed, size_t dimension, uint32_t draw)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    const struct outlay_key key = outlay_key_fold(outlay_key_from_seed(seed), names[dimension % 4]);
    return outlay_design_uniform(OUTLAY_DESIGN_SOBOL, key, dimension, draw);
}

/* Each point of each scrambling is uniform over the seeds; a power of it, the twin, is not. */
static void test_each_draw_is_uniform(void **state)
{
    static const struct {
        size_t dimension;
        uint32_t draw;
    } cases[] = {{0, 0}, {0, 16}, {1, 37}, {7, 4711}, {39, 123456}};
    static double u[N_POINTS];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (uint64_t seed = 0; seed < N_POINTS; seed++) {
            u[seed] = uniform(seed, cases[i].dimension, cases[i].draw);
        }
        assert_true(check_held(check_uniform(u, N_POINTS)));
        for (uint64_t seed = 0; seed < N_POINTS; seed++) {
            u[seed] = pow(u[seed], 1.15);
        }
        assert_false(check_twin(check_uniform(u, N_POINTS)));
    }
}

/* Share of the seeds at which two coordinates lie in the same half: 1/2 if they are independent. */
static double same_half(size_t dimension_a, uint32_t draw_a, size_t dimension_b, uint32_t draw_b)
{
    double n = 0.0;
    for (uint64_t seed = 0; seed < N_POINTS; seed++) {
        n += (uniform(seed, dimension_a, draw_a) < 0.5) == (uniform(seed, dimension_b, draw_b) < 0.5) ? 1.0 : 0.0;
    }
    return n;
}

static void test_what_is_independent(void **state)
{
    (void)state;
    assert_true(check_held(check_share(same_half(0, 5, 1, 5), N_POINTS, 0.5)));   /* two coordinates of a point */
    assert_true(check_held(check_share(same_half(2, 40, 3, 40), N_POINTS, 0.5))); /* the same */
    assert_true(check_held(check_share(same_half(0, 0, 0, 1), N_POINTS, 0.5)));   /* two scramblings */
    assert_true(check_held(check_share(same_half(3, 32, 3, 47), N_POINTS, 0.5))); /* the same */
    /* the twin: the first two points of one scrambling always lie in different halves */
    assert_true(same_half(0, 0, 0, 16) == 0.0);
}

/* ---- the model --------------------------------------------------------------------------------------------------- */

/* P(exhausted) where the budget is uniform on (low, high), in awards. */
static double p_exhausted(double low, double high)
{
    enum { NODES = 400 };
    double integral = 0.0;
    for (int i = 0; i <= NODES; i++) {
        const double mean = 200.0 * (0.8 + 0.4 * i / NODES);
        double p = 0.0;
        for (unsigned k = 0; k < 600; k++) {
            const double share = (k - low) / (high - low);
            p += gsl_ran_poisson_pdf(k, mean) * fmin(1.0, fmax(0.0, share));
        }
        integral += (i == 0 || i == NODES ? 0.5 : 1.0) * p / NODES;
    }
    return integral;
}

struct study {
    double mean, sd;                 /* of the estimates over the seeds */
    double mean_se2;                 /* mean square of the claimed standard errors */
    double mean_se2_random;          /* and of those for independent draws */
    double covered, covered_by_half; /* seeds at which the 95 % interval, and half of it, has the truth */
    double n_draws;                  /* on average */
};

static struct study study_of(const char *design, const char *precision, uint32_t n_draws)
{
    struct outlay_scenario scenario;
    struct study study = {0};
    const struct outlay_override overrides[] = {{design}, {precision}};
    const double truth = p_exhausted(140.0, 260.0);
    double sum = 0.0, squares = 0.0;
    assert_int_equal(outlay_scenario_load_text(&scenario, "t.yaml", text, overrides, 2, NULL), OUTLAY_OK);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        struct outlay_run_options options = {.seed = seed, .n_draws = n_draws, .n_replicates = 1, .n_threads = 1};
        struct outlay_tallies *tallies = NULL;
        assert_int_equal(outlay_precision_new(&options.precision, &scenario, NULL), OUTLAY_OK);
        assert_int_equal(outlay_engine_run(&scenario, &options, NULL, &tallies, NULL), OUTLAY_OK);
        assert_true(options.precision == NULL || options.precision->is_reached);
        const struct outlay_moments *moments = &tallies->exhausted_moments[0];
        const double off = fabs(moments->mean - truth);
        sum += moments->mean;
        squares += (moments->mean - truth) * (moments->mean - truth);
        study.mean_se2 += moments->se * moments->se / N_SEEDS;
        study.mean_se2_random += moments->se_random * moments->se_random / N_SEEDS;
        study.covered += off <= OUTLAY_Z95 * moments->se ? 1.0 : 0.0;
        study.covered_by_half += off <= 0.5 * OUTLAY_Z95 * moments->se ? 1.0 : 0.0;
        study.n_draws += tallies->n_draws / (double)N_SEEDS;
        outlay_precision_free(options.precision);
        outlay_tallies_free(tallies);
    }
    study.mean = sum / N_SEEDS;
    study.sd = sqrt((squares - N_SEEDS * (study.mean - truth) * (study.mean - truth)) / (N_SEEDS - 1));
    outlay_scenario_free(&scenario);
    print_message("%s %s: P %.4f, truth %.4f; sd %.5f, se %.5f, random %.5f; covered %.3f; %.0f draws\n", design,
                  precision, study.mean, truth, study.sd, sqrt(study.mean_se2), sqrt(study.mean_se2_random),
                  study.covered / N_SEEDS, study.n_draws);
    return study;
}

/* Both designs estimate the same number; the twin is the probability with a budget that is 2 % larger. */
static void check_unbiased(const struct study *study)
{
    const double se = study->sd / sqrt(N_SEEDS);
    assert_true(check_held(check_near(study->mean, p_exhausted(140.0, 260.0), se)));
    assert_false(check_twin(check_near(study->mean, p_exhausted(142.8, 265.2), se)));
}

/*
 * 95 % of the intervals have the truth in them; intervals half as wide, the twin, do not. The mean of se^2 is the
 * variance of the estimates times widening^2: the relative standard error of a variance from N_SEEDS normal values is
 * sqrt(2 / (N_SEEDS - 1)), and that of the mean of se^2 is less.
 */
static void check_honest(const struct study *study, double widening)
{
    const double ratio = study->mean_se2 / (widening * widening * study->sd * study->sd);
    const double se = sqrt(2.0 / (N_SEEDS - 1.0) + 2.0 / 15.0 / N_SEEDS);
    assert_true(check_held(check_share(study->covered, N_SEEDS, 0.95)));
    assert_false(check_twin(check_share(study->covered_by_half, N_SEEDS, 0.95)));
    assert_true(check_held(check_near(ratio, 1.0, se)));
    assert_false(check_twin(check_near(0.25 * ratio, 1.0, se))); /* the twin: standard errors half as large */
}

static void test_random_draws(void **state)
{
    (void)state;
    const struct study study = study_of("simulation.design=random", "simulation.precision=none", 128);
    check_unbiased(&study);
    check_honest(&study, 1.0);
    assert_true(study.mean_se2 == study.mean_se2_random);
}

static void test_sobol_draws(void **state)
{
    (void)state;
    const struct study study = study_of("simulation.design=sobol", "simulation.precision=none", 128);
    check_unbiased(&study);
    check_honest(&study, gsl_cdf_tdist_Pinv(0.975, 15.0) / OUTLAY_Z95);
    /* what is gained: at least half of the variance; the formula for independent draws would not tell of it */
    assert_true(2.0 * study.sd * study.sd < study.mean_se2_random);
}

/* A run that stops where its interval is short enough is still right 95 % of the time. */
static void test_stopping(void **state)
{
    (void)state;
    const struct study random = study_of("simulation.design=random", "simulation.precision=p_exhausted=0.06", 100000);
    check_unbiased(&random);
    assert_true(check_held(check_share(random.covered, N_SEEDS, 0.95)));
    assert_false(check_twin(check_share(random.covered_by_half, N_SEEDS, 0.95)));
    const struct study sobol = study_of("simulation.design=sobol", "simulation.precision=p_exhausted=0.04", 100000);
    check_unbiased(&sobol);
    assert_true(check_held(check_share(sobol.covered, N_SEEDS, 0.95)));
    assert_false(check_twin(check_share(sobol.covered_by_half, N_SEEDS, 0.95)));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_draw_is_uniform),
        cmocka_unit_test(test_what_is_independent),
        cmocka_unit_test(test_random_draws),
        cmocka_unit_test(test_sobol_draws),
        cmocka_unit_test(test_stopping),
    };
    gsl_set_error_handler_off();
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 19);
}
