/* columns_build.h — one growing column: values and nulls → ArrowArray.          SPDX-License-Identifier: MIT
 *
 * Hot loops write the fields directly after reserve; everybody else uses the functions. After open and after
 * take, room is 0 and the buffers are NULL until the first reserve. Every buffer is 64-byte aligned and has 64
 * bytes of slack behind its room (data: behind data_room, values: behind room rows), so vector stores may run
 * over; the slack holds rubbish. Keep true: valid is set beyond length, the bitmap of BOOL is zero beyond
 * length (a null's bit too), offsets[length] = data_size, nulls counts the cleared bits below length. */
#ifndef PF_COLUMNS_BUILD_H
#define PF_COLUMNS_BUILD_H
#include "base/bits.h"
#include "columns/columns_type.h"

struct pf_build {
    struct pf_type type;
    int64_t length;
    int64_t nulls;
    int64_t room; /* rows that values, valid and offsets can hold */
    uint8_t
        *valid; /* bitmap of room bits, all set beyond length (1 = there); allocated with the first reserve */
    uint8_t *values;  /* fixed width: room × width bytes; BOOL: a bitmap, zero beyond length; text: NULL */
    int32_t *offsets; /* UTF8, BINARY: room + 1 entries, offsets[length] = data_size; else NULL */
    uint8_t *data;    /* UTF8, BINARY */
    int64_t data_size;
    int64_t data_room; /* at most INT32_MAX is used: LIMIT beyond */
    int32_t width;     /* bytes per value; 0 for BOOL and text */
    bool filled;       /* text: what is null here leaves as an empty text */
};
/* Types with fixed width, BOOL, UTF8, BINARY, FIXED_BINARY, NULL_; UNSUPPORTED else. Zero the struct before.
 * type.zone is lent until clear. */
pf_status pf_build_open(struct pf_build *build, const struct pf_type *type, struct pf_error *err);
void pf_build_clear(struct pf_build *build);
/* Room for rows more rows and data_bytes more bytes of text; buffers may move. LIMIT beyond 2 GiB of text. */
pf_status pf_build_reserve(struct pf_build *build, int64_t rows, int64_t data_bytes, struct pf_error *err);
pf_status pf_build_null(struct pf_build *build, struct pf_error *err);
pf_status pf_build_bytes(struct pf_build *build, const void *value, size_t size,
                         struct pf_error *err); /* text, binary */
pf_status pf_build_value(struct pf_build *build, const void *value,
                         struct pf_error *err); /* fixed width: width bytes; BOOL: one byte 0/1 */
/* Forgets rows beyond length (for a row that is taken back). */
void pf_build_truncate(struct pf_build *build, int64_t length);
int64_t pf_build_bytes_held(const struct pf_build *build); /* bytes of the rows so far, for limits */
/* Gives the column as an array and leaves the build open and empty. Without nulls the bitmap is left out. On
 * failure the build is as before. */
pf_status pf_build_take(struct pf_build *build, struct ArrowArray *out, struct pf_error *err);

/* Inline marks for hot loops; room must be there. */
static inline void pf_build_mark_null(struct pf_build *b, int64_t row) {
    pf_bit_clear(b->valid, row);
    b->nulls++;
}
#endif
