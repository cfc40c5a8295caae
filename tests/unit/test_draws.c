/*
 * test_draws.c: what makes a further draw cheap changes no number: tables from shared scores, gamma laws between rungs,
 * truncations left to the look-up, and all that a plan borrows from the plan of another draw.
 *
 * Known answers: quantiles and probabilities of the laws themselves, from GSL.
 */
#include "play.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

static struct outlay_law standard_law(enum outlay_family family, double shape)
{
    return (struct outlay_law){
        .family = family, .shape = {shape, 0.0}, .scale = 1.0, .lower = -INFINITY, .upper = INFINITY};
}

/* ---- scores ------------------------------------------------------------------------------------------------------ */

/* The same bits, with the scores of a law of the same kind and another shape. */
static void test_tables_from_scores(void **state)
{
    (void)state;
    static const struct {
        enum outlay_family family, other;
        double shape;
    } cases[] = {
        {OUTLAY_NORMAL, OUTLAY_LOGNORMAL, 0.0},    {OUTLAY_LOGNORMAL, OUTLAY_NORMAL, 1e-3},
        {OUTLAY_LOGNORMAL, OUTLAY_NORMAL, 1.137},  {OUTLAY_LOGNORMAL, OUTLAY_LOGNORMAL, 10.0},
        {OUTLAY_WEIBULL, OUTLAY_PARETO, 0.1},      {OUTLAY_WEIBULL, OUTLAY_EXPONENTIAL, 1.437},
        {OUTLAY_EXPONENTIAL, OUTLAY_WEIBULL, 1.0}, {OUTLAY_PARETO, OUTLAY_WEIBULL, 0.1},
        {OUTLAY_PARETO, OUTLAY_PARETO, 2.537},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outlay_law law = standard_law(cases[i].family, cases[i].shape);
        const struct outlay_law other = standard_law(cases[i].other, 0.77);
        struct outlay_scores *scores = NULL;
        struct outlay_quantiles *from_scores = NULL, *alone = NULL;
        assert_int_equal(outlay_scores_new(&scores, &other), OUTLAY_OK);
        assert_int_equal(outlay_quantiles_new(&from_scores, &law, scores), OUTLAY_OK);
        assert_int_equal(outlay_quantiles_new(&alone, &law, NULL), OUTLAY_OK);
        assert_memory_equal(from_scores->cubic, alone->cubic, OUTLAY_QUANTILE_INTERVALS * sizeof *alone->cubic);
        outlay_quantiles_free(from_scores);
        outlay_quantiles_free(alone);
        free(scores);
    }
}

static void test_laws_without_scores(void **state)
{
    (void)state;
    struct outlay_law law = standard_law(OUTLAY_LOGNORMAL, 1.0);
    assert_int_equal(outlay_law_score(&law), OUTLAY_SCORE_NORMAL);
    law.upper = 5.0;
    assert_int_equal(outlay_law_score(&law), OUTLAY_SCORE_NONE);
    law = standard_law(OUTLAY_TRIANGULAR, 0.3);
    assert_int_equal(outlay_law_score(&law), OUTLAY_SCORE_NONE);
    law = outlay_law_constant(3.0);
    assert_int_equal(outlay_law_score(&law), OUTLAY_SCORE_NONE);
}

/* ---- gamma laws between rungs ------------------------------------------------------------------------------------ */

/* The rungs about `shape`, made where they are not yet there. */
static void find_rungs(struct outlay_scores *all[OUTLAY_GAMMA_RUNGS], double shape,
                       const struct outlay_scores *rung[OUTLAY_GAMMA_POINTS])
{
    const int first = outlay_gamma_first(shape);
    for (int i = 0; i < OUTLAY_GAMMA_POINTS; i++) {
        const int at = first + i;
        assert_in_range(at, 0, OUTLAY_GAMMA_RUNGS - 1);
        if (all[at] == NULL) {
            const struct outlay_law law = standard_law(OUTLAY_GAMMA, outlay_gamma_rung(at));
            assert_int_equal(outlay_scores_new(&all[at], &law), OUTLAY_OK);
        }
        rung[i] = all[at];
    }
}

/* The largest relative error of the table of a gamma law against the table that is made without rungs, at its nodes. */
static double error_between(const struct outlay_scores *is, const struct outlay_scores *ought)
{
    double worst = 0.0;
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < 3 * OUTLAY_QUANTILE_INTERVALS / 2; i++) {
            worst = fmax(worst, fabs(is->node[side][i] - ought->node[side][i]));
        }
    }
    return worst;
}

static void test_gamma_laws_between_rungs(void **state)
{
    (void)state;
    static const double shapes[] = {
        OUTLAY_GAMMA_LEAST, 0.2637, 0.31, 0.5, 0.77, 0.95, 1.0, 1.61, 2.718, 4.01, 6.25, 11.13, 27.77, 97.0, 1234.,
        OUTLAY_GAMMA_MOST};
    struct outlay_scores *all[OUTLAY_GAMMA_RUNGS] = {NULL};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct outlay_law law = standard_law(OUTLAY_GAMMA, shapes[i]);
        const struct outlay_law beside = standard_law(OUTLAY_GAMMA, shapes[i] * (1.0 + 1e-8)); /* the biased twin */
        const struct outlay_scores *rung[OUTLAY_GAMMA_POINTS];
        struct outlay_scores between, *exact = NULL, *biased = NULL;
        find_rungs(all, shapes[i], rung);
        outlay_scores_interpolate(&between, shapes[i], rung);
        assert_int_equal(outlay_scores_new(&exact, &law), OUTLAY_OK);
        assert_int_equal(outlay_scores_new(&biased, &beside), OUTLAY_OK);
        if (error_between(&between, exact) > 1e-9) {
            fail_msg("shape %g: relative error %g", shapes[i], error_between(&between, exact));
        }
        assert_true(error_between(&between, biased) > 1e-9);
        struct outlay_quantiles *table = NULL;
        assert_int_equal(outlay_quantiles_new(&table, &law, &between), OUTLAY_OK);
        assert_true(table->is_interpolated);
        for (double p = 0x1p-53; p < 0.5; p *= 1.37) { /* against the law, between the nodes too */
            for (int upper = 0; upper < 2; upper++) {
                const double value = outlay_quantiles_at_tail(table, p, upper == 1);
                const double back = outlay_law_cdf(&law, value, upper == 1);
                assert_true(fabs(back / p - 1.0) <= 2e-6);
            }
        }
        outlay_quantiles_free(table);
        free(exact);
        free(biased);
    }
    for (int i = 0; i < OUTLAY_GAMMA_RUNGS; i++) {
        free(all[i]);
    }
}

/* ---- truncation by look-up --------------------------------------------------------------------------------------- */

/* The largest |F(value) - u| of the truncated law over many u in both tails; every value must lie within the bounds. */
static double error_of_cut(const struct outlay_draw_law *law, const struct outlay_law *truncated)
{
    double worst = 0.0;
    for (int i = 0; i < 20000; i++) {
        /* from 2^-53 to nearly 1/2, on either side */
        const int step = i / 2;
        const double p = (floor(pow(2.0, -1.0 - 51.9 * step / 10000.0) * 0x1p52) + 0.5) * 0x1p-52;
        const double tail = fmin(p, 0.5 - 0x1p-53);
        const bool is_upper = i % 2 == 1;
        const double value = outlay_draw_law_at(law, is_upper ? 1.0 - tail : tail);
        assert_true(value >= truncated->lower && value <= truncated->upper);
        /* at a bound itself F jumps nowhere, but the rounding of `value` does */
        worst = fmax(worst, fabs(outlay_law_cdf(truncated, value, is_upper) - tail));
    }
    return worst;
}

static void test_truncation_by_lookup(void **state)
{
    (void)state;
    static const struct {
        enum outlay_family family;
        double shape, lower, upper;
    } cases[] = {
        {OUTLAY_LOGNORMAL, 1.1, 0.02, INFINITY}, {OUTLAY_LOGNORMAL, 1.1, -INFINITY, 5.0},
        {OUTLAY_LOGNORMAL, 1.1, 0.02, 5.0},      {OUTLAY_NORMAL, 0.0, 1.2, INFINITY},
        {OUTLAY_NORMAL, 0.0, -INFINITY, -1.2},   {OUTLAY_NORMAL, 0.0, -0.2, 0.1},
        {OUTLAY_GAMMA, 6.25, 0.1, 20.0},         {OUTLAY_WEIBULL, 1.4, 0.5, 2.0},
        {OUTLAY_PARETO, 1.5, -INFINITY, 50.0},   {OUTLAY_NORMAL, 0.0, -40.0, 1e300},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outlay_law whole = standard_law(cases[i].family, cases[i].shape);
        struct outlay_law truncated = whole;
        truncated.lower = cases[i].lower;
        truncated.upper = cases[i].upper;
        struct outlay_quantiles *table = NULL;
        assert_int_equal(outlay_quantiles_new(&table, &whole, NULL), OUTLAY_OK);
        struct outlay_draw_law law = {table, 1.0, 0.0, outlay_law_cut(&truncated), cases[i].lower, cases[i].upper};
        if (error_of_cut(&law, &truncated) > 2e-6) {
            fail_msg("case %zu: |F(value) - u| is up to %g", i, error_of_cut(&law, &truncated));
        }
        if (law.kept.within < 1.0) { /* the biased twin: a part that is a hundred-thousandth too long */
            law.kept.within *= 1.0 - 2e-5;
            law.kept.below += 1e-5 * law.kept.within;
            law.kept.above += 1e-5 * law.kept.within;
            assert_true(error_of_cut(&law, &truncated) > 2e-6);
        }
        outlay_quantiles_free(table);
    }
}

/* A tail that is not cut keeps its relative accuracy down to 2^-53. */
static void test_uncut_tail(void **state)
{
    (void)state;
    struct outlay_law law = standard_law(OUTLAY_LOGNORMAL, 1.1);
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    law.lower = 0.5;
    const struct outlay_draw_law cut = {table, 1.0, 0.0, outlay_law_cut(&law), law.lower, law.upper};
    for (double tail = 0x1p-52; tail < 0.4; tail *= 2.0) {
        const double value = outlay_draw_law_at(&cut, 1.0 - tail);
        assert_true(fabs(outlay_law_cdf(&law, value, true) / tail - 1.0) < 1e-6);
    }
    outlay_quantiles_free(table);
}

/* A law that is not cut looks up u itself. */
static void test_whole_law_looks_up_u(void **state)
{
    (void)state;
    const struct outlay_law law = standard_law(OUTLAY_GAMMA, 2.5);
    struct outlay_quantiles *table = NULL;
    assert_int_equal(outlay_quantiles_new(&table, &law, NULL), OUTLAY_OK);
    const struct outlay_draw_law whole = {table, 3.0, 7.0, {0.0, 1.0, 0.0}, -INFINITY, INFINITY};
    for (uint32_t i = 0; i < 10000; i++) {
        const struct outlay_block bits = outlay_block_at(outlay_key_from_seed(5), i, 0, 0, 0);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        assert_true(outlay_draw_law_at(&whole, u) == 7.0 + 3.0 * outlay_quantiles_at(table, u));
    }
    for (int upper = 0; upper < 2; upper++) {
        const double u = upper == 1 ? 1.0 - 0x1p-53 : 0x1p-53;
        assert_true(outlay_draw_law_at(&whole, u) == 7.0 + 3.0 * outlay_quantiles_at(table, u));
    }
    outlay_quantiles_free(table);
}

/* ---- borrowing --------------------------------------------------------------------------------------------------- */

#define HEAD "outlay: 1\ntitle: t\ncalendar: weekdays\nhorizon: {start: 2025-01-01, years: 2}\n"

/* Nearly everything that may be uncertain in a plan is, beside a programme of which nothing is. */
static const char uncertain_text[] =
    HEAD "classes:\n"
         "  a: {count: {uniform: [20, 60]}, size_sigma: {uniform: [0.5, 1]}, growth: {uniform: [0, 0.2]}}\n"
         "  b: {count: 40}\n"
         "  c: {count: 30, size_sigma: 0.7, age: {gamma: {mean: {uniform: [3, 5]}, cv: 0.5}}}\n"
         "programmes:\n"
         "  p:\n"
         "    budget: {amount: {uniform: [50 M, 90 M]}, release: quarterly}\n"
         "    award: {rate: {uniform: [40%, 60%]}, cap: {uniform: [1 M, 2 M]}}\n"
         "    applications:\n"
         "      per_year: {uniform: [1, 2]}\n"
         "      contract: {lognormal: {median: {uniform: [1 M, 2 M]}, sigma: {uniform: [0.8, 1.2]},\n"
         "                             min: 100 k, max: {uniform: [20 M, 30 M]}}}\n"
         "      size_exponent: {uniform: [0.4, 0.6]}\n"
         "      arrivals:\n"
         "        rush: {share: {uniform: [10%, 20%]}, days: {uniform: [5, 15]}}\n"
         "        deadline: {share: 10%}\n"
         "        months: [1, 1, {uniform: [1, 2]}, 1, 1, 1, 1, 0.5, 1, 1, 1, 1]\n"
         "        size_correlation: {uniform: [0.1, 0.4]}\n"
         "      by_class: {b: {take_up: {uniform: [0.2, 0.9]}, per_year: 2}, c: {per_year: 1}}\n"
         "    review: {approved: 90%, working_days: {gamma: {mean: 30, cv: {uniform: [0.3, 0.9]}}}}\n"
         "    payment: {delay: {weibull: {mean: 40, shape: {uniform: [1, 2]}}}, redeemed: {uniform: [0.7, 0.9]}}\n"
         "  q:\n"
         "    budget: {amount: 60 M, reserves: [{class: b, share: 10%, until: 06-30}]}\n"
         "    award: {rate: 30%}\n"
         "    applications:\n"
         "      per_year: 2\n"
         "      contract: {gamma: {mean: 400 k, cv: 1, min: 1 k}}\n"
         "      arrivals: {opens: 03-01, rush: {share: 10%}}\n"
         "    review: {working_days: {gamma: {mean: {uniform: [10, 20]}, cv: 0.5, max: 60}}}\n"
         "    allocation: {rounds: quarterly, rule: priority, priority: [b, a]}\n";

/* A shape that leaves the rungs, and a truncation that leaves less than a tenth. */
static const char far_text[] =
    HEAD "classes: {a: {count: 50}}\n"
         "programmes:\n"
         "  p:\n"
         "    budget: 60 M\n"
         "    award: {rate: 50%}\n"
         "    applications:\n"
         "      per_year: 1\n"
         "      contract: {lognormal: {median: {uniform: [1 M, 4 M]}, sigma: 1, max: 800 k}}\n"
         "    review: {working_days: {gamma: {mean: 30, cv: {uniform: [1.5, 2.5]}}}}\n";

static void load(struct outlay_scenario *scenario, const char *text)
{
    struct outlay_diag diag = {0};
    if (outlay_scenario_load_text(scenario, "t.yaml", text, NULL, 0, &diag) != OUTLAY_OK) {
        fail_msg("line %d: %s", diag.notes[0].line, diag.notes[0].message);
    }
    outlay_diag_free(&diag);
}

static struct outlay_plan *plan_of(const struct outlay_scenario *scenario, uint32_t draw,
                                   const struct outlay_plan *like)
{
    double values[64];
    struct outlay_plan *plan = NULL;
    assert_in_range(scenario->n_uncertain, 0, 64);
    outlay_draw_values(scenario, 3, draw, values);
    assert_int_equal(outlay_plan_new(&plan, scenario, 3, values, like, NULL), OUTLAY_OK);
    return plan;
}

static void play(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    assert_int_equal(outlay_workspace_reserve(work, plan, plan->capacity), OUTLAY_OK);
    const size_t n = outlay_replicate_play(plan, path, work);
    if (n > outlay_workspace_capacity(work)) {
        assert_int_equal(outlay_workspace_reserve(work, plan, n), OUTLAY_OK);
        (void)outlay_replicate_play(plan, path, work);
    }
}

/* Every draw gives the same outcomes to the bit, whether its plan borrows or not. */
static void check_borrowing(const char *text)
{
    struct outlay_scenario scenario;
    load(&scenario, text);
    struct outlay_plan *first = plan_of(&scenario, 0, NULL);
    struct outlay_workspace *one = NULL, *two = NULL;
    assert_int_equal(outlay_workspace_new(&one, first), OUTLAY_OK);
    assert_int_equal(outlay_workspace_new(&two, first), OUTLAY_OK);
    double contracts = 0.0;
    for (uint32_t draw = 0; draw < 3; draw++) {
        struct outlay_plan *borrower = plan_of(&scenario, draw, first), *alone = plan_of(&scenario, draw, NULL);
        const size_t n_books = (size_t)alone->n_programmes * (size_t)alone->n_years;
        const size_t n_days = (size_t)alone->n_programmes * (size_t)alone->n_days;
        assert_true(borrower->expected_contracts == alone->expected_contracts);
        assert_true(borrower->capacity == alone->capacity && borrower->max_applicants == alone->max_applicants);
        for (uint32_t replicate = 0; replicate < 4; replicate++) {
            play(borrower, (struct outlay_path){draw, replicate}, one);
            play(alone, (struct outlay_path){draw, replicate}, two);
            const struct outlay_outcome *a = outlay_workspace_outcome(one), *b = outlay_workspace_outcome(two);
            assert_memory_equal(a->account, b->account, n_books * OUTLAY_N_ACCOUNTS * sizeof(double));
            assert_memory_equal(a->exhaustion_day, b->exhaustion_day, n_books * sizeof(int32_t));
            assert_memory_equal(a->commitment, b->commitment, n_days * sizeof(double));
            assert_memory_equal(a->outlay, b->outlay, n_days * sizeof(double));
            contracts += a->contracts;
        }
        outlay_plan_free(borrower);
        outlay_plan_free(alone);
    }
    assert_true(contracts > 200.0); /* something was compared */
    outlay_workspace_free(one);
    outlay_workspace_free(two);
    outlay_plan_free(first);
    outlay_scenario_free(&scenario);
}

static void test_borrowing_changes_nothing(void **state)
{
    (void)state;
    check_borrowing(uncertain_text);
    check_borrowing(far_text);
}

/* What no uncertain number touches is not made again; what one touches is. */
static void test_what_is_borrowed(void **state)
{
    (void)state;
    struct outlay_scenario scenario;
    load(&scenario, uncertain_text);
    struct outlay_plan *first = plan_of(&scenario, 0, NULL), *second = plan_of(&scenario, 1, first);
    const struct outlay_plan_cell *p = second->programmes[0].cells, *q = second->programmes[1].cells;
    const struct outlay_plan_cell *first_p = first->programmes[0].cells, *first_q = first->programmes[1].cells;
    assert_ptr_equal(second->year_of_day, first->year_of_day);
    assert_ptr_equal(second->programmes[1].round_day, first->programmes[1].round_day);
    assert_ptr_equal(second->programmes[1].released, first->programmes[1].released);
    assert_ptr_not_equal(second->programmes[0].released, first->programmes[0].released);
    for (int i = 0; i < 3; i++) {
        assert_ptr_equal(q[i].arrivals, first_q[0].arrivals); /* one shape for all classes */
        assert_ptr_equal(q[i].contract.table, first_q[0].contract.table);
        assert_ptr_equal(q[i].review.table, first_q[0].review.table); /* its truncation is left to the look-up */
        assert_true(q[i].review.kept.within < 1.0 && q[i].review.kept.within != first_q[i].review.kept.within);
        assert_ptr_equal(p[i].arrivals, p[0].arrivals);
        assert_ptr_not_equal(p[i].arrivals, first_p[0].arrivals);
        assert_ptr_equal(p[i].review.table, p[0].review.table);
        assert_ptr_not_equal(p[i].review.table, first_p[0].review.table);
        assert_ptr_equal(p[i].normal, first_p[0].normal);
    }
    assert_ptr_equal(p[1].counts, first_p[1].counts);
    assert_int_equal(second->n_counts, 0);
    assert_null(second->scores[OUTLAY_SCORE_NORMAL]);
    for (int i = 0; i < OUTLAY_GAMMA_RUNGS; i++) {
        assert_null(second->rungs[i]);
    }
    /* a's size and the powers of a's and c's, the contracts and the reviews of p, the delay */
    assert_int_equal(second->n_tables, 6);
    outlay_plan_free(second);
    outlay_plan_free(first);
    outlay_scenario_free(&scenario);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_from_scores),
        cmocka_unit_test(test_laws_without_scores),
        cmocka_unit_test(test_gamma_laws_between_rungs),
        cmocka_unit_test(test_truncation_by_lookup),
        cmocka_unit_test(test_uncut_tail),
        cmocka_unit_test(test_whole_law_looks_up_u),
        cmocka_unit_test(test_borrowing_changes_nothing),
        cmocka_unit_test(test_what_is_borrowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
