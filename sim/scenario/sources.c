/* sources.c: which text of `sources` speaks of which value. */
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

/* Is `path` the path of a value, or of a block around it? */
static bool covers(const char *path, const char *entry_path)
{
    const size_t length = strlen(path);
    return strncmp(path, entry_path, length) == 0 && (entry_path[length] == '\0' || entry_path[length] == '.');
}

/* All paths that `sources` may name: of each value, and of the blocks around it. */
static const char *const *all_paths(struct outlay_loader *self, size_t *n)
{
    const struct outlay_scenario *scenario = self->scenario;
    size_t size = 1;
    for (int e = 0; e < scenario->n_entries; e++) {
        for (const char *p = scenario->entries[e].path; *p != '\0'; p++) {
            size += *p == '.' ? 1 : 0;
        }
        size++;
    }
    const char **paths = outlay_arena_alloc(&self->arena, size * sizeof(*paths));
    *n = 0;
    for (int e = 0; paths != NULL && e < scenario->n_entries; e++) {
        const char *path = scenario->entries[e].path;
        for (const char *p = path;; p++) {
            if (*p == '.' || *p == '\0') {
                paths[*n] = outlay_arena_copy(&self->arena, path, (size_t)(p - path));
                if (paths[*n] == NULL) {
                    return NULL;
                }
                (*n)++;
            }
            if (*p == '\0') {
                break;
            }
        }
    }
    return paths;
}

/* Does the language have such a path, whether or not the scenario could be read so far? */
static bool is_in_grammar(struct outlay_loader *self, const char *path)
{
    struct outlay_spot spot = outlay_spot_root();
    for (const char *p = path;; p++) {
        const size_t length = strcspn(p, ".");
        const char *word = outlay_arena_copy(&self->arena, p, length);
        if (word == NULL) {
            return false;
        }
        spot = outlay_spot_step(&spot, word);
        p += length;
        if (*p == '\0') {
            return spot.kind != OUTLAY_SPOT_UNKNOWN;
        }
    }
}

static bool check_path(struct outlay_loader *self, const char *path, const struct outlay_yaml_node *node)
{
    if (self->diag->n_errors > self->n_errors_before && is_in_grammar(self, path)) {
        return true; /* the value may be missing because of an error that is noted already */
    }
    for (int e = 0; e < self->scenario->n_entries; e++) {
        if (covers(path, self->scenario->entries[e].path)) {
            return true;
        }
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, &node->key_place,
                            "`sources` speaks of `%s`, but the scenario has no such value", path);
    size_t n = 0;
    const char *const *paths = outlay_hints_are_over(self) ? NULL : all_paths(self, &n);
    const char *nearest = paths != NULL ? outlay_nearest(path, paths, n) : NULL;
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
    }
    return false;
}

/*
 * Does the source speak of this entry? It says where the value of its own file comes from, or of a file below: not of
 * one that a file above, or --set, has put in its place. Of a default only where it names the very value.
 */
static bool speaks_of(const struct outlay_loader *self, const char *path, const struct outlay_yaml_node *node,
                      int entry)
{
    const char *entry_path = self->scenario->entries[entry].path;
    if (self->scenario->entries[entry].is_default) {
        return strcmp(path, entry_path) == 0;
    }
    return covers(path, entry_path) && outlay_rank(self, &node->place) <= self->entry_ranks[entry];
}

static void apply_to_entry(struct outlay_loader *self, const struct outlay_yaml_node *sources, int entry)
{
    const struct outlay_yaml_node *best = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < sources->n_children; i++) {
        const char *path = sources->keys[i];
        const struct outlay_yaml_node *node = sources->children[i];
        if (node->kind == OUTLAY_YAML_SCALAR && strlen(path) > best_length && speaks_of(self, path, node, entry)) {
            best = node;
            best_length = strlen(path);
        }
    }
    if (best != NULL) {
        self->scenario->entries[entry].source = strdup(best->text);
        if (self->scenario->entries[entry].source == NULL) {
            outlay_loader_no_memory(self);
        }
    }
}

void outlay_sources_apply(struct outlay_loader *self)
{
    const struct outlay_yaml_node *sources = outlay_yaml_get(self->root, "sources");
    if (sources == NULL || sources->kind == OUTLAY_YAML_BROKEN) {
        return;
    }
    if (sources->kind != OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &sources->place,
                                "`sources` takes a block of paths, each with a text, seen: %s",
                                outlay_seen(self, sources));
        outlay_diag_hint(self->diag, "for example programmes.training.budget: City notice 13 of 2024");
        return;
    }
    size_t n_wrong = 0;
    for (size_t i = 0; i < sources->n_children && n_wrong < OUTLAY_MAX_TOLD; i++) {
        const struct outlay_yaml_node *node = sources->children[i];
        if (node->kind == OUTLAY_YAML_MAPPING || node->kind == OUTLAY_YAML_LIST ||
            (node->kind == OUTLAY_YAML_SCALAR && node->text[0] == '\0')) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                    "the source of `%s` is a text, seen: %s", sources->keys[i],
                                    outlay_seen(self, node));
        }
        n_wrong += check_path(self, sources->keys[i], node) ? 0 : 1;
    }
    for (int e = 0; e < self->scenario->n_entries; e++) {
        apply_to_entry(self, sources, e);
    }
}
