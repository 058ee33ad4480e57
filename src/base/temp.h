/* temp.h — temporary files: where, how much, gone at once.                      SPDX-License-Identifier: MIT */
#ifndef PF_TEMP_H
#define PF_TEMP_H
#include "base/file.h"

/* --temp-dir, PYFORGE_TEMP_DIR, TMPDIR, /tmp: the first that is given. option may be NULL. Lent; static or the
 * option. */
const char *pf_temp_folder(const char *option);
/* A file of mode 0600 without a name. */
pf_status pf_temp_open(const char *folder, pf_file *out, struct pf_error *err);
/* ".NAME.tmp-PID-RANDOM" beside target. Gives. */
char *pf_temp_beside(const char *target);
/* Removes such files in folder whose process is gone. */
void pf_temp_sweep(const char *target);
#endif
