/* accounts.c: what is recorded of each application, and the identities that must hold. */
#include <math.h>
#include <string.h>

#include "stages.h"

/* What became of an application in the end: one of the five counts that add up to `applications`. */
static enum outlay_account fate(const struct outlay_workspace *work, size_t i)
{
    if (work->commit_day[i] == OUTLAY_AFTER_HORIZON) {
        return OUTLAY_ACCOUNT_pending;
    }
    const bool is_decided = outlay_decision_day(work, i) != OUTLAY_AFTER_HORIZON;
    if (is_decided && work->verdict != NULL && work->verdict[i] == OUTLAY_WITHDRAWN) {
        return OUTLAY_ACCOUNT_withdrawn;
    }
    if (work->demand[i] == 0.0) {
        return OUTLAY_ACCOUNT_refused_on_merits;
    }
    if (work->committed[i] == 0.0) {
        return OUTLAY_ACCOUNT_refused_for_money;
    }
    if (!is_decided) {
        return OUTLAY_ACCOUNT_pending;
    }
    return outlay_is_approved(work, i) ? OUTLAY_ACCOUNT_awards : OUTLAY_ACCOUNT_refused_on_merits;
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
    account[OUTLAY_ACCOUNT_induced] += paid > 0.0 ? outlay_induced(work, i) : 0.0;
    account[OUTLAY_ACCOUNT_deadweight] += cell->has_response ? fmax(0.0, paid - outlay_induced(work, i)) : 0.0;
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

/* ---- the same where no rule comes between a commitment and its payment ---- */

/*
 * Is every application of a programme decided when money is asked for, put to its own budget and, if granted, paid in
 * full on the day? Then nothing need be looked at one by one: what is committed on a day is paid on it, and the rest
 * are sums.
 */
static bool is_plain(const struct outlay_plan *plan, const struct outlay_workspace *work, int programme)
{
    const struct outlay_plan_programme *planned = &plan->programmes[programme];
    bool is = !planned->has_payment && work->induced == NULL &&
              (work->verdict == NULL || planned->commit == OUTLAY_COMMIT_DECISION);
    for (int p = 0; p < plan->n_programmes && is; p++) {
        is = (plan->programmes[p].pool == planned->pool) == (p == programme);
    }
    for (int c = 0; c < plan->n_classes && is; c++) {
        const struct outlay_plan_cell *cell = &planned->cells[c];
        const bool is_decided =
            planned->commit == OUTLAY_COMMIT_DECISION || (!cell->has_review && cell->eligible == 1.0);
        is = is_decided && cell->inflation == 1.0 && cell->co_funding == 0.0 && cell->capital_drawn == 0.0;
    }
    return is;
}

struct plain_sums {
    uint64_t contract_value, demand, committed; /* fen */
    uint64_t n, n_asking, n_awards, n_at_cap, n_withdrawn, n_pending;
};

/* Of n contracts from `first` on, those with a commitment day in [from, to]: all of them without such a column. */
static inline void add_up(const struct outlay_workspace *restrict work, bool has_days, size_t first, size_t n,
                          const int32_t days[2], struct plain_sums *restrict sums)
{
    const double *restrict contract = work->contract + first, *restrict demand = work->demand + first;
    const double *restrict committed = work->committed + first;
    const unsigned char *restrict is_at_cap = work->is_at_cap + first;
    const int32_t *restrict commit_day = work->commit_day + first, from = days[0], to = days[1];
    uint64_t contract_value = 0, demanded = 0, promised = 0;
    uint64_t n_in = 0, n_asking = 0, n_awards = 0, n_at_cap = 0, n_pending = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t is_in = has_days ? (commit_day[i] >= from) & (commit_day[i] <= to) : 1;
        const uint64_t is_award = is_in & (committed[i] > 0.0), mask = 0 - is_in; /* a condition would be a branch */
        contract_value += outlay_whole(contract[i]) & mask;
        demanded += outlay_whole(demand[i]) & mask;
        promised += outlay_whole(committed[i]) & mask;
        n_in += is_in;
        n_asking += is_in & (demand[i] > 0.0);
        n_awards += is_award;
        n_at_cap += is_award & is_at_cap[i];
        n_pending += has_days ? is_in & (commit_day[i] == OUTLAY_AFTER_HORIZON) : 0;
    }
    *sums = (struct plain_sums){contract_value, demanded, promised, n_in, n_asking, n_awards, n_at_cap, 0, n_pending};
}

OUTLAY_VECTORISED
static void add_all(const struct outlay_workspace *restrict work, size_t first, size_t n,
                    struct plain_sums *restrict sums)
{
    const int32_t all[2] = {0, OUTLAY_AFTER_HORIZON};
    add_up(work, false, first, n, all, sums);
}

OUTLAY_VECTORISED
static void add_days(const struct outlay_workspace *restrict work, size_t first, size_t n, const int32_t days[2],
                     struct plain_sums *restrict sums)
{
    add_up(work, true, first, n, days, sums);
}

static uint64_t count_withdrawn(const struct outlay_workspace *work, size_t first, size_t n, const int32_t days[2])
{
    uint64_t n_withdrawn = 0;
    for (size_t i = first; i < first + n; i++) {
        const bool is_in = work->commit_day[i] >= days[0] && work->commit_day[i] <= days[1];
        n_withdrawn += is_in && work->commit_day[i] != OUTLAY_AFTER_HORIZON && work->verdict[i] == OUTLAY_WITHDRAWN;
    }
    return n_withdrawn;
}

static void record_sums(const struct plain_sums *sums, double account[])
{
    account[OUTLAY_ACCOUNT_applications] += (double)sums->n;
    account[OUTLAY_ACCOUNT_awards] += (double)sums->n_awards;
    account[OUTLAY_ACCOUNT_refused_for_money] += (double)(sums->n_asking - sums->n_awards);
    account[OUTLAY_ACCOUNT_refused_on_merits] +=
        (double)(sums->n - sums->n_asking - sums->n_withdrawn - sums->n_pending);
    account[OUTLAY_ACCOUNT_withdrawn] += (double)sums->n_withdrawn;
    account[OUTLAY_ACCOUNT_pending] += (double)sums->n_pending;
    account[OUTLAY_ACCOUNT_awards_at_cap] += (double)sums->n_at_cap;
    account[OUTLAY_ACCOUNT_contract_value] += (double)sums->contract_value;
    account[OUTLAY_ACCOUNT_demand] += (double)sums->demand;
    account[OUTLAY_ACCOUNT_committed] += (double)sums->committed;
    account[OUTLAY_ACCOUNT_unmet] += (double)(sums->demand - sums->committed);
    account[OUTLAY_ACCOUNT_outlay] += (double)sums->committed;
}

/* The contracts of one segment, into the class accounts of the years whose budgets they were put to. */
static void record_plain_segment(const struct outlay_plan *plan, const struct outlay_workspace *work, int segment,
                                 double *class_account)
{
    const size_t first = work->segment[segment], n = work->segment[segment + 1] - first;
    const int i_class = segment % plan->n_classes, own_year = segment / plan->n_classes % plan->n_years;
    const bool has_days = work->own_commit_day != NULL;
    for (int year = has_days ? 0 : own_year; year < (has_days ? plan->n_years : own_year + 1); year++) {
        const bool is_last = year + 1 == plan->n_years;
        const int32_t days[2] = {plan->year_first_day[year],
                                 is_last ? OUTLAY_AFTER_HORIZON : plan->year_first_day[year + 1] - 1};
        struct plain_sums sums;
        if (has_days) {
            add_days(work, first, n, days, &sums);
            sums.n_withdrawn = work->verdict != NULL ? count_withdrawn(work, first, n, days) : 0;
        } else {
            add_all(work, first, n, &sums);
        }
        record_sums(&sums, class_account + (size_t)(year * plan->n_classes + i_class) * OUTLAY_N_ACCOUNTS);
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

static void record_programme(const struct outlay_plan *plan, struct outlay_workspace *work, int programme)
{
    const size_t n_days = (size_t)plan->n_days, first_day = (size_t)programme * n_days;
    const int n_segments = plan->n_years * plan->n_classes, first = outlay_segment(work, programme, 0, 0);
    double *class_account = work->outcome.class_account + (size_t)first * OUTLAY_N_ACCOUNTS;
    double *commitment = work->outcome.commitment + first_day, *outlay = work->outcome.outlay + first_day;
    if (is_plain(plan, work, programme)) { /* commitment[] is as the allocation left it */
        for (int s = 0; s < n_segments; s++) {
            record_plain_segment(plan, work, first + s, class_account);
        }
        accumulate_days(plan, commitment);
        memcpy(outlay, commitment, n_days * sizeof *outlay);
        return;
    }
    memset(commitment, 0, n_days * sizeof *commitment);
    memset(outlay, 0, n_days * sizeof *outlay);
    for (int s = 0; s < n_segments; s++) {
        record_segment(plan, work, first + s, class_account);
    }
    accumulate_days(plan, commitment);
    accumulate_days(plan, outlay);
}

/* ---- how it is spread ---- */

/* Commitments of each applicant that applied in one year and has any, into work->sum; returns their number. */
static size_t sum_by_applicant(const struct outlay_plan *plan, struct outlay_workspace *work, int programme, int year)
{
    const size_t *segment = &work->segment_participant[outlay_segment(work, programme, year, 0)];
    const size_t n = segment[plan->n_classes] - segment[0];
    outlay_sum_by_participant(work, segment[0], n, work->committed, work->sum);
    size_t n_above = 0;
    for (size_t p = 0; p < n; p++) {
        work->sum[n_above] = work->sum[p];
        n_above += work->sum[p] > 0.0;
    }
    return n_above;
}

/* Gini coefficient and share of the top tenth over the applicants that were awarded anything in a fiscal year. */
static void measure_inequality(const struct outlay_plan *plan, struct outlay_workspace *work, int programme, int year,
                               double account[])
{
    const size_t n = sum_by_applicant(plan, work, programme, year);
    const size_t first_of_top = n - (n + 9) / 10;
    double sum = 0.0, ranked = 0.0, top = 0.0;
    const double *sorted = outlay_sort(work->sum, n, work->queue_key, work->bucket);
    for (size_t k = 0; k < n; k++) {
        sum += sorted[k];
        ranked += (double)(k + 1) * sorted[k];
    }
    for (size_t k = first_of_top; k < n; k++) {
        top += sorted[k];
    }
    if (n > 0) {
        account[OUTLAY_ACCOUNT_gini] = fmax(0.0, 2.0 * ranked / ((double)n * sum) - ((double)n + 1.0) / (double)n);
        account[OUTLAY_ACCOUNT_top_decile_share] = top / sum;
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
    struct outlay_outcome *outcome = &work->outcome;
    memset(outcome->class_account, 0, (size_t)n_books * stride * sizeof *outcome->class_account);
    for (int p = 0; p < plan->n_programmes; p++) {
        record_programme(plan, work, p);
    }
    for (int book = 0; book < n_books; book++) {
        double *account = outcome->account + (size_t)book * OUTLAY_N_ACCOUNTS;
        total(plan, account, outcome->class_account + (size_t)book * stride);
        account[OUTLAY_ACCOUNT_share_at_cap] =
            account[OUTLAY_ACCOUNT_awards_at_cap] / fmax(1.0, account[OUTLAY_ACCOUNT_awards]);
        measure_inequality(plan, work, book / plan->n_years, book % plan->n_years, account);
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
