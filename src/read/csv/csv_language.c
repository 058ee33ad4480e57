/* csv_language.c — room read/csv. Do the letters of a text belong to one language?  SPDX-License-Identifier: MIT
 * Knows: the letters beyond ASCII of languages in Latin script, common and rare; capitals.
 * Knows not: charsets, words, other scripts. */
#include "read/csv/csv_language.h"

#include <string.h>

#include "base/utf8.h"

#define LATIN_END 0x250
#define RARE      0.25 /* of a letter that the language has but seldom */

struct language {
    int region;
    const char *common, *rare; /* small letters, UTF-8 */
};
/* The last of a region stands for tables with names of many of its languages. */
static const struct language languages[] = {
    {PF_CSV_WEST, "éèàç", "êôîùâûëïœüÿæ"}, /* French */
    {PF_CSV_WEST | PF_CSV_CENTRAL, "üäöß", "é"},
    {PF_CSV_WEST, "óíáéñ", "úü"},
    {PF_CSV_WEST, "ãçáéíó", "õêúâôà"}, /* Portuguese */
    {PF_CSV_WEST, "àèéùò", "ìí"},
    {PF_CSV_WEST, "åäö", "éü"},
    {PF_CSV_WEST, "øåæ", "éöäüò"},
    {PF_CSV_WEST, "íáðþóéö", "úæý"}, /* Icelandic */
    {PF_CSV_WEST, "ëéï", "èöüóç"},
    {PF_CSV_WEST | PF_CSV_BALTIC, "äõöü", "šž"}, /* Estonian */
    {PF_CSV_WEST, "", "éèàçäöüßáíóúñåøæãêôëïâ"},
    {PF_CSV_CENTRAL, "łóąęśżćńź", ""}, /* Polish */
    {PF_CSV_CENTRAL, "íáéěřýčšž", "ůúóďťň"},
    {PF_CSV_CENTRAL, "áíéýčšžľťúóô", "äďňŕĺ"}, /* Slovak */
    {PF_CSV_CENTRAL, "áéöőíóüű", "ú"},
    {PF_CSV_CENTRAL, "ăşţâîșț", ""}, /* Romanian */
    {PF_CSV_CENTRAL, "čšžćđ", ""},
    {PF_CSV_CENTRAL, "", "áéíóúýčšžěřůłąęśżćńźăşţőűďťňđľäöü"},
    {PF_CSV_TURKISH, "ışğüçö", "âî"},
    {PF_CSV_BALTIC, "ėšžųįąčęū", ""}, /* Lithuanian */
    {PF_CSV_BALTIC, "āīēšņļķģūčž", ""},
};

static uint32_t lower_of(uint32_t c) {
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        return c + 0x20;
    if (c == 0x178)
        return 0xFF;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) /* here the odd ones are capitals */
        return c + (c & 1);
    return (c >= 0x100 && c < 0x178) || (c >= 0x218 && c < 0x21C) ? c | 1 : c;
}

static int count_letters(const char *text, size_t size, int *counts) {
    int total = 0;
    for (size_t at = 0; at < size;) {
        uint32_t point = 0;
        size_t took = pf_utf8_decode(text + at, size - at, &point);
        point = took > 1 ? lower_of(point) : 0;
        if (point >= 0xDF && point < LATIN_END && point != 0xF7) {
            counts[point]++;
            total++;
        }
        at += took ? took : 1;
    }
    return total;
}

static int sum_of(const int *counts, const char *letters) {
    int sum = 0;
    for (size_t at = 0, size = strlen(letters); at < size;) {
        uint32_t point = 0;
        at += pf_utf8_decode(letters + at, size - at, &point);
        sum += counts[point];
    }
    return sum;
}

double pf_csv_language_strain(const char *text, size_t size, int regions) {
    int counts[LATIN_END] = {0}, total = count_letters(text, size, counts);
    double least = total;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (!(languages[i].region & regions))
            continue;
        int common = sum_of(counts, languages[i].common), rare = sum_of(counts, languages[i].rare);
        double strain = total - common - rare + RARE * rare;
        least = strain < least ? strain : least;
    }
    return least;
}
