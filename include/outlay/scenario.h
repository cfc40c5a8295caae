/*
 * scenario.h: a scenario file, validated, resolved and immutable.
 *
 * Second in the pipeline: YAML text -> outlay_scenario -> plan. After outlay_scenario_load succeeds nothing in the
 * scenario is wrong any more, and nothing changes it: it is `const` everywhere else. What each key means, its unit,
 * default and bounds stand in one place, THE parameter table (sim/scenario/parameters.c), from which the
 * reference page, the checks, --set and the printed resolution all come.
 */
#ifndef OUTLAY_SCENARIO_H
#define OUTLAY_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "outlay/date.h"
#include "outlay/error.h"
#include "outlay/law.h"

/* Bounds on the size of a scenario; the address of a random number (random.h) has room for these. */
#define OUTLAY_MAX_YEARS 50
#define OUTLAY_MAX_DRAWS 1000000
#define OUTLAY_MAX_REPLICATES 100000000
#define OUTLAY_MAX_CLASSES 100
#define OUTLAY_MAX_PROGRAMMES 100
#define OUTLAY_MAX_APPLICANTS 100000000 /* of one class */

/* What a number measures; fixes how it is read, stored and printed. */
enum outlay_unit {
    OUTLAY_UNIT_NONE,  /* no number */
    OUTLAY_UNIT_PLAIN, /* dimensionless, such as a shape */
    OUTLAY_UNIT_MONEY, /* stored in whole fen, written in units of the currency */
    OUTLAY_UNIT_SHARE, /* 0.5 = 50 % */
    OUTLAY_UNIT_COUNT, /* of applicants, contracts a year */
    OUTLAY_UNIT_DAYS,  /* days or working days, as the key says */
    OUTLAY_UNIT_YEARS  /* fiscal years */
};

/* A number of the scenario. `uncertain` < 0: it is `value`. Otherwise it is outlay_scenario.uncertain[uncertain] and
 * has a value in each draw; `value` is then the law's median, for messages and estimates. */
struct outlay_number {
    double value; /* in the unit of its key; money in fen */
    int uncertain;
};

/* An uncertain number: known only as a law; drawn once for each draw (epistemic). */
struct outlay_uncertain {
    char *path;            /* dotted, such as "programmes.training.applications.take_up" */
    struct outlay_law law; /* in the unit of the key; money in fen */
    enum outlay_unit unit;
    double min, max; /* bounds of its key: a value beyond them is moved to them (probability below 1e-9) */
};

/* A law inside the year (aleatory), its own parameters possibly uncertain. */
struct outlay_scenario_law {
    const struct outlay_law_form *form;
    struct outlay_number parameter[OUTLAY_LAW_MAX_PARAMETERS]; /* in the order of the form; money in fen */
    struct outlay_number min, max;                             /* truncation; -INFINITY and INFINITY = none */
};

/* A day of the year at which something opens or closes. */
struct outlay_when {
    enum { OUTLAY_WHEN_NONE, OUTLAY_WHEN_DATE, OUTLAY_WHEN_EVERY_YEAR } kind;
    struct outlay_date date; /* EVERY_YEAR: `year` is 0, and the date comes again in each fiscal year */
};

enum outlay_day_choice { OUTLAY_DAYS_WORKING, OUTLAY_DAYS_ALL };
enum outlay_carry_over { OUTLAY_CARRY_NONE, OUTLAY_CARRY_ALL };
enum outlay_rule { OUTLAY_RULE_FIRST_COME };
enum outlay_last_award { OUTLAY_LAST_PARTIAL, OUTLAY_LAST_CLOSE, OUTLAY_LAST_SKIP };
enum outlay_commit { OUTLAY_COMMIT_APPLICATION, OUTLAY_COMMIT_DECISION };

struct outlay_class {
    char *name;
    struct outlay_number count;      /* applicants in the first fiscal year, 0 to OUTLAY_MAX_APPLICANTS */
    struct outlay_number growth;     /* share a year, > -1 */
    struct outlay_number size_sigma; /* of the lognormal relative size with mean 1, >= 0 */
};

/* The rules of one programme for one class: the blocks that `by_class` may override. */
struct outlay_terms {
    struct {
        struct outlay_number rate;             /* share of the contract, 0 to 1 */
        struct outlay_number cap;              /* fen for each award; INFINITY = none */
        struct outlay_number minimum_contract; /* fen */
        struct outlay_number applicant_cap;    /* fen for each applicant and fiscal year; INFINITY = none */
    } award;
    struct {
        struct outlay_number take_up;        /* probability that an applicant takes part */
        struct outlay_number per_year;       /* expected contracts a year of a participant of size 1 */
        struct outlay_number dispersion;     /* variance / mean of that number; 1 = Poisson */
        struct outlay_scenario_law contract; /* fen, for an applicant of size 1 */
        struct outlay_number size_exponent;  /* a contract is its law times size to this power */
        struct {
            struct outlay_when opens, closes; /* first and last day */
            struct outlay_number months[12];  /* base rate a day, January to December, relative */
            int days;                         /* enum outlay_day_choice */
            struct {
                struct outlay_number share; /* of the year's applications that come in the rush */
                struct outlay_number days;  /* in which the rush falls to 1/e */
            } rush, deadline;               /* deadline: `days` in which it grows by a factor of e */
        } arrivals;
    } applications;
    struct {
        struct outlay_number approved;           /* probability */
        struct outlay_scenario_law working_days; /* from application to decision */
    } review;
};

struct outlay_programme {
    char *name;
    char *title; /* NULL = none */
    struct {
        struct outlay_number amount; /* fen a fiscal year */
        int carry_over;              /* enum outlay_carry_over */
    } budget;
    struct {
        int rule;       /* enum outlay_rule */
        int last_award; /* enum outlay_last_award */
        int commit;     /* enum outlay_commit */
    } allocation;
    struct outlay_terms *terms; /* one for each class, in the order of outlay_scenario.classes */
};

/* One value of the resolved scenario, for people and for the result file. */
struct outlay_entry {
    char *path;            /* dotted */
    char *text;            /* YAML in one line, as it would be written after the key */
    char *words;           /* money in words, "uncertain", or NULL */
    char *origin;          /* "default", "shenzhen-2025.yaml:14", "--set" */
    char *source;          /* what `sources` says of it, or NULL */
    enum outlay_unit unit; /* of its key */
    bool is_default;
};

struct outlay_scenario {
    char *title;
    char *description; /* NULL = none */
    char *currency;    /* ISO 4217, such as "CNY" */
    char *calendar;    /* name, or path of a calendar file */
    struct outlay_date start;
    int n_years; /* fiscal years, 1 to OUTLAY_MAX_YEARS */

    int n_classes;
    struct outlay_class *classes;
    int n_programmes;
    struct outlay_programme *programmes;

    struct {
        uint64_t seed;  /* 0 to 2^53 */
        int draws;      /* 0 = as many as are sensible: 1 without uncertain numbers */
        int replicates; /* of each draw; 0 = as many as are sensible */
    } simulation;

    int n_uncertain;
    struct outlay_uncertain *uncertain;

    /* the horizon in days, and the calendar resolved */
    int32_t first_day;                            /* epoch day of `start` */
    int32_t n_days;                               /* of the horizon */
    int32_t year_first_day[OUTLAY_MAX_YEARS + 1]; /* days since first_day; [n_years] = n_days */
    struct outlay_calendar working;               /* covers the horizon */

    int n_entries;
    struct outlay_entry *entries; /* every value in the order of the reference */

    int n_files; /* the file itself first, then what it extends */
    char **file_names;
    char **file_texts;
};

/* One KEY=VALUE of the command line. */
struct outlay_override {
    const char *text; /* "programmes.training.budget=3e9" */
};

/*
 * Load, merge, check and resolve the scenario in file `path`, with `n_overrides` values on top.
 * Finds all problems of the file at once; each is a note in `diag` with its place. Returns OUTLAY_OK only if there is
 * no error (there may be warnings); otherwise the code of the first error, and *self is empty.
 * *self is owned by the caller and freed with outlay_scenario_free, which is safe on an empty ({0}) one.
 */
OUTLAY_MUST_USE outlay_err outlay_scenario_load(struct outlay_scenario *self, const char *path,
                                                const struct outlay_override *overrides, size_t n_overrides,
                                                struct outlay_diag *diag);

/* The same from a text in memory; `name` is what messages call it, and relative paths start at its folder. */
OUTLAY_MUST_USE outlay_err outlay_scenario_load_text(struct outlay_scenario *self, const char *name, const char *text,
                                                     const struct outlay_override *overrides, size_t n_overrides,
                                                     struct outlay_diag *diag);

void outlay_scenario_free(struct outlay_scenario *self);

/*
 * The resolved scenario as YAML, one value a line, each with its origin (and source, and money in words) as a
 * comment. It is a valid scenario file that runs to the same results. Owned by the caller; NULL = out of memory.
 */
char *outlay_scenario_to_yaml(const struct outlay_scenario *self);

/* The reference of the language in Markdown, made from THE parameter table. False if writing failed. */
OUTLAY_MUST_USE bool outlay_parameters_write(FILE *out);

#endif
