/*
 * replicate.h: one fiscal horizon, played out once.
 *
 * Fourth in the pipeline: (plan, path) -> outcome, a pure function. It allocates nothing, prints nothing, cannot fail
 * and knows no thread. The stages stand in sim/replicate/ in the order in which an application lives: population,
 * applications, review, award, allocation, accounts.
 */
#ifndef OUTLAY_REPLICATE_H
#define OUTLAY_REPLICATE_H

#include <stddef.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/plan.h"

/* Day number of "it never happened". */
#define OUTLAY_NEVER INT32_MIN

/*
 * THE account of one programme in one fiscal year: what is recorded of each replicate. X(name, unit, by_class, text)
 * unit: COUNT, MONEY (fen) or SHARE; by_class: 1 = kept for each class as well. An application is counted in the
 * fiscal year whose budget it was put to, on its commitment day.
 */
#define OUTLAY_ACCOUNTS(X)                                                                                             \
    X(applications, COUNT, 1, "applications")                                                                          \
    X(awards, COUNT, 1, "applications that were committed money and not refused afterwards")                           \
    X(refused_for_money, COUNT, 0, "applications refused because the money was gone")                                  \
    X(refused_on_merits, COUNT, 0, "applications not approved, not eligible or beyond the applicant's cap")            \
    X(withdrawn, COUNT, 0, "applications withdrawn before the decision took effect")                                   \
    X(pending, COUNT, 0, "applications that the horizon ends without deciding")                                        \
    X(waiting, COUNT, 0, "applications on the waiting list when the horizon ends, among those refused for money")      \
    X(awards_at_cap, COUNT, 1, "awards that the cap cut")                                                              \
    X(contract_value, MONEY, 1, "value of the contracts of all applications")                                          \
    X(demand, MONEY, 1, "awards asked of the budget; reserved on application, also those refused later")               \
    X(committed, MONEY, 1, "money promised")                                                                           \
    X(unmet, MONEY, 1, "demand that the budget did not cover")                                                         \
    X(returned, MONEY, 0, "commitments that died and freed their money")                                               \
    X(outlay, MONEY, 1, "commitments paid")                                                                            \
    X(outstanding, MONEY, 0, "commitments neither paid nor returned when the horizon ends")                            \
    X(appropriation, MONEY, 0, "budget of the fiscal year")                                                            \
    X(topped_up, MONEY, 0, "money added to the budget on later days")                                                  \
    X(received, MONEY, 0, "money used from a budget that another programme shares")                                    \
    X(given, MONEY, 0, "money used by programmes with which the budget is shared")                                     \
    X(carried_in, MONEY, 0, "money carried over from the year before")                                                 \
    X(carried_out, MONEY, 0, "money carried over to the year after")                                                   \
    X(lapsed, MONEY, 0, "money left at the year's end and lost")                                                       \
    X(overdrawn, MONEY, 0, "payments and commitments beyond the money, where it was over-allocated")                   \
    X(co_funded, MONEY, 0, "what another payer adds to the commitments paid")                                          \
    X(capital_drawn, MONEY, 0, "money of others drawn in beside the commitments paid")                                 \
    X(induced, MONEY, 0, "contract value that the awards paid brought about; 0 without `response`")                    \
    X(deadweight, MONEY, 0, "payments for what would have been bought anyway; 0 without `response`")                   \
    X(lowest_factor, SHARE, 0, "share of demand that the poorest round of the year served")                            \
    X(share_at_cap, SHARE, 0, "share of the awards that the cap cut")                                                  \
    X(top_decile_share, SHARE, 0, "share of the commitments that the best-served tenth of the awarded applicants has") \
    X(gini, SHARE, 0, "Gini coefficient of commitments over the awarded applicants")

enum outlay_account {
#define OUTLAY_ACCOUNT_ROW(name, unit, by_class, text) OUTLAY_ACCOUNT_##name,
    OUTLAY_ACCOUNTS(OUTLAY_ACCOUNT_ROW)
#undef OUTLAY_ACCOUNT_ROW
        OUTLAY_N_ACCOUNTS
};

/* A row of the table above. */
struct outlay_account_row {
    const char *name;
    enum outlay_unit unit; /* OUTLAY_UNIT_COUNT, OUTLAY_UNIT_MONEY or OUTLAY_UNIT_SHARE */
    int by_class;
    const char *text;
};
extern const struct outlay_account_row outlay_accounts[OUTLAY_N_ACCOUNTS];

/* What a replicate leaves behind. Arrays owned by the workspace, overwritten by its next replicate. */
struct outlay_outcome {
    double *account;         /* [n_programmes][n_years][OUTLAY_N_ACCOUNTS]: counts, and money in whole fen */
    double *class_account;   /* [n_programmes][n_years][n_classes][OUTLAY_N_ACCOUNTS]; rows without by_class stay 0 */
    int32_t *exhaustion_day; /* [n_programmes][n_years]: first day of shortage, or OUTLAY_NEVER */
    int32_t *last_exhaustion_day; /* [n_programmes][n_years]: the last day on which money ran short, or OUTLAY_NEVER */
    double *commitment;           /* [n_programmes][n_days]: committed less returned since the fiscal year began, fen */
    double *outlay;               /* [n_programmes][n_days]: paid since the fiscal year began, fen */
    double *served;               /* [n_programmes][n_days]: share of the day's demand on its pool that was committed */
    double contracts;             /* contracts played, the unit of work */
};

/* The scratch memory of one thread. */
struct outlay_workspace;

OUTLAY_MUST_USE outlay_err outlay_workspace_new(struct outlay_workspace **self, const struct outlay_plan *plan);
void outlay_workspace_free(struct outlay_workspace *self);

/* Make room for `n_contracts` contracts under the rules of `plan`. Contents are lost. Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_workspace_reserve(struct outlay_workspace *self, const struct outlay_plan *plan,
                                                    size_t n_contracts);

/*
 * Play the replicate at `path`. Returns the number of contracts that it needs room for: if that is more than the
 * workspace has (outlay_workspace_capacity), nothing was played; reserve, and call again: the function is pure.
 */
size_t outlay_replicate_play(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work);
size_t outlay_workspace_capacity(const struct outlay_workspace *self);

/* The outcome of the replicate that was played last. */
const struct outlay_outcome *outlay_workspace_outcome(const struct outlay_workspace *self);

/*
 * The identities that every outcome satisfies exactly:
 *   appropriation + topped up + received + carried in + overdrawn = outlay + outstanding + given + lapsed + carried out
 *   demand = committed + unmet;   committed = outlay + returned + outstanding
 *   applications = awards + refused for money + refused on the merits + withdrawn + pending
 *   class accounts add up to the account; commitment never above what the year had
 * Returns NULL, or the identity that does not hold, in words.
 */
const char *outlay_outcome_violation(const struct outlay_plan *plan, const struct outlay_outcome *outcome);

#endif
