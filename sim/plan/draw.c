/* draw.c: one value for each uncertain number of the scenario. */
#include <math.h>

#include "outlay/plan.h"

void outlay_draw_values(const struct outlay_scenario *scenario, uint64_t seed, uint32_t draw, double values[])
{
    const struct outlay_key root = outlay_key_from_seed(seed);
    for (int i = 0; i < scenario->n_uncertain; i++) {
        const struct outlay_uncertain *number = &scenario->uncertain[i];
        /* addressed by its name: a further uncertain number leaves the values of all others as they are */
        const struct outlay_key key = outlay_key_fold(root, number->path);
        const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_UNCERTAIN, 0, draw);
        const struct outlay_block bits = outlay_block_at(key, 0, 0, 0, high);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        const double value =
            u < 0.5 ? outlay_law_quantile(&number->law, u, false) : outlay_law_quantile(&number->law, 1.0 - u, true);
        const double bounded = fmax(number->min, fmin(value, number->max));
        values[i] = number->unit == OUTLAY_UNIT_MONEY ? rint(bounded) : bounded;
    }
}
