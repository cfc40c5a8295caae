/*
 * parameters.h: THE parameter table, and the grammar of dotted paths that follows from it (private to sim/scenario).
 *
 * A row is one key of the language. The reader, the checks, --set, the printed resolution and the reference page all
 * come from the rows; a new parameter is a new row (and, where it is stored, a member of a struct of scenario.h).
 */
#ifndef OUTLAY_SCENARIO_PARAMETERS_H
#define OUTLAY_SCENARIO_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "outlay/quantity.h"
#include "outlay/scenario.h"

/* Which struct a row's offset is in, and so how often a scenario has it. */
enum outlay_scope {
    OUTLAY_SCOPE_SCENARIO,  /* struct outlay_scenario: once */
    OUTLAY_SCOPE_CLASS,     /* struct outlay_class: once a class */
    OUTLAY_SCOPE_PROGRAMME, /* struct outlay_programme: once a programme */
    OUTLAY_SCOPE_TERMS,     /* struct outlay_terms: once a programme, and again wherever by_class says so */
    /* records: as often as the list that they stand in has items */
    OUTLAY_SCOPE_PART,       /* struct outlay_part */
    OUTLAY_SCOPE_TOP_UP,     /* struct outlay_top_up */
    OUTLAY_SCOPE_RESERVE,    /* struct outlay_reserve */
    OUTLAY_SCOPE_STEP,       /* struct outlay_step */
    OUTLAY_SCOPE_BAND,       /* struct outlay_band */
    OUTLAY_SCOPE_CORRELATION /* struct outlay_correlation */
};

/* How a value is written, read and stored. */
enum outlay_type {
    OUTLAY_TYPE_VERSION,  /* of the language; not stored */
    OUTLAY_TYPE_TEXT,     /* char *, one line */
    OUTLAY_TYPE_PROSE,    /* char *, any number of lines */
    OUTLAY_TYPE_CURRENCY, /* char *, three capital letters */
    OUTLAY_TYPE_CALENDAR, /* char *, name or path */
    OUTLAY_TYPE_EXTENDS,  /* path; dealt with before anything is read */
    OUTLAY_TYPE_SOURCES,  /* mapping of paths to texts; shown with the values */
    OUTLAY_TYPE_DATE,     /* struct outlay_date */
    OUTLAY_TYPE_WHEN,     /* struct outlay_when */
    OUTLAY_TYPE_INTEGER,  /* int */
    OUTLAY_TYPE_SEED,     /* uint64_t */
    OUTLAY_TYPE_CHOICE,   /* int, the position in `choices` */
    OUTLAY_TYPE_NUMBER,   /* struct outlay_number: a number, or a distribution = uncertain */
    OUTLAY_TYPE_CERTAIN,  /* double: a number that cannot be uncertain */
    OUTLAY_TYPE_MONTHS,   /* struct outlay_number[12] */
    OUTLAY_TYPE_LAW,      /* struct outlay_scenario_law: a distribution, or a number = always this value */
    OUTLAY_TYPE_CLASS,    /* int, the position of a class in outlay_scenario.classes */
    OUTLAY_TYPE_EARLIER,  /* int, the position of a programme that stands before this one; -1 = none */
    OUTLAY_TYPE_PAIR,     /* int[2], the positions of two uncertain numbers, which are written as paths */
    /* lists: an owned array, NULL where empty, and the number of its items */
    OUTLAY_TYPE_CLASSES, /* int[], positions of classes */
    OUTLAY_TYPE_WHENS,   /* struct outlay_when[] */
    OUTLAY_TYPE_RECORDS, /* structs, whose members are the rows below this one: "....top_ups.#.amount" */
    OUTLAY_N_TYPES
};

enum outlay_parameter_flag {
    OUTLAY_OPEN_MIN = 1,   /* `min` itself is not allowed */
    OUTLAY_NONE_OK = 2,    /* `none` = INFINITY, no day, no programme, or an empty list */
    OUTLAY_AUTO_OK = 4,    /* `auto` = 0 */
    OUTLAY_SHORTHAND = 8,  /* the value may stand for its block: `budget: 5 bn` */
    OUTLAY_OPTIONAL = 16,  /* may be missing without a default */
    OUTLAY_ABSENT_OK = 32, /* `none` = NAN: the rule that the number belongs to does not stand */
    OUTLAY_UNLESS = 64,    /* required, unless another key stands in its place; links.c knows which */
    OUTLAY_OPEN_MAX = 128  /* of a CERTAIN number: `max` itself is not allowed */
};

struct outlay_parameter {
    const char *path; /* dotted; `*` = a name that the user gives, `#` = an item of a list; NULL ends the table */
    enum outlay_scope scope;
    size_t offset;       /* in the struct of the scope */
    size_t count_offset; /* of a list: where the number of its items is stored, in the same struct; else 0 */
    enum outlay_type type;
    enum outlay_unit unit;
    const char *default_text; /* YAML; NULL = required, or OPTIONAL */
    double min, max;          /* in the unit as stored (money in fen) */
    unsigned flags;
    const char *const *choices; /* ended by NULL; of a CHOICE; of a NUMBER: words that stand for 0, 1, ... */
    const char *doc;            /* one sentence without a full stop */
};

extern const struct outlay_parameter outlay_parameters[];

/* The row of a path such as "programmes.*.award.rate"; NULL = none. */
const struct outlay_parameter *outlay_parameter_find(const char *path);

/* The path less what its scope repeats: "award.rate" of "programmes.*.award.rate", "amount" of "....top_ups.#.amount".
 */
const char *outlay_parameter_tail(const struct outlay_parameter *row);

/* Bytes that a value of this type takes in its struct; of a list, of its array's pointer. */
size_t outlay_type_size(enum outlay_type type);

/* Stored as an array of its own, and the number of its items? */
bool outlay_type_is_list(enum outlay_type type);

/* Written as a list, whose items a --set may change one by one? */
bool outlay_type_has_items(enum outlay_type type);

/* Bytes of one item of the list `row`; the scope of its items, where it is one of records, in *scope. */
size_t outlay_item_size(const struct outlay_parameter *row, enum outlay_scope *scope);

/* "0 to 1", "above -1, up to 10", "partial, close or skip": what a row allows, in `arena`; "" = anything of its type.
 */
const char *outlay_parameter_allowed(const struct outlay_parameter *row, struct outlay_arena *arena);

/* What the block at `pattern` ("programmes.*.budget") is for; NULL = its keys say it. */
const char *outlay_block_doc(const char *pattern);

/* Where in the grammar a dotted path has come to. */
enum outlay_spot_kind {
    OUTLAY_SPOT_BLOCK,    /* keys of the language follow */
    OUTLAY_SPOT_NAMES,    /* names of classes or programmes follow */
    OUTLAY_SPOT_BY_CLASS, /* names of existing classes follow */
    OUTLAY_SPOT_LEAF,     /* a row; behind one of RECORDS, the number of an item leads into a BLOCK */
    OUTLAY_SPOT_UNKNOWN
};

struct outlay_spot {
    enum outlay_spot_kind kind;
    const struct outlay_parameter *leaf;
    bool in_class;    /* inside of a by_class */
    char pattern[64]; /* as in outlay_parameter.path; by_class leaves it as it is */
};

struct outlay_spot outlay_spot_root(void);
struct outlay_spot outlay_spot_step(const struct outlay_spot *at, const char *key);

/* The keys that may follow a BLOCK, in the order of the table; NULL = out of memory. */
const char *const *outlay_spot_keys(const struct outlay_spot *at, struct outlay_arena *arena, size_t *n);

/* The key that the block's shorthand stands for ("amount" of "programmes.*.budget"); NULL = the block has none. */
const char *outlay_spot_shorthand(const struct outlay_spot *at);

#endif
