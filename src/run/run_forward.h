/* run_forward.h — decompressed bytes that can be read from their start again.   SPDX-License-Identifier: MIT
 *
 * A forward source whose head stays (run_head.h) is enough for a survey and one lap. A further lap goes back:
 * then the bytes are opened anew. random stays 0. One thread at a time. */
#ifndef PF_RUN_FORWARD_H
#define PF_RUN_FORWARD_H
#include "pyforge/extension.h"

/* Opens the same bytes from their start, head kept again. ctx is lent until the source's close; open NULL: they
 * can be read only once, and going back behind the head is BAD_DATA with the words --no-spill, --schema and
 * --types text. */
struct pf_reopen {
    void *ctx;
    pf_status (*open)(void *ctx, struct pf_source *out, struct pf_error *err);
};
/* Takes first; gives *out. */
pf_status pf_forward_open(struct pf_source *first, const struct pf_reopen *reopen, struct pf_source *out,
                          struct pf_error *err);
#endif
