/* counts.c: Poisson and negative-binomial numbers by inversion, as members of Panjer's (a, b, 0) class. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "base/vector.h"
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

/*
 * exp(x) for -64 <= x <= 0 with a relative error below 1e-14: x = n log 2 + r, and Taylor's polynomial of degree 11 in
 * r. The C library's own cannot be vectorised.
 */
static inline double exp_below_0(double x)
{
    const double shifter = 0x1.8p52; /* a sum with it is rounded to a whole number, which stands in its last bits */
    const union outlay_bits shifted = {.number = x * 0x1.71547652b82fep0 + shifter};
    const double n = shifted.number - shifter;
    const double r = (x - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;
    static const double inverse_factorial[] = {
        1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0,
        1.0 / 120.0,      1.0 / 24.0,      1.0 / 6.0,      0.5,           1.0,          1.0};
    double sum = inverse_factorial[0];
#pragma GCC unroll 11
    for (int i = 1; i <= 11; i++) {
        sum = sum * r + inverse_factorial[i];
    }
    const union outlay_bits power = {.word = (shifted.word + 1023) << 52}; /* 2^n */
    return sum * power.number;
}

/* Terms that are added up for everybody at once; few applicants have more contracts. */
enum { VECTOR_TERMS = 8, PIECE = 256 };

/* The searches of one piece, after VECTOR_TERMS terms: P(K <= count) so far, and its last term. */
struct search {
    double sum[PIECE], p[PIECE];
};

/*
 * Whether the search goes on behind a term of probability p: below LARGE_MEAN, terms that do not matter come behind the
 * mode only. An `and` of comparisons would be branches, which cannot be vectorised.
 */
static inline bool goes_on(double sum, double u, double p)
{
    return sum < (p > NEGLIGIBLE ? u : 0.0);
}

/* For a family of means, a and b / mean and log(p0) / mean are the same; b = slope x mean + offset. */
struct family {
    double a, slope, offset, log_p0;
};

static struct family family_of(double dispersion)
{
    if (dispersion <= NEARLY_POISSON) {
        return (struct family){0.0, 1.0, 0.0, -1.0};
    }
    const double a = (dispersion - 1.0) / dispersion;
    return (struct family){a, a / (dispersion - 1.0), -a, -log(dispersion) / (dispersion - 1.0)};
}

/* A count of VECTOR_TERMS says that the search is not over; large means are not searched for here at all. */
OUTLAY_VECTORISED
static void search_first_terms(const struct family *family, int n, const double *restrict mean,
                               const double *restrict u, struct search *restrict search, uint32_t *restrict count)
{
    static const double inverse[VECTOR_TERMS + 1] = {0.0, 1.0, 0.5, 1.0 / 3.0, 0.25, 0.2, 1.0 / 6.0, 1.0 / 7.0, 0.125};
    const double a = family->a, slope = family->slope, offset = family->offset, log_p0 = family->log_p0;
    for (int i = 0; i < n; i++) {
        search->p[i] = exp_below_0(log_p0 * outlay_lesser(mean[i], LARGE_MEAN));
    }
    for (int i = 0; i < n; i++) { /* a loop of its own: both are long chains, of which a processor overlaps few */
        const double b = slope * outlay_lesser(mean[i], LARGE_MEAN) + offset;
        double p = search->p[i], sum = p;
        uint64_t k = 0;
#pragma GCC unroll 8
        for (int term = 1; term <= VECTOR_TERMS; term++) {
            k += goes_on(sum, u[i], p);
            p *= a + b * inverse[term];
            sum += p;
        }
        count[i] = mean[i] > LARGE_MEAN ? VECTOR_TERMS : (uint32_t)k;
        search->sum[i] = sum;
        search->p[i] = p;
    }
}

static uint32_t search_on(const struct family *family, double mean, double u, double sum, double p)
{
    const double b = family->slope * mean + family->offset;
    uint32_t k = VECTOR_TERMS;
    while (goes_on(sum, u, p)) {
        k++;
        p *= family->a + b / k;
        sum += p;
    }
    return k;
}

void outlay_counts_fill(double dispersion, int n, const double *restrict mean, const double *restrict u,
                        uint32_t *restrict count)
{
    const struct family family = family_of(dispersion);
    for (int first = 0; first < n; first += PIECE) {
        struct search search;
        const int n_piece = n - first < PIECE ? n - first : PIECE;
        search_first_terms(&family, n_piece, mean + first, u + first, &search, count + first);
        for (int i = first; i < first + n_piece; i++) {
            if (count[i] == VECTOR_TERMS) {
                count[i] = mean[i] > LARGE_MEAN
                               ? large_quantile(mean[i], dispersion, u[i])
                               : search_on(&family, mean[i], u[i], search.sum[i - first], search.p[i - first]);
            }
        }
    }
}

uint32_t outlay_count_quantile(double mean, double dispersion, double u)
{
    uint32_t count;
    outlay_counts_fill(dispersion, 1, &mean, &u, &count);
    return count;
}
