/*
 * book.h: one programme in one fiscal year: what is asked of it, and by when its money is gone.
 */
#ifndef OUTLAY_STUDIES_BOOK_H
#define OUTLAY_STUDIES_BOOK_H

#include "outlay/plan.h"
#include "outlay/studies.h"
#include "studies/window.h"

struct outlay_book {
    const struct outlay_plan *plan;
    const struct outlay_plan_programme *rules;
    const struct outlay_exact_options *options;
    int programme, year;
    int32_t first_day, n_days; /* of the fiscal year */
    double appropriation;      /* fen, with what tops it up; INFINITY = no limit */
    double money;              /* what can be committed */
    double threshold;          /* no demand lies between the money and this */
    struct outlay_demand demand;
    struct outlay_window year_window;   /* on the whole year's demand, awards as they are */
    struct outlay_window budget_window; /* on the days until the money is surely gone, awards up to the money */
    struct outlay_bracket *by;          /* [n_days] P(exhausted by the end of each day) */
};

/*
 * Work out book->by, whose place and whose `plan` ... `by` members are set; the rest is filled in. Errors: NO_MEMORY,
 * LIBRARY. Freed with outlay_book_free whether it succeeds or not.
 */
OUTLAY_MUST_USE outlay_err outlay_book_init(struct outlay_book *self);
void outlay_book_free(struct outlay_book *self);

/* The answer in a few numbers. Errors: NO_MEMORY, LIBRARY. */
OUTLAY_MUST_USE outlay_err outlay_book_answer(const struct outlay_book *self, struct outlay_exact_book *answer);

/* Half of the widest of n brackets. */
double outlay_widest(const struct outlay_bracket by[], int32_t n);

#endif
