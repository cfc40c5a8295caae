/*
 * plan.h: everything that a replicate looks up, as flat arrays.
 *
 * Third in the pipeline: (scenario, values of one draw) -> plan -> replicates. A plan has no text, no dates and no
 * choices left to validate: days count from 0 = first day of the horizon, money is in fen, laws are quantile tables.
 */
#ifndef OUTLAY_PLAN_H
#define OUTLAY_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/random.h"
#include "outlay/scenario.h"

/* Days of one fiscal year on which the applications of a class come: inverse of the arrival shape by look-up. */
#define OUTLAY_ARRIVAL_GUIDES 1024

struct outlay_arrivals {
    int32_t first_day;  /* of the fiscal year */
    int32_t n_days;     /* of the fiscal year; 0 = closed all year: no contracts */
    double *cumulative; /* [n_days + 1]: share of the year's applications before each day; 0 ... 1 */
    uint16_t *guide;    /* [GUIDES + 1]: the last day with cumulative <= i / GUIDES */
};

/* A quantity with a law: value = shift + scale * table(u); table NULL = the constant `shift`. */
struct outlay_draw_law {
    const struct outlay_quantiles *table; /* standard units; borrowed from outlay_plan.tables */
    double scale, shift;
};

/* One class of applicants, whatever programme they turn to. */
struct outlay_plan_class {
    struct outlay_key key;
    const struct outlay_quantiles *size; /* NULL = every size is 1; borrowed */
    int32_t *n_applicants;               /* [n_years] */
};

/* One class in one programme. */
struct outlay_plan_cell {
    struct outlay_key key;
    /* who applies, how often */
    double take_up;               /* probability */
    double per_year;              /* expected contracts of a participant of size 1 */
    double dispersion;            /* variance / mean */
    struct outlay_counts *counts; /* NULL = depends on the applicant's size; owned */
    /* with what, and when */
    struct outlay_draw_law contract;           /* fen */
    const struct outlay_quantiles *size_power; /* NULL = 1; table of size^exponent; borrowed */
    struct outlay_arrivals *arrivals;          /* [n_years], owned */
    /* what the rules grant */
    double rate;             /* share of the contract */
    double cap;              /* fen an award, may be INFINITY */
    double minimum_contract; /* fen */
    double applicant_cap;    /* fen an applicant and year, may be INFINITY */
    /* review */
    double approved;               /* probability */
    struct outlay_draw_law review; /* working days */
    bool has_review;               /* false: every application is approved on its day */
};

/* One programme: its money and how it is shared out. */
struct outlay_plan_programme {
    double budget; /* fen, whole, a fiscal year */
    enum outlay_carry_over carry_over;
    enum outlay_last_award last_award;
    enum outlay_commit commit;
    struct outlay_plan_cell *cells; /* [n_classes], owned */
};

struct outlay_plan {
    int n_years, n_classes, n_programmes;
    int32_t n_days;                /* of the horizon */
    int32_t *year_first_day;       /* [n_years + 1], [n_years] = n_days */
    int32_t *year_of_day;          /* [n_days]: fiscal year, from 0 */
    int32_t *working_days_through; /* [n_days]: working days from day 0 to this day, both included */
    int32_t *nth_working_day;      /* [n_working_days]: day of the n-th working day, from 0 */
    int32_t n_working_days;
    struct outlay_plan_class *classes;        /* [n_classes] */
    struct outlay_plan_programme *programmes; /* [n_programmes] */
    int n_tables;
    struct outlay_quantiles **tables; /* owned */
    double expected_contracts;        /* in a replicate, before the minimum contract */
    size_t capacity;                  /* contracts that a workspace should have room for at first */
    int32_t max_applicants;           /* of any class in any year */
};

/* The values of all uncertain numbers in a draw: values[n_uncertain], in the unit of each (money in fen, whole). */
void outlay_draw_values(const struct outlay_scenario *scenario, uint64_t seed, uint32_t draw, double values[]);

/*
 * Build the plan of one draw. `values` holds one value for each uncertain number (NULL where there is none).
 * `like` may be a plan of the same scenario for another draw, whose tables are borrowed where the laws agree; it must
 * outlive the new plan. Owned by the caller, freed with outlay_plan_free.
 * Errors: NO_MEMORY, LIBRARY; BAD_LAW where the drawn values make no law.
 */
OUTLAY_MUST_USE outlay_err outlay_plan_new(struct outlay_plan **self, const struct outlay_scenario *scenario,
                                           uint64_t seed, const double values[], const struct outlay_plan *like,
                                           struct outlay_diag *diag);
void outlay_plan_free(struct outlay_plan *self);

#endif
