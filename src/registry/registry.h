/* registry.h — who can do what: extensions and their features.                  SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_H
#define PF_REGISTRY_H
#include <stdbool.h>

#include "base/log.h"
#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

/* All zero before open. Any thread may look something up at any time: a look-up that no open extension answers opens
 * those that the cache says could (registry_cache.h). The rest is one thread's at a time. */
typedef struct pf_registry pf_registry;
/* log is lent until close. */
pf_status pf_registry_open(pf_registry **out, const struct pf_log *log, struct pf_error *err);
/* Calls the shutdown of every started extension, last first. */
void pf_registry_close(pf_registry **registry);
/* Lends extension until close. EXISTS for a name that is there; EXTENSION for a broken descriptor, naming the
 * field. */
pf_status pf_registry_add(pf_registry *registry, const struct pf_extension *extension, struct pf_error *err);
/* Calls init of the extension added last. An extension whose init fails is taken out again: its features vanish and
 * the failure is returned. */
pf_status pf_registry_start(pf_registry *registry, struct pf_error *err);

/* ---- libraries ---- */

/* Looks for extension libraries; new and changed ones are tried, none stays open. */
pf_status pf_registry_discover(pf_registry *registry, const struct pf_allow *allow, struct pf_error *err);
/* Opens what could be; name NULL: all, those with hooks first, by rank. */
void pf_registry_wake(const pf_registry *registry, const char *name);
/* Those with hooks or an engine: before a conversion. */
void pf_registry_wake_active(const pf_registry *registry);
/* Those that may read what begins so. suffix with its dot, or "". */
void pf_registry_wake_for(const pf_registry *registry, const void *head, size_t head_size, const char *suffix);
/* Enabled or not, from now on and for every later start. NOT_FOUND naming those that are there. */
pf_status pf_registry_enable(pf_registry *registry, const char *name, bool enabled, struct pf_error *err);
/* Tries it again as if it were new; NULL: all that are not open. */
pf_status pf_registry_rescan(pf_registry *registry, const char *name, struct pf_error *err);
/* The index-th extension, open or not; NOT_FOUND past the last. Texts are lent until the registry changes. */
pf_status pf_registry_facts(const pf_registry *registry, size_t index, struct pf_extension_facts *out);
/* A crash in the code of libraries that are opened from now on is noted in the user's cache folder, for
 * pf_registry_crash. It takes the fatal signals of the process as far as nobody else has. */
void pf_registry_note_crashes(pf_registry *registry);
/* Of the last crash in this very file: gives a sentence; NULL: none is known. */
char *pf_registry_crash(pf_registry *registry, const char *name);
/* Who answers what extensions ask, and such a question. Lent until close. */
void pf_registry_answer(pf_registry *registry, const char *(*answer)(void *ctx, const char *key), void *ctx);
const char *pf_registry_ask(const pf_registry *registry, const char *key);
int pf_registry_limit_ms(const pf_registry *registry);               /* for a call into foreign code */
struct pf_errands *pf_registry_errands(const pf_registry *registry); /* to make it by; lent */
/* Each failure of this process once: calls each with name, stage and text. */
void pf_registry_tell(pf_registry *registry,
                      pf_status (*each)(void *ctx, const char *name, const char *stage, const char *text),
                      void *ctx);
/* A command of an extension, which need only be loaded: init may have said no. *self: what init gave. */
const struct pf_command *pf_registry_command(pf_registry *registry, const char *extension, size_t index,
                                             void **self, struct pf_host **host);

/* ---- look-ups ---- */

/* The index-th open one; NULL past the last. */
const struct pf_extension *pf_registry_at(const pf_registry *registry, size_t index);
/* What init of that one gave as self; NULL for those without. */
void *pf_registry_self(const pf_registry *registry, const struct pf_extension *extension);
const struct pf_reader *pf_registry_reader(const pf_registry *registry, const char *name);
const struct pf_writer *pf_registry_writer(const pf_registry *registry, const char *name);
const struct pf_reader *pf_registry_reader_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
const struct pf_writer *pf_registry_writer_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from);
/* By suffix with its dot, ignoring case; the highest rank, then the first name. */
const struct pf_reader *pf_registry_reader_for(const pf_registry *registry, const char *suffix);
const struct pf_writer *pf_registry_writer_for(const pf_registry *registry, const char *suffix);
/* The store whose prefix location begins with; the longest prefix wins, the store without prefixes takes the
 * rest. */
const struct pf_store *pf_registry_store_for(const pf_registry *registry, const char *location);
/* Would an extension that could not be started have taken it? Says which and why: "extension 'NAME', which is …". */
bool pf_registry_misses_store(const pf_registry *registry, const char *location, char *why, size_t room);
const struct pf_engine *pf_registry_engine_at(const pf_registry *registry, size_t index);
#endif
