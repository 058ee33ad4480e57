/* calendar.h — civil dates, times, ISO 8601, serial day counts.                 SPDX-License-Identifier: MIT
 *
 * Proleptic Gregorian calendar. Days count from 1970-01-01. */
#ifndef PF_CALENDAR_H
#define PF_CALENDAR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t pf_days_from_civil(int64_t year, int month, int day);
void pf_civil_from_days(int64_t days, int64_t *year, int *month, int *day);
bool pf_civil_valid(int64_t year, int month, int day); /* years 1–9999 */

/* The order of the parts of a date that is not ISO. */
#define PF_DATE_ISO 0 /* YYYY-MM-DD, YYYY/MM/DD */
#define PF_DATE_DMY 1 /* DD/MM/YYYY, DD.MM.YYYY, DD-MM-YYYY; one-digit days and months too */
#define PF_DATE_MDY 2
/* Whole text is one date in that order. */
bool pf_parse_date(const char *text, size_t size, int order, int32_t *days);
/* HH:MM[:SS[.fraction ≤ 9 digits]], 00–23; nanoseconds since midnight; *digits of fraction seen. */
bool pf_parse_time(const char *text, size_t size, int64_t *nanos, int *digits);
/* Date in order, 'T' or one blank, time (its hour may have one digit behind a date that is not ISO), then nothing, 'Z', or ±HH[[:]MM]. zoned says whether a zone was there;
 * the value is then in UTC, and in years 1–9999. seconds since 1970 and nanoseconds 0–999,999,999; *digits of
 * fraction seen. */
struct pf_instant {
    int64_t seconds;
    int32_t nanos;
    int8_t digits;
    bool zoned;
};
bool pf_parse_timestamp(const char *text, size_t size, int order, struct pf_instant *value);

/* Writers; they return the bytes written, without NUL. */
size_t pf_print_date(int32_t days, char to[16]);              /* 2024-02-29 */
size_t pf_print_time(int64_t nanos, int digits, char to[24]); /* 13:04:05[.123456] */
size_t pf_print_timestamp(int64_t seconds, int32_t nanos, int digits, bool zoned,
                          char to[48]);                           /* 2024-02-29T13:04:05[.123]Z? */
size_t pf_print_duration(int64_t nanos, int digits, char to[32]); /* [-]H…H:MM:SS[.fff] */
#endif
