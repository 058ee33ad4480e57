/* bytes_window.c — room bytes. peek and consume over a source.             SPDX-License-Identifier: MIT
 * Knows: refilling, sliding, growing.
 * Knows not: what the bytes mean. */
#include "bytes/bytes_window.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define USUAL_REFILL ((size_t)256 << 10)

pf_status pf_window_open(struct pf_window *window, struct pf_source *source, size_t refill,
                         struct pf_error *err) {
    *window = (struct pf_window){.source = source, .room = refill ? refill : USUAL_REFILL};
    window->data = pf_mem_aligned(window->room + PF_WINDOW_SLACK);
    if (window->data)
        return PF_OK;
    pf_status status = pf_fail_memory(err, window->room);
    *window = (struct pf_window){0};
    return status;
}

/* Moves what is left to the front of a memory that holds at least n. */
static pf_status slide(struct pf_window *window, size_t n, struct pf_error *err) {
    size_t left = window->end - window->start;
    if (n <= window->room) {
        if (window->start && left)
            memmove(window->data, window->data + window->start, left);
    } else {
        size_t room = window->room + window->room / 2;
        room = room < n ? n : room;
        uint8_t *data = pf_mem_aligned(room + PF_WINDOW_SLACK);
        if (!data)
            return pf_fail_memory(err, room);
        if (left)
            memcpy(data, window->data + window->start, left);
        pf_mem_free(window->data);
        window->data = data;
        window->room = room;
    }
    window->start = 0;
    window->end = left;
    return PF_OK;
}

pf_status pf_window_peek(struct pf_window *window, size_t n, const uint8_t **bytes, size_t *got,
                         struct pf_error *err) {
    *bytes = NULL;
    *got = 0;
    if (window->end - window->start < n && !window->ended) {
        PF_TRY(slide(window, n, err));
        while (window->end < n && !window->ended) {
            size_t want = window->room - window->end, more = 0;
            struct pf_source *source = window->source;
            PF_TRY(source->read_at(source, window->offset + (int64_t)window->end, window->data + window->end,
                                   want, &more, err));
            window->end += more;
            window->ended = more < want;
        }
    }
    *bytes = window->data + window->start;
    *got = window->end - window->start;
    return PF_OK;
}

void pf_window_consume(struct pf_window *window, size_t n) {
    window->start += n;
    window->offset += (int64_t)n;
}

pf_status pf_window_cut(struct pf_window *window, size_t n, struct pf_window *piece, struct pf_error *err) {
    if (piece->room < window->room) {
        uint8_t *data = pf_mem_aligned(window->room + PF_WINDOW_SLACK);
        if (!data)
            return pf_fail_memory(err, window->room);
        pf_window_clear(piece);
        *piece = (struct pf_window){.data = data, .room = window->room};
    }
    struct pf_window whole = *window;
    size_t left = whole.end - whole.start - n;
    window->data = piece->data;
    window->room = piece->room;
    window->start = 0;
    window->end = left;
    window->offset += (int64_t)n;
    if (left)
        memcpy(window->data, whole.data + whole.start + n, left);
    whole.source = NULL;
    whole.end -= left;
    whole.ended = true;
    *piece = whole;
    return PF_OK;
}

void pf_window_clear(struct pf_window *window) {
    pf_mem_free(window->data);
    *window = (struct pf_window){0};
}
