/* money.c: what a programme has to give, when it comes, and on which days and by which rules it is shared out. */
#include <math.h>

#include "plan_parts.h"

/* The day `n_months` after the start of fiscal year `year`; of a month that is too short, its last day. */
static int32_t months_later(const struct outlay_scenario *scenario, int year, int n_months)
{
    struct outlay_date date = outlay_date_from_day(scenario->first_day + scenario->year_first_day[year]);
    date.year += (date.month - 1 + n_months) / 12;
    date.month = (date.month - 1 + n_months) % 12 + 1;
    while (!outlay_date_is_valid(date)) {
        date.day--;
    }
    return outlay_date_to_day(date) - scenario->first_day;
}

/* The appropriation of a fiscal year in equal parts of whole fen, the last one with what is left over. */
static void release(double released[], const struct outlay_scenario *scenario, int year, double amount, int n_parts)
{
    double left = amount;
    for (int part = 0; part < n_parts; part++) {
        const double one = part + 1 < n_parts ? floor(amount / n_parts) : left;
        released[months_later(scenario, year, 12 / n_parts * part)] += one;
        left -= one;
    }
}

/* The same in parts of stated shares, each on its day. */
static void release_parts(double released[], const struct outlay_planner *planner,
                          const struct outlay_programme *programme, int year, double amount)
{
    const int n = programme->budget.n_releases;
    double left = amount;
    for (int i = 0; i < n; i++) {
        const struct outlay_part *part = &programme->budget.releases[i];
        const double share = floor(amount * outlay_decimal(outlay_number_in(&part->share, planner->values)));
        const double one = i + 1 < n && share < left ? share : left;
        released[outlay_day_of(planner->scenario, &part->date, planner->plan->year_first_day[year])] += one;
        left -= one;
    }
}

static void set_released(double released[], const struct outlay_planner *planner,
                         const struct outlay_programme *programme)
{
    static const int n_parts[] = {
        [OUTLAY_RELEASE_AT_ONCE] = 1, [OUTLAY_RELEASE_QUARTERLY] = 4, [OUTLAY_RELEASE_MONTHLY] = 12};
    const bool is_once = programme->budget.period == OUTLAY_PERIOD_HORIZON;
    const double amount = rint(outlay_number_in(&programme->budget.amount, planner->values));
    for (int year = 0; year < (is_once ? 1 : planner->plan->n_years) && !isinf(amount); year++) {
        if (programme->budget.n_releases > 0) {
            release_parts(released, planner, programme, year, amount);
        } else {
            release(released, planner->scenario, year, amount, n_parts[programme->budget.release]);
        }
    }
}

/* A full date once; a day of the year in every fiscal year. */
static void set_top_ups(double topped_up[], const struct outlay_planner *planner,
                        const struct outlay_programme *programme)
{
    const struct outlay_plan *plan = planner->plan;
    for (int i = 0; i < programme->budget.n_top_ups; i++) {
        const struct outlay_top_up *top_up = &programme->budget.top_ups[i];
        const bool is_once = top_up->date.kind == OUTLAY_WHEN_DATE;
        for (int year = 0; year < (is_once ? 1 : plan->n_years); year++) {
            const int32_t day = outlay_day_of(planner->scenario, &top_up->date, plan->year_first_day[year]);
            if (day >= 0 && day < plan->n_days) {
                topped_up[day] += rint(outlay_number_in(&top_up->amount, planner->values));
            }
        }
    }
}

/* Does the same money come on the same days in every draw? */
static bool is_money_certain(const struct outlay_programme *programme)
{
    bool is_certain = programme->budget.amount.uncertain < 0;
    for (int i = 0; i < programme->budget.n_releases; i++) {
        is_certain = is_certain && programme->budget.releases[i].share.uncertain < 0;
    }
    for (int i = 0; i < programme->budget.n_top_ups; i++) {
        is_certain = is_certain && programme->budget.top_ups[i].amount.uncertain < 0;
    }
    return is_certain;
}

/* `same` is this programme in `like`, or NULL. */
static outlay_err set_money(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                            const struct outlay_programme *programme, const struct outlay_plan_programme *same)
{
    const size_t n_days = (size_t)planner->plan->n_days;
    const bool has_own = programme->budget.shared_with < 0;
    if (has_own) {
        self->is_unlimited = isinf(outlay_number_in(&programme->budget.amount, planner->values));
        self->carry_share = programme->budget.period == OUTLAY_PERIOD_HORIZON
                                ? 1.0
                                : outlay_decimal(outlay_number_in(&programme->budget.carry_over, planner->values));
    }
    if (same != NULL && (!has_own || is_money_certain(programme))) {
        self->released = same->released;
        self->topped_up = same->topped_up;
        return OUTLAY_OK;
    }
    double *released = outlay_arena_alloc(planner->memory, n_days * sizeof *released);
    double *topped_up = outlay_arena_alloc(planner->memory, n_days * sizeof *topped_up);
    if (released == NULL || topped_up == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    if (has_own) {
        set_released(released, planner, programme);
        set_top_ups(topped_up, planner, programme);
    }
    self->released = released;
    self->topped_up = topped_up;
    return OUTLAY_OK;
}

static outlay_err set_reserves(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                               const struct outlay_programme *programme)
{
    const struct outlay_plan *plan = planner->plan;
    self->reserves =
        outlay_arena_alloc(planner->memory, ((size_t)programme->budget.n_reserves + 1) * sizeof *self->reserves);
    if (self->reserves == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int i = 0; i < programme->budget.n_reserves; i++) {
        const struct outlay_reserve *from = &programme->budget.reserves[i];
        struct outlay_plan_reserve *reserve = &self->reserves[self->n_reserves++];
        reserve->class_ = from->class_;
        reserve->share = outlay_decimal(outlay_number_in(&from->share, planner->values));
        reserve->until_day = outlay_arena_alloc(planner->memory, (size_t)plan->n_years * sizeof *reserve->until_day);
        if (reserve->until_day == NULL) {
            return OUTLAY_ERR_NO_MEMORY;
        }
        for (int year = 0; year < plan->n_years; year++) {
            const int32_t last = plan->year_first_day[year + 1] - 1;
            const int32_t day = from->until.kind == OUTLAY_WHEN_NONE
                                    ? last
                                    : outlay_day_of(planner->scenario, &from->until, plan->year_first_day[year]);
            reserve->until_day[year] = day < last ? day : last;
        }
    }
    return OUTLAY_OK;
}

static outlay_err set_steps(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                            const struct outlay_programme *programme)
{
    self->steps = outlay_arena_alloc(planner->memory, ((size_t)programme->budget.n_steps + 1) * sizeof *self->steps);
    if (self->steps == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (; self->n_steps < programme->budget.n_steps; self->n_steps++) {
        const struct outlay_step *from = &programme->budget.steps[self->n_steps];
        self->steps[self->n_steps] = (struct outlay_plan_step){
            .committed = outlay_decimal_threshold(outlay_number_in(&from->committed, planner->values)),
            .factor = outlay_decimal(outlay_number_in(&from->factor, planner->values)),
        };
    }
    return OUTLAY_OK;
}

/* Mark the days on which a round closes; the last day of the fiscal year is one only where it is asked for. */
static void mark_closing_days(unsigned char closes[], const struct outlay_planner *planner,
                              const struct outlay_programme *programme)
{
    static const int n_parts[] = {
        [OUTLAY_ROUNDS_MONTHLY] = 12, [OUTLAY_ROUNDS_QUARTERLY] = 4, [OUTLAY_ROUNDS_YEARLY] = 1};
    const struct outlay_plan *plan = planner->plan;
    for (int year = 0; year < plan->n_years; year++) {
        const int32_t first = plan->year_first_day[year];
        for (int i = 0; i < programme->allocation.n_round_days; i++) {
            const int32_t day = outlay_day_of(planner->scenario, &programme->allocation.round_days[i], first);
            if (day >= first && day < plan->year_first_day[year + 1]) {
                closes[day] = 1;
            }
        }
        const int n = programme->allocation.n_round_days > 0 ? 0 : n_parts[programme->allocation.rounds];
        for (int part = 1; part <= n; part++) {
            closes[months_later(planner->scenario, year, 12 / n * part) - 1] = 1;
        }
    }
}

static outlay_err set_rounds(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                             const struct outlay_programme *programme)
{
    const int32_t n_days = planner->plan->n_days;
    const bool is_rolling =
        programme->allocation.rounds == OUTLAY_ROUNDS_ROLLING && programme->allocation.n_round_days == 0;
    unsigned char *closes = outlay_arena_alloc(planner->memory, (size_t)n_days);
    int32_t *round_day = outlay_arena_alloc(planner->memory, (size_t)n_days * sizeof *round_day);
    if (closes == NULL || round_day == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    if (!is_rolling) {
        mark_closing_days(closes, planner, programme);
    }
    int32_t next = INT32_MAX; /* after the last round nothing is handed out any more */
    for (int32_t day = n_days - 1; day >= 0; day--) {
        next = is_rolling || closes[day] ? day : next;
        round_day[day] = next;
    }
    self->round_day = round_day;
    return OUTLAY_OK;
}

static outlay_err set_priority(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                               const struct outlay_programme *programme)
{
    double *priority = outlay_arena_alloc(planner->memory, (size_t)planner->plan->n_classes * sizeof *priority);
    if (priority == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int i = 0; i < planner->plan->n_classes; i++) {
        priority[i] = programme->allocation.n_priority;
    }
    for (int i = 0; i < programme->allocation.n_priority; i++) {
        priority[programme->allocation.priority[i]] = i;
    }
    self->priority = priority;
    return OUTLAY_OK;
}

/* `same` is this programme in `like`, or NULL: no value of a draw changes the order of the classes and the rounds. */
static outlay_err set_allocation(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                                 const struct outlay_programme *programme, const struct outlay_plan_programme *same)
{
    self->rule = (enum outlay_rule)programme->allocation.rule;
    self->last_award = (enum outlay_last_award)programme->allocation.last_award;
    self->commit = (enum outlay_commit)programme->allocation.commit;
    self->run_below = outlay_decimal_threshold(outlay_number_in(&programme->allocation.run.below, planner->values));
    self->run_factor = outlay_number_in(&programme->allocation.run.factor, planner->values);
    if (same != NULL) {
        self->priority = same->priority;
        self->round_day = same->round_day;
        return OUTLAY_OK;
    }
    const outlay_err err = set_priority(self, planner, programme);
    return err == OUTLAY_OK ? set_rounds(self, planner, programme) : err;
}

static outlay_err set_payment(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                              const struct outlay_programme *programme, const struct outlay_plan_programme *same)
{
    self->redeemed = outlay_number_in(&programme->payment.redeemed, planner->values);
    self->expires = outlay_number_in(&programme->payment.expires, planner->values);
    self->instalments = programme->payment.instalments;
    self->interval = (int32_t)rint(outlay_number_in(&programme->payment.interval, planner->values));
    const outlay_err err =
        outlay_plan_law(&self->delay, planner, &programme->payment.delay, same != NULL ? &same->delay : NULL);
    self->has_payment =
        self->redeemed < 1.0 || self->delay.table != NULL || self->delay.shift > 0.0 || self->instalments > 1;
    return err;
}

outlay_err outlay_money_init(struct outlay_plan_programme *self, const struct outlay_planner *planner, int i_programme)
{
    const struct outlay_programme *programme = &planner->scenario->programmes[i_programme];
    const struct outlay_plan_programme *same = planner->like != NULL ? &planner->like->programmes[i_programme] : NULL;
    self->pool = programme->budget.shared_with >= 0 ? programme->budget.shared_with : i_programme;
    self->over_allocation = outlay_decimal(outlay_number_in(&programme->budget.over_allocation, planner->values));
    self->max_awards = rint(outlay_number_in(&programme->budget.awards, planner->values));
    outlay_err err = set_money(self, planner, programme, same);
    if (err == OUTLAY_OK) {
        err = set_reserves(self, planner, programme);
    }
    if (err == OUTLAY_OK) {
        err = set_steps(self, planner, programme);
    }
    if (err == OUTLAY_OK) {
        err = set_allocation(self, planner, programme, same);
    }
    return err == OUTLAY_OK ? set_payment(self, planner, programme, same) : err;
}
