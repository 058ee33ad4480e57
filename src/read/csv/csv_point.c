/* csv_point.c — room read/csv. Decimal comma and sign for thousands.              SPDX-License-Identifier: MIT
 * Knows: shapes of numbers in the data rows.
 * Knows not: columns' types; a sign that no cell proves is not guessed. */
#include "read/csv/csv_kind.h"
#include "read/csv/csv_layout.h"

#define MOST_ROWS    300
#define MOST_COLUMNS 60

void pf_csv_find_point(const struct pf_csv_rows *rows, int32_t first, const struct pf_csv_wish *wish,
                       struct pf_csv_dialect *out) {
    int64_t commas = 0, points = 0, by[128] = {0};
    int32_t end = rows->count - first > MOST_ROWS ? first + MOST_ROWS : rows->count;
    for (int32_t i = first; i < end; i++) {
        int32_t cells = pf_csv_row(rows, i)->cells;
        for (int32_t j = 0; j < cells && j < MOST_COLUMNS; j++) {
            const struct pf_csv_span *cell = pf_csv_row_cell(rows, i, j);
            struct pf_csv_digits digits = pf_csv_digits_of(rows->trial->text + cell->at, cell->size);
            if (!digits.is_number)
                continue;
            commas += digits.comma_decimal;
            points += digits.point_decimal;
            by[(unsigned char)digits.thousands & 127]++;
        }
    }
    bool own = out->delimiter_size == 1 && out->delimiter[0] == ',';
    bool comma = !own && commas > 0 && commas > 4 * points && by['.'] >= by[','];
    if (wish->decimal_comma >= 0)
        comma = wish->decimal_comma > 0;
    out->point = comma ? ',' : '.';
    const char *signs = comma ? ". '" : ", '";
    out->thousands = 0;
    for (const char *sign = signs; *sign; sign++)
        if (by[(unsigned char)*sign & 127] > (out->thousands ? by[(unsigned char)out->thousands & 127] : 0))
            out->thousands = *sign;
    if (!comma && commas > points)
        out->thousands = 0; /* 1,5 and 1,234 in one file: nothing is certain */
}
