/* file.c — room base. The only calls to the operating system for files.    SPDX-License-Identifier: MIT
 * Knows: descriptors, interrupted and partial calls, how to fail the nth call for a test.
 * Knows not: temporary names, commits, formats. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#ifdef PF_FAULTS
#include "base/env.h"
#include "base/thread.h"
#endif

/* ---- faults for tests ------------------------------------------------------------------------------- */

static _Atomic int64_t fault_from; /* 0: off, the only thing the fast path looks at */
static _Atomic int64_t fault_last;
static _Atomic int64_t calls;
static atomic_int fault_number;
static _Atomic(const char *) fault_call;

static void set_fault(int64_t from, int64_t last, int number) {
    atomic_store(&fault_from, 0);
    atomic_store(&calls, 0);
    atomic_store(&fault_call, NULL);
    atomic_store(&fault_number, number);
    atomic_store(&fault_last, last);
    atomic_store(&fault_from, from);
}

#ifdef PF_FAULTS
static pthread_once_t env_once = PTHREAD_ONCE_INIT;

static void read_env(void) { /* "n:errno" or "n:errno:once" */
    const char *text = pf_env("PYFORGE_FAULT");
    int64_t parts[2] = {0, 0};
    for (int i = 0; text && i < 2; i++) {
        for (; *text >= '0' && *text <= '9' && parts[i] < 1000000000000; text++)
            parts[i] = parts[i] * 10 + (*text - '0');
        text += *text == ':';
    }
    if (text)
        set_fault(parts[0], strcmp(text, "once") == 0 ? parts[0] : INT64_MAX, (int)parts[1]);
}
#define READ_ENV() pthread_once(&env_once, read_env)
#else
#define READ_ENV() ((void)0)
#endif

/* Stands before every system call: true means, act as if it had failed with errno. */
static bool faulted(const char *name) {
    READ_ENV();
    int64_t from = atomic_load_explicit(&fault_from, memory_order_relaxed);
    if (from == 0)
        return false;
    int64_t call = atomic_fetch_add(&calls, 1) + 1;
    if (call < from || call > atomic_load(&fault_last))
        return false;
    atomic_store(&fault_call, name);
    int number = atomic_load(&fault_number);
    if (number > 0)
        errno = number;
    return number > 0;
}

#define MOST_AT_ONCE ((size_t)1 << 30) /* Linux moves no more than 2 GiB per call */

/* How many of the bytes that are left the read or write that faulted() let pass may move. */
static size_t at_most(size_t left, bool reads) {
    if (left > MOST_AT_ONCE)
        left = MOST_AT_ONCE;
    int64_t from = atomic_load_explicit(&fault_from, memory_order_relaxed), call = atomic_load(&calls);
    if (from == 0 || call < from || call > atomic_load(&fault_last))
        return left;
    int number = atomic_load(&fault_number);
    return number == PF_FILE_SHORT ? (left + 1) / 2 : number == PF_FILE_END && reads ? 0 : left;
}

void pf_file_fail_from(int64_t nth, int number) {
    READ_ENV();
    set_fault(nth, INT64_MAX, number);
}

void pf_file_fail_once(int64_t nth, int number) {
    READ_ENV();
    set_fault(nth, nth, number);
}

int64_t pf_file_calls(void) { return atomic_load(&calls); }

const char *pf_file_faulted(void) { return atomic_load(&fault_call); }

/* Repeats a call that a signal has interrupted; −1 with errno when the fault switch says so. */
#define CALL(result, expression)                                                                               \
    do {                                                                                                       \
        if (faulted(#expression))                                                                              \
            (result) = -1;                                                                                     \
        else                                                                                                   \
            do                                                                                                 \
                (result) = (expression);                                                                       \
            while ((result) == -1 && errno == EINTR);                                                          \
    } while (0)

/* ---- open, create, close ---------------------------------------------------------------------------- */

static pf_status open_with(const char *path, int flags, mode_t mode, const char *verb, pf_file *out,
                           struct pf_error *err) {
    CALL(out->os, open(path, flags | O_CLOEXEC | O_NOCTTY, mode));
    return out->os < 0 ? pf_fail_errno(err, errno, verb, path) : PF_OK;
}

pf_status pf_file_open_read(const char *path, pf_file *out, struct pf_error *err) {
    return open_with(path, O_RDONLY | O_NONBLOCK, 0, "open", out, err);
}

pf_status pf_file_stdin(pf_file *out, struct pf_error *err) {
    CALL(out->os, fcntl(0, F_DUPFD_CLOEXEC, 3));
    return out->os < 0 ? pf_fail_errno(err, errno, "open", "standard input") : PF_OK;
}

pf_status pf_file_create_new(const char *path, bool secret, pf_file *out, struct pf_error *err) {
    int flags = O_CREAT | O_EXCL | (secret ? O_RDWR : O_WRONLY);
    return open_with(path, flags, secret ? 0600 : 0666, "create", out, err);
}

pf_status pf_file_create_unnamed(const char *folder, pf_file *out, struct pf_error *err) {
#ifdef O_TMPFILE
    CALL(out->os, open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
    if (out->os >= 0)
        return PF_OK;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT)
        return pf_fail_errno(err, errno, "create a temporary file in", folder);
#else
    out->os = -1;
#endif
    return pf_fail(err, PF_UNSUPPORTED, "no file without a name in '%s'", folder);
}

bool pf_file_lock(pf_file file, bool *known) {
    int result;
    CALL(result, flock(file.os, LOCK_EX | LOCK_NB));
    *known = result == 0 || errno == EWOULDBLOCK;
    return result == 0 || !*known;
}

pf_status pf_file_close(pf_file *file, const char *path, struct pf_error *err) {
    if (file->os < 0)
        return PF_OK;
    bool fault = faulted("close");
    int number = errno;
    int result = close(file->os); /* not repeated: after EINTR the descriptor is gone all the same */
    if (!fault)
        number = result == -1 && errno != EINTR ? errno : 0;
    file->os = -1;
    return number ? pf_fail_errno(err, number, "close", path) : PF_OK;
}

/* ---- read, write ------------------------------------------------------------------------------------ */

pf_status pf_file_read_at(pf_file file, int64_t offset, void *to, size_t want, size_t *got, const char *path,
                          struct pf_error *err) {
    *got = 0;
    while (*got < want) {
        size_t left = want - *got;
        ssize_t n;
        CALL(n, pread(file.os, (uint8_t *)to + *got, at_most(left, true), offset + (int64_t)*got));
        if (n < 0)
            return pf_fail_errno(err, errno, "read", path);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return PF_OK;
}

pf_status pf_file_wait(pf_file file, int wait_ms, bool *ready, const char *path, struct pf_error *err) {
    struct pollfd one = {.fd = file.os, .events = POLLIN};
    int result = faulted("poll") ? -1 : poll(&one, 1, wait_ms);
    if (result < 0 && errno != EINTR)
        return pf_fail_errno(err, errno, "wait for", path);
    *ready = result > 0;
    return PF_OK;
}

pf_status pf_file_read(pf_file file, void *to, size_t want, size_t *got, const char *path,
                       struct pf_error *err) {
    *got = 0;
    for (;;) {
        ssize_t n;
        CALL(n, read(file.os, to, at_most(want, true)));
        if (n >= 0) {
            *got = (size_t)n;
            return PF_OK;
        }
        if (errno != EAGAIN)
            return pf_fail_errno(err, errno, "read", path);
        bool ready;
        PF_TRY(pf_file_wait(file, -1, &ready, path, err));
    }
}

pf_status pf_file_write_all(pf_file file, const void *from, size_t count, const char *path,
                            struct pf_error *err) {
    for (size_t done = 0; done < count;) {
        size_t left = count - done;
        ssize_t n;
        CALL(n, write(file.os, (const uint8_t *)from + done, at_most(left, false)));
        if (n < 0)
            return pf_fail_errno(err, errno, "write", path);
        done += (size_t)n;
    }
    return PF_OK;
}

pf_status pf_file_write_at(pf_file file, int64_t offset, const void *from, size_t count, const char *path,
                           struct pf_error *err) {
    for (size_t done = 0; done < count;) {
        size_t left = count - done;
        ssize_t n;
        CALL(n, pwrite(file.os, (const uint8_t *)from + done, at_most(left, false), offset + (int64_t)done));
        if (n < 0)
            return pf_fail_errno(err, errno, "write", path);
        done += (size_t)n;
    }
    return PF_OK;
}

pf_status pf_file_sync(pf_file file, const char *path, struct pf_error *err) {
    int result;
    CALL(result, fsync(file.os));
    return result ? pf_fail_errno(err, errno, "sync", path) : PF_OK;
}

pf_status pf_file_sync_folder(const char *folder, struct pf_error *err) {
    pf_file file = PF_FILE_CLOSED;
    PF_TRY(open_with(folder, O_RDONLY | O_DIRECTORY, 0, "open", &file, err));
    int result;
    CALL(result, fsync(file.os));
    pf_status status = PF_OK;
    if (result && errno != EINVAL) /* some systems cannot sync folders and need not */
        status = pf_fail_errno(err, errno, "sync", folder);
    pf_file_close(&file, folder, NULL);
    return status;
}

/* ---- facts ------------------------------------------------------------------------------------------ */

static void take_facts(const struct stat *st, struct pf_file_facts *out) {
    *out = (struct pf_file_facts){
        .size_bytes = st->st_size,
        .modified_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
        .device = (uint64_t)st->st_dev,
        .inode = (uint64_t)st->st_ino,
        .mode = (uint32_t)st->st_mode,
        .owner = (uint32_t)st->st_uid,
        .group = (uint32_t)st->st_gid,
        .directory = S_ISDIR(st->st_mode),
        .regular = S_ISREG(st->st_mode),
        .random = S_ISREG(st->st_mode) || S_ISBLK(st->st_mode),
    };
}

pf_status pf_file_facts(const char *path, bool follow, struct pf_file_facts *out, struct pf_error *err) {
    struct stat st;
    int result;
    CALL(result, fstatat(AT_FDCWD, path, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    if (result)
        return pf_fail_errno(err, errno, "look at", path);
    take_facts(&st, out);
    return PF_OK;
}

pf_status pf_file_facts_open(pf_file file, struct pf_file_facts *out, struct pf_error *err) {
    struct stat st;
    int result;
    CALL(result, fstat(file.os, &st));
    if (result)
        return pf_fail_errno(err, errno, "look at", "an open file");
    take_facts(&st, out);
    return PF_OK;
}

pf_status pf_file_resolve(const char *path, char **out, struct pf_error *err) {
    char whole[PATH_MAX];
    *out = NULL;
    if (faulted("realpath") || !realpath(path, whole))
        return pf_fail_errno(err, errno, "resolve", path);
    *out = pf_mem_text(whole, strlen(whole));
    return *out ? PF_OK : pf_fail_memory(err, strlen(whole) + 1);
}

pf_status pf_file_free_space(const char *path, int64_t *bytes, struct pf_error *err) {
    struct statvfs st;
    int result;
    CALL(result, statvfs(path, &st));
    if (result)
        return pf_fail_errno(err, errno, "look at the disk of", path);
    if (__builtin_mul_overflow((int64_t)st.f_bavail, (int64_t)st.f_frsize, bytes))
        *bytes = INT64_MAX;
    return PF_OK;
}

/* ---- names ------------------------------------------------------------------------------------------ */

pf_status pf_file_rename(const char *from, const char *to, struct pf_error *err) {
    int result;
    CALL(result, rename(from, to));
    return result ? pf_fail_errno(err, errno, "rename a file to", to) : PF_OK;
}

pf_status pf_file_link_new(const char *from, const char *to, struct pf_error *err) {
    int result;
    CALL(result, link(from, to));
    return result ? pf_fail_errno(err, errno, "create", to) : PF_OK;
}

pf_status pf_file_remove(const char *path, struct pf_error *err) {
    int result;
    CALL(result, unlink(path));
    return result ? pf_fail_errno(err, errno, "remove", path) : PF_OK;
}

pf_status pf_file_remove_folder(const char *path, struct pf_error *err) {
    int result;
    CALL(result, rmdir(path));
    return result ? pf_fail_errno(err, errno, "remove the folder", path) : PF_OK;
}

/* What mkdir answered is no trouble when the folder is there: EEXIST, or EROFS and the like. 0: none. */
static int trouble_of_folder(const char *path, int number) {
    struct stat st;
    int result;
    CALL(result, stat(path, &st));
    if (result)
        return number == EEXIST ? errno : number;
    return S_ISDIR(st.st_mode) ? 0 : number;
}

/* What stands in the way of a folder is no name that was not found. */
static pf_status fail_folder(struct pf_error *err, int number, const char *path) {
    if (number != ENOENT && number != ENOTDIR && number != EEXIST)
        return pf_fail_errno(err, number, "make the folder", path);
    char words[128];
    return pf_fail(err, PF_IO, "cannot make the folder '%s': %s; choose another folder", path,
                   strerror_r(number == EEXIST ? ENOTDIR : number, words, sizeof words));
}

pf_status pf_file_make_folder(const char *path, bool parents, struct pf_error *err) {
    int result;
    if (!parents) {
        CALL(result, mkdir(path, 0777));
        return result ? pf_fail_errno(err, errno, "make the folder", path) : PF_OK;
    }
    size_t size = strlen(path);
    char *part = pf_mem_text(path, size);
    if (!part)
        return pf_fail_memory(err, size + 1);
    pf_status status = PF_OK;
    for (size_t i = 1; i <= size && status == PF_OK; i++) {
        if ((part[i] != '/' && part[i] != 0) || part[i - 1] == '/')
            continue;
        char kept = part[i];
        part[i] = 0;
        CALL(result, mkdir(part, 0777));
        int number = result ? trouble_of_folder(part, errno) : 0;
        if (number)
            status = fail_folder(err, number, part);
        part[i] = kept;
    }
    pf_mem_free(part);
    return status;
}

pf_status pf_file_set_mode(const char *path, uint32_t mode, uint32_t owner, uint32_t group,
                           struct pf_error *err) {
    int owned, result;
    CALL(owned, chown(path, owner, group));
    int number = errno;
    if (owned) { /* the group alone may be allowed, and a group that reads is not to change */
        int grouped;
        CALL(grouped, chown(path, (uid_t)-1, group));
        (void)grouped;
    }
    CALL(result, chmod(path, mode & 07777));
    if (result)
        return pf_fail_errno(err, errno, "set the mode of", path);
    return owned ? pf_fail_errno(err, number, "set the owner of", path) : PF_OK;
}

/* ---- folders ---------------------------------------------------------------------------------------- */

struct listed {
    const char *name;
    bool directory;
};

static int compare_listed(const void *a, const void *b) {
    return strcmp(((const struct listed *)a)->name, ((const struct listed *)b)->name);
}

static bool entry_is_folder(DIR *folder, const struct dirent *entry) {
    struct stat st;
    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return entry->d_type == DT_DIR;
    int result;
    CALL(result, fstatat(dirfd(folder), entry->d_name, &st, 0));
    return result == 0 && S_ISDIR(st.st_mode);
}

static pf_status collect(DIR *folder, const char *path, struct pf_arena *names, struct pf_buf *list,
                         struct pf_error *err) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = faulted("readdir") ? NULL : readdir(folder);
        if (!entry)
            return errno ? pf_fail_errno(err, errno, "list", path) : PF_OK;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        struct listed one = {pf_arena_text(names, entry->d_name, strlen(entry->d_name)),
                             entry_is_folder(folder, entry)};
        if (!one.name)
            return pf_fail_memory(err, strlen(entry->d_name));
        PF_TRY(pf_buf_put(list, &one, sizeof one, err));
    }
}

pf_status pf_file_list(const char *path, int32_t (*each)(void *ctx, const char *name, bool directory),
                       void *ctx, struct pf_error *err) {
    DIR *folder = faulted("opendir") ? NULL : opendir(path);
    if (!folder)
        return pf_fail_errno(err, errno, "list", path);
    struct pf_arena names = {0};
    struct pf_buf list = {0};
    pf_status status = collect(folder, path, &names, &list, err);
    closedir(folder);
    if (status == PF_OK && list.size) {
        const struct listed *all = (const struct listed *)(const void *)list.data;
        size_t count = list.size / sizeof *all;
        qsort(list.data, count, sizeof *all, compare_listed);
        for (size_t i = 0; i < count; i++)
            if (each(ctx, all[i].name, all[i].directory) != 0)
                break;
    }
    pf_buf_clear(&list);
    pf_arena_clear(&names);
    return status;
}

/* ---- processes -------------------------------------------------------------------------------------- */

bool pf_process_alive(int64_t pid) {
    if (pid <= 0 || pid > INT32_MAX)
        return false;
    return kill((pid_t)pid, 0) == 0 || errno == EPERM;
}

int64_t pf_process_id(void) { return (int64_t)getpid(); }

uint32_t pf_process_user(void) { return (uint32_t)geteuid(); }
