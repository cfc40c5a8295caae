/* check_allocation.c: contradictions about who gets the money, and about paying it. */
#include <math.h>
#include <string.h>

#include "scenario/check.h"

#define RULE "allocation.rule"
#define ROUNDS "allocation.rounds"
#define ROUND_DAYS "allocation.round_days"
#define LAST_AWARD "allocation.last_award"
#define PRIORITY "allocation.priority"
#define BELOW "allocation.run.below"
#define FACTOR "allocation.run.factor"
#define SCORE "review.score"
#define OVER_ALLOCATION "budget.over_allocation"
#define EXPIRES "payment.expires"

static const struct outlay_programme *programme_of(const struct outlay_cell *cell)
{
    return &cell->loader->scenario->programmes[cell->programme];
}

static bool is_rolling(const struct outlay_programme *programme)
{
    return programme->allocation.rounds == OUTLAY_ROUNDS_ROLLING && programme->allocation.n_round_days == 0;
}

/* Rules that cut every award of a round, instead of serving one after the other. */
static bool is_division(const struct outlay_programme *programme)
{
    return programme->allocation.rule == OUTLAY_RULE_PRO_RATA || programme->allocation.rule == OUTLAY_RULE_EQUAL_AWARDS;
}

/* "`yearly` (line 14)", or "`rolling`, the default". */
static const char *value_and_where(const struct outlay_cell *cell, const char *tail, const char *usual,
                                   const struct outlay_place *from)
{
    struct outlay_arena *arena = &cell->loader->arena;
    const char *text =
        outlay_cell_node(cell, tail) == NULL
            ? outlay_arena_printf(arena, "`%s`, the default", usual)
            : outlay_arena_printf(arena, "%s (%s)", outlay_cell_text(cell, tail), outlay_cell_where(cell, tail, from));
    return text != NULL ? text : usual;
}

static void check_division(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const struct outlay_programme *programme = programme_of(cell);
    const struct outlay_place rule = outlay_cell_place(cell, RULE);
    if (!is_division(programme)) {
        return;
    }
    if (is_rolling(programme) &&
        outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &rule,
            outlay_arena_printf(&self->arena, "the rule %s divides what a window has gathered, but `rounds` is %s",
                                outlay_cell_text(cell, RULE), value_and_where(cell, ROUNDS, "rolling", &rule)))) {
        outlay_diag_hint(self->diag, "write rounds: monthly, quarterly or yearly, or a list of round_days");
    }
    if (programme->allocation.last_award == OUTLAY_LAST_WAIT) {
        const struct outlay_place place = outlay_cell_place(cell, LAST_AWARD);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&self->arena,
                                                   "`last_award` `wait` stands beside the rule %s (%s), under which "
                                                   "nobody waits: all awards are cut",
                                                   outlay_cell_text(cell, RULE),
                                                   outlay_cell_where(cell, RULE, &place)));
    }
    const int owner = programme->budget.shared_with >= 0 ? programme->budget.shared_with : cell->programme;
    const struct outlay_cell purse = {self, owner, -1, NULL};
    static const char *const ordered[] = {"budget.awards", "budget.reserves", "budget.steps"};
    for (size_t i = 0; i < sizeof ordered / sizeof ordered[0]; i++) {
        if (outlay_cell_states(&purse, ordered[i])) {
            const struct outlay_place place = outlay_cell_place(&purse, ordered[i]);
            (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                                   outlay_arena_printf(&self->arena,
                                                       "`%s` stands beside the rule %s (%s), which serves all at once, "
                                                       "from all of the money",
                                                       ordered[i] + strlen("budget."), outlay_cell_text(cell, RULE),
                                                       outlay_cell_where(cell, RULE, &place)));
        }
    }
}

static void check_rounds(const struct outlay_cell *cell)
{
    const struct outlay_programme *programme = programme_of(cell);
    for (int i = 0; i < programme->allocation.n_round_days; i++) {
        const char *tail = outlay_arena_printf(&cell->loader->arena, ROUND_DAYS ".%d", i + 1);
        if (tail != NULL) {
            (void)outlay_cell_check_when(cell, &programme->allocation.round_days[i], tail);
        }
    }
    if (programme->allocation.n_round_days > 0 && programme->allocation.rounds != OUTLAY_ROUNDS_ROLLING) {
        const struct outlay_place place = outlay_cell_place(cell, ROUND_DAYS);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&cell->loader->arena,
                                                   "`round_days` stands beside `rounds` %s, whose place it takes",
                                                   value_and_where(cell, ROUNDS, "rolling", &place)));
    }
}

static void check_priority(const struct outlay_cell *cell)
{
    struct outlay_arena *arena = &cell->loader->arena;
    const struct outlay_programme *programme = programme_of(cell);
    const struct outlay_place rule = outlay_cell_place(cell, RULE);
    const struct outlay_place list = outlay_cell_place(cell, PRIORITY);
    const int n = programme->allocation.n_priority;
    const bool is_rule = programme->allocation.rule == OUTLAY_RULE_PRIORITY;
    if (is_rule && !outlay_cell_states(cell, PRIORITY)) {
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &rule,
            outlay_arena_printf(arena, "the rule `priority` needs the classes in their order: `priority` is none"));
    } else if (!is_rule && n > 0) {
        (void)outlay_cell_note(cell, OUTLAY_NOTE_WARNING, &list,
                               outlay_arena_printf(arena, "`priority` has no effect: `rule` is %s",
                                                   value_and_where(cell, RULE, "first_come", &list)));
    }
    for (int i = 1; i < n; i++) {
        for (int j = 0; j < i; j++) {
            const int class_ = programme->allocation.priority[i];
            if (class_ < 0 || programme->allocation.priority[j] != class_) {
                continue;
            }
            const char *here = outlay_arena_printf(arena, PRIORITY ".%d", i + 1);
            const char *before = outlay_arena_printf(arena, PRIORITY ".%d", j + 1);
            if (here == NULL || before == NULL) {
                outlay_loader_no_memory(cell->loader);
                return;
            }
            const struct outlay_place place = outlay_cell_place(cell, here);
            (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                                   outlay_arena_printf(arena, "%s stands twice in `priority`, at place %d (%s) and %d",
                                                       outlay_cell_text(cell, here), j + 1,
                                                       outlay_cell_where(cell, before, &place), i + 1));
            break;
        }
    }
}

/* Points that are the same for all put nobody first. */
static void check_score(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_programme *programme = programme_of(cell);
    if (programme->allocation.rule != OUTLAY_RULE_SCORE || scenario->n_classes == 0) {
        return;
    }
    const struct outlay_scenario_law *first = &programme->terms[0].review.score;
    for (int c = 0; c < scenario->n_classes; c++) {
        const struct outlay_scenario_law *law = &programme->terms[c].review.score;
        if (law->form == NULL || law->form->family != OUTLAY_CONSTANT ||
            law->parameter[0].value != first->parameter[0].value ||
            law->parameter[0].uncertain != first->parameter[0].uncertain) {
            return;
        }
    }
    const struct outlay_place place = outlay_cell_place(cell, RULE);
    (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                           outlay_arena_printf(&cell->loader->arena,
                                               "the rule `score` serves the highest `review.score` first, but all have "
                                               "the same: %s",
                                               value_and_where(cell, SCORE, "0", &place)));
}

/* A run speeds up applications that are served as they come. */
static void check_run(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const struct outlay_programme *programme = programme_of(cell);
    const bool runs = outlay_number_high(self->scenario, programme->allocation.run.below) > 0.0;
    const bool hurries = outlay_number_high(self->scenario, programme->allocation.run.factor) > 1.0;
    const struct outlay_place place = outlay_cell_place(cell, runs ? BELOW : FACTOR);
    if (runs && !is_rolling(programme)) {
        const char *rounds = programme->allocation.n_round_days > 0 ? ROUND_DAYS : ROUNDS;
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&self->arena,
                                                   "`run.below` is %s, but there is no run on money that is handed out "
                                                   "in windows: `%s` is %s",
                                                   outlay_cell_text(cell, BELOW), rounds + strlen("allocation."),
                                                   value_and_where(cell, rounds, "rolling", &place)));
    } else if (runs != hurries && !isnan(programme->allocation.run.factor.value) &&
               !isnan(programme->allocation.run.below.value)) {
        const char *other = runs ? FACTOR : BELOW;
        (void)outlay_cell_note(cell, OUTLAY_NOTE_WARNING, &place,
                               outlay_arena_printf(&self->arena, "`%s` %s has no effect: `%s` is %s",
                                                   (runs ? BELOW : FACTOR) + strlen("allocation."),
                                                   outlay_cell_text(cell, runs ? BELOW : FACTOR),
                                                   other + strlen("allocation."),
                                                   value_and_where(cell, other, runs ? "1" : "0", &place)));
    }
}

void outlay_allocation_check(const struct outlay_cell *cell)
{
    check_rounds(cell);
    check_division(cell);
    check_priority(cell);
    check_score(cell);
    check_run(cell);
}

/* Can a commitment of a programme die? What could not be read passes for yes. */
static bool returns_money(const struct outlay_scenario *scenario, const struct outlay_programme *programme)
{
    const bool is_early = programme->allocation.commit == OUTLAY_COMMIT_APPLICATION;
    bool returns =
        !(outlay_number_low(scenario, programme->payment.redeemed) >= 1.0) || !isinf(programme->payment.expires.value);
    for (int c = 0; c < scenario->n_classes; c++) {
        const struct outlay_terms *terms = &programme->terms[c];
        returns = returns || !(outlay_number_high(scenario, terms->review.withdrawn) <= 0.0) ||
                  (is_early && (!(outlay_number_low(scenario, terms->review.approved) >= 1.0) ||
                                !(outlay_number_low(scenario, terms->award.eligible) >= 1.0)));
    }
    return returns;
}

static void check_over_allocation(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    bool returns = !(outlay_number_high(scenario, programme_of(cell)->budget.over_allocation) > 1.0);
    for (int p = 0; p < scenario->n_programmes; p++) {
        const bool is_member = p == cell->programme || scenario->programmes[p].budget.shared_with == cell->programme;
        returns = returns || (is_member && returns_money(scenario, &scenario->programmes[p]));
    }
    if (!returns) {
        const struct outlay_place place = outlay_cell_place(cell, OVER_ALLOCATION);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_WARNING, &place,
                               outlay_arena_printf(&cell->loader->arena,
                                                   "`over_allocation` is %s, but no commitment ever dies: the money "
                                                   "will be overspent",
                                                   outlay_cell_text(cell, OVER_ALLOCATION)));
    }
}

/* Where every commitment is called upon before it expires, the day of its expiry never comes. */
static void check_expiry(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_programme *programme = programme_of(cell);
    struct outlay_law delay;
    if (!isfinite(programme->payment.expires.value) || !outlay_law_central(&programme->payment.delay, &delay) ||
        !(outlay_number_low(scenario, programme->payment.redeemed) >= 1.0)) {
        return;
    }
    double shortest, longest;
    outlay_law_support(&delay, &shortest, &longest);
    if (longest <= outlay_number_low(scenario, programme->payment.expires)) {
        const struct outlay_place place = outlay_cell_place(cell, EXPIRES);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_WARNING, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "`expires` is %s, but nothing is left to expire: `redeemed` is %s, and "
                                "`delay` is %s",
                                outlay_cell_text(cell, EXPIRES), value_and_where(cell, "payment.redeemed", "1", &place),
                                value_and_where(cell, "payment.delay", "0", &place)));
    }
}

void outlay_payment_check(const struct outlay_cell *cell)
{
    check_over_allocation(cell);
    check_expiry(cell);
}
