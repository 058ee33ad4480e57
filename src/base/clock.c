/* clock.c — room base. Monotonic and wall time.                            SPDX-License-Identifier: MIT
 * Knows: clock_gettime.
 * Knows not: calendars. */
#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t clock) {
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t pf_clock_ns(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t pf_clock_wall_ns(void) { return read_clock(CLOCK_REALTIME); }
