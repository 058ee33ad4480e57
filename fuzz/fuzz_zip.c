/* fuzz_zip.c — any bytes as a ZIP archive; every member is read.                SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUT_MAX ((int64_t)1 << 20)

static void read_member(pf_zip *zip, const struct pf_zip_member *member, uint8_t *scratch, size_t room) {
    struct pf_source source = {0};
    if (pf_zip_source(zip, member, 0, &source, NULL) != PF_OK)
        return;
    for (int64_t at = 0; at < OUT_MAX;) {
        size_t got = 0;
        if (source.read_at(&source, at, scratch, room, &got, NULL) != PF_OK)
            break;
        at += (int64_t)got;
        if (at > member->size_bytes)
            abort();
        if (got < room) {
            if (at != member->size_bytes)
                abort();
            break;
        }
    }
    pf_source_close(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_source source;
    pf_zip *zip = NULL;
    pf_source_memory(data, size, &source);
    if (pf_zip_open(&source, &zip, NULL) != PF_OK)
        return 0;
    enum { ROOM = 65536 };
    uint8_t *scratch = pf_mem_alloc(ROOM);
    for (size_t i = 0; i < pf_zip_count(zip); i++) {
        const struct pf_zip_member *member = pf_zip_at(zip, i);
        if (!member->name || !pf_zip_find(zip, member->name))
            abort();
        read_member(zip, member, scratch, ROOM);
    }
    pf_mem_free(scratch);
    pf_zip_close(&zip);
    return 0;
}
