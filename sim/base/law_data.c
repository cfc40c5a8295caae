/* law_data.c: probabilities and quantiles of laws made of data. */
#include "base/law_data.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_roots.h>
#include <math.h>

/* ---- probabilities ----------------------------------------------------------------------------------------------- */

/* The first of the knots beyond x; n if there is none. */
static size_t knot_after(const struct outlay_law_data *self, double x)
{
    size_t low = 0, high = self->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (self->x[middle] > x) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static double knots_cdf(const struct outlay_law_data *self, double x, bool upper_tail)
{
    const size_t i = knot_after(self, x);
    if (i == 0 || i == self->n) {
        return (i == 0) == upper_tail ? 1.0 : 0.0;
    }
    const double from = self->x[i - 1], to = self->x[i];
    const double part = self->is_log ? log(x / from) / log(to / from) : (x - from) / (to - from);
    return upper_tail ? self->above[i] + (1.0 - part) * (self->above[i - 1] - self->above[i])
                      : self->below[i - 1] + part * (self->below[i] - self->below[i - 1]);
}

static double mixture_cdf(const struct outlay_law_data *self, double x, bool upper_tail)
{
    double sum = 0.0;
    for (size_t i = 0; i < self->n; i++) {
        sum += self->weight[i] * outlay_law_cdf(&self->law[i], x, upper_tail);
    }
    return GSL_MIN_DBL(sum, 1.0);
}

static double splice_cdf(const struct outlay_law_data *self, double x, bool upper_tail)
{
    if (x < self->tail_from) {
        const double part = self->weight[0] * outlay_law_cdf(&self->law[0], x, upper_tail);
        return upper_tail ? part + self->tail_share : part;
    }
    const double ratio = log(self->tail_from / x); /* -INFINITY for an infinite x */
    return upper_tail ? self->tail_share * exp(self->alpha * ratio)
                      : self->weight[0] - self->tail_share * expm1(self->alpha * ratio);
}

double outlay_law_data_cdf(const struct outlay_law_data *self, double x, bool upper_tail)
{
    return self->family == OUTLAY_MIXTURE  ? mixture_cdf(self, x, upper_tail)
           : self->family == OUTLAY_SPLICE ? splice_cdf(self, x, upper_tail)
                                           : knots_cdf(self, x, upper_tail);
}

/* ---- quantiles --------------------------------------------------------------------------------------------------- */

/* The first of the knots whose probability p has been reached; the last if there is none. */
static size_t knot_reaching(const struct outlay_law_data *self, double p, bool upper_tail)
{
    size_t low = 0, high = self->n - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (upper_tail ? self->above[middle] <= p : self->below[middle] >= p) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static double knots_quantile(const struct outlay_law_data *self, double p, bool upper_tail)
{
    const size_t i = knot_reaching(self, p, upper_tail);
    if (i == 0) {
        return self->x[0];
    }
    const double from = self->x[i - 1], to = self->x[i];
    const double part = upper_tail ? (self->above[i - 1] - p) / (self->above[i - 1] - self->above[i])
                                   : (p - self->below[i - 1]) / (self->below[i] - self->below[i - 1]);
    const double bounded = GSL_MIN_DBL(part, 1.0);
    if (bounded == 1.0) {
        return to;
    }
    return self->is_log ? from * exp(bounded * log(to / from)) : from + bounded * (to - from);
}

static double splice_quantile(const struct outlay_law_data *self, double p, bool upper_tail)
{
    const double share = self->tail_share;
    if (upper_tail ? p <= share : p > self->weight[0]) {
        const double q = upper_tail ? p : 1.0 - p;
        return self->tail_from * exp(-log(q / share) / self->alpha);
    }
    const double within = upper_tail ? (p - share) / self->weight[0] : p / self->weight[0];
    return outlay_law_quantile(&self->law[0], GSL_MIN_DBL(within, 1.0 - 0.5 * DBL_EPSILON), upper_tail);
}

/* A mixture's tail probability against p, in y = ln x where all candidates are above 0. */
struct search {
    const struct outlay_law_data *data;
    double p;
    bool upper_tail, in_logarithm;
};

static double miss(double y, void *context)
{
    const struct search *self = context;
    const double reached = mixture_cdf(self->data, self->in_logarithm ? exp(y) : y, self->upper_tail);
    const double distance = log(GSL_MAX_DBL(reached, DBL_MIN) / self->p);
    return self->upper_tail ? -distance : distance; /* rises with y */
}

/* The root between low and high, where `miss` is not positive and positive; or an end where they do not enclose one. */
static double find_root(struct search *search, double low, double high)
{
    gsl_function function = {miss, search};
    gsl_root_fsolver *solver = NULL;
    double root = high;
    if (!(low < high) || miss(low, search) >= 0.0) {
        return low;
    }
    if (miss(high, search) <= 0.0) {
        return high;
    }
    solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL || gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS) {
        root = NAN; /* out of memory: whoever tabulates reports it */
        goto out;
    }
    for (int i = 0; i < 200; i++) {
        if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS) {
            break;
        }
        low = gsl_root_fsolver_x_lower(solver);
        high = gsl_root_fsolver_x_upper(solver);
        root = gsl_root_fsolver_root(solver);
        if (high - low <= 1e-14 * GSL_MAX_DBL(search->in_logarithm ? 1.0 : 0.0, fabs(root))) {
            break;
        }
    }
out:
    gsl_root_fsolver_free(solver);
    return root;
}

/* A root this near to a value that stands in the data is that value: 5 million is not 4,999,999.99. */
static double snap(const struct outlay_law_data *self, double x)
{
    double candidates[2] = {NAN, NAN};
    if (self->x != NULL) {
        const size_t i = knot_after(self, x);
        candidates[0] = i > 0 ? self->x[i - 1] : NAN;
        candidates[1] = i < self->n ? self->x[i] : NAN;
    }
    for (int i = 0; i < 2; i++) {
        if (fabs(candidates[i] - x) <= 1e-12 * fabs(x)) {
            return candidates[i];
        }
    }
    for (size_t i = 0; self->law != NULL && i < self->n; i++) {
        const struct outlay_law *law = &self->law[i];
        if (law->family == OUTLAY_CONSTANT && fabs(law->shift - x) <= 1e-12 * fabs(x)) {
            return law->shift;
        }
        x = law->data != NULL ? snap(law->data, x) : x;
    }
    return x;
}

/* It lies between the least and the largest of the components' own quantiles. */
static double mixture_quantile(const struct outlay_law_data *self, double p, bool upper_tail)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < self->n; i++) {
        const double x = outlay_law_quantile(&self->law[i], p, upper_tail);
        low = GSL_MIN_DBL(low, x);
        high = GSL_MAX_DBL(high, x);
    }
    struct search search = {self, p, upper_tail, low > 0.0};
    if (!(low < high)) {
        return low;
    }
    const double root =
        search.in_logarithm ? exp(find_root(&search, log(low), log(high))) : find_root(&search, low, high);
    return snap(self, GSL_MAX_DBL(low, GSL_MIN_DBL(root, high)));
}

double outlay_law_data_quantile(const struct outlay_law_data *self, double p, bool upper_tail)
{
    double min, max;
    if (!(p > 0.0 && p < 1.0)) {
        outlay_law_data_support(self, &min, &max);
        return (p > 0.0) == upper_tail ? min : max;
    }
    return self->family == OUTLAY_MIXTURE  ? mixture_quantile(self, p, upper_tail)
           : self->family == OUTLAY_SPLICE ? splice_quantile(self, p, upper_tail)
                                           : knots_quantile(self, p, upper_tail);
}

void outlay_law_data_support(const struct outlay_law_data *self, double *min, double *max)
{
    if (self->family != OUTLAY_MIXTURE && self->family != OUTLAY_SPLICE) {
        *min = self->x[0];
        *max = self->x[self->n - 1];
        return;
    }
    outlay_law_support(&self->law[0], min, max);
    for (size_t i = 1; i < self->n; i++) {
        double least, most;
        outlay_law_support(&self->law[i], &least, &most);
        *min = GSL_MIN_DBL(*min, least);
        *max = GSL_MAX_DBL(*max, most);
    }
    *max = self->family == OUTLAY_SPLICE ? INFINITY : *max;
}
