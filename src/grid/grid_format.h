/* grid_format.h — number-format codes: what a stored number means.              SPDX-License-Identifier: MIT
 * Source: ECMA-376 Part 1 §18.8.30 (built-in ids), §18.8.31 (codes); for XLS the same ids. */
#ifndef PF_GRID_FORMAT_H
#define PF_GRID_FORMAT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"

enum pf_format_kind {
    PF_FORMAT_GENERAL,
    PF_FORMAT_NUMBER,
    PF_FORMAT_PERCENT,
    PF_FORMAT_CURRENCY,
    PF_FORMAT_MASK, /* 00000: an integer is shown with leading zeros */
    PF_FORMAT_TEXT, /* @ */
    PF_FORMAT_DATE,
    PF_FORMAT_STAMP,   /* date and time of day */
    PF_FORMAT_TIME,    /* time of day */
    PF_FORMAT_DURATION /* [h]:mm */
};
struct pf_grid_format {
    uint8_t kind;  /* enum pf_format_kind */
    uint8_t width; /* MASK: digits */
    uint16_t code; /* its place in the book's codes (grid_codes.h), from 1; 0: none, or General */
};
/* Any code; what cannot be understood is a NUMBER. Only the first section decides. */
struct pf_grid_format pf_grid_format_parse(const char *code, size_t size);
/* The format of a built-in id (0–49 and the dates of the East Asian ones, 27–36, 50–58); GENERAL for others. */
struct pf_grid_format pf_grid_format_builtin(uint32_t id);
/* Its code as en-US has it; NULL: General, or one that is not known. */
const char *pf_grid_format_builtin_code(uint32_t id);
const char *pf_grid_format_name(int kind); /* "date" */

/* A serial number of days as days and microseconds since 1970-01-01, rounded to the millisecond. In the 1900 system
 * numbers below 61 follow Excel's calendar, which has a 29 February 1900 (it becomes the 28th); 0 is 1899-12-31.
 * false: before year 1900 (1904) or after 9999. */
bool pf_grid_serial(double serial, bool date1904, int32_t *days, int64_t *micros_of_day);
/* The serial number of a date and time; of 28 February 1900 it is 59. */
double pf_grid_serial_of(const struct pf_instant *instant, bool date1904);
/* A number of days as an elapsed time in microseconds, rounded to the millisecond; false: out of range. */
bool pf_grid_elapsed(double serial, int64_t *micros);
#endif
