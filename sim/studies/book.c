/* book.c: two windows on demand, and what they show. */
#include "studies/book.h"

#include <math.h>

/* Part of the tolerance that goes to what the window on the budget does not show. */
#define HIDDEN 0.02

/* Probabilities of what the window on the year does not show. */
#define LEAST_HIDDEN 1e-8
#define MOST_HIDDEN 2e-3

/* A period this many times the mean is long. */
#define LONG_PERIOD 32.0

/* Part of the tolerance within which a probability counts as 0 or 1. */
#define NEGLIGIBLE 0.1

/* Twice the frequencies halve the brackets, until what is left comes from the cells of the contract laws. */
#define WORTHWHILE 0.8

/* ---- setting out ------------------------------------------------------------------------------------------------- */

static void set_money(struct outlay_book *book)
{
    const double released = book->rules->released[book->first_day], extra = book->rules->topped_up[book->first_day];
    book->appropriation = book->rules->is_unlimited ? (double)INFINITY : released + extra;
    book->money = book->rules->is_unlimited
                      ? (double)INFINITY
                      : floor(released * book->rules->over_allocation) + floor(extra * book->rules->over_allocation);
    const double lattice = book->demand.lattice;
    book->threshold = floor(book->money / lattice) * lattice + 0.5 * lattice;
}

/* The first day on which mean demand is `factor` times the money; the last day of the year if none is. */
static int32_t day_beyond(const struct outlay_book *book, double factor)
{
    const int32_t last = book->n_days - 1;
    int32_t low = 0, high = last;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (outlay_demand_moments_of(&book->demand, middle, book->demand.awards).mean >= factor * book->money) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

double outlay_widest(const struct outlay_bracket by[], int32_t n)
{
    double widest = 0.0;
    for (int32_t i = 0; i < n; i++) {
        widest = fmax(widest, 0.5 * (by[i].high - by[i].low));
    }
    return widest;
}

/* An award above the money is as good as any other; but those that count as one must not be taken for the money. */
static double ceiling_of(const struct outlay_book *book)
{
    const double lattice = book->demand.lattice, above = floor(1.25 * book->money / lattice + 1.0) * lattice;
    return fmin(outlay_demand_ceiling(&book->demand, HIDDEN * book->options->tolerance), above);
}

/* Open the window on the budget until last_day, with more and more frequencies as long as that helps. */
static outlay_err follow_to(struct outlay_book *book, int32_t last_day)
{
    const struct outlay_exact_options *options = book->options;
    struct outlay_window *window = &book->budget_window;
    outlay_err err = outlay_window_init(window, &book->demand, last_day, ceiling_of(book), HIDDEN * options->tolerance);
    if (err != OUTLAY_OK) {
        return err;
    }
    const int32_t busiest = day_beyond(book, 1.0);
    int n = outlay_window_frequencies(window, busiest < last_day ? busiest : last_day, options->tolerance,
                                      options->max_frequencies);
    double before = INFINITY, widest = 0.0;
    for (; err == OUTLAY_OK && n <= options->max_frequencies; n *= 2) {
        err = outlay_window_sharpen(window, n);
        if (err == OUTLAY_OK) {
            err = outlay_window_exceeds(window, book->threshold, NEGLIGIBLE * options->tolerance, book->by);
        }
        widest = outlay_widest(book->by, last_day + 1);
        if (widest <= options->tolerance || widest > WORTHWHILE * before) {
            break;
        }
        before = widest;
    }
    return err;
}

/* Fill book->by, through a window that ends once the money is as good as gone. */
static outlay_err set_exhaustion(struct outlay_book *book)
{
    const int32_t last = book->n_days - 1;
    outlay_err err = OUTLAY_OK;
    int32_t end = -1;
    for (double factor = 1.5; err == OUTLAY_OK; factor *= 2.0) {
        const int32_t beyond_money = day_beyond(book, factor), later = 2 * end + 1 < last ? 2 * end + 1 : last;
        end = beyond_money > end ? beyond_money : later;
        outlay_window_free(&book->budget_window);
        err = follow_to(book, end);
        if (err == OUTLAY_OK && (end == last || book->by[end].low >= 1.0 - book->options->tolerance)) {
            for (int32_t day = end + 1; day <= last; day++) {
                book->by[day] = (struct outlay_bracket){book->by[end].value, book->by[end].low, 1.0};
            }
            break;
        }
    }
    return err;
}

/*
 * The window on the whole year's demand shows its quantiles, the highest of which is exceeded once in a hundred years.
 * So that laws with a long tail do not make it too coarse for the others, it may hide what is ten times as rare.
 */
static outlay_err open_year(struct outlay_book *book)
{
    const double mean = outlay_demand_moments_of(&book->demand, book->n_days - 1, book->demand.awards).mean;
    outlay_err err = OUTLAY_OK;
    for (double hidden = LEAST_HIDDEN; err == OUTLAY_OK && hidden < MOST_HIDDEN; hidden *= 10.0) {
        outlay_window_free(&book->year_window);
        err = outlay_window_init(&book->year_window, &book->demand, book->n_days - 1,
                                 outlay_demand_ceiling(&book->demand, hidden), hidden);
        if (err == OUTLAY_OK && book->year_window.period <= LONG_PERIOD * mean) {
            break;
        }
    }
    return err;
}

outlay_err outlay_book_init(struct outlay_book *self)
{
    outlay_err err = outlay_demand_init(&self->demand, self->plan, self->programme, self->year, self->options->n_cells);
    if (err == OUTLAY_OK) {
        set_money(self);
        err = open_year(self);
    }
    if (err == OUTLAY_OK) {
        err = outlay_window_sharpen(&self->year_window, outlay_window_frequencies(&self->year_window, self->n_days - 1,
                                                                                  self->options->tolerance,
                                                                                  self->options->max_frequencies));
    }
    return err == OUTLAY_OK ? set_exhaustion(self) : err;
}

void outlay_book_free(struct outlay_book *self)
{
    outlay_window_free(&self->budget_window);
    outlay_window_free(&self->year_window);
    outlay_demand_free(&self->demand);
}

/* ---- the answer in a few numbers ---- */

/* Commitments are paid on the day that they are made. */
static bool is_paid_at_once(const struct outlay_book *book)
{
    bool is_undecided = false;
    for (int i = 0; i < book->plan->n_classes; i++) {
        is_undecided = is_undecided || book->rules->cells[i].has_review;
    }
    return !book->rules->has_payment && (book->rules->commit == OUTLAY_COMMIT_DECISION || !is_undecided);
}

/* What is committed by the end of the year is at least what is by the end of the window, and at most the money. */
outlay_err outlay_book_answer(const struct outlay_book *book, struct outlay_exact_book *answer)
{
    const struct outlay_window *window = &book->budget_window;
    const struct outlay_demand_moments whole =
        outlay_demand_moments_of(&book->demand, book->n_days - 1, book->demand.awards);
    const struct outlay_demand_moments seen = outlay_demand_moments_of(&book->demand, window->last_day, window->awards);
    struct outlay_cdf cdf = {0};
    const outlay_err err = outlay_window_cdf(window, window->last_day, &cdf);
    if (err == OUTLAY_OK) {
        answer->p_exhausted = book->by[book->n_days - 1];
        answer->p_exhausted_by = book->by;
        answer->is_paid_at_once = is_paid_at_once(book);
        answer->demand =
            (struct outlay_bracket){whole.mean, whole.mean - whole.mean_error, whole.mean + whole.mean_error};
        answer->committed = outlay_cdf_limited_mean(&cdf, book->money, &seen);
        if (window->last_day + 1 < book->n_days) {
            answer->committed.high = book->money;
            answer->committed.value = book->money;
        }
    }
    outlay_cdf_free(&cdf);
    return err;
}
