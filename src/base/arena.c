/* arena.c — room base. A bump allocator over growing blocks.               SPDX-License-Identifier: MIT
 * Knows: blocks, alignment, which block to keep.
 * Knows not: what is put in. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_BLOCK   4096u
#define LARGEST_BLOCK (4u << 20) /* blocks double up to here: few mallocs, and at most this much unused */

struct pf_arena_block {
    struct pf_arena_block *next;
    size_t room; /* bytes behind this head */
};
_Static_assert(sizeof(struct pf_arena_block) % 16 == 0, "what follows must be aligned");

static void *block_bytes(struct pf_arena_block *block) { return block + 1; }

static struct pf_arena_block *add_block(struct pf_arena *arena, size_t room) {
    struct pf_arena_block *block = pf_mem_alloc(sizeof *block + room);
    if (!block)
        return NULL;
    block->room = room;
    arena->total += sizeof *block + room;
    return block;
}

void *pf_arena_take(struct pf_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        return NULL;
    size = size ? (size + 15) & ~(size_t)15 : 16;
    struct pf_arena_block *head = arena->head;
    if (head && size <= head->room - arena->used) {
        void *at = (uint8_t *)block_bytes(head) + arena->used;
        arena->used += size;
        return at;
    }
    size_t usual = arena->total < FIRST_BLOCK ? FIRST_BLOCK : arena->total;
    usual = (usual > LARGEST_BLOCK ? LARGEST_BLOCK : usual) & ~(size_t)15;
    if (head && size > usual / 4) { /* a big piece gets a block of its own behind the head */
        struct pf_arena_block *block = add_block(arena, size);
        if (!block)
            return NULL;
        block->next = head->next;
        head->next = block;
        return block_bytes(block);
    }
    struct pf_arena_block *block = add_block(arena, size > usual ? size : usual);
    if (!block)
        return NULL;
    block->next = head;
    arena->head = block;
    arena->used = size;
    return block_bytes(block);
}

char *pf_arena_text(struct pf_arena *arena, const char *text, size_t size) {
    char *copy = size < SIZE_MAX ? pf_arena_take(arena, size + 1) : NULL;
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

void pf_arena_reset(struct pf_arena *arena) {
    struct pf_arena_block *keep = arena->head;
    for (struct pf_arena_block *b = arena->head; b; b = b->next)
        if (b->room > keep->room)
            keep = b;
    for (struct pf_arena_block *b = arena->head, *next; b; b = next) {
        next = b->next;
        if (b != keep)
            pf_mem_free(b);
    }
    arena->head = keep;
    arena->used = 0;
    arena->total = 0;
    if (keep) {
        keep->next = NULL;
        arena->total = sizeof *keep + keep->room;
    }
}

void pf_arena_clear(struct pf_arena *arena) {
    for (struct pf_arena_block *b = arena->head, *next; b; b = next) {
        next = b->next;
        pf_mem_free(b);
    }
    *arena = (struct pf_arena){0};
}
