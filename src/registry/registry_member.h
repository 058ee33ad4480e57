/* registry_member.h — the registry from inside: its members and their states.     SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_MEMBER_H
#define PF_REGISTRY_MEMBER_H
#include <stdatomic.h>

#include "base/log.h"
#include "registry/registry.h"
#include "registry/registry_cache.h"
#include "registry/registry_load.h"
#include "registry/registry_state.h"

#define PF_EXTENSIONS_MOST 256

/* One extension. What it offers counts only while it is initialized; `extension` is there from loaded on. */
struct pf_member {
    struct pf_record
        record; /* path NULL: made in this process, and nothing else of it is set; of an entry: its text */
    const struct pf_extension *extension;
    struct pf_arena memory; /* of the extension's copies */
    void *self;
    int32_t state;
    int32_t disabled_by;
    bool is_entry; /* "module:Class" of a Python package: opened by who allowed it, in no cache */
    bool shadowed;
    bool told;     /* its failure was made known */
    bool untried;  /* nobody could try it: nothing to remember */
    bool late;     /* a thread of it was left alone */
    size_t number; /* in the order of starting, from 1; 0: not started */
    int64_t load_ns;
};

struct pf_registry {
    pf_mutex mutex; /* members, states, starting */
    struct pf_member *members[PF_EXTENSIONS_MOST];
    size_t count;
    /* What look-ups walk, without the lock: only ever added to; one that stopped leaves NULL. */
    _Atomic(struct pf_member *) open[PF_EXTENSIONS_MOST];
    atomic_size_t open_count;
    atomic_size_t dormant; /* members that could be opened */
    size_t starts;
    struct pf_registry_host *host;
    const struct pf_log *log;
    struct pf_cache cache;
    bool cache_changed;
    bool notes_crashes;
    char *program;  /* resolved; NULL: none was named */
    char **starter; /* its words, NULL-ended; one piece of memory */
    int limit_ms;
    struct pf_opener opener; /* of entries */
    int opener_limit_ms;
};

/* With the lock held. */
struct pf_member *pf_member_add(pf_registry *registry, struct pf_error *err);
const char *pf_member_name(const struct pf_member *member);
/* Moves the state; a move that the table refuses is a mistake of ours and is logged. */
void pf_member_move(pf_registry *registry, struct pf_member *member, int32_t event);
/* FAILED or DISABLED with stage and text. */
void pf_member_judge(pf_registry *registry, struct pf_member *member, int32_t event, const char *stage,
                     const char *text);
void pf_member_open(pf_registry *registry, struct pf_member *member);
void pf_member_stop(pf_registry *registry, struct pf_member *member);
/* How many could be opened; after states have changed from outside. */
void pf_registry_recount(pf_registry *registry);
/* From now on a crash in its code is noted (registry_crash.c). */
void pf_member_watch(const struct pf_member *member);
#endif
