/* award.c: what the rules grant if money is no limit. */
#include <gsl/gsl_sort.h>
#include <math.h>

#include "stages.h"

/* Can the application be granted anything when money is asked for? What is decided later does not count yet. */
static bool is_open(const struct outlay_plan_cell *cell, bool is_reserved, const struct outlay_workspace *work,
                    size_t i)
{
    return work->contract[i] >= cell->minimum_contract && (is_reserved || work->verdict[i] == OUTLAY_APPROVED) &&
           work->commit_day[i] != OUTLAY_AFTER_HORIZON;
}

/* award = min(floor(rate x contract) + fixed sum, cap) */
static void grant(const struct outlay_plan_cell *cell, bool is_reserved, size_t first, size_t end,
                  struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        const double full = floor(cell->rate * work->contract[i]) + cell->fixed;
        work->is_at_cap[i] = full > cell->cap;
        work->demand[i] = is_open(cell, is_reserved, work, i) ? fmin(full, cell->cap) : 0.0;
    }
}

#define DAYS_IN_YEAR 365.25

/* Applicants that are younger than a limit when they apply have a rate and a cap of their own. */
static void grant_to_young(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, bool is_reserved,
                           struct outlay_path path, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        const struct outlay_plan_class *class_ = &plan->classes[work->cell[i] % plan->n_classes];
        const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_AGE, 0, path.draw);
        const struct outlay_block bits = outlay_block_at(class_->key, 0, work->applicant[i], path.replicate, high);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        const double age =
            class_->age.shift +
            (class_->age.table != NULL ? class_->age.scale * outlay_quantiles_at(class_->age.table, u) : 0.0) +
            work->time[i] / DAYS_IN_YEAR;
        if (age < cell->young_below) {
            const double full = floor(cell->young.rate * work->contract[i]);
            work->is_at_cap[i] = full > cell->young.cap;
            work->demand[i] = is_open(cell, is_reserved, work, i) ? fmin(full, cell->young.cap) : 0.0;
        }
    }
}

/* The same with a rate and a cap for each size of contract; above the last band nothing is granted. */
static void grant_by_band(const struct outlay_plan_cell *cell, bool is_reserved, size_t first, size_t end,
                          struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        int b = 0;
        while (b < cell->n_bands && work->contract[i] > cell->bands[b].up_to) {
            b++;
        }
        const double full = b < cell->n_bands ? floor(cell->bands[b].rate * work->contract[i]) : 0.0;
        const double cap = b < cell->n_bands ? cell->bands[b].cap : 0.0;
        work->is_at_cap[i] = full > cap;
        work->demand[i] = is_open(cell, is_reserved, work, i) ? fmin(full, cap) : 0.0;
    }
}

/* What another programme has committed to the same contract counts towards the limit of both. */
static void cut_by_stack(const struct outlay_plan_cell *cell, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        const double limit = floor(cell->stack_limit * work->contract[i]);
        work->demand[i] = fmax(0.0, fmin(work->demand[i], limit - work->committed[work->origin[i]]));
    }
}

/* What the first k applications of the queue hold of the cap when application i comes: not what was refused by then. */
static double held_before(const struct outlay_workspace *work, size_t first, size_t k, size_t i)
{
    double held = 0.0;
    for (size_t j = 0; j < k; j++) {
        const size_t earlier = first + work->queue[j];
        const bool is_refused =
            work->verdict[earlier] != OUTLAY_APPROVED && work->decision_day[earlier] < work->time[i];
        held += is_refused ? 0.0 : work->demand[earlier];
    }
    return held;
}

/* Cut the awards of one applicant in the order of application, so that they stay within what it may get in a year. */
static void cut_in_order(double cap, size_t first, size_t n, struct outlay_workspace *work)
{
    gsl_sort_index(work->queue, work->time + first, 1, n);
    for (size_t k = 0; k < n; k++) {
        const size_t i = first + work->queue[k];
        work->demand[i] = fmin(work->demand[i], fmax(0.0, cap - held_before(work, first, k, i)));
    }
}

/* The contracts of an applicant stand together: the yearly cap is applied to each such run. */
static void cut_by_applicant_cap(double cap, size_t first, size_t end, struct outlay_workspace *work)
{
    while (first < end) {
        size_t next = first + 1;
        double sum = work->demand[first];
        while (next < end && work->applicant[next] == work->applicant[first]) {
            sum += work->demand[next++];
        }
        if (sum > cap) {
            cut_in_order(cap, first, next - first, work);
        }
        first = next;
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

void outlay_stage_award(const struct outlay_plan *plan, int i_programme, struct outlay_path path,
                        struct outlay_workspace *work)
{
    const struct outlay_plan_programme *programme = &plan->programmes[i_programme];
    const bool is_reserved = programme->commit == OUTLAY_COMMIT_APPLICATION;
    const int first_segment = outlay_segment(work, i_programme, 0, 0);
    for (int s = first_segment; s < first_segment + plan->n_years * plan->n_classes; s++) {
        const struct outlay_plan_cell *cell = &programme->cells[s % plan->n_classes];
        const size_t first = work->segment[s], end = work->segment[s + 1];
        if (cell->n_bands > 0) {
            grant_by_band(cell, is_reserved, first, end, work);
        } else {
            grant(cell, is_reserved, first, end, work);
        }
        if (cell->young_below > 0.0) {
            grant_to_young(plan, cell, is_reserved, path, first, end, work);
        }
        if (cell->stacks_with >= 0) {
            cut_by_stack(cell, first, end, work);
        }
        if (isfinite(cell->applicant_cap)) {
            cut_by_applicant_cap(cell->applicant_cap, first, end, work);
        }
        if (cell->co_funding > 0.0 || cell->inflation > 1.0) {
            claim(cell, first, end, work);
        }
    }
}
