/* volumes_mount.c — a folder mounted with the manners of /Volumes, for tests.       SPDX-License-Identifier: MIT
 *
 * Usage: volumes_mount -f -s MOUNT --root=FOLDER [--rename=works] [--fsync=works] [--excl=refused]
 *
 * As reported of the platform's mounts: a file is written once, from front to back, and then closed. Appending, opening again to
 * change, making folders at or above the volume's root answer EOPNOTSUPP; a write anywhere but at the end EIO; rename, link and
 * symlink ENOSYS; fsync EPERM. What is not known can be chosen above. */
#define FUSE_USE_VERSION 31
#include <fuse3/fuse.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    char *root;
    char *rename;
    char *fsync;
    char *excl;
} manners;
static const struct fuse_opt options[] = {{"--root=%s", offsetof(__typeof__(manners), root), 0},
                                          {"--rename=%s", offsetof(__typeof__(manners), rename), 0},
                                          {"--fsync=%s", offsetof(__typeof__(manners), fsync), 0},
                                          {"--excl=%s", offsetof(__typeof__(manners), excl), 0},
                                          FUSE_OPT_END};

static int is(const char *manner, const char *word) { return manner && strcmp(manner, word) == 0; }

/* The path behind the mount; lent until the next call of this thread (the server has one). */
static const char *behind(const char *path) {
    static char whole[2][PATH_MAX + 1];
    static int turn;
    turn = !turn;
    snprintf(whole[turn], sizeof whole[turn], "%s%s", manners.root, path);
    return whole[turn];
}

static int depth(const char *path) {
    int count = 0;
    for (; *path; path++)
        count += path[0] == '/' && path[1];
    return count;
}

static int answer(int result) { return result < 0 ? -errno : result; }

/* An open file: where the next write has to be. */
struct open_file {
    int file;
    off_t next;
};
static struct open_file *opened(const struct fuse_file_info *info) {
    return (struct open_file *)(uintptr_t)info->fh; /* NOLINT(performance-no-int-to-ptr) */
}

static int keep(int file, struct fuse_file_info *info, int writes) {
    if (file < 0)
        return -errno;
    struct open_file *it = calloc(1, sizeof *it);
    if (!it)
        return close(file), -ENOMEM;
    it->file = file;
    info->fh = (uintptr_t)it;
    info->direct_io = writes ? 1 : 0;
    return 0;
}

static int do_getattr(const char *path, struct stat *out, struct fuse_file_info *info) {
    return answer(lstat(behind(path), out));
}

static int do_readdir(const char *path, void *to, fuse_fill_dir_t fill, off_t offset,
                      struct fuse_file_info *info, enum fuse_readdir_flags flags) {
    DIR *folder = opendir(behind(path));
    if (!folder)
        return -errno;
    for (const struct dirent *entry; (entry = readdir(folder));)
        fill(to, entry->d_name, NULL, 0, 0);
    closedir(folder);
    return 0;
}

static int do_mkdir(const char *path, mode_t mode) {
    return depth(path) <= 3 ? -EOPNOTSUPP : answer(mkdir(behind(path), mode));
}

static int do_open(const char *path, struct fuse_file_info *info) {
    struct stat found;
    int writes = (info->flags & O_ACCMODE) != O_RDONLY;
    if (writes && info->flags & O_APPEND)
        return -EOPNOTSUPP;
    if (writes && !(info->flags & O_TRUNC) && lstat(behind(path), &found) == 0 && found.st_size > 0)
        return -EOPNOTSUPP;
    return keep(open(behind(path), info->flags), info, writes);
}

static int do_create(const char *path, mode_t mode, struct fuse_file_info *info) {
    if (depth(path) <= 3 || info->flags & O_APPEND || (info->flags & O_EXCL && is(manners.excl, "refused")))
        return -EOPNOTSUPP;
    return keep(open(behind(path), info->flags | O_CREAT, mode), info, 1);
}

static int do_read(const char *path, char *to, size_t size, off_t offset, struct fuse_file_info *info) {
    return answer((int)pread(opened(info)->file, to, size, offset));
}

static int do_write(const char *path, const char *from, size_t size, off_t offset,
                    struct fuse_file_info *info) {
    struct open_file *it = opened(info);
    if (offset != it->next)
        return -EIO;
    int count = answer((int)pwrite(it->file, from, size, offset));
    it->next += count > 0 ? count : 0;
    return count;
}

/* Emptying is what O_TRUNC asks for; nothing else is. */
static int do_truncate(const char *path, off_t size, struct fuse_file_info *info) {
    if (size != 0 || (info && opened(info)->next))
        return -EOPNOTSUPP;
    return answer(truncate(behind(path), 0));
}

static int do_release(const char *path, struct fuse_file_info *info) {
    close(opened(info)->file);
    free(opened(info));
    return 0;
}

static int do_fsync(const char *path, int data_only, struct fuse_file_info *info) {
    return is(manners.fsync, "works") ? 0 : -EPERM;
}

static int do_rename(const char *from, const char *to, unsigned flags) {
    const char *one = behind(from), *two = behind(to);
    return is(manners.rename, "works") ? answer(rename(one, two)) : -ENOSYS;
}

static int do_link(const char *from, const char *to) { return -ENOSYS; }
static int do_unlink(const char *path) { return answer(unlink(behind(path))); }
static int do_rmdir(const char *path) { return answer(rmdir(behind(path))); }
static int do_chmod(const char *path, mode_t mode, struct fuse_file_info *info) { return 0; }
static int do_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) {
    return 0;
}

static const struct fuse_operations operations = {.getattr = do_getattr,
                                                  .readdir = do_readdir,
                                                  .mkdir = do_mkdir,
                                                  .open = do_open,
                                                  .create = do_create,
                                                  .read = do_read,
                                                  .write = do_write,
                                                  .truncate = do_truncate,
                                                  .release = do_release,
                                                  .fsync = do_fsync,
                                                  .rename = do_rename,
                                                  .link = do_link,
                                                  .symlink = do_link,
                                                  .unlink = do_unlink,
                                                  .rmdir = do_rmdir,
                                                  .chmod = do_chmod,
                                                  .utimens = do_utimens};

int main(int argc, char **argv) {
    struct fuse_args args = FUSE_ARGS_INIT(argc, argv);
    if (fuse_opt_parse(&args, &manners, options, NULL) || !manners.root) {
        fprintf(stderr, "volumes_mount: --root=FOLDER is needed\n");
        return 2;
    }
    int code = fuse_main(args.argc, args.argv, &operations, NULL);
    fuse_opt_free_args(&args);
    return code;
}
