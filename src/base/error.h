/* error.h — writing struct pf_error, and the macro that passes failures on.     SPDX-License-Identifier: MIT */
#ifndef PF_ERROR_H
#define PF_ERROR_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/status.h"

#define PF_ERROR_INIT                                                                                          \
    { .struct_size = sizeof(struct pf_error), .row = -1, .byte = -1 }

#define PF_TRY(expr)                                                                                           \
    do {                                                                                                       \
        pf_status try_status_ = (expr);                                                                        \
        if (try_status_ != PF_OK)                                                                              \
            return try_status_;                                                                                \
    } while (0)

/* Fills *err (NULL is fine) with code and message, place empty, row and byte −1; returns code. The message is
 * one line without final full stop: what is wrong; then what to do. */
pf_status pf_fail(struct pf_error *err, pf_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a row (1-based) and a byte (0-based), −1 unknown. */
pf_status pf_fail_at(struct pf_error *err, pf_status code, int64_t row, int64_t byte, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* NO_MEMORY with the number of bytes asked for (0 unknown). */
pf_status pf_fail_memory(struct pf_error *err, size_t size);
pf_status pf_fail_cancelled(struct pf_error *err);
/* From errno: NOT_FOUND, EXISTS, DENIED, NO_MEMORY or IO with verb, place and the system's words. */
pf_status pf_fail_errno(struct pf_error *err, int number, const char *verb, const char *place);
/* Adds one piece of place in front of err->where ("file 'a.csv', " …); never touches the message. */
void pf_where(struct pf_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pf_error_clear(struct pf_error *err);

/* The analyser does not see into another file: it learns here that these return the code, which is never OK. */
#if defined __clang_analyzer__ && !defined PF_ERROR_OPAQUE
#define pf_fail(err, code, ...)         ((void)pf_fail(err, code, __VA_ARGS__), (pf_status)(code))
#define pf_fail_at(err, code, row, ...) ((void)pf_fail_at(err, code, row, __VA_ARGS__), (pf_status)(code))
#define pf_fail_memory(err, size)       ((void)pf_fail_memory(err, size), (pf_status)PF_NO_MEMORY)
#define pf_fail_cancelled(err)          ((void)pf_fail_cancelled(err), (pf_status)PF_CANCELLED)
#define pf_fail_errno(err, number, ...) ((void)pf_fail_errno(err, number, __VA_ARGS__), (pf_status)PF_IO)
#endif
#endif
