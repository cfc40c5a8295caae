/*
 * test_design.c: draws by scrambled Sobol' points: the points themselves against another program, what scrambling
 * keeps and what it changes, and that a draw depends on nothing but scenario, seed and its number.
 */
#include "play.h"

#include <math.h>
#include <string.h>

#include "plan/design.h"

enum { N_DIMENSIONS = 40, ONE = 1 << 20 };

/*
 * Points number n of scipy.stats.qmc.Sobol(d=40, scramble=False) (SciPy 1.10), times 2^20. SciPy goes through the
 * points in the order of the Gray code: its n-th is the one with index n ^ n / 2.
 */
static const struct {
    uint32_t n;
    int32_t coordinate[N_DIMENSIONS];
} known[] = {
    {2, {786432, 262144, 262144, 262144, 786432, 786432, 262144, 786432, 786432, 786432, 786432, 786432, 262144, 262144,
         786432, 262144, 786432, 262144, 786432, 262144, 262144, 786432, 262144, 262144, 262144, 786432, 262144, 786432,
         262144, 786432, 262144, 262144, 262144, 786432, 786432, 786432, 262144, 262144, 262144, 262144}},
    {100,
     {434176, 270336, 811008, 761856, 925696, 778240, 24576,  499712, 663552,  729088, 483328, 712704, 499712, 892928,
      335872, 516096, 712704, 778240, 876544, 352256, 794624, 417792, 8192,    516096, 24576,  8192,   991232, 696320,
      253952, 761856, 745472, 434176, 270336, 270336, 385024, 696320, 1024000, 499712, 942080, 139264}},
    {1023,
     {1024,   789504, 642048, 152576, 195584, 459776, 146432, 648192, 361472, 891904,  711680, 37888,  136192, 697344,
      379904, 486400, 328704, 918528, 613376, 334848, 908288, 19456,  832512, 205824,  250880, 394240, 533504, 797696,
      881664, 455680, 973824, 644096, 474112, 916480, 349184, 906240, 988160, 1035264, 945152, 732160}},
    {9999, {70336,  966208, 1030464, 355904, 234176,  141504,  52672,  762304, 376256, 1042240,
            835520, 461120, 207040,  523840, 284352,  523072,  675776, 73536,  497600, 542784,
            104640, 211008, 902592,  568128, 597568,  1044672, 351936, 241344, 352448, 825408,
            781760, 64576,  69696,   523328, 1044928, 686912,  396608, 889536, 836928, 168768}},
    {777777,
     {608455, 953417, 472131, 458501, 617771, 706241, 462235, 144919, 601655, 334133, 530481, 206239, 253635, 296037,
      870083, 656379, 149193, 948627, 946141, 878157, 250337, 409433, 524607, 276997, 800143, 536211, 551767, 418389,
      244817, 20183,  922535, 516281, 620295, 600631, 209623, 848975, 844633, 581057, 285449, 470789}},
};

static void test_points_are_those_of_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        for (size_t dimension = 0; dimension < N_DIMENSIONS; dimension++) {
            const uint32_t index = known[i].n ^ known[i].n >> 1;
            assert_true(outlay_sobol_at(dimension, index) * ONE == known[i].coordinate[dimension]);
        }
    }
}

static const char text[] =
    "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01}\nclasses: {a: {count: 10}}\n"
    "programmes:\n  p:\n    budget: {uniform: [1e6, 1e10]}\n    award: {rate: {uniform: [0, 1]}}\n"
    "    applications: {per_year: {uniform: [0, 10]}, dispersion: {uniform: [1, 3]}, take_up: {uniform: [0, 1]}, "
    "contract: 1 M}\n";

/* The uniform of number i of the scenario above, by its design, seed and draw. */
static double uniform(enum outlay_design design, uint64_t seed, int i, uint32_t draw)
{
    static const char *const names[] = {"first", "second", "third"};
    const struct outlay_key key = outlay_key_fold(outlay_key_from_seed(seed), names[i % 3]);
    return outlay_design_uniform(design, key, (size_t)i, draw);
}

/* Of each scrambling, the first 2^k points lie one in each of the 2^k intervals, in every dimension. */
static void test_every_dimension_is_stratified(void **state)
{
    (void)state;
    for (int dimension = 0; dimension < N_DIMENSIONS; dimension++) {
        for (uint32_t scramble = 0; scramble < OUTLAY_N_SCRAMBLES; scramble += 5) {
            bool seen[128] = {false};
            for (uint32_t i = 0; i < 128; i++) {
                const uint32_t draw = i * OUTLAY_N_SCRAMBLES + scramble;
                const int cell = (int)(128.0 * uniform(OUTLAY_DESIGN_SOBOL, 3, dimension, draw));
                assert_false(seen[cell]);
                seen[cell] = true;
            }
        }
    }
}

/* The first two dimensions are a (0, m, 2)-net: one point in each rectangle of area 2^-m (Sobol' 1967), scrambled or
 * not (Owen 1995). The design `random` is the twin that must fail. */
static bool is_net(enum outlay_design design, uint32_t scramble)
{
    enum { M = 8 };
    bool is_good = true;
    for (int wide = 0; wide <= M; wide++) {
        int count[1 << M] = {0};
        for (uint32_t i = 0; i < 1u << M; i++) {
            const uint32_t draw = i * OUTLAY_N_SCRAMBLES + scramble;
            const int x = (int)ldexp(uniform(design, 11, 0, draw), wide);
            const int y = (int)ldexp(uniform(design, 11, 1, draw), M - wide);
            count[x << (M - wide) | y]++;
        }
        for (int cell = 0; cell < 1 << M; cell++) {
            is_good = is_good && count[cell] == 1;
        }
    }
    return is_good;
}

static void test_first_two_dimensions_are_a_net(void **state)
{
    (void)state;
    for (uint32_t scramble = 0; scramble < OUTLAY_N_SCRAMBLES; scramble++) {
        assert_true(is_net(OUTLAY_DESIGN_SOBOL, scramble));
    }
    assert_false(is_net(OUTLAY_DESIGN_RANDOM, 0));
}

/* Beyond the dimensions of the table, and by the design `random`, a number is what it always was. */
static void test_what_has_no_dimension_is_random(void **state)
{
    (void)state;
    for (uint32_t draw = 0; draw < 100; draw++) {
        assert_true(uniform(OUTLAY_DESIGN_SOBOL, 5, 40, draw) == uniform(OUTLAY_DESIGN_RANDOM, 5, 40, draw));
        assert_true(uniform(OUTLAY_DESIGN_RANDOM, 5, 0, draw) == uniform(OUTLAY_DESIGN_RANDOM, 5, 3, draw));
        assert_false(uniform(OUTLAY_DESIGN_SOBOL, 5, 39, draw) == uniform(OUTLAY_DESIGN_RANDOM, 5, 39, draw));
    }
}

/* The scenario's numbers take the dimensions in their order. */
static void test_draws_of_a_scenario(void **state)
{
    (void)state;
    struct play play;
    const struct outlay_override overrides[] = {{"simulation.design=sobol"}};
    play_load(&play, text, overrides, 0);
    assert_int_equal(play.scenario.simulation.design, OUTLAY_DESIGN_RANDOM); /* unless said otherwise */
    play_free(&play);
    play_load(&play, text, overrides, 1);
    assert_int_equal(play.scenario.simulation.design, OUTLAY_DESIGN_SOBOL);
    assert_int_equal(play.scenario.n_uncertain, 5);
    double low[2][5], values[5];
    for (int i = 0; i < 5; i++) {
        low[0][i] = low[1][i] = 0.0;
    }
    for (uint32_t draw = 0; draw < 64 * OUTLAY_N_SCRAMBLES; draw++) {
        outlay_draw_values(&play.scenario, 8, draw, values);
        for (int i = 0; i < 5; i++) {
            const struct outlay_uncertain *number = &play.scenario.uncertain[i];
            low[draw >= 32 * OUTLAY_N_SCRAMBLES][i] += values[i] < outlay_law_quantile(&number->law, 0.25, false);
        }
    }
    for (int i = 0; i < 5; i++) { /* a quarter of each half, exactly */
        assert_true(low[0][i] == 8.0 * OUTLAY_N_SCRAMBLES && low[1][i] == 8.0 * OUTLAY_N_SCRAMBLES);
    }
    play_free(&play);
}

static void test_seed_and_draw_are_all(void **state)
{
    (void)state;
    assert_true(uniform(OUTLAY_DESIGN_SOBOL, 1, 2, 77) == uniform(OUTLAY_DESIGN_SOBOL, 1, 2, 77));
    assert_false(uniform(OUTLAY_DESIGN_SOBOL, 1, 2, 77) == uniform(OUTLAY_DESIGN_SOBOL, 2, 2, 77));
    assert_false(uniform(OUTLAY_DESIGN_SOBOL, 1, 2, 77) == uniform(OUTLAY_DESIGN_SOBOL, 1, 2, 78));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_are_those_of_scipy),
        cmocka_unit_test(test_every_dimension_is_stratified),
        cmocka_unit_test(test_first_two_dimensions_are_a_net),
        cmocka_unit_test(test_what_has_no_dimension_is_random),
        cmocka_unit_test(test_draws_of_a_scenario),
        cmocka_unit_test(test_seed_and_draw_are_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
