/* xlsx_reader.c — room read/xlsx. The table pf_xlsx_reader.                      SPDX-License-Identifier: MIT
 * Knows: suffixes, how a package says that it is a workbook.
 * Knows not: how anything is read.                          Format: docs/formats/xlsx.md */
#include "read/xlsx/xlsx_reader.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "grid/grid_reader.h"
#include "read/xlsx/xlsx_book.h"

#define TYPES_BYTES ((size_t)1 << 20) /* of [Content_Types].xml */

static const char *const suffixes[] = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", NULL};
static const char *const magics[] = {"0:504B0304", NULL};

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
static int32_t judge_types(struct pf_source *types) {
    static const char *const mains[] = {"spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml",
                                        "ms-excel.sheet.macroEnabled.main+xml",
                                        "ms-excel.template.macroEnabled.main+xml",
                                        "ms-excel.addin.macroEnabled.main+xml"};
    uint8_t *bytes = NULL;
    size_t size = 0;
    int32_t score = PF_PROBE_NO;
    if (pf_source_slurp(types, TYPES_BYTES, &bytes, &size, NULL) != PF_OK)
        return PF_PROBE_NO;
    for (size_t i = 0; i < sizeof mains / sizeof mains[0]; i++)
        if (holds(bytes, size, mains[i]))
            score = PF_PROBE_CERTAIN;
    pf_mem_free(bytes);
    return score;
}

static int32_t judge_package(struct pf_source *source) {
    struct pf_xlsx_package package;
    struct pf_source types;
    int32_t score = PF_PROBE_NO;
    if (pf_xlsx_package_open(&package, source, NULL) != PF_OK)
        return PF_PROBE_NO;
    const struct pf_zip_member *member = pf_xlsx_package_find(&package, "[Content_Types].xml");
    if (member && pf_zip_source(package.zip, member, 0, &types, NULL) == PF_OK) {
        score = judge_types(&types);
        pf_source_close(&types);
    }
    if (score == PF_PROBE_NO && pf_xlsx_package_find(&package, "xl/workbook.xml"))
        score = PF_PROBE_MAGIC;
    pf_xlsx_package_close(&package);
    return score;
}

static int32_t judge_lock(struct pf_source *source) {
    pf_cfb *cfb;
    if (pf_cfb_open(source, &cfb, NULL) != PF_OK)
        return PF_PROBE_NO;
    int32_t score = pf_office_is_package(cfb) ? PF_PROBE_MAGIC : PF_PROBE_NO;
    pf_cfb_close(&cfb);
    return score;
}

static int32_t probe(const struct pf_probe *request) {
    bool named = false;
    for (const char *const *s = suffixes; *s; s++)
        named |= request->suffix && strcmp(request->suffix, *s) == 0;
    const uint8_t *head = request->head;
    if (!request->source || !request->source->random || request->size_bytes < 0)
        return PF_PROBE_NO;
    if (pf_cfb_is(head, request->head_size))
        return judge_lock(request->source);
    if (request->head_size < 4 || memcmp(head, "PK\3\4", 4) != 0)
        return PF_PROBE_NO;
    int32_t score = judge_package(request->source);
    return score == PF_PROBE_NO && named ? PF_PROBE_SUFFIX : score;
}

static pf_status open_xlsx(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct pf_grid_book book;
    PF_TRY(pf_xlsx_book_open(request->source, request->host, &book, err));
    return pf_grid_reader_open(request, &book, out, err);
}

const struct pf_reader pf_xlsx_reader = {.struct_size = sizeof(struct pf_reader),
                                         .rank = PF_RANK_PRIMARY,
                                         .name = "xlsx",
                                         .summary = "Excel workbooks (Office Open XML)",
                                         .suffixes = suffixes,
                                         .magics = magics,
                                         .options = pf_grid_options,
                                         .needs = PF_NEEDS_RANDOM_ACCESS | PF_OFFERS_CELLS | PF_HOLDS_TABLES,
                                         .probe = probe,
                                         .open = open_xlsx,
                                         .survey = pf_grid_survey,
                                         .read = pf_grid_read,
                                         .close = pf_grid_close};
