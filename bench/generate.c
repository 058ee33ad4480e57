/* generate.c — bench. Makes the inputs of the benchmark from a seed.            SPDX-License-Identifier: MIT
 * Knows: shapes of CSV and their sizes.
 * Knows not: pyforge. Usage: generate SHAPE ROWS FILE */
#include "draw.h"

struct row {
    uint64_t r, q, e;
    int64_t t;
};
static int64_t clock_s = 1420070400;

/* Dialect of a file. */
struct look {
    char delimiter, point;
    const char *line_end;
    int latin1; /* write the non-ASCII names in cp1252 */
};

static void put_text(const char *text, const struct look *look) {
    if (!look->latin1) {
        fputs(text, stdout);
        return;
    }
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p < 0x80)
            putchar(*p);
        else if (*p == 0xC3)
            putchar(*++p + 0x40);
        else /* not in cp1252 */
            p++, putchar('L');
    }
}

static void put_note(const struct row *w, const struct look *look) {
    if (w->e % 10 < 3)
        return;
    int count = 3 + (int)((w->e >> 45) % 6), quoted = (int)(w->e >> 50 & 1);
    const char *picked[8];
    for (int i = 0; i < count; i++)
        picked[i] = words[next() % 30];
    if (quoted)
        putchar('"');
    for (int i = 0; i < count; i++) {
        if (i)
            fputs(quoted && i == 2 && (w->e >> 51 & 1) ? ", " : " ", stdout);
        if (quoted && i == 1 && (w->e >> 52) % 8 == 0)
            printf("\"\"%s\"\"", picked[i]);
        else
            fputs(picked[i], stdout);
    }
    if (quoted && (w->e >> 55) % 64 == 0)
        printf("%ssecond line", look->line_end[0] == '\r' ? "\r\n" : "\n");
    if (quoted)
        putchar('"');
}

static void put_point(const char *number, const struct look *look) {
    for (; *number; number++)
        putchar(*number == '.' ? look->point : *number);
}

static void put_head(const char *const *names, int count, const struct look *look) {
    for (int i = 0; i < count; i++) {
        if (i)
            putchar(look->delimiter);
        fputs(names[i], stdout);
    }
    fputs(look->line_end, stdout);
}

static void put_mixed_row(int64_t i, const struct look *look) {
    struct row w = {next(), next(), next(), 0};
    char d = look->delimiter, text[64];
    clock_s += (int64_t)(w.r % 150);
    w.t = clock_s;
    printf("%lld%c%llu%c", (long long)i + 1, d, (unsigned long long)(w.q % 1000000000000u), d);
    if (w.r % 20)
        printf("%llu", (unsigned long long)((w.r >> 8) % 1000));
    printf("%c%llu%c%02llu%c", d, (unsigned long long)((w.q >> 11) % 100000), look->point,
           (unsigned long long)((w.q >> 40) % 100), d);
    if (w.e % 33) {
        double x = (double)(next() >> 11) * 0x1p-53 * ((w.e >> 9) % 4 ? 1 : 1000);
        shortest(x, text);
        put_point(text, look);
    }
    int y, m, dd;
    civil((w.t - (int64_t)(w.q % 400) * 86400) / 86400, &y, &m, &dd);
    printf("%c%s%c%04d-%02d-%02d%c", d, w.r >> 20 & 1 ? "true" : "false", d, y, m, dd, d);
    civil(w.t / 86400, &y, &m, &dd);
    int s = (int)(w.t % 86400);
    printf("%04d-%02d-%02d %02d:%02d:%02d%c", y, m, dd, s / 3600, s / 60 % 60, s % 60, d);
    int c = (int)((w.e >> 20) % 200);
    printf("%c%c%c%c%s%c", 'A' + c % 26, 'A' + 7 * c % 25, 'A' + c / 26, d, statuses[(w.e >> 30) % 8], d);
    put_text(firsts[(w.e >> 34) % 30], look);
    printf(" %s %llu%c", lasts[(w.e >> 40) % 20], (unsigned long long)(w.q % 100000), d);
    put_note(&w, look);
    fputs(look->line_end, stdout);
}

/* ---- the other shapes ---- */

static void put_texts(int64_t rows, const struct look *look) {
    static const char *const names[] = {"code", "city", "first", "last", "street", "comment", "tag", "mail"};
    put_head(names, 8, look);
    for (int64_t i = 0; i < rows; i++) {
        uint64_t r = next(), q = next();
        printf("K-%06llu,%s %s,%s,%s,%s street %llu,%s %s %s %s,%s,%s.%s%llu@example.org\n",
               (unsigned long long)(r % 1000000), words[r >> 20 & 15], lasts[(r >> 30) % 20],
               firsts[(r >> 36) % 30], lasts[(r >> 42) % 20], words[(q >> 3) % 30],
               (unsigned long long)(q % 300), words[(q >> 9) % 30], words[(q >> 15) % 30],
               words[(q >> 21) % 30], words[(q >> 27) % 30], statuses[q >> 33 & 7], words[(q >> 37) % 30],
               words[(q >> 43) % 30], (unsigned long long)(q >> 50));
    }
}

static void put_numbers(int64_t rows, const struct look *look) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    put_head(names, 10, look);
    char text[64];
    for (int64_t i = 0; i < rows; i++) {
        uint64_t r = next(), q = next();
        shortest((double)(next() >> 11) * 0x1p-53, text);
        printf("%lld,%llu,%lld,%llu.%02llu,%s,%llu.%04llu,%llu,-%llu,%llu.5,%lld\n", (long long)i,
               (unsigned long long)(r % 100), (long long)(int32_t)(r >> 32), (unsigned long long)(q % 10000),
               (unsigned long long)(q >> 14) % 100, text, (unsigned long long)(q >> 21) % 100,
               (unsigned long long)(q >> 28) % 10000, (unsigned long long)(q >> 42),
               (unsigned long long)(r >> 20) % 1000 + 1, (unsigned long long)(r >> 30) % 50,
               (long long)(r >> 1));
    }
}

static void put_wide(int64_t rows, int columns) {
    for (int c = 0; c < columns; c++)
        printf("%sc%04d", c ? "," : "", c);
    putchar('\n');
    for (int64_t i = 0; i < rows; i++) {
        for (int c = 0; c < columns; c++) {
            uint64_t r = next();
            if (c)
                putchar(',');
            switch (c % 4) {
            case 0: printf("%llu", (unsigned long long)(r % 100000)); break;
            case 1:
                printf("%llu.%02llu", (unsigned long long)(r % 1000), (unsigned long long)(r >> 20) % 100);
                break;
            case 2: fputs(statuses[r & 7], stdout); break;
            default: printf("%s%llu", words[r % 30], (unsigned long long)(r >> 40) % 1000);
            }
        }
        putchar('\n');
    }
}

static void put_long(int64_t rows) {
    fputs("id,body,kind\n", stdout);
    for (int64_t i = 0; i < rows; i++) {
        printf("%lld,\"", (long long)i);
        int count = 200 + (int)(next() % 400);
        for (int k = 0; k < count; k++) {
            uint64_t r = next();
            fputs(words[r % 30], stdout);
            fputs((r >> 32) % 40 == 0 ? ".\n" : (r >> 32) % 15 == 0 ? ", " : " ", stdout);
        }
        printf("\",%s\n", statuses[next() & 7]);
    }
}

static void put_quoted(int64_t rows) {
    fputs("\"id\",\"name\",\"said\",\"amount\",\"day\",\"where\"\n", stdout);
    for (int64_t i = 0; i < rows; i++) {
        uint64_t r = next(), q = next();
        int y, m, d;
        civil(16000 + (int64_t)(r % 4000), &y, &m, &d);
        printf("\"%lld\",\"%s, %s\",\"he said \"\"%s\"\" and %s\",\"%llu.%02llu\",\"%04d-%02d-%02d\",\"%s\"\n",
               (long long)i, lasts[(r >> 20) % 20], firsts[(r >> 30) % 30], words[(q >> 3) % 30],
               words[(q >> 13) % 30], (unsigned long long)(q >> 23) % 10000,
               (unsigned long long)(q >> 40) % 100, y, m, d, words[(q >> 50) % 30]);
    }
}

int main(int argc, char **argv) {
    static char buffer[1 << 20];
    static const char *const names[] = {"id",  "uid", "qty",     "price",  "ratio", "flag",
                                        "day", "ts",  "country", "status", "name",  "note"};
    if (argc != 4 || !freopen(argv[3], "wb", stdout)) {
        fputs("usage: generate mixed|crlf|european|texts|numbers|wide|long|quoted ROWS FILE\n", stderr);
        return 2;
    }
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    const char *shape = argv[1];
    int64_t rows = strtoll(argv[2], NULL, 10);
    struct look look = {',', '.', "\n", 0};
    if (strcmp(shape, "crlf") == 0)
        look.line_end = "\r\n";
    if (strcmp(shape, "european") == 0)
        look = (struct look){';', ',', "\n", 1};
    if (strcmp(shape, "mixed") == 0 || strcmp(shape, "crlf") == 0 || strcmp(shape, "european") == 0) {
        put_head(names, 12, &look);
        for (int64_t i = 0; i < rows; i++)
            put_mixed_row(i, &look);
    } else if (strcmp(shape, "texts") == 0) {
        put_texts(rows, &look);
    } else if (strcmp(shape, "numbers") == 0) {
        put_numbers(rows, &look);
    } else if (strcmp(shape, "wide") == 0) {
        put_wide(rows, 1000);
    } else if (strcmp(shape, "long") == 0) {
        put_long(rows);
    } else if (strcmp(shape, "quoted") == 0) {
        put_quoted(rows);
    } else {
        fprintf(stderr, "generate: no such shape: %s\n", shape);
        return 2;
    }
    return fflush(stdout) ? 1 : 0;
}
