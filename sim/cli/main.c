/* main.c: the table of commands. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <stdarg.h>
#include <string.h>

#include "cli.h"
#include "outlay/version.h"

static const char run_details[] =
    "  -o FILE|DIR       where the result goes (default: results/, one file for each scenario)\n"
    "  -n N              replicates of each draw (default: what the scenario says, or a sensible number)\n"
    "  --draws N         draws of the uncertain numbers\n"
    "  --precision Q=H   stop when the 95 % interval of the quantity Q is at most H wide on either side, such as\n"
    "                    p_exhausted=0.005 or exhaustion_date.p50=1,outlay.mean=10M; --draws (with one draw, -n) are\n"
    "                    then the most that are played\n"
    "  --seed N          seed of all random numbers, 0 to 2^53 - 1 (default: what the scenario says, or 1)\n"
    "  --threads N       threads (default: all cores); the result does not depend on them\n"
    "  --set KEY=VALUE   change one value of the scenario, such as programmes.training.budget=3e9; may be repeated\n"
    "  --force           replace a result file that exists\n"
    "  --resume          go on with a run that was interrupted; the file is then the same, to the byte, as that of a "
    "run\n"
    "                    that never was. A result that is complete is left alone\n"
    "  --quiet           print nothing but errors\n"
    "  --stamp           store date, host, threads, seconds and compiler in the file\n"
    "  --check-exact     print how many standard errors the run lies from the exact answer, or which rule has none\n"
    "\n"
    "Writes an HDF5 file (netCDF-4) and prints the answer. Ctrl-C finishes the batch at hand and leaves a valid file\n"
    "FILE.partial, and beside it FILE.partial.state, from which --resume goes on. Exit status: 0 done, 1 failed, 2 "
    "misuse, 3 bad scenario, 130 interrupted.\n";

static const char check_details[] =
    "  --set KEY=VALUE   change one value of the scenario; may be repeated\n"
    "\n"
    "Prints the resolved scenario, each value with where it comes from, money in words, and what a run would cost.\n"
    "Exit status: 0 if every scenario is good, 3 if not.\n";

static const char exact_details[] =
    "  -o FILE|DIR       where the result goes (default: results/, NAME-exact.h5 for each scenario)\n"
    "  --set KEY=VALUE   change one value of the scenario; may be repeated\n"
    "  --force           replace a result file that exists\n"
    "  --quiet           print nothing but errors\n"
    "  --stamp           store date, host, seconds and compiler in the file\n"
    "\n"
    "Works out what a run estimates: the distribution of demand, of what is committed and of the exhaustion date, "
    "through\n"
    "characteristic functions, with bounds of the error. Writes the same fields in the same format as a run, less the\n"
    "replicates and what is not known exactly. Within reach are independent applicants whose demand meets a wall of\n"
    "money that stands from the year's first day; for another scenario the rule is named that is the reason.\n"
    "Exit status: 0 done, 1 failed or beyond reach, 2 misuse, 3 bad scenario.\n";

static const char show_details[] =
    "  --chart WHAT      auto (the default), unicode, ascii or none: draw when the budget is exhausted, and the fan\n"
    "                    of the commitments; auto draws on a terminal only, in ASCII where that is not UTF-8\n"
    "  --csv             write tables for spreadsheets instead, beside each file: NAME_summary.csv,\n"
    "                    NAME_classes.csv, NAME_days.csv, NAME_replicates.csv\n"
    "  --csv=TABLE       print one of these tables (summary, classes, days, replicates); that of several files has\n"
    "                    a column `result`\n"
    "  -o FILE|DIR       write the table to FILE, or with --csv alone all tables into DIR\n"
    "  --force           replace tables that exist\n"
    "\n"
    "Several files are shown side by side. What sets them off from the first is shown with its standard error where\n"
    "both have the same seed, draws and replicates, and as many applications in each replicate. Exit status: 0 done,\n"
    "1 a file cannot be read or written, 2 misuse.\n";

static const char replay_details[] =
    "  --replicate R     which replicate of the draw, from 0\n"
    "  --draw D          which draw, from 0 (default: 0)\n"
    "  -o FILE           write the ledger there, .h5 or .nc: as HDF5 (netCDF-4), else as CSV (default: CSV, printed)\n"
    "  --force           replace a file that exists\n"
    "  --quiet           print nothing but the ledger and errors\n"
    "\n"
    "Plays one replicate of a result file again, from the scenario and the seed in it, and writes its ledger: a row "
    "for\n"
    "each application, in the order of decision. Every sum over the ledger, and every other account, must be what the\n"
    "file says of that replicate, to the fen; otherwise the first difference is told and nothing is written. Exit\n"
    "status: 0 done, 1 the file is damaged, changed or of another version, 2 misuse or no such replicate.\n";

static const struct command commands[] = {
    {"run", "SCENARIO... [OPTION...]", "play the scenarios and write their results", run_details, command_run},
    {"check", "SCENARIO... [--set KEY=VALUE]...", "validate scenarios and print them resolved", check_details,
     command_check},
    {"exact", "SCENARIO... [OPTION...]", "work the answer out without simulation, where that can be done",
     exact_details, command_exact},
    {"show", "FILE.h5... [OPTION...]", "print, draw, compare or tabulate the answers in result files", show_details,
     command_show},
    {"replay", "FILE.h5 --replicate R [OPTION...]", "audit one replicate, application by application", replay_details,
     command_replay},
    {"params", "", "print the reference of the scenario language (Markdown)", "", command_params},
    {"schema", "", "print the scenario language as a JSON Schema, for editors", "", command_schema},
    {"fields", "", "print the reference of the result file (Markdown)", "", command_fields},
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void help_print(FILE *out)
{
    fputs("outlay: how much of a subsidy budget is used, by whom, and on what date it is gone\n\n", out);
    for (int i = 0; i < N_COMMANDS; i++) {
        fprintf(out, "  outlay %-7s %-34s %s\n", commands[i].name, commands[i].usage, commands[i].summary);
    }
    fputs("\n  outlay help COMMAND    all options of a command\n  outlay --version\n", out);
}

static const struct command *find(const char *name)
{
    for (int i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

void usage_print(FILE *out, const struct command *command)
{
    fprintf(out, "outlay %s %s\n%s.\n", command->name, command->usage, command->summary);
    if (command->details[0] != '\0') {
        fprintf(out, "\n%s", command->details);
    }
}

enum exit_status misuse(const struct command *command, const char *format, ...)
{
    fprintf(stderr, "outlay %s: ", command->name);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\ntry: outlay help %s\n", command->name);
    return EXIT_MISUSE;
}

static enum exit_status help(int argc, char **argv)
{
    if (argc < 2) {
        help_print(stdout);
        return EXIT_DONE;
    }
    const struct command *command = find(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "outlay: there is no command '%s'\n", argv[1]);
        return EXIT_MISUSE;
    }
    usage_print(stdout, command);
    return EXIT_DONE;
}

static enum exit_status act(int argc, char **argv)
{
    if (argc < 2) {
        help_print(stderr);
        return EXIT_MISUSE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return help(argc - 1, argv + 1);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("outlay %s (%s)\n", OUTLAY_VERSION, OUTLAY_REVISION);
        return EXIT_DONE;
    }
    const struct command *command = find(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "outlay: there is no command '%s'\n\n", argv[1]);
        help_print(stderr);
        return EXIT_MISUSE;
    }
    return command->act(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off(); /* codes and NaNs are checked where they come up */
    signals_survive_limits();
    const enum exit_status status = act(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("outlay: standard output cannot be written\n", stderr);
        return status != EXIT_DONE ? (int)status : EXIT_FAILED;
    }
    return (int)status;
}
