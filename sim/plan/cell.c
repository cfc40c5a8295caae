/* cell.c: one class in one programme. */
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

/*
 * A rate is written in decimals and held in binary, so 29 % of 100 fen may come out just below 29. Products within
 * 2^-50 of a whole fen count as that whole fen: then every rate of up to four decimals rounds down as on paper.
 */
#define DECIMAL_GUARD (1.0 + 0x1p-50)

static void set_rules(struct outlay_plan_cell *cell, const struct outlay_terms *terms, const double values[])
{
    cell->rate = outlay_number_in(&terms->award.rate, values) * DECIMAL_GUARD;
    cell->cap = outlay_number_in(&terms->award.cap, values);
    cell->minimum_contract = outlay_number_in(&terms->award.minimum_contract, values);
    cell->applicant_cap = outlay_number_in(&terms->award.applicant_cap, values);
    cell->take_up = outlay_number_in(&terms->applications.take_up, values);
    cell->per_year = outlay_number_in(&terms->applications.per_year, values);
    cell->dispersion = outlay_number_in(&terms->applications.dispersion, values);
    cell->approved = outlay_number_in(&terms->review.approved, values);
}

static outlay_err set_laws(struct outlay_plan_cell *cell, struct outlay_plan *plan, const struct outlay_plan *like,
                           const struct outlay_terms *terms, double sigma, const double values[],
                           struct outlay_diag *diag)
{
    outlay_err err = outlay_plan_law(&cell->contract, plan, like, &terms->applications.contract, values, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    err = outlay_plan_law(&cell->review, plan, like, &terms->review.working_days, values, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    cell->has_review = cell->approved < 1.0 || cell->review.table != NULL || cell->review.shift > 0.0;
    return outlay_plan_size_table(&cell->size_power, plan, like, sigma,
                                  outlay_number_in(&terms->applications.size_exponent, values));
}

outlay_err outlay_cell_init(struct outlay_plan_cell *cell, struct outlay_plan *plan, const struct outlay_plan *like,
                            const struct outlay_scenario *scenario, const struct outlay_programme *programme,
                            int i_class, const double values[], struct outlay_diag *diag)
{
    const struct outlay_terms *terms = &programme->terms[i_class];
    const double sigma = outlay_number_in(&scenario->classes[i_class].size_sigma, values);
    set_rules(cell, terms, values);
    outlay_err err = set_laws(cell, plan, like, terms, sigma, values, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    if (plan->classes[i_class].size == NULL) {
        err = outlay_counts_new(&cell->counts, cell->per_year, cell->dispersion);
    }
    cell->arrivals = calloc((size_t)plan->n_years, sizeof *cell->arrivals);
    if (err != OUTLAY_OK || cell->arrivals == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int year = 0; year < plan->n_years && err == OUTLAY_OK; year++) {
        err = outlay_arrivals_init(&cell->arrivals[year], scenario, terms, values, year);
    }
    return err;
}

void outlay_cell_free(struct outlay_plan_cell *cell, int n_years)
{
    for (int year = 0; cell->arrivals != NULL && year < n_years; year++) {
        outlay_arrivals_free(&cell->arrivals[year]);
    }
    free(cell->arrivals);
    outlay_counts_free(cell->counts);
    *cell = (struct outlay_plan_cell){0};
}
