/* native_module.c — the Python door. The module: its types, its functions, the program.
 * SPDX-License-Identifier: MIT
 * Knows: how the module is made.
 * Knows not: what its types do. */
#include <signal.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "native.h"

PyObject *native_no_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    (void)type, (void)args, (void)keywords;
    PyErr_SetString(PyExc_TypeError, "these objects are made by pyforge_cli.Forge alone");
    return NULL;
}

void *native_new(PyTypeObject *type) {
    allocfunc make = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return make(type, 0);
}

void native_free(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    freefunc end = (freefunc)PyType_GetSlot(type, Py_tp_free);
    end(self);
    Py_DECREF(type); /* a type made at run time is held by each of its objects */
}

void native_words_free(char **words, Py_ssize_t count) {
    for (Py_ssize_t i = 0; words && i < count; i++)
        free(words[i]);
    free(words);
}

char **native_words(PyObject *list, Py_ssize_t count) {
    char **words = calloc((size_t)count + 1, sizeof *words);
    if (!words) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PySequence_GetItem(list, i), *bytes = NULL;
        if (item && PyUnicode_FSConverter(item, &bytes)) {
            const char *text = PyBytes_AsString(bytes);
            size_t size = (size_t)PyBytes_Size(bytes) + 1;
            if ((words[i] = malloc(size)))
                PyOS_snprintf(words[i], size, "%s", text);
            else
                PyErr_NoMemory();
        }
        Py_XDECREF(item);
        Py_XDECREF(bytes);
        if (!words[i]) {
            native_words_free(words, count);
            return NULL;
        }
    }
    return words;
}

static struct sigaction pythons_interrupt, programs_interrupt;

void native_interrupt_enter(void) { sigaction(SIGINT, &pythons_interrupt, &programs_interrupt); }
void native_interrupt_leave(void) { sigaction(SIGINT, &programs_interrupt, NULL); }

/* The program has its own manners with signals, those of a program without Python: a closed pipe and Ctrl-C end it. */
static int run_program(int argc, char **argv, const struct pf_allow *allow) {
    struct sigaction plain = {.sa_handler = SIG_DFL}, pipe_before;
    int code;
    sigemptyset(&plain.sa_mask);
    sigaction(SIGPIPE, &plain, &pipe_before);
    sigaction(SIGINT, &plain, &pythons_interrupt);
    native_extension_program(true);
    Py_BEGIN_ALLOW_THREADS;
    code = pf_cli_run_in(allow, argc, argv);
    Py_END_ALLOW_THREADS;
    native_extension_program(false);
    sigaction(SIGPIPE, &pipe_before, NULL);
    sigaction(SIGINT, &pythons_interrupt, NULL);
    return code;
}

/* main(words, program, starter): program and starter as in pf_allow. */
static PyObject *run_main(PyObject *module, PyObject *args) {
    PyObject *list, *program, *starting;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO", &list, &program, &starting))
        return NULL;
    struct native_allow allow;
    Py_ssize_t count = PySequence_Size(list);
    char **words = count < 0 ? NULL : native_words(list, count);
    PyObject *code = NULL;
    if (words && native_allow_begin(&allow, program, starting) == 0) {
        allow.in_program = true;
        code = PyLong_FromLong(run_program((int)count, words, &allow.face));
        native_allow_end(&allow);
    }
    native_words_free(words, count);
    return code;
}

static PyObject *status_list(PyObject *module, PyObject *none) {
    (void)module, (void)none;
    static const struct {
        int number;
        const char *name, *text;
    } codes[] = {
#define CODE(name, number, text) {number, #name, text},
        PF_STATUS_LIST(CODE)
#undef CODE
    };
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < sizeof codes / sizeof codes[0]; i++) {
        PyObject *one = Py_BuildValue("(iss)", codes[i].number, codes[i].name, codes[i].text);
        if (!one || PyList_Append(list, one) != 0)
            Py_CLEAR(list);
        Py_XDECREF(one);
    }
    return list;
}

static PyMethodDef functions[] = {
    {"forge", native_forge_open, METH_VARARGS,
     "forge(program=None, starter=()): a new forge, with extensions if there is a program."},
    {"main", run_main, METH_VARARGS, "main(argv, program, starter): the program; its exit code."},
    {"status_list", status_list, METH_NOARGS, "status_list(): (number, name, meaning) of every code."},
    {"end_extensions", native_extension_end, METH_VARARGS,
     "end_extensions(call, seconds): runs call on a thread, and lets no extension run any more; True: it was "
     "done in time."},
    {"end_all", native_call_end_all, METH_NOARGS, "end_all(): cancels what runs and waits for it; for atexit."},
    {NULL, NULL, 0, NULL},
};

static int fill_module(PyObject *module) {
    struct native_state *state = PyModule_GetState(module);
    state->forge_type = (PyTypeObject *)PyType_FromSpec(&native_forge_spec);
    state->job_type = (PyTypeObject *)PyType_FromSpec(&native_job_spec);
    state->stream_type = (PyTypeObject *)PyType_FromSpec(&native_stream_spec);
    if (!state->forge_type || !state->job_type || !state->stream_type)
        return -1;
    return PyModule_AddStringConstant(module, "version", pf_version());
}

static int visit_module(PyObject *module, visitproc visit, void *arg) {
    struct native_state *state = PyModule_GetState(module);
    if (!state) /* not filled yet */
        return 0;
    Py_VISIT(state->forge_type);
    Py_VISIT(state->job_type);
    Py_VISIT(state->stream_type);
    Py_VISIT(state->errors);
    return 0;
}

static int clear_module(PyObject *module) {
    struct native_state *state = PyModule_GetState(module);
    if (!state)
        return 0;
    Py_CLEAR(state->forge_type);
    Py_CLEAR(state->job_type);
    Py_CLEAR(state->stream_type);
    Py_CLEAR(state->errors);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill_module}, {0, NULL}};
static struct PyModuleDef definition = {.m_base = PyModuleDef_HEAD_INIT,
                                        .m_name = "_native",
                                        .m_doc = "The core of pyforge; use pyforge_cli.Forge.",
                                        .m_size = sizeof(struct native_state),
                                        .m_methods = functions,
                                        .m_slots = slots,
                                        .m_traverse = visit_module,
                                        .m_clear = clear_module};

PyMODINIT_FUNC PyInit__native(void);
PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
