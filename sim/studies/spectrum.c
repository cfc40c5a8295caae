/* spectrum.c: the characteristic function of demand at equally spaced frequencies. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "studies/compound.h"

/* Points of the awards' grid for each point of a grid that the frequencies could tell apart. */
enum { FINER = 4 };

/* Of a line: as many transforms of the awards as there are different laws of them. */
static int n_transforms(const struct outlay_line *line)
{
    return line->has_power ? line->n_nodes : 1;
}

/* exp(-2 pi i k b / n) */
static double complex turn(size_t k, size_t b, size_t n)
{
    const double angle = -2.0 * acos(-1.0) * (double)k * (double)b / (double)n;
    return cos(angle) + I * sin(angle);
}

/*
 * z_k = 1 - sum over j of grid[j] exp(-2 pi i k j / n_grid), k = 0 ... n_frequencies: the first few frequencies of a
 * long transform, as FINER short ones over every FINER-th point, each turned into its place. Two real ones are made at
 * once, as real and imaginary part.
 */
static outlay_err transform(const double grid[], int n_frequencies, double *work, double complex z[])
{
    const size_t n = 2 * (size_t)n_frequencies;
    for (int k = 0; k <= n_frequencies; k++) {
        z[k] = 1.0;
    }
    for (size_t b = 0; b < FINER; b += 2) {
        for (size_t a = 0; a < n; a++) {
            work[2 * a] = grid[a * FINER + b];
            work[2 * a + 1] = grid[a * FINER + b + 1];
        }
        if (gsl_fft_complex_radix2_forward(work, 1, n) != GSL_SUCCESS) {
            return OUTLAY_ERR_LIBRARY;
        }
        for (size_t k = 0; k <= (size_t)n_frequencies; k++) {
            const size_t mirror = k > 0 ? n - k : 0;
            const double re = work[2 * k], im = work[2 * k + 1];
            const double re_across = work[2 * mirror], im_across = -work[2 * mirror + 1];
            const double complex even = 0.5 * (re + re_across) + 0.5 * I * (im + im_across);
            const double complex odd = 0.5 * (im - im_across) - 0.5 * I * (re - re_across);
            z[k] -= even * turn(k, b, n * FINER) + odd * turn(k, b + 1, n * FINER);
        }
    }
    return OUTLAY_OK;
}

static outlay_err transform_line(struct outlay_spectrum *self, int i_line, double *grid, double *work)
{
    const struct outlay_line *line = &self->demand->lines[i_line];
    const size_t n_grid = 2 * (size_t)self->n_frequencies * FINER, n_values = (size_t)self->n_frequencies + 1;
    const int n = n_transforms(line);
    outlay_err err = OUTLAY_OK;
    self->z[i_line] = calloc((size_t)n * n_values, sizeof **self->z);
    self->error[i_line] = calloc((size_t)n, sizeof **self->error);
    if (self->z[i_line] == NULL || self->error[i_line] == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int j = 0; j < n && err == OUTLAY_OK; j++) {
        self->error[i_line][j] =
            outlay_award_spread(&line->law, line->power[j], self->ceiling, self->period / (double)n_grid, n_grid, grid);
        err = transform(grid, self->n_frequencies, work, self->z[i_line] + (size_t)j * n_values);
    }
    return err;
}

outlay_err outlay_spectrum_init(struct outlay_spectrum *self, const struct outlay_demand *demand, double period,
                                double ceiling, int n_frequencies)
{
    const size_t n = 2 * (size_t)n_frequencies, n_lines = (size_t)demand->n_lines;
    *self = (struct outlay_spectrum){
        .demand = demand, .period = period, .ceiling = ceiling, .n_frequencies = n_frequencies};
    self->z = calloc(n_lines + 1, sizeof *self->z);
    self->error = calloc(n_lines + 1, sizeof *self->error);
    double *grid = calloc(n * FINER, sizeof *grid), *work = calloc(2 * n, sizeof *work);
    outlay_err err =
        self->z == NULL || self->error == NULL || grid == NULL || work == NULL ? OUTLAY_ERR_NO_MEMORY : OUTLAY_OK;
    for (int i = 0; i < demand->n_lines && err == OUTLAY_OK; i++) {
        err = transform_line(self, i, grid, work);
    }
    free(grid);
    free(work);
    if (err != OUTLAY_OK) {
        outlay_spectrum_free(self);
    }
    return err;
}

void outlay_spectrum_free(struct outlay_spectrum *self)
{
    for (int i = 0; self->z != NULL && self->error != NULL && i < self->demand->n_lines; i++) {
        free(self->z[i]);
        free(self->error[i]);
    }
    free(self->z);
    free(self->error);
    *self = (struct outlay_spectrum){0};
}

/* Logarithms of products over lines: the transform, what bounds it, and the same with half of the nodes. */
struct product {
    double complex value, half;
    bool has_sizes; /* else the two are the same */
    double above;   /* modulus of the value plus its error */
    double bound;
};

/* ln(1 + x), Re x >= -1; accurate for small x, where clog(1 + x) is not. */
static double complex log_of_one_and(double complex x)
{
    const double a = creal(x), b = cimag(x);
    return 0.5 * log1p(fmax(-1.0, 2.0 * a + a * a + b * b)) + I * atan2(b, 1.0 + a);
}

/* l of compound.h for a participant of size 1. */
static double complex exponent_of(const struct outlay_line *line, double w, double complex z)
{
    const double d = line->dispersion - 1.0;
    return d > OUTLAY_NEARLY_POISSON ? -line->m / d * log_of_one_and(d * w * z) : -line->m * w * z;
}

/*
 * The modulus of exp(s l) is at most 1, and less than exp(s error) away from its own by a factor: both l are -m w times
 * means of numbers of modulus at most 1, or grow less than that.
 */
static void multiply(struct product *product, const struct outlay_spectrum *self, int i_line, int k, double w)
{
    const struct outlay_line *line = &self->demand->lines[i_line];
    const size_t n_values = (size_t)self->n_frequencies + 1;
    const double omega = 2.0 * acos(-1.0) * k / self->period;
    double complex sum = 0.0, half = 0.0, l = 0.0;
    double moduli = 0.0, error = 0.0, slack = 0.0;
    for (int j = 0; j < line->n_nodes; j++) {
        if (j == 0 || line->has_power) {
            const struct outlay_award_error *award = &self->error[i_line][j];
            l = exponent_of(line, w, self->z[i_line][(size_t)j * n_values + (size_t)k]);
            slack = line->m * w * (omega * award->first + 0.5 * omega * omega * award->second);
        }
        const double s = line->size[j];
        if (line->n_nodes == 1 && line->q == 1.0) { /* no sum: stay with the logarithm, which cannot underflow */
            product->value += line->n * l;
            product->half += line->n * l;
            product->above += line->n * fmin(0.0, creal(l) + slack);
            product->bound += line->n * fmin(0.0, creal(l) + slack);
            return;
        }
        const double modulus = line->weight[j] * exp(s * creal(l));
        const double complex term = modulus * (cos(s * cimag(l)) + I * sin(s * cimag(l)));
        const double most = line->weight[j] * exp(fmin(0.0, s * (creal(l) + slack)));
        sum += term;
        half += j % 2 == 0 ? 2.0 * term : 0.0;
        moduli += most;
        error += fmax(0.0, most - modulus);
    }
    const double complex log_one = log_of_one_and(line->q * (sum - 1.0));
    product->value += line->n * log_one;
    product->half += line->n_nodes == 1 ? line->n * log_one : line->n * log_of_one_and(line->q * (half - 1.0));
    product->has_sizes = product->has_sizes || line->n_nodes > 1;
    product->above += line->n * fmin(0.0, log(exp(creal(log_one)) + line->q * error));
    product->bound += line->n * fmin(0.0, log1p(line->q * (moduli - 1.0)));
}

struct outlay_spectrum_value outlay_spectrum_at(const struct outlay_spectrum *self, int k, int32_t day)
{
    struct product product = {.value = 0.0};
    for (int i = 0; i < self->demand->n_lines; i++) {
        multiply(&product, self, i, k, self->demand->lines[i].by[day]);
    }
    const double modulus = exp(creal(product.value)), angle = cimag(product.value);
    const double complex value = modulus * (cos(angle) + I * sin(angle));
    const double from_sizes = product.has_sizes ? cabs(value - cexp(product.half)) : 0.0;
    return (struct outlay_spectrum_value){
        .value = value,
        .error = fmax(0.0, exp(product.above) - modulus) + from_sizes,
        .bound = exp(product.bound),
    };
}
