/* dbx_volume.h — volumes and DBFS as a store.                                   SPDX-License-Identifier: MIT
 *
 * What their mounts do: a file is written once, from front to back; there is no append, seek back, rename or link, and what is
 * written is seen at once under its name. So the store claims neither RENAME (the run stages its output on local disk
 * and copies it in one pass) nor EXCLUSIVE (not shown on a workspace). A failed commit and an abort remove the file and the
 * folders made for it; a file that was to be replaced is gone then, for the mount cannot keep it beside the new one.
 *
 * open_source: any offset, any thread; small reads are served from blocks of 1 MiB, of which four are kept.
 * open_sink: DENIED for a file that an open source reads. Missing folders below the volume are made. PF_SINK_SYNC where the mount refuses fsync: a warning in the log, the
 * close uploads all the same. commit compares the size that the mount tells with what was written.
 * put_new: EXISTS by O_EXCL; UNSUPPORTED where the mount refuses that.
 * list: in no order, not kept, ends when each says so. */
#ifndef PF_DBX_VOLUME_H
#define PF_DBX_VOLUME_H
#include "pyforge/extension.h"

extern const struct pf_store pf_dbx_store;
#endif
