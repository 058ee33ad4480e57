/* opc_probe.c — room opc. What kind of document a package is.                    SPDX-License-Identifier: MIT
 * Knows: the types of main parts, packages in a lock.
 * Knows not: which kinds there are. Source: ECMA-376 Part 2 §10.1.2. */
#include "opc/opc_probe.h"

#include <string.h>

#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "opc/opc_package.h"

#define TYPES_BYTES ((size_t)1 << 20) /* of [Content_Types].xml */

static bool holds(const uint8_t *bytes, size_t size, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= size; i++) {
        const uint8_t *hit = memchr(bytes + i, word[0], size - n - i + 1);
        if (!hit)
            return false;
        i = (size_t)(hit - bytes);
        if (memcmp(hit, word, n) == 0)
            return true;
    }
    return false;
}

/* What kind of document a package is, by the type of its main part. */
static int32_t judge_types(struct pf_source *types, const char *const *mains) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    int32_t score = PF_PROBE_NO;
    if (pf_source_slurp(types, TYPES_BYTES, &bytes, &size, NULL) != PF_OK)
        return PF_PROBE_NO;
    for (size_t i = 0; mains[i]; i++)
        if (holds(bytes, size, mains[i]))
            score = PF_PROBE_CERTAIN;
    pf_mem_free(bytes);
    return score;
}

static int32_t judge_package(struct pf_source *source, const struct pf_opc_kind *kind) {
    struct pf_opc_package package;
    struct pf_source types;
    int32_t score = PF_PROBE_NO;
    if (pf_opc_package_open(&package, source, NULL) != PF_OK)
        return PF_PROBE_NO;
    const struct pf_zip_member *member = pf_opc_package_find(&package, "[Content_Types].xml");
    if (member && pf_zip_source(package.zip, member, 0, &types, NULL) == PF_OK) {
        score = judge_types(&types, kind->mains);
        pf_source_close(&types);
    }
    if (score == PF_PROBE_NO && pf_opc_package_find(&package, kind->usual))
        score = PF_PROBE_MAGIC;
    pf_opc_package_close(&package);
    return score;
}

static int32_t judge_lock(struct pf_source *source, int32_t locked) {
    pf_cfb *cfb;
    if (pf_cfb_open(source, &cfb, NULL) != PF_OK)
        return PF_PROBE_NO;
    int32_t score = pf_office_is_package(cfb) ? locked : PF_PROBE_NO;
    pf_cfb_close(&cfb);
    return score;
}

/* Blanks and a byte order mark in front are what a web page lets slip before the workbook that it sends. */
static bool begins_zip(const uint8_t *head, size_t size) {
    size_t at = 0;
    while (at < size && at < 64 &&
           (head[at] <= ' ' || head[at] == 0xEF || head[at] == 0xBB || head[at] == 0xBF))
        at++;
    return size - at >= 4 && memcmp(head + at, "PK\3\4", 4) == 0;
}

int32_t pf_opc_probe(const struct pf_probe *request, const struct pf_opc_kind *kind) {
    bool named = false;
    for (const char *const *s = kind->suffixes; *s; s++)
        named |= request->suffix && strcmp(request->suffix, *s) == 0;
    const uint8_t *head = request->head;
    if (!request->source || !request->source->random || request->size_bytes < 0)
        return PF_PROBE_NO;
    if (pf_cfb_is(head, request->head_size))
        return judge_lock(request->source, named ? PF_PROBE_MAGIC : kind->locked);
    if (!begins_zip(head, request->head_size))
        return PF_PROBE_NO;
    int32_t score = judge_package(request->source, kind);
    return score == PF_PROBE_NO && named ? PF_PROBE_SUFFIX : score;
}
