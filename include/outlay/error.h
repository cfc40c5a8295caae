/*
 * error.h: what can go wrong, and where in the user's text it did.
 *
 * First in the pipeline: every other room returns `outlay_err` and explains itself through a caller-owned
 * `outlay_diag`. The library neither prints nor exits; sim/cli turns notes into text and codes into exit statuses.
 */
#ifndef OUTLAY_ERROR_H
#define OUTLAY_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define OUTLAY_MUST_USE __attribute__((warn_unused_result))
#define OUTLAY_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define OUTLAY_MUST_USE
#define OUTLAY_PRINTF(fmt, args)
#endif

/* THE error list: code, then the sentence that stands for it where no better one is known. */
#define OUTLAY_ERRORS(X)                                                                                               \
    X(OK, "no error")                                                                                                  \
    X(NO_MEMORY, "the memory ran out")                                                                                 \
    X(CANNOT_READ, "a file cannot be read")                                                                            \
    X(YAML_SYNTAX, "the text is not valid YAML")                                                                       \
    X(EMPTY_FILE, "the file holds nothing")                                                                            \
    X(CIRCULAR_EXTENDS, "a chain of `extends` comes back to a file that is already in it")                             \
    X(UNKNOWN_KEY, "a key that the language does not have")                                                            \
    X(DUPLICATE_KEY, "a key that stands twice in one block")                                                           \
    X(MISSING_KEY, "a key that has no default is missing")                                                             \
    X(WRONG_TYPE, "a value of another type than the key takes")                                                        \
    X(BAD_NUMBER, "a value that is not a finite number with a known unit")                                             \
    X(BAD_DATE, "a value that is not a date of the calendar")                                                          \
    X(BAD_NAME, "a name with characters that the result file cannot carry")                                            \
    X(UNKNOWN_NAME, "a name that nothing in the scenario bears")                                                       \
    X(BAD_LAW, "a distribution whose parameters describe no law")                                                      \
    X(OUT_OF_RANGE, "a value outside the range that its key allows")                                                   \
    X(CONTRADICTION, "two values that cannot hold together")                                                           \
    X(TOO_LARGE, "a scenario too large to be simulated")                                                               \
    X(BAD_OVERRIDE, "a --set that is not KEY=VALUE")                                                                   \
    X(BEYOND_REACH, "a scenario that has no exact answer")                                                             \
    X(LIBRARY, "a numerical library reported an error")                                                                \
    X(OUTPUT_EXISTS, "the result file exists already")                                                                 \
    X(CANNOT_WRITE, "a file cannot be written")                                                                        \
    X(BAD_RESULT_FILE, "the file is not a result of outlay")                                                           \
    X(INTERRUPTED, "the run was interrupted")

typedef enum outlay_err {
#define OUTLAY_ERROR_CODE(code, text) OUTLAY_ERR_##code,
    OUTLAY_ERRORS(OUTLAY_ERROR_CODE)
#undef OUTLAY_ERROR_CODE
        OUTLAY_N_ERRORS
} outlay_err;

#define OUTLAY_OK OUTLAY_ERR_OK

/* The sentence of the list above for `err`; never NULL. */
const char *outlay_err_text(outlay_err err);

/* The name of the code without its prefix, such as "UNKNOWN_KEY"; never NULL. */
const char *outlay_err_name(outlay_err err);

/* A place in a text that the user wrote. Borrowed pointers; all of them may be NULL and zero ("nowhere"). */
struct outlay_place {
    const char *file; /* as the user named it, or "--set" */
    const char *text; /* the whole text of that file, NUL-terminated; NULL when there is none to show */
    int line;         /* from 1; 0 = the file as a whole */
    int column;       /* from 1, in characters; 0 = none */
    int width;        /* characters that the caret underlines; at least 1 where column > 0 */
};

/* One thing to tell the user. All strings are owned by the note. */
struct outlay_note {
    outlay_err err;
    bool is_warning;   /* told, but no reason to stop */
    int line;          /* from 1; 0 = none */
    int column;        /* from 1, in characters; 0 = none */
    int width;         /* characters underlined */
    char *file;        /* NULL = no file is concerned */
    char *source_line; /* the line itself, without its end; NULL = none to show */
    char *message;     /* what was seen, and what is allowed; one sentence, no full stop */
    char *hint;        /* what to do about it; NULL = none */
};

/* All that is to be told, in the order in which it was found. Initialise with {0}. */
struct outlay_diag {
    struct outlay_note *notes;
    size_t n_notes;
    size_t n_errors; /* the notes that are no warnings */
    size_t n_lost;   /* notes that could not be kept for want of memory */
};

/*
 * Add an error at `place` (NULL = nowhere), described by a printf format. Returns `err`, so that
 * `return outlay_diag_error(...)` reads well. `diag` may be NULL: then only the code is returned.
 */
outlay_err outlay_diag_error(struct outlay_diag *diag, outlay_err err, const struct outlay_place *place,
                             const char *format, ...) OUTLAY_PRINTF(4, 5);

/* The same for a warning: nothing fails, the user is told. */
void outlay_diag_warning(struct outlay_diag *diag, outlay_err err, const struct outlay_place *place, const char *format,
                         ...) OUTLAY_PRINTF(4, 5);

/* The error NO_MEMORY, which has no place. */
outlay_err outlay_diag_no_memory(struct outlay_diag *diag);

/* Put a hint under the note that was added last. Does nothing where there is none. */
void outlay_diag_hint(struct outlay_diag *diag, const char *format, ...) OUTLAY_PRINTF(2, 3);

/* The code of the first error, OUTLAY_OK where there is none. */
outlay_err outlay_diag_first(const struct outlay_diag *diag);

/* Free all notes; safe on an empty one, and the struct may be used again. */
void outlay_diag_free(struct outlay_diag *diag);

#endif
