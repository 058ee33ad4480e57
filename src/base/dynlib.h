/* dynlib.h — the only dlopen.                                                   SPDX-License-Identifier: MIT */
#ifndef PF_DYNLIB_H
#define PF_DYNLIB_H
#include <stdbool.h>
#include <stdint.h>

#include "pyforge/status.h"

/* Opens a shared library with all its names bound and none shown to others. It is never closed: threads and tables
 * of it may outlive every handle. EXTENSION with the loader's words. */
pf_status pf_dynlib_open(const char *path, void **library, struct pf_error *err);
/* A function of it; NULL: none of that name. */
typedef void (*pf_dynlib_function)(void);
pf_dynlib_function pf_dynlib_find(void *library, const char *name);
/* Where the code lies of the library that was opened from this very path. */
bool pf_dynlib_code(const char *path, uintptr_t *from, uintptr_t *to);
#endif
