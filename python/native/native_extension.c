/* native_extension.c — the Python door. Extensions written in Python, as descriptors of the registry.
 * SPDX-License-Identifier: MIT
 * Knows: which call of a table becomes which method, whose thread and whose lock that is.
 * Knows not: what a method does, how hooks of the earlier program fit; pyforge_cli.extensions._bridge does.
 *
 * The core calls on threads of its own, which enter the main interpreter for the time of the call: also where a forge
 * belongs to another one. After native_extension_end nothing enters any more. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

#define BRIDGE        "pyforge_cli.extensions._bridge"
#define OPEN_LIMIT_MS 30000
#define COMMANDS_MOST 64

static atomic_bool ended; /* the interpreter ends, or has ended */

/* One extension of this process. It is never freed: a hook that hangs may come back to it at any time. */
struct extension {
    struct pf_extension face;
    struct pf_hooks hooks;
    struct pf_command commands[COMMANDS_MOST];
    const struct pf_command *list[COMMANDS_MOST + 1];
    PyObject *loaded; /* the bridge's Loaded, held */
};

/* ---- the host, as Python sees it ---- */

/* host is NULL once the call is over. */
struct host_object {
    PyObject_HEAD struct pf_host *host;
};

static struct pf_host *host_of(PyObject *object) { return ((struct host_object *)object)->host; }

static PyObject *host_get(PyObject *object, PyObject *args) {
    const char *key;
    struct pf_host *host = host_of(object);
    if (!PyArg_ParseTuple(args, "s:get", &key))
        return NULL;
    const char *text = host ? host->job_get(host, key) : NULL;
    if (!text)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape");
}

static PyObject *host_result(PyObject *object, PyObject *args) {
    const char *key;
    struct pf_host *host = host_of(object);
    if (!PyArg_ParseTuple(args, "s:result", &key))
        return NULL;
    const char *text = host ? host->result_get(host, key) : NULL;
    if (!text)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape");
}

/* None, or what is wrong. */
static PyObject *host_set(PyObject *object, PyObject *args) {
    const char *key, *value;
    struct pf_host *host = host_of(object);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    if (!PyArg_ParseTuple(args, "ss:set", &key, &value))
        return NULL;
    if (host && host->job_set(host, key, value, &err) == PF_OK)
        Py_RETURN_NONE;
    return PyUnicode_FromString(host ? err.message : "the job went on without this hook; answer sooner");
}

static PyObject *host_log(PyObject *object, PyObject *args) {
    int level;
    const char *text;
    struct pf_host *host = host_of(object);
    if (!PyArg_ParseTuple(args, "is:log", &level, &text))
        return NULL;
    if (host)
        host->log(host, level, text);
    Py_RETURN_NONE;
}

static void host_dealloc(PyObject *object) { native_free(object); }

static PyMethodDef host_methods[] = {
    {"get", host_get, METH_VARARGS, "get(key): an option in force, \"input\" or \"output\"; None: not given."},
    {"set", host_set, METH_VARARGS,
     "set(key, text): an option that the user did not set; None, or what is wrong."},
    {"result", host_result, METH_VARARGS, "result(key): what pf_host.result_get gives."},
    {"log", host_log, METH_VARARGS, "log(level, text): a line of the core's log."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot host_slots[] = {
    {Py_tp_dealloc, host_dealloc}, {Py_tp_methods, host_methods}, {Py_tp_new, native_no_new}, {0, NULL}};
static PyType_Spec host_spec = {"pyforge_cli._native.Host", sizeof(struct host_object), 0, Py_TPFLAGS_DEFAULT,
                                host_slots};
static PyTypeObject *host_type; /* of the main interpreter, made with the first host */

static PyObject *host_make(struct pf_host *host) {
    if (!host_type && !(host_type = (PyTypeObject *)PyType_FromSpec(&host_spec)))
        return NULL;
    struct host_object *self = native_new(host_type);
    if (self)
        self->host = host;
    return (PyObject *)self;
}

static void host_drop(PyObject *object) {
    if (object)
        ((struct host_object *)object)->host = NULL;
    Py_XDECREF(object);
}

/* ---- exceptions as errors ---- */

/* The exception that is set, as the bridge puts it: (is it unavailable?, text). Clears it. */
static pf_status fail_as_told(struct pf_error *err) {
    PyObject *type = NULL, *value = NULL, *trace = NULL;
    int unavailable = 0;
    const char *text = "it failed, and the reason cannot be told";
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    PyObject *bridge = PyImport_ImportModule(BRIDGE);
    PyObject *told =
        bridge ? PyObject_CallMethod(bridge, "reason", "OO", value ? value : Py_None, trace ? trace : Py_None)
               : NULL;
    if (!told || !PyArg_ParseTuple(told, "ps", &unavailable, &text))
        PyErr_Clear();
    pf_status status = unavailable ? PF_UNAVAILABLE : PF_EXTENSION;
    if (err) {
        err->code = status;
        PyOS_snprintf(err->message, sizeof err->message, "%s", text);
    }
    Py_XDECREF(told);
    Py_XDECREF(bridge);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    return status;
}

static pf_status fail_as_ended(struct pf_error *err) {
    if (err) {
        err->code = PF_STATE;
        PyOS_snprintf(err->message, sizeof err->message,
                      "the interpreter is shutting down; nothing can be run any more");
    }
    return PF_STATE;
}

/* ---- tables ---- */

/* One method of the bridge's object with the host; answer may be NULL. */
static pf_status call_loaded(struct extension *it, struct pf_host *host, const char *method,
                             struct pf_error *err) {
    if (atomic_load(&ended))
        return fail_as_ended(err);
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *seen = host_make(host);
    PyObject *answer = seen ? PyObject_CallMethod(it->loaded, method, "O", seen) : NULL;
    pf_status status = answer ? PF_OK : fail_as_told(err);
    Py_XDECREF(answer);
    host_drop(seen);
    PyGILState_Release(lock);
    return status;
}

static struct {
    bool runs;
    PyObject *log; /* a Host that outlives its call: where the program's log goes */
} running;

/* In the program the log of extensions goes where all of it goes. */
static void pass_log(struct pf_host *host) {
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *bridge = PyImport_ImportModule(BRIDGE);
    host_drop(running.log);
    running.log = host_make(host);
    PyObject *answer = bridge && running.log ? PyObject_CallMethod(bridge, "log_to", "O", running.log) : NULL;
    if (!answer)
        PyErr_Clear();
    Py_XDECREF(answer);
    Py_XDECREF(bridge);
    PyGILState_Release(lock);
}

static pf_status start(struct pf_host *host, void **self, struct pf_error *err) {
    if (running.runs && !atomic_load(&ended))
        pass_log(host);
    return call_loaded(*self, host, "start", err);
}

static pf_status run_parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    (void)job;
    return call_loaded(self, host, "parameter", err);
}

static void run_post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    (void)job, (void)result;
    struct extension *it = self;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    char text[sizeof err.message + 100];
    if (call_loaded(it, host, "post", &err) == PF_OK)
        return;
    PyOS_snprintf(text, sizeof text, "extension '%s': its post hook failed: %s", it->face.name, err.message);
    struct pf_notice notice = {
        .struct_size = sizeof notice, .kind = "hook-failed", .detail = text, .row = -1, .byte = -1, .count = 1};
    host->notice(host, &notice);
}

static PyObject *word_list(int32_t argc, char **argv) {
    PyObject *list = PyList_New(0);
    for (int32_t i = 0; list && i < argc; i++) {
        PyObject *word = PyUnicode_DecodeFSDefault(argv[i]);
        if (!word || PyList_Append(list, word) != 0)
            Py_CLEAR(list);
        Py_XDECREF(word);
    }
    return list;
}

static int32_t run_command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                           char **argv) {
    struct extension *it = self;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    long code = 1;
    (void)host;
    if (atomic_load(&ended))
        return 1;
    fflush(stdout); /* what both print keeps its order */
    PyGILState_STATE lock = PyGILState_Ensure();
    native_interrupt_enter();
    PyObject *words = word_list(argc, argv);
    PyObject *answer = words ? PyObject_CallMethod(it->loaded, "run", "O", words) : NULL;
    native_interrupt_leave();
    if (answer)
        code = PyLong_AsLong(answer);
    if (PyErr_Occurred()) {
        fail_as_told(&err);
        console->complain(console, err.message, strlen(err.message));
        console->complain(console, "\n", 1);
        code = 1;
    }
    Py_XDECREF(words);
    Py_XDECREF(answer);
    PyGILState_Release(lock);
    return (int32_t)code;
}

/* ---- the descriptor ---- */

/* A copy of an attribute's text, for ever. */
static const char *text_of(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    PyObject *bytes = value ? PyUnicode_AsUTF8String(value) : NULL;
    const char *text = bytes ? PyBytes_AsString(bytes) : NULL;
    char *copy = text ? malloc(strlen(text) + 1) : NULL;
    if (copy)
        memcpy(copy, text, strlen(text) + 1);
    else if (text)
        PyErr_NoMemory();
    Py_XDECREF(value);
    Py_XDECREF(bytes);
    return copy;
}

/* loaded.commands: (name, summary) of each. */
static int fill_commands(struct extension *it) {
    PyObject *commands = PyObject_GetAttrString(it->loaded, "commands");
    Py_ssize_t count = commands ? PySequence_Size(commands) : -1;
    for (Py_ssize_t i = 0; i < count && i < COMMANDS_MOST; i++) {
        PyObject *pair = PySequence_GetItem(commands, i);
        struct pf_command *command = &it->commands[i];
        *command = (struct pf_command){.struct_size = sizeof *command, .run = run_command};
        if (pair) {
            command->name = text_of(pair, "name");
            command->summary = command->name ? text_of(pair, "summary") : NULL;
        }
        Py_XDECREF(pair);
        if (!command->summary) {
            count = -1;
            break;
        }
        it->list[i] = command;
    }
    Py_XDECREF(commands);
    return count < 0 ? -1 : 0;
}

static int has_attribute(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    int answer = value ? PyObject_IsTrue(value) : -1;
    Py_XDECREF(value);
    return answer;
}

static struct extension *describe(PyObject *loaded) {
    struct extension *it = calloc(1, sizeof *it);
    if (!it) {
        PyErr_NoMemory();
        return NULL;
    }
    it->loaded = loaded;
    Py_INCREF(loaded);
    it->face = (struct pf_extension){
        .struct_size = sizeof it->face, .commands = it->list, .init = start, .context = it};
    it->hooks = (struct pf_hooks){.struct_size = sizeof it->hooks};
    int before = -1, after = -1;
    if ((it->face.name = text_of(loaded, "name")) && (it->face.version = text_of(loaded, "version")) &&
        (it->face.summary = text_of(loaded, "summary")) && (it->face.license = text_of(loaded, "license")) &&
        fill_commands(it) == 0 && (before = has_attribute(loaded, "has_parameter")) >= 0)
        after = has_attribute(loaded, "has_post");
    if (after < 0)
        return NULL; /* a few texts are lost with it */
    it->hooks.parameter = before ? run_parameter : NULL;
    it->hooks.post = after ? run_post : NULL;
    it->face.hooks = before || after ? &it->hooks : NULL;
    return it;
}

/* The one descriptor of an object. */
static struct extension *descriptor_of(PyObject *loaded) {
    PyObject *capsule = PyObject_GetAttrString(loaded, "descriptor");
    struct extension *it = NULL;
    if (capsule && capsule != Py_None) {
        it = PyCapsule_GetPointer(capsule, BRIDGE);
    } else if (capsule && (it = describe(loaded))) {
        PyObject *made = PyCapsule_New(it, BRIDGE, NULL);
        if (!made || PyObject_SetAttrString(loaded, "descriptor", made) != 0)
            it = NULL;
        Py_XDECREF(made);
    }
    Py_XDECREF(capsule);
    return it;
}

static pf_status open_entry(void *ctx, const char *name, const char *entry, const struct pf_extension **out,
                            struct pf_error *err) {
    (void)ctx;
    if (atomic_load(&ended))
        return fail_as_ended(err);
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *bridge = PyImport_ImportModule(BRIDGE);
    PyObject *loaded = bridge ? PyObject_CallMethod(bridge, "load", "ss", name, entry) : NULL;
    struct extension *it = loaded ? descriptor_of(loaded) : NULL;
    pf_status status = PF_OK;
    if (it)
        *out = &it->face;
    else
        status = fail_as_told(err);
    Py_XDECREF(loaded);
    Py_XDECREF(bridge);
    PyGILState_Release(lock);
    return status;
}

/* ---- allowing ---- */

/* The folders of sys.path, ':' between; those that are not absolute are left out by the core. */
static PyObject *package_folders(void) {
    PyObject *path = PySys_GetObject("path"); /* borrowed */
    PyObject *colon = PyUnicode_FromString(":"), *list = PyList_New(0), *joined = NULL, *bytes = NULL;
    Py_ssize_t count = path ? PySequence_Size(path) : 0;
    for (Py_ssize_t i = 0; list && i < count; i++) {
        PyObject *folder = PySequence_GetItem(path, i);
        if (folder && PyUnicode_Check(folder) && PyList_Append(list, folder) != 0)
            Py_CLEAR(list);
        Py_XDECREF(folder);
    }
    if (colon && list && !PyErr_Occurred())
        joined = PyUnicode_Join(colon, list);
    if (joined)
        bytes = PyUnicode_EncodeFSDefault(joined);
    Py_XDECREF(joined);
    Py_XDECREF(list);
    Py_XDECREF(colon);
    return bytes;
}

/* The module takes the thread that imports it for the main one, and waits for its end: that must be none of the core's. */
static void import_threading(void) {
    PyObject *module = PyImport_ImportModule("threading");
    if (!module)
        PyErr_Clear();
    Py_XDECREF(module);
}

static void expect_entry(void *ctx) {
    struct native_allow *allow = ctx;
    allow->expected = true;
    if (!allow->in_program || atomic_load(&ended))
        return;
    PyGILState_STATE lock = PyGILState_Ensure();
    import_threading();
    PyGILState_Release(lock);
}

int native_allow_begin(struct native_allow *allow, PyObject *program, PyObject *starter) {
    *allow = (struct native_allow){.packages = package_folders(), .starter_count = PySequence_Size(starter)};
    if (!allow->packages || !PyUnicode_FSConverter(program, &allow->program) || allow->starter_count < 0 ||
        !(allow->starter = native_words(starter, allow->starter_count))) {
        native_allow_end(allow);
        return -1;
    }
    allow->face = (struct pf_allow){.struct_size = sizeof allow->face,
                                    .packages = PyBytes_AsString(allow->packages),
                                    .program = PyBytes_AsString(allow->program),
                                    .starter = (const char *const *)allow->starter,
                                    .open = open_entry,
                                    .ctx = allow,
                                    .expect = expect_entry,
                                    .open_limit_ms = OPEN_LIMIT_MS};
    return 0;
}

void native_allow_end(struct native_allow *allow) {
    if (allow->expected && !allow->in_program)
        import_threading();
    if (allow->starter)
        native_words_free(allow->starter, allow->starter_count);
    Py_CLEAR(allow->packages);
    Py_CLEAR(allow->program);
}

void native_extension_program(bool runs) {
    running.runs = runs;
    if (runs)
        return;
    host_drop(running.log);
    running.log = NULL;
}

/* ---- the end ---- */

static void run_ending(void *arg) {
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *answer = PyObject_CallObject(arg, NULL);
    if (!answer)
        PyErr_Clear();
    Py_XDECREF(answer);
    PyGILState_Release(lock);
}

PyObject *native_extension_end(PyObject *module, PyObject *args) {
    PyObject *call;
    double seconds;
    bool done = false;
    (void)module;
    if (!PyArg_ParseTuple(args, "Od:end_extensions", &call, &seconds))
        return NULL;
    Py_INCREF(call); /* for ever: a late thread may still be in it */
    Py_BEGIN_ALLOW_THREADS;
    if (!atomic_load(&ended))
        done = native_call_within(run_ending, call, seconds);
    Py_END_ALLOW_THREADS;
    atomic_store(&ended, true);
    return PyBool_FromLong(done);
}
