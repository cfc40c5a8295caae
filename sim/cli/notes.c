/* notes.c: notes with their line of text and a caret under it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* Columns of a line that are shown; of a longer one, the part around the caret. */
#define MAX_COLUMNS 110
#define TAB 8
/* More notes than this help nobody; the others are counted. */
#define MAX_NOTES 100
/* Bytes of a message that are shown: a word that it repeats may be as long as its file. */
#define MAX_MESSAGE 2000

struct style {
    const char *error, *warning, *place, *caret, *off;
};

static const struct style plain = {"", "", "", "", ""};
static const struct style coloured = {"\033[1;31m", "\033[1;35m", "\033[1m", "\033[1;32m", "\033[0m"};

static const struct style *style_for(FILE *out)
{
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    const bool is_refused = (no_color != NULL && no_color[0] != '\0') || term == NULL || strcmp(term, "dumb") == 0;
    return !is_refused && isatty(fileno(out)) ? &coloured : &plain;
}

/* The character at `text`, which is UTF-8, and its number of bytes. */
static uint32_t decode(const char *text, size_t *n_bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    const size_t n = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    *n_bytes = 1;
    for (size_t i = 1; i < n && (p[i] & 0xc0) == 0x80; i++) {
        c = c << 6 | (p[i] & 0x3fu);
        *n_bytes = i + 1;
    }
    return c;
}

/* Columns that a terminal gives a character (Unicode Standard Annex 11, shortened to whole blocks). */
static int columns_of(uint32_t c)
{
    static const struct {
        uint32_t from, to;
        int columns;
    } blocks[] = {
        {0x0300, 0x036f, 0}, {0x1100, 0x115f, 2}, {0x200b, 0x200f, 0},   {0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},
        {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2}, {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
        {0xffe0, 0xffe6, 2}, {0xfeff, 0xfeff, 0}, {0x1f300, 0x1f64f, 2}, {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (c >= blocks[i].from && c <= blocks[i].to) {
            return blocks[i].columns;
        }
    }
    return 1;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Columns from the start of the line to its character number `column`, counted from 1. */
static int columns_before(const char *line, int column)
{
    int columns = 0;
    for (int i = 1; i < column && *line != '\0'; i++) {
        size_t n = 1;
        const uint32_t c = decode(line, &n);
        columns += c == '\t' ? TAB - columns % TAB : columns_of(c);
        line += n;
    }
    return columns;
}

/* Print the columns [from, from + MAX_COLUMNS) of a line. */
static void print_line(FILE *out, const char *line, int from)
{
    int columns = 0;
    while (*line != '\0' && columns < from + MAX_COLUMNS) {
        size_t n = 1;
        const uint32_t c = decode(line, &n);
        const int width = c == '\t' ? TAB - columns % TAB : columns_of(c);
        if (columns >= from && c == '\t') {
            (void)fprintf(out, "%*s", width, "");
        } else if (columns >= from) {
            (void)fprintf(out, "%.*s", is_control(c) ? 1 : (int)n, is_control(c) ? "?" : line);
        }
        columns += width;
        line += n;
    }
    (void)fputs(*line != '\0' ? "...\n" : "\n", out);
}

static void print_source(FILE *out, const struct outlay_note *note, const struct style *style)
{
    const int start = columns_before(note->source_line, note->column);
    const int end = columns_before(note->source_line, note->column + note->width);
    const int from = start > MAX_COLUMNS - 20 ? start - MAX_COLUMNS / 2 : 0;
    (void)fprintf(out, "%5d | ", note->line);
    print_line(out, note->source_line, from);
    if (note->column < 1) {
        return;
    }
    (void)fprintf(out, "      | %*s%s^", start - from, "", style->caret);
    for (int i = start + 1; i < end && i < from + MAX_COLUMNS; i++) {
        (void)fputc('~', out);
    }
    (void)fprintf(out, "%s\n", style->off);
}

/* A message may repeat what the user wrote: nothing in it may steer the terminal. Lines go below one another. */
static void print_text(FILE *out, const char *text, const char *next_line)
{
    const char *start = text;
    while (*text != '\0' && text - start < MAX_MESSAGE) {
        size_t n = 1;
        const uint32_t c = decode(text, &n);
        if (c == '\n' && next_line != NULL) {
            (void)fprintf(out, "\n%s", next_line);
        } else {
            (void)fprintf(out, "%.*s", is_control(c) ? 1 : (int)n, is_control(c) ? "?" : text);
        }
        text += n;
    }
    (void)fputs(*text != '\0' ? "..." : "", out);
}

static void print_note(FILE *out, const struct outlay_note *note, const struct style *style)
{
    if (note->file != NULL) {
        (void)fputs(style->place, out);
        print_text(out, note->file, NULL);
        if (note->line > 0) {
            (void)fprintf(out, ":%d", note->line);
        }
        if (note->line > 0 && note->column > 0) {
            (void)fprintf(out, ":%d", note->column);
        }
        (void)fprintf(out, ":%s ", style->off);
    }
    (void)fprintf(out, "%s%s:%s ", note->is_warning ? style->warning : style->error,
                  note->is_warning ? "warning" : "error", style->off);
    print_text(out, note->message, NULL);
    (void)fputc('\n', out);
    if (note->source_line != NULL) {
        print_source(out, note, style);
    }
    if (note->hint != NULL) {
        (void)fputs("      = ", out);
        print_text(out, note->hint, "        ");
        (void)fputc('\n', out);
    }
}

void outlay_notes_print(FILE *out, const struct outlay_diag *diag)
{
    const struct style *style = style_for(out);
    for (size_t i = 0; i < diag->n_notes && i < MAX_NOTES; i++) {
        print_note(out, &diag->notes[i], style);
    }
    if (diag->n_notes > MAX_NOTES) {
        (void)fprintf(out, "... and %zu more\n", diag->n_notes - MAX_NOTES);
    }
    if (diag->n_lost > 0) {
        (void)fprintf(out, "... and %zu more, which the memory had no room for\n", diag->n_lost);
    }
}
