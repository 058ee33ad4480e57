/* run_builtin.h — what pyforge brings itself, as one extension.                 SPDX-License-Identifier: MIT */
#ifndef PF_RUN_BUILTIN_H
#define PF_RUN_BUILTIN_H
#include "pyforge/extension.h"
extern const struct pf_extension pf_builtin_extension; /* its lists are filled from the two format lists */
#endif
