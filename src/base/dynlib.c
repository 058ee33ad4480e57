/* dynlib.c — room base. The only dlopen.                                   SPDX-License-Identifier: MIT
 * Knows: the loader of the system.
 * Knows not: what a library is for. */
#include "base/dynlib.h"

#include <dlfcn.h>
#include <link.h>
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

struct code {
    const char *path;
    uintptr_t from, to;
};

/* Source: ELF, "Program Header": segments are at the load address plus p_vaddr. */
static int find_code(struct dl_phdr_info *info, size_t size, void *arg) {
    struct code *code = arg;
    if (!info->dlpi_name || strcmp(info->dlpi_name, code->path) != 0)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + part->p_vaddr, to = from + part->p_memsz;
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
            continue;
        code->from = code->to && code->from < from ? code->from : from;
        code->to = code->to > to ? code->to : to;
    }
    return 1;
}

bool pf_dynlib_code(const char *path, uintptr_t *from, uintptr_t *to) {
    struct code code = {.path = path};
    dl_iterate_phdr(find_code, &code);
    *from = code.from;
    *to = code.to;
    return code.to > code.from;
}
