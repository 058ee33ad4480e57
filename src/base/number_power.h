/* number_power.h — the table that tools/make_powers.py makes.                   SPDX-License-Identifier: MIT */
#ifndef PF_NUMBER_POWER_H
#define PF_NUMBER_POWER_H
#include <stdint.h>

#define PF_POWER_SMALLEST (-342)
#define PF_POWER_LARGEST  308
#define PF_POWER_COUNT    (PF_POWER_LARGEST - PF_POWER_SMALLEST + 1)
extern const uint64_t pf_powers_of_five[PF_POWER_COUNT][2]; /* high, low half */
#endif
