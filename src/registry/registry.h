/* registry.h — who can do what: descriptors and their features.                 SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_H
#define PF_REGISTRY_H
#include "pyforge/extension.h"

/* All zero before open. Filled before jobs run, read by any thread afterwards. */
typedef struct pf_registry pf_registry;
pf_status pf_registry_open(pf_registry **out, struct pf_error *err);
void pf_registry_close(pf_registry **registry);
/* Lends extension until close. EXISTS for a name that is there; EXTENSION for a broken descriptor, naming the
 * field. */
pf_status pf_registry_add(pf_registry *registry, const struct pf_extension *extension, struct pf_error *err);
const struct pf_extension *pf_registry_at(const pf_registry *registry, size_t index); /* NULL past the last */
const struct pf_reader *pf_registry_reader(const pf_registry *registry, const char *name);
const struct pf_writer *pf_registry_writer(const pf_registry *registry, const char *name);
const struct pf_reader *pf_registry_reader_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
const struct pf_writer *pf_registry_writer_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
const struct pf_writer *pf_registry_writer_for(const pf_registry *registry, const char *suffix);
const struct pf_store *pf_registry_store_for(const pf_registry *registry,
                                             const char *location); /* longest prefix */
const struct pf_engine *pf_registry_engine_at(const pf_registry *registry, size_t index);
#endif
