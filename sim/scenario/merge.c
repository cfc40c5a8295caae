/* merge.c: what a file states laid over what it extends, and --set over both. */
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

#define SET "--set"

static struct outlay_yaml_node *copy_node(struct outlay_loader *self, const struct outlay_yaml_node *node,
                                          size_t n_children)
{
    struct outlay_yaml_node *copy = outlay_arena_alloc(&self->arena, sizeof *copy);
    const size_t n = n_children > 0 ? n_children : 1;
    struct outlay_yaml_node **children = outlay_arena_alloc(&self->arena, n * sizeof(*children));
    const char **keys = outlay_arena_alloc(&self->arena, n * sizeof(*keys));
    if (copy == NULL || children == NULL || keys == NULL) {
        outlay_loader_no_memory(self);
        return NULL;
    }
    *copy = *node;
    copy->children = children;
    copy->keys = keys;
    copy->n_children = 0;
    copy->sorted = NULL;
    return copy;
}

static void add_child(struct outlay_yaml_node *node, const char *key, struct outlay_yaml_node *child)
{
    node->keys[node->n_children] = key;
    node->children[node->n_children] = child;
    node->n_children++;
}

/* A mapping {key: value} that stands where `value` stood. */
static struct outlay_yaml_node *wrap(struct outlay_loader *self, const char *key, struct outlay_yaml_node *value)
{
    const struct outlay_yaml_node outer = {
        .kind = OUTLAY_YAML_MAPPING, .place = value->place, .key_place = value->key_place};
    struct outlay_yaml_node *node = copy_node(self, &outer, 1);
    if (node != NULL) {
        add_child(node, key, value);
    }
    return node;
}

static bool is_distribution(const struct outlay_yaml_node *node)
{
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        if (outlay_yaml_get(node, form->name) != NULL) {
            return true;
        }
    }
    return false;
}

/* Write shorthands out (`budget: 5 bn` -> `budget: {amount: 5 bn}`), so that files in either style merge. */
static struct outlay_yaml_node *write_out(struct outlay_loader *self, struct outlay_yaml_node *node,
                                          const struct outlay_spot *spot)
{
    const char *shorthand = outlay_spot_shorthand(spot);
    if (shorthand != NULL && !(node->kind == OUTLAY_YAML_MAPPING && !is_distribution(node)) &&
        node->kind != OUTLAY_YAML_BROKEN) {
        return wrap(self, shorthand, node);
    }
    if (spot->kind == OUTLAY_SPOT_LEAF || spot->kind == OUTLAY_SPOT_UNKNOWN) {
        return node;
    }
    for (size_t i = 0; node->kind == OUTLAY_YAML_MAPPING && i < node->n_children; i++) {
        const struct outlay_spot next = outlay_spot_step(spot, node->keys[i]);
        struct outlay_yaml_node *child = write_out(self, node->children[i], &next);
        if (child == NULL) {
            return NULL;
        }
        node->children[i] = child;
    }
    return node;
}

/* Do two mappings here merge key by key? A distribution replaces another as a whole. */
static bool merges(const struct outlay_spot *spot, const struct outlay_yaml_node *over)
{
    const bool is_leaf = spot->kind == OUTLAY_SPOT_LEAF && spot->leaf->type != OUTLAY_TYPE_SOURCES;
    return over->is_path || !(is_leaf || spot->kind == OUTLAY_SPOT_UNKNOWN);
}

static struct outlay_yaml_node *merge_nodes(struct outlay_loader *self, struct outlay_yaml_node *base,
                                            struct outlay_yaml_node *over, const struct outlay_spot *spot);

/* The position of an item that a path names, from 1; 0 = the list has no such item. */
static size_t item_at(const struct outlay_yaml_node *list, const char *number)
{
    const size_t n_digits = strspn(number, "0123456789");
    const size_t i = n_digits > 0 && n_digits < 10 && number[n_digits] == '\0' ? (size_t)strtoul(number, NULL, 10) : 0;
    return list != NULL && list->kind == OUTLAY_YAML_LIST && i <= list->n_children ? i : 0;
}

/* A list with one of its items changed, which the path of a --set names. */
static struct outlay_yaml_node *merge_item(struct outlay_loader *self, struct outlay_yaml_node *list,
                                           struct outlay_yaml_node *over, const struct outlay_spot *spot)
{
    const size_t i = item_at(list, over->keys[0]);
    struct outlay_yaml_node *copy = copy_node(self, list, list->n_children);
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy->children, list->children, list->n_children * sizeof(*list->children));
    copy->n_children = list->n_children;
    const struct outlay_spot next = outlay_spot_step(spot, over->keys[0]);
    copy->children[i - 1] = merge_nodes(self, list->children[i - 1], over->children[0], &next);
    return copy->children[i - 1] != NULL ? copy : NULL;
}

/* `over` laid over `base`; branches are shared with both. NULL = out of memory (noted). */
static struct outlay_yaml_node *merge_nodes(struct outlay_loader *self, struct outlay_yaml_node *base,
                                            struct outlay_yaml_node *over, const struct outlay_spot *spot)
{
    if (over->is_path && over->n_children == 1 && item_at(base, over->keys[0]) > 0) {
        return merge_item(self, base, over, spot);
    }
    if (base->kind != OUTLAY_YAML_MAPPING || over->kind != OUTLAY_YAML_MAPPING || !merges(spot, over)) {
        return over;
    }
    struct outlay_yaml_node *merged = copy_node(self, over->is_path ? base : over, base->n_children + over->n_children);
    if (merged == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < base->n_children; i++) {
        struct outlay_yaml_node *child = base->children[i];
        const size_t j = outlay_yaml_find(over, base->keys[i], strlen(base->keys[i]));
        if (j < over->n_children) {
            const struct outlay_spot next = outlay_spot_step(spot, base->keys[i]);
            child = merge_nodes(self, child, over->children[j], &next);
        }
        if (child == NULL) {
            return NULL;
        }
        add_child(merged, base->keys[i], child);
    }
    for (size_t j = 0; j < over->n_children; j++) {
        if (outlay_yaml_get(base, over->keys[j]) == NULL) {
            add_child(merged, over->keys[j], over->children[j]);
        }
    }
    outlay_yaml_index(&self->arena, merged);
    return merged;
}

/* Does `component` make sense after what came before it in an override's path? Notes it if not. */
static bool check_component(struct outlay_loader *self, const struct outlay_spot *spot, const char *component,
                            const struct outlay_yaml_node *here, const struct outlay_place *place, const char *before)
{
    if (spot->kind == OUTLAY_SPOT_NAMES || spot->kind == OUTLAY_SPOT_BY_CLASS) {
        const bool is_class = spot->kind == OUTLAY_SPOT_BY_CLASS || strcmp(spot->pattern, "classes") == 0;
        const struct outlay_yaml_node *known =
            spot->kind == OUTLAY_SPOT_BY_CLASS ? outlay_yaml_get(self->root, "classes") : here;
        if (outlay_yaml_get(known, component) == NULL) {
            outlay_names_refuse(self, place, is_class ? "class" : "programme", component, known);
            return false;
        }
        return true;
    }
    if (spot->kind == OUTLAY_SPOT_LEAF && outlay_type_has_items(spot->leaf->type)) {
        if (item_at(here, component) == 0) {
            const bool is_list = here != NULL && here->kind == OUTLAY_YAML_LIST;
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, place, "there is no item `%s` in `%s`, %s",
                                    component, before,
                                    !is_list ? "where no list is written"
                                             : outlay_arena_printf(&self->arena, "which has %zu", here->n_children));
            return false;
        }
        return true;
    }
    if (spot->kind == OUTLAY_SPOT_LEAF) {
        const bool is_deep = spot->leaf->type == OUTLAY_TYPE_NUMBER || spot->leaf->type == OUTLAY_TYPE_LAW;
        if (!is_deep) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, place,
                                    "`%s` is a value, there is no `%s` in it", before, component);
        }
        return is_deep;
    }
    if (spot->kind == OUTLAY_SPOT_BLOCK && outlay_spot_step(spot, component).kind == OUTLAY_SPOT_UNKNOWN) {
        outlay_keys_refuse(self, place, component, before, spot);
        return false;
    }
    return true;
}

/* An override's path as it is being turned into nested mappings. */
struct path_builder {
    const char *text;   /* of the whole override */
    const char *equals; /* the end of the path */
    struct outlay_yaml_node *value;
};

static int characters(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++) {
        n += ((unsigned char)*from & 0xc0) != 0x80 ? 1 : 0;
    }
    return n;
}

/* The tree of "a.b.c=VALUE" from `at` on: {a: {b: {c: VALUE}}}. Depth is bounded by the length of known paths. */
static struct outlay_yaml_node *build_path(struct outlay_loader *self, struct path_builder *path, const char *at,
                                           const struct outlay_spot *spot, const struct outlay_yaml_node *here)
{
    const size_t length = strcspn(at, ".=");
    const char *component = outlay_arena_copy(&self->arena, at, length);
    const char *before =
        outlay_arena_copy(&self->arena, path->text, at > path->text ? (size_t)(at - path->text) - 1 : 0);
    const struct outlay_place place = {SET, path->text, 1, characters(path->text, at) + 1,
                                       length > 0 ? characters(at, at + length) : 1};
    if (component == NULL || before == NULL) {
        outlay_loader_no_memory(self);
        return NULL;
    }
    if (length == 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_OVERRIDE, &place, "an empty word in the path of a --set");
        return NULL;
    }
    if (!check_component(self, spot, component, here, &place, before)) {
        return NULL;
    }
    const struct outlay_spot next = outlay_spot_step(spot, component);
    struct outlay_yaml_node *child = path->value;
    if (at + length < path->equals) {
        const size_t item = item_at(here, component);
        const struct outlay_yaml_node *inside = item > 0 ? here->children[item - 1] : outlay_yaml_get(here, component);
        child = build_path(self, path, at + length + 1, &next, inside);
    }
    if (child == NULL) {
        return NULL;
    }
    child->key_place = place;
    struct outlay_yaml_node *node = wrap(self, component, child);
    if (node != NULL) {
        node->is_path = true;
    }
    return node;
}

/* The value of "KEY=VALUE" as a tree; NULL, with a note, if the text is not of that form. */
static struct outlay_yaml_node *parse_value(struct outlay_loader *self, const char *text, const char *equals)
{
    struct outlay_yaml_node *value = NULL;
    const struct outlay_place place = {
        SET, text, 1, 1, equals != NULL ? characters(text, equals) + 1 : characters(text, text + strlen(text))};
    if (outlay_text_check(SET, text, strlen(text), self->diag) != OUTLAY_OK) {
        return NULL;
    }
    if (equals == NULL || equals == text) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_OVERRIDE, &place, "a --set is KEY=VALUE, seen: `%s`", text);
        outlay_diag_hint(self->diag, "for example --set programmes.training.budget=3e9");
        return NULL;
    }
    const size_t n_errors = self->diag->n_errors;
    const outlay_err err =
        outlay_yaml_parse(&self->arena, SET, equals + 1, text, characters(text, equals + 1), &value, self->diag);
    const bool is_empty =
        value == NULL || (value->kind == OUTLAY_YAML_SCALAR && equals[1 + strspn(equals + 1, " ")] == '\0');
    if (is_empty && err == OUTLAY_OK && self->diag->n_errors == n_errors) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_OVERRIDE, &place, "a --set without a value: `%s`", text);
        return NULL;
    }
    return value;
}

static void apply_override(struct outlay_loader *self, const char *text)
{
    const char *equals = strchr(text, '=');
    const struct outlay_spot spot = outlay_spot_root();
    struct path_builder path = {.text = text, .equals = equals, .value = parse_value(self, text, equals)};
    if (path.value == NULL) {
        return;
    }
    if (strncmp(text, "extends=", 8) == 0) {
        const struct outlay_place place = {SET, text, 1, 1, 7};
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_OVERRIDE, &place,
                                "`extends` cannot be set, only written in a file");
        return;
    }
    struct outlay_yaml_node *tree = build_path(self, &path, text, &spot, self->root);
    tree = tree != NULL ? write_out(self, tree, &spot) : NULL;
    struct outlay_yaml_node *merged = tree != NULL ? merge_nodes(self, self->root, tree, &spot) : NULL;
    self->root = merged != NULL ? merged : self->root;
}

void outlay_merge(struct outlay_loader *self, const struct outlay_override *overrides, size_t n_overrides)
{
    const struct outlay_spot spot = outlay_spot_root();
    self->root = NULL;
    for (int i = self->scenario->n_files - 1; i >= 0; i--) {
        struct outlay_yaml_node *tree = write_out(self, self->trees[i], &spot);
        if (tree == NULL) {
            return;
        }
        self->root = self->root == NULL ? tree : merge_nodes(self, self->root, tree, &spot);
        if (self->root == NULL) {
            return;
        }
    }
    for (size_t i = 0; i < n_overrides; i++) {
        apply_override(self, overrides[i].text);
    }
}
