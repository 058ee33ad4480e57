/* registry.h — who can do what: descriptors and their features.                 SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_H
#define PF_REGISTRY_H
#include "pyforge/extension.h"

/* All zero before open. Filled before jobs run, read by any thread afterwards. */
typedef struct pf_registry pf_registry;
pf_status pf_registry_open(pf_registry **out, struct pf_error *err);
/* Calls the shutdown of every started extension, last first. */
void pf_registry_close(pf_registry **registry);
/* Lends extension until close. EXISTS for a name that is there; EXTENSION for a broken descriptor, naming the
 * field. */
pf_status pf_registry_add(pf_registry *registry, const struct pf_extension *extension, struct pf_error *err);
/* Calls init of the extension added last, with the host it may keep until close. An extension whose init fails
 * is taken out again: its features vanish and the failure is returned. */
pf_status pf_registry_start(pf_registry *registry, struct pf_host *host, struct pf_error *err);
const struct pf_extension *pf_registry_at(const pf_registry *registry, size_t index); /* NULL past the last */
/* What init gave as self; NULL for those without. */
void *pf_registry_self(const pf_registry *registry, size_t index);
const struct pf_reader *pf_registry_reader(const pf_registry *registry, const char *name);
const struct pf_writer *pf_registry_writer(const pf_registry *registry, const char *name);
const struct pf_reader *pf_registry_reader_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
const struct pf_writer *pf_registry_writer_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
/* By suffix with its dot, ignoring case. */
const struct pf_reader *pf_registry_reader_for(const pf_registry *registry, const char *suffix);
const struct pf_writer *pf_registry_writer_for(const pf_registry *registry, const char *suffix);
/* The store whose prefix location begins with; the longest prefix wins, the store without prefixes takes the
 * rest. */
const struct pf_store *pf_registry_store_for(const pf_registry *registry,
                                             const char *location); /* longest prefix */
const struct pf_engine *pf_registry_engine_at(const pf_registry *registry, size_t index);
#endif
