/* sylk_reader.c — room read/sylk. The table pf_sylk_reader.                      SPDX-License-Identifier: MIT
 * Knows: the first record of every SYLK file.
 * Knows not: how anything is read. */
#include "read/sylk/sylk_reader.h"

#include <string.h>

#include "base/error.h"
#include "grid/grid_reader.h"
#include "read/sylk/sylk_book.h"

static const char *const suffixes[] = {".slk", ".sylk", NULL};

/* "ID;P": a CSV may begin so too, but not go on with records. */
static int32_t probe(const struct pf_probe *request) {
    const char *head = (const char *)request->head;
    size_t size = request->head_size, end = 0;
    if (size < 8 || memcmp(head, "ID;P", 4) != 0)
        return PF_PROBE_NO;
    while (end < size && head[end] != '\n' && head[end] != '\r')
        end++;
    while (end < size && (head[end] == '\n' || head[end] == '\r'))
        end++;
    bool records = end + 1 < size && memchr("PFBCOW", head[end], 6) && head[end + 1] == ';';
    return records ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}

static pf_status open_sylk(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct pf_grid_book book;
    PF_TRY(pf_sylk_book_open(request->source, "Sheet1", &book, err));
    return pf_grid_reader_open(request, &book, out, err);
}

const struct pf_reader pf_sylk_reader = {.struct_size = sizeof(struct pf_reader),
                                         .rank = PF_RANK_SECONDARY,
                                         .name = "sylk",
                                         .summary = "SYLK sheets (symbolic links), often named .xls",
                                         .suffixes = suffixes,
                                         .options = pf_grid_options,
                                         .needs = PF_OFFERS_CELLS,
                                         .probe = probe,
                                         .open = open_sylk,
                                         .survey = pf_grid_survey,
                                         .read = pf_grid_read,
                                         .close = pf_grid_close};
