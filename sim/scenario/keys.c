/* keys.c: every key one of the language, every name a good one. */
#include <string.h>

#include "scenario/loader.h"

/* Names become variables and attributes of the result file, which is netCDF. */
#define MAX_NAME 60

static void check_node(struct outlay_loader *self, const struct outlay_yaml_node *node, const struct outlay_spot *spot,
                       const char *path);

bool outlay_hints_are_over(const struct outlay_loader *self)
{
    return self->diag->n_notes > OUTLAY_MAX_HINTS;
}

/* The nearest known word, or the list of all of them where it is short. */
static void hint_known(struct outlay_loader *self, const char *word, const char *const *known, size_t n)
{
    const char *nearest = outlay_nearest(word, known, n);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
        return;
    }
    struct outlay_text list = {0};
    for (size_t i = 0; i < n && i < 20; i++) {
        outlay_text_printf(&list, "%s%s", i == 0 ? "" : ", ", known[i]);
    }
    if (n > 0 && !list.failed) {
        outlay_diag_hint(self->diag, "known here: %s%s", list.bytes, n > 20 ? ", ..." : "");
    }
    outlay_text_free(&list);
}

/* "programmes.training.award" of a key that is at home elsewhere; NULL = nowhere. */
static const struct outlay_parameter *find_elsewhere(const char *key)
{
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *dot = strrchr(row->path, '.');
        if (strcmp(dot != NULL ? dot + 1 : row->path, key) == 0) {
            return row;
        }
    }
    return NULL;
}

void outlay_keys_refuse(struct outlay_loader *self, const struct outlay_place *place, const char *key,
                        const char *block, const struct outlay_spot *spot)
{
    size_t n = 0;
    const char *const *known = outlay_spot_keys(spot, &self->arena, &n);
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, place, "unknown key `%s` %s%s%s", key,
                            block[0] != '\0' ? "in `" : "at the top of the scenario", block,
                            block[0] != '\0' ? "`" : "");
    if (known == NULL || outlay_hints_are_over(self)) {
        return;
    }
    if (key[0] != '\0' && key[strspn(key, "0123456789_")] == '\0') {
        outlay_diag_hint(self->diag, "groups of digits are set off by underscores, 1_700: a comma begins the next key");
        return;
    }
    const struct outlay_parameter *elsewhere = outlay_nearest(key, known, n) == NULL ? find_elsewhere(key) : NULL;
    if (elsewhere != NULL) {
        const char *star = strchr(elsewhere->path, '*');
        const char *rest = star != NULL ? star + 1 : elsewhere->path;
        const char *item = strchr(rest, '#');
        outlay_diag_hint(self->diag, "the key of this name is `%.*s%s%.*s%s%s`",
                         star != NULL ? (int)(star - elsewhere->path) : 0, elsewhere->path, star != NULL ? "NAME" : "",
                         item != NULL ? (int)(item - rest) : (int)strlen(rest), rest, item != NULL ? "N" : "",
                         item != NULL ? item + 1 : "");
        return;
    }
    hint_known(self, key, known, n);
}

void outlay_names_refuse(struct outlay_loader *self, const struct outlay_place *place, const char *what,
                         const char *name, const struct outlay_yaml_node *known)
{
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, place, "there is no %s `%s` in the scenario", what,
                            name);
    if (known != NULL && known->kind == OUTLAY_YAML_MAPPING && !outlay_hints_are_over(self)) {
        hint_known(self, name, known->keys, known->n_children);
    }
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* [A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)* */
static bool is_name(const char *text)
{
    if (!is_letter(text[0]) || strlen(text) > MAX_NAME) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        const bool is_alnum = is_letter(*p) || (*p >= '0' && *p <= '9');
        if (!is_alnum && !(*p == '_' && p[1] != '_' && p[1] != '\0')) {
            return false;
        }
    }
    return true;
}

/* False, with a note, if the name is not a good one. */
static bool check_name(struct outlay_loader *self, const struct outlay_yaml_node *node, const char *name,
                       const struct outlay_spot *spot)
{
    const struct outlay_yaml_node *classes = outlay_yaml_get(self->root, "classes");
    if (spot->kind == OUTLAY_SPOT_BY_CLASS && classes != NULL && classes->kind == OUTLAY_YAML_MAPPING &&
        outlay_yaml_get(classes, name) == NULL) {
        outlay_names_refuse(self, &node->key_place, "class", name, classes);
        return false;
    }
    if (spot->kind == OUTLAY_SPOT_NAMES && !is_name(name)) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NAME, &node->key_place,
                                "the name `%s` is not letters and digits, beginning with a letter, with single "
                                "underscores between, %d at most",
                                name, MAX_NAME);
        outlay_diag_hint(self->diag, "the name becomes part of the result file; `title` takes any text");
        return false;
    }
    return true;
}

static void refuse_kind(struct outlay_loader *self, const struct outlay_yaml_node *node, const struct outlay_spot *spot,
                        const char *path)
{
    size_t n = 0;
    const struct outlay_place *place = node->key_place.line > 0 ? &node->key_place : &node->place;
    if (spot->kind != OUTLAY_SPOT_BLOCK) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, place, "`%s` takes a block of names, seen: %s", path,
                                outlay_seen(self, node));
        outlay_diag_hint(self->diag, "write it as\n%s:\n  NAME: {...}", path);
        return;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, place, "`%s` takes a block of keys, seen: %s", path,
                            outlay_seen(self, node));
    const char *const *known = outlay_spot_keys(spot, &self->arena, &n);
    if (known != NULL) {
        hint_known(self, "", known, n);
    }
}

static void check_children(struct outlay_loader *self, const struct outlay_yaml_node *node,
                           const struct outlay_spot *spot, const char *path)
{
    size_t n_wrong = 0;
    for (size_t i = 0; i < node->n_children; i++) {
        const struct outlay_yaml_node *child = node->children[i];
        const struct outlay_spot next = outlay_spot_step(spot, node->keys[i]);
        if (next.kind == OUTLAY_SPOT_UNKNOWN) {
            if (++n_wrong <= OUTLAY_MAX_TOLD) {
                outlay_keys_refuse(self, &child->key_place, node->keys[i], path, spot);
            }
            continue;
        }
        if (n_wrong <= OUTLAY_MAX_TOLD && !check_name(self, child, node->keys[i], spot)) {
            n_wrong++;
        }
        const char *child_path =
            outlay_arena_printf(&self->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", node->keys[i]);
        if (child_path == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        check_node(self, child, &next, child_path);
    }
}

/* The records of a list. */
static void check_items(struct outlay_loader *self, const struct outlay_yaml_node *node, const struct outlay_spot *spot,
                        const char *path)
{
    const struct outlay_spot item = outlay_spot_step(spot, "1");
    for (size_t i = 0; i < node->n_children && i < OUTLAY_MAX_TOLD; i++) {
        const char *item_path = outlay_arena_printf(&self->arena, "%s.%zu", path, i + 1);
        if (item_path == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        check_node(self, node->children[i], &item, item_path);
    }
}

static void check_node(struct outlay_loader *self, const struct outlay_yaml_node *node, const struct outlay_spot *spot,
                       const char *path)
{
    if (spot->kind == OUTLAY_SPOT_LEAF && spot->leaf->type == OUTLAY_TYPE_RECORDS && node->kind == OUTLAY_YAML_LIST) {
        check_items(self, node, spot, path);
    }
    if (spot->kind == OUTLAY_SPOT_LEAF || node->kind == OUTLAY_YAML_BROKEN) {
        return;
    }
    if (node->kind != OUTLAY_YAML_MAPPING) {
        refuse_kind(self, node, spot, path);
        return;
    }
    check_children(self, node, spot, path);
}

static void check_count(struct outlay_loader *self, const char *key, const char *what, size_t most)
{
    const struct outlay_yaml_node *node = outlay_yaml_get(self->root, key);
    const struct outlay_place file = {.file = self->scenario->file_names[0]};
    if (node == NULL) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &file, "the key `%s` is missing", key);
        outlay_diag_hint(self->diag, "a scenario has at least one %s", what);
    } else if (node->kind == OUTLAY_YAML_MAPPING && node->n_children == 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &node->key_place,
                                "`%s` is empty; a scenario has at least one %s", key, what);
    } else if (node->kind == OUTLAY_YAML_MAPPING && node->n_children > most) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &node->key_place,
                                "%zu in `%s`; at most %zu are allowed", node->n_children, key, most);
    }
}

void outlay_keys_check(struct outlay_loader *self)
{
    const struct outlay_spot root = outlay_spot_root();
    check_children(self, self->root, &root, "");
    check_count(self, "classes", "class", OUTLAY_MAX_CLASSES);
    check_count(self, "programmes", "programme", OUTLAY_MAX_PROGRAMMES);
}
