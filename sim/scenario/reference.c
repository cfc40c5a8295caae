/* reference.c: THE parameter table as a page of Markdown. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/loader.h"

/* What a block is for, above its table. Blocks without a row here get a table and no words. */
static const struct {
    const char *pattern, *doc;
} blocks[] = {
    {"", "The scenario itself."},
    {"horizon", "The fiscal years that are simulated."},
    {"simulation", "How much is simulated. The command line overrides it."},
    {"classes.*", "A kind of applicant. `NAME` is letters, digits and single underscores."},
    {"programmes.*", "A subsidy scheme with its own budget and rules."},
    {"programmes.*.budget", "`budget: 5 bn` is short for `budget: {amount: 5 bn}`."},
    {"programmes.*.award", "What an application is granted: the smaller of rate x contract and cap."},
    {"programmes.*.applications", "Who applies, how often and with what."},
    {"programmes.*.applications.arrivals", "On which days applications come."},
    {"programmes.*.applications.arrivals.rush", "The opening rush, which falls off exponentially."},
    {"programmes.*.applications.arrivals.deadline", "The rush before applications close, which grows exponentially."},
    {"programmes.*.review", "From the application to the decision."},
    {"programmes.*.allocation", "Who gets the money when it runs short."},
};

static const char introduction[] =
    "Each table is one block of the file. A key without a default must be written. *Number* means a number with or\n"
    "without a unit, or a distribution: then it is uncertain and takes one value a draw. *Law* means a distribution\n"
    "inside the year (each contract, each review draws its own value), or a number, which is always that value.\n";

static const char grammar_text[] =
    "\n## Numbers, units and dates\n\n"
    "| written | means |\n| --- | --- |\n"
    "| `5e9`, `5_000_000_000`, `1.5` | a number; underscores set off groups of digits |\n"
    "| `500 k` | thousand, 10^3 |\n"
    "| `500万` | ten thousand, 10^4 |\n"
    "| `10 M` | million, 10^6 |\n"
    "| `50亿` | hundred million, 10^8 |\n"
    "| `5 bn` | thousand million, 10^9 |\n"
    "| `50%` | hundredths, 10^-2; for shares and plain numbers |\n"
    "| `2025-03-31` | a date |\n"
    "| `03-31` | that day of every fiscal year |\n\n"
    "The blank before a unit may be left out. Money is in units of the currency and is rounded to 0.01 of it.\n";

static const char law_text[] =
    "\n## Distributions\n\n"
    "A distribution is written `{NAME: {PARAMETER: NUMBER, ...}}`. Where the table says so, the parameters may stand\n"
    "in a list in this order: `{triangular: [400, 700, 1200]}`. `min` and `max` beside the parameters cut a\n"
    "distribution off: `{normal: {mean: 30, sd: 12, min: 0}}`; it is then the law given that the value lies between\n"
    "them. The parameters of a law may be uncertain: `{lognormal: {median: {triangular: [3 M, 4 M, 6 M]}, sigma: "
    "1}}`;\n"
    "those of an uncertain number may not. A distribution that would leave the bounds of its key with a probability\n"
    "above 1e-9 is an error, and `min` or `max` mends it.\n\n"
    "| distribution | parameters | as a list | meaning |\n| --- | --- | --- | --- |\n";

static const char rest_text[] =
    "\n## What differs for a class: `by_class`\n\n"
    "`award`, `applications` and `review` may each hold `by_class`, with any of the block's keys for any class; all\n"
    "that is not stated there is the same for all. A number that several classes share is one number, so where it is\n"
    "uncertain they share its value in each draw.\n\n"
    "```yaml\n"
    "award:\n"
    "  rate: 50%\n"
    "  cap: 10 M\n"
    "  by_class:\n"
    "    startup: {rate: 60%, cap: 6 M}\n"
    "```\n\n"
    "## What differs from another file: `extends`\n\n"
    "`extends: other.yaml` takes everything from that file, which may extend another in turn; blocks are merged key\n"
    "by key, and what stands in this file counts. A value is replaced as a whole, a distribution or a list too. A\n"
    "text in `sources` speaks of the values of its own file and of the files below, not of a value that a file above\n"
    "has put in its place.\n\n"
    "## What differs for a run: `--set KEY=VALUE`\n\n"
    "`KEY` is a dotted path, `VALUE` any YAML in one line, and the same checks apply:\n\n"
    "```\n"
    "--set programmes.training.budget=3e9\n"
    "--set programmes.training.award.by_class.startup.rate=70%\n"
    "--set 'programmes.training.applications.contract={lognormal: {median: 3 M, sigma: 1}}'\n"
    "--set programmes.training.applications.contract.lognormal.median='5 M'\n"
    "```\n\n"
    "Classes and programmes must exist; several `--set` are applied in their order.\n\n"
    "## Calendars\n\n"
    "`weekdays` is Monday to Friday, `all_days` every day, `china` the working days of the People's Republic (2025\n"
    "and 2026). A file of your own, named relative to the scenario file, looks like this:\n\n"
    "```yaml\n"
    "title: Example\n"
    "source: where the dates come from\n"
    "covers: {from: 2025-01-01, to: 2025-12-31}     # outside, Monday to Friday count, with a warning\n"
    "weekend: [saturday, sunday]                    # the default\n"
    "holidays:                                      # off\n"
    "  - 2025-01-01\n"
    "  - {from: 2025-10-01, to: 2025-10-08, name: National Day}\n"
    "make_up: [2025-10-11]                          # days of the weekend that are worked\n"
    "```\n";

/* The path with NAME for each name that the user gives. */
static void add_path(struct outlay_text *out, const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (path[i] == '*') {
            outlay_text_printf(out, "NAME");
        } else {
            outlay_text_add(out, path + i, 1);
        }
    }
}

static const char *type_name(const struct outlay_parameter *row)
{
    static const char *const types[OUTLAY_N_TYPES] = {
        [OUTLAY_TYPE_VERSION] = "version",
        [OUTLAY_TYPE_TEXT] = "text",
        [OUTLAY_TYPE_PROSE] = "text",
        [OUTLAY_TYPE_CURRENCY] = "currency",
        [OUTLAY_TYPE_CALENDAR] = "calendar",
        [OUTLAY_TYPE_EXTENDS] = "file",
        [OUTLAY_TYPE_SOURCES] = "paths: texts",
        [OUTLAY_TYPE_DATE] = "date",
        [OUTLAY_TYPE_WHEN] = "date or MM-DD",
        [OUTLAY_TYPE_INTEGER] = "whole number",
        [OUTLAY_TYPE_SEED] = "whole number",
        [OUTLAY_TYPE_CHOICE] = "word",
        [OUTLAY_TYPE_NUMBER] = "number",
        [OUTLAY_TYPE_MONTHS] = "list of 12 numbers",
        [OUTLAY_TYPE_LAW] = "law",
    };
    return types[row->type];
}

static const char *unit_name(const struct outlay_parameter *row)
{
    static const char *const units[] = {
        [OUTLAY_UNIT_NONE] = "",         [OUTLAY_UNIT_PLAIN] = "", [OUTLAY_UNIT_MONEY] = ", money",
        [OUTLAY_UNIT_SHARE] = ", share", [OUTLAY_UNIT_COUNT] = "", [OUTLAY_UNIT_DAYS] = ", days",
        [OUTLAY_UNIT_YEARS] = ", years",
    };
    return units[row->unit];
}

/* How a scenario would have written the default. */
static const char *default_text(const struct outlay_parameter *row)
{
    if (row->default_text != NULL) {
        return row->type == OUTLAY_TYPE_MONTHS ? "all 1" : row->default_text;
    }
    return (row->flags & OUTLAY_OPTIONAL) != 0 ? "none" : NULL;
}

static void add_row(struct outlay_text *out, const struct outlay_parameter *row, struct outlay_arena *arena)
{
    const char *dot = strrchr(row->path, '.');
    const char *standard = default_text(row);
    const char *quote = standard != NULL ? "`" : "";
    const char *allowed = row->type == OUTLAY_TYPE_CALENDAR || row->type == OUTLAY_TYPE_CURRENCY
                              ? ""
                              : outlay_parameter_allowed(row, arena);
    outlay_text_printf(out, "| `%s` | %s%s | %s%s%s | %s | %s |\n", dot != NULL ? dot + 1 : row->path, type_name(row),
                       unit_name(row), quote, standard != NULL ? standard : "**required**", quote, allowed, row->doc);
}

static void add_block_head(struct outlay_text *out, const char *path, size_t length)
{
    outlay_text_printf(out, "\n### ");
    if (length == 0) {
        outlay_text_printf(out, "The top of the file");
    } else {
        outlay_text_printf(out, "`");
        add_path(out, path, length);
        outlay_text_printf(out, "`");
    }
    outlay_text_printf(out, "\n\n");
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (strlen(blocks[i].pattern) == length && strncmp(blocks[i].pattern, path, length) == 0) {
            outlay_text_printf(out, "%s\n\n", blocks[i].doc);
        }
    }
    outlay_text_printf(out, "| key | takes | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n");
}

static void add_parameters(struct outlay_text *out, struct outlay_arena *arena)
{
    const char *block = NULL;
    size_t block_length = 0;
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *dot = strrchr(row->path, '.');
        const size_t length = dot != NULL ? (size_t)(dot - row->path) : 0;
        if (block == NULL || length != block_length || strncmp(block, row->path, length) != 0) {
            block = row->path;
            block_length = length;
            add_block_head(out, block, block_length);
        }
        add_row(out, row, arena);
    }
}

static void add_laws(struct outlay_text *out)
{
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        outlay_text_printf(out, "| `%s` | ", form->name);
        for (int i = 0; i < form->n_parameters; i++) {
            outlay_text_printf(out, "%s`%s`", i == 0 ? "" : ", ", form->parameter[i]);
        }
        outlay_text_printf(out, " | %s | %s |\n", form->may_be_list ? "yes" : "", form->doc);
    }
}

bool outlay_parameters_write(FILE *out)
{
    struct outlay_text text = {0};
    struct outlay_arena arena = {0};
    outlay_text_printf(&text, "## Keys\n\n%s", introduction);
    add_parameters(&text, &arena);
    outlay_text_add(&text, grammar_text, strlen(grammar_text));
    outlay_text_add(&text, law_text, strlen(law_text));
    add_laws(&text);
    outlay_text_add(&text, rest_text, strlen(rest_text));
    outlay_arena_free(&arena);
    char *page = outlay_text_take(&text);
    const bool is_ok = page != NULL && fputs(page, out) >= 0;
    free(page);
    return is_ok;
}
