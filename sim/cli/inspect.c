/* inspect.c: the commands that only look at scenarios and at the program: check, params, schema, fields. */
#include <stdlib.h>

#include "cli.h"
#include "outlay/engine.h"
#include "outlay/results.h"

/* What a run of the scenario would cost, as a comment under the resolved scenario. */
static outlay_err print_cost(const struct outlay_scenario *scenario, bool may_stop, struct outlay_diag *diag)
{
    const struct outlay_run_options run = outlay_run_options_for(scenario);
    double seconds, contracts;
    const outlay_err err = outlay_engine_estimate(scenario, &run, &seconds, &contracts, diag);
    if (err == OUTLAY_OK) {
        printf("# a run: %s%u draws x %u replicates, about %.3g M contracts, %.2g s; file at most %.3g MB\n",
               may_stop ? "at most " : "", run.n_draws, run.n_replicates, contracts / 1e6, seconds,
               outlay_results_max_bytes(scenario, &run) / 1e6);
    }
    return err;
}

static outlay_err check_one(const char *path, const struct cli_options *options, struct outlay_diag *diag)
{
    struct outlay_scenario scenario = {0};
    struct outlay_precision *precision = NULL;
    outlay_err err = outlay_scenario_load(&scenario, path, options->overrides, options->n_overrides, diag);
    if (err == OUTLAY_OK) {
        err = outlay_precision_new(&precision, &scenario, diag);
    }
    if (err == OUTLAY_OK) {
        char *text = outlay_scenario_to_yaml(&scenario);
        if (text == NULL) {
            err = outlay_diag_error(diag, OUTLAY_ERR_NO_MEMORY, NULL, "the memory ran out");
        } else {
            printf("# %s: good\n%s", path, text);
            err = print_cost(&scenario, precision != NULL, diag);
        }
        free(text);
    }
    outlay_precision_free(precision);
    outlay_scenario_free(&scenario);
    return err;
}

enum exit_status command_check(const struct command *command, int argc, char **argv)
{
    struct cli_options options;
    bool is_help;
    enum exit_status status = options_read(&options, command, "S", argc, argv, &is_help);
    if (status == EXIT_DONE && !is_help && options.n_operands == 0) {
        status = misuse(command, "which scenario?");
    }
    for (int i = 0; status != EXIT_MISUSE && !is_help && i < options.n_operands; i++) {
        struct outlay_diag diag = {0};
        printf("%s", i > 0 ? "\n" : "");
        const enum exit_status one = status_of(check_one(options.operands[i], &options, &diag));
        status = one > status ? one : status;
        fflush(stdout);
        outlay_notes_print(stderr, &diag);
        outlay_diag_free(&diag);
    }
    options_free(&options);
    return status;
}

static enum exit_status print_reference(const struct command *command, int argc, char **argv, bool (*write)(FILE *))
{
    struct cli_options options;
    bool is_help;
    enum exit_status status = options_read(&options, command, "", argc, argv, &is_help);
    if (status == EXIT_DONE && !is_help && options.n_operands > 0) {
        status = misuse(command, "it takes no operand");
    }
    if (status == EXIT_DONE && !is_help && !write(stdout)) {
        fputs("outlay: standard output cannot be written\n", stderr);
        status = EXIT_FAILED;
    }
    options_free(&options);
    return status;
}

enum exit_status command_params(const struct command *command, int argc, char **argv)
{
    return print_reference(command, argc, argv, outlay_parameters_write);
}

enum exit_status command_schema(const struct command *command, int argc, char **argv)
{
    return print_reference(command, argc, argv, outlay_schema_write);
}

enum exit_status command_fields(const struct command *command, int argc, char **argv)
{
    return print_reference(command, argc, argv, outlay_fields_write);
}
