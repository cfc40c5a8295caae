/* inversion.c: finitely many frequencies -> brackets. */
#include "studies/inversion.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <stdlib.h>

/* A frequency whose modulus is below this is left out; what that changes is counted as error. */
#define DEAD 1e-18

/* Powers of exp(i x) are made by multiplication, and afresh every so often. */
enum { REFRESH = 64 };

/* Rounding of sums of a million terms. */
#define ROUNDING 1e-12

outlay_err outlay_inverse_init(struct outlay_inverse *self, const struct outlay_spectrum *spectrum, int n, double lost)
{
    const double pi = acos(-1.0);
    const size_t size = (size_t)n + 1;
    *self = (struct outlay_inverse){.spectrum = spectrum, .n = n, .lost = lost, .day = -1};
    self->sawtooth = calloc(size, sizeof *self->sawtooth);
    self->fejer = calloc(size, sizeof *self->fejer);
    self->value = calloc(size, sizeof *self->value);
    self->is_dead = calloc(size, 1);
    self->work = calloc(4 * size, sizeof *self->work);
    if (self->sawtooth == NULL || self->fejer == NULL || self->value == NULL || self->is_dead == NULL ||
        self->work == NULL) {
        outlay_inverse_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int k = 1; k <= n; k++) {
        const double u = k / (n + 1.0);
        self->sawtooth[k] = (pi * u * (1.0 - u) / tan(pi * u) + u) / (pi * k);
        self->fejer[k] = (1.0 - u) / (n + 1.0);
    }
    return OUTLAY_OK;
}

void outlay_inverse_free(struct outlay_inverse *self)
{
    free(self->sawtooth);
    free(self->fejer);
    free(self->value);
    free(self->is_dead);
    free(self->work);
    *self = (struct outlay_inverse){0};
}

/* The sums at x: Re = sum of fejer_k Re(value_k e), Im = sum of sawtooth_k Im(value_k e), e = exp(2 pi i k x / P). */
static double complex sums_at(const struct outlay_inverse *self, double x)
{
    const double turn = 2.0 * acos(-1.0) * x / self->spectrum->period;
    const double complex step = cos(turn) + I * sin(turn);
    double complex e = 1.0;
    double fejer = 0.0, sawtooth = 0.0;
    for (int k = 1; k <= self->n; k++) {
        e = k % REFRESH == 0 ? cos(k * turn) + I * sin(k * turn) : e * step;
        if (!self->is_dead[k]) {
            const double complex turned = self->value[k] * e;
            fejer += self->fejer[k] * creal(turned);
            sawtooth += self->sawtooth[k] * cimag(turned);
        }
    }
    return fejer + I * sawtooth;
}

void outlay_inverse_turn_to(struct outlay_inverse *self, int32_t day)
{
    const int32_t before = self->day;
    self->day = day;
    if (before >= 0 && outlay_demand_is_quiet(self->spectrum->demand, before, day)) {
        return;
    }
    self->error = self->lost + ROUNDING;
    for (int k = 1; k <= self->n; k++) {
        const double weight = 2.0 * (self->sawtooth[k] + self->fejer[k]);
        if (self->is_dead[k]) {
            self->error += weight * DEAD;
            continue;
        }
        const struct outlay_spectrum_value one = outlay_spectrum_at(self->spectrum, k, day);
        self->is_dead[k] = one.bound < DEAD;
        self->value[k] = self->is_dead[k] ? 0.0 : one.value;
        self->error += weight * (self->is_dead[k] ? DEAD : one.error);
    }
    self->start = sums_at(self, -OUTLAY_FREE_SHARE * self->spectrum->period);
}

/* From the two sums at x to the bracket. */
static struct outlay_bracket bracket(const struct outlay_inverse *self, double x, double complex sums)
{
    const double share = x / self->spectrum->period + OUTLAY_FREE_SHARE;
    if (share >= 1.0) {
        return (struct outlay_bracket){1.0, 1.0 - self->lost, 1.0};
    }
    const double p = share + cimag(sums) - cimag(self->start);
    const double e = fmax(0.0, 1.0 / (self->n + 1.0) + creal(sums) + creal(self->start)) + self->error;
    return (struct outlay_bracket){fmax(0.0, fmin(p, 1.0)), fmax(0.0, fmin(p - e, 1.0)), fmax(0.0, fmin(p + e, 1.0))};
}

struct outlay_bracket outlay_inverse_at(const struct outlay_inverse *self, double x)
{
    return bracket(self, x, sums_at(self, x));
}

/*
 * Both sums at all points in one transform: with A = fejer_k value_k and B = sawtooth_k value_k the coefficients
 * (A + B) / 2 at k and (A - B)* / 2 at -k make Re(sum of A e) + i Im(sum of B e).
 */
static void fill_coefficients(const struct outlay_inverse *self)
{
    const size_t n = 2 * (size_t)self->n;
    for (size_t i = 0; i < 2 * n; i++) {
        self->work[i] = 0.0;
    }
    for (size_t k = 1; k <= (size_t)self->n; k++) {
        const double complex value = self->value[k];
        const double sum = 0.5 * (self->fejer[k] + self->sawtooth[k]);
        const double difference = 0.5 * (self->fejer[k] - self->sawtooth[k]);
        self->work[2 * k] += sum * creal(value);
        self->work[2 * k + 1] += sum * cimag(value);
        self->work[2 * (n - k)] += difference * creal(value);
        self->work[2 * (n - k) + 1] -= difference * cimag(value);
    }
}

outlay_err outlay_inverse_cdf(const struct outlay_inverse *self, struct outlay_cdf *cdf)
{
    const size_t n = 2 * (size_t)self->n;
    *cdf = (struct outlay_cdf){.n_points = n, .step = self->spectrum->period / (double)n, .lost = self->lost};
    cdf->value = calloc(n, sizeof *cdf->value);
    cdf->low = calloc(n, sizeof *cdf->low);
    cdf->high = calloc(n, sizeof *cdf->high);
    if (cdf->value == NULL || cdf->low == NULL || cdf->high == NULL) {
        outlay_cdf_free(cdf);
        return OUTLAY_ERR_NO_MEMORY;
    }
    fill_coefficients(self);
    if (gsl_fft_complex_radix2_backward(self->work, 1, n) != GSL_SUCCESS) {
        outlay_cdf_free(cdf);
        return OUTLAY_ERR_LIBRARY;
    }
    for (size_t j = 0; j < n; j++) {
        const double complex sums = self->work[2 * j] + I * self->work[2 * j + 1];
        const struct outlay_bracket p = bracket(self, (double)j * cdf->step, sums);
        cdf->value[j] = j > 0 ? fmax(p.value, cdf->value[j - 1]) : p.value;
        cdf->low[j] = j > 0 ? fmax(p.low, cdf->low[j - 1]) : p.low;
        cdf->high[j] = p.high;
    }
    for (size_t j = n - 1; j > 0; j--) {
        cdf->high[j - 1] = fmin(cdf->high[j - 1], cdf->high[j]);
    }
    return OUTLAY_OK;
}

void outlay_cdf_free(struct outlay_cdf *self)
{
    free(self->value);
    free(self->low);
    free(self->high);
    *self = (struct outlay_cdf){0};
}

/* Length of (x_(j-1), x_j) within (from, to). */
static double overlap(const struct outlay_cdf *self, size_t j, double from, double to)
{
    return fmax(0.0, fmin((double)j * self->step, to) - fmax((double)(j - 1) * self->step, from));
}

/*
 * x less the integral of P(S <= y) from 0 to x, or E S less the integral of P(S > y) from x on: of the two brackets,
 * both of which hold, what they have in common. Between two points the distribution function lies between its values.
 */
struct outlay_bracket outlay_cdf_limited_mean(const struct outlay_cdf *self, double x,
                                              const struct outlay_demand_moments *moments)
{
    const double top = (double)(self->n_points - 1) * self->step, least = fmin(x, top);
    double below_low = 0.0, below_high = 0.0, above_low = 0.0, above_high = 0.0;
    for (size_t j = 1; j < self->n_points; j++) {
        const double before = overlap(self, j, 0.0, least), after = overlap(self, j, least, top);
        below_low += before * self->low[j - 1];
        below_high += before * self->high[j];
        above_low += after * (1.0 - self->high[j]);
        above_high += after * (1.0 - self->low[j - 1]);
    }
    below_high += x - least;
    below_low += (x - least) * (1.0 - self->lost);
    const double slack = moments->mean_error + self->lost * self->step * (double)self->n_points;
    struct outlay_bracket mean = {0.0, fmax(x - below_high, moments->mean - slack - above_high),
                                  fmin(x - below_low, moments->mean + slack - above_low)};
    if (isinf(x)) {
        mean = (struct outlay_bracket){0.0, moments->mean - moments->mean_error, moments->mean + moments->mean_error};
    }
    mean.low = fmax(0.0, fmin(mean.low, mean.high));
    mean.value = 0.5 * (mean.low + mean.high);
    return mean;
}
