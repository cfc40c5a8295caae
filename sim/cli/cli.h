/* cli.h: argv -> one command. The only room that prints or exits. */
#ifndef OUTLAY_CLI_H
#define OUTLAY_CLI_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "outlay/engine.h"
#include "outlay/error.h"
#include "outlay/precision.h"
#include "outlay/results.h"
#include "outlay/scenario.h"

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSE = 2, EXIT_BAD_SCENARIO = 3, EXIT_INTERRUPTED = 130 };

/* A command: what it is called, how it is used, and what it does. A row of the table in main.c. */
struct command {
    const char *name;
    const char *usage;   /* after "outlay NAME " */
    const char *summary; /* one line */
    const char *details; /* its options and what comes out; may be empty */
    enum exit_status (*act)(const struct command *command, int argc, char **argv);
};

enum exit_status command_run(const struct command *command, int argc, char **argv);
enum exit_status command_check(const struct command *command, int argc, char **argv);
enum exit_status command_exact(const struct command *command, int argc, char **argv);
enum exit_status command_show(const struct command *command, int argc, char **argv);
enum exit_status command_replay(const struct command *command, int argc, char **argv);
enum exit_status command_params(const struct command *command, int argc, char **argv);
enum exit_status command_schema(const struct command *command, int argc, char **argv);
enum exit_status command_fields(const struct command *command, int argc, char **argv);

/* Usage of one command. */
void usage_print(FILE *out, const struct command *command);

/* "outlay run: --threads takes a whole number from 1 to 1024, not 'x'", and where help is to be had. */
enum exit_status misuse(const struct command *command, const char *format, ...) OUTLAY_PRINTF(2, 3);

/* What `show` makes: the answer, a table on stdout, or all tables as files. */
enum cli_csv { CLI_CSV_NONE, CLI_CSV_TABLE, CLI_CSV_FILES };
enum cli_chart { CLI_CHART_AUTO, CLI_CHART_NONE, CLI_CHART_ASCII, CLI_CHART_UNICODE };

/* All options that any command takes. */
struct cli_options {
    const char *output; /* -o; NULL = none */
    double threads;     /* 0 = not given */
    double draw, replicate;
    bool has_replicate;
    bool force, quiet, stamp, check_exact, resume;
    enum cli_csv csv;
    enum outlay_csv_table table; /* with CLI_CSV_TABLE */
    enum cli_chart chart;
    int argc; /* of the whole command line, to be told again */
    char **argv;
    struct outlay_override *overrides; /* [argc]; owned; --set, -n, --draws, --seed, --precision in their order */
    size_t n_overrides;
    char **owned; /* [argc]: texts of the last four */
    size_t n_owned;
    char **operands; /* what is left of argv */
    int n_operands;
};

/*
 * Read the options that `letters` allows: o n d (draws) D (--draw) R (--replicate) t (threads) s (seed) p (precision)
 * S (--set) f q T (--stamp) x (--check-exact) r (--resume) k (--csv) c (--chart).
 * EXIT_DONE to go on; otherwise everything has been said. *is_help is set where only help was asked for.
 */
enum exit_status options_read(struct cli_options *self, const struct command *command, const char *letters, int argc,
                              char **argv, bool *is_help);
void options_free(struct cli_options *self);

/* Do both paths lead to the same file or folder, which is there? */
bool is_same_file(const char *path, const char *other);

/* One scenario of a batch: where it comes from, where its result goes, how it ended. */
struct job {
    const char *scenario;
    char *output;
    enum exit_status status;
};

/* A command that makes a result file of each scenario: its options, how its files end by themselves, what it does. */
struct maker {
    const char *letters;
    const char *ending;
    outlay_err (*make)(const struct job *job, const struct cli_options *options, struct outlay_diag *diag);
};

/* Read the command line and make all files; one that fails does not keep the others from being made. */
enum exit_status make_all(const struct command *command, const struct maker *maker, int argc, char **argv);

/* Print how far a run lies from the exact answer, or why there is none, which is no error. */
outlay_err print_deviations(const struct outlay_scenario *scenario, const struct outlay_tallies *run,
                            struct outlay_diag *diag);

/* The command line that goes on with what was interrupted, as a shell takes it; to be freed; NULL = no memory. */
char *resuming_command(const struct cli_options *options);

/* The status that an error of the library ends the program with. */
enum exit_status status_of(outlay_err err);

/* Notes as a compiler prints them: file:line:column, the line, a caret, a hint. */
void outlay_notes_print(FILE *out, const struct outlay_diag *diag);

/* Columns of the terminal: COLUMNS if that is set, else what the terminal says, else 80. */
int terminal_width(void);

/* How charts go to stdout: as asked for; with CLI_CHART_AUTO in blocks or plainly on a terminal, elsewhere not at all.
 */
struct outlay_chart_options terminal_charts(enum cli_chart chart);

/* A file that grows beyond a limit is an error of a write, not the end of the program. */
void signals_survive_limits(void);

/* From here on SIGINT, SIGTERM and SIGHUP are noted instead of ending the program; a second one ends it at once. */
extern volatile sig_atomic_t cli_interrupted;
void signals_catch(void);

/* The line on a terminal that says how far a run is. Nothing is printed where `out` is no terminal. */
struct progress {
    FILE *out; /* NULL = silent */
    const char *name;
    double start;                             /* seconds */
    double done, contracts;                   /* before: of an interrupted run that goes on */
    bool has_begun;                           /* so much is known */
    double shown;                             /* when it was last printed, seconds */
    const struct outlay_precision *precision; /* that the run waits for; NULL = none */
};
void progress_start(struct progress *self, FILE *out, const char *name, bool is_quiet);
void progress_report(void *context, double done, double contracts); /* fits outlay_run_options.progress */
void progress_end(struct progress *self);
double progress_seconds(const struct progress *self);

#endif
