/* check.c: values that are good one by one, but cannot hold together. */
#include <math.h>
#include <string.h>

#include "scenario/loader.h"

#define CONTRACT "applications.contract"
#define OPENS "applications.arrivals.opens"
#define CLOSES "applications.arrivals.closes"
#define MONTHS "applications.arrivals.months"
#define RUSH "applications.arrivals.rush.share"
#define DEADLINE "applications.arrivals.deadline.share"
#define CAP "award.cap"
#define APPLICANT_CAP "award.applicant_cap"
#define MINIMUM "award.minimum_contract"

/* One class in one programme, while it is being checked. */
struct cell {
    struct outlay_loader *loader;
    int programme, class_;
    const struct outlay_terms *terms;
};

/* Where a value of the cell is written; the programme's name where it is a default. */
static struct outlay_place place_of(const struct cell *cell, const char *tail)
{
    const struct outlay_yaml_node *node = outlay_terms_node(cell->loader, cell->programme, cell->class_, tail);
    if (node != NULL) {
        return node->place;
    }
    const struct outlay_yaml_node *programme = outlay_yaml_get(
        outlay_yaml_get(cell->loader->root, "programmes"), cell->loader->scenario->programmes[cell->programme].name);
    return programme != NULL ? programme->key_place : (struct outlay_place){0};
}

static const char *text_of(const struct cell *cell, const char *tail)
{
    const struct outlay_yaml_node *node = outlay_terms_node(cell->loader, cell->programme, cell->class_, tail);
    return node != NULL ? outlay_seen(cell->loader, node) : "the default";
}

/* "line 14" of another value, as seen from the place at which the error is shown. */
static const char *where_is(const struct cell *cell, const char *tail, const struct outlay_place *from)
{
    const struct outlay_place place = place_of(cell, tail);
    return outlay_where(cell->loader, &place, from);
}

/* Classes share most values: say of each place only once what is wrong there. */
static void note(const struct cell *cell, bool is_warning, const struct outlay_place *place, const char *message)
{
    struct outlay_diag *diag = cell->loader->diag;
    if (message == NULL) {
        outlay_loader_no_memory(cell->loader);
        return;
    }
    for (size_t i = 0; i < diag->n_notes; i++) {
        const struct outlay_note *n = &diag->notes[i];
        const bool same_file =
            n->file == NULL ? place->file == NULL : place->file != NULL && strcmp(n->file, place->file) == 0;
        if (same_file && n->line == place->line && n->column == place->column && strcmp(n->message, message) == 0) {
            return;
        }
    }
    if (is_warning) {
        outlay_diag_warning(diag, OUTLAY_ERR_CONTRADICTION, place, "%s", message);
    } else {
        (void)outlay_diag_error(diag, OUTLAY_ERR_CONTRADICTION, place, "%s", message);
    }
}

/* Day of the horizon on which a fiscal year's window begins or ends; `fallback` where nothing is said. */
static int32_t day_in_year(const struct outlay_scenario *scenario, const struct outlay_when *when, int year,
                           int32_t fallback)
{
    if (when->kind == OUTLAY_WHEN_NONE) {
        return fallback;
    }
    struct outlay_date date = when->date;
    if (when->kind == OUTLAY_WHEN_DATE) {
        return outlay_date_to_day(date) - scenario->first_day;
    }
    /* the day of that name in the fiscal year, which may begin in one calendar year and end in the next */
    const int32_t first = scenario->year_first_day[year];
    date.year = outlay_date_from_day(scenario->first_day + first).year;
    const int32_t day = outlay_date_to_day(date) - scenario->first_day;
    if (day >= first) {
        return day;
    }
    date.year++;
    return outlay_date_to_day(date) - scenario->first_day;
}

/* Dates that the horizon does not contain. True if this one is fine. */
static bool check_when(const struct cell *cell, const struct outlay_when *when, const char *tail)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    if (when->kind != OUTLAY_WHEN_DATE) {
        return true;
    }
    const int32_t day = outlay_date_to_day(when->date) - scenario->first_day;
    if (day >= 0 && day < scenario->n_days) {
        return true;
    }
    char first[16], last[16];
    const struct outlay_place place = place_of(cell, tail);
    note(cell, false, &place,
         outlay_arena_printf(&cell->loader->arena, "`%s` is %s, outside of the horizon, which is %s to %s",
                             strrchr(tail, '.') + 1, text_of(cell, tail), outlay_date_iso(scenario->first_day, first),
                             outlay_date_iso(scenario->first_day + scenario->n_days - 1, last)));
    return false;
}

/* True if the window is in order in every fiscal year. */
static bool check_order(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_when *opens = &cell->terms->applications.arrivals.opens;
    const struct outlay_when *closes = &cell->terms->applications.arrivals.closes;
    if (opens->kind == OUTLAY_WHEN_NONE || closes->kind == OUTLAY_WHEN_NONE) {
        return true;
    }
    /* two dates, or two days of the year: compare them in the first fiscal year; else the seasons decide elsewhere */
    if (opens->kind != closes->kind || day_in_year(scenario, closes, 0, 0) >= day_in_year(scenario, opens, 0, 0)) {
        return true;
    }
    const struct outlay_place place = place_of(cell, CLOSES);
    note(cell, false, &place,
         outlay_arena_printf(&cell->loader->arena, "applications close on %s, before they open on %s (%s)%s",
                             text_of(cell, CLOSES), text_of(cell, OPENS), where_is(cell, OPENS, &place),
                             opens->kind == OUTLAY_WHEN_EVERY_YEAR ? ", counted within a fiscal year" : ""));
    return false;
}

/* Could the day bring applications at all? */
static bool is_open_day(const struct cell *cell, int32_t day)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_terms *terms = cell->terms;
    if (terms->applications.arrivals.days == OUTLAY_DAYS_WORKING && !scenario->working.is_working[day]) {
        return false;
    }
    const int month = outlay_date_from_day(scenario->first_day + day).month - 1;
    /* a weight that could not be read passes for open: its error is noted */
    return !(outlay_number_high(scenario, terms->applications.arrivals.months[month]) <= 0.0);
}

static bool is_ever_open(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    for (int y = 0; y < scenario->n_years; y++) {
        int32_t first = scenario->year_first_day[y];
        int32_t last = scenario->year_first_day[y + 1] - 1;
        const int32_t opens = day_in_year(scenario, &cell->terms->applications.arrivals.opens, y, first);
        const int32_t closes = day_in_year(scenario, &cell->terms->applications.arrivals.closes, y, last);
        first = opens > first ? opens : first;
        last = closes < last ? closes : last;
        for (int32_t day = first; day <= last; day++) {
            if (is_open_day(cell, day)) {
                return true;
            }
        }
    }
    return false;
}

static void check_window(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    bool all_zero = true;
    for (int m = 0; m < 12; m++) {
        all_zero = all_zero && outlay_number_high(scenario, cell->terms->applications.arrivals.months[m]) <= 0.0;
    }
    if (all_zero) {
        const struct outlay_place place = place_of(cell, MONTHS);
        note(cell, false, &place,
             outlay_arena_printf(&cell->loader->arena, "all `months` are 0: no application would ever come"));
        return;
    }
    if (!cell->loader->has_horizon) {
        return;
    }
    const bool opens_ok = check_when(cell, &cell->terms->applications.arrivals.opens, OPENS);
    const bool closes_ok = check_when(cell, &cell->terms->applications.arrivals.closes, CLOSES);
    if (opens_ok && closes_ok && check_order(cell) && !is_ever_open(cell)) {
        const bool has_opens = cell->terms->applications.arrivals.opens.kind != OUTLAY_WHEN_NONE;
        const struct outlay_place place = place_of(cell, has_opens ? OPENS : CLOSES);
        note(cell, false, &place,
             outlay_arena_printf(&cell->loader->arena,
                                 "the programme `%s` is open on no %sday of the horizon that has a weight in `months`",
                                 scenario->programmes[cell->programme].name,
                                 cell->terms->applications.arrivals.days == OUTLAY_DAYS_WORKING ? "working " : ""));
    }
}

static void check_shares(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const double rush = outlay_number_high(scenario, cell->terms->applications.arrivals.rush.share);
    const double deadline = outlay_number_high(scenario, cell->terms->applications.arrivals.deadline.share);
    if (rush + deadline > 1.0 + 1e-12) {
        const struct outlay_place place = place_of(cell, DEADLINE);
        note(cell, false, &place,
             outlay_arena_printf(&cell->loader->arena,
                                 "the shares of the opening rush (%s, %s) and of the deadline rush (%s) can come to "
                                 "%.4g %%, more than all applications",
                                 text_of(cell, RUSH), where_is(cell, RUSH, &place), text_of(cell, DEADLINE),
                                 100.0 * (rush + deadline)));
    }
}

static void check_caps(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const double cap = outlay_number_high(scenario, cell->terms->award.cap);
    const double applicant_cap = outlay_number_high(scenario, cell->terms->award.applicant_cap);
    if (isfinite(cap) && applicant_cap < cap) {
        const struct outlay_place place = place_of(cell, APPLICANT_CAP);
        note(cell, true, &place,
             outlay_arena_printf(&cell->loader->arena,
                                 "`applicant_cap` %s is below the `cap` of one award, %s (%s), which can never be paid",
                                 text_of(cell, APPLICANT_CAP), text_of(cell, CAP), where_is(cell, CAP, &place)));
    }
}

/* A minimum that no contract reaches. Sizes have no upper end, so a spread that matters settles it. */
static void check_minimum(const struct cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_number *minimum = &cell->terms->award.minimum_contract;
    struct outlay_law law;
    const bool has_spread = outlay_number_high(scenario, scenario->classes[cell->class_].size_sigma) > 0.0 &&
                            outlay_number_high(scenario, cell->terms->applications.size_exponent) > 0.0;
    if (has_spread || !(minimum->value > 0.0) || !outlay_law_central(&cell->terms->applications.contract, &law)) {
        return;
    }
    double lowest, highest;
    outlay_law_support(&law, &lowest, &highest);
    const bool is_rare = highest > minimum->value && outlay_law_cdf(&law, minimum->value, true) < OUTLAY_NEGLIGIBLE;
    if (highest < minimum->value || is_rare) {
        const struct outlay_place place = place_of(cell, MINIMUM);
        note(cell, false, &place,
             outlay_arena_printf(&cell->loader->arena,
                                 "no contract reaches `minimum_contract` %s: contracts are %s (%s)",
                                 text_of(cell, MINIMUM), text_of(cell, CONTRACT), where_is(cell, CONTRACT, &place)));
    }
}

void outlay_contradictions_check(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    for (int p = 0; p < scenario->n_programmes; p++) {
        for (int c = 0; c < scenario->n_classes; c++) {
            const struct cell cell = {self, p, c, &scenario->programmes[p].terms[c]};
            check_window(&cell);
            check_shares(&cell);
            check_caps(&cell);
            check_minimum(&cell);
        }
    }
}
