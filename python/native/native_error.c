/* native_error.c — the Python door. struct pf_error as an exception.            SPDX-License-Identifier: MIT
 * Knows: the fields of an error.
 * Knows not: the tree of classes, which is in _errors.py. */
#include <string.h>

#include "native.h"

PyObject *native_text(const char *text) {
    if (!text)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

PyObject *native_raise(struct native_state *state, const struct pf_error *err, const char *result) {
    if (!state->errors && !(state->errors = PyImport_ImportModule("pyforge_cli._errors")))
        return NULL;
    PyObject *error = PyObject_CallMethod(state->errors, "make", "iNNLLN", (int)err->code,
                                          native_text(err->message), native_text(err->where),
                                          (long long)err->row, (long long)err->byte, native_text(result));
    if (error)
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    Py_XDECREF(error);
    return NULL;
}
