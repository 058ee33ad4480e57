/* number.h — text ↔ integers, decimals, doubles; no locale, correctly rounded.   SPDX-License-Identifier: MIT
 *
 * None of these needs a NUL behind the text. What "is a number" for type inference is decided in
 * columns_infer.h, not here: these functions take what their comment says and nothing else. */
#ifndef PF_NUMBER_H
#define PF_NUMBER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* [-]digits within int64, at least one digit; leading zeros are taken. false: not that, or out of range. */
bool pf_parse_int64(const char *text, size_t size, int64_t *value);
bool pf_parse_uint64(const char *text, size_t size, uint64_t *value);
/* [-+]digits[.digits][(e|E)[-+]digits], .5 and 5. too; nan, inf, infinity, ignoring case. Correctly rounded
 * (Clinger's fast case, then Eisel–Lemire, then number_door). point is '.' or ','. */
bool pf_parse_double(const char *text, size_t size, char point, double *value);
/* The same, rounded once to a float. */
bool pf_parse_float(const char *text, size_t size, char point, float *value);
/* mantissa × 10^power, correctly rounded (0 and infinity beyond the range); false: undecided by these means,
 * read the text. For loops that have the digits already. */
bool pf_double_scale(uint64_t mantissa, int64_t power, double *value);
extern const double pf_tens[23]; /* 1e0 … 1e22, all exact */
/* [-]digits[.digits] as an integer of 128 bits scaled by 10^scale; false: more fraction digits than scale
 * (other than zeros), or more than precision (≤ 38) digits. little-endian low, high. */
struct pf_int128 {
    uint64_t low;
    int64_t high;
};
bool pf_parse_decimal(const char *text, size_t size, char point, int precision, int scale,
                      struct pf_int128 *value);

/* Writers: to must have room for the number said; they return the bytes written, without NUL. */
size_t pf_print_int64(int64_t value, char to[20]);
size_t pf_print_uint64(uint64_t value, char to[20]);
/* The shortest text that reads back as the same double: "0.1", "1e+20", "5", "nan", "inf", "-inf". */
size_t pf_print_double(double value, char to[32]);
size_t pf_print_float(float value, char to[24]);
size_t pf_print_decimal(struct pf_int128 value, int scale, char to[48]);
#endif
