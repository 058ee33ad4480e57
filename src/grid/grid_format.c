/* grid_format.c — room grid. Number-format codes: what a stored number means.    SPDX-License-Identifier: MIT
 * Knows: sections, quotes, escapes, brackets, built-in ids, serial numbers of days.
 * Knows not: styles, cells. Source: ECMA-376 Part 1 §18.8.30, §18.8.31. */
#include "grid/grid_format.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* What the first section of a code holds. */
struct evidence {
    bool year, month, day, hour, minute, second, half; /* half: AM/PM */
    bool elapsed, percent, currency, text, general, other;
    bool point; /* '.' ',' '#' '?' '/' 'E': no mask */
    int zeros;
    char last;       /* the last of y m d h s, 'n' for a minute; 0 none */
    bool open_month; /* the last m is a month unless seconds follow */
};

static bool begins(const char *code, size_t size, const char *word) {
    size_t n = strlen(word);
    return size >= n && pf_text_same_nocase((struct pf_text){code, n}, (struct pf_text){word, n});
}

/* [h], [mm], [Red], [$€-407], [>=100], [DBNum1] … Returns the bytes used. */
static size_t read_bracket(const char *code, size_t size, struct evidence *e) {
    const char *end = memchr(code, ']', size);
    size_t inside = end ? (size_t)(end - code) - 1 : size - 1;
    const char *at = code + 1;
    size_t same = 0;
    while (same < inside && pf_lower(at[same]) == pf_lower(at[0]))
        same++;
    char unit = inside ? pf_lower(at[0]) : 0;
    if (inside && same == inside && (unit == 'h' || unit == 'm' || unit == 's')) {
        e->elapsed = true;
        e->last = unit == 'h' ? 'h' : 0; /* minutes may follow hours */
    } else if (inside && at[0] == '$') {
        if (begins(at, inside, "$-F800"))
            e->year = e->month = e->day = true; /* the system's long date */
        else if (begins(at, inside, "$-F400"))
            e->hour = e->minute = e->second = true; /* the system's time */
        else if (inside > 1 && at[1] != '-')
            e->currency = true;
    }
    return end ? inside + 2 : size;
}

/* A run of one letter: which part of a date or time it is. */
static size_t read_part(const char *code, size_t size, struct evidence *e) {
    char letter = pf_lower(code[0]);
    size_t run = 0;
    while (run < size && pf_lower(code[run]) == letter)
        run++;
    switch (letter) {
    case 'y':
    case 'b':
    case 'g': e->year = true; break;
    case 'e': e->year = true; break;
    case 'd': e->day = true; break;
    case 'a': e->day = true; break; /* aaa: the day's name in Japanese and Chinese */
    case 'h': e->hour = true; break;
    case 's':
        e->second = true;
        if (e->open_month) { /* mm:ss */
            e->open_month = false;
            e->minute = true;
        }
        break;
    default: /* m */
        if (e->last == 'h' && run <= 2) {
            e->minute = true;
            e->last = 'n';
            return run;
        }
        if (e->open_month)
            e->month = true;
        e->open_month = run <= 2;
        e->month |= run > 2;
    }
    if (letter != 'm' && e->open_month) {
        e->open_month = false;
        e->month = true;
    }
    e->last = letter;
    return run;
}

static bool is_currency(const char *code, size_t size) {
    static const char *const signs[] = {
        "$",           "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9", "\xE2\x82\xBD", "\xE2\x82\xA9",
        "\xEF\xBF\xA5"}; /* € £ ¥ ₹ ₽ ₩ ￥ */
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (size >= strlen(signs[i]) && memcmp(code, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

/* One token; returns the bytes used, at least 1. */
static size_t read_token(const char *code, size_t size, struct evidence *e) {
    char c = code[0];
    switch (c) {
    case '"': {
        const char *end = memchr(code + 1, '"', size - 1);
        e->currency |= end && is_currency(code + 1, (size_t)(end - code) - 1);
        return end ? (size_t)(end - code) + 1 : size;
    }
    case '\\':
    case '_':
    case '*': e->currency |= c == '\\' && is_currency(code + 1, size - 1); return size > 1 ? 2 : 1;
    case '[': return read_bracket(code, size, e);
    case '0': e->zeros++; return 1;
    case '.':
    case ',':
    case '#':
    case '?':
    case '/': e->point = true; return 1;
    case '%': e->percent = true; return 1;
    case '@': e->text = true; return 1;
    default: break;
    }
    if (begins(code, size, "General"))
        return e->general = true, 7;
    if (begins(code, size, "Standard"))
        return e->general = true, 8;
    if (begins(code, size, "AM/PM"))
        return e->half = true, 5;
    if (begins(code, size, "A/P"))
        return e->half = true, 3;
    if (pf_lower(c) == 'e' && size > 1 && (code[1] == '+' || code[1] == '-'))
        return e->point = true, 2;
    if (c == 'E' && e->zeros) /* an exponent without its sign */
        return e->point = true, 1;
    if (memchr("ymdhsbgea", pf_lower(c), 9))
        return read_part(code, size, e);
    e->currency |= is_currency(code, size);
    return 1;
}

static uint8_t judge(const struct evidence *e) {
    bool date = e->year || e->month || e->day, time = e->hour || e->minute || e->second || e->half;
    if (date)
        return time || e->elapsed ? PF_FORMAT_STAMP : PF_FORMAT_DATE;
    if (e->elapsed)
        return PF_FORMAT_DURATION;
    if (time)
        return PF_FORMAT_TIME;
    if (e->text)
        return PF_FORMAT_TEXT;
    if (e->percent)
        return PF_FORMAT_PERCENT;
    if (e->currency)
        return PF_FORMAT_CURRENCY;
    if (e->general)
        return PF_FORMAT_GENERAL;
    return e->zeros > 1 && !e->point ? PF_FORMAT_MASK : PF_FORMAT_NUMBER;
}

struct pf_grid_format pf_grid_format_parse(const char *code, size_t size) {
    struct evidence e = {0};
    if (size == 0)
        return (struct pf_grid_format){.kind = PF_FORMAT_GENERAL};
    for (size_t at = 0; at < size && code[at] != ';';)
        at += read_token(code + at, size - at, &e);
    e.month |= e.open_month;
    struct pf_grid_format format = {.kind = judge(&e)};
    if (format.kind == PF_FORMAT_MASK)
        format.width = (uint8_t)(e.zeros < 64 ? e.zeros : 64);
    return format;
}

struct pf_grid_format pf_grid_format_builtin(uint32_t id) {
    static const struct {
        uint8_t first, last, kind;
    } known[] = {{1, 4, PF_FORMAT_NUMBER},     {5, 8, PF_FORMAT_CURRENCY},   {9, 10, PF_FORMAT_PERCENT},
                 {11, 13, PF_FORMAT_NUMBER},   {14, 17, PF_FORMAT_DATE},     {18, 21, PF_FORMAT_TIME},
                 {22, 22, PF_FORMAT_STAMP},    {27, 31, PF_FORMAT_DATE},     {32, 33, PF_FORMAT_TIME},
                 {34, 35, PF_FORMAT_STAMP},    {36, 36, PF_FORMAT_DATE},     {37, 40, PF_FORMAT_NUMBER},
                 {41, 41, PF_FORMAT_NUMBER},   {42, 42, PF_FORMAT_CURRENCY}, {43, 43, PF_FORMAT_NUMBER},
                 {44, 44, PF_FORMAT_CURRENCY}, {45, 45, PF_FORMAT_TIME},     {46, 46, PF_FORMAT_DURATION},
                 {47, 47, PF_FORMAT_TIME},     {48, 48, PF_FORMAT_NUMBER},   {49, 49, PF_FORMAT_TEXT},
                 {50, 54, PF_FORMAT_DATE},     {55, 56, PF_FORMAT_STAMP},    {57, 58, PF_FORMAT_DATE},
                 {59, 62, PF_FORMAT_NUMBER},   {67, 68, PF_FORMAT_PERCENT},  {69, 70, PF_FORMAT_NUMBER},
                 {71, 74, PF_FORMAT_DATE},     {75, 76, PF_FORMAT_TIME},     {77, 77, PF_FORMAT_STAMP},
                 {78, 78, PF_FORMAT_TIME},     {79, 79, PF_FORMAT_DURATION}, {80, 80, PF_FORMAT_TIME},
                 {81, 81, PF_FORMAT_DATE}}; /* 34, 35, 55, 56 are dates or times, by the language */
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (id >= known[i].first && id <= known[i].last)
            return (struct pf_grid_format){.kind = known[i].kind};
    return (struct pf_grid_format){.kind = PF_FORMAT_GENERAL};
}

const char *pf_grid_format_builtin_code(uint32_t id) {
    static const char *const codes[] = {
        [1] = "0",
        [2] = "0.00",
        [3] = "#,##0",
        [4] = "#,##0.00",
        [5] = "$#,##0_);($#,##0)",
        [6] = "$#,##0_);[Red]($#,##0)",
        [7] = "$#,##0.00_);($#,##0.00)",
        [8] = "$#,##0.00_);[Red]($#,##0.00)",
        [9] = "0%",
        [10] = "0.00%",
        [11] = "0.00E+00",
        [12] = "# ?/?",
        [13] = "# ?\?/?\?",
        [14] = "m/d/yyyy",
        [15] = "d-mmm-yy",
        [16] = "d-mmm",
        [17] = "mmm-yy",
        [18] = "h:mm AM/PM",
        [19] = "h:mm:ss AM/PM",
        [20] = "h:mm",
        [21] = "h:mm:ss",
        [22] = "m/d/yyyy h:mm",
        [37] = "#,##0_);(#,##0)",
        [38] = "#,##0_);[Red](#,##0)",
        [39] = "#,##0.00_);(#,##0.00)",
        [40] = "#,##0.00_);[Red](#,##0.00)",
        [41] = "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        [42] = "_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)",
        [43] = "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        [44] = "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)",
        [45] = "mm:ss",
        [46] = "[h]:mm:ss",
        [47] = "mm:ss.0",
        [48] = "##0.0E+0",
        [49] = "@",
    };
    return id < sizeof codes / sizeof codes[0] ? codes[id] : NULL;
}

const char *pf_grid_format_name(int kind) {
    static const char *const names[] = {"general", "number", "percent",   "currency", "zero-mask",
                                        "text",    "date",   "timestamp", "time",     "duration"};
    return kind >= 0 && kind < (int)(sizeof names / sizeof names[0]) ? names[kind] : "general";
}

/* ---- serial numbers ---- */

#define DAY_MS    86400000
#define BASE_1900 (-25569) /* 1899-12-30 */
#define BASE_1904 (-24107) /* 1904-01-01 */
#define LAST_DAY  2932896  /* 9999-12-31 */

bool pf_grid_serial(double serial, bool date1904, int32_t *days, int64_t *micros_of_day) {
    if (!(serial >= 0 && serial < 2958466))
        return false;
    double exact = serial * DAY_MS;
    int64_t ms = (int64_t)exact;
    ms += exact - (double)ms >= 0.5;
    int64_t day = ms / DAY_MS;
    *micros_of_day = ms % DAY_MS * 1000;
    if (date1904)
        day += BASE_1904;
    else
        day += day < 60 ? BASE_1900 + 1 : BASE_1900;
    *days = (int32_t)day;
    return day <= LAST_DAY;
}

double pf_grid_serial_of(const struct pf_instant *instant, bool date1904) {
    double day = ((double)instant->seconds + instant->nanos / 1e9) / 86400;
    return day - (date1904 ? BASE_1904 : day < BASE_1900 + 61 ? BASE_1900 + 1 : BASE_1900);
}

bool pf_grid_elapsed(double serial, int64_t *micros) {
    if (!(serial > -1e5 && serial < 1e5))
        return false;
    *micros = llround(serial * DAY_MS) * 1000;
    return true;
}
