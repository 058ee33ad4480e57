/* native_log.c — the Python door. The core's log, on its way to logging.        SPDX-License-Identifier: MIT
 * Knows: lines from any thread, in order.
 * Knows not: handlers, levels that are shown. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

#define LINES_MOST 1000 /* kept; what comes beyond is counted */

struct line {
    struct line *next;
    int32_t level;
    char text[];
};

struct native_log {
    pthread_mutex_t lock;
    struct line *first, **last;
    int count, lost;
};

/* On any thread. */
static void keep_line(void *ctx, int32_t level, const char *text) {
    struct native_log *log = ctx;
    size_t size = strlen(text) + 1;
    struct line *line = malloc(sizeof *line + size);
    if (line) {
        *line = (struct line){.level = level};
        memcpy(line->text, text, size);
    }
    pthread_mutex_lock(&log->lock);
    if (line && log->count < LINES_MOST) {
        *log->last = line;
        log->last = &line->next;
        log->count++;
        line = NULL;
    } else {
        log->lost++;
    }
    pthread_mutex_unlock(&log->lock);
    free(line);
}

struct native_log *native_log_open(pf_forge *forge) {
    struct native_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    pthread_mutex_init(&log->lock, NULL);
    log->last = &log->first;
    pf_forge_on_log(forge, keep_line, log);
    return log;
}

static struct line *take_lines(struct native_log *log, int *lost) {
    pthread_mutex_lock(&log->lock);
    struct line *first = log->first;
    *lost = log->lost;
    log->first = NULL;
    log->last = &log->first;
    log->count = log->lost = 0;
    pthread_mutex_unlock(&log->lock);
    return first;
}

static int deliver_lines(struct line *line, int lost) {
    PyObject *module = PyImport_ImportModule("pyforge_cli._log");
    int failed = module ? 0 : -1;
    for (; line && !failed; line = line->next) {
        PyObject *answer =
            PyObject_CallMethod(module, "deliver", "iN", (int)line->level, native_text(line->text));
        failed = answer ? 0 : -1;
        Py_XDECREF(answer);
    }
    if (lost && !failed) {
        PyObject *answer = PyObject_CallMethod(module, "lost", "i", lost);
        failed = answer ? 0 : -1;
        Py_XDECREF(answer);
    }
    Py_XDECREF(module);
    return failed;
}

int native_log_deliver(struct native_log *log) {
    int lost;
    struct line *lines = take_lines(log, &lost);
    int failed = lines || lost ? deliver_lines(lines, lost) : 0;
    while (lines) {
        struct line *next = lines->next;
        free(lines);
        lines = next;
    }
    return failed;
}

void native_log_close(struct native_log *log) {
    int lost;
    if (!log)
        return;
    for (struct line *line = take_lines(log, &lost), *next; line; line = next) {
        next = line->next;
        free(line);
    }
    pthread_mutex_destroy(&log->lock);
    free(log);
}
