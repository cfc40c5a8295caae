/* entries.c: each value as text, in words, with where it comes from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/loader.h"

#define SET "--set"

int outlay_rank(const struct outlay_loader *self, const struct outlay_place *place)
{
    if (place->file == NULL) {
        return OUTLAY_MAX_FILES;
    }
    for (int i = 0; i < self->scenario->n_files; i++) {
        if (place->file == self->scenario->file_names[i]) {
            return i;
        }
    }
    return -1;
}

/* A number in the unit of its key, short. */
static void add_number(struct outlay_text *out, double value, enum outlay_unit unit, const char *currency)
{
    char buffer[512];
    if (unit == OUTLAY_UNIT_MONEY) {
        outlay_text_printf(out, "%s", outlay_money_short(value, currency, buffer, sizeof buffer));
    } else if (unit == OUTLAY_UNIT_SHARE) {
        outlay_text_printf(out, "%.3g %%", 100.0 * value);
    } else {
        outlay_text_printf(out, "%.4g", value);
    }
}

/* "median 4.00 M CNY = 400万, 5 % to 95 %: 655 k CNY to 24.4 M CNY" */
static void add_law(struct outlay_text *out, const struct outlay_law *law, enum outlay_unit unit, const char *currency)
{
    char buffer[512];
    const double median = outlay_law_quantile(law, 0.5, false);
    outlay_text_printf(out, "median ");
    if (unit == OUTLAY_UNIT_MONEY) {
        outlay_text_printf(out, "%s", outlay_money_words(median, currency, buffer, sizeof buffer));
    } else {
        add_number(out, median, unit, currency);
    }
    outlay_text_printf(out, ", 5 %% to 95 %%: ");
    add_number(out, outlay_law_quantile(law, 0.05, false), unit, currency);
    outlay_text_printf(out, " to ");
    add_number(out, outlay_law_quantile(law, 0.05, true), unit, currency);
}

static void add_words_of_number(struct outlay_text *out, const struct outlay_scenario *scenario,
                                const struct outlay_parameter *row, const struct outlay_number *number)
{
    char buffer[512];
    if (number->uncertain >= 0) {
        outlay_text_printf(out, "uncertain: ");
        add_law(out, &scenario->uncertain[number->uncertain].law, row->unit, scenario->currency);
    } else if (row->unit == OUTLAY_UNIT_MONEY && isfinite(number->value)) {
        outlay_text_printf(out, "%s", outlay_money_words(number->value, scenario->currency, buffer, sizeof buffer));
    }
}

static void add_words_of_law(struct outlay_text *out, const struct outlay_scenario *scenario,
                             const struct outlay_parameter *row, const struct outlay_scenario_law *law)
{
    struct outlay_law central;
    if (law->form == NULL || !outlay_law_central(law, &central)) {
        return;
    }
    if (law->form->family == OUTLAY_CONSTANT) {
        add_words_of_number(out, scenario, row, &law->parameter[0]);
        return;
    }
    bool is_uncertain = law->min.uncertain >= 0 || law->max.uncertain >= 0;
    for (int i = 0; i < law->form->n_parameters; i++) {
        is_uncertain = is_uncertain || law->parameter[i].uncertain >= 0;
    }
    outlay_text_printf(out, "%s", is_uncertain ? "uncertain: at the medians of its parameters, " : "");
    add_law(out, &central, row->unit, scenario->currency);
}

/* What a value means in words; *words stays NULL where the text says it all. False = out of memory. */
static bool make_words(const struct outlay_scenario *scenario, const struct outlay_parameter *row, const void *target,
                       char **words)
{
    struct outlay_text text = {0};
    if (scenario->currency == NULL) {
        return true; /* it was wrong, and nobody will read the words */
    }
    if (row->type == OUTLAY_TYPE_NUMBER) {
        add_words_of_number(&text, scenario, row, target);
    } else if (row->type == OUTLAY_TYPE_LAW) {
        add_words_of_law(&text, scenario, row, target);
    }
    const bool is_ok = !text.failed;
    *words = is_ok && text.length > 0 ? outlay_text_take(&text) : NULL;
    outlay_text_free(&text);
    return is_ok;
}

/* Where the newest part of a value was written: a --set may have changed one parameter of a law. */
static const struct outlay_place *newest_place(const struct outlay_loader *self, const struct outlay_yaml_node *node)
{
    const struct outlay_place *newest = &node->place;
    for (size_t i = 0; i < node->n_children; i++) {
        const struct outlay_place *place = newest_place(self, node->children[i]);
        newest = outlay_rank(self, place) < outlay_rank(self, newest) ? place : newest;
    }
    return newest;
}

static char *make_origin(const struct outlay_place *place)
{
    struct outlay_text text = {0};
    if (place->file == NULL) {
        outlay_text_printf(&text, "default");
    } else if (strcmp(place->file, SET) == 0) {
        outlay_text_printf(&text, SET);
    } else {
        outlay_text_printf(&text, "%s:%d", outlay_path_base(place->file), place->line);
    }
    return outlay_text_take(&text);
}

/* Calendars are written as the scenario holds them: resolved, since the text may be read again somewhere else. */
static char *make_text(const struct outlay_request *request, const void *target)
{
    struct outlay_text text = {0};
    if (request->row->type == OUTLAY_TYPE_CALENDAR && *(char *const *)target != NULL) {
        outlay_yaml_write_scalar(&text, *(char *const *)target);
    } else {
        outlay_yaml_write(&text, request->node);
    }
    return outlay_text_take(&text);
}

static void free_entry(struct outlay_entry *entry)
{
    free(entry->path);
    free(entry->text);
    free(entry->words);
    free(entry->origin);
}

void outlay_entry_add(struct outlay_loader *self, const struct outlay_request *request, const void *target)
{
    struct outlay_scenario *scenario = self->scenario;
    const size_t n = (size_t)scenario->n_entries;
    const struct outlay_place *place = newest_place(self, request->node);
    if (request->row->type == OUTLAY_TYPE_RECORDS && outlay_list_count(request->row, target) > 0) {
        return; /* each value of its items has an entry */
    }
    struct outlay_entry entry = {
        .path = strdup(request->path),
        .origin = make_origin(place),
        .unit = request->row->unit,
        .is_default = place->file == NULL,
    };
    if (request->node->kind == OUTLAY_YAML_BROKEN) {
        goto fail; /* noted: there will be no scenario */
    }
    entry.text = make_text(request, target);
    if ((n & (n - 1)) == 0) {
        const size_t size = n == 0 ? 64 : 2 * n;
        struct outlay_entry *more = realloc(scenario->entries, (size > 64 ? size : 64) * sizeof *more);
        scenario->entries = more != NULL ? more : scenario->entries;
        int *ranks = realloc(self->entry_ranks, (size > 64 ? size : 64) * sizeof *ranks);
        self->entry_ranks = ranks != NULL ? ranks : self->entry_ranks;
        if (more == NULL || ranks == NULL) {
            outlay_loader_no_memory(self);
            goto fail;
        }
    }
    if (!make_words(scenario, request->row, target, &entry.words) || entry.path == NULL || entry.text == NULL ||
        entry.origin == NULL) {
        outlay_loader_no_memory(self);
        goto fail;
    }
    scenario->entries[n] = entry;
    self->entry_ranks[n] = outlay_rank(self, place);
    scenario->n_entries++;
    return;
fail:
    free_entry(&entry);
}
