/* run_notices.h — facts about the data: counted by kind, the first few kept.    SPDX-License-Identifier: MIT */
#ifndef PF_RUN_NOTICES_H
#define PF_RUN_NOTICES_H
#include "base/json.h"
#include "pyforge/extension.h"

struct pf_kept_notice {
    char *column; /* NULL: none */
    char *detail;
    int64_t row, byte, count;
};
struct pf_notice_kind {
    char name[48];
    int64_t count;
    struct pf_kept_notice *kept;
    size_t kept_count;
};
/* All zero is good and empty. */
struct pf_notices {
    struct pf_notice_kind *kinds;
    size_t kind_count;
    int64_t total;
};
pf_status pf_notices_add(struct pf_notices *notices, const struct pf_notice *notice, struct pf_error *err);
/* The same by parts, count 1. */
pf_status pf_notices_say(struct pf_notices *notices, const char *kind, const char *column, int64_t row,
                         struct pf_error *err, const char *detail, ...) __attribute__((format(printf, 6, 7)));
/* The first notice of that kind about that column that was kept; NULL: none. */
const struct pf_kept_notice *pf_notices_about(const struct pf_notices *notices, const char *kind,
                                              const char *column);
int64_t pf_notices_count(const struct pf_notices *notices, const char *kind);
pf_status pf_notices_merge(struct pf_notices *into, const struct pf_notices *from, struct pf_error *err);
void pf_notices_clear(struct pf_notices *notices);
/* Writes an array of {"kind", "count", "remedy", "column", "row", "byte", "detail", "first"}; the place is that
 * of the first, and "first" is an array of the places kept, each with its count. */
void pf_notices_json(const struct pf_notices *notices, struct pf_json_writer *json);
/* What to do about a kind, as a sentence; "" when there is nothing to do. */
const char *pf_notice_remedy(const char *kind);
#endif
