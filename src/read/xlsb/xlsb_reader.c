/* xlsb_reader.c — room read/xlsb. The table pf_xlsb_reader.                     SPDX-License-Identifier: MIT
 * Knows: suffixes, how a package says that it is a binary workbook.
 * Knows not: how anything is read.                          Format: docs/formats/xlsb.md */
#include "read/xlsb/xlsb_reader.h"

#include "base/error.h"
#include "grid/grid_reader.h"
#include "opc/opc_probe.h"
#include "read/xlsb/xlsb_book.h"

static const char *const suffixes[] = {".xlsb", NULL};
static const char *const magics[] = {"0:504B0304", NULL};
static const char *const mains[] = {"ms-excel.sheet.binary.macroEnabled.main", NULL};

static int32_t probe(const struct pf_probe *request) {
    static const struct pf_opc_kind kind = {suffixes, mains, "xl/workbook.bin", PF_PROBE_LIKELY};
    return pf_opc_probe(request, &kind);
}

static pf_status open_xlsb(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct pf_grid_book book;
    PF_TRY(pf_xlsb_book_open(request->source, request->host, &book, err));
    return pf_grid_reader_open(request, &book, out, err);
}

const struct pf_reader pf_xlsb_reader = {.struct_size = sizeof(struct pf_reader),
                                         .rank = PF_RANK_PRIMARY,
                                         .name = "xlsb",
                                         .summary = "Excel binary workbooks",
                                         .suffixes = suffixes,
                                         .magics = magics,
                                         .options = pf_grid_options,
                                         .needs = PF_NEEDS_RANDOM_ACCESS | PF_OFFERS_CELLS | PF_HOLDS_TABLES,
                                         .probe = probe,
                                         .open = open_xlsb,
                                         .survey = pf_grid_survey,
                                         .read = pf_grid_read,
                                         .close = pf_grid_close};
