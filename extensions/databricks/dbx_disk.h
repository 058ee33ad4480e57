/* dbx_disk.h — the extension's only calls to the operating system for files.    SPDX-License-Identifier: MIT
 *
 * Paths are absolute; the root of pf_dbx_world goes before them. Every call answers 0 or an errno number, which
 * pf_dbx_fail_disk turns into an error. Only what a volume's mount can do is here: no rename, link, seek, append. */
#ifndef PF_DBX_DISK_H
#define PF_DBX_DISK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/extension.h"

#define PF_DBX_CLOSED (-1)

struct pf_dbx_disk_facts {
    int64_t size_bytes;
    int64_t modified_ns;
    bool directory;
    bool regular;
};
int pf_dbx_disk_facts(const char *path, struct pf_dbx_disk_facts *out);
/* Where a relative path begins; without the root. */
int pf_dbx_disk_here(char *out, size_t room);
/* A mount through FUSE? false when that cannot be told. */
bool pf_dbx_disk_is_fuse(const char *path);

int pf_dbx_disk_open_read(const char *path, int *file, struct pf_dbx_disk_facts *out);
/* Fills up to want; *got < want only at the end. Any thread. */
int pf_dbx_disk_read_at(int file, int64_t offset, void *to, size_t want, size_t *got);
#define PF_DBX_EXCLUSIVE                                                                                       \
    0 /* EEXIST when it is there, and never two creators; EOPNOTSUPP, ENOSYS, EINVAL: the mount has no such thing */
#define PF_DBX_NEW                                                                                             \
    1 /* the same where the mount has it; else EEXIST after a look, hoping that nobody comes between */
#define PF_DBX_EMPTIED 2 /* what is there is emptied */
int pf_dbx_disk_create(const char *path, int how, int *file);
bool pf_dbx_disk_is_refusal(int number);                        /* one of those three */
int pf_dbx_disk_write(int file, const void *from, size_t size); /* all of it, behind what was written */
int pf_dbx_disk_sync(int file);
int pf_dbx_disk_close(int *file); /* says what close(2) says: on a mount it may be what uploads */
int pf_dbx_disk_remove(const char *path);
int pf_dbx_disk_make_folder(const char *path);
int pf_dbx_disk_remove_folder(const char *path); /* an empty one */

struct pf_dbx_disk_entry {
    const char *name; /* lent for the call */
    struct pf_dbx_disk_facts facts;
    int depth; /* 0: in the folder itself */
};
/* Entries as the system gives them, in no order, without "." and ".."; nothing is kept, so a folder of any length takes
 * the same memory. deep: entries of folders follow them, down to a depth of 64 (else ELOOP). A link is an entry and is
 * not followed. each returns non-zero to stop, which is no failure. */
int pf_dbx_disk_list(const char *path, bool deep,
                     int32_t (*each)(void *ctx, const struct pf_dbx_disk_entry *entry), void *ctx);

/* verb and place go into the message ("write", "/Volumes/…"); remedy NULL: the usual one for the number. */
pf_status pf_dbx_fail_disk(struct pf_error *err, int number, const char *verb, const char *place,
                           const char *remedy);

/* For tests: the nth call from now (and, without once, all after it) fails with number; SHORT: a read or write moves
 * half of its bytes, other calls are done. 0 switches off. */
#define PF_DBX_DISK_SHORT (-1)
void pf_dbx_disk_fail(int64_t nth, int number, bool once);
int64_t pf_dbx_disk_calls(void); /* since then */
#endif
