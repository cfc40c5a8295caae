/*
 * till.h: the money of one pool (a programme and those that share its budget) while the days pass. Private to
 * sim/replicate; till.c moves the money, queue.c serves those who queue, allocation.c lets the days pass.
 */
#ifndef OUTLAY_TILL_H
#define OUTLAY_TILL_H

#include "stages.h"

struct outlay_till {
    const struct outlay_plan *plan;
    const struct outlay_plan_programme *programme; /* whose rules count: the first of the pool */
    int pool;                                      /* its number */
    struct outlay_path path;
    struct outlay_workspace *work;
    bool is_one_by_one; /* a rule looks at single awards even where the money reaches */
    bool may_return;    /* money can come back */
    bool is_sorted;     /* work->by_day holds the contracts by day */
    int n_searches;     /* days whose contracts were searched for one day at a time */
    int32_t day, year;
    /* money, fen */
    double at_hand;      /* can be committed to anybody */
    double *reserve;     /* [n_reserves]: can be committed to their classes only */
    double committed;    /* less returned, since the fiscal year began */
    double year_money;   /* that could be committed since the fiscal year began */
    double back_tonight; /* comes back at the end of the day */
    double *cash; /* [n_years]: what the commitments of each fiscal year leave of its money; below 0: overdrawn */
    /* limits */
    double awards_left;              /* of the fiscal year */
    bool is_closed;                  /* until the fiscal year ends */
    bool is_running;                 /* the run on the nearly empty pot has begun */
    size_t n_waiting, first_waiting; /* work->waiting[first_waiting ... n_waiting) */
    double *account;                 /* [n_years][OUTLAY_N_ACCOUNTS] of the pool's first programme */
    double *served, *commitment;     /* [n_days] of the same: see outlay_outcome */
};

static inline double *outlay_till_entry(struct outlay_till *till, int32_t year, enum outlay_account account)
{
    return &till->account[(size_t)year * OUTLAY_N_ACCOUNTS + account];
}

/* A fiscal year begins, with `carried` fen from the one before. */
void outlay_till_open_year(struct outlay_till *till, int32_t year, double carried);

/* What comes on the day at hand: appropriation, top-ups, money back; and reserves whose time is over. */
void outlay_till_receive_today(struct outlay_till *till);

/* Note that on this day an award could not be committed in full. */
void outlay_till_note_shortage(struct outlay_till *till);

/* Commit `amount` to contract i, from its class's reserve first. */
void outlay_till_commit(struct outlay_till *till, uint32_t i, double amount);

/* What came back during the day can be used from tomorrow on. */
void outlay_till_close_day(struct outlay_till *till);

/* The fiscal year ends: what is left lapses or moves on. Returns what is carried over to the next one, fen. */
double outlay_till_close_year(struct outlay_till *till);

/* Serve those who have been waiting, as far as the money goes. */
void outlay_queue_serve_waiting(struct outlay_till *till);

/* Share the money at hand out over the n contracts of `queue` (in work->by_day), which it reorders. */
void outlay_queue_serve(struct outlay_till *till, uint32_t queue[], size_t n);

#endif
