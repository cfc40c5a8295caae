/*
 * allocation.c: what the budget covers, day by day.
 *
 * On a day whose demand is within the money at hand everybody is served, and nobody need be looked at one by one.
 * Only on a short day is there a queue, in the order of application, and a rule for the award that no longer fits.
 */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

#include "stages.h"

/* The money of one programme on the day at hand. */
struct till {
    const struct outlay_plan *plan;
    const struct outlay_plan_programme *programme;
    struct outlay_workspace *work;
    size_t first, end; /* contracts of the programme */
    bool is_sorted;    /* work->by_day holds them by day */
    double at_hand;    /* fen that can be committed */
    bool is_closed;    /* until the fiscal year ends */
    int32_t day, year;
    double *account;     /* [n_years][OUTLAY_N_ACCOUNTS] of the programme */
    int32_t *exhaustion; /* [n_years] */
};

static double *entry(struct till *till, int32_t year, enum outlay_account account)
{
    return &till->account[(size_t)year * OUTLAY_N_ACCOUNTS + account];
}

/* Rules for the queue of a short day, the money at hand being less than the demand. Each fills committed[]. */
typedef void (*queue_rule)(struct till *till, const double demand[], double committed[], const uint32_t queue[],
                           size_t n);

/* The award that no longer fits gets what is left. */
static void serve_partial(struct till *till, const double demand[], double committed[], const uint32_t queue[],
                          size_t n)
{
    for (size_t k = 0; k < n; k++) {
        committed[queue[k]] = fmin(demand[queue[k]], till->at_hand);
        till->at_hand -= committed[queue[k]];
    }
}

/* The award that no longer fits gets nothing, and the programme closes for the year. */
static void serve_close(struct till *till, const double demand[], double committed[], const uint32_t queue[], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        till->is_closed = till->is_closed || demand[queue[k]] > till->at_hand;
        committed[queue[k]] = till->is_closed ? 0.0 : demand[queue[k]];
        till->at_hand -= committed[queue[k]];
    }
}

/* The award that no longer fits gets nothing; smaller ones behind it may still fit. */
static void serve_skip(struct till *till, const double demand[], double committed[], const uint32_t queue[], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        committed[queue[k]] = demand[queue[k]] > till->at_hand ? 0.0 : demand[queue[k]];
        till->at_hand -= committed[queue[k]];
    }
}

static const queue_rule queue_rules[] = {
    [OUTLAY_LAST_PARTIAL] = serve_partial,
    [OUTLAY_LAST_CLOSE] = serve_close,
    [OUTLAY_LAST_SKIP] = serve_skip,
};

/* Demand of each day of the horizon. Sums of whole fen are exact in any order. */
static void add_day_demand(const struct till *till)
{
    struct outlay_workspace *work = till->work;
    memset(work->day_demand, 0, (size_t)work->n_days * sizeof *work->day_demand);
    for (size_t i = till->first; i < till->end; i++) {
        if (work->commit_day[i] < work->n_days) {
            work->day_demand[work->commit_day[i]] += work->demand[i];
        }
    }
}

/* Counting sort of the programme's contracts by commitment day. */
static void sort_by_day(struct till *till)
{
    struct outlay_workspace *work = till->work;
    uint32_t *first = work->day_first;
    memset(first, 0, ((size_t)work->n_days + 1) * sizeof *first);
    for (size_t i = till->first; i < till->end; i++) {
        if (work->commit_day[i] < work->n_days) {
            first[work->commit_day[i]]++;
        }
    }
    uint32_t sum = 0;
    for (int32_t day = 0; day <= work->n_days; day++) {
        const uint32_t n = first[day];
        first[day] = sum;
        sum += n;
    }
    for (size_t i = till->first; i < till->end; i++) {
        if (work->commit_day[i] < work->n_days) {
            work->by_day[first[work->commit_day[i]]++] = (uint32_t)i;
        }
    }
    /* each first[day] has moved to where the next day begins */
    memmove(first + 1, first, (size_t)work->n_days * sizeof *first);
    first[0] = 0;
    till->is_sorted = true;
}

/* The contracts of the day at hand in the order of application. Returns their number; *queue is in work->by_day. */
static size_t queue_up(struct till *till, uint32_t **queue)
{
    struct outlay_workspace *work = till->work;
    if (!till->is_sorted) {
        sort_by_day(till);
    }
    *queue = work->by_day + work->day_first[till->day];
    const size_t n = work->day_first[till->day + 1] - work->day_first[till->day];
    for (size_t k = 0; k < n; k++) {
        work->queue_time[k] = work->time[(*queue)[k]];
    }
    gsl_sort_index(work->queue, work->queue_time, 1, n);
    /* queue_time is read no more: it carries the contracts while they are put in order */
    for (size_t k = 0; k < n; k++) {
        work->queue_time[k] = (*queue)[work->queue[k]];
    }
    for (size_t k = 0; k < n; k++) {
        (*queue)[k] = (uint32_t)work->queue_time[k];
    }
    return n;
}

static void refuse_all(struct till *till)
{
    struct outlay_workspace *work = till->work;
    const size_t from = work->day_first[till->day], to = work->day_first[till->day + 1];
    for (size_t k = from; k < to; k++) {
        work->committed[work->by_day[k]] = 0.0;
    }
}

/* A day on which the money does not reach. */
static void serve_short_day(struct till *till)
{
    struct outlay_workspace *work = till->work;
    int32_t *exhaustion = &till->exhaustion[till->year];
    *exhaustion = *exhaustion == OUTLAY_NEVER ? till->day : *exhaustion;
    if (!till->is_sorted) {
        sort_by_day(till);
    }
    if (till->is_closed || till->at_hand == 0.0) {
        refuse_all(till);
        return;
    }
    uint32_t *queue;
    const size_t n = queue_up(till, &queue);
    queue_rules[till->programme->last_award](till, work->demand, work->committed, queue, n);
}

/*
 * Money reserved for an application that is refused later comes back: within the fiscal year it can be committed
 * again, the day itself excepted; after it, it lapses or is carried from year to year to the day on which it came.
 */
static void schedule_return(struct till *till, int32_t day, double amount)
{
    const int32_t year = till->plan->year_of_day[day];
    const bool is_late = year > till->year;
    if (is_late && till->programme->carry_over == OUTLAY_CARRY_NONE) {
        *entry(till, till->year, OUTLAY_ACCOUNT_lapsed) += amount;
        return;
    }
    double *into = is_late ? till->work->day_carried : till->work->day_return;
    into[day] += amount;
    for (int32_t y = till->year; y < year; y++) {
        *entry(till, y, OUTLAY_ACCOUNT_carried_out) += amount;
        *entry(till, y + 1, OUTLAY_ACCOUNT_carried_in) += amount;
    }
}

static void schedule_returns(struct till *till)
{
    struct outlay_workspace *work = till->work;
    for (size_t k = work->day_first[till->day]; k < work->day_first[till->day + 1]; k++) {
        const uint32_t i = work->by_day[k];
        if (!work->approved[i] && work->committed[i] > 0.0 && work->decision_day[i] != OUTLAY_AFTER_HORIZON) {
            schedule_return(till, work->decision_day[i], work->committed[i]);
        }
    }
}

static double committed_today(const struct till *till)
{
    const struct outlay_workspace *work = till->work;
    double sum = 0.0;
    for (size_t k = work->day_first[till->day]; k < work->day_first[till->day + 1]; k++) {
        sum += work->committed[work->by_day[k]];
    }
    return sum;
}

/* Commitments of the day less what comes back on it. */
static double play_day(struct till *till)
{
    struct outlay_workspace *work = till->work;
    const double returned = work->day_return[till->day];
    const double demand = work->day_demand[till->day];
    double committed = demand;
    till->at_hand += returned + work->day_carried[till->day];
    if (demand > 0.0 && (till->is_closed || demand > till->at_hand)) {
        serve_short_day(till);
        committed = committed_today(till);
    } else {
        till->at_hand -= demand;
    }
    if (till->programme->commit == OUTLAY_COMMIT_APPLICATION) {
        work->day_return[till->day] = 0.0;
        schedule_returns(till);
        /* what was refused on the day of its application can be used from tomorrow on */
        till->at_hand += work->day_return[till->day];
        return committed - returned - work->day_return[till->day];
    }
    return committed;
}

static void open_year(struct till *till, int32_t year)
{
    till->year = year;
    till->is_closed = false;
    till->exhaustion[year] = OUTLAY_NEVER;
    till->at_hand += till->programme->budget;
    *entry(till, year, OUTLAY_ACCOUNT_appropriation) = till->programme->budget;
}

static void close_year(struct till *till)
{
    if (till->programme->carry_over == OUTLAY_CARRY_NONE) {
        *entry(till, till->year, OUTLAY_ACCOUNT_lapsed) += till->at_hand;
        till->at_hand = 0.0;
        return;
    }
    *entry(till, till->year, OUTLAY_ACCOUNT_carried_out) += till->at_hand;
    if (till->year + 1 < till->plan->n_years) {
        *entry(till, till->year + 1, OUTLAY_ACCOUNT_carried_in) += till->at_hand;
    }
}

static void play_programme(struct till *till, double commitment[])
{
    struct outlay_workspace *work = till->work;
    add_day_demand(till);
    memset(work->day_return, 0, (size_t)work->n_days * sizeof *work->day_return);
    memset(work->day_carried, 0, (size_t)work->n_days * sizeof *work->day_carried);
    memcpy(work->committed + till->first, work->demand + till->first,
           (till->end - till->first) * sizeof *work->committed);
    if (till->programme->commit == OUTLAY_COMMIT_APPLICATION) {
        sort_by_day(till);
    }
    for (int32_t year = 0; year < till->plan->n_years; year++) {
        double sum = 0.0;
        open_year(till, year);
        for (till->day = till->plan->year_first_day[year]; till->day < till->plan->year_first_day[year + 1];
             till->day++) {
            sum += play_day(till);
            commitment[till->day] = sum;
        }
        close_year(till);
    }
}

void outlay_stage_allocation(const struct outlay_plan *plan, struct outlay_workspace *work)
{
    const size_t n_books = (size_t)plan->n_years * OUTLAY_N_ACCOUNTS;
    memset(work->outcome.account, 0, (size_t)plan->n_programmes * n_books * sizeof *work->outcome.account);
    for (int p = 0; p < plan->n_programmes; p++) {
        struct till till = {
            .plan = plan,
            .programme = &plan->programmes[p],
            .work = work,
            .first = work->segment[outlay_segment(work, p, 0, 0)],
            .end = work->segment[outlay_segment(work, p + 1, 0, 0)],
            .account = work->outcome.account + (size_t)p * n_books,
            .exhaustion = work->outcome.exhaustion_day + (size_t)p * (size_t)plan->n_years,
        };
        play_programme(&till, work->outcome.commitment + (size_t)p * (size_t)plan->n_days);
    }
}
