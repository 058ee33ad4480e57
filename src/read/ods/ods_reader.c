/* ods_reader.c — room read/ods. The table pf_ods_reader.                         SPDX-License-Identifier: MIT
 * Knows: suffixes, how a package or a flat document says that it is a workbook.
 * Knows not: how anything is read.                          Format: docs/formats/ods.md */
#include "read/ods/ods_reader.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "grid/grid_reader.h"
#include "read/ods/ods_book.h"

#define MIMETYPE_BYTES 4096
#define MANIFEST_BYTES ((size_t)1 << 20)

static const char *const suffixes[] = {".ods", ".ots", ".fods", ".sxc", ".stc", NULL};

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

static bool names_workbook(const uint8_t *bytes, size_t size) {
    return holds(bytes, size, "application/vnd.oasis.opendocument.spreadsheet") ||
           holds(bytes, size, "application/vnd.sun.xml.calc");
}

/* By the part that is to say what the package is: PROBE_NO when it says something else. *said false: no such part. */
static int32_t judge_part(const struct pf_ods_package *package, const char *name, size_t ceiling, bool *said) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    *said = pf_ods_package_slurp(package, name, ceiling, &bytes, &size, NULL) == PF_OK;
    int32_t score = *said && names_workbook(bytes, size) ? PF_PROBE_CERTAIN : PF_PROBE_NO;
    pf_mem_free(bytes);
    return score;
}

static int32_t judge_package(struct pf_source *source, bool named) {
    struct pf_ods_package package = {.source = source};
    bool said;
    if (pf_zip_open(source, &package.zip, NULL) != PF_OK)
        return named ? PF_PROBE_SUFFIX : PF_PROBE_NO;
    int32_t score = judge_part(&package, "mimetype", MIMETYPE_BYTES, &said);
    if (!said)
        score = judge_part(&package, "META-INF/manifest.xml", MANIFEST_BYTES, &said);
    if (score == PF_PROBE_NO && named && pf_ods_part_is_there(&package, PF_ODS_CONTENT))
        score = PF_PROBE_MAGIC;
    pf_ods_package_close(&package);
    return score;
}

static int32_t judge_flat(const uint8_t *head, size_t size) {
    size_t at = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && (head[at] == ' ' || (head[at] >= '\t' && head[at] <= '\r')))
        at++;
    return at < size && head[at] == '<' && holds(head, size, ":document") && names_workbook(head, size)
               ? PF_PROBE_CERTAIN
               : PF_PROBE_NO;
}

static int32_t probe(const struct pf_probe *request) {
    bool named = false;
    for (const char *const *s = suffixes; *s; s++)
        named |= request->suffix && strcmp(request->suffix, *s) == 0;
    if (!request->source || !request->source->random || request->size_bytes < 0)
        return PF_PROBE_NO;
    return pf_ods_is_zip(request->head, request->head_size) ? judge_package(request->source, named)
                                                            : judge_flat(request->head, request->head_size);
}

static pf_status open_ods(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct pf_grid_book book;
    PF_TRY(pf_ods_book_open(request->source, request->host, &book, err));
    return pf_grid_reader_open(request, &book, out, err);
}

const struct pf_reader pf_ods_reader = {.struct_size = sizeof(struct pf_reader),
                                        .rank = PF_RANK_PRIMARY,
                                        .name = "ods",
                                        .summary = "OpenDocument workbooks, packed and flat",
                                        .suffixes = suffixes,
                                        .options = pf_grid_options,
                                        .needs = PF_NEEDS_RANDOM_ACCESS | PF_OFFERS_CELLS | PF_HOLDS_TABLES,
                                        .probe = probe,
                                        .open = open_ods,
                                        .survey = pf_grid_survey,
                                        .read = pf_grid_read,
                                        .close = pf_grid_close};
