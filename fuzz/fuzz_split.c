/* fuzz_split.c — any text in any dialect: the fast way must mean what the state machine means, pieces must mean what
 * the whole means, and rewritten text must read as what it was rewritten from. The first four bytes choose.
 * SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "read/csv/csv_split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

static void put(struct pf_buf *to, const void *bytes, size_t size) {
    insist(pf_buf_put(to, bytes, size, NULL) == PF_OK);
}

/* Text with the room that blocks promise, so that sanitizers see every step beyond it. */
static char *make_room(const char *text, size_t size, char **memory) {
    *memory = malloc(size + 8 + 64);
    insist(*memory != NULL);
    memset(*memory, '"', size + 8 + 64);
    if (size)
        memcpy(*memory + 8, text, size);
    return *memory + 8;
}

static struct pf_csv_dialect choose(const uint8_t *data) {
    static const char *const delimiters[] = {",", ";", "\t", "", ",,", "|", " ", "||"};
    static const char quotes[] = {'"', '"', '\'', 0};
    struct pf_csv_dialect d = {.line_end = PF_LINE_LF, .doubled = true, .footer_at = -1};
    d.delimiter_size = (uint8_t)strlen(delimiters[data[0] & 7]);
    memcpy(d.delimiter, delimiters[data[0] & 7], d.delimiter_size);
    d.quote = quotes[data[0] >> 3 & 3];
    d.comment = data[1] & 1 ? '#' : 0;
    d.line_end = data[1] & 2 ? PF_LINE_CR : PF_LINE_LF;
    if ((data[1] & 12) == 12) {
        d.escape = '\\';
        d.doubled = data[1] & 16;
    }
    d.blanks_around = (data[1] & 96) == 96;
    d.whitespace = (data[1] & 224) == 128;
    return d;
}

typedef pf_status splitter(struct pf_csv_block *, const struct pf_csv_dialect *, int32_t, struct pf_error *);

/* Every cell as 'q' or 'b', its plain text and 0xFF 0xFE; every row 0xFF; defects into the other. */
static void write_down(splitter *split, const char *text, size_t size, const struct pf_csv_dialect *d,
                       int32_t columns, struct pf_csv_marks *marks, int64_t *row, struct pf_buf *rows,
                       struct pf_buf *defects) {
    struct pf_csv_block b = {.text = text, .size = size, .given = marks};
    for (; b.from < size; b.from = b.to) {
        insist(split(&b, d, columns, NULL) == PF_OK);
        insist(b.to > b.from && b.to <= size);
        for (size_t k = 0; k < (size_t)b.rows * (size_t)b.columns; k++) {
            struct pf_cells cell = {b.cells_text,
                                    b.pos + k,
                                    1,
                                    1,
                                    b.quotes ? d->quote : 0,
                                    b.strip_cr && (k + 1) % (size_t)b.columns == 0};
            size_t n, plain;
            bool quoted;
            const char *raw = pf_cell_raw(&cell, 0, &n);
            char *scratch = malloc(n + 1);
            const char *value = pf_cell_plain(raw, n, cell.quote, scratch, &plain, &quoted);
            put(rows, quoted ? "q" : "b", 1);
            put(rows, value, plain);
            put(rows, (k + 1) % (size_t)b.columns ? "\xFF\xFE" : "\xFF\xFF", 2);
            free(scratch);
        }
        for (size_t i = 0; i < b.defect_count; i++) {
            int64_t facts[3] = {b.defects[i].kind, *row + b.defects[i].record, b.defects[i].byte_size};
            insist(b.defects[i].byte == (int64_t)pf_csv_record_start(&b, b.defects[i].record));
            put(defects, facts, sizeof facts);
        }
        *row += b.rows;
    }
    pf_csv_block_clear(&b);
}

static void insist_same(const struct pf_buf *a, const struct pf_buf *b) {
    insist(a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 4 || size > 1 << 16)
        return 0;
    struct pf_csv_dialect d = choose(data);
    int32_t columns = 1 + data[2] % 6;
    size_t want = 1 + data[3];
    char *memory;
    char *text = make_room((const char *)data + 4, size -= 4, &memory);
    struct pf_buf slow = {0}, fast = {0}, pieces = {0}, defects[3] = {{0}};
    int64_t rows[3] = {0};
    struct pf_csv_marks marks = {0};
    write_down(pf_csv_split_reference, text, size, &d, columns, NULL, &rows[0], &slow, &defects[0]);
    write_down(pf_csv_split, text, size, &d, columns, NULL, &rows[1], &fast, &defects[1]);
    insist_same(&slow, &fast);
    insist_same(&defects[0], &defects[1]);
    for (size_t at = 0, window = want; at < size;) {
        size_t seen = size - at < window ? size - at : window;
        char *held, *piece = make_room(text + at, seen, &held);
        size_t cut = pf_csv_cut(piece, seen, want, at + seen == size, &d);
        size_t marked;
        insist(pf_csv_cut_marked(piece, seen, want, at + seen == size, &d, &marks, &marked, NULL) == PF_OK);
        free(held);
        insist(marked == cut && cut <= seen && (cut > 0 || at + seen < size));
        if (cut) {
            piece = make_room(text + at, cut, &held);
            write_down(pf_csv_split, piece, cut, &d, columns, &marks, &rows[2], &pieces, &defects[2]);
            free(held);
            at += cut;
        }
        window = cut ? want : window + want;
    }
    insist_same(&slow, &pieces);
    insist_same(&defects[0], &defects[2]);
    pf_buf_clear(&slow);
    pf_buf_clear(&fast);
    pf_buf_clear(&pieces);
    for (int i = 0; i < 3; i++)
        pf_buf_clear(&defects[i]);
    pf_csv_marks_clear(&marks);
    free(memory);
    return 0;
}
