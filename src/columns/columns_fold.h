/* columns_fold.h — names ignoring case.                                        SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_FOLD_H
#define PF_COLUMNS_FOLD_H
#include <stddef.h>

/* Unicode simple case folding for Latin, Greek and Cyrillic; other code points and invalid bytes stay. to needs
 * 2 × size bytes; returns the bytes written, without NUL. Equal results: the same name, ignoring case. */
size_t pf_name_fold(const char *name, size_t size, char *to);
#endif
