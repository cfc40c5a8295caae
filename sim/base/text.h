/*
 * text.h: reading a file whole, and a growing text (private to the library).
 */
#ifndef OUTLAY_BASE_TEXT_H
#define OUTLAY_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "outlay/error.h"

/*
 * Scenario and calendar files are written by people: more than this is a mistake. Of brackets alone, this much takes
 * libfyaml five seconds and a gigabyte.
 */
#define OUTLAY_MAX_FILE_BYTES ((size_t)4 << 20)

/* A text that grows at its end. Initialise with {0}; `failed` once memory ran out, and then nothing is added. */
struct outlay_text {
    char *bytes; /* NUL-terminated; NULL = empty */
    size_t length, size;
    bool failed;
};

void outlay_text_add(struct outlay_text *self, const char *bytes, size_t length);
void outlay_text_printf(struct outlay_text *self, const char *format, ...) OUTLAY_PRINTF(2, 3);

/* Hand the text over (never NULL unless it failed) and leave the struct empty; the caller frees what it gets. */
char *outlay_text_take(struct outlay_text *self);
void outlay_text_free(struct outlay_text *self);

/* One text and another behind it; to be freed. NULL = out of memory. */
char *outlay_text_joined(const char *first, const char *second);

/*
 * Read the file `path` into *text, NUL-terminated, less a byte order mark, valid UTF-8 without NUL bytes; to be
 * freed by the caller. `place` is who names the file, for messages, and then it must be a plain file; NULL = the file
 * itself is to blame, and may be a pipe.
 * Errors: CANNOT_READ, YAML_SYNTAX (bytes that are no text), NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_file_read(const char *path, const struct outlay_place *place, char **text,
                                            struct outlay_diag *diag);

/* Report the first byte of `text` that is not UTF-8 or not a printable character, as `name` calls the file. */
OUTLAY_MUST_USE outlay_err outlay_text_check(const char *name, const char *text, size_t length,
                                             struct outlay_diag *diag);

/* The beginning of line `line` (from 1); NULL = the text has fewer. */
const char *outlay_text_line(const char *text, int line);

/* Number of lines; an end of line at the end of the text begins no other. */
int outlay_text_lines(const char *text);

/* Characters from `column` (from 1) to the end of a line, without blanks at the end; at least 1. */
int outlay_text_rest_of_line(const char *text, int line, int column);

/* `name` as seen from the folder of the file `from`; absolute names stay. To be freed; NULL = out of memory. */
char *outlay_path_beside(const char *from, const char *name);

/* Does a name lead no further than the folder that it starts from: no absolute path, no `..`? Links are another matter:
 * outlay_path_outside. */
bool outlay_path_stays(const char *name);

/* Where the links on the way to `path` lead, if that is outside of the folder of the file `from`; NULL if it is not, or
 * cannot be told. To be freed. */
char *outlay_path_outside(const char *from, const char *path);

/* A pipe, a terminal or the like: opening or reading it may wait or go on for ever. */
bool outlay_path_is_device(const char *path);

/* The part after the last slash. */
const char *outlay_path_base(const char *path);

/*
 * The candidate nearest to `word` by edits (insert, delete, replace, swap neighbours; upper and lower case alike), or
 * NULL if none is near enough to be meant.
 */
const char *outlay_nearest(const char *word, const char *const *candidates, size_t n);

#endif
