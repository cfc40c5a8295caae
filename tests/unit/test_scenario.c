/*
 * test_scenario.c: from YAML to a scenario. Values, defaults, inheritance, overrides and where each value comes from;
 * every kind of error with its code and place; and that the resolved scenario, read again, is the same scenario.
 * The wording of the messages is tested in tests/cli/bad.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/scenario.h"
#include "refusals.h"

#define SMALL "tests/unit/data/small.yaml"

#define MAX_SETS 8

/* Load `path` with the texts of --set, ended by NULL; fails the test on any error. */
static struct outlay_scenario load(const char *path, ...)
{
    struct outlay_scenario scenario;
    struct outlay_override overrides[MAX_SETS];
    struct outlay_diag diag = {0};
    size_t n = 0;
    va_list texts;
    va_start(texts, path);
    for (const char *text; (text = va_arg(texts, const char *)) != NULL;) {
        assert_true(n < MAX_SETS);
        overrides[n++].text = text;
    }
    va_end(texts);
    if (outlay_scenario_load(&scenario, path, overrides, n, &diag) != OUTLAY_OK) {
        fail_msg("%s:%d: %s", path, diag.notes[0].line, diag.notes[0].message);
    }
    outlay_diag_free(&diag);
    return scenario;
}

static const struct outlay_entry *entry(const struct outlay_scenario *scenario, const char *path)
{
    for (int e = 0; e < scenario->n_entries; e++) {
        if (strcmp(scenario->entries[e].path, path) == 0) {
            return &scenario->entries[e];
        }
    }
    fail_msg("there is no entry %s", path);
    return NULL;
}

static void test_values(void **state)
{
    (void)state;
    struct outlay_scenario s = load(SMALL, NULL);
    assert_string_equal(s.title, "Small test programme");
    assert_null(s.description);
    assert_string_equal(s.currency, "CNY");
    assert_string_equal(s.calendar, "china");
    assert_int_equal(s.n_years, 1);
    assert_int_equal(s.first_day, outlay_date_to_day((struct outlay_date){2025, 1, 1}));
    assert_int_equal(s.n_days, 365);
    assert_int_equal(s.year_first_day[1], 365);
    assert_int_equal(s.working.n_days, 365);
    assert_int_equal(s.working.is_working[0], 0);

    assert_int_equal(s.n_classes, 2);
    assert_string_equal(s.classes[0].name, "enterprise");
    assert_true(s.classes[0].count.value == 1700.0);
    assert_int_equal(s.classes[0].count.uncertain, -1);
    assert_true(s.classes[0].growth.value == 0.0);
    assert_true(s.classes[1].growth.value == 0.05);
    assert_int_equal(s.n_programmes, 1);
    const struct outlay_programme *p = &s.programmes[0];
    assert_string_equal(p->title, "Training-compute coupons");
    assert_true(p->budget.amount.value == 5e11);
    assert_true(p->budget.carry_over.value == 0.0);
    assert_int_equal(p->allocation.last_award, OUTLAY_LAST_PARTIAL);
    assert_int_equal(p->allocation.commit, OUTLAY_COMMIT_DECISION);

    const struct outlay_terms *terms = &p->terms[0];
    assert_true(terms->award.cap.value == 1e9);
    assert_true(isinf(terms->award.applicant_cap.value));
    assert_true(terms->applications.per_year.value == 1.3);
    assert_string_equal(terms->applications.contract.form->name, "lognormal");
    assert_true(terms->applications.contract.parameter[0].value == 4e8);
    assert_true(terms->applications.contract.parameter[1].value == 1.1);
    assert_true(isinf(terms->applications.contract.max.value));
    assert_int_equal(terms->applications.arrivals.opens.kind, OUTLAY_WHEN_DATE);
    assert_int_equal(terms->applications.arrivals.opens.date.month, 3);
    assert_int_equal(terms->applications.arrivals.closes.kind, OUTLAY_WHEN_NONE);
    assert_true(terms->applications.arrivals.months[11].value == 1.0);
    assert_true(terms->applications.arrivals.rush.share.value == 0.15);
    assert_true(terms->applications.arrivals.deadline.days.value == 10.0);
    assert_true(terms->review.approved.value == 0.86);
    assert_string_equal(terms->review.working_days.form->name, "gamma");
    outlay_scenario_free(&s);
    assert_null(s.classes);
    outlay_scenario_free(&s);
}

static void test_by_class(void **state)
{
    (void)state;
    struct outlay_scenario s = load(SMALL, NULL);
    const struct outlay_terms *enterprise = &s.programmes[0].terms[0], *startup = &s.programmes[0].terms[1];
    assert_true(enterprise->award.rate.value == 0.5);
    assert_true(startup->award.rate.value == 0.6);
    assert_true(startup->award.cap.value == 6e8);
    assert_true(startup->applications.per_year.value == 2.0);
    assert_string_equal(startup->applications.contract.form->name, "gamma");
    assert_true(startup->applications.arrivals.rush.share.value == 0.15);
    outlay_scenario_free(&s);
}

/* One number of the file is one uncertain number, for however many classes. */
static void test_uncertain_numbers(void **state)
{
    static const char *const paths[] = {
        "classes.startup.count",
        "programmes.training.applications.take_up",
        "programmes.training.applications.by_class.startup.contract.gamma.cv",
    };
    (void)state;
    struct outlay_scenario s = load(SMALL, NULL);
    assert_int_equal(s.n_uncertain, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(s.uncertain[i].path, paths[i]);
    }
    const struct outlay_terms *terms = s.programmes[0].terms;
    assert_int_equal(terms[0].applications.take_up.uncertain, 1);
    assert_int_equal(terms[1].applications.take_up.uncertain, 1);
    assert_int_equal(terms[1].applications.contract.parameter[1].uncertain, 2);
    /* the median of triangular(400, 700, 1200): the upper part has 5/8 of the mass */
    assert_true(fabs(s.classes[1].count.value - (1200.0 - sqrt(0.5 * 800.0 * 500.0))) < 1e-6);
    assert_true(s.uncertain[1].max == 1.0);
    assert_true(s.uncertain[2].min >= 0.5 && s.uncertain[2].max <= 1.0);
    outlay_scenario_free(&s);
}

static void test_extends(void **state)
{
    (void)state;
    struct outlay_scenario s = load("tests/unit/data/child.yaml", NULL);
    assert_int_equal(s.n_files, 2);
    assert_string_equal(s.file_names[1], SMALL);
    assert_string_equal(s.title, "Child of the small test programme");
    assert_int_equal(s.n_classes, 3);
    assert_string_equal(s.classes[2].name, "university");
    assert_true(s.classes[1].growth.value == 0.05); /* beside the count that the child states */
    assert_true(fabs(s.classes[1].count.value - 200.0) < 1e-9);
    const struct outlay_programme *p = &s.programmes[0];
    assert_true(p->budget.amount.value == 5e11); /* the parent's short form */
    assert_true(p->budget.carry_over.value == 1.0);
    assert_true(p->terms[0].award.cap.value == 8e8);
    assert_true(p->terms[1].award.cap.value == 5e8);
    assert_true(p->terms[1].award.rate.value == 0.6);
    assert_true(p->terms[2].award.rate.value == 0.4);
    assert_string_equal(p->terms[0].applications.contract.form->name, "uniform"); /* replaced as a whole */
    assert_string_equal(entry(&s, "programmes.training.budget.amount")->origin, "small.yaml:20");
    assert_string_equal(entry(&s, "programmes.training.award.cap")->origin, "child.yaml:15");
    outlay_scenario_free(&s);

    s = load("tests/unit/data/grandchild.yaml", NULL);
    assert_int_equal(s.n_files, 3);
    assert_true(fabs(s.programmes[0].budget.amount.value - 5e11) < 1.0);
    assert_true(s.programmes[0].budget.amount.uncertain >= 0);
    assert_true(s.programmes[0].budget.carry_over.value == 1.0);
    outlay_scenario_free(&s);
}

static void test_overrides(void **state)
{
    (void)state;
    struct outlay_scenario s = load("tests/unit/data/child.yaml", "programmes.training.budget=3e9",
                                    "programmes.training.award.by_class.enterprise.rate=70%", "horizon.years=2",
                                    "programmes.training.applications.contract={lognormal: {median: 3 M, sigma: 1}}",
                                    "programmes.training.applications.contract.lognormal.median=5 M",
                                    "simulation={seed: 7, replicates: 10 k}", "title=\"a = b\"", NULL);
    const struct outlay_programme *p = &s.programmes[0];
    assert_true(p->budget.amount.value == 3e11);
    assert_true(p->budget.carry_over.value == 1.0); /* what the --set does not speak of */
    assert_true(p->terms[0].award.rate.value == 0.7);
    assert_true(p->terms[1].award.rate.value == 0.6);
    assert_true(p->terms[0].applications.contract.parameter[0].value == 5e8);
    assert_true(p->terms[0].applications.contract.parameter[1].value == 1.0);
    assert_int_equal(s.n_years, 2);
    assert_int_equal(s.n_days, 730);
    assert_int_equal(s.simulation.seed, 7);
    assert_int_equal(s.simulation.replicates, 10000);
    assert_int_equal(s.simulation.draws, 0);
    assert_string_equal(s.title, "a = b");
    assert_string_equal(entry(&s, "programmes.training.budget.amount")->origin, "--set");
    outlay_scenario_free(&s);

    /* one parameter of a law of the file: the newest part gives the origin */
    s = load(SMALL, "programmes.training.applications.contract.lognormal.sigma=0.9", NULL);
    assert_true(s.programmes[0].terms[0].applications.contract.parameter[0].value == 4e8);
    assert_true(s.programmes[0].terms[0].applications.contract.parameter[1].value == 0.9);
    assert_string_equal(entry(&s, "programmes.training.applications.contract")->origin, "--set");
    outlay_scenario_free(&s);
}

static void test_entries(void **state)
{
    (void)state;
    struct outlay_scenario s = load(SMALL, NULL);
    assert_string_equal(s.entries[0].path, "outlay");
    const struct outlay_entry *e = entry(&s, "programmes.training.budget.amount");
    assert_string_equal(e->text, "5 bn");
    assert_string_equal(e->words, "5.00 bn CNY = 50.0亿");
    assert_string_equal(e->origin, "small.yaml:20");
    assert_string_equal(e->source, "Notice 13 of 2024"); /* of the block */
    assert_int_equal(e->unit, OUTLAY_UNIT_MONEY);
    assert_false(e->is_default);
    assert_string_equal(entry(&s, "programmes.training.award.rate")->source, "Notice 13 of 2024, article 4");
    assert_null(entry(&s, "programmes.training.award.cap")->source);
    e = entry(&s, "programmes.training.budget.carry_over");
    assert_true(e->is_default);
    assert_string_equal(e->origin, "default");
    assert_string_equal(e->text, "none");
    assert_null(e->source); /* a default comes from the language, whatever the block's source */
    e = entry(&s, "programmes.training.applications.contract");
    assert_string_equal(e->text, "{lognormal: {median: 4 M, sigma: 1.1}}");
    assert_string_equal(e->words, "median 4.00 M CNY = 400万, 5 % to 95 %: 655 k CNY to 24.4 M CNY");
    outlay_scenario_free(&s);
}

/* A source speaks of its own file's value and of the files below, not of what was put in its place above. */
static void test_sources(void **state)
{
    (void)state;
    struct outlay_scenario s = load("tests/unit/data/child.yaml", NULL);
    assert_string_equal(entry(&s, "programmes.training.award.cap")->source, "Child's own notice");
    assert_string_equal(entry(&s, "programmes.training.budget.amount")->source, "Notice 13 of 2024");
    outlay_scenario_free(&s);
    s = load(SMALL, "programmes.training.budget=3e9", NULL);
    assert_null(entry(&s, "programmes.training.budget.amount")->source);
    outlay_scenario_free(&s);
    s = load("tests/unit/data/grandchild.yaml", NULL);
    assert_null(entry(&s, "programmes.training.budget.amount")->source);
    outlay_scenario_free(&s);
}

/* The resolved scenario is a scenario with the same values, the same text and the same sources. */
static void check_round_trip(const char *path, const char *set)
{
    struct outlay_scenario first = load(path, set, NULL), second;
    struct outlay_diag diag = {0};
    char *text = outlay_scenario_to_yaml(&first);
    assert_non_null(text);
    if (outlay_scenario_load_text(&second, "resolved.yaml", text, NULL, 0, &diag) != OUTLAY_OK) {
        fail_msg("%d: %s\n%s", diag.notes[0].line, diag.notes[0].message, text);
    }
    assert_int_equal(first.n_entries, second.n_entries);
    for (int e = 0; e < first.n_entries; e++) {
        const struct outlay_entry *a = &first.entries[e], *b = &second.entries[e];
        assert_string_equal(a->path, b->path);
        assert_string_equal(a->text, b->text);
        assert_true(a->words == NULL ? b->words == NULL : strcmp(a->words, b->words) == 0);
        assert_true(a->source == NULL ? b->source == NULL : b->source != NULL && strcmp(a->source, b->source) == 0);
    }
    assert_int_equal(first.n_uncertain, second.n_uncertain);
    for (int i = 0; i < first.n_uncertain; i++) {
        assert_string_equal(first.uncertain[i].path, second.uncertain[i].path);
        assert_true(outlay_law_quantile(&first.uncertain[i].law, 0.3, false) ==
                    outlay_law_quantile(&second.uncertain[i].law, 0.3, false));
    }
    assert_int_equal(diag.n_notes, 0);
    free(text);
    outlay_scenario_free(&first);
    outlay_scenario_free(&second);
}

static void test_round_trip(void **state)
{
    (void)state;
    check_round_trip(SMALL, NULL);
    check_round_trip("tests/unit/data/child.yaml", "horizon.years=2");
    check_round_trip("tests/unit/data/grandchild.yaml", "currency=EUR");
    check_round_trip("tests/unit/data/own_calendar.yaml", NULL);
    check_round_trip(SMALL, "title=\"quotes \\\" # no comment: \\\\ 深圳 \\t\"");
    check_round_trip(SMALL, "description=\"two\\nlines, [not a list]\"");
    check_round_trip(SMALL,
                     "programmes.training.applications.arrivals.months=[1, 50%, 0, 1, 1, 1, {uniform: [1, 2]}, 1, "
                     "1, 1, 1, 3e0]");
}

static void test_own_calendar(void **state)
{
    (void)state;
    struct outlay_scenario s = load("tests/unit/data/own_calendar.yaml", NULL);
    assert_string_equal(s.calendar, "tests/unit/data/calendars/four_day_week.yaml");
    const int32_t friday = outlay_date_to_day((struct outlay_date){2025, 1, 3}) - s.first_day;
    assert_int_equal(s.working.is_working[friday], 0);
    assert_true(s.programmes[0].terms[0].applications.contract.parameter[0].value == 1e7);
    assert_int_equal(s.programmes[0].terms[0].applications.contract.form->family, OUTLAY_CONSTANT);
    outlay_scenario_free(&s);
}

/* A fiscal year that begins on 6 April, a leap day in the horizon, and days of every year. */
static void test_fiscal_years(void **state)
{
    (void)state;
    struct outlay_scenario s =
        load("tests/unit/data/own_calendar.yaml", "calendar=weekdays", "horizon={start: 2023-04-06, years: 3}",
             "programmes.aid.applications.arrivals={opens: 06-01, closes: 02-28}", NULL);
    assert_int_equal(s.year_first_day[1], 366); /* with 29 February 2024 */
    assert_int_equal(s.year_first_day[2], 366 + 365);
    assert_int_equal(s.n_days, 366 + 365 + 365);
    assert_int_equal(s.programmes[0].terms[0].applications.arrivals.closes.kind, OUTLAY_WHEN_EVERY_YEAR);
    assert_int_equal(s.programmes[0].terms[0].applications.arrivals.closes.date.month, 2);
    outlay_scenario_free(&s);
}

static void test_warnings(void **state)
{
    static const struct {
        const char *set;
        size_t n;
    } cases[] = {{"horizon.years=3", 1}, {"programmes.training.award.applicant_cap=2 M", 2}, {"horizon.years=2", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        const struct outlay_override override = {cases[i].set};
        assert_int_equal(outlay_scenario_load(&scenario, SMALL, &override, 1, &diag), OUTLAY_OK);
        assert_int_equal(diag.n_notes, cases[i].n);
        assert_int_equal(diag.n_errors, 0);
        outlay_scenario_free(&scenario);
        outlay_diag_free(&diag);
    }
}

/* Each override is wrong in one way. */
static void test_bad_overrides(void **state)
{
    static const struct {
        const char *text;
        outlay_err err;
        int column;
    } cases[] = {
        {"nonsense", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"=3", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"title=", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"title=  ", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"title=# all comment", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"extends=small.yaml", OUTLAY_ERR_BAD_OVERRIDE, 1},
        {"horizon..start=2025-01-01", OUTLAY_ERR_BAD_OVERRIDE, 9},
        {"title={a", OUTLAY_ERR_YAML_SYNTAX, 9},
        {"title=*a", OUTLAY_ERR_YAML_SYNTAX, 7},
        {"title=[a]", OUTLAY_ERR_WRONG_TYPE, 7},
        {"budget=3", OUTLAY_ERR_UNKNOWN_KEY, 1},
        {"programmes.training.bugdet=3", OUTLAY_ERR_UNKNOWN_KEY, 21},
        {"horizon.start.year=2025", OUTLAY_ERR_UNKNOWN_KEY, 15},
        {"programmes.trainign.budget=3", OUTLAY_ERR_UNKNOWN_NAME, 12},
        {"classes.new.count=3", OUTLAY_ERR_UNKNOWN_NAME, 9},
        {"programmes.training.award.by_class.new.rate=1", OUTLAY_ERR_UNKNOWN_NAME, 36},
        {"programmes.training.award.by_class.startup.by_class=1", OUTLAY_ERR_UNKNOWN_KEY, 44},
        {"programmes.training.budget=3x", OUTLAY_ERR_BAD_NUMBER, 28},
        {"programmes.training.award.rate=2", OUTLAY_ERR_OUT_OF_RANGE, 32},
        {"programmes.training.award={cpa: 3}", OUTLAY_ERR_UNKNOWN_KEY, 28},
        {"programmes.training.award={cap: 3, cap: 4}", OUTLAY_ERR_DUPLICATE_KEY, 36},
        {"programmes.training.award=5", OUTLAY_ERR_WRONG_TYPE, 21},
        {"horizon.start=2025-02-30", OUTLAY_ERR_BAD_DATE, 15},
        {"calendar=chnia", OUTLAY_ERR_UNKNOWN_NAME, 10},
        {"calendar=[china]", OUTLAY_ERR_WRONG_TYPE, 10},
        {"calendar=nowhere.yaml", OUTLAY_ERR_CANNOT_READ, 10},
        {"programmes.training.applications.arrivals.closes=2025-01-31", OUTLAY_ERR_CONTRADICTION, 50},
        {"programmes.training.applications.contract={lognormal: [4 M, -1]}", OUTLAY_ERR_BAD_LAW, 44},
        {"programmes.training.applications.contract.gamma.mean=3 M", OUTLAY_ERR_WRONG_TYPE, 0},
        {"currency=yuan", OUTLAY_ERR_BAD_NAME, 10},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        const struct outlay_override override = {cases[i].text};
        const outlay_err err = outlay_scenario_load(&scenario, SMALL, &override, 1, &diag);
        if (err != cases[i].err || diag.n_errors != 1 ||
            (cases[i].column > 0 && diag.notes[0].column != cases[i].column)) {
            fail_msg("%s: %s in column %d, %zu errors: %s", cases[i].text, outlay_err_name(err), diag.notes[0].column,
                     diag.n_errors, diag.notes[0].message);
        }
        assert_true(cases[i].column == 0 || strcmp(diag.notes[0].file, "--set") == 0);
        assert_null(scenario.classes);
        assert_int_equal(outlay_scenario_load(&scenario, SMALL, &override, 1, NULL), err);
        outlay_diag_free(&diag);
    }
}

/* A scenario that is good, with one line of it replaced. */
static char *with_line(const char *good, const char *from, const char *to)
{
    const char *at = strstr(good, from);
    assert_non_null(at);
    const size_t before = (size_t)(at - good);
    char *text = malloc(strlen(good) + strlen(to) + 1);
    assert_non_null(text);
    memcpy(text, good, before);
    strcpy(text + before, to);
    strcat(text, at + strlen(from));
    return text;
}

static const char good[] = "outlay: 1\n"
                           "title: Good\n"
                           "horizon: {start: 2025-01-01}\n"
                           "classes:\n"
                           "  firm: {count: 100}\n"
                           "programmes:\n"
                           "  aid:\n"
                           "    budget: 10 M\n"
                           "    award: {rate: 50%}\n"
                           "    applications:\n"
                           "      per_year: 1\n"
                           "      contract: 100 k\n";

static outlay_err load_with(const char *from, const char *to, struct outlay_diag *diag)
{
    struct outlay_scenario scenario;
    char *text = with_line(good, from, to);
    const outlay_err err = outlay_scenario_load_text(&scenario, "good.yaml", text, NULL, 0, diag);
    free(text);
    outlay_scenario_free(&scenario);
    return err;
}

/* Bounds: just inside is fine, just outside is not. */
static void test_bounds(void **state)
{
    static const struct {
        const char *from, *inside, *outside;
        outlay_err err;
    } cases[] = {
        {"rate: 50%", "rate: 0", "rate: -0.0001", OUTLAY_ERR_OUT_OF_RANGE},
        {"rate: 50%", "rate: 100%", "rate: 1.0001", OUTLAY_ERR_OUT_OF_RANGE},
        {"count: 100", "count: 0", "count: -1", OUTLAY_ERR_OUT_OF_RANGE},
        {"count: 100", "count: 100 M", "count: 100_000_001", OUTLAY_ERR_OUT_OF_RANGE},
        {"count: 100", "count: 100, growth: -0.999", "count: 100, growth: -1", OUTLAY_ERR_OUT_OF_RANGE},
        {"10 M", "10000 bn", "10000.1 bn", OUTLAY_ERR_OUT_OF_RANGE},
        {"10 M", "0", "-1", OUTLAY_ERR_OUT_OF_RANGE},
        {"{start: 2025-01-01}", "{start: 2025-01-01, years: 50}", "{start: 2025-01-01, years: 51}",
         OUTLAY_ERR_OUT_OF_RANGE},
        {"{start: 2025-01-01}", "{start: 2199-12-31}", "{start: 2200-12-31}", OUTLAY_ERR_OUT_OF_RANGE},
        {"{start: 2025-01-01}", "{start: 1900-01-01}", "{start: 1899-12-31}", OUTLAY_ERR_BAD_DATE},
        {"per_year: 1", "per_year: 1\n      dispersion: 1", "per_year: 1\n      dispersion: 0.99",
         OUTLAY_ERR_OUT_OF_RANGE},
        {"title: Good", "title: G\nsimulation: {draws: 1}", "title: G\nsimulation: {draws: 0}",
         OUTLAY_ERR_OUT_OF_RANGE},
        {"title: Good", "title: G\nsimulation: {seed: 9007199254740991}",
         "title: G\nsimulation: {seed: 9007199254740992}", OUTLAY_ERR_OUT_OF_RANGE},
        {"per_year: 1", "per_year: 1\n      arrivals: {rush: {share: 0.4}, deadline: {share: 0.6}}",
         "per_year: 1\n      arrivals: {rush: {share: 0.4}, deadline: {share: 0.61}}", OUTLAY_ERR_CONTRADICTION},
        {"per_year: 1", "per_year: 1\n      arrivals: {rush: {days: 0.001}}",
         "per_year: 1\n      arrivals: {rush: {days: 0}}", OUTLAY_ERR_OUT_OF_RANGE},
        {"per_year: 1", "per_year: 1\n      arrivals: {opens: 2025-12-31}",
         "per_year: 1\n      arrivals: {opens: 2026-01-01}", OUTLAY_ERR_CONTRADICTION},
        {"per_year: 1", "per_year: 1\n      arrivals: {opens: 2025-01-03, closes: 2025-01-03}",
         "per_year: 1\n      arrivals: {opens: 2025-01-04, closes: 2025-01-05}",
         OUTLAY_ERR_CONTRADICTION}, /* a weekend */
        {"rate: 50%", "rate: 50%, minimum_contract: 100 k", "rate: 50%, minimum_contract: 100_000.01",
         OUTLAY_ERR_CONTRADICTION},
        {"count: 100", "count: {normal: {mean: 100, sd: 16}}", "count: {normal: {mean: 100, sd: 17}}",
         OUTLAY_ERR_OUT_OF_RANGE}, /* six standard deviations are a probability of 1e-9 */
        {"count: 100", "count: {normal: {mean: 100, sd: 50, min: 0}}", "count: {normal: {mean: 100, sd: 50, min: -1}}",
         OUTLAY_ERR_OUT_OF_RANGE},
        {"100 k", "{uniform: [0, 1 M]}", "{uniform: [-1, 1 M]}", OUTLAY_ERR_OUT_OF_RANGE},
        {"100 k", "{lognormal: {median: 1 M, sigma: {uniform: [0.1, 1]}}}",
         "{lognormal: {median: 1 M, sigma: {uniform: [-0.1, 1]}}}", OUTLAY_ERR_BAD_LAW},
        {"100 k", "{normal: {mean: {uniform: [1 M, 2 M]}, sd: 100 k}}",
         "{normal: {mean: {uniform: [0.5 M, 2 M]}, sd: 100 k}}", OUTLAY_ERR_OUT_OF_RANGE},
        {"100 k", "{uniform: {min: {uniform: [0, 5]}, max: 5.1}}", "{uniform: {min: {uniform: [0, 5]}, max: 4}}",
         OUTLAY_ERR_BAD_LAW},
        {"count: 100", "count: 10 M", "count: 100 M, growth: 1%", OUTLAY_ERR_OK},
        {"count: 100", "count: 100 M", "count: 100 M}\n  more: {count: 10 M", OUTLAY_ERR_TOO_LARGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_diag diag = {0};
        outlay_err err = load_with(cases[i].from, cases[i].inside, &diag);
        if (err != OUTLAY_OK) {
            fail_msg("%s: %s", cases[i].inside, diag.notes[0].message);
        }
        outlay_diag_free(&diag);
        err = load_with(cases[i].from, cases[i].outside, &diag);
        if (err != cases[i].err || (err != OUTLAY_OK && diag.n_errors != 1)) {
            fail_msg("%s: %s, %zu errors", cases[i].outside, outlay_err_name(err), diag.n_errors);
        }
        outlay_diag_free(&diag);
    }
}

/* Texts that are no scenario at all, and forms that are unusual but fine. */
static void test_texts(void **state)
{
    static const struct {
        const char *text;
        outlay_err err;
    } cases[] = {
        {"", OUTLAY_ERR_EMPTY_FILE},
        {"\n\n", OUTLAY_ERR_EMPTY_FILE},
        {"# only a comment", OUTLAY_ERR_EMPTY_FILE},
        {"---\n", OUTLAY_ERR_EMPTY_FILE},
        {"outlay", OUTLAY_ERR_WRONG_TYPE},
        {"[outlay, 1]", OUTLAY_ERR_WRONG_TYPE},
        {"outlay: 1\n\tx: 2\n", OUTLAY_ERR_YAML_SYNTAX},
        {"outlay: 'x\n", OUTLAY_ERR_YAML_SYNTAX},
        {"? [a]\n: b\n", OUTLAY_ERR_YAML_SYNTAX},
        {"\xff", OUTLAY_ERR_YAML_SYNTAX},
        {"title: \xed\xa0\x80", OUTLAY_ERR_YAML_SYNTAX}, /* a surrogate */
        {"title: \xc0\xaf", OUTLAY_ERR_YAML_SYNTAX},     /* overlong */
        {"title: \"\\0\"", OUTLAY_ERR_YAML_SYNTAX},
        {"{}", OUTLAY_ERR_MISSING_KEY},
        {"outlay.title: x", OUTLAY_ERR_UNKNOWN_KEY},
        {"horizon.start: 2025-01-01", OUTLAY_ERR_UNKNOWN_KEY},
        {"classes: {'*': {}}", OUTLAY_ERR_MISSING_KEY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        const outlay_err err = outlay_scenario_load_text(&scenario, "text.yaml", cases[i].text, NULL, 0, &diag);
        bool is_found = false;
        for (size_t k = 0; k < diag.n_notes; k++) {
            is_found = is_found || diag.notes[k].err == cases[i].err;
        }
        if (err == OUTLAY_OK || !is_found) {
            fail_msg("`%s`: %s", cases[i].text, outlay_err_name(err));
        }
        outlay_diag_free(&diag);
    }
    assert_int_equal(load_with("outlay: 1\n", "outlay: 1\r\n", NULL), OUTLAY_OK);
    assert_int_equal(load_with("outlay: 1\n", "---\noutlay: 1 # version\n", NULL), OUTLAY_OK);
    assert_int_equal(load_with("title: Good", "title: |\n  Good\n", NULL), OUTLAY_ERR_WRONG_TYPE);
    assert_int_equal(load_with("title: Good", "title: 'Good'\ndescription: |\n  Many\n  lines\n", NULL), OUTLAY_OK);
    assert_int_equal(load_with("rate: 50%", "rate: \"50%\"", NULL), OUTLAY_OK);
    assert_int_equal(load_with("firm:", "a_B9:", NULL), OUTLAY_OK);
    assert_int_equal(load_with("firm:", "a__b:", NULL), OUTLAY_ERR_BAD_NAME);
    assert_int_equal(load_with("firm:", "a_:", NULL), OUTLAY_ERR_BAD_NAME);
    assert_int_equal(load_with("firm:", "公司:", NULL), OUTLAY_ERR_BAD_NAME);
    assert_int_equal(load_with("rate: 50%", "by_class: {firm: {rate: 50%}}", NULL),
                     OUTLAY_OK); /* all classes state it */
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    char path[] = "/tmp/outlay-test-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_true(fprintf(stream, "\xef\xbb\xbf%s", good) > 0);
    assert_int_equal(fclose(stream), 0);
    struct outlay_scenario s = load(path, NULL);
    assert_string_equal(s.file_texts[0], good);
    outlay_scenario_free(&s);
    assert_int_equal(remove(path), 0);
}

/* Each broken scenario of the command-line tests, by its code. */
static void test_bad_files(void **state)
{
    static const struct refusal cases[] = {
        {"empty", OUTLAY_ERR_EMPTY_FILE, 1},
        {"bad_yaml", OUTLAY_ERR_YAML_SYNTAX, 1},
        {"circular", OUTLAY_ERR_CIRCULAR_EXTENDS, 1},
        {"circular_self", OUTLAY_ERR_CIRCULAR_EXTENDS, 1},
        {"missing_parent", OUTLAY_ERR_CANNOT_READ, 1},
        {"directory_parent", OUTLAY_ERR_CANNOT_READ, 1},
        {"unknown_key", OUTLAY_ERR_UNKNOWN_KEY, 4},
        {"duplicate_key", OUTLAY_ERR_DUPLICATE_KEY, 2},
        {"missing_key", OUTLAY_ERR_MISSING_KEY, 4},
        {"wrong_type", OUTLAY_ERR_WRONG_TYPE, 5},
        {"not_a_number", OUTLAY_ERR_BAD_NUMBER, 3},
        {"bad_date", OUTLAY_ERR_BAD_DATE, 2},
        {"bad_name", OUTLAY_ERR_BAD_NAME, 2},
        {"unknown_class", OUTLAY_ERR_UNKNOWN_NAME, 1},
        {"bad_law", OUTLAY_ERR_BAD_LAW, 3},
        {"out_of_range", OUTLAY_ERR_OUT_OF_RANGE, 4},
        {"close_before_open", OUTLAY_ERR_CONTRADICTION, 1},
        {"too_much_money", OUTLAY_ERR_TOO_LARGE, 1},
    };
    (void)state;
    refusals_hold(cases, sizeof cases / sizeof cases[0]);
}

/* Notes come in the order of the lines, one for each mistake, and none that only follows from another. */
static void test_all_at_once(void **state)
{
    static const struct {
        int line;
        outlay_err err;
    } notes[] = {{7, OUTLAY_ERR_UNKNOWN_KEY},  {13, OUTLAY_ERR_OUT_OF_RANGE}, {15, OUTLAY_ERR_MISSING_KEY},
                 {17, OUTLAY_ERR_UNKNOWN_KEY}, {20, OUTLAY_ERR_BAD_DATE},     {22, OUTLAY_ERR_WRONG_TYPE}};
    const size_t n = sizeof notes / sizeof notes[0];
    struct outlay_scenario scenario;
    struct outlay_diag diag = {0};
    (void)state;
    assert_int_equal(outlay_scenario_load(&scenario, "tests/cli/bad/many.yaml", NULL, 0, &diag),
                     OUTLAY_ERR_UNKNOWN_KEY);
    assert_int_equal(diag.n_notes, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(diag.notes[i].line, notes[i].line);
        assert_int_equal(diag.notes[i].err, notes[i].err);
    }
    assert_int_equal(diag.notes[0].column, 29); /* in characters, not in bytes */
    assert_string_equal(diag.notes[3].hint, "did you mean `per_year`?");
    /* a second scenario may be loaded with the same diagnostic, and is judged by itself */
    assert_int_equal(outlay_scenario_load(&scenario, SMALL, NULL, 0, &diag), OUTLAY_OK);
    outlay_scenario_free(&scenario);
    outlay_diag_free(&diag);
}

static void test_reference(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(outlay_parameters_write(file));
    assert_true(ftell(file) > 5000);
    assert_int_equal(fclose(file), 0);
    file = fopen("/dev/full", "w");
    if (file != NULL) { /* Linux only */
        assert_int_equal(setvbuf(file, NULL, _IONBF, 0), 0);
        assert_false(outlay_parameters_write(file));
        (void)fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_by_class),
        cmocka_unit_test(test_uncertain_numbers),
        cmocka_unit_test(test_extends),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_own_calendar),
        cmocka_unit_test(test_fiscal_years),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_bad_overrides),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_all_at_once),
        cmocka_unit_test(test_reference),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
