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
        work->verdict[i] = OUTLAY_APPROVED;
        work->decision_day[i] = (int32_t)work->time[i];
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
        const bool is_withdrawn = outlay_uniform32(piece->word[3][k]) < cell->withdrawn;
        work->verdict[i] = !(outlay_uniform32(piece->word[0][k]) < cell->approved) ? OUTLAY_REJECTED
                           : is_withdrawn                                          ? OUTLAY_WITHDRAWN
                                                                                   : OUTLAY_APPROVED;
        work->decision_day[i] = working_days_later(plan, (int32_t)work->time[i], rint(days + cell->notice));
    }
}

/* Contracts of a kind that the programme does not support are refused on their merits. */
static void reject_ineligible(const struct outlay_plan_cell *cell, size_t first, int n, struct outlay_workspace *work)
{
    for (int k = 0; k < n; k++) {
        if (!(outlay_uniform(work->piece.word[0][k], work->piece.word[1][k]) < cell->eligible)) {
            work->verdict[first + (size_t)k] = OUTLAY_REJECTED;
        }
    }
}

static void review_segment(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, uint32_t year,
                           struct outlay_path path, size_t first, size_t end, struct outlay_workspace *work)
{
    const uint32_t high_review = outlay_counter_high(OUTLAY_PURPOSE_REVIEW, year, path.draw);
    const uint32_t high_kind = outlay_counter_high(OUTLAY_PURPOSE_ELIGIBLE, year, path.draw);
    if (!cell->has_review) {
        pass(first, end, work);
    }
    for (; first < end && (cell->has_review || cell->eligible < 1.0); first += OUTLAY_PIECE) {
        if (cell->has_review) {
            decide(plan, cell, first, outlay_draw_piece(work, cell->key, path, high_review, first, end), work);
        }
        if (cell->eligible < 1.0) {
            reject_ineligible(cell, first, outlay_draw_piece(work, cell->key, path, high_kind, first, end), work);
        }
    }
}

/*
 * Money is asked for on the day of the application (reservation) or of the decision, and handed out when the round
 * closes into which that day falls.
 */
static void set_commit_days(const struct outlay_plan_programme *programme, size_t first, size_t end,
                            struct outlay_workspace *work)
{
    const bool is_reserved = programme->commit == OUTLAY_COMMIT_APPLICATION;
    for (size_t i = first; i < end; i++) {
        const int32_t asked = is_reserved ? (int32_t)work->time[i] : work->decision_day[i];
        work->commit_day[i] = asked == OUTLAY_AFTER_HORIZON ? asked : programme->round_day[asked];
    }
}

void outlay_stage_review(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    const int n_segments = plan->n_programmes * plan->n_years * plan->n_classes;
    for (int s = 0; s < n_segments; s++) {
        const struct outlay_plan_programme *programme = &plan->programmes[s / plan->n_classes / plan->n_years];
        const struct outlay_plan_cell *cell = &programme->cells[s % plan->n_classes];
        const uint32_t year = (uint32_t)(s / plan->n_classes % plan->n_years);
        review_segment(plan, cell, year, path, work->segment[s], work->segment[s + 1], work);
        set_commit_days(programme, work->segment[s], work->segment[s + 1], work);
    }
}
