/* grid_reader.h — the reader of every sheet format, behind probe and open.      SPDX-License-Identifier: MIT
 *
 *     static pf_status open_xlsb(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
 *         struct pf_grid_book book;
 *         PF_TRY(pf_xlsb_book_open(request, &book, err));
 *         return pf_grid_reader_open(request, &book, out, err);
 *     }
 *     const struct pf_reader pf_xlsb_reader = {…, .options = pf_grid_options, .needs = PF_OFFERS_CELLS,
 *         .probe = probe, .open = open_xlsb, .survey = pf_grid_survey, .read = pf_grid_read, .close = pf_grid_close};
 */
#ifndef PF_GRID_READER_H
#define PF_GRID_READER_H
#include "grid/grid_book.h"
#include "pyforge/extension.h"

extern const struct pf_option *const pf_grid_options[];
/* Takes book (closes it on failure too). */
pf_status pf_grid_reader_open(const struct pf_open *request, const struct pf_grid_book *book,
                              pf_reader_state **out, struct pf_error *err);
pf_status pf_grid_survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err);
pf_status pf_grid_read(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                       struct pf_error *err);
void pf_grid_close(pf_reader_state *state);
/* How many times its packed size a part may unpack to (--max-expansion); 0: however much. */
int64_t pf_grid_max_expansion(struct pf_host *host);
/* The password the user gave (--password, --password-file, PYFORGE_PASSWORD), for locked books; NULL: none. Gives
 * (pf_mem_free). */
pf_status pf_grid_password(struct pf_host *host, char **password, struct pf_error *err);
#endif
