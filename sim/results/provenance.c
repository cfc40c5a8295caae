/*
 * provenance.c: the root attributes.
 *
 * Without --stamp nothing here depends on the moment, the machine, the compiler, the number of threads or where the
 * files lie: equal runs give equal bytes.
 */
#include "results/provenance.h"

#include <gsl/gsl_version.h>
#include <hdf5_hl.h>
#include <libfyaml.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "outlay/precision.h"
#include "outlay/quantity.h"
#include "outlay/version.h"
#include "results/hdf.h"

/* An attribute holds at most 64 kB; longer texts are cut into parts, at a character's start. */
#define MAX_PART ((size_t)32000)

/* Files that a scenario names are stored in chunks of this many bytes, and deflate shrinks none by more than this. */
#define MAX_FILE_CHUNK ((hsize_t)1 << 20)
#define MAX_DEFLATE 1100

/* Bytes of the next part of `text`: not more than MAX_PART, and no character cut in two (UTF-8). */
static size_t part_length(const char *text)
{
    size_t length = strlen(text);
    if (length > MAX_PART) {
        for (length = MAX_PART; length > 1 && ((unsigned char)text[length] & 0xC0) == 0x80;) {
            length--;
        }
    }
    return length;
}

/* As much of a text as one attribute takes; NULL = nothing. */
static bool put_part(hid_t root, const char *name, const char *text)
{
    char *part = strndup(text == NULL ? "" : text, part_length(text == NULL ? "" : text));
    const bool ok = part != NULL && outlay_hdf_put_text(root, name, part);
    free(part);
    return ok;
}

static bool put_conventions(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, "CF-1.10");
}

static bool put_title(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return put_part(root, name, about->scenario->title);
}

static bool put_description(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return put_part(root, name, about->scenario->description);
}

static bool put_currency(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_hdf_put_text(root, name, about->scenario->currency);
}

static bool put_version(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, OUTLAY_VERSION);
}

static bool put_revision(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, OUTLAY_REVISION);
}

static bool put_libraries(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    unsigned major = 0, minor = 0, release = 0;
    char text[128];
    if (H5get_libversion(&major, &minor, &release) < 0) {
        return false;
    }
    (void)snprintf(text, sizeof text, "HDF5 %u.%u.%u, GSL %s, libfyaml %s", major, minor, release, gsl_version,
                   fy_library_version());
    return outlay_hdf_put_text(root, name, text);
}

/* The run in one line, as CF asks; the date only where it is asked for. */
static bool put_history(hid_t root, const char *name, const struct outlay_provenance *about)
{
    char text[128];
    if (about->options.is_exact) {
        return outlay_hdf_put_text(root, name, "outlay " OUTLAY_VERSION ": exact answer, without simulation");
    }
    (void)snprintf(text, sizeof text, "outlay %s: %s%lu draws x %lu replicates with seed %llu", OUTLAY_VERSION,
                   about->run.precision != NULL ? "at most " : "", (unsigned long)about->run.n_draws,
                   (unsigned long)about->run.n_replicates, (unsigned long long)about->run.seed);
    return outlay_hdf_put_text(root, name, text);
}

static bool put_seed(hid_t root, const char *name, const struct outlay_provenance *about)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)about->run.seed);
    return outlay_hdf_put_text(root, name, text);
}

/* Left out where a double cannot hold it. */
static bool put_seed_number(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return about->run.seed > UINT64_C(1) << 53 || outlay_hdf_put_double(root, name, (double)about->run.seed);
}

static bool put_draws(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_hdf_put_int32(root, name, (int32_t)about->run.n_draws);
}

static bool put_replicates(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_hdf_put_int32(root, name, (int32_t)about->run.n_replicates);
}

static bool put_precision(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return about->run.precision == NULL || put_part(root, name, about->run.precision->text);
}

static bool put_half_width(hid_t root, const char *name, const struct outlay_provenance *about)
{
    const struct outlay_precision *precision = about->run.precision;
    const size_t n = precision == NULL ? 0 : (size_t)precision->n_goals;
    double *unknown = calloc(n + 1, sizeof *unknown);
    for (size_t i = 0; unknown != NULL && i < n; i++) {
        unknown[i] = (double)NAN;
    }
    const bool ok = n == 0 || (unknown != NULL && outlay_hdf_put_doubles(root, name, unknown, n));
    free(unknown);
    return ok;
}

static bool put_reached(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return about->run.precision == NULL || outlay_hdf_put_int32(root, name, 0);
}

/* The next three are left out where the numbers were simulated. */
static bool put_exact(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return !about->options.is_exact || outlay_hdf_put_int32(root, name, 1);
}

static bool put_p_error(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return !about->options.is_exact || outlay_hdf_put_double(root, name, about->options.p_error);
}

static bool put_money_error(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return !about->options.is_exact || outlay_hdf_put_double(root, name, about->options.money_error / OUTLAY_FEN);
}

static bool put_zero_int32(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_int32(root, name, 0);
}

static bool put_zero_double(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_double(root, name, 0.0);
}

static bool put_created(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    char text[32] = "";
    struct tm utc;
    const time_t now = time(NULL);
    if (gmtime_r(&now, &utc) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        return true;
    }
    return outlay_hdf_put_text(root, name, text);
}

static bool put_host(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    char text[256] = "";
    return gethostname(text, sizeof text - 1) != 0 || outlay_hdf_put_text(root, name, text);
}

static bool put_threads(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_hdf_put_int32(root, name, (int32_t)about->options.n_threads);
}

static bool put_compiler(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
#if defined(__clang__)
    return outlay_hdf_put_text(root, name, __VERSION__);
#elif defined(__GNUC__)
    return outlay_hdf_put_text(root, name, "gcc " __VERSION__);
#else
    return outlay_hdf_put_text(root, name, "unknown");
#endif
}

/*
 * NeXus: what a viewer draws when the file is opened, the probability of being exhausted by each day. The root is
 * itself the NXdata group, for all variables lie in it. The axis of the programmes has no name (`.`): a viewer that is
 * told of one of length 1 takes the signal for a scatter of points.
 */
static bool put_nx_class(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, "NXdata");
}

static bool put_signal(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, "p_exhausted_by");
}

static bool put_signal_axes(hid_t root, const char *name, const struct outlay_provenance *about)
{
    static const char *const axes[] = {".", "time"};
    (void)about;
    return outlay_hdf_put_texts(root, name, axes, sizeof axes / sizeof axes[0]);
}

const struct outlay_root_row outlay_root_attributes[] = {
    {"Conventions", "text", false, put_conventions, "the metadata conventions that the file follows"},
    {"NX_class", "text", false, put_nx_class,
     "`NXdata`, the NeXus name of a group that can be drawn; this and the next two tell a viewer what to draw first"},
    {"signal", "text", false, put_signal, "the variable to be drawn: `p_exhausted_by`"},
    {"axes", "text[2]", false, put_signal_axes, "the axes of that drawing: none for the programmes, and `time`"},
    {"title", "text", false, put_title, "title of the scenario"},
    {"description", "text", false, put_description, "description of the scenario, where it has one"},
    {"history", "text", false, put_history, "the run in one line"},
    {"currency", "text", false, put_currency, "currency of the money (ISO 4217)"},
    {"outlay_version", "text", false, put_version, "version of the program"},
    {"outlay_revision", "text", false, put_revision, "its git revision"},
    {"library_versions", "text", false, put_libraries, "versions of the libraries"},
    {"seed", "text", false, put_seed, "seed of the random numbers, in decimal digits"},
    {"seed_number", "float64", false, put_seed_number, "the same as a number, where it is exact (up to 2^53)"},
    {"n_draws", "int32", false, put_draws, "draws of the run"},
    {"n_replicates", "int32", false, put_replicates, "replicates of each draw"},
    {"precision", "text", false, put_precision,
     "what `simulation.precision` asked for: half-widths of 95 % intervals; this and the next two are missing where it "
     "asked for nothing"},
    {"precision_half_width", "float64", false, put_half_width,
     "the half-widths that were reached, in the order of `precision`, in shares, days, numbers or the currency"},
    {"precision_reached", "int32", false, put_reached, "1 = all of them are at most what was asked for"},
    {"complete", "int32", false, put_zero_int32,
     "1 = the run came to its end; 0 = it was interrupted, and has no more "
     "than its first paths_done paths (draw x replicate)"},
    {"paths_done", "float64", false, put_zero_double, "paths (draw x replicate) in the file"},
    {"exact", "int32", false, put_exact,
     "1 = the summaries were worked out without simulation: there are no replicates, standard errors are 0, and what "
     "is "
     "not known exactly is left out; absent where they were simulated"},
    {"exact_probability_error", "float64", false, put_p_error,
     "of such a file: no probability is further off than this"},
    {"exact_mean_error", "float64", false, put_money_error,
     "of such a file: no mean of demand or of commitments is further off than this, in the currency"},
    {"created", "text", true, put_created, "moment at which the run began (UTC)"},
    {"host", "text", true, put_host, "name of the machine"},
    {"threads", "int32", true, put_threads, "number of threads"},
    {"compiler", "text", true, put_compiler, "compiler of the program"},
    {"seconds", "float64", true, put_zero_double, "duration of the run in seconds"},
    {.name = NULL},
};

/* The attribute of one part of a text: NAME, NAME_2 ... */
static void name_part(char part_name[64], const char *name, int part)
{
    (void)snprintf(part_name, 64, part == 1 ? "%s" : "%s_%d", name, part);
}

/* A text of any length. */
static bool put_text(hid_t root, const char *name, const char *text)
{
    bool ok = true;
    for (int part = 1; *text != '\0' && ok; part++) {
        char part_name[64];
        name_part(part_name, name, part);
        ok = put_part(root, part_name, text);
        text += part_length(text);
    }
    return ok;
}

char *outlay_provenance_text(hid_t root, const char *name)
{
    struct outlay_text whole = {0};
    char part_name[64];
    name_part(part_name, name, 1);
    if (H5Aexists(root, part_name) <= 0) {
        return NULL;
    }
    for (int part = 1; H5Aexists(root, part_name) > 0; name_part(part_name, name, ++part)) {
        char *text = outlay_hdf_get_text(root, part_name);
        if (text == NULL) {
            outlay_text_free(&whole);
            return NULL;
        }
        outlay_text_add(&whole, text, strlen(text));
        free(text);
    }
    return outlay_text_take(&whole);
}

/* The files as the user wrote them; of their names only the last part, for where they lie changes no result. */
static bool put_sources(hid_t root, const struct outlay_scenario *scenario)
{
    bool ok = true;
    for (int i = 0; i < scenario->n_files && ok; i++) {
        char name[64];
        const char *slash = strrchr(scenario->file_names[i], '/');
        (void)snprintf(name, sizeof name, "source_%d_name", i + 1);
        ok = outlay_hdf_put_text(root, name, slash == NULL ? scenario->file_names[i] : slash + 1);
        (void)snprintf(name, sizeof name, "source_%d_text", i + 1);
        ok = ok && put_text(root, name, scenario->file_texts[i]);
    }
    return ok;
}

/* ---- the files that a scenario names ----------------------------------------------------------------------------- */

/* netCDF's way to say that an axis has no variable of its own; nothing is ever written into it. */
static hid_t make_byte_axis(hid_t file, const char *name, hsize_t n)
{
    char label[80];
    (void)snprintf(label, sizeof label, "This is a netCDF dimension but not a netCDF variable. %10llu",
                   (unsigned long long)n);
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t creation = outlay_hdf_creation(H5P_DATASET_CREATE);
    const hid_t axis = space >= 0 && creation >= 0
                           ? H5Dcreate2(file, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, creation, H5P_DEFAULT)
                           : H5I_INVALID_HID;
    (void)outlay_hdf_release(creation);
    (void)outlay_hdf_release(space);
    if (axis >= 0 && H5DSset_scale(axis, label) < 0) {
        (void)outlay_hdf_release(axis);
        return H5I_INVALID_HID;
    }
    return axis;
}

/* One file as bytes; an empty one has its name only. */
static bool put_file(hid_t root, const char *variable_name, const struct outlay_file *file)
{
    const hsize_t n = file->size, chunk = n < MAX_FILE_CHUNK ? n : MAX_FILE_CHUNK;
    char axis_name[64];
    (void)snprintf(axis_name, sizeof axis_name, "%s_byte", variable_name);
    const hid_t axis = make_byte_axis(root, axis_name, n);
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t creation = outlay_hdf_creation(H5P_DATASET_CREATE);
    hid_t variable = H5I_INVALID_HID;
    if (axis >= 0 && space >= 0 && creation >= 0 &&
        (n == 0 || (H5Pset_chunk(creation, 1, &chunk) >= 0 && H5Pset_deflate(creation, 1) >= 0))) {
        variable = H5Dcreate2(root, variable_name, H5T_STD_I8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    }
    const bool ok = variable >= 0 &&
                    (n == 0 || H5Dwrite(variable, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, file->bytes) >= 0) &&
                    outlay_hdf_put_text(variable, "long_name", "bytes of a file that the scenario names") &&
                    outlay_hdf_put_text(variable, "file_name", file->name) && H5DSattach_scale(variable, axis, 0) >= 0;
    (void)outlay_hdf_release(variable);
    (void)outlay_hdf_release(creation);
    (void)outlay_hdf_release(space);
    (void)outlay_hdf_release(axis);
    return ok;
}

static void name_file(char name[32], size_t i)
{
    (void)snprintf(name, 32, "file_%lu", (unsigned long)i + 1);
}

static bool put_files(hid_t root, const struct outlay_scenario *scenario)
{
    bool ok = true;
    for (int i = 0; i < scenario->n_read && ok; i++) {
        char name[32];
        name_file(name, (size_t)i);
        ok = put_file(root, name, &scenario->read[i]);
    }
    return ok;
}

static bool get_file(hid_t root, const char *name, struct outlay_file *file)
{
    const hid_t variable = H5Dopen2(root, name, H5P_DEFAULT);
    file->name = variable >= 0 ? outlay_hdf_get_text(variable, "file_name") : NULL;
    file->size = variable >= 0 ? outlay_hdf_length(root, name) : 0;
    const bool is_likely = variable >= 0 && file->size / MAX_DEFLATE <= H5Dget_storage_size(variable);
    file->bytes = is_likely ? calloc(file->size + 1, 1) : NULL;
    const bool ok =
        file->name != NULL && file->bytes != NULL &&
        (file->size == 0 || H5Dread(variable, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, file->bytes) >= 0);
    (void)outlay_hdf_release(variable);
    return ok;
}

void outlay_stored_files_free(struct outlay_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(files[i].name);
        free(files[i].bytes);
    }
    free(files);
}

bool outlay_stored_files_read(hid_t root, struct outlay_file **files, size_t *n)
{
    char name[32];
    bool ok = true;
    *files = NULL;
    *n = 0;
    for (name_file(name, 0); ok && H5Lexists(root, name, H5P_DEFAULT) > 0; name_file(name, *n)) {
        struct outlay_file *more = realloc(*files, (*n + 1) * sizeof *more);
        ok = more != NULL;
        if (ok) {
            *files = more;
            more[*n] = (struct outlay_file){0};
            ok = get_file(root, name, &more[(*n)++]);
        }
    }
    return ok;
}

bool outlay_provenance_write(hid_t file, const struct outlay_provenance *about)
{
    for (const struct outlay_root_row *row = outlay_root_attributes; row->name != NULL; row++) {
        if ((!row->is_stamp || about->options.stamp) && !row->put(file, row->name, about)) {
            return false;
        }
    }
    char *yaml = outlay_scenario_to_yaml(about->scenario);
    const bool ok = yaml != NULL && put_sources(file, about->scenario) && put_files(file, about->scenario) &&
                    put_text(file, "scenario_text", yaml) &&
                    outlay_hdf_put_string(file, "scenario",
                                          "the resolved scenario: a scenario file that runs to the same results", yaml);
    free(yaml);
    return ok;
}
