/* run_counts.c — room run. Rows in = rows out + rejected + skipped.             SPDX-License-Identifier: MIT
 * Knows: the keys readers count under.
 * Knows not: readers. */
#include "run/run_counts.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"

#define SKIP_NAME(name, text) text,
static const char *const skip_names[PF_SKIP_COUNT] = {PF_SKIP_LIST(SKIP_NAME)};

void pf_counts_add(struct pf_counts *counts, const char *key, int64_t add) {
    static const char prefix[] = "skipped-";
    if (strcmp(key, "rows-in") == 0) {
        counts->rows_in += add;
        return;
    }
    if (strncmp(key, prefix, sizeof prefix - 1) != 0)
        return;
    int which = PF_SKIP_OTHER;
    for (int i = 0; i < PF_SKIP_COUNT; i++)
        if (strcmp(key + sizeof prefix - 1, skip_names[i]) == 0)
            which = i;
    counts->skipped[which] += add;
}

int64_t pf_counts_skipped(const struct pf_counts *counts) {
    int64_t sum = 0;
    for (int i = 0; i < PF_SKIP_COUNT; i++)
        sum += counts->skipped[i];
    return sum;
}

void pf_counts_sum(struct pf_counts *into, const struct pf_counts *from) {
    into->rows_in += from->rows_in;
    into->rows_out += from->rows_out;
    into->rejected += from->rejected;
    for (int i = 0; i < PF_SKIP_COUNT; i++)
        into->skipped[i] += from->skipped[i];
}

pf_status pf_counts_check(const struct pf_counts *counts, struct pf_error *err) {
    int64_t skipped = pf_counts_skipped(counts);
    if (counts->rows_in == counts->rows_out + counts->rejected + skipped)
        return PF_OK;
    return pf_fail(err, PF_INTERNAL,
                   "%" PRId64 " rows in are not %" PRId64 " out + %" PRId64 " rejected + %" PRId64
                   " skipped; nothing was written; please report this",
                   counts->rows_in, counts->rows_out, counts->rejected, skipped);
}

void pf_counts_json(const struct pf_counts *counts, struct pf_json_writer *json) {
    pf_json_key(json, "rows_in");
    pf_json_int(json, counts->rows_in);
    pf_json_key(json, "rows_out");
    pf_json_int(json, counts->rows_out);
    pf_json_key(json, "rejected");
    pf_json_int(json, counts->rejected);
    pf_json_key(json, "skipped");
    pf_json_open(json, '{');
    for (int i = 0; i < PF_SKIP_COUNT; i++) {
        pf_json_key(json, skip_names[i]);
        pf_json_int(json, counts->skipped[i]);
    }
    pf_json_close(json, '}');
}
