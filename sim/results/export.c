/* export.c: tables of results to a stream, or to files that get their names when they are complete. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "results/disk.h"
#include "results/tables.h"

static outlay_err no_replicates(const char *path, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    return outlay_diag_error(
        diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
        "there are no replicates in the file: it holds an exact answer, or its run was interrupted "
        "before the first were finished");
}

/* ---- one table of several results -------------------------------------------------------------------------------- */

static bool is_name_shared(const char *const paths[], size_t n, size_t i)
{
    char name[OUTLAY_RESULT_NAME], other[OUTLAY_RESULT_NAME];
    (void)outlay_result_name(paths[i], name);
    for (size_t k = 0; k < n; k++) {
        if (k != i && strcmp(outlay_result_name(paths[k], other), name) == 0) {
            return true;
        }
    }
    return false;
}

/* The table as a whole; whether `out` took it is for the caller to ask. */
static outlay_err write_table(const char *const paths[], size_t n, enum outlay_csv_table table, FILE *out,
                              struct outlay_diag *diag)
{
    struct outlay_csv csv = {.out = out};
    outlay_err err = OUTLAY_OK;
    for (size_t i = 0; i < n && err == OUTLAY_OK; i++) {
        struct outlay_source source;
        err = outlay_source_init(&source, paths[i], diag);
        if (err == OUTLAY_OK && !outlay_csv_has(&source, table)) {
            err = no_replicates(paths[i], diag);
        }
        if (err == OUTLAY_OK && i == 0) {
            outlay_csv_header(&csv, table, n > 1);
        }
        if (err == OUTLAY_OK) {
            const char *label = is_name_shared(paths, n, i) ? source.path : source.name;
            err = outlay_csv_rows(&source, &csv, table, n > 1 ? label : NULL, diag);
        }
        outlay_source_free(&source);
    }
    return err;
}

outlay_err outlay_csv_print(const char *const paths[], size_t n, enum outlay_csv_table table, FILE *out,
                            struct outlay_diag *diag)
{
    outlay_err err = write_table(paths, n, table, out, diag);
    if (err == OUTLAY_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        err = outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "the table cannot be printed");
    }
    return err;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* A file of the disk, with a stream on it. Initialise with {.disk = OUTLAY_DISK_CLOSED}. */
struct sheet {
    struct outlay_disk disk;
    FILE *out;
};

static outlay_err sheet_open(struct sheet *self, const char *path, bool overwrite, struct outlay_diag *diag)
{
    outlay_err err = outlay_disk_init(&self->disk, path, overwrite, diag);
    if (err == OUTLAY_OK) {
        err = outlay_disk_clear(&self->disk, overwrite, diag);
    }
    if (err != OUTLAY_OK) {
        return err;
    }
    self->out = outlay_disk_open_stream(&self->disk);
    return self->out != NULL ? OUTLAY_OK : outlay_disk_error(&self->disk, diag);
}

static outlay_err sheet_close(struct sheet *self, struct outlay_diag *diag)
{
    FILE *out = self->out;
    self->out = NULL;
    return outlay_disk_close_stream(&self->disk, out) ? OUTLAY_OK : outlay_disk_error(&self->disk, diag);
}

static void sheet_free(struct sheet *self)
{
    if (self->out != NULL) {
        (void)fclose(self->out);
    }
    outlay_disk_free(&self->disk);
    self->out = NULL;
}

outlay_err outlay_csv_save(const char *const paths[], size_t n, enum outlay_csv_table table, const char *output,
                           bool overwrite, struct outlay_diag *diag)
{
    struct sheet sheet = {.disk = OUTLAY_DISK_CLOSED};
    outlay_err err = sheet_open(&sheet, output, overwrite, diag);
    if (err == OUTLAY_OK) {
        err = write_table(paths, n, table, sheet.out, diag);
    }
    if (err == OUTLAY_OK) {
        err = sheet_close(&sheet, diag);
    }
    if (err == OUTLAY_OK) {
        err = outlay_disk_finish(&sheet.disk, true, overwrite, diag);
    }
    sheet_free(&sheet);
    return err;
}

/* FOLDER/NAME_TABLE.csv; without a folder, that of the result. NULL = no memory. */
static char *name_sheet(const struct outlay_source *source, const char *folder, enum outlay_csv_table table)
{
    struct outlay_text text = {0};
    if (folder != NULL) {
        const size_t n = strlen(folder);
        outlay_text_printf(&text, "%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/");
    } else {
        outlay_text_add(&text, source->path, (size_t)(outlay_path_base(source->path) - source->path));
    }
    outlay_text_printf(&text, "%s_%s.csv", source->name, outlay_csv_tables[table]);
    return outlay_text_take(&text);
}

/* Open all files first: if one cannot be, none is written. */
static outlay_err open_sheets(struct sheet sheets[], const struct outlay_source *source, const char *folder,
                              bool overwrite, struct outlay_diag *diag)
{
    outlay_err err = OUTLAY_OK;
    for (int i = 0; i < OUTLAY_N_CSV_TABLES && err == OUTLAY_OK; i++) {
        const enum outlay_csv_table table = (enum outlay_csv_table)i;
        if (outlay_csv_has(source, table)) {
            char *name = name_sheet(source, folder, table);
            err = name != NULL ? sheet_open(&sheets[i], name, overwrite, diag) : outlay_diag_no_memory(diag);
            free(name);
        }
    }
    return err;
}

static outlay_err fill_sheets(struct sheet sheets[], const struct outlay_source *source, struct outlay_diag *diag)
{
    outlay_err err = OUTLAY_OK;
    for (int i = 0; i < OUTLAY_N_CSV_TABLES && err == OUTLAY_OK; i++) {
        struct outlay_csv csv = {.out = sheets[i].out};
        if (csv.out != NULL) {
            outlay_csv_header(&csv, (enum outlay_csv_table)i, false);
            err = outlay_csv_rows(source, &csv, (enum outlay_csv_table)i, NULL, diag);
            err = err == OUTLAY_OK ? sheet_close(&sheets[i], diag) : err;
        }
    }
    return err;
}

outlay_err outlay_csv_save_all(const char *path, const char *folder, bool overwrite, void (*written)(const char *name),
                               struct outlay_diag *diag)
{
    struct sheet sheets[OUTLAY_N_CSV_TABLES] = {{{0}, NULL}};
    struct outlay_source source;
    for (int i = 0; i < OUTLAY_N_CSV_TABLES; i++) {
        sheets[i].disk = OUTLAY_DISK_CLOSED;
    }
    outlay_err err = outlay_source_init(&source, path, diag);
    if (err == OUTLAY_OK) {
        err = open_sheets(sheets, &source, folder, overwrite, diag);
    }
    if (err == OUTLAY_OK) {
        err = fill_sheets(sheets, &source, diag);
    }
    for (int i = 0; i < OUTLAY_N_CSV_TABLES && err == OUTLAY_OK; i++) {
        if (sheets[i].disk.fd >= 0) {
            err = outlay_disk_finish(&sheets[i].disk, true, overwrite, diag);
        }
        if (err == OUTLAY_OK && sheets[i].disk.fd >= 0 && written != NULL) {
            written(sheets[i].disk.path);
        }
    }
    for (int i = 0; i < OUTLAY_N_CSV_TABLES; i++) {
        sheet_free(&sheets[i]);
    }
    outlay_source_free(&source);
    return err;
}
