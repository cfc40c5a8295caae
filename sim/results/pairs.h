/*
 * pairs.h: two results, replicate by replicate. Where both met the same applicants with the same contracts on the same
 * days (common random numbers), the differences vary less than those of unrelated results.
 */
#ifndef OUTLAY_RESULTS_PAIRS_H
#define OUTLAY_RESULTS_PAIRS_H

#include <stdbool.h>

#include "results/source.h"

/* A programme and a fiscal year of a result. */
struct outlay_book {
    const struct outlay_source *source;
    int programme, year;
};

/* Mean over the replicates of what `other` has more than `first`; se from the draws' means where there are several. */
struct outlay_difference {
    double mean, se;
};

enum outlay_compared { OUTLAY_COMPARED_EXHAUSTED, OUTLAY_COMPARED_OUTLAY, OUTLAY_COMPARED_UNMET, OUTLAY_N_COMPARED };

struct outlay_pair {
    bool is_paired;
    char why[128];                                           /* if not: the reason, to stand after a colon */
    struct outlay_difference differences[OUTLAY_N_COMPARED]; /* if so: a share; money in the currency's unit, twice */
};

/*
 * Compare two books. They are paired if seed, draws, replicates and currency are the same, both runs came to their end,
 * and every replicate has the same number of applications in both. Errors: BAD_RESULT_FILE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_pair_init(struct outlay_pair *self, struct outlay_book first,
                                            struct outlay_book other, struct outlay_diag *diag);

#endif
