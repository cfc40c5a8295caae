/* compare.c: a run held against the exact answer. */
#include <math.h>
#include <stdlib.h>

#include "outlay/studies.h"
#include "studies/figures.h"

/* Probability of exhaustion; by three days; three means. */
enum { N_DAYS_SHOWN = 3, MOST_ROWS = 1 + N_DAYS_SHOWN + 3 };

static void rate(struct outlay_deviation *row)
{
    const double nearest = fmax(row->exact.low, fmin(row->simulated, row->exact.high));
    const double off = row->simulated - nearest;
    row->deviation = off == 0.0 ? 0.0 : off / row->standard_error;
}

/*
 * A share of n paths has the standard error sqrt(p (1 - p) / n) with p the exact probability, so that a share of 0 or 1
 * has one too; of a bracket, the p nearest to 1/2.
 */
static double share_error(const struct outlay_bracket *exact, double n)
{
    const double p = fmax(exact->low, fmin(0.5, exact->high));
    return sqrt(p * (1.0 - p) / n);
}

/* The day on which the probability of being exhausted by its end first reaches p. */
static int32_t day_reaching(const struct outlay_exact_book *book, int32_t n_days, double p)
{
    int32_t day = 0;
    while (day + 1 < n_days && book->p_exhausted_by[day].value < p) {
        day++;
    }
    return day;
}

static double share_exhausted_by(const struct outlay_tallies *run, int programme, int32_t first, int32_t last)
{
    const uint64_t *on = run->exhausted_on + (size_t)programme * (size_t)run->n_days;
    uint64_t n = 0;
    for (int32_t day = first; day <= last; day++) {
        n += on[day];
    }
    return (double)n / (double)run->n_paths;
}

/* Exhausted by the end of the fiscal year's day `day`; the year begins on the day `first` of the horizon. */
static struct outlay_deviation exhausted_by(const struct outlay_exact_book *book, const struct outlay_tallies *run,
                                            int programme, int32_t first, int32_t day)
{
    return (struct outlay_deviation){.quantity = "exhausted",
                                     .day = first + day,
                                     .simulated = share_exhausted_by(run, programme, first, first + day),
                                     .standard_error = share_error(&book->p_exhausted_by[day], (double)run->n_paths),
                                     .exact = book->p_exhausted_by[day]};
}

/* The rows of one book; returns their number. */
static size_t compare_book(const struct outlay_exact_book *book, const struct outlay_scenario *scenario,
                           const struct outlay_tallies *run, int programme, int year, struct outlay_deviation rows[])
{
    static const double shares[N_DAYS_SHOWN] = {0.05, 0.5, 0.95}; /* of the probability of exhaustion */
    const int32_t first = scenario->year_first_day[year], n_days = scenario->year_first_day[year + 1] - first;
    const struct {
        const char *name;
        enum outlay_account account;
        const struct outlay_bracket *exact;
    } means[] = {{"demand", OUTLAY_ACCOUNT_demand, &book->demand},
                 {"committed", OUTLAY_ACCOUNT_committed, &book->committed},
                 {"outlay", OUTLAY_ACCOUNT_outlay, book->is_paid_at_once ? &book->committed : NULL}};
    size_t n = 0;
    rows[n++] = exhausted_by(book, run, programme, first, n_days - 1);
    rows[0].day = -1; /* within the fiscal year */
    int32_t last = -1;
    const bool may_exhaust = book->p_exhausted.low > 0.0; /* else there is nothing to see on any day */
    for (int i = 0; i < N_DAYS_SHOWN && may_exhaust; i++) {
        const int32_t day = day_reaching(book, n_days, shares[i] * book->p_exhausted.value);
        if (day > last && day < n_days - 1) {
            rows[n++] = exhausted_by(book, run, programme, first, day);
            last = day;
        }
    }
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
        if (means[i].exact != NULL) {
            const size_t n_books = (size_t)run->n_programmes * (size_t)run->n_years;
            const struct outlay_moments *moments =
                &run->account_moments[means[i].account * n_books + (size_t)programme * (size_t)run->n_years +
                                      (size_t)year];
            rows[n++] = (struct outlay_deviation){.quantity = means[i].name,
                                                  .day = -1,
                                                  .is_money = true,
                                                  .simulated = moments->mean,
                                                  .standard_error = moments->se,
                                                  .exact = *means[i].exact};
        }
    }
    for (size_t i = 0; i < n; i++) {
        rows[i].programme = programme;
        rows[i].year = year;
        rate(&rows[i]);
    }
    return n;
}

outlay_err outlay_exact_compare(const struct outlay_exact *self, const struct outlay_scenario *scenario,
                                const struct outlay_tallies *run, struct outlay_deviation **deviations,
                                size_t *n_deviations)
{
    const size_t n_books = (size_t)self->n_programmes * (size_t)self->n_years;
    *n_deviations = 0;
    *deviations = calloc(n_books * MOST_ROWS, sizeof **deviations);
    if (*deviations == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < n_books; i++) {
        const int programme = (int)i / self->n_years, year = (int)i % self->n_years;
        *n_deviations += compare_book(&self->books[i], scenario, run, programme, year, *deviations + *n_deviations);
    }
    return OUTLAY_OK;
}
