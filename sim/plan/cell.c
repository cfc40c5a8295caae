/* cell.c: one class in one programme. */
#include <math.h>

#include "plan_parts.h"

/* 0 where a number is not given (NAN). */
static double or_zero(double value)
{
    return isnan(value) ? 0.0 : value;
}

static void set_award(struct outlay_plan_cell *cell, const struct outlay_terms *terms, const double values[])
{
    cell->rate = outlay_decimal(or_zero(outlay_number_in(&terms->award.rate, values)));
    cell->fixed = or_zero(outlay_number_in(&terms->award.fixed, values));
    cell->cap = outlay_number_in(&terms->award.cap, values);
    cell->minimum_contract = outlay_number_in(&terms->award.minimum_contract, values);
    cell->applicant_cap = outlay_number_in(&terms->award.applicant_cap, values);
    cell->eligible = outlay_number_in(&terms->award.eligible, values);
    cell->co_funding = outlay_decimal(outlay_number_in(&terms->award.co_funding, values));
    cell->capital_drawn = outlay_decimal(outlay_number_in(&terms->award.capital_drawn, values));
    cell->stacks_with = terms->award.stacks_with;
    cell->stack_limit = outlay_decimal(outlay_number_in(&terms->award.stack_limit, values));
    cell->young_below = or_zero(outlay_number_in(&terms->award.young.below, values));
    cell->young = (struct outlay_plan_band){
        .up_to = INFINITY,
        .rate = outlay_decimal(or_zero(outlay_number_in(&terms->award.young.rate, values))),
        .cap = outlay_number_in(&terms->award.young.cap, values),
    };
    const double inflation = outlay_number_in(&terms->applications.inflation, values);
    cell->inflation = outlay_decimal(inflation);
    cell->verified = outlay_decimal(1.0 / inflation);
}

static outlay_err set_bands(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                            const struct outlay_terms *terms)
{
    const double *values = planner->values;
    cell->n_bands = terms->award.n_bands;
    if (cell->n_bands == 0) {
        return OUTLAY_OK;
    }
    cell->bands = outlay_arena_alloc(planner->memory, (size_t)cell->n_bands * sizeof *cell->bands);
    if (cell->bands == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int i = 0; i < cell->n_bands; i++) {
        cell->bands[i] = (struct outlay_plan_band){
            .up_to = outlay_number_in(&terms->award.bands[i].up_to, values),
            .rate = outlay_decimal(outlay_number_in(&terms->award.bands[i].rate, values)),
            .cap = outlay_number_in(&terms->award.bands[i].cap, values),
        };
    }
    return OUTLAY_OK;
}

/*
 * What applicants make of the rules. With elasticity e a contract x becomes x (1 - rate)^-e while the award is not
 * capped; the kink, where the cap begins to bind, collects those that would go beyond it (Saez 2010).
 */
static void set_response(struct outlay_plan_cell *cell, const struct outlay_terms *terms, const double values[])
{
    const double elasticity = outlay_number_in(&terms->applications.response.elasticity, values);
    const double notch = outlay_number_in(&terms->applications.response.notch, values);
    cell->has_response = elasticity > 0.0 || notch > 0.0;
    cell->response =
        outlay_decimal(pow(1.0 - fmin(or_zero(outlay_number_in(&terms->award.rate, values)), 0.999), -elasticity));
    cell->kink = cell->rate > 0.0 ? ceil(cell->cap / cell->rate) : 0.0;
    cell->notch = cell->minimum_contract * (1.0 - notch);
}

/* Share of all who ever take part that does so by the end of each fiscal year (Bass 1969, eq. 3). */
static outlay_err set_take_up(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                              const struct outlay_terms *terms)
{
    const int n_years = planner->plan->n_years;
    const double *values = planner->values;
    const double p = outlay_number_in(&terms->applications.diffusion.innovation, values);
    const double q = outlay_number_in(&terms->applications.diffusion.imitation, values);
    const double take_up = outlay_number_in(&terms->applications.take_up, values);
    cell->take_up = outlay_arena_alloc(planner->memory, (size_t)n_years * sizeof *cell->take_up);
    if (cell->take_up == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int year = 0; year < n_years; year++) {
        const double rest = exp(-(p + q) * (year + 1));
        cell->take_up[year] = p > 0.0 ? take_up * (1.0 - rest) / (1.0 + q / p * rest) : take_up;
    }
    return OUTLAY_OK;
}

static outlay_err set_normal(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                             const struct outlay_terms *terms, const struct outlay_plan_cell *same)
{
    static const double standard[2] = {0.0, 1.0};
    const double rank = outlay_number_in(&terms->applications.arrivals.size_correlation, planner->values);
    cell->size_correlation = 2.0 * sin(acos(-1.0) / 6.0 * rank); /* Pearson's, of the normal scores */
    if (rank == 0.0) {
        return OUTLAY_OK;
    }
    if (same != NULL && same->normal != NULL) {
        cell->normal = same->normal;
        return OUTLAY_OK;
    }
    const struct outlay_law_form *form = outlay_law_forms;
    while (form->family != OUTLAY_NORMAL) {
        form++;
    }
    const struct outlay_scenario_law normal = {
        .form = form,
        .parameter = {{standard[0], -1}, {standard[1], -1}},
        .min = {-INFINITY, -1},
        .max = {INFINITY, -1},
    };
    struct outlay_draw_law law;
    const outlay_err err = outlay_plan_law(&law, planner, &normal, NULL);
    cell->normal = law.table;
    return err;
}

/* `same` is the cell of the same class and programme in `like`, or NULL. */
static outlay_err set_laws(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                           const struct outlay_terms *terms, double sigma, const struct outlay_plan_cell *same)
{
    const struct {
        struct outlay_draw_law *law;
        const struct outlay_scenario_law *from;
        const struct outlay_draw_law *same;
    } laws[] = {{&cell->contract, &terms->applications.contract, same != NULL ? &same->contract : NULL},
                {&cell->review, &terms->review.working_days, same != NULL ? &same->review : NULL},
                {&cell->score, &terms->review.score, same != NULL ? &same->score : NULL}};
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        if (laws[i].from->form == NULL) {
            continue; /* contracts that are another programme's */
        }
        const outlay_err err = outlay_plan_law(laws[i].law, planner, laws[i].from, laws[i].same);
        if (err != OUTLAY_OK) {
            return err;
        }
    }
    const outlay_err err = set_normal(cell, planner, terms, same);
    return err != OUTLAY_OK
               ? err
               : outlay_plan_size_table(&cell->size_power, planner, sigma,
                                        outlay_number_in(&terms->applications.size_exponent, planner->values));
}

/* The table of contract numbers that all applicants of size 1 share. */
static outlay_err set_counts(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                             const struct outlay_plan_cell *same)
{
    struct outlay_plan *plan = planner->plan;
    if (same != NULL && same->counts != NULL && same->per_year == cell->per_year &&
        same->dispersion == cell->dispersion) {
        cell->counts = same->counts;
        return OUTLAY_OK;
    }
    const outlay_err err = outlay_counts_new(&plan->counts[plan->n_counts], cell->per_year, cell->dispersion);
    if (err == OUTLAY_OK) {
        cell->counts = plan->counts[plan->n_counts++];
    }
    return err;
}

static void set_review(struct outlay_plan_cell *cell, const struct outlay_terms *terms, const double values[])
{
    cell->approved = outlay_number_in(&terms->review.approved, values);
    cell->withdrawn = outlay_number_in(&terms->review.withdrawn, values);
    cell->notice = outlay_number_in(&terms->review.notice, values);
    cell->has_review = cell->approved < 1.0 || cell->withdrawn > 0.0 || cell->review.table != NULL ||
                       cell->review.shift > 0.0 || cell->notice > 0.0;
}

outlay_err outlay_cell_init(struct outlay_plan_cell *cell, const struct outlay_planner *planner, int i_programme,
                            int i_class)
{
    const struct outlay_scenario *scenario = planner->scenario;
    const struct outlay_terms *terms = &scenario->programmes[i_programme].terms[i_class];
    const struct outlay_plan_cell *same =
        planner->like != NULL ? &planner->like->programmes[i_programme].cells[i_class] : NULL;
    const double *values = planner->values;
    set_award(cell, terms, values);
    set_response(cell, terms, values);
    cell->same_as = terms->applications.same_as;
    cell->per_year = or_zero(outlay_number_in(&terms->applications.per_year, values));
    cell->dispersion = outlay_number_in(&terms->applications.dispersion, values);
    outlay_err err = set_bands(cell, planner, terms);
    if (err == OUTLAY_OK) {
        err = set_take_up(cell, planner, terms);
    }
    if (err == OUTLAY_OK) {
        err = set_laws(cell, planner, terms, outlay_number_in(&scenario->classes[i_class].size_sigma, values), same);
    }
    set_review(cell, terms, values);
    if (err == OUTLAY_OK && planner->plan->classes[i_class].size == NULL) {
        err = set_counts(cell, planner, same);
    }
    return err == OUTLAY_OK ? outlay_arrivals_plan(cell, planner, i_programme, i_class) : err;
}
