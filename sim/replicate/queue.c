/*
 * queue.c: the rules by which money is shared out over those who ask for it in one round.
 *
 * A rule is a row of a table. Most put the queue in an order and serve it one by one; a second table says what happens
 * to the award that no longer fits. Two share the money out over all at once (Thomson 2003; Moulin 2000).
 */
#include <math.h>

#include "till.h"

/* ---- orders: the lower the key, the earlier the service ---- */

static double key_time(const struct outlay_till *till, uint32_t i)
{
    return outlay_time_of(till->plan, till->work, i);
}

static struct outlay_block rank_bits(const struct outlay_till *till, uint32_t i)
{
    const struct outlay_workspace *work = till->work;
    const uint32_t year = (uint32_t)till->plan->year_of_day[work->day[i]];
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_RANK, year, till->path.draw);
    return outlay_block_at(outlay_cell_of(till->plan, work, i)->key, work->ordinal[i], work->applicant[i],
                           till->path.replicate, high);
}

static double key_lottery(const struct outlay_till *till, uint32_t i)
{
    const struct outlay_block bits = rank_bits(till, i);
    return outlay_uniform(bits.word[0], bits.word[1]);
}

/* Class by class. */
static double key_priority(const struct outlay_till *till, uint32_t i)
{
    return till->programme->priority[till->work->cell[i] % till->plan->n_classes];
}

/* The most points first. */
static double key_score(const struct outlay_till *till, uint32_t i)
{
    const struct outlay_draw_law *law = &outlay_cell_of(till->plan, till->work, i)->score;
    const struct outlay_block bits = rank_bits(till, i);
    const double u = outlay_uniform(bits.word[2], bits.word[3]);
    return -outlay_draw_law_at(law, u);
}

/* Put the queue in the order of a key; equal keys keep the order in which they stand. */
static void sort_queue(struct outlay_till *till, double (*key)(const struct outlay_till *, uint32_t), uint32_t queue[],
                       size_t n)
{
    struct outlay_workspace *work = till->work;
    for (size_t k = 0; k < n; k++) {
        work->queue_key[k] = key(till, queue[k]);
    }
    outlay_sort_index(work->queue_key, n, work->queue);
    /* the keys are read no more: their place carries the contracts while they are put in order */
    for (size_t k = 0; k < n; k++) {
        work->queue_key[k] = queue[work->queue[k]];
    }
    for (size_t k = 0; k < n; k++) {
        queue[k] = (uint32_t)work->queue_key[k];
    }
}

/* ---- one by one ---- */

/* Money that contract i could be committed. */
static double room_for(const struct outlay_till *till, uint32_t i)
{
    const struct outlay_plan_programme *programme = till->programme;
    double room = till->at_hand;
    for (int r = 0; r < programme->n_reserves; r++) {
        const bool is_its_own = programme->reserves[r].class_ == till->work->cell[i] % till->plan->n_classes;
        room += is_its_own ? till->reserve[r] : 0.0;
    }
    return room;
}

/* An award that comes after a step of the budget is the step's share of what it would have been. */
static double asked(struct outlay_till *till, uint32_t i)
{
    const struct outlay_plan_programme *programme = till->programme;
    double factor = 1.0;
    for (int s = 0; s < programme->n_steps; s++) {
        factor =
            till->committed >= programme->steps[s].committed * till->year_money ? programme->steps[s].factor : factor;
    }
    if (factor != 1.0) {
        till->work->demand[i] = floor(till->work->demand[i] * factor);
    }
    return till->work->demand[i];
}

/* What happens to the award that no longer fits. */
typedef void (*misfit_rule)(struct outlay_till *till, uint32_t i, double demand);

/* It gets what is left, if there is an award left to give. */
static void misfit_partial(struct outlay_till *till, uint32_t i, double demand)
{
    const double part = fmin(demand, room_for(till, i));
    if (till->awards_left >= 1.0 && part > 0.0) {
        outlay_till_commit(till, i, part);
    }
}

/* It gets nothing, and the programme closes for the fiscal year. */
static void misfit_close(struct outlay_till *till, uint32_t i, double demand)
{
    (void)i;
    (void)demand;
    till->is_closed = true;
}

/* It gets nothing; smaller ones behind it may still fit. */
static void misfit_skip(struct outlay_till *till, uint32_t i, double demand)
{
    (void)till;
    (void)i;
    (void)demand;
}

/* It waits for money to come. */
static void misfit_wait(struct outlay_till *till, uint32_t i, double demand)
{
    (void)demand;
    till->work->waiting[till->n_waiting++] = i;
}

static const misfit_rule misfit_rules[] = {
    [OUTLAY_LAST_PARTIAL] = misfit_partial,
    [OUTLAY_LAST_CLOSE] = misfit_close,
    [OUTLAY_LAST_SKIP] = misfit_skip,
    [OUTLAY_LAST_WAIT] = misfit_wait,
};

static void serve_one_by_one(struct outlay_till *till, const uint32_t queue[], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const uint32_t i = queue[k];
        const double demand = till->is_closed ? till->work->demand[i] : asked(till, i);
        till->work->committed[i] = 0.0;
        if (demand == 0.0) {
            continue;
        }
        const bool is_behind = till->first_waiting < till->n_waiting; /* nobody overtakes those who wait */
        const bool fits = !is_behind && demand <= room_for(till, i) && till->awards_left >= 1.0;
        if (fits && !till->is_closed) {
            outlay_till_commit(till, i, demand);
            continue;
        }
        outlay_till_note_shortage(till);
        if (!till->is_closed) {
            misfit_rules[till->programme->last_award](till, i, demand);
        }
    }
}

void outlay_queue_serve_waiting(struct outlay_till *till)
{
    struct outlay_workspace *work = till->work;
    while (till->first_waiting < till->n_waiting) {
        const uint32_t i = work->waiting[till->first_waiting];
        if (work->demand[i] > room_for(till, i) || till->awards_left < 1.0) {
            outlay_till_note_shortage(till);
            return;
        }
        work->commit_day[i] = till->day;
        outlay_till_commit(till, i, work->demand[i]);
        till->first_waiting++;
    }
}

/* ---- all at once ---- */

static double total_demand(const struct outlay_till *till, const uint32_t queue[], size_t n)
{
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        sum += till->work->demand[queue[k]];
    }
    return sum;
}

static void note_factor(struct outlay_till *till, double factor)
{
    double *lowest = outlay_till_entry(till, till->year, OUTLAY_ACCOUNT_lowest_factor);
    *lowest = fmin(*lowest, factor);
    outlay_till_note_shortage(till);
}

/* a x b - c x d, exact in sign for whole numbers below 2^53 whose products are near each other: fma does not round. */
static double difference(double a, double b, double c, double d)
{
    const double ab = a * b, cd = c * d;
    return (ab - cd) + (fma(a, b, -ab) - fma(c, d, -cd));
}

/* demand x at_hand / total, rounded down to the fen: the quotient of doubles may be one off. */
static double share_of(double demand, double at_hand, double total)
{
    double part = floor(demand * (at_hand / total));
    while (difference(demand, at_hand, part, total) < 0.0) {
        part -= 1.0;
    }
    while (difference(demand, at_hand, part + 1.0, total) >= 0.0) {
        part += 1.0;
    }
    return part;
}

/* Everybody gets the same share of what it asks for, rounded down to the fen. */
static void share_pro_rata(struct outlay_till *till, uint32_t queue[], size_t n)
{
    const double total = total_demand(till, queue, n), at_hand = till->at_hand;
    const bool is_short = total > at_hand;
    if (is_short) {
        note_factor(till, at_hand / total);
    }
    for (size_t k = 0; k < n; k++) {
        const double demand = till->work->demand[queue[k]];
        till->work->committed[queue[k]] = 0.0;
        outlay_till_commit(till, queue[k], is_short ? share_of(demand, at_hand, total) : demand);
    }
}

static double key_demand(const struct outlay_till *till, uint32_t i)
{
    return till->work->demand[i];
}

/* Everybody gets the same award, but nobody more than it asks for (constrained equal awards). */
static void share_equally(struct outlay_till *till, uint32_t queue[], size_t n)
{
    const double total = total_demand(till, queue, n);
    if (total > till->at_hand) {
        note_factor(till, till->at_hand / total);
    }
    sort_queue(till, key_demand, queue, n);
    for (size_t k = 0; k < n; k++) {
        const double level = floor(till->at_hand / (double)(n - k));
        till->work->committed[queue[k]] = 0.0;
        outlay_till_commit(till, queue[k], fmin(till->work->demand[queue[k]], level));
    }
}

/*
 * THE allocation rules: an order in which the queue is served one by one, or a way to share the money out over all.
 * Where the key is equal, or there is none, the earlier application comes first.
 */
static const struct {
    double (*key)(const struct outlay_till *till, uint32_t i);
    void (*share)(struct outlay_till *till, uint32_t queue[], size_t n);
} rules[OUTLAY_N_RULES] = {
    [OUTLAY_RULE_FIRST_COME] = {.key = NULL},           [OUTLAY_RULE_LOTTERY] = {.key = key_lottery},
    [OUTLAY_RULE_PRIORITY] = {.key = key_priority},     [OUTLAY_RULE_SCORE] = {.key = key_score},
    [OUTLAY_RULE_PRO_RATA] = {.share = share_pro_rata}, [OUTLAY_RULE_EQUAL_AWARDS] = {.share = share_equally},
};

void outlay_queue_serve(struct outlay_till *till, uint32_t queue[], size_t n)
{
    const enum outlay_rule rule = till->programme->rule;
    sort_queue(till, key_time, queue, n);
    if (rules[rule].share != NULL) {
        rules[rule].share(till, queue, n);
        return;
    }
    if (rules[rule].key != NULL) {
        sort_queue(till, rules[rule].key, queue, n);
    }
    serve_one_by_one(till, queue, n);
}
