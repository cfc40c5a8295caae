/* timing.c: application -> decision -> round. */
#include "studies/timing.h"

#include <math.h>
#include <string.h>

/* P(review and notice take at most n working days), the sum rounded to the nearest, halves to the even number. */
static double p_review_within(const struct outlay_plan_cell *cell, int32_t n)
{
    const struct outlay_draw_law *law = &cell->review;
    if (law->table == NULL) {
        return rint(law->shift + cell->notice) <= n ? 1.0 : 0.0;
    }
    const double most = (n + 0.5 - cell->notice - law->shift) / law->scale;
    const bool is_odd = n % 2 != 0; /* n + 1/2 rounds up */
    return outlay_law_cdf(&law->table->law, is_odd ? nextafter(most, -INFINITY) : most, false);
}

/* Where the probability of an application on a day goes to: what is asked for on `day` comes to the budget then. */
struct tally {
    const struct outlay_plan *plan;
    const struct outlay_plan_programme *programme;
    double *on; /* [n_days of the horizon] */
};

static void put(const struct tally *tally, int32_t day, double probability)
{
    const int32_t round_day = tally->programme->round_day[day];
    if (round_day < tally->plan->n_days) {
        tally->on[round_day] += probability;
    }
}

/* The n-th working day after `day` is the decision's, n = 0 the day itself; decisions beyond the horizon never come. */
static void put_decisions(const struct tally *tally, const struct outlay_plan_cell *cell, int32_t day,
                          double probability)
{
    const struct outlay_plan *plan = tally->plan;
    double within = p_review_within(cell, 0);
    put(tally, day, probability * within);
    for (int32_t n = 1; within < 1.0; n++) {
        const int32_t ordinal = plan->working_days_through[day] + n - 1;
        if (ordinal >= plan->n_working_days) {
            return;
        }
        const double next = p_review_within(cell, n);
        put(tally, plan->nth_working_day[ordinal], probability * (next - within));
        within = next;
    }
}

/* on[day]: probability that a contract of the year comes to the budget on that day of the horizon, and is granted. */
static void fill(const struct outlay_plan *plan, int programme, int i_class, int year, double on[])
{
    const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[i_class];
    const struct outlay_arrivals *arrivals = &cell->arrivals[year];
    const struct tally tally = {plan, &plan->programmes[programme], on};
    const bool is_decided_first = tally.programme->commit == OUTLAY_COMMIT_DECISION && cell->has_review;
    const double granted = cell->approved * (1.0 - cell->withdrawn) * cell->eligible;
    memset(on, 0, (size_t)plan->n_days * sizeof *on);
    for (int32_t i = 0; i < arrivals->n_days; i++) {
        const double share = (arrivals->cumulative[i + 1] - arrivals->cumulative[i]) * granted;
        if (share > 0.0 && is_decided_first) {
            put_decisions(&tally, cell, arrivals->first_day + i, share);
        } else if (share > 0.0) {
            put(&tally, arrivals->first_day + i, share);
        }
    }
}

/* Days of all years that an application may have: enough for a plan's horizon. */
enum { MAX_DAYS = OUTLAY_MAX_YEARS * 366 };

void outlay_timing_by_day(const struct outlay_plan *plan, int programme, int i_class, int year, double by[])
{
    double on[MAX_DAYS];
    double sum = 0.0;
    fill(plan, programme, i_class, year, on);
    const int32_t first = plan->year_first_day[year], end = plan->year_first_day[year + 1];
    for (int32_t day = first; day < end; day++) {
        sum += on[day];
        by[day - first] = fmin(1.0, sum);
    }
}

double outlay_timing_share_after(const struct outlay_plan *plan, int programme, int i_class, int year)
{
    double on[MAX_DAYS];
    double sum = 0.0;
    fill(plan, programme, i_class, year, on);
    for (int32_t day = plan->year_first_day[year + 1]; day < plan->n_days; day++) {
        sum += on[day];
    }
    return sum;
}
