/* native.h — the Python door: its types and what they share. Everything is decided behind pyforge.h.
 * SPDX-License-Identifier: MIT
 *
 * The core works on a thread of its own while the calling thread waits without the GIL; only the calling thread runs
 * Python code. So callbacks, logging and Ctrl-C need no care in the core, and nothing of it ever waits for the GIL. The one
 * exception is native_extension.c: extensions written in Python are called on threads of the core. */
#ifndef PF_NATIVE_H
#define PF_NATIVE_H
#include <Python.h>
#include <stdbool.h>

#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

struct native_call;
struct native_allow;

/* Of the module. */
struct native_state {
    PyTypeObject *forge_type, *job_type, *stream_type;
    struct native_call *running; /* calls that have not returned; changed under the GIL */
    long process;                /* whose calls these are */
    bool closing;                /* the interpreter ends: no further call */
    PyObject *errors;            /* pyforge_cli._errors, imported when the first error is raised */
};

struct native_forge {
    PyObject_HEAD PyObject *module; /* held */
    struct native_state *state;
    pf_forge *forge;
    struct native_log *log;
};

struct native_job {
    PyObject_HEAD struct native_forge *forge; /* held */
    pf_job *job;
    bool busy; /* a call has not returned */
};

/* One table; its stream leaves by a capsule once. */
struct native_stream {
    PyObject_HEAD struct native_state *state;
    PyObject *module; /* held */
    struct ArrowArrayStream stream;
};

extern PyType_Spec native_forge_spec, native_job_spec, native_stream_spec;

/* A new object of a type that only the module makes; its own fields are zero. NULL with an exception. */
void *native_new(PyTypeObject *type);
/* tp_new of types that only the module makes: raises. */
PyObject *native_no_new(PyTypeObject *type, PyObject *args, PyObject *keywords);
/* Frees the memory of an object and lets go of its type: the end of every dealloc. */
void native_free(PyObject *self);

/* ---- native_forge.c ---- */
PyObject *native_forge_open(PyObject *module, PyObject *args);

/* ---- native_job.c ---- */
PyObject *native_job_open(PyObject *forge, PyObject *none);

/* ---- native_stream.c ---- */
/* Takes the stream. NULL with an exception; the stream is released then. */
PyObject *native_stream_make(struct native_forge *forge, struct ArrowArrayStream *stream);
/* A stream of what a Python object offers: an object with __arrow_c_stream__ or __arrow_c_array__, or one of their
 * capsules. Gives *out, or −1 with an exception. */
int native_stream_from(PyObject *object, struct ArrowArrayStream *out);

/* ---- native_bytes.c ---- */
/* A source over a bytes object, which it holds. −1 with an exception. */
int native_bytes_source(PyObject *object, struct pf_source *out);
/* Lets the objects of closed sources go. With the GIL. */
void native_bytes_let_go(void);

/* ---- native_error.c ---- */
/* A text of the core for people: names of files in it may hold any byte, and what is no UTF-8 is replaced. NULL: None. */
PyObject *native_text(const char *text);
/* Raises; returns NULL. result: the JSON of what was done all the same, or NULL. */
PyObject *native_raise(struct native_state *state, const struct pf_error *err, const char *result);

/* ---- native_log.c ---- */
/* Lines that the core logged, kept until the thread that called takes them to Python. */
struct native_log *native_log_open(pf_forge *forge);
void native_log_close(struct native_log *log);
/* Hands all lines to pyforge_cli._log. −1 with an exception. */
int native_log_deliver(struct native_log *log);

/* ---- native_module.c ---- */
/* A copy of each word as the system spells it, NULL-ended; NULL with an exception. */
char **native_words(PyObject *list, Py_ssize_t count);
void native_words_free(char **words, Py_ssize_t count);
/* While the program runs Ctrl-C is the program's; between these two calls it is Python's, that is KeyboardInterrupt. */
void native_interrupt_enter(void);
void native_interrupt_leave(void);

/* ---- native_extension.c ---- */
/* How a forge of Python finds extensions: by sys.path, and those written in Python are opened in the main interpreter. */
struct native_allow {
    struct pf_allow face;
    PyObject *packages, *program; /* what its texts are in */
    char **starter;
    Py_ssize_t starter_count;
    bool in_program; /* the call is made by a thread of Python, without the GIL */
    bool expected;   /* there are extensions of Python */
};
/* program and starter as in pf_allow. −1 with an exception, and nothing to end. */
int native_allow_begin(struct native_allow *allow, PyObject *program, PyObject *starter);
/* With the GIL, on a thread of Python. */
void native_allow_end(struct native_allow *allow);
/* The program begins, or has ended. With the GIL. */
void native_extension_program(bool runs);
/* end_extensions(call, seconds): runs call on a thread and waits for so long; no extension is called any more. */
PyObject *native_extension_end(PyObject *module, PyObject *args);

/* ---- native_command.c ---- */
/* forge.command(extension, [command, word, …]): its exit code, what it printed, what it complained of. */
PyObject *native_command_run(PyObject *object, PyObject *args);

/* ---- native_call.c ---- */
/* One call into the core. Fill in go and what it needs; go runs without the GIL. */
struct native_call {
    pf_status (*go)(struct native_call *call);
    struct native_forge *forge; /* held */
    struct native_job *job;     /* held; NULL: none. Its cancel ends the call */
    PyObject *progress;         /* a callable or NULL */
    const char *text;           /* go's argument */
    volatile int32_t *cancel;   /* set when the call shall end, or NULL */
    struct native_allow *allow; /* another one's */
    char *json;                 /* what go gives, if it is text (pf_text_free) */
    pf_result *result;
    struct ArrowArrayStream stream;
    pf_status status;
    struct pf_error err;
    struct native_wait *wait;
    struct native_call *next;
};
/* Runs go to its end. Ctrl-C, or an exception of the callback, cancels the job. −1 with an exception of Python; else 0,
 * and status and err tell how go ended. */
int native_call_run(struct native_call *call);
/* Runs go on a thread of its own and waits for so long; false: it was left alone, or could not begin. Without the GIL. */
bool native_call_within(void (*go)(void *arg), void *arg, double seconds);
/* When the interpreter ends: cancels what runs and waits for it. */
PyObject *native_call_end_all(PyObject *module, PyObject *none);
#endif
