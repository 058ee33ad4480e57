/* csv_language.h — do the letters of a text belong to one language?             SPDX-License-Identifier: MIT */
#ifndef PF_CSV_LANGUAGE_H
#define PF_CSV_LANGUAGE_H
#include <stddef.h>
#include <stdint.h>

/* Which languages people write in a charset. */
enum pf_csv_region { PF_CSV_WEST = 1, PF_CSV_CENTRAL = 2, PF_CSV_TURKISH = 4, PF_CSV_BALTIC = 8 };

/* How far the Latin letters beyond ASCII of a text are from the language (of the regions, a sum of
 * enum pf_csv_region) that fits best: a sum over the letters, 0 when all are common there, 1 for each that is
 * foreign. text: UTF-8. */
double pf_csv_language_strain(const char *text, size_t size, int regions);
#endif
