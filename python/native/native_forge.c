/* native_forge.c — the Python door. A forge: formats, options, jobs.            SPDX-License-Identifier: MIT
 * Knows: the tables of the forge as Python values.
 * Knows not: what is done with them. */
#include <string.h>

#include "native.h"

static pf_status go_allow(struct native_call *call) {
    return pf_forge_allow(call->forge->forge, &call->allow->face, &call->err);
}

/* Extensions are found here, and opened when they are needed. */
static int allow_all(struct native_forge *self, PyObject *program, PyObject *starter) {
    struct native_allow allow;
    struct native_call call = {.go = go_allow, .forge = self, .allow = &allow};
    if (native_allow_begin(&allow, program, starter) != 0)
        return -1;
    int failed = native_call_run(&call);
    native_allow_end(&allow);
    if (failed == 0 && call.status != PF_OK) {
        native_raise(self->state, &call.err, NULL);
        failed = -1;
    }
    return failed;
}

PyObject *native_forge_open(PyObject *module, PyObject *args) {
    struct native_state *state = PyModule_GetState(module);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    PyObject *program = Py_None, *starter = NULL;
    if (!PyArg_ParseTuple(args, "|OO:forge", &program, &starter))
        return NULL;
    struct native_forge *self = native_new(state->forge_type);
    if (!self)
        return NULL;
    self->state = state;
    self->module = module;
    Py_INCREF(module);
    pf_status status = pf_forge_open(&self->forge, &err);
    if (status != PF_OK)
        native_raise(state, &err, NULL);
    else if (!(self->log = native_log_open(self->forge)))
        PyErr_NoMemory();
    else if (!starter || allow_all(self, program, starter) == 0)
        return (PyObject *)self;
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

/* Behind the last one extensions may be opened, and those of Python need the GIL. */
static bool next_format(pf_forge *forge, size_t index, struct pf_format *format) {
    pf_status status;
    Py_BEGIN_ALLOW_THREADS;
    status = pf_forge_format(forge, index, format);
    Py_END_ALLOW_THREADS;
    return status == PF_OK;
}

static PyObject *forge_formats(PyObject *object, PyObject *none) {
    struct native_forge *self = (struct native_forge *)object;
    struct pf_format format = {.struct_size = sizeof format};
    PyObject *list = PyList_New(0);
    (void)none;
    for (size_t i = 0; list && next_format(self->forge, i, &format); i++) {
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

/* ---- extensions ---- */

static pf_status go_wake(struct native_call *call) {
    pf_forge_wake(call->forge->forge, call->text);
    return PF_OK;
}
static pf_status go_enable(struct native_call *call) {
    return pf_forge_enable(call->forge->forge, call->text, 1, &call->err);
}
static pf_status go_disable(struct native_call *call) {
    return pf_forge_enable(call->forge->forge, call->text, 0, &call->err);
}
static pf_status go_rescan(struct native_call *call) {
    return pf_forge_rescan(call->forge->forge, call->text, &call->err);
}

static PyObject *change(PyObject *object, const char *name, pf_status (*go)(struct native_call *call)) {
    struct native_forge *self = (struct native_forge *)object;
    struct native_call call = {.go = go, .forge = self, .text = name};
    if (native_call_run(&call) != 0)
        return NULL;
    if (call.status != PF_OK)
        return native_raise(self->state, &call.err, NULL);
    Py_RETURN_NONE;
}

static PyObject *forge_wake(PyObject *object, PyObject *args) {
    const char *name = NULL;
    return PyArg_ParseTuple(args, "|z:wake", &name) ? change(object, name, go_wake) : NULL;
}

static PyObject *forge_rescan(PyObject *object, PyObject *args) {
    const char *name = NULL;
    return PyArg_ParseTuple(args, "|z:rescan", &name) ? change(object, name, go_rescan) : NULL;
}

static PyObject *forge_enable(PyObject *object, PyObject *args) {
    const char *name;
    int enabled;
    if (!PyArg_ParseTuple(args, "sp:enable", &name, &enabled))
        return NULL;
    return change(object, name, enabled ? go_enable : go_disable);
}

static PyObject *facts_dict(const struct pf_extension_facts *facts) {
    static const char *const by[] = {NULL, "user", "environment", "extension"};
    bool missing = facts->state == PF_EXTENSION_DISABLED && facts->disabled_by != PF_DISABLED_BY_USER;
    return Py_BuildValue(
        "{szszszszsNszsNszsNsd}", "name", facts->name, "version", facts->version, "status",
        facts->shadowed ? "shadowed" : facts->state_name, "description", facts->summary, "missing",
        native_text(missing ? facts->text : NULL), "stage", facts->stage && *facts->stage ? facts->stage : NULL,
        "error", native_text(facts->state == PF_EXTENSION_FAILED ? facts->text : NULL), "disabled_by",
        by[facts->disabled_by], "path", native_text(facts->path), "load_seconds", (double)facts->load_us / 1e6);
}

static PyObject *forge_extensions(PyObject *object, PyObject *none) {
    struct native_forge *self = (struct native_forge *)object;
    struct pf_extension_facts facts = {.struct_size = sizeof facts};
    PyObject *list = PyList_New(0);
    (void)none;
    for (size_t i = 0; list && pf_forge_extension(self->forge, i, &facts) == PF_OK; i++) {
        PyObject *one = facts_dict(&facts);
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
    {"extensions", forge_extensions, METH_NOARGS,
     "extensions(): what is known of each extension, as dictionaries."},
    {"wake", forge_wake, METH_VARARGS, "wake(name=None): opens an extension now, or all."},
    {"enable", forge_enable, METH_VARARGS, "enable(name, enabled): for this and all later processes."},
    {"rescan", forge_rescan, METH_VARARGS, "rescan(name=None): tries one, or all, again."},
    {"command", native_command_run, METH_VARARGS,
     "command(extension, words): runs a command of it; its exit code, what it printed, what it complained of."},
    {"job", native_job_open, METH_NOARGS, "job(): a new job."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_dealloc, forge_dealloc}, {Py_tp_methods, methods}, {Py_tp_new, native_no_new}, {0, NULL}};
PyType_Spec native_forge_spec = {"pyforge_cli._native.Forge", sizeof(struct native_forge), 0,
                                 Py_TPFLAGS_DEFAULT, slots};
