/* xlsx_reader.c — room read/xlsx. The table pf_xlsx_reader.                      SPDX-License-Identifier: MIT
 * Knows: suffixes, how a package says that it is a workbook.
 * Knows not: how anything is read.                          Format: docs/formats/xlsx.md */
#include "read/xlsx/xlsx_reader.h"

#include "base/error.h"
#include "grid/grid_reader.h"
#include "opc/opc_probe.h"
#include "read/xlsx/xlsx_book.h"

static const char *const suffixes[] = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", NULL};
static const char *const magics[] = {"0:504B0304", NULL};

static const char *const mains[] = {
    "spreadsheetml.sheet.main+xml",         "spreadsheetml.template.main+xml",
    "ms-excel.sheet.macroEnabled.main+xml", "ms-excel.template.macroEnabled.main+xml",
    "ms-excel.addin.macroEnabled.main+xml", NULL};

static int32_t probe(const struct pf_probe *request) {
    static const struct pf_opc_kind kind = {suffixes, mains, "xl/workbook.xml", PF_PROBE_MAGIC};
    return pf_opc_probe(request, &kind);
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
