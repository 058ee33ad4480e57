/* bytes_local.h — the local disk as a store: pf_local_store.                    SPDX-License-Identifier: MIT
 *
 * open_sink writes ".NAME.tmp-PID-RANDOM" beside the target and renames it at commit; without PF_SINK_REPLACE
 * commit fails with EXISTS when the target has come to be. A symlink as target is resolved; mode and owner of a
 * replaced file are kept; stale temporaries of dead processes are removed. open_source reads files and "-"
 * (standard input, forward only). Pipes and devices are forward only; a read that waits for them answers
 * CANCELLED when the host (may be NULL, else lent until close) is cancelled. A regular file is read as long as
 * it was when it was opened; one that has become shorter is an IO failure, never a quiet end. */
#ifndef PF_BYTES_LOCAL_H
#define PF_BYTES_LOCAL_H
#include "pyforge/extension.h"

extern const struct pf_store pf_local_store;
#endif
