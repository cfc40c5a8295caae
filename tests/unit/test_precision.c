/*
 * test_precision.c: what may be asked for and how, half-widths worked out by hand, and runs that stop: at the same
 * place for any number of threads, with the paths that a longer run begins with, and never too early.
 */
#include "play.h"

#include <math.h>
#include <string.h>

#include "engine/precision.h"
#include "outlay/quantity.h"

static const char text[] = "outlay: 1\ntitle: t\ncalendar: weekdays\nhorizon: {start: 2025-01-01, years: 2}\n"
                           "classes: {a: {count: 40}}\n"
                           "programmes:\n"
                           "  p:\n"
                           "    budget: {uniform: [15 M, 25 M]}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1, contract: 1 M}\n"
                           "  second:\n"
                           "    budget: none\n"
                           "    award: {rate: 10%}\n"
                           "    applications: {per_year: 1, contract: 1 M}\n";

static void load(struct outlay_scenario *scenario, const char *precision, const char *other)
{
    char words[256];
    (void)snprintf(words, sizeof words, "simulation.precision=%s", precision);
    const struct outlay_override overrides[] = {{words}, {other}};
    assert_int_equal(outlay_scenario_load_text(scenario, "t.yaml", text, overrides, other != NULL ? 2 : 1, NULL),
                     OUTLAY_OK);
}

/* ---- what is asked for ------------------------------------------------------------------------------------------- */

static void test_every_quantity(void **state)
{
    (void)state;
    struct outlay_scenario scenario;
    struct outlay_precision *precision;
    load(&scenario,
         "p_exhausted=0.5%, exhaustion_date.p50@p=2,outlay.mean@second/2026 = 10 M,awards.p97.5@2025=3 ,gini.mean=0.1",
         NULL);
    assert_int_equal(outlay_precision_new(&precision, &scenario, NULL), OUTLAY_OK);
    assert_int_equal(precision->n_goals, 5);
    const struct outlay_precision_goal *goal = precision->goals;
    assert_true(!goal[0].is_date && goal[0].account == -1 && isnan(goal[0].p) && goal[0].half_width == 0.005);
    assert_true(goal[0].programme == -1 && goal[0].year == -1 && isnan(goal[0].reached));
    assert_true(goal[1].is_date && goal[1].p == 0.5 && goal[1].programme == 0 && goal[1].year == -1);
    assert_true(goal[1].half_width == 2.0);
    assert_true(goal[2].account == OUTLAY_ACCOUNT_outlay && isnan(goal[2].p) && goal[2].half_width == 1e9);
    assert_true(goal[2].programme == 1 && goal[2].year == 1 && outlay_precision_divisor(&goal[2]) == 100.0);
    assert_string_equal(goal[2].name, "outlay.mean@second/2026");
    assert_true(goal[3].account == OUTLAY_ACCOUNT_awards && goal[3].p == 0.975 && goal[3].half_width == 3.0);
    assert_true(goal[3].programme == -1 && goal[3].year == 0 && outlay_precision_divisor(&goal[3]) == 1.0);
    assert_true(goal[4].account == OUTLAY_ACCOUNT_gini && goal[4].half_width == 0.1);
    outlay_precision_free(precision);
    outlay_scenario_free(&scenario);
}

static void test_nothing_is_asked_for(void **state)
{
    (void)state;
    struct outlay_scenario scenario;
    struct outlay_precision *precision;
    load(&scenario, "none", NULL);
    assert_int_equal(outlay_precision_new(&precision, &scenario, NULL), OUTLAY_OK);
    assert_null(precision);
    outlay_precision_free(precision);
    outlay_scenario_free(&scenario);
}

static void test_each_mistake_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        outlay_err err;
        const char *told, *hint;
    } cases[] = {
        {"p_exhausted", OUTLAY_ERR_WRONG_TYPE, "takes QUANTITY=HALFWIDTH", NULL},
        {"p_exhausted=0.1,", OUTLAY_ERR_WRONG_TYPE, "takes QUANTITY=HALFWIDTH", NULL},
        {"p_exhaust=0.1", OUTLAY_ERR_UNKNOWN_NAME, "no quantity `p_exhaust`", "did you mean `p_exhausted`"},
        {"xyz=0.1", OUTLAY_ERR_UNKNOWN_NAME, "no quantity `xyz`", "an account with .mean"},
        {"p_exhausted.mean=0.1", OUTLAY_ERR_OUT_OF_RANGE, "takes nothing behind it", NULL},
        {"exhaustion_date=2", OUTLAY_ERR_OUT_OF_RANGE, "takes a quantile", NULL},
        {"exhaustion_date.mean=2", OUTLAY_ERR_OUT_OF_RANGE, "takes a quantile", NULL},
        {"outlay=2", OUTLAY_ERR_OUT_OF_RANGE, "takes .mean, or a quantile", NULL},
        {"outlay.p0=2", OUTLAY_ERR_OUT_OF_RANGE, "seen: .p0", NULL},
        {"outlay.p100=2", OUTLAY_ERR_OUT_OF_RANGE, "seen: .p100", NULL},
        {"outlay.p=2", OUTLAY_ERR_OUT_OF_RANGE, "seen: .p", NULL},
        {"outlay.p5k=2", OUTLAY_ERR_OUT_OF_RANGE, "seen: .p5k", NULL},
        {"p_exhausted@secnd=0.1", OUTLAY_ERR_UNKNOWN_NAME, "no programme `secnd`", "did you mean `second`"},
        {"p_exhausted@p/2027=0.1", OUTLAY_ERR_OUT_OF_RANGE, "no fiscal year `2027`", NULL},
        {"p_exhausted@2024=0.1", OUTLAY_ERR_OUT_OF_RANGE, "2025 to 2026", NULL},
        {"p_exhausted@2025x=0.1", OUTLAY_ERR_OUT_OF_RANGE, "no fiscal year", NULL},
        {"p_exhausted=", OUTLAY_ERR_BAD_NUMBER, "takes a number", NULL},
        {"p_exhausted=x", OUTLAY_ERR_BAD_NUMBER, "seen: x", NULL},
        {"p_exhausted=0", OUTLAY_ERR_OUT_OF_RANGE, "above 0 and below 0.5", NULL},
        {"p_exhausted=0.5", OUTLAY_ERR_OUT_OF_RANGE, "above 0 and below 0.5", NULL},
        {"outlay.mean=-1", OUTLAY_ERR_OUT_OF_RANGE, "must be above 0, seen", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outlay_scenario scenario;
        struct outlay_precision *precision;
        struct outlay_diag diag = {0};
        load(&scenario, cases[i].words, NULL);
        assert_int_equal(outlay_precision_new(&precision, &scenario, &diag), cases[i].err);
        assert_null(precision);
        assert_int_equal(diag.n_errors, 1);
        assert_string_equal(diag.notes[0].file, "--set");
        assert_non_null(strstr(diag.notes[0].message, cases[i].told));
        assert_true(cases[i].hint == NULL || strstr(diag.notes[0].hint, cases[i].hint) != NULL);
        outlay_diag_free(&diag);
        outlay_scenario_free(&scenario);
    }
}

/* ---- half-widths ------------------------------------------------------------------------------------------------- */

static void test_a_share_is_never_known_at_once(void **state)
{
    (void)state;
    struct outlay_moments moments = {.mean = 0.0, .se = 0.0};
    const struct outlay_tallies tallies = {
        .n_programmes = 1, .n_years = 1, .n_paths = 800, .n_draws = 100, .exhausted_moments = &moments};
    const struct outlay_precision_goal goal = {.account = -1, .p = NAN, .programme = -1, .year = -1};
    /* the end of Wilson's interval (1927) with 0 of 100: 0.0370 in the tables, 0.00383 with 0 of 1000 */
    assert_true(fabs(outlay_precision_half_width(&goal, &tallies, NULL, 100.0) - 0.0370) < 5e-5);
    assert_true(fabs(outlay_precision_half_width(&goal, &tallies, NULL, 1000.0) - 0.00383) < 5e-6);
    moments.se = 0.1;
    assert_true(fabs(outlay_precision_half_width(&goal, &tallies, NULL, 100.0) - 0.196) < 5e-5);
}

/* 10 days, exhausted on day 2 with 0.2, on day 5 with 0.3, on day 8 with 0.3; standard error of the shares 0.06. */
static void test_half_width_of_a_date(void **state)
{
    (void)state;
    uint64_t on[10] = {0, 0, 200, 0, 0, 300, 0, 0, 300, 0};
    double se[10];
    struct outlay_scenario scenario = {.n_years = 1, .year_first_day = {0, 10}};
    const struct outlay_tallies tallies = {
        .n_programmes = 1, .n_years = 1, .n_days = 10, .n_paths = 1000, .exhausted_on = on, .exhausted_by_se = se};
    struct outlay_precision_goal goal = {.is_date = true, .account = -1, .p = 0.55, .programme = -1, .year = -1};
    for (int day = 0; day < 10; day++) {
        se[day] = day < 2 ? 0.0 : 0.06;
    }
    /* 0.5 + 0.118 reaches 0.55 on day 5, 0.5 does not: day 8; and 0.8 - 0.118 does */
    assert_true(outlay_precision_half_width(&goal, &tallies, &scenario, 1e6) == 3.0);
    goal.p = 0.7; /* 0.8 - 0.118 does not reach it: it may be never */
    assert_true(isinf(outlay_precision_half_width(&goal, &tallies, &scenario, 1e6)));
    goal.p = 0.95; /* never, and surely so */
    assert_true(outlay_precision_half_width(&goal, &tallies, &scenario, 1e6) == 0.0);
    goal.p = 0.85; /* never, but day 8 may do */
    assert_true(isinf(outlay_precision_half_width(&goal, &tallies, &scenario, 1e6)));
    /* on day 0 nothing was seen; with 50 draws it may have been 0.071, so that a quantile of 5 % is anywhere */
    goal.p = 0.05;
    assert_true(outlay_precision_half_width(&goal, &tallies, &scenario, 1e6) == 0.0);
    assert_true(outlay_precision_half_width(&goal, &tallies, &scenario, 50.0) == 2.0);
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */

struct run {
    struct outlay_scenario scenario;
    struct outlay_run_options options;
    struct outlay_tallies *tallies;
    uint64_t sum; /* of the exhaustion days, each times its place */
};

static outlay_err begin(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag)
{
    (void)context, (void)shape, (void)diag;
    return OUTLAY_OK;
}

static outlay_err add_batch(void *context, const struct outlay_batch *batch, struct outlay_diag *diag)
{
    struct run *run = context;
    (void)diag;
    for (size_t i = 0; i < (size_t)batch->n_draws * batch->n_replicates * 4; i++) {
        run->sum = run->sum * 31 + (uint64_t)(uint32_t)batch->exhaustion_day[i];
    }
    return OUTLAY_OK;
}

static void play(struct run *self, const char *precision, const char *other, uint32_t n_draws, uint32_t n_replicates,
                 int n_threads)
{
    *self = (struct run){.options = {.seed = 3, .n_draws = n_draws, .n_replicates = n_replicates}};
    const struct outlay_sink sink = {.context = self, .begin = begin, .batch = add_batch};
    self->options.n_threads = n_threads;
    load(&self->scenario, precision, other);
    assert_int_equal(outlay_precision_new(&self->options.precision, &self->scenario, NULL), OUTLAY_OK);
    assert_int_equal(outlay_engine_run(&self->scenario, &self->options, &sink, &self->tallies, NULL), OUTLAY_OK);
}

static void run_free(struct run *self)
{
    outlay_precision_free(self->options.precision);
    outlay_tallies_free(self->tallies);
    outlay_scenario_free(&self->scenario);
}

static void test_threads_stop_alike(void **state)
{
    (void)state;
    static const char *const designs[] = {"simulation.design=random", "simulation.design=sobol"};
    for (size_t i = 0; i < 2; i++) {
        struct run one, two, plain;
        play(&one, "p_exhausted=0.03", designs[i], 5000, 2, 1);
        play(&two, "p_exhausted=0.03", designs[i], 5000, 2, 2);
        assert_true(one.options.precision->is_reached);
        assert_true(one.tallies->n_draws < 5000 && one.tallies->n_draws >= OUTLAY_LEAST_DRAWS);
        assert_true(one.tallies->n_paths == 2 * one.tallies->n_draws);
        assert_true(one.tallies->n_draws == two.tallies->n_draws && one.sum == two.sum);
        assert_true(one.options.precision->goals[0].reached == two.options.precision->goals[0].reached);
        assert_true(one.options.precision->goals[0].reached <= 0.03);
        /* the same paths and the same tallies as a run of that size */
        play(&plain, "none", designs[i], one.tallies->n_draws, 2, 2);
        assert_true(plain.sum == one.sum);
        assert_memory_equal(plain.tallies->exhausted_moments, one.tallies->exhausted_moments,
                            4 * sizeof(struct outlay_moments));
        assert_memory_equal(plain.tallies->account_moments, one.tallies->account_moments,
                            4 * OUTLAY_N_ACCOUNTS * sizeof(struct outlay_moments));
        run_free(&one);
        run_free(&two);
        run_free(&plain);
    }
}

/* With one draw, replicates are added; a programme without limit, never exhausted, must not stop the run at once. */
static void test_one_draw(void **state)
{
    (void)state;
    struct run run;
    play(&run, "p_exhausted@second=0.0002", "programmes.p.budget=20 M", 1, 200000, 2);
    assert_true(run.options.precision->is_reached);
    assert_int_equal(run.tallies->n_draws, 1);
    /* 1.96^2 / (n + 1.96^2) <= 0.0002 from n = 19,204 on */
    assert_true(run.tallies->n_paths >= 19204 && run.tallies->n_paths < 200000);
    run_free(&run);
}

static void test_the_largest_size_is_the_end(void **state)
{
    (void)state;
    struct run run;
    play(&run, "p_exhausted=0.0001,outlay.mean@second=1 bn", NULL, 300, 1, 2);
    assert_false(run.options.precision->is_reached);
    assert_int_equal(run.tallies->n_draws, 300);
    assert_true(run.options.precision->goals[0].reached > 0.0001);
    assert_true(run.options.precision->goals[1].reached < 1e11);
    run_free(&run);
    /* easily reached, but not with fewer draws than tell a standard error */
    play(&run, "outlay.mean=1 bn", NULL, OUTLAY_LEAST_DRAWS - 1, 1, 2);
    assert_false(run.options.precision->is_reached);
    run_free(&run);
    play(&run, "outlay.mean=1 bn", NULL, OUTLAY_LEAST_DRAWS, 1, 2);
    assert_true(run.options.precision->is_reached);
    run_free(&run);
}

static void test_default_sizes(void **state)
{
    (void)state;
    struct outlay_scenario scenario;
    load(&scenario, "none", NULL);
    const struct outlay_run_options plain = outlay_run_options_for(&scenario);
    outlay_scenario_free(&scenario);
    load(&scenario, "p_exhausted=0.1", NULL);
    const struct outlay_run_options most = outlay_run_options_for(&scenario);
    outlay_scenario_free(&scenario);
    assert_true(most.n_draws == 100 * plain.n_draws && most.n_replicates == plain.n_replicates);
    assert_true(most.n_draws <= OUTLAY_MAX_DRAWS);
    load(&scenario, "p_exhausted=0.1", "programmes.p.budget=20 M");
    const struct outlay_run_options certain = outlay_run_options_for(&scenario);
    assert_true(certain.n_draws == 1 && certain.n_replicates > 100000);
    outlay_scenario_free(&scenario);
    load(&scenario, "p_exhausted=0.1", "simulation.draws=77");
    assert_int_equal(outlay_run_options_for(&scenario).n_draws, 77);
    outlay_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_quantity),
        cmocka_unit_test(test_nothing_is_asked_for),
        cmocka_unit_test(test_each_mistake_is_told),
        cmocka_unit_test(test_a_share_is_never_known_at_once),
        cmocka_unit_test(test_half_width_of_a_date),
        cmocka_unit_test(test_threads_stop_alike),
        cmocka_unit_test(test_one_draw),
        cmocka_unit_test(test_the_largest_size_is_the_end),
        cmocka_unit_test(test_default_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
