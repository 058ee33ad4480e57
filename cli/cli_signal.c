/* cli_signal.c — room cli. Interrupt and terminate.                             SPDX-License-Identifier: MIT
 * Knows: what runs now.
 * Knows not: what it does. */
#include "cli_signal.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* A signal handler can reach nothing else. */
static _Atomic(pf_job *) running;
static volatile int32_t *_Atomic flag;
static volatile sig_atomic_t caught;

static void on_signal(int number) {
    pf_job *job = atomic_load(&running);
    volatile int32_t *cancel = atomic_load(&flag);
    if (caught || (!job && !cancel))
        _exit(128 + number);
    caught = number;
    if (job)
        pf_job_cancel(job);
    if (cancel)
        *cancel = 1;
}

static void watch(bool anything) {
    struct sigaction action = {.sa_handler = anything ? on_signal : SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void pf_cli_watch_job(pf_job *job) {
    atomic_store(&running, job);
    watch(job != NULL);
}

void pf_cli_watch_flag(volatile int32_t *cancel) {
    atomic_store(&flag, cancel);
    watch(cancel != NULL);
}

int pf_cli_caught(void) { return caught; }
