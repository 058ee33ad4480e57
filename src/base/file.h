/* file.h — the only calls to the operating system for files.                    SPDX-License-Identifier: MIT
 *
 * Paths are UTF-8. Every function fails with NOT_FOUND, EXISTS, DENIED, IO or NO_MEMORY, the path in the
 * message. Tests can make the nth call fail (pf_file_fail_from) to prove that nothing is left half-written. */
#ifndef PF_FILE_H
#define PF_FILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/status.h"

typedef struct {
    int os;
} pf_file; /* −1: closed */
#define PF_FILE_CLOSED                                                                                         \
    { -1 }

struct pf_file_facts {
    int64_t size_bytes;
    int64_t modified_ns;
    uint64_t device;
    uint64_t inode;
    uint32_t mode;
    uint32_t owner;
    uint32_t group;
    bool directory;
    bool regular;
    bool random; /* can be read at any offset */
};
/* Never blocks, not even for a pipe that nobody writes to yet: the reads wait. */
pf_status pf_file_open_read(const char *path, pf_file *out, struct pf_error *err);
pf_status pf_file_stdin(pf_file *out, struct pf_error *err); /* a duplicate of descriptor 0 */
/* A file that is not there yet (O_EXCL), mode 0666 less the umask, or 0600 when secret; a secret one can be
 * read too. */
pf_status pf_file_create_new(const char *path, bool secret, pf_file *out, struct pf_error *err);
/* A file of mode 0600 in folder that never has a name; UNSUPPORTED where the system has none. */
pf_status pf_file_create_unnamed(const char *folder, pf_file *out, struct pf_error *err);
/* Takes the advisory lock if nobody has it; it ends with the last close. true also says "locks unknown here"
 * when *known is false. */
bool pf_file_lock(pf_file file, bool *known);
/* Fills up to want; *got < want only at the end. */
pf_status pf_file_read_at(pf_file file, int64_t offset, void *to, size_t want, size_t *got, const char *path,
                          struct pf_error *err);
/* Waits until a read would not block; *ready false when wait_ms passed first. */
pf_status pf_file_wait(pf_file file, int wait_ms, bool *ready, const char *path, struct pf_error *err);
/* One read(2) of what is there now, up to want; *got 0 at the end. */
pf_status pf_file_read(pf_file file, void *to, size_t want, size_t *got, const char *path,
                       struct pf_error *err);
/* Writes at an offset without moving the file's place. */
pf_status pf_file_write_at(pf_file file, int64_t offset, const void *from, size_t count, const char *path,
                           struct pf_error *err);
pf_status pf_file_write_all(pf_file file, const void *from, size_t count, const char *path,
                            struct pf_error *err);
pf_status pf_file_sync(pf_file file, const char *path, struct pf_error *err);
pf_status pf_file_sync_folder(const char *folder, struct pf_error *err);
pf_status pf_file_close(pf_file *file, const char *path, struct pf_error *err); /* reports what close(2) says */
pf_status pf_file_facts(const char *path, bool follow, struct pf_file_facts *out, struct pf_error *err);
pf_status pf_file_facts_open(pf_file file, struct pf_file_facts *out, struct pf_error *err);
pf_status pf_file_rename(const char *from, const char *to, struct pf_error *err);
pf_status pf_file_link_new(const char *from, const char *to,
                           struct pf_error *err); /* EXISTS when to is there */
pf_status pf_file_remove(const char *path, struct pf_error *err);
pf_status pf_file_remove_folder(const char *path, struct pf_error *err); /* an empty one */
pf_status
pf_file_make_folder(const char *path, bool parents,
                    struct pf_error *err); /* parents: and none of them EXISTS; IO when one is no folder */
/* Owner and group as far as this process may, then the permission bits; DENIED when the owner could not be set
 * (the mode is set all the same). */
pf_status pf_file_set_mode(const char *path, uint32_t mode, uint32_t owner, uint32_t group,
                           struct pf_error *err);
pf_status pf_file_resolve(const char *path, char **out, struct pf_error *err); /* realpath; gives */
pf_status pf_file_free_space(const char *path, int64_t *bytes, struct pf_error *err);
/* Entries in name order (bytewise), without "." and "..". each returns non-zero to stop. */
pf_status pf_file_list(const char *path, int32_t (*each)(void *ctx, const char *name, bool directory),
                       void *ctx, struct pf_error *err);
/* Is the process alive? For stale temporaries. */
bool pf_process_alive(int64_t pid);
int64_t pf_process_id(void);
uint32_t pf_process_user(void); /* as whom it acts, in the numbers of pf_file_facts.owner */
/* For tests: the nth system call from now and all after it fail with number (an errno), or, with one of these, do
 * less than they were asked; nth 0 switches off. The
 * environment variable PYFORGE_FAULT="n:errno" does the same in a build with -Dfaults=true, "n:errno:once" as
 * pf_file_fail_once, where only the nth call fails. */
#define PF_FILE_SHORT (-1) /* a read or write moves half of the bytes; other calls are done */
#define PF_FILE_END   (-2) /* a read finds the end of the file; other calls are done */
void pf_file_fail_from(int64_t nth, int number);
void pf_file_fail_once(int64_t nth, int number);
int64_t pf_file_calls(void);       /* system calls since then; 0 when it was switched off */
const char *pf_file_faulted(void); /* the call that failed last, "pread(…"; NULL when none did */
#endif
