/* run_forge.c — room run. A forge from inside: made, shared, ended.             SPDX-License-Identifier: MIT
 * Knows: the registry, the built-in extension, the log.
 * Knows not: jobs. */
#include "run/run_forge.h"

#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "run/run_builtin.h"

pf_status pf_forge_make(pf_forge **out, struct pf_error *err) {
    pf_forge *forge = pf_mem_zero(1, sizeof *forge);
    if (!forge)
        return pf_fail_memory(err, sizeof *forge);
    forge->magic = PF_FORGE_MAGIC;
    atomic_init(&forge->refs, 1);
    forge->log.level = PF_LOG_DEBUG;
    const char *core = pf_env("PYFORGE_FORCE_CORE");
    forge->core_alone = core && strcmp(core, "0") != 0;
    pf_status status = pf_registry_open(&forge->registry, &forge->log, err);
    if (status == PF_OK)
        status = pf_forge_join(forge, &pf_builtin_extension, err);
    if (status != PF_OK) {
        pf_forge_drop(forge);
        return status;
    }
    *out = forge;
    return PF_OK;
}

void pf_forge_hold(pf_forge *forge) { atomic_fetch_add(&forge->refs, 1); }

void pf_forge_drop(pf_forge *forge) {
    if (!forge || atomic_fetch_sub(&forge->refs, 1) != 1)
        return;
    pf_registry_close(&forge->registry);
    forge->magic = 0;
    pf_mem_free(forge);
}

pf_status pf_forge_join(pf_forge *forge, const struct pf_extension *extension, struct pf_error *err) {
    PF_TRY(pf_registry_add(forge->registry, extension, err));
    return pf_registry_start(forge->registry, err);
}
