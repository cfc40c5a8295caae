/* fuzz_scenario.c: any text as a scenario that lies in scenarios/, so that it may extend those of the library. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outlay_scenario scenario = {0};
    struct outlay_diag diag = {0};
    char *text = fuzz_text(data, size);
    const outlay_err err = outlay_scenario_load_text(&scenario, "scenarios/fuzz.yaml", text, NULL, 0, &diag);
    fuzz_finish(&scenario, err, &diag);
    free(text);
    return 0;
}
