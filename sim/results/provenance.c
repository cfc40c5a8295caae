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
#include <zlib.h>

#include "outlay/precision.h"
#include "outlay/quantity.h"
#include "outlay/version.h"
#include "results/hdf.h"
#include "results/stored.h"

static bool put_conventions(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    return outlay_hdf_put_text(root, name, "CF-1.10");
}

static bool put_title(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_stored_put_part(root, name, about->scenario->title);
}

static bool put_description(hid_t root, const char *name, const struct outlay_provenance *about)
{
    return outlay_stored_put_part(root, name, about->scenario->description);
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

static void name_libraries(char text[], size_t size)
{
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release);
    (void)snprintf(text, size, "HDF5 %u.%u.%u, GSL %s, libfyaml %s", major, minor, release, gsl_version,
                   fy_library_version());
}

static bool put_libraries(hid_t root, const char *name, const struct outlay_provenance *about)
{
    (void)about;
    char text[128];
    name_libraries(text, sizeof text);
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
    return about->run.precision == NULL || outlay_stored_put_part(root, name, about->run.precision->text);
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
    {"n_summaries", "int32", false, put_zero_int32, "summaries in the file, so that none is lost unnoticed"},
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

static void identify(struct outlay_text *identity, const char *name, const char *text)
{
    outlay_text_add(identity, name, strlen(name) + 1);
    outlay_text_add(identity, text, strlen(text) + 1);
}

static void identify_files(struct outlay_text *identity, const struct outlay_scenario *scenario)
{
    for (int i = 0; i < scenario->n_files; i++) {
        identify(identity, "a scenario file", outlay_path_base(scenario->file_names[i]));
        identify(identity, "the text of a scenario file", scenario->file_texts[i]);
    }
    for (int i = 0; i < scenario->n_read; i++) {
        const struct outlay_file *file = &scenario->read[i];
        char text[64];
        (void)snprintf(text, sizeof text, "%zu bytes, CRC-32 %08lx", file->size,
                       crc32_z(0, (const unsigned char *)file->bytes, file->size));
        identify(identity, "a file that the scenario names", file->name);
        identify(identity, "the contents of a file that the scenario names", text);
    }
}

void outlay_provenance_identify(const struct outlay_provenance *about, struct outlay_text *identity)
{
    char text[256];
    char *yaml = outlay_scenario_to_yaml(about->scenario);
    identity->failed = identity->failed || yaml == NULL;
    identify(identity, "the program", OUTLAY_VERSION " " OUTLAY_REVISION);
    name_libraries(text, sizeof text);
    identify(identity, "a library", text);
    identify(identity, "a library", zlibVersion());
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)about->run.seed);
    identify(identity, "the seed", text);
    (void)snprintf(text, sizeof text, "%lu x %lu", (unsigned long)about->run.n_draws,
                   (unsigned long)about->run.n_replicates);
    identify(identity, "the number of draws or replicates", text);
    identify(identity, "the precision", about->run.precision == NULL ? "" : about->run.precision->text);
    identify(identity, "--stamp", about->options.stamp ? "yes" : "no");
    identify(identity, "the scenario", yaml == NULL ? "" : yaml);
    identify_files(identity, about->scenario);
    free(yaml);
}

bool outlay_provenance_write(hid_t file, const struct outlay_provenance *about)
{
    for (const struct outlay_root_row *row = outlay_root_attributes; row->name != NULL; row++) {
        if ((!row->is_stamp || about->options.stamp) && !row->put(file, row->name, about)) {
            return false;
        }
    }
    char *yaml = outlay_scenario_to_yaml(about->scenario);
    const bool ok = yaml != NULL && outlay_stored_put(file, about->scenario) &&
                    outlay_stored_put_text(file, "scenario_text", yaml) &&
                    outlay_hdf_put_string(file, "scenario",
                                          "the resolved scenario: a scenario file that runs to the same results", yaml);
    free(yaml);
    return ok;
}
