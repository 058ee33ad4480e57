/* toy_format.h — a format for tests of the pipe: ".toy", as an extension with a reader and a writer.
 * SPDX-License-Identifier: MIT
 *
 * The first line names the columns, further ones hold cells; blanks separate. A column is int64 as long as every
 * cell is a number, else text. A survey of a sample looks at two rows only. '#' lines are comments, '!' lines are
 * rejected, "-" is null. A line "table NAME" begins another table. */
#ifndef PF_TOY_FORMAT_H
#define PF_TOY_FORMAT_H
#include "pyforge/extension.h"
extern const struct pf_extension toy_extension;   /* reader and writer "toy" */
extern const struct pf_extension lines_extension; /* the 60-line reader of lines_format.c */
#endif
