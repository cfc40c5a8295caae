/*
 * stages.h: the columns of a replicate and the stages that fill them, in the order in which an application lives.
 *
 * Contracts stand in one structure of arrays, in segments: programme by programme, in it year by year, in it class by
 * class, in it applicant by applicant. Private to sim/replicate.
 */
#ifndef OUTLAY_STAGES_H
#define OUTLAY_STAGES_H

#include "outlay/replicate.h"

/* Contracts and applicants are worked on in pieces of this many, so that intermediate words stay in the first cache. */
#define OUTLAY_PIECE 512

/* Commitment or decision day of an application that the horizon ends without. */
#define OUTLAY_AFTER_HORIZON INT32_MAX

/* Random words of one piece, and where they come from. */
struct outlay_piece {
    uint32_t block[OUTLAY_PIECE], entity[OUTLAY_PIECE];
    uint32_t word[4][OUTLAY_PIECE];
};

struct outlay_workspace {
    int n_classes, n_years, n_programmes;
    int32_t n_days;
    /* population: one value an applicant, class after class; unused where every size is 1 */
    int32_t max_applicants;
    double *size;   /* [n_classes][max_applicants]: relative size, mean 1 */
    double *size_u; /* the uniform behind it: other powers of the size come from it too */
    /* applications: one value a contract */
    size_t capacity;     /* contracts that the columns have room for */
    size_t n_contracts;  /* in the replicate at hand */
    size_t *segment;     /* [n_programmes * n_years * n_classes + 1]: first contract of each segment */
    uint32_t *applicant; /* of its class */
    uint32_t *ordinal;   /* of the applicant's contracts in that year, from 0 */
    double *contract;    /* fen, whole */
    double *time;        /* day of the horizon plus the fraction of the day */
    /* review */
    unsigned char *approved; /* 1 or 0 */
    int32_t *decision_day;   /* day of the horizon, or OUTLAY_AFTER_HORIZON */
    int32_t *commit_day;     /* the same: when it is put to the budget */
    /* award and allocation */
    double *demand;    /* fen, whole */
    double *committed; /* fen, whole, at most the demand */
    /* allocation's own: a programme's contracts by day, and one day's in order of time */
    double *day_demand;  /* [n_days] fen */
    double *day_return;  /* [n_days] fen that come back from commitments of the same fiscal year */
    double *day_carried; /* [n_days] fen that come back from commitments of earlier years and were carried over */
    uint32_t *by_day;    /* [capacity]: contracts of the programme, by commitment day */
    uint32_t *day_first; /* [n_days + 1]: first place of each day in by_day */
    double *queue_time;  /* [capacity] */
    size_t *queue;       /* [capacity] */
    struct outlay_piece piece;
    struct outlay_outcome outcome;
};

/* Index of the segment of a programme, year and class in work->segment. */
static inline int outlay_segment(const struct outlay_workspace *work, int programme, int year, int class)
{
    return (programme * work->n_years + year) * work->n_classes + class;
}

/* 1. Who there is: the relative size of each applicant. */
void outlay_stage_population(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work);

/*
 * 2. Who applies, how often, with what and when. Returns the number of contracts; where that is above the capacity
 * the columns are not complete and no later stage may run.
 */
size_t outlay_stage_applications(const struct outlay_plan *plan, struct outlay_path path,
                                 struct outlay_workspace *work);

/* 3. What the office decides on the merits, and when; on which day money is asked for. */
void outlay_stage_review(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work);

/* 4. What the rules grant if money is no limit. */
void outlay_stage_award(const struct outlay_plan *plan, struct outlay_workspace *work);

/* 5. What the budget covers, day by day; fills exhaustion days, daily commitments, and the money side of accounts. */
void outlay_stage_allocation(const struct outlay_plan *plan, struct outlay_workspace *work);

/* 6. What is recorded of each application. */
void outlay_stage_accounts(const struct outlay_plan *plan, struct outlay_workspace *work);

#endif
