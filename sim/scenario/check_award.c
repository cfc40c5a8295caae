/* check_award.c: contradictions about what an application is granted. */
#include <math.h>
#include <string.h>

#include "scenario/check.h"

#define CONTRACT "applications.contract"
#define SAME_AS "applications.same_as"
#define ELASTICITY "applications.response.elasticity"
#define RATE "award.rate"
#define FIXED "award.fixed"
#define BANDS "award.bands"
#define CAP "award.cap"
#define YOUNG_BELOW "award.young.below"
#define YOUNG_RATE "award.young.rate"
#define YOUNG_CAP "award.young.cap"
#define APPLICANT_CAP "award.applicant_cap"
#define MINIMUM "award.minimum_contract"
#define STACKS_WITH "award.stacks_with"
#define STACK_LIMIT "award.stack_limit"

static bool is_none(const struct outlay_yaml_node *node)
{
    return node == NULL || (node->kind == OUTLAY_YAML_SCALAR && strcmp(node->text, "none") == 0) ||
           (node->kind == OUTLAY_YAML_LIST && node->n_children == 0);
}

/* Nothing says what is granted. */
static void note_no_award(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const char *name = self->scenario->programmes[cell->programme].name;
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_yaml_node *node = outlay_cell_node(cell, RATE);
    node = node != NULL ? node : outlay_cell_node(cell, FIXED);
    node = node != NULL ? node : outlay_cell_node(cell, BANDS);
    const char *path = outlay_arena_printf(&self->arena, "programmes.%s." RATE, name);
    if (path == NULL) {
        outlay_loader_no_memory(self);
        return;
    }
    (void)outlay_lookup(self->root, path, &blame);
    const bool is_broken = blame != NULL && blame->kind != OUTLAY_YAML_MAPPING && node == NULL;
    if (is_broken) {
        return; /* the block itself is wrong, and that was noted */
    }
    const struct outlay_place *place = node != NULL ? &node->place : blame != NULL ? &blame->key_place : NULL;
    const struct outlay_cell general = {self, cell->programme, -1, NULL};
    const bool is_general = node == outlay_cell_node(&general, RATE) || node == outlay_cell_node(&general, FIXED) ||
                            node == outlay_cell_node(&general, BANDS);
    const char *class_ = self->scenario->classes[cell->class_].name;
    const char *message =
        node == NULL ? outlay_arena_printf(&self->arena, "the key `%s` is missing", path)
        : is_general ? outlay_arena_printf(&self->arena, "nothing says what an application is granted")
                     : outlay_arena_printf(&self->arena, "nothing says what the class `%s` is granted", class_);
    if (place != NULL && outlay_cell_note(cell, OUTLAY_NOTE_ERROR, place, message)) {
        outlay_diag_hint(self->diag, "an award is a `rate`, a `fixed` sum or `bands`; one of them must stand");
    }
}

static bool is_own(const struct outlay_cell *cell, const char *tail)
{
    const struct outlay_cell general = {cell->loader, cell->programme, -1, NULL};
    return outlay_cell_node(cell, tail) != outlay_cell_node(&general, tail);
}

static void note_two_awards(const struct outlay_cell *cell, const char *one, const char *other)
{
    const struct outlay_place place = outlay_cell_place(cell, one);
    const size_t block = strlen("award.");
    if (outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                         outlay_arena_printf(&cell->loader->arena,
                                             "`%s` %s stands beside `%s` %s (%s); an award is one of them", one + block,
                                             outlay_cell_text(cell, one), other + block, outlay_cell_text(cell, other),
                                             outlay_cell_where(cell, other, &place)))) {
        outlay_diag_hint(cell->loader->diag, "where only a class differs, write `%s: none` for it", other + block);
    }
}

/* One of rate, fixed sum and bands, and no more. */
static void check_kind(const struct outlay_cell *cell)
{
    static const char *const kinds[] = {RATE, FIXED, BANDS};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (is_none(outlay_cell_node(cell, kinds[i]))) {
            continue;
        }
        if (first == NULL) {
            first = kinds[i];
        } else if (is_own(cell, first) && !is_own(cell, kinds[i])) {
            note_two_awards(cell, first, kinds[i]); /* it stands at what is said of the class */
        } else {
            note_two_awards(cell, kinds[i], first);
        }
    }
    if (first == NULL) {
        note_no_award(cell);
    }
}

/* Whoever has no age counts as founded on the first day. */
static void check_age(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const char *name = self->scenario->classes[cell->class_].name;
    const struct outlay_yaml_node *class_ = outlay_yaml_get(outlay_yaml_get(self->root, "classes"), name);
    if (!is_none(outlay_cell_node(cell, YOUNG_BELOW)) && outlay_yaml_get(class_, "age") == NULL) {
        const struct outlay_place place = outlay_cell_place(cell, YOUNG_BELOW);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_WARNING, &place,
                               outlay_arena_printf(&self->arena,
                                                   "the class `%s` has no `age`: all of them are 0 years old on the "
                                                   "first day",
                                                   name));
    }
}

/* A rate of their own for the young: the age below which it holds, and the rate, in place of a rate. */
static void check_young(const struct outlay_cell *cell)
{
    static const char *const keys[] = {YOUNG_BELOW, YOUNG_RATE, YOUNG_CAP};
    struct outlay_arena *arena = &cell->loader->arena;
    const size_t block = strlen("award.");
    const bool has_below = !is_none(outlay_cell_node(cell, YOUNG_BELOW));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *other = i == 0 ? YOUNG_RATE : YOUNG_BELOW;
        const struct outlay_place place = outlay_cell_place(cell, keys[i]);
        const bool is_off = i > 0 && outlay_cell_node(cell, other) != NULL; /* `below: none` for a class */
        if (!is_none(outlay_cell_node(cell, keys[i])) && is_none(outlay_cell_node(cell, other)) && !is_off) {
            (void)outlay_cell_note(
                cell, OUTLAY_NOTE_ERROR, &place,
                outlay_arena_printf(arena, "`%s` is %s, but `%s` is none: %s", keys[i] + block,
                                    outlay_cell_text(cell, keys[i]), other + block,
                                    i == 0 ? "nothing says what the young are granted" : "nothing says who is young"));
        }
    }
    check_age(cell);
    static const char *const others[] = {FIXED, BANDS};
    for (size_t i = 0; has_below && i < sizeof others / sizeof others[0]; i++) {
        if (!is_none(outlay_cell_node(cell, others[i]))) {
            const struct outlay_place place = outlay_cell_place(cell, YOUNG_BELOW);
            (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                                   outlay_arena_printf(arena,
                                                       "`young` stands beside `%s` %s (%s); it is a `rate` that it "
                                                       "takes the place of",
                                                       others[i] + block, outlay_cell_text(cell, others[i]),
                                                       outlay_cell_where(cell, others[i], &place)));
        }
    }
}

/* The node of one value of a band; the band where it is a default. */
static const struct outlay_yaml_node *band_node(const struct outlay_yaml_node *bands, int i, const char *key)
{
    const struct outlay_yaml_node *band = (size_t)i < bands->n_children ? bands->children[i] : bands;
    const struct outlay_yaml_node *node = outlay_yaml_get(band, key);
    return node != NULL ? node : band;
}

static void check_bands(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const struct outlay_yaml_node *node = outlay_cell_node(cell, BANDS);
    const int n = cell->terms->award.n_bands;
    if (n == 0 || node == NULL) {
        return;
    }
    if (!is_none(outlay_cell_node(cell, CAP))) {
        const struct outlay_place place = outlay_cell_place(cell, CAP);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&self->arena, "`cap` %s stands beside `bands` (%s), each of which has its own",
                                outlay_cell_text(cell, CAP), outlay_cell_where(cell, BANDS, &place)));
    }
    for (int i = 1; i < n; i++) {
        const struct outlay_band *band = &cell->terms->award.bands[i];
        if (!(outlay_number_low(self->scenario, band->up_to) <= outlay_number_high(self->scenario, band[-1].up_to))) {
            continue;
        }
        const struct outlay_yaml_node *here = band_node(node, i, "up_to"), *before = band_node(node, i - 1, "up_to");
        const char *where = outlay_where(self, &before->place, &here->place);
        const char *message =
            isinf(band[-1].up_to.value)
                ? outlay_arena_printf(&self->arena, "band %d is never reached: the band before it (%s) has no end",
                                      i + 1, where)
                : outlay_arena_printf(&self->arena, "band %d ends at %s, not above the band before it, at %s (%s)",
                                      i + 1, outlay_seen(self, here), outlay_seen(self, before), where);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &here->place, message);
    }
}

/* Two programmes pay for one contract only where it is the same contract. */
static void check_stacking(const struct outlay_cell *cell)
{
    struct outlay_loader *self = cell->loader;
    const int other = cell->terms->award.stacks_with;
    const struct outlay_place place = outlay_cell_place(cell, STACKS_WITH);
    const bool is_same = cell->terms->applications.same_as == other;
    if (other < 0) {
        return;
    }
    if (!is_same && is_none(outlay_cell_node(cell, SAME_AS))) {
        if (outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                             outlay_arena_printf(&self->arena,
                                                 "`stacks_with` is %s, but the contracts are other ones: `same_as` is "
                                                 "none",
                                                 outlay_cell_text(cell, STACKS_WITH)))) {
            outlay_diag_hint(self->diag, "awards stack on one contract: write applications: {same_as: %s}",
                             self->scenario->programmes[other].name);
        }
    } else if (!is_same && cell->terms->applications.same_as >= 0) {
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&self->arena,
                                                   "`stacks_with` is %s, but the contracts are those of another "
                                                   "programme: `same_as` is %s (%s)",
                                                   outlay_cell_text(cell, STACKS_WITH), outlay_cell_text(cell, SAME_AS),
                                                   outlay_cell_where(cell, SAME_AS, &place)));
    }
    if (is_none(outlay_cell_node(cell, STACK_LIMIT))) {
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&self->arena,
                                                   "`stacks_with` is %s, but no `stack_limit` says how much both may "
                                                   "pay",
                                                   outlay_cell_text(cell, STACKS_WITH)));
    }
}

/* A limit for the programme that no class stacks under. */
static void check_limit(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    bool has_any = is_none(outlay_cell_node(cell, STACK_LIMIT));
    for (int c = 0; c < scenario->n_classes; c++) {
        const struct outlay_cell other = {cell->loader, cell->programme, c, NULL};
        has_any = has_any || !is_none(outlay_cell_node(&other, STACKS_WITH));
    }
    if (!has_any) {
        const struct outlay_place place = outlay_cell_place(cell, STACK_LIMIT);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "`stack_limit` is %s, but no `stacks_with` names the other programme",
                                outlay_cell_text(cell, STACK_LIMIT)));
    }
}

/* Contracts of a class answer to one rate, its `rate`. Who pays nothing of the margin wants all there is. */
static void check_response(const struct outlay_cell *cell)
{
    const struct outlay_terms *terms = cell->terms;
    const struct outlay_scenario *scenario = cell->loader->scenario;
    struct outlay_arena *arena = &cell->loader->arena;
    if (terms->applications.same_as >= 0 ||
        !(outlay_number_high(scenario, terms->applications.response.elasticity) > 0.0)) {
        return; /* the contracts are checked elsewhere, or do not grow */
    }
    const struct outlay_place place = outlay_cell_place(cell, ELASTICITY);
    const char *elasticity = outlay_cell_text(cell, ELASTICITY);
    const bool has_rate = !is_none(outlay_cell_node(cell, RATE));
    const char *other = !is_none(outlay_cell_node(cell, BANDS)) ? BANDS : FIXED;
    const bool has_young =
        !is_none(outlay_cell_node(cell, YOUNG_BELOW)) && !is_none(outlay_cell_node(cell, YOUNG_RATE));
    if (!has_rate && !is_none(outlay_cell_node(cell, other))) {
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_WARNING, &place,
            outlay_arena_printf(arena,
                                "`elasticity` %s has no effect: contracts answer to `rate`, but here is `%s` (%s)",
                                elasticity, other + strlen("award."), outlay_cell_where(cell, other, &place)));
    } else if (has_young) {
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_ERROR, &place,
            outlay_arena_printf(arena,
                                "`elasticity` %s stands beside `young.rate` %s (%s), but contracts answer to one "
                                "`rate`, the same for all of a class",
                                elasticity, outlay_cell_text(cell, YOUNG_RATE),
                                outlay_cell_where(cell, YOUNG_RATE, &place)));
    } else if (outlay_number_high(scenario, terms->award.rate) >= 1.0 && isinf(terms->award.cap.value)) {
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(arena,
                                                   "`elasticity` %s stands beside `rate` %s (%s) without a `cap`: "
                                                   "contracts would grow without end",
                                                   elasticity, outlay_cell_text(cell, RATE),
                                                   outlay_cell_where(cell, RATE, &place)));
    }
}

static void check_caps(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const double cap = outlay_number_high(scenario, cell->terms->award.cap);
    const double applicant_cap = outlay_number_high(scenario, cell->terms->award.applicant_cap);
    if (isfinite(cap) && applicant_cap < cap) {
        const struct outlay_place place = outlay_cell_place(cell, APPLICANT_CAP);
        (void)outlay_cell_note(
            cell, OUTLAY_NOTE_WARNING, &place,
            outlay_arena_printf(&cell->loader->arena,
                                "`applicant_cap` %s is below the `cap` of one award, %s (%s), which can never be paid",
                                outlay_cell_text(cell, APPLICANT_CAP), outlay_cell_text(cell, CAP),
                                outlay_cell_where(cell, CAP, &place)));
    }
}

/* A minimum that no contract reaches. Sizes have no upper end, so a spread that matters settles it. */
static void check_minimum(const struct outlay_cell *cell)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    const struct outlay_number *minimum = &cell->terms->award.minimum_contract;
    struct outlay_law law;
    const bool has_spread = outlay_number_high(scenario, scenario->classes[cell->class_].size_sigma) > 0.0 &&
                            outlay_number_high(scenario, cell->terms->applications.size_exponent) > 0.0;
    const bool responds = outlay_number_high(scenario, cell->terms->applications.response.elasticity) > 0.0 ||
                          outlay_number_high(scenario, cell->terms->applications.response.notch) > 0.0;
    if (cell->terms->applications.same_as >= 0 || responds) {
        return; /* the contracts are checked elsewhere, or grow with the award */
    }
    if (has_spread || !(minimum->value > 0.0) || !outlay_law_central(&cell->terms->applications.contract, &law)) {
        return;
    }
    double lowest, highest;
    outlay_law_support(&law, &lowest, &highest);
    const bool is_rare = highest > minimum->value && outlay_law_cdf(&law, minimum->value, true) < OUTLAY_NEGLIGIBLE;
    if (highest < minimum->value || is_rare) {
        const struct outlay_place place = outlay_cell_place(cell, MINIMUM);
        (void)outlay_cell_note(cell, OUTLAY_NOTE_ERROR, &place,
                               outlay_arena_printf(&cell->loader->arena,
                                                   "no contract reaches `minimum_contract` %s: contracts are %s (%s)",
                                                   outlay_cell_text(cell, MINIMUM), outlay_cell_text(cell, CONTRACT),
                                                   outlay_cell_where(cell, CONTRACT, &place)));
    }
}

void outlay_award_check(const struct outlay_cell *cell)
{
    check_kind(cell);
    check_young(cell);
    check_bands(cell);
    check_stacking(cell);
    check_limit(cell);
    check_response(cell);
    check_caps(cell);
    check_minimum(cell);
}
