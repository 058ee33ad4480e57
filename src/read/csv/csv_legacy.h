/* csv_legacy.h — the code page of a text that is no Unicode.                     SPDX-License-Identifier: MIT */
#ifndef PF_CSV_LEGACY_H
#define PF_CSV_LEGACY_H
#include "read/csv/csv_dialect.h"

/* Sets charset and charset_confidence. opinion: what a detector says, the name of a charset or "". */
pf_status pf_csv_legacy_find(const struct pf_csv_sample *sample, const char *opinion,
                             struct pf_csv_dialect *out, struct pf_error *err);
#endif
