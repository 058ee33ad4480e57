/* fuzz_number.c — any bytes as numbers, against the C library.                  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

static void check_reals(const char *text, size_t size) {
    double d = 0, wanted = strtod(text, NULL), back;
    float f = 0, wanted_f = strtof(text, NULL);
    bool read = pf_parse_double(text, size, '.', &d);
    insist(read == pf_parse_float(text, size, '.', &f));
    if (!read)
        return;
    insist(isnan(d) ? isnan(wanted) && isnan(f) : memcmp(&d, &wanted, 8) == 0 && memcmp(&f, &wanted_f, 4) == 0);
    char printed[33];
    size_t n = pf_print_double(d, printed);
    insist(pf_parse_double(printed, n, '.', &back) && (isnan(d) ? isnan(back) : memcmp(&d, &back, 8) == 0));
}

static void check_integers(const char *text, size_t size) {
    int64_t v, back;
    uint64_t u;
    char *end, printed[21];
    if (pf_parse_int64(text, size, &v)) {
        errno = 0;
        insist(strtoll(text, &end, 10) == v && errno == 0 && end == text + size);
        insist(pf_parse_int64(printed, pf_print_int64(v, printed), &back) && back == v);
    }
    if (pf_parse_uint64(text, size, &u)) {
        errno = 0;
        insist(strtoull(text, &end, 10) == u && errno == 0 && end == text + size);
    }
}

static void check_decimals(const char *text, size_t size, int precision, int scale) {
    struct pf_int128 v, back;
    char printed[48];
    if (!pf_parse_decimal(text, size, '.', precision, scale, &v))
        return;
    insist(scale <= precision && precision <= 38);
    size_t n = pf_print_decimal(v, scale, printed);
    insist(pf_parse_decimal(printed, n, '.', precision, scale, &back) && memcmp(&v, &back, 16) == 0);
    double a, b; /* the same number */
    insist(pf_parse_double(text, size, '.', &a) && pf_parse_double(printed, n, '.', &b) && a == b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    check_reals(text, size);
    check_integers(text, size);
    for (int scale = 0; scale < 39; scale += 6)
        check_decimals(text, size, size % 2 ? 38 : 12, scale);
    free(text);
    return 0;
}
