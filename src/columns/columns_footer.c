/* columns_footer.c — room columns. Words that begin what stands below a table.   SPDX-License-Identifier: MIT
 * Knows: words of totals and notes.
 * Knows not: rows, tables. In doubt a word is data. */
#include "columns/columns_footer.h"

#include <string.h>

static bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* whole: the word ends there. */
static bool begins_with(struct pf_text text, const char *const *words, bool whole) {
    for (; *words; words++) {
        struct pf_text word = pf_text_of(*words);
        if (text.size >= word.size && pf_text_same_nocase((struct pf_text){text.at, word.size}, word) &&
            (!whole || text.size == word.size || !is_letter(text.at[word.size])))
            return true;
    }
    return false;
}

bool pf_footer_is_total(struct pf_text text) {
    /* "Sumatra" is no sum */
    static const char *const words[] = {"total",  "totals", "grand total", "subtotal", "summe",
                                        "sum",    "gesamt", "insgesamt",   "somme",    "totale",
                                        "totaal", "suma",   NULL};
    static const char *const stems[] = {"gesamtsumme",
                                        "\xd0\xb8\xd1\x82\xd0\xbe\xd0\xb3",
                                        "\xd0\x98\xd1\x82\xd0\xbe\xd0\xb3",
                                        "\xe5\x90\x88\xe8\xae\xa1",
                                        "\xe5\x90\x88\xe8\xa8\x88",
                                        NULL};
    return begins_with(text, words, true) || begins_with(text, stems, false);
}

bool pf_footer_is_note(struct pf_text text) {
    static const char *const words[] = {
        "note",     "source",       "fuente",  "quelle",     "nota",   "footnote", "remark", "copyright",
        "\xc2\xa9", "generated",    "created", "exported",   "end of", "www.",     "http",   "*",
        "(*",       "\xe2\x80\xa0", "stand:",  "data as of", "rows:",  "records:", NULL};
    size_t rule = 1;
    for (size_t i = 1; i < text.size; i++)
        rule += text.at[i] == text.at[0];
    if (text.size >= 3 && rule == text.size && !pf_is_digit(text.at[0]))
        return true;
    return text.size >= 4 && begins_with(text, words, false);
}

bool pf_footer_is_sentence(struct pf_text text) {
    size_t blanks = 0, letters = 0;
    for (size_t i = 0; i < text.size; i++) {
        blanks += text.at[i] == ' ';
        letters += (text.at[i] | 32) >= 'a' || (unsigned char)text.at[i] >= 0x80;
    }
    return blanks >= 3 && letters >= 3;
}
