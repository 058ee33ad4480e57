/* run_unwrap.c — room run. Peels compression and archives off an input.         SPDX-License-Identifier: MIT
 * Knows: which bytes begin a wrapping, what an archive's rubbish looks like, how deep is too deep.
 * Knows not: how anything is unpacked, what formats are. */
#include "run/run_unwrap.h"

#include <stdbool.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "bytes/bytes_source.h"
#include "bytes/bytes_spill.h"
#include "codec/codec_list.h"
#include "codec/codec_stream.h"
#include "run/run_head.h"

#define PROBE_BYTES ((size_t)64 << 10)

/* Wrappings that people have and nothing here opens: better named than read as text. */
static const struct {
    const char *magic;
    uint8_t size;
    uint16_t offset;
    const char *what;
} strangers[] = {
    {"7z\xBC\xAF\x27\x1C", 6, 0, "a 7z archive"},
    {"Rar!\x1A\x07", 6, 0, "a RAR archive"},
    {"\x1F\x9D", 2, 0, "compressed by compress (.Z)"},
    {"LZIP\x01", 5, 0, "compressed by lzip"},
    {"\x02\x21\x4C\x18", 4, 0, "a legacy lz4 file"},
    {"\xFF\x06\x00\x00sNaPpY", 10, 0, "a framed snappy file"},
    {"MSCF\0\0\0\0", 8, 0, "a cabinet archive"},
    {"ustar", 5, 257, "a tar archive"},
};

/* Web pages come as .xls out of many programs; as text they would be rows of rubbish. */
static bool is_web_page(const uint8_t *head, size_t size) {
    static const char *const begins[] = {"<!doctype html",   "<html",         "<table",
                                         "<meta http-equiv", "<meta charset", "mime-version:"}; /* MHTML */
    size_t at = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && (head[at] == ' ' || (head[at] >= '\t' && head[at] <= '\r')))
        at++;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        struct pf_text begin = pf_text_of(begins[i]);
        if (size - at >= begin.size &&
            pf_text_same_nocase((struct pf_text){(const char *)head + at, begin.size}, begin))
            return true;
    }
    return false;
}

static pf_status refuse_strangers(const uint8_t *head, size_t size, struct pf_error *err) {
    if (is_web_page(head, size))
        return pf_fail(err, PF_UNSUPPORTED,
                       "this is a web page (HTML) and no table file; take the table out of it "
                       "with a spreadsheet program and save it as .xlsx or .csv");
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        if (size >= (size_t)strangers[i].offset + strangers[i].size &&
            memcmp(head + strangers[i].offset, strangers[i].magic, strangers[i].size) == 0)
            return pf_fail(err, PF_UNSUPPORTED, "this is %s; unpack it first", strangers[i].what);
    return PF_OK;
}

/* "orders.csv.gz" loses ".gz"; a name without one of the codec's suffixes stays. */
static void strip_suffix(char *name, const char *const *suffixes) {
    struct pf_text whole = pf_text_of(name);
    for (size_t i = 0; suffixes && suffixes[i]; i++) {
        struct pf_text suffix = pf_text_of(suffixes[i]);
        if (whole.size <= suffix.size || name[whole.size - suffix.size - 1] == '/')
            continue;
        struct pf_text tail = {whole.at + whole.size - suffix.size, suffix.size};
        if (pf_text_same_nocase(tail, suffix)) {
            name[whole.size - suffix.size] = 0;
            return;
        }
    }
}

/* ---- archives ----------------------------------------------------------------------------------------------- */

static bool begins_zip(const uint8_t *head, size_t size) {
    return size >= 4 && head[0] == 'P' && head[1] == 'K' &&
           ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
}

/* Office Open XML names its types, OpenDocument and EPUB begin with their media type. */
static bool is_document(const pf_zip *zip) {
    const struct pf_zip_member *first = pf_zip_at(zip, 0);
    return pf_zip_find(zip, "[Content_Types].xml") || (first && strcmp(first->name, "mimetype") == 0);
}

static bool is_rubbish(const char *name) {
    if (strncmp(name, "__MACOSX/", 9) == 0)
        return true;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (*part == '.' && strncmp(part, "./", 2) != 0 && strncmp(part, "../", 3) != 0)
            return true;
    }
    return false;
}

static pf_status list_members(struct pf_unwrapped *out, struct pf_error *err) {
    size_t count = pf_zip_count(out->archive);
    out->members = pf_mem_zero(count, sizeof *out->members);
    if (!out->members)
        return pf_fail_memory(err, count * sizeof *out->members);
    for (size_t i = 0; i < count; i++) {
        const struct pf_zip_member *member = pf_zip_at(out->archive, i);
        if (member->directory)
            continue;
        if (is_rubbish(member->name))
            out->members_skipped++;
        else
            out->members[out->member_count++] = member;
    }
    return PF_OK;
}

/* The size of a source that does not know it (a spilled one): found by going to the end. */
static pf_status measure(struct pf_source *source, struct pf_error *err) {
    uint8_t *scratch = pf_mem_alloc(PROBE_BYTES);
    if (!scratch)
        return pf_fail_memory(err, PROBE_BYTES);
    int64_t size = 0;
    size_t got = PROBE_BYTES;
    pf_status status = PF_OK;
    while (status == PF_OK && got == PROBE_BYTES) {
        status = source->read_at(source, size, scratch, PROBE_BYTES, &got, err);
        size += (int64_t)got;
    }
    pf_mem_free(scratch);
    source->size_bytes = size;
    return status;
}

/* out->source begins like a ZIP: it becomes the archive's, or stays when it is a document. */
static pf_status open_archive(struct pf_unwrapped *out, const struct pf_unwrap_how *how, struct pf_error *err) {
    if (!out->source.random) {
        struct pf_source spilled = {0};
        PF_TRY(pf_spill_open(&out->source, how->temp_folder, how->temp_limit, &spilled, err));
        out->source = spilled;
    }
    if (out->source.size_bytes < 0)
        PF_TRY(measure(&out->source, err));
    struct pf_source *lasting = pf_mem_alloc(sizeof *lasting);
    if (!lasting)
        return pf_fail_memory(err, sizeof *lasting);
    *lasting = out->source;
    pf_status status = pf_zip_open(lasting, &out->archive, err);
    if (status != PF_OK || is_document(out->archive)) {
        pf_zip_close(&out->archive);
        pf_mem_free(lasting);
        return status;
    }
    out->source = (struct pf_source){0};
    out->archive_source = lasting;
    out->depth++;
    return list_members(out, err);
}

/* ---- peeling ------------------------------------------------------------------------------------------------ */

static pf_status fail_depth(struct pf_error *err) {
    return pf_fail(err, PF_LIMIT, "more than %d wrappings lie over each other; unpack it first",
                   PF_CEIL_UNWRAP_DEPTH);
}

static pf_status peel_codec(struct pf_unwrapped *out, const struct pf_codec *codec,
                            const struct pf_unwrap_how *how, struct pf_error *err) {
    struct pf_source inside = {0};
    if (out->depth >= PF_CEIL_UNWRAP_DEPTH)
        return fail_depth(err);
    PF_TRY(pf_codec_stream(codec, &out->source, how->threaded, how->expansion_ceiling, &inside, err));
    out->source = inside;
    out->depth++;
    strip_suffix(out->name, codec->suffixes);
    return PF_OK;
}

/* Takes one layer off; *done when there is none, or none that may be taken. */
static pf_status peel(struct pf_unwrapped *out, const struct pf_unwrap_how *how, uint8_t *head, bool *done,
                      struct pf_error *err) {
    if (!out->source.random) {
        struct pf_source kept = {0};
        PF_TRY(pf_head_source(&out->source, &kept, err));
        out->source = kept;
    }
    size_t size = 0;
    PF_TRY(out->source.read_at(&out->source, 0, head, PROBE_BYTES, &size, err));
    *done = true;
    if (how->claimed && how->claimed(how->ctx, &out->source, head, size, out->name))
        return PF_OK;
    if (begins_zip(head, size))
        return out->depth >= PF_CEIL_UNWRAP_DEPTH ? fail_depth(err) : open_archive(out, how, err);
    const struct pf_codec *codec = pf_codec_by_magic(head, size);
    if (!codec)
        return refuse_strangers(head, size, err);
    *done = false;
    return peel_codec(out, codec, how, err);
}

static pf_status peel_all(struct pf_source *inner, const char *name, int32_t depth,
                          const struct pf_unwrap_how *how, struct pf_unwrapped *out, struct pf_error *err) {
    *out = (struct pf_unwrapped){.source = *inner, .depth = depth};
    *inner = (struct pf_source){0};
    out->name = pf_mem_text(name, strlen(name));
    uint8_t *head = out->name ? pf_mem_alloc(PROBE_BYTES) : NULL;
    if (!head) {
        pf_unwrapped_clear(out);
        return pf_fail_memory(err, PROBE_BYTES);
    }
    pf_status status = PF_OK;
    for (bool done = false; status == PF_OK && !done;)
        status = peel(out, how, head, &done, err);
    pf_mem_free(head);
    if (status != PF_OK)
        pf_unwrapped_clear(out);
    return status;
}

pf_status pf_unwrap(struct pf_source *inner, const char *name, const struct pf_unwrap_how *how,
                    struct pf_unwrapped *out, struct pf_error *err) {
    return peel_all(inner, name, 0, how, out, err);
}

pf_status pf_unwrap_member(const struct pf_unwrapped *archive, size_t index, const struct pf_unwrap_how *how,
                           struct pf_unwrapped *out, struct pf_error *err) {
    *out = (struct pf_unwrapped){0};
    if (!archive->archive || index >= archive->member_count)
        return pf_fail(err, PF_ARGUMENT, "there is no member %zu", index);
    const struct pf_zip_member *member = archive->members[index];
    struct pf_source source = {0};
    PF_TRY(pf_zip_source(archive->archive, member, how->threaded, &source, err));
    return peel_all(&source, member->name, archive->depth, how, out, err);
}

void pf_unwrapped_clear(struct pf_unwrapped *unwrapped) {
    pf_source_close(&unwrapped->source);
    pf_mem_free(unwrapped->members);
    pf_zip_close(&unwrapped->archive);
    if (unwrapped->archive_source)
        pf_source_close(unwrapped->archive_source);
    pf_mem_free(unwrapped->archive_source);
    pf_mem_free(unwrapped->name);
    *unwrapped = (struct pf_unwrapped){0};
}
