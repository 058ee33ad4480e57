/* write_list.h — the one list of built-in writers.                              SPDX-License-Identifier: MIT */
#ifndef PF_WRITE_LIST_H
#define PF_WRITE_LIST_H
#include "pyforge/extension.h"
extern const struct pf_writer *const pf_builtin_writers[]; /* NULL-ended */
#endif
