/* tally.c: what a run knows about all of its paths. */
#include "tally.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void outlay_sums_add(struct outlay_sums *self, double n, double origin, double sum, double squares)
{
    if (!self->has_origin) {
        self->origin = origin;
        self->has_origin = true;
    }
    const double shift = origin - self->origin;
    self->sum += sum + n * shift;
    self->squares += squares + 2.0 * shift * sum + n * shift * shift;
    self->draw_sum += sum + n * shift;
}

void outlay_sums_end_draw(struct outlay_sums *self, double n, uint32_t scramble)
{
    const double mean = self->draw_sum / n;
    self->of_means += mean;
    self->of_mean_squares += mean * mean;
    self->weighted_squares += n * mean * mean;
    if (self->of_scrambles != NULL) {
        self->of_scrambles[scramble] += mean;
    }
    self->draw_sum = 0.0;
}

static double sd_of(double sum, double squares, double n)
{
    return n > 1.0 ? sqrt(fmax(0.0, (squares - sum * sum / n) / (n - 1.0))) : (double)NAN;
}

/*
 * Standard error of the mean over n draws, from the sums over those of each scrambling: these are a cluster sample. The
 * scramblings have equal numbers of draws, or differ by one. Wider by t / z: see engine.h.
 */
static double scrambled_se(const double sums[], double n_draws)
{
    const uint32_t r = n_draws < OUTLAY_N_SCRAMBLES ? (uint32_t)n_draws : OUTLAY_N_SCRAMBLES;
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < r; i++) {
        sum += sums[i];
    }
    for (uint32_t i = 0; i < r; i++) {
        const double n = ceil((n_draws - i) / r);
        const double difference = sums[i] - n * (sum / n_draws);
        squares += difference * difference;
    }
    const double widening = gsl_cdf_tdist_Pinv(0.975, r - 1.0) / gsl_cdf_ugaussian_Pinv(0.975);
    return widening * sqrt(squares * r / (r - 1.0)) / n_draws;
}

/*
 * Draws are a sample of what is unknown, replicates of one draw a sample of what is luck: with several draws the
 * draws' means are the independent observations (a cluster sample), and their variance less the mean within-variance
 * over n / n_draws is the part that lies between draws (one-way analysis of variance).
 */
struct outlay_moments outlay_sums_moments(const struct outlay_sums *self, double n, double n_draws)
{
    struct outlay_moments moments = {.mean = self->origin + self->sum / n, .sd = sd_of(self->sum, self->squares, n)};
    if (n_draws < 2.0) {
        moments.se = moments.se_random = moments.sd / sqrt(n);
        return moments;
    }
    const double sd_means = sd_of(self->of_means, self->of_mean_squares, n_draws);
    moments.se_random = sd_means / sqrt(n_draws);
    moments.se = self->of_scrambles == NULL ? moments.se_random : scrambled_se(self->of_scrambles, n_draws);
    if (n <= n_draws) {
        moments.sd_between = NAN; /* one replicate a draw: the two cannot be told apart */
        return moments;
    }
    const double within = fmax(0.0, self->squares - self->weighted_squares) / (n - n_draws);
    moments.sd_between = sqrt(fmax(0.0, sd_means * sd_means - within * n_draws / n));
    return moments;
}

static void *new_cells(size_t n, size_t size)
{
    return calloc(n > 0 ? n : 1, size);
}

static outlay_err new_result(struct outlay_tally_work *self)
{
    struct outlay_tallies *result = calloc(1, sizeof *result);
    self->result = result;
    if (result == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    result->account_moments = new_cells(self->n_account, sizeof *result->account_moments);
    result->account_histogram = new_cells(self->n_account, sizeof *result->account_histogram);
    result->class_moments = new_cells(self->n_class, sizeof *result->class_moments);
    result->class_histogram = new_cells(self->n_class, sizeof *result->class_histogram);
    result->exhausted_moments = new_cells(self->n_books, sizeof *result->exhausted_moments);
    result->exhausted_on = new_cells(self->n_day, sizeof *result->exhausted_on);
    result->exhausted_by_se = new_cells(self->n_day, sizeof *result->exhausted_by_se);
    result->series_moments = new_cells(self->n_series, sizeof *result->series_moments);
    result->series_histogram = new_cells(self->n_series, sizeof *result->series_histogram);
    const bool is_complete =
        result->account_moments != NULL && result->account_histogram != NULL && result->class_moments != NULL &&
        result->class_histogram != NULL && result->exhausted_moments != NULL && result->exhausted_on != NULL &&
        result->exhausted_by_se != NULL && result->series_moments != NULL && result->series_histogram != NULL;
    return is_complete ? OUTLAY_OK : OUTLAY_ERR_NO_MEMORY;
}

/* All bins stand in one array that the result owns. */
static outlay_err new_histograms(struct outlay_tally_work *self)
{
    const size_t n_bins =
        self->n_account * OUTLAY_BINS_ACCOUNT + self->n_class * OUTLAY_BINS_CLASS + self->n_series * OUTLAY_BINS_DAY;
    uint32_t *bins = new_cells(n_bins, sizeof *bins);
    self->result->bins = bins;
    if (bins == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < self->n_account; i++, bins += OUTLAY_BINS_ACCOUNT) {
        outlay_histogram_init(&self->result->account_histogram[i], OUTLAY_BINS_ACCOUNT, bins);
        if (outlay_accounts[i / self->n_books].unit == OUTLAY_UNIT_SHARE) {
            self->result->account_histogram[i].width = 1.0 / OUTLAY_BINS_ACCOUNT;
        }
    }
    for (size_t i = 0; i < self->n_class; i++, bins += OUTLAY_BINS_CLASS) {
        outlay_histogram_init(&self->result->class_histogram[i], OUTLAY_BINS_CLASS, bins);
    }
    for (size_t i = 0; i < self->n_series; i++, bins += OUTLAY_BINS_DAY) {
        outlay_histogram_init(&self->result->series_histogram[i], OUTLAY_BINS_DAY, bins);
        self->result->series_histogram[i].width = outlay_series_width(i / self->n_day);
    }
    return OUTLAY_OK;
}

/* Room for the sums over the draws of each scrambling. */
static outlay_err new_scrambles(struct outlay_tally_work *self)
{
    struct outlay_sums *const sums[] = {self->account, self->class_account, self->exhausted, self->series};
    const size_t n_sums[] = {self->n_account, self->n_class, self->n_books, self->n_series};
    const size_t n = self->n_account + self->n_class + self->n_books + self->n_series;
    self->of_scrambles = new_cells(n * OUTLAY_N_SCRAMBLES, sizeof *self->of_scrambles);
    self->by_scrambles = new_cells(self->n_day * OUTLAY_N_SCRAMBLES, sizeof *self->by_scrambles);
    if (self->of_scrambles == NULL || self->by_scrambles == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    double *next = self->of_scrambles;
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
        for (size_t i = 0; i < n_sums[k]; i++, next += OUTLAY_N_SCRAMBLES) {
            sums[k][i].of_scrambles = next;
        }
    }
    return OUTLAY_OK;
}

outlay_err outlay_tally_work_init(struct outlay_tally_work *self, const struct outlay_plan *plan,
                                  enum outlay_design design)
{
    *self = (struct outlay_tally_work){.year_first_day = plan->year_first_day};
    self->n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    self->n_account = self->n_books * OUTLAY_N_ACCOUNTS;
    self->n_class = self->n_account * (size_t)plan->n_classes;
    self->n_day = (size_t)plan->n_programmes * (size_t)plan->n_days;
    self->n_series = self->n_day * OUTLAY_N_SERIES;
    self->account = new_cells(self->n_account, sizeof *self->account);
    self->class_account = new_cells(self->n_class, sizeof *self->class_account);
    self->exhausted = new_cells(self->n_books, sizeof *self->exhausted);
    self->series = new_cells(self->n_series, sizeof *self->series);
    self->draw_exhausted_on = new_cells(self->n_day, sizeof *self->draw_exhausted_on);
    self->by_squares = new_cells(self->n_day, sizeof *self->by_squares);
    outlay_err err = self->account != NULL && self->class_account != NULL && self->exhausted != NULL &&
                             self->series != NULL && self->draw_exhausted_on != NULL && self->by_squares != NULL
                         ? new_result(self)
                         : OUTLAY_ERR_NO_MEMORY;
    if (err == OUTLAY_OK) {
        err = new_histograms(self);
    }
    if (err == OUTLAY_OK && design == OUTLAY_DESIGN_SOBOL) {
        err = new_scrambles(self);
    }
    if (err != OUTLAY_OK) {
        outlay_tally_work_free(self);
        return err;
    }
    self->result->n_programmes = plan->n_programmes;
    self->result->n_years = plan->n_years;
    self->result->n_classes = plan->n_classes;
    self->result->n_days = plan->n_days;
    return OUTLAY_OK;
}

void outlay_tally_work_free(struct outlay_tally_work *self)
{
    free(self->account);
    free(self->class_account);
    free(self->exhausted);
    free(self->series);
    free(self->draw_exhausted_on);
    free(self->by_squares);
    free(self->by_scrambles);
    free(self->of_scrambles);
    outlay_tallies_free(self->result);
    *self = (struct outlay_tally_work){0};
}

void outlay_tallies_free(struct outlay_tallies *self)
{
    if (self == NULL) {
        return;
    }
    free(self->account_moments);
    free(self->account_histogram);
    free(self->class_moments);
    free(self->class_histogram);
    free(self->exhausted_moments);
    free(self->exhausted_on);
    free(self->exhausted_by_se);
    free(self->series_moments);
    free(self->series_histogram);
    free(self->bins);
    free(self);
}

/* Share exhausted by each day of the book's fiscal year, squared and added up over the draws. */
static void end_draw_days(struct outlay_tally_work *self, size_t book, uint32_t draw, double n)
{
    const struct outlay_tallies *result = self->result;
    const size_t n_years = (size_t)result->n_years, first = book / n_years * (size_t)result->n_days;
    uint64_t sum = 0;
    for (int32_t day = self->year_first_day[book % n_years]; day < self->year_first_day[book % n_years + 1]; day++) {
        const size_t i = first + (size_t)day;
        sum += self->draw_exhausted_on[i];
        self->draw_exhausted_on[i] = 0;
        const double share = (double)sum / n;
        self->by_squares[i] += share * share;
        if (self->by_scrambles != NULL) {
            self->by_scrambles[i * OUTLAY_N_SCRAMBLES + draw % OUTLAY_N_SCRAMBLES] += share;
        }
    }
}

/* Columns are the accounts, the accounts by class, and the exhaustion of each book. */
size_t outlay_tally_columns(const struct outlay_tally_work *self)
{
    return self->n_account + self->n_class + self->n_books;
}

/* Column i of `draw`, which had n paths, is complete. */
static void end_draw_column(struct outlay_tally_work *self, size_t i, uint32_t draw, double n)
{
    const uint32_t scramble = draw % OUTLAY_N_SCRAMBLES;
    if (i < self->n_account) {
        outlay_sums_end_draw(&self->account[i], n, scramble);
    } else if (i - self->n_account < self->n_class) {
        outlay_sums_end_draw(&self->class_account[i - self->n_account], n, scramble);
    } else {
        const size_t book = i - self->n_account - self->n_class;
        outlay_sums_end_draw(&self->exhausted[book], n, scramble);
        end_draw_days(self, book, draw, n);
    }
}

static void end_draw_series(struct outlay_tally_work *self)
{
    for (size_t i = 0; i < self->n_series; i++) {
        outlay_sums_end_draw(&self->series[i], (double)self->n_in_draw, self->draw % OUTLAY_N_SCRAMBLES);
    }
    self->n_in_draw = 0;
    self->result->n_draws++;
}

/* The draw at hand is complete. */
static void end_draw(struct outlay_tally_work *self)
{
    for (size_t i = 0; i < outlay_tally_columns(self); i++) {
        end_draw_column(self, i, self->draw, (double)self->n_in_draw);
    }
    end_draw_series(self);
}

void outlay_tally_begin(struct outlay_tally_work *self, uint32_t draw, uint64_t n)
{
    if (draw != self->draw && self->n_in_draw > 0) {
        end_draw_series(self);
    }
    self->draw = draw;
    self->n_in_draw += n;
    self->result->n_paths += n;
}

/* Values that are taken in together. */
enum { TILE = 256 };

/* Values column[k x stride], k = 0 ... n - 1. The two are added to in registers, next to which no thread writes. */
static void add_values(struct outlay_sums *to_sums, struct outlay_histogram *to_histogram, const double column[],
                       size_t stride, size_t n)
{
    struct outlay_sums sums = *to_sums;
    struct outlay_histogram histogram = *to_histogram;
    double tile[TILE];
    for (size_t first = 0; first < n; first += TILE) {
        const size_t n_tile = n - first < TILE ? n - first : TILE;
        for (size_t k = 0; k < n_tile; k++) {
            tile[k] = column[(first + k) * stride];
            outlay_sums_add(&sums, 1.0, tile[k], 0.0, 0.0);
        }
        outlay_histogram_add_all(&histogram, n_tile, tile);
    }
    *to_sums = sums;
    *to_histogram = histogram;
}

/* The same of exhaustion days. */
static void add_exhaustion(struct outlay_tally_work *self, size_t book, const int32_t column[], size_t n)
{
    const size_t first = book / (size_t)self->result->n_years * (size_t)self->result->n_days;
    for (size_t k = 0; k < n; k++) {
        const int32_t day = column[k * self->n_books];
        outlay_sums_add(&self->exhausted[book], 1.0, day != OUTLAY_NEVER, 0.0, 0.0);
        if (day != OUTLAY_NEVER) {
            self->draw_exhausted_on[first + (size_t)day]++;
            self->result->exhausted_on[first + (size_t)day]++;
        }
    }
}

/* Paths [first, first + n) of the batch, all of one draw. */
static void add_column(struct outlay_tally_work *self, const struct outlay_batch *batch, size_t i, size_t first,
                       size_t n)
{
    struct outlay_tallies *result = self->result;
    const size_t n_books = self->n_books, n_cells = n_books * (size_t)result->n_classes;
    if (i < self->n_account) {
        const double *column = batch->account[i / n_books] + first * n_books + i % n_books;
        add_values(&self->account[i], &result->account_histogram[i], column, n_books, n);
    } else if (i - self->n_account < self->n_class) {
        const size_t k = i - self->n_account;
        const double *column = batch->class_account[k / n_cells];
        if (column != NULL) {
            add_values(&self->class_account[k], &result->class_histogram[k], column + first * n_cells + k % n_cells,
                       n_cells, n);
        }
    } else {
        const size_t book = i - self->n_account - self->n_class;
        add_exhaustion(self, book, batch->exhaustion_day + first * n_books + book, n);
    }
}

void outlay_tally_column(struct outlay_tally_work *self, const struct outlay_batch *batch, size_t i)
{
    uint64_t n_in_draw = self->n_in_draw;
    for (uint32_t draw = 0; draw < batch->n_draws; draw++) {
        const bool is_new = draw > 0 || batch->first_draw != self->draw;
        if (is_new && n_in_draw > 0) {
            end_draw_column(self, i, draw > 0 ? batch->first_draw + draw - 1 : self->draw, (double)n_in_draw);
            n_in_draw = 0;
        }
        add_column(self, batch, i, (size_t)draw * batch->n_replicates, batch->n_replicates);
        n_in_draw += batch->n_replicates;
    }
}

void outlay_tally_days(struct outlay_tally_work *self, double n, const double origin[], const double sums[],
                       const double squares[])
{
    for (size_t i = 0; i < self->n_series; i++) {
        outlay_sums_add(&self->series[i], n, origin[i], sums[i], squares[i]);
    }
}

static void finish_moments(struct outlay_moments *moments, const struct outlay_sums *sums, size_t n_sums,
                           const struct outlay_tallies *result)
{
    for (size_t i = 0; i < n_sums; i++) {
        moments[i] = outlay_sums_moments(&sums[i], (double)result->n_paths, result->n_draws);
    }
}

static void finish_exhausted_by(struct outlay_tally_work *self)
{
    struct outlay_tallies *result = self->result;
    for (int p = 0; p < result->n_programmes; p++) {
        for (int year = 0; year < result->n_years; year++) {
            uint64_t sum = 0;
            for (int32_t day = self->year_first_day[year]; day < self->year_first_day[year + 1]; day++) {
                const size_t i = (size_t)p * (size_t)result->n_days + (size_t)day;
                sum += result->exhausted_on[i];
                const double n = (double)result->n_paths, n_draws = result->n_draws;
                const double share = (double)sum / n;
                if (n_draws > 1.0 && self->by_scrambles != NULL) {
                    result->exhausted_by_se[i] = scrambled_se(self->by_scrambles + i * OUTLAY_N_SCRAMBLES, n_draws);
                } else if (n_draws > 1.0) {
                    result->exhausted_by_se[i] = sd_of(share * n_draws, self->by_squares[i], n_draws) / sqrt(n_draws);
                } else {
                    result->exhausted_by_se[i] = sqrt(share * (1.0 - share) / n);
                }
            }
        }
    }
}

/* All but the daily series, which nobody asks for in the middle of a run. */
static void update(struct outlay_tally_work *self)
{
    struct outlay_tallies *result = self->result;
    finish_moments(result->account_moments, self->account, self->n_account, result);
    finish_moments(result->class_moments, self->class_account, self->n_class, result);
    finish_moments(result->exhausted_moments, self->exhausted, self->n_books, result);
    finish_exhausted_by(self);
}

const struct outlay_tallies *outlay_tally_look(struct outlay_tally_work *self, uint32_t n_replicates)
{
    if (self->n_in_draw == n_replicates) {
        end_draw(self);
    }
    update(self);
    return self->result;
}

double outlay_exhaustion_quantile(const struct outlay_tallies *tallies, int programme, const int32_t days[2], double p,
                                  struct outlay_margin margin)
{
    const size_t first = (size_t)programme * (size_t)tallies->n_days;
    uint64_t n = 0;
    for (int32_t day = days[0]; day < days[1] && tallies->n_paths > 0; day++) {
        n += tallies->exhausted_on[first + (size_t)day];
        const double share = (double)n / (double)tallies->n_paths;
        const double width = fmax(fabs(margin.z) * tallies->exhausted_by_se[first + (size_t)day], margin.least);
        if (share + copysign(width, margin.z) >= p) {
            return day;
        }
    }
    return (double)NAN;
}

struct outlay_tallies *outlay_tally_finish(struct outlay_tally_work *self, uint32_t n_replicates)
{
    struct outlay_tallies *result = self->result;
    if (self->n_in_draw > 0 && (self->n_in_draw == n_replicates || result->n_draws == 0)) {
        end_draw(self);
    }
    if (result->n_paths > 0) {
        update(self);
        finish_moments(result->series_moments, self->series, self->n_series, result);
    }
    self->result = NULL;
    return result;
}
