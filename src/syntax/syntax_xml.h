/* syntax_xml.h — XML pull events over a window. Source: XML 1.0 (5th ed.), Namespaces in XML 1.0.
 * SPDX-License-Identifier: MIT
 *
 * Strict where it must be (tags match, depth, entities), with bounded memory: a tag may have a megabyte, text comes in
 * pieces. The five entities of XML and character references are all there are: a document type is skipped, and one
 * that declares entities is refused. Nothing outside the source is ever looked at. */
#ifndef PF_SYNTAX_XML_H
#define PF_SYNTAX_XML_H
#include "base/buf.h"
#include "base/charset.h"
#include "base/text.h"
#include "bytes/bytes_window.h"

enum pf_xml_event { PF_XML_END, PF_XML_OPEN, PF_XML_CLOSE, PF_XML_TEXT };

struct pf_xml_attribute {
    struct pf_text prefix, name, value; /* value: entities resolved, blanks normalised */
};
#define PF_XML_DEPTH      256
#define PF_XML_TAG_BYTES  (1u << 20)
#define PF_XML_ATTRIBUTES 4096

/* All zero before open. One thread at a time. Texts are lent until the next call. */
struct pf_xml {
    struct pf_window *window; /* lent */
    enum pf_xml_event event;
    struct pf_text prefix, name; /* OPEN, CLOSE */
    struct pf_xml_attribute *attributes;
    size_t attribute_count, attribute_room;
    struct pf_text text; /* TEXT: a piece, valid UTF-8, entities resolved, line ends LF */
    int32_t depth;       /* elements open, the one of an OPEN event included */
    bool fragment;       /* begins within elements that were opened elsewhere: they may be closed */
    /* private */
    size_t pending; /* bytes of the window that the last event stands for */
    bool empty;     /* <a/>: its CLOSE comes next */
    bool begun;
    bool last_was_cr; /* a text piece ended in CR */
    struct pf_buf scratch;
    uint64_t open[PF_XML_DEPTH]; /* hashes of the names */
};
/* The window stands at the beginning of a document, or with `fragment` between two tags of one. A document in another
 * encoding than UTF-8 is UNSUPPORTED here: see pf_xml_recode. */
void pf_xml_open(struct pf_xml *xml, struct pf_window *window, bool fragment);
void pf_xml_clear(struct pf_xml *xml);
/* The next event; BAD_DATA with the byte where the document is broken, LIMIT for depth and size. Text outside the root
 * element is not told. */
pf_status pf_xml_next(struct pf_xml *xml, struct pf_error *err);
/* Behind an OPEN: everything up to and with its CLOSE. */
pf_status pf_xml_skip(struct pf_xml *xml, struct pf_error *err);
/* The same, quicker, by a search for an end tag of its name. BAD_DATA, there or before the document's end, also where that
 * is no way to find it: elements of its name within each other, comments, CDATA. Then only skip can tell. */
pf_status pf_xml_leap(struct pf_xml *xml, struct pf_error *err);
/* Behind an OPEN: all text within appended to `to`, up to and with its CLOSE. */
pf_status pf_xml_gather(struct pf_xml *xml, struct pf_buf *to, struct pf_error *err);
/* Lets the window stand behind the last event, for somebody else who reads on. */
void pf_xml_settle(struct pf_xml *xml);
bool pf_xml_is(const struct pf_xml *xml, const char *name); /* the event's local name */
/* By local name, without or with any prefix; the plain one first. .at NULL: there is none. */
struct pf_text pf_xml_attribute(const struct pf_xml *xml, const char *name);
/* By prefix ("" for none) and local name; the last one, should a document break the rule that there is one. */
struct pf_text pf_xml_attribute_of(const struct pf_xml *xml, const char *prefix, const char *name);
#define PF_XML_DECLARATION 256 /* bytes from the beginning in which the encoding is told */
/* The encoding of a document that begins so: NULL for UTF-8. The bytes count more than the declaration where they tell
 * UTF-16 from the rest. UNSUPPORTED: nobody knows it. */
pf_status pf_xml_encoding(const uint8_t *head, size_t size, const struct pf_charset **charset,
                          struct pf_error *err);
/* A document in memory as UTF-8 without its declaration (given with pf_mem_free). */
pf_status pf_xml_recode(const struct pf_charset *charset, const uint8_t *bytes, size_t size, char **out,
                        size_t *out_size, struct pf_error *err);
#endif
