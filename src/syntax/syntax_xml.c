/* syntax_xml.c — room syntax. XML pull events over a window.                     SPDX-License-Identifier: MIT
 * Knows: tags, attributes, entities, comments, CDATA, document types (to skip them), depth.
 * Knows not: what any document means, namespaces beyond prefixes. Source: XML 1.0 (5th ed.). */
#include "syntax/syntax_xml.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

#define PIECE_BYTES ((size_t)64 << 10) /* of text at a time */

void pf_xml_open(struct pf_xml *xml, struct pf_window *window, bool fragment) {
    struct pf_xml_attribute *attributes = xml->attributes;
    size_t room = xml->attribute_room;
    struct pf_buf scratch = xml->scratch;
    memset(xml, 0, offsetof(struct pf_xml, open));
    xml->window = window;
    xml->fragment = fragment;
    xml->attributes = attributes;
    xml->attribute_room = room;
    xml->scratch = scratch;
}

void pf_xml_clear(struct pf_xml *xml) {
    pf_mem_free(xml->attributes);
    pf_buf_clear(&xml->scratch);
    xml->attributes = NULL;
    xml->attribute_room = 0;
}

void pf_xml_settle(struct pf_xml *xml) {
    pf_window_consume(xml->window, xml->pending);
    xml->pending = 0;
}

static pf_status broken(const struct pf_xml *xml, const char *what, struct pf_error *err) {
    return pf_fail_at(err, PF_BAD_DATA, -1, xml->window->offset, "the XML is broken: %s", what);
}

/* ---- looking ahead ---- */

/* Looks for the mark behind `from` bytes, reading on as far as needed; *at is where it begins. */
static pf_status find(struct pf_xml *xml, size_t from, const char *mark, size_t most, const uint8_t **bytes,
                      size_t *at, const char *what, struct pf_error *err) {
    size_t size = strlen(mark), want = from + size, got;
    for (;;) {
        PF_TRY(pf_window_peek(xml->window, want, bytes, &got, err));
        for (size_t i = from; i + size <= got; i++) {
            const uint8_t *hit = memchr(*bytes + i, mark[0], got - i - size + 1);
            if (!hit)
                break;
            i = (size_t)(hit - *bytes);
            if (memcmp(hit, mark, size) == 0) {
                *at = i;
                return PF_OK;
            }
        }
        if (got < want)
            return broken(xml, what, err);
        from = got >= size ? got - size + 1 > from ? got - size + 1 : from : from;
        if (got > most)
            return pf_fail_at(err, PF_LIMIT, -1, xml->window->offset,
                              "a tag of the XML is longer than %zu bytes; the file is broken or hostile", most);
        want = got + 1;
    }
}

/* Takes bytes away in pieces: whatever is as long as it likes. */
static pf_status skip_to(struct pf_xml *xml, size_t from, const char *mark, const char *what,
                         struct pf_error *err) {
    size_t size = strlen(mark), got;
    const uint8_t *bytes;
    PF_TRY(pf_window_peek(xml->window, from, &bytes, &got, err));
    pf_window_consume(xml->window, from < got ? from : got);
    for (;;) {
        PF_TRY(pf_window_peek(xml->window, size, &bytes, &got, err));
        if (got < size)
            return broken(xml, what, err);
        const uint8_t *hit = memchr(bytes, mark[0], got - size + 1);
        size_t at = hit ? (size_t)(hit - bytes) : got - size + 1;
        if (hit && memcmp(hit, mark, size) == 0) {
            pf_window_consume(xml->window, at + size);
            return PF_OK;
        }
        pf_window_consume(xml->window, hit ? at + 1 : at);
    }
}

/* ---- values ---- */

static pf_status put_entity(struct pf_xml *xml, const char *name, size_t size, struct pf_error *err) {
    static const struct {
        const char *name;
        char is;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].name) == size && memcmp(known[i].name, name, size) == 0)
            return pf_buf_put(&xml->scratch, &known[i].is, 1, err);
    uint32_t point = 0;
    bool hex = size > 2 && name[1] == 'x', good = size > 1 && name[0] == '#';
    for (size_t i = hex ? 2 : 1; good && i < size; i++) {
        char c = pf_lower(name[i]);
        uint32_t digit = pf_is_digit(c)                ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                       : 99;
        good = digit < (hex ? 16u : 10u) && point < 0x110000;
        point = point * (hex ? 16 : 10) + digit;
    }
    char text[4];
    size_t used = good && point ? pf_utf8_encode(point, text) : 0;
    if (!used && good && point && point < 0x110000) /* half of a surrogate pair */
        return pf_buf_text(&xml->scratch, "\xEF\xBF\xBD", err);
    if (!used)
        return broken(xml, "an entity that is not one of XML's five", err);
    return pf_buf_put(&xml->scratch, text, used, err);
}

/* Appends raw text with entities resolved. In attributes blanks become blanks; in text line ends become LF. */
static pf_status put_raw(struct pf_xml *xml, const char *raw, size_t size, bool attribute, bool entities,
                         struct pf_error *err) {
    for (size_t at = 0; at < size;) {
        size_t from = at;
        while (at < size && !(raw[at] == '&' && entities) && raw[at] != '\r' &&
               !(attribute && (raw[at] == '\n' || raw[at] == '\t')))
            at++;
        PF_TRY(pf_buf_put(&xml->scratch, raw + from, at - from, err));
        if (at == size)
            break;
        if (raw[at] == '&') {
            const char *end = memchr(raw + at, ';', size - at < 16 ? size - at : 16);
            if (!end)
                return broken(xml, "an entity without its ';'", err);
            PF_TRY(put_entity(xml, raw + at + 1, (size_t)(end - raw) - at - 1, err));
            at = (size_t)(end - raw) + 1;
            continue;
        }
        PF_TRY(pf_buf_put(&xml->scratch, attribute ? " " : "\n", 1, err));
        at += raw[at] == '\r' && at + 1 < size && raw[at + 1] == '\n' ? 2 : 1;
    }
    return PF_OK;
}

/* What is not UTF-8 in [from, size) of the scratch becomes U+FFFD. */
static pf_status repair_scratch(struct pf_xml *xml, size_t from, struct pf_error *err) {
    struct pf_buf *buf = &xml->scratch;
    size_t size = buf->size - from;
    if (!size || pf_utf8_valid(buf->data + from, size) == size)
        return PF_OK;
    int64_t bad = 0;
    PF_TRY(pf_buf_reserve(buf, 4 * size, err));
    memcpy(buf->data + buf->size, buf->data + from, size);
    buf->size = from + pf_utf8_repair(buf->data + from + size, size, (char *)buf->data + from + 2 * size, &bad);
    memmove(buf->data + from, buf->data + from + 2 * size, buf->size - from);
    return PF_OK;
}

/* ---- tags ---- */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_name(char c) {
    return (uint8_t)c >= 0x80 || (pf_lower(c) >= 'a' && pf_lower(c) <= 'z') || pf_is_digit(c) || c == '_' ||
           c == '-' || c == '.' || c == ':';
}

static size_t read_name(const char *at, size_t size, struct pf_text *prefix, struct pf_text *name) {
    size_t n = 0, colon = 0;
    for (; n < size && is_name(at[n]); n++)
        if (at[n] == ':' && !colon)
            colon = n;
    *prefix = (struct pf_text){at, colon};
    *name = colon ? (struct pf_text){at + colon + 1, n - colon - 1} : (struct pf_text){at, n};
    return n;
}

static pf_status add_attribute(struct pf_xml *xml, const struct pf_xml_attribute *attribute,
                               struct pf_error *err) {
    if (xml->attribute_count == xml->attribute_room) {
        size_t room = xml->attribute_room ? 2 * xml->attribute_room : 16;
        if (room > PF_XML_ATTRIBUTES)
            return pf_fail_at(err, PF_LIMIT, -1, xml->window->offset,
                              "a tag of the XML has more than %d attributes", PF_XML_ATTRIBUTES);
        struct pf_xml_attribute *grown = pf_mem_grow(xml->attributes, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        xml->attributes = grown;
        xml->attribute_room = room;
    }
    xml->attributes[xml->attribute_count++] = *attribute;
    return PF_OK;
}

/* Values with entities are kept in scratch, as offsets until it has stopped growing. */
static pf_status read_attributes(struct pf_xml *xml, const char *at, size_t size, struct pf_error *err) {
    size_t i = 0;
    xml->attribute_count = 0;
    xml->scratch.size = 0;
    for (;;) {
        size_t start = i;
        while (i < size && is_blank(at[i]))
            i++;
        if (i == size)
            break;
        struct pf_xml_attribute a;
        size_t n = read_name(at + i, size - i, &a.prefix, &a.name);
        if (n == 0 || (i == start && xml->attribute_count))
            return broken(xml, "a tag with something that is no attribute", err);
        i += n;
        while (i < size && is_blank(at[i]))
            i++;
        if (i == size || at[i] != '=')
            return broken(xml, "an attribute without a value", err);
        for (i++; i < size && is_blank(at[i]);)
            i++;
        if (i == size || (at[i] != '"' && at[i] != '\''))
            return broken(xml, "an attribute whose value is not quoted", err);
        const char *end = memchr(at + i + 1, at[i], size - i - 1);
        if (!end)
            return broken(xml, "an attribute whose quote is not closed", err);
        a.value = (struct pf_text){at + i + 1, (size_t)(end - at) - i - 1};
        i = (size_t)(end - at) + 1;
        PF_TRY(add_attribute(xml, &a, err));
    }
    return PF_OK;
}

static bool is_plain_value(struct pf_text v) {
    for (size_t i = 0; i < v.size; i++)
        if (v.at[i] == '&' || (uint8_t)v.at[i] < ' ' || (uint8_t)v.at[i] >= 0x80)
            return false;
    return true;
}

static pf_status resolve_values(struct pf_xml *xml, struct pf_error *err) {
    for (size_t i = 0; i < xml->attribute_count; i++) {
        struct pf_text *value = &xml->attributes[i].value;
        if (is_plain_value(*value))
            continue;
        size_t from = xml->scratch.size;
        PF_TRY(put_raw(xml, value->at, value->size, true, true, err));
        PF_TRY(repair_scratch(xml, from, err));
        *value = (struct pf_text){NULL, xml->scratch.size - from};
    }
    size_t at = 0;
    for (size_t i = 0; i < xml->attribute_count; i++)
        if (!xml->attributes[i].value.at) {
            xml->attributes[i].value.at = (const char *)xml->scratch.data + at;
            at += xml->attributes[i].value.size;
        }
    return PF_OK;
}

static uint64_t hash_name(const struct pf_xml *xml) {
    struct pf_text p = xml->prefix, n = xml->name;
    return p.size ? pf_hash(p.at, p.size + 1 + n.size) : pf_hash(n.at, n.size);
}

/* The end of a tag that begins at the window: a '>' outside quotes. */
static pf_status find_tag_end(struct pf_xml *xml, const uint8_t **bytes, size_t *end, struct pf_error *err) {
    size_t at = 1, got;
    uint8_t quote = 0;
    for (size_t want = 2;; want = got + 1) {
        PF_TRY(pf_window_peek(xml->window, want, bytes, &got, err));
        for (; at < got; at++) {
            uint8_t c = (*bytes)[at];
            if (quote)
                quote = c == quote ? 0 : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (c == '>') {
                *end = at;
                return PF_OK;
            } else if (c == '<')
                return broken(xml, "a tag within a tag", err);
        }
        if (got < want)
            return broken(xml, "it ends within a tag", err);
        if (got > PF_XML_TAG_BYTES)
            return pf_fail_at(err, PF_LIMIT, -1, xml->window->offset,
                              "a tag of the XML is longer than %u bytes; the file is broken or hostile",
                              PF_XML_TAG_BYTES);
    }
}

static pf_status read_open(struct pf_xml *xml, struct pf_error *err) {
    const uint8_t *bytes;
    size_t end;
    PF_TRY(find_tag_end(xml, &bytes, &end, err));
    const char *at = (const char *)bytes + 1;
    size_t size = end - 1;
    bool empty = size && at[size - 1] == '/';
    size -= empty;
    size_t n = read_name(at, size, &xml->prefix, &xml->name);
    if (n == 0 || pf_is_digit(at[0]) || (n < size && !is_blank(at[n])))
        return broken(xml, "a tag without a name", err);
    if (xml->depth == 0 && xml->begun && !xml->fragment)
        return broken(xml, "a second root element", err);
    if (xml->depth == PF_XML_DEPTH)
        return pf_fail_at(err, PF_LIMIT, -1, xml->window->offset,
                          "the XML has more than %d elements in each other", PF_XML_DEPTH);
    PF_TRY(read_attributes(xml, at + n, size - n, err));
    PF_TRY(resolve_values(xml, err));
    xml->open[xml->depth++] = hash_name(xml);
    xml->begun = true;
    xml->empty = empty;
    xml->event = PF_XML_OPEN;
    xml->pending = end + 1;
    return PF_OK;
}

static pf_status read_close(struct pf_xml *xml, struct pf_error *err) {
    const uint8_t *bytes;
    size_t end;
    PF_TRY(find_tag_end(xml, &bytes, &end, err));
    const char *at = (const char *)bytes + 2;
    size_t size = end - 2, n = read_name(at, size, &xml->prefix, &xml->name);
    for (size_t i = n; i < size; i++)
        if (!is_blank(at[i]))
            return broken(xml, "an end tag with more than a name", err);
    if (xml->depth > 0 ? xml->open[xml->depth - 1] != hash_name(xml) : !xml->fragment)
        return broken(xml, "an end tag that closes no element", err);
    xml->depth -= xml->depth > 0;
    xml->attribute_count = 0;
    xml->event = PF_XML_CLOSE;
    xml->pending = end + 1;
    return PF_OK;
}

/* ---- text ---- */

static pf_status give_text(struct pf_xml *xml, const char *raw, size_t size, bool entities, size_t pending,
                           struct pf_error *err) {
    bool plain =
        pf_utf8_valid(raw, size) == size && !memchr(raw, '\r', size) && (!entities || !memchr(raw, '&', size));
    xml->event = PF_XML_TEXT;
    xml->text = (struct pf_text){raw, size};
    xml->pending = pending;
    if (plain)
        return PF_OK;
    xml->scratch.size = 0;
    PF_TRY(put_raw(xml, raw, size, false, entities, err));
    PF_TRY(repair_scratch(xml, 0, err));
    xml->text = (struct pf_text){(const char *)xml->scratch.data, xml->scratch.size};
    return PF_OK;
}

/* Where a piece of text may be cut: not within a character, an entity or a CR LF. */
static size_t cut_text(const char *at, size_t size, bool entities) {
    size -= pf_utf8_cut(at, size);
    if (size && at[size - 1] == '\r')
        size--;
    for (size_t i = size; entities && i > 0 && i + 16 > size; i--) {
        if (at[i - 1] == ';')
            break;
        if (at[i - 1] == '&')
            return i - 1;
    }
    return size;
}

/* Text up to the next tag, or a piece of it. *given: there was some. */
static pf_status read_text(struct pf_xml *xml, bool *given, struct pf_error *err) {
    const uint8_t *bytes;
    size_t got, want = 1;
    *given = false;
    for (;;) {
        PF_TRY(pf_window_peek(xml->window, want, &bytes, &got, err));
        const uint8_t *hit = memchr(bytes, '<', got);
        size_t size = hit ? (size_t)(hit - bytes) : got;
        if (size == 0)
            return PF_OK;
        bool over = !hit && got < want;
        if (!hit && !over && (size < PIECE_BYTES || (size = cut_text((const char *)bytes, size, true)) == 0)) {
            want = got + 1;
            continue;
        }
        if (xml->depth == 0 && !xml->fragment) {
            for (size_t i = 0; i < size; i++)
                if (!is_blank((char)bytes[i]))
                    return broken(xml, "text outside the root element", err);
            pf_window_consume(xml->window, size);
            return PF_OK;
        }
        *given = true;
        return give_text(xml, (const char *)bytes, size, true, size, err);
    }
}

/* Behind "<![CDATA[", of which nothing is consumed: all of it at once, in bounds. */
static pf_status read_cdata(struct pf_xml *xml, struct pf_error *err) {
    const uint8_t *bytes;
    size_t end = 9;
    PF_TRY(find(xml, 9, "]]>", (size_t)256 << 20, &bytes, &end, "a CDATA section without its end", err));
    return give_text(xml, (const char *)bytes + 9, end - 9, false, end + 3, err);
}

/* A document type, up to its '>'. Entities that it declares are what bombs are made of. */
static pf_status skip_doctype(struct pf_xml *xml, struct pf_error *err) {
    int depth = 0;
    uint8_t quote = 0;
    const uint8_t *bytes;
    size_t got;
    for (;;) {
        PF_TRY(pf_window_peek(xml->window, 8, &bytes, &got, err));
        if (got == 0)
            return broken(xml, "a document type without its end", err);
        if (!quote && got >= 8 && memcmp(bytes, "<!ENTITY", 8) == 0)
            return pf_fail_at(
                err, PF_BAD_DATA, -1, xml->window->offset,
                "the XML declares entities of its own, which are never expanded; the file is hostile "
                "or needs another program");
        if (!quote && got >= 4 && memcmp(bytes, "<!--", 4) == 0) {
            PF_TRY(skip_to(xml, 4, "-->", "a comment without its end", err));
            continue;
        }
        uint8_t c = bytes[0];
        pf_window_consume(xml->window, 1);
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[' || c == '<')
            depth++;
        else if (c == ']')
            depth--;
        else if (c == '>' && --depth == 0)
            return PF_OK;
    }
}

static pf_status end_document(struct pf_xml *xml, struct pf_error *err) {
    xml->event = PF_XML_END;
    if (xml->depth > 0 && !xml->fragment)
        return broken(xml, "it ends before its elements are closed", err);
    if (!xml->begun && !xml->fragment)
        return broken(xml, "there is no element in it", err);
    return PF_OK;
}

/* Behind '<'. *told: there is an event. */
static pf_status read_markup(struct pf_xml *xml, const uint8_t *bytes, size_t got, bool *told,
                             struct pf_error *err) {
    *told = true;
    if (got >= 2 && bytes[1] == '/')
        return read_close(xml, err);
    if (got >= 4 && memcmp(bytes, "<!--", 4) == 0) {
        *told = false;
        return skip_to(xml, 4, "-->", "a comment without its end", err);
    }
    if (got >= 2 && bytes[1] == '?') {
        *told = false;
        return skip_to(xml, 2, "?>", "an instruction without its end", err);
    }
    if (got >= 9 && memcmp(bytes, "<![CDATA[", 9) == 0 && (xml->depth > 0 || xml->fragment))
        return read_cdata(xml, err);
    if (got >= 9 && memcmp(bytes, "<!DOCTYPE", 9) == 0 && !xml->begun && !xml->fragment) {
        *told = false;
        return skip_doctype(xml, err);
    }
    return read_open(xml, err);
}

static pf_status begin_document(struct pf_xml *xml, struct pf_error *err) {
    const struct pf_charset *charset;
    const uint8_t *bytes;
    size_t got;
    PF_TRY(pf_window_peek(xml->window, PF_XML_DECLARATION, &bytes, &got, err));
    if (got >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        pf_window_consume(xml->window, 3);
    PF_TRY(pf_xml_encoding(bytes, got, &charset, err));
    return charset
               ? pf_fail(err, PF_UNSUPPORTED, "the XML is in %s; save it in UTF-8", pf_charset_name(charset))
               : PF_OK;
}

pf_status pf_xml_next(struct pf_xml *xml, struct pf_error *err) {
    if (xml->empty) { /* prefix and name are those of the OPEN event */
        xml->empty = false;
        xml->depth--;
        xml->attribute_count = 0;
        xml->event = PF_XML_CLOSE;
        return PF_OK;
    }
    pf_xml_settle(xml);
    if (!xml->begun && !xml->fragment && xml->window->offset == 0)
        PF_TRY(begin_document(xml, err));
    for (;;) {
        const uint8_t *bytes;
        size_t got;
        bool told;
        PF_TRY(read_text(xml, &told, err));
        if (told)
            return PF_OK;
        PF_TRY(pf_window_peek(xml->window, 9, &bytes, &got, err));
        if (got == 0)
            return end_document(xml, err);
        if (bytes[0] != '<')
            continue;
        PF_TRY(read_markup(xml, bytes, got, &told, err));
        if (told)
            return PF_OK;
    }
}

pf_status pf_xml_skip(struct pf_xml *xml, struct pf_error *err) {
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return broken(xml, "it ends before its elements are closed", err);
    }
    return PF_OK;
}

/* ---- leaping over an element ---- */

#define LEAP_NAME 64 /* bytes of a name that is leapt to; elements of longer ones are skipped */
#define LEAP_STEP 64
typedef uint8_t lanes __attribute__((vector_size(16)));

/* What a leap must look at: "<!", "<?", and where the last two bytes of the mark are. */
static inline bool is_stop(const uint8_t *at, const char last[2]) {
    return (at[0] == '<' && (at[1] == '!' || at[1] == '?')) ||
           (at[0] == (uint8_t)last[0] && at[1] == (uint8_t)last[1]);
}

static inline lanes stop_lanes(const uint8_t *at, const char last[2]) {
    lanes a, b;
    memcpy(&a, at, sizeof a);
    memcpy(&b, at + 1, sizeof b);
    return (lanes)(((a == '<') & ((b == '!') | (b == '?'))) |
                   ((a == (uint8_t)last[0]) & (b == (uint8_t)last[1])));
}

/* The first one from `from` on; size − 1 or more: there is none. */
static size_t find_stop(const uint8_t *at, size_t from, size_t size, const char last[2]) {
    size_t i = from;
    for (; i + LEAP_STEP < size; i += LEAP_STEP) {
        lanes any = stop_lanes(at + i, last) | stop_lanes(at + i + 16, last);
        any |= stop_lanes(at + i + 32, last) | stop_lanes(at + i + 48, last);
        uint64_t halves[2];
        memcpy(halves, &any, sizeof any);
        if (halves[0] | halves[1])
            break;
    }
    while (i + 1 < size && !is_stop(at + i, last))
        i++;
    return i;
}

pf_status pf_xml_leap(struct pf_xml *xml, struct pf_error *err) {
    char mark[LEAP_NAME + 3];
    size_t prefix = xml->prefix.size ? xml->prefix.size + 1 : 0, size = prefix + xml->name.size + 3, got;
    const uint8_t *bytes;
    if (xml->empty || size > sizeof mark)
        return pf_xml_skip(xml, err);
    memcpy(mark, "</", 2);
    memcpy(mark + 2, xml->name.at - prefix, size - 3);
    mark[size - 1] = '>';
    const char *last = mark + size - 2;
    pf_xml_settle(xml);
    for (size_t at = 0;; at = size - 2) { /* what is in front was looked at */
        PF_TRY(pf_window_peek(xml->window, size, &bytes, &got, err));
        if (got < size)
            return broken(xml, "it ends before its elements are closed", err);
        for (size_t i = find_stop(bytes, at, got, last); i + 1 < got; i = find_stop(bytes, i + 1, got, last)) {
            if (bytes[i] == '<')
                return broken(xml, "what is leapt over holds more than tags", err);
            if (i + 2 < size || memcmp(bytes + i + 2 - size, mark, size) != 0)
                continue;
            pf_window_consume(xml->window, i + 2 - size);
            return pf_xml_next(xml, err);
        }
        pf_window_consume(xml->window, got - size + 1);
    }
}

pf_status pf_xml_gather(struct pf_xml *xml, struct pf_buf *to, struct pf_error *err) {
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_TEXT)
            PF_TRY(pf_buf_put(to, xml->text.at, xml->text.size, err));
        if (xml->event == PF_XML_END)
            return broken(xml, "it ends before its elements are closed", err);
    }
    return PF_OK;
}

bool pf_xml_is(const struct pf_xml *xml, const char *name) { return pf_text_is(xml->name, name); }

struct pf_text pf_xml_attribute(const struct pf_xml *xml, const char *name) {
    struct pf_text other = {0};
    for (size_t i = 0; i < xml->attribute_count; i++) {
        const struct pf_xml_attribute *a = &xml->attributes[i];
        if (!pf_text_is(a->name, name) || pf_text_is(a->prefix, "xmlns"))
            continue;
        if (!a->prefix.size)
            return a->value;
        other = a->value;
    }
    return other;
}

struct pf_text pf_xml_attribute_of(const struct pf_xml *xml, const char *prefix, const char *name) {
    for (size_t i = xml->attribute_count; i-- > 0;)
        if (pf_text_is(xml->attributes[i].name, name) && pf_text_is(xml->attributes[i].prefix, prefix))
            return xml->attributes[i].value;
    return (struct pf_text){0};
}

/* ---- encodings ---- */

/* "<?xml … ?>" in an encoding that has ASCII; .at NULL: there is none. */
static struct pf_text find_declaration(const uint8_t *head, size_t size) {
    const char *at = (const char *)head;
    if (size < 6 || memcmp(at, "<?xml", 5) != 0 || !is_blank(at[5]))
        return (struct pf_text){0};
    for (size_t i = 6; i + 1 < size; i++)
        if (at[i] == '?' && at[i + 1] == '>')
            return (struct pf_text){at, i + 2};
    return (struct pf_text){0};
}

/* What encoding="…" says; "": nothing. */
static struct pf_text find_encoding(struct pf_text declaration) {
    static const char word[] = "encoding";
    for (size_t i = 6; i + sizeof word < declaration.size; i++) {
        size_t at = i + sizeof word - 1;
        if (!is_blank(declaration.at[i - 1]) || memcmp(declaration.at + i, word, sizeof word - 1) != 0)
            continue;
        while (at < declaration.size && (is_blank(declaration.at[at]) || declaration.at[at] == '='))
            at++;
        const char *quote = declaration.at + at;
        const char *end =
            at + 1 < declaration.size ? memchr(quote + 1, *quote, declaration.size - at - 1) : NULL;
        if (end)
            return (struct pf_text){quote + 1, (size_t)(end - quote) - 1};
    }
    return (struct pf_text){"", 0};
}

pf_status pf_xml_encoding(const uint8_t *head, size_t size, const struct pf_charset **charset,
                          struct pf_error *err) {
    char name[40] = "";
    *charset = NULL;
    if (size >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == '<' && head[1] == 0)))
        *charset = pf_charset_find("utf-16le");
    else if (size >= 2 && ((head[0] == 0xFE && head[1] == 0xFF) || (head[0] == 0 && head[1] == '<')))
        *charset = pf_charset_find("utf-16be");
    struct pf_text encoding = find_encoding(find_declaration(head, size));
    if (*charset || encoding.size == 0)
        return PF_OK;
    memcpy(name, encoding.at, encoding.size < sizeof name ? encoding.size : sizeof name - 1);
    *charset = pf_charset_find(name);
    if (!*charset)
        return pf_fail(err, PF_UNSUPPORTED, "the XML is in '%s', which is not known; save it in UTF-8", name);
    if (pf_charset_is_utf8(*charset) || strcmp(pf_charset_name(*charset), "ascii") == 0 ||
        pf_charset_unit(*charset) > 1)
        *charset = NULL; /* UTF-8 too; and the bytes show that it is not UTF-16 */
    return PF_OK;
}

pf_status pf_xml_recode(const struct pf_charset *charset, const uint8_t *bytes, size_t size, char **out,
                        size_t *out_size, struct pf_error *err) {
    size_t unit = (size_t)pf_charset_unit(charset), skip = find_declaration(bytes, size).size, used;
    size_t room = size / unit * 3 + 64;
    if (unit > 1 && size >= 2 && (bytes[0] == 0xFF || bytes[0] == 0xFE))
        skip = 2;
    char *text = pf_mem_alloc(room);
    if (!text)
        return pf_fail_memory(err, room);
    struct pf_charset_bad bad = {0, -1};
    pf_charset_convert(charset, bytes + skip, size - skip, &used, text, room, out_size, true, &bad);
    *out = text;
    return PF_OK;
}
