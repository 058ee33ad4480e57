/* charset_tables.h — what tools/make_charsets.py makes out of Python's codecs.  SPDX-License-Identifier: MIT */
#ifndef PF_CHARSET_TABLES_H
#define PF_CHARSET_TABLES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PF_CHARSET_UTF8,
    PF_CHARSET_UTF16LE,
    PF_CHARSET_UTF16BE,
    PF_CHARSET_UTF32LE,
    PF_CHARSET_UTF32BE,
    PF_CHARSET_SINGLE,
    PF_CHARSET_DOUBLE,
    PF_CHARSET_EUC_JP,  /* two bytes, and three behind 8F */
    PF_CHARSET_GB18030, /* two bytes, and four */
    PF_CHARSET_ISO2022, /* escapes; leads are those of EUC_JP */
};
struct pf_charset {
    const char *name;
    uint8_t kind;
    uint8_t unit;    /* bytes of the smallest unit */
    bool ascii;      /* bytes below 80 stand for themselves */
    uint16_t single; /* in pf_charset_singles */
    uint16_t leads;  /* in pf_charset_leads; of EUC_JP the next one is for the bytes behind 8F */
};
extern const struct pf_charset pf_charsets[];
extern const size_t pf_charset_count;
/* Squeezed names (lower case, no '-', '_', blank), sorted. */
struct pf_charset_alias {
    const char *name;
    uint16_t charset;
};
extern const struct pf_charset_alias pf_charset_aliases[];
extern const size_t pf_charset_alias_count;

#define PF_POINT_NONE 0xFFFF /* undefined */
#define PF_POINT_LEAD 0xFFFE /* the first of several bytes */
/* One byte → code point, NONE or LEAD. */
extern const uint16_t pf_charset_singles[][256];
/* Lead byte − 128, trail byte / 32 → a chunk; its entry trail % 32 → code point, NONE, or a surrogate: D800 + n
 * is entry n of pf_charset_wide. */
extern const uint16_t pf_charset_leads[][128][8];
extern const uint16_t pf_charset_chunks[][32];
extern const uint32_t pf_charset_wide[][2]; /* one code point and 0, or two code points */
/* Four bytes of GB18030 as a number, from this one on → code point from that one on; sorted. */
struct pf_charset_range {
    uint32_t linear, point;
};
extern const struct pf_charset_range pf_charset_ranges[];
extern const size_t pf_charset_range_count;
#endif
