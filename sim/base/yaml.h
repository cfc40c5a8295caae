/*
 * yaml.h: text -> a tree of mappings, lists and scalars, each with its place (private to the library).
 *
 * First step of reading a scenario or a calendar. The tree is a subset of YAML 1.2 on purpose: one document, keys are
 * plain words, no anchors, aliases or tags (`extends` and `by_class` do their work). Scalars stay text: what they mean
 * depends on the key. Nodes live in the caller's arena and point into the caller's text, which must outlive them.
 */
#ifndef OUTLAY_BASE_YAML_H
#define OUTLAY_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "outlay/error.h"

#define OUTLAY_YAML_MAX_DEPTH 64
#define OUTLAY_YAML_MAX_NODES 1000000

enum outlay_yaml_kind {
    OUTLAY_YAML_SCALAR,
    OUTLAY_YAML_LIST,
    OUTLAY_YAML_MAPPING,
    OUTLAY_YAML_BROKEN /* reported already: say nothing more about it */
};

struct outlay_yaml_node {
    enum outlay_yaml_kind kind;
    struct outlay_place place;     /* of the value; of a block mapping or list: its first key or item */
    struct outlay_place key_place; /* of the key that leads here; line 0 where there is none */
    bool is_path;                  /* a mapping made of the dots of a --set: it changes what it names and no more */
    const char *text;              /* of a scalar */
    size_t n_children;
    struct outlay_yaml_node **children;   /* values of a mapping in the order of the text, or items of a list */
    const char **keys;                    /* [n_children] of a mapping, each different */
    const struct outlay_yaml_key *sorted; /* [n_children] the keys of a large mapping once more; NULL = a small one */
};

/* A key and its position in a mapping. */
struct outlay_yaml_key {
    const char *key;
    size_t position;
};

/*
 * Parse `text`, which messages call `file`. `offset` is where in the first line of a longer text it starts, which is
 * what the places then show (`whole`; NULL = the text itself). *root is NULL where the text holds no value.
 * Errors: YAML_SYNTAX, DUPLICATE_KEY (all of them, the tree is complete without the later ones), TOO_LARGE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_yaml_parse(struct outlay_arena *arena, const char *file, const char *text,
                                             const char *whole, int offset, struct outlay_yaml_node **root,
                                             struct outlay_diag *diag);

/* The value of `key` (of `length` bytes); NULL where there is none, or `node` is NULL or no mapping. */
const struct outlay_yaml_node *outlay_yaml_get(const struct outlay_yaml_node *node, const char *key);
const struct outlay_yaml_node *outlay_yaml_get_n(const struct outlay_yaml_node *node, const char *key, size_t length);

/* The position of that key in a mapping; n_children = it has no such key. */
size_t outlay_yaml_find(const struct outlay_yaml_node *node, const char *key, size_t length);

/* Sort keys by their bytes, equal ones by their positions. */
void outlay_yaml_sort(struct outlay_yaml_key keys[], size_t n);

/* Make the keys of a mapping that is whole, and large, quick to find. Without memory for it they are slow to find. */
void outlay_yaml_index(struct outlay_arena *arena, struct outlay_yaml_node *node);

/* The node in one line of YAML (flow style) that reads back as the same tree. */
struct outlay_text;
void outlay_yaml_write(struct outlay_text *out, const struct outlay_yaml_node *node);

/* `text` as a YAML scalar: as it is where that is safe, else in double quotes. */
void outlay_yaml_write_scalar(struct outlay_text *out, const char *text);

#endif
