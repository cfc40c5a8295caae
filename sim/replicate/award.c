/* award.c: what the rules grant if money is no limit. */
#include "stages.h"

/* award = min(floor(rate x contract) + fixed sum, cap), from the minimum contract on */
OUTLAY_VECTORISED
static void grant(const struct outlay_plan_cell *cell, size_t n, const double *restrict contract,
                  double *restrict demand, unsigned char *restrict is_at_cap)
{
    const double rate = cell->rate, fixed = cell->fixed, cap = cell->cap, minimum = cell->minimum_contract;
    for (size_t i = 0; i < n; i++) {
        const double granted = outlay_lesser(floor(rate * contract[i]) + fixed, cap);
        demand[i] = contract[i] >= minimum ? granted : 0.0;
    }
    for (size_t i = 0; i < n; i++) { /* a loop of its own: bytes among doubles are a long way about */
        is_at_cap[i] = floor(rate * contract[i]) + fixed > cap;
    }
}

#define DAYS_IN_YEAR 365.25

/* Applicants that are younger than a limit when they apply have a rate and a cap of their own. */
static void grant_to_young(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, struct outlay_path path,
                           const size_t segment[2], struct outlay_workspace *work)
{
    for (size_t i = segment[0]; i < segment[1]; i++) {
        const struct outlay_plan_class *class_ = &plan->classes[work->cell[i] % plan->n_classes];
        const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_AGE, 0, path.draw);
        const struct outlay_block bits = outlay_block_at(class_->key, 0, work->applicant[i], path.replicate, high);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        const double age = outlay_draw_law_at(&class_->age, u) + outlay_time_of(plan, work, i) / DAYS_IN_YEAR;
        if (age < cell->young_below) {
            const double full = floor(cell->young.rate * work->contract[i]);
            work->is_at_cap[i] = full > cell->young.cap;
            work->demand[i] = work->contract[i] >= cell->minimum_contract ? fmin(full, cell->young.cap) : 0.0;
        }
    }
}

/* The same with a rate and a cap for each size of contract; above the last band nothing is granted. */
static void grant_by_band(const struct outlay_plan_cell *cell, size_t n, const double contract[], double demand[],
                          unsigned char is_at_cap[])
{
    for (size_t i = 0; i < n; i++) {
        int b = 0;
        while (b < cell->n_bands && contract[i] > cell->bands[b].up_to) {
            b++;
        }
        const double full = b < cell->n_bands ? floor(cell->bands[b].rate * contract[i]) : 0.0;
        const double cap = b < cell->n_bands ? cell->bands[b].cap : 0.0;
        is_at_cap[i] = full > cap;
        demand[i] = contract[i] >= cell->minimum_contract ? fmin(full, cap) : 0.0;
    }
}

/*
 * Nothing is granted to what money is never asked for, or is not approved when it is. With reservation money is asked
 * for before the decision, which does not count yet.
 */
static void refuse_unapproved(bool is_reserved, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end && work->own_commit_day != NULL; i++) {
        work->demand[i] = work->commit_day[i] != OUTLAY_AFTER_HORIZON ? work->demand[i] : 0.0;
    }
    for (size_t i = first; i < end && work->verdict != NULL && !is_reserved; i++) {
        work->demand[i] = work->verdict[i] == OUTLAY_APPROVED ? work->demand[i] : 0.0;
    }
}

bool outlay_is_handed_out(const struct outlay_plan *plan, int other, int programme)
{
    bool is_before = true;
    for (int p = programme; p < plan->n_programmes; p++) {
        is_before = is_before && plan->programmes[p].pool != plan->programmes[other].pool;
    }
    return is_before;
}

/*
 * What another programme has committed to the same contract counts towards the limit of both; what it asks for, where
 * its budget is shared so that nothing of it is committed yet.
 */
static void cut_by_stack(const struct outlay_plan_cell *cell, bool is_settled, size_t first, size_t end,
                         struct outlay_workspace *work)
{
    const double *other = is_settled ? work->committed : work->demand;
    for (size_t i = first; i < end; i++) {
        const double limit = floor(cell->stack_limit * work->contract[i]);
        work->demand[i] = fmax(0.0, fmin(work->demand[i], limit - other[work->origin[i]]));
    }
}

/* What the first k applications of the queue hold of the cap when one comes on `day`: not what was refused by then. */
static double held_before(const struct outlay_workspace *work, size_t first, size_t k, int32_t day)
{
    double held = 0.0;
    for (size_t j = 0; j < k; j++) {
        const size_t earlier = first + work->queue[j];
        const bool is_refused = !outlay_is_approved(work, earlier) && outlay_decision_day(work, earlier) <= day;
        held += is_refused ? 0.0 : work->demand[earlier];
    }
    return held;
}

/*
 * Cut the awards of one applicant in the order of application, so that they stay within what it may get in a year. The
 * year's applications have one arrival shape, so they come in the order of the uniforms behind their days.
 */
static void cut_in_order(double cap, size_t first, size_t n, struct outlay_workspace *work)
{
    double left = cap; /* never below 0: nobody was granted more than was left */
    outlay_sort_index(work->day_u + first, n, work->queue);
    for (size_t k = 0; k < n; k++) {
        const size_t i = first + work->queue[k];
        if (work->verdict != NULL) { /* otherwise nothing is refused, and what is held only grows */
            left = cap - held_before(work, first, k, work->day[i]);
        }
        work->demand[i] = outlay_lesser(work->demand[i], left);
        left -= work->demand[i];
    }
}

/* The contracts of an applicant stand together: the yearly cap is applied to all of them. */
static void cut_by_applicant_cap(double cap, int segment, struct outlay_workspace *work)
{
    const size_t first = work->segment_participant[segment];
    const size_t n = work->segment_participant[segment + 1] - first;
    uint32_t *above = work->by_day; /* which nobody needs before the allocation */
    size_t n_above = 0;
    outlay_sum_by_participant(work, first, n, work->demand, work->sum);
    for (size_t p = 0; p < n; p++) { /* always written, seldom kept: no branch to mispredict */
        above[n_above] = (uint32_t)(first + p);
        n_above += work->sum[p] > cap;
    }
    for (size_t k = 0; k < n_above; k++) {
        const uint32_t *contracts = &work->participant_first[above[k]];
        cut_in_order(cap, contracts[0], contracts[1] - contracts[0], work);
    }
}

/* From the award to what is asked of this budget: another payer bears its share, and claims may be inflated. */
static void claim(const struct outlay_plan_cell *cell, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        const double own = work->demand[i] - floor(cell->co_funding * work->demand[i]);
        work->demand[i] = floor(own * cell->inflation);
    }
}

static void award_segment(const struct outlay_plan *plan, int i_programme, int s, struct outlay_path path,
                          struct outlay_workspace *work)
{
    const struct outlay_plan_programme *programme = &plan->programmes[i_programme];
    const struct outlay_plan_cell *cell = &programme->cells[s % plan->n_classes];
    const size_t first = work->segment[s], end = work->segment[s + 1];
    if (cell->n_bands > 0) {
        grant_by_band(cell, end - first, work->contract + first, work->demand + first, work->is_at_cap + first);
    } else {
        grant(cell, end - first, work->contract + first, work->demand + first, work->is_at_cap + first);
    }
    if (cell->young_below > 0.0) {
        grant_to_young(plan, cell, path, &work->segment[s], work);
    }
    refuse_unapproved(programme->commit == OUTLAY_COMMIT_APPLICATION, first, end, work);
    if (cell->stacks_with >= 0) {
        cut_by_stack(cell, outlay_is_handed_out(plan, cell->stacks_with, i_programme), first, end, work);
    }
    if (isfinite(cell->applicant_cap)) {
        cut_by_applicant_cap(cell->applicant_cap, s, work);
    }
    if (cell->co_funding > 0.0 || cell->inflation > 1.0) {
        claim(cell, first, end, work);
    }
}

void outlay_stage_award(const struct outlay_plan *plan, int programme, struct outlay_path path,
                        struct outlay_workspace *work)
{
    const int first_segment = outlay_segment(work, programme, 0, 0);
    for (int s = first_segment; s < first_segment + plan->n_years * plan->n_classes; s++) {
        award_segment(plan, programme, s, path, work);
    }
}
