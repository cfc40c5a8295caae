/*
 * studies.h: answers that are made from plans and runs.
 *
 * Seventh in the pipeline. So far one study: the exact distribution of demand, of what is committed and of the
 * exhaustion date, without simulation, for scenarios within its reach. It knows the model from the plan alone and
 * shares no code with the replicates, so that the two hold each other to account.
 *
 * Demand through day t is the sum over applicants of a compound sum: a share w(t) of an applicant's Poisson or
 * negative-binomial number of contracts has been put to the budget by then, each with an award of its own. Its
 * characteristic function is a closed formula of that of one award (Klugman, Panjer, Willmot, "Loss Models", ch. 9);
 * the awards' comes from a fast Fourier transform (Grübel, Hermesmeier, "Computation of compound distributions I",
 * ASTIN Bulletin 29, 1999), the distribution function back from finitely many frequencies by Vaaler's and Selberg's
 * trigonometric polynomials, which bound it from both sides (Montgomery, "Ten lectures on the interface between
 * analytic number theory and harmonic analysis", 1994, lecture 1). The budget is exhausted by day t where demand
 * through day t is above the money.
 */
#ifndef OUTLAY_STUDIES_H
#define OUTLAY_STUDIES_H

#include <stdio.h>

#include "outlay/engine.h"
#include "outlay/error.h"
#include "outlay/scenario.h"

struct outlay_exact_options {
    double tolerance;    /* of every probability: half of its bracket, aimed at; above 0 */
    int max_frequencies; /* a power of two: where to stop even so */
    size_t n_cells;      /* about so many for each law of contracts: the mean award is known to a few parts of it */
};

/* A bracket of 1e-4 or less in about a second, where that can be had. */
extern const struct outlay_exact_options outlay_exact_defaults;

/* A number that is known to lie in [low, high]. `value` is the best guess, within the two. */
struct outlay_bracket {
    double value, low, high;
};

/* One programme in one fiscal year. Money in fen. */
struct outlay_exact_book {
    struct outlay_bracket p_exhausted, demand, committed; /* the latter two are means */
    struct outlay_bracket *p_exhausted_by;                /* [n_days of that year] by the end of each day; owned */
    bool is_paid_at_once;                                 /* the sum paid is the sum committed */
};

struct outlay_exact {
    int n_programmes, n_years;
    struct outlay_exact_book *books; /* [n_programmes][n_years] */
    /* The same as a run leaves it, for the result file: what OUTLAY_EXACT_PATHS paths would give if chance had no say.
     * Standard errors are 0; what is not known exactly has no paths (NAN). */
    struct outlay_tallies *tallies;
    double p_error;     /* half of the widest bracket of a probability */
    double money_error; /* of a mean of money, fen */
};

#define OUTLAY_EXACT_PATHS (UINT64_C(1) << 31) /* what the bins of a histogram can count */

/*
 * Work the answer out. Errors: BEYOND_REACH, with the rule that is the reason in `diag`; NO_MEMORY; LIBRARY; BAD_LAW.
 * *self is owned by the caller and freed with outlay_exact_free.
 */
OUTLAY_MUST_USE outlay_err outlay_exact_new(struct outlay_exact **self, const struct outlay_scenario *scenario,
                                            const struct outlay_exact_options *options, struct outlay_diag *diag);
void outlay_exact_free(struct outlay_exact *self);

/* How far a simulated figure lies from the nearest point of its bracket, in standard errors of the simulation. */
struct outlay_deviation {
    int programme, year;
    const char *quantity; /* "exhausted", or an account's name for its mean */
    int32_t day;          /* of the horizon: exhausted by its end; -1 = within the fiscal year */
    bool is_money;        /* fen; else a probability */
    double simulated, standard_error;
    struct outlay_bracket exact;
    double deviation;
};

/*
 * Hold a run against the exact answer: for each programme and fiscal year the probability of exhaustion, the same by
 * up to three days on which it is between 0 and 1, and the means of what was asked for, committed and paid.
 * *deviations is owned by the caller (free). Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_exact_compare(const struct outlay_exact *self, const struct outlay_scenario *scenario,
                                                const struct outlay_tallies *run, struct outlay_deviation **deviations,
                                                size_t *n_deviations);

#endif
