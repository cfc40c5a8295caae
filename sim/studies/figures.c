/* figures.c: probabilities -> tallies. */
#include "studies/figures.h"

#include <math.h>
#include <stdlib.h>

/* Accounts that get a distribution; the others have a mean at most. */
static const enum outlay_account distributed[] = {
    OUTLAY_ACCOUNT_demand, OUTLAY_ACCOUNT_committed, OUTLAY_ACCOUNT_unmet,        OUTLAY_ACCOUNT_outlay,
    OUTLAY_ACCOUNT_lapsed, OUTLAY_ACCOUNT_overdrawn, OUTLAY_ACCOUNT_appropriation};
enum { N_DISTRIBUTED = sizeof distributed / sizeof *distributed };

static struct outlay_moments *unknown_moments(size_t n)
{
    struct outlay_moments *moments = calloc(n > 0 ? n : 1, sizeof *moments);
    for (size_t i = 0; moments != NULL && i < n; i++) {
        moments[i] = (struct outlay_moments){NAN, NAN, NAN, NAN, NAN};
    }
    return moments;
}

static struct outlay_histogram *unknown_histograms(size_t n)
{
    struct outlay_histogram *histograms = calloc(n > 0 ? n : 1, sizeof *histograms);
    for (size_t i = 0; histograms != NULL && i < n; i++) {
        histograms[i] = (struct outlay_histogram){.width = 1.0, .min = NAN, .max = NAN};
    }
    return histograms;
}

/* Hand out the bins of one array. Day by day only commitments have. */
static void give_bins(struct outlay_tallies *self, size_t n_books, size_t n_day)
{
    uint32_t *bins = self->bins;
    for (size_t i = 0; i < N_DISTRIBUTED * n_books; i++, bins += OUTLAY_FIGURE_BINS) {
        struct outlay_histogram *histogram = &self->account_histogram[distributed[i / n_books] * n_books + i % n_books];
        histogram->n_bins = OUTLAY_FIGURE_BINS;
        histogram->count = bins;
    }
    for (size_t i = 0; i < n_day; i++, bins += OUTLAY_FIGURE_DAY_BINS) {
        struct outlay_histogram *histogram = &self->series_histogram[OUTLAY_SERIES_COMMITMENT * n_day + i];
        histogram->n_bins = OUTLAY_FIGURE_DAY_BINS;
        histogram->count = bins;
    }
}

struct outlay_tallies *outlay_figures_new(const struct outlay_plan *plan)
{
    const size_t n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    const size_t n_day = (size_t)plan->n_programmes * (size_t)plan->n_days;
    const size_t n_account = n_books * OUTLAY_N_ACCOUNTS, n_class = n_account * (size_t)plan->n_classes;
    const size_t n_bins = N_DISTRIBUTED * n_books * OUTLAY_FIGURE_BINS + n_day * OUTLAY_FIGURE_DAY_BINS;
    struct outlay_tallies *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    *self = (struct outlay_tallies){
        .n_programmes = plan->n_programmes,
        .n_years = plan->n_years,
        .n_classes = plan->n_classes,
        .n_days = plan->n_days,
        .n_paths = OUTLAY_EXACT_PATHS,
        .n_draws = 1,
        .account_moments = unknown_moments(n_account),
        .account_histogram = unknown_histograms(n_account),
        .class_moments = unknown_moments(n_class),
        .class_histogram = unknown_histograms(n_class),
        .exhausted_moments = unknown_moments(n_books),
        .exhausted_on = calloc(n_day + 1, sizeof *self->exhausted_on),
        .exhausted_by_se = calloc(n_day + 1, sizeof *self->exhausted_by_se),
        .series_moments = unknown_moments(OUTLAY_N_SERIES * n_day),
        .series_histogram = unknown_histograms(OUTLAY_N_SERIES * n_day),
        .bins = calloc(n_bins + 1, sizeof *self->bins),
    };
    if (self->account_moments == NULL || self->account_histogram == NULL || self->class_moments == NULL ||
        self->class_histogram == NULL || self->exhausted_moments == NULL || self->exhausted_on == NULL ||
        self->exhausted_by_se == NULL || self->series_moments == NULL || self->series_histogram == NULL ||
        self->bins == NULL) {
        outlay_tallies_free(self);
        return NULL;
    }
    give_bins(self, n_books, n_day);
    return self;
}

void outlay_figures_set_moments(struct outlay_moments *moments, double mean, double sd)
{
    *moments = (struct outlay_moments){.mean = mean, .sd = sd, .se = 0.0, .sd_between = 0.0};
}

void outlay_figures_set_constant(struct outlay_moments *moments, struct outlay_histogram *histogram, double value)
{
    outlay_figures_set_moments(moments, value, 0.0);
    histogram->min = histogram->max = value;
    histogram->n = histogram->n_min = histogram->n_max = OUTLAY_EXACT_PATHS;
}

/* Part of the demand within (x_(j-1), x_j] that lies on one side of the money, and how often it comes. */
struct portion {
    double s;
    uint64_t n;
};

static uint64_t paths_of(double p)
{
    return (uint64_t)rint(fmax(0.0, fmin(p, 1.0)) * (double)OUTLAY_EXACT_PATHS);
}

/*
 * The portions of interval j, j = 0 ... n_points, of which there may be two: the last one is all that is left. Returns
 * their number. *before counts the paths up to here.
 */
static int portions_of(const struct outlay_figure_source *source, size_t j, uint64_t *before, struct portion of[2])
{
    const struct outlay_cdf *cdf = source->cdf;
    const double to = (double)j * cdf->step, from = j > 0 ? to - cdf->step : 0.0;
    const uint64_t all = j < cdf->n_points ? paths_of(cdf->value[j]) : OUTLAY_EXACT_PATHS;
    int n = 0;
    if (source->money > from && source->money <= to) {
        uint64_t within = paths_of(source->p_within);
        within = within < *before ? *before : within > all ? all : within;
        of[n++] = (struct portion){0.5 * (from + source->money), within - *before};
        *before = within;
        of[n++] = (struct portion){0.5 * (source->money + to), all - *before};
    } else {
        of[n++] = (struct portion){0.5 * (from + to), all - *before};
    }
    *before = all;
    return n;
}

void outlay_figures_set(struct outlay_moments *moments, struct outlay_histogram *histogram,
                        const struct outlay_figure_source *source, double (*function)(double s, double money))
{
    double sum = 0.0, squares = 0.0;
    uint64_t before = 0;
    for (size_t j = 0; j <= source->cdf->n_points; j++) {
        struct portion of[2];
        const int n = portions_of(source, j, &before, of);
        for (int i = 0; i < n; i++) {
            const double value = function(of[i].s, source->money);
            const double p = (double)of[i].n / (double)OUTLAY_EXACT_PATHS;
            sum += p * value;
            squares += p * value * value;
            if (of[i].n > 0) {
                outlay_histogram_add(histogram, value, (uint32_t)of[i].n);
            }
        }
    }
    outlay_figures_set_moments(moments, sum, sqrt(fmax(0.0, squares - sum * sum)));
}

struct outlay_figure outlay_figure_of(struct outlay_tallies *tallies, enum outlay_account account, int programme,
                                      int year)
{
    const size_t n_books = (size_t)tallies->n_programmes * (size_t)tallies->n_years;
    const size_t i = account * n_books + (size_t)programme * (size_t)tallies->n_years + (size_t)year;
    return (struct outlay_figure){&tallies->account_moments[i], &tallies->account_histogram[i]};
}

struct outlay_figure outlay_figure_on(struct outlay_tallies *tallies, enum outlay_series series, int programme,
                                      int32_t day)
{
    const size_t n_day = (size_t)tallies->n_programmes * (size_t)tallies->n_days;
    const size_t i = series * n_day + (size_t)programme * (size_t)tallies->n_days + (size_t)day;
    return (struct outlay_figure){&tallies->series_moments[i], &tallies->series_histogram[i]};
}
