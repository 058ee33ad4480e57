/* spreadsheetml_reader.c — room read/spreadsheetml. The table pf_spreadsheetml_reader.  SPDX-License-Identifier: MIT
 * Knows: how the document says what it is, whatever its name is.
 * Knows not: how anything is read. */
#include "read/spreadsheetml/spreadsheetml_reader.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "grid/grid_reader.h"
#include "read/spreadsheetml/spreadsheetml_book.h"

static const char *const suffixes[] = {".xml", NULL};

/* The namespace of the workbook, in UTF-8 or UTF-16, near the beginning. */
static bool names_itself(const uint8_t *head, size_t size) {
    static const char name[] = "urn:schemas-microsoft-com:office:spreadsheet";
    size_t most = size < 4096 ? size : 4096;
    for (size_t step = 1; step <= 2; step++)
        for (size_t i = 0; i + step * sizeof name <= most; i++) {
            size_t k = 0;
            while (name[k] && head[i + k * step] == (uint8_t)name[k])
                k++;
            if (!name[k])
                return true;
        }
    return false;
}

static int32_t probe(const struct pf_probe *request) {
    const uint8_t *head = request->head;
    size_t size = request->head_size, at = 0;
    while (at < size &&
           (head[at] <= ' ' || head[at] >= 0x80)) /* blanks, byte order marks, the zeros of UTF-16 */
        at++;
    return at < size && head[at] == '<' && names_itself(head, size) ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}

static pf_status open_spreadsheetml(const struct pf_open *request, pf_reader_state **out,
                                    struct pf_error *err) {
    struct pf_grid_book book;
    PF_TRY(pf_spreadsheetml_book_open(request->source, &book, err));
    return pf_grid_reader_open(request, &book, out, err);
}

const struct pf_reader pf_spreadsheetml_reader = {.struct_size = sizeof(struct pf_reader),
                                                  .rank = PF_RANK_SECONDARY,
                                                  .name = "spreadsheetml",
                                                  .summary = "Excel workbooks as XML of 2003, often named .xls",
                                                  .suffixes = suffixes,
                                                  .options = pf_grid_options,
                                                  .needs = PF_OFFERS_CELLS | PF_HOLDS_TABLES,
                                                  .probe = probe,
                                                  .open = open_spreadsheetml,
                                                  .survey = pf_grid_survey,
                                                  .read = pf_grid_read,
                                                  .close = pf_grid_close};
