/* csv_kind.c — room read/csv. What a cell looks like.                             SPDX-License-Identifier: MIT
 * Knows: shapes of numbers, dates, times, words, links.
 * Knows not: values, columns, dialects: a guess for the survey's guesses. */
#include "read/csv/csv_kind.h"

#include "base/text.h"

static bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool is_wide(char c) { return (unsigned char)c >= 0x80; }

/* words: in lower case. */
static bool is_one_of(struct pf_text text, const char *const *words) {
    for (; *words; words++)
        if (pf_lower(text.at[0]) == **words && pf_text_same_nocase(text, pf_text_of(*words)))
            return true;
    return false;
}

static bool is_missing(struct pf_text text) {
    static const char *const words[] = {
        "na", "n/a", "null", "none", "nan",     "nil",          "#n/a",         "-", "--", "---", ".",
        "..", "?",   "\\n",  "n.a.", "missing", "\xe2\x80\x93", "\xe2\x80\x94", NULL};
    char first = pf_lower(text.at[0]);
    if (text.size > 7 ||
        !(first == 'n' || first == 'm' || first < '0' || first > 'z' || first == '?' || first == '\\'))
        return false;
    size_t stars = 0;
    while (stars < text.size && text.at[stars] == '*')
        stars++;
    return (stars == text.size && stars > 1) || is_one_of(text, words);
}

static size_t count_digits(struct pf_text text, size_t from) {
    size_t i = from;
    while (i < text.size && pf_is_digit(text.at[i]))
        i++;
    return i - from;
}

/* h:mm, hh:mm:ss, with fraction, AM/PM, zone: the bytes it takes, 0 none. */
static size_t match_time(struct pf_text text, size_t from) {
    size_t i = from, n = count_digits(text, i);
    if (n < 1 || n > 3 || i + n >= text.size || text.at[i + n] != ':' || count_digits(text, i + n + 1) != 2)
        return 0;
    i += n + 3;
    if (i < text.size && text.at[i] == ':' && count_digits(text, i + 1) == 2)
        i += 3;
    if (i + 1 < text.size && (text.at[i] == '.' || text.at[i] == ',') && (n = count_digits(text, i + 1)))
        i += n + 1;
    while (i < text.size && text.at[i] == ' ')
        i++;
    if (i + 1 < text.size && pf_lower(text.at[i + 1]) == 'm' &&
        (pf_lower(text.at[i]) == 'a' || pf_lower(text.at[i]) == 'p'))
        i += 2;
    if (i < text.size && (text.at[i] == 'Z' || text.at[i] == 'z'))
        i++;
    else if (i < text.size && (text.at[i] == '+' || text.at[i] == '-') &&
             (n = count_digits(text, i + 1)) >= 2) {
        i += n + 1;
        if (i < text.size && text.at[i] == ':' && count_digits(text, i + 1) == 2)
            i += 3;
    } else if (text.size - i >= 3 &&
               (pf_text_same_nocase((struct pf_text){text.at + i, 3}, pf_text_of("utc")) ||
                pf_text_same_nocase((struct pf_text){text.at + i, 3}, pf_text_of("gmt"))))
        i += 3;
    return i - from;
}

static bool is_month(struct pf_text text) {
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
                                         "sep", "oct", "nov", "dec", "mai", "mrz", "okt", "dez",
                                         "ene", "abr", "ago", "dic", "fev", "avr", NULL};
    return text.size >= 3 && text.size <= 9 && is_one_of((struct pf_text){text.at, 3}, months);
}

/* Three groups with one separator, or a month's name among two numbers; a time may follow. */
static bool is_date(struct pf_text text) {
    size_t group[3] = {0}, i = 0;
    int groups = 0, names = 0;
    char separator = 0;
    for (; groups < 3; groups++) {
        size_t n = count_digits(text, i), letters = 0;
        while (n == 0 && i + letters < text.size && is_letter(text.at[i + letters]))
            letters++;
        if (letters && is_month((struct pf_text){text.at + i, letters}))
            names++;
        else if (n == 0 || n > 4 || n == 3)
            return false;
        group[groups] = n;
        i += n + letters;
        if (groups == 2)
            break;
        if (i >= text.size || (separator && names == 0 && text.at[i] != separator))
            return false;
        separator = text.at[i];
        if (separator != '-' && separator != '/' && separator != '.' && separator != ' ' &&
            !(separator == ',' && (names || letters)))
            return false;
        i++;
        if (i < text.size && text.at[i] == ' ' && (separator == ',' || separator == '.'))
            i++;
    }
    if (names > 1 || (!names && separator == ' ') || (group[0] == 4) + (group[1] == 4) + (group[2] == 4) > 1 ||
        group[1] == 4)
        return false;
    if (i == text.size)
        return true;
    if (text.at[i] != ' ' && text.at[i] != 'T' && text.at[i] != ',')
        return false;
    for (i++; i < text.size && text.at[i] == ' ';)
        i++;
    size_t time = match_time(text, i);
    return time && i + time == text.size;
}

/* Digits in groups: 1.234.567,89 · 1 234 · 1'234.5 · 12,34,567.8 · 1,5; sign and exponent are off. */
static struct pf_csv_digits judge_digits(struct pf_text text) {
    struct pf_csv_digits out = {0};
    char first = 0, last = 0;
    size_t marks = 0, run = 0, head = 0, digits = 0;
    bool firm = true; /* all groups between marks have three (or two: India) digits */
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (pf_is_digit(c)) {
            run++, digits++;
            continue;
        }
        if ((c != ',' && c != '.' && c != ' ' && c != '\'') || (marks && last != first) || (!run && marks) ||
            ((c == ' ' || c == '\'') && (!run || i + 1 == text.size)))
            return out;
        if (!marks)
            first = c, head = run;
        else if (c == first ? run != 3 && !(run == 2 && c == ',') : run != 3)
            firm = false;
        last = c;
        marks++, run = 0;
    }
    if (!digits)
        return out;
    size_t tail = run;
    if (!marks) {
        out.is_number = true;
    } else if (last != first) { /* two signs: the first groups, the second is the decimal sign */
        if (!firm || head == 0 || head > 3 || last == ' ' || last == '\'')
            return out;
        out = (struct pf_csv_digits){true, last == ',', last == '.', first};
    } else if (marks > 1) {
        if (!firm || tail != 3 || head == 0 || head > 3)
            return out;
        out = (struct pf_csv_digits){true, false, false, first};
    } else if (first == ' ' || first == '\'') {
        if (tail == 3 && head <= 3)
            out = (struct pf_csv_digits){true, false, false, first};
    } else {
        bool open = tail == 3 && head >= 1 && head <= 3 && !(head == 1 && text.at[0] == '0');
        out = (struct pf_csv_digits){true, first == ',' && !open, first == '.' && !open, 0};
    }
    return out;
}

static struct pf_text strip_sign(struct pf_text text) {
    if (text.size && (text.at[0] == '-' || text.at[0] == '+'))
        text.at++, text.size--;
    else if (text.size > 3 && memcmp(text.at, "\xe2\x88\x92", 3) == 0)
        text.at += 3, text.size -= 3;
    return text;
}

struct pf_csv_digits pf_csv_digits_of(const char *text, size_t size) {
    struct pf_text cell = strip_sign(pf_text_trim((struct pf_text){text, size}));
    if (cell.size > 48)
        return (struct pf_csv_digits){0};
    for (size_t i = 1; i + 1 < cell.size; i++) /* the exponent decides nothing, but must be one */
        if (cell.at[i] == 'e' || cell.at[i] == 'E') {
            struct pf_text power = strip_sign((struct pf_text){cell.at + i + 1, cell.size - i - 1});
            if (!power.size || count_digits(power, 0) != power.size)
                return (struct pf_csv_digits){0};
            cell.size = i;
        }
    return judge_digits(cell);
}

/* Takes currency, percent and brackets off both ends; true when there was something. */
static bool strip_money(struct pf_text *text) {
    static const char *const marks[] = {"$",   "%",   "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5",     "USD",
                                        "EUR", "GBP", "CHF",          "kr",       "\xe2\x82\xb9", NULL};
    bool found = false;
    *text = strip_sign(*text);
    if (text->size > 2 && text->at[0] == '(' && text->at[text->size - 1] == ')')
        text->at++, text->size -= 2, found = true;
    for (const char *const *mark = marks; *mark; mark++) {
        size_t n = strlen(*mark);
        if (text->size > n && memcmp(text->at, *mark, n) == 0)
            text->at += n, text->size -= n, found = true;
        else if (text->size > n && memcmp(text->at + text->size - n, *mark, n) == 0)
            text->size -= n, found = true;
    }
    *text = strip_sign(pf_text_trim(*text));
    return found;
}

/* scheme://…, www.…, or name@host.tld */
static bool is_link(struct pf_text text) {
    size_t dots = 0, at = 0, scheme = 0, hashes = 0;
    while (scheme < text.size && scheme < 8 && is_letter(text.at[scheme]))
        scheme++;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if ((unsigned char)c <= ' ' || c == '"' || c == ';' || c == '|' || c == '<' || c == '*' || c == '^')
            return false;
        dots += c == '.';
        at += c == '@';
        hashes += c == '#';
    }
    if (hashes > 1)
        return false;
    if ((text.size > scheme + 3 && memcmp(text.at + scheme, "://", 3) == 0) ||
        (text.size > 4 && memcmp(text.at, "www.", 4) == 0))
        return true;
    return at == 1 && dots >= 1 && text.at[0] != '@' && text.at[text.size - 1] != '.' &&
           !memchr(text.at, ',', text.size) && !memchr(text.at, ':', text.size) &&
           !memchr(text.at, '#', text.size);
}

/* Text: does what separates cells elsewhere stand in it? A comma or semicolon that a blank follows is prose. */
static enum pf_csv_kind judge_text(struct pf_text text) {
    bool blanks = false, letters = false, list = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        char next = i + 1 < text.size ? text.at[i + 1] : ' ';
        if (is_letter(c) || is_wide(c) || pf_is_digit(c)) {
            letters = true;
            continue;
        }
        if (c == ' ' || c == '\n' || c == '\r')
            blanks = true;
        else if (c == '\t' || c == '|' || c == '"' || c == '^' || c == '~' || (unsigned char)c < ' ')
            return PF_KIND_MESS;
        else if ((c == ',' || c == ';' || c == ':') && i + 1 == text.size && !blanks)
            return PF_KIND_MESS; /* a word with what parts words */
        else if (c == ';' && next == ' ')
            list = blanks = true;
        else if ((c == '#' || c == '!' || c == '=') && i && text.at[i - 1] != ' ' && next != ' ')
            return PF_KIND_MESS;
        else if (c == '*' && i && text.at[i - 1] != ' ' && text.at[i - 1] != '*')
            return PF_KIND_MESS;
        else if ((c == ',' || c == ';' || c == ':') && next != ' ' && next != '\n' && next != '/' &&
                 next != '\\' && !(c != ';' && i && pf_is_digit(text.at[i - 1]) && pf_is_digit(next)))
            return PF_KIND_MESS;
    }
    if (!letters)
        return PF_KIND_MESS;
    return list ? PF_KIND_LIST : blanks ? PF_KIND_TEXT : PF_KIND_WORD;
}

/* Blanks, tabs and no-break spaces off both ends. */
static struct pf_text trim_all(struct pf_text text) {
    for (;;) {
        text = pf_text_trim(text);
        if (text.size > 1 && memcmp(text.at, "\xc2\xa0", 2) == 0)
            text.at += 2, text.size -= 2;
        else if (text.size > 1 && memcmp(text.at + text.size - 2, "\xc2\xa0", 2) == 0)
            text.size -= 2;
        else
            return text;
    }
}

enum pf_csv_kind pf_csv_kind_of(const char *text, size_t size) {
    static const char *const bools[] = {"true", "false", "yes", "no", "wahr", "falsch", "vrai", "faux", NULL};
    struct pf_text cell = trim_all((struct pf_text){text, size});
    if (!cell.size)
        return PF_KIND_EMPTY;
    if (cell.size > 200)
        return judge_text((struct pf_text){cell.at, 200});
    if (is_missing(cell))
        return PF_KIND_MISSING;
    char head = cell.at[0];
    if (pf_is_digit(head) || head == '-' || head == '+' || head == '.' || head == ',' || head == '(' ||
        head == '$' || is_wide(head) || pf_is_digit(cell.at[cell.size - 1]) || cell.at[cell.size - 1] == 'Z') {
        struct pf_csv_digits digits = pf_csv_digits_of(cell.at, cell.size);
        if (digits.is_number && !digits.comma_decimal && !digits.thousands && !memchr(cell.at, ',', cell.size))
            return PF_KIND_NUMBER;
        if (digits.is_number)
            return digits.thousands == ',' || digits.point_decimal ? PF_KIND_MONEY : PF_KIND_COMMA;
        struct pf_text bare = cell;
        bool plain = pf_is_digit(head) && pf_is_digit(cell.at[cell.size - 1]);
        if (!plain && strip_money(&bare) && pf_csv_digits_of(bare.at, bare.size).is_number)
            return PF_KIND_MONEY;
        if (cell.size <= 48 && is_date(cell))
            return PF_KIND_DATE;
        if (cell.size <= 24 && match_time(cell, 0) == cell.size)
            return PF_KIND_TIME;
    } else if (cell.size <= 48 && is_date(cell))
        return PF_KIND_DATE;
    if (cell.size <= 6 && is_one_of(cell, bools))
        return PF_KIND_BOOL;
    if (is_link(cell))
        return PF_KIND_LINK;
    return judge_text(cell);
}

double pf_csv_kind_worth(enum pf_csv_kind kind) {
    switch (kind) {
    case PF_KIND_EMPTY: return 0.75;
    case PF_KIND_MESS: return 0.25;
    case PF_KIND_LIST: return 0.6;
    case PF_KIND_TEXT: return 0.85;
    case PF_KIND_WORD: return 0.9;
    case PF_KIND_MISSING:
    case PF_KIND_NUMBER:
    case PF_KIND_COMMA:
    case PF_KIND_MONEY:
    case PF_KIND_DATE:
    case PF_KIND_TIME:
    case PF_KIND_BOOL:
    case PF_KIND_LINK: break;
    }
    return 1;
}
