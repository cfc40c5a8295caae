/*
 * ledger.h: the applications of one replicate, one by one: an audit trail.
 *
 * A result file holds the accounts of each replicate, never its applications. But a replicate is a pure function of
 * (plan, path), so it can be played again, and the ledger says of each application who made it, when and with what,
 * what chance had in store for it, and what the rules made of it. Its sums are the accounts, to the fen.
 * analysis/reference_model.py applies the rules again to what stands in it.
 */
#ifndef OUTLAY_LEDGER_H
#define OUTLAY_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/plan.h"
#include "outlay/replicate.h"

/* A day that the horizon ends without. */
#define OUTLAY_NO_DAY INT32_MAX

/*
 * What became of an application in the end. X(name, account, text): the account is the one of the five that add up to
 * `applications` in which it is counted.
 */
#define OUTLAY_REASONS(X)                                                                                              \
    X(awarded, awards, "awarded all that it asked for")                                                                \
    X(awarded_in_part, awards, "awarded a part, for want of money")                                                    \
    X(no_money, refused_for_money, "refused: the money, or the number of awards, was used up")                         \
    X(waiting, refused_for_money, "on the waiting list when the horizon ended")                                        \
    X(below_minimum, refused_on_merits, "refused: the contract is below the minimum")                                  \
    X(not_eligible, refused_on_merits, "refused: a contract of a kind that is not supported")                          \
    X(not_approved, refused_on_merits, "refused: not approved in the review")                                          \
    X(applicant_cap, refused_on_merits, "nothing granted: the applicant's cap of the year was used up")                \
    X(stack_limit, refused_on_merits, "nothing granted: the other programme's award reaches the limit of both")        \
    X(nothing_granted, refused_on_merits, "nothing granted: the rate, the band or the step of the budget gives 0")     \
    X(withdrawn, withdrawn, "withdrawn after it was approved")                                                         \
    X(pending, pending, "not decided when the horizon ended")

enum outlay_reason {
#define OUTLAY_REASON_ROW(name, account, text) OUTLAY_REASON_##name,
    OUTLAY_REASONS(OUTLAY_REASON_ROW)
#undef OUTLAY_REASON_ROW
        OUTLAY_N_REASONS
};

/* A row of the table above. */
struct outlay_reason_row {
    const char *name;
    enum outlay_account account;
    const char *text;
};
extern const struct outlay_reason_row outlay_reasons[OUTLAY_N_REASONS];

/* One application. Days count from the first of the horizon, OUTLAY_NO_DAY = beyond it or never; money is in whole fen.
 */
struct outlay_application {
    /* who, with what, when */
    int programme, class_;
    int year;           /* fiscal year of the application, from 0 */
    uint32_t applicant; /* of its class, from 0 */
    uint32_t ordinal;   /* of the applicant's contracts in that year, from 0 */
    double time;        /* day of the application, and the fraction of the day */
    double wanted;      /* contract that would have been bought without the programme */
    double contract;
    /* what chance has in store for it; NAN where no rule asks */
    bool is_eligible, is_approved, is_withdrawn;
    int32_t review_days; /* working days from the application to the decision, notice included */
    double lottery;      /* number drawn in a lottery, 0 to 1; the lowest is served first */
    double score;        /* points */
    double age;          /* years of the applicant on the day of the application */
    bool is_redeemed;    /* a commitment would be called upon, */
    int32_t delay_days;  /* that many days after it */
    /* what the rules made of it */
    int32_t day;          /* on which it was put to the budget, or served from the waiting list */
    int32_t decision_day; /* on which the review ended */
    double demand, committed;
    bool is_at_cap; /* it is an award that the cap cut */
    enum outlay_reason reason;
    double returned; /* within the horizon */
    int32_t return_day;
    double paid;                                          /* within the horizon */
    int32_t pay_day;                                      /* of the first instalment */
    int n_payments;                                       /* instalments within the horizon */
    double outstanding;                                   /* neither paid nor returned when the horizon ends */
    double co_funded, capital_drawn, induced, deadweight; /* beside what was paid; see OUTLAY_ACCOUNTS */
};

/* The applications in the order of decision: by day, then in the order of service. Those not decided come last. */
struct outlay_ledger {
    size_t n;
    struct outlay_application *rows; /* owned */
};

/*
 * The ledger of the replicate at `path`, which was the last to be played with `work`. *self is freed with
 * outlay_ledger_free, which is safe on an empty ({0}) one. Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_ledger_init(struct outlay_ledger *self, const struct outlay_plan *plan,
                                              struct outlay_path path, const struct outlay_workspace *work);
void outlay_ledger_free(struct outlay_ledger *self);

/* The fiscal year in whose account an application stands: that of `day`; the last one where it is not decided. */
int outlay_ledger_year(const struct outlay_plan *plan, const struct outlay_application *row);

/*
 * What one application adds to an account of its programme, class and fiscal year; *is_sum is false for the accounts
 * that are no sums over applications (the money side, shares), and 0 is returned.
 */
double outlay_ledger_share(const struct outlay_application *row, enum outlay_account account, bool *is_sum);

#endif
