/* yaml.c: libfyaml's events -> a tree with places. */
#include "base/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Duplicates in one block that are told one by one. */
#define MAX_TOLD 50

struct builder {
    struct outlay_arena *arena;
    const char *file, *text, *whole;
    int offset;
    const char *near; /* the line last asked for, and its number: to look for each from the first on would take */
    int near_line;    /* hours in a hostile file */
    struct fy_parser *parser;
    size_t n_nodes;
    outlay_err failure; /* what stops the reading; errors that do not stop it are only noted */
    struct outlay_diag *diag;
};

/* Children of a collection while it is being read. */
struct children {
    struct outlay_yaml_node **nodes;
    const char **keys;
    size_t n, size;
};

static struct outlay_yaml_node *build_node(struct builder *self, const struct fy_event *event, int depth);

static void stop_no_memory(struct builder *self)
{
    if (self->failure == OUTLAY_OK) {
        self->failure = outlay_diag_error(self->diag, OUTLAY_ERR_NO_MEMORY, NULL,
                                          "the memory ran out while reading `%s`", self->file);
    }
}

static struct outlay_place place_at(const struct builder *self, int line, int column, int width)
{
    const int shift = line == 1 ? self->offset : 0;
    return (struct outlay_place){self->file, self->whole, line, column + shift, width < 1 ? 1 : width};
}

/* As outlay_text_rest_of_line. */
static int rest_of_line(struct builder *self, int line, int column)
{
    if (self->near == NULL || line < self->near_line) {
        self->near = self->text;
        self->near_line = 1;
    }
    const char *start = outlay_text_line(self->near, line - self->near_line + 1);
    if (start == NULL) {
        return 1;
    }
    self->near = start;
    self->near_line = line;
    return outlay_text_rest_of_line(start, 1, column);
}

static struct outlay_place place_of_token(struct builder *self, struct fy_token *token, bool is_quoted)
{
    const struct fy_mark *start = token != NULL ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token != NULL ? fy_token_end_mark(token) : NULL;
    if (start == NULL || end == NULL) {
        return (struct outlay_place){.file = self->file, .text = self->whole};
    }
    const int quote = is_quoted && start->column > 0 ? 1 : 0; /* the marks leave the quotes out */
    const int column = start->column + 1 - quote;
    const int width = end->line == start->line ? end->column - start->column + 2 * quote
                                               : rest_of_line(self, start->line + 1, column);
    return place_at(self, start->line + 1, column, width);
}

/* A collection in brackets on one line is underlined to its closing bracket. */
static void widen_to_end(struct outlay_yaml_node *node, const struct fy_event *start, const struct fy_event *end)
{
    const bool is_mapping = node->kind == OUTLAY_YAML_MAPPING;
    struct fy_token *open = is_mapping ? start->mapping_start.mapping_start : start->sequence_start.sequence_start;
    struct fy_token *close = is_mapping ? end->mapping_end.mapping_end : end->sequence_end.sequence_end;
    const struct fy_mark *from = open != NULL ? fy_token_start_mark(open) : NULL;
    const struct fy_mark *bracket = open != NULL ? fy_token_end_mark(open) : NULL;
    const struct fy_mark *to = close != NULL ? fy_token_end_mark(close) : NULL;
    const bool is_flow = from != NULL && bracket != NULL && bracket->input_pos > from->input_pos;
    if (is_flow && to != NULL && to->line == from->line && to->column > from->column) {
        node->place.width = to->column - from->column;
    }
}

static struct outlay_yaml_node *new_node(struct builder *self, enum outlay_yaml_kind kind)
{
    if (self->n_nodes >= OUTLAY_YAML_MAX_NODES) {
        if (self->failure == OUTLAY_OK) {
            self->failure =
                outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &(struct outlay_place){.file = self->file},
                                  "more than %d values in one file", OUTLAY_YAML_MAX_NODES);
        }
        return NULL;
    }
    struct outlay_yaml_node *node = outlay_arena_alloc(self->arena, sizeof *node);
    if (node == NULL) {
        stop_no_memory(self);
        return NULL;
    }
    self->n_nodes++;
    node->kind = kind;
    return node;
}

static void refuse(struct builder *self, const struct outlay_place *place, const char *what)
{
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_YAML_SYNTAX, place, "%s are not part of the language", what);
    outlay_diag_hint(self->diag, "`extends` shares values between files, `by_class` states what differs for a class");
}

/* The marks of anchors and aliases leave their sign out. */
static struct outlay_place with_sign(struct outlay_place place)
{
    if (place.column > 1) {
        place.column--;
        place.width++;
    }
    return place;
}

static void refuse_decoration(struct builder *self, struct fy_token *anchor, struct fy_token *tag)
{
    if (anchor != NULL) {
        const struct outlay_place place = with_sign(place_of_token(self, anchor, false));
        refuse(self, &place, "anchors (&name)");
    }
    if (tag != NULL) {
        const struct outlay_place place = place_of_token(self, tag, false);
        refuse(self, &place, "tags (!name)");
    }
}

/* The text of libfyaml's complaint, and a hint where the reason is known to be another. */
static void note_syntax_error(struct builder *self, const struct fy_diag_error *error)
{
    const int n_lines = outlay_text_lines(self->text);
    const int line = error->line < 1 ? 1 : error->line > n_lines ? n_lines : error->line;
    /* what is missing at the end of the text is missing behind its last character */
    const int column = error->line > n_lines ? outlay_text_rest_of_line(self->text, line, 1) + 1 : error->column;
    const struct outlay_place place = place_at(self, line, column > 0 ? column : 1, 1);
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_YAML_SYNTAX, &place, "not valid YAML: %s", error->msg);

    for (int i = line; i <= line + 1; i++) {
        const char *start = outlay_text_line(self->text, i);
        if (start != NULL && start[strspn(start, " ")] == '\t') {
            outlay_diag_hint(self->diag, "line %d is indented with a tab; YAML takes blanks only", i);
            return;
        }
    }
}

static struct fy_event *next_event(struct builder *self)
{
    struct fy_event *event = fy_parser_parse(self->parser);
    if (event == NULL && self->failure == OUTLAY_OK) {
        self->failure = OUTLAY_ERR_YAML_SYNTAX; /* noted at the end, from what libfyaml collected */
    }
    return event;
}

static struct outlay_yaml_node *build_scalar(struct builder *self, const struct fy_event *event)
{
    struct outlay_yaml_node *node = new_node(self, OUTLAY_YAML_SCALAR);
    struct fy_token *token = event->scalar.value;
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : "";
    if (node == NULL) {
        return NULL;
    }
    refuse_decoration(self, event->scalar.anchor, event->scalar.tag);
    const enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;
    node->place = place_of_token(self, token, style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED);
    node->text = text != NULL ? outlay_arena_copy(self->arena, text, length) : NULL;
    if (node->text == NULL) {
        stop_no_memory(self);
        return NULL;
    }
    if (strlen(node->text) < length) { /* "\0" in double quotes */
        node->kind = OUTLAY_YAML_BROKEN;
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_YAML_SYNTAX, &node->place, "a text with a NUL character in it");
    }
    return node;
}

static bool append(struct builder *self, struct children *children, const char *key, struct outlay_yaml_node *node)
{
    if (children->n == children->size) {
        const size_t size = children->size == 0 ? 8 : 2 * children->size;
        struct outlay_yaml_node **nodes = realloc(children->nodes, size * sizeof(*nodes));
        if (nodes != NULL) {
            children->nodes = nodes;
        }
        const char **keys = realloc(children->keys, size * sizeof(*keys));
        if (keys != NULL) {
            children->keys = keys;
        }
        if (nodes == NULL || keys == NULL) {
            stop_no_memory(self);
            return false;
        }
        children->size = size;
    }
    children->nodes[children->n] = node;
    children->keys[children->n] = key;
    children->n++;
    return true;
}

/* Report keys that stand twice, and keep the first of each. Sorting keeps a hostile file from taking hours. */
static void drop_duplicates(struct builder *self, struct children *children)
{
    if (children->n < 2) {
        return;
    }
    struct outlay_yaml_key *sorted = malloc(children->n * sizeof *sorted);
    if (sorted == NULL) {
        stop_no_memory(self);
        return;
    }
    for (size_t i = 0; i < children->n; i++) {
        sorted[i] = (struct outlay_yaml_key){children->keys[i], i};
    }
    int n_told = 0;
    outlay_yaml_sort(sorted, children->n);
    for (size_t i = 1, first = 0; i < children->n; i++) {
        if (strcmp(sorted[i].key, sorted[first].key) != 0) {
            first = i;
            continue;
        }
        children->keys[sorted[i].position] = NULL;
        if (++n_told > MAX_TOLD) {
            continue;
        }
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_DUPLICATE_KEY, &children->nodes[sorted[i].position]->key_place,
                                "the key `%s` stands twice in this block; first in line %d", sorted[i].key,
                                children->nodes[sorted[first].position]->key_place.line);
    }
    free(sorted);
    size_t n = 0;
    for (size_t i = 0; i < children->n; i++) {
        if (children->keys[i] != NULL) {
            children->keys[n] = children->keys[i];
            children->nodes[n++] = children->nodes[i];
        }
    }
    children->n = n;
}

static bool store_children(struct builder *self, struct outlay_yaml_node *node, const struct children *children)
{
    if (children->n == 0) {
        return true;
    }
    node->n_children = children->n;
    node->children = outlay_arena_alloc(self->arena, children->n * sizeof(*node->children));
    node->keys = outlay_arena_alloc(self->arena, children->n * sizeof(*node->keys));
    if (node->children == NULL || node->keys == NULL) {
        stop_no_memory(self);
        return false;
    }
    memcpy(node->children, children->nodes, children->n * sizeof(*node->children));
    memcpy(node->keys, children->keys, children->n * sizeof(*node->keys));
    outlay_yaml_index(self->arena, node);
    return true;
}

/* Where there is nothing to point at (an empty value), point just behind the key. */
static void place_empty_value(struct outlay_yaml_node *value, const struct outlay_yaml_node *key)
{
    if (value->place.line == 0) {
        value->place = key->place;
    }
}

/* The value of the key that `event` holds. NULL = stop. */
static bool build_pair(struct builder *self, const struct fy_event *event, int depth, struct children *children)
{
    struct outlay_yaml_node *key = build_node(self, event, depth);
    struct fy_event *value_event = key != NULL ? next_event(self) : NULL;
    struct outlay_yaml_node *value = value_event != NULL ? build_node(self, value_event, depth) : NULL;
    if (value_event != NULL) {
        fy_parser_event_free(self->parser, value_event);
    }
    if (value == NULL) {
        return false;
    }
    if (key->kind != OUTLAY_YAML_SCALAR) {
        if (key->kind != OUTLAY_YAML_BROKEN) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_YAML_SYNTAX, &key->place, "a key must be a plain word");
        }
        return true;
    }
    value->key_place = key->place;
    place_empty_value(value, key);
    return append(self, children, key->text, value);
}

static bool build_children(struct builder *self, struct outlay_yaml_node *node, const struct fy_event *start, int depth,
                           struct children *children)
{
    const bool is_mapping = node->kind == OUTLAY_YAML_MAPPING;
    for (;;) {
        struct fy_event *event = next_event(self);
        if (event == NULL) {
            return false;
        }
        const bool is_end = event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END;
        bool is_ok = true;
        if (!is_end && is_mapping) {
            is_ok = build_pair(self, event, depth, children);
        } else if (!is_end) {
            struct outlay_yaml_node *item = build_node(self, event, depth);
            is_ok = item != NULL && append(self, children, NULL, item);
            if (is_ok) {
                place_empty_value(item, node);
            }
        }
        if (is_end) {
            widen_to_end(node, start, event);
        }
        fy_parser_event_free(self->parser, event);
        if (is_end || !is_ok) {
            return is_ok;
        }
    }
}

static struct outlay_yaml_node *build_collection(struct builder *self, const struct fy_event *event, int depth)
{
    const bool is_mapping = event->type == FYET_MAPPING_START;
    struct outlay_yaml_node *node = new_node(self, is_mapping ? OUTLAY_YAML_MAPPING : OUTLAY_YAML_LIST);
    struct children children = {0};
    bool is_ok = false;

    if (node == NULL) {
        return NULL;
    }
    refuse_decoration(self, is_mapping ? event->mapping_start.anchor : event->sequence_start.anchor,
                      is_mapping ? event->mapping_start.tag : event->sequence_start.tag);
    node->place = place_of_token(
        self, is_mapping ? event->mapping_start.mapping_start : event->sequence_start.sequence_start, false);
    if (depth >= OUTLAY_YAML_MAX_DEPTH) {
        self->failure = outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &node->place,
                                          "blocks nested more than %d deep", OUTLAY_YAML_MAX_DEPTH);
        return NULL;
    }
    if (!build_children(self, node, event, depth + 1, &children)) {
        goto out;
    }
    if (is_mapping) {
        drop_duplicates(self, &children);
    }
    is_ok = self->failure == OUTLAY_OK && store_children(self, node, &children);
out:
    free(children.keys);
    free(children.nodes);
    return is_ok ? node : NULL;
}

/* The node that begins with `event`; NULL = stop. Depth is bounded, so recursion is safe. */
static struct outlay_yaml_node *build_node(struct builder *self, const struct fy_event *event, int depth)
{
    switch (event->type) {
    case FYET_SCALAR:
        return build_scalar(self, event);
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START:
        return build_collection(self, event, depth);
    default: { /* an alias: nothing else can stand here */
        struct outlay_yaml_node *node = new_node(self, OUTLAY_YAML_BROKEN);
        if (node != NULL) {
            node->place =
                with_sign(place_of_token(self, event->type == FYET_ALIAS ? event->alias.anchor : NULL, false));
            refuse(self, &node->place, "aliases (*name)");
        }
        return node;
    }
    }
}

/* One document at most. */
static void build_stream(struct builder *self, struct outlay_yaml_node **root)
{
    bool is_end = false;
    int n_documents = 0;
    while (!is_end && self->failure == OUTLAY_OK) {
        struct fy_event *event = next_event(self);
        if (event == NULL) {
            return;
        }
        if (event->type == FYET_STREAM_END) {
            is_end = true;
        } else if (event->type == FYET_DOCUMENT_START && ++n_documents > 1) {
            const struct outlay_place place = place_of_token(self, event->document_start.document_start, false);
            self->failure = outlay_diag_error(self->diag, OUTLAY_ERR_YAML_SYNTAX, &place,
                                              "a second document begins here; a file holds one");
        } else if (event->type == FYET_SCALAR || event->type == FYET_MAPPING_START ||
                   event->type == FYET_SEQUENCE_START || event->type == FYET_ALIAS) {
            *root = build_node(self, event, 0);
        }
        fy_parser_event_free(self->parser, event);
    }
}

static void discard_output(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)length;
}

outlay_err outlay_yaml_parse(struct outlay_arena *arena, const char *file, const char *text, const char *whole,
                             int offset, struct outlay_yaml_node **root, struct outlay_diag *diag)
{
    struct builder self = {.arena = arena,
                           .file = file,
                           .text = text,
                           .whole = whole != NULL ? whole : text,
                           .offset = offset,
                           .diag = diag};
    const size_t n_errors = diag != NULL ? diag->n_errors : 0;
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.output_fn = discard_output;
    diag_cfg.colorize = false;

    *root = NULL;
    struct fy_diag *fy_diag = fy_diag_create(&diag_cfg);
    if (fy_diag == NULL) {
        stop_no_memory(&self);
        goto out;
    }
    fy_diag_set_collect_errors(fy_diag, true);
    const struct fy_parse_cfg parse_cfg = {.flags = FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                           .diag = fy_diag};
    self.parser = fy_parser_create(&parse_cfg);
    if (self.parser == NULL || fy_parser_set_string(self.parser, text, strlen(text)) != 0) {
        stop_no_memory(&self);
        goto out;
    }
    build_stream(&self, root);
    if (self.failure == OUTLAY_ERR_YAML_SYNTAX) {
        void *iterator = NULL;
        for (struct fy_diag_error *e; (e = fy_diag_errors_iterate(fy_diag, &iterator)) != NULL;) {
            note_syntax_error(&self, e);
        }
        if (diag != NULL && diag->n_errors == n_errors && diag->n_lost == 0) {
            (void)outlay_diag_error(diag, OUTLAY_ERR_YAML_SYNTAX, &(struct outlay_place){.file = file},
                                    "not valid YAML");
        }
    }
out:
    if (self.parser != NULL) {
        fy_parser_destroy(self.parser);
    }
    if (fy_diag != NULL) {
        fy_diag_destroy(fy_diag);
    }
    if (self.failure != OUTLAY_OK) {
        *root = NULL;
        return self.failure;
    }
    return diag != NULL && diag->n_errors > n_errors ? diag->notes[diag->n_notes - 1].err : OUTLAY_OK;
}
