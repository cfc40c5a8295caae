/* payment.c: whether and when a commitment is called upon, and what becomes of its money. */
#include <math.h>
#include <string.h>

#include "stages.h"

static void draw_delays(const struct outlay_plan_programme *programme, size_t first, int n,
                        struct outlay_workspace *work)
{
    const struct outlay_piece *piece = &work->piece;
    for (int k = 0; k < n; k++) {
        double days = programme->delay.shift;
        if (programme->delay.table != NULL) {
            const double u = outlay_uniform(piece->word[1][k], piece->word[2][k]);
            days += programme->delay.scale * outlay_quantiles_at(programme->delay.table, u);
        }
        const bool is_redeemed = outlay_uniform32(piece->word[0][k]) < programme->redeemed;
        const double whole = fmax(0.0, rint(days));
        work->pay_delay[first + (size_t)k] =
            is_redeemed && whole <= programme->expires && whole < INT32_MAX / 2 ? (int32_t)whole : OUTLAY_AFTER_HORIZON;
    }
}

void outlay_stage_payment(const struct outlay_plan *plan, int i_programme, struct outlay_path path,
                          struct outlay_workspace *work)
{
    const struct outlay_plan_programme *programme = &plan->programmes[i_programme];
    const int first_segment = outlay_segment(work, i_programme, 0, 0);
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
    if (work->decision_day[i] == OUTLAY_AFTER_HORIZON || committed == 0.0) {
        return settlement;
    }
    const int32_t since = work->commit_day[i] > work->decision_day[i] ? work->commit_day[i] : work->decision_day[i];
    if (work->verdict[i] != OUTLAY_APPROVED) {
        settlement.returned = committed;
        settlement.return_day = since;
    } else if (work->pay_delay[i] == OUTLAY_AFTER_HORIZON) {
        settlement.returned = committed;
        settlement.return_day = days_later(plan, since, programme->expires);
    } else {
        settlement.pay_day = days_later(plan, since, work->pay_delay[i]);
        settlement.payable = cell->inflation > 1.0 ? floor(committed / cell->inflation) : committed;
        settlement.returned = committed - settlement.payable;
        settlement.return_day = settlement.returned > 0.0 ? settlement.pay_day : OUTLAY_AFTER_HORIZON;
    }
    return settlement;
}
