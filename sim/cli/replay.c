/* replay.c: the command that plays one replicate of a result file again and writes its ledger. */
#include "cli.h"
#include "outlay/results.h"

static outlay_err write_ledger(const struct outlay_replay *replay, const struct cli_options *options,
                               struct outlay_diag *diag)
{
    if (options->output != NULL) {
        return outlay_replay_save(replay, options->output, options->force, diag);
    }
    return outlay_replay_print(replay, stdout)
               ? OUTLAY_OK
               : outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "standard output cannot be written");
}

static outlay_err replay(const char *path, const struct cli_options *options, struct outlay_diag *diag)
{
    const struct outlay_path at = {(uint32_t)options->draw, (uint32_t)options->replicate};
    struct outlay_replay *replay = NULL;
    outlay_err err = outlay_replay_new(&replay, path, diag);
    if (err == OUTLAY_OK) {
        err = outlay_replay_play(replay, at, diag);
    }
    if (err == OUTLAY_OK) {
        err = write_ledger(replay, options, diag);
    }
    if (err == OUTLAY_OK && !options->quiet) {
        fprintf(stderr, "%s: draw %u, replicate %u: %zu applications, whose sums are those of the file to the fen\n",
                path, at.draw, at.replicate, outlay_replay_ledger(replay)->n);
    }
    outlay_replay_free(replay);
    return err;
}

enum exit_status command_replay(const struct command *command, int argc, char **argv)
{
    struct cli_options options;
    struct outlay_diag diag = {0};
    bool is_help;
    enum exit_status status = options_read(&options, command, "oDRfq", argc, argv, &is_help);
    if (status != EXIT_DONE || is_help) {
        goto out;
    }
    if (options.n_operands != 1) {
        status = misuse(command, options.n_operands == 0 ? "which result file?" : "one result file at a time");
    } else if (!options.has_replicate) {
        status = misuse(command, "which replicate? --replicate R");
    } else {
        const outlay_err err = replay(options.operands[0], &options, &diag);
        /* a replicate that is not there is misuse; all else is about the file, no scenario of the user's */
        status = err == OUTLAY_ERR_OUT_OF_RANGE ? EXIT_MISUSE : err == OUTLAY_OK ? EXIT_DONE : EXIT_FAILED;
        fflush(stdout);
        outlay_notes_print(stderr, &diag);
    }
out:
    outlay_diag_free(&diag);
    options_free(&options);
    return status;
}
