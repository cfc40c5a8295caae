/* size.c: how large a result file can get. */
#include <string.h>

#include "results/fields.h"

/* Names, units, dimensions and the like; 900 bytes were measured. The resolved scenario stands in the file twice. */
#define BYTES_OF_A_VARIABLE 1200.0
#define BYTES_OF_TEXTS 1e5

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
    double bytes = 0.0, n_variables = OUTLAY_N_AXES + scenario->n_uncertain;
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        double cells = 1.0;
        for (int i = 0; i < field->n_axes; i++) {
            cells *= length[field->axes[i]];
        }
        bytes += cells * (field->storage == OUTLAY_FLOAT64 ? 8.0 : 4.0);
        n_variables += 1.0;
    }
    for (int i = 0; i < scenario->n_files; i++) {
        bytes += (double)strlen(scenario->file_texts[i]);
    }
    for (int i = 0; i < scenario->n_read; i++) {
        bytes += (double)scenario->read[i].size;
    }
    return bytes + 8.0 * length[OUTLAY_AXIS_DRAW] * scenario->n_uncertain + BYTES_OF_TEXTS +
           BYTES_OF_A_VARIABLE * n_variables;
}
