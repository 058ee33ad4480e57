/* xlsx_strings.c — room read/xlsx. Shared strings.                               SPDX-License-Identifier: MIT
 * Knows: plain and rich strings, phonetic text (left out), the quick way for plain ones.
 * Knows not: cells. Source: ECMA-376 Part 1 §18.4. */
#include <string.h>

#include "base/error.h"
#include "read/xlsx/xlsx_book.h"
#include "read/xlsx/xlsx_text.h"

struct reading {
    struct pf_xlsx_book *book;
    struct pf_xml *xml;
    struct pf_window *window;
};

static pf_status end_string(struct pf_xlsx_book *book, struct pf_error *err) {
    uint64_t end = book->string_bytes.size;
    if (book->strings.count == UINT32_MAX)
        return pf_fail(err, PF_LIMIT, "more than 4,294,967,295 shared strings");
    book->strings.count++;
    return pf_buf_put(&book->string_offsets, &end, sizeof end, err);
}

/* Behind <si>: the text of all <t> but those of phonetic runs. */
static pf_status read_string(struct reading *r, struct pf_error *err) {
    struct pf_xml *xml = r->xml;
    struct pf_buf *to = &r->book->string_bytes;
    size_t from = to->size;
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "rPh"))
            PF_TRY(pf_xml_skip(xml, err));
        else if (pf_xml_is(xml, "t"))
            PF_TRY(pf_xml_gather(xml, to, err));
    }
    pf_xlsx_text_unescape(to, from);
    return end_string(r->book, err);
}

/* Behind <si><t>, the text up to '<'; *good false: it is for the general reader. */
static pf_status put_plain(struct pf_xlsx_book *book, const char *text, const char *end, bool plain, bool *good,
                           struct pf_error *err) {
    *good = true;
    if (plain)
        PF_TRY(pf_buf_put(&book->string_bytes, text, (size_t)(end - text), err));
    else
        PF_TRY(pf_xlsx_text_put(&book->string_bytes, text, (size_t)(end - text), good, err));
    return *good ? end_string(book, err) : PF_OK;
}

/* <si><t>text</t></si>, one after the other, as long as they are whole in what is at hand and plain. */
static pf_status read_plain(struct reading *r, struct pf_error *err) {
    static const char head[] = "<si><t>", spaced[] = "<si><t xml:space=\"preserve\">", tail[] = "</t></si>";
    const uint8_t *bytes;
    size_t got;
    pf_xml_settle(r->xml);
    PF_TRY(pf_window_peek(r->window, 4096, &bytes, &got, err));
    const char *at = (const char *)bytes, *last = at + got;
    r->window->data[r->window->end] = '<'; /* ends every search */
    while ((size_t)(last - at) > sizeof spaced + sizeof tail) {
        bool plain = true, good;
        size_t skip = memcmp(at, head, sizeof head - 1) == 0       ? sizeof head - 1
                      : memcmp(at, spaced, sizeof spaced - 1) == 0 ? sizeof spaced - 1
                                                                   : 0;
        if (!skip)
            break;
        const char *end = pf_xlsx_text_end(at + skip, &plain);
        if ((size_t)(last - end) < sizeof tail - 1 || memcmp(end, tail, sizeof tail - 1) != 0)
            break;
        PF_TRY(put_plain(r->book, at + skip, end, plain, &good, err));
        if (!good)
            break;
        at = end + sizeof tail - 1;
    }
    pf_window_consume(r->window, (size_t)(at - (const char *)bytes));
    return PF_OK;
}

static pf_status read_strings(struct reading *r, struct pf_error *err) {
    uint64_t zero = 0;
    PF_TRY(pf_buf_put(&r->book->string_offsets, &zero, sizeof zero, err));
    for (;;) {
        if (r->xml->depth == 1)
            PF_TRY(read_plain(r, err));
        PF_TRY(pf_xml_next(r->xml, err));
        if (r->xml->event == PF_XML_END)
            return PF_OK;
        if (r->xml->event == PF_XML_OPEN && pf_xml_is(r->xml, "si"))
            PF_TRY(read_string(r, err));
    }
}

/* The text is shorter than its XML: room for it at once, untouched as long as it is not used, instead of copies that grow.
 * What the directory says may be a lie. */
#define MOST_AT_ONCE ((size_t)64 << 20)
static pf_status make_room(struct pf_buf *buf, int64_t size_bytes, struct pf_error *err) {
    size_t most = buf->ceiling && buf->ceiling < MOST_AT_ONCE ? buf->ceiling : MOST_AT_ONCE;
    return pf_buf_reserve(buf, size_bytes < (int64_t)most ? (size_t)size_bytes : most, err);
}

static pf_status read_part(struct pf_xlsx_book *book, const struct pf_zip_member *member,
                           struct pf_error *err) {
    struct pf_opc_part part;
    PF_TRY(pf_opc_part_open(&part, &book->package, member, pf_xlsx_worth_thread(book, member), 0, err));
    struct reading r = {book, &part.xml, &part.window};
    int64_t limit = book->host->memory_limit;
    book->string_bytes.ceiling = limit > 0 ? (size_t)limit : 0;
    book->string_offsets.ceiling = book->string_bytes.ceiling;
    pf_status status = make_room(&book->string_bytes, member->size_bytes, err);
    if (status == PF_OK)
        status = pf_opc_part_where(&part, read_strings(&r, err), err);
    pf_opc_part_close(&part);
    return status;
}

pf_status pf_xlsx_strings_need(struct pf_xlsx_book *book, struct pf_error *err) {
    const struct pf_zip_member *member =
        pf_opc_package_part(&book->package, &book->relations, "sharedStrings", "xl/sharedStrings.xml");
    pf_status status = PF_OK;
    pf_mutex_lock(&book->mutex);
    if (!book->has_strings && member) {
        status = read_part(book, member, err);
        book->strings.bytes = (const char *)book->string_bytes.data;
        book->strings.offsets = (const uint64_t *)(const void *)book->string_offsets.data;
        if (status != PF_OK) {
            pf_buf_clear(&book->string_bytes);
            pf_buf_clear(&book->string_offsets);
            book->strings = (struct pf_grid_strings){0};
        }
    }
    book->has_strings = status == PF_OK;
    pf_mutex_unlock(&book->mutex);
    return status;
}
