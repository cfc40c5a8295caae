/* size.c: how many draws and replicates are sensible where nobody says. */
#include "outlay/engine.h"

#include <string.h>

/* What a path costs, roughly, in looks at an applicant: a contract as much as two, a day as one and a half. */
#define DAY_COST 1.5

static double path_cost(const struct outlay_scenario *scenario)
{
    double cost = 500.0 + DAY_COST * scenario->n_programmes * scenario->n_days;
    for (int p = 0; p < scenario->n_programmes; p++) {
        for (int c = 0; c < scenario->n_classes; c++) {
            const struct outlay_terms *terms = &scenario->programmes[p].terms[c];
            const double contracts =
                terms->applications.per_year.value > 0.0 ? terms->applications.per_year.value : 0.0;
            const double each = 1.0 + 2.0 * terms->applications.take_up.value * contracts;
            cost += scenario->n_years * scenario->classes[c].count.value * each;
        }
    }
    return cost;
}

/* Work of about a second on two cores, in the unit of path_cost; and what is never gone beyond or below. */
#define DEFAULT_WORK 4.8e7
#define PRECISION_FACTOR 100u /* more, where a precision says when to stop */
enum { DEFAULT_DRAWS = 800, DEFAULT_REPLICATES = 8, DEFAULT_PATHS = 10000, LEAST_PATHS = 160 };

struct outlay_run_options outlay_run_options_for(const struct outlay_scenario *scenario)
{
    const bool is_uncertain = scenario->n_uncertain > 0;
    const double affordable = DEFAULT_WORK / path_cost(scenario);
    const double most = is_uncertain ? DEFAULT_DRAWS * DEFAULT_REPLICATES : DEFAULT_PATHS;
    const double paths = affordable < LEAST_PATHS ? LEAST_PATHS : affordable > most ? most : affordable;
    const char *precision = scenario->simulation.precision;
    const uint32_t factor = precision != NULL && strcmp(precision, "none") != 0 ? PRECISION_FACTOR : 1;
    const uint32_t n_draws = is_uncertain ? factor * (uint32_t)(paths / DEFAULT_REPLICATES) : 1;
    const uint32_t n_replicates = is_uncertain ? DEFAULT_REPLICATES : factor * (uint32_t)paths;
    return (struct outlay_run_options){
        .seed = scenario->simulation.seed,
        .n_draws = scenario->simulation.draws > 0 ? (uint32_t)scenario->simulation.draws : n_draws,
        .n_replicates = scenario->simulation.replicates > 0 ? (uint32_t)scenario->simulation.replicates : n_replicates,
    };
}
