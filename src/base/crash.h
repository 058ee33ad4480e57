/* crash.h — fatal signals: whose code ran is noted before the process ends.      SPDX-License-Identifier: MIT */
#ifndef PF_CRASH_H
#define PF_CRASH_H

/* The code of the library that was opened from this path is of interest: when a fatal signal (a segmentation fault, abort …)
 * meets the process while a function of it runs, the text `said` is written to standard error, the line `note`, a tab, the
 * signal's number and the time in seconds are appended to file, and the process ends of that signal as it would have. All are
 * copied; what is too long, or one too many, is left out. A signal that somebody handles already stays with its handler. One thread at a time. */
void pf_crash_watch(const char *library, const char *file, const char *note, const char *said);
/* No library is of interest any more, and the signals are the system's again. */
void pf_crash_end(void);
#endif
