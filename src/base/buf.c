/* buf.c — room base. A growable byte buffer with a ceiling.                SPDX-License-Identifier: MIT
 * Knows: growth, alignment, the ceiling.
 * Knows not: what the bytes mean. */
#include "base/buf.h"

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"

pf_status pf_buf_reserve(struct pf_buf *buf, size_t extra, struct pf_error *err) {
    size_t limit = buf->ceiling && buf->ceiling < buf->room ? buf->ceiling : buf->room;
    if (buf->size <= limit && extra <= limit - buf->size)
        return PF_OK;
    if (extra > SIZE_MAX / 4 || buf->size > SIZE_MAX / 4)
        return pf_fail_memory(err, extra);
    size_t need = buf->size + extra;
    if (buf->ceiling && need > buf->ceiling)
        return pf_fail(err, PF_LIMIT, "%zu bytes are needed where at most %zu are allowed", need, buf->ceiling);
    size_t room = buf->room + buf->room / 2;
    if (room < need)
        room = need;
    if (buf->ceiling && room > buf->ceiling)
        room = buf->ceiling;
    room = (room + 63) & ~(size_t)63;
    uint8_t *data = pf_mem_aligned(room);
    if (!data)
        return pf_fail_memory(err, room);
    if (buf->size)
        memcpy(data, buf->data, buf->size);
    pf_mem_free(buf->data);
    buf->data = data;
    buf->room = room;
    return PF_OK;
}

pf_status pf_buf_put(struct pf_buf *buf, const void *from, size_t count, struct pf_error *err) {
    if (count == 0)
        return PF_OK;
    PF_TRY(pf_buf_reserve(buf, count, err));
    memcpy(buf->data + buf->size, from, count);
    buf->size += count;
    return PF_OK;
}

pf_status pf_buf_text(struct pf_buf *buf, const char *text, struct pf_error *err) {
    return pf_buf_put(buf, text, strlen(text), err);
}

pf_status pf_buf_print(struct pf_buf *buf, struct pf_error *err, const char *format, ...) {
    char small[256];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (size < 0)
        return pf_fail(err, PF_INTERNAL, "the format '%s' cannot be printed", format);
    if ((size_t)size < sizeof small)
        return pf_buf_put(buf, small, (size_t)size, err);
    size_t before = buf->size;
    PF_TRY(pf_buf_reserve(buf, (size_t)size, err));
    char *text = pf_mem_alloc((size_t)size + 1); /* the NUL may have no room under the ceiling */
    if (!text)
        return pf_fail_memory(err, (size_t)size + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    memcpy(buf->data + before, text, (size_t)size);
    buf->size = before + (size_t)size;
    pf_mem_free(text);
    return PF_OK;
}

char *pf_buf_take(struct pf_buf *buf) {
    char *text = (char *)buf->data;
    if (buf->size == buf->room) { /* also the empty one; one byte more, whatever the ceiling says */
        text = pf_mem_text((const char *)buf->data, buf->size);
        if (!text)
            return NULL;
        pf_mem_free(buf->data);
    } else {
        text[buf->size] = 0;
    }
    *buf = (struct pf_buf){.ceiling = buf->ceiling};
    return text;
}

void pf_buf_clear(struct pf_buf *buf) {
    pf_mem_free(buf->data);
    *buf = (struct pf_buf){.ceiling = buf->ceiling};
}
