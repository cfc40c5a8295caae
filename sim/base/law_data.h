/*
 * law_data.h: probabilities and quantiles of a block of data, which stands in the place of a standard law. Private to
 * sim/base: law.c adds the truncation.
 */
#ifndef OUTLAY_BASE_LAW_DATA_H
#define OUTLAY_BASE_LAW_DATA_H

#include "outlay/law.h"

/* P(X <= x), or, with `upper_tail`, P(X > x). */
double outlay_law_data_cdf(const struct outlay_law_data *self, double x, bool upper_tail);

/*
 * The least x with P(X <= x) >= p, or, with `upper_tail`, with P(X > x) <= p; where a mixture leaves a gap, any x of
 * the gap. Relative accuracy 1e-12. p outside of (0, 1) gives an end. NAN where the memory ran out.
 */
double outlay_law_data_quantile(const struct outlay_law_data *self, double p, bool upper_tail);

void outlay_law_data_support(const struct outlay_law_data *self, double *min, double *max);

#endif
