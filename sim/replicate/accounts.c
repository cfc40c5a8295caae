/* accounts.c: what is recorded of each application, and the identities that must hold. */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

#include "stages.h"

/* What became of an application in the end: one of the five counts that add up to `applications`. */
static enum outlay_account fate(const struct outlay_workspace *work, size_t i)
{
    if (work->commit_day[i] == OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_pending;
    }
    if (work->verdict[i] == OUTLAY_WITHDRAWN && work->decision_day[i] != OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_withdrawn;
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
    return work->verdict[i] == OUTLAY_APPROVED ? OUTLAY_ACCOUNT_awards : OUTLAY_ACCOUNT_refused_on_merits;
}

/* Pay in equal instalments, the last with what is left over; what falls beyond the horizon stays outstanding. */
static double pay(const struct outlay_plan *plan, const struct outlay_plan_programme *programme,
                  const struct outlay_settlement *settlement, double outlay[])
{
    double left = settlement->payable, paid = 0.0;
    double day = settlement->pay_day;
    for (int k = 0; k < programme->instalments && day < plan->n_days; k++) {
        const double part = k + 1 < programme->instalments ? floor(settlement->payable / programme->instalments) : left;
        outlay[(int32_t)day] += part;
        paid += part;
        left -= part;
        day += programme->interval;
    }
    return paid;
}

/* What the commitment to contract i has led to, in its account and day by day. */
static void record_money(const struct outlay_plan *plan, struct outlay_workspace *work, size_t i, double account[])
{
    const int p = work->cell[i] / plan->n_classes;
    const struct outlay_plan_cell *cell = outlay_cell_of(plan, work, i);
    const struct outlay_settlement settlement = outlay_settle(plan, work, i);
    double *commitment = work->outcome.commitment + (size_t)p * (size_t)plan->n_days;
    double *outlay = work->outcome.outlay + (size_t)p * (size_t)plan->n_days;
    const int32_t day = work->commit_day[i];
    double returned = 0.0;
    commitment[day] += work->committed[i];
    if (settlement.return_day != OUTLAY_AFTER_HORIZON) {
        returned = settlement.returned;
        commitment[settlement.return_day] -=
            plan->year_of_day[settlement.return_day] == plan->year_of_day[day] ? returned : 0.0;
    }
    const double paid = pay(plan, &plan->programmes[p], &settlement, outlay);
    account[OUTLAY_ACCOUNT_returned] += returned;
    account[OUTLAY_ACCOUNT_outlay] += paid;
    account[OUTLAY_ACCOUNT_outstanding] += work->committed[i] - returned - paid;
    account[OUTLAY_ACCOUNT_co_funded] += floor(paid * cell->co_funding / (1.0 - cell->co_funding));
    account[OUTLAY_ACCOUNT_capital_drawn] += floor(paid * cell->capital_drawn);
    account[OUTLAY_ACCOUNT_induced] += paid > 0.0 ? work->induced[i] : 0.0;
    account[OUTLAY_ACCOUNT_deadweight] += cell->has_response ? fmax(0.0, paid - work->induced[i]) : 0.0;
}

static void record(const struct outlay_plan *plan, struct outlay_workspace *work, size_t i, double account[])
{
    const enum outlay_account what = fate(work, i);
    account[OUTLAY_ACCOUNT_applications] += 1.0;
    account[what] += 1.0;
    account[OUTLAY_ACCOUNT_awards_at_cap] += what == OUTLAY_ACCOUNT_awards && work->is_at_cap[i];
    account[OUTLAY_ACCOUNT_contract_value] += work->contract[i];
    account[OUTLAY_ACCOUNT_demand] += work->demand[i];
    account[OUTLAY_ACCOUNT_committed] += work->committed[i];
    account[OUTLAY_ACCOUNT_unmet] += work->demand[i] - work->committed[i];
    if (work->committed[i] > 0.0) {
        record_money(plan, work, i, account);
    }
}

/* The contracts of one segment, into the class accounts of the years whose budgets they were put to. */
static void record_segment(const struct outlay_plan *plan, struct outlay_workspace *work, int segment,
                           double *class_account)
{
    const int32_t last_year = plan->n_years - 1;
    const int i_class = segment % plan->n_classes;
    for (size_t i = work->segment[segment]; i < work->segment[segment + 1]; i++) {
        const int32_t day = work->commit_day[i];
        const int32_t year = day == OUTLAY_AFTER_HORIZON ? last_year : plan->year_of_day[day];
        record(plan, work, i, class_account + (size_t)(year * plan->n_classes + i_class) * OUTLAY_N_ACCOUNTS);
    }
}

/* Commitments of each applicant that applied in one year and has any, into work->queue_key; returns their number. */
static size_t sum_by_applicant(const struct outlay_plan *plan, struct outlay_workspace *work, int programme, int year)
{
    size_t n = 0;
    for (int c = 0; c < plan->n_classes; c++) {
        const size_t *segment = &work->segment[outlay_segment(work, programme, year, c)];
        for (size_t i = segment[0]; i < segment[1];) {
            const uint32_t applicant = work->applicant[i];
            double sum = 0.0;
            for (; i < segment[1] && work->applicant[i] == applicant; i++) {
                sum += work->committed[i];
            }
            if (sum > 0.0) {
                work->queue_key[n++] = sum;
            }
        }
    }
    return n;
}

/* Gini coefficient and share of the top tenth over the applicants that were awarded anything in a fiscal year. */
static void measure_inequality(const struct outlay_plan *plan, struct outlay_workspace *work, int programme, int year,
                               double account[])
{
    const size_t n = sum_by_applicant(plan, work, programme, year);
    double sum = 0.0, ranked = 0.0, top = 0.0;
    gsl_sort(work->queue_key, 1, n);
    for (size_t k = 0; k < n; k++) {
        sum += work->queue_key[k];
        ranked += (double)(k + 1) * work->queue_key[k];
        top += k >= n - (n + 9) / 10 ? work->queue_key[k] : 0.0;
    }
    if (n > 0) {
        account[OUTLAY_ACCOUNT_gini] = fmax(0.0, 2.0 * ranked / ((double)n * sum) - ((double)n + 1.0) / (double)n);
        account[OUTLAY_ACCOUNT_top_decile_share] = top / sum;
    }
}

/* From the sums of each day to the sums since the fiscal year began. */
static void accumulate_days(const struct outlay_plan *plan, double series[])
{
    for (int year = 0; year < plan->n_years; year++) {
        double sum = 0.0;
        for (int32_t day = plan->year_first_day[year]; day < plan->year_first_day[year + 1]; day++) {
            sum += series[day];
            series[day] = sum;
        }
    }
}

/* Of a shared budget, the programmes that use it receive what they use from the one whose budget it is. */
static void settle_pools(const struct outlay_plan *plan, double accounts[])
{
    for (int p = 0; p < plan->n_programmes; p++) {
        const int pool = plan->programmes[p].pool;
        for (int year = 0; year < plan->n_years && pool != p; year++) {
            double *own = accounts + (size_t)(p * plan->n_years + year) * OUTLAY_N_ACCOUNTS;
            double *other = accounts + (size_t)(pool * plan->n_years + year) * OUTLAY_N_ACCOUNTS;
            own[OUTLAY_ACCOUNT_received] = own[OUTLAY_ACCOUNT_outlay] + own[OUTLAY_ACCOUNT_outstanding];
            other[OUTLAY_ACCOUNT_given] += own[OUTLAY_ACCOUNT_received];
        }
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

void outlay_accounts_clear(const struct outlay_plan *plan, struct outlay_workspace *work)
{
    const size_t n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    memset(work->outcome.account, 0, n_books * OUTLAY_N_ACCOUNTS * sizeof *work->outcome.account);
    for (size_t book = 0; book < n_books; book++) {
        work->outcome.exhaustion_day[book] = OUTLAY_NEVER;
        work->outcome.last_exhaustion_day[book] = OUTLAY_NEVER;
        work->outcome.account[book * OUTLAY_N_ACCOUNTS + OUTLAY_ACCOUNT_lowest_factor] = 1.0;
    }
}

void outlay_stage_accounts(const struct outlay_plan *plan, struct outlay_workspace *work)
{
    const int n_books = plan->n_programmes * plan->n_years;
    const size_t stride = (size_t)plan->n_classes * OUTLAY_N_ACCOUNTS;
    const size_t n_day = (size_t)plan->n_programmes * (size_t)plan->n_days;
    struct outlay_outcome *outcome = &work->outcome;
    memset(outcome->class_account, 0, (size_t)n_books * stride * sizeof *outcome->class_account);
    memset(outcome->commitment, 0, n_day * sizeof *outcome->commitment);
    memset(outcome->outlay, 0, n_day * sizeof *outcome->outlay);
    for (int s = 0; s < n_books * plan->n_classes; s++) {
        const int programme = s / plan->n_classes / plan->n_years;
        record_segment(plan, work, s, outcome->class_account + (size_t)(programme * plan->n_years) * stride);
    }
    for (int book = 0; book < n_books; book++) {
        double *account = outcome->account + (size_t)book * OUTLAY_N_ACCOUNTS;
        total(plan, account, outcome->class_account + (size_t)book * stride);
        account[OUTLAY_ACCOUNT_share_at_cap] =
            account[OUTLAY_ACCOUNT_awards_at_cap] / fmax(1.0, account[OUTLAY_ACCOUNT_awards]);
        measure_inequality(plan, work, book / plan->n_years, book % plan->n_years, account);
    }
    for (int p = 0; p < plan->n_programmes; p++) {
        accumulate_days(plan, outcome->commitment + (size_t)p * (size_t)plan->n_days);
        accumulate_days(plan, outcome->outlay + (size_t)p * (size_t)plan->n_days);
    }
    settle_pools(plan, outcome->account);
    outcome->contracts = (double)work->n_contracts;
}

static const char *book_violation(const double *a)
{
#define A(name) a[OUTLAY_ACCOUNT_##name]
    if (A(appropriation) + A(topped_up) + A(received) + A(carried_in) + A(overdrawn) !=
        A(outlay) + A(outstanding) + A(given) + A(lapsed) + A(carried_out)) {
        return "appropriation + topped up + received + carried in + overdrawn = outlay + outstanding + given + lapsed "
               "+ "
               "carried out";
    }
    if (A(demand) != A(committed) + A(unmet)) {
        return "demand = committed + unmet";
    }
    if (A(committed) != A(outlay) + A(returned) + A(outstanding)) {
        return "committed = outlay + returned + outstanding";
    }
    if (A(applications) != A(awards) + A(refused_for_money) + A(refused_on_merits) + A(withdrawn) + A(pending)) {
        return "applications = awards + refused for money + refused on the merits + withdrawn + pending";
    }
    if (A(committed) - A(returned) > A(appropriation) + A(topped_up) + A(received) + A(carried_in) + A(overdrawn)) {
        return "commitments never exceed what the year had";
    }
#undef A
    for (int i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
        const bool is_share = outlay_accounts[i].unit == OUTLAY_UNIT_SHARE;
        if (!(a[i] >= 0.0) || (is_share ? a[i] > 1.0 : a[i] != floor(a[i]))) {
            return "every account is a whole number, at least 0, or a share";
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
