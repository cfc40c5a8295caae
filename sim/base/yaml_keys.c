/* yaml_keys.c: finding a key in a mapping, which in a hostile file has a hundred thousand. */
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"

/* Fewer keys are looked at one by one. */
#define MIN_SORTED 16

static int compare(const void *a, const void *b)
{
    const struct outlay_yaml_key *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order != 0 ? order : x->position < y->position ? -1 : 1;
}

void outlay_yaml_sort(struct outlay_yaml_key keys[], size_t n)
{
    qsort(keys, n, sizeof *keys, compare);
}

void outlay_yaml_index(struct outlay_arena *arena, struct outlay_yaml_node *node)
{
    const size_t n = node->n_children;
    node->sorted = NULL;
    if (node->kind != OUTLAY_YAML_MAPPING || n < MIN_SORTED) {
        return;
    }
    struct outlay_yaml_key *sorted = outlay_arena_alloc(arena, n * sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < n; i++) {
        sorted[i] = (struct outlay_yaml_key){node->keys[i], i};
    }
    if (sorted != NULL) {
        outlay_yaml_sort(sorted, n);
    }
    node->sorted = sorted;
}

/* Less than, equal to or greater than zero as the `length` bytes at `word` stand before, are, or stand after `key`. */
static int compare_word(const char *word, size_t length, const char *key)
{
    const int order = strncmp(word, key, length);
    return order != 0 || key[length] == '\0' ? order : -1;
}

size_t outlay_yaml_find(const struct outlay_yaml_node *node, const char *key, size_t length)
{
    size_t from = 0, to = node->n_children;
    while (node->sorted != NULL && from < to) {
        const size_t middle = from + (to - from) / 2;
        const int order = compare_word(key, length, node->sorted[middle].key);
        if (order == 0) {
            return node->sorted[middle].position;
        }
        from = order > 0 ? middle + 1 : from;
        to = order < 0 ? middle : to;
    }
    for (size_t i = 0; node->sorted == NULL && i < node->n_children; i++) {
        if (compare_word(key, length, node->keys[i]) == 0) {
            return i;
        }
    }
    return node->n_children;
}

const struct outlay_yaml_node *outlay_yaml_get_n(const struct outlay_yaml_node *node, const char *key, size_t length)
{
    if (node == NULL || node->kind != OUTLAY_YAML_MAPPING) {
        return NULL;
    }
    const size_t i = outlay_yaml_find(node, key, length);
    return i < node->n_children ? node->children[i] : NULL;
}

const struct outlay_yaml_node *outlay_yaml_get(const struct outlay_yaml_node *node, const char *key)
{
    return outlay_yaml_get_n(node, key, strlen(key));
}
