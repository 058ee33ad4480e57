/* json.h — JSON trees in and out; the only jansson include is in json.c.        SPDX-License-Identifier: MIT */
#ifndef PF_JSON_H
#define PF_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "pyforge/status.h"

/* Writing: appends straight into a buffer, keeps no tree. Commas and nesting are kept right by the writer; the
 * first failure sticks and is returned by pf_json_end. indent 0: one line. */
struct pf_json_writer {
    struct pf_buf *to;
    struct pf_error *err;
    pf_status status;
    int indent;
    int depth;
    bool need_comma;
    bool after_key;
};
void pf_json_begin(struct pf_json_writer *w, struct pf_buf *to, int indent, struct pf_error *err);
void pf_json_open(struct pf_json_writer *w, char bracket);  /* '{' or '[' */
void pf_json_close(struct pf_json_writer *w, char bracket); /* '}' or ']' */
void pf_json_key(struct pf_json_writer *w, const char *key);
void pf_json_text(struct pf_json_writer *w, const char *text); /* NULL: null. Invalid UTF-8 becomes U+FFFD */
void pf_json_text_sized(struct pf_json_writer *w, const char *text, size_t size);
void pf_json_int(struct pf_json_writer *w, int64_t value);
void pf_json_double(struct pf_json_writer *w, double value); /* null when not finite */
void pf_json_bool(struct pf_json_writer *w, bool value);
void pf_json_raw(struct pf_json_writer *w, const char *json); /* a value that is JSON already */
pf_status pf_json_end(struct pf_json_writer *w);

/* Reading: a tree. */
typedef struct pf_json pf_json; /* one node; lent until the root is closed */
pf_status pf_json_parse(const void *text, size_t size, pf_json **root,
                        struct pf_error *err); /* gives the root */
void pf_json_free(pf_json *root);
const pf_json *pf_json_member(const pf_json *object, const char *key); /* NULL: none, or not an object */
size_t pf_json_size(const pf_json *node);                              /* members or items; 0 for others */
const pf_json *pf_json_item(const pf_json *array, size_t index);
/* The index-th member in the order of the text. */
const pf_json *pf_json_member_at(const pf_json *object, size_t index, const char **key);
const char *pf_json_as_text(const pf_json *node); /* NULL: not a string */
bool pf_json_as_int(const pf_json *node, int64_t *value);
bool pf_json_as_bool(const pf_json *node, bool *value);
bool pf_json_is_object(const pf_json *node);
bool pf_json_is_array(const pf_json *node);
#endif
