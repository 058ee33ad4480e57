/* registry_probe.h — the first load of a library: in a child process, so that it harms nobody.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_PROBE_H
#define PF_REGISTRY_PROBE_H
#include "registry/registry_cache.h"

/* In the child: loads and starts each library and says on PF_PROCESS_VOICE what came of it, stage by stage. */
void pf_probe_child(const char *const *paths, size_t count);
/* In the parent: a program is started with "extensions probe PATH…"; each record has path, size_bytes, modified_ns and gets the
 * rest. A library that ends its child, or is silent for limit_ms, is FAILED with its stage, and the others go on in a new
 * child. starter: its words, NULL-ended. IO when it cannot be started. */
pf_status pf_probe_all(char *const *starter, struct pf_record *const *records, size_t count, int limit_ms,
                       struct pf_error *err);
/* Without a child, in this process. */
pf_status pf_probe_here(struct pf_record *record, int limit_ms, struct pf_error *err);
#endif
