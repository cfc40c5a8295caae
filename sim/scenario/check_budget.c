/* check_budget.c: contradictions about where the money comes from, and for whom. */
#include <math.h>
#include <string.h>

#include "scenario/check.h"

#define AMOUNT "budget.amount"
#define PERIOD "budget.period"
#define CARRY_OVER "budget.carry_over"
#define RELEASE "budget.release"
#define RELEASES "budget.releases"

/* Shares add up to one, but for what rounding them to six digits leaves. */
#define SUM_TOLERANCE 1e-6

/* "budget.steps.2.factor", in the arena. */
static const char *item_tail(const struct outlay_cell *cell, const char *list, int i, const char *key)
{
    const char *tail =
        outlay_arena_printf(&cell->loader->arena, "%s.%d%s%s", list, i + 1, key[0] != '\0' ? "." : "", key);
    return tail != NULL ? tail : list;
}

static void check_period(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    if (programme->budget.period != OUTLAY_PERIOD_HORIZON ||
        !(outlay_number_high(cell->loader->scenario, programme->budget.carry_over) > 0.0)) {
        return;
    }
    const struct outlay_place place = outlay_cell_place(cell, CARRY_OVER);
    (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                           outlay_arena_printf(&cell->loader->arena,
                                               "`carry_over` %s stands beside `period` %s (%s), whose money is there "
                                               "for all years anyway",
                                               outlay_cell_text(cell, CARRY_OVER), outlay_cell_text(cell, PERIOD),
                                               outlay_cell_where(cell, PERIOD, &place)));
}

/* Without a limit on money there is nothing to divide, to add to or to be left. */
static void check_endless(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    static const char *const needs_limit[] = {CARRY_OVER,     "budget.over_allocation", RELEASE,
                                              RELEASES,       "budget.top_ups",         "budget.reserves",
                                              "budget.steps", "allocation.run.below"};
    if (!isinf(programme->budget.amount.value)) {
        return;
    }
    for (size_t i = 0; i < sizeof needs_limit / sizeof needs_limit[0]; i++) {
        if (!outlay_cell_states(cell, needs_limit[i])) {
            continue;
        }
        const struct outlay_place place = outlay_cell_place(cell, needs_limit[i]);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "`%s` %s means nothing beside a budget `none` (%s), which has no limit",
                                strchr(needs_limit[i], '.') + 1, outlay_cell_text(cell, needs_limit[i]),
                                outlay_cell_where(cell, AMOUNT, &place)));
    }
}

/* A part that comes in some fiscal years only would leave the others without it. */
static void check_part_date(const struct outlay_cell *cell, const struct outlay_programme *programme, int i)
{
    const struct outlay_when *date = &programme->budget.releases[i].date;
    const char *tail = item_tail(cell, RELEASES, i, "date");
    const bool is_yearly = programme->budget.period == OUTLAY_PERIOD_YEAR && cell->loader->scenario->n_years > 1;
    if (!outlay_cell_check_when(cell, date, tail) || date->kind != OUTLAY_WHEN_DATE || !is_yearly) {
        return;
    }
    const struct outlay_place place = outlay_cell_place(cell, tail);
    if (outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                         outlay_arena_printf(&cell->loader->arena,
                                             "`date` is %s, a day of one fiscal year, but the amount (%s) is for each "
                                             "of them",
                                             outlay_cell_text(cell, tail), outlay_cell_where(cell, AMOUNT, &place)))) {
        outlay_diag_hint(cell->loader->diag, "a day of every fiscal year is written %02d-%02d", date->date.month,
                         date->date.day);
    }
}

/* The shares are the whole of the amount, in every draw. */
static void check_part_shares(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    double sum = 0.0;
    for (int i = 0; i < programme->budget.n_releases; i++) {
        const struct outlay_number share = programme->budget.releases[i].share;
        if (share.uncertain >= 0) {
            const char *tail = item_tail(cell, RELEASES, i, "share");
            const struct outlay_place place = outlay_cell_place(cell, tail);
            (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                                   outlay_arena_printf(&cell->loader->arena,
                                                       "`share` is uncertain, %s, but the shares of `releases` (%s) "
                                                       "must add up to 1",
                                                       outlay_cell_text(cell, tail),
                                                       outlay_cell_where(cell, RELEASES, &place)));
            return;
        }
        sum += share.value;
    }
    if (fabs(sum - 1.0) > SUM_TOLERANCE) { /* what could not be read is NaN, and is passed over */
        const struct outlay_place place = outlay_cell_place(cell, RELEASES);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "the shares of `releases` add up to %.7g %%, not to 100 %% of the amount (%s)",
                                100.0 * sum, outlay_cell_where(cell, AMOUNT, &place)));
    }
}

static void check_releases(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    if (programme->budget.n_releases == 0) {
        return;
    }
    if (programme->budget.release != OUTLAY_RELEASE_AT_ONCE) {
        const struct outlay_place place = outlay_cell_place(cell, RELEASES);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&cell->loader->arena,
                                                   "`releases` stands beside `release` %s (%s), whose place it takes",
                                                   outlay_cell_text(cell, RELEASE),
                                                   outlay_cell_where(cell, RELEASE, &place)));
    }
    for (int i = 0; i < programme->budget.n_releases; i++) {
        check_part_date(cell, programme, i);
    }
    check_part_shares(cell, programme);
}

static bool same_when(const struct outlay_when *a, const struct outlay_when *b)
{
    return a->kind == b->kind && a->date.year == b->date.year && a->date.month == b->date.month &&
           a->date.day == b->date.day;
}

/* One class, one day: a second reserve is a slip of the pen; with another day, it is set free in parts. */
static void check_twice(const struct outlay_cell *cell, const struct outlay_reserve *reserves, int i)
{
    for (int j = 0; j < i; j++) {
        if (reserves[j].class_ != reserves[i].class_ || reserves[i].class_ < 0 ||
            !same_when(&reserves[j].until, &reserves[i].until)) {
            continue;
        }
        const struct outlay_place place = outlay_cell_place(cell, item_tail(cell, "budget.reserves", i, "class"));
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena, "%s has a reserve until the same day already (%s)",
                                outlay_cell_text(cell, item_tail(cell, "budget.reserves", i, "class")),
                                outlay_cell_where(cell, item_tail(cell, "budget.reserves", j, "class"), &place)));
        return;
    }
}

static void check_reserves(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    const struct outlay_reserve *reserves = programme->budget.reserves;
    double sum = 0.0;
    bool is_told = false;
    for (int i = 0; i < programme->budget.n_reserves; i++) {
        (void)outlay_cell_check_when(cell, &reserves[i].until, item_tail(cell, "budget.reserves", i, "until"));
        check_twice(cell, reserves, i);
        sum += outlay_number_high(cell->loader->scenario, reserves[i].share);
        if (!(sum > 1.0 + 1e-12) || is_told) {
            continue;
        }
        is_told = true;
        const struct outlay_place place = outlay_cell_place(cell, item_tail(cell, "budget.reserves", i, "share"));
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "with this share the reserves, which begin with %s (%s), can come to %.4g %%, more "
                                "than there is",
                                outlay_cell_text(cell, "budget.reserves.1.share"),
                                outlay_cell_where(cell, "budget.reserves.1.share", &place), 100.0 * sum));
    }
}

static void check_steps(const struct outlay_cell *cell, const struct outlay_programme *programme)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_step *steps = programme->budget.steps;
    for (int i = 1; i < programme->budget.n_steps; i++) {
        if (!(outlay_number_low(scenario, steps[i].committed) <=
              outlay_number_high(scenario, steps[i - 1].committed))) {
            continue;
        }
        const char *here = item_tail(cell, "budget.steps", i, "committed");
        const char *before = item_tail(cell, "budget.steps", i - 1, "committed");
        const struct outlay_place place = outlay_cell_place(cell, here);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&cell->loader->arena,
                                                   "step %d begins at %s, not after the step before it, at %s (%s)",
                                                   i + 1, outlay_cell_text(cell, here), outlay_cell_text(cell, before),
                                                   outlay_cell_where(cell, before, &place)));
    }
}

void outlay_budget_check(const struct outlay_cell *cell)
{
    const struct outlay_programme *programme = &cell->loader->scenario->programmes[cell->programme];
    if (programme->budget.shared_with >= 0) {
        return; /* the money is another's, where it is checked */
    }
    check_period(cell, programme);
    check_endless(cell, programme);
    check_releases(cell, programme);
    for (int i = 0; i < programme->budget.n_top_ups; i++) {
        (void)outlay_cell_check_when(cell, &programme->budget.top_ups[i].date,
                                     item_tail(cell, "budget.top_ups", i, "date"));
    }
    check_reserves(cell, programme);
    check_steps(cell, programme);
}
