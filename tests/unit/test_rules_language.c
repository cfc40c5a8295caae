/*
 * test_rules_language.c: the keys of the rule book. Every one read, by default, by class, in lists and from --set; what
 * a programme takes over from one above it; bounds; and the resolved scenario read again.
 * The wording of the messages is tested in tests/cli/bad.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/scenario.h"
#include "refusals.h"

#define RULES "tests/unit/data/rules.yaml"
#define SMALL "tests/unit/data/small.yaml"
#define CITY "programmes.city."

/* Load `path` with at most one --set; fails the test on any error or warning. */
static struct outlay_scenario load(const char *path, const char *set)
{
    struct outlay_scenario scenario;
    struct outlay_diag diag = {0};
    const struct outlay_override override = {set};
    const outlay_err err = outlay_scenario_load(&scenario, path, &override, set != NULL ? 1 : 0, &diag);
    if (err != OUTLAY_OK || diag.n_notes > 0) {
        fail_msg("%s, %s: line %d: %s", path, set != NULL ? set : "", diag.notes[0].line, diag.notes[0].message);
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
    return NULL;
}

static bool is(struct outlay_number number, double value)
{
    return number.uncertain < 0 && number.value == value;
}

static bool is_day(const struct outlay_when *when, int year, int month, int day)
{
    return when->kind == (year == 0 ? OUTLAY_WHEN_EVERY_YEAR : OUTLAY_WHEN_DATE) && when->date.year == year &&
           when->date.month == month && when->date.day == day;
}

static void test_budget(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    const struct outlay_programme *city = &s.programmes[0];
    assert_true(is(city->budget.amount, 5e11));
    assert_int_equal(city->budget.period, OUTLAY_PERIOD_YEAR);
    assert_true(is(city->budget.carry_over, 0.4));
    assert_true(is(city->budget.over_allocation, 1.2));
    assert_true(is(city->budget.awards, 500.0));
    assert_int_equal(city->budget.release, OUTLAY_RELEASE_QUARTERLY);
    assert_int_equal(city->budget.shared_with, -1);

    assert_int_equal(city->budget.n_top_ups, 2);
    assert_true(is_day(&city->budget.top_ups[0].date, 2025, 7, 1));
    assert_true(is(city->budget.top_ups[0].amount, 1e11));
    assert_true(is_day(&city->budget.top_ups[1].date, 0, 9, 30));
    const int u = city->budget.top_ups[1].amount.uncertain;
    assert_true(u >= 0);
    assert_string_equal(s.uncertain[u].path, CITY "budget.top_ups.2.amount");
    assert_int_equal(s.uncertain[u].unit, OUTLAY_UNIT_MONEY);
    assert_true(city->budget.top_ups[1].amount.value == 1.5e10);

    assert_int_equal(city->budget.n_reserves, 2);
    assert_int_equal(city->budget.reserves[0].class_, 1);
    assert_true(is(city->budget.reserves[0].share, 0.2));
    assert_true(is_day(&city->budget.reserves[0].until, 0, 6, 30));
    assert_int_equal(city->budget.reserves[1].class_, 2);
    assert_int_equal(city->budget.reserves[1].until.kind, OUTLAY_WHEN_NONE);

    assert_int_equal(city->budget.n_steps, 2);
    assert_true(is(city->budget.steps[0].committed, 0.5));
    assert_true(is(city->budget.steps[0].factor, 0.8));
    assert_true(city->budget.steps[1].factor.uncertain >= 0);
    assert_int_equal(city->budget.n_releases, 0);
    const struct outlay_programme *national = &s.programmes[3];
    assert_true(isinf(national->budget.amount.value));
    assert_int_equal(s.programmes[4].budget.n_releases, 2);
    assert_true(is_day(&s.programmes[4].budget.releases[0].date, 0, 3, 15));
    assert_true(is(s.programmes[4].budget.releases[0].share, 0.3));
    assert_true(is_day(&s.programmes[4].budget.releases[1].date, 0, 10, 1));
    assert_true(is(s.programmes[3].budget.awards, 250.0));
    outlay_scenario_free(&s);
}

static void test_award(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    const struct outlay_terms *terms = s.programmes[0].terms;
    assert_true(isnan(terms[0].award.rate.value));
    assert_true(isnan(terms[0].award.fixed.value));
    assert_int_equal(terms[0].award.n_bands, 3);
    assert_true(is(terms[0].award.bands[0].up_to, 2e8));
    assert_true(is(terms[0].award.bands[0].rate, 0.5));
    assert_true(is(terms[0].award.bands[0].cap, INFINITY));
    assert_true(is(terms[0].award.bands[1].cap, 3e8));
    assert_true(is(terms[0].award.bands[2].up_to, INFINITY));
    assert_string_equal(s.uncertain[terms[0].award.bands[2].rate.uncertain].path, CITY "award.bands.3.rate");
    assert_true(is(terms[0].award.eligible, 0.9));
    assert_true(is(terms[0].award.co_funding, 0.5));
    assert_true(is(terms[0].award.capital_drawn, 4.0));
    assert_int_equal(terms[0].award.stacks_with, -1);
    assert_true(isinf(terms[0].award.stack_limit.value));

    /* by class: another kind of award, and other bands; the rest is the same for all */
    assert_int_equal(terms[1].award.n_bands, 0);
    assert_null(terms[1].award.bands);
    assert_true(is(terms[1].award.fixed, 3e7));
    assert_true(is(terms[1].award.co_funding, 0.5));
    assert_int_equal(terms[2].award.n_bands, 1);
    assert_true(is(terms[2].award.bands[0].rate, 1.0));

    assert_true(isnan(terms[0].award.young.below.value));
    assert_true(isnan(terms[0].award.young.rate.value));
    assert_true(is(terms[0].award.young.cap, INFINITY));

    const struct outlay_terms *fair = s.programmes[4].terms;
    assert_true(is(fair[0].award.young.below, 5.0));
    assert_true(is(fair[0].award.young.rate, 0.6));
    assert_true(is(fair[0].award.young.cap, 6e8));
    assert_true(fair[1].award.young.below.uncertain >= 0);
    assert_true(is(fair[1].award.young.rate, 0.6));
    assert_true(isnan(fair[2].award.young.below.value)); /* off for a class, whatever else stands there */
    assert_string_equal(s.classes[0].age.form->name, "uniform");
    assert_true(is(s.classes[0].age.parameter[1], 20.0));
    assert_true(is(s.classes[1].age.parameter[0], 2.5));
    assert_int_equal(s.classes[2].age.form->family, OUTLAY_CONSTANT);
    assert_true(is(s.classes[2].age.parameter[0], 0.0));

    const struct outlay_terms *district = s.programmes[1].terms, *county = s.programmes[2].terms;
    assert_int_equal(district[0].award.stacks_with, 0);
    assert_true(is(district[0].award.stack_limit, 0.5));
    assert_int_equal(county[0].award.stacks_with, -1);
    assert_int_equal(county[1].award.stacks_with, 1);
    assert_true(is(county[1].award.stack_limit, 0.6));
    outlay_scenario_free(&s);
}

static void test_applications_and_review(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    const struct outlay_terms *terms = &s.programmes[0].terms[0];
    assert_int_equal(terms->applications.same_as, -1);
    assert_true(is(terms->applications.inflation, 1.5));
    assert_true(is(terms->applications.diffusion.innovation, 0.03));
    assert_true(is(terms->applications.diffusion.imitation, 0.38));
    assert_true(is(terms->applications.response.elasticity, 0.0));
    assert_true(is(terms->applications.response.notch, 0.2));
    assert_true(is(s.programmes[2].terms[0].applications.response.elasticity, 0.3));
    assert_true(is(terms->applications.arrivals.size_correlation, 0.4));
    assert_true(is(terms->review.withdrawn, 0.04));
    assert_true(is(terms->review.notice, 5.0));
    assert_string_equal(terms->review.score.form->name, "normal");
    assert_true(is(terms->review.score.parameter[0], 70.0)); /* points are no money */
    outlay_scenario_free(&s);
}

static void test_allocation_and_payment(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    const struct outlay_programme *city = &s.programmes[0], *district = &s.programmes[1];
    assert_int_equal(city->allocation.rule, OUTLAY_RULE_PRIORITY);
    assert_int_equal(city->allocation.rounds, OUTLAY_ROUNDS_ROLLING);
    assert_int_equal(city->allocation.n_round_days, 0);
    assert_int_equal(city->allocation.last_award, OUTLAY_LAST_WAIT);
    assert_int_equal(city->allocation.n_priority, 2);
    assert_int_equal(city->allocation.priority[0], 2);
    assert_int_equal(city->allocation.priority[1], 1);
    assert_true(is(city->allocation.run.below, 0.1));
    assert_true(is(city->allocation.run.factor, 4.0));
    assert_int_equal(district->allocation.rule, OUTLAY_RULE_SCORE);
    assert_int_equal(district->allocation.n_round_days, 2);
    assert_true(is_day(&district->allocation.round_days[0], 0, 6, 30));
    assert_true(is_day(&district->allocation.round_days[1], 2025, 12, 31));
    assert_int_equal(s.programmes[3].allocation.rule, OUTLAY_RULE_LOTTERY);
    assert_int_equal(s.programmes[3].allocation.rounds, OUTLAY_ROUNDS_MONTHLY);

    assert_true(is(city->payment.redeemed, 0.8));
    assert_string_equal(city->payment.delay.form->name, "gamma");
    assert_true(is(city->payment.delay.parameter[0], 60.0));
    assert_true(is(city->payment.expires, 180.0));
    assert_int_equal(city->payment.instalments, 3);
    assert_true(is(city->payment.interval, 90.0));
    outlay_scenario_free(&s);
}

/* A scenario that says nothing of the rules: first come, first served, at once. */
static void test_defaults(void **state)
{
    (void)state;
    struct outlay_scenario s = load(SMALL, NULL);
    const struct outlay_programme *p = &s.programmes[0];
    assert_int_equal(p->budget.period, OUTLAY_PERIOD_YEAR);
    assert_true(is(p->budget.carry_over, 0.0));
    assert_true(is(p->budget.over_allocation, 1.0));
    assert_true(is(p->budget.awards, INFINITY));
    assert_int_equal(p->budget.release, OUTLAY_RELEASE_AT_ONCE);
    assert_int_equal(p->budget.shared_with, -1);
    assert_int_equal(p->budget.n_top_ups + p->budget.n_reserves + p->budget.n_steps, 0);
    assert_null(p->budget.top_ups);
    assert_int_equal(p->allocation.rounds, OUTLAY_ROUNDS_ROLLING);
    assert_int_equal(p->allocation.n_round_days + p->allocation.n_priority, 0);
    assert_true(is(p->allocation.run.below, 0.0));
    assert_true(is(p->allocation.run.factor, 1.0));
    assert_true(is(p->payment.redeemed, 1.0));
    assert_int_equal(p->payment.delay.form->family, OUTLAY_CONSTANT);
    assert_true(is(p->payment.delay.parameter[0], 0.0));
    assert_true(is(p->payment.expires, INFINITY));
    assert_int_equal(p->payment.instalments, 1);
    assert_true(is(p->payment.interval, 30.0));
    for (int c = 0; c < 2; c++) {
        const struct outlay_terms *terms = &p->terms[c];
        assert_true(isnan(terms->award.fixed.value));
        assert_int_equal(terms->award.n_bands, 0);
        assert_true(is(terms->award.eligible, 1.0));
        assert_true(is(terms->award.co_funding, 0.0));
        assert_true(is(terms->award.capital_drawn, 0.0));
        assert_int_equal(terms->award.stacks_with, -1);
        assert_true(is(terms->award.stack_limit, INFINITY));
        assert_int_equal(terms->applications.same_as, -1);
        assert_true(is(terms->applications.inflation, 1.0));
        assert_true(is(terms->applications.diffusion.innovation, 0.0));
        assert_true(is(terms->applications.diffusion.imitation, 0.0));
        assert_true(is(terms->applications.response.elasticity, 0.0));
        assert_true(is(terms->applications.response.notch, 0.0));
        assert_true(is(terms->applications.arrivals.size_correlation, 0.0));
        assert_true(is(terms->review.withdrawn, 0.0));
        assert_true(is(terms->review.notice, 0.0));
        assert_true(is(terms->review.score.parameter[0], 0.0));
    }
    outlay_scenario_free(&s);
}

/* The money of a shared budget belongs to the first of its chain; contracts come with all that describes them. */
static void test_links(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    assert_int_equal(s.programmes[1].budget.shared_with, 0);
    assert_int_equal(s.programmes[2].budget.shared_with, 0); /* written as `district` */
    assert_true(is(s.programmes[1].budget.amount, 0.0));

    const struct outlay_terms *city = s.programmes[0].terms, *district = s.programmes[1].terms;
    for (int c = 0; c < 3; c++) {
        assert_int_equal(district[c].applications.same_as, 0);
        assert_true(is(district[c].applications.take_up, 0.5));
        assert_true(is(district[c].applications.inflation, 1.0));
        assert_true(is(district[c].applications.per_year, city[c].applications.per_year.value));
        assert_true(is(district[c].applications.contract.parameter[0], 4e8));
        assert_true(is(district[c].applications.diffusion.imitation, 0.38));
        assert_true(is(district[c].applications.response.notch, 0.2));
        assert_true(is(district[c].applications.arrivals.size_correlation, 0.4));
    }
    /* by class: what is written for all counts for those that have contracts of their own */
    const struct outlay_terms *county = s.programmes[2].terms;
    assert_int_equal(county[0].applications.same_as, -1);
    assert_true(is(county[0].applications.per_year, 2.0));
    assert_int_equal(county[1].applications.same_as, 1);
    assert_true(is(county[1].applications.take_up, 0.2));
    assert_true(is(county[1].applications.per_year, 1.3));
    assert_true(is(county[1].applications.contract.parameter[0], 4e8));
    outlay_scenario_free(&s);
}

static void test_entries(void **state)
{
    (void)state;
    struct outlay_scenario s = load(RULES, NULL);
    const struct outlay_entry *e = entry(&s, CITY "budget.top_ups.1.amount");
    assert_non_null(e);
    assert_string_equal(e->text, "1 bn");
    assert_string_equal(e->words, "1.00 bn CNY = 10.0亿");
    assert_string_equal(e->origin, "rules.yaml:24");
    assert_string_equal(e->source, "Council, 3 June");
    assert_int_equal(e->unit, OUTLAY_UNIT_MONEY);
    assert_string_equal(entry(&s, CITY "budget.reserves.2.class")->text, "university");
    e = entry(&s, CITY "budget.reserves.2.until");
    assert_true(e->is_default);
    assert_string_equal(e->text, "none");
    assert_string_equal(entry(&s, CITY "award.by_class.university.bands.1.rate")->text, "100%");
    assert_string_equal(entry(&s, CITY "award.by_class.startup.bands")->text, "none");
    assert_null(entry(&s, CITY "award.bands")); /* its values have entries of their own */
    assert_string_equal(entry(&s, CITY "allocation.priority")->text, "[university, startup]");
    assert_string_equal(entry(&s, "programmes.national.budget.steps")->text, "none");
    /* a default that the value of another programme takes the place of would mislead */
    assert_null(entry(&s, "programmes.district.budget.period"));
    assert_null(entry(&s, "programmes.district.applications.arrivals.days"));
    assert_non_null(entry(&s, "programmes.district.applications.inflation"));
    outlay_scenario_free(&s);
}

/* One --set each, and the entry that it makes. */
static void test_overrides(void **state)
{
    static const struct {
        const char *set, *path, *text;
    } cases[] = {
        {CITY "budget.carry_over=all", CITY "budget.carry_over", "all"},
        {CITY "budget.steps.2.factor=70%", CITY "budget.steps.2.factor", "70%"},
        {CITY "budget.top_ups.2.amount.uniform.1=150 M", CITY "budget.top_ups.2.amount", "{uniform: [150 M, 200 M]}"},
        {CITY "budget.top_ups=[{date: 01-31, amount: 5}]", CITY "budget.top_ups.1.date", "01-31"},
        {CITY "budget.reserves=none", CITY "budget.reserves", "none"},
        {CITY "budget.reserves=[]", CITY "budget.reserves", "[]"},
        {CITY "award.bands.1.cap=1 M", CITY "award.bands.1.cap", "1 M"},
        {CITY "award.by_class.university.bands.1.rate=80%", CITY "award.by_class.university.bands.1.rate", "80%"},
        {CITY "allocation.priority.1=enterprise", CITY "allocation.priority", "[enterprise, startup]"},
        {CITY "payment.expires=none", CITY "payment.expires", "none"},
        {"programmes.district.allocation.round_days.2=11-30", "programmes.district.allocation.round_days",
         "[06-30, 11-30]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_scenario s = load(RULES, cases[i].set);
        const struct outlay_entry *e = entry(&s, cases[i].path);
        assert_non_null(e);
        assert_string_equal(e->text, cases[i].text);
        assert_string_equal(e->origin, "--set");
        outlay_scenario_free(&s);
    }
}

/* All but the comments, which say where the values were written. */
static char *without_comments(const struct outlay_scenario *scenario)
{
    char *yaml = outlay_scenario_to_yaml(scenario);
    assert_non_null(yaml);
    size_t n = 0;
    for (const char *p = yaml; *p != '\0';) {
        const char *end = p + strcspn(p, "\n");
        const char *hash = strstr(p, " #");
        const char *stop = hash != NULL && hash < end ? hash : end;
        while (p < stop) {
            yaml[n++] = *p++;
        }
        for (; n > 0 && yaml[n - 1] == ' '; n--) {
        }
        yaml[n++] = '\n';
        p = *end == '\0' ? end : end + 1;
    }
    yaml[n] = '\0';
    return yaml;
}

static void test_round_trip(void **state)
{
    static const char *const sets[] = {NULL, CITY "budget.top_ups=none", CITY "award.bands.1.rate={uniform: [0, 1]}",
                                       "programmes.national.award={fixed: none, rate: 50%}"};
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct outlay_scenario s = load(RULES, sets[i]), again;
        struct outlay_diag diag = {0};
        char *yaml = outlay_scenario_to_yaml(&s);
        if (outlay_scenario_load_text(&again, "resolved.yaml", yaml, NULL, 0, &diag) != OUTLAY_OK) {
            fail_msg("line %d: %s", diag.notes[0].line, diag.notes[0].message);
        }
        char *a = without_comments(&s), *b = without_comments(&again);
        assert_string_equal(a, b);
        assert_int_equal(s.n_uncertain, again.n_uncertain);
        for (int u = 0; u < s.n_uncertain; u++) {
            assert_string_equal(s.uncertain[u].path, again.uncertain[u].path);
        }
        assert_int_equal(again.programmes[0].budget.n_steps, 2);
        assert_int_equal(again.programmes[0].terms[1].award.n_bands, 0);
        assert_int_equal(again.programmes[2].budget.shared_with, 0);
        free(a);
        free(b);
        free(yaml);
        outlay_diag_free(&diag);
        outlay_scenario_free(&s);
        outlay_scenario_free(&again);
    }
}

/* Each bound from within, and from beyond; and what each key refuses. */
static void test_bounds(void **state)
{
    static const struct {
        const char *set;
        outlay_err err;
    } cases[] = {
        {"budget=none", OUTLAY_OK},
        {"budget.carry_over=100%", OUTLAY_OK},
        {"budget.carry_over=100.1%", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.carry_over={uniform: [0, 1]}", OUTLAY_OK},
        {"budget.awards=0", OUTLAY_OK},
        {"budget.awards=none", OUTLAY_OK},
        {"budget.awards=1.1 bn", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.over_allocation=1", OUTLAY_OK},
        {"budget.over_allocation=0.999", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.over_allocation=10.1", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.period=decade", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.reserves=[{class: startup, share: 100%}]", OUTLAY_OK},
        {"budget.reserves=[{class: startup, share: 60%}, {class: startup, share: 40%, until: 03-31}]", OUTLAY_OK},
        {"budget.reserves=[{class: startup, share: 60%}, {class: enterprise, share: 40.1%}]", OUTLAY_ERR_CONTRADICTION},
        {"budget.reserves=[{class: [startup], share: 10%}]", OUTLAY_ERR_WRONG_TYPE},
        {"budget.reserves=[{class: startup, share: none}]", OUTLAY_ERR_WRONG_TYPE},
        {"budget.steps=[{committed: 0, factor: 0}, {committed: 100%, factor: 100%}]", OUTLAY_OK},
        {"budget.steps=[{committed: {uniform: [10%, 50%]}, factor: 1}, {committed: 51%, factor: 0}]", OUTLAY_OK},
        {"budget.steps=[{committed: {uniform: [10%, 50%]}, factor: 1}, {committed: 49%, factor: 0}]",
         OUTLAY_ERR_CONTRADICTION},
        {"budget.top_ups=[{date: 2025-12-31, amount: 0}]", OUTLAY_OK},
        {"budget.top_ups=[{date: 2026-01-01, amount: 0}]", OUTLAY_ERR_CONTRADICTION},
        {"budget.top_ups=[{date: 2025-02-29, amount: 0}]", OUTLAY_ERR_BAD_DATE},
        {"budget.top_ups=[{date: 07-01, amount: -1}]", OUTLAY_ERR_OUT_OF_RANGE},
        {"budget.top_ups=[1, 2]", OUTLAY_ERR_WRONG_TYPE},
        {"budget.top_ups=", OUTLAY_ERR_BAD_OVERRIDE},
        {"budget.top_ups.1.amount=5", OUTLAY_ERR_UNKNOWN_KEY}, /* there is no list */
        {"award.rate=none", OUTLAY_ERR_CONTRADICTION},
        {"award.fixed=1 M", OUTLAY_ERR_CONTRADICTION},
        {"award.bands=[{rate: 50%}]", OUTLAY_ERR_CONTRADICTION},
        {"award={rate: none, fixed: 0, by_class: {startup: {rate: none}}}", OUTLAY_OK},
        {"award={rate: none, cap: none, bands: [{rate: 0}], by_class: {startup: {rate: none, cap: none}}}", OUTLAY_OK},
        {"award={rate: none, cap: none, bands: [{up_to: 1, rate: 0}, {up_to: 1, rate: 1}]}", OUTLAY_ERR_CONTRADICTION},
        {"budget.releases=[{date: 2025-12-31, share: 1}]", OUTLAY_OK},
        {"budget.releases=[{date: 2026-01-01, share: 1}]", OUTLAY_ERR_CONTRADICTION},
        {"budget.releases=[{date: 01-01, share: 33.3333%}, {date: 05-01, share: 33.3333%}, {date: 09-01, share: "
         "33.3334%}]",
         OUTLAY_OK},
        {"budget.releases=[{date: 01-01, share: 99.9%}]", OUTLAY_ERR_CONTRADICTION},
        {"budget.releases=[{date: 01-01, share: 0}, {date: 01-01, share: 100%}]", OUTLAY_OK},
        {"budget={amount: 1, release: at_once, releases: [{date: 01-01, share: 1}]}", OUTLAY_OK},
        {"budget={amount: 1, release: monthly, releases: [{date: 01-01, share: 1}]}", OUTLAY_ERR_CONTRADICTION},
        {"budget={amount: 1, release: monthly, releases: none}", OUTLAY_OK},
        {"award.young={below: 1000, rate: 100%}", OUTLAY_OK},
        {"award.young={below: 0, rate: 100%}", OUTLAY_ERR_OUT_OF_RANGE},
        {"award.young={below: {uniform: [2, 4]}, rate: {uniform: [50%, 60%]}, cap: 0}", OUTLAY_OK},
        {"award.young={below: 5}", OUTLAY_ERR_CONTRADICTION},
        {"award.young={rate: 50%}", OUTLAY_ERR_CONTRADICTION},
        {"award.young={below: none, rate: none, cap: none}", OUTLAY_OK},
        {"award.co_funding=99%", OUTLAY_OK},
        {"award.co_funding=99.9%", OUTLAY_ERR_OUT_OF_RANGE},
        {"award.capital_drawn=1000", OUTLAY_OK},
        {"award.capital_drawn=1001", OUTLAY_ERR_OUT_OF_RANGE},
        {"award.stacks_with=training", OUTLAY_ERR_OUT_OF_RANGE},
        {"applications.inflation=100", OUTLAY_OK},
        {"applications.inflation=100.1", OUTLAY_ERR_OUT_OF_RANGE},
        {"applications.diffusion.imitation=10", OUTLAY_OK},
        {"applications.response.elasticity=10.1", OUTLAY_ERR_OUT_OF_RANGE},
        {"applications.arrivals.size_correlation=-1", OUTLAY_OK},
        {"applications.arrivals.size_correlation=-100.1%", OUTLAY_ERR_OUT_OF_RANGE},
        {"applications.same_as=models", OUTLAY_ERR_UNKNOWN_NAME},
        {"review.notice=3650", OUTLAY_OK},
        {"review.notice=3651", OUTLAY_ERR_OUT_OF_RANGE},
        {"review.score={normal: {mean: -5, sd: 100}}", OUTLAY_OK},
        {"allocation={rule: pro_rata, rounds: yearly}", OUTLAY_OK},
        {"allocation={rule: equal_awards, round_days: [06-30]}", OUTLAY_OK},
        {"allocation={rule: equal_awards, round_days: []}", OUTLAY_ERR_CONTRADICTION},
        {"allocation={rounds: rolling, round_days: [06-30]}", OUTLAY_OK},
        {"allocation={rule: priority, priority: [startup]}", OUTLAY_OK},
        {"allocation={rule: priority, priority: []}", OUTLAY_ERR_CONTRADICTION},
        {"allocation.run={below: 100%, factor: 1000}", OUTLAY_OK},
        {"payment={redeemed: 0, expires: 0.5}", OUTLAY_OK},
        {"payment.expires=36501", OUTLAY_ERR_OUT_OF_RANGE},
        {"payment.instalments=100", OUTLAY_OK},
        {"payment.instalments=1.5", OUTLAY_ERR_WRONG_TYPE},
        {"payment.instalments={uniform: [1, 5]}", OUTLAY_ERR_WRONG_TYPE},
        {"payment.interval=1", OUTLAY_OK},
        {"payment.delay={uniform: [0, 3651]}", OUTLAY_OK}, /* a law may reach above, and is cut there */
        {"payment.delay={uniform: [-1, 30]}", OUTLAY_ERR_OUT_OF_RANGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        char set[256];
        (void)snprintf(set, sizeof set, "programmes.training.%s", cases[i].set);
        const struct outlay_override override = {set};
        const outlay_err err = outlay_scenario_load(&scenario, SMALL, &override, 1, &diag);
        if (err != cases[i].err) {
            fail_msg("%s: %s, %s", set, outlay_err_name(err), diag.n_notes > 0 ? diag.notes[0].message : "");
        }
        outlay_diag_free(&diag);
        outlay_scenario_free(&scenario);
    }
}

/* A file that extends another replaces its lists as a whole. */
static void test_extends(void **state)
{
    static const char text[] = "extends: " RULES "\n"
                               "programmes:\n"
                               "  city:\n"
                               "    budget: {steps: [{committed: 90%, factor: 50%}], reserves: none}\n"
                               "  last:\n"
                               "    budget: {shared_with: national}\n"
                               "    award: {rate: 5%}\n"
                               "    applications: {same_as: city}\n";
    struct outlay_scenario s;
    struct outlay_diag diag = {0};
    (void)state;
    if (outlay_scenario_load_text(&s, "child.yaml", text, NULL, 0, &diag) != OUTLAY_OK) {
        fail_msg("%d: %s", diag.notes[0].line, diag.notes[0].message);
    }
    assert_int_equal(s.programmes[0].budget.n_steps, 1);
    assert_true(is(s.programmes[0].budget.steps[0].committed, 0.9));
    assert_int_equal(s.programmes[0].budget.n_reserves, 0);
    assert_int_equal(s.programmes[0].budget.n_top_ups, 2);
    assert_string_equal(entry(&s, CITY "budget.steps.1.factor")->origin, "child.yaml:4");
    assert_int_equal(s.programmes[5].budget.shared_with, 3);
    outlay_scenario_free(&s);
    outlay_diag_free(&diag);
}

/* What has no effect is told, and no reason to stop. */
static void test_warnings(void **state)
{
    static const char *const sets[] = {
        "programmes.training.budget.over_allocation=1.5",
        "programmes.training.payment.expires=90",
        "programmes.training.allocation.run.below=10%",
        "programmes.training.allocation.priority=[startup]",
        "programmes.training.award.by_class.startup.young={below: 3, rate: 70%}",
        ("programmes.training={award: {by_class: {startup: {rate: none, cap: none, fixed: 1 M}}}, "
         "applications: {response: {elasticity: 0.5}}}"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        const struct outlay_override override = {sets[i]};
        assert_int_equal(outlay_scenario_load(&scenario, SMALL, &override, 1, &diag), OUTLAY_OK);
        assert_int_equal(diag.n_notes, 1);
        assert_true(diag.notes[0].is_warning);
        outlay_scenario_free(&scenario);
        outlay_diag_free(&diag);
    }
}

/* What looks like a contradiction and is none: the young's rate is off, or belongs to another class. */
static void test_no_warnings(void **state)
{
    static const struct outlay_override overrides[] = {
        {"classes.enterprise.age=3"},
        {"programmes.training.award={young: {below: 5, rate: 60%}, by_class: {startup: {young: {below: none}}}}"},
        {"programmes.training.applications.by_class.startup.response.elasticity=0.5"},
    };
    struct outlay_scenario scenario;
    struct outlay_diag diag = {0};
    (void)state;
    assert_int_equal(outlay_scenario_load(&scenario, SMALL, overrides, 3, &diag), OUTLAY_OK);
    assert_int_equal(diag.n_notes, 0);
    outlay_scenario_free(&scenario);
    outlay_diag_free(&diag);
}

/* Every broken scenario about rules is refused, and leaves nothing behind. */
static void test_bad_files(void **state)
{
    static const struct refusal cases[] = {
        {"no_award", OUTLAY_ERR_CONTRADICTION, 3},
        {"two_awards", OUTLAY_ERR_CONTRADICTION, 4},
        {"bands", OUTLAY_ERR_CONTRADICTION, 4},
        {"records", OUTLAY_ERR_WRONG_TYPE, 9},
        {"reserves", OUTLAY_ERR_CONTRADICTION, 3},
        {"steps", OUTLAY_ERR_CONTRADICTION, 2},
        {"pro_rata_rolling", OUTLAY_ERR_CONTRADICTION, 2},
        {"pro_rata_beside", OUTLAY_ERR_CONTRADICTION, 4},
        {"priority", OUTLAY_ERR_CONTRADICTION, 3},
        {"score", OUTLAY_ERR_CONTRADICTION, 2},
        {"run", OUTLAY_ERR_CONTRADICTION, 2},
        {"round_days", OUTLAY_ERR_CONTRADICTION, 1},
        {"endless_budget", OUTLAY_ERR_CONTRADICTION, 7},
        {"shared_budget", OUTLAY_ERR_CONTRADICTION, 4},
        {"programme_order", OUTLAY_ERR_OUT_OF_RANGE, 3},
        {"same_contracts", OUTLAY_ERR_CONTRADICTION, 6},
        {"stacking", OUTLAY_ERR_CONTRADICTION, 4},
        {"response", OUTLAY_ERR_CONTRADICTION, 1},
        {"without_effect", OUTLAY_ERR_OUT_OF_RANGE, 1},
        {"too_much_budget", OUTLAY_ERR_TOO_LARGE, 1},
        {"releases", OUTLAY_ERR_CONTRADICTION, 6},
        {"young", OUTLAY_ERR_CONTRADICTION, 5},
    };
    (void)state;
    refusals_hold(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_award),
        cmocka_unit_test(test_applications_and_review),
        cmocka_unit_test(test_allocation_and_payment),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_extends),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_no_warnings),
        cmocka_unit_test(test_bad_files),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
