/* text.c: reading a file whole, and a growing text. */
#define _XOPEN_SOURCE 700 /* realpath: of POSIX since 2008, but glibc shows it to X/Open only */

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Room for `more` bytes and a NUL. */
static bool reserve(struct outlay_text *self, size_t more)
{
    if (self->failed || more > SIZE_MAX / 4 - self->length) {
        self->failed = true;
        return false;
    }
    const size_t need = self->length + more + 1;
    if (need > self->size) {
        const size_t size = need < 256 ? 256 : 2 * need;
        char *bytes = realloc(self->bytes, size);
        if (bytes == NULL) {
            self->failed = true;
            return false;
        }
        self->bytes = bytes;
        self->size = size;
    }
    return true;
}

void outlay_text_add(struct outlay_text *self, const char *bytes, size_t length)
{
    if (reserve(self, length)) {
        memcpy(self->bytes + self->length, bytes, length);
        self->length += length;
        self->bytes[self->length] = '\0';
    }
}

void outlay_text_printf(struct outlay_text *self, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0 && reserve(self, (size_t)length)) {
        (void)vsnprintf(self->bytes + self->length, (size_t)length + 1, format, again);
        self->length += (size_t)length;
    } else {
        self->failed = true;
    }
    va_end(again);
    va_end(arguments);
}

char *outlay_text_take(struct outlay_text *self)
{
    outlay_text_add(self, "", 0);
    char *bytes = self->failed ? NULL : self->bytes;
    if (self->failed) {
        free(self->bytes);
    }
    *self = (struct outlay_text){0};
    return bytes;
}

void outlay_text_free(struct outlay_text *self)
{
    free(self->bytes);
    *self = (struct outlay_text){0};
}

static outlay_err read_stream(FILE *file, struct outlay_text *text, const char **why)
{
    char buffer[16384];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0) {
        outlay_text_add(text, buffer, n);
        if (text->failed) {
            return OUTLAY_ERR_NO_MEMORY;
        }
        if (text->length > OUTLAY_MAX_FILE_BYTES) {
            *why = "it is larger than 4 MB";
            return OUTLAY_ERR_CANNOT_READ;
        }
    }
    if (ferror(file)) {
        *why = strerror(errno);
        return OUTLAY_ERR_CANNOT_READ;
    }
    return OUTLAY_OK;
}

bool outlay_path_is_device(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static outlay_err open_and_read(const char *path, struct outlay_text *text, const char **why)
{
    errno = 0;
    FILE *file = fopen(path, "rb");
    struct stat status;
    outlay_err err = OUTLAY_OK;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        *why = strerror(errno);
        err = OUTLAY_ERR_CANNOT_READ;
        goto out;
    }
    if (S_ISDIR(status.st_mode)) {
        *why = "it is a directory";
        err = OUTLAY_ERR_CANNOT_READ;
        goto out;
    }
    err = read_stream(file, text, why);
out:
    if (file != NULL) {
        (void)fclose(file); /* nothing was written that closing could lose */
    }
    return err;
}

outlay_err outlay_file_read(const char *path, const struct outlay_place *place, char **text, struct outlay_diag *diag)
{
    static const char mark[] = "\xef\xbb\xbf"; /* byte order mark */
    const struct outlay_place itself = {.file = path};
    struct outlay_text read = {0};
    const char *why = "";

    *text = NULL;
    outlay_err err = OUTLAY_ERR_CANNOT_READ;
    if (place != NULL && outlay_path_is_device(path)) { /* a person may name a pipe, a file may not */
        why = "it is no file";
    } else {
        err = open_and_read(path, &read, &why);
    }
    if (err == OUTLAY_ERR_CANNOT_READ) {
        err = outlay_diag_error(diag, err, place != NULL ? place : &itself, "cannot read `%s`: %s", path, why);
        goto out;
    }
    if (err == OUTLAY_OK && read.length >= 3 && memcmp(read.bytes, mark, 3) == 0) {
        read.length -= 3;
        memmove(read.bytes, read.bytes + 3, read.length + 1);
    }
    const size_t length = read.length;
    char *bytes = outlay_text_take(&read);
    if (bytes == NULL) {
        err = outlay_diag_error(diag, OUTLAY_ERR_NO_MEMORY, NULL, "the memory ran out while reading `%s`", path);
        goto out;
    }
    err = outlay_text_check(path, bytes, length, diag);
    if (err != OUTLAY_OK) {
        free(bytes);
        goto out;
    }
    *text = bytes;
out:
    outlay_text_free(&read);
    return err;
}

/* Bytes of the UTF-8 character at `text`, 0 if there is none (RFC 3629: no surrogates, no overlong forms). */
static size_t utf8_length(const unsigned char *text, size_t left)
{
    const unsigned char c = text[0];
    const size_t n = c < 0x80                ? 1
                     : c >= 0xc2 && c < 0xe0 ? 2
                     : c >= 0xe0 && c < 0xf0 ? 3
                     : c >= 0xf0 && c < 0xf5 ? 4
                                             : 0;
    if (n == 0 || n > left) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool is_bad = (c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] >= 0xa0) ||
                        (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] >= 0x90);
    return is_bad ? 0 : n;
}

outlay_err outlay_text_check(const char *name, const char *text, size_t length, struct outlay_diag *diag)
{
    const unsigned char *bytes = (const unsigned char *)text;
    struct outlay_place place = {.file = name, .line = 1, .column = 1, .width = 1};
    for (size_t i = 0; i < length;) {
        const unsigned char c = bytes[i];
        const size_t n = utf8_length(bytes + i, length - i);
        if (n == 0) {
            const outlay_err err =
                outlay_diag_error(diag, OUTLAY_ERR_YAML_SYNTAX, &place, "byte 0x%02x is not UTF-8 text", (unsigned)c);
            outlay_diag_hint(diag, "save the file as UTF-8");
            return err;
        }
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            return outlay_diag_error(diag, OUTLAY_ERR_YAML_SYNTAX, &place,
                                     "byte 0x%02x is a control character, which no text file holds", (unsigned)c);
        }
        place.column = c == '\n' ? 1 : place.column + 1;
        place.line += c == '\n' ? 1 : 0;
        i += n;
    }
    return OUTLAY_OK;
}

const char *outlay_text_line(const char *text, int line)
{
    for (int i = 1; i < line; text++) { /* no strchr: the strict checks of a sanitizer read to the end of the text */
        if (*text == '\0') {
            return NULL;
        }
        i += *text == '\n' ? 1 : 0;
    }
    return text;
}

int outlay_text_lines(const char *text)
{
    int n = 1;
    for (; *text != '\0'; text++) {
        n += *text == '\n' && text[1] != '\0' ? 1 : 0;
    }
    return n;
}

int outlay_text_rest_of_line(const char *text, int line, int column)
{
    int n = 0, last = 1;
    const char *p = outlay_text_line(text, line);
    for (; p != NULL && *p != '\0' && *p != '\n' && *p != '\r'; p++) {
        if (((unsigned char)*p & 0xc0) != 0x80) {
            n++;
            last = *p != ' ' && n >= column ? n - column + 1 : last;
        }
    }
    return last;
}

char *outlay_text_joined(const char *first, const char *second)
{
    struct outlay_text whole = {0};
    outlay_text_printf(&whole, "%s%s", first, second);
    return outlay_text_take(&whole);
}

char *outlay_path_beside(const char *from, const char *name)
{
    struct outlay_text path = {0};
    const char *slash = strrchr(from, '/');
    if (name[0] != '/' && slash != NULL) {
        outlay_text_add(&path, from, (size_t)(slash - from) + 1);
    }
    outlay_text_add(&path, name, strlen(name));
    return outlay_text_take(&path);
}

bool outlay_path_stays(const char *name)
{
    bool stays = name[0] != '/' && name[0] != '\0';
    for (const char *part = name; stays && part != NULL;) {
        const size_t length = strcspn(part, "/");
        stays = !(length == 2 && part[0] == '.' && part[1] == '.');
        part = part[length] == '/' ? part + length + 1 : NULL;
    }
    return stays;
}

char *outlay_path_outside(const char *from, const char *path)
{
    char *beside = outlay_path_beside(from, ".");
    char *folder = beside != NULL ? realpath(beside, NULL) : NULL;
    char *real = realpath(path, NULL);
    bool is_outside = false;
    if (folder != NULL && real != NULL) {
        const size_t length = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
        is_outside = strncmp(real, folder, length) != 0 || real[length] != '/';
    }
    if (!is_outside) {
        free(real);
        real = NULL;
    }
    free(folder);
    free(beside);
    return real;
}

const char *outlay_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
