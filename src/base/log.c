/* log.c — room base. Levels and one callback.                              SPDX-License-Identifier: MIT
 * Knows: whether anybody listens.
 * Knows not: where the text goes. */
#include "base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void pf_log_say(const struct pf_log *log, int32_t level, const char *format, ...) {
    if (!log || !log->call || level > log->level)
        return;
    char text[1024];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (size >= 0)
        log->call(log->ctx, level, text);
}
