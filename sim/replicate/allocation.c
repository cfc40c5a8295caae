/*
 * allocation.c: what the budget covers, day by day.
 *
 * On a day whose demand is within the money at hand everybody is served, and nobody need be looked at one by one.
 * Only on a short day is there a queue, and a rule by which it is served (queue.c); and where a rule looks at single
 * awards in any case: reserves, steps of the budget, a waiting list, money that comes back.
 */
#include <math.h>
#include <string.h>

#include "till.h"

/* ---- the pool's contracts by day ---- */

/* The contracts of programme p of the pool, [*first, *end); false where p is not of the pool. */
static bool member(const struct outlay_till *till, int p, size_t *first, size_t *end)
{
    *first = till->work->segment[outlay_segment(till->work, p, 0, 0)];
    *end = till->work->segment[outlay_segment(till->work, p + 1, 0, 0)];
    return till->plan->programmes[p].pool == till->pool;
}

/*
 * Demand and number of awards of each day of the horizon. Sums of whole fen are exact in any order. What the horizon
 * ends without goes to a day behind the last.
 */
static void add_day_demand(const struct outlay_till *till)
{
    struct outlay_workspace *work = till->work;
    const int32_t n_days = work->n_days;
    const bool has_limit = isfinite(till->programme->max_awards);
    size_t first, end;
    memset(work->day_demand, 0, ((size_t)n_days + 1) * sizeof *work->day_demand);
    memset(work->day_awards, 0, ((size_t)n_days + 1) * sizeof *work->day_awards);
    for (int p = 0; p < till->plan->n_programmes; p++) {
        if (!member(till, p, &first, &end)) {
            continue;
        }
        for (size_t i = first; i < end; i++) {
            work->day_demand[work->commit_day[i] < n_days ? work->commit_day[i] : n_days] += work->demand[i];
        }
        for (size_t i = first; i < end && has_limit; i++) {
            work->day_awards[work->commit_day[i] < n_days ? work->commit_day[i] : n_days] += work->demand[i] > 0.0;
        }
    }
}

/* Counting sort of the pool's contracts by commitment day. */
static void sort_by_day(struct outlay_till *till)
{
    struct outlay_workspace *work = till->work;
    uint32_t *place = work->day_first;
    size_t first, end;
    memset(place, 0, ((size_t)work->n_days + 1) * sizeof *place);
    for (int p = 0; p < till->plan->n_programmes; p++) {
        for (size_t i = member(till, p, &first, &end) ? first : end; i < end; i++) {
            place[work->commit_day[i] < work->n_days ? work->commit_day[i] : work->n_days]++;
        }
    }
    uint32_t sum = 0;
    for (int32_t day = 0; day <= work->n_days; day++) {
        const uint32_t n = place[day];
        place[day] = sum;
        sum += n;
    }
    for (int p = 0; p < till->plan->n_programmes; p++) {
        for (size_t i = member(till, p, &first, &end) ? first : end; i < end; i++) {
            if (work->commit_day[i] < work->n_days) {
                work->by_day[place[work->commit_day[i]]++] = (uint32_t)i;
            }
        }
    }
    /* each place[day] has moved to where the next day begins */
    memmove(place + 1, place, (size_t)work->n_days * sizeof *place);
    place[0] = 0;
    till->is_sorted = true;
}

/* Is any of n contracts, at most a piece, committed on a day? */
OUTLAY_VECTORISED
static int32_t has_day(size_t n, const int32_t *restrict commit_day, int32_t day)
{
    int32_t has = 0;
    for (size_t i = 0; i < n; i++) {
        has |= commit_day[i] == day;
    }
    return has;
}

enum { SEARCH_PIECE = 64, MOST_SEARCHES = 8 };

/* The contracts of the day at hand, searched for. */
static size_t search_day(const struct outlay_till *till)
{
    const struct outlay_workspace *work = till->work;
    size_t n = 0, first, end;
    for (int p = 0; p < till->plan->n_programmes; p++) {
        if (!member(till, p, &first, &end)) {
            continue;
        }
        for (; first < end; first += SEARCH_PIECE) {
            const size_t n_piece = end - first < SEARCH_PIECE ? end - first : SEARCH_PIECE;
            if (!has_day(n_piece, work->commit_day + first, till->day)) {
                continue;
            }
            for (size_t i = first; i < first + n_piece; i++) {
                work->by_day[n] = (uint32_t)i;
                n += work->commit_day[i] == till->day;
            }
        }
    }
    return n;
}

/* The contracts of the day at hand; returns their number. Few days are short: only where there are many it pays to sort
 * all contracts by day. */
static size_t contracts_of_day(struct outlay_till *till, uint32_t **queue)
{
    if (!till->is_one_by_one && !till->is_sorted && till->n_searches < MOST_SEARCHES) {
        till->n_searches++;
        *queue = till->work->by_day;
        return search_day(till);
    }
    if (!till->is_sorted) {
        sort_by_day(till);
    }
    *queue = till->work->by_day + till->work->day_first[till->day];
    return till->work->day_first[till->day + 1] - till->work->day_first[till->day];
}

/* ---- the run on a nearly empty pot ---- */

/* Everybody who would have come later this year comes sooner: the days from now on are divided by the factor. */
static void start_run(struct outlay_till *till)
{
    struct outlay_workspace *work = till->work;
    const int32_t year_end = till->plan->year_first_day[till->year + 1];
    size_t first, end;
    for (int p = 0; p < till->plan->n_programmes; p++) {
        for (size_t i = member(till, p, &first, &end) ? first : end; i < end; i++) {
            if (work->commit_day[i] > till->day && work->commit_day[i] < year_end) {
                const double later = ceil((work->commit_day[i] - till->day) / till->programme->run_factor);
                const int32_t sooner = work->commit_day[i] - till->day - (int32_t)later;
                work->commit_day[i] -= sooner;
                work->decision_day[i] -= work->decision_day[i] == OUTLAY_AFTER_HORIZON ? 0 : sooner;
            }
        }
    }
    till->is_running = true;
    /* at once: whoever is served from the waiting list tomorrow must not stand in tomorrow's queue as well */
    sort_by_day(till);
    add_day_demand(till);
}

/* ---- the days ---- */

/* Everybody is served in full. */
static void serve_all(struct outlay_till *till, double demand, double awards)
{
    till->at_hand -= demand;
    till->committed += demand;
    till->cash[till->year] -= demand;
    till->awards_left -= awards;
}

/* With nothing at hand, does nothing come of asking: no programme that closes, and no factor of 0? */
static bool is_in_vain(const struct outlay_till *till)
{
    const struct outlay_plan_programme *programme = till->programme;
    const bool divides = programme->rule == OUTLAY_RULE_PRO_RATA || programme->rule == OUTLAY_RULE_EQUAL_AWARDS;
    return !till->is_one_by_one && !divides && programme->last_award != OUTLAY_LAST_CLOSE;
}

/* The money does not reach, or a rule looks at each. */
static void serve_queue(struct outlay_till *till)
{
    const bool is_over = till->is_closed || (till->at_hand == 0.0 && is_in_vain(till));
    if (is_over && !till->is_one_by_one) {
        till->work->day_served[till->day] = 0.0;
        outlay_till_note_shortage(till);
        return;
    }
    uint32_t *queue;
    const size_t n = contracts_of_day(till, &queue);
    till->work->day_served[till->day] = -1.0;
    if (is_over) {
        for (size_t k = 0; k < n; k++) {
            till->work->committed[queue[k]] = 0.0;
        }
        outlay_till_note_shortage(till);
    } else {
        outlay_queue_serve(till, queue, n);
    }
}

/* Can a day pass on which nothing happens but that applications take what is there? */
static bool may_be_quiet(const struct outlay_till *till)
{
    return !till->is_one_by_one && !till->is_closed && till->programme->run_factor == 1.0 &&
           isinf(till->programme->max_awards);
}

/* Does money come on a day? */
static bool brings_money(const struct outlay_plan_programme *programme, int32_t day)
{
    return programme->released[day] != 0.0 || programme->topped_up[day] != 0.0;
}

/* Let days pass without money, from till->day up to the next on which some comes; everybody who asks is refused. */
static void pass_empty_days(struct outlay_till *till, int32_t end)
{
    double *day_served = till->work->day_served;
    int32_t day = till->day, first_short = end, last_short = till->day;
    for (; day < end && !brings_money(till->programme, day); day++) {
        const bool is_short = till->work->day_demand[day] > 0.0;
        till->commitment[day] = 0.0;
        till->served[day] = is_short ? 0.0 : 1.0;
        day_served[day] = till->served[day];
        last_short = is_short ? day : last_short;
        first_short = is_short && first_short == end ? day : first_short;
    }
    if (first_short < end) {
        till->day = first_short;
        outlay_till_note_shortage(till);
        till->day = last_short;
        outlay_till_note_shortage(till);
    }
    till->day = day;
}

/*
 * Let days pass, up to the first on which money comes or reaches for some only. Most days are such, so they are gone
 * through as fast as can be.
 */
static void pass_quiet_days(struct outlay_till *till, int32_t end)
{
    const double *demand = till->work->day_demand;
    double at_hand = till->at_hand, taken = 0.0; /* at_hand may be without limit: what is taken is no difference */
    int32_t day = till->day;
    for (; day < end && demand[day] <= at_hand && !brings_money(till->programme, day); day++) {
        at_hand -= demand[day];
        taken += demand[day];
        till->commitment[day] = demand[day];
        till->served[day] = 1.0;
    }
    till->day = day;
    serve_all(till, taken, 0.0);
    if (till->at_hand == 0.0 && is_in_vain(till)) {
        pass_empty_days(till, end);
    }
}

static void play_day(struct outlay_till *till)
{
    outlay_till_receive_today(till);
    const double committed_by_yesterday = till->committed;
    if (till->first_waiting < till->n_waiting) {
        outlay_queue_serve_waiting(till);
    }
    const double demand = till->work->day_demand[till->day], awards = till->work->day_awards[till->day];
    const double committed_before = till->committed;
    const bool is_short = till->is_closed || demand > till->at_hand || awards > till->awards_left;
    if (demand > 0.0 && !till->is_one_by_one && !is_short) {
        serve_all(till, demand, awards);
    } else if (demand > 0.0) {
        serve_queue(till);
    }
    const double committed = till->committed - committed_before;
    till->commitment[till->day] = till->committed - committed_by_yesterday;
    till->served[till->day] = committed >= demand ? 1.0 : fmin(1.0, committed / demand);
    outlay_till_close_day(till);
    const bool is_nearly_empty = till->at_hand < till->programme->run_below * till->year_money;
    if (is_nearly_empty && !till->is_running && till->programme->run_factor > 1.0) {
        start_run(till);
    }
}

/* ---- what each contract got ---- */

/* Where a rule looked at contracts one by one, committed[] is set; elsewhere it is all or nothing. */
OUTLAY_VECTORISED
static void set_committed(size_t n, int32_t n_days, const double *restrict day_served,
                          const int32_t *restrict commit_day, const double *restrict demand, double *restrict committed)
{
    for (size_t i = 0; i < n; i++) {
        const double served = day_served[commit_day[i] < n_days ? commit_day[i] : n_days];
        committed[i] = served < 0.0 ? committed[i] : served * demand[i];
    }
}

static void set_all_committed(const struct outlay_till *till)
{
    const struct outlay_workspace *work = till->work;
    size_t first, end;
    for (int p = 0; p < till->plan->n_programmes; p++) {
        if (member(till, p, &first, &end)) {
            set_committed(end - first, work->n_days, work->day_served, work->commit_day + first, work->demand + first,
                          work->committed + first);
        }
    }
}

/* Before the days pass: where rules look at contracts one by one, each has its demand until they do. */
static void begin(const struct outlay_till *till)
{
    const struct outlay_workspace *work = till->work;
    const size_t n_days = (size_t)work->n_days, n_years = (size_t)till->plan->n_years;
    size_t first, end;
    add_day_demand(till);
    for (size_t day = 0; day <= n_days; day++) {
        work->day_served[day] = 1.0;
    }
    memset(till->cash, 0, n_years * sizeof *till->cash);
    if (till->may_return) {
        memset(work->day_return, 0, n_days * sizeof *work->day_return);
        memset(work->late_return, 0, (n_years > 1 ? n_years * n_days : 1) * sizeof *work->late_return);
    }
    for (int p = 0; p < till->plan->n_programmes && till->is_one_by_one; p++) {
        if (member(till, p, &first, &end)) {
            memcpy(work->committed + first, work->demand + first, (end - first) * sizeof *work->committed);
        }
    }
}

static void play_pool(struct outlay_till *till)
{
    struct outlay_workspace *work = till->work;
    begin(till);
    double carried = 0.0;
    for (int32_t year = 0; year < till->plan->n_years; year++) {
        outlay_till_open_year(till, year, carried);
        const int32_t end = till->plan->year_first_day[year + 1];
        while (till->day < end) {
            if (may_be_quiet(till)) {
                pass_quiet_days(till, end);
            }
            if (till->day < end) {
                play_day(till);
                till->day++;
            }
        }
        carried = outlay_till_close_year(till);
    }
    for (int32_t year = 0; year < till->plan->n_years; year++) {
        *outlay_till_entry(till, year, OUTLAY_ACCOUNT_overdrawn) = fmax(0.0, -till->cash[year]);
    }
    for (size_t k = till->first_waiting; k < till->n_waiting; k++) {
        const int32_t year = till->plan->year_of_day[work->commit_day[work->waiting[k]]];
        *outlay_till_entry(till, year, OUTLAY_ACCOUNT_waiting) += 1.0;
    }
    if (!till->is_one_by_one) {
        set_all_committed(till);
    }
}

/* Can money come back: from reservations that are refused, claims that are cut, commitments that die? */
static bool may_return(const struct outlay_plan *plan, int pool)
{
    bool may = false;
    for (int p = 0; p < plan->n_programmes; p++) {
        const struct outlay_plan_programme *programme = &plan->programmes[p];
        if (programme->pool != pool) {
            continue;
        }
        may = may || (programme->has_payment && isfinite(programme->expires));
        for (int c = 0; c < plan->n_classes; c++) {
            const struct outlay_plan_cell *cell = &programme->cells[c];
            const bool can_be_refused = cell->has_review || cell->eligible < 1.0;
            may = may || (programme->commit == OUTLAY_COMMIT_APPLICATION && can_be_refused) || cell->inflation > 1.0;
        }
    }
    return may;
}

void outlay_stage_allocation(const struct outlay_plan *plan, int pool, struct outlay_path path,
                             struct outlay_workspace *work)
{
    const size_t n_books = (size_t)plan->n_years * OUTLAY_N_ACCOUNTS;
    const struct outlay_plan_programme *programme = &plan->programmes[pool];
    struct outlay_till till = {
        .plan = plan,
        .programme = programme,
        .pool = pool,
        .path = path,
        .work = work,
        .may_return = may_return(plan, pool),
        .reserve = work->reserve,
        .cash = work->cash,
        .account = work->outcome.account + (size_t)pool * n_books,
        .served = work->outcome.served + (size_t)pool * (size_t)plan->n_days,
        .commitment = work->outcome.commitment + (size_t)pool * (size_t)plan->n_days,
    };
    till.is_one_by_one = till.may_return || programme->n_reserves > 0 || programme->n_steps > 0 ||
                         programme->last_award == OUTLAY_LAST_WAIT;
    play_pool(&till);
    for (int p = pool + 1; p < plan->n_programmes; p++) {
        if (plan->programmes[p].pool == pool) {
            memcpy(work->outcome.served + (size_t)p * (size_t)plan->n_days, till.served,
                   (size_t)plan->n_days * sizeof *till.served);
        }
    }
}
