/* fuzz_ptg.c — any bytes as the tokens of a formula, in each version.           SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "ptg/ptg_cells.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pf_grid_sheet sheets[] = {{.name = "One"}, {.name = "It's"}, {.name = "R1C1"}};

static void check(pf_status status) {
    if (status != PF_OK)
        abort();
}

/* A bit of everything that tokens name by a number. */
static void fill(struct pf_ptg_links *links) {
    check(pf_ptg_add_book(links, PF_PTG_OWN, NULL));
    check(pf_ptg_add_book(links, PF_PTG_WORKBOOK, NULL));
    check(pf_ptg_add_sheet_name(links, pf_text_of("Far off"), NULL));
    check(pf_ptg_add_extern_name(links, pf_text_of("Rate"), PF_PTG_NO_SHEET, true, NULL));
    check(pf_ptg_add_book(links, PF_PTG_ADDIN, NULL));
    check(pf_ptg_add_extern_name(links, pf_text_of("EDATE"), PF_PTG_NO_SHEET, true, NULL));
    for (int32_t i = 0; i < 6; i++)
        check(pf_ptg_add_reference(links, (uint32_t)i / 2, i % 2 - 1, i % 2, NULL));
    check(pf_ptg_add_name(links, pf_text_of("Total"), PF_PTG_NO_SHEET, NULL));
    check(pf_ptg_add_name(links, pf_text_of("_xlfn.CONCAT"), 1, NULL));
    check(pf_ptg_add_table(links, 1, pf_text_of("Sales"), NULL));
    check(pf_ptg_add_column(links, pf_text_of("[Price]"), NULL));
}

/* The text is one, or nothing was said. */
static void spell(const struct pf_ptg_links *links, const uint8_t *data, size_t rgce, size_t rgcb) {
    struct pf_ptg_cells cells = {0};
    struct pf_ptg_formula formula = {data, data + rgce, rgce, rgcb, 70000, 300};
    struct pf_grid_range range = {0, 70000, 0, 300};
    struct pf_buf text = {0};
    enum pf_ptg_answer answer;
    check(pf_ptg_cells_share(&cells, 0, 0, &range, false, &formula, NULL));
    check(pf_ptg_cells_spell(&cells, links, &formula, &text, &answer, NULL));
    if (answer != PF_PTG_KNOWN ? text.size != 0
                               : text.size < 2 || text.size > PF_PTG_TEXT_MOST || text.data[0] != '=' ||
                                     pf_utf8_valid(text.data, text.size) != text.size)
        abort();
    pf_ptg_cells_clear(&cells);
    pf_buf_clear(&text);
}

/* First a version, then how much of the rest stands behind the tokens. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    struct pf_ptg_links links = {.version = (enum pf_ptg_version)(data[0] % (PF_PTG_BIFF12 + 1)),
                                 .charset = pf_charset_find("cp1252"),
                                 .sheets = sheets,
                                 .sheet_count = 3};
    size_t rest = size - 2, behind = data[1] < rest ? data[1] : rest;
    fill(&links);
    spell(&links, data + 2, rest - behind, behind);
    pf_ptg_links_clear(&links);
    return 0;
}
