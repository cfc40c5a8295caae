/* law_data_make.c: making laws of data: knots (histogram, data file), mixtures, splices of a body and a Pareto tail. */
#include <float.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/law.h"

void outlay_law_data_free(struct outlay_law_data *self)
{
    if (self != NULL) {
        free(self->x);
        free(self->below);
        free(self->above);
        free(self->law);
        free(self->weight);
        free(self);
    }
}

static outlay_err bad(const char **why, const char *reason)
{
    *why = reason;
    return OUTLAY_ERR_BAD_LAW;
}

/* An empty block with room for n knots and n_laws laws. */
static outlay_err make(struct outlay_law_data **self, enum outlay_family family, size_t n, size_t n_laws)
{
    struct outlay_law_data *made = calloc(1, sizeof *made);
    *self = NULL;
    if (made == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    made->family = family;
    made->n = n_laws > 0 ? n_laws : n;
    if (n > 0) {
        made->x = calloc(n, sizeof *made->x);
        made->below = calloc(n, sizeof *made->below);
        made->above = calloc(n, sizeof *made->above);
    }
    if (n_laws > 0) {
        made->law = calloc(n_laws, sizeof *made->law);
        made->weight = calloc(n_laws, sizeof *made->weight);
    }
    if ((n > 0 && (made->x == NULL || made->below == NULL || made->above == NULL)) ||
        (n_laws > 0 && (made->law == NULL || made->weight == NULL))) {
        outlay_law_data_free(made);
        return OUTLAY_ERR_NO_MEMORY;
    }
    *self = made;
    return OUTLAY_OK;
}

static bool same_numbers(const double a[], const double b[], size_t n)
{
    return a == NULL || b == NULL ? a == b : memcmp(a, b, n * sizeof *a) == 0;
}

bool outlay_law_data_same(const struct outlay_law_data *a, const struct outlay_law_data *b)
{
    if (a == b || a == NULL || b == NULL) {
        return a == b;
    }
    if (a->family != b->family || a->n != b->n || a->is_log != b->is_log || a->tail_from != b->tail_from ||
        a->tail_share != b->tail_share || a->alpha != b->alpha || !same_numbers(a->x, b->x, a->n) ||
        !same_numbers(a->below, b->below, a->n) || !same_numbers(a->weight, b->weight, a->n)) {
        return false;
    }
    for (size_t i = 0; a->law != NULL && i < a->n; i++) {
        if (!outlay_law_same_shape(&a->law[i], &b->law[i]) || a->law[i].scale != b->law[i].scale ||
            a->law[i].shift != b->law[i].shift) {
            return false;
        }
    }
    return true;
}

outlay_err outlay_law_data_histogram(struct outlay_law_data **self, size_t n, const double edges[],
                                     const double shares[], bool is_log, const char **why)
{
    size_t first = 0, end = n;
    *self = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(edges[i]) || !isfinite(edges[i + 1]) || !(edges[i] < edges[i + 1])) {
            return bad(why, "the edges must rise");
        }
        if (!(shares[i] >= 0.0 && isfinite(shares[i]))) {
            return bad(why, "no bin may hold less than nothing");
        }
    }
    /* empty bins at the ends are no part of the law */
    for (; first < n && shares[first] == 0.0; first++) {
    }
    for (; end > first && shares[end - 1] == 0.0; end--) {
    }
    if (first == end) {
        return bad(why, "all bins are empty");
    }
    if (is_log && !(edges[first] > 0.0)) {
        return bad(why, "a bin that is uniform in the logarithm has edges above 0");
    }
    const outlay_err err = make(self, OUTLAY_HISTOGRAM, end - first + 1, 0);
    if (err != OUTLAY_OK) {
        return err;
    }
    struct outlay_law_data *made = *self;
    const size_t last = made->n - 1;
    double sum = 0.0;
    made->is_log = is_log;
    for (size_t i = first; i < end; i++) {
        sum += shares[i];
    }
    memcpy(made->x, edges + first, made->n * sizeof *made->x);
    /* from either end, so that both tails keep their relative accuracy */
    for (size_t i = 1; i < last; i++) {
        made->below[i] = made->below[i - 1] + shares[first + i - 1] / sum;
        made->above[last - i] = made->above[last - i + 1] + shares[end - i] / sum;
    }
    made->below[last] = made->above[0] = 1.0;
    return OUTLAY_OK;
}

static int compare_observations(const void *a, const void *b)
{
    const struct outlay_observation *x = a, *y = b;
    return x->x < y->x ? -1 : x->x > y->x ? 1 : x->weight < y->weight ? -1 : x->weight > y->weight;
}

/* Let a knot stand at `position` of all the places from 0 to `last`. */
static void add_knot(struct outlay_law_data *self, double x, double position, double last)
{
    self->x[self->n] = x;
    self->below[self->n] = position / last;
    self->above[self->n] = (last - position) / last;
    self->n++;
}

outlay_err outlay_law_data_sample(struct outlay_law_data **self, size_t n, struct outlay_observation observations[],
                                  const char **why)
{
    double sum = 0.0, least = INFINITY;
    size_t n_values = 0;
    *self = NULL;
    if (n > 0) {
        qsort(observations, n, sizeof *observations, compare_observations);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(observations[i].x) || !(observations[i].weight >= 0.0) || !isfinite(observations[i].weight)) {
            return bad(why, "a value is not finite, or a weight below 0");
        }
        const double weight = observations[i].weight;
        least = weight > 0.0 && weight < least ? weight : least;
        n_values += i == 0 || observations[i].x > observations[i - 1].x ? 1 : 0;
    }
    if (n_values == 0 || !isfinite(least)) {
        return bad(why, n == 0 ? "there are no values" : "all weights are 0");
    }
    for (size_t i = 0; i < n; i++) {
        sum += observations[i].weight / least;
    }
    const outlay_err err = make(self, OUTLAY_CSV, 2 * n_values, 0);
    if (err != OUTLAY_OK) {
        return err;
    }
    /* equal values take the places from `start` to `end - 1`; the first place is 0 */
    const double last = GSL_MAX_DBL(sum - 1.0, DBL_MIN);
    double start = 0.0;
    (*self)->n = 0;
    for (size_t i = 0, next; i < n; i = next) {
        double end = start;
        for (next = i; next < n && observations[next].x == observations[i].x; next++) {
            end += observations[next].weight / least;
        }
        if (end > start) {
            add_knot(*self, observations[i].x, GSL_MIN_DBL(start, last), last);
            if (end - 1.0 > start) {
                add_knot(*self, observations[i].x, GSL_MIN_DBL(end - 1.0, last), last);
            }
            start = end;
        }
    }
    (*self)->below[(*self)->n - 1] = 1.0;
    (*self)->above[(*self)->n - 1] = 0.0;
    return OUTLAY_OK;
}

outlay_err outlay_law_data_mixture(struct outlay_law_data **self, size_t n, const struct outlay_law law[],
                                   const double weight[], const char **why)
{
    double sum = 0.0;
    *self = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!(weight[i] > 0.0 && isfinite(weight[i]))) {
            return bad(why, "every weight must be above 0");
        }
        sum += weight[i];
    }
    if (n == 0) {
        return bad(why, "it has no laws");
    }
    const outlay_err err = make(self, OUTLAY_MIXTURE, 0, n);
    if (err == OUTLAY_OK) {
        for (size_t i = 0; i < n; i++) {
            (*self)->law[i] = law[i];
            (*self)->weight[i] = weight[i] / sum;
        }
    }
    return err;
}

outlay_err outlay_law_data_splice(struct outlay_law_data **self, const struct outlay_law *body, double tail_from,
                                  double tail_share, double alpha, const char **why)
{
    *self = NULL;
    if (!(tail_from > 0.0 && isfinite(tail_from))) {
        return bad(why, "tail_from must be above 0");
    }
    if (!(alpha >= 0.1 && alpha <= 1000.0)) {
        return bad(why, "alpha must lie between 0.1 and 1000");
    }
    if (!(outlay_law_cdf(body, tail_from, false) >= OUTLAY_LAW_MIN_MASS)) {
        return bad(why, "almost nothing of the body lies below tail_from");
    }
    const double share = isnan(tail_share) ? outlay_law_cdf(body, tail_from, true) : tail_share;
    if (!(share > 0.0 && share < 1.0)) {
        return bad(why, isnan(tail_share) ? "nothing of the body lies above tail_from: the tail needs a tail_share"
                                          : "tail_share must lie between 0 and 1");
    }
    const outlay_err err = make(self, OUTLAY_SPLICE, 0, 1);
    if (err == OUTLAY_OK) {
        struct outlay_law *below = &(*self)->law[0];
        *below = *body;
        if (below->family != OUTLAY_CONSTANT) {
            below->upper = GSL_MIN_DBL(below->upper, (tail_from - below->shift) / below->scale);
        }
        (*self)->weight[0] = 1.0 - share;
        (*self)->tail_from = tail_from;
        (*self)->tail_share = share;
        (*self)->alpha = alpha;
    }
    return err;
}
