/* stored.c: long texts as attributes in parts, files as variables of bytes. */
#include "results/stored.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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

bool outlay_stored_put_part(hid_t root, const char *name, const char *text)
{
    char *part = strndup(text == NULL ? "" : text, part_length(text == NULL ? "" : text));
    const bool ok = part != NULL && outlay_hdf_put_text(root, name, part);
    free(part);
    return ok;
}

/* The attribute of one part of a text: NAME, NAME_2 ... */
static void name_part(char part_name[64], const char *name, int part)
{
    (void)snprintf(part_name, 64, part == 1 ? "%s" : "%s_%d", name, part);
}

bool outlay_stored_put_text(hid_t root, const char *name, const char *text)
{
    bool ok = true;
    for (int part = 1; *text != '\0' && ok; part++) {
        char part_name[64];
        name_part(part_name, name, part);
        ok = outlay_stored_put_part(root, part_name, text);
        text += part_length(text);
    }
    return ok;
}

char *outlay_stored_text(hid_t root, const char *name)
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
        (void)snprintf(name, sizeof name, "source_%d_name", i + 1);
        ok = outlay_hdf_put_text(root, name, outlay_path_base(scenario->file_names[i]));
        (void)snprintf(name, sizeof name, "source_%d_text", i + 1);
        ok = ok && outlay_stored_put_text(root, name, scenario->file_texts[i]);
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

bool outlay_stored_put(hid_t root, const struct outlay_scenario *scenario)
{
    return put_sources(root, scenario) && put_files(root, scenario);
}
