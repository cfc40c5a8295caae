/*
 * test_independence.c: streams that lie side by side have nothing to do with each other.
 *
 * Checks: of two uniforms whose addresses differ in one place only (the words of a block, block, applicant, replicate,
 * draw, year, purpose, seed, class, programme) the pairs fill a grid of 16 x 16 alike (Pearson's test on a million
 * pairs, 100,000 in a build with assertions), and are not correlated. In the model itself the demands of two
 * programmes by two classes in two fiscal years, where nothing ties them, are not correlated: with one another, from
 * one replicate to the next, from one draw to the next.
 * Known answers: independence; the coefficient's standard error is 1 / sqrt(n).
 * Twin: every twentieth pair shares its uniform; demands of which a twentieth is the other's.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 230 checks x 5.7e-7 = 1.3e-4. Seed 20250103 (model: 1, play.h).
 */
#include "play.h"

#include <gsl/gsl_errno.h>

#include "checks.h"
#include "outlay/random.h"

/* ---- neighbouring addresses -------------------------------------------------------------------------------------- */

/* Where a uniform comes from. */
struct address {
    uint64_t seed;
    const char *programme, *class_;
    enum outlay_purpose purpose;
    uint32_t year, draw, replicate, entity, block, word; /* word: 0 or 2, the first of its two */
};

/* The first of each row is {seed, p, c, purpose, 0, 0, 0, entity = number of the pair, 0, 0}; the second one differs.
 */
static const struct neighbour {
    const char *what;
    struct address base, other;
} neighbours[] = {
#define HERE 20250103, "training", "startup"
#define WHERE(purpose) HERE, OUTLAY_PURPOSE_##purpose
    {"the words of a block", {WHERE(CONTRACT), 0, 0, 0, 0, 0, 0}, {WHERE(CONTRACT), 0, 0, 0, 0, 0, 2}},
    {"a block and the next", {WHERE(CONTRACT), 0, 0, 0, 0, 0, 0}, {WHERE(CONTRACT), 0, 0, 0, 0, 1, 0}},
    {"an applicant and the next", {WHERE(SIZE), 0, 0, 0, 0, 0, 0}, {WHERE(SIZE), 0, 0, 0, 1, 0, 0}},
    {"far applicants", {WHERE(SIZE), 0, 0, 0, 0, 0, 0}, {WHERE(SIZE), 0, 0, 0, 1u << 26, 0, 0}},
    {"a replicate and the next", {WHERE(REVIEW), 0, 0, 6, 0, 0, 0}, {WHERE(REVIEW), 0, 0, 7, 0, 0, 0}},
    {"far replicates", {WHERE(REVIEW), 0, 0, 7, 0, 0, 0}, {WHERE(REVIEW), 0, 0, 99999999, 0, 0, 0}},
    {"a draw and the next", {WHERE(RANK), 0, 0, 0, 0, 0, 0}, {WHERE(RANK), 0, 1, 0, 0, 0, 0}},
    {"far draws", {WHERE(RANK), 0, 0, 0, 0, 0, 0}, {WHERE(RANK), 0, 999999, 0, 0, 0, 0}},
    {"a year and the next", {WHERE(PARTICIPATION), 0, 0, 0, 0, 0, 0}, {WHERE(PARTICIPATION), 1, 0, 0, 0, 0, 0}},
    {"far years", {WHERE(PARTICIPATION), 0, 0, 0, 0, 0, 0}, {WHERE(PARTICIPATION), 49, 0, 0, 0, 0, 0}},
    {"contract and review", {WHERE(CONTRACT), 0, 0, 0, 0, 0, 0}, {WHERE(REVIEW), 0, 0, 0, 0, 0, 0}},
    {"review and payment", {WHERE(REVIEW), 0, 0, 0, 0, 0, 0}, {WHERE(PAYMENT), 0, 0, 0, 0, 0, 0}},
    {"payment and rank", {WHERE(PAYMENT), 0, 0, 0, 0, 0, 0}, {WHERE(RANK), 0, 0, 0, 0, 0, 0}},
    {"rank and kind", {WHERE(RANK), 0, 0, 0, 0, 0, 0}, {WHERE(ELIGIBLE), 0, 0, 0, 0, 0, 0}},
    {"kind and age", {WHERE(ELIGIBLE), 0, 0, 0, 0, 0, 0}, {WHERE(AGE), 0, 0, 0, 0, 0, 0}},
    {"age and size", {WHERE(AGE), 0, 0, 0, 0, 0, 0}, {WHERE(SIZE), 0, 0, 0, 0, 0, 0}},
    {"size and participation", {WHERE(SIZE), 0, 0, 0, 0, 0, 0}, {WHERE(PARTICIPATION), 0, 0, 0, 0, 0, 0}},
    {"participation and contract", {WHERE(PARTICIPATION), 0, 0, 0, 0, 0, 0}, {WHERE(CONTRACT), 0, 0, 0, 0, 0, 0}},
    {"uncertain numbers and scrambling", {WHERE(UNCERTAIN), 0, 0, 0, 0, 0, 0}, {WHERE(SCRAMBLE), 0, 0, 0, 0, 0, 0}},
    {"a seed and the next",
     {WHERE(SIZE), 0, 0, 0, 0, 0, 0},
     {20250104, "training", "startup", OUTLAY_PURPOSE_SIZE, 0, 0, 0, 0, 0, 0}},
    {"classes",
     {WHERE(SIZE), 0, 0, 0, 0, 0, 0},
     {20250103, "training", "startuq", OUTLAY_PURPOSE_SIZE, 0, 0, 0, 0, 0, 0}},
    {"programmes",
     {WHERE(SIZE), 0, 0, 0, 0, 0, 0},
     {20250103, "traininh", "startup", OUTLAY_PURPOSE_SIZE, 0, 0, 0, 0, 0, 0}},
    {"names exchanged",
     {WHERE(SIZE), 0, 0, 0, 0, 0, 0},
     {20250103, "startup", "training", OUTLAY_PURPOSE_SIZE, 0, 0, 0, 0, 0, 0}},
};

enum { N_NEIGHBOURS = sizeof neighbours / sizeof *neighbours };

static double u[CHECK_DRAWS], v[CHECK_DRAWS]; /* large for a stack */

static void fill(const struct address *from, size_t n, double values[])
{
    struct outlay_key key = outlay_key_from_seed(from->seed);
    key = outlay_key_fold(outlay_key_fold(key, from->programme), from->class_);
    const uint32_t high = outlay_counter_high(from->purpose, from->year, from->draw);
    for (size_t i = 0; i < n; i++) {
        const uint32_t entity = from->entity + (uint32_t)i;
        const struct outlay_block bits = outlay_block_at(key, from->block, entity, from->replicate, high);
        values[i] = outlay_uniform(bits.word[from->word], bits.word[from->word + 1]);
    }
}

static void test_neighbours_are_independent(void **state)
{
    (void)state;
    for (int i = 0; i < N_NEIGHBOURS; i++) {
        fill(&neighbours[i].base, CHECK_DRAWS, u);
        fill(&neighbours[i].other, CHECK_DRAWS, v);
        const bool are_even = check_pairs(u, v, CHECK_DRAWS);
        if (!check_held(check_uncorrelated(u, v, CHECK_DRAWS) && are_even)) {
            fail_msg("%s: not independent", neighbours[i].what);
        }
    }
}

/* The last of the rows above, of which every twentieth pair shares its uniform. */
static void test_shared_uniforms_are_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_TWIN_DRAWS; i += 20) {
        v[i] = u[i];
    }
    assert_false(check_twin(check_pairs(u, v, CHECK_TWIN_DRAWS)));
    assert_false(check_twin(check_uncorrelated(u, v, CHECK_TWIN_DRAWS)));
}

/* ---- in the model ------------------------------------------------------------------------------------------------ */

/* Everything is drawn anew for each programme, class and year: all have one size, and all take part. */
static const char text[] = "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01, years: 2}\n"
                           "classes: {a: {count: 3}, b: {count: 3}}\n"
                           "programmes:\n"
                           "  p:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1, contract: {uniform: [1 M, 2 M]}}\n"
                           "    review: {approved: 50%}\n"
                           "  q:\n"
                           "    budget: {amount: none}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1, contract: {uniform: [1 M, 2 M]}}\n"
                           "    review: {approved: 50%}\n";

enum { N_ROWS = 8, N_PATHS = 40000 }; /* programme, year, class */

static double demand[N_ROWS][N_PATHS];

/* One replicate of each of N_PATHS draws, or the other way round. */
static void play_paths(bool is_by_draw)
{
    struct play play;
    play_load(&play, text, NULL, 0);
    for (uint32_t i = 0; i < N_PATHS; i++) {
        const struct outlay_path path = {is_by_draw ? i : 0, is_by_draw ? 0 : i};
        size_t n = outlay_replicate_play(play.plan, path, play.work);
        while (n > outlay_workspace_capacity(play.work)) {
            assert_int_equal(outlay_workspace_reserve(play.work, play.plan, n), OUTLAY_OK);
            n = outlay_replicate_play(play.plan, path, play.work);
        }
        for (int row = 0; row < N_ROWS; row++) {
            demand[row][i] = play.outcome->class_account[row * OUTLAY_N_ACCOUNTS + OUTLAY_ACCOUNT_demand];
        }
    }
    play_free(&play);
}

/* Two rows in one path, and a row (itself among them) in one path and another in the next. */
static void check_rows(void)
{
    for (int a = 0; a < N_ROWS; a++) {
        for (int b = 0; b < N_ROWS; b++) {
            if (a < b && !check_held(check_uncorrelated(demand[a], demand[b], N_PATHS))) {
                fail_msg("rows %d and %d are correlated", a, b);
            }
            if (!check_held(check_uncorrelated(demand[a], demand[b] + 1, N_PATHS - 1))) {
                fail_msg("row %d and row %d of the next path are correlated", a, b);
            }
        }
    }
}

static void test_demands_are_independent(void **state)
{
    (void)state;
    play_paths(false);
    check_rows();
    for (int i = 0; i < N_PATHS; i++) { /* the twin */
        demand[1][i] += 0.05 * demand[0][i];
    }
    assert_false(check_twin(check_uncorrelated(demand[0], demand[1], N_PATHS)));
}

static void test_demands_of_draws_are_independent(void **state)
{
    (void)state;
    play_paths(true);
    check_rows();
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_are_independent),
        cmocka_unit_test(test_shared_uniforms_are_noticed),
        cmocka_unit_test(test_demands_are_independent),
        cmocka_unit_test(test_demands_of_draws_are_independent),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 230);
}
