/* native_job.c — the Python door. One job: options and inputs in, a result, a view or a stream out.
 * SPDX-License-Identifier: MIT
 * Knows: the methods of a job.
 * Knows not: options, defaults, words; they are the core's and _forge.py's. */
#include <string.h>

#include "native.h"

PyObject *native_job_open(PyObject *object, PyObject *none) {
    struct native_forge *forge = (struct native_forge *)object;
    struct native_job *self = native_new(forge->state->job_type);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    (void)none;
    if (!self)
        return NULL;
    self->forge = forge;
    Py_INCREF(forge);
    if (pf_job_open(forge->forge, &self->job, &err) != PF_OK) {
        native_raise(forge->state, &err, NULL);
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void job_dealloc(PyObject *object) {
    struct native_job *self = (struct native_job *)object;
    if (self->job)
        pf_job_close(&self->job);
    native_bytes_let_go();
    Py_XDECREF(self->forge);
    native_free(object);
}

/* ---- setting up ---- */

static PyObject *answer(struct native_job *self, pf_status status, const struct pf_error *err) {
    if (status != PF_OK)
        return native_raise(self->forge->state, err, NULL);
    Py_RETURN_NONE;
}

static PyObject *job_set(PyObject *object, PyObject *args) {
    struct native_job *self = (struct native_job *)object;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    const char *key, *value = NULL;
    PyObject *text, *bytes = NULL;
    if (!PyArg_ParseTuple(args, "sO:set", &key, &text))
        return NULL;
    if (text != Py_None) { /* names of files may hold any byte; Python keeps those as surrogates */
        bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogateescape");
        char *data = NULL;
        if (!bytes || PyBytes_AsStringAndSize(bytes, &data, NULL) != 0) {
            Py_XDECREF(bytes);
            return NULL;
        }
        value = data;
    }
    pf_status status = pf_job_set(self->job, key, value, &err);
    Py_XDECREF(bytes);
    return answer(self, status, &err);
}

static PyObject *job_get(PyObject *object, PyObject *args) {
    const char *key;
    if (!PyArg_ParseTuple(args, "s:get", &key))
        return NULL;
    return Py_BuildValue("z", pf_job_get(((struct native_job *)object)->job, key));
}

static PyObject *job_take_stream(PyObject *object, PyObject *from) {
    struct native_job *self = (struct native_job *)object;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct ArrowArrayStream stream = {0};
    if (native_stream_from(from, &stream) != 0)
        return NULL;
    pf_status status = pf_job_take_stream(self->job, &stream, &err);
    if (status != PF_OK)
        stream.release(&stream);
    return answer(self, status, &err);
}

static PyObject *job_take_bytes(PyObject *object, PyObject *args) {
    struct native_job *self = (struct native_job *)object;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct pf_source source;
    const char *name;
    PyObject *bytes;
    if (!PyArg_ParseTuple(args, "sO:take_bytes", &name, &bytes) || native_bytes_source(bytes, &source) != 0)
        return NULL;
    pf_status status = pf_job_take_source(self->job, name, &source, &err);
    if (status != PF_OK)
        source.close(&source);
    return answer(self, status, &err);
}

static PyObject *job_cancel(PyObject *object, PyObject *none) {
    (void)none;
    pf_job_cancel(((struct native_job *)object)->job);
    Py_RETURN_NONE;
}

/* ---- calls ---- */

static pf_status go_run(struct native_call *call) {
    return pf_job_run(call->job->job, &call->result, &call->err);
}
static pf_status go_explain(struct native_call *call) {
    return pf_job_explain(call->job->job, &call->json, &call->err);
}
static pf_status go_inspect(struct native_call *call) {
    return pf_inspect(call->job->job, call->text, &call->json, &call->err);
}
static pf_status go_head(struct native_call *call) {
    return pf_job_head(call->job->job, call->text, &call->json, &call->err);
}
static pf_status go_read(struct native_call *call) {
    return pf_job_read(call->job->job, call->text, &call->stream, &call->err);
}
static pf_status go_collect(struct native_call *call) {
    return pf_job_collect(call->job->job, call->text, &call->stream, &call->err);
}
static pf_status go_cells(struct native_call *call) {
    return pf_job_cells(call->job->job, &call->stream, &call->err);
}

static void clear_call(struct native_call *call) {
    if (call->result)
        pf_result_close(&call->result);
    pf_text_free(call->json);
    if (call->stream.release)
        call->stream.release(&call->stream);
}

/* Runs, and gives what came of it: a stream, or a text, or an exception. */
static PyObject *run_call(PyObject *object, PyObject *progress, const char *text,
                          pf_status (*go)(struct native_call *call)) {
    struct native_job *self = (struct native_job *)object;
    struct native_call call = {.go = go,
                               .forge = self->forge,
                               .job = self,
                               .text = text,
                               .progress = progress == Py_None ? NULL : progress};
    PyObject *given = NULL;
    if (native_call_run(&call) == 0) {
        const char *json = call.result ? pf_result_json(call.result) : call.json;
        if (call.status != PF_OK)
            native_raise(self->forge->state, &call.err, json);
        else if (call.stream.release)
            given = native_stream_make(self->forge, &call.stream);
        else
            given = json ? PyUnicode_DecodeUTF8(json, (Py_ssize_t)strlen(json), "surrogateescape")
                         : PyErr_NoMemory();
    }
    clear_call(&call);
    return given;
}

static PyObject *job_run(PyObject *object, PyObject *args) {
    PyObject *progress = NULL;
    if (!PyArg_ParseTuple(args, "|O:run", &progress))
        return NULL;
    return run_call(object, progress, NULL, go_run);
}

static PyObject *job_explain(PyObject *object, PyObject *none) {
    (void)none;
    return run_call(object, NULL, NULL, go_explain);
}

static PyObject *job_inspect(PyObject *object, PyObject *args) {
    PyObject *progress = NULL;
    const char *what;
    if (!PyArg_ParseTuple(args, "s|O:inspect", &what, &progress))
        return NULL;
    return run_call(object, progress, what, go_inspect);
}

static PyObject *job_head(PyObject *object, PyObject *args) {
    const char *table = NULL;
    if (!PyArg_ParseTuple(args, "|z:head", &table))
        return NULL;
    return run_call(object, NULL, table, go_head);
}

static PyObject *job_read(PyObject *object, PyObject *args) {
    PyObject *progress = NULL;
    const char *table = NULL;
    if (!PyArg_ParseTuple(args, "|zO:read", &table, &progress))
        return NULL;
    return run_call(object, progress, table, go_read);
}

static PyObject *job_collect(PyObject *object, PyObject *args) {
    PyObject *progress = NULL;
    const char *table = NULL;
    if (!PyArg_ParseTuple(args, "|zO:collect", &table, &progress))
        return NULL;
    return run_call(object, progress, table, go_collect);
}

static PyObject *job_cells(PyObject *object, PyObject *args) {
    PyObject *progress = NULL;
    if (!PyArg_ParseTuple(args, "|O:cells", &progress))
        return NULL;
    return run_call(object, progress, NULL, go_cells);
}

static PyMethodDef methods[] = {
    {"set", job_set, METH_VARARGS,
     "set(key, value): an option, or \"input\" or \"output\"; None takes it back."},
    {"get", job_get, METH_VARARGS, "get(key): the value in force, or None."},
    {"take_stream", job_take_stream, METH_O, "take_stream(table): an Arrow stream as the input."},
    {"take_bytes", job_take_bytes, METH_VARARGS, "take_bytes(name, data): a file's bytes as an input."},
    {"cancel", job_cancel, METH_NOARGS, "cancel(): ends what runs; from any thread."},
    {"run", job_run, METH_VARARGS, "run(progress=None): converts; the result as JSON."},
    {"explain", job_explain, METH_NOARGS, "explain(): the plan, lines of key, value and who set it."},
    {"inspect", job_inspect, METH_VARARGS,
     "inspect(what, progress=None): info, sniff, validate or schema as JSON."},
    {"head", job_head, METH_VARARGS, "head(table=None): the first rows of one table as JSON."},
    {"read", job_read, METH_VARARGS, "read(table=None, progress=None): one table as a Stream."},
    {"collect", job_collect, METH_VARARGS,
     "collect(table=None, progress=None): the same, read whole into memory first."},
    {"cells", job_cells, METH_VARARGS, "cells(progress=None): every cell of a workbook as a Stream."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_dealloc, job_dealloc}, {Py_tp_methods, methods}, {Py_tp_new, native_no_new}, {0, NULL}};
PyType_Spec native_job_spec = {"pyforge_cli._native.Job", sizeof(struct native_job), 0, Py_TPFLAGS_DEFAULT,
                               slots};
