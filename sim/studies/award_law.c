/* award_law.c: contract law -> cells -> grid. */
#include "studies/award_law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"

/* ---- the award ---- */

double outlay_award_of(const struct outlay_plan_cell *cell, double value)
{
    double contract = fmin(value, OUTLAY_CONTRACT_MAX_FEN);
    if (cell->has_response) {
        contract = contract < cell->kink ? fmin(floor(contract * cell->response), cell->kink) : contract;
        contract = contract >= cell->notch && contract < cell->minimum_contract ? cell->minimum_contract : contract;
    }
    double rate = cell->rate, fixed = cell->fixed, cap = cell->cap;
    if (cell->n_bands > 0) {
        int b = 0;
        while (b < cell->n_bands && contract > cell->bands[b].up_to) {
            b++;
        }
        rate = b < cell->n_bands ? cell->bands[b].rate : 0.0;
        cap = b < cell->n_bands ? cell->bands[b].cap : 0.0;
        fixed = 0.0;
    }
    if (contract < cell->minimum_contract) {
        return 0.0;
    }
    const double award = fmin(floor(rate * contract) + fixed, cap);
    return award - floor(cell->co_funding * award);
}

static void include(struct outlay_award_range *range, double award)
{
    range->low = fmin(range->low, award);
    range->high = fmax(range->high, award);
}

/* Awards grow with the contract, except where a band ends. */
static struct outlay_award_range range_between(const struct outlay_plan_cell *cell, double from, double to)
{
    const double first = outlay_award_of(cell, from);
    struct outlay_award_range range = {first, first};
    include(&range, outlay_award_of(cell, to));
    for (int b = 0; b < cell->n_bands; b++) {
        const double edge = floor(cell->bands[b].up_to);
        if (edge >= from && edge < to) {
            include(&range, outlay_award_of(cell, edge));
            include(&range, outlay_award_of(cell, edge + 1.0));
        }
    }
    return range;
}

/* ---- cells ---- */

/* P(contract of size 1 < x). */
static double p_below(const struct outlay_draw_law *law, double x)
{
    if (law->table == NULL) {
        return x > law->shift ? 1.0 : 0.0;
    }
    return outlay_law_cdf(&law->table->law, nextafter((x - law->shift) / law->scale, -INFINITY), false);
}

/* Cells from which the number of cells at a smaller tolerance can be told. */
enum { ENOUGH_TO_TELL = 4096 };

/* A cell [from, to) that may still have to be cut. */
struct piece {
    double from, to, p_from, p_to;
};

/* What there is to know before a law is cut. */
struct cutter {
    const struct outlay_plan_cell *cell;
    double first, end; /* of all values */
    double tolerance;  /* for probability x spread of awards */
};

static double spread_of(const struct cutter *cutter, const struct piece *piece)
{
    if (cutter->cell->size_power != NULL) {
        return piece->to - piece->from; /* awards depend on the size; contracts are what they come from */
    }
    const struct outlay_award_range range = range_between(cutter->cell, piece->from, piece->to - 1.0);
    return range.high - range.low;
}

/*
 * Cut [first, end) until each cell's probability times its spread is within the tolerance; write the cells if `self`
 * has room for them. Returns their number.
 */
static size_t cut(const struct cutter *cutter, struct outlay_award_law *self)
{
    struct piece stack[64]; /* halving 2^53 whole numbers */
    size_t depth = 1, n = 0;
    stack[0] = (struct piece){cutter->first, cutter->end, 0.0, 1.0};
    while (depth > 0) {
        const struct piece piece = stack[--depth];
        const double mass = piece.p_to - piece.p_from;
        if (piece.to - piece.from > 1.0 && mass * spread_of(cutter, &piece) > cutter->tolerance) {
            const double middle = floor(0.5 * (piece.from + piece.to));
            const double p = p_below(&cutter->cell->contract, middle);
            stack[depth++] = (struct piece){middle, piece.to, p, piece.p_to};
            stack[depth++] = (struct piece){piece.from, middle, piece.p_from, p};
            continue;
        }
        if (self != NULL) {
            self->x[n] = piece.from;
            self->x[n + 1] = piece.to;
            self->mass[n] = fmax(0.0, mass);
        }
        n++;
    }
    return n;
}

/* The values that a contract of size 1 can take, as whole fen. */
static void support(const struct outlay_draw_law *law, double *first, double *end)
{
    double least = 0.0, most = 0.0;
    if (law->table != NULL) {
        outlay_law_support(&law->table->law, &least, &most);
    }
    least = law->shift + law->scale * least;
    most = law->shift + law->scale * most;
    *first = floor(fmax(0.0, fmin(least, OUTLAY_CONTRACT_MAX_FEN)));
    *end = floor(fmax(*first, fmin(most, OUTLAY_CONTRACT_MAX_FEN))) + 1.0;
}

outlay_err outlay_award_law_init(struct outlay_award_law *self, const struct outlay_plan_cell *cell, size_t n_cells)
{
    struct cutter cutter = {.cell = cell};
    *self = (struct outlay_award_law){.cell = cell};
    support(&cell->contract, &cutter.first, &cutter.end);
    const struct piece all = {cutter.first, cutter.end, 0.0, 1.0};
    cutter.tolerance = spread_of(&cutter, &all);
    /* a tolerance a quarter as large makes about twice as many cells; with few single values there is no need of them
     */
    size_t n = 0;
    do {
        cutter.tolerance *= 0.25;
        n = cut(&cutter, NULL);
    } while (n < ENOUGH_TO_TELL && cutter.tolerance > 1e-12);
    cutter.tolerance *= (double)n / (double)n_cells * ((double)n / (double)n_cells);
    self->n = cut(&cutter, NULL);
    self->x = calloc(self->n + 1, sizeof *self->x);
    self->mass = calloc(self->n, sizeof *self->mass);
    const bool is_fixed = cell->size_power == NULL;
    struct outlay_award_range *range = is_fixed ? calloc(self->n, sizeof *range) : NULL;
    if (self->x == NULL || self->mass == NULL || (is_fixed && range == NULL)) {
        free(range);
        outlay_award_law_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    (void)cut(&cutter, self);
    for (size_t i = 0; i < self->n && is_fixed; i++) {
        range[i] = outlay_award_range_of(self, i, 1.0, INFINITY);
    }
    self->range = range;
    return OUTLAY_OK;
}

void outlay_award_law_free(struct outlay_award_law *self)
{
    free(self->x);
    free(self->mass);
    free(self->range);
    *self = (struct outlay_award_law){0};
}

/* ---- what is made from the cells ---- */

struct outlay_award_range outlay_award_range_of(const struct outlay_award_law *self, size_t i, double power,
                                                double ceiling)
{
    struct outlay_award_range range;
    if (self->range != NULL) {
        range = self->range[i];
    } else {
        /* the last value of a cell is a fen below the next cell's first, or, times a power, just below it */
        const double last = self->cell->size_power == NULL ? self->x[i + 1] - 1.0 : self->x[i + 1] * power;
        range = range_between(self->cell, floor(self->x[i] * power), floor(last));
    }
    range.low = fmin(range.low, ceiling);
    range.high = fmin(range.high, ceiling);
    return range;
}

struct outlay_award_moments outlay_award_moments_of(const struct outlay_award_law *self, double power, double ceiling)
{
    struct outlay_award_moments moments = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < self->n; i++) {
        const struct outlay_award_range range = outlay_award_range_of(self, i, power, ceiling);
        const double middle = 0.5 * (range.low + range.high);
        moments.mean += self->mass[i] * middle;
        moments.square += self->mass[i] * middle * middle;
        moments.mean_error += self->mass[i] * 0.5 * (range.high - range.low);
    }
    return moments;
}

static double greatest_common_divisor(double a, double b)
{
    while (b > 0.0) {
        const double rest = fmod(a, b);
        a = b;
        b = rest;
    }
    return a;
}

bool outlay_award_divide(const struct outlay_award_law *self, double *divisor)
{
    if (self->cell->size_power != NULL) {
        return false;
    }
    for (size_t i = 0; i < self->n; i++) {
        const struct outlay_award_range range = outlay_award_range_of(self, i, 1.0, INFINITY);
        if (self->mass[i] > 0.0 && range.low != range.high) {
            return false;
        }
        *divisor = self->mass[i] > 0.0 ? greatest_common_divisor(range.high, *divisor) : *divisor;
    }
    return true;
}

struct outlay_award_error outlay_award_spread(const struct outlay_award_law *self, double power, double ceiling,
                                              double h, size_t n_grid, double grid[])
{
    struct outlay_award_error error = {0.0, 0.0};
    memset(grid, 0, n_grid * sizeof *grid);
    for (size_t i = 0; i < self->n; i++) {
        const struct outlay_award_range range = outlay_award_range_of(self, i, power, ceiling);
        const double place = 0.5 * (range.low + range.high) / h;
        const double fraction = place - floor(place);
        const size_t k = (size_t)fmod(floor(place), (double)n_grid);
        grid[k] += self->mass[i] * (1.0 - fraction);
        grid[k + 1 < n_grid ? k + 1 : 0] += self->mass[i] * fraction;
        error.first += self->mass[i] * 0.5 * (range.high - range.low);
        error.second += self->mass[i] * fraction * (1.0 - fraction) * h * h;
    }
    return error;
}
