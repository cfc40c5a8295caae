/* size.c: scenarios too large to be simulated, or for their sums of money to be exact. */
#include <math.h>

#include "outlay/quantity.h"
#include "scenario/loader.h"

/* Contracts of a replicate, which are held in memory all at once. */
#define MAX_CONTRACTS 1e8
/* Whole numbers up to here are exact in a double, and so are their sums. */
#define MAX_SUM_FEN 9007199254740992.0
/* Points at which a quantile function is averaged. */
#define N_POINTS 64

/* The contract that an applicant makes of one, who knows that a share of it is paid up to the cap. */
static double grown(const struct outlay_terms *terms, double contract)
{
    const double rate = terms->award.rate.value;
    const double kink = terms->award.cap.value / rate;
    if (!(rate > 0.0) || !(terms->applications.response.elasticity.value > 0.0) || contract >= kink) {
        return contract;
    }
    const double more = contract * pow(1.0 - rate, -terms->applications.response.elasticity.value);
    const double most = more < kink ? more : kink;
    return isfinite(most) ? most : contract; /* without end: refused elsewhere */
}

/* What a contract is granted. What could not be read is NaN, and stays so. */
static double award_of(const struct outlay_terms *terms, double contract)
{
    double rate = terms->award.rate.value, cap = terms->award.cap.value;
    if (terms->award.n_bands > 0) {
        int i = 0;
        for (; i < terms->award.n_bands && contract > terms->award.bands[i].up_to.value; i++) {
        }
        if (i == terms->award.n_bands) {
            return 0.0;
        }
        rate = terms->award.bands[i].rate.value;
        cap = terms->award.bands[i].cap.value;
    }
    const double award = isnan(rate) ? terms->award.fixed.value : rate * contract;
    const double of_young = terms->award.young.rate.value * contract; /* NaN where there is no such rule */
    const double most = of_young > terms->award.young.cap.value ? terms->award.young.cap.value : of_young;
    return fmax(award > cap ? cap : award, most);
}

/* Mean award: what an application costs, near enough to tell a thousandfold. */
static double mean_award(const struct outlay_terms *terms, double size_factor)
{
    struct outlay_law law;
    if (!outlay_law_central(&terms->applications.contract, &law)) {
        return 0.0;
    }
    double sum = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double contract = grown(terms, outlay_law_quantile(&law, (i + 0.5) / N_POINTS, false) * size_factor);
        sum += award_of(terms, contract > OUTLAY_CONTRACT_MAX_FEN ? OUTLAY_CONTRACT_MAX_FEN : contract);
    }
    return sum / N_POINTS * terms->applications.inflation.value;
}

/* E[size^exponent] of the lognormal size with mean 1. */
static double mean_size_power(double sigma, double exponent)
{
    return exp(0.5 * sigma * sigma * (exponent * exponent - exponent));
}

/* Applicants of a class over all fiscal years; the count of the last one in *last. */
static double applicant_years(const struct outlay_scenario *scenario, const struct outlay_class *class_, double *last)
{
    double sum = 0.0;
    double count = class_->count.value;
    for (int y = 0; y < scenario->n_years; y++) {
        *last = count;
        sum += count;
        count *= 1.0 + class_->growth.value;
    }
    return sum;
}

/* Contracts that a class puts to a programme over the horizon. What could not be read is NaN, and so is the sum. */
static double contracts_of(const struct outlay_scenario *scenario, int p, int c)
{
    const struct outlay_terms *terms = &scenario->programmes[p].terms[c];
    const double take_up = terms->applications.take_up.value;
    if (terms->applications.same_as >= 0) { /* a programme above: this comes to an end */
        return take_up * contracts_of(scenario, terms->applications.same_as, c);
    }
    double last = 0.0;
    return applicant_years(scenario, &scenario->classes[c], &last) * take_up * terms->applications.per_year.value;
}

static struct outlay_place place_of(const struct outlay_loader *self, const char *block, const char *name)
{
    const struct outlay_yaml_node *node = outlay_yaml_get(outlay_yaml_get(self->root, block), name);
    return node != NULL ? node->key_place : (struct outlay_place){0};
}

static void check_class(struct outlay_loader *self, const struct outlay_class *class_)
{
    double last = 0.0;
    (void)applicant_years(self->scenario, class_, &last);
    if (last > OUTLAY_MAX_APPLICANTS) {
        const struct outlay_place place = place_of(self, "classes", class_->name);
        (void)outlay_diag_error(
            self->diag, OUTLAY_ERR_TOO_LARGE, &place,
            "the class `%s` grows to %.0f M applicants in fiscal year %d; at most %.0f M are allowed", class_->name,
            last / 1e6, self->scenario->n_years, OUTLAY_MAX_APPLICANTS / 1e6);
    }
}

/* An estimate shows no more digits than it is worth: two. */
static double two_digits(double value)
{
    const double unit = pow(10.0, floor(log10(value)) - 1.0);
    return round(value / unit) * unit;
}

static void check_demand(struct outlay_loader *self, const struct outlay_programme *programme, double demand)
{
    char words[512];
    const char *currency = self->scenario->currency != NULL ? self->scenario->currency : "";
    if (!(demand > MAX_SUM_FEN)) {
        return;
    }
    const struct outlay_place place = place_of(self, "programmes", programme->name);
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &place,
                            "the awards of `%s` would come to about %s, too much to be summed exactly", programme->name,
                            outlay_money_short(two_digits(demand), currency, words, sizeof words));
    outlay_diag_hint(self->diag, "at most 90,000 bn over the horizon; is a unit ten times too large?");
}

/* All the money that a programme may get over the horizon; one without limit is checked by its demand. */
static void check_money(struct outlay_loader *self, const struct outlay_programme *programme)
{
    char words[512];
    const struct outlay_scenario *scenario = self->scenario;
    const char *currency = scenario->currency != NULL ? scenario->currency : "";
    const double years = scenario->n_years;
    double sum = outlay_number_high(scenario, programme->budget.amount) *
                 (programme->budget.period == OUTLAY_PERIOD_YEAR ? years : 1.0);
    for (int i = 0; i < programme->budget.n_top_ups; i++) {
        const struct outlay_top_up *top_up = &programme->budget.top_ups[i];
        sum += outlay_number_high(scenario, top_up->amount) * (top_up->date.kind == OUTLAY_WHEN_DATE ? 1.0 : years);
    }
    sum *= outlay_number_high(scenario, programme->budget.over_allocation);
    if (isfinite(sum) && sum > MAX_SUM_FEN) {
        const struct outlay_place place = place_of(self, "programmes", programme->name);
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &place,
                                "the money of `%s` comes to about %s over the horizon, too much to be summed exactly",
                                programme->name, outlay_money_short(two_digits(sum), currency, words, sizeof words));
        outlay_diag_hint(self->diag, "at most 90,000 bn; is a unit ten times too large?");
    }
}

void outlay_size_check(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    double contracts = 0.0;
    for (int c = 0; c < scenario->n_classes; c++) {
        check_class(self, &scenario->classes[c]);
    }
    for (int p = 0; p < scenario->n_programmes; p++) {
        double demand = 0.0;
        for (int c = 0; c < scenario->n_classes; c++) {
            const struct outlay_terms *terms = &scenario->programmes[p].terms[c];
            const double n = contracts_of(scenario, p, c);
            contracts += n;
            demand += n * mean_award(terms, mean_size_power(scenario->classes[c].size_sigma.value,
                                                            terms->applications.size_exponent.value));
        }
        check_demand(self, &scenario->programmes[p], demand);
        check_money(self, &scenario->programmes[p]);
    }
    if (contracts > MAX_CONTRACTS) {
        const struct outlay_yaml_node *classes = outlay_yaml_get(self->root, "classes");
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, classes != NULL ? &classes->key_place : NULL,
                                "about %.0f M contracts in a replicate; at most %.0f M are allowed", contracts / 1e6,
                                MAX_CONTRACTS / 1e6);
        outlay_diag_hint(self->diag, "count x take_up x per_year, over all classes, programmes and years");
    }
}
