/* fuzz_codec.c — compressed bytes as a source, by the codec that their magic names.  SPDX-License-Identifier: MIT
 *
 * The first byte says how the source is read (threaded, in steps of which size); the rest is the file. What comes
 * out must not depend on that, so the steps are compared with one reading in one go. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_list.h"
#include "codec/codec_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUT_MAX ((size_t)1 << 20)

static pf_status read_all(const struct pf_codec *codec, const uint8_t *data, size_t size, int threaded,
                          size_t step, uint8_t *to, size_t *total) {
    struct pf_source inner, stream;
    pf_source_memory(data, size, &inner);
    pf_status status = pf_codec_stream(codec, &inner, threaded, 0, &stream, NULL);
    *total = 0;
    if (status != PF_OK)
        return status;
    for (;;) {
        size_t got = 0, want = OUT_MAX - *total < step ? OUT_MAX - *total : step;
        status = stream.read_at(&stream, (int64_t)*total, to + *total, want, &got, NULL);
        *total += got;
        if (status != PF_OK || got < want || want == 0)
            break;
    }
    pf_source_close(&stream);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    const struct pf_codec *codec = pf_codec_by_magic(data + 1, size - 1);
    if (!codec)
        codec = data[0] & 2 ? &pf_codec_deflate : &pf_codec_gzip;
    uint8_t *one = pf_mem_alloc(OUT_MAX), *two = pf_mem_alloc(OUT_MAX);
    size_t one_size, two_size;
    pf_status whole = read_all(codec, data + 1, size - 1, 0, OUT_MAX, one, &one_size);
    pf_status steps =
        read_all(codec, data + 1, size - 1, data[0] & 1, 61 + (size_t)(data[0] >> 2) * 997, two, &two_size);
    /* A failed reading in one go gives no bytes; in steps it gives those before the failure. */
    if (whole != steps || (whole == PF_OK && (one_size != two_size || memcmp(one, two, one_size) != 0)))
        abort();
    pf_mem_free(one);
    pf_mem_free(two);
    return 0;
}
