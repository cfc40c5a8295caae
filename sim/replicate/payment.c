/* payment.c: whether and when a commitment is called upon, and what becomes of its money. */
#include <string.h>

#include "stages.h"

/* Days from commitment to payment; OUTLAY_AFTER_HORIZON where it is not redeemed, or only after it has expired. */
OUTLAY_VECTORISED
static void set_delays(const struct outlay_plan_programme *programme, int n, const struct outlay_piece *restrict piece,
                       int32_t *restrict pay_delay)
{
    const double redeemed = programme->redeemed, longest = outlay_lesser(programme->expires, INT32_MAX / 2);
    for (int i = 0; i < n; i++) {
        const double whole = outlay_greater(0.0, rint(piece->value[i]));
        const int32_t delay = whole <= longest ? (int32_t)outlay_lesser(whole, longest) : OUTLAY_AFTER_HORIZON;
        pay_delay[i] = outlay_uniform32(piece->word[0][i]) < redeemed ? delay : OUTLAY_AFTER_HORIZON;
    }
}

static void draw_delays(const struct outlay_plan_programme *programme, size_t first, int n,
                        struct outlay_workspace *work)
{
    struct outlay_piece *piece = &work->piece;
    outlay_uniforms(n, piece->word[1], piece->word[2], piece->u);
    outlay_draw_law_fill(&programme->delay, n, piece->u, piece->value);
    set_delays(programme, n, piece, work->pay_delay + first);
}

void outlay_stage_payment(const struct outlay_plan *plan, int i_programme, struct outlay_path path,
                          struct outlay_workspace *work)
{
    const struct outlay_plan_programme *programme = &plan->programmes[i_programme];
    const int first_segment = outlay_segment(work, i_programme, 0, 0);
    if (work->pay_delay == NULL) {
        return;
    }
    for (int s = first_segment; s < first_segment + plan->n_years * plan->n_classes; s++) {
        const size_t end = work->segment[s + 1];
        size_t first = work->segment[s];
        if (!programme->has_payment) {
            memset(work->pay_delay + first, 0, (end - first) * sizeof *work->pay_delay);
            continue;
        }
        const uint32_t year = (uint32_t)(s / plan->n_classes % plan->n_years);
        const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_PAYMENT, year, path.draw);
        const struct outlay_key key = programme->cells[s % plan->n_classes].key;
        for (; first < end; first += OUTLAY_PIECE) {
            draw_delays(programme, first, outlay_draw_piece(work, key, path, high, first, end), work);
        }
    }
}

/* `n` days after `day`, or beyond the horizon. */
static int32_t days_later(const struct outlay_plan *plan, int32_t day, double n)
{
    return day + n < plan->n_days ? day + (int32_t)n : OUTLAY_AFTER_HORIZON;
}

struct outlay_settlement outlay_settle(const struct outlay_plan *plan, const struct outlay_workspace *work, size_t i)
{
    const struct outlay_plan_programme *programme = &plan->programmes[work->cell[i] / plan->n_classes];
    const struct outlay_plan_cell *cell = outlay_cell_of(plan, work, i);
    struct outlay_settlement settlement = {0.0, OUTLAY_AFTER_HORIZON, 0.0, OUTLAY_AFTER_HORIZON};
    const double committed = work->committed[i];
    const int32_t decision_day = outlay_decision_day(work, i), pay_delay = outlay_pay_delay(work, i);
    if (decision_day == OUTLAY_AFTER_HORIZON || committed == 0.0) {
        return settlement;
    }
    const int32_t since = work->commit_day[i] > decision_day ? work->commit_day[i] : decision_day;
    if (!outlay_is_approved(work, i)) {
        settlement.returned = committed;
        settlement.return_day = since;
    } else if (pay_delay == OUTLAY_AFTER_HORIZON) {
        settlement.returned = committed;
        settlement.return_day = days_later(plan, since, programme->expires);
    } else {
        settlement.pay_day = days_later(plan, since, pay_delay);
        settlement.payable = floor(committed * cell->verified);
        settlement.returned = committed - settlement.payable;
        settlement.return_day = settlement.returned > 0.0 ? settlement.pay_day : OUTLAY_AFTER_HORIZON;
    }
    return settlement;
}
