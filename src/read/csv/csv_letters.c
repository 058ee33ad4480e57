/* csv_letters.c — room read/csv. How much a decoded text looks like writing.      SPDX-License-Identifier: MIT
 * Knows: scripts, case inside words, common letters, signs and where they stand.
 * Knows not: charsets, bytes, languages by name. */
#include "read/csv/csv_letters.h"

#include <string.h>

#include "base/utf8.h"

enum letter {
    NOTHING, /* border of the text */
    ASCII_LOWER,
    ASCII_UPPER,
    ASCII_DIGIT,
    ASCII_OTHER,
    BAD, /* controls, replacement, private use */
    LATIN_LOWER,
    LATIN_UPPER,
    LATIN_RARE,
    CYRILLIC_LOWER,
    CYRILLIC_UPPER,
    CYRILLIC_RARE,
    GREEK_LOWER,
    GREEK_UPPER,
    HEBREW,
    ARABIC,
    THAI,
    HAN,
    KANA,
    HALF_KANA,
    HANGUL,
    QUOTE_SIGN, /* typographic quotes, dashes, dots */
    UNIT_SIGN,  /* ° € £ § ½ ² µ º ª ® © ™ and no-break space */
    ODD_SIGN,   /* signs that few people write */
    BOX
};

/* list: UTF-8; a code point's bytes cannot stand in it but as that code point. */
static int is_in(uint32_t point, const char *list) {
    char bytes[5] = {0};
    return pf_utf8_encode(point, bytes) != 0 && bytes[0] != 0 && strstr(list, bytes) != NULL;
}

static enum letter latin_of(uint32_t c) {
    static const char lower[] = "éèêëàâäáãåæçñíìîïóòôöõøúùûüßœýÿğışłąęśżźćńčřšžěůďťňőűășțāēīūļķģņ";
    static const char upper[] = "ÉÈÊËÀÂÄÁÃÅÆÇÑÍÌÎÏÓÒÔÖÕØÚÙÛÜŒÝĞİŞŁĄĘŚŻŹĆŃČŘŠŽĚŮĎŤŇŐŰĂȘȚĀĒĪŪĻĶĢŅ";
    if (is_in(c, lower))
        return LATIN_LOWER;
    return is_in(c, upper) ? LATIN_UPPER : LATIN_RARE;
}

static enum letter wide_class(uint32_t c) {
    if (c >= 0x3040 && c <= 0x30FF)
        return KANA;
    if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3001 && c <= 0x3017) || (c >= 0xFF01 && c <= 0xFF5E))
        return HAN;
    if (c >= 0xFF61 && c <= 0xFF9F)
        return HALF_KANA;
    if (c >= 0xAC00 && c <= 0xD7A3)
        return HANGUL;
    if (c >= 0xE000 && c <= 0xF8FF)
        return BAD;
    return c == 0xFFFD || c == 0xFEFF ? BAD : ODD_SIGN;
}

static enum letter ascii_class(uint32_t c) {
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
        return c & 32 ? ASCII_LOWER : ASCII_UPPER;
    if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
        return BAD;
    return c >= '0' && c <= '9' ? ASCII_DIGIT : ASCII_OTHER;
}

static enum letter greek_class(uint32_t c) {
    if (c == 0x37E || c == 0x387 || c == 0x384 || c == 0x385)
        return ODD_SIGN;
    return c < 0x3AC && c != 0x390 ? GREEK_UPPER : GREEK_LOWER;
}

static enum letter cyrillic_class(uint32_t c) {
    if ((c >= 0x430 && c < 0x450) || c == 0x451)
        return CYRILLIC_LOWER;
    return (c >= 0x410 && c < 0x430) || c == 0x401 ? CYRILLIC_UPPER : CYRILLIC_RARE;
}

static enum letter class_of(uint32_t c) {
    if (c < 0x80)
        return ascii_class(c);
    if (c < 0xA0)
        return BAD;
    if (is_in(c, "’‘“”„–—…«»·•¿¡"))
        return QUOTE_SIGN;
    if (is_in(c, "°€£¥§½¼¾²³µºª®©™±×№฿\xc2\xa0"))
        return UNIT_SIGN;
    if (c < 0x250 || c == 0x218 || c == 0x21A)
        return c < 0xC0 || c == 0xD7 || c == 0xF7 ? ODD_SIGN : latin_of(c);
    if (c >= 0x370 && c < 0x400)
        return greek_class(c);
    if (c >= 0x400 && c < 0x460)
        return cyrillic_class(c);
    if (c >= 0x5D0 && c <= 0x5EA)
        return HEBREW;
    if (c >= 0x620 && c <= 0x6D5)
        return ARABIC;
    if (c >= 0xE01 && c <= 0xE5B)
        return THAI;
    if (c >= 0x2500 && c <= 0x25A1)
        return BOX;
    return c >= 0x3000 ? wide_class(c) : ODD_SIGN;
}

static int is_ascii_letter(enum letter c) { return c == ASCII_LOWER || c == ASCII_UPPER; }
static int is_lower(enum letter c) { return c == ASCII_LOWER || c == LATIN_LOWER; }
static int is_latin(enum letter c) { return c == LATIN_LOWER || c == LATIN_UPPER || c == LATIN_RARE; }
static int is_cyrillic(enum letter c) { return c >= CYRILLIC_LOWER && c <= CYRILLIC_RARE; }
static int is_greek(enum letter c) { return c == GREEK_LOWER || c == GREEK_UPPER; }
static int is_east(enum letter c) { return c == HAN || c == KANA || c == HANGUL; }

static int is_of_a_word(enum letter c) { return is_ascii_letter(c) || is_latin(c); }

/* run: letters of Latin beyond ASCII in a row up to here; real words seldom have three. */
static double judge_latin(enum letter before, enum letter self, enum letter next, uint32_t point, int run) {
    double score = self == LATIN_RARE ? 0.3 : 1;
    if (self == LATIN_UPPER && is_lower(before))
        return -1.5;
    if (self == LATIN_UPPER)
        score = 0.8;
    if (self == LATIN_LOWER && next == ASCII_UPPER) /* OíBrien: an apostrophe of another charset */
        return -1;
    if (point == 0xDF && !is_of_a_word(before)) /* no word begins with ß */
        return -0.5;
    if (run > 3 || (run == 3 && is_latin(next)))
        return 0.1;
    if (before == ASCII_DIGIT || next == ASCII_DIGIT)
        return 0;
    if (!is_of_a_word(before) && !is_of_a_word(next)) /* few words are one letter long */
        score *= is_in(point, "àáéèíóöåøœÀÁÉÈÍÓÖÅØ") ? 0.4 : -0.2;
    return score;
}

static double judge_cyrillic(enum letter before, enum letter self, enum letter next, uint32_t point) {
    if (is_ascii_letter(before) || is_ascii_letter(next) || is_latin(before))
        return -0.8;
    if (self == CYRILLIC_UPPER && before == CYRILLIC_LOWER)
        return -1.5;
    if (self == CYRILLIC_RARE)
        return 0.3;
    uint32_t low = self == CYRILLIC_UPPER ? point + 32 : point;
    double score = is_in(low, "оеаинтсрвлк") ? 1.15 : is_in(low, "ъэфщё") ? 0.4 : 0.75;
    if (!is_cyrillic(before) && !is_cyrillic(next)) /* a word of one letter may be one of any script */
        score *= 0.4;
    return self == CYRILLIC_UPPER && next != CYRILLIC_LOWER && next != CYRILLIC_UPPER ? score - 0.3 : score;
}

static double judge_greek(enum letter before, enum letter self, enum letter next, uint32_t point) {
    if (is_ascii_letter(before) || is_latin(before))
        return -0.8;
    if (self == GREEK_UPPER && before == GREEK_LOWER)
        return -1.2;
    double score = is_in(point, "αειοτσνρκπςάίόέΑΕΙΟΤΣΝΡΚΠ") ? 1.15 : 0.7;
    return is_greek(before) || is_greek(next) ? score : score * 0.4;
}

static double judge_east(enum letter before, enum letter self, enum letter next) {
    double score = self == HAN ? 0.9 : self == HALF_KANA ? 0.1 : 1.2;
    if (is_ascii_letter(before) || is_ascii_letter(next))
        score -= is_ascii_letter(before) && is_ascii_letter(next) ? 1.8 : 0.7;
    else if (is_east(before) || is_east(next) || (self == HALF_KANA && before == HALF_KANA))
        score += 0.2;
    else /* few words are one character long */
        score *= 0.5;
    return score;
}

/* Typographic signs: where a quote opens, closes or stands inside, and dashes between words. */
static double judge_quote(enum letter before, enum letter next, uint32_t point) {
    int behind = is_of_a_word(before) || before == ASCII_DIGIT,
        ahead = is_of_a_word(next) || next == ASCII_DIGIT;
    if (point == 0xB7)
        return 0.7;
    if (behind && ahead) /* apostrophes that stand well were found before; dashes and dots may stand anywhere */
        return is_in(point, "–—…’") ? -0.3 : -0.8;
    if (is_in(point, "‘“„«¿¡"))
        return ahead ? 1 : behind ? -0.3 : 0.5;
    return behind || !is_in(point, "’”»") ? 0.9 : 0.3;
}

static double judge_sign(enum letter before, enum letter self, enum letter next, uint32_t point) {
    int inside = is_of_a_word(before) && is_of_a_word(next);
    if (self == QUOTE_SIGN)
        return judge_quote(before, next, point);
    if (self == UNIT_SIGN) {
        if (point == 0xA0)
            return is_latin(before) || is_latin(next) ? 0 : 0.4;
        return inside ? -1.2 : before == ASCII_DIGIT || next == ASCII_DIGIT ? 0.8 : 0.4;
    }
    return inside ? -1.5 : -0.4;
}

static double judge(enum letter before, enum letter self, enum letter next, uint32_t point, int run) {
    switch (self) {
    case BAD: return -10;
    case LATIN_LOWER:
    case LATIN_UPPER:
    case LATIN_RARE: return judge_latin(before, self, next, point, run);
    case CYRILLIC_LOWER:
    case CYRILLIC_UPPER:
    case CYRILLIC_RARE: return judge_cyrillic(before, self, next, point);
    case GREEK_LOWER:
    case GREEK_UPPER: return judge_greek(before, self, next, point);
    case HEBREW:
    case ARABIC:
    case THAI:
        if (is_ascii_letter(before) || is_ascii_letter(next))
            return -0.8;
        return before == self || next == self ? 0.9 : 0.2;
    case HAN:
    case KANA:
    case HALF_KANA:
    case HANGUL: return judge_east(before, self, next);
    case QUOTE_SIGN:
    case UNIT_SIGN:
    case ODD_SIGN:
    case BOX: return judge_sign(before, self, next, point);
    case NOTHING:
    case ASCII_LOWER:
    case ASCII_UPPER:
    case ASCII_DIGIT:
    case ASCII_OTHER: break;
    }
    return 0;
}

/* qu’il, dell’arte, un’ora, aujourd’hui: French and Italian words that lost their last vowel before another. */
static int is_elided(const char *front, size_t size, char next) {
    static const char endings[][3] = {"qu", "ll", "un", "st", "nt", "rd"};
    if (size < 2 || !strchr("aeiouhAEIOUH", next))
        return 0;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if ((front[size - 2] | 32) == endings[i][0] && (front[size - 1] | 32) == endings[i][1])
            return 1;
    return 0;
}

/* it’s, don’t, O’Brien, l’eau: one letter in front, an elided word, or an English ending behind.
 * front, rest: the text before and behind the sign. */
static int is_apostrophe(enum letter twice_before, enum letter before, const char *front, size_t front_size,
                         const char *rest, size_t size) {
    static const char *const endings[] = {"s", "t", "d", "m", "re", "ve", "ll"};
    if (!is_ascii_letter(before) || !size)
        return 0;
    enum letter next = class_of((unsigned char)rest[0]);
    if (!is_ascii_letter(twice_before) && !is_latin(twice_before)) /* l’été too */
        return is_ascii_letter(next) || (unsigned char)rest[0] >= 0xC3;
    if (is_elided(front, front_size, rest[0]))
        return 1;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (size >= n && memcmp(rest, endings[i], n) == 0 &&
            (size == n || !is_ascii_letter(class_of((unsigned char)rest[n]))))
            return 1;
    }
    return 0;
}

struct pf_csv_plausible pf_csv_plausible_of(const char *text, size_t size) {
    enum letter twice_before = NOTHING, before = NOTHING, self = NOTHING, next;
    uint32_t point = 0, ahead = 0;
    size_t self_at = 0; /* where self begins */
    int run = 0;
    struct pf_csv_plausible out = {0};
    for (size_t at = 0; at <= size;) {
        size_t took = at < size ? pf_utf8_decode(text + at, size - at, &ahead) : 0;
        next = at >= size ? NOTHING : took ? class_of(ahead) : BAD;
        run = is_latin(self) ? run + 1 : 0;
        if (point >= 0x80 || self == BAD) {
            out.signs++;
            out.score +=
                point == 0x2019 && is_apostrophe(twice_before, before, text, self_at, text + at, size - at)
                    ? 1.2
                    : judge(before, self, next, point, run);
        }
        twice_before = before;
        before = self;
        self = next;
        point = ahead;
        self_at = at;
        if (at == size)
            break;
        at += took ? took : 1;
    }
    if (out.signs)
        out.score /= (double)out.signs;
    return out;
}
