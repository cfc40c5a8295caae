/*
 * precision.h: what a run is to know well enough to stop.
 *
 * Belongs to the engine (engine.h): outlay_run_options has room for one. What is played depends on the scenario and the
 * options alone, never on threads or on time.
 */
#ifndef OUTLAY_PRECISION_H
#define OUTLAY_PRECISION_H

#include <stdbool.h>

#include "outlay/error.h"
#include "outlay/scenario.h"

/* Half the width of a 95 % interval in standard errors. */
#define OUTLAY_Z95 1.959963984540054

/* One thing that a run is to know well enough: `half_width` is half the width of its 95 % interval. */
struct outlay_precision_goal {
    char *name;        /* "outlay.p95@training/2025"; owned */
    bool is_date;      /* a quantile of the exhaustion date */
    int account;       /* enum outlay_account; -1 = the probability of exhaustion, or the date */
    double p;          /* of a quantile, above 0 and below 1; NAN = a mean or the probability of exhaustion */
    int programme;     /* -1 = every one must reach it */
    int year;          /* from 0; -1 = every one */
    double half_width; /* asked for: shares, days, counts or fen */
    double reached;    /* at the last look, by the worst programme and year; NAN before, INFINITY = cannot be told */
};

/*
 * When a run may stop. The engine looks at whole draws (with one draw: at replicates) after a batch: first when there
 * are at least OUTLAY_LEAST_DRAWS (OUTLAY_LEAST_REPLICATES) of them, then when there are a tenth more than at the last
 * look, and in the end. Few looks and a least number keep a run from stopping on a standard error that is small by
 * chance. A share of n independent observations, which draws are and replicates of one draw are not, is never held for
 * better known than z^2 / (n + z^2), z = 1.96: the length of Wilson's interval (1927) where the event was not seen at
 * all. So neither 0 nor 1 stops a run at once.
 */
struct outlay_precision {
    char *text; /* as asked for; owned */
    int n_goals;
    struct outlay_precision_goal *goals; /* owned */
    bool is_reached;                     /* all of them */
    double next_look;                    /* draws or replicates; this and the next are the engine's own */
    double looked_at_paths;
};
#define OUTLAY_LEAST_DRAWS 200
#define OUTLAY_LEAST_REPLICATES 1000

/*
 * What `simulation.precision` asks for; *self is NULL where it asks for nothing. "QUANTITY=HALFWIDTH, ..." with
 *   p_exhausted            probability that the budget is exhausted within the fiscal year; half-width: a share
 *   exhaustion_date.pN     N % quantile of the exhaustion date; in days
 *   ACCOUNT.mean           mean of an account (replicate.h); in the currency, a number or a share
 *   ACCOUNT.pN             its N % quantile
 * followed, where not every programme and fiscal year is meant, by @PROGRAMME, @YEAR or @PROGRAMME/YEAR. To be freed
 * with outlay_precision_free; one for each run. Errors: NO_MEMORY, WRONG_TYPE, UNKNOWN_NAME, BAD_NUMBER, OUT_OF_RANGE.
 */
OUTLAY_MUST_USE outlay_err outlay_precision_new(struct outlay_precision **self, const struct outlay_scenario *scenario,
                                                struct outlay_diag *diag);
void outlay_precision_free(struct outlay_precision *self);

/* A half-width of the goal, as it is kept, divided by this is in the unit of the text: 100 for money (fen), else 1. */
double outlay_precision_divisor(const struct outlay_precision_goal *goal);

#endif
