/* run_builtin.c — room run. The built-in extension: local store, readers, writers, engine.
 * SPDX-License-Identifier: MIT
 * Knows: the two format lists, the local store, the native engine.
 * Knows not: what any of them does. */
#include "run/run_builtin.h"

#include "bytes/bytes_local.h"
#include "pyforge/version.h"
#include "read/read_list.h"
#include "run/run_native.h"
#include "write/write_list.h"

static const struct pf_store *const stores[] = {&pf_local_store, NULL};
static const struct pf_engine *const engines[] = {&pf_native_engine, NULL};

const struct pf_extension pf_builtin_extension = {
    .struct_size = sizeof(struct pf_extension),
    .abi_minor = PF_ABI_MINOR,
    .name = "pyforge",
    .version = PYFORGE_VERSION,
    .summary = "what pyforge brings itself",
    .license = "MIT",
    .stores = stores,
    .readers = pf_builtin_readers,
    .writers = pf_builtin_writers,
    .engines = engines,
};
