/* csv_sniffed.h — tests of read/csv: a text and what is found in it.            SPDX-License-Identifier: MIT */
#ifndef CSV_SNIFFED_H
#define CSV_SNIFFED_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "read/csv/csv_dialect.h"

#define NO_WISH                                                                                                \
    (struct pf_csv_wish) { .header = -1, .skip_rows = -1, .decimal_comma = -1 }

static inline struct pf_csv_dialect sniff_sized(const char *text, size_t size, struct pf_csv_wish wish) {
    struct pf_csv_dialect dialect = {0};
    struct pf_error err = PF_ERROR_INIT;
    pf_status status = pf_csv_sniff(text, size, true, NULL, 0, -1, &wish, &dialect, &err);
    if (status != PF_OK)
        fail_msg("%s", err.message);
    return dialect;
}
static inline struct pf_csv_dialect sniff(const char *text) { return sniff_sized(text, strlen(text), NO_WISH); }

#define assert_delimiter(dialect, text)                                                                        \
    do {                                                                                                       \
        assert_int_equal((dialect).delimiter_size, strlen(text));                                              \
        assert_memory_equal((dialect).delimiter, text, strlen(text));                                          \
    } while (0)
#endif
