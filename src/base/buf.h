/* buf.h — a growable byte buffer with a ceiling.                                SPDX-License-Identifier: MIT */
#ifndef PF_BUF_H
#define PF_BUF_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "pyforge/status.h"

/* All zero is a good empty buffer. data is 64-byte aligned once there. */
struct pf_buf {
    uint8_t *data;
    size_t size;
    size_t room;
    size_t ceiling; /* 0: none */
};
/* Makes room for extra more bytes (grows by half at least): NO_MEMORY or LIMIT. */
pf_status pf_buf_reserve(struct pf_buf *buf, size_t extra, struct pf_error *err);
pf_status pf_buf_put(struct pf_buf *buf, const void *from, size_t count, struct pf_error *err);
pf_status pf_buf_text(struct pf_buf *buf, const char *text, struct pf_error *err); /* without the NUL */
pf_status pf_buf_print(struct pf_buf *buf, struct pf_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Gives the bytes with a NUL behind them (free with pf_mem_free) and empties the buffer; NULL when memory is
 * out. */
char *pf_buf_take(struct pf_buf *buf);
void pf_buf_clear(struct pf_buf *buf);
#endif
