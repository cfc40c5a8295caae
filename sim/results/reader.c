/* reader.c: a result file -> outlay_answer. Nothing in the file is trusted: it may be anybody's. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outlay/date.h"
#include "outlay/results.h"
#include "outlay/version.h"
#include "results/answer.h"
#include "results/hdf.h"
#include "results/stored.h"

outlay_err outlay_result_refuse(const char *path, const char *why, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    if (errno == ENOMEM) {
        return outlay_diag_no_memory(diag);
    }
    return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place, "%s", why);
}

/* HDF5 does not tell why a file cannot be opened; the C library does. */
outlay_err outlay_result_open(hid_t *file, const char *path, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    FILE *stream = fopen(path, "rb");
    const bool is_readable = stream != NULL && (fgetc(stream) != EOF || ferror(stream) == 0);
    const int why = errno;
    if (stream != NULL) {
        (void)fclose(stream);
    }
    if (!is_readable) {
        return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_READ, &place, "the file cannot be read: %s", strerror(why));
    }
    *file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (*file < 0) {
        return outlay_result_refuse(path, "this is no result file: it is not HDF5, or it is damaged", diag);
    }
    if (H5Aexists(*file, "outlay_version") <= 0) {
        return outlay_result_refuse(path, "this is no result file: it is HDF5, but was not written by outlay", diag);
    }
    return OUTLAY_OK;
}

/* Control characters would reach the terminal. */
char *outlay_result_text(hid_t object, const char *name)
{
    char *text = outlay_hdf_get_text(object, name);
    for (char *c = text; c != NULL && *c != '\0'; c++) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7F ? ' ' : *c;
    }
    return text;
}

/* "a b c" -> n texts; false unless there are just as many. The flag_meanings of an axis. */
static bool split(char *names, int n, char *parts[])
{
    int found = 0;
    char *rest = NULL;
    for (char *part = strtok_r(names, " ", &rest); part != NULL; part = strtok_r(NULL, " ", &rest)) {
        if (found == n) {
            return false;
        }
        parts[found++] = strdup(part);
    }
    return found == n;
}

/* The names along an axis, from its attributes, or the titles where there are some. */
static char **read_names(hid_t file, const char *axis, int n, bool prefers_titles)
{
    const hid_t scale = H5Dopen2(file, axis, H5P_DEFAULT);
    char *meanings = scale >= 0 ? outlay_result_text(scale, "flag_meanings") : NULL;
    char **names = calloc((size_t)n + 1, sizeof *names);
    bool ok = meanings != NULL && names != NULL && split(meanings, n, names);
    for (int i = 0; i < n && ok && prefers_titles; i++) {
        char attribute[32];
        (void)snprintf(attribute, sizeof attribute, "title_%d", i);
        char *title = H5Aexists(scale, attribute) > 0 ? outlay_result_text(scale, attribute) : NULL;
        if (title != NULL) {
            free(names[i]);
            names[i] = title;
        }
    }
    for (int i = 0; i < n && ok; i++) {
        ok = names[i] != NULL;
    }
    for (int i = 0; i < n && names != NULL && !ok; i++) {
        free(names[i]);
    }
    if (!ok) {
        free(names);
    }
    free(meanings);
    (void)outlay_hdf_release(scale);
    return ok ? names : NULL;
}

static bool read_length(hid_t file, enum outlay_axis axis, int most, int *n)
{
    const size_t length = outlay_hdf_length(file, outlay_axes[axis].name);
    *n = length <= (size_t)most ? (int)length : 0;
    return *n > 0;
}

/* The first day from "days since YYYY-MM-DD 00:00:00". */
static bool read_first_day(hid_t file, int32_t *first_day)
{
    static const char prefix[] = "days since ";
    char *units = NULL;
    struct outlay_date date;
    const hid_t scale = H5Dopen2(file, outlay_axes[OUTLAY_AXIS_TIME].name, H5P_DEFAULT);
    units = scale >= 0 ? outlay_result_text(scale, "units") : NULL;
    bool ok = units != NULL && strncmp(units, prefix, strlen(prefix)) == 0 && strlen(units) >= strlen(prefix) + 10;
    if (ok) {
        units[strlen(prefix) + 10] = '\0';
        ok = outlay_date_parse(units + strlen(prefix), &date);
    }
    *first_day = ok ? outlay_date_to_day(date) : 0;
    free(units);
    (void)outlay_hdf_release(scale);
    return ok;
}

/* What a run was to know well enough, where it was. */
static bool read_precision(struct outlay_answer *self, hid_t file)
{
    double reached = 0.0;
    size_t n = 1;
    self->precision = H5Aexists(file, "precision") > 0 ? outlay_result_text(file, "precision") : NULL;
    if (self->precision == NULL) {
        return true;
    }
    for (const char *c = self->precision; *c != '\0'; c++) {
        n += *c == ',' ? 1 : 0;
    }
    self->half_width = calloc(n, sizeof *self->half_width);
    const bool ok = self->half_width != NULL &&
                    outlay_hdf_get_numbers(file, "precision_half_width", self->half_width, n) &&
                    outlay_hdf_get_double(file, "precision_reached", &reached);
    self->is_precise = reached == 1.0;
    return ok;
}

static bool read_head(struct outlay_answer *self, hid_t file)
{
    double complete = 0.0;
    const bool ok = outlay_hdf_get_double(file, "n_draws", &self->n_draws) &&
                    outlay_hdf_get_double(file, "n_replicates", &self->n_replicates) &&
                    outlay_hdf_get_double(file, "paths_done", &self->n_paths) &&
                    outlay_hdf_get_double(file, "complete", &complete);
    self->is_complete = complete == 1.0;
    self->is_exact = H5Aexists(file, "exact") > 0;
    if (self->is_exact && (!outlay_hdf_get_double(file, "exact_probability_error", &self->p_error) ||
                           !outlay_hdf_get_double(file, "exact_mean_error", &self->money_error))) {
        return false;
    }
    self->title = outlay_result_text(file, "title");
    self->title = self->title == NULL ? strdup("") : self->title;
    self->currency = outlay_result_text(file, "currency");
    self->seed = outlay_result_text(file, "seed");
    return ok && self->title != NULL && self->currency != NULL && strlen(self->currency) < 16 && self->seed != NULL;
}

/* Every fiscal year begins on the date on which the first one does. */
static bool find_years(struct outlay_answer *self)
{
    const struct outlay_date start = outlay_date_from_day(self->first_day);
    self->year_first_day = calloc((size_t)self->n_years + 1, sizeof *self->year_first_day);
    for (int i = 0; self->year_first_day != NULL && i <= self->n_years; i++) {
        self->year_first_day[i] = outlay_date_to_day(outlay_date_add_years(start, i)) - self->first_day;
    }
    return self->year_first_day != NULL && self->year_first_day[self->n_years] == self->n_days;
}

/* Fiscal years begin on the day of the first one, which the attributes tell: so the axis can be checked. */
static bool read_years(struct outlay_answer *self, hid_t file)
{
    bool ok = read_first_day(file, &self->first_day) &&
              outlay_hdf_get_doubles(file, outlay_axes[OUTLAY_AXIS_YEAR].name, self->years, (size_t)self->n_years);
    for (int i = 0; i < self->n_years && ok; i++) {
        ok = self->years[i] == (double)(outlay_date_from_day(self->first_day).year + i);
    }
    return ok;
}

static bool read_axes(struct outlay_answer *self, hid_t file)
{
    double probabilities[OUTLAY_N_PROBABILITIES];
    if (!read_length(file, OUTLAY_AXIS_PROGRAMME, OUTLAY_MAX_PROGRAMMES, &self->n_programmes) ||
        !read_length(file, OUTLAY_AXIS_YEAR, OUTLAY_MAX_YEARS, &self->n_years) ||
        !read_length(file, OUTLAY_AXIS_CLASS, OUTLAY_MAX_CLASSES, &self->n_classes) ||
        !read_length(file, OUTLAY_AXIS_TIME, 366 * OUTLAY_MAX_YEARS, &self->n_days)) {
        return false;
    }
    self->programme_names = read_names(file, outlay_axes[OUTLAY_AXIS_PROGRAMME].name, self->n_programmes, false);
    self->programmes = read_names(file, outlay_axes[OUTLAY_AXIS_PROGRAMME].name, self->n_programmes, true);
    self->classes = read_names(file, outlay_axes[OUTLAY_AXIS_CLASS].name, self->n_classes, true);
    self->years = calloc((size_t)self->n_years, sizeof *self->years);
    return self->programme_names != NULL && self->programmes != NULL && self->classes != NULL && self->years != NULL &&
           read_years(self, file) &&
           outlay_hdf_get_doubles(file, outlay_axes[OUTLAY_AXIS_PROBABILITY].name, probabilities,
                                  OUTLAY_N_PROBABILITIES) &&
           memcmp(probabilities, outlay_probabilities, sizeof probabilities) == 0 && find_years(self);
}

static size_t length_of(const struct outlay_answer *self, enum outlay_axis axis)
{
    switch (axis) {
    case OUTLAY_AXIS_PROGRAMME:
        return (size_t)self->n_programmes;
    case OUTLAY_AXIS_YEAR:
        return (size_t)self->n_years;
    case OUTLAY_AXIS_CLASS:
        return (size_t)self->n_classes;
    case OUTLAY_AXIS_PROBABILITY:
        return OUTLAY_N_PROBABILITIES;
    case OUTLAY_AXIS_DRAW:
    case OUTLAY_AXIS_REPLICATE:
    case OUTLAY_AXIS_TIME:
    case OUTLAY_N_AXES:
        break;
    }
    return 0; /* not read */
}

static bool has_text(hid_t file, const char *name, const char *text)
{
    char *found = outlay_stored_text(file, name);
    const bool is_same = found != NULL && strcmp(found, text) == 0;
    free(found);
    return is_same;
}

/* Have they been written yet? Their variables are made at the beginning, and filled at the end. */
static bool has_summaries(hid_t file)
{
    double n = 1.0;
    return H5Lexists(file, "p_exhausted", H5P_DEFAULT) > 0 &&
           (H5Aexists(file, "n_summaries") == 0 || !outlay_hdf_get_double(file, "n_summaries", &n) || n > 0.0);
}

/* Are all summaries there that were written? A damaged index may have lost some. Other versions may have had others. */
static bool has_all_summaries(hid_t file)
{
    double n_written = 0.0;
    double n_found = 0.0;
    for (size_t i = 0; i < outlay_n_fields(); i++) {
        const struct outlay_field *field = &outlay_fields[i];
        n_found += field->value != NULL && H5Lexists(file, field->name, H5P_DEFAULT) > 0 ? 1.0 : 0.0;
    }
    return !has_text(file, "outlay_version", OUTLAY_VERSION) || H5Aexists(file, "n_summaries") == 0 ||
           (outlay_hdf_get_double(file, "n_summaries", &n_written) && n_found >= n_written);
}

/* Every summary that is in the file and has no time axis; a file of an older version may lack some. */
static bool read_values(struct outlay_answer *self, hid_t file)
{
    bool ok = true;
    self->values = calloc(outlay_n_fields(), sizeof *self->values);
    for (size_t i = 0; self->values != NULL && i < outlay_n_fields() && ok; i++) {
        const struct outlay_field *field = &outlay_fields[i];
        size_t n = 1;
        for (int k = 0; k < field->n_axes; k++) {
            n *= length_of(self, field->axes[k]);
        }
        if (field->value != NULL && n > 0 && H5Lexists(file, field->name, H5P_DEFAULT) > 0) {
            self->values[i] = calloc(n, sizeof **self->values);
            ok = self->values[i] != NULL && outlay_hdf_get_doubles(file, field->name, self->values[i], n);
        }
    }
    return ok && self->values != NULL;
}

outlay_err outlay_answer_read(struct outlay_answer *self, hid_t file, const char *path, struct outlay_diag *diag)
{
    *self = (struct outlay_answer){0};
    const struct outlay_quiet quiet = outlay_quiet_begin();
    outlay_err err = OUTLAY_OK;
    if (!read_head(self, file) || !read_precision(self, file) || !read_axes(self, file)) {
        err = outlay_result_refuse(path, "the result file is damaged: its attributes or axes cannot be read", diag);
    }
    if (err == OUTLAY_OK && !has_summaries(file)) {
        err = outlay_result_refuse(path, "the result file has no summaries: the run was killed, or is still going on",
                                   diag);
    }
    if (err == OUTLAY_OK && (!has_all_summaries(file) || !read_values(self, file))) {
        err = outlay_result_refuse(path, "the result file is damaged: a summary is not what was written", diag);
    }
    if (err == OUTLAY_OK && errno == ENOMEM) { /* a text that a file need not have was not read for want of it */
        err = outlay_result_refuse(path, "", diag);
    }
    outlay_quiet_end(quiet);
    return err;
}

outlay_err outlay_answer_init(struct outlay_answer *self, const char *path, struct outlay_diag *diag)
{
    *self = (struct outlay_answer){0};
    hid_t file = H5I_INVALID_HID;
    const struct outlay_quiet quiet = outlay_quiet_begin();
    outlay_err err = outlay_result_open(&file, path, diag);
    if (err == OUTLAY_OK) {
        err = outlay_answer_read(self, file, path, diag);
    }
    (void)outlay_hdf_release(file);
    outlay_quiet_end(quiet);
    return err;
}

bool outlay_results_hold(const char *path, const struct outlay_scenario *scenario)
{
    hid_t file = H5I_INVALID_HID;
    double complete = 0.0;
    char *yaml = outlay_scenario_to_yaml(scenario);
    const struct outlay_quiet quiet = outlay_quiet_begin();
    const bool holds = yaml != NULL && outlay_result_open(&file, path, NULL) == OUTLAY_OK &&
                       outlay_hdf_get_double(file, "complete", &complete) && complete == 1.0 &&
                       H5Aexists(file, "exact") == 0 && has_text(file, "outlay_version", OUTLAY_VERSION) &&
                       has_text(file, "outlay_revision", OUTLAY_REVISION) && has_text(file, "scenario_text", yaml);
    (void)outlay_hdf_release(file);
    outlay_quiet_end(quiet);
    free(yaml);
    return holds;
}

static void free_texts(char **texts, int n)
{
    for (int i = 0; texts != NULL && i < n; i++) {
        free(texts[i]);
    }
    free(texts);
}

void outlay_answer_free(struct outlay_answer *self)
{
    for (size_t i = 0; self->values != NULL && i < outlay_n_fields(); i++) {
        free(self->values[i]);
    }
    free(self->values);
    free(self->year_first_day);
    free(self->years);
    free_texts(self->classes, self->n_classes);
    free_texts(self->programmes, self->n_programmes);
    free_texts(self->programme_names, self->n_programmes);
    free(self->half_width);
    free(self->precision);
    free(self->seed);
    free(self->currency);
    free(self->title);
    *self = (struct outlay_answer){0};
}

/* The row of that summary; its values are NULL where it is not in the file. */
static const struct outlay_field *find(const struct outlay_answer *self, const char *name, const char *suffix,
                                       const double **values)
{
    char whole[128];
    (void)snprintf(whole, sizeof whole, "%s%s", name, suffix);
    const struct outlay_field *field = outlay_field_find(whole);
    *values = field == NULL ? NULL : self->values[field - outlay_fields];
    return field;
}

double outlay_answer_value(const struct outlay_answer *self, const char *name, const char *suffix, const int at[])
{
    const double *values;
    const struct outlay_field *field = find(self, name, suffix, &values);
    if (values == NULL) {
        return (double)NAN;
    }
    size_t i = 0;
    for (int k = 0; k < field->n_axes; k++) {
        i = i * length_of(self, field->axes[k]) + (size_t)at[field->axes[k]];
    }
    return values[i];
}

bool outlay_answer_has(const struct outlay_answer *self, const char *name, const char *suffix)
{
    const double *values;
    (void)find(self, name, suffix, &values);
    return values != NULL;
}

static bool cut_ending(char *name, const char *ending)
{
    const size_t n = strlen(name), n_ending = strlen(ending);
    const bool has_it = n > n_ending && strcmp(name + n - n_ending, ending) == 0;
    if (has_it) {
        name[n - n_ending] = '\0';
    }
    return has_it;
}

char *outlay_result_name(const char *path, char buffer[OUTLAY_RESULT_NAME])
{
    (void)snprintf(buffer, OUTLAY_RESULT_NAME, "%s", outlay_path_base(path));
    (void)cut_ending(buffer, ".partial");
    (void)(cut_ending(buffer, ".h5") || cut_ending(buffer, ".hdf5") || cut_ending(buffer, ".nc"));
    return buffer;
}
