/*
 * test_property.c: what holds for every scenario. Random values for random keys of THE parameter table: what loads
 * keeps every identity in every replicate, and reads back from its resolved text as the same; what does not load says
 * why and where. Fixed seed: the same rounds in every run. A failure prints its scenario.
 */
#include "chance.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "outlay/plan.h"
#include "outlay/replicate.h"
#include "scenario/parameters.h"

/* Assertions on = a build for looking closely, which is ten times as slow. */
#ifdef NDEBUG
enum { N_SCENARIOS = 1500 };
#else
enum { N_SCENARIOS = 250 };
#endif

enum { MAX_SETS = 16, MAX_ROWS = 400 };
/* Contracts in a replicate that is played; larger ones are loaded, written and planned. */
#define MAX_PLAYED 3000.0

static const char base[] = "outlay: 1\ntitle: Base\nhorizon: {start: 2025-01-01, years: 2}\n"
                           "classes:\n"
                           "  big: {count: 20, age: 12}\n"
                           "  small: {count: 30, age: 3}\n"
                           "programmes:\n"
                           "  city:\n"
                           "    budget: {amount: 3 M}\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1.5, contract: 400 k, by_class: {small: {contract: 40 k}}}\n"
                           "  district:\n"
                           "    budget: {amount: 1 M}\n"
                           "    award: {rate: 20%, cap: 100 k}\n"
                           "    applications: {same_as: city, take_up: 80%}\n"
                           "  fair:\n"
                           "    budget: {amount: 500 k}\n"
                           "    award: {rate: 30%}\n"
                           "    applications: {per_year: 1, contract: 100 k}\n";
static const char *const classes[] = {"big", "small"};
static const char *const programmes[] = {"city", "district", "fair"};

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Values of a unit as they are usual, in the unit as written. */
static double usual_max(enum outlay_unit unit)
{
    static const double most[] = {
        [OUTLAY_UNIT_NONE] = 10.0,  [OUTLAY_UNIT_PLAIN] = 5.0,  [OUTLAY_UNIT_MONEY] = 3e6, [OUTLAY_UNIT_SHARE] = 1.0,
        [OUTLAY_UNIT_COUNT] = 40.0, [OUTLAY_UNIT_DAYS] = 200.0, [OUTLAY_UNIT_YEARS] = 20.0};
    return most[unit];
}

static double scale_of(const struct outlay_parameter *row)
{
    return row->unit == OUTLAY_UNIT_MONEY ? OUTLAY_FEN : 1.0;
}

static double usual_low(const struct outlay_parameter *row)
{
    return isfinite(row->min) ? row->min / scale_of(row) : -usual_max(row->unit);
}

static double usual_high(const struct outlay_parameter *row)
{
    const double low = usual_low(row), most = low + usual_max(row->unit);
    return row->max / scale_of(row) < most ? row->max / scale_of(row) : most;
}

/* A number as a person might write it. */
static void add_quantity(struct outlay_text *out, enum outlay_unit unit, double value)
{
    if (unit == OUTLAY_UNIT_SHARE && below(2) == 0) {
        outlay_text_printf(out, "%.15g%%", 100.0 * value);
    } else if (unit == OUTLAY_UNIT_MONEY && below(2) == 0) {
        outlay_text_printf(out, "%.15g %s", value / 1e3, "k");
    } else {
        outlay_text_printf(out, "%.17g", value);
    }
}

static void add_plain(struct outlay_text *out, const struct outlay_parameter *row)
{
    const size_t way = below(16);
    const double low = usual_low(row), high = usual_high(row);
    double value = way < 2                          ? low
                   : way < 3 && isfinite(row->max)  ? row->max / scale_of(row)
                   : way < 4                        ? high + uniform(0.0, 1e3)
                   : way < 8 && high - low > 3.0    ? floor(uniform(low, high))
                   : row->unit == OUTLAY_UNIT_SHARE ? round(100.0 * uniform(low, high)) / 100.0
                                                    : uniform(low, high);
    add_quantity(out, row->unit, value);
}

/* Numbers that rise from the least to the most that is usual, n of them, with commas. */
static void add_rising(struct outlay_text *out, const struct outlay_parameter *row, int n)
{
    const double low = usual_low(row), high = usual_high(row);
    double at = low;
    for (int i = 0; i < n; i++) {
        at += uniform(0.02, 0.98) * (high - at) / (n - i);
        outlay_text_printf(out, "%s", i > 0 ? ", " : "");
        add_quantity(out, row->unit, at);
    }
}

static void add_form(struct outlay_text *out, const struct outlay_parameter *row, bool may_be_uncertain, int depth);

static void add_data_form(struct outlay_text *out, const struct outlay_law_form *form,
                          const struct outlay_parameter *row, int depth)
{
    if (form->family == OUTLAY_HISTOGRAM) {
        outlay_text_printf(out, "{histogram: {edges: [");
        add_rising(out, row, 4);
        outlay_text_printf(out, "], %s: [%s], within: %s}}", form->parameter[1],
                           form->parameter[1][0] == 's' ? "50%, 0.3, 20%" : "7, 0, 1",
                           below(2) == 0 ? "log" : "uniform");
    } else if (form->family == OUTLAY_CSV) {
        outlay_text_printf(out, "{csv: {file: tests/unit/data/property.csv, column: share%s}}",
                           below(2) == 0 ? ", weight: firms" : "");
    } else if (form->family == OUTLAY_MIXTURE) {
        outlay_text_printf(out, "{mixture: [{weight: 25%%, law: ");
        add_form(out, row, false, depth + 1);
        outlay_text_printf(out, "}, {weight: 0.75, law: ");
        add_form(out, row, false, depth + 1);
        outlay_text_printf(out, "}]}");
    } else {
        outlay_text_printf(out, "{splice: {body: ");
        add_form(out, row, false, depth + 1);
        outlay_text_printf(out, ", tail_from: ");
        add_quantity(out, row->unit, uniform(usual_low(row), usual_high(row)));
        outlay_text_printf(out, ", alpha: %.3g", uniform(0.8, 4.0));
        outlay_text_printf(out, below(2) == 0 ? ", tail_share: 8%%}}" : "}}");
    }
}

/* A distribution of any row of THE law table, mostly cut off where the key ends. */
static void add_form(struct outlay_text *out, const struct outlay_parameter *row, bool may_be_uncertain, int depth)
{
    size_t n = 0;
    while (outlay_law_forms[n].name != NULL) {
        n++;
    }
    const struct outlay_law_form *form = &outlay_law_forms[below(depth > 1 ? 5 : n)];
    if (outlay_law_form_is_data(form)) {
        add_data_form(out, form, row, depth);
        return;
    }
    outlay_text_printf(out, "{%s: ", form->name);
    const bool is_bounded = form->family == OUTLAY_UNIFORM || form->family == OUTLAY_TRIANGULAR;
    if (form->may_be_list && (is_bounded || below(4) == 0)) {
        outlay_text_printf(out, "[");
        if (is_bounded) {
            add_rising(out, row, form->n_parameters);
        }
        for (int i = 0; i < form->n_parameters && !is_bounded; i++) {
            outlay_text_printf(out, "%s", i > 0 ? ", " : "");
            add_quantity(out, form->is_in_unit[i] ? row->unit : OUTLAY_UNIT_PLAIN,
                         form->is_in_unit[i] ? uniform(usual_low(row), usual_high(row)) : uniform(0.3, 2.0));
        }
        outlay_text_printf(out, "]}");
        return;
    }
    outlay_text_printf(out, "{");
    for (int i = 0; i < form->n_parameters; i++) {
        const bool in_unit = form->is_in_unit[i];
        const double low = in_unit ? usual_low(row) : 0.3, high = in_unit ? usual_high(row) : 2.0;
        const double value = low + (high - low) * uniform(0.05 + 0.4 * i, 0.5 + 0.4 * i);
        outlay_text_printf(out, "%s%s: ", i > 0 ? ", " : "", form->parameter[i]);
        if (may_be_uncertain && below(6) == 0) {
            outlay_text_printf(out, "{uniform: [%.17g, %.17g]}", value, value + 0.05 * (high - low));
        } else {
            add_quantity(out, in_unit ? row->unit : OUTLAY_UNIT_PLAIN, value);
        }
    }
    if (!is_bounded && isfinite(row->min) && below(8) > 0) {
        outlay_text_printf(out, ", min: %.17g", row->min / scale_of(row));
    }
    if (!is_bounded && isfinite(row->max) && below(8) > 0) {
        outlay_text_printf(out, ", max: %.17g", row->max / scale_of(row));
    }
    outlay_text_printf(out, "}}");
}

static void add_number(struct outlay_text *out, const struct outlay_parameter *row)
{
    const bool takes_none = (row->flags & (OUTLAY_NONE_OK | OUTLAY_ABSENT_OK)) != 0;
    const size_t way = below(8);
    if (way == 0 && takes_none) {
        outlay_text_printf(out, "none");
    } else if (way == 0 && row->choices != NULL) {
        outlay_text_printf(out, "%s", row->choices[below(2)]);
    } else if (way == 1 && row->type == OUTLAY_TYPE_NUMBER) {
        add_form(out, row, false, 0);
    } else if (way < 5 && row->type == OUTLAY_TYPE_LAW) {
        add_form(out, row, true, 0);
    } else {
        add_plain(out, row);
    }
}

static void add_day(struct outlay_text *out, bool may_be_yearly)
{
    static const int years[] = {2024, 2025, 2025, 2025, 2026, 2027};
    if (!may_be_yearly || below(3) == 0) {
        outlay_text_printf(out, "%d-", years[below(6)]);
    }
    outlay_text_printf(out, "%02d-%02d", 1 + (int)below(12), 1 + (int)below(below(4) == 0 ? 31 : 28));
}

/* Texts that YAML could take for something else. */
static void add_words(struct outlay_text *out, bool is_prose)
{
    static const char *const words[] = {"\"a: b # c\"",   "\"'\\\"\\\\\"",  "\"\u5e74 \u00e9\"", "\"- x\"",
                                        "\"none\"",       "\"[1, 2]\"",     "\"{a}\"",           "\" x \"",
                                        "\"2025-01-01\"", "\"*a &b !c\"",   "plain words",       "\"%\"",
                                        "\"~\"",          "\"a\\nb: c\\n\""};
    outlay_text_printf(out, "%s", words[below(sizeof words / sizeof words[0] - (is_prose ? 0 : 1))]);
}

static void add_value(struct outlay_text *out, const struct outlay_parameter *row, size_t i_programme);

/* Items of a list of blocks, each with most of its keys; shares that add up to one, bounds that rise. */
static void add_records(struct outlay_text *out, const struct outlay_parameter *row, size_t i_programme)
{
    const size_t n = below(4), length = strlen(row->path);
    outlay_text_printf(out, "[");
    for (size_t i = 0; i < n; i++) {
        const char *comma = "";
        outlay_text_printf(out, "%s{", i > 0 ? ", " : "");
        for (const struct outlay_parameter *key = outlay_parameters; key->path != NULL; key++) {
            if (strncmp(key->path, row->path, length) != 0 || strncmp(key->path + length, ".#.", 3) != 0 ||
                (key->default_text != NULL && below(2) == 0)) {
                continue;
            }
            outlay_text_printf(out, "%s%s: ", comma, key->path + length + 3);
            comma = ", ";
            const bool rises =
                strcmp(key->path + length, ".#.committed") == 0 || strcmp(key->path + length, ".#.up_to") == 0;
            if (strcmp(key->path + length, ".#.share") == 0 && below(4) > 0) {
                outlay_text_printf(out, "%.17g", 1.0 / (double)n);
            } else if (rises && below(4) > 0) {
                const double low = usual_low(key);
                add_quantity(out, key->unit, low + (usual_high(key) - low) * ((double)i + 0.5) / (double)n);
            } else {
                add_value(out, key, i_programme);
            }
        }
        outlay_text_printf(out, "}");
    }
    outlay_text_printf(out, "]");
}

static void add_list(struct outlay_text *out, const struct outlay_parameter *row)
{
    const size_t n = row->type == OUTLAY_TYPE_MONTHS ? 12 : 1 + below(2);
    const size_t first = below(2);
    outlay_text_printf(out, "[");
    for (size_t i = 0; i < n; i++) {
        outlay_text_printf(out, "%s", i > 0 ? ", " : "");
        if (row->type == OUTLAY_TYPE_MONTHS) {
            outlay_text_printf(out, "%.3g", below(4) == 0 ? 0.0 : uniform(0.0, 3.0));
        } else if (row->type == OUTLAY_TYPE_CLASSES) {
            outlay_text_printf(out, "%s", classes[(first + i) % 2]);
        } else {
            add_day(out, true);
        }
    }
    outlay_text_printf(out, "]");
}

static void add_value(struct outlay_text *out, const struct outlay_parameter *row, size_t i_programme)
{
    static const char *const currencies[] = {"CNY", "EUR", "USD"};
    static const char *const calendars[] = {"weekdays", "all_days", "china"};
    size_t n_choices = 0;
    switch (row->type) {
    case OUTLAY_TYPE_VERSION:
        outlay_text_printf(out, "1");
        return;
    case OUTLAY_TYPE_TEXT:
    case OUTLAY_TYPE_PROSE:
        add_words(out, row->type == OUTLAY_TYPE_PROSE);
        return;
    case OUTLAY_TYPE_CURRENCY:
        outlay_text_printf(out, "%s", currencies[below(3)]);
        return;
    case OUTLAY_TYPE_CALENDAR:
        outlay_text_printf(out, "%s", calendars[below(3)]);
        return;
    case OUTLAY_TYPE_DATE:
        add_day(out, false);
        return;
    case OUTLAY_TYPE_WHEN:
        add_day(out, true);
        return;
    case OUTLAY_TYPE_INTEGER:
    case OUTLAY_TYPE_SEED:
        outlay_text_printf(out, "%d", (int)row->min + (int)below(3));
        return;
    case OUTLAY_TYPE_CHOICE:
        for (; row->choices[n_choices] != NULL; n_choices++) {
        }
        outlay_text_printf(out, "%s", row->choices[below(n_choices)]);
        return;
    case OUTLAY_TYPE_CLASS:
        outlay_text_printf(out, "%s", classes[below(2)]);
        return;
    case OUTLAY_TYPE_EARLIER:
        outlay_text_printf(out, "%s", i_programme == 0 ? "none" : programmes[below(i_programme)]);
        return;
    case OUTLAY_TYPE_PAIR:
        outlay_text_printf(out, "[programmes.city.award.rate, programmes.%s.award.rate]", programmes[1 + below(2)]);
        return;
    case OUTLAY_TYPE_RECORDS:
        add_records(out, row, i_programme);
        return;
    case OUTLAY_TYPE_MONTHS:
    case OUTLAY_TYPE_CLASSES:
    case OUTLAY_TYPE_WHENS:
        add_list(out, row);
        return;
    default:
        add_number(out, row);
    }
}

/* ---- scenarios --------------------------------------------------------------------------------------------------- */

struct sets {
    struct outlay_override overrides[MAX_SETS];
    char *texts[MAX_SETS];
    size_t n;
    size_t rows[MAX_SETS], n_rows; /* of THE table, that were drawn */
};

static void keep(struct sets *self, struct outlay_text *text)
{
    char *taken = outlay_text_take(text);
    assert_non_null(taken);
    if (self->n == MAX_SETS) {
        free(taken);
        return;
    }
    self->overrides[self->n].text = taken;
    self->texts[self->n++] = taken;
}

/* "programmes.city.award.by_class.small.": the path of a block whose rows end in `tail`. */
static void add_block(struct outlay_text *out, const struct outlay_parameter *row, size_t i_programme, bool by_class)
{
    const char *tail = outlay_parameter_tail(row);
    if (row->scope == OUTLAY_SCOPE_CLASS) {
        outlay_text_printf(out, "classes.%s.%s", classes[below(2)], tail);
    } else if (row->scope == OUTLAY_SCOPE_SCENARIO) {
        outlay_text_printf(out, "%s", tail);
    } else if (by_class) {
        const int block = (int)strcspn(tail, ".");
        outlay_text_printf(out, "programmes.%s.%.*s.by_class.%s%s", programmes[i_programme], block, tail,
                           classes[below(2)], tail + block);
    } else {
        outlay_text_printf(out, "programmes.%s.%s", programmes[i_programme], tail);
    }
}

/* What cannot stand alone gets its company. */
static void add_company(struct sets *self, const struct outlay_parameter *row, size_t i_programme)
{
    static const struct {
        const char *path, *set;
    } companies[] = {
        {"programmes.*.award.fixed", "award.rate=none"},
        {"programmes.*.award.bands", "award.rate=none"},
        {"programmes.*.award.bands", "award.cap=none"},
        {"programmes.*.award.young.below", "award.young.rate=60%"},
        {"programmes.*.award.young.rate", "award.young.below=4"},
        {"programmes.*.award.stacks_with", "award.stack_limit=60%"},
        {"programmes.*.allocation.priority", "allocation.rule=priority"},
        {"programmes.*.allocation.rule", "allocation.rounds=quarterly"},
        {"programmes.*.allocation.rule", "review.score={uniform: [0, 1]}"},
        {"programmes.*.allocation.rule", "allocation.priority=[small]"},
        {"programmes.*.applications.same_as", "applications={same_as: city}"},
        {"programmes.*.budget.shared_with", "budget={shared_with: city}"},
    };
    for (size_t i = 0; i < sizeof companies / sizeof companies[0]; i++) {
        if (strcmp(companies[i].path, row->path) == 0 && below(8) > 0) {
            struct outlay_text text = {0};
            outlay_text_printf(&text, "programmes.%s.%s", programmes[i_programme], companies[i].set);
            keep(self, &text);
        }
    }
    for (size_t i = 0; strcmp(row->path, "correlations") == 0 && i < 3; i++) {
        struct outlay_text text = {0};
        outlay_text_printf(&text, "programmes.%s.award.rate={uniform: [10%%, 60%%]}", programmes[i]);
        keep(self, &text);
    }
}

/* Files are the business of other tests; items come with their list. */
static bool is_drawn(const struct outlay_parameter *row)
{
    return row->type != OUTLAY_TYPE_EXTENDS && row->type != OUTLAY_TYPE_SOURCES && strchr(row->path, '#') == NULL;
}

static void fill(struct sets *self)
{
    size_t n_rows = 0;
    for (; outlay_parameters[n_rows].path != NULL; n_rows++) {
    }
    const size_t n = 1 + below(5);
    assert_true(n_rows <= MAX_ROWS);
    *self = (struct sets){.n = 0};
    for (size_t i = 0; i < n;) {
        const struct outlay_parameter *row = &outlay_parameters[below(n_rows)];
        if (!is_drawn(row)) {
            continue;
        }
        self->rows[self->n_rows++] = (size_t)(row - outlay_parameters);
        struct outlay_text text = {0};
        const size_t i_programme = below(3);
        add_block(&text, row, i_programme, row->scope == OUTLAY_SCOPE_TERMS && below(4) == 0);
        outlay_text_printf(&text, "=");
        add_value(&text, row, i_programme);
        keep(self, &text);
        add_company(self, row, i_programme);
        i++;
    }
}

static void sets_free(struct sets *self)
{
    for (size_t i = 0; i < self->n; i++) {
        free(self->texts[i]);
    }
}

static void sets_print(const struct sets *self)
{
    for (size_t i = 0; i < self->n; i++) {
        print_error("  --set '%s'\n", self->texts[i]);
    }
}

/* Play the first replicates of draw 0; NULL = all is well. `sum` is over the accounts, to compare two scenarios by. */
static const char *play(const struct outlay_scenario *scenario, uint32_t n_replicates, double *sum, bool *is_played)
{
    struct outlay_plan *plan = NULL;
    struct outlay_workspace *work = NULL;
    const char *violation = NULL;
    double *values = calloc((size_t)scenario->n_uncertain + 1, sizeof *values);
    assert_non_null(values);
    outlay_draw_values(scenario, 1, 0, values);
    const outlay_err err = outlay_plan_new(&plan, scenario, 1, values, NULL, NULL);
    free(values);
    *sum = 0.0;
    *is_played = false;
    if (err != OUTLAY_OK) {
        return outlay_err_text(err);
    }
    if (plan->expected_contracts > MAX_PLAYED || plan->max_applicants > 1000) {
        outlay_plan_free(plan);
        return NULL;
    }
    *is_played = true;
    assert_int_equal(outlay_workspace_new(&work, plan), OUTLAY_OK);
    for (uint32_t r = 0; r < n_replicates && violation == NULL; r++) {
        size_t n = outlay_replicate_play(plan, (struct outlay_path){0, r}, work);
        while (n > outlay_workspace_capacity(work)) {
            assert_int_equal(outlay_workspace_reserve(work, plan, n), OUTLAY_OK);
            n = outlay_replicate_play(plan, (struct outlay_path){0, r}, work);
        }
        const struct outlay_outcome *outcome = outlay_workspace_outcome(work);
        violation = outlay_outcome_violation(plan, outcome);
        for (int i = 0; i < plan->n_programmes * plan->n_years * OUTLAY_N_ACCOUNTS; i++) {
            *sum += outcome->account[i] * (1.0 + i % 7);
        }
    }
    outlay_workspace_free(work);
    outlay_plan_free(plan);
    return violation;
}

static void test_random_scenarios(void **state)
{
    (void)state;
    int n_loaded = 0, n_played = 0, times_played[MAX_ROWS] = {0};
    chance = 20251;
    for (int round = 0; round < N_SCENARIOS; round++) {
        struct sets sets;
        struct outlay_scenario scenario, again = {0};
        struct outlay_diag diag = {0};
        char buffer[1024];
        const char *problem = NULL;
        fill(&sets);
        if (outlay_scenario_load_text(&scenario, "base.yaml", base, sets.overrides, sets.n, &diag) != OUTLAY_OK) {
            problem = bad_notes(&diag);
        } else {
            double sum = 0.0, sum_again = 0.0;
            bool is_played = false;
            n_loaded++;
            problem = round_trip(&scenario, &again, buffer, sizeof buffer);
            problem = problem == NULL ? play(&scenario, 3, &sum, &is_played) : problem;
            n_played += is_played;
            for (size_t i = 0; i < sets.n_rows && is_played; i++) {
                times_played[sets.rows[i]]++;
            }
            if (problem == NULL && round % 4 == 0) {
                problem = play(&again, 3, &sum_again, &is_played);
                problem = problem == NULL && sum != sum_again ? "the resolved text plays otherwise" : problem;
            }
        }
        if (problem != NULL) {
            sets_print(&sets);
            fail_msg("round %d: %s", round, problem);
        }
        outlay_scenario_free(&scenario);
        outlay_scenario_free(&again);
        outlay_diag_free(&diag);
        sets_free(&sets);
    }
    print_message("%d scenarios, %d load, %d played\n", N_SCENARIOS, n_loaded, n_played);
    assert_true(3 * n_loaded >= N_SCENARIOS);
    assert_true(4 * n_played >= N_SCENARIOS);
    for (size_t i = 0; N_SCENARIOS > 1000 && outlay_parameters[i].path != NULL; i++) {
        if (is_drawn(&outlay_parameters[i]) && times_played[i] == 0) {
            fail_msg("%s is never played", outlay_parameters[i].path);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_scenarios),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
