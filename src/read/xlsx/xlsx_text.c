/* xlsx_text.c — room read/xlsx. The text of strings.                             SPDX-License-Identifier: MIT
 * Knows: _xHHHH_, entities.
 * Knows not: where strings stand. */
#include "read/xlsx/xlsx_text.h"

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"

static int hex_digit(char c) {
    c = pf_lower(c);
    return pf_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of _xHHHH_ at `at`; −1: none stands there. */
static int32_t read_escape(const char *at, size_t size) {
    int32_t unit = 0;
    if (size < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

void pf_xlsx_text_unescape(struct pf_buf *text, size_t from) {
    char *data = (char *)text->data;
    size_t to = from;
    if (text->size - from < 7 || !memchr(data + from, '_', text->size - from))
        return;
    for (size_t at = from; at < text->size;) {
        int32_t unit = read_escape(data + at, text->size - at);
        if (unit < 0) {
            data[to++] = data[at++];
            continue;
        }
        at += 7;
        uint32_t point = (uint32_t)unit;
        int32_t low = unit >= 0xD800 && unit < 0xDC00 ? read_escape(data + at, text->size - at) : -1;
        if (low >= 0xDC00 && low < 0xE000) {
            point = 0x10000 + (((uint32_t)unit & 0x3FF) << 10) + ((uint32_t)low & 0x3FF);
            at += 7;
        }
        size_t used = pf_utf8_encode(point, data + to);
        to +=
            used ? used : pf_utf8_encode(0xFFFD, data + to); /* never more than the seven bytes it stands for */
    }
    text->size = to;
}

/* Appends what the entity between '&' and ';' stands for; *good false: not known. */
static pf_status put_entity(struct pf_buf *to, const char *name, size_t size, bool *good,
                            struct pf_error *err) {
    static const struct {
        const char *name;
        char is;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (pf_text_is((struct pf_text){name, size}, known[i].name))
            return pf_buf_put(to, &known[i].is, 1, err);
    *good = false;
    return PF_OK;
}

pf_status pf_xlsx_text_put(struct pf_buf *to, const char *raw, size_t size, bool *good, struct pf_error *err) {
    size_t from = to->size;
    *good = pf_utf8_valid(raw, size) == size;
    for (size_t at = 0; at < size && *good;) {
        size_t start = at;
        const char *hit = memchr(raw + at, '&', size - at);
        at = hit ? (size_t)(hit - raw) : size;
        *good = !memchr(raw + start, '\r', at - start);
        PF_TRY(pf_buf_put(to, raw + start, at - start, err));
        if (!hit || !*good)
            continue;
        const char *end = memchr(hit, ';', size - at < 16 ? size - at : 16);
        *good = end != NULL;
        if (end) {
            PF_TRY(put_entity(to, hit + 1, (size_t)(end - hit) - 1, good, err));
            at = (size_t)(end - raw) + 1;
        }
    }
    if (*good)
        pf_xlsx_text_unescape(to, from);
    else
        to->size = from;
    return PF_OK;
}
