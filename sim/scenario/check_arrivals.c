/* check_arrivals.c: contradictions about the days on which applications come. */
#include <math.h>

#include "scenario/check.h"

#define OPENS "applications.arrivals.opens"
#define CLOSES "applications.arrivals.closes"
#define MONTHS "applications.arrivals.months"
#define RUSH "applications.arrivals.rush.share"
#define DEADLINE "applications.arrivals.deadline.share"

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

/* True if the window is in order in every fiscal year. */
static bool check_order(const struct outlay_cell *cell)
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
    const struct outlay_place place = outlay_cell_place(cell, CLOSES);
    (void)outlay_cell_note(
        cell, OUTLAY_NOTE_ERROR, &place,
        outlay_arena_printf(&cell->loader->arena, "applications close on %s, before they open on %s (%s)%s",
                            outlay_cell_text(cell, CLOSES), outlay_cell_text(cell, OPENS),
                            outlay_cell_where(cell, OPENS, &place),
                            opens->kind == OUTLAY_WHEN_EVERY_YEAR ? ", counted within a fiscal year" : ""));
    return false;
}

/* Could the day bring applications at all? */
static bool is_open_day(const struct outlay_cell *cell, int32_t day)
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

static bool is_ever_open(const struct outlay_cell *cell)
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

static void check_window(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    bool all_zero = true;
    for (int m = 0; m < 12; m++) {
        all_zero = all_zero && outlay_number_high(scenario, cell->terms->applications.arrivals.months[m]) <= 0.0;
    }
    if (all_zero) {
        const struct outlay_place place = outlay_cell_place(cell, MONTHS);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena, "all `months` are 0: no application would ever come"));
        return;
    }
    if (!cell->loader->has_horizon) {
        return;
    }
    const bool opens_ok = outlay_cell_check_when(cell, &cell->terms->applications.arrivals.opens, OPENS);
    const bool closes_ok = outlay_cell_check_when(cell, &cell->terms->applications.arrivals.closes, CLOSES);
    if (opens_ok && closes_ok && check_order(cell) && !is_ever_open(cell)) {
        const bool has_opens = cell->terms->applications.arrivals.opens.kind != OUTLAY_WHEN_NONE;
        const struct outlay_place place = outlay_cell_place(cell, has_opens ? OPENS : CLOSES);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "the programme `%s` is open on no %sday of the horizon that has a weight in `months`",
                                scenario->programmes[cell->programme].name,
                                cell->terms->applications.arrivals.days == OUTLAY_DAYS_WORKING ? "working " : ""));
    }
}

static void check_shares(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const double rush = outlay_number_high(scenario, cell->terms->applications.arrivals.rush.share);
    const double deadline = outlay_number_high(scenario, cell->terms->applications.arrivals.deadline.share);
    if (rush + deadline > 1.0 + 1e-12) {
        const struct outlay_place place = outlay_cell_place(cell, DEADLINE);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "the shares of the opening rush (%s, %s) and of the deadline rush (%s) can come to "
                                "%.4g %%, more than all applications",
                                outlay_cell_text(cell, RUSH), outlay_cell_where(cell, RUSH, &place),
                                outlay_cell_text(cell, DEADLINE), 100.0 * (rush + deadline)));
    }
}

void outlay_arrivals_check(const struct outlay_cell *cell)
{
    if (cell->terms->applications.same_as < 0) { /* else they are checked where they stand */
        check_window(cell);
        check_shares(cell);
    }
}
