/* run_forge.h — what a forge is inside: the registry and who listens to the log.  SPDX-License-Identifier: MIT */
#ifndef PF_RUN_FORGE_H
#define PF_RUN_FORGE_H
#include <stdatomic.h>

#include "base/log.h"
#include "pyforge/pyforge.h"
#include "registry/registry.h"

#define PF_FORGE_MAGIC 0x46524745u
struct pf_forge {
    uint32_t magic;
    atomic_int refs; /* the handle, each job, each stream that outlives its job */
    pf_registry *registry;
    struct pf_log log;
    bool core_alone; /* PYFORGE_FORCE_CORE: engines and hooks of extensions are left out */
};
/* A forge with the formats of this build. Gives *out with one reference. */
pf_status pf_forge_make(pf_forge **out, struct pf_error *err);
void pf_forge_hold(pf_forge *forge);
void pf_forge_drop(pf_forge *forge); /* the last one ends it */
/* Adds and starts an extension. */
pf_status pf_forge_join(pf_forge *forge, const struct pf_extension *extension, struct pf_error *err);
#endif
