/* csv_legacy.c — room read/csv. The code page of a text that is no Unicode.       SPDX-License-Identifier: MIT
 * Knows: how common each charset is, which decoding reads like writing, how sure that is.
 * Knows not: marks, detectors, delimiters. Docs: docs/formats/dialect.md §Encoding */
#include "read/csv/csv_legacy.h"

#include <math.h>

#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "read/csv/csv_language.h"
#include "read/csv/csv_letters.h"

#define SAMPLE_BYTES (4u << 10) /* different words with bytes beyond ASCII, which the candidates decode */
#define TEXT_BYTES   (SAMPLE_BYTES * 4)
#define ALL_OF_LATIN (PF_CSV_WEST | PF_CSV_CENTRAL | PF_CSV_TURKISH | PF_CSV_BALTIC)
#define RARE_STRAIN  1.5    /* of an ideograph or syllable that is seldom used */
#define OTHER_PRIOR  (-6.0) /* of what only a detector named */
#define OPINION      2.5    /* what a detector's word counts at most */

struct guess {
    const char *charset;
    double prior; /* in letters: so many must speak for it and against cp1252 */
    int regions;
};
/* Of a set and its superset the larger one, as browsers do: cp932 for Shift_JIS, cp949 for EUC-KR. */
static const struct guess guesses[] = {
    {"cp1252", 0, PF_CSV_WEST},
    {"cp1250", -1.5, PF_CSV_CENTRAL},
    {"cp1251", -1.5, 0},
    {"cp1253", -2, 0},
    {"cp1254", -2, PF_CSV_WEST | PF_CSV_TURKISH},
    {"cp1255", -2, 0},
    {"cp1256", -2, 0},
    {"cp1257", -2.5, PF_CSV_BALTIC},
    {"cp874", -2.5, 0},
    {"koi8-r", -2, 0},
    {"koi8-u", -2.1, 0},
    {"cp866", -2, 0},
    {"iso-8859-5", -3, 0},
    {"iso-8859-2", -2.5, PF_CSV_CENTRAL},
    {"iso-8859-7", -2.5, 0},
    {"mac-cyrillic", -3.1, 0},
    {"iso-8859-15", -2, PF_CSV_WEST},
    {"cp850", -3, PF_CSV_WEST},
    {"cp437", -3.2, PF_CSV_WEST},
    {"cp852", -3.5, PF_CSV_CENTRAL},
    {"mac-roman", -3, PF_CSV_WEST},
    {"cp932", -2, 0},
    {"euc-jp", -2, 0},
    {"gb18030", -2, 0},
    {"big5", -2, 0},
    {"cp950", -2.1, 0},
    {"big5hkscs", -2.2, 0},
    {"cp949", -2.5, 0},
};
#define GUESSES (sizeof guesses / sizeof *guesses)

/* The standards of the East put the characters of everyday use first. */
struct order {
    const char *charset;
    uint8_t from, to;           /* lead bytes of signs, kana and common characters */
    uint8_t trail;              /* their second byte is no smaller */
    uint8_t single, single_end; /* a byte of that range is a character of its own */
};
static const struct order orders[] = {
    {"cp932", 0x81, 0x97, 0x40, 0xA1, 0xDF}, {"euc-jp", 0xA1, 0xCF, 0xA1, 0, 0},
    {"gb18030", 0xA1, 0xD7, 0xA1, 0, 0},     {"big5", 0xA1, 0xC6, 0x40, 0, 0},
    {"cp950", 0xA1, 0xC6, 0x40, 0, 0},       {"big5hkscs", 0xA1, 0xC6, 0x40, 0, 0},
    {"cp949", 0xA1, 0xC8, 0xA1, 0, 0},
};

struct legacy {
    struct pf_map words; /* those in the sample */
    uint8_t *sample;
    size_t size;
    double high;   /* bytes beyond ASCII of the sample */
    char *text[2]; /* the best decoding so far, and a try */
    size_t text_size[2];
    double score, second;
    const char *best;
};

/* No byte below '0' is the second of a character in any charset. */
static bool parts_words(uint8_t byte) { return byte < '0' || byte == ':' || byte == ';'; }

/* Each word that has bytes beyond ASCII once, up to room: one that comes a thousand times proves no more. */
static pf_status gather_words(struct legacy *legacy, const uint8_t *text, size_t size, size_t room,
                              struct pf_error *err) {
    for (size_t at = 0; at < size;) {
        size_t end = at;
        uint8_t any = 0;
        while (end < size && !parts_words(text[end]))
            any |= text[end++];
        if (any >= 0x80 && end - at < room) {
            int64_t found = 0, id = (int64_t)legacy->words.count;
            if (end - at + 1 > room - legacy->size)
                return PF_OK;
            PF_TRY(pf_map_add(&legacy->words, text + at, end - at, id, &found, err));
            if (found == id) {
                memcpy(legacy->sample + legacy->size, text + at, end - at);
                legacy->size += end - at;
                legacy->sample[legacy->size++] = end < size && text[end] > ' ' ? text[end] : '\n';
            }
        }
        at = end + 1;
    }
    return PF_OK;
}

/* How many of the characters are seldom used, 0 when the charset is none of the East. */
static double count_rare(const struct legacy *legacy, const char *charset) {
    const struct order *order = NULL;
    double rare = 0;
    for (size_t i = 0; i < sizeof orders / sizeof *orders && !order; i++)
        order = strcmp(orders[i].charset, charset) == 0 ? &orders[i] : NULL;
    for (size_t at = 0; order && at < legacy->size; at++) {
        uint8_t lead = legacy->sample[at];
        if (lead < 0x80 || (lead >= order->single && lead <= order->single_end))
            continue;
        uint8_t trail = ++at < legacy->size ? legacy->sample[at] : 0;
        rare += lead < order->from || lead > order->to || trail < order->trail;
    }
    return rare;
}

static bool is_same_text(const struct legacy *legacy) {
    return legacy->text_size[0] == legacy->text_size[1] &&
           memcmp(legacy->text[0], legacy->text[1], legacy->text_size[0]) == 0;
}

static void try_guess(struct legacy *legacy, const struct guess *guess, double bonus) {
    const struct pf_charset *charset = pf_charset_find(guess->charset);
    if (!charset)
        return;
    struct pf_charset_bad bad = {0, -1};
    size_t used = 0;
    pf_charset_convert(charset, legacy->sample, legacy->size, &used, legacy->text[1], TEXT_BYTES,
                       &legacy->text_size[1], false, &bad);
    struct pf_csv_plausible plausible = pf_csv_plausible_of(legacy->text[1], legacy->text_size[1]);
    double score = plausible.score * legacy->high + guess->prior + bonus -
                   pf_csv_language_strain(legacy->text[1], legacy->text_size[1], guess->regions) -
                   RARE_STRAIN * count_rare(legacy, guess->charset);
    bool same = legacy->best && is_same_text(legacy);
    if (!legacy->best || score > legacy->score) {
        if (legacy->best && !same)
            legacy->second = legacy->score;
        char *other = legacy->text[0];
        legacy->text[0] = legacy->text[1];
        legacy->text[1] = other;
        legacy->text_size[0] = legacy->text_size[1];
        legacy->score = score;
        legacy->best = guess->charset;
    } else if (!same && score > legacy->second)
        legacy->second = score;
}

/* Bytes of the whole head that the charset cannot decode. */
static int64_t count_bad(const struct pf_csv_sample *sample, const char *name, char *scratch) {
    struct pf_charset_bad bad = {0, -1};
    int64_t total = 0;
    for (size_t at = 0, used = 0, written = 0; at < sample->head_size; at += used) {
        pf_charset_convert(pf_charset_find(name), sample->head + at, sample->head_size - at, &used, scratch,
                           TEXT_BYTES, &written, false, &bad);
        total += bad.count;
        bad = (struct pf_charset_bad){0, -1};
        if (!used)
            break;
    }
    return total;
}

/* Of the charsets of Taiwan and Hong Kong the one that decodes most of the head. */
static const char *widen(const struct pf_csv_sample *sample, const char *best, char *scratch) {
    static const char *const family[] = {"big5", "cp950", "big5hkscs"};
    int64_t least = INT64_MAX;
    const char *found = best;
    if (strcmp(best, "big5") != 0 && strcmp(best, "cp950") != 0 && strcmp(best, "big5hkscs") != 0)
        return best;
    for (int i = 0; i < 3 && least; i++) {
        int64_t bad = count_bad(sample, family[i], scratch);
        if (bad < least) {
            least = bad;
            found = family[i];
        }
    }
    return found;
}

static void try_all(struct legacy *legacy, const char *opinion) {
    bool tried = false;
    double weight = OPINION * legacy->high / (legacy->high + 10);
    for (size_t i = 0; i < GUESSES; i++) {
        bool said = strcmp(opinion, guesses[i].charset) == 0;
        tried = tried || said;
        try_guess(legacy, &guesses[i], said ? weight : 0);
    }
    if (!tried && opinion[0])
        try_guess(legacy, &(struct guess){opinion, OTHER_PRIOR, ALL_OF_LATIN}, weight);
}

/* Between 0 and 1: how far the next other text is behind, and how much of the text reads well. */
static double confidence_of(const struct legacy *legacy) {
    double margin = legacy->score - legacy->second, mean = legacy->score / (legacy->high + 1);
    double sure = 1 - 0.8 * exp(-margin / 4);
    return sure * (mean > 0.6 ? 1 : mean < 0 ? 0.4 : 0.4 + mean);
}

pf_status pf_csv_legacy_find(const struct pf_csv_sample *sample, const char *opinion,
                             struct pf_csv_dialect *out, struct pf_error *err) {
    struct legacy legacy = {.score = -1e9, .second = -1e9};
    pf_status status = PF_OK;
    legacy.sample = pf_mem_alloc(SAMPLE_BYTES);
    legacy.text[0] = pf_mem_alloc(TEXT_BYTES);
    legacy.text[1] = pf_mem_alloc(TEXT_BYTES);
    if (!legacy.sample || !legacy.text[0] || !legacy.text[1]) {
        status = pf_fail_memory(err, TEXT_BYTES);
        goto done;
    }
    status = gather_words(&legacy, sample->head, sample->head_size,
                          sample->tail ? SAMPLE_BYTES / 2 : SAMPLE_BYTES, err);
    if (!status && sample->tail)
        status = gather_words(&legacy, sample->tail, sample->tail_size, SAMPLE_BYTES, err);
    if (status)
        goto done;
    for (size_t i = 0; i < legacy.size; i++)
        legacy.high += legacy.sample[i] >= 0x80;
    try_all(&legacy, opinion);
    out->charset = pf_charset_find(legacy.best ? widen(sample, legacy.best, legacy.text[1]) : "cp1252");
    out->charset_confidence = confidence_of(&legacy);
done:
    pf_mem_free(legacy.sample);
    pf_mem_free(legacy.text[0]);
    pf_mem_free(legacy.text[1]);
    pf_map_clear(&legacy.words);
    return status;
}
