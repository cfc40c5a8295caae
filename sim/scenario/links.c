/* links.c: what a programme takes over from one above it: the money (`shared_with`) or the contracts (`same_as`). */
#include <string.h>

#include "scenario/check.h"

/* A block that a programme may take over, but for what it keeps of its own. */
struct link {
    const char *block, *pointer;
    const char *kept[4];
    enum outlay_scope scope;
    const char *consequence;
};

static const struct link links[] = {
    {"budget.", "budget.shared_with", {"budget.shared_with"}, OUTLAY_SCOPE_PROGRAMME, "the money is that"},
    {"applications.",
     "applications.same_as",
     {"applications.same_as", "applications.take_up", "applications.inflation"},
     OUTLAY_SCOPE_TERMS,
     "the contracts are those"},
};
#define N_LINKS (sizeof links / sizeof links[0])

/* Does the row (tail "budget.period") go over with the link? */
static bool goes_over(const struct link *link, const char *tail)
{
    for (const char *const *kept = link->kept; *kept != NULL; kept++) {
        if (strcmp(*kept, tail) == 0) {
            return false;
        }
    }
    return strncmp(tail, link->block, strlen(link->block)) == 0;
}

/* Does the value of a pointer name a programme? True as well where it names one that does not exist. */
static bool points(const struct outlay_yaml_node *node)
{
    return node != NULL && !(node->kind == OUTLAY_YAML_SCALAR && strcmp(node->text, "none") == 0);
}

bool outlay_is_displaced(const struct outlay_yaml_node *programme, const char *tail)
{
    for (size_t i = 0; i < N_LINKS; i++) {
        const struct outlay_yaml_node *blame = NULL;
        if (goes_over(&links[i], tail) && points(outlay_lookup(programme, links[i].pointer, &blame))) {
            return true;
        }
    }
    return false;
}

/* Is the value written for this very class? */
static bool is_own(const struct outlay_cell *cell, const char *tail)
{
    const struct outlay_cell general = {cell->loader, cell->programme, -1, NULL};
    return outlay_cell_node(cell, tail) != outlay_cell_node(&general, tail);
}

/* A value that the other programme says already. What by_class points to counts above what is said for all. */
static void check_displaced(const struct outlay_cell *cell, const struct link *link, const char *tail)
{
    if (!outlay_cell_states(cell, tail) || (is_own(cell, link->pointer) && !is_own(cell, tail))) {
        return;
    }
    const struct outlay_place place = outlay_cell_place(cell, tail);
    (void)outlay_cell_note(
        cell, OUTLAY_NOTE_ERROR, &place,
        outlay_arena_printf(&cell->loader->arena, "`%s` %s stands beside `%s` %s (%s): %s of that programme",
                            tail + strlen(link->block), outlay_cell_text(cell, tail),
                            link->pointer + strlen(link->block), outlay_cell_text(cell, link->pointer),
                            outlay_cell_where(cell, link->pointer, &place), link->consequence));
}

/* True if the row is missing, and that was noted. */
static bool check_missing(const struct outlay_cell *cell, const struct link *link, const struct outlay_parameter *row)
{
    struct outlay_loader *self = cell->loader;
    const char *tail = outlay_parameter_tail(row);
    if ((row->flags & OUTLAY_UNLESS) == 0 || outlay_cell_node(cell, tail) != NULL ||
        points(outlay_cell_node(cell, link->pointer))) {
        return false;
    }
    const struct outlay_yaml_node *blame = NULL;
    const char *path =
        outlay_arena_printf(&self->arena, "programmes.%s.%s", self->scenario->programmes[cell->programme].name, tail);
    if (path == NULL) {
        outlay_loader_no_memory(self);
        return true;
    }
    (void)outlay_lookup(self->root, path, &blame);
    outlay_missing_refuse(self, row, blame, path);
    return true;
}

/* The programme that a link points to; -1 = none, or none that could be read. */
static int target_of(const struct outlay_scenario *scenario, const struct link *link, int p, int c)
{
    const struct outlay_programme *programme = &scenario->programmes[p];
    return link->scope == OUTLAY_SCOPE_PROGRAMME ? programme->budget.shared_with
                                                 : programme->terms[c].applications.same_as;
}

/* What is written too often, or not at all. */
static void check_link(struct outlay_loader *self, const struct link *link, int p)
{
    const int n_cells = link->scope == OUTLAY_SCOPE_TERMS ? self->scenario->n_classes : 1;
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *tail = outlay_parameter_tail(row);
        if (row->scope != link->scope || !goes_over(link, tail)) {
            continue;
        }
        for (int c = 0; c < n_cells; c++) {
            const struct outlay_cell cell = {self, p, link->scope == OUTLAY_SCOPE_TERMS ? c : -1, NULL};
            if (points(outlay_cell_node(&cell, link->pointer))) {
                if (target_of(self->scenario, link, p, c) >= 0) {
                    check_displaced(&cell, link, tail);
                }
            } else if (check_missing(&cell, link, row)) {
                break;
            }
        }
    }
}

/* The programme whose money it is stands behind the pointer; one that has none of its own has an amount of 0. */
static void link_money(struct outlay_scenario *scenario, int p)
{
    struct outlay_programme *programme = &scenario->programmes[p];
    const int owner = programme->budget.shared_with;
    if (owner < 0) {
        return;
    }
    const int further = scenario->programmes[owner].budget.shared_with;
    programme->budget.shared_with = further >= 0 ? further : owner;
    programme->budget.amount = (struct outlay_number){0.0, -1};
}

static void link_contracts(struct outlay_loader *self, const struct link *link, int p)
{
    struct outlay_scenario *scenario = self->scenario;
    for (int c = 0; c < scenario->n_classes; c++) {
        struct outlay_terms *terms = &scenario->programmes[p].terms[c];
        for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
            if (terms->applications.same_as >= 0 && row->scope == link->scope &&
                goes_over(link, outlay_parameter_tail(row))) {
                outlay_value_copy(self, row, terms, &scenario->programmes[terms->applications.same_as].terms[c]);
            }
        }
    }
}

void outlay_links_resolve(struct outlay_loader *self)
{
    for (int p = 0; p < self->scenario->n_programmes; p++) {
        for (size_t i = 0; i < N_LINKS; i++) {
            check_link(self, &links[i], p);
        }
        link_money(self->scenario, p);
        link_contracts(self, &links[1], p);
    }
}
