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
    int32_t first_day;       /* of the fiscal year */
    int32_t n_days;          /* of the fiscal year; 0 = closed all year: no contracts */
    double *cumulative;      /* [n_days + 1]: share of the year's applications before each day; 0 ... 1 */
    int32_t n_open;          /* days with a share */
    int64_t *open_day;       /* [n_open]: day of the horizon; wide, so that a look-up need not widen it */
    double *open_cumulative; /* [n_open + 1]: share before each of them */
    int64_t *guide;          /* [GUIDES + 1]: the last open day with open_cumulative <= i / GUIDES */
    int n_steps;             /* open days that one interval of the guide may lead past, at most */
};

/* What the days of all years are made from. */
struct outlay_arrival_shape {
    double months[12];                    /* base rate a day, January to December, relative */
    double rush_share, rush_days;         /* share of the year's applications, acting days */
    double deadline_share, deadline_days; /* the same before the last day */
    struct outlay_when opens, closes;
    enum outlay_day_choice days;
};

/*
 * A quantity with a law: value = shift + scale * X, X the table's law given that it lies in [least, most]; table NULL =
 * the constant `shift`. A law whose truncation is uncertain has the table of the whole law, which serves all draws, and
 * `kept` says which part of it is left; in the table of any other law the truncation is contained, and `kept` is
 * {0, 1, 0}.
 */
struct outlay_draw_law {
    const struct outlay_quantiles *table; /* standard units; borrowed from outlay_plan.tables */
    double scale, shift;
    struct outlay_law_parts kept; /* probability of X below `least`, from there to `most`, and above it */
    double least, most;           /* standard units; infinite where `kept` is {0, 1, 0} */
};

/* A probability as what is below it, or, with `is_upper`, above it, whichever is smaller. */
struct outlay_tail {
    double p; /* 2^-53 to 1/2 - 2^-53 */
    bool is_upper;
};

/* Where in its table a law looks up the uniform u: at P(X < least) + u P(least <= X <= most). With `kept` = {0, 1, 0}
 * that is u to the bit; otherwise both tails keep their relative accuracy. */
static inline struct outlay_tail outlay_draw_law_tail(const struct outlay_draw_law *self, double u)
{
    const double below = self->kept.below + u * self->kept.within;
    const double above = self->kept.above + (1.0 - u) * self->kept.within;
    const double p = above < below ? above : below;
    const double bounded = p < 0x1p-53 ? 0x1p-53 : p > 0.5 - 0x1p-53 ? 0.5 - 0x1p-53 : p;
    return (struct outlay_tail){bounded, above < below};
}

/* The value at u, as outlay_uniform gives it. */
static inline double outlay_draw_law_at(const struct outlay_draw_law *self, double u)
{
    if (self->table == NULL) {
        return self->shift;
    }
    const struct outlay_tail tail = outlay_draw_law_tail(self, u);
    const double x = outlay_quantiles_at_tail(self->table, tail.p, tail.is_upper);
    return self->shift + self->scale * (x < self->least ? self->least : x > self->most ? self->most : x);
}

/* The values at n uniforms. */
void outlay_draw_law_fill(const struct outlay_draw_law *self, int n, const double u[], double value[]);

/* One class of applicants, whatever programme they turn to. */
struct outlay_plan_class {
    struct outlay_key key;
    const struct outlay_quantiles *size; /* NULL = every size is 1; borrowed */
    struct outlay_draw_law age;          /* years on the first day of the horizon */
    int32_t *n_applicants;               /* [n_years] */
};

/* An award rule for contracts up to a size. */
struct outlay_plan_band {
    double up_to, rate, cap; /* fen, share, fen */
};

/* One class in one programme. */
struct outlay_plan_cell {
    struct outlay_key key;
    /* who applies, how often */
    double *take_up;                    /* [n_years]: probability that an applicant takes part by that year */
    double per_year;                    /* expected contracts of a participant of size 1 */
    double dispersion;                  /* variance / mean */
    const struct outlay_counts *counts; /* NULL = depends on the applicant's size; borrowed from outlay_plan.counts */
    int same_as;                        /* programme whose contracts are taken over; -1 = own ones */
    /* with what, and when */
    struct outlay_draw_law contract;           /* fen */
    const struct outlay_quantiles *size_power; /* NULL = 1; table of size^exponent; borrowed */
    struct outlay_arrival_shape arrival_shape; /* what `arrivals` are made from */
    const struct outlay_arrivals *arrivals;    /* [n_years] */
    double size_correlation;                   /* of the normal scores of earliness and value; 0 = independent */
    const struct outlay_quantiles *normal;     /* table of the standard normal law; NULL where not correlated */
    /* what the applicant makes of the rules */
    bool has_response; /* it makes anything of them */
    double response;   /* contracts below the kink grow by this factor: (1 - rate)^-elasticity */
    double kink;       /* fen: above it the award is capped and the margin is unsubsidised; INFINITY = none */
    double notch;      /* fen: contracts from here to the minimum are raised to it */
    /* what the rules grant */
    double rate;             /* share of the contract; 0 with a fixed sum */
    double fixed;            /* fen, added to the above; 0 with a rate */
    double cap;              /* fen an award, may be INFINITY */
    double minimum_contract; /* fen */
    double applicant_cap;    /* fen an applicant and year, may be INFINITY */
    int n_bands;
    struct outlay_plan_band *bands; /* in place of rate, fixed and cap, in the order of up_to */
    double young_below;             /* years: applicants younger than this have a rule of their own; 0 = none */
    struct outlay_plan_band young;  /* their rate and cap */
    double eligible;                /* probability that a contract is of an eligible kind */
    double inflation;               /* a claim is what will be verified times this, >= 1 */
    double verified;                /* and what is verified of a claim is this share of it */
    double co_funding;              /* share of the award that another payer bears */
    double capital_drawn;           /* others' money for each unit of award */
    int stacks_with;                /* programme whose award for the same contract counts too; -1 = none */
    double stack_limit;             /* share of the contract that both together may pay */
    /* review */
    double approved;               /* probability */
    double withdrawn;              /* probability that an approved application is withdrawn */
    struct outlay_draw_law review; /* working days */
    double notice;                 /* working days */
    struct outlay_draw_law score;  /* points */
    bool has_review;               /* false: every application is approved on its day */
};

/* From a share of the budget on, awards are a share of what they would be. */
struct outlay_plan_step {
    double committed, factor; /* shares */
};

/* Money kept for one class until the end of a day of the fiscal year. */
struct outlay_plan_reserve {
    int class_;
    double share;       /* of the appropriation */
    int32_t *until_day; /* [n_years]: last day of the horizon on which it is kept */
};

/* One programme: its money and how it is shared out. */
struct outlay_plan_programme {
    struct outlay_plan_cell *cells; /* [n_classes] */
    int pool;                       /* the programme whose money it uses: itself, or an earlier one */
    /* money; all but the first member of a pool have none of their own */
    bool is_unlimited;       /* money is no limit */
    const double *released;  /* [n_days]: part of the appropriation that comes on each day, fen */
    const double *topped_up; /* [n_days] fen */
    double carry_share;
    double over_allocation; /* >= 1 */
    double max_awards;      /* a fiscal year; INFINITY = no limit */
    int n_reserves, n_steps;
    struct outlay_plan_reserve *reserves;
    struct outlay_plan_step *steps;
    /* allocation */
    enum outlay_rule rule;
    enum outlay_last_award last_award;
    enum outlay_commit commit;
    const int32_t *round_day; /* [n_days]: day on which the money asked for on a day is handed out */
    const double *priority;   /* [n_classes]: 0 = served first */
    double run_below;         /* share of the year's money: with less left the run begins; 0 = never */
    double run_factor;        /* >= 1 */
    /* payment */
    double redeemed;              /* probability */
    struct outlay_draw_law delay; /* days from commitment, or decision if that is later, to the first instalment */
    double expires;               /* days; INFINITY = never */
    int instalments;
    int32_t interval; /* days */
    bool has_payment; /* false: paid in full on the day */
};

struct outlay_plan {
    int n_years, n_classes, n_programmes;
    int32_t n_days;                      /* of the horizon */
    const int32_t *year_first_day;       /* [n_years + 1], [n_years] = n_days */
    const int32_t *year_of_day;          /* [n_days]: fiscal year, from 0 */
    const int32_t *working_days_through; /* [n_days]: working days from day 0 to this day, both included */
    const int32_t *nth_working_day;      /* [n_working_days]: day of the n-th working day, from 0 */
    int32_t n_working_days;
    struct outlay_plan_class *classes;        /* [n_classes] */
    struct outlay_plan_programme *programmes; /* [n_programmes] */
    int n_tables;
    struct outlay_quantiles **tables; /* made for this plan */
    int n_counts;
    struct outlay_counts **counts;                   /* made for this plan */
    struct outlay_scores *rungs[OUTLAY_GAMMA_RUNGS]; /* of gamma laws; made for this plan */
    struct outlay_scores *scores[OUTLAY_N_SCORES];   /* made for this plan; NULL = not needed, or `like` has them */
    double expected_contracts;                       /* in a replicate, before the minimum contract */
    size_t capacity;                                 /* contracts that a workspace should have room for at first */
    int32_t max_applicants;                          /* of any class in any year */
};

/*
 * With the design `sobol`, draw d is point d / OUTLAY_N_SCRAMBLES of a Sobol' sequence with scrambling number
 * d % OUTLAY_N_SCRAMBLES. The scramblings are independent of one another, so the means over the draws of each tell how
 * far the mean over all of them may lie off, whatever the points do within one (Owen 1995).
 */
#define OUTLAY_N_SCRAMBLES 16

/* The class in the programme whose contracts it takes over, or in its own; all programmes are planned. */
const struct outlay_plan_cell *outlay_plan_source(const struct outlay_plan *plan, int programme, int class_);

/*
 * The values of all uncertain numbers in a draw: values[n_uncertain], in the unit of each (money in fen, whole). A pure
 * function of scenario, seed and draw. By the design `random`, a number's uniforms depend on its path alone; by `sobol`
 * also on its position among the uncertain numbers, which is its dimension.
 */
void outlay_draw_values(const struct outlay_scenario *scenario, uint64_t seed, uint32_t draw, double values[]);

/*
 * Build the plan of one draw. `values` holds one value for each uncertain number (NULL where there is none).
 * `like` may be a plan of the same scenario and seed for another draw, from which all is borrowed that the values do
 * not change; it must outlive the new plan, which is the same to the bit without it. Owned by the caller, freed with
 * outlay_plan_free.
 * Errors: NO_MEMORY, LIBRARY; BAD_LAW where the drawn values make no law.
 */
OUTLAY_MUST_USE outlay_err outlay_plan_new(struct outlay_plan **self, const struct outlay_scenario *scenario,
                                           uint64_t seed, const double values[], const struct outlay_plan *like,
                                           struct outlay_diag *diag);
void outlay_plan_free(struct outlay_plan *self);

#endif
