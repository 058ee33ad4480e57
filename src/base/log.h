/* log.h — levels and one callback.                                              SPDX-License-Identifier: MIT */
#ifndef PF_LOG_H
#define PF_LOG_H
#include <stdint.h>
struct pf_log {
    void (*call)(void *ctx, int32_t level, const char *text); /* NULL: nobody listens */
    void *ctx;
    int32_t level; /* the highest that is wanted; PF_LOG_* */
};
void pf_log_say(const struct pf_log *log, int32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#endif
