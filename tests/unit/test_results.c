/*
 * test_results.c: the result file is what its reference says, survives what disks do, and can be read out.
 *
 * A run of 2 draws x 50 replicates is made up here, with values that can be told from their place; no simulation.
 */
#include <errno.h>
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "outlay/quantity.h"
#include "outlay/results.h"

enum { N_DRAWS = 2, N_REPLICATES = 50, N_PROGRAMMES = 2, N_YEARS = 2, N_CLASSES = 3, N_DAYS = 730 };
enum { N_MANY = 5000 }; /* replicates of a run that is too large for variables in one piece */
enum { N_PATHS = N_DRAWS * N_REPLICATES, N_BOOKS = N_PROGRAMMES * N_YEARS, N_BINS = 64, MISSING = -2147483647 };

/* ---- a run that never took place --------------------------------------------------------------------------------- */

static char class_names[N_CLASSES][16] = {"enterprise", "startup", "university"};
static char programme_names[N_PROGRAMMES][16] = {"training", "model"};

/* The scenario's strings are not `const`, and nobody changes them. */
static struct outlay_scenario fake_scenario(struct outlay_class classes[], struct outlay_programme programmes[],
                                            struct outlay_uncertain uncertain[])
{
    static char title[] = "Coupons of Müller & 深圳", currency[] = "CNY", name[] = "/some/where/coupons.yaml";
    static char text[] = "outlay: 1\ntitle: Coupons\n", path_0[] = "programmes.training.budget",
                path_1[] = "classes.startup.count", calendar[] = "all_days", title_0[] = "Training coupons";
    static char *file_names[] = {name}, *file_texts[] = {text};
    for (int i = 0; i < N_CLASSES; i++) {
        classes[i] = (struct outlay_class){.name = class_names[i]};
    }
    for (int i = 0; i < N_PROGRAMMES; i++) {
        programmes[i] = (struct outlay_programme){.name = programme_names[i], .title = i == 0 ? title_0 : NULL};
    }
    uncertain[0] = (struct outlay_uncertain){.path = path_0, .unit = OUTLAY_UNIT_MONEY};
    uncertain[1] = (struct outlay_uncertain){.path = path_1, .unit = OUTLAY_UNIT_COUNT};
    return (struct outlay_scenario){
        .title = title,
        .currency = currency,
        .calendar = calendar,
        .start = {2025, 1, 1},
        .n_years = N_YEARS,
        .n_classes = N_CLASSES,
        .classes = classes,
        .n_programmes = N_PROGRAMMES,
        .programmes = programmes,
        .n_uncertain = 2,
        .uncertain = uncertain,
        .first_day = 20089, /* 2025-01-01 */
        .n_days = N_DAYS,
        .year_first_day = {0, 365, 730},
        .n_files = 1,
        .file_names = file_names,
        .file_texts = file_texts,
    };
}

/* Values that tell their place: whole fen, or counts. Class 0, 1, 2 have 1/6, 2/6, 3/6 of them. */
static double fake_account(int account, int path, int programme, int year)
{
    return 600.0 * (1 + path % 40) * (1 + account) * (1 + programme) * (1 + year);
}

/* One replicate in four never runs out; the others do on day 100 + 2 (path % 40) of the year. */
static int32_t fake_day(int path, int year)
{
    return path % 4 == 3 ? OUTLAY_NEVER : 365 * year + 100 + 2 * (path % 40);
}

struct fake {
    struct outlay_class classes[N_CLASSES];
    struct outlay_programme programmes[N_PROGRAMMES];
    struct outlay_uncertain uncertain[2];
    struct outlay_scenario scenario;
    struct outlay_run_options run;
    struct outlay_tallies tallies;
};

static void *zeros(size_t n, size_t size)
{
    void *memory = calloc(n, size);
    assert_non_null(memory);
    return memory;
}

static void fake_distribution(struct outlay_moments *moments, struct outlay_histogram *histogram, const double values[])
{
    *histogram = (struct outlay_histogram){.width = 1.0, .n = N_PATHS, .n_bins = N_BINS};
    histogram->count = zeros(N_BINS, sizeof *histogram->count);
    histogram->min = histogram->max = values[0];
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < N_PATHS; i++) {
        sum += values[i];
        squares += values[i] * values[i];
        histogram->min = fmin(histogram->min, values[i]);
        histogram->max = fmax(histogram->max, values[i]);
    }
    while (histogram->max >= histogram->width * N_BINS) {
        histogram->width *= 2.0;
    }
    for (int i = 0; i < N_PATHS; i++) {
        histogram->count[(int)(values[i] / histogram->width)]++;
        histogram->n_min += values[i] == histogram->min ? 1 : 0;
        histogram->n_max += values[i] == histogram->max ? 1 : 0;
    }
    const double sd = sqrt(fmax(0.0, squares - sum * sum / N_PATHS) / (N_PATHS - 1));
    *moments = (struct outlay_moments){
        .mean = sum / N_PATHS, .sd = sd, .se = sd / 10.0, .se_random = sd / 10.0, .sd_between = 0.6 * sd};
}

static void fake_accounts(struct outlay_tallies *tallies)
{
    double values[N_PATHS];
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        for (int b = 0; b < N_BOOKS; b++) {
            const size_t i = (size_t)a * N_BOOKS + (size_t)b;
            for (int path = 0; path < N_PATHS; path++) {
                values[path] = fake_account(a, path, b / N_YEARS, b % N_YEARS);
            }
            fake_distribution(&tallies->account_moments[i], &tallies->account_histogram[i], values);
            for (int path = 0; path < N_PATHS; path++) {
                values[path] /= 6.0;
            }
            for (size_t c = 0; c < N_CLASSES; c++) {
                fake_distribution(&tallies->class_moments[i * N_CLASSES + c],
                                  &tallies->class_histogram[i * N_CLASSES + c], values);
                tallies->class_moments[i * N_CLASSES + c].mean *= (double)c + 1.0;
            }
        }
    }
}

static void fake_days(struct outlay_tallies *tallies)
{
    double values[N_PATHS];
    for (int p = 0; p < N_PROGRAMMES; p++) {
        for (int path = 0; path < N_PATHS; path++) {
            for (int year = 0; year < N_YEARS; year++) {
                if (fake_day(path, year) != OUTLAY_NEVER) {
                    tallies->exhausted_on[p * N_DAYS + fake_day(path, year)]++;
                }
            }
        }
        for (int day = 0; day < N_DAYS; day++) {
            const size_t i = (size_t)p * N_DAYS + (size_t)day;
            for (int path = 0; path < N_PATHS; path++) {
                values[path] = 100.0 * (path % 40) * (day % 365);
            }
            for (size_t s = 0; s < OUTLAY_N_SERIES; s++) {
                const size_t k = s * N_PROGRAMMES * N_DAYS + i;
                fake_distribution(&tallies->series_moments[k], &tallies->series_histogram[k], values);
            }
            tallies->exhausted_by_se[i] = day % 365 < 100 ? 0.0 : 0.03;
        }
    }
    for (int b = 0; b < N_BOOKS; b++) {
        tallies->exhausted_moments[b] =
            (struct outlay_moments){.mean = 0.75, .sd = 0.43, .se = 0.012, .se_random = 0.012};
    }
}

static struct fake *fake_new(void)
{
    struct fake *self = zeros(1, sizeof *self);
    self->scenario = fake_scenario(self->classes, self->programmes, self->uncertain);
    self->run = (struct outlay_run_options){.seed = 42, .n_draws = N_DRAWS, .n_replicates = N_REPLICATES};
    const size_t n_accounts = (size_t)OUTLAY_N_ACCOUNTS * N_BOOKS, n_days = (size_t)N_PROGRAMMES * N_DAYS;
    self->tallies = (struct outlay_tallies){
        .n_programmes = N_PROGRAMMES,
        .n_years = N_YEARS,
        .n_classes = N_CLASSES,
        .n_days = N_DAYS,
        .n_paths = N_PATHS,
        .n_draws = N_DRAWS,
        .account_moments = zeros(n_accounts, sizeof(struct outlay_moments)),
        .account_histogram = zeros(n_accounts, sizeof(struct outlay_histogram)),
        .class_moments = zeros(n_accounts * N_CLASSES, sizeof(struct outlay_moments)),
        .class_histogram = zeros(n_accounts * N_CLASSES, sizeof(struct outlay_histogram)),
        .exhausted_moments = zeros(N_BOOKS, sizeof(struct outlay_moments)),
        .exhausted_on = zeros(n_days, sizeof(uint64_t)),
        .exhausted_by_se = zeros(n_days, sizeof(double)),
        .series_moments = zeros(OUTLAY_N_SERIES * n_days, sizeof(struct outlay_moments)),
        .series_histogram = zeros(OUTLAY_N_SERIES * n_days, sizeof(struct outlay_histogram)),
    };
    fake_accounts(&self->tallies);
    fake_days(&self->tallies);
    return self;
}

static void free_histograms(struct outlay_histogram *histograms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(histograms[i].count);
    }
    free(histograms);
}

static void fake_free(struct fake *self)
{
    free_histograms(self->tallies.account_histogram, (size_t)OUTLAY_N_ACCOUNTS * N_BOOKS);
    free_histograms(self->tallies.class_histogram, (size_t)OUTLAY_N_ACCOUNTS * N_BOOKS * N_CLASSES);
    free_histograms(self->tallies.series_histogram, (size_t)OUTLAY_N_SERIES * N_PROGRAMMES * N_DAYS);
    free(self->tallies.account_moments);
    free(self->tallies.class_moments);
    free(self->tallies.exhausted_moments);
    free(self->tallies.exhausted_on);
    free(self->tallies.exhausted_by_se);
    free(self->tallies.series_moments);
    free(self);
}

/* The batch of the replicates [first, first + n) of a draw, which has n_replicates. */
static outlay_err send_batch(const struct outlay_sink *sink, int n_replicates, int draw, int first, int n,
                             struct outlay_diag *diag)
{
    static const double uncertain[N_DRAWS][2] = {{500e6, 1700.0}, {400e6, 1500.0}};
    struct outlay_batch batch = {.first_draw = (uint32_t)draw, .n_draws = 1, .uncertain = uncertain[draw]};
    batch.first_replicate = (uint32_t)first;
    batch.n_replicates = (uint32_t)n;
    batch.exhaustion_day = zeros((size_t)n * N_BOOKS, sizeof(int32_t));
    batch.last_exhaustion_day = batch.exhaustion_day;
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        batch.account[a] = zeros((size_t)n * N_BOOKS, sizeof(double));
        batch.class_account[a] = zeros((size_t)n * N_BOOKS * N_CLASSES, sizeof(double));
        for (int i = 0; i < n * N_BOOKS; i++) {
            const int path = draw * n_replicates + first + i / N_BOOKS;
            batch.account[a][i] = fake_account(a, path, i % N_BOOKS / N_YEARS, i % N_YEARS);
            batch.exhaustion_day[i] = fake_day(path, i % N_YEARS);
            for (int c = 0; c < N_CLASSES; c++) {
                batch.class_account[a][i * N_CLASSES + c] = batch.account[a][i] / 6.0 * (c + 1);
            }
        }
    }
    batch.account[OUTLAY_ACCOUNT_lapsed][0] = INFINITY; /* never to be found in a file */
    outlay_err err = OUTLAY_OK;
    for (size_t i = sink->n_pieces; i-- > 0 && err == OUTLAY_OK;) { /* in any order */
        err = sink->encode(sink->context, &batch, i);
    }
    err = err == OUTLAY_OK ? sink->batch(sink->context, &batch, diag) : err;
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        free(batch.account[a]);
        free(batch.class_account[a]);
    }
    free(batch.exhaustion_day);
    return err;
}

/* Write the run to `path`: `n_draws` of its draws, then the summaries. */
static outlay_err write_run(struct fake *fake, const char *path, struct outlay_writer_options options, int n_draws,
                            struct outlay_diag *diag)
{
    struct outlay_writer *writer = NULL;
    outlay_err err = outlay_writer_new(&writer, path, &fake->scenario, &fake->run, &options, diag);
    if (err != OUTLAY_OK) {
        assert_null(writer);
        return err;
    }
    const struct outlay_sink sink = outlay_writer_sink(writer);
    const int n_all = (int)fake->run.n_replicates, n_batch = n_all / 3; /* three batches and a small one */
    err = sink.begin(sink.context, (struct outlay_batch_shape){.n_draws = 1, .n_replicates = (uint32_t)n_batch}, diag);
    for (int draw = 0; draw < n_draws; draw++) {
        for (int first = 0; first < n_all && err == OUTLAY_OK; first += n_batch) {
            err = send_batch(&sink, n_all, draw, first, n_all - first < n_batch ? n_all - first : n_batch, diag);
        }
    }
    if (err == OUTLAY_OK) {
        err = outlay_writer_finish(writer, &fake->tallies, n_draws == N_DRAWS, 1.5, diag);
    }
    outlay_writer_free(writer);
    return err;
}

/* ---- a folder for each test -------------------------------------------------------------------------------------- */

struct room {
    char folder[64];
    char path[128], partial[160];
    struct fake *fake;
    struct outlay_diag diag;
};

static int set_up(void **state)
{
    struct room *room = zeros(1, sizeof *room);
    const char *temporary = getenv("TMPDIR");
    (void)snprintf(room->folder, sizeof room->folder, "%s/outlay-XXXXXX",
                   temporary != NULL && strlen(temporary) < 40 ? temporary : "/tmp");
    assert_non_null(mkdtemp(room->folder));
    (void)snprintf(room->path, sizeof room->path, "%s/run.h5", room->folder);
    (void)snprintf(room->partial, sizeof room->partial, "%s.partial", room->path);
    room->fake = fake_new();
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    (void)unlink(room->path);
    (void)unlink(room->partial);
    assert_int_equal(rmdir(room->folder), 0);
    fake_free(room->fake);
    outlay_diag_free(&room->diag);
    free(room);
    return 0;
}

static bool exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static const struct outlay_writer_options plain = {.overwrite = false};

static void write_whole(struct room *room)
{
    assert_int_equal(write_run(room->fake, room->path, plain, N_DRAWS, &room->diag), OUTLAY_OK);
    assert_int_equal(room->diag.n_notes, 0);
}

/* ---- reading back ------------------------------------------------------------------------------------------------ */

static void read_doubles(hid_t file, const char *name, double values[], size_t n)
{
    const hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = H5Dget_space(variable);
    assert_int_equal(H5Sget_simple_extent_npoints(space), n);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Sclose(space);
    H5Dclose(variable);
}

/* The text attribute `name` of `object` ("/" = the file itself). */
static void assert_text(hid_t file, const char *object, const char *name, const char *expected)
{
    char text[512] = "";
    const hid_t attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0);
    const hid_t type = H5Aget_type(attribute);
    assert_false(H5Tis_variable_str(type));
    assert_true(H5Tget_size(type) < sizeof text);
    assert_true(H5Aread(attribute, type, text) >= 0);
    H5Tclose(type);
    H5Aclose(attribute);
    assert_string_equal(text, expected);
}

static double number_of(hid_t file, const char *name)
{
    double value = NAN;
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    assert_true(attribute >= 0 && H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) >= 0);
    H5Aclose(attribute);
    return value;
}

static void values_come_back(void **state)
{
    struct room *room = *state;
    write_whole(room);
    assert_false(exists(room->partial));
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    double values[N_PATHS * N_BOOKS * N_CLASSES];
    read_doubles(file, "demand", values, (size_t)N_PATHS * N_BOOKS);
    for (int i = 0; i < N_PATHS * N_BOOKS; i++) {
        const double fen = fake_account(OUTLAY_ACCOUNT_demand, i / N_BOOKS, i % N_BOOKS / N_YEARS, i % N_YEARS);
        assert_true(values[i] == fen / 100.0);
    }
    read_doubles(file, "awards_by_class", values, (size_t)N_PATHS * N_BOOKS * N_CLASSES);
    for (int i = 0; i < N_PATHS * N_BOOKS * N_CLASSES; i++) {
        const int book = i / N_CLASSES % N_BOOKS;
        assert_true(values[i] ==
                    fake_account(OUTLAY_ACCOUNT_awards, i / N_CLASSES / N_BOOKS, book / N_YEARS, book % N_YEARS) / 6.0 *
                        (i % N_CLASSES + 1));
    }
    read_doubles(file, "exhaustion_date", values, (size_t)N_PATHS * N_BOOKS);
    for (int i = 0; i < N_PATHS * N_BOOKS; i++) {
        const int32_t day = fake_day(i / N_BOOKS, i % N_YEARS);
        assert_true(values[i] == (day == OUTLAY_NEVER ? MISSING : day));
    }
    read_doubles(file, "lapsed", values, (size_t)N_PATHS * N_BOOKS);
    assert_true(isnan(values[0]) && isfinite(values[1]));
    read_doubles(file, "uncertain_programmes__training__budget", values, N_DRAWS);
    assert_true(values[0] == 5e6 && values[1] == 4e6);
    read_doubles(file, "uncertain_classes__startup__count", values, N_DRAWS);
    assert_true(values[0] == 1700.0 && values[1] == 1500.0);
    H5Fclose(file);
}

/* Variables of a large run are cut into chunks, one of a batch; the last chunk of a draw is filled in part. */
static void batches_are_chunks(void **state)
{
    struct room *room = *state;
    enum { N_VALUES = N_DRAWS * N_MANY * N_BOOKS };
    room->fake->run.n_replicates = N_MANY;
    write_whole(room);
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    double *values = zeros(N_VALUES, sizeof *values);
    read_doubles(file, "demand", values, N_VALUES);
    for (int i = 0; i < N_VALUES; i++) {
        const int path = i / N_BOOKS, book = i % N_BOOKS;
        assert_true(values[i] == fake_account(OUTLAY_ACCOUNT_demand, path, book / N_YEARS, book % N_YEARS) / 100.0);
    }
    read_doubles(file, "exhaustion_date", values, N_VALUES);
    for (int i = 0; i < N_VALUES; i++) {
        const int32_t day = fake_day(i / N_BOOKS, i % N_YEARS);
        assert_true(values[i] == (day == OUTLAY_NEVER ? MISSING : day));
    }
    read_doubles(file, "replicate", values, N_MANY);
    for (int i = 0; i < N_MANY; i++) {
        assert_true(values[i] == i);
    }
    const hid_t variable = H5Dopen2(file, "demand_by_class", H5P_DEFAULT);
    const hid_t creation = H5Dget_create_plist(variable);
    hsize_t chunk[5];
    assert_int_equal(H5Pget_chunk(creation, 5, chunk), 5);
    assert_true(chunk[0] == 1 && chunk[1] == N_MANY / 3 && chunk[2] * chunk[3] * chunk[4] == N_BOOKS * N_CLASSES);
    H5Pclose(creation);
    H5Dclose(variable);
    H5Fclose(file);
    free(values);
}

static void attributes_say_what_it_is(void **state)
{
    struct room *room = *state;
    write_whole(room);
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_text(file, "/", "Conventions", "CF-1.10");
    assert_text(file, "/", "title", "Coupons of Müller & 深圳");
    assert_text(file, "/", "seed", "42");
    assert_text(file, "/", "source_1_name", "coupons.yaml");
    assert_text(file, "/", "source_1_text", "outlay: 1\ntitle: Coupons\n");
    assert_true(number_of(file, "complete") == 1.0);
    assert_true(number_of(file, "paths_done") == N_PATHS);
    assert_true(number_of(file, "n_draws") == N_DRAWS && number_of(file, "n_replicates") == N_REPLICATES);
    assert_int_equal(H5Aexists(file, "created"), 0);
    assert_int_equal(H5Aexists(file, "host"), 0);
    assert_text(file, "class", "flag_meanings", "enterprise startup university");
    assert_text(file, "programme", "flag_meanings", "training model");
    assert_text(file, "programme", "title_0", "Training coupons");
    assert_text(file, "time", "units", "days since 2025-01-01 00:00:00");
    assert_text(file, "exhaustion_date", "units", "days since 2025-01-01 00:00:00");
    assert_text(file, "exhaustion_date", "calendar", "standard");
    assert_text(file, "outlay", "units", "CNY");
    assert_text(file, "applications", "units", "1");
    assert_text(file, "uncertain_programmes__training__budget", "parameter", "programmes.training.budget");
    assert_text(file, "uncertain_programmes__training__budget", "units", "CNY");
    H5Fclose(file);
}

/* An attribute takes less than 64 kB: longer texts go on in the next one, and no character is cut in two. */
static void long_sources_are_split(void **state)
{
    struct room *room = *state;
    enum { N = 25000 };
    char *text = zeros(3 * N + 2, 1), *texts[] = {text};
    text[0] = '#';
    for (size_t i = 0; i < N; i++) {
        memcpy(text + 1 + 3 * i, "券", 3); /* NOLINT(bugprone-not-null-terminated-result): zeros() has ended it */
    }
    room->fake->scenario.file_texts = texts;
    room->fake->scenario.description = text;
    write_whole(room);
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const char *const names[] = {"source_1_text", "source_1_text_2", "source_1_text_3"};
    char *read = zeros(3 * N + 2, 1);
    size_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        const hid_t attribute = H5Aopen(file, names[i], H5P_DEFAULT);
        const hid_t type = H5Aget_type(attribute);
        assert_true(n + H5Tget_size(type) <= 3 * N + 1);
        assert_int_equal(H5Tget_size(type) % 3, i == 0 ? 1 : 0);
        assert_true(H5Aread(attribute, type, read + n) >= 0);
        n += H5Tget_size(type);
        H5Tclose(type);
        H5Aclose(attribute);
    }
    assert_string_equal(read, text);
    assert_int_equal(H5Aexists(file, "source_1_text_4"), 0);
    H5Fclose(file);
    free(read);
    free(text);
}

/* What every reader can take: float64, int32, and one string; every axis attached. */
static herr_t check_variable(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    (void)info;
    int *n = context;
    const hid_t variable = H5Dopen2(group, name, H5P_DEFAULT);
    const hid_t type = H5Dget_type(variable);
    const bool is_scenario = strcmp(name, "scenario") == 0;
    assert_true(variable >= 0);
    assert_true(is_scenario ? H5Tis_variable_str(type) > 0
                            : H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_STD_I32LE) > 0);
    assert_true(is_scenario || H5Aexists(variable, "DIMENSION_LIST") > 0 || H5Aexists(variable, "CLASS") > 0);
    assert_true(H5Aexists(variable, "long_name") > 0);
    H5O_info_t object;
    assert_true(H5Oget_info2(variable, &object, H5O_INFO_TIME) >= 0);
    assert_true(object.ctime == 0 && object.mtime == 0);
    H5Tclose(type);
    H5Dclose(variable);
    ++*n;
    return 0;
}

static void types_suit_every_reader(void **state)
{
    struct room *room = *state;
    write_whole(room);
    int n = 0;
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(H5Literate(file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, check_variable, &n) >= 0);
    assert_true(n > 150);
    H5Fclose(file);
}

/* The quantile is the first day by whose end that share had run out; 75 % of the replicates do. */
static void dates_are_summarised(void **state)
{
    struct room *room = *state;
    write_whole(room);
    const hid_t file = H5Fopen(room->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    double date[N_BOOKS * OUTLAY_N_PROBABILITIES], lower[N_BOOKS * OUTLAY_N_PROBABILITIES],
        upper[N_BOOKS * OUTLAY_N_PROBABILITIES], by[N_PROGRAMMES * N_DAYS];
    read_doubles(file, "exhaustion_date_quantile", date, (size_t)N_BOOKS * OUTLAY_N_PROBABILITIES);
    read_doubles(file, "exhaustion_date_lower", lower, (size_t)N_BOOKS * OUTLAY_N_PROBABILITIES);
    read_doubles(file, "exhaustion_date_upper", upper, (size_t)N_BOOKS * OUTLAY_N_PROBABILITIES);
    read_doubles(file, "p_exhausted_by", by, (size_t)N_PROGRAMMES * N_DAYS);
    assert_true(date[0] == 100.0 && date[OUTLAY_N_PROBABILITIES] == 465.0);   /* 3 % of each run out on the first day */
    assert_true(date[4] > 170.0 && date[5] == MISSING && date[6] == MISSING); /* 75, 95, 99 % */
    assert_true(upper[4] == MISSING && lower[4] < date[4] && lower[3] < date[3] && date[3] < upper[3]);
    assert_true(by[99] == 0.0 && by[364] == 0.75 && by[365] == 0.0 && by[729] == 0.75);
    H5Fclose(file);
}

/* ---- names and folders ------------------------------------------------------------------------------------------- */

static void unfinished_run_is_partial(void **state)
{
    struct room *room = *state;
    assert_int_equal(write_run(room->fake, room->path, plain, 1, &room->diag), OUTLAY_OK);
    assert_true(exists(room->partial) && !exists(room->path));
    const hid_t file = H5Fopen(room->partial, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(number_of(file, "complete") == 0.0 && number_of(file, "paths_done") == N_REPLICATES);
    double values[N_PATHS * N_BOOKS];
    read_doubles(file, "outlay", values, (size_t)N_PATHS * N_BOOKS);
    assert_true(isfinite(values[N_REPLICATES * N_BOOKS - 1]) && isnan(values[N_REPLICATES * N_BOOKS]));
    read_doubles(file, "awards", values, (size_t)N_PATHS * N_BOOKS);
    assert_true(values[N_REPLICATES * N_BOOKS] == MISSING);
    H5Fclose(file);
}

static void name_tells_where_it_stands(void **state)
{
    struct room *room = *state;
    struct outlay_writer *writer = NULL;
    const struct fake *fake = room->fake;
    assert_int_equal(outlay_writer_new(&writer, room->path, &fake->scenario, &fake->run, &plain, &room->diag),
                     OUTLAY_OK);
    assert_string_equal(outlay_writer_name(writer), room->partial);
    assert_true(exists(room->partial));
    const struct outlay_sink sink = outlay_writer_sink(writer);
    const struct outlay_batch_shape shape = {.n_draws = 9, .n_replicates = 1000}; /* more than the run has */
    assert_int_equal(sink.begin(sink.context, shape, &room->diag), OUTLAY_OK);
    assert_int_equal(outlay_writer_finish(writer, &fake->tallies, true, 0.0, &room->diag), OUTLAY_OK);
    assert_string_equal(outlay_writer_name(writer), room->path);
    outlay_writer_free(writer);
    assert_true(exists(room->path));
    assert_int_equal(outlay_writer_new(&writer, room->partial, &fake->scenario, &fake->run, &plain, &room->diag),
                     OUTLAY_OK);
    outlay_writer_free(writer); /* unfinished: removed */
    assert_false(exists(room->partial));
    outlay_writer_free(NULL);
}

static void results_are_not_overwritten(void **state)
{
    struct room *room = *state;
    write_whole(room);
    assert_int_equal(write_run(room->fake, room->path, plain, N_DRAWS, &room->diag), OUTLAY_ERR_OUTPUT_EXISTS);
    assert_int_equal(room->diag.n_errors, 1);
    assert_string_equal(room->diag.notes[0].file, room->path);
    assert_false(exists(room->partial));
    const struct outlay_writer_options force = {.overwrite = true};
    assert_int_equal(write_run(room->fake, room->path, force, N_DRAWS, NULL), OUTLAY_OK);
}

static void only_plain_files_are_replaced(void **state)
{
    struct room *room = *state;
    const struct outlay_writer_options force = {.overwrite = true};
    assert_int_equal(write_run(room->fake, room->folder, force, N_DRAWS, &room->diag), OUTLAY_ERR_CANNOT_WRITE);
    assert_int_equal(write_run(room->fake, "/dev/null", force, N_DRAWS, &room->diag), OUTLAY_ERR_CANNOT_WRITE);
    assert_int_equal(write_run(room->fake, "", force, N_DRAWS, &room->diag), OUTLAY_ERR_CANNOT_WRITE);
    assert_int_equal(room->diag.n_errors, 3);
}

static void folders_are_made(void **state)
{
    struct room *room = *state;
    char path[160], below[192], folder[128];
    (void)snprintf(folder, sizeof folder, "%s/a", room->folder);
    (void)snprintf(path, sizeof path, "%s/b.h5", folder);
    assert_int_equal(write_run(room->fake, path, plain, N_DRAWS, &room->diag), OUTLAY_OK);
    (void)snprintf(below, sizeof below, "%s/c.h5", path); /* a file where a folder should be */
    assert_int_equal(write_run(room->fake, below, plain, N_DRAWS, &room->diag), OUTLAY_ERR_CANNOT_WRITE);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(write_run(room->fake, "/proc/nowhere/x.h5", plain, N_DRAWS, &room->diag), OUTLAY_ERR_CANNOT_WRITE);
    assert_int_equal(room->diag.n_errors, 2);
}

/* ---- what disks do ----------------------------------------------------------------------------------------------- */

/* A file may not grow beyond `limit` bytes while this writes; then the limit is lifted again. */
static outlay_err write_limited(struct room *room, rlim_t limit)
{
    struct rlimit before, low;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    low = before;
    low.rlim_cur = limit;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    const outlay_err err = write_run(room->fake, room->path, plain, N_DRAWS, &room->diag);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    return err;
}

/* Wherever the disk is full, it is an error and nothing is left; HDF5 may be used again, and exits without a crash. */
static void assert_full_disk_is_an_error(struct room *room, int n_limits)
{
    write_whole(room);
    struct stat status;
    assert_int_equal(stat(room->path, &status), 0);
    assert_int_equal(unlink(room->path), 0);
    for (off_t limit = 0; limit < status.st_size; limit += status.st_size / n_limits) {
        assert_int_equal(write_limited(room, (rlim_t)limit), OUTLAY_ERR_CANNOT_WRITE);
        assert_false(exists(room->path));
        assert_false(exists(room->partial));
    }
    assert_non_null(strstr(room->diag.notes[0].message, strerror(EFBIG)));
    assert_int_equal(write_limited(room, (rlim_t)status.st_size - 1), OUTLAY_ERR_CANNOT_WRITE);
    /* while it is written a file may be longer than in the end */
    assert_int_equal(write_limited(room, (rlim_t)status.st_size * 2), OUTLAY_OK);
}

static void full_disk_is_an_error(void **state)
{
    assert_full_disk_is_an_error(*state, 29);
}

static void full_disk_is_an_error_of_large_runs(void **state)
{
    struct room *room = *state;
    room->fake->run.n_replicates = N_MANY;
    assert_full_disk_is_an_error(room, 4);
}

static char *bytes_of(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *n = (size_t)ftell(file);
    rewind(file);
    char *bytes = zeros(*n + 1, 1);
    assert_int_equal(fread(bytes, 1, *n, file), *n);
    (void)fclose(file);
    return bytes;
}

static void equal_runs_give_equal_bytes(void **state)
{
    struct room *room = *state;
    size_t n_first = 0, n_second = 0;
    write_whole(room);
    char *first = bytes_of(room->path, &n_first);
    assert_int_equal(unlink(room->path), 0);
    char *longer = zeros(300, 1); /* another name, more threads, another moment: the same bytes */
    (void)snprintf(longer, 300, "%s/another-name.h5", room->folder);
    const struct outlay_writer_options threads = {.n_threads = 8};
    assert_int_equal(write_run(room->fake, longer, threads, N_DRAWS, &room->diag), OUTLAY_OK);
    char *second = bytes_of(longer, &n_second);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    free(second);
    assert_int_equal(unlink(longer), 0);
    const struct outlay_writer_options stamp = {.stamp = true, .n_threads = 8};
    assert_int_equal(write_run(room->fake, longer, stamp, N_DRAWS, &room->diag), OUTLAY_OK);
    const hid_t file = H5Fopen(longer, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(number_of(file, "threads") == 8.0 && number_of(file, "seconds") == 1.5);
    assert_true(H5Aexists(file, "created") > 0 && H5Aexists(file, "host") > 0 && H5Aexists(file, "compiler") > 0);
    H5Fclose(file);
    assert_int_equal(unlink(longer), 0);
    free(longer);
    free(first);
}

/* ---- the answer -------------------------------------------------------------------------------------------------- */

/* What is printed of the file at `path`, owned by the caller. */
static char *show(const char *path, outlay_err expected, struct outlay_diag *diag)
{
    FILE *out = tmpfile();
    assert_non_null(out);
    assert_int_equal(outlay_results_show(path, out, diag), expected);
    const long n = ftell(out);
    rewind(out);
    char *text = zeros((size_t)n + 1, 1);
    assert_int_equal(fread(text, 1, (size_t)n, out), n);
    (void)fclose(out);
    return text;
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        print_error("not in the answer: %s\n%s", part, text);
        fail();
    }
}

static void answer_can_be_read_out(void **state)
{
    struct room *room = *state;
    write_whole(room);
    char *text = show(room->path, OUTLAY_OK, &room->diag);
    assert_says(text, "Coupons of Müller & 深圳\n100 replicates (2 draws x 50), seed 42\n");
    assert_says(text, "\nTraining coupons, fiscal year 2025\n");
    assert_says(text, "\nmodel, fiscal year 2026\n");
    assert_says(text, "Exhausted within the fiscal year with probability 0.750 ± 0.012 (standard error)\n");
    assert_says(text, "  95 %    not exhausted\n");
    assert_says(text, " to not exhausted\n");
    assert_says(text, "11 Apr 2025");
    assert_says(text, "university");
    assert_says(text, "between draws");
    assert_null(strstr(text, "INCOMPLETE"));
    free(text);
    assert_int_equal(room->diag.n_notes, 0);
}

static void incomplete_answer_says_so(void **state)
{
    struct room *room = *state;
    assert_int_equal(write_run(room->fake, room->path, plain, 1, &room->diag), OUTLAY_OK);
    char *text = show(room->partial, OUTLAY_OK, &room->diag);
    assert_says(text, "INCOMPLETE: the run was interrupted; what follows rests on 50 of 100 replicates\n");
    free(text);
}

/* Interrupted before its first batch was done: a valid file that says so. */
static void empty_answer_says_so(void **state)
{
    struct room *room = *state;
    const struct outlay_tallies kept = room->fake->tallies;
    room->fake->tallies.n_paths = 0;
    const outlay_err err = write_run(room->fake, room->path, plain, 0, &room->diag);
    room->fake->tallies = kept;
    assert_int_equal(err, OUTLAY_OK);
    char *text = show(room->partial, OUTLAY_OK, &room->diag);
    assert_says(text, "what follows rests on 0 of 100 replicates\n");
    assert_null(strstr(text, "fiscal year"));
    free(text);
}

static void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void other_files_are_refused(void **state)
{
    struct room *room = *state;
    free(show("/nowhere/at/all.h5", OUTLAY_ERR_CANNOT_READ, &room->diag));
    free(show(room->folder, OUTLAY_ERR_CANNOT_READ, &room->diag));
    write_bytes(room->path, "", 0);
    free(show(room->path, OUTLAY_ERR_BAD_RESULT_FILE, &room->diag));
    write_bytes(room->path, "this is no HDF5 file", 20);
    free(show(room->path, OUTLAY_ERR_BAD_RESULT_FILE, &room->diag));
    hid_t file = H5Fcreate(room->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0 && H5Fclose(file) >= 0);
    free(show(room->path, OUTLAY_ERR_BAD_RESULT_FILE, &room->diag));
    assert_int_equal(room->diag.n_errors, 5);
}

/* Show in a process of its own: HDF5 leaks, and grumbles at exit, when what it reads makes no sense. */
static outlay_err show_apart(const char *path)
{
    int status = 0;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        FILE *out = fopen("/dev/null", "w");
        _exit(out == NULL ? OUTLAY_N_ERRORS : (int)outlay_results_show(path, out, NULL));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < OUTLAY_N_ERRORS);
    return (outlay_err)WEXITSTATUS(status);
}

/* A damaged file is refused, or its damage lies where nothing is read: it never takes the program down. */
static void damaged_files_do_no_harm(void **state)
{
    struct room *room = *state;
    size_t n = 0;
    uint32_t random = 12345;
    int n_refused = 0;
    write_whole(room);
    char *bytes = bytes_of(room->path, &n);
    for (int i = 0; i < 100; i++) {
        random = random * 1664525u + 1013904223u;
        const size_t place = i < 40 ? (size_t)i * 2 : random % n;
        const char kept = bytes[place];
        bytes[place] = (char)(kept ^ (char)(1 << (i % 7)));
        write_bytes(room->path, bytes, n);
        bytes[place] = kept;
        n_refused += show_apart(room->path) == OUTLAY_OK ? 0 : 1;
    }
    assert_true(n_refused > 10);
    for (size_t part = 1; part < 20; part++) {
        write_bytes(room->path, bytes, n * part / 20);
        free(show(room->path, OUTLAY_ERR_BAD_RESULT_FILE, NULL));
    }
    free(bytes);
}

/* Every variable of a file is in the reference, if need be through its NAME. */
static void reference_has_every_account(void **state)
{
    (void)state;
    FILE *out = tmpfile();
    assert_non_null(out);
    assert_true(outlay_fields_write(out));
    const long n = ftell(out);
    rewind(out);
    char *text = zeros((size_t)n + 1, 1);
    assert_int_equal(fread(text, 1, (size_t)n, out), n);
#define ASSERT_ROW(name, unit, by_class, meaning)                                                                      \
    assert_says(text, "| `" #name "` | draw, replicate, programme, year |");                                           \
    assert_says(text, meaning);
    OUTLAY_ACCOUNTS(ASSERT_ROW)
#undef ASSERT_ROW
    assert_says(text, "| `NAME_quantile_se` | programme, year, probability |");
    assert_says(text, "| `exhaustion_date_quantile` |");
    free(text);
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(batches_are_chunks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(attributes_say_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_sources_are_split, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types_suit_every_reader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dates_are_summarised, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unfinished_run_is_partial, set_up, tear_down),
        cmocka_unit_test_setup_teardown(name_tells_where_it_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(results_are_not_overwritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_plain_files_are_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_are_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_disk_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_disk_is_an_error_of_large_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(equal_runs_give_equal_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answer_can_be_read_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(incomplete_answer_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty_answer_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_files_do_no_harm, set_up, tear_down),
        cmocka_unit_test(reference_has_every_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
