/* crash.c — room base. Fatal signals: whose code ran is noted before the process ends.
 * SPDX-License-Identifier: MIT
 * Knows: the signals, the stack, where libraries lie.
 * Knows not: what the libraries are, who reads the notes. */
#include "base/crash.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/dynlib.h"

#define PLACES_MOST 256
#define NOTE_MOST   1200
#define SAID_MOST   600
#define STACK_WORDS 16384 /* of the stack, looked through for calls */

/* A signal handler reaches nothing but what lies here. */
static struct {
    uintptr_t from, to; /* its code */
    char file[1024], note[NOTE_MOST], said[SAID_MOST];
} places[PLACES_MOST];
static volatile sig_atomic_t place_count;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define FATAL_COUNT (sizeof fatal / sizeof fatal[0])

/* Only calls that a signal handler may make. */
static void append(int to, const char *text) {
    size_t size = strlen(text);
    if (write(to, text, size) != (ssize_t)size)
        return; /* the process is at its end */
}

static void append_number(int to, int64_t number) {
    char text[24], *at = text + sizeof text - 1;
    *at = 0;
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) && at > text);
    append(to, at);
}

static void write_note(int place, int number) {
    int to = open(places[place].file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (to < 0)
        return;
    append(to, places[place].note);
    append(to, "\t");
    append_number(to, number);
    append(to, "\t");
    append_number(to, (int64_t)time(NULL));
    append(to, "\n");
    close(to);
}

static int place_of(uintptr_t word) {
    for (int i = 0; i < place_count; i++)
        if (word >= places[i].from && word < places[i].to)
            return i;
    return -1;
}

/* Above this frame lie the registers at the fault and the frames of who called whom, the innermost first: the first word that
 * points into code of interest tells whose it was. A word too many read at the stack's end ends the process as the signal
 * itself would. */
__attribute__((no_sanitize("address", "undefined"))) static void on_fatal(int number, siginfo_t *info,
                                                                          void *context) {
    const volatile uintptr_t *word = __builtin_frame_address(0);
    (void)context;
    for (int i = 0; i < STACK_WORDS; i++) {
        int place = place_of(word[i]);
        if (place < 0)
            continue;
        append(STDERR_FILENO, places[place].said);
        write_note(place, number);
        break;
    }
    if (info->si_code <= 0) /* sent, not met: it would not come again by itself */
        raise(number);
}

static void install(void) {
    struct sigaction ours = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND}, before;
    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (sigaction(fatal[i], NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
            before.sa_handler == SIG_DFL)
            sigaction(fatal[i], &ours, NULL);
}

void pf_crash_watch(const char *library, const char *file, const char *note, const char *said) {
    int at = (int)place_count;
    if (at == PLACES_MOST || strlen(file) >= sizeof places[at].file || strlen(note) >= sizeof places[at].note ||
        strlen(said) >= sizeof places[at].said || !pf_dynlib_code(library, &places[at].from, &places[at].to))
        return;
    memcpy(places[at].file, file, strlen(file) + 1);
    memcpy(places[at].note, note, strlen(note) + 1);
    memcpy(places[at].said, said, strlen(said) + 1);
    place_count = at + 1;
    if (at == 0)
        install();
}

void pf_crash_end(void) {
    struct sigaction now, none = {.sa_handler = SIG_DFL};
    sigemptyset(&none.sa_mask);
    if (!place_count)
        return;
    place_count = 0;
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (sigaction(fatal[i], NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_fatal)
            sigaction(fatal[i], &none, NULL);
}
