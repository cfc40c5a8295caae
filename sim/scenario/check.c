/* check.c: values that are good one by one, but cannot hold together; each block's checks are in check_*.c. */
#include "scenario/check.h"

#include <string.h>

#include "outlay/quantity.h"

const struct outlay_yaml_node *outlay_cell_node(const struct outlay_cell *cell, const char *tail)
{
    return outlay_terms_node(cell->loader, cell->programme, cell->class_, tail);
}

bool outlay_cell_states(const struct outlay_cell *cell, const char *tail)
{
    const struct outlay_yaml_node *node = outlay_cell_node(cell, tail);
    const char *path = outlay_arena_printf(&cell->loader->arena, "programmes.*.%s", tail);
    const struct outlay_parameter *row = path != NULL ? outlay_parameter_find(path) : NULL;
    if (node == NULL || row == NULL || row->default_text == NULL) {
        return node != NULL;
    }
    double value, usual;
    if (node->kind == OUTLAY_YAML_SCALAR && outlay_quantity_parse(node->text, &value) &&
        outlay_quantity_parse(row->default_text, &usual)) {
        return value != usual;
    }
    struct outlay_text text = {0};
    outlay_yaml_write(&text, node);
    const bool differs = text.bytes != NULL && strcmp(text.bytes, row->default_text) != 0;
    const bool is_empty = node->kind == OUTLAY_YAML_LIST && node->n_children == 0;
    outlay_text_free(&text);
    return differs && !is_empty;
}

struct outlay_place outlay_cell_place(const struct outlay_cell *cell, const char *tail)
{
    const struct outlay_yaml_node *node = outlay_cell_node(cell, tail);
    if (node != NULL) {
        return node->place;
    }
    const struct outlay_yaml_node *programme = outlay_yaml_get(
        outlay_yaml_get(cell->loader->root, "programmes"), cell->loader->scenario->programmes[cell->programme].name);
    return programme != NULL ? programme->key_place : (struct outlay_place){0};
}

const char *outlay_cell_text(const struct outlay_cell *cell, const char *tail)
{
    const struct outlay_yaml_node *node = outlay_cell_node(cell, tail);
    return node != NULL ? outlay_seen(cell->loader, node) : "the default";
}

const char *outlay_cell_where(const struct outlay_cell *cell, const char *tail, const struct outlay_place *from)
{
    const struct outlay_place place = outlay_cell_place(cell, tail);
    return outlay_where(cell->loader, &place, from);
}

bool outlay_cell_note(const struct outlay_cell *cell, enum outlay_severity severity, const struct outlay_place *place,
                      const char *message)
{
    struct outlay_diag *diag = cell->loader->diag;
    if (message == NULL) {
        outlay_loader_no_memory(cell->loader);
        return false;
    }
    for (size_t i = 0; i < diag->n_notes; i++) {
        const struct outlay_note *n = &diag->notes[i];
        const bool same_file =
            n->file == NULL ? place->file == NULL : place->file != NULL && strcmp(n->file, place->file) == 0;
        if (same_file && n->line == place->line && n->column == place->column && strcmp(n->message, message) == 0) {
            return false;
        }
    }
    if (severity == OUTLAY_NOTE_WARNING) {
        outlay_diag_warning(diag, OUTLAY_ERR_CONTRADICTION, place, "%s", message);
    } else {
        (void)outlay_diag_error(diag, OUTLAY_ERR_CONTRADICTION, place, "%s", message);
    }
    return true;
}

bool outlay_cell_check_when(const struct outlay_cell *cell, const struct outlay_when *when, const char *tail)
{
    const struct outlay_scenario *scenario = cell->loader->scenario;
    if (when->kind != OUTLAY_WHEN_DATE || !cell->loader->has_horizon) {
        return true;
    }
    const int32_t day = outlay_date_to_day(when->date) - scenario->first_day;
    if (day >= 0 && day < scenario->n_days) {
        return true;
    }
    char first[16], last[16];
    const char *key = strrchr(tail, '.') + 1;
    const char *list = key[0] <= '9' ? "round_days" : key; /* an item is called by its list's name */
    const struct outlay_place place = outlay_cell_place(cell, tail);
    (void)outlay_cell_note(
        cell, OUTLAY_NOTE_ERROR, &place,
        outlay_arena_printf(&cell->loader->arena, "`%s` is %s, outside of the horizon, which is %s to %s", list,
                            outlay_cell_text(cell, tail), outlay_date_iso(scenario->first_day, first),
                            outlay_date_iso(scenario->first_day + scenario->n_days - 1, last)));
    return false;
}

/* Draws times replicates: so many that they can be counted. */
static void check_size(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    const double n_paths = (double)scenario->simulation.draws * scenario->simulation.replicates;
    const struct outlay_yaml_node *simulation = outlay_yaml_get(self->root, "simulation");
    const struct outlay_yaml_node *draws = simulation != NULL ? outlay_yaml_get(simulation, "draws") : NULL;
    if (n_paths > OUTLAY_MAX_PATHS && draws != NULL) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &draws->place,
                                "%d draws of %d replicates are %.3g simulated horizons; no more than %.0f are allowed",
                                scenario->simulation.draws, scenario->simulation.replicates, n_paths, OUTLAY_MAX_PATHS);
    }
}

void outlay_contradictions_check(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    check_size(self);
    for (int p = 0; p < scenario->n_programmes; p++) {
        for (int c = 0; c < scenario->n_classes; c++) {
            const struct outlay_cell cell = {self, p, c, &scenario->programmes[p].terms[c]};
            outlay_arrivals_check(&cell);
            outlay_award_check(&cell);
        }
        const struct outlay_cell programme = {self, p, -1, NULL};
        outlay_budget_check(&programme);
        outlay_allocation_check(&programme);
        outlay_payment_check(&programme);
    }
}
