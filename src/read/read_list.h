/* read_list.h — the one list of built-in readers.                               SPDX-License-Identifier: MIT */
#ifndef PF_READ_LIST_H
#define PF_READ_LIST_H
#include "pyforge/extension.h"
extern const struct pf_reader *const pf_builtin_readers[]; /* NULL-ended */
#endif
