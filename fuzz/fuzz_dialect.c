/* fuzz_dialect.c — bytes as a CSV file whose charset and dialect are sought.      SPDX-License-Identifier: MIT
 *
 * The first two bytes choose what the user fixed and how much of the file the head holds. What is found must keep
 * to its own terms: places inside the text, on record borders, in order; names for the header; and the splitter
 * must take it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "read/csv/csv_dialect.h"
#include "read/csv/csv_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX ((size_t)1 << 18)

static void demand(bool good) {
    if (!good)
        abort();
}

/* header_at, data_at and footer_at must be where records begin. */
static void check_borders(const char *text, size_t size, const struct pf_csv_dialect *d) {
    struct pf_csv_trial trial = {0};
    size_t at = (size_t)d->header_at, found = d->data_at == d->header_at;
    if (pf_csv_trial_read(&trial, text + at, size - at, true, d, 200000, NULL) == PF_OK) {
        for (size_t i = 0; i < trial.count; i++)
            found += at + trial.records[i].next == (size_t)d->data_at;
        demand(found > 0 || trial.count == 200000);
    }
    pf_csv_trial_clear(&trial);
}

static void check(const char *text, size_t size, bool all, const struct pf_csv_wish *wish,
                  const struct pf_csv_dialect *d) {
    demand(d->delimiter_size < sizeof d->delimiter && d->columns >= 0 && d->tables >= 0);
    demand(d->header_at >= 0 && d->header_at <= d->data_at && (size_t)d->data_at <= size);
    demand(d->footer_at == -1 ||
           (d->footer_at >= d->data_at && (size_t)d->footer_at < size && d->footer_rows > 0));
    demand(d->confidence >= 0 && d->confidence <= 1);
    demand(d->data_line > d->skip_rows && d->header_rows >= 0);
    demand(memchr(d->why, 0, sizeof d->why) != NULL);
    if (wish->header == 0)
        demand(d->header_rows == 0 && d->footer_at == -1 && d->data_at == d->header_at);
    if (all && d->columns > 0)
        check_borders(text, size, d);
    struct pf_arena arena = {0};
    const char **names = NULL;
    int32_t count = 0;
    if (pf_csv_header(text, size, d, &arena, &names, &count, NULL) == PF_OK)
        for (int32_t i = 0; i < count; i++)
            demand(strlen(names[i]) <= size * 6);
    pf_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    uint8_t how = data[0], part = data[1];
    data += 2;
    size = size - 2 < TEXT_MAX ? size - 2 : TEXT_MAX;
    size_t head = part & 128 ? size * (part & 127) / 128 : size;
    struct pf_csv_sample sample = {.head = data, .head_size = head, .head_is_all = head == size};
    if (head < size) {
        sample.tail = data + head / 2;
        sample.tail_size = size - head / 2;
        sample.tail_offset = (int64_t)(head / 2);
    }
    struct pf_csv_wish wish = {.header = how & 1   ? 0
                                         : how & 2 ? 2
                                                   : -1,
                               .skip_rows = how & 4 ? 1 : -1,
                               .decimal_comma = -1,
                               .delimiter = how & 8 ? (how & 16 ? "||" : ";") : NULL,
                               .quote = how & 32 ? "'" : NULL,
                               .suffix = how & 64 ? ".tsv" : ".csv"};
    struct pf_csv_dialect d = {0};
    if (pf_csv_sniff_charset(&sample, &wish, &d, NULL) != PF_OK)
        return 0;
    demand(d.charset != NULL && d.charset_confidence >= 0 && d.charset_confidence <= 1);
    size_t room = size * 4 + 64, used = 0, text_size = 0;
    char *text = pf_mem_alloc(room);
    if (!text)
        return 0;
    struct pf_charset_bad bad = {0, -1};
    size_t bom = (size_t)d.bom_size;
    pf_charset_convert(d.charset, data + bom, head - bom, &used, text, room, &text_size, head == size, &bad);
    const char *tail = head < size ? (const char *)sample.tail : NULL;
    if (pf_csv_sniff(text, text_size, head == size, tail, sample.tail_size, sample.tail_offset, &wish, &d,
                     NULL) == PF_OK) {
        if (head < size && d.footer_at >= 0)
            d.footer_at = -1; /* stands in the tail, whose text this is not */
        check(text, text_size, head == size, &wish, &d);
    }
    pf_mem_free(text);
    return 0;
}
