/*
 * arena.h: memory that is freed all at once (private to the library).
 *
 * A scenario is read through trees of small nodes that share each other's branches after a merge; they live and die
 * together.
 */
#ifndef OUTLAY_BASE_ARENA_H
#define OUTLAY_BASE_ARENA_H

#include <stddef.h>

#include "outlay/error.h"

struct outlay_arena {
    struct outlay_arena_block *last; /* the block being filled; NULL = nothing yet */
};

/* `size` zeroed bytes, aligned for any type; NULL when the memory runs out. Initialise the arena with {0}. */
void *outlay_arena_alloc(struct outlay_arena *self, size_t size);

/* A copy of `length` bytes with a NUL behind them. */
char *outlay_arena_copy(struct outlay_arena *self, const char *text, size_t length);

/* A text by printf's rules. */
char *outlay_arena_printf(struct outlay_arena *self, const char *format, ...) OUTLAY_PRINTF(2, 3);

/* Free everything; safe on an empty arena, which may be used again. */
void outlay_arena_free(struct outlay_arena *self);

#endif
