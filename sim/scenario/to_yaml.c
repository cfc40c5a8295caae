/* to_yaml.c: the resolved scenario as a scenario file. */
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "outlay/scenario.h"

/* Columns at which the comments begin, where the values leave room. */
#define COMMENT_COLUMN 64

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += ((unsigned char)*text & 0xc0) != 0x80 ? 1 : 0;
    }
    return n;
}

/* A comment goes to the end of its line, whatever the text in it. */
static void add_comment_part(struct outlay_text *out, const char *lead, const char *text)
{
    outlay_text_add(out, lead, strlen(lead));
    for (const char *p = text; *p != '\0'; p++) {
        outlay_text_add(out, (unsigned char)*p < 0x20 ? " " : p, 1);
    }
}

static void add_comment(struct outlay_text *out, const struct outlay_entry *entry, size_t column)
{
    outlay_text_printf(out, "%*s#", column < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - column) : 1, "");
    const char *lead = " ";
    if (entry->words != NULL) {
        add_comment_part(out, lead, entry->words);
        lead = "; ";
    }
    add_comment_part(out, lead, entry->origin);
    if (entry->source != NULL) {
        add_comment_part(out, "; source: ", entry->source);
    }
}

/* Blocks that `path` shares with the path before it. */
static size_t shared_blocks(const char *path, const char *before)
{
    size_t n = 0;
    for (size_t i = 0; path[i] != '\0' && path[i] == before[i]; i++) {
        n += path[i] == '.' ? 1 : 0;
    }
    return n;
}

/* The number of an item: names begin with a letter. */
static bool is_item(const char *part, size_t length)
{
    return length > 0 && strspn(part, "0123456789") == length;
}

static void add_entry(struct outlay_text *out, const struct outlay_entry *entry, const char *before)
{
    const size_t n_shared = shared_blocks(entry->path, before);
    const char *part = entry->path;
    bool begins_item = false; /* the next line begins with a dash, in the place of the item's number */
    for (size_t depth = 0;; depth++) {
        const size_t length = strcspn(part, ".");
        const int indent = (int)(2 * depth);
        if (part[length] == '\0') {
            outlay_text_printf(out, "%s", depth == 0 && strchr(before, '.') != NULL ? "\n" : "");
            const size_t start = out->length;
            outlay_text_printf(out, "%*s%s%s: %s", begins_item ? indent - 2 : indent, "", begins_item ? "- " : "", part,
                               entry->text);
            add_comment(out, entry, out->failed ? 0 : characters(out->bytes + start));
            outlay_text_add(out, "\n", 1);
            return;
        }
        begins_item = depth >= n_shared && is_item(part, length);
        if (depth >= n_shared && !begins_item) {
            outlay_text_printf(out, "%s%*s%.*s:\n", depth == 0 ? "\n" : "", indent, "", (int)length, part);
        }
        part += length + 1;
    }
}

/* What is known of where values come from, value by value. */
static void add_sources(struct outlay_text *out, const struct outlay_scenario *self)
{
    bool has_any = false;
    for (int e = 0; e < self->n_entries; e++) {
        if (self->entries[e].source != NULL) {
            outlay_text_printf(out, "%s  %s: ", has_any ? "" : "\nsources:\n", self->entries[e].path);
            outlay_yaml_write_scalar(out, self->entries[e].source);
            outlay_text_add(out, "\n", 1);
            has_any = true;
        }
    }
}

char *outlay_scenario_to_yaml(const struct outlay_scenario *self)
{
    struct outlay_text out = {0};
    const char *before = "";
    for (int e = 0; e < self->n_entries; e++) {
        add_entry(&out, &self->entries[e], before);
        before = self->entries[e].path;
    }
    add_sources(&out, self);
    return outlay_text_take(&out);
}
