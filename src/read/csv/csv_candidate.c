/* csv_candidate.c — room read/csv. Delimiters that the bytes of a sample suggest.  SPDX-License-Identifier: MIT
 * Knows: counts of punctuation by line, runs of it, signs beyond ASCII.
 * Knows not: quoting, cells, scores: it only keeps the search short. */
#include "base/text.h"
#include "read/csv/csv_delimiter.h"

#define BINS  48 /* counts per line that are told apart */
#define UNITS 24 /* different runs of several signs that are followed */

struct unit {
    char text[8];
    uint8_t size;
    uint32_t count;
};
struct tally {
    bool sign[256]; /* is_sign */
    uint32_t lines;
    uint32_t with[128];                          /* lines that hold the sign */
    uint32_t total[128];                         /* how often it occurs */
    uint16_t bins[128][BINS];                    /* lines that hold it k times */
    uint32_t runs[128];                          /* maximal runs of one sign … */
    uint32_t twos[128], threes[128], fours[128]; /* … whose length divides so */
    uint32_t wide_blanks;                        /* lines with two blanks in a row, or a leading one */
    struct unit units[UNITS];
    int unit_count;
};

/* How likely a sign is to be a delimiter before anything is known; 0: never. */
static double prior_of(unsigned char c) {
    switch (c) {
    case ',':
    case ';':
    case '\t':
    case '|': return 1;
    case '^':
    case '~': return 0.95;
    case ':': return 0.7;
    case ' ': return 0.9;
    case '#':
    case '!':
    case '*':
    case '=':
    case '&':
    case '@':
    case '$':
    case '%': return 0.6;
    case '/': return 0.5;
    case '\n':
    case '\r':
    case '\f':
    case '\v':
    case 0: return 0;
    default: return c < ' ' ? 0.95 : 0;
    }
}

/* May stand in a delimiter of several signs. */
static bool is_sign(unsigned char c) {
    return c < 128 && c != ' ' &&
           (prior_of(c) > 0 || c == '<' || c == '>' || c == '+' || c == '?' || c == '\\');
}

/* Notes a run of different signs by its smallest unit: "|~||~|" is "|~|" twice. */
static void note_run(struct tally *tally, const char *run, size_t size) {
    size_t unit = 1;
    for (; unit < size; unit++)
        if (size % unit == 0 && memcmp(run, run + unit, size - unit) == 0)
            break;
    if (unit == 1) {
        unsigned char c = (unsigned char)run[0];
        tally->runs[c]++;
        tally->twos[c] += size % 2 == 0;
        tally->threes[c] += size % 3 == 0;
        tally->fours[c] += size % 4 == 0;
        return;
    }
    if (unit > sizeof tally->units[0].text)
        return;
    for (int i = 0; i < tally->unit_count; i++)
        if (tally->units[i].size == unit && memcmp(tally->units[i].text, run, unit) == 0) {
            tally->units[i].count += (uint32_t)(size / unit);
            return;
        }
    if (tally->unit_count == UNITS)
        return;
    struct unit *new_unit = &tally->units[tally->unit_count++];
    memcpy(new_unit->text, run, unit);
    new_unit->size = (uint8_t)unit;
    new_unit->count = (uint32_t)(size / unit);
}

static void note_line(struct tally *tally, const char *line, size_t size) {
    uint16_t counts[128] = {0};
    bool wide_blank = size && pf_is_blank(line[0]);
    for (size_t i = 0; i < size;) {
        unsigned char c = (unsigned char)line[i];
        if (c == ' ') {
            counts[' ']++;
            wide_blank = wide_blank || (i + 1 < size && line[i + 1] == ' ');
        }
        if (!tally->sign[c]) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < size && tally->sign[(unsigned char)line[end]])
            counts[(unsigned char)line[end++] & 127]++;
        note_run(tally, line + i, end - i);
        i = end;
    }
    tally->lines++;
    tally->wide_blanks += wide_blank;
    for (int c = 0; c < 128; c++)
        if (counts[c]) {
            tally->with[c]++;
            tally->total[c] += counts[c];
            tally->bins[c][counts[c] < BINS ? counts[c] : BINS - 1]++;
        }
}

static void put(struct pf_csv_candidates *out, const char *delimiter, size_t size, double prior) {
    if (out->count == PF_CSV_CANDIDATES)
        return;
    struct pf_csv_dialect *form = &out->form[out->count];
    *form = (struct pf_csv_dialect){.quote = '"', .doubled = true};
    memcpy(form->delimiter, delimiter, size);
    form->delimiter_size = (uint8_t)size;
    out->prior[out->count++] = prior;
}

static bool is_usual(char c) { return c == ',' || c == ';' || c == '\t' || c == '|'; }

/* "a,b,c" over many "1,,3": two delimiters around a column that is empty, not a wider one. */
static bool first_stands_single(const char *text, size_t size, char c) {
    const char *at = memchr(text, c, size), *end = text + size;
    for (; at && at < end && *at != '\n' && *at != '\r'; at++)
        if (*at == c && (at + 1 == end || at[1] != c) && (at == text || at[-1] != c))
            return true;
    return false;
}

/* "||", "::" …: nearly all runs of the sign are a multiple of it. Returns the length, 1 when it stands alone. */
static size_t repeats(const struct tally *tally, const char *text, size_t size, unsigned char c) {
    uint32_t runs = tally->runs[c];
    if (runs < 2 || c < ' ')
        return 1;
    uint32_t need = runs - runs / 12;
    if ((c == ',' || c == ';') && (runs < 6 || tally->lines < 3))
        return 1;
    if (is_usual((char)c) && first_stands_single(text, size, (char)c))
        return 1;
    if (tally->fours[c] >= need)
        return 4;
    if (tally->threes[c] >= need)
        return 3;
    return tally->twos[c] >= need ? 2 : 1;
}

static uint32_t count_in(const char *line, size_t size, const char *sign, size_t length) {
    uint32_t found = 0;
    const char *end = line + size;
    for (const char *at = line; (at = memmem(at, (size_t)(end - at), sign, length)); at += length)
        found++;
    return found;
}

/* "a,b" over "5%,2": the sign in front belongs to the values, and to take it for a part of the delimiter would
 * lose it. So it is where one side of a usual delimiter is a sign that values end or begin with, and where the
 * first line has as many of the usual delimiter alone as the next one has of the run. */
static bool is_decorated(const char *text, size_t size, const struct unit *unit) {
    const char *front = text;
    size_t front_size = 0;
    if (unit->size == 2 && is_usual(unit->text[0]) != is_usual(unit->text[1]) &&
        memchr("%$#*+!?", unit->text[is_usual(unit->text[0])], 7))
        return true;
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && text[end] != '\n' && text[end] != '\r')
            end++;
        uint32_t units = count_in(text + at, end - at, unit->text, unit->size);
        for (int i = 0; units && i < unit->size; i++)
            if (is_usual(unit->text[i]) && count_in(front, front_size, unit->text + i, 1) == units)
                return true;
        if (units)
            return false;
        front = end > at ? text + at : front;
        front_size = end > at ? end - at : front_size;
        at = end + 1;
    }
    return false;
}

/* A run of several signs separates when they hardly occur outside of it ("10%,20%" is no "%,"). */
static bool stands_alone(const struct tally *tally, const struct unit *unit) {
    for (int i = 0; i < unit->size; i++) {
        uint32_t often = 0;
        for (int j = 0; j < unit->size; j++)
            often += unit->text[j] == unit->text[i];
        uint32_t here = often * unit->count;
        if (tally->total[(unsigned char)unit->text[i] & 127] > here + here / 8 + 1)
            return false;
    }
    return unit->count >= 2 && unit->count >= tally->lines / 2;
}

/* Signs beyond ASCII that are known to separate. */
static void put_wide(const char *text, size_t size, uint32_t lines, struct pf_csv_candidates *out) {
    static const char *const signs[] = {
        "\xc2\xa7",     "\xc2\xa6",     "\xc2\xac",     "\xc2\xa4",     "\xc2\xb7",
        "\xc2\xb6",     "\xc3\xbe",     "\xe2\x80\xa2", "\xe2\x80\x96", "\xe2\x94\x82",
        "\xef\xbc\x9b", "\xef\xbc\x8c", "\xef\xbd\x9c", "\xe3\x80\x81", NULL};
    bool wide = false;
    for (size_t i = 0; i < size && !wide; i++)
        wide = (unsigned char)text[i] >= 0x80;
    for (const char *const *sign = signs; wide && *sign; sign++) {
        uint32_t found = 0;
        size_t length = strlen(*sign);
        for (const char *at = text; (at = memmem(at, (size_t)(text + size - at), *sign, length)); at += length)
            found++;
        if (found && found >= lines / 2)
            put(out, *sign, length, length == 2 ? 0.9 : 0.75);
    }
}

void pf_csv_find_candidates(const char *text, size_t size, struct pf_csv_candidates *out) {
    struct tally tally;
    memset(&tally, 0, sizeof tally);
    for (int c = 0; c < 128; c++)
        tally.sign[c] = is_sign((unsigned char)c);
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && text[end] != '\n' && text[end] != '\r')
            end++;
        if (end > at)
            note_line(&tally, text + at, end - at);
        at = end + 1;
    }
    memset(out, 0, sizeof *out);
    put(out, "", 0, 1);
    for (int i = 0; i < tally.unit_count; i++) {
        if (out->count < 6 && stands_alone(&tally, &tally.units[i]) &&
            !is_decorated(text, size, &tally.units[i]))
            put(out, tally.units[i].text, tally.units[i].size, 0.95);
    }
    put_wide(text, size, tally.lines, out);
    double quick[128] = {0};
    bool taken[128] = {false};
    for (int i = 1; i < out->count; i++) /* the signs of such a run do not separate by themselves */
        for (int j = 0; j < out->form[i].delimiter_size; j++)
            taken[out->form[i].delimiter[j] & 127] = (unsigned char)out->form[i].delimiter[j] < 128;
    for (int c = 0; c < 128; c++) {
        uint16_t most = 0;
        for (int k = 1; k < BINS; k++)
            most = tally.bins[c][k] > most ? tally.bins[c][k] : most;
        if (tally.lines && prior_of((unsigned char)c) > 0 && !taken[c])
            quick[c] = (most + 0.3 * tally.with[c]) / tally.lines;
        if (quick[c] > 0 && (c == ',' || c == ';' || c == '\t' || c == '|'))
            quick[c] += 1; /* always looked at */
        else if (quick[c] < 0.2)
            quick[c] = 0;
    }
    for (int round = 0; round < 8; round++) {
        int best = 0;
        for (int c = 1; c < 128; c++)
            if (quick[c] > quick[best])
                best = c;
        if (quick[best] <= 0)
            break;
        quick[best] = 0;
        size_t length = repeats(&tally, text, size, (unsigned char)best);
        char sign[4] = {(char)best, (char)best, (char)best, (char)best};
        put(out, sign, length, prior_of((unsigned char)best));
        if (length == 1 && best > ' ' && best != ',' && tally.twos[best] > 1 &&
            tally.twos[best] + 1 >= tally.lines)
            put(out, sign, 2, 0.95); /* "12:30::13:45": it may stand in cells too */
    }
    if (tally.wide_blanks * 3 >= tally.lines && tally.wide_blanks && out->count < PF_CSV_CANDIDATES) {
        put(out, " ", 1, 0.95);
        out->form[out->count - 1].whitespace = true;
    }
}
