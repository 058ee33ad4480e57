/* json.c — room base. JSON out into a buffer, in as a tree.                SPDX-License-Identifier: MIT
 * Knows: commas, escapes, depth; the only jansson include.
 * Knows not: what the members mean. */
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/thread.h"
#include "base/utf8.h"

/* ---- writing ---------------------------------------------------------------------------------------- */

static void put(struct pf_json_writer *w, const char *text, size_t size) {
    if (w->status == PF_OK)
        w->status = pf_buf_put(w->to, text, size, w->err);
}

static void break_line(struct pf_json_writer *w) {
    if (w->indent <= 0)
        return;
    put(w, "\n", 1);
    for (int i = 0; i < w->depth * w->indent; i++)
        put(w, " ", 1);
}

/* What stands before a value or a key. */
static void separate(struct pf_json_writer *w) {
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->need_comma)
        put(w, ",", 1);
    if (w->depth > 0)
        break_line(w);
}

static void put_value(struct pf_json_writer *w, const char *text, size_t size) {
    separate(w);
    put(w, text, size);
    w->need_comma = true;
}

void pf_json_begin(struct pf_json_writer *w, struct pf_buf *to, int indent, struct pf_error *err) {
    *w = (struct pf_json_writer){.to = to, .err = err, .indent = indent};
}

void pf_json_open(struct pf_json_writer *w, char bracket) {
    separate(w);
    put(w, &bracket, 1);
    w->depth++;
    w->need_comma = false;
}

void pf_json_close(struct pf_json_writer *w, char bracket) {
    w->depth--;
    if (w->need_comma) /* an empty one stays on its line */
        break_line(w);
    put(w, &bracket, 1);
    w->need_comma = true;
}

static void put_escaped(struct pf_json_writer *w, unsigned char c) {
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *s = shorts; *s; s += 2)
        if ((unsigned char)*s == c) {
            char escape[2] = {'\\', s[1]};
            put(w, escape, 2);
            return;
        }
    char escape[8];
    int size = snprintf(escape, sizeof escape, "\\u%04x", c);
    put(w, escape, (size_t)size);
}

static void put_string(struct pf_json_writer *w, const char *text, size_t size) {
    const unsigned char *at = (const unsigned char *)text, *end = at + size, *plain = at;
    put(w, "\"", 1);
    while (at < end) {
        uint32_t point;
        size_t step = pf_utf8_decode(at, (size_t)(end - at), &point);
        if (step > 1 || (step == 1 && *at >= 0x20 && *at != '"' && *at != '\\' && *at != 0x7f)) {
            at += step;
            continue;
        }
        put(w, (const char *)plain, (size_t)(at - plain));
        if (step == 0)
            put(w, "\xEF\xBF\xBD", 3);
        else
            put_escaped(w, *at);
        plain = ++at;
    }
    put(w, (const char *)plain, (size_t)(at - plain));
    put(w, "\"", 1);
}

void pf_json_key(struct pf_json_writer *w, const char *key) {
    separate(w);
    put_string(w, key, strlen(key));
    put(w, w->indent > 0 ? ": " : ":", w->indent > 0 ? 2 : 1);
    w->after_key = true;
    w->need_comma = false;
}

void pf_json_text_sized(struct pf_json_writer *w, const char *text, size_t size) {
    separate(w);
    put_string(w, text, size);
    w->need_comma = true;
}

void pf_json_text(struct pf_json_writer *w, const char *text) {
    if (text)
        pf_json_text_sized(w, text, strlen(text));
    else
        put_value(w, "null", 4);
}

void pf_json_int(struct pf_json_writer *w, int64_t value) {
    char text[24];
    int size = snprintf(text, sizeof text, "%lld", (long long)value);
    put_value(w, text, (size_t)size);
}

void pf_json_double(struct pf_json_writer *w, double value) {
    char text[32];
    if (!isfinite(value)) {
        put_value(w, "null", 4);
        return;
    }
    put_value(w, text, pf_print_double(value, text));
}

void pf_json_bool(struct pf_json_writer *w, bool value) {
    put_value(w, value ? "true" : "false", value ? 4 : 5);
}

void pf_json_raw(struct pf_json_writer *w, const char *json) { put_value(w, json, strlen(json)); }

pf_status pf_json_end(struct pf_json_writer *w) {
    if (w->status == PF_OK && (w->depth != 0 || w->after_key))
        w->status = pf_fail(w->err, PF_INTERNAL, "JSON was left open at depth %d", w->depth);
    return w->status;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static json_t *as_node(const pf_json *node) { return (json_t *)(uintptr_t)node; } /* jansson knows no const */

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* jansson does not always say why it failed. */
static _Thread_local bool ran_out;

static void *take_memory(size_t size) {
    void *memory = pf_mem_alloc(size);
    ran_out |= !memory;
    return memory;
}

static void lead_to_our_heap(void) { json_set_alloc_funcs(take_memory, pf_mem_free); }

static bool too_deep(json_t *node, int depth) {
    if (!json_is_object(node) && !json_is_array(node))
        return false;
    if (depth == PF_CEIL_JSON_DEPTH)
        return true;
    for (size_t i = 0; i < json_array_size(node); i++)
        if (too_deep(json_array_get(node, i), depth + 1))
            return true;
    for (void *at = json_object_iter(node); at; at = json_object_iter_next(node, at))
        if (too_deep(json_object_iter_value(at), depth + 1))
            return true;
    return false;
}

pf_status pf_json_parse(const void *text, size_t size, pf_json **root, struct pf_error *err) {
    *root = NULL;
    pthread_once(&once, lead_to_our_heap);
    json_error_t trouble;
    ran_out = false;
    json_t *node = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &trouble);
    if (!node) {
        if (ran_out)
            return pf_fail_memory(err, 0);
        return pf_fail_at(err, PF_BAD_DATA, -1, trouble.position,
                          "this is no JSON: %s, line %d, column %d; mend it there, or give another file",
                          trouble.text, trouble.line, trouble.column);
    }
    if (too_deep(node, 0)) {
        json_decref(node);
        return pf_fail(err, PF_LIMIT, "the JSON is nested more than %d deep; flatten it", PF_CEIL_JSON_DEPTH);
    }
    *root = (pf_json *)(void *)node;
    return PF_OK;
}

void pf_json_free(pf_json *root) { json_decref(as_node(root)); }

const pf_json *pf_json_member(const pf_json *object, const char *key) {
    return (const pf_json *)(void *)json_object_get(as_node(object), key);
}

size_t pf_json_size(const pf_json *node) {
    return json_is_object(as_node(node)) ? json_object_size(as_node(node)) : json_array_size(as_node(node));
}

const pf_json *pf_json_item(const pf_json *array, size_t index) {
    return (const pf_json *)(void *)json_array_get(as_node(array), index);
}

const pf_json *pf_json_member_at(const pf_json *object, size_t index, const char **key) {
    void *at = json_object_iter(as_node(object));
    for (; at && index > 0; index--)
        at = json_object_iter_next(as_node(object), at);
    *key = at ? json_object_iter_key(at) : NULL;
    return at ? (const pf_json *)(void *)json_object_iter_value(at) : NULL;
}

const char *pf_json_as_text(const pf_json *node) { return json_string_value(as_node(node)); }

bool pf_json_as_int(const pf_json *node, int64_t *value) {
    if (!json_is_integer(as_node(node)))
        return false;
    *value = json_integer_value(as_node(node));
    return true;
}

bool pf_json_as_bool(const pf_json *node, bool *value) {
    if (!json_is_boolean(as_node(node)))
        return false;
    *value = json_is_true(as_node(node));
    return true;
}

bool pf_json_is_object(const pf_json *node) { return json_is_object(as_node(node)); }

bool pf_json_is_array(const pf_json *node) { return json_is_array(as_node(node)); }
