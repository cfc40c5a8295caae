/* parameters.c: THE parameter table. */
#include "scenario/parameters.h"

#include <math.h>

#define SCENARIO(member) OUTLAY_SCOPE_SCENARIO, offsetof(struct outlay_scenario, member)
#define CLASS(member) OUTLAY_SCOPE_CLASS, offsetof(struct outlay_class, member)
#define PROGRAMME(member) OUTLAY_SCOPE_PROGRAMME, offsetof(struct outlay_programme, member)
#define TERMS(member) OUTLAY_SCOPE_TERMS, offsetof(struct outlay_terms, member)
#define NOT_STORED OUTLAY_SCOPE_SCENARIO, 0

#define TYPE(type) OUTLAY_TYPE_##type, OUTLAY_UNIT_NONE
#define NUMBER(unit) OUTLAY_TYPE_NUMBER, OUTLAY_UNIT_##unit
#define LAW(unit) OUTLAY_TYPE_LAW, OUTLAY_UNIT_##unit
#define REQUIRED NULL
#define ANY -INFINITY, INFINITY
#define MONEY 0, OUTLAY_MONEY_MAX_FEN
#define ALL_MONTHS "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"

/* each list in the order of its enum in scenario.h */
static const char *const carry_over[] = {"none", "all", NULL};
static const char *const rules[] = {"first_come", NULL};
static const char *const last_awards[] = {"partial", "close", "skip", NULL};
static const char *const commits[] = {"application", "decision", NULL};
static const char *const day_choices[] = {"working", "all", NULL};

/* clang-format off */
const struct outlay_parameter outlay_parameters[] = {
    /* the scenario */
    {"outlay", NOT_STORED, TYPE(VERSION), REQUIRED, 1, 1, 0, NULL,
     "version of the language that the file is written in"},
    {"title", SCENARIO(title), TYPE(TEXT), REQUIRED, ANY, 0, NULL,
     "what the scenario is called in tables and figures"},
    {"description", SCENARIO(description), TYPE(PROSE), NULL, ANY, OUTLAY_OPTIONAL, NULL,
     "what a reader should know about it"},
    {"extends", NOT_STORED, TYPE(EXTENDS), NULL, ANY, OUTLAY_OPTIONAL, NULL,
     "another scenario file, relative to this one, that holds everything not stated here"},
    {"currency", SCENARIO(currency), TYPE(CURRENCY), "CNY", ANY, 0, NULL,
     "currency of all money, three capital letters (ISO 4217)"},
    {"calendar", SCENARIO(calendar), TYPE(CALENDAR), "weekdays", ANY, 0, NULL,
     "working days: `weekdays`, `all_days`, `china`, or a calendar file ending in .yaml"},
    {"sources", NOT_STORED, TYPE(SOURCES), NULL, ANY, OUTLAY_OPTIONAL, NULL,
     "where values come from: the path of a value or of a block, and a text; the longest path counts"},
    {"horizon.start", SCENARIO(start), TYPE(DATE), REQUIRED, ANY, 0, NULL,
     "first day of the first fiscal year"},
    {"horizon.years", SCENARIO(n_years), OUTLAY_TYPE_INTEGER, OUTLAY_UNIT_YEARS, "1", 1, OUTLAY_MAX_YEARS, 0, NULL,
     "number of fiscal years"},
    {"simulation.seed", SCENARIO(simulation.seed), TYPE(SEED), "1", 0, 9007199254740992.0, 0, NULL,
     "seed of all random numbers; equal seeds give equal results"},
    {"simulation.draws", SCENARIO(simulation.draws), TYPE(INTEGER), "auto", 1, OUTLAY_MAX_DRAWS, OUTLAY_AUTO_OK, NULL,
     "sets of values of the uncertain numbers; `auto`: 1 where nothing is uncertain"},
    {"simulation.replicates", SCENARIO(simulation.replicates), TYPE(INTEGER), "auto", 1, OUTLAY_MAX_REPLICATES,
     OUTLAY_AUTO_OK, NULL, "simulated horizons of each draw; `auto`: as many as take about a second"},

    /* classes of applicants */
    {"classes.*.count", CLASS(count), NUMBER(COUNT), REQUIRED, 0, OUTLAY_MAX_APPLICANTS, 0, NULL,
     "applicants in the first fiscal year"},
    {"classes.*.growth", CLASS(growth), NUMBER(SHARE), "0", -1, 10, OUTLAY_OPEN_MIN, NULL,
     "growth of that number from one fiscal year to the next"},
    {"classes.*.size_sigma", CLASS(size_sigma), NUMBER(PLAIN), "0", 0, 5, 0, NULL,
     "spread of the applicants' relative size: sigma of a lognormal with mean 1"},

    /* programmes */
    {"programmes.*.title", PROGRAMME(title), TYPE(TEXT), NULL, ANY, OUTLAY_OPTIONAL, NULL,
     "what the programme is called in tables and figures"},
    {"programmes.*.budget.amount", PROGRAMME(budget.amount), NUMBER(MONEY), REQUIRED, MONEY, OUTLAY_SHORTHAND, NULL,
     "appropriation of a fiscal year"},
    {"programmes.*.budget.carry_over", PROGRAMME(budget.carry_over), TYPE(CHOICE), "none", ANY, 0, carry_over,
     "what is left at the end of a fiscal year lapses (`none`) or moves on to the next (`all`)"},

    {"programmes.*.award.rate", TERMS(award.rate), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the contract that the award pays"},
    {"programmes.*.award.cap", TERMS(award.cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "largest award"},
    {"programmes.*.award.minimum_contract", TERMS(award.minimum_contract), NUMBER(MONEY), "0", 0,
     OUTLAY_CONTRACT_MAX_FEN, 0, NULL, "smallest contract that gets an award"},
    {"programmes.*.award.applicant_cap", TERMS(award.applicant_cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "most that one applicant is awarded in a fiscal year"},

    {"programmes.*.applications.take_up", TERMS(applications.take_up), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "probability that an applicant takes part"},
    {"programmes.*.applications.per_year", TERMS(applications.per_year), NUMBER(COUNT), REQUIRED, 0, 1e6, 0, NULL,
     "expected contracts in a fiscal year of an applicant that takes part"},
    {"programmes.*.applications.dispersion", TERMS(applications.dispersion), NUMBER(PLAIN), "1", 1, 1000, 0, NULL,
     "variance of that number over its mean: 1 = Poisson, above 1 = negative binomial"},
    {"programmes.*.applications.contract", TERMS(applications.contract), LAW(MONEY), REQUIRED, 0,
     OUTLAY_CONTRACT_MAX_FEN, 0, NULL, "value of a contract of an applicant of size 1"},
    {"programmes.*.applications.size_exponent", TERMS(applications.size_exponent), NUMBER(PLAIN), "0", 0, 5, 0, NULL,
     "contracts grow with the applicant's relative size to this power; 0 = not at all"},
    {"programmes.*.applications.arrivals.opens", TERMS(applications.arrivals.opens), TYPE(WHEN), "none", ANY, 0, NULL,
     "first day of applications: a date, or MM-DD for every fiscal year"},
    {"programmes.*.applications.arrivals.closes", TERMS(applications.arrivals.closes), TYPE(WHEN), "none", ANY, 0, NULL,
     "last day of applications: a date, or MM-DD for every fiscal year"},
    {"programmes.*.applications.arrivals.months", TERMS(applications.arrivals.months), OUTLAY_TYPE_MONTHS,
     OUTLAY_UNIT_PLAIN, ALL_MONTHS, 0, 1e6, 0, NULL,
     "relative rate of applications on a day of January, February, ... December"},
    {"programmes.*.applications.arrivals.days", TERMS(applications.arrivals.days), TYPE(CHOICE), "working", ANY, 0,
     day_choices, "applications come on working days only, or on all days"},
    {"programmes.*.applications.arrivals.rush.share", TERMS(applications.arrivals.rush.share), NUMBER(SHARE), "0", 0, 1,
     0, NULL, "share of the year's applications that come in a rush when applications open"},
    {"programmes.*.applications.arrivals.rush.days", TERMS(applications.arrivals.rush.days), NUMBER(DAYS), "10", 0, 366,
     OUTLAY_OPEN_MIN, NULL, "days in which the opening rush falls to 1/e"},
    {"programmes.*.applications.arrivals.deadline.share", TERMS(applications.arrivals.deadline.share), NUMBER(SHARE),
     "0", 0, 1, 0, NULL, "share of the year's applications that come in a rush before applications close"},
    {"programmes.*.applications.arrivals.deadline.days", TERMS(applications.arrivals.deadline.days), NUMBER(DAYS), "10",
     0, 366, OUTLAY_OPEN_MIN, NULL, "days in which the rush before the deadline grows by a factor of e"},

    {"programmes.*.review.approved", TERMS(review.approved), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "probability that an application is approved on its merits"},
    {"programmes.*.review.working_days", TERMS(review.working_days), LAW(DAYS), "0", 0, 3650, 0, NULL,
     "working days from the application to the decision"},

    {"programmes.*.allocation.rule", PROGRAMME(allocation.rule), TYPE(CHOICE), "first_come", ANY, 0, rules,
     "how the money is shared out: in the order of the days on which it is committed"},
    {"programmes.*.allocation.last_award", PROGRAMME(allocation.last_award), TYPE(CHOICE), "partial", ANY, 0,
     last_awards,
     "the first award that no longer fits gets what is left (`partial`), ends the year (`close`), or is passed over "
     "for smaller ones behind it (`skip`)"},
    {"programmes.*.allocation.commit", PROGRAMME(allocation.commit), TYPE(CHOICE), "decision", ANY, 0, commits,
     "money is committed on the day of the application, or of the decision"},
    {.path = NULL},
};
/* clang-format on */
