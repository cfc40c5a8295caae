/* award.c: what the rules grant if money is no limit. */
#include <gsl/gsl_sort.h>
#include <math.h>

#include "stages.h"

/*
 * award = min(floor(rate x contract), cap) from the minimum contract on. An application that is known to be refused
 * on its merits when money is asked for, or on which nobody decides within the horizon, asks for none.
 */
static void grant(const struct outlay_plan_cell *cell, bool is_reserved, size_t first, size_t end,
                  struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        const double award = fmin(floor(cell->rate * work->contract[i]), cell->cap);
        const bool is_eligible = work->contract[i] >= cell->minimum_contract && (is_reserved || work->approved[i]) &&
                                 work->commit_day[i] != OUTLAY_AFTER_HORIZON;
        work->demand[i] = is_eligible ? award : 0.0;
    }
}

/* Cut the awards of one applicant in the order of application, so that they stay within what it may get in a year. */
static void cut_in_order(double cap, size_t first, size_t n, struct outlay_workspace *work)
{
    gsl_sort_index(work->queue, work->time + first, 1, n);
    double left = cap;
    for (size_t k = 0; k < n; k++) {
        double *demand = &work->demand[first + work->queue[k]];
        *demand = fmin(*demand, left);
        left -= *demand;
    }
}

/* The contracts of an applicant stand together: the yearly cap is applied to each such run. */
static void apply_applicant_cap(double cap, size_t first, size_t end, struct outlay_workspace *work)
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

void outlay_stage_award(const struct outlay_plan *plan, struct outlay_workspace *work)
{
    const int n_segments = plan->n_programmes * plan->n_years * plan->n_classes;
    for (int s = 0; s < n_segments; s++) {
        const struct outlay_plan_programme *programme = &plan->programmes[s / plan->n_classes / plan->n_years];
        const struct outlay_plan_cell *cell = &programme->cells[s % plan->n_classes];
        const size_t first = work->segment[s], end = work->segment[s + 1];
        grant(cell, programme->commit == OUTLAY_COMMIT_APPLICATION, first, end, work);
        if (isfinite(cell->applicant_cap)) {
            apply_applicant_cap(cell->applicant_cap, first, end, work);
        }
    }
}
