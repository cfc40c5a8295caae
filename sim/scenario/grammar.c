/* grammar.c: what the parameter table says about paths, types and bounds. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parameters.h"

#define BY_CLASS "by_class"

const struct outlay_parameter *outlay_parameter_find(const char *path)
{
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        if (strcmp(row->path, path) == 0) {
            return row;
        }
    }
    return NULL;
}

const char *outlay_parameter_tail(const struct outlay_parameter *row)
{
    const char *mark = strchr(row->path, '#');
    mark = mark != NULL ? mark : strchr(row->path, '*');
    return mark != NULL ? mark + 2 : row->path;
}

size_t outlay_type_size(enum outlay_type type)
{
    static const size_t sizes[OUTLAY_N_TYPES] = {
        [OUTLAY_TYPE_TEXT] = sizeof(char *),
        [OUTLAY_TYPE_PROSE] = sizeof(char *),
        [OUTLAY_TYPE_CURRENCY] = sizeof(char *),
        [OUTLAY_TYPE_CALENDAR] = sizeof(char *),
        [OUTLAY_TYPE_DATE] = sizeof(struct outlay_date),
        [OUTLAY_TYPE_WHEN] = sizeof(struct outlay_when),
        [OUTLAY_TYPE_INTEGER] = sizeof(int),
        [OUTLAY_TYPE_SEED] = sizeof(uint64_t),
        [OUTLAY_TYPE_CHOICE] = sizeof(int),
        [OUTLAY_TYPE_NUMBER] = sizeof(struct outlay_number),
        [OUTLAY_TYPE_CERTAIN] = sizeof(double),
        [OUTLAY_TYPE_MONTHS] = 12 * sizeof(struct outlay_number),
        [OUTLAY_TYPE_LAW] = sizeof(struct outlay_scenario_law),
        [OUTLAY_TYPE_CLASS] = sizeof(int),
        [OUTLAY_TYPE_EARLIER] = sizeof(int),
        [OUTLAY_TYPE_PAIR] = 2 * sizeof(int),
        [OUTLAY_TYPE_CLASSES] = sizeof(void *),
        [OUTLAY_TYPE_WHENS] = sizeof(void *),
        [OUTLAY_TYPE_RECORDS] = sizeof(void *),
    };
    return sizes[type];
}

bool outlay_type_is_list(enum outlay_type type)
{
    return type == OUTLAY_TYPE_CLASSES || type == OUTLAY_TYPE_WHENS || type == OUTLAY_TYPE_RECORDS;
}

/* A bound as a person would write it. */
static void add_bound(struct outlay_text *out, const struct outlay_parameter *row, double bound)
{
    const double value = row->unit == OUTLAY_UNIT_MONEY ? bound / OUTLAY_FEN : bound;
    if (row->unit == OUTLAY_UNIT_SHARE) {
        outlay_text_printf(out, "%g%s", 100.0 * value, value == 0.0 ? "" : " %");
    } else if (row->unit == OUTLAY_UNIT_MONEY && fabs(value) >= 1e9) {
        outlay_text_printf(out, "%.0f bn", value / 1e9);
    } else if (fabs(value) >= 1e5 && fmod(value, 1e6) == 0.0) {
        outlay_text_printf(out, "%.0f M", value / 1e6);
    } else {
        outlay_text_printf(out, "%.17g", value);
    }
}

static void add_choices(struct outlay_text *out, const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        outlay_text_printf(out, "%s%s", i == 0 ? "" : choices[i + 1] == NULL ? " or " : ", ", choices[i]);
    }
}

const char *outlay_parameter_allowed(const struct outlay_parameter *row, struct outlay_arena *arena)
{
    struct outlay_text text = {0};
    if (row->choices != NULL && row->type == OUTLAY_TYPE_CHOICE) {
        add_choices(&text, row->choices);
    } else if (isfinite(row->min) && row->min == row->max) {
        add_bound(&text, row, row->min);
    } else if (isfinite(row->min)) {
        const bool is_open = (row->flags & OUTLAY_OPEN_MIN) != 0;
        outlay_text_printf(&text, "%s", is_open ? "above " : "");
        add_bound(&text, row, row->min);
        outlay_text_printf(&text, "%s",
                           (row->flags & OUTLAY_OPEN_MAX) != 0 ? ", below "
                           : is_open                           ? ", up to "
                                                               : " to ");
        add_bound(&text, row, row->max);
    }
    const bool takes_none = (row->flags & (OUTLAY_NONE_OK | OUTLAY_ABSENT_OK)) != 0;
    if (takes_none || (row->flags & OUTLAY_AUTO_OK) != 0) {
        outlay_text_printf(&text, "%s%s", text.length > 0 ? ", or " : "or ", takes_none ? "none" : "auto");
    } else if (row->choices != NULL && row->type != OUTLAY_TYPE_CHOICE) {
        outlay_text_printf(&text, ", ");
        add_choices(&text, row->choices);
    }
    const char *allowed = text.failed || text.length == 0 ? NULL : outlay_arena_copy(arena, text.bytes, text.length);
    outlay_text_free(&text);
    return allowed != NULL ? allowed : "";
}

struct outlay_spot outlay_spot_root(void)
{
    return (struct outlay_spot){.kind = OUTLAY_SPOT_BLOCK};
}

/* The part of `path` behind `block` and its dot; NULL if the path does not lie in the block. */
static const char *path_in_block(const char *path, const char *block)
{
    const size_t length = strlen(block);
    if (length == 0) {
        return path;
    }
    return strncmp(path, block, length) == 0 && path[length] == '.' ? path + length + 1 : NULL;
}

bool outlay_type_has_items(enum outlay_type type)
{
    return outlay_type_is_list(type) || type == OUTLAY_TYPE_MONTHS || type == OUTLAY_TYPE_PAIR;
}

size_t outlay_item_size(const struct outlay_parameter *row, enum outlay_scope *scope)
{
    *scope = row->scope;
    if (row->type != OUTLAY_TYPE_RECORDS) {
        return row->type == OUTLAY_TYPE_CLASSES ? sizeof(int) : sizeof(struct outlay_when);
    }
    for (const struct outlay_parameter *field = outlay_parameters; field->path != NULL; field++) {
        if (field != row && path_in_block(field->path, row->path) != NULL) {
            *scope = field->scope;
        }
    }
    static const size_t sizes[] = {
        [OUTLAY_SCOPE_PART] = sizeof(struct outlay_part),
        [OUTLAY_SCOPE_TOP_UP] = sizeof(struct outlay_top_up),
        [OUTLAY_SCOPE_RESERVE] = sizeof(struct outlay_reserve),
        [OUTLAY_SCOPE_STEP] = sizeof(struct outlay_step),
        [OUTLAY_SCOPE_BAND] = sizeof(struct outlay_band),
        [OUTLAY_SCOPE_CORRELATION] = sizeof(struct outlay_correlation),
    };
    return sizes[*scope];
}

/* The blocks right below a programme that hold terms are those that by_class may differ in. */
static bool takes_by_class(const struct outlay_spot *at)
{
    const char *block = path_in_block(at->pattern, "programmes.*");
    if (at->in_class || block == NULL || strchr(block, '.') != NULL) {
        return false;
    }
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        if (path_in_block(row->path, at->pattern) != NULL) {
            return row->scope == OUTLAY_SCOPE_TERMS;
        }
    }
    return false;
}

/* What stands at `pattern`: a row, a block of rows or of names, or nothing. */
static enum outlay_spot_kind kind_of(const char *pattern, const struct outlay_parameter **leaf)
{
    *leaf = outlay_parameter_find(pattern);
    if (*leaf != NULL) {
        return OUTLAY_SPOT_LEAF;
    }
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *rest = path_in_block(row->path, pattern);
        if (rest != NULL) {
            return rest[0] == '*' ? OUTLAY_SPOT_NAMES : OUTLAY_SPOT_BLOCK;
        }
    }
    return OUTLAY_SPOT_UNKNOWN;
}

struct outlay_spot outlay_spot_step(const struct outlay_spot *at, const char *key)
{
    struct outlay_spot next = {.kind = OUTLAY_SPOT_UNKNOWN, .in_class = at->in_class};
    if (at->kind == OUTLAY_SPOT_BY_CLASS || (at->kind == OUTLAY_SPOT_BLOCK && strcmp(key, BY_CLASS) == 0)) {
        if (at->kind == OUTLAY_SPOT_BY_CLASS || takes_by_class(at)) {
            next = *at;
            next.in_class = true;
            next.kind = at->kind == OUTLAY_SPOT_BY_CLASS ? OUTLAY_SPOT_BLOCK : OUTLAY_SPOT_BY_CLASS;
        }
        return next;
    }
    const bool is_item = at->kind == OUTLAY_SPOT_LEAF && at->leaf->type == OUTLAY_TYPE_RECORDS && key[0] != '\0' &&
                         key[strspn(key, "0123456789")] == '\0';
    if (at->kind != OUTLAY_SPOT_BLOCK && at->kind != OUTLAY_SPOT_NAMES && !is_item) {
        return next;
    }
    const char *word = is_item ? "#" : at->kind == OUTLAY_SPOT_NAMES ? "*" : key;
    const int length =
        snprintf(next.pattern, sizeof next.pattern, "%s%s%s", at->pattern, at->pattern[0] != '\0' ? "." : "", word);
    /* a key with a dot or a star in it must not pass for a path */
    const bool is_word = is_item || at->kind == OUTLAY_SPOT_NAMES || strpbrk(key, ".*#") == NULL;
    if (length > 0 && (size_t)length < sizeof next.pattern && is_word) {
        next.kind = kind_of(next.pattern, &next.leaf);
    }
    return next;
}

static bool is_among(const char *const *words, size_t n, const char *word, size_t length)
{
    for (size_t i = 0; i < n; i++) {
        if (strncmp(words[i], word, length) == 0 && words[i][length] == '\0') {
            return true;
        }
    }
    return false;
}

const char *const *outlay_spot_keys(const struct outlay_spot *at, struct outlay_arena *arena, size_t *n)
{
    size_t size = 1;
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        size++;
    }
    const char **keys = outlay_arena_alloc(arena, (size + 1) * sizeof(*keys));
    *n = 0;
    if (keys == NULL) {
        return NULL;
    }
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *rest = path_in_block(row->path, at->pattern);
        if (rest == NULL) {
            continue;
        }
        const size_t length = strcspn(rest, ".");
        if (is_among(keys, *n, rest, length)) {
            continue;
        }
        keys[*n] = outlay_arena_copy(arena, rest, length);
        if (keys[*n] == NULL) {
            return NULL;
        }
        (*n)++;
    }
    if (takes_by_class(at)) {
        keys[(*n)++] = BY_CLASS;
    }
    return keys;
}

const char *outlay_spot_shorthand(const struct outlay_spot *at)
{
    if (at->kind != OUTLAY_SPOT_BLOCK || at->pattern[0] == '\0') {
        return NULL;
    }
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *rest = path_in_block(row->path, at->pattern);
        if (rest != NULL && (row->flags & OUTLAY_SHORTHAND) != 0 && strchr(rest, '.') == NULL) {
            return rest;
        }
    }
    return NULL;
}
