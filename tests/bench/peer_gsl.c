/*
 * peer_gsl.c: the two workloads as a good programmer would write them for one purpose: scalar C on GSL.
 *
 * usage: peer_gsl simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]
 *
 * Prints the number of contracts. FILE gets demand, committed (both in fen) and exhaustion day (-1: never) of every
 * replicate, three columns of doubles one after the other. MEDIAN_FACTOR multiplies the contracts: 1, or a bias that
 * the comparison of the programs must see.
 *
 * What makes it fast: taus2 and the ziggurat; the day from a guide table in one step or two; money added up by day,
 * which is all that first come first served needs here; participants drawn as one binomial number; an applicant's
 * contracts put in order only where the cap binds; threads share nothing but the columns.
 */
#define HAVE_INLINE /* for gsl_rng_uniform */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_CLASSES = 4, N_DAYS = 365, N_GUIDE = 4096, NEVER = -1 };

#define MILLION_FEN 1e8
#define BUDGET_FEN 5e11
#define APPLICANT_CAP_FEN (20 * MILLION_FEN)
#define SIZE_SIGMA 0.7

struct class
{
    double per_year;  /* simple: contracts of the class a year */
    unsigned count;   /* population: applicants */
    double take_up;   /* population */
    double each_year; /* population: contracts a year of an applicant of size 1 */
    double median_fen, sigma;
    double rate, cap_fen;
};

static const struct class classes[N_CLASSES] = {
    {1500.0, 1700, 0.6, 1.3, 6 * MILLION_FEN, 1.0, 0.5, 10 * MILLION_FEN},
    {900.0, 900, 0.6, 1.1, 3 * MILLION_FEN, 0.9, 0.6, 6 * MILLION_FEN},
    {300.0, 30, 0.8, 4.0, 4 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN},
    {300.0, 60, 0.8, 3.0, 5 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN},
};

/* The law of the day: its distribution function, and where to begin looking for u: guide[(int)(u N_GUIDE)]. */
struct arrivals {
    double up_to[N_DAYS];
    unsigned short guide[N_GUIDE];
};

struct outcome {
    double demand, committed;
    int exhaustion_day;
    unsigned long contracts;
};

/* What an applicant asks for: an award and its day. */
struct request {
    unsigned day;
    double award;
};

/* A growing list, one a thread: the requests of one applicant. */
struct requests {
    struct request *items;
    size_t capacity;
};

static void arrivals_init(struct arrivals *self)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const double weight[] = {1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.8, 0.9};
    double sum = 0.0;
    for (int month = 0, day = 0; month < 12; month++) {
        for (int i = 0; i < days[month]; i++) {
            sum += weight[month];
            self->up_to[day++] = sum;
        }
    }
    for (int day = 0; day < N_DAYS; day++) {
        self->up_to[day] /= sum;
    }
    self->up_to[N_DAYS - 1] = 1.0;
    for (unsigned i = 0, day = 0; i < N_GUIDE; i++) {
        while (self->up_to[day] <= (double)i / N_GUIDE) {
            day++;
        }
        self->guide[i] = (unsigned short)day;
    }
}

static inline unsigned day_draw(const struct arrivals *arrivals, const gsl_rng *rng)
{
    const double u = gsl_rng_uniform(rng);
    unsigned day = arrivals->guide[(unsigned)(u * N_GUIDE)];
    while (u >= arrivals->up_to[day]) {
        day++;
    }
    return day;
}

static inline double award_draw(const struct class *class, double log_median, const gsl_rng *rng)
{
    const double contract = exp(log_median + class->sigma * gsl_ran_gaussian_ziggurat(rng, 1.0));
    const double share = class->rate * contract;
    return floor(share < class->cap_fen ? share : class->cap_fen);
}

static unsigned long play_simple(const struct arrivals *arrivals, double factor, const gsl_rng *rng, double by_day[])
{
    unsigned long contracts = 0;
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class class = classes[c];
        const double log_median = log(class.median_fen * factor);
        const unsigned n = gsl_ran_poisson(rng, class.per_year);
        for (unsigned i = 0; i < n; i++) {
            const unsigned day = day_draw(arrivals, rng);
            by_day[day] += award_draw(&class, log_median, rng);
        }
        contracts += n;
    }
    return contracts;
}

/* Add one applicant's requests; where they come to more than its cap, in the order of their days. */
static void add_requests(struct request items[], unsigned n, double by_day[])
{
    double sum = 0.0;
    for (unsigned i = 0; i < n; i++) {
        sum += items[i].award;
    }
    if (sum > APPLICANT_CAP_FEN) {
        for (unsigned i = 1; i < n; i++) { /* a handful: insertion sort */
            const struct request item = items[i];
            unsigned k = i;
            for (; k > 0 && items[k - 1].day > item.day; k--) {
                items[k] = items[k - 1];
            }
            items[k] = item;
        }
        double left = APPLICANT_CAP_FEN;
        for (unsigned i = 0; i < n; i++) {
            items[i].award = items[i].award < left ? items[i].award : left;
            left -= items[i].award;
        }
    }
    for (unsigned i = 0; i < n; i++) {
        by_day[items[i].day] += items[i].award;
    }
}

static void reserve(struct requests *requests, size_t n)
{
    if (n > requests->capacity) {
        requests->capacity = 2 * n;
        requests->items = realloc(requests->items, requests->capacity * sizeof *requests->items);
        if (requests->items == NULL) {
            abort();
        }
    }
}

static unsigned long play_population(const struct arrivals *arrivals, double factor, const gsl_rng *rng,
                                     struct requests *requests, double by_day[])
{
    unsigned long contracts = 0;
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class class = classes[c];
        const double log_median = log(class.median_fen * factor);
        const unsigned participants = gsl_ran_binomial(rng, class.take_up, class.count);
        for (unsigned a = 0; a < participants; a++) {
            const double log_size = SIZE_SIGMA * gsl_ran_gaussian_ziggurat(rng, 1.0) - SIZE_SIGMA * SIZE_SIGMA / 2.0;
            const unsigned n = gsl_ran_poisson(rng, class.each_year * exp(log_size));
            reserve(requests, n);
            for (unsigned i = 0; i < n; i++) { /* the square root of the size */
                requests->items[i].day = day_draw(arrivals, rng);
                requests->items[i].award = award_draw(&class, log_median + log_size / 2.0, rng);
            }
            add_requests(requests->items, n, by_day);
            contracts += n;
        }
    }
    return contracts;
}

/* First come first served, the last award in part: the day on which the money asked for first exceeds the budget. */
static struct outcome outcome_of(const double by_day[], unsigned long contracts)
{
    struct outcome outcome = {.exhaustion_day = NEVER, .contracts = contracts};
    for (int day = 0; day < N_DAYS; day++) {
        outcome.demand += by_day[day];
        if (outcome.demand > BUDGET_FEN && outcome.exhaustion_day == NEVER) {
            outcome.exhaustion_day = day;
        }
    }
    outcome.committed = outcome.demand < BUDGET_FEN ? outcome.demand : BUDGET_FEN;
    return outcome;
}

int main(int argc, char **argv)
{
    const bool is_simple = argc > 1 && strcmp(argv[1], "simple") == 0;
    if (argc < 6 || (!is_simple && strcmp(argv[1], "population") != 0)) {
        fputs("usage: peer_gsl simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]\n", stderr);
        return 2;
    }
    const size_t n = strtoull(argv[2], NULL, 10);
    const unsigned long seed = strtoul(argv[4], NULL, 10);
    const double factor = strtod(argv[5], NULL);
    double *columns = malloc(3 * n * sizeof *columns);
    if (columns == NULL) {
        return 1;
    }
    static struct arrivals arrivals;
    arrivals_init(&arrivals);
    unsigned long contracts = 0;
#pragma omp parallel num_threads(atoi(argv[3])) reduction(+ : contracts)
    {
        gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
        gsl_rng_set(rng, seed + 1000003UL * (unsigned long)omp_get_thread_num());
        struct requests requests = {0};
#pragma omp for
        for (size_t i = 0; i < n; i++) {
            double by_day[N_DAYS] = {0.0};
            const struct outcome outcome =
                outcome_of(by_day, is_simple ? play_simple(&arrivals, factor, rng, by_day)
                                             : play_population(&arrivals, factor, rng, &requests, by_day));
            columns[i] = outcome.demand;
            columns[n + i] = outcome.committed;
            columns[2 * n + i] = outcome.exhaustion_day;
            contracts += outcome.contracts;
        }
        free(requests.items);
        gsl_rng_free(rng);
    }
    printf("%lu\n", contracts);
    FILE *file = argc > 6 ? fopen(argv[6], "wb") : NULL;
    const bool is_written = argc == 6 || (file != NULL && fwrite(columns, sizeof *columns, 3 * n, file) == 3 * n);
    const bool is_closed = file == NULL || fclose(file) == 0;
    free(columns);
    return is_written && is_closed ? 0 : 1;
}
