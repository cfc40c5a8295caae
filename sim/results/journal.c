/* journal.c: the checkpoints of a run, and the log of where its batches lie. */
#include "results/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* "outlay" and a number that changes with the format; on a machine with another order of bytes it reads otherwise. */
#define MAGIC UINT64_C(0x316579616c74756f)

/* How a piece lies in the partial file, in the log. */
struct piece {
    uint64_t at; /* 0 = the bytes stand here, in the log */
    uint64_t n_bytes;
    uint64_t crc;
};

/* How a batch begins in the log. */
struct rectangle {
    uint32_t first_draw, n_draws, first_replicate, n_replicates;
};

/* The run cannot go on; the reason has just been told. */
static outlay_err begin_anew(struct outlay_diag *diag)
{
    outlay_diag_hint(diag, "--force instead of --resume begins anew");
    return OUTLAY_ERR_BAD_RESULT_FILE;
}

outlay_err outlay_journal_refuse(const char *path, const char *why, struct outlay_diag *diag)
{
    const struct outlay_place place = {.file = path};
    (void)outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place, "the run cannot go on: %s", why);
    return begin_anew(diag);
}

static uint64_t slot_at(const struct outlay_journal *self, uint64_t number)
{
    return 3 * sizeof(uint64_t) + self->identity.length + number % 2 * (sizeof(struct outlay_slot) + self->n_state);
}

static uint64_t log_at(const struct outlay_journal *self)
{
    return slot_at(self, 1) + sizeof(struct outlay_slot) + self->n_state;
}

static uint32_t slot_crc(struct outlay_slot slot, const void *state, size_t n)
{
    slot.crc = 0;
    return (uint32_t)crc32_z(crc32_z(0, (const unsigned char *)&slot, sizeof slot), state, n);
}

void outlay_journal_init(struct outlay_journal *self, const struct outlay_disk *disk, struct outlay_text *identity)
{
    *self = (struct outlay_journal){.path = disk->state, .fd = -1, .identity = *identity};
    *identity = (struct outlay_text){0};
}

void outlay_journal_free(struct outlay_journal *self)
{
    if (self->fd >= 0) {
        (void)fsync(self->fd); /* what is left for another day */
        (void)close(self->fd);
    }
    free(self->state);
    outlay_text_free(&self->identity);
    outlay_text_free(&self->pending);
    *self = (struct outlay_journal){.fd = -1};
}

void outlay_journal_remove(struct outlay_journal *self)
{
    if (self->fd >= 0) {
        (void)close(self->fd);
        self->fd = -1;
    }
    (void)unlink(self->path);
    self->last = (struct outlay_slot){0};
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The identity is a list of names and texts, NUL-terminated: the name of the first that differs. */
static const char *first_difference(const struct outlay_text *mine, const char *theirs, size_t n_theirs)
{
    size_t i = 0, name = 0;
    for (size_t n_texts = 0; i < mine->length; i++) {
        if (i >= n_theirs || mine->bytes[i] != theirs[i]) {
            break;
        }
        if (mine->bytes[i] == '\0') {
            n_texts++;
            name = n_texts % 2 == 0 ? i + 1 : name;
        }
    }
    return mine->bytes + name;
}

static outlay_err read_identity(struct outlay_journal *self, uint64_t n, struct outlay_diag *diag)
{
    char *theirs = malloc((size_t)n + 1);
    if (theirs == NULL) {
        return outlay_diag_no_memory(diag);
    }
    outlay_err err = OUTLAY_OK;
    if (!outlay_disk_read_at(self->fd, theirs, (size_t)n, 3 * sizeof(uint64_t))) {
        err = outlay_journal_refuse(self->path, "what is kept of it is damaged", diag);
    } else if (n != self->identity.length || memcmp(theirs, self->identity.bytes, (size_t)n) != 0) {
        const struct outlay_place place = {.file = self->path};
        (void)outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, &place,
                                "the run cannot go on: %s is not what it was when the run began",
                                first_difference(&self->identity, theirs, (size_t)n));
        err = begin_anew(diag);
    }
    free(theirs);
    return err;
}

/* Is the slot whole? Then its state is read too. */
static bool read_slot(const struct outlay_journal *self, uint64_t number, struct outlay_slot *slot, void *state)
{
    const uint64_t at = slot_at(self, number);
    return outlay_disk_read_at(self->fd, slot, sizeof *slot, at) &&
           outlay_disk_read_at(self->fd, state, (size_t)self->n_state, at + sizeof *slot) && slot->number > 0 &&
           slot->crc == slot_crc(*slot, state, (size_t)self->n_state);
}

static bool read_last_slot(struct outlay_journal *self)
{
    struct outlay_slot slots[2] = {{0}, {0}};
    const bool is_whole[2] = {read_slot(self, 0, &slots[0], self->state), read_slot(self, 1, &slots[1], self->state)};
    if (is_whole[0] && (!is_whole[1] || slots[0].number > slots[1].number)) {
        self->last = slots[0];
        return read_slot(self, 0, &slots[0], self->state);
    }
    self->last = is_whole[1] ? slots[1] : (struct outlay_slot){0};
    return is_whole[1];
}

static bool is_log_whole(const struct outlay_journal *self)
{
    unsigned char bytes[4096];
    uLong crc = 0;
    for (uint64_t done = 0; done < self->last.n_log;) {
        const uint64_t left = self->last.n_log - done;
        const size_t n = left < sizeof bytes ? (size_t)left : sizeof bytes;
        if (!outlay_disk_read_at(self->fd, bytes, n, log_at(self) + done)) {
            return false;
        }
        crc = crc32_z(crc, bytes, n);
        done += n;
    }
    return (uint32_t)crc == self->last.log_crc;
}

static outlay_err read_state(struct outlay_journal *self, struct outlay_diag *diag)
{
    self->state = malloc((size_t)self->n_state + 1);
    if (self->state == NULL) {
        return outlay_diag_no_memory(diag);
    }
    if (!read_last_slot(self) || !is_log_whole(self)) {
        return outlay_journal_refuse(self->path, "what is kept of it is damaged", diag);
    }
    self->n_old = self->last.n_log;
    return OUTLAY_OK;
}

outlay_err outlay_journal_open(struct outlay_journal *self, struct outlay_diag *diag)
{
    uint64_t head[3] = {0};
    struct stat status;
    self->fd = open(self->path, O_RDWR | O_CLOEXEC);
    if (self->fd < 0 && errno == ENOENT) {
        return OUTLAY_OK;
    }
    if (self->fd < 0 || fstat(self->fd, &status) != 0) {
        const struct outlay_place place = {.file = self->path};
        return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_READ, &place, "the file cannot be read: %s", strerror(errno));
    }
    const bool is_read = outlay_disk_read_at(self->fd, head, sizeof head, 0);
    if (is_read ? head[0] == 0 : errno == 0) { /* it was killed at the first checkpoint */
        outlay_journal_remove(self);
        return OUTLAY_OK;
    }
    if (!is_read || head[0] != MAGIC || head[1] > (uint64_t)status.st_size || head[2] > (uint64_t)status.st_size) {
        return outlay_journal_refuse(self->path, "what is kept of it is damaged, or of another version", diag);
    }
    self->n_state = head[2];
    const outlay_err err = read_identity(self, head[1], diag);
    return err == OUTLAY_OK ? read_state(self, diag) : err;
}

static bool read_log(struct outlay_journal *self, void *bytes, size_t n)
{
    const bool ok =
        n <= self->n_old - self->n_read && outlay_disk_read_at(self->fd, bytes, n, log_at(self) + self->n_read);
    self->n_read += n;
    return ok;
}

static bool load(struct outlay_journal *self, const struct outlay_disk *disk, struct outlay_chunk *chunk)
{
    struct piece piece;
    if (!read_log(self, &piece, sizeof piece) || piece.n_bytes > outlay_chunk_capacity(chunk)) {
        return false;
    }
    chunk->n_bytes = (size_t)piece.n_bytes;
    chunk->is_repeated = false; /* the bytes are not those of the values that it remembers */
    const bool ok = piece.at == 0 ? read_log(self, chunk->bytes, chunk->n_bytes)
                                  : outlay_disk_read_at(disk->old_fd, chunk->bytes, chunk->n_bytes, piece.at);
    chunk->crc = outlay_chunk_crc(chunk);
    return ok && chunk->crc == piece.crc;
}

outlay_err outlay_journal_next(struct outlay_journal *self, const struct outlay_disk *disk, struct outlay_batch *batch,
                               struct outlay_chunk chunks[], size_t n_chunks, bool *is_over, struct outlay_diag *diag)
{
    struct rectangle at = {0};
    *is_over = self->n_read >= self->n_old;
    if (*is_over) {
        return OUTLAY_OK;
    }
    bool ok = read_log(self, &at, sizeof at);
    for (size_t i = 0; i < n_chunks && ok; i++) {
        ok = load(self, disk, &chunks[i]);
    }
    *batch = (struct outlay_batch){.first_draw = at.first_draw,
                                   .n_draws = at.n_draws,
                                   .first_replicate = at.first_replicate,
                                   .n_replicates = at.n_replicates};
    return ok ? OUTLAY_OK
              : outlay_journal_refuse(disk->partial, "the partial file is damaged: it is not what was written", diag);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* Add to the log; what it has already must be the same. */
static void add(struct outlay_journal *self, const void *bytes, size_t n)
{
    if (self->n_compared >= self->n_old) {
        outlay_text_add(&self->pending, bytes, n);
        return;
    }
    void *before = malloc(n + 1);
    self->differs = self->differs || before == NULL || n > self->n_old - self->n_compared ||
                    !outlay_disk_read_at(self->fd, before, n, log_at(self) + self->n_compared) ||
                    memcmp(before, bytes, n) != 0;
    self->n_compared += n;
    free(before);
}

void outlay_journal_batch(struct outlay_journal *self, const struct outlay_batch *batch)
{
    const struct rectangle at = {batch->first_draw, batch->n_draws, batch->first_replicate, batch->n_replicates};
    add(self, &at, sizeof at);
}

void outlay_journal_piece(struct outlay_journal *self, const struct outlay_disk *disk, const struct outlay_chunk *chunk)
{
    const bool is_there = !chunk->is_plain && disk->raw_size == chunk->n_bytes;
    const struct piece piece = {is_there ? disk->raw_at : 0, chunk->n_bytes, chunk->crc};
    add(self, &piece, sizeof piece);
    if (!is_there) {
        add(self, chunk->bytes, chunk->n_bytes);
    }
}

/* A 0 stands for the magic until the first checkpoint is whole. */
static bool begin(struct outlay_journal *self, size_t n_state)
{
    const uint64_t head[] = {0, self->identity.length, n_state};
    self->n_state = n_state;
    self->fd = open(self->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return self->fd >= 0 && outlay_disk_write_at(self->fd, head, sizeof head, 0) &&
           outlay_disk_write_at(self->fd, self->identity.bytes, self->identity.length, sizeof head);
}

/* The log first: a slot must never speak of what is not there. */
static bool write_checkpoint(const struct outlay_journal *self, const struct outlay_slot *slot, const void *state)
{
    const uint64_t at = slot_at(self, slot->number), magic = MAGIC;
    return outlay_disk_write_at(self->fd, self->pending.bytes, self->pending.length, log_at(self) + self->last.n_log) &&
           outlay_disk_write_at(self->fd, state, (size_t)self->n_state, at + sizeof *slot) &&
           outlay_disk_write_at(self->fd, slot, sizeof *slot, at) &&
           (slot->number > 1 || outlay_disk_write_at(self->fd, &magic, sizeof magic, 0));
}

void outlay_journal_keep(struct outlay_journal *self, const void *state, size_t n, double n_paths)
{
    if (self->pending.failed) { /* the log has a gap: from now on there is no checkpoint */
        return;
    }
    const unsigned char *more = (const unsigned char *)self->pending.bytes;
    struct outlay_slot slot = {
        .number = self->last.number + 1,
        .n_log = self->last.n_log + self->pending.length,
        .n_paths = n_paths,
        .log_crc =
            more == NULL ? self->last.log_crc : (uint32_t)crc32_z(self->last.log_crc, more, self->pending.length),
    };
    slot.crc = slot_crc(slot, state, n);
    if ((self->fd >= 0 || begin(self, n)) && n == self->n_state && write_checkpoint(self, &slot, state)) {
        self->last = slot;
        outlay_text_free(&self->pending);
    } else if (self->last.number == 0) {
        outlay_journal_remove(self);
    }
}
