/* path.c — room base. Paths as text.                                       SPDX-License-Identifier: MIT
 * Knows: slashes, dots, which characters a file name may have everywhere.
 * Knows not: the disk. */
#include "base/path.h"

#include <string.h>

#include "base/mem.h"

#define SAFE_NAME_BYTES 200

static size_t without_slashes(const char *path) { /* "a/b//" → 3; "/" → 1 */
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    return size;
}

struct pf_text pf_path_name(const char *path) {
    size_t end = without_slashes(path), start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    return (struct pf_text){path + start, end - start};
}

struct pf_text pf_path_folder(const char *path) {
    size_t end = without_slashes(path);
    while (end > 0 && path[end - 1] != '/')
        end--;
    if (end == 0)
        return pf_text_of(".");
    while (end > 1 && path[end - 1] == '/')
        end--;
    return (struct pf_text){path, end};
}

/* Where the last suffix of a name starts; its size when it has none. A leading dot starts no suffix. */
static size_t find_suffix(struct pf_text name) {
    for (size_t i = name.size; i > 1; i--)
        if (name.at[i - 1] == '.')
            return name.at[0] == '.' && name.size == 2 ? name.size : i - 1; /* ".." */
    return name.size;
}

struct pf_text pf_path_stem(const char *path) {
    struct pf_text name = pf_path_name(path);
    name.size = find_suffix(name);
    return name;
}

struct pf_text pf_path_suffix(const char *path) {
    struct pf_text name = pf_path_name(path);
    size_t at = find_suffix(name);
    return (struct pf_text){name.at + at, name.size - at};
}

bool pf_path_is_folder_like(const char *path) {
    size_t size = strlen(path);
    return size > 0 && path[size - 1] == '/';
}

char *pf_path_join(const char *folder, const char *name) {
    size_t head = strlen(folder), tail = strlen(name);
    bool slash = head > 0 && folder[head - 1] != '/';
    char *path = pf_mem_alloc(head + slash + tail + 1);
    if (!path)
        return NULL;
    if (head)
        memcpy(path, folder, head);
    if (slash)
        path[head] = '/';
    memcpy(path + head + slash, name, tail + 1);
    return path;
}

static bool is_unsafe(unsigned char c) { return c <= ' ' || c == 0x7f || strchr("<>:\"/\\|?*_", c) != NULL; }

/* The bytes of the character at p, at most those that are there. */
static size_t character_size(const char *p) {
    unsigned char lead = (unsigned char)*p;
    size_t want = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, size = 1;
    while (size < want && ((unsigned char)p[size] & 0xC0) == 0x80)
        size++;
    return size;
}

char *pf_path_safe_name(const char *name) {
    char safe[SAFE_NAME_BYTES];
    size_t size = 0;
    for (const char *p = name; *p;) {
        size_t step = character_size(p);
        if (size + step > sizeof safe)
            break;
        if (!is_unsafe((unsigned char)*p)) {
            memcpy(safe + size, p, step);
            size += step;
        } else if (size > 0 && safe[size - 1] != '_') {
            safe[size++] = '_';
        }
        p += step;
    }
    while (size > 0 && safe[size - 1] == '_')
        size--;
    if (size == 0 || (size <= 2 && memcmp(safe, "..", size) == 0))
        return pf_mem_text("table", 5);
    return pf_mem_text(safe, size);
}
