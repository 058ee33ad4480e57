/* cli_json.c — room cli. Finds members and texts in JSON that pyforge itself wrote.
 * SPDX-License-Identifier: MIT
 * Knows: well-formed JSON text.
 * Knows not: what the members mean. */
#include "cli_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blank(const char *p) {
    while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
        p++;
    return p;
}

static const char *skip_string(const char *p) { /* at the opening quote → behind the closing one */
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : p;
}

static const char *skip_value(const char *p) {
    int depth = 0;
    do {
        p = skip_blank(p);
        if (*p == '"') {
            p = skip_string(p);
        } else if (*p == '{' || *p == '[') {
            depth++, p++;
            continue;
        } else if (*p == '}' || *p == ']') {
            depth--, p++;
        } else if (*p == ',' || *p == ':') {
            p++;
            continue;
        } else {
            while (*p && !strchr(",:]} \n\t\r", *p))
                p++;
        }
    } while (*p && depth > 0);
    return p;
}

pf_cli_value pf_cli_json_next(pf_cli_value container, pf_cli_value *at, const char **key, size_t *key_size) {
    char kind = pf_cli_json_kind(container);
    if (kind != '{' && kind != '[')
        return NULL;
    const char *p = *at ? skip_blank(skip_value(*at)) : skip_blank(container) + 1;
    p = skip_blank(p);
    if (*p == ',')
        p = skip_blank(p + 1);
    if (*p == '}' || *p == ']' || !*p)
        return NULL;
    if (kind == '{') {
        const char *end = skip_string(p);
        if (key) {
            *key = p + 1;
            *key_size = (size_t)(end - p) - 2;
        }
        p = skip_blank(end);
        if (*p == ':')
            p = skip_blank(p + 1);
    }
    return *at = p;
}

pf_cli_value pf_cli_json_member(pf_cli_value object, const char *key) {
    if (pf_cli_json_kind(object) != '{')
        return NULL;
    pf_cli_value at = NULL, value;
    const char *name = "";
    size_t size = 0;
    while ((value = pf_cli_json_next(object, &at, &name, &size)))
        if (size == strlen(key) && memcmp(name, key, size) == 0)
            return value;
    return NULL;
}

char pf_cli_json_kind(pf_cli_value value) {
    if (!value)
        return '0';
    char c = *skip_blank(value);
    if (c == '{' || c == '[' || c == '"' || c == 't' || c == 'f')
        return c;
    return c == '-' || (c >= '0' && c <= '9') ? 'n' : '0';
}

int64_t pf_cli_json_int(pf_cli_value value, int64_t fallback) {
    return pf_cli_json_kind(value) == 'n' ? strtoll(value, NULL, 10) : fallback;
}

double pf_cli_json_double(pf_cli_value value, double fallback) {
    return pf_cli_json_kind(value) == 'n' ? strtod(value, NULL) : fallback;
}

static unsigned read_hex4(const char *p) {
    unsigned v = 0;
    for (int i = 0; i < 4 && p[i]; i++) {
        char c = p[i];
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
        v = v * 16 + (digit & 15);
    }
    return v;
}

static char *put_point(char *to, unsigned point) {
    if (point < 0x80) {
        *to++ = (char)point;
    } else if (point < 0x800) {
        *to++ = (char)(0xC0 | point >> 6);
        *to++ = (char)(0x80 | (point & 63));
    } else if (point < 0x10000) {
        *to++ = (char)(0xE0 | point >> 12);
        *to++ = (char)(0x80 | (point >> 6 & 63));
        *to++ = (char)(0x80 | (point & 63));
    } else {
        *to++ = (char)(0xF0 | point >> 18);
        *to++ = (char)(0x80 | (point >> 12 & 63));
        *to++ = (char)(0x80 | (point >> 6 & 63));
        *to++ = (char)(0x80 | (point & 63));
    }
    return to;
}

/* A character as people may see it: no control character out of data reaches a terminal. */
static char *show_point(char *to, unsigned point) {
    static const char digits[] = "0123456789ABCDEF";
    if (point >= 0x20 && (point < 0x7F || point > 0x9F))
        return put_point(to, point);
    *to++ = '\\';
    if (point == '\n' || point == '\t' || point == '\r') {
        *to++ = point == '\n' ? 'n' : point == '\t' ? 't' : 'r';
        return to;
    }
    *to++ = 'x';
    *to++ = digits[point >> 4];
    *to++ = digits[point & 15];
    return to;
}

static char *unescape(const char *from, const char *end, char *to) {
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    while (from < end) {
        if (*from != '\\') {
            unsigned char byte = (unsigned char)*from++;
            if (byte == 0xC2 && from < end && (unsigned char)*from < 0xA0) /* U+0080 to U+009F */
                to = show_point(to, (unsigned char)*from++);
            else if (byte == 0x7F)
                to = show_point(to, byte);
            else
                *to++ = (char)byte;
            continue;
        }
        const char *which = strchr(plain, from[1]);
        if (which && from[1]) {
            to = show_point(to, (unsigned char)meant[which - plain]);
            from += 2;
        } else { /* \uXXXX, maybe a pair */
            unsigned point = read_hex4(from + 2);
            from += 6;
            if (point >= 0xD800 && point < 0xDC00 && from + 6 <= end && from[0] == '\\' && from[1] == 'u') {
                point = 0x10000 + ((point - 0xD800) << 10) + (read_hex4(from + 2) - 0xDC00);
                from += 6;
            }
            to = show_point(to, point);
        }
    }
    return to;
}

char *pf_cli_json_text(pf_cli_value value) {
    char kind = pf_cli_json_kind(value);
    const char *from = kind == '0' ? "" : skip_blank(value);
    const char *end = kind == '0' ? from : skip_value(from);
    char *text = malloc(4 * (size_t)(end - from) + 1); /* at worst every byte is shown as \\x7F */
    if (!text)
        return NULL;
    char *to = text;
    if (kind == '"') {
        to = unescape(from + 1, end - 1, to);
    } else {
        memcpy(to, from, (size_t)(end - from));
        to += end - from;
    }
    *to = 0;
    return text;
}

/* The bytes of the character of UTF-8 at text, or 0 where there is none. */
static size_t character_size(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    size_t size = at[0] < 0x80   ? 1
                  : at[0] < 0xC2 ? 0
                  : at[0] < 0xE0 ? 2
                  : at[0] < 0xF0 ? 3
                  : at[0] < 0xF5 ? 4
                                 : 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool beyond = (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF4 && at[1] > 0x8F);
    return overlong || beyond ? 0 : size;
}

char *pf_cli_json_quote(const char *text) {
    size_t size = text ? strlen(text) : 0, at = 0;
    char *quoted = malloc(size * 6 + 8); /* \\uXXXX is the longest form of a byte */
    if (!quoted || !text) {
        if (quoted)
            memcpy(quoted, "null", 5);
        return quoted;
    }
    quoted[at++] = '"';
    for (; *text; text++) {
        if ((unsigned char)*text < ' ') {
            at += (size_t)snprintf(quoted + at, 7, "\\u%04x", (unsigned char)*text);
            continue;
        }
        size_t more = character_size(text);
        if (!more) { /* not UTF-8, and JSON is nothing else */
            memcpy(quoted + at, "\\ufffd", 6);
            at += 6;
            continue;
        }
        if (*text == '"' || *text == '\\')
            quoted[at++] = '\\';
        quoted[at++] = *text;
        for (; more > 1; more--)
            quoted[at++] = *++text;
    }
    quoted[at++] = '"';
    quoted[at] = 0;
    return quoted;
}
