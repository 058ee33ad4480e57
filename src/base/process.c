/* process.c — room base. A child program, watched.                         SPDX-License-Identifier: MIT
 * Knows: spawning, a pipe, waiting and killing.
 * Knows not: what the child does. */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define END_STEP_MS 2 /* between two looks whether a silent child has ended */

extern char **environ;

static int spawn_child(const char *const *argv, int voice, pid_t *child) {
    posix_spawn_file_actions_t streams;
    posix_spawnattr_t how;
    sigset_t none;
    sigemptyset(&none);
    int number = posix_spawn_file_actions_init(&streams);
    if (number)
        return number;
    number = posix_spawnattr_init(&how);
    for (int stream = 0; stream <= 2 && !number; stream++)
        number =
            posix_spawn_file_actions_addopen(&streams, stream, "/dev/null", stream ? O_WRONLY : O_RDONLY, 0);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&streams, voice, PF_PROCESS_VOICE);
    if (!number)
        number = posix_spawnattr_setsigmask(&how, &none);
    if (!number)
        number = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    if (!number) {
        union { /* the interface wants what it does not change without const */
            const char *const *given;
            char *const *wanted;
        } words = {argv};
        number = posix_spawn(child, argv[0], &streams, &how, words.wanted, environ);
    }
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&streams);
    return number;
}

/* Until the pipe ends or is silent for too long. */
static pf_status listen(int ear, int silence_ms, struct pf_buf *said, bool *late, struct pf_error *err) {
    for (;;) {
        struct pollfd ready = {.fd = ear, .events = POLLIN};
        int count = poll(&ready, 1, silence_ms);
        if (count < 0 && errno == EINTR)
            continue;
        *late = count == 0;
        if (count <= 0)
            return count < 0 ? pf_fail_errno(err, errno, "wait for", "a child program") : PF_OK;
        PF_TRY(pf_buf_reserve(said, 4096, err));
        ssize_t got = read(ear, said->data + said->size, 4096);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return PF_OK;
        said->size += (size_t)got;
    }
}

/* The child closed its end or is late; it is not waited for without an end. */
static void wait_end(pid_t child, int silence_ms, struct pf_process_end *end) {
    int64_t until_ns = pf_clock_ns() + (int64_t)silence_ms * 1000000;
    int status = 0;
    pid_t found = 0;
    while (!end->late && (found = waitpid(child, &status, WNOHANG)) == 0) {
        poll(NULL, 0, END_STEP_MS);
        end->late = pf_clock_ns() > until_ns;
    }
    if (end->late) {
        kill(child, SIGKILL);
        do
            found = waitpid(child, &status, 0);
        while (found < 0 && errno == EINTR);
    }
    end->signal = found > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->code = found > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

pf_status pf_process_run(const char *const *argv, int silence_ms, struct pf_buf *said,
                         struct pf_process_end *end, struct pf_error *err) {
    int pipes[2];
    pid_t child;
    *end = (struct pf_process_end){0};
    if (pipe2(pipes, O_CLOEXEC))
        return pf_fail_errno(err, errno, "make", "a pipe");
    if (pipes[1] == PF_PROCESS_VOICE) { /* dup2 onto itself would leave the flag that closes it */
        int moved = fcntl(pipes[1], F_DUPFD_CLOEXEC, PF_PROCESS_VOICE + 1);
        close(pipes[1]);
        pipes[1] = moved;
    }
    int number = pipes[1] < 0 ? EMFILE : spawn_child(argv, pipes[1], &child);
    close(pipes[1]);
    if (number) {
        close(pipes[0]);
        return pf_fail_errno(err, number, "start", argv[0]);
    }
    pf_status status = listen(pipes[0], silence_ms, said, &end->late, err);
    close(pipes[0]);
    wait_end(child, status == PF_OK ? silence_ms : 0, end);
    return status;
}

const char *pf_process_signal_name(int number) {
    switch (number) {
    case SIGILL: return "an illegal instruction";
    case SIGABRT: return "abort";
    case SIGBUS: return "a bus error";
    case SIGFPE: return "an arithmetic error";
    case SIGSEGV: return "a segmentation fault";
    default: return "killed";
    }
}
