/* text.h — views of text: a pointer and a length.                               SPDX-License-Identifier: MIT */
#ifndef PF_TEXT_H
#define PF_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct pf_text {
    const char *at;
    size_t size;
};
static inline struct pf_text pf_text_of(const char *text) {
    return (struct pf_text){text, text ? strlen(text) : 0};
}
static inline bool pf_text_same(struct pf_text a, struct pf_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}
static inline bool pf_text_is(struct pf_text a, const char *b) { return pf_text_same(a, pf_text_of(b)); }
static inline char pf_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static inline bool pf_text_same_nocase(struct pf_text a, struct pf_text b) { /* ASCII */
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (pf_lower(a.at[i]) != pf_lower(b.at[i]))
            return false;
    return true;
}
static inline bool pf_is_blank(char c) { return c == ' ' || c == '\t'; }
static inline bool pf_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline struct pf_text pf_text_trim(struct pf_text a) { /* blanks and tabs */
    while (a.size && pf_is_blank(a.at[0]))
        a.at++, a.size--;
    while (a.size && pf_is_blank(a.at[a.size - 1]))
        a.size--;
    return a;
}
static inline struct pf_text pf_text_strip(struct pf_text a) { /* line ends and all other controls, too */
    while (a.size && (unsigned char)a.at[0] <= ' ')
        a.at++, a.size--;
    while (a.size && (unsigned char)a.at[a.size - 1] <= ' ')
        a.size--;
    return a;
}
#endif
