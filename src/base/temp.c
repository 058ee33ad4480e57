/* temp.c — room base. Temporary files: where, under which name, gone when.  SPDX-License-Identifier: MIT
 * Knows: the folders users name, names beside a target, which files are stale.
 * Knows not: what is put in. */
#include "base/temp.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"

#define NAME_BYTES 200 /* of the target's name at most: a file name has 255 on most systems */

const char *pf_temp_folder(const char *option) {
    if (option && *option)
        return option;
    const char *folder = pf_env("PYFORGE_TEMP_DIR");
    if (!folder)
        folder = pf_env("TMPDIR");
    return folder ? folder : "/tmp";
}

/* Not secret, only unlikely twice: creation is exclusive. */
static uint64_t make_random(void) {
    static _Atomic uint64_t calls;
    uint64_t seed[3] = {(uint64_t)pf_clock_wall_ns() ^ (uint64_t)pf_clock_ns() << 20, (uint64_t)pf_process_id(),
                        atomic_fetch_add(&calls, 1)};
    return pf_hash(seed, sizeof seed);
}

pf_status pf_temp_open(const char *folder, pf_file *out, struct pf_error *err) {
    pf_status status = pf_file_create_unnamed(folder, out, err);
    for (int i = 0; i < 100 && (status == PF_UNSUPPORTED || status == PF_EXISTS); i++) {
        char name[64];
        snprintf(name, sizeof name, ".pyforge.tmp-%lld-%016llx", (long long)pf_process_id(),
                 (unsigned long long)make_random());
        char *path = pf_path_join(folder, name);
        if (!path)
            return pf_fail_memory(err, strlen(folder) + sizeof name);
        status = pf_file_create_new(path, true, out, err);
        if (status == PF_OK) {
            status = pf_file_remove(path, err);
            if (status != PF_OK)
                pf_file_close(out, path, NULL);
        }
        pf_mem_free(path);
    }
    return status;
}

/* ".NAME.tmp-": gives. A long name is cut and told apart by its hash. */
static char *make_prefix(const char *target) {
    struct pf_text name = pf_path_name(target);
    char text[NAME_BYTES + 64];
    if (name.size <= NAME_BYTES) {
        snprintf(text, sizeof text, ".%.*s.tmp-", (int)name.size, name.at);
    } else {
        size_t size = NAME_BYTES - 17;
        while (size > 0 && ((unsigned char)name.at[size] & 0xC0) == 0x80)
            size--;
        snprintf(text, sizeof text, ".%.*s~%016llx.tmp-", (int)size, name.at,
                 (unsigned long long)pf_hash(name.at, name.size));
    }
    return pf_mem_text(text, strlen(text));
}

static char *copy_folder(const char *target) {
    struct pf_text folder = pf_path_folder(target);
    return pf_mem_text(folder.at, folder.size);
}

char *pf_temp_beside(const char *target) {
    char *prefix = make_prefix(target);
    if (!prefix)
        return NULL;
    char name[NAME_BYTES + 128];
    snprintf(name, sizeof name, "%s%lld-%08x", prefix, (long long)pf_process_id(), (unsigned)make_random());
    pf_mem_free(prefix);
    char *folder = copy_folder(target);
    char *path = folder ? pf_path_join(folder, name) : NULL;
    pf_mem_free(folder);
    return path;
}

/* ---- sweeping --------------------------------------------------------------------------------------- */

struct sweep {
    const char *folder;
    const char *prefix;
};

/* "PID-RANDOM" and nothing else: the process, or −1. */
static int64_t read_process(const char *text) {
    int64_t pid = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && at - text < 12; at++)
        pid = pid * 10 + (*at - '0');
    if (at == text || *at != '-' || strlen(at + 1) != 8 || strspn(at + 1, "0123456789abcdef") != 8)
        return -1;
    return pid;
}

/* A living process may be another one with the number of the dead (always so for number 1 in containers), and a
 * dead one may live in another container: the lock that a writer holds knows better where locks work. */
static bool is_stale(const char *path, int64_t pid) {
    if (pid != pf_process_id() && pf_process_alive(pid))
        return false;
    pf_file file = PF_FILE_CLOSED;
    if (pf_file_open_read(path, &file, NULL) != PF_OK)
        return false;
    bool known = false;
    bool unheld = pf_file_lock(file, &known);
    pf_file_close(&file, path, NULL);
    return known ? unheld : pid != pf_process_id();
}

static int32_t sweep_entry(void *ctx, const char *name, bool directory) {
    const struct sweep *sweep = ctx;
    size_t size = strlen(sweep->prefix);
    if (directory || strncmp(name, sweep->prefix, size) != 0)
        return 0;
    int64_t pid = read_process(name + size);
    char *path = pid > 0 ? pf_path_join(sweep->folder, name) : NULL;
    if (path && is_stale(path, pid))
        pf_file_remove(path, NULL);
    pf_mem_free(path);
    return 0;
}

void pf_temp_sweep(const char *target) {
    char *prefix = make_prefix(target), *folder = copy_folder(target);
    struct sweep sweep = {folder, prefix};
    if (prefix && folder)
        pf_file_list(folder, sweep_entry, &sweep, NULL);
    pf_mem_free(folder);
    pf_mem_free(prefix);
}
