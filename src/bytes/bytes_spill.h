/* bytes_spill.h — a forward-only source becomes a random one by a temporary copy, made while it is read.
 * SPDX-License-Identifier: MIT */
#ifndef PF_BYTES_SPILL_H
#define PF_BYTES_SPILL_H
#include "pyforge/extension.h"

/* Takes inner; gives *out (random; read_at pulls inner up to the offset asked for; any thread). limit_bytes:
 * ceiling of the copy, LIMIT beyond with the words --temp-limit and --schema. */
pf_status pf_spill_open(struct pf_source *inner, const char *folder, int64_t limit_bytes, struct pf_source *out,
                        struct pf_error *err);
#endif
