/* dbx_world.h — what the extension sees of the machine: variables, the clock, and where "/" is.
 * SPDX-License-Identifier: MIT */
#ifndef PF_DBX_WORLD_H
#define PF_DBX_WORLD_H
#include <stddef.h>
#include <stdint.h>

struct pf_dbx_world {
    const char *root; /* put before every absolute path; "" is the machine */
    const char *(*variable)(void *ctx, const char *name); /* NULL when unset or empty; lent until it changes */
    int64_t (*now_ms)(void *ctx);                         /* never goes back */
    void *ctx;
};
/* The real one unless a test has set another. */
const struct pf_dbx_world *pf_dbx_world(void);
/* For tests, before other threads look; lent until the next call. NULL: the real one. */
void pf_dbx_world_set(const struct pf_dbx_world *world);

const char *pf_dbx_variable(const char *name);
/* "2026-11-25 13:43:29", UTC; "" when the time cannot be said. */
void pf_dbx_print_time(int64_t ns, char *out, size_t room);
#endif
