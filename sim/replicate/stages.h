/*
 * stages.h: the columns of a replicate and the stages that fill them, in the order in which an application lives.
 *
 * Contracts stand in one structure of arrays, in segments: programme by programme, in it year by year, in it class by
 * class, in it applicant by applicant. Private to sim/replicate.
 */
#ifndef OUTLAY_STAGES_H
#define OUTLAY_STAGES_H

#include <math.h>

#include "base/vector.h"
#include "outlay/replicate.h"

/* Contracts and applicants are worked on in pieces of this many, so that intermediate values stay in the first cache.
 */
#define OUTLAY_PIECE 512

/* Places behind the capacity of a column that may be written to in passing. */
#define OUTLAY_SLACK 4

/* Commitment, decision or payment day of an application that the horizon ends without. */
#define OUTLAY_AFTER_HORIZON INT32_MAX

/* What a piece of applicants or contracts needs for a moment. */
struct outlay_piece {
    uint32_t block[OUTLAY_PIECE], entity[OUTLAY_PIECE];
    uint32_t word[4][OUTLAY_PIECE];
    double u[OUTLAY_PIECE], value[OUTLAY_PIECE];
};

/* Those of a piece of applicants that take part. */
struct outlay_participants {
    int n;
    uint32_t applicant[OUTLAY_PIECE]; /* number in its class */
    double u[OUTLAY_PIECE];           /* the uniform behind the number of its contracts */
    double size[OUTLAY_PIECE];        /* relative size, mean 1 */
    double power[OUTLAY_PIECE];       /* factor of its contracts: size^exponent */
    uint32_t n_contracts[OUTLAY_PIECE];
};

/* Why an application was not approved. */
enum outlay_verdict { OUTLAY_REJECTED, OUTLAY_APPROVED, OUTLAY_WITHDRAWN };

/*
 * Columns marked "or NULL" are there only where the plan has a rule that needs them; the functions below read them in
 * either case.
 */
struct outlay_workspace {
    int n_classes, n_years, n_programmes;
    int32_t n_days;
    /* applications: one value a contract */
    size_t capacity;     /* contracts that the columns have room for */
    size_t n_contracts;  /* in the replicate at hand */
    size_t *segment;     /* [n_programmes * n_years * n_classes + 1]: first contract of each segment */
    uint16_t *cell;      /* programme * n_classes + class */
    uint32_t *applicant; /* of its class */
    uint32_t *ordinal;   /* of the applicant's contracts in that year, from 0 */
    int32_t *owner;      /* place in `participants`, while the contracts of that piece are drawn */
    uint32_t *origin;    /* or NULL: the same contract where it was put to another programme first, or itself */
    double *contract;    /* fen, whole */
    double *induced;     /* or NULL: fen of it that the award brings about */
    int32_t *day;        /* day of the horizon on which it is put to the programme */
    double *day_u;       /* the uniform behind that day: where in the year, and so in the day, the application falls */
    /* the applicants with contracts, segment by segment */
    size_t *segment_participant; /* [segments + 1]: first of each segment */
    uint32_t *participant_first; /* [participants + 1]: first contract of each */
    /* review */
    unsigned char *verdict;  /* or NULL: enum outlay_verdict */
    int32_t *decision_day;   /* or NULL: day of the horizon, or OUTLAY_AFTER_HORIZON */
    int32_t *commit_day;     /* when it is put to the budget; `day` itself, or the column that follows */
    int32_t *own_commit_day; /* or NULL: day of the horizon, or OUTLAY_AFTER_HORIZON */
    /* award */
    unsigned char *is_at_cap; /* the cap cut the award */
    double *demand;           /* fen, whole */
    /* allocation and payment */
    double *committed;  /* fen, whole, at most the demand */
    int32_t *pay_delay; /* or NULL: days from commitment to payment, or OUTLAY_AFTER_HORIZON: never called upon */
    /* allocation's own: a pool's contracts by day, one day's in the order of service, and those that wait */
    double *day_demand;  /* [n_days + 1] fen; the last for what the horizon ends without */
    double *day_awards;  /* [n_days + 1] number of contracts with a demand, where awards are limited in number */
    double *day_served;  /* [n_days + 1] 1 = everybody in full, 0 = nobody, -1 = one by one */
    double *day_return;  /* [n_days] fen that come back from commitments of the same fiscal year */
    double *late_return; /* [n_years][n_days] fen that come back from commitments of earlier ones; not with one year */
    double *cash;        /* [n_years] see till.h */
    double *reserve;     /* [most reserves of a programme] see till.h */
    uint32_t *by_day;    /* [capacity]: contracts of the pool, by commitment day; before, participants above a cap */
    uint32_t *day_first; /* [n_days + 1]: first place of each day in by_day */
    double *queue_key;   /* [capacity] */
    size_t *queue;       /* [capacity] */
    uint32_t *waiting;   /* or NULL: [capacity] */
    double *sum;         /* [capacity]: by participant */
    uint32_t *bucket;    /* [OUTLAY_MAX_BUCKETS + 1]: of outlay_sort */
    int64_t *prefix;     /* [capacity + 1]: sums of what stands before each contract */
    struct outlay_piece piece;
    struct outlay_participants participants;
    struct outlay_outcome outcome;
};

/* Index of the segment of a programme, year and class in work->segment. */
static inline int outlay_segment(const struct outlay_workspace *work, int programme, int year, int class_)
{
    return (programme * work->n_years + year) * work->n_classes + class_;
}

/* The class and programme of a contract, as planned. */
static inline const struct outlay_plan_cell *outlay_cell_of(const struct outlay_plan *plan,
                                                            const struct outlay_workspace *work, size_t i)
{
    return &plan->programmes[work->cell[i] / plan->n_classes].cells[work->cell[i] % plan->n_classes];
}

static inline bool outlay_is_approved(const struct outlay_workspace *work, size_t i)
{
    return work->verdict == NULL || work->verdict[i] == OUTLAY_APPROVED;
}

/* Day of the decision; without review the day of the application. */
static inline int32_t outlay_decision_day(const struct outlay_workspace *work, size_t i)
{
    return work->decision_day != NULL ? work->decision_day[i] : work->day[i];
}

static inline double outlay_induced(const struct outlay_workspace *work, size_t i)
{
    return work->induced != NULL ? work->induced[i] : 0.0;
}

static inline int32_t outlay_pay_delay(const struct outlay_workspace *work, size_t i)
{
    return work->pay_delay != NULL ? work->pay_delay[i] : 0;
}

/* Day of the horizon and fraction of the day on which contract i is put to the programme. */
double outlay_time_of(const struct outlay_plan *plan, const struct outlay_workspace *work, size_t i);

/*
 * Draw the words of the next piece of contracts, from `first` on and before `end`, into work->piece. Returns the number
 * of contracts in the piece.
 */
static inline int outlay_draw_piece(struct outlay_workspace *work, struct outlay_key key, struct outlay_path path,
                                    uint32_t high, size_t first, size_t end)
{
    struct outlay_piece *piece = &work->piece;
    const int n = end - first < OUTLAY_PIECE ? (int)(end - first) : OUTLAY_PIECE;
    outlay_blocks_at(key, n, work->ordinal + first, work->applicant + first, path.replicate, high, piece->word[0],
                     piece->word[1], piece->word[2], piece->word[3]);
    return n;
}

/* One class in one programme and year, while its applications are made. */
struct outlay_group {
    const struct outlay_plan_class *class;
    const struct outlay_plan_cell *cell;
    const struct outlay_arrivals *arrivals;
    int32_t n_applicants;
    uint32_t year;
    uint16_t i_cell;
    struct outlay_path path;
};

/* 1. Who takes part, of the n applicants from `first` on (at most a piece), and how large they are. */
void outlay_find_participants(const struct outlay_group *group, int32_t first, int n, struct outlay_workspace *work);

/*
 * 2. Who applies, how often, with what and when. Returns the number of contracts; where that is above the capacity
 * the columns are not complete and no later stage may run.
 */
size_t outlay_stage_applications(const struct outlay_plan *plan, struct outlay_path path,
                                 struct outlay_workspace *work);

/* 3. What the office decides on the merits, and when; on which day money is asked for. */
void outlay_stage_review(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work);

/* A whole number from 0 to 2^52 as an integer: integers can be added up in any order, and so several at once. */
static inline uint64_t outlay_whole(double number)
{
    const union outlay_bits shifted = {.number = number + 0x1p52}, shift = {.number = 0x1p52};
    return shifted.word - shift.word;
}

/* Add values of contracts, which are whole numbers, up over each of n participants from `first` on: sums[n]. */
void outlay_sum_by_participant(struct outlay_workspace *work, size_t first, size_t n, const double values[],
                               double sums[]);

/* Put index[n] in the order of values[index[]]; equal values keep the order in which they stand. */
void outlay_sort_index(const double values[], size_t n, size_t index[]);

/*
 * Sort n positive values, in place or in `room` for as many: returns which. `end` has room for OUTLAY_MAX_BUCKETS + 1.
 * Takes a time that grows with n only, unless very many differ by next to nothing.
 */
#define OUTLAY_MAX_BUCKETS 1048576
const double *outlay_sort(double values[], size_t n, double room[], uint32_t end[]);

/* Empty accounts, which the stages from here on add to. */
void outlay_accounts_clear(const struct outlay_plan *plan, struct outlay_workspace *work);

/*
 * Is the money of programme `other` handed out by the time at which `programme` asks for its own? `programme` may be
 * the number behind the last: then everybody has asked.
 */
bool outlay_is_handed_out(const struct outlay_plan *plan, int other, int programme);

/* 4. What the rules of a programme grant if money is no limit. */
void outlay_stage_award(const struct outlay_plan *plan, int programme, struct outlay_path path,
                        struct outlay_workspace *work);

/* 5. How a commitment of a programme would be called upon. */
void outlay_stage_payment(const struct outlay_plan *plan, int programme, struct outlay_path path,
                          struct outlay_workspace *work);

/*
 * 6. What the money of programme `pool`, and of those that share it, covers, day by day. Fills exhaustion days and the
 * money side of the accounts.
 */
void outlay_stage_allocation(const struct outlay_plan *plan, int pool, struct outlay_path path,
                             struct outlay_workspace *work);

/* 7. What is recorded of each application. */
void outlay_stage_accounts(const struct outlay_plan *plan, struct outlay_workspace *work);

/* What became of the money that was committed to contract i; both the till and the accounts go by it. */
struct outlay_settlement {
    double returned;    /* fen that come back */
    int32_t return_day; /* OUTLAY_AFTER_HORIZON = beyond it, or nothing to return */
    double payable;     /* fen to be paid, in instalments from pay_day on */
    int32_t pay_day;    /* OUTLAY_AFTER_HORIZON = beyond it, or never */
};
struct outlay_settlement outlay_settle(const struct outlay_plan *plan, const struct outlay_workspace *work, size_t i);

#endif
