/*
 * test_correlations.c: correlations between uncertain numbers: read, checked, factored and drawn.
 * The wording of the messages is tested in tests/cli/bad, the ranks of the values in tests/stat/test_correlations.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/plan.h"

#define COUNT "classes.startup.count"
#define TAKE_UP "programmes.training.applications.take_up"
#define RATE "programmes.training.award.rate"
#define MEDIAN "programmes.training.applications.contract.lognormal.median"
#define PAIR(a, b, rank) "{between: [" a ", " b "], rank: " rank "}"

/* Uncertain numbers in the order of the text: COUNT, RATE, TAKE_UP, MEDIAN. */
static const char text[] = "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01}\n"
                           "classes: {startup: {count: {triangular: [400, 700, 1200]}, growth: 5%}}\n"
                           "programmes:\n"
                           "  training:\n"
                           "    budget: 5 bn\n"
                           "    award: {rate: {uniform: [40%, 50%]}, cap: 10 M}\n"
                           "    applications:\n"
                           "      take_up: {beta: {mean: 0.35, sd: 0.1}}\n"
                           "      per_year: 1.3\n"
                           "      contract: {lognormal: {median: {uniform: [3 M, 5 M]}, sigma: 1.1}}\n";

enum { N_NUMBERS = 4, MAX_SETS = 4 };

/* Load `base` with up to MAX_SETS --set, the first of which is NULL or stands behind "correlations". */
static outlay_err try_load(struct outlay_scenario *scenario, const char *base, const char *const sets[MAX_SETS],
                           struct outlay_diag *diag)
{
    char texts[MAX_SETS][2000];
    struct outlay_override overrides[MAX_SETS];
    size_t n = 0;
    for (; n < MAX_SETS && sets[n] != NULL; n++) {
        assert_true(snprintf(texts[n], sizeof texts[n], "correlations%s", sets[n]) < (int)sizeof texts[n]);
        overrides[n].text = texts[n];
    }
    return outlay_scenario_load_text(scenario, "tests/unit/data/t.yaml", base, overrides, n, diag);
}

static struct outlay_scenario load_sets(const char *const sets[MAX_SETS])
{
    struct outlay_scenario scenario;
    struct outlay_diag diag = {0};
    if (try_load(&scenario, text, sets, &diag) != OUTLAY_OK || diag.n_notes > 0) {
        fail_msg("%s: %s", sets[0] != NULL ? sets[0] : "", diag.notes[0].message);
    }
    outlay_diag_free(&diag);
    return scenario;
}

static struct outlay_scenario load(const char *set)
{
    const char *const sets[MAX_SETS] = {set};
    return load_sets(sets);
}

static bool is_near(double is, double ought, double tolerance)
{
    return fabs(is - ought) <= tolerance;
}

static const char *path_of(const struct outlay_scenario *scenario, int correlation, int k)
{
    return scenario->uncertain[scenario->correlations[correlation].between[k]].path;
}

static const struct outlay_entry *entry(const struct outlay_scenario *scenario, const char *path)
{
    for (int e = 0; e < scenario->n_entries; e++) {
        if (strcmp(scenario->entries[e].path, path) == 0) {
            return &scenario->entries[e];
        }
    }
    return NULL;
}

static void test_none(void **state)
{
    static const char *const sets[] = {NULL, "=none", "=[]"};
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct outlay_scenario s = load(sets[i]);
        assert_int_equal(s.n_uncertain, N_NUMBERS);
        assert_int_equal(s.n_correlations, 0);
        assert_int_equal(s.n_correlated, 0);
        assert_null(s.correlations);
        assert_null(s.correlation_factor);
        assert_non_null(entry(&s, "correlations"));
        outlay_scenario_free(&s);
    }
}

/* By hand: 2 sin(pi 0.6 / 6) = 2 sin 18 degrees = (sqrt 5 - 1) / 2 = g, and 1 - g^2 = g. */
static void test_two_by_hand(void **state)
{
    const double g = (sqrt(5.0) - 1.0) / 2.0;
    (void)state;
    struct outlay_scenario s = load("=[" PAIR(TAKE_UP, COUNT, "0.6") "]");
    assert_int_equal(s.n_correlations, 1);
    assert_string_equal(path_of(&s, 0, 0), TAKE_UP);
    assert_string_equal(path_of(&s, 0, 1), COUNT);
    assert_true(s.correlations[0].rank == 0.6);
    assert_int_equal(s.n_correlated, 2);
    assert_int_equal(s.correlated[0], s.correlations[0].between[0]);
    assert_int_equal(s.correlated[1], s.correlations[0].between[1]);
    assert_true(s.correlation_factor[0] == 1.0);
    assert_true(s.correlation_factor[1] == 0.0);
    assert_true(is_near(s.correlation_factor[2], g, 1e-15));
    assert_true(is_near(s.correlation_factor[3], sqrt(g), 1e-15));
    outlay_scenario_free(&s);

    s = load("=[" PAIR(TAKE_UP, COUNT, "-60%") "]");
    assert_true(is_near(s.correlation_factor[2], -g, 1e-15));
    assert_true(is_near(s.correlation_factor[3], sqrt(g), 1e-15));
    outlay_scenario_free(&s);
}

/* Four numbers, five of their six pairs: against GSL's factor of the whole matrix. */
static void test_four_against_gsl(void **state)
{
    static const double rank[4][4] = {
        {0, 0.31, -0.22, 0.57}, {0.31, 0, 0.43, 0}, {-0.22, 0.43, 0, -0.18}, {0.57, 0, -0.18, 0}};
    (void)state;
    struct outlay_scenario s = load("=[" PAIR(MEDIAN, RATE, "0.31") ", " PAIR(MEDIAN, COUNT, "-0.22") ", " PAIR(
        TAKE_UP, MEDIAN, "0.57") ", " PAIR(RATE, COUNT, "0.43") ", " PAIR(COUNT, TAKE_UP, "-0.18") "]");
    static const char *const order[] = {MEDIAN, RATE, COUNT, TAKE_UP}; /* of first mention */
    assert_int_equal(s.n_correlated, 4);
    gsl_matrix *matrix = gsl_matrix_alloc(4, 4);
    assert_non_null(matrix);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(s.uncertain[s.correlated[i]].path, order[i]);
        for (size_t k = 0; k < 4; k++) {
            gsl_matrix_set(matrix, i, k, i == k ? 1.0 : 2.0 * sin(acos(-1.0) / 6.0 * rank[i][k]));
        }
    }
    assert_int_equal(gsl_linalg_cholesky_decomp1(matrix), 0);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 4; k++) {
            assert_true(is_near(s.correlation_factor[4 * i + k], k <= i ? gsl_matrix_get(matrix, i, k) : 0.0, 1e-15));
        }
    }
    gsl_matrix_free(matrix);
    outlay_scenario_free(&s);
}

static void test_entries_and_overrides(void **state)
{
    static const char *const sets[MAX_SETS] = {"=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(RATE, TAKE_UP, "0.1") "]",
                                               ".1.rank=-0.3", (".2.between.1=" MEDIAN)};
    (void)state;
    struct outlay_scenario s = load_sets(sets);
    assert_int_equal(s.n_correlations, 2);
    assert_true(s.correlations[0].rank == -0.3);
    assert_true(s.correlations[1].rank == 0.1);
    assert_string_equal(path_of(&s, 1, 0), MEDIAN);
    assert_string_equal(path_of(&s, 1, 1), TAKE_UP);
    assert_null(entry(&s, "correlations"));
    assert_string_equal(entry(&s, "correlations.1.rank")->text, "-0.3");
    assert_string_equal(entry(&s, "correlations.1.rank")->origin, "--set");
    assert_string_equal(entry(&s, "correlations.2.between")->text, "[" MEDIAN ", " TAKE_UP "]");
    outlay_scenario_free(&s);
}

/* What a file extends may hold the numbers, or the list, which is replaced as a whole. */
static void test_extends(void **state)
{
    static const char base[] = "outlay: 1\nextends: small.yaml\ncorrelations:\n"
                               "  - {between: [" COUNT ", " TAKE_UP "], rank: 0.5}\n"
                               "sources: {correlations: City AI office}\n";
    static const char *const none[MAX_SETS] = {NULL};
    struct outlay_scenario s;
    struct outlay_diag diag = {0};
    (void)state;
    assert_int_equal(try_load(&s, base, none, &diag), OUTLAY_OK);
    assert_int_equal(s.n_correlations, 1);
    assert_string_equal(entry(&s, "correlations.1.rank")->origin, "t.yaml:4");
    assert_string_equal(entry(&s, "correlations.1.rank")->source, "City AI office");
    outlay_scenario_free(&s);
    outlay_diag_free(&diag);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct outlay_scenario s = load("=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(RATE, TAKE_UP, "-10%") "]"), again;
    struct outlay_diag diag = {0};
    char *yaml = outlay_scenario_to_yaml(&s);
    assert_non_null(yaml);
    assert_int_equal(outlay_scenario_load_text(&again, "resolved.yaml", yaml, NULL, 0, &diag), OUTLAY_OK);
    assert_int_equal(diag.n_notes, 0);
    assert_int_equal(again.n_correlations, 2);
    assert_int_equal(again.n_correlated, 3);
    assert_memory_equal(s.correlations, again.correlations, 2 * sizeof *s.correlations);
    assert_memory_equal(s.correlated, again.correlated, 3 * sizeof *s.correlated);
    assert_memory_equal(s.correlation_factor, again.correlation_factor, 9 * sizeof *s.correlation_factor);
    free(yaml);
    outlay_diag_free(&diag);
    outlay_scenario_free(&s);
    outlay_scenario_free(&again);
}

/* Each bound from within and from beyond, each error, and what of it is said. */
static void test_errors(void **state)
{
    static const struct {
        const char *set;
        outlay_err err;
    } cases[] = {
        {"=[" PAIR(TAKE_UP, COUNT, "0") "]", OUTLAY_OK},
        {"=[" PAIR(TAKE_UP, COUNT, "0.999999") "]", OUTLAY_OK},
        {"=[" PAIR(TAKE_UP, COUNT, "-0.999999") "]", OUTLAY_OK},
        {"=[" PAIR(TAKE_UP, COUNT, "1") "]", OUTLAY_ERR_OUT_OF_RANGE},
        {"=[" PAIR(TAKE_UP, COUNT, "-1") "]", OUTLAY_ERR_OUT_OF_RANGE},
        {"=[" PAIR(TAKE_UP, COUNT, "0.9999999999999999") "]", OUTLAY_ERR_OUT_OF_RANGE},
        {"=[" PAIR(TAKE_UP, COUNT, "60 M") "]", OUTLAY_ERR_OUT_OF_RANGE},
        {"=[" PAIR(TAKE_UP, COUNT, "{uniform: [0, 0.5]}") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, COUNT, "none") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, "classes.startup.counts", "0.5") "]", OUTLAY_ERR_UNKNOWN_NAME},
        {"=[" PAIR(TAKE_UP, "classes.startup", "0.5") "]", OUTLAY_ERR_UNKNOWN_NAME},
        {"=[" PAIR(TAKE_UP, "..", "0.5") "]", OUTLAY_ERR_UNKNOWN_NAME},
        {"=[" PAIR(TAKE_UP, "''", "0.5") "]", OUTLAY_ERR_UNKNOWN_NAME},
        {"=[" PAIR(TAKE_UP, "classes.startup.growth", "0.5") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, "classes.startup.size_sigma", "0.5") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, "programmes.training.budget", "0.5") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, "programmes.training.applications.contract", "0.5") "]", OUTLAY_ERR_WRONG_TYPE},
        {"=[" PAIR(TAKE_UP, TAKE_UP, "0.5") "]", OUTLAY_ERR_CONTRADICTION},
        {"=[" PAIR(TAKE_UP, COUNT, "0.5") ", " PAIR(TAKE_UP, COUNT, "0.5") "]", OUTLAY_ERR_CONTRADICTION},
        {"=[" PAIR(TAKE_UP, COUNT, "0.5") ", " PAIR(COUNT, TAKE_UP, "0.5") "]", OUTLAY_ERR_CONTRADICTION},
        {"=[" PAIR(TAKE_UP, COUNT, "0.9") ", " PAIR(COUNT, RATE, "0.9") "]", OUTLAY_ERR_CONTRADICTION},
        {"=[" PAIR(TAKE_UP, COUNT, "0.9") ", " PAIR(COUNT, RATE, "0.9") ", " PAIR(TAKE_UP, RATE, "0.8") "]", OUTLAY_OK},
        {"=[{between: [" COUNT "], rank: 0.5}]", OUTLAY_ERR_WRONG_TYPE},
        {"=[{between: [" COUNT ", " TAKE_UP ", " RATE "], rank: 0.5}]", OUTLAY_ERR_WRONG_TYPE},
        {"=[{between: " COUNT ", rank: 0.5}]", OUTLAY_ERR_WRONG_TYPE},
        {"=[{between: [[" COUNT "], " TAKE_UP "], rank: 0.5}]", OUTLAY_ERR_WRONG_TYPE},
        {"=[{between: [" COUNT ", " TAKE_UP "]}]", OUTLAY_ERR_MISSING_KEY},
        {"=[{rank: 0.5}]", OUTLAY_ERR_MISSING_KEY},
        {"=[5]", OUTLAY_ERR_WRONG_TYPE},
        {"=5", OUTLAY_ERR_WRONG_TYPE},
        {".1.rank=0.5", OUTLAY_ERR_UNKNOWN_KEY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const sets[MAX_SETS] = {cases[i].set};
        struct outlay_scenario s;
        struct outlay_diag diag = {0};
        const outlay_err err = try_load(&s, text, sets, &diag);
        if (err != cases[i].err || (err != OUTLAY_OK && diag.n_errors != 1)) {
            fail_msg("%s: %s, %zu errors: %s", cases[i].set, outlay_err_name(err), diag.n_errors,
                     diag.n_notes > 0 ? diag.notes[0].message : "");
        }
        outlay_diag_free(&diag);
        outlay_scenario_free(&s);
    }
}

/* Of a contradiction, the correlations that make it, and no others. */
static void test_contradiction_is_named(void **state)
{
    static const char *const sets[MAX_SETS] = {
        "=[" PAIR(TAKE_UP, COUNT, "0.31") ", " PAIR(RATE, MEDIAN, "0.95") ", " PAIR(COUNT, RATE, "0.07") ", " PAIR(
            TAKE_UP, MEDIAN, "-0.94") ", " PAIR(RATE, TAKE_UP, "0.93") "]"};
    struct outlay_scenario s;
    struct outlay_diag diag = {0};
    (void)state;
    assert_int_equal(try_load(&s, text, sets, &diag), OUTLAY_ERR_CONTRADICTION);
    assert_int_equal(diag.n_notes, 1);
    assert_string_equal(diag.notes[0].message,
                        "`rank` `0.93` of item 5 cannot hold together with `0.95` of item 2 (line 1) and `-0.94` of "
                        "item 4 (line 1): the matrix is not positive definite");
    outlay_diag_free(&diag);
    outlay_scenario_free(&s);
}

/* A text with one number for each of `n` classes: as many correlated numbers as are allowed, and more. */
static void test_too_many(void **state)
{
    static char long_text[200000];
    (void)state;
    for (int n = OUTLAY_MAX_CORRELATED; n <= OUTLAY_MAX_CORRELATED + 2; n += 2) {
        char *p = long_text;
        p += sprintf(p, "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01}\nprogrammes: {p: {budget: 5 bn, award: "
                        "{rate: 50%%}, applications: {per_year: 1, contract: 1 M, by_class: {");
        for (int i = 0; i < 100; i++) {
            p += sprintf(p,
                         "c%d: {take_up: {uniform: [0, 1]}, per_year: {uniform: [0, 1]}, size_exponent: {uniform: "
                         "[0, 0.1]}}, ",
                         i);
        }
        p += sprintf(p, "}}}}\nclasses: {");
        for (int i = 0; i < 100; i++) {
            p += sprintf(p, "c%d: {count: 1}, ", i);
        }
        p += sprintf(p, "}\ncorrelations:\n");
        for (int i = 0; i < n / 2; i++) {
            p += sprintf(p,
                         "- {between: [programmes.p.applications.by_class.c%d.%s, "
                         "programmes.p.applications.by_class.c%d.%s], rank: 0.5}\n",
                         i % 100, i < 100 ? "take_up" : "size_exponent", i % 100, "per_year");
        }
        if (n > OUTLAY_MAX_CORRELATED) { /* the last pair names a number above; one more */
            p += sprintf(p, "- {between: [programmes.p.applications.by_class.c0.per_year, "
                            "programmes.p.applications.by_class.c1.size_exponent], rank: 0.1}\n");
        }
        assert_true(p < long_text + sizeof long_text);
        struct outlay_scenario s;
        struct outlay_diag diag = {0};
        const outlay_err err = outlay_scenario_load_text(&s, "t.yaml", long_text, NULL, 0, &diag);
        if (err != (n > OUTLAY_MAX_CORRELATED ? OUTLAY_ERR_TOO_LARGE : OUTLAY_OK)) {
            fail_msg("%s: %s", outlay_err_name(err), diag.n_notes > 0 ? diag.notes[0].message : "");
        }
        assert_int_equal(s.n_correlated, n > OUTLAY_MAX_CORRELATED ? 0 : OUTLAY_MAX_CORRELATED);
        outlay_diag_free(&diag);
        outlay_scenario_free(&s);
    }
}

/* Which of the four numbers have other values with `set` than with `before`, as a string such as "0010". */
static const char *changed(const char *before, const char *set, char mask[N_NUMBERS + 1])
{
    struct outlay_scenario a = load(before), b = load(set);
    (void)strcpy(mask, "0000");
    for (uint32_t draw = 0; draw < 500; draw++) {
        double x[N_NUMBERS], y[N_NUMBERS];
        outlay_draw_values(&a, 11, draw, x);
        outlay_draw_values(&b, 11, draw, y);
        for (int i = 0; i < N_NUMBERS; i++) {
            mask[i] = memcmp(&x[i], &y[i], sizeof x[i]) != 0 ? '1' : mask[i];
        }
    }
    outlay_scenario_free(&a);
    outlay_scenario_free(&b);
    return mask;
}

/* Numbers: 0 COUNT, 1 RATE, 2 TAKE_UP, 3 MEDIAN. Bit for bit. */
static void test_others_keep_their_values(void **state)
{
    char mask[N_NUMBERS + 1];
    (void)state;
    assert_string_equal(changed(NULL, "=[" PAIR(TAKE_UP, COUNT, "0") "]", mask), "0000");
    assert_string_equal(changed(NULL, "=[" PAIR(TAKE_UP, COUNT, "0.6") "]", mask), "1000");
    assert_string_equal(changed(NULL, "=[" PAIR(COUNT, TAKE_UP, "0.6") "]", mask), "0010");
    /* a number that comes in, another pair, and one above the rest of the list */
    assert_string_equal(changed("=[" PAIR(TAKE_UP, COUNT, "0.6") "]",
                                "=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(TAKE_UP, RATE, "0.7") "]", mask),
                        "0100");
    assert_string_equal(changed("=[" PAIR(TAKE_UP, COUNT, "0.6") "]",
                                "=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(RATE, MEDIAN, "0.7") "]", mask),
                        "0001");
    assert_string_equal(changed("=[" PAIR(TAKE_UP, COUNT, "0.6") "]",
                                "=[" PAIR(RATE, MEDIAN, "0.7") ", " PAIR(TAKE_UP, COUNT, "0.6") "]", mask),
                        "0001");
    assert_string_equal(
        changed("=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(COUNT, RATE, "0.5") "]",
                "=[" PAIR(TAKE_UP, COUNT, "0.6") ", " PAIR(COUNT, RATE, "0.5") ", " PAIR(TAKE_UP, RATE, "0.2") "]",
                mask),
        "0100");
}

/* With ranks next to 1 and -1 both tails of one number follow those of the other: u and u, u and 1 - u. */
static void test_tails(void **state)
{
    static const char *const ranks[] = {"=[" PAIR(TAKE_UP, RATE, "0.99999999") "]",
                                        "=[" PAIR(TAKE_UP, RATE, "-0.99999999") "]"};
    (void)state;
    for (int sign = 0; sign < 2; sign++) {
        struct outlay_scenario s = load(ranks[sign]);
        const struct outlay_law *take_up = &s.uncertain[s.correlated[0]].law;
        double least = 1.0, most = 0.0;
        for (uint32_t draw = 0; draw < 20000; draw++) {
            double values[N_NUMBERS];
            outlay_draw_values(&s, 11, draw, values);
            const double u = (values[s.correlated[1]] - 0.4) / 0.1;
            least = fmin(least, u);
            most = fmax(most, u);
            const double x = outlay_law_quantile(take_up, u < 0.5 ? u : 1.0 - u, (u < 0.5) == (sign == 1));
            assert_true(is_near(values[s.correlated[0]] / x, 1.0, 0.01));
        }
        assert_true(least < 5e-4 && most > 1.0 - 5e-4);
        outlay_scenario_free(&s);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_two_by_hand),
        cmocka_unit_test(test_four_against_gsl),
        cmocka_unit_test(test_entries_and_overrides),
        cmocka_unit_test(test_extends),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_contradiction_is_named),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_others_keep_their_values),
        cmocka_unit_test(test_tails),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
