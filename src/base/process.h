/* process.h — a child program, watched.                                         SPDX-License-Identifier: MIT */
#ifndef PF_PROCESS_H
#define PF_PROCESS_H
#include <stdbool.h>

#include "base/buf.h"
#include "pyforge/status.h"

#define PF_PROCESS_VOICE 3 /* the child's descriptor that is listened to */

struct pf_process_end {
    bool late;  /* it said nothing for too long and was killed */
    int signal; /* that ended it; 0: none */
    int code;   /* with which it ended itself */
};
/* Runs the program argv[0], an absolute path, and waits for its end. Its standard streams are /dev/null; what it writes to
 * PF_PROCESS_VOICE is appended to said. IO when it could not be started. */
pf_status pf_process_run(const char *const *argv, int silence_ms, struct pf_buf *said,
                         struct pf_process_end *end, struct pf_error *err);
const char *pf_process_signal_name(int number); /* "a segmentation fault" */
#endif
