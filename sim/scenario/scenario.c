/* scenario.c: loading a scenario from beginning to end, and freeing it. */
#include "outlay/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

/* All steps, in the order of loader.h. */
static void load(struct outlay_loader *self, const char *path, const char *text,
                 const struct outlay_override *overrides, size_t n_overrides)
{
    if (outlay_files_read(self, path, text) != OUTLAY_OK) {
        return; /* noted */
    }
    outlay_merge(self, overrides, n_overrides);
    if (self->root == NULL) {
        return;
    }
    outlay_keys_check(self);
    outlay_resolve(self);
    if (self->has_run_out) {
        return;
    }
    outlay_links_resolve(self);
    outlay_correlations_resolve(self);
    outlay_horizon_resolve(self);
    outlay_contradictions_check(self);
    outlay_size_check(self);
    outlay_sources_apply(self);
}

/* Position of the file of a note among all that are spoken of: the order in which they first were. */
static size_t file_rank(const struct outlay_note *notes, size_t n, const char *file)
{
    for (size_t i = 0; i < n; i++) {
        if (notes[i].file == NULL ? file == NULL : file != NULL && strcmp(notes[i].file, file) == 0) {
            return i;
        }
    }
    return n;
}

struct sort_key {
    size_t file;
    int line, column;
    size_t position; /* in the order in which they were found */
    struct outlay_note note;
};

static int compare_notes(const void *a, const void *b)
{
    const struct sort_key *x = a, *y = b;
    if (x->file != y->file) {
        return x->file < y->file ? -1 : 1;
    }
    if (x->line != y->line) {
        return x->line < y->line ? -1 : 1;
    }
    if (x->column != y->column) {
        return x->column < y->column ? -1 : 1;
    }
    return x->position < y->position ? -1 : 1;
}

/* Put the notes from `first` on into the order of the text, which is how a person goes through them. */
static void sort_notes(struct outlay_diag *diag, size_t first)
{
    const size_t n = diag->n_notes - first;
    struct sort_key *keys = n > 1 ? malloc(n * sizeof *keys) : NULL;
    if (keys == NULL) {
        return; /* in the order in which they were found they say the same */
    }
    struct outlay_note *notes = diag->notes + first;
    for (size_t i = 0; i < n; i++) {
        keys[i] = (struct sort_key){file_rank(notes, i, notes[i].file), notes[i].line, notes[i].column, i, notes[i]};
    }
    qsort(keys, n, sizeof *keys, compare_notes);
    for (size_t i = 0; i < n; i++) {
        notes[i] = keys[i].note;
    }
    free(keys);
}

static outlay_err first_error(const struct outlay_diag *diag, size_t first)
{
    for (size_t i = first; i < diag->n_notes; i++) {
        if (!diag->notes[i].is_warning) {
            return diag->notes[i].err;
        }
    }
    return OUTLAY_OK;
}

/* What a scenario is loaded from: a path, or a text with the files that it names. */
struct origin {
    const char *path, *text;
    const struct outlay_file *files;
    size_t n_files;
};

static outlay_err load_any(struct outlay_scenario *self, const struct origin *origin,
                           const struct outlay_override *overrides, size_t n_overrides, struct outlay_diag *diag)
{
    struct outlay_diag own = {0};
    struct outlay_loader loader = {
        .scenario = self,
        .diag = diag != NULL ? diag : &own,
        .stored = origin->files,
        .n_stored = origin->n_files,
    };
    loader.n_errors_before = loader.diag->n_errors;
    const size_t first = loader.diag->n_notes;
    const size_t n_lost = loader.diag->n_lost;

    *self = (struct outlay_scenario){0};
    load(&loader, origin->path, origin->text, overrides, n_overrides);
    sort_notes(loader.diag, first);
    outlay_err err = first_error(loader.diag, first);
    if (err == OUTLAY_OK && loader.diag->n_lost > n_lost) {
        err = OUTLAY_ERR_NO_MEMORY;
    }
    if (err != OUTLAY_OK) {
        outlay_scenario_free(self);
    }
    free(loader.entry_ranks);
    outlay_arena_free(&loader.arena);
    outlay_diag_free(&own);
    return err;
}

outlay_err outlay_scenario_load(struct outlay_scenario *self, const char *path, const struct outlay_override *overrides,
                                size_t n_overrides, struct outlay_diag *diag)
{
    return load_any(self, &(struct origin){.path = path}, overrides, n_overrides, diag);
}

outlay_err outlay_scenario_load_text(struct outlay_scenario *self, const char *name, const char *text,
                                     const struct outlay_override *overrides, size_t n_overrides,
                                     struct outlay_diag *diag)
{
    return load_any(self, &(struct origin){.path = name, .text = text}, overrides, n_overrides, diag);
}

outlay_err outlay_scenario_load_stored(struct outlay_scenario *self, const char *name, const char *text,
                                       const struct outlay_file files[], size_t n_files, struct outlay_diag *diag)
{
    return load_any(self, &(struct origin){name, text, files, n_files}, NULL, 0, diag);
}

static void free_entries(struct outlay_scenario *self)
{
    for (int i = 0; i < self->n_entries; i++) {
        free(self->entries[i].path);
        free(self->entries[i].text);
        free(self->entries[i].words);
        free(self->entries[i].origin);
        free(self->entries[i].source);
    }
    free(self->entries);
}

static void free_programme(struct outlay_programme *programme, int n_classes)
{
    free(programme->name);
    free(programme->title);
    free(programme->budget.releases);
    free(programme->budget.top_ups);
    free(programme->budget.reserves);
    free(programme->budget.steps);
    free(programme->allocation.round_days);
    free(programme->allocation.priority);
    for (int c = 0; c < n_classes; c++) {
        free(programme->terms[c].award.bands);
    }
    free(programme->terms);
}

void outlay_scenario_free(struct outlay_scenario *self)
{
    for (int i = 0; i < self->n_classes; i++) {
        free(self->classes[i].name);
    }
    free(self->classes);
    for (int i = 0; i < self->n_programmes; i++) {
        free_programme(&self->programmes[i], self->n_classes);
    }
    free(self->programmes);
    for (int i = 0; i < self->n_uncertain; i++) {
        free(self->uncertain[i].path);
    }
    free(self->uncertain);
    free(self->correlations);
    free(self->correlated);
    free(self->correlation_factor);
    for (int i = 0; i < self->n_data; i++) {
        outlay_law_data_free(self->data[i]);
    }
    free(self->data);
    free_entries(self);
    for (int i = 0; i < self->n_files; i++) {
        free(self->file_names[i]);
        free(self->file_texts[i]);
    }
    free(self->file_names);
    free(self->file_texts);
    for (int i = 0; i < self->n_read; i++) {
        free(self->read[i].name);
        free(self->read[i].bytes);
    }
    free(self->read);
    outlay_calendar_free(&self->working);
    free(self->title);
    free(self->description);
    free(self->currency);
    free(self->calendar);
    free(self->simulation.precision);
    *self = (struct outlay_scenario){0};
}
