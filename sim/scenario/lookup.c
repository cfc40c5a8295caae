/* lookup.c: finding values in the merged tree, and speaking of them. */
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

/* Characters of a value that a message repeats. */
#define MAX_SEEN 60

/* The value of a key, or the item of a number. */
static const struct outlay_yaml_node *step(const struct outlay_yaml_node *node, const char *word, size_t length)
{
    if (node == NULL || node->kind != OUTLAY_YAML_LIST) {
        return outlay_yaml_get_n(node, word, length);
    }
    const size_t i = strspn(word, "0123456789") == length && length < 10 ? (size_t)strtoul(word, NULL, 10) : 0;
    return i > 0 && i <= node->n_children ? node->children[i - 1] : NULL;
}

const struct outlay_yaml_node *outlay_lookup(const struct outlay_yaml_node *node, const char *path,
                                             const struct outlay_yaml_node **blame)
{
    *blame = node;
    for (;;) {
        const size_t length = strcspn(path, ".");
        node = step(node, path, length);
        if (node == NULL) {
            return NULL;
        }
        *blame = node;
        if (path[length] == '\0') {
            return node;
        }
        path += length + 1;
    }
}

const char *outlay_key_of(const struct outlay_request *request)
{
    const char *path = request->path;
    const char *dot = strrchr(path, '.');
    if (dot == NULL || (request->row->flags & OUTLAY_SHORTHAND) == 0 ||
        strcmp(dot + 1, strrchr(request->row->path, '.') + 1) != 0) {
        return dot != NULL ? dot + 1 : path;
    }
    /* "budget.amount": most people write the block only */
    while (dot > path && dot[-1] != '.') {
        dot--;
    }
    return dot;
}

const char *outlay_where(struct outlay_loader *self, const struct outlay_place *place, const struct outlay_place *from)
{
    const char *text = "the default";
    if (place->file != NULL && from->file != NULL && strcmp(place->file, from->file) == 0 &&
        place->text == from->text) {
        text = outlay_arena_printf(&self->arena, "line %d", place->line);
    } else if (place->file != NULL && strcmp(place->file, "--set") == 0) {
        text = "--set";
    } else if (place->file != NULL) {
        text = outlay_arena_printf(&self->arena, "%s:%d", place->file, place->line);
    }
    return text != NULL ? text : "elsewhere";
}

const char *outlay_seen(struct outlay_loader *self, const struct outlay_yaml_node *node)
{
    struct outlay_text text = {0};
    if (node->kind == OUTLAY_YAML_SCALAR && node->text[0] == '\0') {
        return "nothing";
    }
    if (node->kind == OUTLAY_YAML_SCALAR) {
        outlay_text_add(&text, node->text, strlen(node->text));
    } else {
        outlay_yaml_write(&text, node);
    }
    size_t length = text.length;
    if (length > MAX_SEEN) {
        for (length = MAX_SEEN; length > 0 && ((unsigned char)text.bytes[length] & 0xc0) == 0x80;) {
            length--; /* never in the middle of a character */
        }
    }
    const char *seen = text.failed ? NULL
                                   : outlay_arena_printf(&self->arena, "`%.*s%s`", (int)length, text.bytes,
                                                         length < text.length ? "..." : "");
    outlay_text_free(&text);
    return seen != NULL ? seen : "this";
}
