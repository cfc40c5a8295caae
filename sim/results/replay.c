/* replay.c: one replicate of a result file, played again from the scenario and the seed that the file holds. */
#include "results/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/version.h"
#include "results/answer.h"
#include "results/disk.h"
#include "results/hdf.h"
#include "results/stored.h"

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static bool read_seed(hid_t file, uint64_t *seed)
{
    char *text = outlay_result_text(file, "seed"), *end = NULL;
    const bool is_number = text != NULL && text[0] >= '0' && text[0] <= '9';
    errno = is_number ? 0 : errno;
    *seed = is_number ? strtoull(text, &end, 10) : 0;
    const bool ok = is_number && *end == '\0' && errno == 0;
    free(text);
    return ok;
}

static bool is_whole(double value, double max)
{
    return value >= 1.0 && value <= max && value == (double)(uint32_t)value;
}

static bool read_head(struct outlay_replay *self, hid_t file)
{
    self->version = outlay_result_text(file, "outlay_version");
    self->revision = outlay_result_text(file, "outlay_revision");
    return self->version != NULL && self->revision != NULL && read_seed(file, &self->seed) &&
           outlay_hdf_get_double(file, "n_draws", &self->n_draws) && is_whole(self->n_draws, OUTLAY_MAX_DRAWS) &&
           outlay_hdf_get_double(file, "n_replicates", &self->n_replicates) &&
           is_whole(self->n_replicates, OUTLAY_MAX_REPLICATES) &&
           outlay_hdf_get_double(file, "paths_done", &self->n_paths) && self->n_paths >= 0.0;
}

/* The resolved scenario of the file is a scenario file; what is wrong with it is wrong with the result file. */
static outlay_err blame_file(const char *path, const struct outlay_diag *notes, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    for (size_t i = 0; i < notes->n_notes; i++) {
        if (!notes->notes[i].is_warning) {
            return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
                                     "the scenario in the file cannot be played: %s", notes->notes[i].message);
        }
    }
    return outlay_diag_no_memory(diag); /* not even for a note */
}

static outlay_err load_scenario(struct outlay_replay *self, const char *text, const struct outlay_file files[],
                                size_t n_files, struct outlay_diag *diag)
{
    struct outlay_diag notes = {0};
    outlay_err err = outlay_scenario_load_stored(&self->scenario, self->path, text, files, n_files, &notes);
    if (err != OUTLAY_OK) {
        err = err == OUTLAY_ERR_NO_MEMORY ? outlay_diag_no_memory(diag) : blame_file(self->path, &notes, diag);
    }
    outlay_diag_free(&notes);
    return err;
}

static outlay_err read_file(struct outlay_replay *self, struct outlay_diag *diag)
{
    hid_t file = H5I_INVALID_HID;
    char *text = NULL;
    struct outlay_file *files = NULL;
    size_t n_files = 0;
    const struct outlay_quiet quiet = outlay_quiet_begin();
    outlay_err err = outlay_result_open(&file, self->path, diag);
    if (err == OUTLAY_OK && !read_head(self, file)) {
        err = outlay_result_refuse(self->path, "the result file is damaged: its attributes cannot be read", diag);
    }
    if (err == OUTLAY_OK) {
        text = outlay_stored_text(file, "scenario_text");
        err = text != NULL
                  ? OUTLAY_OK
                  : outlay_result_refuse(
                        self->path, "the file holds no scenario to be played: it is damaged, or of an older version",
                        diag);
    }
    if (err == OUTLAY_OK && !outlay_stored_files_read(file, &files, &n_files)) {
        err = outlay_result_refuse(self->path, "the result file is damaged: a file in it cannot be read", diag);
    }
    (void)outlay_hdf_release(file);
    outlay_quiet_end(quiet);
    if (err == OUTLAY_OK) {
        err = load_scenario(self, text, files, n_files, diag);
    }
    outlay_stored_files_free(files, n_files);
    free(text);
    return err;
}

outlay_err outlay_replay_new(struct outlay_replay **self, const char *path, struct outlay_diag *diag)
{
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        return outlay_diag_no_memory(diag);
    }
    (*self)->path = strdup(path);
    const outlay_err err = (*self)->path != NULL ? read_file(*self, diag) : outlay_diag_no_memory(diag);
    if (err != OUTLAY_OK) {
        outlay_replay_free(*self);
        *self = NULL;
    }
    return err;
}

void outlay_replay_free(struct outlay_replay *self)
{
    if (self == NULL) {
        return;
    }
    outlay_ledger_free(&self->ledger);
    outlay_workspace_free(self->work);
    outlay_plan_free(self->plan);
    outlay_scenario_free(&self->scenario);
    free(self->revision);
    free(self->version);
    free(self->path);
    free(self);
}

double outlay_replay_draws(const struct outlay_replay *self)
{
    return self->n_draws;
}

const struct outlay_ledger *outlay_replay_ledger(const struct outlay_replay *self)
{
    return &self->ledger;
}

/* ---- the replicate ----------------------------------------------------------------------------------------------- */

static outlay_err check_range(const struct outlay_replay *self, struct outlay_path at, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = self->path};
    if (self->n_paths == 0.0) {
        return outlay_diag_error(diag, OUTLAY_ERR_OUT_OF_RANGE, &place,
                                 "there are no replicates in the file: it holds an exact answer, or its run was "
                                 "interrupted before the first were finished");
    }
    const struct {
        const char *name;
        double value, n;
    } axes[] = {{"draw", at.draw, self->n_draws}, {"replicate", at.replicate, self->n_replicates}};
    for (size_t i = 0; i < 2; i++) {
        if (axes[i].value >= axes[i].n) {
            return outlay_diag_error(diag, OUTLAY_ERR_OUT_OF_RANGE, &place, "there is no %s %.0f: they are 0 to %.0f",
                                     axes[i].name, axes[i].value, axes[i].n - 1.0);
        }
    }
    if (at.draw * self->n_replicates + at.replicate >= self->n_paths) {
        return outlay_diag_error(diag, OUTLAY_ERR_OUT_OF_RANGE, &place,
                                 "draw %.0f, replicate %.0f was not played: the run was interrupted after %.0f of them",
                                 axes[0].value, axes[1].value, self->n_paths);
    }
    return OUTLAY_OK;
}

static outlay_err play(struct outlay_replay *self, struct outlay_path at, struct outlay_diag *diag)
{
    double *values = calloc((size_t)self->scenario.n_uncertain + 1, sizeof *values);
    if (values == NULL) {
        return outlay_diag_no_memory(diag);
    }
    outlay_draw_values(&self->scenario, self->seed, at.draw, values);
    outlay_err err = outlay_plan_new(&self->plan, &self->scenario, self->seed, values, NULL, diag);
    free(values);
    if (err != OUTLAY_OK) {
        return err;
    }
    err = outlay_workspace_new(&self->work, self->plan);
    while (err == OUTLAY_OK) {
        const size_t n = outlay_replicate_play(self->plan, at, self->work);
        if (n <= outlay_workspace_capacity(self->work)) {
            break;
        }
        err = outlay_workspace_reserve(self->work, self->plan, n);
    }
    if (err == OUTLAY_OK) {
        err = outlay_ledger_init(&self->ledger, self->plan, at, self->work);
    }
    return err == OUTLAY_ERR_NO_MEMORY ? outlay_diag_no_memory(diag) : err;
}

outlay_err outlay_replay_play(struct outlay_replay *self, struct outlay_path path, struct outlay_diag *diag)
{
    outlay_ledger_free(&self->ledger);
    outlay_workspace_free(self->work);
    outlay_plan_free(self->plan);
    self->work = NULL;
    self->plan = NULL;
    self->at = path;
    outlay_err err = check_range(self, path, diag);
    if (err == OUTLAY_OK) {
        err = play(self, path, diag);
    }
    if (err == OUTLAY_OK) {
        err = outlay_replay_verify(self, diag);
    }
    const bool is_ours = strcmp(self->version, OUTLAY_VERSION) == 0 && strcmp(self->revision, OUTLAY_REVISION) == 0;
    if (err == OUTLAY_ERR_BAD_RESULT_FILE && is_ours) {
        outlay_diag_hint(diag, "this version wrote the file: it has been changed since, or is damaged");
    } else if (err == OUTLAY_ERR_BAD_RESULT_FILE) {
        outlay_diag_hint(diag, "the file was written by outlay %s (%s), this is %s (%s)", self->version, self->revision,
                         OUTLAY_VERSION, OUTLAY_REVISION);
    }
    return err;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

bool outlay_replay_print(const struct outlay_replay *self, FILE *out)
{
    return outlay_ledger_write_csv(self, out);
}

static bool ends_in(const char *text, const char *end)
{
    const size_t n = strlen(text), n_end = strlen(end);
    return n > n_end && strcmp(text + n - n_end, end) == 0;
}

static bool save_csv(const struct outlay_replay *self, struct outlay_disk *disk)
{
    FILE *out = outlay_disk_open_stream(disk);
    const bool ok = out != NULL && outlay_ledger_write_csv(self, out);
    return out != NULL && outlay_disk_close_stream(disk, out) && ok;
}

static bool save_hdf(const struct outlay_replay *self, struct outlay_disk *disk)
{
    hid_t driver = H5I_INVALID_HID;
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const hid_t creation = outlay_hdf_creation(H5P_FILE_CREATE);
    const hid_t file = creation >= 0 ? outlay_disk_create_hdf(disk, creation, &driver) : H5I_INVALID_HID;
    bool ok = file >= 0 && outlay_ledger_write_hdf(self, file);
    ok = (file < 0 || H5Fclose(file) >= 0) && ok;
    ok = (driver < 0 || H5FDunregister(driver) >= 0) && ok;
    (void)outlay_hdf_release(creation);
    outlay_quiet_end(quiet);
    return ok;
}

outlay_err outlay_replay_save(const struct outlay_replay *self, const char *path, bool overwrite,
                              struct outlay_diag *diag)
{
    struct outlay_disk disk;
    bool ok = true;
    outlay_err err = outlay_disk_init(&disk, path, overwrite, diag);
    if (err == OUTLAY_OK) {
        err = outlay_disk_clear(&disk, overwrite, diag);
    }
    if (err == OUTLAY_OK) {
        const bool is_hdf = ends_in(path, ".h5") || ends_in(path, ".nc");
        ok = is_hdf ? save_hdf(self, &disk) : save_csv(self, &disk);
        err = ok ? outlay_disk_finish(&disk, true, overwrite, diag) : outlay_disk_error(&disk, diag);
    }
    outlay_disk_free(&disk);
    return err;
}
