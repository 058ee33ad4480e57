/* native_forge.c — the Python door. A forge: formats, options, jobs.            SPDX-License-Identifier: MIT
 * Knows: the tables of the forge as Python values.
 * Knows not: what is done with them. */
#include <string.h>

#include "native.h"

static pf_status go_open(struct native_call *call) { return pf_forge_open(&call->forge->forge, &call->err); }

PyObject *native_forge_open(PyObject *module, PyObject *none) {
    struct native_state *state = PyModule_GetState(module);
    struct native_forge *self = native_new(state->forge_type);
    (void)none;
    if (!self)
        return NULL;
    self->state = state;
    self->module = module;
    Py_INCREF(module);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct native_call call = {.go = go_open, .forge = self};
    pf_status status;
    Py_BEGIN_ALLOW_THREADS; /* extensions are found and started here */
    status = go_open(&call);
    err = call.err;
    Py_END_ALLOW_THREADS;
    if (status == PF_OK && (self->log = native_log_open(self->forge)))
        return (PyObject *)self;
    if (status != PF_OK)
        native_raise(state, &err, NULL);
    else
        PyErr_NoMemory();
    Py_DECREF(self);
    return NULL;
}

static void forge_dealloc(PyObject *object) {
    struct native_forge *self = (struct native_forge *)object;
    if (self->forge) {
        pf_forge_on_log(self->forge, NULL, NULL);
        pf_forge_close(&self->forge);
    }
    native_log_close(self->log);
    Py_XDECREF(self->module);
    native_free(object);
}

static PyObject *text_list(const char *const *texts) {
    PyObject *list = PyList_New(0);
    for (; list && texts && *texts; texts++) {
        PyObject *text = PyUnicode_FromString(*texts);
        if (!text || PyList_Append(list, text) != 0)
            Py_CLEAR(list);
        Py_XDECREF(text);
    }
    return list;
}

static PyObject *forge_formats(PyObject *object, PyObject *none) {
    struct native_forge *self = (struct native_forge *)object;
    struct pf_format format = {.struct_size = sizeof format};
    PyObject *list = PyList_New(0);
    (void)none;
    for (size_t i = 0; list && pf_forge_format(self->forge, i, &format) == PF_OK; i++) {
        PyObject *one = Py_BuildValue(
            "{sssNsNsssNss}", "name", format.name, "reads", PyBool_FromLong(format.reads), "writes",
            PyBool_FromLong(format.writes), "summary", format.summary ? format.summary : "", "suffixes",
            text_list(format.suffixes), "extension", format.extension ? format.extension : "");
        if (!one || PyList_Append(list, one) != 0)
            Py_CLEAR(list);
        Py_XDECREF(one);
    }
    return list;
}

static PyObject *option_dict(const struct pf_option *option, const char *scope) {
    static const char *const kinds[] = {"", "flag", "text", "integer", "size", "choice", "list"};
    const char *kind = option->kind >= 1 && option->kind <= 6 ? kinds[option->kind] : "text";
    return Py_BuildValue("{szszszszszszszsz}", "scope", scope, "key", option->key, "kind", kind, "choices",
                         option->choices, "default", option->fallback, "group", option->group, "help",
                         option->help, "value_name", option->value_name);
}

static PyObject *forge_options(PyObject *object, PyObject *args) {
    struct native_forge *self = (struct native_forge *)object;
    const struct pf_option *option;
    const char *scope = NULL;
    if (!PyArg_ParseTuple(args, "|z:options", &scope))
        return NULL;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && (option = pf_forge_option(self->forge, scope, i)); i++) {
        PyObject *one = option_dict(option, scope);
        if (!one || PyList_Append(list, one) != 0)
            Py_CLEAR(list);
        Py_XDECREF(one);
    }
    return list;
}

static PyMethodDef methods[] = {
    {"formats", forge_formats, METH_NOARGS, "formats(): what can be read and written, as dictionaries."},
    {"options", forge_options, METH_VARARGS,
     "options(scope=None): the options of every job, or of a format: \"<csv\" reading, \">parquet\" writing."},
    {"job", native_job_open, METH_NOARGS, "job(): a new job."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_dealloc, forge_dealloc}, {Py_tp_methods, methods}, {Py_tp_new, native_no_new}, {0, NULL}};
PyType_Spec native_forge_spec = {"pyforge_cli._native.Forge", sizeof(struct native_forge), 0,
                                 Py_TPFLAGS_DEFAULT, slots};
