/* counts.c: Poisson and negative-binomial numbers by inversion, as members of Panjer's (a, b, 0) class. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "outlay/random.h"

/* p(k) = p(k-1) (a + b/k). Dispersion D = 1: Poisson, a = 0, b = mean. D > 1: negative binomial with
 * r = mean / (D - 1), a = (D - 1) / D, b = (r - 1) a, so that the variance is D x mean. */
struct panjer {
    double a, b, log_p0;
};

/* A dispersion this near to 1 is Poisson: the negative binomial's parameters would lose all their digits. */
#define NEARLY_POISSON (1.0 + 1e-9)

static struct panjer panjer_of(double mean, double dispersion)
{
    if (dispersion <= NEARLY_POISSON) {
        return (struct panjer){0.0, mean, -mean};
    }
    const double r = mean / (dispersion - 1.0);
    const double a = (dispersion - 1.0) / dispersion;
    return (struct panjer){a, (r - 1.0) * a, -r * log(dispersion)};
}

static double pdf(uint32_t k, double mean, double dispersion)
{
    return dispersion <= NEARLY_POISSON ? gsl_ran_poisson_pdf(k, mean)
                                        : gsl_ran_negative_binomial_pdf(k, 1.0 / dispersion, mean / (dispersion - 1.0));
}

static double cdf(uint32_t k, double mean, double dispersion)
{
    return dispersion <= NEARLY_POISSON ? gsl_cdf_poisson_P(k, mean)
                                        : gsl_cdf_negative_binomial_P(k, 1.0 / dispersion, mean / (dispersion - 1.0));
}

enum { N_GUIDES = 256 };

/* cumulative[i] = P(K <= first + i); guide[g] = the first i with cumulative[i] >= g / N_GUIDES. */
struct outlay_counts {
    uint32_t first;
    uint32_t n;
    uint32_t guide[N_GUIDES];
    double cumulative[];
};

/* Probability below which a term no longer matters to a uniform of 52 bits. */
#define NEGLIGIBLE 1e-18

/* Number of terms above NEGLIGIBLE on one side of the mode, found by walking down the recursion. */
static uint32_t terms_above(struct panjer panjer, uint32_t mode, double p)
{
    uint32_t n = 0;
    for (; p > NEGLIGIBLE; n++) {
        p *= panjer.a + panjer.b / (mode + n + 1.0);
    }
    return n;
}

static uint32_t terms_below(struct panjer panjer, uint32_t mode, double p)
{
    uint32_t n = 0;
    for (; p > NEGLIGIBLE && n < mode; n++) {
        p /= panjer.a + panjer.b / (mode - n);
    }
    return n;
}

static void fill_guide(struct outlay_counts *self)
{
    uint32_t i = 0;
    for (uint32_t g = 0; g < N_GUIDES; g++) {
        while (self->cumulative[i] < (double)g / N_GUIDES) {
            i++;
        }
        self->guide[g] = i;
    }
}

outlay_err outlay_counts_new(struct outlay_counts **self, double mean, double dispersion)
{
    const struct panjer panjer = panjer_of(mean, dispersion);
    /* the terms grow while a + b / k >= 1 */
    const double peak = mean > 0.0 ? floor(panjer.b / (1.0 - panjer.a)) : 0.0;
    const uint32_t mode = peak > 0.0 ? (uint32_t)peak : 0;
    const double p_mode = mean > 0.0 ? pdf(mode, mean, dispersion) : 1.0;
    const uint32_t below = terms_below(panjer, mode, p_mode);
    const uint32_t above = mean > 0.0 ? terms_above(panjer, mode, p_mode) : 0;
    const uint32_t n = below + above + 1;
    *self = calloc(1, sizeof **self + n * sizeof(double));
    if (*self == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    (*self)->first = mode - below;
    (*self)->n = n;
    double *cumulative = (*self)->cumulative;
    cumulative[below] = p_mode;
    for (uint32_t i = below; i > 0; i--) {
        cumulative[i - 1] = cumulative[i] / (panjer.a + panjer.b / (mode - below + i));
    }
    for (uint32_t i = below + 1; i < n; i++) {
        cumulative[i] = cumulative[i - 1] * (panjer.a + panjer.b / (mode - below + i));
    }
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += cumulative[i];
        cumulative[i] = sum;
    }
    for (uint32_t i = 0; i < n; i++) {
        cumulative[i] /= sum;
    }
    cumulative[n - 1] = 1.0;
    fill_guide(*self);
    return OUTLAY_OK;
}

void outlay_counts_free(struct outlay_counts *self)
{
    free(self);
}

uint32_t outlay_counts_at(const struct outlay_counts *self, double u)
{
    uint32_t i = self->guide[(uint32_t)(u * N_GUIDES)];
    while (self->cumulative[i] < u) {
        i++;
    }
    return self->first + i;
}

/* Above this mean a walk from 0 would be longer than the start from a normal approximation. */
#define LARGE_MEAN 40.0

/* No applicant has more contracts than this; a size from the far tail of a wide law could ask for more. */
#define MOST 4e9

/*
 * Cornish and Fisher's second term, then whole steps along the exact distribution function. For negative binomials of
 * a mean beyond some 10^5 GSL's incomplete beta function gives up (NaN): no step is made then, and the expansion
 * stands, which is good to a thousandth of the probability there.
 */
static uint32_t large_quantile(double mean, double dispersion, double u)
{
    const double z = gsl_cdf_ugaussian_Pinv(u);
    const double guess = mean + z * sqrt(mean * dispersion) + (2.0 * dispersion - 1.0) * (z * z - 1.0) / 6.0;
    if (guess >= MOST) {
        return (uint32_t)MOST;
    }
    uint32_t k = guess > 0.0 ? (uint32_t)(guess + 0.5) : 0;
    while (k > 0 && cdf(k - 1, mean, dispersion) >= u) {
        k--;
    }
    while (cdf(k, mean, dispersion) < u) {
        k++;
    }
    return k;
}

uint32_t outlay_count_quantile(double mean, double dispersion, double u)
{
    if (mean > LARGE_MEAN) {
        return large_quantile(mean, dispersion, u);
    }
    const struct panjer panjer = panjer_of(mean, dispersion);
    double p = exp(panjer.log_p0);
    double sum = p;
    uint32_t k = 0;
    while (sum < u && (p > NEGLIGIBLE || k < mean)) {
        k++;
        p *= panjer.a + panjer.b / k;
        sum += p;
    }
    return k;
}
