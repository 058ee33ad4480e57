/* csv_text.h — a block's bytes to UTF-8 text, and the way back for messages.     SPDX-License-Identifier: MIT */
#ifndef PF_CSV_TEXT_H
#define PF_CSV_TEXT_H
#include "base/buf.h"
#include "base/charset.h"

/* How bytes become text. Undecodable sequences each become one U+FFFD. */
struct pf_csv_text_rule {
    const struct pf_charset *charset;
    bool strip_nul;
};

#define PF_CSV_FRONT 64 /* bytes in front of text in its buffer */
#define PF_CSV_AFTER 64 /* readable bytes behind */

/* All zero is good; clear ends it. */
struct pf_csv_marks;
struct pf_csv_text {
    const char *at; /* raw itself or inside made; as much room around it as PF_CSV_FRONT and PF_CSV_AFTER */
    size_t size;
    bool same;    /* text is raw */
    int64_t nuls; /* stripped */
    size_t *bad;  /* where in text a U+FFFD stands for what could not be decoded, rising */
    size_t bad_count;
    size_t bad_room;
    struct pf_buf made;
    struct pf_csv_marks *marks; /* of just this text; NULL: none. Set by whoever knows them */
};
/* raw: whole characters, with PF_CSV_FRONT bytes before it and PF_CSV_AFTER behind. */
pf_status pf_csv_text_make(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size,
                           struct pf_csv_text *text, struct pf_error *err);
void pf_csv_text_clear(struct pf_csv_text *text);

/* Where in raw a place of the text came from. Zero to begin with; places must not fall. */
struct pf_csv_way {
    size_t raw, text;
};
size_t pf_csv_text_back(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size, size_t place,
                        struct pf_csv_way *way);
/* As much of raw as makes whole characters, appended to out. last: all of raw. *used bytes were taken. */
pf_status pf_csv_text_append(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size, bool last,
                             size_t *used, struct pf_buf *out, struct pf_error *err);
/* How many end-of-file signs of DOS and CP/M (0x1A) stand at the end of the input's last bytes. */
size_t pf_csv_end_signs(const struct pf_charset *charset, const uint8_t *raw, size_t size);
/* Can records be cut before conversion? True when the ASCII bytes in signs (and CR, LF) stand for nothing else
 * in this charset, even behind other bytes. */
bool pf_csv_text_transparent(const struct pf_charset *charset, const char *signs);
#endif
