/* parameters.c: THE parameter table. */
#include "scenario/parameters.h"

#include <math.h>

#define SCENARIO(member) OUTLAY_SCOPE_SCENARIO, offsetof(struct outlay_scenario, member), 0
#define CLASS(member) OUTLAY_SCOPE_CLASS, offsetof(struct outlay_class, member), 0
#define PROGRAMME(member) OUTLAY_SCOPE_PROGRAMME, offsetof(struct outlay_programme, member), 0
#define TERMS(member) OUTLAY_SCOPE_TERMS, offsetof(struct outlay_terms, member), 0
#define PART(member) OUTLAY_SCOPE_PART, offsetof(struct outlay_part, member), 0
#define TOP_UP(member) OUTLAY_SCOPE_TOP_UP, offsetof(struct outlay_top_up, member), 0
#define RESERVE(member) OUTLAY_SCOPE_RESERVE, offsetof(struct outlay_reserve, member), 0
#define STEP(member) OUTLAY_SCOPE_STEP, offsetof(struct outlay_step, member), 0
#define BAND(member) OUTLAY_SCOPE_BAND, offsetof(struct outlay_band, member), 0
#define CORRELATION(member) OUTLAY_SCOPE_CORRELATION, offsetof(struct outlay_correlation, member), 0
#define NOT_STORED OUTLAY_SCOPE_SCENARIO, 0, 0

/* a list and the number of its items: block.member and block.n_member */
#define SCENARIO_LIST(member)                                                                                          \
    OUTLAY_SCOPE_SCENARIO, offsetof(struct outlay_scenario, member), offsetof(struct outlay_scenario, n_##member)
#define PROGRAMME_LIST(member, count)                                                                                  \
    OUTLAY_SCOPE_PROGRAMME, offsetof(struct outlay_programme, member), offsetof(struct outlay_programme, count)
#define TERMS_LIST(member, count)                                                                                      \
    OUTLAY_SCOPE_TERMS, offsetof(struct outlay_terms, member), offsetof(struct outlay_terms, count)

#define TYPE(type) OUTLAY_TYPE_##type, OUTLAY_UNIT_NONE
#define NUMBER(unit) OUTLAY_TYPE_NUMBER, OUTLAY_UNIT_##unit
#define LAW(unit) OUTLAY_TYPE_LAW, OUTLAY_UNIT_##unit
#define REQUIRED NULL
#define ANY -INFINITY, INFINITY
#define MONEY 0, OUTLAY_MONEY_MAX_FEN
#define ALL_MONTHS "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"

/* each list in the order of its enum in scenario.h */
static const char *const carry_over[] = {"none", "all", NULL}; /* the shares 0 and 1 */
static const char *const periods[] = {"year", "horizon", NULL};
static const char *const releases[] = {"at_once", "quarterly", "monthly", NULL};
static const char *const rules[] = {"first_come", "lottery", "priority", "score", "pro_rata", "equal_awards", NULL};
static const char *const rounds[] = {"rolling", "monthly", "quarterly", "yearly", NULL};
static const char *const last_awards[] = {"partial", "close", "skip", "wait", NULL};
static const char *const commits[] = {"application", "decision", NULL};
static const char *const designs[] = {"random", "sobol", NULL};
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
    {"correlations", SCENARIO_LIST(correlations), TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "pairs of uncertain numbers that move together; all others are independent"},
    {"horizon.start", SCENARIO(start), TYPE(DATE), REQUIRED, ANY, 0, NULL,
     "first day of the first fiscal year"},
    {"horizon.years", SCENARIO(n_years), OUTLAY_TYPE_INTEGER, OUTLAY_UNIT_YEARS, "1", 1, OUTLAY_MAX_YEARS, 0, NULL,
     "number of fiscal years"},
    {"simulation.seed", SCENARIO(simulation.seed), TYPE(SEED), "1", 0, 9007199254740991.0, 0, NULL,
     "seed of all random numbers; equal seeds give equal results"},
    {"simulation.draws", SCENARIO(simulation.draws), TYPE(INTEGER), "auto", 1, OUTLAY_MAX_DRAWS, OUTLAY_AUTO_OK, NULL,
     "sets of values of the uncertain numbers; `auto`: 1 where nothing is uncertain"},
    {"simulation.replicates", SCENARIO(simulation.replicates), TYPE(INTEGER), "auto", 1, OUTLAY_MAX_REPLICATES,
     OUTLAY_AUTO_OK, NULL, "simulated horizons of each draw; `auto`: as many as take about a second"},
    {"simulation.design", SCENARIO(simulation.design), TYPE(CHOICE), "random", ANY, 0, designs,
     "how the draws of the uncertain numbers lie: independent (`random`), or spread evenly by scrambled Sobol' points "
     "(`sobol`, for the first 40 of them), which gives the same answer with a smaller error; an uncertain number more then "
     "moves the values of those below it"},
    {"simulation.precision", SCENARIO(simulation.precision), TYPE(TEXT), "none", ANY, 0, NULL,
     "stop when half the width of 95 % intervals is reached: `QUANTITY=HALFWIDTH, ...`, such as `p_exhausted=0.005` or "
     "`exhaustion_date.p50=1, outlay.mean=10 M`; draws (with one draw, replicates) are then the most that are played, "
     "`auto` a hundred times as many as otherwise"},

    /* classes of applicants */
    {"classes.*.count", CLASS(count), NUMBER(COUNT), REQUIRED, 0, OUTLAY_MAX_APPLICANTS, 0, NULL,
     "applicants in the first fiscal year"},
    {"classes.*.growth", CLASS(growth), NUMBER(SHARE), "0", -1, 10, OUTLAY_OPEN_MIN, NULL,
     "growth of that number from one fiscal year to the next"},
    {"classes.*.size_sigma", CLASS(size_sigma), NUMBER(PLAIN), "0", 0, 5, 0, NULL,
     "spread of the applicants' relative size: sigma of a lognormal with mean 1"},
    {"classes.*.age", CLASS(age), LAW(YEARS), "0", 0, 1000, 0, NULL,
     "age of an applicant in years on the first day of the horizon; for `award.young`"},

    /* programmes */
    {"programmes.*.title", PROGRAMME(title), TYPE(TEXT), NULL, ANY, OUTLAY_OPTIONAL, NULL,
     "what the programme is called in tables and figures"},
    {"programmes.*.budget.amount", PROGRAMME(budget.amount), NUMBER(MONEY), REQUIRED, MONEY,
     OUTLAY_SHORTHAND | OUTLAY_NONE_OK | OUTLAY_UNLESS, NULL,
     "appropriation of a `period`; `none` = no limit on money; not with `shared_with`"},
    {"programmes.*.budget.period", PROGRAMME(budget.period), TYPE(CHOICE), "year", ANY, 0, periods,
     "the amount is for each fiscal year, or for the whole horizon"},
    {"programmes.*.budget.carry_over", PROGRAMME(budget.carry_over), NUMBER(SHARE), "none", 0, 1, 0, carry_over,
     "share of what is left at the end of a fiscal year that moves on to the next; the rest lapses"},
    {"programmes.*.budget.over_allocation", PROGRAMME(budget.over_allocation), NUMBER(PLAIN), "1", 1, 10, 0, NULL,
     "commitments may reach the money times this, in the hope that some of them die"},
    {"programmes.*.budget.awards", PROGRAMME(budget.awards), NUMBER(COUNT), "none", 0, 1e9, OUTLAY_NONE_OK, NULL,
     "most awards in a fiscal year"},
    {"programmes.*.budget.release", PROGRAMME(budget.release), TYPE(CHOICE), "at_once", ANY, 0, releases,
     "the amount is there from the first day, or comes in equal parts on the first day of each quarter or month"},
    {"programmes.*.budget.releases", PROGRAMME_LIST(budget.releases, budget.n_releases),
     TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "in place of `release`: the days of each fiscal year on which the amount comes, and the share that comes"},
    {"programmes.*.budget.shared_with", PROGRAMME(budget.shared_with), TYPE(EARLIER), "none", ANY, OUTLAY_NONE_OK, NULL,
     "a programme above this one whose money this one uses; all else in `budget` is then said there"},
    {"programmes.*.budget.top_ups", PROGRAMME_LIST(budget.top_ups, budget.n_top_ups),
     TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "money that comes on a day, beside the amount"},
    {"programmes.*.budget.reserves", PROGRAMME_LIST(budget.reserves, budget.n_reserves),
     TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "parts of the amount that are kept for one class"},
    {"programmes.*.budget.steps", PROGRAMME_LIST(budget.steps, budget.n_steps),
     TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "awards that fall as money is committed"},
    {"programmes.*.budget.releases.#.date", PART(date), TYPE(WHEN), REQUIRED, ANY, 0, NULL,
     "day on which this part comes: MM-DD, or a date where the amount is for one fiscal year"},
    {"programmes.*.budget.releases.#.share", PART(share), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the amount; all of them add up to 1"},
    {"programmes.*.budget.top_ups.#.date", TOP_UP(date), TYPE(WHEN), REQUIRED, ANY, 0, NULL,
     "day on which the money comes: a date, or MM-DD for every fiscal year"},
    {"programmes.*.budget.top_ups.#.amount", TOP_UP(amount), NUMBER(MONEY), REQUIRED, MONEY, 0, NULL,
     "how much comes"},
    {"programmes.*.budget.reserves.#.class", RESERVE(class_), TYPE(CLASS), REQUIRED, ANY, 0, NULL,
     "class that the money is kept for"},
    {"programmes.*.budget.reserves.#.share", RESERVE(share), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the amount"},
    {"programmes.*.budget.reserves.#.until", RESERVE(until), TYPE(WHEN), "none", ANY, OUTLAY_NONE_OK, NULL,
     "last day on which it is kept, a date or MM-DD; `none` = to the end of the fiscal year"},
    {"programmes.*.budget.steps.#.committed", STEP(committed), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the budget that is committed when the step begins"},
    {"programmes.*.budget.steps.#.factor", STEP(factor), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the full award that is granted from then on"},

    {"programmes.*.award.rate", TERMS(award.rate), NUMBER(SHARE), "none", 0, 1, OUTLAY_ABSENT_OK, NULL,
     "share of the contract that the award pays; one of `rate`, `fixed` and `bands` must stand"},
    {"programmes.*.award.fixed", TERMS(award.fixed), NUMBER(MONEY), "none", MONEY, OUTLAY_ABSENT_OK, NULL,
     "fixed sum, whatever the contract"},
    {"programmes.*.award.bands", TERMS_LIST(award.bands, award.n_bands),
     TYPE(RECORDS), "none", ANY, OUTLAY_NONE_OK, NULL,
     "rates and caps by the size of the contract, the smallest first; contracts above the last band get nothing"},
    {"programmes.*.award.cap", TERMS(award.cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "largest award"},
    {"programmes.*.award.young.below", TERMS(award.young.below), NUMBER(YEARS), "none", 0, 1000,
     OUTLAY_OPEN_MIN | OUTLAY_ABSENT_OK, NULL,
     "applicants younger than this on the day of the application get a rate of their own (start-ups)"},
    {"programmes.*.award.young.rate", TERMS(award.young.rate), NUMBER(SHARE), "none", 0, 1, OUTLAY_ABSENT_OK, NULL,
     "their rate, in place of `award.rate`; must stand beside `below`"},
    {"programmes.*.award.young.cap", TERMS(award.young.cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "their largest award, in place of `award.cap`"},
    {"programmes.*.award.minimum_contract", TERMS(award.minimum_contract), NUMBER(MONEY), "0", 0,
     OUTLAY_CONTRACT_MAX_FEN, 0, NULL, "smallest contract that gets an award"},
    {"programmes.*.award.applicant_cap", TERMS(award.applicant_cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "most that one applicant is awarded for its applications of a fiscal year, in the order in which it applies"},
    {"programmes.*.award.eligible", TERMS(award.eligible), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "share of the contracts that are of an eligible kind"},
    {"programmes.*.award.co_funding", TERMS(award.co_funding), NUMBER(SHARE), "0", 0, 0.99, 0, NULL,
     "share of the award that another payer bears, and the budget does not"},
    {"programmes.*.award.capital_drawn", TERMS(award.capital_drawn), NUMBER(PLAIN), "0", 0, 1000, 0, NULL,
     "money of others that each unit of award draws in; it is counted, and uses no budget"},
    {"programmes.*.award.stacks_with", TERMS(award.stacks_with), TYPE(EARLIER), "none", ANY, OUTLAY_NONE_OK, NULL,
     "a programme above this one whose award for the same contract counts towards `stack_limit`"},
    {"programmes.*.award.stack_limit", TERMS(award.stack_limit), NUMBER(SHARE), "none", 0, 1, OUTLAY_NONE_OK, NULL,
     "share of the contract that both programmes together may pay"},
    {"programmes.*.award.bands.#.up_to", BAND(up_to), NUMBER(MONEY), "none", 0, OUTLAY_CONTRACT_MAX_FEN,
     OUTLAY_OPEN_MIN | OUTLAY_NONE_OK, NULL, "largest contract of the band; `none` in the last band only"},
    {"programmes.*.award.bands.#.rate", BAND(rate), NUMBER(SHARE), REQUIRED, 0, 1, 0, NULL,
     "share of the contract that the award pays"},
    {"programmes.*.award.bands.#.cap", BAND(cap), NUMBER(MONEY), "none", MONEY, OUTLAY_NONE_OK, NULL,
     "largest award"},

    {"programmes.*.applications.same_as", TERMS(applications.same_as), TYPE(EARLIER), "none", ANY, OUTLAY_NONE_OK, NULL,
     "a programme above this one whose contracts are put to this one too; of this block, only `take_up` and "
     "`inflation` may then stand beside it"},
    {"programmes.*.applications.take_up", TERMS(applications.take_up), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "probability that an applicant takes part; with `same_as`, that a contract of the other programme is put to this "
     "one"},
    {"programmes.*.applications.per_year", TERMS(applications.per_year), NUMBER(COUNT), REQUIRED, 0, 1e6, OUTLAY_UNLESS,
     NULL, "expected contracts in a fiscal year of an applicant that takes part; not with `same_as`"},
    {"programmes.*.applications.dispersion", TERMS(applications.dispersion), NUMBER(PLAIN), "1", 1, 1000, 0, NULL,
     "variance of that number over its mean: 1 = Poisson, above 1 = negative binomial"},
    {"programmes.*.applications.contract", TERMS(applications.contract), LAW(MONEY), REQUIRED, 0,
     OUTLAY_CONTRACT_MAX_FEN, OUTLAY_UNLESS, NULL, "value of a contract of an applicant of size 1; not with `same_as`"},
    {"programmes.*.applications.size_exponent", TERMS(applications.size_exponent), NUMBER(PLAIN), "0", 0, 5, 0, NULL,
     "contracts grow with the applicant's relative size to this power; 0 = not at all"},
    {"programmes.*.applications.inflation", TERMS(applications.inflation), NUMBER(PLAIN), "1", 1, 100, 0, NULL,
     "claims are this many times what is verified in the end"},
    {"programmes.*.applications.diffusion.innovation", TERMS(applications.diffusion.innovation), NUMBER(SHARE), "0", 0,
     1, 0, NULL, "share of those not yet taking part who begin in a year of their own accord; 0 = all take part at once"},
    {"programmes.*.applications.diffusion.imitation", TERMS(applications.diffusion.imitation), NUMBER(PLAIN), "0", 0,
     10, 0, NULL, "how fast in a year those who take part draw in the others"},
    {"programmes.*.applications.response.elasticity", TERMS(applications.response.elasticity), NUMBER(PLAIN), "0", 0, 10,
     0, NULL, "contracts grow by the share that the applicant pays under `rate`, to minus this power; 0 = no response"},
    {"programmes.*.applications.response.notch", TERMS(applications.response.notch), NUMBER(SHARE), "0", 0, 1, 0, NULL,
     "contracts that fall short of the minimum by this share or less are raised to it"},
    {"programmes.*.applications.arrivals.opens", TERMS(applications.arrivals.opens), TYPE(WHEN), "none", ANY,
     OUTLAY_NONE_OK, NULL, "first day of applications: a date, or MM-DD for every fiscal year"},
    {"programmes.*.applications.arrivals.closes", TERMS(applications.arrivals.closes), TYPE(WHEN), "none", ANY,
     OUTLAY_NONE_OK, NULL, "last day of applications: a date, or MM-DD for every fiscal year"},
    {"programmes.*.applications.arrivals.months", TERMS(applications.arrivals.months), OUTLAY_TYPE_MONTHS,
     OUTLAY_UNIT_PLAIN, ALL_MONTHS, 0, 1e6, 0, NULL,
     "relative rate of applications on a day of January, February, ... December"},
    {"programmes.*.applications.arrivals.days", TERMS(applications.arrivals.days), TYPE(CHOICE), "working", ANY, 0,
     day_choices, "applications come on working days only, or on all days"},
    {"programmes.*.applications.arrivals.size_correlation", TERMS(applications.arrivals.size_correlation),
     NUMBER(PLAIN), "0", -1, 1, 0, NULL,
     "rank correlation of earliness and contract value: above 0, large contracts come first"},
    {"programmes.*.applications.arrivals.rush.share", TERMS(applications.arrivals.rush.share), NUMBER(SHARE), "0", 0, 1,
     0, NULL, "share of the year's applications that come in a rush when applications open; with a full date for `opens`, in "
     "the fiscal year of that date only"},
    {"programmes.*.applications.arrivals.rush.days", TERMS(applications.arrivals.rush.days), NUMBER(DAYS), "10", 0, 366,
     OUTLAY_OPEN_MIN, NULL, "days in which the opening rush falls to 1/e"},
    {"programmes.*.applications.arrivals.deadline.share", TERMS(applications.arrivals.deadline.share), NUMBER(SHARE),
     "0", 0, 1, 0, NULL, "share of the year's applications that come in a rush before applications close; with a full date for `closes`, "
     "in the fiscal year of that date only"},
    {"programmes.*.applications.arrivals.deadline.days", TERMS(applications.arrivals.deadline.days), NUMBER(DAYS), "10",
     0, 366, OUTLAY_OPEN_MIN, NULL, "days in which the rush before the deadline grows by a factor of e"},

    {"programmes.*.review.approved", TERMS(review.approved), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "probability that an application is approved on its merits"},
    {"programmes.*.review.withdrawn", TERMS(review.withdrawn), NUMBER(SHARE), "0", 0, 1, 0, NULL,
     "probability that an approved application is withdrawn"},
    {"programmes.*.review.working_days", TERMS(review.working_days), LAW(DAYS), "0", 0, 3650, 0, NULL,
     "working days from the application to the decision"},
    {"programmes.*.review.notice", TERMS(review.notice), NUMBER(DAYS), "0", 0, 3650, 0, NULL,
     "working days of public notice after that, before the decision takes effect"},
    {"programmes.*.review.score", TERMS(review.score), LAW(PLAIN), "0", ANY, 0, NULL,
     "points that an application gets; the rule `score` serves the highest first"},

    {"programmes.*.allocation.rule", PROGRAMME(allocation.rule), TYPE(CHOICE), "first_come", ANY, 0, rules,
     "how a round's money is shared out: in the order of the days on which it is committed, by lot, by class, by "
     "points, all cut by one factor (`pro_rata`), or all up to one sum (`equal_awards`)"},
    {"programmes.*.allocation.rounds", PROGRAMME(allocation.rounds), TYPE(CHOICE), "rolling", ANY, 0, rounds,
     "days on which money is handed out: every day (`rolling`), or the last of each month, quarter or fiscal year"},
    {"programmes.*.allocation.round_days", PROGRAMME_LIST(allocation.round_days, allocation.n_round_days),
     TYPE(WHENS), "none", ANY,
     OUTLAY_NONE_OK, NULL, "in place of `rounds`: a list of days on which money is handed out, dates or MM-DD"},
    {"programmes.*.allocation.last_award", PROGRAMME(allocation.last_award), TYPE(CHOICE), "partial", ANY, 0,
     last_awards,
     "the first award that no longer fits gets what is left (`partial`), ends the year (`close`), is passed over for "
     "smaller ones behind it (`skip`), or stands with those behind it on a list until money comes (`wait`)"},
    {"programmes.*.allocation.commit", PROGRAMME(allocation.commit), TYPE(CHOICE), "decision", ANY, 0, commits,
     "money is committed on the day of the application, or of the decision"},
    {"programmes.*.allocation.priority", PROGRAMME_LIST(allocation.priority, allocation.n_priority),
     TYPE(CLASSES), "none", ANY,
     OUTLAY_NONE_OK, NULL, "classes in the order in which the rule `priority` serves them; the others come last"},
    {"programmes.*.allocation.run.below", PROGRAMME(allocation.run.below), NUMBER(SHARE), "0", 0, 1, 0, NULL,
     "with less than this share of the budget left, applicants hurry; 0 = never"},
    {"programmes.*.allocation.run.factor", PROGRAMME(allocation.run.factor), NUMBER(PLAIN), "1", 1, 1000, 0, NULL,
     "the remaining applications then come this many times as fast, in the same order"},

    {"programmes.*.payment.redeemed", PROGRAMME(payment.redeemed), NUMBER(SHARE), "1", 0, 1, 0, NULL,
     "probability that a commitment is called upon"},
    {"programmes.*.payment.delay", PROGRAMME(payment.delay), LAW(DAYS), "0", 0, 3650, 0, NULL,
     "days from the commitment to its payment, or to the first instalment"},
    {"programmes.*.payment.expires", PROGRAMME(payment.expires), NUMBER(DAYS), "none", 0, 36500,
     OUTLAY_OPEN_MIN | OUTLAY_NONE_OK, NULL,
     "days after which a commitment that was not called upon dies and frees its money"},
    {"programmes.*.payment.instalments", PROGRAMME(payment.instalments), TYPE(INTEGER), "1", 1, 100, 0, NULL,
     "equal parts in which a commitment is paid"},
    {"programmes.*.payment.interval", PROGRAMME(payment.interval), NUMBER(DAYS), "30", 1, 3650, 0, NULL,
     "days between two instalments"},

    /* what numbers have to do with each other */
    {"correlations.#.between", CORRELATION(between), TYPE(PAIR), REQUIRED, ANY, 0, NULL,
     "two paths of uncertain numbers"},
    {"correlations.#.rank", CORRELATION(rank), OUTLAY_TYPE_CERTAIN, OUTLAY_UNIT_PLAIN, REQUIRED, -1, 1,
     OUTLAY_OPEN_MIN | OUTLAY_OPEN_MAX, NULL,
     "Spearman's rank correlation of their values over the draws; above 0, large values come with large ones"},
    {.path = NULL},
};
/* clang-format on */
