/* csv_charset.c — room read/csv. The charset of a file; the only door to uchardet.  SPDX-License-Identifier: MIT
 * Knows: byte order marks, zero bytes of UTF-16, UTF-8 and its few bad bytes, what uchardet says.
 * Knows not: delimiters, cells, the tables of charsets (base/charset.h). Docs: docs/formats/dialect.md §Encoding */
#include <uchardet.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "read/csv/csv_dialect.h"
#include "read/csv/csv_legacy.h"

#define PROBE_BYTES  (64u << 10) /* looked at for zero bytes */
#define DETECT_BYTES (16u << 10) /* what uchardet is fed */

struct mark {
    const char *charset;
    uint8_t bytes[4];
    int8_t size;
};
static const struct mark marks[] = {
    {"utf-8", {0xEF, 0xBB, 0xBF}, 3},    {"utf-32le", {0xFF, 0xFE, 0, 0}, 4},
    {"utf-32be", {0, 0, 0xFE, 0xFF}, 4}, {"gb18030", {0x84, 0x31, 0x95, 0x33}, 4},
    {"utf-16le", {0xFF, 0xFE}, 2},       {"utf-16be", {0xFE, 0xFF}, 2},
};

static const struct mark *find_mark(const struct pf_csv_sample *sample) {
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (sample->head_size >= (size_t)marks[i].size &&
            memcmp(sample->head, marks[i].bytes, (size_t)marks[i].size) == 0)
            return &marks[i];
    return NULL;
}

static void settle(struct pf_csv_dialect *out, const char *charset, double confidence) {
    out->charset = pf_charset_find(charset);
    out->charset_confidence = confidence < 0 ? 0 : confidence > 1 ? 1 : confidence;
}

/* UTF-16 and UTF-32 without a mark: zeros (or the line ends of scripts that have none) stand on one side. */
bool pf_csv_sniff_wide(const struct pf_csv_sample *sample, struct pf_csv_dialect *out) {
    const uint8_t *head = sample->head;
    size_t size = sample->head_size < PROBE_BYTES ? sample->head_size : PROBE_BYTES;
    size_t zeros[4] = {0}, ends[2] = {0}, controls[2] = {0};
    if (size < 4 || (sample->head_is_all && sample->head_size % 2))
        return false;
    size &= ~(size_t)3;
    for (size_t i = 0; i < size; i++)
        zeros[i & 3] += head[i] == 0;
    for (size_t i = 0; i + 1 < size; i += 2) { /* the unit read in either order */
        uint8_t a = head[i], b = head[i + 1];
        ends[0] += b == 0 && (a == '\n' || a == '\r' || a == ',' || a == ';' || a == '\t');
        ends[1] += a == 0 && (b == '\n' || b == '\r' || b == ',' || b == ';' || b == '\t');
        controls[0] += b == 0 && a < ' ' && a != '\n' && a != '\r' && a != '\t';
        controls[1] += a == 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t';
    }
    size_t quads = size / 4;
    if (zeros[1] >= quads * 9 / 10 && zeros[2] + zeros[3] >= quads * 19 / 10 && zeros[0] * 10 < quads + 10)
        return settle(out, "utf-32le", 0.95), true;
    if (zeros[2] >= quads * 9 / 10 && zeros[0] + zeros[1] >= quads * 19 / 10 && zeros[3] * 10 < quads + 10)
        return settle(out, "utf-32be", 0.95), true;
    size_t units = size / 2, odd = zeros[1] + zeros[3], even = zeros[0] + zeros[2];
    size_t most = odd > even ? odd : even, least = odd > even ? even : odd;
    bool little = odd > even, often = most * 5 >= units * 2;
    /* Where few units have a zero (other scripts), there must be many of them, and line ends or delimiters. */
    if (most < 2 || most <= 8 * least || !ends[!little] || controls[!little] ||
        !(often || (most >= 12 && most * 12 >= units)))
        return false;
    return settle(out, little ? "utf-16le" : "utf-16be", often ? 0.97 : 0.8), true;
}

struct utf8_count {
    int64_t wide; /* good sequences beyond ASCII; when all are good just many */
    int64_t bad;  /* bytes that are none */
};

static bool is_ascii(const uint8_t *text, size_t size) {
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++)
        any |= text[i];
    return any < 0x80;
}

static void count_utf8(const uint8_t *text, size_t size, bool cut_start, bool cut_end,
                       struct utf8_count *count) {
    size_t at = 0;
    for (; cut_start && at < 3 && at < size && (text[at] & 0xC0) == 0x80; at++) {
    }
    if (cut_end)
        size -= pf_utf8_cut(text + at, size - at);
    if (pf_utf8_valid(text + at, size - at) == size - at) {
        if (!is_ascii(text + at, size - at))
            count->wide += 100; /* how many does not matter */
        return;
    }
    while (at < size && (count->bad < 1000 || count->bad * 3 <= count->wide)) {
        uint32_t point;
        size_t took = text[at] < 0x80 ? 1 : pf_utf8_decode(text + at, size - at, &point);
        count->bad += took == 0;
        count->wide += took > 1;
        at += took ? took : 1;
    }
}

/* ESC $ B … ESC ( B: Japanese mail in seven bits. */
static bool is_escaped_japanese(const uint8_t *text, size_t size) {
    for (const uint8_t *at = text; (at = memchr(at, 0x1B, (size_t)(text + size - at))); at++)
        if (text + size - at > 3 && at[1] == '$' && (at[2] == 'B' || at[2] == '@'))
            return true;
    return false;
}

/* True when it is UTF-8, with bad bytes in few places at most. */
static bool find_utf8(const struct pf_csv_sample *sample, struct pf_csv_dialect *out) {
    struct utf8_count count = {0};
    count_utf8(sample->head, sample->head_size, false, !sample->head_is_all, &count);
    if (sample->tail && !sample->head_is_all)
        count_utf8(sample->tail, sample->tail_size, sample->tail_offset > 0, false, &count);
    if (count.bad == 0 && count.wide == 0 && pf_charset_find("iso-2022-jp") &&
        is_escaped_japanese(sample->head, sample->head_size))
        settle(out, "iso-2022-jp", 0.95);
    else if (count.bad == 0)
        settle(out, "utf-8", 1);
    else if (count.wide >= 3 && count.wide >= 3 * count.bad)
        settle(out, "utf-8", 0.6 * (double)(count.wide - count.bad) / (double)count.wide);
    else
        return false;
    return true;
}

/* Whole lines that hold bytes beyond ASCII, up to room. */
static size_t gather_lines(const uint8_t *text, size_t size, uint8_t *to, size_t room) {
    size_t used = 0;
    for (size_t at = 0; at < size && used < room;) {
        size_t end = at;
        bool wide = false;
        while (end < size && text[end] != '\n' && text[end] != '\r')
            wide |= text[end++] >= 0x80;
        if (end < size)
            end++;
        if (wide) {
            size_t take = end - at < room - used ? end - at : room - used;
            memcpy(to + used, text + at, take);
            used += take;
        }
        at = end;
    }
    return used;
}

/* Names that mean one charset for our purpose, so that uchardet's word counts for the one that is tried. */
static const char *base_name(const char *name) {
    static const char *const same[][2] = {
        {"iso-8859-1", "cp1252"}, {"gbk", "gb18030"},       {"gb2312", "gb18030"},    {"tis-620", "cp874"},
        {"iso-8859-9", "cp1254"}, {"iso-8859-11", "cp874"}, {"iso-8859-8", "cp1255"}, {"ascii", "cp1252"},
        {"shift_jis", "cp932"},   {"euc-kr", "cp949"},      {"iso-8859-13", "cp1257"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(name, same[i][0]) == 0)
            return same[i][1];
    return name;
}

/* uchardet's opinion as the name of one of ours, "" when it has none. Lent, static. */
static const char *ask_uchardet(const uint8_t *text, size_t size) {
    const char *name = "";
    uchardet_t detector = uchardet_new();
    if (!detector)
        return name;
    if (uchardet_handle_data(detector, (const char *)text, size) == 0) {
        uchardet_data_end(detector);
        const struct pf_charset *charset = pf_charset_find(uchardet_get_charset(detector));
        if (charset && pf_charset_unit(charset) == 1 && !pf_charset_is_utf8(charset))
            name = base_name(pf_charset_name(charset));
    }
    uchardet_delete(detector);
    return name;
}

static pf_status find_legacy(const struct pf_csv_sample *sample, struct pf_csv_dialect *out,
                             struct pf_error *err) {
    uint8_t *lines = pf_mem_alloc(DETECT_BYTES);
    if (!lines)
        return pf_fail_memory(err, DETECT_BYTES);
    size_t half = sample->tail ? DETECT_BYTES / 2 : DETECT_BYTES;
    size_t size = gather_lines(sample->head, sample->head_size, lines, half);
    if (sample->tail)
        size += gather_lines(sample->tail, sample->tail_size, lines + size, DETECT_BYTES - size);
    const char *opinion = ask_uchardet(lines, size);
    pf_mem_free(lines);
    return pf_csv_legacy_find(sample, opinion, out, err);
}

/* What the user said; a mark tells the byte order when only "utf-16" was said. */
static pf_status take_wish(const char *name, const struct mark *mark, struct pf_csv_dialect *out,
                           struct pf_error *err) {
    const struct pf_charset *charset = pf_charset_find(name);
    if (!charset)
        return pf_fail(err, PF_ARGUMENT,
                       "the encoding '%s' is not known; give one such as utf-8, cp1252, gb18030", name);
    const struct pf_charset *marked = mark ? pf_charset_find(mark->charset) : NULL;
    size_t size = strlen(name);
    bool ordered = size > 2 && (pf_lower(name[size - 1]) == 'e' || pf_lower(name[size - 1]) == 'd');
    if (marked && !ordered && pf_charset_unit(marked) > 1 &&
        pf_charset_unit(marked) == pf_charset_unit(charset))
        charset = marked;
    out->charset = charset;
    out->charset_confidence = 1;
    out->bom_size = charset == marked ? mark->size : 0;
    return PF_OK;
}

pf_status pf_csv_sniff_charset(const struct pf_csv_sample *sample, const struct pf_csv_wish *wish,
                               struct pf_csv_dialect *out, struct pf_error *err) {
    const struct mark *mark = find_mark(sample);
    out->bom_size = 0;
    if (wish->encoding && wish->encoding[0])
        return take_wish(wish->encoding, mark, out, err);
    if (mark) {
        settle(out, mark->charset, 1);
        out->bom_size = mark->size;
        return PF_OK;
    }
    if (pf_csv_sniff_wide(sample, out) || find_utf8(sample, out))
        return PF_OK;
    return find_legacy(sample, out, err);
}
