/* registry_load.h — one library: opened, asked, checked, started.                SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_LOAD_H
#define PF_REGISTRY_LOAD_H
#include "registry/registry_check.h"
#include "registry/registry_host.h"

/* The stages, in order; a failure and a crash are told with theirs. */
#define PF_STAGE_TRUST "trust" /* owner and mode of file and folder */
#define PF_STAGE_OPEN  "open"  /* the system's loader */
#define PF_STAGE_ENTRY "entry" /* the one symbol, and the call of it */
#define PF_STAGE_CHECK "check" /* the descriptor's fields; names that are taken */
#define PF_STAGE_INIT  "init"

/* Called before each stage. */
struct pf_load_watch {
    void (*enter)(void *ctx, const char *stage);
    void *ctx;
};
/* Open, entry, check: *out is adopted into memory. */
pf_status pf_load_library(const char *path, const struct pf_load_watch *watch, struct pf_arena *memory,
                          const struct pf_extension **out, struct pf_error *err);
/* init, if there is one. UNAVAILABLE: not here, and *self is NULL. */
pf_status pf_load_init(const struct pf_extension *extension, struct pf_registry_host *host, void **self,
                       struct pf_error *err);

/* Who opens what is no library; open NULL: nobody does. */
struct pf_opener {
    pf_status (*open)(void *ctx, const char *name, const char *entry, const struct pf_extension **out,
                      struct pf_error *err);
    void *ctx;
    const char *name;
};

/* Both on a thread of their own, each with limit_ms. opener: path is an entry; NULL: a library's. */
struct pf_loaded {
    const struct pf_extension *extension; /* also after a failed init */
    struct pf_arena memory;               /* of the extension's copies; clear it after the last use */
    void *self;
    const char *stage; /* where it ended; PF_STAGE_INIT when all is well */
    bool late;         /* the thread was left alone: it will never end */
    int64_t spent_ns;
};
pf_status pf_load_watched(const char *path, const struct pf_opener *opener, const struct pf_extension *known,
                          struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                          struct pf_error *err);
/* The two by themselves: *out is what was opened, then also started. */
pf_status pf_load_open(const char *path, const struct pf_opener *opener, const struct pf_extension *known,
                       struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                       struct pf_error *err);
pf_status pf_load_start(struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                        struct pf_error *err);
/* shutdown, if there is one, within limit_ms. false: late. */
bool pf_load_shutdown(const struct pf_extension *extension, void *self, struct pf_registry_host *host,
                      int limit_ms);
#endif
