/*
 * csv.c: a column of a data file as an empirical law.
 *
 * A data file is RFC 4180 with a header: names in the first line, a row in each further one, commas between fields,
 * quotes around those that hold commas; no field goes over the end of its line. Lines before the header that begin with
 * # are for people. The file may be far larger than a scenario.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/data_laws.h"

#define MAX_ROWS 10000000
#define MAX_LINE 65536   /* bytes */
#define MAX_BAD_LINES 10 /* told one by one */

struct csv {
    struct outlay_loader *loader;
    bool is_money;
    const char *at, *end; /* of the file: what has not been read yet */
    char *path;
    char *line; /* [MAX_LINE] the line at hand, less its end */
    int n_lines;
    size_t n_bad;
    int value_field, weight_field; /* from 0; weight -1 = none */
    struct outlay_observation *rows;
    size_t n_rows, size;
};

/* A field of a line. */
struct field {
    char text[128]; /* without quotes; cut off: no number and no name is longer */
    int column, width;
    bool is_open; /* its quote does not close */
};

/* ---- telling ----------------------------------------------------------------------------------------------------- */

/* Note something about the line at hand, and show it where it is text. */
static void tell(struct csv *self, outlay_err err, int column, int width, const char *format, ...) OUTLAY_PRINTF(5, 6);

static void tell(struct csv *self, outlay_err err, int column, int width, const char *format, ...)
{
    struct outlay_diag *diag = self->loader->diag;
    const struct outlay_place place = {
        .file = self->path, .line = self->n_lines, .column = column, .width = width > 0 ? width : 1};
    char message[512];
    va_list arguments;
    if (++self->n_bad > MAX_BAD_LINES) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const size_t n = diag->n_notes;
    (void)outlay_diag_error(diag, err, &place, "%s", message);
    if (diag->n_notes > n && self->line[0] != '\0' && strlen(self->line) < 4096 &&
        outlay_text_check("", self->line, strlen(self->line), NULL) == OUTLAY_OK) {
        diag->notes[n].source_line = strdup(self->line);
    }
}

static void tell_rest(const struct csv *self)
{
    if (self->n_bad > MAX_BAD_LINES) {
        const struct outlay_place place = {.file = self->path, .line = self->n_lines};
        (void)outlay_diag_error(self->loader->diag, OUTLAY_ERR_BAD_NUMBER, &place, "%zu more lines up to here are bad",
                                self->n_bad - MAX_BAD_LINES);
    }
}

/* ---- lines and fields -------------------------------------------------------------------------------------------- */

static int next_byte(struct csv *self)
{
    return self->at < self->end ? (unsigned char)*self->at++ : EOF;
}

/* Read the next line; false at the end of the file, or, with a note, where it goes on for too long. */
static bool next_line(struct csv *self)
{
    static const char mark[] = "\xef\xbb\xbf"; /* byte order mark */
    size_t n = 0;
    int c = 0;
    self->line[0] = '\0';
    while ((c = next_byte(self)) != EOF && c != '\n') {
        if (n + 1 >= MAX_LINE) {
            self->line[0] = '\0';
            self->n_lines++;
            tell(self, OUTLAY_ERR_TOO_LARGE, 1, 1, "this line is longer than %d bytes: is it a data file?", MAX_LINE);
            return false;
        }
        self->line[n++] = (char)(c == '\0' ? 1 : c); /* no text either way, and the line stays a string */
    }
    if (c == EOF && n == 0) {
        return false;
    }
    n -= n > 0 && self->line[n - 1] == '\r' ? 1 : 0;
    self->line[n] = '\0';
    if (self->n_lines++ == 0 && strncmp(self->line, mark, 3) == 0) {
        memmove(self->line, self->line + 3, n - 2);
    }
    return true;
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\0';
}

static int characters(const char *text, size_t n_bytes)
{
    int n = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        n += ((unsigned char)text[i] & 0xc0) != 0x80 ? 1 : 0;
    }
    return n;
}

static void add_to_field(struct field *field, size_t *n, char c)
{
    if (*n + 1 < sizeof field->text) {
        field->text[(*n)++] = c;
    }
    field->text[*n] = '\0';
}

/* Read the field at `text`, which is part of `line`; returns where the next one begins, NULL after the last. */
static const char *read_field(const char *line, const char *text, struct field *field)
{
    const char *p = text + strspn(text, " \t");
    const char *start = p;
    size_t n = 0;
    field->text[0] = '\0';
    field->is_open = false;
    if (*p == '"') {
        for (p++; *p != '\0' && (*p != '"' || p[1] == '"'); p++) {
            p += *p == '"' ? 1 : 0;
            add_to_field(field, &n, *p);
        }
        field->is_open = *p == '\0';
        p += field->is_open ? 0 : 1;
        field->width = characters(start, (size_t)(p - start));
        p += strcspn(p, ",");
    } else {
        const size_t length = strcspn(p, ",");
        for (p += length; p > start && (p[-1] == ' ' || p[-1] == '\t');) {
            p--;
        }
        for (const char *q = start; q < p; q++) {
            add_to_field(field, &n, *q);
        }
        field->width = characters(start, (size_t)(p - start));
        p = start + length;
    }
    field->column = characters(line, (size_t)(start - line)) + 1;
    return *p == ',' ? p + 1 : NULL;
}

/* The field number `i` of the line at hand, or one before it that does not end; false if the line has fewer. */
static bool field_at(const struct csv *self, int i, struct field *field)
{
    const char *next = self->line;
    for (int k = 0; next != NULL; k++) {
        next = read_field(self->line, next, field);
        if (k == i || field->is_open) {
            return true;
        }
    }
    return false;
}

/* ---- header ------------------------------------------------------------------------------------------------------ */

/* Say which columns there are, or the one that was probably meant. */
static void hint_columns(const struct csv *self, const char *name)
{
    enum { MAX_NAMES = 20 };
    struct field *fields = malloc(MAX_NAMES * sizeof *fields);
    const char *names[MAX_NAMES];
    size_t n = 0;
    struct outlay_text list = {0};
    for (const char *next = self->line; fields != NULL && next != NULL && n < MAX_NAMES; n++) {
        next = read_field(self->line, next, &fields[n]);
        names[n] = fields[n].text;
        outlay_text_printf(&list, "%s%s", n == 0 ? "" : ", ", names[n]);
    }
    const char *nearest = n > 0 ? outlay_nearest(name, names, n) : NULL;
    if (nearest != NULL) {
        outlay_diag_hint(self->loader->diag, "did you mean `%s`?", nearest);
    } else if (n == 1 && strpbrk(names[0], ";\t|") != NULL) {
        outlay_diag_hint(self->loader->diag, "columns are told apart by commas; line %d is: %s", self->n_lines,
                         names[0]);
    } else if (n > 0 && !list.failed) {
        outlay_diag_hint(self->loader->diag, "line %d names: %s", self->n_lines, list.bytes);
    }
    outlay_text_free(&list);
    free(fields);
}

/* The position of the column that `node` names; -1, with a note, if there is none or more than one. */
static int find_column(const struct csv *self, const struct outlay_yaml_node *node)
{
    const char *next = self->line;
    int found = -1;
    for (int i = 0; next != NULL; i++) {
        struct field field;
        next = read_field(self->line, next, &field);
        if (strcmp(field.text, node->text) == 0) {
            if (found >= 0) {
                (void)outlay_diag_error(self->loader->diag, OUTLAY_ERR_CONTRADICTION, &node->place,
                                        "`%s` has two columns `%s`", self->path, node->text);
                return -1;
            }
            found = i;
        }
    }
    if (found < 0) {
        (void)outlay_diag_error(self->loader->diag, OUTLAY_ERR_UNKNOWN_NAME, &node->place, "`%s` has no column `%s`",
                                self->path, node->text);
        hint_columns(self, node->text);
    }
    return found;
}

static bool read_header(struct csv *self, const struct outlay_csv_text *text)
{
    bool has_line = false;
    do {
        has_line = next_line(self);
    } while (has_line && (is_blank(self->line) || self->line[0] == '#'));
    if (!has_line) {
        const struct outlay_place place = {.file = self->path};
        if (self->n_bad == 0) {
            (void)outlay_diag_error(self->loader->diag, OUTLAY_ERR_EMPTY_FILE, &place,
                                    "the data file is empty: it begins with a line of column names");
        }
        return false;
    }
    self->value_field = find_column(self, text->column);
    self->weight_field = text->weight != NULL ? find_column(self, text->weight) : -1;
    return self->value_field >= 0 && (text->weight == NULL || self->weight_field >= 0);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* The number in field i of the line at hand; false, with a note, if there is none. */
static bool read_number(struct csv *self, int i, bool is_weight, double *value)
{
    const char *what = is_weight ? "weight" : "value";
    const bool is_money = self->is_money && !is_weight;
    struct field field;
    if (!field_at(self, i, &field)) {
        tell(self, OUTLAY_ERR_BAD_NUMBER, characters(self->line, strlen(self->line)) + 1, 1,
             "the line ends before its %s, which is field %d", what, i + 1);
        return false;
    }
    if (field.is_open) {
        tell(self, OUTLAY_ERR_BAD_NUMBER, field.column, field.width, "this quote is not closed on its line");
        return false;
    }
    if (field.text[0] == '\0') {
        tell(self, OUTLAY_ERR_BAD_NUMBER, field.column, field.width, "the %s is empty", what);
        return false;
    }
    if (!outlay_quantity_parse(field.text, value) || (is_money && strchr(field.text, '%') != NULL)) {
        tell(self, OUTLAY_ERR_BAD_NUMBER, field.column, field.width,
             "the %s `%s` is not a number such as 250000 or 0.5", what, field.text);
        return false;
    }
    *value = is_money ? outlay_fen_from_units(*value) : *value;
    if (!isfinite(*value)) {
        tell(self, OUTLAY_ERR_BAD_NUMBER, field.column, field.width, "the %s `%s` is too large", what, field.text);
        return false;
    }
    if (is_weight && *value < 0.0) {
        tell(self, OUTLAY_ERR_OUT_OF_RANGE, field.column, field.width, "the %s `%s` is below 0", what, field.text);
        return false;
    }
    return true;
}

static bool add_row(struct csv *self, struct outlay_observation row)
{
    if (self->n_rows == self->size) {
        const size_t size = self->size > 0 ? 2 * self->size : 1024;
        struct outlay_observation *more = realloc(self->rows, size * sizeof *more);
        if (more == NULL) {
            outlay_loader_no_memory(self->loader);
            return false;
        }
        self->rows = more;
        self->size = size;
    }
    self->rows[self->n_rows++] = row;
    return true;
}

/* All rows; false, with notes, if one of them is bad. */
static bool read_rows(struct csv *self)
{
    int blank = 0; /* the first of the blank lines just before; at the end of the file they do no harm */
    while (next_line(self)) {
        struct outlay_observation row = {0.0, 1.0};
        if (is_blank(self->line)) {
            blank = blank > 0 ? blank : self->n_lines;
            continue;
        }
        if (blank > 0) {
            const struct outlay_place place = {.file = self->path, .line = blank};
            if (++self->n_bad <= MAX_BAD_LINES) {
                (void)outlay_diag_error(self->loader->diag, OUTLAY_ERR_BAD_NUMBER, &place, "this line is empty");
            }
            blank = 0;
        }
        if (self->n_rows >= MAX_ROWS) {
            tell(self, OUTLAY_ERR_TOO_LARGE, 1, 1, "a data file may have %d rows", MAX_ROWS);
            break;
        }
        const bool is_ok = read_number(self, self->value_field, false, &row.x) &&
                           (self->weight_field < 0 || read_number(self, self->weight_field, true, &row.weight));
        if (is_ok && !add_row(self, row)) {
            return false;
        }
    }
    tell_rest(self);
    return self->n_bad == 0;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* A data file lies beside the scenario that names it, or in a folder there. */
static bool check_name(struct outlay_loader *self, const struct outlay_yaml_node *node)
{
    const bool stays = outlay_path_stays(node->text);
    if (!stays) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CANNOT_READ, &node->place,
                                "a data file lies beside the scenario or in a folder there, seen: %s",
                                outlay_seen(self, node));
        outlay_diag_hint(self->diag, "no absolute path, no `..`");
    }
    return stays;
}

static bool open_file(struct csv *self, const struct outlay_yaml_node *node, const char *from)
{
    const struct outlay_file *file = outlay_named_file_read(self->loader, node->text, self->path, &node->place);
    if (file != NULL) {
        self->at = file->bytes;
        self->end = file->bytes + file->size;
    }
    if (file != NULL && outlay_stored_file(self->loader, node->text) == NULL) {
        outlay_leaving_tell(self->loader, node, from, self->path);
    }
    return file != NULL;
}

struct outlay_law_data *outlay_csv_read(struct outlay_loader *self, const struct outlay_csv_text *text, bool is_money,
                                        bool *has_bad_lines)
{
    struct csv csv = {.loader = self, .is_money = is_money, .weight_field = -1};
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    const char *file = text->file->place.file;
    const char *from = file == NULL || strcmp(file, "--set") == 0 ? self->scenario->file_names[0] : file;
    *has_bad_lines = false;
    if (!check_name(self, text->file)) {
        return NULL;
    }
    csv.path = outlay_path_beside(from, text->file->text);
    csv.line = calloc(1, MAX_LINE);
    if (csv.path == NULL || csv.line == NULL) {
        outlay_loader_no_memory(self);
        goto out;
    }
    if (!open_file(&csv, text->file, from) || !read_header(&csv, text) || !read_rows(&csv)) {
        goto out;
    }
    const outlay_err err = outlay_law_data_sample(&data, csv.n_rows, csv.rows, &why);
    if (err == OUTLAY_ERR_NO_MEMORY) {
        outlay_loader_no_memory(self);
    } else if (err != OUTLAY_OK) {
        const struct outlay_place place = {.file = csv.path};
        (void)outlay_diag_error(self->diag, csv.n_rows == 0 ? OUTLAY_ERR_EMPTY_FILE : err, &place, "%s",
                                csv.n_rows == 0 ? "the data file has no rows below its header" : why);
    }
out:
    *has_bad_lines = csv.n_bad > 0;
    free(csv.rows);
    free(csv.line);
    free(csv.path);
    return data;
}
