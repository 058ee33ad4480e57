/* arena.h — a bump allocator: many small pieces, one end.                       SPDX-License-Identifier: MIT */
#ifndef PF_ARENA_H
#define PF_ARENA_H
#include <stddef.h>

struct pf_arena_block;
/* All zero is a good empty arena. One thread at a time. */
struct pf_arena {
    struct pf_arena_block *head;
    size_t used;  /* in head */
    size_t total; /* bytes held */
};
/* 16-byte aligned, lent until reset or clear; NULL when memory is out. */
void *pf_arena_take(struct pf_arena *arena, size_t size);
char *pf_arena_text(struct pf_arena *arena, const char *text, size_t size); /* a copy with a final NUL */
void pf_arena_reset(struct pf_arena *arena); /* forgets all, keeps the largest block */
void pf_arena_clear(struct pf_arena *arena);
#endif
