/* options.c: what the command line says. */
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "outlay/quantity.h"

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"replicates", required_argument, NULL, 'n'},
    {"draws", required_argument, NULL, 'd'},
    {"draw", required_argument, NULL, 'D'},
    {"replicate", required_argument, NULL, 'R'},
    {"threads", required_argument, NULL, 't'},
    {"seed", required_argument, NULL, 's'},
    {"precision", required_argument, NULL, 'p'},
    {"set", required_argument, NULL, 'S'},
    {"force", no_argument, NULL, 'f'},
    {"quiet", no_argument, NULL, 'q'},
    {"stamp", no_argument, NULL, 'T'},
    {"check-exact", no_argument, NULL, 'x'},
    {"resume", no_argument, NULL, 'r'},
    {"csv", optional_argument, NULL, 'k'},
    {"chart", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char *long_name(int letter)
{
    for (const struct option *option = long_options; option->name != NULL; option++) {
        if (option->val == letter) {
            return option->name;
        }
    }
    return "?";
}

/* A whole number within bounds; written as in a scenario, so that 1e6 and "10 k" are understood. */
static enum exit_status read_whole(const struct command *command, int letter, double min, double max, double *value)
{
    double read;
    if (!outlay_quantity_parse(optarg, &read) || read != floor(read) || read < min || read > max) {
        return misuse(command, "%s%s takes a whole number from %.0f to %.0f, not '%s'", letter == 'n' ? "-" : "--",
                      letter == 'n' ? "n" : long_name(letter), min, max, optarg);
    }
    *value = read;
    return EXIT_DONE;
}

/* A value of the scenario: so that the result file tells with what it was run. */
static enum exit_status add_simulation(struct cli_options *self, const char *key, const char *value)
{
    const size_t size = strlen("simulation.=") + strlen(key) + strlen(value) + 1;
    char *text = malloc(size);
    if (text == NULL) {
        fputs("outlay: the memory ran out\n", stderr);
        return EXIT_FAILED;
    }
    (void)snprintf(text, size, "simulation.%s=%s", key, value);
    self->owned[self->n_owned++] = text;
    self->overrides[self->n_overrides++].text = text;
    return EXIT_DONE;
}

static enum exit_status read_simulation(struct cli_options *self, const struct command *command, int letter, double max)
{
    static const char *const keys[] = {['n'] = "replicates", ['d'] = "draws", ['s'] = "seed"};
    double value = 0.0;
    char digits[32];
    const enum exit_status status = read_whole(command, letter, letter == 's' ? 0.0 : 1.0, max, &value);
    (void)snprintf(digits, sizeof digits, "%.0f", value);
    return status == EXIT_DONE ? add_simulation(self, keys[letter], digits) : status;
}

/* --csv, or --csv=TABLE. */
static enum exit_status read_table(struct cli_options *self, const struct command *command)
{
    self->csv = CLI_CSV_FILES;
    for (int i = 0; optarg != NULL && i < OUTLAY_N_CSV_TABLES; i++) {
        if (strcmp(optarg, outlay_csv_tables[i]) == 0) {
            self->csv = CLI_CSV_TABLE;
            self->table = (enum outlay_csv_table)i;
        }
    }
    return optarg == NULL || self->csv == CLI_CSV_TABLE
               ? EXIT_DONE
               : misuse(command, "--csv takes nothing, summary, classes, days or replicates, not '%s'", optarg);
}

static enum exit_status read_chart(struct cli_options *self, const struct command *command)
{
    static const char *const names[] = {[CLI_CHART_AUTO] = "auto",
                                        [CLI_CHART_NONE] = "none",
                                        [CLI_CHART_ASCII] = "ascii",
                                        [CLI_CHART_UNICODE] = "unicode"};
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++) {
        if (strcmp(optarg, names[i]) == 0) {
            self->chart = (enum cli_chart)i;
            return EXIT_DONE;
        }
    }
    return misuse(command, "--chart takes auto, unicode, ascii or none, not '%s'", optarg);
}

static enum exit_status read_option(struct cli_options *self, const struct command *command, int letter)
{
    switch (letter) {
    case 'o':
        self->output = optarg;
        return optarg[0] != '\0' ? EXIT_DONE : misuse(command, "--output takes a file or a folder");
    case 'n':
        return read_simulation(self, command, letter, OUTLAY_MAX_REPLICATES);
    case 'd':
        return read_simulation(self, command, letter, OUTLAY_MAX_DRAWS);
    case 'D':
        return read_whole(command, letter, 0.0, OUTLAY_MAX_DRAWS - 1, &self->draw);
    case 'R':
        self->has_replicate = true;
        return read_whole(command, letter, 0.0, OUTLAY_MAX_REPLICATES - 1, &self->replicate);
    case 't':
        return read_whole(command, letter, 1.0, 1024.0, &self->threads);
    case 's':
        return read_simulation(self, command, letter, 0x1p53 - 1.0);
    case 'p':
        return add_simulation(self, "precision", optarg);
    case 'S':
        self->overrides[self->n_overrides++].text = optarg;
        return EXIT_DONE;
    case 'f':
        self->force = true;
        return EXIT_DONE;
    case 'q':
        self->quiet = true;
        return EXIT_DONE;
    case 'x':
        self->check_exact = true;
        return EXIT_DONE;
    case 'r':
        self->resume = true;
        return EXIT_DONE;
    case 'k':
        return read_table(self, command);
    case 'c':
        return read_chart(self, command);
    default:
        self->stamp = true;
        return EXIT_DONE;
    }
}

enum exit_status options_read(struct cli_options *self, const struct command *command, const char *letters, int argc,
                              char **argv, bool *is_help)
{
    *self = (struct cli_options){.argc = argc, .argv = argv};
    *is_help = false;
    self->overrides = calloc((size_t)argc, sizeof *self->overrides);
    self->owned = calloc((size_t)argc, sizeof *self->owned);
    if (self->overrides == NULL || self->owned == NULL) {
        fputs("outlay: the memory ran out\n", stderr);
        return EXIT_FAILED;
    }
    opterr = 0;
    for (;;) {
        const int letter = getopt_long(argc, argv, ":o:n:qh", long_options, NULL);
        if (letter == -1) {
            break;
        }
        if (letter == 'h') {
            usage_print(stdout, command);
            *is_help = true;
            return EXIT_DONE;
        }
        if (letter == ':') {
            return misuse(command, "%s needs a value", argv[optind - 1]);
        }
        if (letter == '?') {
            return misuse(command, "there is no option '%s'", argv[optind - 1]);
        }
        if (strchr(letters, letter) == NULL) {
            return misuse(command, "there is no option '--%s'", long_name(letter));
        }
        const enum exit_status status = read_option(self, command, letter);
        if (status != EXIT_DONE) {
            return status;
        }
    }
    self->operands = argv + optind;
    self->n_operands = argc - optind;
    return EXIT_DONE;
}

void options_free(struct cli_options *self)
{
    for (size_t i = 0; i < self->n_owned; i++) {
        free(self->owned[i]);
    }
    free(self->owned);
    free(self->overrides);
    *self = (struct cli_options){0};
}

enum exit_status status_of(outlay_err err)
{
    switch (err) {
    case OUTLAY_ERR_OK:
        return EXIT_DONE;
    case OUTLAY_ERR_INTERRUPTED:
        return EXIT_INTERRUPTED;
    case OUTLAY_ERR_NO_MEMORY:
    case OUTLAY_ERR_BEYOND_REACH:
    case OUTLAY_ERR_LIBRARY:
    case OUTLAY_ERR_OUTPUT_EXISTS:
    case OUTLAY_ERR_CANNOT_WRITE:
    case OUTLAY_ERR_BAD_RESULT_FILE:
        return EXIT_FAILED;
    default:
        return EXIT_BAD_SCENARIO;
    }
}

/* One word of a command line, in quotes where a shell needs them; returns where it ends. */
static char *put_word(char *to, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        return stpcpy(to, word);
    }
    *to++ = '\'';
    for (; *word != '\0'; word++) {
        to = *word == '\'' ? stpcpy(to, "'\\''") : stpncpy(to, word, 1);
    }
    return stpcpy(to, "'");
}

char *resuming_command(const struct cli_options *options)
{
    size_t size = sizeof "outlay --resume";
    for (int i = 0; i < options->argc; i++) {
        size += 4 * strlen(options->argv[i]) + sizeof " ''"; /* each character may be a quote */
    }
    char *text = malloc(size);
    char *end = text == NULL ? NULL : stpcpy(text, "outlay");
    for (int i = 0; i < options->argc && text != NULL; i++) {
        end = put_word(stpcpy(end, " "), options->argv[i]);
        end = i == 0 && !options->resume ? stpcpy(end, " --resume") : end;
    }
    return text;
}
