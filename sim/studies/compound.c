/* compound.c: plan -> lines, and their moments and tails. */
#include "studies/compound.h"

#include <math.h>
#include <stdlib.h>

#include "studies/timing.h"

/*
 * Normal scores beyond this are left out: probability 6e-14. The sum over n and over n / 2 nodes tells its error; the
 * wider the law of sizes, the more nodes it takes.
 */
#define MAX_SCORE 7.5
enum { NODES_PER_SIGMA = 32 };

/* Classes whose awards depend on the size have cells for each node; they must do with fewer. */
enum { CELLS_SHARED_BY = 4 };

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static outlay_err set_sizes(struct outlay_line *line, const struct outlay_plan_class *class,
                            const struct outlay_plan_cell *cell)
{
    const double pi = acos(-1.0);
    line->n_nodes = class->size == NULL ? 1 : NODES_PER_SIGMA;
    while (class->size != NULL && line->n_nodes < NODES_PER_SIGMA * class->size->law.shape[0] &&
           line->n_nodes < OUTLAY_N_SIZES) {
        line->n_nodes *= 2;
    }
    line->has_power = cell->size_power != NULL;
    line->size = calloc((size_t)line->n_nodes, sizeof *line->size);
    line->weight = calloc((size_t)line->n_nodes, sizeof *line->weight);
    line->power = calloc((size_t)line->n_nodes, sizeof *line->power);
    if (line->size == NULL || line->weight == NULL || line->power == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    if (class->size == NULL) {
        line->size[0] = line->weight[0] = line->power[0] = 1.0;
        return OUTLAY_OK;
    }
    /* size^e = factor exp(spread z): both are in the law of each table */
    const struct outlay_law *size = &class->size->law, *power = line->has_power ? &cell->size_power->law : NULL;
    for (int j = 0; j < line->n_nodes; j++) {
        const double score = MAX_SCORE * (2.0 * j / line->n_nodes - 1.0);
        line->weight[j] = 2.0 * MAX_SCORE / line->n_nodes * exp(-0.5 * score * score) / sqrt(2.0 * pi);
        line->size[j] = size->scale * exp(size->shape[0] * score);
        line->power[j] = power == NULL ? 1.0 : power->scale * exp(power->shape[0] * score);
    }
    return OUTLAY_OK;
}

static outlay_err line_init(struct outlay_line *line, const struct outlay_plan *plan, int programme, int i_class,
                            int year, size_t n_cells)
{
    const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[i_class];
    *line = (struct outlay_line){
        .class_ = i_class,
        .n = plan->classes[i_class].n_applicants[year],
        .q = fmin(1.0, cell->take_up[year]),
        .m = cell->per_year,
        .dispersion = cell->dispersion,
        .n_days = plan->year_first_day[year + 1] - plan->year_first_day[year],
    };
    line->by = calloc((size_t)line->n_days, sizeof *line->by);
    if (line->by == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    outlay_timing_by_day(plan, programme, i_class, year, line->by);
    outlay_err err = set_sizes(line, &plan->classes[i_class], cell);
    if (err == OUTLAY_OK) {
        err = outlay_award_law_init(&line->law, cell, line->has_power ? n_cells / CELLS_SHARED_BY : n_cells);
    }
    return err;
}

static void line_free(struct outlay_line *line)
{
    free(line->by);
    free(line->size);
    free(line->weight);
    free(line->power);
    outlay_award_law_free(&line->law);
}

outlay_err outlay_demand_init(struct outlay_demand *self, const struct outlay_plan *plan, int programme, int year,
                              size_t n_cells)
{
    outlay_err err = OUTLAY_OK;
    double lattice = 0.0;
    bool is_lattice = true;
    *self = (struct outlay_demand){.lines = calloc((size_t)plan->n_classes, sizeof *self->lines)};
    if (self->lines == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int c = 0; c < plan->n_classes && err == OUTLAY_OK; c++) {
        const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[c];
        if (plan->classes[c].n_applicants[year] > 0 && cell->per_year > 0.0 && cell->take_up[year] > 0.0 &&
            cell->arrivals[year].n_days > 0) {
            struct outlay_line *line = &self->lines[self->n_lines++];
            err = line_init(line, plan, programme, c, year, n_cells);
            is_lattice = is_lattice && err == OUTLAY_OK && outlay_award_divide(&line->law, &lattice);
        }
    }
    self->lattice = is_lattice ? fmax(1.0, lattice) : 1.0;
    if (err == OUTLAY_OK) {
        self->awards = outlay_demand_awards(self, INFINITY);
        err = self->awards == NULL ? OUTLAY_ERR_NO_MEMORY : OUTLAY_OK;
    }
    if (err != OUTLAY_OK) {
        outlay_demand_free(self);
    }
    return err;
}

void outlay_demand_free(struct outlay_demand *self)
{
    for (int i = 0; i < self->n_lines; i++) {
        line_free(&self->lines[i]);
    }
    free(self->lines);
    free(self->awards);
    *self = (struct outlay_demand){0};
}

bool outlay_demand_is_quiet(const struct outlay_demand *self, int32_t before, int32_t day)
{
    for (int i = 0; i < self->n_lines; i++) {
        if (self->lines[i].by[day] != self->lines[i].by[before]) {
            return false;
        }
    }
    return true;
}

/* ---- moments ----------------------------------------------------------------------------------------------------- */

/*
 * A participant of size s has demand of mean M = m s w a and of second moment m s w (b - a^2) + V a^2 + M^2, with a, b
 * the award's first two moments and V = D m s w^2 + m s w (1 - w) the variance of its contracts so far.
 */
static struct outlay_demand_moments moments_of(const struct outlay_line *line, double w,
                                               const struct outlay_award_moments awards[])
{
    double first = 0.0, second = 0.0, error = 0.0;
    for (int j = 0; j < line->n_nodes; j++) {
        const struct outlay_award_moments *award = &awards[line->has_power ? j : 0];
        const double contracts = line->m * line->size[j];
        const double mean = contracts * w * award->mean;
        const double variance = line->dispersion * contracts * w * w + contracts * w * (1.0 - w);
        const double p = line->q * line->weight[j];
        first += p * mean;
        second += p * (contracts * w * (award->square - award->mean * award->mean) +
                       variance * award->mean * award->mean + mean * mean);
        error += p * contracts * w * award->mean_error;
    }
    return (struct outlay_demand_moments){line->n * first, line->n * error, line->n * (second - first * first)};
}

struct outlay_demand_moments outlay_line_moments(const struct outlay_line *line, int32_t day,
                                                 const struct outlay_award_moments awards[])
{
    return moments_of(line, line->by[day], awards);
}

struct outlay_award_moments *outlay_demand_awards(const struct outlay_demand *self, double ceiling)
{
    struct outlay_award_moments *awards = calloc((size_t)self->n_lines * OUTLAY_N_SIZES + 1, sizeof *awards);
    for (int i = 0; awards != NULL && i < self->n_lines; i++) {
        const struct outlay_line *line = &self->lines[i];
        for (int j = 0; j < (line->has_power ? line->n_nodes : 1); j++) {
            awards[i * OUTLAY_N_SIZES + j] = outlay_award_moments_of(&line->law, line->power[j], ceiling);
        }
    }
    return awards;
}

struct outlay_demand_moments outlay_line_applications(const struct outlay_line *line)
{
    struct outlay_award_moments one[OUTLAY_N_SIZES];
    for (int j = 0; j < line->n_nodes; j++) {
        one[j] = (struct outlay_award_moments){1.0, 1.0, 0.0};
    }
    return moments_of(line, 1.0, one);
}

struct outlay_demand_moments outlay_demand_moments_of(const struct outlay_demand *self, int32_t day,
                                                      const struct outlay_award_moments awards[])
{
    struct outlay_demand_moments sum = {0.0, 0.0, 0.0};
    for (int i = 0; i < self->n_lines; i++) {
        const struct outlay_demand_moments one =
            outlay_line_moments(&self->lines[i], day, awards + (size_t)i * OUTLAY_N_SIZES);
        sum.mean += one.mean;
        sum.mean_error += one.mean_error;
        sum.variance += one.variance;
    }
    sum.variance = fmax(0.0, sum.variance);
    return sum;
}

/* ---- tails ------------------------------------------------------------------------------------------------------- */

/* Awards rounded up to 2^(i / 64), so that all laws have the same few values. */
enum { PER_OCTAVE = 64, N_OCTAVES = 55, N_LEVELS = PER_OCTAVE * N_OCTAVES };

static void set_generating(const struct outlay_tails *self, const struct outlay_award_law *law, double power,
                           double ceiling, double mass[N_LEVELS], double generating[OUTLAY_N_EXPONENTS])
{
    for (int i = 0; i < N_LEVELS; i++) {
        mass[i] = 0.0;
    }
    for (size_t i = 0; i < law->n; i++) {
        const double high = outlay_award_range_of(law, i, power, ceiling).high;
        if (high > 0.0) {
            mass[(int)fmax(0.0, fmin(ceil(PER_OCTAVE * log2(high)), N_LEVELS - 1))] += law->mass[i];
        }
    }
    for (int e = 0; e < OUTLAY_N_EXPONENTS; e++) {
        generating[e] = 0.0;
        for (int i = 0; i < N_LEVELS; i++) {
            if (mass[i] > 0.0) {
                generating[e] += mass[i] * expm1(self->exponent[e] * exp2((double)i / PER_OCTAVE));
            }
        }
    }
}

outlay_err outlay_tails_init(struct outlay_tails *self, const struct outlay_demand *demand,
                             struct outlay_tails_limits limits)
{
    const size_t n = (size_t)demand->n_lines * OUTLAY_N_SIZES * OUTLAY_N_EXPONENTS;
    *self = (struct outlay_tails){
        .demand = demand, .hidden = limits.hidden, .generating = calloc(n + 1, sizeof *self->generating)};
    double *mass = calloc(N_LEVELS, sizeof *mass);
    if (self->generating == NULL || mass == NULL) {
        free(mass);
        outlay_tails_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int e = 0; e < OUTLAY_N_EXPONENTS; e++) {
        self->exponent[e] = exp2(0.5 * e - 4.0) / fmax(1.0, limits.sd);
    }
    for (int i = 0; i < demand->n_lines; i++) {
        const struct outlay_line *line = &demand->lines[i];
        for (int j = 0; j < (line->has_power ? line->n_nodes : 1); j++) {
            set_generating(self, &line->law, line->power[j], limits.ceiling, mass,
                           self->generating + (size_t)(i * OUTLAY_N_SIZES + j) * OUTLAY_N_EXPONENTS);
        }
    }
    free(mass);
    return OUTLAY_OK;
}

void outlay_tails_free(struct outlay_tails *self)
{
    free(self->generating);
    *self = (struct outlay_tails){0};
}

/* Nodes up to the size above which there is an applicant with its line's part of the hidden probability. */
static int n_nodes_in_sight(const struct outlay_tails *self, const struct outlay_line *line)
{
    double left = self->hidden / self->demand->n_lines;
    int n = line->n_nodes;
    while (n > 1 && left >= line->n * line->q * line->weight[n - 1]) {
        left -= line->n * line->q * line->weight[--n];
    }
    return n;
}

/* ln E exp(exponent S(day)), from above. */
static double log_generating(const struct outlay_tails *self, int e, int32_t day)
{
    double sum = 0.0;
    for (int i = 0; i < self->demand->n_lines; i++) {
        const struct outlay_line *line = &self->demand->lines[i];
        const int n_nodes = n_nodes_in_sight(self, line);
        double mean = 0.0;
        for (int j = 0; j < n_nodes; j++) {
            const int node = line->has_power ? j : 0;
            const double g =
                line->by[day] * self->generating[(size_t)(i * OUTLAY_N_SIZES + node) * OUTLAY_N_EXPONENTS + (size_t)e];
            const double d = line->dispersion - 1.0;
            const double l = !(d > OUTLAY_NEARLY_POISSON) ? line->m * g
                             : d * g < 1.0                ? -line->m / d * log1p(-d * g)
                                                          : INFINITY;
            mean += line->weight[j] * expm1(line->size[j] * l);
        }
        sum += line->n * log1p(line->q * mean);
    }
    return sum;
}

double outlay_tails_above(const struct outlay_tails *self, int32_t day, double x)
{
    double least = 0.0;
    for (int e = 0; e < OUTLAY_N_EXPONENTS; e++) {
        least = fmin(least, log_generating(self, e, day) - self->exponent[e] * x);
    }
    return fmin(1.0, exp(least) + self->hidden);
}

double outlay_tails_quantile(const struct outlay_tails *self, int32_t day, double p)
{
    double least = INFINITY;
    for (int e = 0; e < OUTLAY_N_EXPONENTS; e++) {
        least = fmin(least, (log_generating(self, e, day) - log(p)) / self->exponent[e]);
    }
    return least;
}
