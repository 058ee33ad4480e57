/* codec_samples.h — bytes for the codec tests, all from a seed.                 SPDX-License-Identifier: MIT */
#ifndef CODEC_SAMPLES_H
#define CODEC_SAMPLES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "codec/codec_list.h"

static inline uint32_t sample_next(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

enum { SAMPLE_ZERO, SAMPLE_TEXT, SAMPLE_NOISE, SAMPLE_KINDS };

/* size bytes of one kind; free with pf_mem_free. */
static inline uint8_t *sample_make(int kind, size_t size) {
    uint8_t *bytes = pf_mem_zero(size + 1, 1);
    uint32_t seed = 2463534242u + (uint32_t)kind;
    for (size_t i = 0; i < size; i++) {
        if (kind == SAMPLE_NOISE)
            bytes[i] = (uint8_t)sample_next(&seed);
        else if (kind == SAMPLE_TEXT)
            bytes[i] = (uint8_t)(i % 23 == 22 ? '\n' : i % 5 == 4 ? ',' : '0' + sample_next(&seed) % 10);
    }
    return bytes;
}

/* Compresses by the default level; free with pf_mem_free. */
static inline uint8_t *sample_pack(const struct pf_codec *codec, const void *from, size_t size,
                                   size_t *packed) {
    size_t room = codec->bound(size);
    uint8_t *to = pf_mem_alloc(room + 1);
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(codec->compress(NULL, codec->level_default, from, size, to, room, packed, &err), PF_OK);
    assert_true(*packed <= room);
    return to;
}
#endif
