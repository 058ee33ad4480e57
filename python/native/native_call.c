/* native_call.c — the Python door. A call into the core on a thread of its own.   SPDX-License-Identifier: MIT
 * Knows: who waits, signals, progress, what happens when the interpreter ends.
 * Knows not: what is called. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "native.h"

#define LOOK_EVERY_MS 20 /* how soon Ctrl-C is seen */

struct native_wait {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
    bool told; /* there is progress that Python has not seen */
    struct pf_progress progress;
    char stage[32];
    char input[512];
};

static void copy_text(char *to, size_t room, const char *from) {
    size_t size = from ? strlen(from) : 0;
    size = size < room ? size : room - 1;
    while (size > 0 && from[size] && ((unsigned char)from[size] & 0xC0) == 0x80)
        size--; /* cut at a character */
    if (size)
        memcpy(to, from, size);
    to[size] = 0;
}

/* On the core's thread. */
static int32_t keep_progress(void *ctx, const struct pf_progress *progress) {
    struct native_wait *wait = ctx;
    pthread_mutex_lock(&wait->lock);
    wait->progress = *progress;
    copy_text(wait->stage, sizeof wait->stage, progress->stage);
    copy_text(wait->input, sizeof wait->input, progress->input);
    wait->told = true;
    pthread_cond_signal(&wait->changed);
    pthread_mutex_unlock(&wait->lock);
    return 0;
}

static void *work(void *ctx) {
    struct native_call *call = ctx;
    call->status = call->go(call);
    pthread_mutex_lock(&call->wait->lock);
    call->wait->done = true;
    pthread_cond_signal(&call->wait->changed);
    pthread_mutex_unlock(&call->wait->lock);
    return NULL;
}

/* Waits for the end or for a while; true at the end. Without the GIL. */
static bool wait_for(struct native_wait *wait, int ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&wait->lock);
    int late = 0;
    while (!wait->done && late == 0)
        late = pthread_cond_timedwait(&wait->changed, &wait->lock, &until);
    bool done = wait->done;
    pthread_mutex_unlock(&wait->lock);
    return done;
}

static int tell_progress(struct native_call *call) {
    struct native_wait *wait = call->wait;
    pthread_mutex_lock(&wait->lock);
    bool told = wait->told;
    struct pf_progress p = wait->progress;
    char stage[sizeof wait->stage], input[sizeof wait->input];
    memcpy(stage, wait->stage, sizeof stage);
    memcpy(input, wait->input, sizeof input);
    wait->told = false;
    pthread_mutex_unlock(&wait->lock);
    if (!told || !call->progress)
        return 0;
    PyObject *answer = PyObject_CallFunction(
        call->progress, "(dLLLddiNN)", p.fraction, (long long)p.bytes_done, (long long)p.bytes_total,
        (long long)p.rows, p.seconds, p.seconds_left, (int)p.lap, native_text(stage), native_text(input));
    Py_XDECREF(answer);
    return answer ? 0 : -1;
}

/* Python's side of the wait. The first exception cancels the job and is kept until the core has ended. */
static int attend(struct native_call *call) {
    PyObject *type = NULL, *value = NULL, *trace = NULL;
    bool done;
    do {
        Py_BEGIN_ALLOW_THREADS;
        done = wait_for(call->wait, LOOK_EVERY_MS);
        Py_END_ALLOW_THREADS;
        if (type)
            continue;
        if (PyErr_CheckSignals() != 0 || native_log_deliver(call->forge->log) != 0 ||
            tell_progress(call) != 0) {
            PyErr_Fetch(&type, &value, &trace);
            if (call->job)
                pf_job_cancel(call->job->job);
            if (call->cancel)
                *call->cancel = 1;
        }
    } while (!done);
    if (!type)
        return 0;
    PyErr_Restore(type, value, trace);
    return -1;
}

/* After a fork the threads of the parent's calls are not here, and these will never return. */
static void forget_parents(struct native_state *state) {
    if (state->process != getpid())
        state->running = NULL;
    state->process = getpid();
}

static void unlist(struct native_state *state, const struct native_call *call) {
    for (struct native_call **at = &state->running; *at; at = &(*at)->next)
        if (*at == call) {
            *at = call->next;
            return;
        }
}

static struct native_wait *make_wait(void) {
    struct native_wait *wait = calloc(1, sizeof *wait);
    pthread_condattr_t attributes;
    if (!wait)
        return NULL;
    pthread_mutex_init(&wait->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&wait->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return wait;
}

static void drop_wait(struct native_wait *wait) {
    pthread_cond_destroy(&wait->changed);
    pthread_mutex_destroy(&wait->lock);
    free(wait);
}

static int run_listed(struct native_call *call) {
    pthread_t thread;
    if (call->job && call->progress)
        pf_job_on_progress(call->job->job, keep_progress, call->wait);
    int failed = pthread_create(&thread, NULL, work, call);
    if (failed) { /* no thread is to be had: here then, and Ctrl-C has to wait */
        Py_BEGIN_ALLOW_THREADS;
        work(call);
        Py_END_ALLOW_THREADS;
    }
    int told = attend(call);
    if (!failed)
        pthread_join(thread, NULL);
    if (call->job)
        pf_job_on_progress(call->job->job, NULL, NULL); /* the wait ends; a stream may live on */
    return told;
}

/* The interpreter ends, and only a daemon thread can still be here. Were it to go on it would raise and print into an
 * interpreter that is being taken apart; so it does not, and ends with the process. */
static void stay_away(void) {
    Py_BEGIN_ALLOW_THREADS;
    for (;;)
        pause();
    Py_END_ALLOW_THREADS;
}

int native_call_run(struct native_call *call) {
    struct native_state *state = call->forge->state;
    call->err = (struct pf_error){.struct_size = sizeof call->err, .row = -1, .byte = -1};
    if (state->closing) {
        PyErr_SetString(PyExc_RuntimeError,
                        "the interpreter is shutting down; nothing can be converted any more");
        return -1;
    }
    if (call->job && call->job->busy) {
        struct pf_error err = {.code = PF_STATE,
                               .row = -1,
                               .byte = -1,
                               .message =
                                   "the job runs in another thread; wait for its end or take another job"};
        native_raise(state, &err, NULL);
        return -1;
    }
    if (!(call->wait = make_wait())) {
        PyErr_NoMemory();
        return -1;
    }
    Py_INCREF(call->forge);
    Py_XINCREF(call->job);
    if (call->job)
        call->job->busy = true;
    forget_parents(state);
    call->next = state->running;
    state->running = call;
    int told = run_listed(call);
    if (state->closing)
        stay_away();
    unlist(state, call);
    if (call->job)
        call->job->busy = false;
    drop_wait(call->wait);
    call->wait = NULL;
    native_bytes_let_go();
    if (told == 0)
        told = native_log_deliver(call->forge->log);
    Py_XDECREF(call->job);
    Py_DECREF(call->forge);
    return told;
}

/* ---- a last call, which may hang ---- */

struct last_call {
    void (*go)(void *arg);
    void *arg;
    struct native_wait *wait;
};

static void *run_last(void *arg) {
    struct last_call last = *(struct last_call *)arg;
    free(arg);
    last.go(last.arg);
    pthread_mutex_lock(&last.wait->lock);
    last.wait->done = true;
    pthread_cond_signal(&last.wait->changed);
    pthread_mutex_unlock(&last.wait->lock);
    return NULL;
}

bool native_call_within(void (*go)(void *arg), void *arg, double seconds) {
    struct last_call *last = malloc(sizeof *last);
    struct native_wait *wait = last ? make_wait() : NULL;
    pthread_t thread;
    if (wait) {
        *last = (struct last_call){go, arg, wait};
        if (pthread_create(&thread, NULL, run_last, last) == 0) {
            bool done = wait_for(wait, (int)(seconds * 1000));
            if (!done) { /* the process ends, and what the thread has with it */
                pthread_detach(thread);
                return false;
            }
            pthread_join(thread, NULL);
            drop_wait(wait);
            return true;
        }
        drop_wait(wait);
    }
    free(last);
    return false;
}

PyObject *native_call_end_all(PyObject *module, PyObject *none) {
    struct native_state *state = PyModule_GetState(module);
    (void)none;
    state->closing = true;
    forget_parents(state);
    for (int rounds = 0; rounds < 500; rounds++) { /* five seconds; the list changes while the GIL is away */
        bool all_done = true;
        for (struct native_call *call = state->running; call; call = call->next) {
            if (call->job)
                pf_job_cancel(call->job->job);
            if (call->cancel)
                *call->cancel = 1;
            pthread_mutex_lock(&call->wait->lock);
            all_done = all_done && call->wait->done;
            pthread_mutex_unlock(&call->wait->lock);
        }
        if (all_done)
            break;
        Py_BEGIN_ALLOW_THREADS;
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
        Py_END_ALLOW_THREADS;
    }
    Py_RETURN_NONE;
}
