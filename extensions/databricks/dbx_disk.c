/* dbx_disk.c — room extensions/databricks. The only calls to the operating system for files.
 * SPDX-License-Identifier: MIT
 * Knows: descriptors, folders, the stand-in root, faults for tests.
 * Knows not: volumes, what is in files. */
#include "dbx_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "dbx_fail.h"
#include "dbx_world.h"

#define FUSE_MAGIC  0x65735546 /* statfs(2): FUSE_SUPER_MAGIC */
#define DEEPEST     64
#define STEP_MOST   ((size_t)1 << 30)
#define ROOTED_ROOM (PATH_MAX + 256)

/* ---- faults ------------------------------------------------------------------------------------------ */

static _Atomic int64_t fault_at;
static _Atomic int64_t calls;
static atomic_int fault_number;
static atomic_bool fault_once;

void pf_dbx_disk_fail(int64_t nth, int number, bool once) {
    fault_number = number;
    fault_once = once;
    calls = 0;
    fault_at = nth;
}

int64_t pf_dbx_disk_calls(void) { return calls; }

/* 0, PF_DBX_DISK_SHORT, or the errno number that this call answers instead of being made. */
static int fault(void) {
    int64_t at = fault_at;
    if (!at)
        return 0;
    int64_t now = ++calls;
    return now == at || (now > at && !fault_once) ? fault_number : 0;
}

/* Leaves the function with the number when the call is to fail. */
#define MAY_FAIL(is_short)                                                                                     \
    bool is_short = false;                                                                                     \
    do {                                                                                                       \
        int number_ = fault();                                                                                 \
        if (number_ > 0)                                                                                       \
            return number_;                                                                                    \
        is_short = number_ == PF_DBX_DISK_SHORT;                                                               \
        (void)is_short;                                                                                        \
    } while (0)

/* ---- paths ------------------------------------------------------------------------------------------- */

static bool put_root(char to[ROOTED_ROOM], const char *path) {
    int size = snprintf(to, ROOTED_ROOM, "%s%s", pf_dbx_world()->root, path);
    return size > 0 && size < ROOTED_ROOM;
}

static void take_facts(const struct stat *from, struct pf_dbx_disk_facts *to) {
    *to = (struct pf_dbx_disk_facts){.size_bytes = from->st_size,
                                     .modified_ns =
                                         (int64_t)from->st_mtim.tv_sec * 1000000000 + from->st_mtim.tv_nsec,
                                     .directory = S_ISDIR(from->st_mode),
                                     .regular = S_ISREG(from->st_mode)};
}

int pf_dbx_disk_facts(const char *path, struct pf_dbx_disk_facts *out) {
    char rooted[ROOTED_ROOM];
    struct stat found;
    *out = (struct pf_dbx_disk_facts){0};
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    if (stat(rooted, &found))
        return errno;
    take_facts(&found, out);
    return 0;
}

int pf_dbx_disk_here(char *out, size_t room) { return getcwd(out, room) ? 0 : errno; }

bool pf_dbx_disk_is_fuse(const char *path) {
    char rooted[ROOTED_ROOM];
    struct statfs found;
    return put_root(rooted, path) && statfs(rooted, &found) == 0 && (int64_t)found.f_type == FUSE_MAGIC;
}

/* ---- files ------------------------------------------------------------------------------------------- */

int pf_dbx_disk_open_read(const char *path, int *file, struct pf_dbx_disk_facts *out) {
    char rooted[ROOTED_ROOM];
    struct stat found;
    *file = PF_DBX_CLOSED;
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    do /* NONBLOCK: a pipe that nobody writes to must not hold us up */
        *file = open(rooted, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    while (*file < 0 && errno == EINTR);
    if (*file < 0)
        return errno;
    if (fstat(*file, &found)) {
        int number = errno;
        pf_dbx_disk_close(file);
        return number;
    }
    take_facts(&found, out);
    posix_fadvise(*file, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
}

int pf_dbx_disk_read_at(int file, int64_t offset, void *to, size_t want, size_t *got) {
    *got = 0;
    MAY_FAIL(is_short);
    if (is_short)
        want = (want + 1) / 2;
    while (*got < want) {
        size_t step = want - *got < STEP_MOST ? want - *got : STEP_MOST;
        ssize_t more = pread(file, (char *)to + *got, step, offset + (int64_t)*got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return errno;
        if (more == 0)
            break;
        *got += (size_t)more;
    }
    return 0;
}

bool pf_dbx_disk_is_refusal(int number) { return number == EOPNOTSUPP || number == ENOSYS || number == EINVAL; }

static int create_file(const char *path, int flag, int *file) {
    char rooted[ROOTED_ROOM];
    *file = PF_DBX_CLOSED;
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    do
        *file = open(rooted, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flag, 0666);
    while (*file < 0 && errno == EINTR);
    return *file < 0 ? errno : 0;
}

int pf_dbx_disk_create(const char *path, int how, int *file) {
    struct pf_dbx_disk_facts facts;
    int number = create_file(path, how == PF_DBX_EMPTIED ? O_TRUNC : O_EXCL, file);
    if (how != PF_DBX_NEW || !pf_dbx_disk_is_refusal(number))
        return number;
    number = pf_dbx_disk_facts(path, &facts);
    return number == ENOENT ? create_file(path, O_TRUNC, file) : number ? number : EEXIST;
}

int pf_dbx_disk_write(int file, const void *from, size_t size) {
    MAY_FAIL(is_short);
    size_t first = is_short ? (size + 1) / 2 : size;
    for (size_t done = 0; done < size;) {
        size_t step = done < first ? first - done : size - done;
        ssize_t more = write(file, (const char *)from + done, step < STEP_MOST ? step : STEP_MOST);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return errno;
        if (more == 0)
            return EIO;
        done += (size_t)more;
    }
    return 0;
}

int pf_dbx_disk_sync(int file) {
    MAY_FAIL(is_short);
    return fsync(file) ? errno : 0;
}

int pf_dbx_disk_close(int *file) {
    int descriptor = *file, number = fault();
    *file = PF_DBX_CLOSED;
    if (descriptor < 0)
        return 0;
    /* The descriptor is gone whatever close says; EINTR is not an answer about the bytes. */
    int failed = close(descriptor) && errno != EINTR ? errno : 0;
    return number > 0 ? number : failed;
}

int pf_dbx_disk_remove(const char *path) {
    char rooted[ROOTED_ROOM];
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    return unlink(rooted) ? errno : 0;
}

int pf_dbx_disk_make_folder(const char *path) {
    char rooted[ROOTED_ROOM];
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    return mkdir(rooted, 0777) ? errno : 0;
}

int pf_dbx_disk_remove_folder(const char *path) {
    char rooted[ROOTED_ROOM];
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    return rmdir(rooted) ? errno : 0;
}

/* ---- folders ----------------------------------------------------------------------------------------- */

struct walk {
    int32_t (*each)(void *ctx, const struct pf_dbx_disk_entry *entry);
    void *ctx;
    bool deep;
    bool stopped;
    DIR *open[DEEPEST];
    int depth; /* of the folder that is read */
};

static int push_folder(struct walk *walk, int file) {
    DIR *folder = file < 0 ? NULL : fdopendir(file);
    int number = errno;
    if (folder) {
        walk->open[++walk->depth] = folder;
        return 0;
    }
    if (file >= 0)
        close(file);
    return number;
}

/* One entry. What has gone since its folder was read is passed over. */
static int take_entry(struct walk *walk, const char *name) {
    int folder = dirfd(walk->open[walk->depth]);
    struct pf_dbx_disk_entry entry = {.name = name, .depth = walk->depth};
    struct stat found;
    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT ? 0 : errno;
    take_facts(&found, &entry.facts);
    walk->stopped = walk->each(walk->ctx, &entry) != 0;
    if (walk->stopped || !walk->deep || !entry.facts.directory)
        return 0;
    if (walk->depth + 1 == DEEPEST)
        return ELOOP;
    int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return below < 0 && errno == ENOENT ? 0 : push_folder(walk, below);
}

static int read_entries(struct walk *walk) {
    while (walk->depth >= 0 && !walk->stopped) {
        int number = fault();
        if (number > 0)
            return number;
        errno = 0;
        const struct dirent *entry = readdir(walk->open[walk->depth]);
        if (!entry && errno)
            return errno;
        if (!entry)
            closedir(walk->open[walk->depth--]);
        else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            number = take_entry(walk, entry->d_name);
        if (number > 0)
            return number;
    }
    return 0;
}

int pf_dbx_disk_list(const char *path, bool deep,
                     int32_t (*each)(void *ctx, const struct pf_dbx_disk_entry *entry), void *ctx) {
    char rooted[ROOTED_ROOM];
    struct walk walk = {.each = each, .ctx = ctx, .deep = deep, .depth = -1};
    MAY_FAIL(is_short);
    if (!put_root(rooted, path))
        return ENAMETOOLONG;
    int number = push_folder(&walk, open(rooted, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (number == 0)
        number = read_entries(&walk);
    while (walk.depth >= 0)
        closedir(walk.open[walk.depth--]);
    return number;
}

/* ---- errors ------------------------------------------------------------------------------------------ */

pf_status pf_dbx_fail_disk(struct pf_error *err, int number, const char *verb, const char *place,
                           const char *remedy) {
    pf_status code = PF_IO;
    const char *usual = "try again";
    switch (number) {
    case ENOENT:
    case ENOTDIR: code = PF_NOT_FOUND, usual = "check the name"; break;
    case EEXIST: code = PF_EXISTS, usual = "use --force to replace it, or name another output"; break;
    case EACCES:
    case EPERM: code = PF_DENIED, usual = "check what you are allowed there"; break;
    case EROFS: code = PF_DENIED, usual = "choose another folder"; break;
    case ENOMEM: return pf_dbx_fail_memory(err);
    case ENOSPC:
    case EDQUOT: usual = "free some space or choose another folder"; break;
    case EMFILE:
    case ENFILE: usual = "raise the limit of open files"; break;
    case ENAMETOOLONG: code = PF_ARGUMENT, usual = "choose a shorter name"; break;
    case EISDIR: code = PF_ARGUMENT, usual = "name a file"; break;
    case EOPNOTSUPP:
    case ENOSYS:
        code = PF_UNSUPPORTED, usual = "the mount does not offer this; use a folder of local disk";
        break;
    default: break;
    }
    char words[96];
    return pf_dbx_fail(err, code, "cannot %s '%.120s': %s (errno %d); %s", verb, place,
                       strerror_r(number, words, sizeof words), number, remedy ? remedy : usual);
}
