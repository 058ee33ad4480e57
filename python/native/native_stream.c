/* native_stream.c — the Python door. Arrow streams as capsules, out and in.      SPDX-License-Identifier: MIT
 * Source: Apache Arrow, "The Arrow PyCapsule Interface": names of the capsules and methods, who releases what.
 * Knows: that what is moved is released exactly once, by who has it last.
 * Knows not: what is in the batches. */
#include <stdlib.h>
#include <string.h>

#include "native.h"

#define STREAM_NAME "arrow_array_stream"
#define SCHEMA_NAME "arrow_schema"
#define ARRAY_NAME  "arrow_array"

/* ---- out ---- */

static void end_stream_capsule(PyObject *capsule) {
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, STREAM_NAME);
    if (!stream)
        return;
    if (stream->release)
        stream->release(stream);
    free(stream);
}

static void end_schema_capsule(PyObject *capsule) {
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, SCHEMA_NAME);
    if (!schema)
        return;
    if (schema->release)
        schema->release(schema);
    free(schema);
}

PyObject *native_stream_make(struct native_forge *forge, struct ArrowArrayStream *stream) {
    struct native_stream *self = native_new(forge->state->stream_type);
    if (!self) {
        stream->release(stream);
        return NULL;
    }
    self->state = forge->state;
    self->module = forge->module;
    Py_INCREF(self->module);
    self->stream = *stream;
    stream->release = NULL;
    return (PyObject *)self;
}

static void stream_dealloc(PyObject *object) {
    struct native_stream *self = (struct native_stream *)object;
    if (self->stream.release)
        self->stream.release(&self->stream);
    Py_XDECREF(self->module);
    native_free(object);
}

static int still_here(const struct native_stream *self) {
    const struct pf_error err = {
        .code = PF_STATE,
        .row = -1,
        .byte = -1,
        .message = "the stream was handed over before and can be read only once; open it anew"};
    if (self->stream.release)
        return 0;
    native_raise(self->state, &err, NULL);
    return -1;
}

/* requested_schema may be ignored by who cannot follow it: the specification asks for the best effort. */
static PyObject *stream_capsule(PyObject *object, PyObject *args, PyObject *keywords) {
    static char name[] = "requested_schema";
    static char *names[] = {name, NULL};
    struct native_stream *self = (struct native_stream *)object;
    PyObject *requested = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O:__arrow_c_stream__", names, &requested) ||
        still_here(self) != 0)
        return NULL;
    struct ArrowArrayStream *moved = malloc(sizeof *moved);
    if (!moved)
        return PyErr_NoMemory();
    *moved = self->stream;
    PyObject *capsule = PyCapsule_New(moved, STREAM_NAME, end_stream_capsule);
    if (capsule)
        self->stream.release = NULL;
    else
        free(moved);
    return capsule;
}

static int get_schema(struct native_stream *self, struct ArrowSchema *out) {
    struct pf_error err = {.code = PF_INTERNAL, .row = -1, .byte = -1};
    if (still_here(self) != 0)
        return -1;
    if (self->stream.get_schema(&self->stream, out) == 0)
        return 0;
    const char *why = self->stream.get_last_error(&self->stream);
    PyOS_snprintf(err.message, sizeof err.message, "%s", why ? why : "the stream has no schema");
    native_raise(self->state, &err, NULL);
    return -1;
}

static PyObject *stream_schema_capsule(PyObject *object, PyObject *none) {
    struct ArrowSchema *schema = calloc(1, sizeof *schema);
    PyObject *capsule = NULL;
    (void)none;
    if (!schema)
        return PyErr_NoMemory();
    if (get_schema((struct native_stream *)object, schema) == 0)
        capsule = PyCapsule_New(schema, SCHEMA_NAME, end_schema_capsule);
    if (!capsule) {
        if (schema->release)
            schema->release(schema);
        free(schema);
    }
    return capsule;
}

static PyObject *stream_columns(PyObject *object, PyObject *none) {
    struct ArrowSchema schema = {0};
    (void)none;
    if (get_schema((struct native_stream *)object, &schema) != 0)
        return NULL;
    PyObject *list = PyList_New(0);
    for (int64_t i = 0; list && i < schema.n_children; i++) {
        const struct ArrowSchema *field = schema.children[i];
        char type[96];
        if (pf_type_text(field, type, sizeof type, NULL) != PF_OK)
            PyOS_snprintf(type, sizeof type, "%s", field->format);
        PyObject *one = Py_BuildValue("(ssN)", field->name ? field->name : "", type,
                                      PyBool_FromLong((field->flags & ARROW_FLAG_NULLABLE) != 0));
        if (!one || PyList_Append(list, one) != 0)
            Py_CLEAR(list);
        Py_XDECREF(one);
    }
    schema.release(&schema);
    return list;
}

/* ---- in ---- */

/* The one batch of an __arrow_c_array__. */
struct single {
    struct ArrowSchema schema;
    struct ArrowArray array;
};

/* The stream's schema may be asked for often, and the original stays here. */
static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static int single_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct single *single = stream->private_data;
    *out = single->schema; /* lent: the stream lives longer than who asks, which is the core alone */
    out->release = keep_schema;
    return 0;
}
static int single_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct single *single = stream->private_data;
    *out = single->array;
    single->array.release = NULL;
    return 0;
}
static const char *single_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return NULL;
}
static void single_release(struct ArrowArrayStream *stream) {
    struct single *single = stream->private_data;
    if (single->array.release)
        single->array.release(&single->array);
    if (single->schema.release)
        single->schema.release(&single->schema);
    free(single);
    stream->release = NULL;
}

/* What is said of an object whose answer is not what Arrow's interface has. */
static int no_capsule(const char *method, const char *wanted) {
    PyErr_Format(PyExc_ValueError,
                 "%s gave no %s; give a frame of pandas, Polars, pyarrow or DuckDB, or mend the method", method,
                 wanted);
    return -1;
}

static int from_array(PyObject *pair, struct ArrowArrayStream *out) {
    bool is_pair = PyTuple_Check(pair) && PyTuple_Size(pair) == 2;
    PyObject *first = is_pair ? PyTuple_GetItem(pair, 0) : NULL,
             *second = is_pair ? PyTuple_GetItem(pair, 1) : NULL;
    if (!first || !PyCapsule_IsValid(first, SCHEMA_NAME) || !second || !PyCapsule_IsValid(second, ARRAY_NAME))
        return no_capsule("__arrow_c_array__", "pair of capsules");
    struct ArrowSchema *schema = PyCapsule_GetPointer(first, SCHEMA_NAME);
    struct ArrowArray *array = PyCapsule_GetPointer(second, ARRAY_NAME);
    if (!schema->release || !array->release) {
        PyErr_SetString(PyExc_ValueError, "the array was handed over before; ask for it anew");
        return -1;
    }
    struct single *single = malloc(sizeof *single);
    if (!single) {
        PyErr_NoMemory();
        return -1;
    }
    *single = (struct single){*schema, *array};
    schema->release = NULL;
    array->release = NULL;
    *out = (struct ArrowArrayStream){single_schema, single_next, single_error, single_release, single};
    return 0;
}

static int from_capsule(PyObject *capsule, struct ArrowArrayStream *out) {
    struct ArrowArrayStream *stream =
        PyCapsule_IsValid(capsule, STREAM_NAME) ? PyCapsule_GetPointer(capsule, STREAM_NAME) : NULL;
    if (!stream)
        return no_capsule("__arrow_c_stream__", "capsule of a stream");
    if (!stream->release) {
        PyErr_SetString(PyExc_ValueError,
                        "the stream was handed over before and can be read only once; open it anew");
        return -1;
    }
    *out = *stream;
    stream->release = NULL;
    return 0;
}

/* Calls the method if there is one; *answer NULL without an exception when there is none. */
static int call_if_there(PyObject *object, const char *method, PyObject **answer) {
    *answer = NULL;
    if (!PyObject_HasAttrString(object, method))
        return 0;
    *answer = PyObject_CallMethod(object, method, NULL);
    return *answer ? 0 : -1;
}

int native_stream_from(PyObject *object, struct ArrowArrayStream *out) {
    PyObject *answer;
    if (PyCapsule_IsValid(object, STREAM_NAME))
        return from_capsule(object, out);
    if (call_if_there(object, "__arrow_c_stream__", &answer) != 0)
        return -1;
    bool is_array = !answer;
    if (is_array && call_if_there(object, "__arrow_c_array__", &answer) != 0)
        return -1;
    if (!answer) {
        PyErr_SetString(PyExc_TypeError,
                        "this is no table: it has neither __arrow_c_stream__ nor __arrow_c_array__; "
                        "give a frame of pandas, Polars, pyarrow or DuckDB, or a path");
        return -1;
    }
    int failed = is_array ? from_array(answer, out) : from_capsule(answer, out);
    Py_DECREF(answer);
    return failed;
}

static PyMethodDef methods[] = {
    {"__arrow_c_stream__", (PyCFunction)(void (*)(void))stream_capsule, METH_VARARGS | METH_KEYWORDS,
     "The stream, handed over: it can be read once."},
    {"__arrow_c_schema__", stream_schema_capsule, METH_NOARGS, "The schema of the stream."},
    {"columns", stream_columns, METH_NOARGS, "(name, type, nullable) of each column."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_dealloc, stream_dealloc}, {Py_tp_methods, methods}, {Py_tp_new, native_no_new}, {0, NULL}};
PyType_Spec native_stream_spec = {"pyforge_cli._native.Stream", sizeof(struct native_stream), 0,
                                  Py_TPFLAGS_DEFAULT, slots};
