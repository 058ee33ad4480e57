/* native_bytes.c — the Python door. A source over a bytes object.                SPDX-License-Identifier: MIT
 * Knows: that closing may come from any thread, with or without the GIL.
 * Knows not: what is read. */
#include <stdlib.h>
#include <string.h>

#include "native.h"

struct bytes {
    PyObject *object; /* held */
    const char *data;
};

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

static int let_go(void *object) {
    Py_DECREF((PyObject *)object);
    return 0;
}

/* The GIL cannot be waited for here: who holds it may be waiting for this thread. The interpreter lets the object go
 * soon; if its list of such errands is full, or it ends, the object stays until the process ends. */
static void close_bytes(struct pf_source *source) {
    struct bytes *bytes = source->self;
    if (!bytes)
        return;
    Py_AddPendingCall(let_go, bytes->object);
    free(bytes);
    source->self = NULL;
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
    *bytes = (struct bytes){object, data};
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = size,
                              .self = bytes,
                              .read_at = read_at,
                              .close = close_bytes};
    return 0;
}
