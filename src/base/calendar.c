/* calendar.c — room base. Civil dates, times, ISO 8601; reading and printing them. SPDX-License-Identifier: MIT
 * Knows: the proleptic Gregorian calendar, 400 years of 146,097 days.
 * Knows not: time zones with names, the process's zone, locales. */
#include "base/calendar.h"

#include "base/days.h"
#include "base/number.h"
#include "base/text.h"

#define DAY_SECONDS  86400
#define FIRST_SECOND (-62135596800) /* 0001-01-01T00:00:00 */
#define LAST_SECOND  253402300799   /* 9999-12-31T23:59:59 */

int64_t pf_days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void pf_civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153; /* from March */
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}

bool pf_days_of_other(uint32_t year, uint32_t month, uint32_t day, int32_t *days) {
    static const uint8_t longest[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year == 0 || month > 12 || day - 1 >= longest[month])
        return false;
    if (day == 29 && month == 2 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return false;
    *days = (int32_t)pf_days_from_civil(year, (int)month, (int)day);
    return true;
}

bool pf_civil_valid(int64_t year, int month, int day) {
    int32_t days;
    return year >= 1 && year <= 9999 && month >= 1 && day >= 1 &&
           pf_days_of((uint32_t)year, (uint32_t)month, (uint32_t)day, &days);
}

/* One or two digits; 0: none. */
static size_t read_short(const char *text, size_t size, uint32_t *value) {
    if (size == 0 || !pf_is_digit(text[0]))
        return 0;
    *value = (uint32_t)(text[0] - '0');
    if (size == 1 || !pf_is_digit(text[1]))
        return 1;
    *value = *value * 10 + (uint32_t)(text[1] - '0');
    return 2;
}

/* The date at the front; returns its length, 0: none. */
static size_t read_date(const char *text, size_t size, int order, int32_t *days) {
    if (order == PF_DATE_ISO)
        return size >= 10 && pf_iso_date(text, days) ? 10 : 0;
    uint32_t first, second, year = 0;
    size_t at = read_short(text, size, &first);
    if (at == 0 || at == size || (text[at] != '/' && text[at] != '.' && text[at] != '-'))
        return 0;
    char separator = text[at++];
    size_t n = read_short(text + at, size - at, &second);
    at += n;
    if (n == 0 || size - at < 5 || text[at++] != separator)
        return 0;
    for (int i = 0; i < 4; i++, at++) {
        if (!pf_is_digit(text[at]))
            return 0;
        year = year * 10 + (uint32_t)(text[at] - '0');
    }
    uint32_t day = order == PF_DATE_DMY ? first : second, month = order == PF_DATE_DMY ? second : first;
    return pf_days_of(year, month, day, days) ? at : 0;
}

bool pf_parse_date(const char *text, size_t size, int order, int32_t *days) {
    return size && read_date(text, size, order, days) == size;
}

/* HH:MM[:SS[.fraction]] at the front, the hour of one digit when short_hour; returns its length, 0: none. */
static size_t read_time(const char *text, size_t size, bool short_hour, uint32_t *seconds, int32_t *nanos,
                        int *digits) {
    uint32_t hour, minute, second = 0;
    *nanos = 0;
    *digits = 0;
    size_t at = read_short(text, size, &hour);
    if (at < 2 - (size_t)short_hour || size < at + 3 || text[at] != ':' ||
        read_short(text + at + 1, 2, &minute) != 2)
        return 0;
    at += 3;
    if (size > at && text[at] == ':') {
        if (size < at + 3 || read_short(text + at + 1, 2, &second) != 2)
            return 0;
        at += 3;
        if (size > at && text[at] == '.') {
            at++;
            for (; at < size && pf_is_digit(text[at]); at++) {
                if (++*digits > 9)
                    return 0;
                *nanos = *nanos * 10 + (text[at] - '0');
            }
            if (*digits == 0)
                return 0;
            for (int i = *digits; i < 9; i++)
                *nanos *= 10;
        }
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60 ? at : 0;
}

bool pf_parse_time(const char *text, size_t size, int64_t *nanos, int *digits) {
    uint32_t seconds;
    int32_t fraction;
    if (size == 0 || read_time(text, size, false, &seconds, &fraction, digits) != size)
        return false;
    *nanos = (int64_t)seconds * 1000000000 + fraction;
    return true;
}

/* Z, ±HH, ±HHMM, ±HH:MM: whole text; seconds east. */
static bool read_zone(const char *text, size_t size, int32_t *east) {
    *east = 0;
    if (size == 1)
        return text[0] == 'Z';
    uint32_t hour, minute = 0;
    if (size < 3 || (text[0] != '+' && text[0] != '-') || read_short(text + 1, 2, &hour) != 2)
        return false;
    size_t at = 3;
    if (size > at) {
        at += text[at] == ':';
        if (size - at != 2 || read_short(text + at, 2, &minute) != 2)
            return false;
    }
    *east = (int32_t)(hour * 3600 + minute * 60) * (text[0] == '-' ? -1 : 1);
    return hour < 24 && minute < 60;
}

bool pf_parse_timestamp(const char *text, size_t size, int order, struct pf_instant *value) {
    int32_t days, nanos, east = 0;
    uint32_t seconds;
    int digits;
    size_t at = size ? read_date(text, size, order, &days) : 0;
    if (at == 0 || at == size || (text[at] != 'T' && text[at] != ' '))
        return false;
    at++;
    size_t n = read_time(text + at, size - at, order != PF_DATE_ISO, &seconds, &nanos, &digits);
    if (n == 0)
        return false;
    at += n;
    value->zoned = at < size;
    if (value->zoned && !read_zone(text + at, size - at, &east))
        return false;
    value->seconds = (int64_t)days * DAY_SECONDS + seconds - east;
    value->nanos = nanos;
    value->digits = (int8_t)digits;
    return value->seconds >= FIRST_SECOND && value->seconds <= LAST_SECOND;
}

/* At least `width` digits, zeros in front. */
static size_t print_padded(uint64_t value, size_t width, char *to) {
    char digits[20];
    size_t n = pf_print_uint64(value, digits), used = 0;
    for (; used + n < width; used++)
        to[used] = '0';
    memcpy(to + used, digits, n);
    return used + n;
}

/* .fraction, cut to that many digits (0–9). */
static size_t print_fraction(uint32_t nanos, int digits, char *to) {
    if (digits <= 0)
        return 0;
    char all[20];
    size_t n = (size_t)(digits < 9 ? digits : 9);
    print_padded(nanos, 9, all);
    to[0] = '.';
    memcpy(to + 1, all, n);
    return n + 1;
}

/* H…H:MM:SS */
static size_t print_clock(uint64_t seconds, char *to) {
    size_t n = print_padded(seconds / 3600, 2, to);
    to[n++] = ':';
    n += print_padded(seconds / 60 % 60, 2, to + n);
    to[n++] = ':';
    return n + print_padded(seconds % 60, 2, to + n);
}

static size_t print_days(int64_t days, char *to) {
    int64_t year;
    int month, day;
    size_t n = 0;
    pf_civil_from_days(days, &year, &month, &day);
    if (year < 0) {
        to[n++] = '-';
        year = -year;
    }
    n += print_padded((uint64_t)year, 4, to + n);
    to[n++] = '-';
    n += print_padded((uint64_t)month, 2, to + n);
    to[n++] = '-';
    return n + print_padded((uint64_t)day, 2, to + n);
}

size_t pf_print_date(int32_t days, char to[16]) { return print_days(days, to); }

size_t pf_print_time(int64_t nanos, int digits, char to[24]) {
    uint64_t n = nanos < 0 ? 0 : (uint64_t)nanos;
    size_t used = print_clock(n / 1000000000, to);
    return used + print_fraction((uint32_t)(n % 1000000000), digits, to + used);
}

size_t pf_print_timestamp(int64_t seconds, int32_t nanos, int digits, bool zoned, char to[48]) {
    int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
    if (rest < 0) {
        rest += DAY_SECONDS;
        days--;
    }
    size_t n = print_days(days, to);
    to[n++] = 'T';
    n += print_clock((uint64_t)rest, to + n);
    n += print_fraction((uint32_t)nanos, digits, to + n);
    if (zoned)
        to[n++] = 'Z';
    return n;
}

size_t pf_print_duration(int64_t nanos, int digits, char to[32]) {
    size_t n = 0;
    uint64_t v = (uint64_t)nanos;
    if (nanos < 0) {
        to[n++] = '-';
        v = 0 - v;
    }
    n += print_clock(v / 1000000000, to + n);
    return n + print_fraction((uint32_t)(v % 1000000000), digits, to + n);
}
