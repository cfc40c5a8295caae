/* review.c: what the office decides on the merits, and when. */
#include <string.h>

#include "stages.h"

/* The laws of a cell's review, and the calendar, for the loop below. */
struct office {
    double approved, withdrawn, notice; /* notice in working days */
    const int32_t *working_days_through, *nth_working_day;
    int32_t n_working_days;
};

/*
 * Verdict and day of the decision: some working days after the application (piece->value, and the notice); without
 * review time on the day itself.
 */
OUTLAY_VECTORISED
static void decide(const struct office *office, int n, const struct outlay_piece *restrict piece,
                   const int32_t *restrict day, unsigned char *restrict verdict, int32_t *restrict decision_day)
{
    const int32_t *restrict through = office->working_days_through, *restrict nth = office->nth_working_day;
    const double last = office->n_working_days - 1.0;
    for (int i = 0; i < n; i++) {
        const double n_days = rint(piece->value[i] + office->notice);
        const double ordinal = through[day[i]] + n_days - 1.0;
        const int32_t decided = nth[(int32_t)outlay_greater(0.0, outlay_lesser(ordinal, last))];
        const int32_t within = ordinal <= last ? decided : OUTLAY_AFTER_HORIZON;
        decision_day[i] = n_days < 1.0 ? day[i] : within;
    }
    for (int i = 0; i < n; i++) {
        const bool is_withdrawn = outlay_uniform32(piece->word[3][i]) < office->withdrawn;
        const bool is_approved = outlay_uniform32(piece->word[0][i]) < office->approved;
        const unsigned char if_approved = is_withdrawn ? OUTLAY_WITHDRAWN : OUTLAY_APPROVED;
        verdict[i] = is_approved ? if_approved : OUTLAY_REJECTED;
    }
}

static void review(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, size_t first, int n,
                   struct outlay_workspace *work)
{
    const struct office office = {
        .approved = cell->approved,
        .withdrawn = cell->withdrawn,
        .notice = cell->notice,
        .working_days_through = plan->working_days_through,
        .nth_working_day = plan->nth_working_day,
        .n_working_days = plan->n_working_days,
    };
    struct outlay_piece *piece = &work->piece;
    outlay_uniforms(n, piece->word[1], piece->word[2], piece->u);
    outlay_draw_law_fill(&cell->review, n, piece->u, piece->value);
    decide(&office, n, piece, work->day + first, work->verdict + first, work->decision_day + first);
}

/* Contracts of a kind that the programme does not support are refused on their merits. */
static void reject_ineligible(const struct outlay_plan_cell *cell, size_t first, int n, struct outlay_workspace *work)
{
    outlay_uniforms(n, work->piece.word[0], work->piece.word[1], work->piece.u);
    for (int k = 0; k < n; k++) {
        if (!(work->piece.u[k] < cell->eligible)) {
            work->verdict[first + (size_t)k] = OUTLAY_REJECTED;
        }
    }
}

static void review_segment(const struct outlay_plan *plan, const struct outlay_plan_cell *cell, uint32_t year,
                           struct outlay_path path, size_t first, size_t end, struct outlay_workspace *work)
{
    const uint32_t high_review = outlay_counter_high(OUTLAY_PURPOSE_REVIEW, year, path.draw);
    const uint32_t high_kind = outlay_counter_high(OUTLAY_PURPOSE_ELIGIBLE, year, path.draw);
    if (!cell->has_review) { /* every application is approved on its day */
        memset(work->verdict + first, OUTLAY_APPROVED, end - first);
        memcpy(work->decision_day + first, work->day + first, (end - first) * sizeof *work->day);
    }
    for (; first < end && (cell->has_review || cell->eligible < 1.0); first += OUTLAY_PIECE) {
        if (cell->has_review) {
            review(plan, cell, first, outlay_draw_piece(work, cell->key, path, high_review, first, end), work);
        }
        if (cell->eligible < 1.0) {
            reject_ineligible(cell, first, outlay_draw_piece(work, cell->key, path, high_kind, first, end), work);
        }
    }
}

/* The day on which the round closes into which `asked` falls. */
static void find_rounds(const int32_t *restrict round_day, size_t n, const int32_t *restrict asked,
                        int32_t *restrict commit_day)
{
    for (size_t i = 0; i < n; i++) {
        const bool is_known = asked[i] != OUTLAY_AFTER_HORIZON;
        const int32_t closing = round_day[is_known ? asked[i] : 0];
        commit_day[i] = is_known ? closing : OUTLAY_AFTER_HORIZON;
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
        if (work->verdict != NULL) {
            review_segment(plan, cell, year, path, first, end, work);
        }
        if (work->own_commit_day != NULL) {
            /* money is asked for on the day of the application (reservation) or of the decision */
            const bool is_reserved = programme->commit == OUTLAY_COMMIT_APPLICATION || work->decision_day == NULL;
            const int32_t *asked = is_reserved ? work->day : work->decision_day;
            find_rounds(programme->round_day, end - first, asked + first, work->commit_day + first);
        }
    }
}
