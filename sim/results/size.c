/* size.c: how large a result file can get. */
#include "results/fields.h"

double outlay_results_max_bytes(const struct outlay_scenario *scenario, const struct outlay_run_options *run)
{
    const double length[OUTLAY_N_AXES] = {
        [OUTLAY_AXIS_DRAW] = run->n_draws,
        [OUTLAY_AXIS_REPLICATE] = run->n_replicates,
        [OUTLAY_AXIS_PROGRAMME] = scenario->n_programmes,
        [OUTLAY_AXIS_YEAR] = scenario->n_years,
        [OUTLAY_AXIS_CLASS] = scenario->n_classes,
        [OUTLAY_AXIS_TIME] = scenario->n_days,
        [OUTLAY_AXIS_PROBABILITY] = OUTLAY_N_PROBABILITIES,
    };
    double bytes = 0.0;
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        double cells = 1.0;
        for (int i = 0; i < field->n_axes; i++) {
            cells *= length[field->axes[i]];
        }
        bytes += cells * (field->storage == OUTLAY_FLOAT64 ? 8.0 : 4.0);
    }
    return bytes + 8.0 * length[OUTLAY_AXIS_DRAW] * scenario->n_uncertain;
}
