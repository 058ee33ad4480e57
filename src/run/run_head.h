/* run_head.h — a forward source whose first bytes stay at hand.                 SPDX-License-Identifier: MIT */
#ifndef PF_RUN_HEAD_H
#define PF_RUN_HEAD_H
#include "pyforge/extension.h"

#define PF_HEAD_BYTES ((size_t)4 << 20)

/* Takes inner (forward only); gives *out: the first PF_HEAD_BYTES may be read again and again, in any order and
 * at any time; beyond them offsets rise. One thread at a time. */
pf_status pf_head_source(struct pf_source *inner, struct pf_source *out, struct pf_error *err);
#endif
