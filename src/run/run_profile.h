/* run_profile.h — what --profile spark writes instead of types Spark does not hold.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_PROFILE_H
#define PF_RUN_PROFILE_H
#include "columns/columns_type.h"

struct pf_profile_cast {
    struct pf_type target;
    const char *why; /* static */
    bool risky;      /* a value may not fit; the column is text then */
};
/* false: the type stays as it is. */
bool pf_profile_spark(const struct pf_type *type, struct pf_profile_cast *cast);
#endif
