/* dynlib.c — room base. The only dlopen.                                   SPDX-License-Identifier: MIT
 * Knows: the loader of the system.
 * Knows not: what a library is for. */
#include "base/dynlib.h"

#include <dlfcn.h>
#include <string.h>

#include "base/error.h"

pf_status pf_dynlib_open(const char *path, void **library, struct pf_error *err) {
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (*library)
        return PF_OK;
    const char *words = dlerror();
    return pf_fail(err, PF_EXTENSION,
                   "the library cannot be opened: %s; install what it needs, or build it anew",
                   words ? words : path);
}

pf_dynlib_function pf_dynlib_find(void *library, const char *name) {
    void *found = dlsym(library, name);
    pf_dynlib_function function = NULL;
    memcpy(&function, &found, sizeof function); /* ISO C has no cast from data to code */
    return function;
}
