/* reference.c: the reference of the result file in Markdown, made from THE field table. */
#include <stdio.h>
#include <string.h>

#include "outlay/results.h"
#include "results/fields.h"
#include "results/provenance.h"
#include "results/replay.h"

static const char *type_name(enum outlay_storage storage)
{
    return storage == OUTLAY_INT32 ? "int32" : "float64";
}

static const char *unit_name(enum outlay_measure measure)
{
    switch (measure) {
    case OUTLAY_MEASURE_MONEY:
        return "currency";
    case OUTLAY_MEASURE_DATE:
        return "days since start";
    case OUTLAY_MEASURE_COUNT:
    case OUTLAY_MEASURE_SHARE:
        break;
    }
    return "1";
}

static void write_axes(FILE *out)
{
    (void)fputs("### Axes\n\n| axis | type | unit | meaning |\n| --- | --- | --- | --- |\n", out);
    for (int i = 0; i < OUTLAY_N_AXES; i++) {
        const struct outlay_axis_row *row = &outlay_axes[i];
        const char *units = row->units == NULL ? "index" : row->units[0] == '\0' ? "days since start" : row->units;
        (void)fprintf(out, "| `%s` | %s | %s | %s |\n", row->name, type_name(row->storage), units, row->text);
    }
}

static void write_root(FILE *out)
{
    (void)fputs("\n### Attributes of the file\n\n| attribute | type | meaning |\n| --- | --- | --- |\n", out);
    for (const struct outlay_root_row *row = outlay_root_attributes; row->name != NULL; row++) {
        (void)fprintf(out, "| `%s` | %s | %s%s |\n", row->name, row->type, row->text,
                      row->is_stamp ? " (only with `--stamp`)" : "");
    }
    (void)fputs(
        "| `scenario_text` ... | text | the resolved scenario, which `outlay replay` reads; a long one goes on in "
        "`scenario_text_2` ... |\n",
        out);
    (void)fputs("| `source_1_name`, `source_1_text` ... | text | the scenario files as they were written, the file "
                "itself first, then what it extends; long texts go on in `source_1_text_2` ... |\n",
                out);
}

static void write_row(FILE *out, const struct outlay_field *field, const char *name, const char *text)
{
    (void)fprintf(out, "| `%s` | ", name);
    for (int i = 0; i < field->n_axes; i++) {
        (void)fprintf(out, "%s%s", i > 0 ? ", " : "", outlay_axes[field->axes[i]].name);
    }
    (void)fprintf(out, " | %s | %s | %s%s |\n", type_name(field->storage), unit_name(field->measure), text,
                  field->more);
}

static const char *const head = "| variable | axes | type | unit | meaning |\n| --- | --- | --- | --- | --- |\n";

static void write_replicates(FILE *out)
{
    (void)fprintf(out, "\n### One value for each replicate\n\n%s", head);
    (void)fputs("| `uncertain_PATH` | draw | float64 | of the number | value of the uncertain number at that path of "
                "the scenario (with `__` for `.`; the attribute `parameter` has the path itself) |\n",
                out);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (field->value == NULL) {
            write_row(out, field, field->name, field->text);
        }
    }
}

static bool is_account(const struct outlay_field *field)
{
    return field->subject == OUTLAY_SUBJECT_ACCOUNT || field->subject == OUTLAY_SUBJECT_CLASS_ACCOUNT;
}

/* The statistics are the same for all accounts: those of the first one stand for them. */
static void write_summaries(FILE *out)
{
    const size_t n_first = strlen(outlay_fields[0].name);
    (void)fprintf(out, "\n### Summaries\n\n%s", head);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (field->value != NULL && !is_account(field)) {
            write_row(out, field, field->name, field->text);
        }
    }
    (void)fputs("\nand for every count and sum of money NAME among the replicates' variables:\n\n"
                "| variable | axes | meaning |\n| --- | --- | --- |\n",
                out);
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (field->value != NULL && is_account(field) && field->account == outlay_fields[0].account) {
            (void)fprintf(out, "| `NAME%s` | ", field->name + n_first);
            for (int i = 0; i < field->n_axes; i++) {
                (void)fprintf(out, "%s%s", i > 0 ? ", " : "", outlay_axes[field->axes[i]].name);
            }
            (void)fprintf(out, " | %s |\n", field->more + strspn(field->more, ": "));
        }
    }
}

static const char *column_type(enum outlay_column_kind kind)
{
    switch (kind) {
    case OUTLAY_COLUMN_MONEY:
        return "money, two decimals";
    case OUTLAY_COLUMN_DAY:
        return "date";
    case OUTLAY_COLUMN_DAYS:
        return "dates, `;` between them (HDF5: the first)";
    case OUTLAY_COLUMN_FLAG:
        return "1 or 0";
    case OUTLAY_COLUMN_NUMBER:
        return "number";
    case OUTLAY_COLUMN_COUNT:
        return "whole number";
    case OUTLAY_COLUMN_PROGRAMME:
    case OUTLAY_COLUMN_CLASS:
    case OUTLAY_COLUMN_REASON:
        break;
    }
    return "word (HDF5: its number, named in `flag_meanings`)";
}

static void write_ledger(FILE *out)
{
    (void)fputs("\n### The ledger of a replicate\n\n"
                "What `outlay replay` writes: a row for each application, in the order of decision; those not decided "
                "come last. What did not happen is left empty.\n\n"
                "| column | holds | meaning |\n| --- | --- | --- |\n",
                out);
    for (const struct outlay_column *column = outlay_columns; column->name != NULL; column++) {
        (void)fprintf(out, "| `%s` | %s | %s |\n", column->name, column_type(column->kind), column->text);
    }
    (void)fputs("\n| reason | counted in | meaning |\n| --- | --- | --- |\n", out);
    for (int i = 0; i < OUTLAY_N_REASONS; i++) {
        (void)fprintf(out, "| `%s` | `%s` | %s |\n", outlay_reasons[i].name,
                      outlay_accounts[outlay_reasons[i].account].name, outlay_reasons[i].text);
    }
}

bool outlay_fields_write(FILE *out)
{
    write_axes(out);
    write_root(out);
    write_replicates(out);
    write_summaries(out);
    (void)fputs(
        "\nThe attribute `crc32` of each summary guards it against damage: CRC-32 of its values, as little-endian "
        "float64 one after the other, in eight hexadecimal digits. `outlay show` refuses what does not fit.\n",
        out);
    (void)fputs("\n`file_1`, `file_2` ... are the bytes (int8) of the data files and calendar files that the scenario "
                "names; the attribute `file_name` says which.\n",
                out);
    (void)fputs("\n`scenario` is one string without axes: the resolved scenario, a scenario file that runs to the same "
                "results. Missing values are NaN in float64 and -2147483647 in int32 (`_FillValue`).\n",
                out);
    write_ledger(out);
    return ferror(out) == 0;
}
