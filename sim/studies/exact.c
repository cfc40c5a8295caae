/*
 * exact.c: the exact answer, programme by programme and fiscal year by fiscal year.
 */
#include <math.h>
#include <stdlib.h>

#include "outlay/plan.h"
#include "outlay/studies.h"
#include "studies/book.h"
#include "studies/figures.h"
#include "studies/reach.h"

const struct outlay_exact_options outlay_exact_defaults = {
    .tolerance = 1e-4,
    .max_frequencies = 1 << 18,
    .n_cells = 1 << 19,
};

/* Frequencies for the bands of a day. */
enum { N_DAY_FREQUENCIES = 1 << 11 };

/* ---- figures ----------------------------------------------------------------------------------------------------- */

static double demand_itself(double s, double money)
{
    (void)money;
    return s;
}

static double up_to(double s, double money)
{
    return fmin(s, money);
}

static double beyond(double s, double money)
{
    return fmax(0.0, s - money);
}

static double short_of(double s, double money)
{
    return fmax(0.0, money - s);
}

static void set_figure(struct outlay_tallies *tallies, const struct outlay_book *book, enum outlay_account account,
                       const struct outlay_figure_source *source, double (*function)(double, double))
{
    const struct outlay_figure figure = outlay_figure_of(tallies, account, book->programme, book->year);
    outlay_figures_set(figure.moments, figure.histogram, source, function);
}

/* Place of the book among those of its tallies. */
static size_t index_of(const struct outlay_tallies *tallies, const struct outlay_book *book)
{
    return (size_t)book->programme * (size_t)tallies->n_years + (size_t)book->year;
}

static void set_constant(struct outlay_tallies *tallies, const struct outlay_book *book, enum outlay_account account,
                         double value)
{
    const struct outlay_figure figure = outlay_figure_of(tallies, account, book->programme, book->year);
    outlay_figures_set_constant(figure.moments, figure.histogram, value);
}

/* What is put to the budget; and what it covers where that is all that is asked for. */
static void set_asked(struct outlay_tallies *tallies, const struct outlay_book *book,
                      const struct outlay_figure_source *source)
{
    set_figure(tallies, book, OUTLAY_ACCOUNT_demand, source, demand_itself);
    set_figure(tallies, book, OUTLAY_ACCOUNT_unmet, source, beyond);
    if (book->rules->is_unlimited) {
        set_figure(tallies, book, OUTLAY_ACCOUNT_appropriation, source, demand_itself);
        set_constant(tallies, book, OUTLAY_ACCOUNT_lapsed, 0.0);
    }
}

/* What the budget covers. */
static void set_covered(struct outlay_tallies *tallies, const struct outlay_book *book, bool is_paid_at_once,
                        const struct outlay_figure_source *source)
{
    set_figure(tallies, book, OUTLAY_ACCOUNT_committed, source, up_to);
    if (is_paid_at_once) {
        set_figure(tallies, book, OUTLAY_ACCOUNT_outlay, source, up_to);
        set_constant(tallies, book, OUTLAY_ACCOUNT_outstanding, 0.0);
    }
    if (book->money == book->appropriation && book->rules->carry_share == 0.0 && !book->rules->is_unlimited) {
        set_figure(tallies, book, OUTLAY_ACCOUNT_lapsed, source, short_of);
    }
}

/* Both, once the year is over. The window on the budget is the sharper one, where it stays open to the year's end. */
static outlay_err set_year(struct outlay_tallies *tallies, const struct outlay_book *book,
                           const struct outlay_exact_book *answer)
{
    const int32_t last = book->n_days - 1;
    const bool is_open = book->budget_window.last_day == last && !book->rules->is_unlimited;
    struct outlay_cdf year = {0}, budget = {0};
    outlay_err err = outlay_window_cdf(&book->year_window, last, &year);
    if (err == OUTLAY_OK && is_open) {
        err = outlay_window_cdf(&book->budget_window, last, &budget);
    }
    if (err == OUTLAY_OK) {
        const double p_within = 1.0 - answer->p_exhausted.value;
        const struct outlay_figure_source asked = {&year, book->money, p_within};
        const struct outlay_figure_source covered = {is_open ? &budget : &year, book->money, p_within};
        set_asked(tallies, book, &asked);
        set_covered(tallies, book, answer->is_paid_at_once, &covered);
    }
    outlay_cdf_free(&year);
    outlay_cdf_free(&budget);
    return err;
}

/* What is the same in every replicate. */
static void set_constants(struct outlay_tallies *tallies, const struct outlay_book *book)
{
    static const enum outlay_account never[] = {OUTLAY_ACCOUNT_waiting, OUTLAY_ACCOUNT_returned,
                                                OUTLAY_ACCOUNT_received, OUTLAY_ACCOUNT_given,
                                                OUTLAY_ACCOUNT_carried_in};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        set_constant(tallies, book, never[i], 0.0);
    }
    set_constant(tallies, book, OUTLAY_ACCOUNT_lowest_factor, 1.0);
    set_constant(tallies, book, OUTLAY_ACCOUNT_topped_up, book->rules->topped_up[book->first_day]);
    if (!book->rules->is_unlimited) {
        set_constant(tallies, book, OUTLAY_ACCOUNT_appropriation, book->rules->released[book->first_day]);
    }
}

/* The means, which are known better than the distributions' grids give them. */
static void set_means(struct outlay_tallies *tallies, const struct outlay_book *book,
                      const struct outlay_exact_book *answer)
{
    const struct {
        enum outlay_account account;
        double mean;
    } known[] = {
        {OUTLAY_ACCOUNT_demand, answer->demand.value},
        {OUTLAY_ACCOUNT_committed, answer->committed.value},
        {OUTLAY_ACCOUNT_outlay, answer->committed.value},
        {OUTLAY_ACCOUNT_unmet, answer->demand.value - answer->committed.value},
        {OUTLAY_ACCOUNT_lapsed, book->money - answer->committed.value},
    };
    outlay_figure_of(tallies, OUTLAY_ACCOUNT_demand, book->programme, book->year).moments->sd =
        sqrt(outlay_demand_moments_of(&book->demand, book->n_days - 1, book->demand.awards).variance);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct outlay_moments *moments =
            outlay_figure_of(tallies, known[i].account, book->programme, book->year).moments;
        if (!isnan(moments->mean) && isfinite(known[i].mean)) {
            moments->mean = known[i].mean;
        }
    }
}

/* Mean and standard deviation of what is known class by class. */
static void set_classes(struct outlay_tallies *tallies, const struct outlay_book *book)
{
    const size_t n_books = (size_t)tallies->n_programmes * (size_t)tallies->n_years;
    const size_t i_book = index_of(tallies, book);
    const size_t n_classes = (size_t)tallies->n_classes;
    struct outlay_moments *applications =
        &tallies->class_moments[(OUTLAY_ACCOUNT_applications * n_books + i_book) * n_classes];
    struct outlay_moments *demand = &tallies->class_moments[(OUTLAY_ACCOUNT_demand * n_books + i_book) * n_classes];
    double mean = 0.0, variance = 0.0;
    for (size_t c = 0; c < n_classes; c++) {
        outlay_figures_set_moments(&applications[c], 0.0, 0.0);
        outlay_figures_set_moments(&demand[c], 0.0, 0.0);
    }
    for (int i = 0; i < book->demand.n_lines; i++) {
        const struct outlay_line *line = &book->demand.lines[i];
        const struct outlay_demand_moments number = outlay_line_applications(line);
        const struct outlay_demand_moments asked =
            outlay_line_moments(line, book->n_days - 1, book->demand.awards + (size_t)i * OUTLAY_N_SIZES);
        outlay_figures_set_moments(&applications[line->class_], number.mean, sqrt(number.variance));
        outlay_figures_set_moments(&demand[line->class_], asked.mean, sqrt(fmax(0.0, asked.variance)));
        mean += number.mean;
        variance += number.variance;
    }
    outlay_figures_set_moments(
        outlay_figure_of(tallies, OUTLAY_ACCOUNT_applications, book->programme, book->year).moments, mean,
        sqrt(variance));
}

/* ---- day by day -------------------------------------------------------------------------------------------------- */

static void set_exhaustion_days(struct outlay_tallies *tallies, const struct outlay_book *book)
{
    uint64_t *on = tallies->exhausted_on + (size_t)book->programme * (size_t)tallies->n_days + (size_t)book->first_day;
    uint64_t before = 0;
    for (int32_t day = 0; day < book->n_days; day++) {
        const uint64_t by = (uint64_t)rint(book->by[day].value * (double)OUTLAY_EXACT_PATHS);
        on[day] = by - before;
        before = by;
    }
    const double p = book->by[book->n_days - 1].value;
    outlay_figures_set_moments(&tallies->exhausted_moments[index_of(tallies, book)], p, sqrt(p * (1.0 - p)));
}

/* What is committed by the end of a day, and, where it is paid at once, what is paid. */
static void set_day(struct outlay_tallies *tallies, const struct outlay_book *book, bool is_paid, int32_t day,
                    const struct outlay_cdf *cdf)
{
    const int32_t at = book->first_day + day;
    const struct outlay_figure committed = outlay_figure_on(tallies, OUTLAY_SERIES_COMMITMENT, book->programme, at);
    const struct outlay_figure paid = outlay_figure_on(tallies, OUTLAY_SERIES_OUTLAY, book->programme, at);
    if (cdf != NULL) {
        const struct outlay_figure_source source = {cdf, book->money, 1.0 - book->by[day].value};
        outlay_figures_set(committed.moments, committed.histogram, &source, up_to);
    } else {
        outlay_figures_set_constant(committed.moments, committed.histogram, book->money);
    }
    if (is_paid) {
        *paid.moments = *committed.moments;
        *paid.histogram = *committed.histogram; /* its bins are the tallies' */
    }
}

static outlay_err set_days(struct outlay_tallies *tallies, const struct outlay_book *book,
                           struct outlay_exact_book *answer)
{
    const struct outlay_window *window = &book->budget_window;
    const int n = window->n_frequencies < N_DAY_FREQUENCIES ? window->n_frequencies : N_DAY_FREQUENCIES;
    struct outlay_inverse inverse;
    outlay_err err = outlay_inverse_init(&inverse, &window->spectrum, n, window->lost);
    for (int32_t day = 0; day <= window->last_day && err == OUTLAY_OK; day++) {
        struct outlay_cdf cdf;
        outlay_inverse_turn_to(&inverse, day);
        err = outlay_inverse_cdf(&inverse, &cdf);
        if (err == OUTLAY_OK) {
            set_day(tallies, book, answer->is_paid_at_once, day, &cdf);
            outlay_cdf_free(&cdf);
        }
    }
    outlay_inverse_free(&inverse);
    for (int32_t day = window->last_day + 1; day < book->n_days && err == OUTLAY_OK; day++) {
        set_day(tallies, book, answer->is_paid_at_once, day, NULL);
    }
    return err;
}

/* ---- the answer -------------------------------------------------------------------------------------------------- */

static outlay_err answer_book(struct outlay_exact *self, struct outlay_book *book)
{
    struct outlay_exact_book *answer = &self->books[book->programme * self->n_years + book->year];
    outlay_err err = outlay_book_init(book);
    if (err == OUTLAY_OK) {
        err = outlay_book_answer(book, answer);
    }
    if (err == OUTLAY_OK) {
        err = set_year(self->tallies, book, answer);
    }
    if (err == OUTLAY_OK) {
        err = set_days(self->tallies, book, answer);
    }
    if (err == OUTLAY_OK) {
        set_constants(self->tallies, book);
        set_means(self->tallies, book, answer);
        set_classes(self->tallies, book);
        set_exhaustion_days(self->tallies, book);
        self->p_error = fmax(self->p_error, outlay_widest(book->by, book->n_days));
        self->money_error = fmax(self->money_error, 0.5 * (answer->demand.high - answer->demand.low));
        self->money_error = fmax(self->money_error, 0.5 * (answer->committed.high - answer->committed.low));
    }
    return err;
}

static outlay_err answer_all(struct outlay_exact *self, const struct outlay_plan *plan,
                             const struct outlay_exact_options *options)
{
    outlay_err err = OUTLAY_OK;
    for (int i = 0; i < self->n_programmes * self->n_years && err == OUTLAY_OK; i++) {
        const int programme = i / self->n_years, year = i % self->n_years;
        const int32_t first_day = plan->year_first_day[year];
        struct outlay_book book = {
            .plan = plan,
            .rules = &plan->programmes[programme],
            .options = options,
            .programme = programme,
            .year = year,
            .first_day = first_day,
            .n_days = plan->year_first_day[year + 1] - first_day,
        };
        self->books[i].p_exhausted_by = calloc((size_t)book.n_days, sizeof *book.by);
        book.by = self->books[i].p_exhausted_by;
        err = book.by == NULL ? OUTLAY_ERR_NO_MEMORY : answer_book(self, &book);
        outlay_book_free(&book);
    }
    return err;
}

outlay_err outlay_exact_new(struct outlay_exact **self, const struct outlay_scenario *scenario,
                            const struct outlay_exact_options *options, struct outlay_diag *diag)
{
    struct outlay_plan *plan = NULL;
    *self = NULL;
    if (scenario->n_uncertain > 0) {
        return outlay_reach_check(scenario, NULL, diag);
    }
    outlay_err err = outlay_plan_new(&plan, scenario, scenario->simulation.seed, NULL, NULL, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    err = outlay_reach_check(scenario, plan, diag);
    if (err != OUTLAY_OK) {
        goto out;
    }
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        err = outlay_diag_no_memory(diag);
        goto out;
    }
    **self = (struct outlay_exact){.n_programmes = plan->n_programmes, .n_years = plan->n_years};
    (*self)->books = calloc((size_t)plan->n_programmes * (size_t)plan->n_years, sizeof *(*self)->books);
    (*self)->tallies = outlay_figures_new(plan);
    err = (*self)->books == NULL || (*self)->tallies == NULL ? OUTLAY_ERR_NO_MEMORY : answer_all(*self, plan, options);
    if (err != OUTLAY_OK) {
        outlay_diag_error(diag, err, NULL, "the exact answer cannot be worked out: %s", outlay_err_text(err));
        outlay_exact_free(*self);
        *self = NULL;
    }
out:
    outlay_plan_free(plan);
    return err;
}

void outlay_exact_free(struct outlay_exact *self)
{
    if (self == NULL) {
        return;
    }
    for (int i = 0; self->books != NULL && i < self->n_programmes * self->n_years; i++) {
        free(self->books[i].p_exhausted_by);
    }
    free(self->books);
    outlay_tallies_free(self->tallies);
    free(self);
}
