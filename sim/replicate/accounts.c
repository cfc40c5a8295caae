/* accounts.c: what is recorded of each application, and the identities that must hold. */
#include <math.h>
#include <string.h>

#include "stages.h"

/* What became of an application in the end: one of the four counts that add up to `applications`. */
static enum outlay_account fate(const struct outlay_workspace *work, size_t i)
{
    if (work->commit_day[i] == OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_pending;
    }
    if (work->demand[i] == 0.0) {
        return OUTLAY_ACCOUNT_refused_on_merits;
    }
    if (work->committed[i] == 0.0) {
        return OUTLAY_ACCOUNT_refused_for_money;
    }
    if (work->decision_day[i] == OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_pending;
    }
    return work->approved[i] ? OUTLAY_ACCOUNT_awards : OUTLAY_ACCOUNT_refused_on_merits;
}

/* What became of its money: paid, returned, or still outstanding. */
static enum outlay_account use(const struct outlay_workspace *work, size_t i)
{
    if (work->decision_day[i] == OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_outstanding;
    }
    return work->approved[i] ? OUTLAY_ACCOUNT_outlay : OUTLAY_ACCOUNT_returned;
}

static void record(const struct outlay_workspace *work, size_t i, double account[])
{
    account[OUTLAY_ACCOUNT_applications] += 1.0;
    account[fate(work, i)] += 1.0;
    account[OUTLAY_ACCOUNT_contract_value] += work->contract[i];
    account[OUTLAY_ACCOUNT_demand] += work->demand[i];
    account[OUTLAY_ACCOUNT_committed] += work->committed[i];
    account[OUTLAY_ACCOUNT_unmet] += work->demand[i] - work->committed[i];
    account[use(work, i)] += work->committed[i];
}

/* The contracts of one segment, into the class accounts of the years whose budgets they were put to. */
static void record_segment(const struct outlay_plan *plan, const struct outlay_workspace *work, int segment,
                           double *class_account)
{
    const int32_t last_year = plan->n_years - 1;
    const int i_class = segment % plan->n_classes;
    for (size_t i = work->segment[segment]; i < work->segment[segment + 1]; i++) {
        const int32_t day = work->commit_day[i];
        const int32_t year = day == OUTLAY_AFTER_HORIZON ? last_year : plan->year_of_day[day];
        record(work, i, class_account + (size_t)(year * plan->n_classes + i_class) * OUTLAY_N_ACCOUNTS);
    }
}

/* Add the classes up; what is not kept by class is cleared in them. */
static void total(const struct outlay_plan *plan, double *account, double *class_account)
{
    for (int i_class = 0; i_class < plan->n_classes; i_class++) {
        double *part = class_account + (size_t)i_class * OUTLAY_N_ACCOUNTS;
        for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            account[a] += part[a];
            part[a] = outlay_accounts[a].by_class ? part[a] : 0.0;
        }
    }
}

void outlay_stage_accounts(const struct outlay_plan *plan, struct outlay_workspace *work)
{
    const int n_books = plan->n_programmes * plan->n_years;
    const size_t stride = (size_t)plan->n_classes * OUTLAY_N_ACCOUNTS;
    struct outlay_outcome *outcome = &work->outcome;
    memset(outcome->class_account, 0, (size_t)n_books * stride * sizeof *outcome->class_account);
    for (int s = 0; s < n_books * plan->n_classes; s++) {
        const int programme = s / plan->n_classes / plan->n_years;
        record_segment(plan, work, s, outcome->class_account + (size_t)(programme * plan->n_years) * stride);
    }
    for (int book = 0; book < n_books; book++) {
        total(plan, outcome->account + (size_t)book * OUTLAY_N_ACCOUNTS,
              outcome->class_account + (size_t)book * stride);
    }
    outcome->contracts = (double)work->n_contracts;
}

static const char *book_violation(const double *a)
{
#define A(name) a[OUTLAY_ACCOUNT_##name]
    if (A(appropriation) + A(carried_in) != A(outlay) + A(outstanding) + A(lapsed) + A(carried_out)) {
        return "appropriation + carried in = outlay + outstanding + lapsed + carried out";
    }
    if (A(demand) != A(committed) + A(unmet)) {
        return "demand = committed + unmet";
    }
    if (A(committed) != A(outlay) + A(returned) + A(outstanding)) {
        return "committed = outlay + returned + outstanding";
    }
    if (A(applications) != A(awards) + A(refused_for_money) + A(refused_on_merits) + A(pending)) {
        return "applications = awards + refused for money + refused on the merits + pending";
    }
    if (A(committed) - A(returned) > A(appropriation) + A(carried_in)) {
        return "commitments never exceed what the year had";
    }
#undef A
    for (int i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
        if (!(a[i] >= 0.0) || a[i] != floor(a[i])) {
            return "every account is a whole number, at least 0";
        }
    }
    return NULL;
}

const char *outlay_outcome_violation(const struct outlay_plan *plan, const struct outlay_outcome *outcome)
{
    for (int book = 0; book < plan->n_programmes * plan->n_years; book++) {
        const double *account = outcome->account + (size_t)book * OUTLAY_N_ACCOUNTS;
        const char *violation = book_violation(account);
        if (violation != NULL) {
            return violation;
        }
        for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            double sum = 0.0;
            for (int c = 0; c < plan->n_classes; c++) {
                sum += outcome->class_account[((size_t)book * (size_t)plan->n_classes + (size_t)c) * OUTLAY_N_ACCOUNTS +
                                              (size_t)a];
            }
            if (outlay_accounts[a].by_class && sum != account[a]) {
                return "the classes add up to the programme";
            }
        }
    }
    return NULL;
}
