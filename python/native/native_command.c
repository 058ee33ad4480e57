/* native_command.c — the Python door. A command of an extension, with what it prints as texts.
 * SPDX-License-Identifier: MIT
 * Knows: the words of a command, two growing texts.
 * Knows not: extensions. */
#include <stdlib.h>
#include <string.h>

#include "native.h"

struct text {
    char *at;
    size_t size, room;
    bool lost; /* memory was out */
};

struct command {
    struct native_call call; /* first: go is given its address */
    const char *extension, *name;
    int32_t argc;
    char **argv;
    struct text printed, complained;
    volatile int32_t cancel;
    int32_t code;
};

static void put(struct text *text, const char *from, size_t size) {
    if (text->size + size > text->room) {
        size_t room = 2 * (text->size + size);
        char *grown = realloc(text->at, room);
        text->lost |= !grown;
        if (!grown)
            return;
        text->at = grown;
        text->room = room;
    }
    memcpy(text->at + text->size, from, size);
    text->size += size;
}

static void print_out(struct pf_console *console, const char *from, size_t size) {
    put(&((struct command *)console->ctx)->printed, from, size);
}

static void print_complaint(struct pf_console *console, const char *from, size_t size) {
    put(&((struct command *)console->ctx)->complained, from, size);
}

static pf_status go_command(struct native_call *call) {
    struct command *it = (struct command *)(void *)call;
    struct pf_console console = {
        .struct_size = sizeof console, .width = 80, .ctx = it, .print = print_out, .complain = print_complaint};
    return pf_forge_run_command(call->forge->forge, it->extension, it->name, &console, it->argc, it->argv,
                                &it->cancel, &it->code, &call->err);
}

static PyObject *decode(const struct text *text) {
    if (text->lost)
        return PyErr_NoMemory();
    return PyUnicode_DecodeUTF8(text->at ? text->at : "", (Py_ssize_t)text->size, "replace");
}

PyObject *native_command_run(PyObject *object, PyObject *args) {
    struct native_forge *self = (struct native_forge *)object;
    struct command it = {.call = {.go = go_command, .forge = self}};
    PyObject *list, *answer = NULL;
    if (!PyArg_ParseTuple(args, "sO:command", &it.extension, &list))
        return NULL;
    Py_ssize_t count = PySequence_Size(list);
    char **words = count < 0 ? NULL : native_words(list, count);
    if (!words)
        return NULL;
    it.call.cancel = &it.cancel;
    it.name = count ? words[0] : "";
    it.argc = (int32_t)count;
    it.argv = words;
    int failed = native_call_run(&it.call);
    if (failed == 0 && it.call.status != PF_OK) {
        native_raise(self->state, &it.call.err, NULL);
    } else if (failed == 0) {
        PyObject *printed = decode(&it.printed), *complained = printed ? decode(&it.complained) : NULL;
        answer = complained ? Py_BuildValue("(iNN)", (int)it.code, printed, complained) : NULL;
        if (!complained)
            Py_XDECREF(printed);
    }
    native_words_free(words, count);
    free(it.printed.at);
    free(it.complained.at);
    return answer;
}
