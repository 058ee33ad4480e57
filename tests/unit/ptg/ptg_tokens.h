/* ptg_tokens.h — tokens written as hexadecimal digits, for tests.               SPDX-License-Identifier: MIT */
#ifndef PTG_TOKENS_H
#define PTG_TOKENS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ptg/ptg_spell.h"

/* The bytes of "1E 0100 03"; blanks do not count. */
static inline void put_hex(struct pf_buf *to, const char *hex) {
    int high = -1;
    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        int digit = *hex <= '9' ? *hex - '0' : *hex - 'A' + 10;
        if (high < 0) {
            high = digit;
            continue;
        }
        uint8_t byte = (uint8_t)(high << 4 | digit);
        assert_int_equal(pf_buf_put(to, &byte, 1, NULL), PF_OK);
        high = -1;
    }
}

/* The text of a formula in cell C5, "?" when it is not known. extra: rgcb. */
static inline void spell_into(const struct pf_ptg_links *links, const char *tokens, const char *extra,
                              struct pf_buf *to) {
    struct pf_ptg_speller speller = {0};
    struct pf_buf rgce = {0}, rgcb = {0};
    bool known = false;
    put_hex(&rgce, tokens);
    put_hex(&rgcb, extra);
    struct pf_ptg_formula formula = {rgce.data, rgcb.data, rgce.size, rgcb.size, 4, 2};
    to->size = 0;
    assert_int_equal(pf_ptg_spell(&speller, links, &formula, to, &known, NULL), PF_OK);
    if (!known) {
        assert_int_equal(to->size, 0);
        (void)pf_buf_text(to, "?", NULL);
    }
    (void)pf_buf_put(to, "", 1, NULL);
    pf_ptg_speller_clear(&speller);
    pf_buf_clear(&rgce);
    pf_buf_clear(&rgcb);
}

struct spelled {
    const char *tokens, *text, *extra;
};
static inline void assert_spelled(const struct pf_ptg_links *links, const struct spelled *wanted,
                                  size_t count) {
    struct pf_buf text = {0};
    for (size_t i = 0; i < count; i++) {
        spell_into(links, wanted[i].tokens, wanted[i].extra ? wanted[i].extra : "", &text);
        assert_string_equal((const char *)text.data, wanted[i].text);
    }
    pf_buf_clear(&text);
}
#define ASSERT_SPELLED(links, ...)                                                                             \
    assert_spelled(links, (const struct spelled[]){__VA_ARGS__},                                               \
                   sizeof((const struct spelled[]){__VA_ARGS__}) / sizeof(struct spelled))
#endif
