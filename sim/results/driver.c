/* driver.c: the HDF5 file driver of disk.h. Its functions have the shapes that H5FD_class_t asks for. */
#include "results/disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "results/hdf.h"

/* An open file as HDF5 knows it; H5FD_t comes first so that its address is the file's. */
struct file {
    H5FD_t base;
    struct outlay_disk *disk;
    haddr_t eoa; /* end of what HDF5 has allocated */
    haddr_t eof; /* end of what was written */
};

/* What H5Pset_driver copies into the property list. */
struct driver_info {
    struct outlay_disk *disk;
};

static H5FD_t *file_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr)
{
    (void)name, (void)flags, (void)maxaddr;
    const struct driver_info *info = H5Pget_driver_info(fapl);
    struct file *self = info == NULL ? NULL : calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->disk = info->disk;
    return &self->base;
}

/* The descriptor belongs to the disk, which syncs and closes it. */
static herr_t file_close(H5FD_t *base)
{
    free((struct file *)base);
    return 0;
}

static herr_t file_query(const H5FD_t *base, unsigned long *flags)
{
    (void)base;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t file_get_eoa(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct file *)base)->eoa;
}

static herr_t file_set_eoa(H5FD_t *base, H5FD_mem_t type, haddr_t addr)
{
    (void)type;
    ((struct file *)base)->eoa = addr;
    return 0;
}

static haddr_t file_get_eof(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct file *)base)->eof;
}

/* What was never written reads as zeros, as behind the end of a file. */
static herr_t file_read(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, void *buffer)
{
    (void)type, (void)dxpl;
    const struct file *self = (const struct file *)base;
    for (size_t done = 0; done < size;) {
        const ssize_t got = pread(self->disk->fd, (char *)buffer + done, size - done, (off_t)(addr + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            memset((char *)buffer + done, 0, size - done);
            break;
        }
        done += (size_t)got;
    }
    return 0;
}

static herr_t file_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, const void *buffer)
{
    (void)dxpl;
    struct file *self = (struct file *)base;
    struct outlay_disk *disk = self->disk;
    if (disk->failed == 0 && !outlay_disk_write_at(disk->fd, buffer, size, addr)) {
        disk->failed = errno;
    }
    if (type == H5FD_MEM_DRAW) {
        disk->raw_at = addr;
        disk->raw_size = size;
    }
    if (addr + size > self->eof) {
        self->eof = addr + size;
    }
    return 0; /* HDF5 does not survive the truth: see disk.h */
}

static herr_t file_truncate(H5FD_t *base, hid_t dxpl, hbool_t closing)
{
    (void)dxpl, (void)closing;
    struct file *self = (struct file *)base;
    if (self->eoa != self->eof) {
        if (self->disk->failed == 0 && ftruncate(self->disk->fd, (off_t)self->eoa) != 0) {
            self->disk->failed = errno;
        }
        self->eof = self->eoa;
    }
    return 0;
}

static const H5FD_class_t disk_class = {
#ifdef H5FD_CLASS_VERSION /* HDF5 1.14 and later; numbers from 512 up are free for drivers of one's own */
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600,
#endif
    .name = "outlay",
    .maxaddr = ((haddr_t)1 << 62) - 1,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct driver_info),
    .open = file_open,
    .close = file_close,
    .query = file_query,
    .get_eoa = file_get_eoa,
    .set_eoa = file_set_eoa,
    .get_eof = file_get_eof,
    .read = file_read,
    .write = file_write,
    .truncate = file_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t outlay_disk_create_hdf(struct outlay_disk *self, hid_t fcpl, hid_t *driver)
{
    const struct driver_info info = {.disk = self};
    hid_t file = H5I_INVALID_HID;
    const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    *driver = H5FDregister(&disk_class);
    if (fapl >= 0 && *driver >= 0 && H5Pset_driver(fapl, *driver, &info) >= 0 &&
        H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG) >= 0) {
        file = H5Fcreate(self->partial, H5F_ACC_TRUNC, fcpl, fapl);
    }
    (void)outlay_hdf_release(fapl);
    return file;
}
