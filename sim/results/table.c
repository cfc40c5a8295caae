/* table.c: widths of UTF-8, and columns. */
#include "results/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The next character and the bytes it takes; a byte that is no UTF-8 stands for itself. */
static uint32_t decode(const char *text, size_t *n_bytes)
{
    const unsigned char first = (unsigned char)text[0];
    const size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    uint32_t character = n == 1 ? first : first & (0xFFu >> (n + 1));
    *n_bytes = 1;
    for (size_t i = 1; i < n; i++, ++*n_bytes) {
        const unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xC0) != 0x80) {
            break;
        }
        character = character << 6 | (byte & 0x3Fu);
    }
    return character;
}

/* The wide blocks of Unicode's EastAsianWidth that texts have: CJK, kana, hangul, full-width forms. */
static int is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

int outlay_text_width(const char *text)
{
    int width = 0;
    for (size_t n = 0; *text != '\0'; text += n) {
        width += is_wide(decode(text, &n)) ? 2 : 1;
    }
    return width;
}

void outlay_text_cut(char *text, int width)
{
    for (size_t n = 0; *text != '\0'; text += n) {
        width -= is_wide(decode(text, &n)) ? 2 : 1;
        if (width < 0) {
            *text = '\0';
            return;
        }
    }
}

void outlay_table_row(struct outlay_table *self)
{
    if (self->n_rows == self->size && !self->failed) {
        const int size = self->size == 0 ? 16 : 2 * self->size;
        void *cells = realloc(self->cells, (size_t)size * sizeof *self->cells);
        self->failed = cells == NULL;
        if (cells != NULL) {
            self->cells = cells;
            self->size = size;
        }
    }
    if (!self->failed) {
        memset(self->cells[self->n_rows++], 0, sizeof *self->cells);
    }
}

void outlay_table_cell(struct outlay_table *self, int column, const char *format, ...)
{
    if (self->failed || self->n_rows == 0) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(self->cells[self->n_rows - 1][column], OUTLAY_TABLE_CELL, format, arguments);
    va_end(arguments);
}

static int column_width(const struct outlay_table *self, int column)
{
    int width = 0;
    for (int row = 0; row < self->n_rows; row++) {
        const int cell = outlay_text_width(self->cells[row][column]);
        width = cell > width ? cell : width;
    }
    return width;
}

static int last_column(const struct outlay_table *self, int row)
{
    int last = OUTLAY_TABLE_COLUMNS - 1;
    while (last > 0 && self->cells[row][last][0] == '\0') {
        last--;
    }
    return last;
}

int outlay_table_width(const struct outlay_table *self)
{
    int width = 0;
    for (int column = 0; column < OUTLAY_TABLE_COLUMNS; column++) {
        const int own = column_width(self, column);
        width += own > 0 ? own + 2 : 0;
    }
    return width;
}

void outlay_table_free(struct outlay_table *self)
{
    free(self->cells);
    *self = (struct outlay_table){0};
}

void outlay_table_print(struct outlay_table *self, FILE *out)
{
    const int failed = self->failed;
    int width[OUTLAY_TABLE_COLUMNS];
    for (int column = 0; column < OUTLAY_TABLE_COLUMNS; column++) {
        width[column] = column_width(self, column);
    }
    for (int row = 0; row < self->n_rows; row++) {
        const int last = last_column(self, row);
        for (int column = 0; column <= last; column++) {
            const char *cell = self->cells[row][column];
            const int blanks = width[column] - outlay_text_width(cell);
            const int is_left = column == 0;
            (void)fprintf(out, "  %*s%s%*s", is_left ? 0 : blanks, "", cell, is_left && last > 0 ? blanks : 0, "");
        }
        (void)fputc('\n', out);
    }
    outlay_table_free(self);
    if (failed) {
        (void)fputs("  (the memory ran out: rows are missing)\n", out);
        errno = ENOMEM;
    }
}
