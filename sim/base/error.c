/* error.c: the list of errors as text, and the notes of a diagnostic. */
#include "outlay/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Longer lines are not shown: nobody reads them, and a note would copy them once for each of its errors. */
#define MAX_SOURCE_LINE 4096
/* Notes that show their line: to look for the line of each of a million would take hours, and nobody reads them. */
#define MAX_SHOWN_LINES 200

static const struct {
    const char *name;
    const char *text;
} errors[] = {
#define ERROR_ROW(code, text) {#code, text},
    OUTLAY_ERRORS(ERROR_ROW)
#undef ERROR_ROW
};

const char *outlay_err_text(outlay_err err)
{
    return (unsigned)err < OUTLAY_N_ERRORS ? errors[err].text : "an unknown error";
}

const char *outlay_err_name(outlay_err err)
{
    return (unsigned)err < OUTLAY_N_ERRORS ? errors[err].name : "UNKNOWN";
}

static char *copy_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static char *format_text(const char *format, va_list arguments) OUTLAY_PRINTF(1, 0);

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

/* The line `line` of `text` without its end; NULL with *failed false where there is none worth showing. */
static char *copy_line(const char *text, int line, bool *failed)
{
    if (text == NULL || line < 1) {
        return NULL;
    }
    const char *start = outlay_text_line(text, line);
    size_t length = 0;
    while (start != NULL && start[length] != '\0' && start[length] != '\r' && start[length] != '\n') {
        if (++length > MAX_SOURCE_LINE) {
            return NULL;
        }
    }
    if (start == NULL) {
        return NULL;
    }
    char *copy = copy_text(start, length);
    *failed = *failed || copy == NULL;
    return copy;
}

static void free_note(struct outlay_note *note)
{
    free(note->file);
    free(note->source_line);
    free(note->message);
    free(note->hint);
}

static bool set_place(struct outlay_note *note, const struct outlay_place *place)
{
    bool failed = false;
    note->line = place->line;
    note->column = place->column;
    note->width = place->column > 0 && place->width < 1 ? 1 : place->width;
    if (place->file != NULL) {
        note->file = copy_text(place->file, strlen(place->file));
        failed = note->file == NULL;
    }
    note->source_line = copy_line(place->text, place->line, &failed);
    return !failed;
}

/* Takes over `message`. */
static void add_note(struct outlay_diag *diag, outlay_err err, bool is_warning, const struct outlay_place *place,
                     char *message)
{
    struct outlay_note note = {.err = err, .is_warning = is_warning, .message = message};
    /* Room doubles whenever the count is a power of two, so the struct needs no capacity of its own. */
    const size_t n = diag->n_notes;
    struct outlay_place known = place != NULL ? *place : (struct outlay_place){0};
    known.text = n < MAX_SHOWN_LINES ? known.text : NULL;
    if (message == NULL || !set_place(&note, &known)) {
        goto lost;
    }
    if ((n & (n - 1)) == 0) {
        struct outlay_note *more = realloc(diag->notes, (n == 0 ? 1 : 2 * n) * sizeof *more);
        if (more == NULL) {
            goto lost;
        }
        diag->notes = more;
    }
    diag->notes[diag->n_notes++] = note;
    diag->n_errors += is_warning ? 0 : 1;
    return;
lost:
    free_note(&note);
    diag->n_lost++;
}

outlay_err outlay_diag_error(struct outlay_diag *diag, outlay_err err, const struct outlay_place *place,
                             const char *format, ...)
{
    if (diag != NULL) {
        va_list arguments;
        va_start(arguments, format);
        add_note(diag, err, false, place, format_text(format, arguments));
        va_end(arguments);
    }
    return err;
}

void outlay_diag_warning(struct outlay_diag *diag, outlay_err err, const struct outlay_place *place, const char *format,
                         ...)
{
    if (diag != NULL) {
        va_list arguments;
        va_start(arguments, format);
        add_note(diag, err, true, place, format_text(format, arguments));
        va_end(arguments);
    }
}

outlay_err outlay_diag_no_memory(struct outlay_diag *diag)
{
    return outlay_diag_error(diag, OUTLAY_ERR_NO_MEMORY, NULL, "%s", outlay_err_text(OUTLAY_ERR_NO_MEMORY));
}

void outlay_diag_hint(struct outlay_diag *diag, const char *format, ...)
{
    if (diag == NULL || diag->n_notes == 0) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    char *hint = format_text(format, arguments);
    va_end(arguments);
    if (hint != NULL) {
        free(diag->notes[diag->n_notes - 1].hint);
        diag->notes[diag->n_notes - 1].hint = hint;
    }
}

outlay_err outlay_diag_first(const struct outlay_diag *diag)
{
    for (size_t i = 0; i < diag->n_notes; i++) {
        if (!diag->notes[i].is_warning) {
            return diag->notes[i].err;
        }
    }
    return diag->n_lost > 0 ? OUTLAY_ERR_NO_MEMORY : OUTLAY_OK;
}

void outlay_diag_free(struct outlay_diag *diag)
{
    for (size_t i = 0; i < diag->n_notes; i++) {
        free_note(&diag->notes[i]);
    }
    free(diag->notes);
    *diag = (struct outlay_diag){0};
}
