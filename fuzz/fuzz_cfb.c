/* fuzz_cfb.c — any bytes as a compound file; every stream is read.              SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_cfb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_stream(const pf_cfb *cfb, const struct pf_cfb_entry *entry, uint8_t *scratch, size_t room) {
    struct pf_source stream = {0};
    size_t got = 0;
    if (entry->storage || pf_cfb_source(cfb, entry, &stream, NULL) != PF_OK)
        return;
    for (int64_t at = 0; stream.read_at(&stream, at, scratch, room, &got, NULL) == PF_OK && got > 0;)
        at += (int64_t)got;
    /* The last byte alone: the search through the pieces. */
    if (stream.size_bytes > 0 &&
        stream.read_at(&stream, stream.size_bytes - 1, scratch, room, &got, NULL) == PF_OK && got != 1)
        abort();
    pf_source_close(&stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_source source;
    pf_cfb *cfb = NULL;
    pf_source_memory(data, size, &source);
    if (pf_cfb_open(&source, &cfb, NULL) != PF_OK)
        return 0;
    enum { ROOM = 65536 };
    uint8_t *scratch = pf_mem_alloc(ROOM);
    for (size_t i = 0; i < pf_cfb_count(cfb) && i < 100; i++)
        read_stream(cfb, pf_cfb_at(cfb, i), scratch, ROOM);
    pf_mem_free(scratch);
    pf_cfb_close(&cfb);
    return 0;
}
