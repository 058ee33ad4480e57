/* error.c — room base. Writing struct pf_error.                            SPDX-License-Identifier: MIT
 * Knows: codes, one-line messages, places, what errno means to us.
 * Knows not: who shows the error. */
#define PF_ERROR_OPAQUE /* here the functions are meant, not what error.h tells the analyser of them */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A message is one line that a terminal may show: names and cells from hostile input may be in it. A character
 * that was cut at the end goes whole. */
static void make_presentable(char *text) {
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
    size_t start = size;
    while (start > 0 && size - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t whole = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead >= 0xC0 && size - (start - 1) < whole)
        text[start - 1] = 0;
}

static void fill(struct pf_error *err, pf_status code, int64_t row, int64_t byte, const char *format,
                 va_list args) __attribute__((format(printf, 5, 0)));
static void fill(struct pf_error *err, pf_status code, int64_t row, int64_t byte, const char *format,
                 va_list args) {
    char message[sizeof err->message]; /* an argument may be the old message */
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = 0;
    make_presentable(message);
    err->struct_size = sizeof *err;
    err->code = code;
    err->row = row;
    err->byte = byte;
    err->where[0] = 0;
    memcpy(err->message, message, sizeof message);
}

pf_status pf_fail(struct pf_error *err, pf_status code, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    fill(err, code, -1, -1, format, args);
    va_end(args);
    return code;
}

pf_status pf_fail_at(struct pf_error *err, pf_status code, int64_t row, int64_t byte, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    fill(err, code, row, byte, format, args);
    va_end(args);
    return code;
}

pf_status pf_fail_memory(struct pf_error *err, size_t size) {
    if (size == 0)
        return pf_fail(err, PF_NO_MEMORY, "out of memory; use fewer threads or a smaller --memory-limit");
    return pf_fail(err, PF_NO_MEMORY,
                   "out of memory when %zu bytes were asked for; use fewer threads or a smaller --memory-limit",
                   size);
}

pf_status pf_fail_cancelled(struct pf_error *err) {
    return pf_fail(err, PF_CANCELLED, "cancelled; nothing unfinished was left behind: run it again to get it");
}

/* What the user may do about what the system answered; "" when only the caller can know. */
static const char *remedy_of(int number) {
    switch (number) {
    case ENOENT:
    case ENOTDIR: return "; check the name";
    case EEXIST: return "; choose another name";
    case EISDIR: return "; name a file";
    case ELOOP: return "; check the links";
    case EACCES:
    case EPERM: return "; check its permissions and those of its folder";
    case EROFS: return "; choose another folder";
    case ENOSPC:
    case EDQUOT: return "; free some space or choose another folder";
    case EMFILE:
    case ENFILE: return "; raise the limit of open files";
    case ENAMETOOLONG: return "; choose a shorter name";
    case EIO: return "; check the disk or the connection, and try again";
    default: return "";
    }
}

pf_status pf_fail_errno(struct pf_error *err, int number, const char *verb, const char *place) {
    pf_status code = PF_IO;
    switch (number) {
    case ENOENT:
    case ENOTDIR: code = PF_NOT_FOUND; break;
    case EEXIST: code = PF_EXISTS; break;
    case EACCES:
    case EPERM:
    case EROFS: code = PF_DENIED; break;
    case ENOMEM: code = PF_NO_MEMORY; break;
    default: break;
    }
    char words[128];
    const char *system = strerror_r(number, words, sizeof words);
    return pf_fail(err, code, "cannot %s '%s': %s%s", verb, place, system, remedy_of(number));
}

void pf_where(struct pf_error *err, const char *format, ...) {
    if (!err)
        return;
    char piece[sizeof err->where], whole[sizeof err->where];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    if (size < 0)
        return;
    make_presentable(piece);
    const char *comma = err->where[0] ? ", " : "";
    size_t room = sizeof whole - 1, front = strlen(piece);
    if (front > room)
        front = room;
    memcpy(whole, piece, front);
    size_t back = strlen(comma) + strlen(err->where); /* what does not fit is cut from the fine end */
    snprintf(whole + front, room - front + 1, "%s%.*s", comma, (int)back, err->where);
    make_presentable(whole);
    memcpy(err->where, whole, sizeof whole);
}

void pf_error_clear(struct pf_error *err) {
    if (err)
        *err = (struct pf_error)PF_ERROR_INIT;
}
