/* dbx_world.c — room extensions/databricks. Variables, the clock, and where "/" is.
 * SPDX-License-Identifier: MIT
 * Knows: the process's environment and monotonic clock; a stand-in of both for tests.
 * Knows not: which variables matter. */
#include "dbx_world.h"

#include <stdlib.h>
#include <time.h>

static const char *variable(void *ctx, const char *name) {
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

static int64_t now_ms(void *ctx) {
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) ? 0 : (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct pf_dbx_world machine = {.root = "", .variable = variable, .now_ms = now_ms};
static const struct pf_dbx_world *current = &machine;

const struct pf_dbx_world *pf_dbx_world(void) { return current; }
void pf_dbx_world_set(const struct pf_dbx_world *world) { current = world ? world : &machine; }

const char *pf_dbx_variable(const char *name) { return current->variable(current->ctx, name); }

void pf_dbx_print_time(int64_t ns, char *out, size_t room) {
    time_t seconds = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || !strftime(out, room, "%Y-%m-%d %H:%M:%S", &parts))
        out[0] = 0;
}
