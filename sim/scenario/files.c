/* files.c: a scenario file, the files that it extends, and those that it names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scenario/loader.h"

/* Of a data file, which is read whole: ten million rows of a hundred bytes. */
#define MAX_DATA_BYTES ((off_t)1 << 30)

void outlay_loader_no_memory(struct outlay_loader *self)
{
    self->has_run_out = true;
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_NO_MEMORY, NULL, "the memory ran out while the scenario was read");
}

/* The same file under two names is one file; a text in memory has a name only. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    if (strcmp(a, b) == 0) {
        return true;
    }
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Take over `name` and `text` (either may be NULL: then the memory ran out). */
static outlay_err keep_file(struct outlay_loader *self, char *name, char *text)
{
    struct outlay_scenario *scenario = self->scenario;
    const size_t n = (size_t)scenario->n_files + 1;
    char **names = realloc(scenario->file_names, n * sizeof(*names));
    if (names != NULL) {
        scenario->file_names = names;
    }
    char **texts = realloc(scenario->file_texts, n * sizeof(*texts));
    if (texts != NULL) {
        scenario->file_texts = texts;
    }
    if (names == NULL || texts == NULL || name == NULL || text == NULL) {
        free(name);
        free(text);
        outlay_loader_no_memory(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    names[n - 1] = name;
    texts[n - 1] = text;
    scenario->n_files++;
    return OUTLAY_OK;
}

/* Parse the file that was kept last into its tree; a tree with duplicate keys is good enough to go on with. */
static outlay_err parse_last(struct outlay_loader *self)
{
    const int i = self->scenario->n_files - 1;
    const char *name = self->scenario->file_names[i];
    const char *text = self->scenario->file_texts[i];
    const size_t n_errors = self->diag->n_errors;
    struct outlay_yaml_node *tree = NULL;
    const outlay_err err = outlay_yaml_parse(&self->arena, name, text, NULL, 0, &tree, self->diag);
    if (err != OUTLAY_OK && tree == NULL && self->diag->n_errors > n_errors) {
        return err;
    }
    const struct outlay_place place = {.file = name};
    if (tree == NULL || (tree->kind == OUTLAY_YAML_SCALAR && tree->text[0] == '\0')) {
        const outlay_err empty =
            outlay_diag_error(self->diag, OUTLAY_ERR_EMPTY_FILE, &place, "%s",
                              text[0] == '\0' ? "the file is empty" : "the file holds comments only");
        outlay_diag_hint(self->diag, "a scenario begins with `outlay: 1` and a title");
        return empty;
    }
    if (tree->kind != OUTLAY_YAML_MAPPING) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &tree->place,
                                 "a scenario is a block of keys (`outlay: 1`, `title: ...`), not a %s",
                                 tree->kind == OUTLAY_YAML_LIST ? "list" : "single value");
    }
    self->trees[i] = tree;
    return OUTLAY_OK;
}

/* Refuse to read a file again that led here, and chains that never end. */
static outlay_err check_chain(struct outlay_loader *self, const char *path, const struct outlay_place *place)
{
    struct outlay_scenario *scenario = self->scenario;
    for (int i = 0; i < scenario->n_files; i++) {
        if (is_same_file(scenario->file_names[i], path)) {
            return outlay_diag_error(self->diag, OUTLAY_ERR_CIRCULAR_EXTENDS, place,
                                     "`extends` goes in a circle: `%s` %s", path,
                                     i == scenario->n_files - 1 ? "is this file itself" : "extends this file already");
        }
    }
    if (scenario->n_files >= OUTLAY_MAX_FILES) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, place, "more than %d files extend one another",
                                 OUTLAY_MAX_FILES);
    }
    return OUTLAY_OK;
}

void outlay_leaving_tell(struct outlay_loader *self, const struct outlay_yaml_node *node, const char *from,
                         const char *path)
{
    if (!outlay_path_stays(node->text)) {
        outlay_diag_warning(self->diag, OUTLAY_OK, &node->place,
                            "this leads out of the scenario's folder: `%s` is read", path);
        return;
    }
    char *real = outlay_path_outside(from, path);
    if (real != NULL) {
        outlay_diag_warning(self->diag, OUTLAY_OK, &node->place,
                            "a link leads out of the scenario's folder: `%s` is read", real);
    }
    free(real);
}

/* Read the file that the last tree extends; *is_done if it extends none. */
static outlay_err read_extended(struct outlay_loader *self, bool *is_done)
{
    const int i = self->scenario->n_files - 1;
    const struct outlay_yaml_node *node = outlay_yaml_get(self->trees[i], "extends");
    *is_done = node == NULL;
    if (node == NULL) {
        return OUTLAY_OK;
    }
    if (node->kind != OUTLAY_YAML_SCALAR || node->text[0] == '\0') {
        return outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                 "`extends` takes the name of one scenario file, seen: %s", outlay_seen(self, node));
    }
    char *path = outlay_path_beside(self->scenario->file_names[i], node->text);
    if (path == NULL) {
        outlay_loader_no_memory(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    char *text = NULL;
    outlay_err err = check_chain(self, path, &node->place);
    if (err == OUTLAY_OK) {
        err = outlay_file_read(path, &node->place, &text, self->diag);
    }
    if (err != OUTLAY_OK) {
        free(path);
        return err;
    }
    outlay_leaving_tell(self, node, self->scenario->file_names[i], path);
    err = keep_file(self, path, text);
    return err == OUTLAY_OK ? parse_last(self) : err;
}

outlay_err outlay_files_read(struct outlay_loader *self, const char *path, const char *text)
{
    char *bytes = NULL;
    outlay_err err = OUTLAY_OK;
    if (text == NULL) {
        err = outlay_file_read(path, NULL, &bytes, self->diag);
    } else {
        err = outlay_text_check(path, text, strlen(text), self->diag);
        bytes = err == OUTLAY_OK ? strdup(text) : NULL;
    }
    if (err != OUTLAY_OK) {
        return err;
    }
    err = keep_file(self, strdup(path), bytes);
    if (err == OUTLAY_OK) {
        err = parse_last(self);
    }
    for (bool is_done = false; err == OUTLAY_OK && !is_done;) {
        err = read_extended(self, &is_done);
    }
    return err;
}

/* ---- files that a scenario names --------------------------------------------------------------------------------- */

const struct outlay_file *outlay_stored_file(const struct outlay_loader *self, const char *name)
{
    for (size_t i = 0; i < self->n_stored; i++) {
        if (strcmp(self->stored[i].name, name) == 0) {
            return &self->stored[i];
        }
    }
    return NULL;
}

/* All bytes of a plain file; NULL with *why, which is NULL where the memory ran out. */
static char *read_bytes(const char *path, size_t *size, const char **why)
{
    struct stat status;
    char *bytes = NULL;
    errno = 0;
    if (outlay_path_is_device(path)) {
        *why = "it is no file";
        return NULL;
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL || fstat(fileno(stream), &status) != 0) {
        *why = strerror(errno);
    } else if (!S_ISREG(status.st_mode)) {
        *why = S_ISDIR(status.st_mode) ? "it is a directory" : "it is no file";
    } else if (status.st_size > MAX_DATA_BYTES) {
        *why = "it is larger than 1 GB";
    } else {
        *why = NULL;
        *size = (size_t)status.st_size;
        bytes = calloc(*size + 1, 1);
    }
    if (bytes != NULL && fread(bytes, 1, *size, stream) != *size) {
        *why = ferror(stream) != 0 ? strerror(errno) : "it became shorter while it was read";
        free(bytes);
        bytes = NULL;
    }
    if (stream != NULL) {
        (void)fclose(stream); /* nothing was written that closing could lose */
    }
    return bytes;
}

const struct outlay_file *outlay_named_file_keep(struct outlay_loader *self, const char *name, char *bytes, size_t size)
{
    struct outlay_scenario *scenario = self->scenario;
    struct outlay_file *read = realloc(scenario->read, ((size_t)scenario->n_read + 1) * sizeof *read);
    if (read != NULL) {
        scenario->read = read;
    }
    char *copy = strdup(name);
    if (read == NULL || copy == NULL) {
        free(copy);
        free(bytes);
        outlay_loader_no_memory(self);
        return NULL;
    }
    read[scenario->n_read] = (struct outlay_file){.name = copy, .bytes = bytes, .size = size};
    return &read[scenario->n_read++];
}

const struct outlay_file *outlay_named_file_read(struct outlay_loader *self, const char *name, const char *path,
                                                 const struct outlay_place *place)
{
    const char *why = NULL;
    size_t size = 0;
    if (outlay_stored_file(self, name) != NULL) {
        return outlay_stored_file(self, name);
    }
    char *bytes = read_bytes(path, &size, &why);
    if (bytes == NULL) {
        if (why == NULL) {
            outlay_loader_no_memory(self);
        } else {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_CANNOT_READ, place, "cannot read `%s`: %s", path, why);
        }
        return NULL;
    }
    for (int i = 0; i < self->scenario->n_read; i++) { /* two columns of one file */
        const struct outlay_file *file = &self->scenario->read[i];
        if (strcmp(file->name, name) == 0) {
            const bool is_same = file->size == size && memcmp(file->bytes, bytes, size) == 0;
            free(bytes);
            if (!is_same) { /* the resolved scenario could not tell them apart, nor could the result file */
                (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, place,
                                        "`%s` is another file than the one of that name before", path);
                outlay_diag_hint(self->diag,
                                 "two files that a scenario names, itself or what it extends, need two names");
            }
            return is_same ? file : NULL;
        }
    }
    return outlay_named_file_keep(self, name, bytes, size);
}
