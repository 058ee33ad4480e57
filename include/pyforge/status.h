/* status.h — the vocabulary of trouble: status codes and struct pf_error.      SPDX-License-Identifier: MIT
 *
 * A function that can fail returns pf_status (0 is good) and takes struct pf_error *err last. The caller owns
 * the error; NULL is allowed; it is written once, where the trouble is found. Nothing in it needs freeing and
 * it may cross the extension ABI. */
#ifndef PYFORGE_STATUS_H
#define PYFORGE_STATUS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, number, exception family, meaning. The only list of the codes; numbers are pinned for ever. */
#define PF_STATUS_LIST(X)                                                                                      \
    X(OK, 0, "ok")                                                                                             \
    X(ARGUMENT, 10, "the caller passed something wrong")                                                       \
    X(STATE, 11, "the call does not fit the object's state")                                                   \
    X(NOT_FOUND, 20, "the place does not exist")                                                               \
    X(EXISTS, 21, "the place exists already")                                                                  \
    X(DENIED, 22, "the place may not be used")                                                                 \
    X(IO, 23, "reading or writing failed")                                                                     \
    X(BAD_DATA, 30, "the data is broken")                                                                      \
    X(UNSUPPORTED, 31, "the data is right but beyond this program")                                            \
    X(LIMIT, 32, "a ceiling was reached")                                                                      \
    X(PASSWORD, 33, "a password is needed or wrong")                                                           \
    X(NOT_MINE, 34, "a reader says after its probe: not my format; the next one is tried")                     \
    X(WIDEN, 35, "a lap met a value beyond its schema; survey exactly and read again")                         \
    X(NO_MEMORY, 40, "out of memory")                                                                          \
    X(CANCELLED, 41, "cancelled by the caller")                                                                \
    X(EXTENSION, 50, "an extension broke the contract")                                                        \
    X(UNAVAILABLE, 60, "not here, not now")                                                                    \
    X(INTERNAL, 90, "a bug in pyforge")

#define PF_STATUS_ENUM_(name, number, text) PF_##name = (number),
enum pf_status_code { PF_STATUS_LIST(PF_STATUS_ENUM_) };
#undef PF_STATUS_ENUM_

typedef int32_t pf_status;

/* Caller-owned. row: 1-based data row, byte: 0-based offset in the input (after decompression); −1 unknown.
 * where: the place in words ("file 'a.csv', column 'Price'"). message: one line; ends with the remedy. */
struct pf_error {
    uint32_t struct_size;
    pf_status code;
    int64_t row;
    int64_t byte;
    char where[120];
    char message[360];
};

#ifdef __cplusplus
}
#endif
#endif
