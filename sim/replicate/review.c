/* review.c: what the office decides on the merits, and when. */
#include <math.h>

#include "stages.h"

/* The day n working days after `day`; without review time a decision falls on the day itself. */
static int32_t working_days_later(const struct outlay_plan *plan, int32_t day, double n)
{
    if (n < 1.0) {
        return day;
    }
    const double ordinal = plan->working_days_through[day] + n - 1.0;
    return ordinal < plan->n_working_days ? plan->nth_working_day[(int32_t)ordinal] : OUTLAY_AFTER_HORIZON;
}

/* Without review every application is approved on its day. */
static void pass(size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        work->approved[i] = 1;
        work->decision_day[i] = (int32_t)work->time[i];
        work->commit_day[i] = work->decision_day[i];
    }
}

static void decide(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, size_t first, int n,
                   struct outlay_workspace *work)
{
    const struct outlay_piece *piece = &work->piece;
    for (int k = 0; k < n; k++) {
        const size_t i = first + (size_t)k;
        double days = cell->review.shift;
        if (cell->review.table != NULL) {
            const double u = outlay_uniform(piece->word[1][k], piece->word[2][k]);
            days += cell->review.scale * outlay_quantiles_at(cell->review.table, u);
        }
        work->approved[i] = outlay_uniform32(piece->word[0][k]) < cell->approved;
        work->decision_day[i] = working_days_later(plan, (int32_t)work->time[i], rint(days));
    }
}

static void review_segment(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, uint32_t year,
                           struct outlay_path path, size_t first, size_t end, struct outlay_workspace *work)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_REVIEW, year, path.draw);
    struct outlay_piece *piece = &work->piece;
    for (; first < end; first += OUTLAY_PIECE) {
        const int n = end - first < OUTLAY_PIECE ? (int)(end - first) : OUTLAY_PIECE;
        outlay_blocks_at(cell->key, n, work->ordinal + first, work->applicant + first, path.replicate, high,
                         piece->word[0], piece->word[1], piece->word[2], piece->word[3]);
        decide(plan, cell, first, n, work);
    }
}

/* Money is asked for on the day of the application (reservation) or of the decision. */
static void set_commit_days(enum outlay_commit commit, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        work->commit_day[i] = commit == OUTLAY_COMMIT_APPLICATION ? (int32_t)work->time[i] : work->decision_day[i];
    }
}

void outlay_stage_review(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    const int n_segments = plan->n_programmes * plan->n_years * plan->n_classes;
    for (int s = 0; s < n_segments; s++) {
        const struct outlay_plan_programme *programme = &plan->programmes[s / plan->n_classes / plan->n_years];
        const struct outlay_plan_cell *cell = &programme->cells[s % plan->n_classes];
        const uint32_t year = (uint32_t)(s / plan->n_classes % plan->n_years);
        const size_t first = work->segment[s], end = work->segment[s + 1];
        if (!cell->has_review) {
            pass(first, end, work);
        } else {
            review_segment(plan, cell, year, path, first, end, work);
            set_commit_days(programme->commit, first, end, work);
        }
    }
}
