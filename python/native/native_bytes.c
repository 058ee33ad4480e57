/* native_bytes.c — the Python door. A source over a bytes object.                SPDX-License-Identifier: MIT
 * Knows: that closing may come from any thread, with or without the GIL.
 * Knows not: what is read. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

struct bytes {
    PyObject *object; /* held */
    const char *data;
    struct bytes *next;
};

static _Atomic(struct bytes *) closed; /* their objects are still held */

static pf_status read_at(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                         struct pf_error *err) {
    const struct bytes *bytes = source->self;
    (void)err;
    *got = offset < 0 || offset >= source->size_bytes ? 0 : (size_t)(source->size_bytes - offset);
    if (*got > want)
        *got = want;
    if (*got)
        memcpy(to, bytes->data + offset, *got);
    return PF_OK;
}

void native_bytes_let_go(void) {
    for (struct bytes *bytes = atomic_exchange(&closed, NULL), *next; bytes; bytes = next) {
        next = bytes->next;
        Py_DECREF(bytes->object);
        free(bytes);
    }
}

static int let_go(void *none) {
    (void)none;
    native_bytes_let_go();
    return 0;
}

/* The GIL cannot be waited for here: who holds it may be waiting for this thread. The main thread lets the object go
 * soon; where it is busy elsewhere, the next call into the core does. */
static void close_bytes(struct pf_source *source) {
    struct bytes *bytes = source->self;
    if (!bytes)
        return;
    source->self = NULL;
    bytes->next = atomic_load(&closed);
    while (!atomic_compare_exchange_weak(&closed, &bytes->next, bytes)) {
    }
    Py_AddPendingCall(let_go, NULL);
}

int native_bytes_source(PyObject *object, struct pf_source *out) {
    char *data = NULL;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(object, &data, &size) != 0)
        return -1;
    struct bytes *bytes = malloc(sizeof *bytes);
    if (!bytes) {
        PyErr_NoMemory();
        return -1;
    }
    Py_INCREF(object);
    *bytes = (struct bytes){.object = object, .data = data};
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = size,
                              .self = bytes,
                              .read_at = read_at,
                              .close = close_bytes};
    return 0;
}
