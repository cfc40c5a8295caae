/*
 * ledger.c: the applications of a replicate, one by one.
 *
 * What happened is read from the columns, by the functions of the first section and nowhere else. What chance had in
 * store is drawn again at its address, so that the ledger tells it of applications, too, that the rules never asked.
 */
#include "outlay/ledger.h"

#include <math.h>
#include <stdlib.h>

#include "stages.h"

const struct outlay_reason_row outlay_reasons[OUTLAY_N_REASONS] = {
#define OUTLAY_REASON_ROW(name, account, text) {#name, OUTLAY_ACCOUNT_##account, text},
    OUTLAY_REASONS(OUTLAY_REASON_ROW)
#undef OUTLAY_REASON_ROW
};

/* ---- the columns ------------------------------------------------------------------------------------------------- */

/* Contract i, in segment `segment`, as the stages left it. */
struct seen {
    uint32_t applicant, ordinal;
    double time, contract, induced;
    double demand, committed;
    double other_demand, other_committed; /* fen, to the same contract where it was put to another programme first */
    bool is_at_cap;
    int32_t day, decision_day;
    struct outlay_settlement settlement;
};

static int32_t day_of(int32_t day)
{
    return day == OUTLAY_AFTER_HORIZON ? OUTLAY_NO_DAY : day;
}

static struct seen see(const struct outlay_plan *plan, const struct outlay_workspace *work, size_t i)
{
    const size_t origin = work->origin != NULL ? work->origin[i] : i;
    return (struct seen){
        .applicant = work->applicant[i],
        .ordinal = work->ordinal[i],
        .time = outlay_time_of(plan, work, i),
        .contract = work->contract[i],
        .induced = outlay_induced(work, i),
        .demand = work->demand[i],
        .committed = work->committed[i],
        .other_demand = origin != i ? work->demand[origin] : 0.0,
        .other_committed = origin != i ? work->committed[origin] : 0.0,
        .is_at_cap = work->is_at_cap[i],
        .day = day_of(work->commit_day[i]),
        .decision_day = day_of(outlay_decision_day(work, i)),
        .settlement = outlay_settle(plan, work, i),
    };
}

static size_t n_applications(const struct outlay_workspace *work)
{
    return work->n_contracts;
}

/* The contracts of a segment end where the next one's begin. */
static size_t segment_end(const struct outlay_workspace *work, int segment)
{
    return work->segment[segment + 1];
}

/* ---- what chance has in store ------------------------------------------------------------------------------------ */

/* The words of one purpose at the address of an application. */
static struct outlay_block words_of(const struct outlay_plan_cell *cell, struct outlay_path path,
                                    const struct outlay_application *row, enum outlay_purpose purpose)
{
    const uint32_t high = outlay_counter_high(purpose, (uint32_t)row->year, path.draw);
    return outlay_block_at(cell->key, row->ordinal, row->applicant, path.replicate, high);
}

static void draw_review(const struct outlay_plan_cell *cell, struct outlay_path path, struct outlay_application *row)
{
    const struct outlay_block review = words_of(cell, path, row, OUTLAY_PURPOSE_REVIEW);
    const struct outlay_block kind = words_of(cell, path, row, OUTLAY_PURPOSE_ELIGIBLE);
    row->is_eligible = outlay_uniform(kind.word[0], kind.word[1]) < cell->eligible;
    row->is_approved = outlay_uniform32(review.word[0]) < cell->approved;
    row->is_withdrawn = outlay_uniform32(review.word[3]) < cell->withdrawn;
    const double days =
        outlay_draw_law_at(&cell->review, outlay_uniform(review.word[1], review.word[2])) + cell->notice;
    row->review_days = (int32_t)fmax(0.0, fmin(rint(days), INT32_MAX));
}

static void draw_payment(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell,
                         struct outlay_path path, struct outlay_application *row)
{
    const struct outlay_block words = words_of(cell, path, row, OUTLAY_PURPOSE_PAYMENT);
    const double days = outlay_draw_law_at(&programme->delay, outlay_uniform(words.word[1], words.word[2]));
    row->is_redeemed = outlay_uniform32(words.word[0]) < programme->redeemed;
    row->delay_days = (int32_t)fmax(0.0, fmin(rint(days), INT32_MAX));
}

static void draw_rank(const struct outlay_plan_programme *pool, const struct outlay_plan_cell *cell,
                      struct outlay_path path, struct outlay_application *row)
{
    const struct outlay_block words = words_of(cell, path, row, OUTLAY_PURPOSE_RANK);
    const bool is_lottery = pool->rule == OUTLAY_RULE_LOTTERY, is_score = pool->rule == OUTLAY_RULE_SCORE;
    row->lottery = is_lottery ? outlay_uniform(words.word[0], words.word[1]) : (double)NAN;
    row->score =
        is_score ? outlay_draw_law_at(&cell->score, outlay_uniform(words.word[2], words.word[3])) : (double)NAN;
}

#define DAYS_IN_YEAR 365.25

static void draw_age(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, struct outlay_path path,
                     struct outlay_application *row)
{
    const struct outlay_plan_class *class_ = &plan->classes[row->class_];
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_AGE, 0, path.draw);
    const struct outlay_block words = outlay_block_at(class_->key, 0, row->applicant, path.replicate, high);
    const double first = outlay_draw_law_at(&class_->age, outlay_uniform(words.word[0], words.word[1]));
    row->age = cell->young_below > 0.0 ? first + row->time / DAYS_IN_YEAR : (double)NAN;
}

/* ---- why --------------------------------------------------------------------------------------------------------- */

/* What the award rule alone gives, before the limits over several awards. */
static double grant(const struct outlay_plan_cell *cell, const struct outlay_application *row)
{
    if (cell->n_bands > 0) {
        for (int b = 0; b < cell->n_bands; b++) {
            if (row->contract <= cell->bands[b].up_to) {
                return fmin(floor(cell->bands[b].rate * row->contract), cell->bands[b].cap);
            }
        }
        return 0.0;
    }
    if (row->age < cell->young_below) {
        return fmin(floor(cell->young.rate * row->contract), cell->young.cap);
    }
    return fmin(floor(cell->rate * row->contract) + cell->fixed, cell->cap);
}

/* Why an application that the review did not refuse asks for nothing. */
static enum outlay_reason why_nothing(const struct outlay_plan_cell *cell, const struct outlay_application *row,
                                      double held_by_other)
{
    if (row->contract < cell->minimum_contract) {
        return OUTLAY_REASON_below_minimum;
    }
    const double granted = grant(cell, row);
    if (granted == 0.0) {
        return OUTLAY_REASON_nothing_granted;
    }
    if (cell->stacks_with >= 0 && floor(cell->stack_limit * row->contract) <= held_by_other) {
        return OUTLAY_REASON_stack_limit;
    }
    return isfinite(cell->applicant_cap) ? OUTLAY_REASON_applicant_cap : OUTLAY_REASON_nothing_granted;
}

static enum outlay_reason why(const struct outlay_plan_cell *cell, bool waits, const struct outlay_application *row,
                              double held_by_other)
{
    const bool is_decided = row->decision_day != OUTLAY_NO_DAY;
    const bool is_refused = !row->is_approved || !row->is_eligible;
    const enum outlay_reason merits = row->is_eligible ? OUTLAY_REASON_not_approved : OUTLAY_REASON_not_eligible;
    if (row->day == OUTLAY_NO_DAY) {
        return OUTLAY_REASON_pending;
    }
    if (!is_refused && row->is_withdrawn && is_decided) {
        return OUTLAY_REASON_withdrawn;
    }
    if (row->demand == 0.0) {
        return is_refused && is_decided ? merits : why_nothing(cell, row, held_by_other);
    }
    if (row->committed == 0.0) {
        return waits ? OUTLAY_REASON_waiting : OUTLAY_REASON_no_money;
    }
    if (!is_decided) {
        return OUTLAY_REASON_pending;
    }
    return is_refused ? merits : row->committed < row->demand ? OUTLAY_REASON_awarded_in_part : OUTLAY_REASON_awarded;
}

/* ---- the rows ---------------------------------------------------------------------------------------------------- */

/* What is paid by the end of the horizon, and what goes with it. */
static void settle(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, const struct seen *seen,
                   struct outlay_application *row)
{
    const struct outlay_plan_programme *programme = &plan->programmes[row->programme];
    const struct outlay_settlement *settlement = &seen->settlement;
    const double part = floor(settlement->payable / programme->instalments);
    row->return_day = settlement->returned > 0.0 ? day_of(settlement->return_day) : OUTLAY_NO_DAY;
    row->returned = row->return_day != OUTLAY_NO_DAY ? settlement->returned : 0.0;
    row->pay_day = settlement->payable > 0.0 ? day_of(settlement->pay_day) : OUTLAY_NO_DAY;
    for (double day = row->pay_day; day < plan->n_days && row->n_payments < programme->instalments;
         day += programme->interval) {
        row->n_payments++;
    }
    row->paid = row->n_payments == programme->instalments ? settlement->payable : part * row->n_payments;
    row->outstanding = row->committed - row->returned - row->paid;
    row->co_funded = floor(row->paid * cell->co_funding / (1.0 - cell->co_funding));
    row->capital_drawn = floor(row->paid * cell->capital_drawn);
    row->induced = row->paid > 0.0 ? seen->induced : 0.0;
    row->deadweight = cell->has_response && row->committed > 0.0 ? fmax(0.0, row->paid - seen->induced) : 0.0;
}

static struct outlay_application write_row(const struct outlay_plan *plan, struct outlay_path path,
                                           const struct seen *seen, int segment)
{
    struct outlay_application row = {
        .programme = segment / plan->n_classes / plan->n_years,
        .class_ = segment % plan->n_classes,
        .year = segment / plan->n_classes % plan->n_years,
        .applicant = seen->applicant,
        .ordinal = seen->ordinal,
        .time = seen->time,
        .wanted = seen->contract - seen->induced,
        .contract = seen->contract,
        .day = seen->day,
        .decision_day = seen->decision_day,
        .demand = seen->demand,
        .committed = seen->committed,
    };
    const struct outlay_plan_programme *programme = &plan->programmes[row.programme];
    const struct outlay_plan_programme *pool = &plan->programmes[programme->pool];
    const struct outlay_plan_cell *cell = &programme->cells[row.class_];
    draw_review(cell, path, &row);
    draw_payment(programme, cell, path, &row);
    draw_rank(pool, cell, path, &row);
    draw_age(plan, cell, path, &row);
    const bool is_settled = cell->stacks_with < 0 || outlay_is_handed_out(plan, cell->stacks_with, row.programme);
    row.reason =
        why(cell, pool->last_award == OUTLAY_LAST_WAIT, &row, is_settled ? seen->other_committed : seen->other_demand);
    row.is_at_cap = outlay_reasons[row.reason].account == OUTLAY_ACCOUNT_awards && seen->is_at_cap;
    settle(plan, cell, seen, &row);
    return row;
}

/* ---- the order of decision --------------------------------------------------------------------------------------- */

/* Where a row stands: the lower member counts, from the first on. */
struct place {
    int32_t day;
    int pool;
    bool is_new;       /* those who have been waiting are served first, */
    int32_t queue_day; /* in the order in which they came to the list */
    double key, time;
    size_t i;
};

/* The day on which an application first stood in the queue: earlier than `day` where it then waited for money. */
static int32_t queue_day(const struct outlay_plan *plan, const struct outlay_application *row)
{
    const struct outlay_plan_programme *programme = &plan->programmes[row->programme];
    const int32_t applied = (int32_t)row->time;
    int32_t decided = applied;
    if (row->review_days > 0) {
        const double ordinal = (double)plan->working_days_through[applied] + row->review_days - 1.0;
        decided = ordinal < plan->n_working_days ? plan->nth_working_day[(int32_t)ordinal] : OUTLAY_NO_DAY;
    }
    const int32_t asked = programme->commit == OUTLAY_COMMIT_APPLICATION ? applied : decided;
    if (asked == OUTLAY_NO_DAY || programme->round_day[asked] >= plan->n_days) {
        return OUTLAY_NO_DAY;
    }
    /* a run on the pot brings both days forward alike; by how much is not known where nothing is decided */
    const bool is_known = decided != OUTLAY_NO_DAY && row->decision_day != OUTLAY_NO_DAY;
    return programme->round_day[asked] - (is_known ? decided - row->decision_day : 0);
}

static double service_key(const struct outlay_plan_programme *pool, const struct outlay_application *row)
{
    switch (pool->rule) {
    case OUTLAY_RULE_LOTTERY:
        return row->lottery;
    case OUTLAY_RULE_PRIORITY:
        return pool->priority[row->class_];
    case OUTLAY_RULE_SCORE:
        return -row->score;
    case OUTLAY_RULE_EQUAL_AWARDS:
        return row->demand;
    case OUTLAY_RULE_FIRST_COME:
    case OUTLAY_RULE_PRO_RATA:
    case OUTLAY_N_RULES:
        break;
    }
    return 0.0;
}

static struct place place_of(const struct outlay_plan *plan, const struct outlay_application *row, size_t i)
{
    const int i_pool = plan->programmes[row->programme].pool;
    const struct outlay_plan_programme *pool = &plan->programmes[i_pool];
    const int32_t first = queue_day(plan, row);
    const bool is_from_list = pool->last_award == OUTLAY_LAST_WAIT && row->committed > 0.0 && row->day != first;
    return (struct place){
        .day = row->day,
        .pool = i_pool,
        .is_new = !is_from_list,
        .queue_day = is_from_list ? first : 0,
        .key = row->day != OUTLAY_NO_DAY ? service_key(pool, row) : 0.0,
        .time = row->time,
        .i = i,
    };
}

#define BY(member)                                                                                                     \
    if (x->member != y->member) {                                                                                      \
        return x->member < y->member ? -1 : 1;                                                                         \
    }

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    BY(day)
    BY(pool)
    BY(is_new)
    BY(queue_day)
    BY(key)
    BY(time)
    BY(i)
    return 0;
}

outlay_err outlay_ledger_init(struct outlay_ledger *self, const struct outlay_plan *plan, struct outlay_path path,
                              const struct outlay_workspace *work)
{
    const size_t n = n_applications(work);
    *self = (struct outlay_ledger){.n = n, .rows = calloc(n + 1, sizeof *self->rows)};
    struct outlay_application *rows = calloc(n + 1, sizeof *rows);
    struct place *places = calloc(n + 1, sizeof *places);
    outlay_err err = OUTLAY_OK;
    if (self->rows == NULL || rows == NULL || places == NULL) {
        outlay_ledger_free(self);
        err = OUTLAY_ERR_NO_MEMORY;
        goto out;
    }
    for (size_t i = 0, segment = 0; i < n; i++) {
        while (i == segment_end(work, (int)segment)) {
            segment++;
        }
        const struct seen seen = see(plan, work, i);
        rows[i] = write_row(plan, path, &seen, (int)segment);
        places[i] = place_of(plan, &rows[i], i);
    }
    qsort(places, n, sizeof *places, compare_places);
    for (size_t i = 0; i < n; i++) {
        self->rows[i] = rows[places[i].i];
    }
out:
    free(places);
    free(rows);
    return err;
}

void outlay_ledger_free(struct outlay_ledger *self)
{
    free(self->rows);
    *self = (struct outlay_ledger){0};
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */

int outlay_ledger_year(const struct outlay_plan *plan, const struct outlay_application *row)
{
    return row->day == OUTLAY_NO_DAY ? plan->n_years - 1 : plan->year_of_day[row->day];
}

double outlay_ledger_share(const struct outlay_application *row, enum outlay_account account, bool *is_sum)
{
    *is_sum = true;
    switch (account) {
    case OUTLAY_ACCOUNT_applications:
        return 1.0;
    case OUTLAY_ACCOUNT_awards:
    case OUTLAY_ACCOUNT_refused_for_money:
    case OUTLAY_ACCOUNT_refused_on_merits:
    case OUTLAY_ACCOUNT_withdrawn:
    case OUTLAY_ACCOUNT_pending:
        return outlay_reasons[row->reason].account == account ? 1.0 : 0.0;
    case OUTLAY_ACCOUNT_awards_at_cap:
        return row->is_at_cap ? 1.0 : 0.0;
    case OUTLAY_ACCOUNT_contract_value:
        return row->contract;
    case OUTLAY_ACCOUNT_demand:
        return row->demand;
    case OUTLAY_ACCOUNT_committed:
        return row->committed;
    case OUTLAY_ACCOUNT_unmet:
        return row->demand - row->committed;
    case OUTLAY_ACCOUNT_returned:
        return row->returned;
    case OUTLAY_ACCOUNT_outlay:
        return row->paid;
    case OUTLAY_ACCOUNT_outstanding:
        return row->outstanding;
    case OUTLAY_ACCOUNT_co_funded:
        return row->co_funded;
    case OUTLAY_ACCOUNT_capital_drawn:
        return row->capital_drawn;
    case OUTLAY_ACCOUNT_induced:
        return row->induced;
    case OUTLAY_ACCOUNT_deadweight:
        return row->deadweight;
    default:
        *is_sum = false;
        return 0.0;
    }
}
