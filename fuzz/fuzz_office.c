/* fuzz_office.c — any bytes as the description of a lock, and as a locked package. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_agile.h"
#include "codec/codec_office.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_package(const uint8_t *data, size_t size) {
    struct pf_source source, package = {0};
    pf_cfb *cfb = NULL;
    uint8_t bytes[5000];
    size_t got = 0;
    pf_source_memory(data, size, &source);
    if (pf_cfb_open(&source, &cfb, NULL) == PF_OK && pf_office_is_package(cfb) &&
        pf_office_open(cfb, "pw", &package, NULL) == PF_OK &&
        package.read_at(&package, 100, bytes, sizeof bytes, &got, NULL) == PF_OK && got > sizeof bytes)
        abort();
    pf_source_close(&package);
    pf_cfb_close(&cfb);
}

/* Rounds are slow and teach nothing: only descriptions with few of them are tried. */
static int is_quick(const uint8_t *data, size_t size) {
    struct pf_agile agile = {0};
    return size < 8 || pf_agile_parse((const char *)data + 8, size - 8, &agile, NULL) != PF_OK ||
           agile.spin_count <= 100;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_office_key key;
    if (pf_cfb_is(data, size)) {
        open_package(data, size);
        return 0;
    }
    if (is_quick(data, size) && pf_office_unlock(data, size, "pw", &key, NULL) == PF_OK &&
        (key.kind < PF_OFFICE_RC4 || key.kind > PF_OFFICE_CBC || key.key_size > PF_DIGEST_BYTES))
        abort();
    return 0;
}
