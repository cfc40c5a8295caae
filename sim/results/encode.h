/*
 * encode.h: the values of one field in one batch -> the bytes that stand for them in the file.
 *
 * A batch fills one chunk of each variable that has a value for each replicate (layout.h). HDF5 would compress chunks
 * one after the other; here each is compressed by itself, on any thread, and then handed to HDF5 whole. What comes out
 * depends on the values alone and is what HDF5's filters `shuffle` and `deflate` undo: first all lowest bytes of the
 * values, then all second ones and so on (planes), as one zlib stream (RFC 1950). Every reader of HDF5 takes it.
 *
 * Within the stream each plane is treated as its bytes deserve, told from a sample of them. The lower planes of money
 * and shares are noise: they are stored, for deflate would spend most of its time on them and gain nothing.
 */
#ifndef OUTLAY_RESULTS_ENCODE_H
#define OUTLAY_RESULTS_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outlay/error.h"
#include "results/fields.h"

/* One chunk at a time of one variable: room for its bytes, overwritten by the next chunk. */
struct outlay_chunk {
    enum outlay_storage storage;
    bool is_plain;   /* the bytes are the values as they are */
    size_t n_values; /* of a whole chunk */
    size_t n_cells;  /* of them belong to one path */
    void *bytes;     /* [n_bytes], encoded */
    size_t n_bytes;
    uint32_t crc;     /* CRC-32 of them */
    void *repeated;   /* [n_cells] values of one path, of which the chunk in `bytes` consists; */
    bool is_repeated; /* if this is true */
};

/* Bytes of a value. */
size_t outlay_storage_size(enum outlay_storage storage);

/* Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_chunk_init(struct outlay_chunk *self, enum outlay_storage storage, bool is_plain,
                                             size_t n_values, size_t n_cells);
void outlay_chunk_free(struct outlay_chunk *self);

/* The most bytes that a chunk takes. */
size_t outlay_chunk_capacity(const struct outlay_chunk *self);

/* CRC-32 of the bytes, as zlib has it. */
uint32_t outlay_chunk_crc(const struct outlay_chunk *self);

/* Encode values[n_values], doubles or int32 as the storage says. Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_chunk_encode(struct outlay_chunk *self, const void *values);

/* Numbers in memory -> numbers in the file. What is not finite, or has no int32, is missing. */
void outlay_encode_doubles(const double from[], size_t n, double divisor, double to[]);
void outlay_encode_int32s(const double from[], size_t n, int32_t to[]);
void outlay_encode_days(const int32_t from[], size_t n, int32_t to[]); /* OUTLAY_NEVER is missing */

/* The values [from, to) are missing. */
void outlay_encode_missing(enum outlay_storage storage, size_t from, size_t to, void *values);

#endif
