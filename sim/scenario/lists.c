/* lists.c: values that are lists, of records, of classes or of days; and copying a value of any type. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

/* Items of one list: people write them by hand. */
#define MAX_ITEMS 1000

int outlay_list_count(const struct outlay_parameter *row, const void *target)
{
    const unsigned char *base = (const unsigned char *)target - row->offset;
    int n = 0;
    memcpy(&n, base + row->count_offset, sizeof n);
    return n;
}

static void store(const struct outlay_parameter *row, void *target, void *items, int n)
{
    unsigned char *base = (unsigned char *)target - row->offset;
    memcpy(target, &items, sizeof items);
    memcpy(base + row->count_offset, &n, sizeof n);
}

/* "a list of {date, amount}" */
static const char *list_noun(struct outlay_loader *self, const struct outlay_parameter *row)
{
    if (row->type != OUTLAY_TYPE_RECORDS) {
        return row->type == OUTLAY_TYPE_CLASSES ? "a list of classes" : "a list of days, dates or MM-DD";
    }
    const char *noun = "a list of {";
    size_t n = 0;
    struct outlay_spot list = {.kind = OUTLAY_SPOT_LEAF, .leaf = row};
    (void)snprintf(list.pattern, sizeof list.pattern, "%s", row->path);
    const struct outlay_spot item = outlay_spot_step(&list, "1");
    const char *const *keys = outlay_spot_keys(&item, &self->arena, &n);
    for (size_t i = 0; keys != NULL && noun != NULL && i < n; i++) {
        noun = outlay_arena_printf(&self->arena, "%s%s%s", noun, keys[i], i + 1 < n ? ", " : "}");
    }
    return noun != NULL ? noun : "a list";
}

/* The items as nodes; false, with a note, if the value is no list. */
static bool check_list(struct outlay_loader *self, const struct outlay_request *request)
{
    const struct outlay_yaml_node *node = request->node;
    const bool is_none = node->kind == OUTLAY_YAML_SCALAR && strcmp(node->text, "none") == 0;
    if (node->kind == OUTLAY_YAML_BROKEN || is_none) {
        return false;
    }
    if (node->kind != OUTLAY_YAML_LIST) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes %s, seen: %s",
                                outlay_key_of(request), list_noun(self, request->row), outlay_seen(self, node));
        outlay_diag_hint(self->diag, "a list of one item is written with brackets too: [%s]",
                         request->row->type == OUTLAY_TYPE_RECORDS ? "{...}"
                         : node->kind == OUTLAY_YAML_SCALAR        ? node->text
                                                                   : "...");
        return false;
    }
    if (node->n_children > MAX_ITEMS) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &node->place,
                                "%zu items in `%s`; at most %d are allowed", node->n_children, outlay_key_of(request),
                                MAX_ITEMS);
        return false;
    }
    return node->n_children > 0;
}

void outlay_list_read(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const struct outlay_yaml_node *node = request->node;
    enum outlay_scope scope = request->row->scope;
    const size_t size = outlay_item_size(request->row, &scope);
    if (!check_list(self, request)) {
        return;
    }
    unsigned char *items = calloc(node->n_children, size);
    if (items == NULL) {
        outlay_loader_no_memory(self);
        return;
    }
    store(request->row, target, items, (int)node->n_children);
    /* an item of a plain list is read as a value of its own type, and called by the list's name */
    struct outlay_parameter row = *request->row;
    row.type = row.type == OUTLAY_TYPE_CLASSES ? OUTLAY_TYPE_CLASS : OUTLAY_TYPE_WHEN;
    row.flags = 0;
    for (size_t i = 0; i < node->n_children; i++) {
        const struct outlay_request item = {&row, request->path, node->children[i]};
        if (request->row->type != OUTLAY_TYPE_RECORDS) {
            outlay_value_read(self, &item, items + i * size);
            continue;
        }
        const char *path = outlay_arena_printf(&self->arena, "%s.%zu", request->path, i + 1);
        if (path == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        outlay_scope_read(self, scope, node->children[i], path, items + i * size);
    }
}

void outlay_value_copy(struct outlay_loader *self, const struct outlay_parameter *row, void *target, const void *source)
{
    unsigned char *to = (unsigned char *)target + row->offset;
    const unsigned char *from = (const unsigned char *)source + row->offset;
    if (!outlay_type_is_list(row->type)) {
        memcpy(to, from, outlay_type_size(row->type));
        return;
    }
    enum outlay_scope scope = row->scope;
    const size_t size = outlay_item_size(row, &scope);
    const int n = outlay_list_count(row, from);
    void *items = NULL, *copy = NULL;
    memcpy(&items, from, sizeof items);
    if (n > 0) {
        copy = malloc((size_t)n * size);
        if (copy == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        memcpy(copy, items, (size_t)n * size);
    }
    store(row, to, copy, n);
}
