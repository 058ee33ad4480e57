/* fuzz_date.c — any bytes as dates, times and timestamps; what is read is printed and read again.
 * SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

static void check_date(const char *text, size_t size, int order) {
    int32_t days, back;
    int64_t year;
    int month, day;
    char printed[16];
    if (!pf_parse_date(text, size, order, &days))
        return;
    pf_civil_from_days(days, &year, &month, &day);
    insist(pf_civil_valid(year, month, day) && pf_days_from_civil(year, month, day) == days);
    size_t n = pf_print_date(days, printed);
    insist(n == 10 && pf_parse_date(printed, n, PF_DATE_ISO, &back) && back == days);
    if (order == PF_DATE_ISO)
        for (size_t i = 0; i < 10; i++)
            insist(printed[i] == text[i] || (printed[i] == '-' && text[i] == '/'));
}

static void check_stamp(const char *text, size_t size, int order) {
    struct pf_instant v, back;
    char printed[48];
    if (!pf_parse_timestamp(text, size, order, &v))
        return;
    insist(v.nanos >= 0 && v.nanos < 1000000000 && v.digits >= 0 && v.digits <= 9);
    size_t n = pf_print_timestamp(v.seconds, v.nanos, v.digits, v.zoned, printed);
    insist(pf_parse_timestamp(printed, n, PF_DATE_ISO, &back));
    insist(v.seconds == back.seconds && v.nanos == back.nanos && v.digits == back.digits &&
           v.zoned == back.zoned);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    int64_t nanos, back;
    int digits, again;
    char printed[24];
    for (int order = PF_DATE_ISO; order <= PF_DATE_MDY; order++) {
        check_date(text, size, order);
        check_stamp(text, size, order);
    }
    if (pf_parse_time(text, size, &nanos, &digits)) {
        size_t n = pf_print_time(nanos, digits, printed);
        insist(pf_parse_time(printed, n, &back, &again) && back == nanos && again == digits);
    }
    return 0;
}
