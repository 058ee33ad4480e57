/* clock.h — monotonic and wall time.                                            SPDX-License-Identifier: MIT */
#ifndef PF_CLOCK_H
#define PF_CLOCK_H
#include <stdint.h>
int64_t pf_clock_ns(void);      /* monotonic */
int64_t pf_clock_wall_ns(void); /* since 1970 UTC */
#endif
