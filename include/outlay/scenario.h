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
#define OUTLAY_MAX_PATHS 4e9 /* draws x replicates: counts of 32 bits hold them */
#define OUTLAY_MAX_CLASSES 100
#define OUTLAY_MAX_PROGRAMMES 100
#define OUTLAY_MAX_APPLICANTS 100000000 /* of one class */
#define OUTLAY_MAX_CORRELATED 200       /* uncertain numbers that correlations speak of */

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

/* Two uncertain numbers that move together. */
struct outlay_correlation {
    int between[2]; /* positions in outlay_scenario.uncertain, two different ones */
    double rank;    /* Spearman's rank correlation, above -1 and below 1 */
};

/* A law inside the year (aleatory), its own parameters possibly uncertain. */
struct outlay_scenario_law {
    const struct outlay_law_form *form;
    struct outlay_number parameter[OUTLAY_LAW_MAX_PARAMETERS]; /* in the order of the form; money in fen */
    struct outlay_number min, max;                             /* truncation; -INFINITY and INFINITY = none */
    const struct outlay_law_data *data; /* in place of the parameters; one of outlay_scenario.data; NULL = none */
};

/* A day of the year at which something opens or closes. */
struct outlay_when {
    enum { OUTLAY_WHEN_NONE, OUTLAY_WHEN_DATE, OUTLAY_WHEN_EVERY_YEAR } kind;
    struct outlay_date date; /* EVERY_YEAR: `year` is 0, and the date comes again in each fiscal year */
};

enum outlay_design { OUTLAY_DESIGN_RANDOM, OUTLAY_DESIGN_SOBOL, OUTLAY_N_DESIGNS };
enum outlay_day_choice { OUTLAY_DAYS_WORKING, OUTLAY_DAYS_ALL };
enum outlay_period { OUTLAY_PERIOD_YEAR, OUTLAY_PERIOD_HORIZON };
enum outlay_release { OUTLAY_RELEASE_AT_ONCE, OUTLAY_RELEASE_QUARTERLY, OUTLAY_RELEASE_MONTHLY };
enum outlay_rounds { OUTLAY_ROUNDS_ROLLING, OUTLAY_ROUNDS_MONTHLY, OUTLAY_ROUNDS_QUARTERLY, OUTLAY_ROUNDS_YEARLY };
enum outlay_rule {
    OUTLAY_RULE_FIRST_COME,
    OUTLAY_RULE_LOTTERY,
    OUTLAY_RULE_PRIORITY,
    OUTLAY_RULE_SCORE,
    OUTLAY_RULE_PRO_RATA,
    OUTLAY_RULE_EQUAL_AWARDS,
    OUTLAY_N_RULES
};
enum outlay_last_award { OUTLAY_LAST_PARTIAL, OUTLAY_LAST_CLOSE, OUTLAY_LAST_SKIP, OUTLAY_LAST_WAIT };
enum outlay_commit { OUTLAY_COMMIT_APPLICATION, OUTLAY_COMMIT_DECISION };

struct outlay_class {
    char *name;
    struct outlay_number count;      /* applicants in the first fiscal year, 0 to OUTLAY_MAX_APPLICANTS */
    struct outlay_number growth;     /* share a year, > -1 */
    struct outlay_number size_sigma; /* of the lognormal relative size with mean 1, >= 0 */
    struct outlay_scenario_law age;  /* years of an applicant on the first day of the horizon, >= 0 */
};

/* An award rule for contracts up to a size. */
struct outlay_band {
    struct outlay_number up_to; /* fen, the largest contract of the band; INFINITY = no limit */
    struct outlay_number rate;  /* share of the contract */
    struct outlay_number cap;   /* fen for each award; INFINITY = none */
};

/* From a share of the budget on, awards are a share of what they would be. */
struct outlay_step {
    struct outlay_number committed; /* share of the budget that is committed when the step begins, 0 to 1 */
    struct outlay_number factor;    /* share of the full award, 0 to 1 */
};

/* A part of the appropriation, and the day on which it is released. */
struct outlay_part {
    struct outlay_when date;
    struct outlay_number share; /* of the appropriation */
};

/* Money that comes on a day. */
struct outlay_top_up {
    struct outlay_when date;
    struct outlay_number amount; /* fen */
};

/* Money that is kept for one class. */
struct outlay_reserve {
    int class_;                 /* index */
    struct outlay_number share; /* of the appropriation */
    struct outlay_when until;   /* last day; NONE = to the fiscal year's end */
};

/* The rules of one programme for one class: the blocks that `by_class` may override. */
struct outlay_terms {
    struct {
        struct outlay_number rate;             /* share of the contract, 0 to 1; NAN where a fixed sum or bands stand */
        struct outlay_number fixed;            /* fen, whatever the contract; NAN = none */
        struct outlay_number cap;              /* fen for each award; INFINITY = none */
        struct outlay_number minimum_contract; /* fen */
        struct outlay_number applicant_cap;    /* fen for each applicant and fiscal year; INFINITY = none */
        int n_bands;
        struct outlay_band *bands; /* in the order of up_to; they stand in place of rate and cap */
        struct {
            struct outlay_number below; /* years: for applicants younger than this; NAN = no such rule */
            struct outlay_number rate;  /* in place of `rate`, 0 to 1; NAN where there is no such rule */
            struct outlay_number cap;   /* in place of `cap`; INFINITY = none */
        } young;
        struct outlay_number eligible;      /* share of the contracts that are eligible */
        struct outlay_number co_funding;    /* share of the award that another payer bears */
        struct outlay_number capital_drawn; /* money of others drawn in by each unit of award */
        int stacks_with;                    /* index of an earlier programme; -1 = none */
        struct outlay_number stack_limit;   /* share of the contract that both together may pay */
    } award;
    struct {
        int same_as;                     /* index of an earlier programme whose contracts are put to this one too; -1 */
        struct outlay_number take_up;    /* probability that an applicant takes part */
        struct outlay_number per_year;   /* expected contracts a year of a participant of size 1 */
        struct outlay_number dispersion; /* variance / mean of that number; 1 = Poisson */
        struct outlay_scenario_law contract; /* fen, for an applicant of size 1 */
        struct outlay_number size_exponent;  /* a contract is its law times size to this power */
        struct outlay_number inflation;      /* claims are what is verified times this, >= 1 */
        struct {
            struct outlay_number innovation, imitation; /* Bass 1969: p and q a year; innovation 0 = all at once */
        } diffusion;
        struct {
            struct outlay_number elasticity; /* of the contract to what the applicant pays of it, >= 0 */
            struct outlay_number notch;      /* contracts this share below the minimum are raised to it, 0 to 1 */
        } response;
        struct {
            struct outlay_when opens, closes;      /* first and last day */
            struct outlay_number months[12];       /* base rate a day, January to December, relative */
            int days;                              /* enum outlay_day_choice */
            struct outlay_number size_correlation; /* rank correlation of earliness and contract value, -1 to 1 */
            struct {
                struct outlay_number share; /* of the year's applications that come in the rush */
                struct outlay_number days;  /* in which the rush falls to 1/e */
            } rush, deadline;               /* deadline: `days` in which it grows by a factor of e */
        } arrivals;
    } applications;
    struct {
        struct outlay_number approved;           /* probability */
        struct outlay_number withdrawn;          /* probability that an approved application is withdrawn */
        struct outlay_scenario_law working_days; /* from application to decision */
        struct outlay_number notice;             /* further working days of public notice */
        struct outlay_scenario_law score;        /* points; for the rule `score` */
    } review;
};

struct outlay_programme {
    char *name;
    char *title; /* NULL = none */
    struct {
        struct outlay_number amount;          /* fen a period; INFINITY = no limit on money */
        int period;                           /* enum outlay_period */
        struct outlay_number carry_over;      /* share of what is left that moves on to the next fiscal year */
        struct outlay_number over_allocation; /* commitments may reach the money times this, >= 1 */
        struct outlay_number awards;          /* most awards in a fiscal year; INFINITY = no limit */
        int release;                          /* enum outlay_release */
        int n_releases;
        struct outlay_part *releases; /* in place of `release` where there are any */
        int shared_with;              /* index of an earlier programme whose money this one uses; -1 = own */
        int n_top_ups;
        struct outlay_top_up *top_ups;
        int n_reserves;
        struct outlay_reserve *reserves;
        int n_steps;
        struct outlay_step *steps; /* of the award, as money is committed */
    } budget;
    struct {
        int rule;   /* enum outlay_rule */
        int rounds; /* enum outlay_rounds; the days on which money is handed out */
        int n_round_days;
        struct outlay_when *round_days; /* in place of `rounds` where there are any */
        int last_award;                 /* enum outlay_last_award */
        int commit;                     /* enum outlay_commit */
        int n_priority;
        int *priority; /* classes, first served first; classes not named come last */
        struct {
            struct outlay_number below;  /* share of the budget: with less left, the run begins; 0 = never */
            struct outlay_number factor; /* by which it speeds up the remaining applications, >= 1 */
        } run;
    } allocation;
    struct {
        struct outlay_number redeemed;    /* probability that a commitment is called upon */
        struct outlay_scenario_law delay; /* days from commitment to payment (of the first instalment) */
        struct outlay_number expires;     /* days after which a commitment not called upon dies; INFINITY = never */
        int instalments;                  /* 1 = all at once */
        struct outlay_number interval;    /* days between instalments */
    } payment;
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

/* A file that a scenario names: a data file, or a calendar. */
struct outlay_file {
    char *name;  /* as the resolved scenario has it */
    char *bytes; /* [size], and a NUL behind them */
    size_t size;
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
        uint64_t seed;   /* 0 to 2^53 */
        int draws;       /* 0 = as many as are sensible: 1 without uncertain numbers */
        int replicates;  /* of each draw; 0 = as many as are sensible */
        int design;      /* enum outlay_design: how the draws of the uncertain numbers lie */
        char *precision; /* when to stop, in the words of outlay_precision_new; "none" = play all */
    } simulation;

    int n_uncertain;
    struct outlay_uncertain *uncertain;

    /* Which of them move together: the normal scores of the correlated numbers, Phi^-1(F(value)), are jointly normal
     * (Gaussian copula). Their matrix R has Pearson's r = 2 sin(pi rank / 6) where a pair is stated (Kruskal, "Ordinal
     * measures of association", JASA 1958), 0 where none is. A number's row in the factor depends on the
     * rows above it only, so a further correlation at the end of the list leaves the rest of the list as it is. */
    int n_correlations;
    struct outlay_correlation *correlations; /* in the order of the text */
    int n_correlated;                        /* numbers that they speak of, 0 to OUTLAY_MAX_CORRELATED */
    int *correlated;                         /* [n_correlated]: positions in uncertain, in the order of first mention */
    double *correlation_factor;              /* [n_correlated][n_correlated]: lower triangular L, L L' = R */

    int n_data;
    struct outlay_law_data **data; /* that laws borrow; each one once */

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

    int n_read; /* files that it names, as they were when they were read */
    struct outlay_file *read;
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

/*
 * The same with the files that the text names: a name that is among `files` is not looked up on the disk. A resolved
 * scenario is so loaded from a result file, which holds them.
 */
OUTLAY_MUST_USE outlay_err outlay_scenario_load_stored(struct outlay_scenario *self, const char *name, const char *text,
                                                       const struct outlay_file files[], size_t n_files,
                                                       struct outlay_diag *diag);

void outlay_scenario_free(struct outlay_scenario *self);

/*
 * The resolved scenario as YAML, one value a line, each with its origin (and source, and money in words) as a
 * comment. It is a valid scenario file that runs to the same results. Owned by the caller; NULL = out of memory.
 */
char *outlay_scenario_to_yaml(const struct outlay_scenario *self);

/* The reference of the language in Markdown, made from THE parameter table. False if writing failed. */
OUTLAY_MUST_USE bool outlay_parameters_write(FILE *out);

/* The language as a JSON Schema (draft 2020-12) for editors, from the same table. False if writing failed. */
OUTLAY_MUST_USE bool outlay_schema_write(FILE *out);

#endif
