/* disk.c: folders, the partial file and its final name. The HDF5 driver on top is in driver.c. */
#include "results/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static outlay_err cannot_write(const char *path, int why, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, &place, "the file cannot be written: %s",
                             why != 0 ? strerror(why) : "the HDF5 library failed");
}

outlay_err outlay_disk_error(const struct outlay_disk *self, struct outlay_diag *diag)
{
    if (self->failed == 0 && errno == ENOMEM) {
        return outlay_diag_no_memory(diag);
    }
    return cannot_write(self->path, self->failed, diag);
}

/* Make every folder above the file; those that exist are left alone. `path` is changed and restored. */
static outlay_err make_folders(char *path, struct outlay_diag *diag)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const int failed = mkdir(path, 0777) != 0 && errno != EEXIST ? errno : 0;
        const outlay_err err = failed != 0 ? cannot_write(path, failed, diag) : OUTLAY_OK;
        *slash = '/';
        if (err != OUTLAY_OK) {
            return err;
        }
    }
    return OUTLAY_OK;
}

/* A finished result is only replaced when asked, and what is no plain file (a folder, /dev/null) never. */
static outlay_err check_target(const char *path, bool overwrite, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    struct stat status;
    if (stat(path, &status) != 0) {
        return OUTLAY_OK;
    }
    if (!S_ISREG(status.st_mode)) {
        return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, &place,
                                 S_ISDIR(status.st_mode) ? "the file cannot be written: this is a folder"
                                                         : "the file cannot be written: this is not a plain file");
    }
    if (!overwrite) {
        (void)outlay_diag_error(diag, OUTLAY_ERR_OUTPUT_EXISTS, &place, "the file exists already");
        outlay_diag_hint(diag, "--force replaces it, -o FILE chooses another name");
        return OUTLAY_ERR_OUTPUT_EXISTS;
    }
    return OUTLAY_OK;
}

/* Does the descriptor's file stand under that name? Another run may have given it another one, or removed it. */
static bool stands_under(int fd, const char *path)
{
    struct stat open_file, named;
    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 && open_file.st_dev == named.st_dev &&
           open_file.st_ino == named.st_ino;
}

static outlay_err is_in_use(const struct outlay_disk *self, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = self->partial};
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(self->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0) {
        return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, &place,
                                 "another run, process %ld, is writing this file", (long)lock.l_pid);
    }
    return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, &place, "another run is writing this file");
}

/*
 * Two runs must not write the same partial file: the second finds it locked. A run that ends in this moment gives its
 * file the final name: then what was opened is not the partial file any more, and must not be touched.
 */
static outlay_err open_locked(struct outlay_disk *self, struct outlay_diag *diag)
{
    for (;;) {
        self->fd = open(self->partial, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (self->fd < 0) {
            return cannot_write(self->partial, errno, diag);
        }
        const struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fcntl(self->fd, F_SETLK, &lock) != 0 && (errno == EACCES || errno == EAGAIN)) {
            return is_in_use(self, diag);
        }
        if (stands_under(self->fd, self->partial)) {
            return OUTLAY_OK;
        }
        (void)close(self->fd);
    }
}

/* Is there a run that can go on? A checkpoint alone, whose partial file somebody has moved away, is of no use. */
static bool has_interrupted_run(const struct outlay_disk *self)
{
    struct stat partial;
    return access(self->state, F_OK) == 0 &&
           (access(self->old, F_OK) == 0 || (fstat(self->fd, &partial) == 0 && partial.st_size > 0));
}

outlay_err outlay_disk_clear(struct outlay_disk *self, bool overwrite, struct outlay_diag *diag)
{
    if (!overwrite && has_interrupted_run(self)) {
        const struct outlay_place place = {.file = self->partial};
        (void)outlay_diag_error(diag, OUTLAY_ERR_OUTPUT_EXISTS, &place, "an interrupted run is kept here");
        outlay_diag_hint(diag, "run --resume goes on with it, --force begins anew, -o FILE chooses another name");
        return OUTLAY_ERR_OUTPUT_EXISTS;
    }
    (void)unlink(self->state);
    (void)unlink(self->old);
    self->is_kept = false;
    return ftruncate(self->fd, 0) != 0 ? cannot_write(self->partial, errno, diag) : OUTLAY_OK;
}

outlay_err outlay_disk_set_aside(struct outlay_disk *self, struct outlay_diag *diag)
{
    self->old_fd = open(self->old, O_RDONLY | O_CLOEXEC);
    if (self->old_fd >= 0) {
        return ftruncate(self->fd, 0) != 0 ? cannot_write(self->partial, errno, diag) : OUTLAY_OK;
    }
    if (errno != ENOENT || rename(self->partial, self->old) != 0) {
        return cannot_write(self->old, errno, diag);
    }
    self->old_fd = self->fd;
    return open_locked(self, diag);
}

void outlay_disk_drop_old(struct outlay_disk *self)
{
    if (self->old_fd >= 0) {
        (void)close(self->old_fd);
        (void)unlink(self->old);
        self->old_fd = -1;
    }
}

bool outlay_disk_write_at(int fd, const void *bytes, size_t n, uint64_t at)
{
    for (size_t done = 0; done < n;) {
        const ssize_t put = pwrite(fd, (const char *)bytes + done, n - done, (off_t)(at + done));
        if (put > 0) {
            done += (size_t)put;
        } else if (put == 0 || errno != EINTR) {
            errno = put == 0 ? ENOSPC : errno;
            return false;
        }
    }
    return true;
}

bool outlay_disk_read_at(int fd, void *bytes, size_t n, uint64_t at)
{
    for (size_t done = 0; done < n;) {
        const ssize_t got = pread(fd, (char *)bytes + done, n - done, (off_t)(at + done));
        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            errno = got == 0 ? 0 : errno;
            return false;
        }
    }
    return true;
}

outlay_err outlay_disk_init(struct outlay_disk *self, const char *path, bool overwrite, struct outlay_diag *diag)
{
    *self = OUTLAY_DISK_CLOSED;
    self->path = strdup(path);
    self->partial = outlay_text_joined(path, ".partial");
    self->old = outlay_text_joined(path, ".partial.old");
    self->state = outlay_text_joined(path, ".partial.state");
    if (self->path == NULL || self->partial == NULL || self->old == NULL || self->state == NULL) {
        return outlay_diag_no_memory(diag);
    }
    if (path[0] == '\0') {
        return cannot_write(path, ENOENT, diag);
    }
    outlay_err err = check_target(path, overwrite, diag);
    if (err == OUTLAY_OK) {
        err = make_folders(self->partial, diag);
    }
    self->is_kept = true; /* until its owner says what becomes of it */
    return err == OUTLAY_OK ? open_locked(self, diag) : err;
}

FILE *outlay_disk_open_stream(struct outlay_disk *self)
{
    const int fd = dup(self->fd);
    FILE *stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (stream == NULL) {
        self->failed = errno;
        (void)(fd >= 0 ? close(fd) : 0);
    }
    return stream;
}

/* Of a write that failed while the stream was being filled, errno is long gone: trying once more tells it. */
bool outlay_disk_close_stream(struct outlay_disk *self, FILE *stream)
{
    const bool had_failed = ferror(stream) != 0;
    clearerr(stream);
    errno = 0;
    const bool ok = (!had_failed || fputc('\n', stream) != EOF) && fflush(stream) == 0;
    const int why = errno;
    if ((fclose(stream) != 0 || !ok || had_failed) && self->failed == 0) {
        self->failed = why != 0 ? why : errno != 0 ? errno : EIO;
    }
    return self->failed == 0;
}

/* The folder's entry must reach the disk as well; some file systems cannot, and that is no error. */
static void sync_folder(const char *path)
{
    char *folder = strdup(path);
    if (folder == NULL) {
        return;
    }
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    const int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

outlay_err outlay_disk_finish(struct outlay_disk *self, bool rename_it, bool overwrite, struct outlay_diag *diag)
{
    if (self->failed == 0 && fsync(self->fd) != 0 && errno != EINVAL && errno != ENOTSUP) {
        self->failed = errno;
    }
    if (self->failed != 0) {
        return outlay_disk_error(self, diag);
    }
    self->is_kept = true;
    if (!rename_it) {
        return OUTLAY_OK;
    }
    const outlay_err err = check_target(self->path, overwrite, diag); /* somebody may have been quicker */
    if (err != OUTLAY_OK) {
        return err;
    }
    if (rename(self->partial, self->path) != 0) {
        return cannot_write(self->path, errno, diag);
    }
    self->is_renamed = true;
    sync_folder(self->path);
    return OUTLAY_OK;
}

void outlay_disk_free(struct outlay_disk *self)
{
    if (self->fd >= 0) {
        if (!self->is_kept) {
            (void)unlink(self->partial);
        }
        (void)close(self->fd);
    }
    if (self->old_fd >= 0) {
        (void)close(self->old_fd);
    }
    free(self->state);
    free(self->old);
    free(self->partial);
    free(self->path);
    *self = OUTLAY_DISK_CLOSED;
}
