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
    {"programmes.*.budget.releases.#",
     "One item of `releases`: `releases: [{date: 01-01, share: 40%}, {date: 07-01, share: 60%}]`."},
    {"programmes.*.budget.top_ups.#", "One item of `top_ups`: `top_ups: [{date: 07-01, amount: 100 M}]`."},
    {"programmes.*.budget.reserves.#",
     "One item of `reserves`: `reserves: [{class: startup, share: 20%, until: 09-30}]`. A class may stand twice, with\n"
     "two days: its money is then set free in two parts."},
    {"programmes.*.budget.steps.#",
     "One item of `steps`: `steps: [{committed: 50%, factor: 80%}, {committed: 75%, factor: 60%}]`."},
    {"programmes.*.award",
     "What an application is granted: the smaller of rate x contract and cap, or a fixed sum, or what the band of the\n"
     "contract says."},
    {"programmes.*.award.bands.#",
     "One item of `bands`: `bands: [{up_to: 2 M, rate: 50%}, {up_to: none, rate: 20%, cap: 5 M}]`."},
    {"programmes.*.award.young", "What start-ups are granted: `young: {below: 5, rate: 60%, cap: 6 M}`."},
    {"programmes.*.applications", "Who applies, how often and with what."},
    {"programmes.*.applications.diffusion",
     "How taking part spreads over the years (Bass 1969); `take_up` is where it leads to."},
    {"programmes.*.applications.response", "What applicants make of the rules: a larger contract, at others' expense."},
    {"programmes.*.applications.arrivals", "On which days applications come."},
    {"programmes.*.applications.arrivals.rush", "The opening rush, which falls off exponentially."},
    {"programmes.*.applications.arrivals.deadline", "The rush before applications close, which grows exponentially."},
    {"programmes.*.review", "From the application to the decision."},
    {"programmes.*.allocation", "Who gets the money when it runs short."},
    {"programmes.*.allocation.run",
     "A run on a pot that is nearly empty: applications come faster, in the same order."},
    {"programmes.*.payment", "From the commitment to the outlay, or to its death."},
    {"correlations.#", "One item of `correlations`: `correlations: [{between: [PATH, PATH], rank: 0.6}]`."},
};

static const char introduction[] =
    "Each table is one block of the file. A key without a default must be written. *Number* means a number with or\n"
    "without a unit, or a distribution: then it is uncertain and takes one value a draw. *Law* means a distribution\n"
    "inside the year (each contract, each review draws its own value), or a number, which is always that value.\n"
    "*Class* and *programme* mean a name of one, and a programme must stand above the one that names it. A *list of\n"
    "blocks* is written `[{...}, {...}]`, or one item a line behind a dash; the keys of an item have a table of their\n"
    "own. `none` is no limit, or nothing of the kind.\n";

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
    "those of an uncertain number, and of a law made of data, may not. A distribution that would leave the bounds of "
    "its key with a probability\n"
    "above 1e-9 is an error, and `min` or `max` mends it.\n\n"
    "| distribution | parameters | as a list | meaning |\n| --- | --- | --- | --- |\n";

static const char data_law_text[] =
    "\n### Distributions made of data\n\n"
    "They stand wherever a distribution does, and all their numbers are certain. Within a mixture or as the body of a\n"
    "splice any distribution may stand, one made of data too.\n\n"
    "```yaml\n"
    "contract: {histogram: {edges: [1 k, 150 k, 350 k, 1 M], shares: [68%, 20%, 12%], within: log}}\n"
    "contract: {csv: {file: loans.csv, column: amount, weight: firms}}\n"
    "contract: {mixture: [{weight: 90%, law: {lognormal: [4 M, 1.1]}}, {weight: 10%, law: {pareto: [1.6, 5 M]}}]}\n"
    "contract: {splice: {body: {lognormal: [4 M, 1.1]}, tail_from: 20 M, tail_share: 8%, alpha: 1.6}}\n"
    "```\n\n"
    "- `histogram`: one edge more than bins. `shares` add up to one (to six digits); `counts` are any numbers, and\n"
    "  each is divided by their sum. Within a bin all values are alike (`within: uniform`), or all their logarithms\n"
    "  (`within: log`, edges above 0), which suits money.\n"
    "- `csv`: names of columns in the first line, a row in each further one, commas between fields, double quotes\n"
    "  around those that hold commas; lines above the names that begin with `#` are for people. Numbers are written "
    "as\n"
    "  in a scenario. The file lies beside the scenario file that names it, or in a folder there; at most 10 million\n"
    "  rows. The law runs in straight lines through the sorted values, the k-th of n at probability (k - 1) / (n - 1)\n"
    "  (type 7 of Hyndman and Fan, the default of numpy and R): nothing lies outside of what the file holds, and a\n"
    "  value that stands there often comes often. With `weight` a row counts as weight / least weight equal rows; "
    "rows\n"
    "  of weight 0 do not count.\n"
    "- `mixture`: with each probability `weight`, which add up to one, a value of the `law` beside it.\n"
    "- `splice`: the `body` given that it is below `tail_from`; above, with probability `tail_share`, a Pareto law:\n"
    "  P(X > x) = tail_share (tail_from / x)^alpha. Without `tail_share` the tail has what the body has there.\n\n"
    "A value drawn from one of them has the stated probability within 6.1e-5, that is 2^-14, wherever the law lies.\n";

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
    "## Uncertain numbers that move together: `correlations`\n\n"
    "Uncertain numbers are independent of each other, unless `correlations` says otherwise of a pair of them:\n\n"
    "```yaml\n"
    "correlations:\n"
    "  - between: [classes.startup.count, programmes.training.applications.take_up]\n"
    "    rank: -0.3\n"
    "```\n\n"
    "A path is that of a number that is written as a distribution; a parameter of a law has one too, such as\n"
    "`programmes.training.applications.contract.lognormal.median`. `rank` is Spearman's correlation of the two\n"
    "numbers' values over the draws. Each keeps its own law, and their normal scores are jointly normal with\n"
    "r = 2 sin(pi rank / 6) (Gaussian copula). A pair that is not stated has rank 0, also where a third\n"
    "number is correlated with both. All ranks together must make a positive definite matrix.\n\n"
    "Numbers without a correlation have the values that they would have without the list, and so has the first of\n"
    "each group of numbers that are correlated. A correlation that is written at the end of the list, with a number\n"
    "that none above it names, changes the values of that number alone.\n\n"
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
    "--set programmes.training.budget.steps.1.factor=70%\n"
    "```\n\n"
    "Classes, programmes and items of lists must exist; several `--set` are applied in their order.\n\n"
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

/* The path with NAME for each name that the user gives, and N for the number of an item. */
static void add_path(struct outlay_text *out, const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (path[i] == '*') {
            outlay_text_printf(out, "NAME");
        } else if (path[i] == '#') {
            outlay_text_printf(out, "N");
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
        [OUTLAY_TYPE_CERTAIN] = "certain number",
        [OUTLAY_TYPE_MONTHS] = "list of 12 numbers",
        [OUTLAY_TYPE_LAW] = "law",
        [OUTLAY_TYPE_CLASS] = "class",
        [OUTLAY_TYPE_EARLIER] = "programme",
        [OUTLAY_TYPE_PAIR] = "list of 2 paths",
        [OUTLAY_TYPE_CLASSES] = "list of classes",
        [OUTLAY_TYPE_WHENS] = "list of dates or MM-DD",
        [OUTLAY_TYPE_RECORDS] = "list of blocks",
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

static const char *block_doc(const char *path, size_t length)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (strlen(blocks[i].pattern) == length && strncmp(blocks[i].pattern, path, length) == 0) {
            return blocks[i].doc;
        }
    }
    return NULL;
}

const char *outlay_block_doc(const char *pattern)
{
    return block_doc(pattern, strlen(pattern));
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
    const char *doc = block_doc(path, length);
    outlay_text_printf(out, "%s%s", doc != NULL ? doc : "", doc != NULL ? "\n\n" : "");
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
        for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS && form->parameter[i] != NULL; i++) {
            outlay_text_printf(out, "%s`%s`%s", i == 0 ? "" : ", ", form->parameter[i],
                               i < form->n_parameters ? "" : " (optional)");
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
    outlay_text_add(&text, data_law_text, strlen(data_law_text));
    outlay_text_add(&text, rest_text, strlen(rest_text));
    outlay_arena_free(&arena);
    char *page = outlay_text_take(&text);
    const bool is_ok = page != NULL && fputs(page, out) >= 0;
    free(page);
    return is_ok;
}
