/* bytes_window.h — peek(n) and consume(n) over a source: how a reader looks at bytes that come in order.
 * SPDX-License-Identifier: MIT */
#ifndef PF_BYTES_WINDOW_H
#define PF_BYTES_WINDOW_H
#include <stdbool.h>

#include "pyforge/extension.h"

/* Bytes behind what is there that whoever looks through the window may write: for sentinels that end a search. */
#define PF_WINDOW_SLACK 64

/* All zero before open. One thread at a time. */
struct pf_window {
    struct pf_source *source; /* lent until clear */
    uint8_t *data;
    size_t room;
    size_t start; /* first byte not consumed */
    size_t end;
    int64_t offset; /* of data[start] in the source */
    bool ended;     /* the source has no more than what is here */
};
/* refill: bytes asked for at once, 0 for 256 KiB. */
pf_status pf_window_open(struct pf_window *window, struct pf_source *source, size_t refill,
                         struct pf_error *err);
/* Lends at least n bytes until the next peek or consume; *got < n only at the end of the source. */
pf_status pf_window_peek(struct pf_window *window, size_t n, const uint8_t **bytes, size_t *got,
                         struct pf_error *err);
void pf_window_consume(struct pf_window *window, size_t n); /* n ≤ what was peeked */
/* Gives the first n ≤ peeked bytes away: `piece` becomes a window of them and nothing more, in the memory they lie in, and
 * the window goes on in the memory that the piece had (all zero at first; not that of a source). On failure nothing has
 * changed. */
pf_status pf_window_cut(struct pf_window *window, size_t n, struct pf_window *piece, struct pf_error *err);
void pf_window_clear(struct pf_window *window);
#endif
