/* run_detect.c — room run. Which readers may take the bytes, best first.        SPDX-License-Identifier: MIT
 * Knows: probes, scores, ranks.
 * Knows not: any format. */
#include "run/run_detect.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/path.h"

#define HEAD_BYTES ((size_t)64 << 10)
#define TAIL_BYTES ((size_t)64 << 10)

#define SUFFIX_BYTES 32

static bool is_better(const struct pf_reader *a, int32_t a_score, const struct pf_reader *b, int32_t b_score) {
    if (a_score != b_score)
        return a_score > b_score;
    if (a->rank != b->rank)
        return a->rank > b->rank;
    return strcmp(a->name, b->name) < 0;
}

static void insert(struct pf_candidates *list, const struct pf_reader *reader, int32_t score) {
    size_t at = 0;
    while (at < list->count && !is_better(reader, score, list->readers[at], list->scores[at]))
        at++;
    if (at == PF_CANDIDATES_MOST)
        return;
    size_t last = list->count < PF_CANDIDATES_MOST ? list->count++ : PF_CANDIDATES_MOST - 1;
    for (size_t i = last; i > at; i--) {
        list->readers[i] = list->readers[i - 1];
        list->scores[i] = list->scores[i - 1];
    }
    list->readers[at] = reader;
    list->scores[at] = score;
}

/* The last suffix in lower case, with its dot; "" when there is none or it is long. */
static void copy_suffix(const char *name, char to[SUFFIX_BYTES]) {
    struct pf_text text = pf_path_suffix(name);
    to[0] = 0;
    for (size_t i = 0; text.size < SUFFIX_BYTES && i <= text.size; i++)
        to[i] = i < text.size ? pf_lower(text.at[i]) : 0;
}

static bool has_suffix(const struct pf_reader *reader, const char *suffix) {
    for (const char *const *s = reader->suffixes; s && *s; s++)
        if (strcmp(*s, suffix) == 0)
            return true;
    return false;
}

const struct pf_reader *pf_detect_named(const pf_registry *registry, const char *name,
                                        const struct pf_reader *reader) {
    char suffix[SUFFIX_BYTES];
    const struct pf_reader *other;
    copy_suffix(name, suffix);
    if (!suffix[0] || has_suffix(reader, suffix))
        return NULL;
    pf_registry_wake_for(registry, NULL, 0, suffix);
    for (size_t i = 0; (other = pf_registry_reader_at(registry, i, NULL)); i++)
        if (has_suffix(other, suffix))
            return other;
    return NULL;
}

pf_status pf_detect(const pf_registry *registry, struct pf_source *source, const char *name,
                    struct pf_candidates *out, struct pf_error *err) {
    *out = (struct pf_candidates){0};
    char suffix[SUFFIX_BYTES];
    copy_suffix(name, suffix);
    uint8_t *bytes = pf_mem_alloc(HEAD_BYTES + TAIL_BYTES);
    if (!bytes)
        return pf_fail_memory(err, HEAD_BYTES + TAIL_BYTES);
    struct pf_probe probe = {.struct_size = sizeof probe,
                             .head = bytes,
                             .size_bytes = source->size_bytes,
                             .suffix = suffix,
                             .source = source};
    pf_status status = source->read_at(source, 0, bytes, HEAD_BYTES, &probe.head_size, err);
    if (status == PF_OK && source->random && source->size_bytes > (int64_t)HEAD_BYTES) {
        int64_t tail_at = source->size_bytes - (int64_t)TAIL_BYTES;
        if (tail_at < (int64_t)HEAD_BYTES)
            tail_at = (int64_t)HEAD_BYTES;
        probe.tail = bytes + HEAD_BYTES;
        status = source->read_at(source, tail_at, bytes + HEAD_BYTES, (size_t)(source->size_bytes - tail_at),
                                 &probe.tail_size, err);
    } else {
        probe.tail = bytes; /* all there is, as far as is known */
        probe.tail_size = source->size_bytes >= 0 ? probe.head_size : 0;
    }
    const struct pf_reader *reader;
    if (status == PF_OK)
        pf_registry_wake_for(registry, bytes, probe.head_size, suffix);
    for (size_t i = 0; status == PF_OK && (reader = pf_registry_reader_at(registry, i, NULL)); i++) {
        int32_t score = reader->probe(&probe);
        if (score > PF_PROBE_NO)
            insert(out, reader, score);
    }
    pf_mem_free(bytes);
    return status;
}
