/* grid_display.c — room grid. A number as its format shows it.                   SPDX-License-Identifier: MIT
 * Knows: sections and their conditions, digits, thousands, percent, exponents, fractions, parts of dates and times.
 * Knows not: what a number means for a column (grid_value.c). Source: ECMA-376 Part 1 §18.8.31. */
#include "grid/grid_display.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number.h"

#define DAY_MICROS    INT64_C(86400000000)
#define SECTIONS_MOST 4
#define DAYS_MOST     2958466 /* 9999-12-31 and a day */
#define DIGITS_MOST   30

struct showing {
    char *room;
    size_t size;
    bool overflow;
};

static void put_bytes(struct showing *s, const char *bytes, size_t size) {
    if (size > PF_DISPLAY_ROOM - s->size) {
        s->overflow = true;
        return;
    }
    memcpy(s->room + s->size, bytes, size);
    s->size += size;
}
static void put_char(struct showing *s, char c) { put_bytes(s, &c, 1); }
static void put_text(struct showing *s, const char *text) { put_bytes(s, text, strlen(text)); }

/* ---- tokens ---- */

struct token {
    char kind; /* of what it stands for: the sign of a digit or part, 'x' a literal, 0 nothing */
    const char *at;
    size_t size; /* of the literal, or how often the sign stands there */
};

static bool begins(struct pf_text code, size_t at, const char *word) {
    size_t size = strlen(word);
    return code.size - at >= size &&
           pf_text_same_nocase((struct pf_text){code.at + at, size}, pf_text_of(word));
}

static size_t run_of(struct pf_text code, size_t at) {
    size_t end = at;
    while (end < code.size && pf_lower(code.at[end]) == pf_lower(code.at[at]))
        end++;
    return end - at;
}

/* [$€-407] shows its sign, [h] is an elapsed unit ('H' 'M' 'S'), the others show nothing. */
static size_t read_bracket(struct pf_text code, size_t at, struct token *t) {
    const char *end = memchr(code.at + at, ']', code.size - at);
    size_t size = end ? (size_t)(end - (code.at + at)) + 1 : code.size - at;
    struct pf_text in = {code.at + at + 1, end ? size - 2 : size - 1};
    char first = in.size ? pf_lower(in.at[0]) : 0;
    *t = (struct token){0, in.at, in.size};
    if (first == '$') {
        const char *dash = memchr(in.at, '-', in.size);
        *t = (struct token){'x', in.at + 1, (dash ? (size_t)(dash - in.at) : in.size) - 1};
    } else if ((first == 'h' || first == 'm' || first == 's') && run_of(in, 0) == in.size) {
        t->kind = (char)(first - 32);
    }
    return size;
}

/* The next token; returns the bytes used, at least 1. */
static size_t next_token(struct pf_text code, size_t at, struct token *t) {
    const char *here = code.at + at;
    size_t left = code.size - at;
    *t = (struct token){'x', here, 1};
    if (*here == '"') {
        const char *end = memchr(here + 1, '"', left - 1);
        *t = (struct token){'x', here + 1, end ? (size_t)(end - here) - 1 : left - 1};
        return end ? t->size + 2 : left;
    }
    if (*here == '\\' || *here == '_' || *here == '*') {
        size_t width = 1;
        while (1 + width < left && ((uint8_t)here[1 + width] & 0xC0) == 0x80)
            width++;
        *t = *here == '\\' ? (struct token){'x', here + 1, left > 1 ? width : 0}
                           : (struct token){*here == '_' ? 'x' : 0, " ", 1};
        return left > 1 ? 1 + width : 1;
    }
    if (*here == '[')
        return read_bracket(code, at, t);
    if (begins(code, at, "General") || begins(code, at, "AM/PM")) {
        t->kind = pf_lower(*here) == 'g' ? 'G' : 'A';
        t->size = t->kind == 'G' ? 7 : 5;
        return t->size;
    }
    if (begins(code, at, "A/P")) {
        *t = (struct token){'P', here, 3};
        return 3;
    }
    if (pf_lower(*here) == 'e' && left > 1 && (here[1] == '+' || here[1] == '-')) {
        *t = (struct token){'E', here, 2};
        return 2;
    }
    if (memchr("0#?.,%/@", *here, 8)) {
        t->kind = *here;
        return 1;
    }
    if (memchr("ymdhsbgea", pf_lower(*here), 9)) {
        *t = (struct token){pf_lower(*here), here, run_of(code, at)};
        return t->size;
    }
    return 1;
}

/* ---- sections ---- */

struct section {
    struct pf_text code;
    char compare; /* '<' '>' '=' 'l' (<=) 'g' (>=) 'n' (<>); 0: none */
    double with;
};

static void read_condition(struct section *section) {
    for (size_t at = 0; at < section->code.size;) {
        struct token t;
        const char *here = section->code.at + at;
        at += next_token(section->code, at, &t);
        if (*here != '[' || t.kind || !t.size || !memchr("<>=", t.at[0], 3))
            continue;
        bool two = t.size > 1 && memchr("=>", t.at[1], 2) && t.at[0] != '=';
        section->compare = !two ? t.at[0] : t.at[1] == '>' ? 'n' : t.at[0] == '<' ? 'l' : 'g';
        if (!pf_parse_double(t.at + 1 + two, t.size - 1 - two, '.', &section->with)) {
            int64_t whole;
            section->with = pf_parse_int64(t.at + 1 + two, t.size - 1 - two, &whole) ? (double)whole : 0;
        }
    }
}

static int split(struct pf_text code, struct section *sections) {
    int count = 0;
    for (size_t at = 0, from = 0; count < SECTIONS_MOST;) {
        struct token t;
        if (at < code.size && code.at[at] != ';') {
            at += next_token(code, at, &t);
            continue;
        }
        sections[count] = (struct section){.code = {code.at + from, at - from}};
        read_condition(&sections[count++]);
        if (at >= code.size)
            break;
        from = ++at;
    }
    return count;
}

static bool holds(const struct section *section, double number) {
    switch (section->compare) {
    case '<': return number < section->with;
    case '>': return number > section->with;
    case '=': return number == section->with;
    case 'l': return number <= section->with;
    case 'g': return number >= section->with;
    case 'n': return number != section->with;
    default: return true;
    }
}

/* The section that shows the number; *sign: a minus stands in front of it. */
static struct pf_text choose(struct pf_text code, double number, bool *sign) {
    struct section s[SECTIONS_MOST];
    int count = split(code, s);
    *sign = number < 0;
    if (count > 3)
        count = 3; /* the last one is for texts */
    if (count && (s[0].compare || (count > 1 && s[1].compare))) {
        for (int i = 0; i < count; i++)
            if ((s[i].compare || i + 1 == count) && holds(&s[i], number)) {
                *sign &= i + 1 == count || !(s[i].compare == '<' && s[i].with <= 0);
                return s[i].code;
            }
        return s[count - 1].code;
    }
    if (count > 1 && number < 0) {
        *sign = false;
        return s[1].code;
    }
    return number == 0 && count == 3 ? s[2].code : count ? s[0].code : (struct pf_text){"", 0};
}

/* ---- General ---- */

/* At most 11 characters, as in a cell of the usual width. */
static void put_general(struct showing *s, double number) {
    char text[64];
    int size = 0;
    for (int digits = 10; digits > 0; digits--) {
        size = snprintf(text, sizeof text, "%.*g", fabs(number) >= 1e10 && fabs(number) < 1e11 ? 11 : digits,
                        number);
        if (size <= 11 + (number < 0))
            break;
    }
    char *exponent = strchr(text, 'e');
    if (exponent)
        *exponent = 'E';
    put_bytes(s, text, (size_t)size);
}

/* ---- numbers ---- */

struct shape {
    int whole, places, power; /* places of digits before and behind the point, and of the exponent */
    int percents, thousands;  /* how often to multiply and divide */
    bool groups, point, exponent, fraction;
};

static struct shape shape_of(struct pf_text code) {
    struct shape shape = {0};
    int commas = 0;
    for (size_t at = 0; at < code.size;) {
        struct token t;
        at += next_token(code, at, &t);
        bool digit = t.kind == '0' || t.kind == '#' || t.kind == '?';
        if (digit && shape.exponent)
            shape.power++;
        else if (digit && shape.point)
            shape.places++;
        else if (digit) {
            shape.groups |= commas > 0 && shape.whole > 0;
            commas = 0;
            shape.whole++;
        }
        commas += t.kind == ',' && !shape.exponent;
        if ((t.kind == '.' || t.kind == 'E') && !shape.point) {
            shape.thousands += commas;
            commas = 0;
        }
        shape.point |= t.kind == '.';
        shape.exponent |= t.kind == 'E';
        shape.fraction |= t.kind == '/';
        shape.percents += t.kind == '%';
    }
    shape.thousands += commas;
    if (!shape.whole && !shape.places)
        shape.thousands = 0;
    return shape;
}

struct digits {
    char whole[340], part[DIGITS_MOST + 1];
    int whole_size, part_size; /* part_size: without zeros at the end */
};

static void spell_digits(double number, int places, struct digits *d) {
    char text[400];
    if (number != floor(number))
        number *= 1 + 4 * DBL_EPSILON; /* 1.005, which is stored as a little less, is shown as 1.01 */
    places = places < DIGITS_MOST ? places : DIGITS_MOST;
    int size = snprintf(text, sizeof text, "%.*f", places, number);
    d->whole_size = places ? size - places - 1 : size;
    memcpy(d->whole, text, (size_t)d->whole_size);
    memcpy(d->part, text + size - places, (size_t)places);
    d->part_size = places;
    while (d->part_size && d->part[d->part_size - 1] == '0')
        d->part_size--;
    if (d->whole_size == 1 && d->whole[0] == '0')
        d->whole_size = 0;
}

static void put_group(struct showing *s, const struct shape *shape, int position) {
    if (shape->groups && position > 0 && position % 3 == 0)
        put_char(s, ',');
}

/* The digits that stand at one sign before the point; the first one has all that are in front, too. */
static void put_whole(struct showing *s, const struct shape *shape, const struct digits *d, int index,
                      char sign) {
    int position = shape->whole - 1 - index;
    for (int p = d->whole_size - 1; index == 0 && p > position; p--) {
        put_char(s, d->whole[d->whole_size - 1 - p]);
        put_group(s, shape, p);
    }
    if (position < d->whole_size)
        put_char(s, d->whole[d->whole_size - 1 - position]);
    else if (sign != '#')
        put_char(s, sign == '0' ? '0' : ' ');
    if (position < d->whole_size || sign == '0')
        put_group(s, shape, position);
}

static void put_part(struct showing *s, const struct digits *d, int index, char sign) {
    if (index < d->part_size || (sign == '0' && index < DIGITS_MOST))
        put_char(s, d->part[index]);
    else if (sign == '?')
        put_char(s, ' ');
}

static int power_of(double number, const struct shape *shape) {
    int step = shape->whole ? shape->whole : 1, power = number > 0 ? (int)floor(log10(number)) : 0;
    power = step > 1 ? (int)floor((double)power / step) * step : power;
    double most = pow(10, step), unit = pow(10, shape->places < DIGITS_MOST ? shape->places : DIGITS_MOST);
    return round(number / pow(10, power) * unit) / unit >= most ? power + step : power; /* 9.99 as 1.0E+1 */
}

static void put_power(struct showing *s, const struct shape *shape, int power, char sign) {
    char text[16];
    if (power < 0 || sign == '+')
        put_char(s, power < 0 ? '-' : '+');
    snprintf(text, sizeof text, "%0*d", shape->power < 8 ? shape->power : 8, power < 0 ? -power : power);
    put_text(s, text);
}

/* false: it is too large or too small to be spelled so. */
static bool put_number(struct showing *s, struct pf_text code, double number) {
    struct shape shape = shape_of(code);
    struct digits d;
    int power = 0, whole = 0, part = 0, of_power = 0;
    bool behind = false, exponent = false;
    number *= pow(100, shape.percents) / pow(1000, shape.thousands);
    if (shape.exponent)
        number /= pow(10, power = power_of(number, &shape));
    if (!isfinite(number))
        return false;
    spell_digits(number, shape.places, &d);
    for (size_t at = 0; at < code.size;) {
        struct token t;
        at += next_token(code, at, &t);
        bool digit = t.kind == '0' || t.kind == '#' || t.kind == '?';
        if (digit && exponent) {
            if (of_power++ == 0)
                put_power(s, &shape, power, code.at[at - 2]);
        } else if (digit && behind) {
            put_part(s, &d, part++, t.kind);
        } else if (digit) {
            put_whole(s, &shape, &d, whole++, t.kind);
        } else if (t.kind == '.' || t.kind == '%') {
            if (t.kind == '.' && !behind && shape.whole == 0 && d.whole_size)
                put_bytes(s, d.whole, (size_t)d.whole_size);
            put_char(s, t.kind);
        } else if (t.kind == 'G') {
            put_general(s, number);
        } else if (t.kind == 'E') {
            put_char(s, 'E');
        } else if (t.kind == 'x' || (t.kind && t.kind != ',' && t.kind != '@')) {
            put_bytes(s, t.at, t.size);
        }
        behind |= t.kind == '.';
        exponent |= t.kind == 'E';
    }
    return true;
}

/* ---- fractions ---- */

/* The nearest fraction with a denominator up to most: continued fractions. */
static void approximate(double number, int64_t most, int64_t *above, int64_t *below) {
    int64_t a0 = 0, a1 = 1, b0 = 1, b1 = 0;
    double rest = number;
    for (int i = 0; i < 40; i++) {
        double whole = floor(rest);
        int64_t a = (int64_t)whole * a1 + a0, b = (int64_t)whole * b1 + b0;
        if (b > most)
            break;
        a0 = a1, a1 = a;
        b0 = b1, b1 = b;
        if (rest - whole < 1e-10)
            break;
        rest = 1 / (rest - whole);
    }
    *above = a1;
    *below = b1;
}

/* "# ?/?", "?/8": what stands in front of the numerator shows the whole part. */
static bool put_fraction(struct showing *s, struct pf_text code, double number) {
    int before = 0, above_signs = 0, below_signs = 0;
    int64_t fixed = 0, above, below;
    bool behind = false, mixed = false;
    for (size_t at = 0; at < code.size;) {
        struct token t;
        size_t used = next_token(code, at, &t);
        bool digit = t.kind == '0' || t.kind == '#' || t.kind == '?';
        char c = code.at[at];
        if (behind && c >= '1' && c <= '9' && !below_signs)
            for (used = 0; at + used < code.size && pf_is_digit(code.at[at + used]); used++)
                fixed = fixed < 100000 ? fixed * 10 + (code.at[at + used] - '0') : fixed;
        else if (digit && behind)
            below_signs++;
        else if (digit)
            above_signs++;
        else if (!behind && t.kind == 'x' && above_signs) {
            before += above_signs;
            above_signs = 0;
            mixed = true;
        }
        behind |= t.kind == '/';
        at += used;
    }
    if (!(number < 1e9) || (!fixed && !below_signs) || !above_signs)
        return false;
    double whole = mixed ? floor(number) : 0;
    int64_t most = below_signs == 1 ? 9 : below_signs == 2 ? 99 : 999;
    if (fixed) {
        below = fixed;
        above = llround((number - whole) * (double)fixed);
    } else {
        approximate(number - whole, most, &above, &below);
    }
    if (mixed && above == below) {
        whole++;
        above = 0;
    }
    char text[80];
    if (mixed && above == 0)
        snprintf(text, sizeof text, "%.0f", whole);
    else if (mixed && whole > 0)
        snprintf(text, sizeof text, "%.0f %lld/%lld", whole, (long long)above, (long long)below);
    else
        snprintf(text, sizeof text, "%lld/%lld", (long long)above, (long long)below);
    put_text(s, text);
    return before >= 0;
}

/* ---- dates and times ---- */

struct moment {
    int64_t year;
    int month, day, weekday;
    int64_t micros;  /* of the day */
    int64_t elapsed; /* in all */
    bool halves;     /* AM and PM */
    int places;      /* of the seconds */
};

/* What a code asks of a moment before it can be split. */
static void look_at(struct pf_text code, struct moment *m, bool *has_seconds) {
    bool point = false;
    *has_seconds = false;
    for (size_t at = 0; at < code.size;) {
        struct token t;
        at += next_token(code, at, &t);
        m->halves |= t.kind == 'A' || t.kind == 'P';
        *has_seconds |= t.kind == 's' || t.kind == 'S';
        if (point && t.kind == '0' && *has_seconds)
            m->places++;
        point |= t.kind == '.';
    }
    m->places = m->places < 6 ? m->places : 6;
}

static bool split_moment(double number, bool date1904, struct moment *m) {
    if (!(number < DAYS_MOST))
        return false;
    static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    int64_t unit = units[m->places], micros = llround(number * 86400000) * 1000;
    m->elapsed = (micros + unit / 2) / unit * unit;
    int32_t days;
    int64_t rest;
    if (!pf_grid_serial((double)m->elapsed / (double)DAY_MICROS, date1904, &days, &rest))
        return false;
    m->micros = m->elapsed % DAY_MICROS;
    pf_civil_from_days(days, &m->year, &m->month, &m->day);
    int64_t serial = m->elapsed / DAY_MICROS;
    m->weekday = (int)((date1904 ? serial + 5 : serial + 6) % 7); /* Sunday is 0 */
    if (!date1904 && serial == 60) {                              /* what never was */
        m->month = 2;
        m->day = 29;
    } else if (!date1904 && serial == 0) {
        m->year = 1900;
        m->month = 1;
        m->day = 0;
    }
    return true;
}

static void put_padded(struct showing *s, int64_t value, size_t width) {
    char text[32];
    snprintf(text, sizeof text, "%0*lld", (int)(width < 9 ? width : 9), (long long)value);
    put_text(s, text);
}

static void put_name(struct showing *s, const char *name, size_t signs) {
    put_bytes(s, name, signs == 3 ? 3 : signs == 5 ? 1 : strlen(name));
}

static void put_date_part(struct showing *s, const struct moment *m, const struct token *t) {
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
    if (t->kind == 'y' || t->kind == 'e')
        put_padded(s, t->size > 2 || t->kind == 'e' ? m->year : m->year % 100,
                   t->size > 2 || t->kind == 'e' ? 4 : 2);
    else if (t->kind == 'b')
        put_padded(s, t->size > 2 ? m->year + 543 : (m->year + 543) % 100, t->size > 2 ? 4 : 2);
    else if (t->kind == 'm' && t->size > 2)
        put_name(s, months[m->month - 1], t->size);
    else if (t->kind == 'm')
        put_padded(s, m->month, t->size);
    else if ((t->kind == 'd' && t->size > 2) || t->kind == 'a')
        put_name(s, days[m->weekday], t->size == 3 ? 3 : 4);
    else if (t->kind == 'd')
        put_padded(s, m->day, t->size);
}

static void put_time_part(struct showing *s, const struct moment *m, const struct token *t, bool minutes) {
    int64_t seconds = m->micros / 1000000, hours = seconds / 3600;
    if (t->kind == 'h')
        put_padded(s, m->halves ? (hours + 11) % 12 + 1 : hours, t->size);
    else if (t->kind == 'm' && minutes)
        put_padded(s, seconds / 60 % 60, t->size);
    else if (t->kind == 's')
        put_padded(s, seconds % 60, t->size);
    else if (t->kind == 'H')
        put_padded(s, m->elapsed / INT64_C(3600000000), t->size);
    else if (t->kind == 'M')
        put_padded(s, m->elapsed / 60000000, t->size);
    else if (t->kind == 'S')
        put_padded(s, m->elapsed / 1000000, t->size);
    else if (t->kind == 'A')
        put_text(s, hours < 12 ? "AM" : "PM");
    else if (t->kind == 'P')
        put_text(s, hours < 12 ? "A" : "P");
}

/* An m is minutes behind hours and before seconds. */
static bool is_minutes(struct pf_text code, size_t behind, char before) {
    if (before == 'h' || before == 'H')
        return true;
    for (size_t at = behind; at < code.size;) {
        struct token t;
        at += next_token(code, at, &t);
        if (t.kind && memchr("ymdhsbgeaHMSAP", t.kind, 14))
            return t.kind == 's' || t.kind == 'S';
    }
    return false;
}

static bool put_moment(struct showing *s, struct pf_text code, double number, bool date1904) {
    struct moment m = {0};
    bool has_seconds;
    char before = 0;
    look_at(code, &m, &has_seconds);
    if (!split_moment(number, date1904, &m))
        return false;
    for (size_t at = 0; at < code.size;) {
        struct token t;
        at += next_token(code, at, &t);
        bool part = t.kind && memchr("ymdhsbgeaHMSAP", t.kind, 14);
        bool time = part && (memchr("hsHMSAP", t.kind, 7) ||
                             (t.kind == 'm' && t.size < 3 && is_minutes(code, at, before)));
        if (time)
            put_time_part(s, &m, &t, true);
        else if (part)
            put_date_part(s, &m, &t);
        else if (t.kind == '.' && has_seconds && m.places) {
            char text[16];
            snprintf(text, sizeof text, ".%06lld", (long long)(m.micros % 1000000));
            put_bytes(s, text, (size_t)m.places + 1);
        } else if (t.kind == 'x' || t.kind == '.' || t.kind == ',' || t.kind == '/' || t.kind == '%')
            put_bytes(s, t.at, t.size);
        if (part)
            before = t.kind;
    }
    return true;
}

/* ---- all of it ---- */

struct pf_text pf_grid_display(struct pf_text code, double number, bool date1904, char room[PF_DISPLAY_ROOM]) {
    struct showing s = {.room = room};
    bool sign, done = true;
    struct pf_text section = choose(code, number, &sign);
    uint8_t kind = pf_grid_format_parse(section.at, section.size).kind;
    if (code.size == 0 || !isfinite(number)) {
        done = false;
    } else if (kind >= PF_FORMAT_DATE) {
        if (sign && kind == PF_FORMAT_DURATION)
            put_char(&s, '-');
        done = (!sign || kind == PF_FORMAT_DURATION) && put_moment(&s, section, fabs(number), date1904);
    } else {
        bool general = kind == PF_FORMAT_TEXT;
        if (sign)
            put_char(&s, '-');
        if (general)
            put_general(&s, fabs(number));
        else if (shape_of(section).fraction)
            done = put_fraction(&s, section, fabs(number));
        else
            done = put_number(&s, section, fabs(number));
    }
    if (!done || s.overflow) {
        s = (struct showing){.room = room};
        put_general(&s, number);
    }
    return (struct pf_text){room, s.size};
}

bool pf_grid_display_cell(const struct pf_grid_book *book, bool date1904, const struct pf_cell *cell,
                          char room[PF_DISPLAY_ROOM], struct pf_text *text) {
    uint16_t code = cell->style < book->format_count ? book->formats[cell->style].code : 0;
    double number = cell->value.number, epoch = date1904 ? 24107 : 25569;
    if (cell->kind == PF_CELL_DATE)
        number = (double)cell->value.whole + epoch;
    else if (cell->kind == PF_CELL_STAMP)
        number = (double)cell->value.whole / (double)DAY_MICROS + epoch;
    else if (cell->kind == PF_CELL_ELAPSED)
        number = (double)cell->value.whole / (double)DAY_MICROS;
    else if (cell->kind != PF_CELL_NUMBER)
        return false;
    if (cell->kind != PF_CELL_NUMBER && !code)
        return false; /* its own spelling says more than a number would */
    *text = pf_grid_display(pf_grid_codes_text(book->codes, code), number, date1904, room);
    return true;
}
