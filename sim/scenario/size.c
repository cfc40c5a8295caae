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

/* Mean of min(rate x contract, cap): what an award costs, near enough to tell a thousandfold. */
static double mean_award(const struct outlay_terms *terms, double size_factor)
{
    struct outlay_law law;
    if (!outlay_law_central(&terms->applications.contract, &law)) {
        return 0.0;
    }
    double sum = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        double contract = outlay_law_quantile(&law, (i + 0.5) / N_POINTS, false) * size_factor;
        contract = contract > OUTLAY_CONTRACT_MAX_FEN ? OUTLAY_CONTRACT_MAX_FEN : contract;
        const double award = terms->award.rate.value * contract; /* NaN stays NaN */
        sum += award > terms->award.cap.value ? terms->award.cap.value : award;
    }
    return sum / N_POINTS;
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
            const struct outlay_class *class_ = &scenario->classes[c];
            const struct outlay_terms *terms = &scenario->programmes[p].terms[c];
            double last = 0.0;
            /* what could not be read is NaN, and so is what follows from it: no comparison below is true then */
            const double n = applicant_years(scenario, class_, &last) * terms->applications.take_up.value *
                             terms->applications.per_year.value;
            const double size = mean_size_power(class_->size_sigma.value, terms->applications.size_exponent.value);
            contracts += n;
            demand += n * mean_award(terms, size);
        }
        check_demand(self, &scenario->programmes[p], demand);
    }
    if (contracts > MAX_CONTRACTS) {
        const struct outlay_yaml_node *classes = outlay_yaml_get(self->root, "classes");
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, classes != NULL ? &classes->key_place : NULL,
                                "about %.0f M contracts in a replicate; at most %.0f M are allowed", contracts / 1e6,
                                MAX_CONTRACTS / 1e6);
        outlay_diag_hint(self->diag, "count x take_up x per_year, over all classes, programmes and years");
    }
}
