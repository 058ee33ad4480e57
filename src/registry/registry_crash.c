/* registry_crash.c — room registry. Crashes in the code of libraries: noted by one process, told by the next.
 * SPDX-License-Identifier: MIT
 * Knows: the file of notes: path, time of the library, signal, time; a tab between.
 * Knows not: how a crash is met. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/crash.h"
#include "base/env.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "base/process.h"
#include "registry/registry_member.h"

#define NOTES_MOST ((int64_t)1 << 20) /* a file beyond is begun anew */

static char *notes_path(void) {
    char *folder = pf_env_cache_folder();
    char *path = folder ? pf_path_join(folder, "crashes") : NULL;
    pf_mem_free(folder);
    return path;
}

/* "PATH TIME": what a note of the member begins with, and its size; 0: it is too long. */
static size_t begin_note(const struct pf_member *member, char *to, size_t room) {
    int size = snprintf(to, room, "%s\t%lld", member->record.path, (long long)member->record.modified_ns);
    return size > 0 && (size_t)size < room ? (size_t)size : 0;
}

void pf_registry_note_crashes(pf_registry *registry) { registry->notes_crashes = true; }

void pf_member_watch(const struct pf_member *member) {
    char note[1100], said[600];
    const char *name = pf_member_name(member);
    char *path = notes_path();
    snprintf(said, sizeof said,
             "error: EXTENSION: extension '%.100s' crashed, which ended pyforge; nothing is half-written. Give "
             "--no-extensions, or disable it with 'pyforge extensions disable %.100s'\n",
             name, name);
    if (path && begin_note(member, note, sizeof note))
        pf_crash_watch(member->record.path, path, note, said);
    pf_mem_free(path);
}

/* "12\t1700000000" as a sentence. Gives. */
static char *tell(struct pf_text rest) {
    int64_t number, seconds;
    const char *tab = memchr(rest.at, '\t', rest.size);
    if (!tab || !pf_parse_int64(rest.at, (size_t)(tab - rest.at), &number) ||
        !pf_parse_int64(tab + 1, rest.size - (size_t)(tab - rest.at) - 1, &seconds))
        return NULL;
    char text[200];
    int64_t year;
    int month, day;
    pf_civil_from_days(seconds / 86400, &year, &month, &day);
    int size =
        snprintf(text, sizeof text,
                 "signal %lld (%s) ended pyforge while code of it ran, on %04lld-%02d-%02d at %02d:%02d UTC; "
                 "mend the extension, or disable it",
                 (long long)number, pf_process_signal_name((int)number), (long long)year, month, day,
                 (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60));
    return pf_mem_text(text, (size_t)size);
}

static char *find_last(const struct pf_buf *notes, const char *begin, size_t size) {
    const char *at = (const char *)notes->data, *end = at + notes->size;
    char *found = NULL;
    for (const char *stop; at && at < end && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
        if ((size_t)(stop - at) <= size || memcmp(at, begin, size) != 0 || at[size] != '\t')
            continue;
        pf_mem_free(found);
        found = tell((struct pf_text){at + size + 1, (size_t)(stop - at) - size - 1});
    }
    return found;
}

char *pf_registry_crash(pf_registry *registry, const char *name) {
    char begin[1100], *path = notes_path(), *found = NULL;
    struct pf_buf notes = {0};
    pf_file file = PF_FILE_CLOSED;
    struct pf_file_facts facts;
    if (path && pf_file_open_read(path, &file, NULL) == PF_OK) {
        bool good = pf_file_facts_open(file, &facts, NULL) == PF_OK && facts.regular;
        if (good && facts.size_bytes > NOTES_MOST)
            pf_file_remove(path, NULL);
        else if (good && pf_buf_reserve(&notes, (size_t)facts.size_bytes, NULL) == PF_OK)
            pf_file_read_at(file, 0, notes.data, (size_t)facts.size_bytes, &notes.size, path, NULL);
        pf_file_close(&file, path, NULL);
    }
    for (size_t i = 0; i < registry->count && !found; i++) {
        const struct pf_member *member = registry->members[i];
        if (!member->record.path || member->shadowed || strcmp(pf_member_name(member), name) != 0)
            continue;
        size_t size = begin_note(member, begin, sizeof begin);
        found = size ? find_last(&notes, begin, size) : NULL;
    }
    pf_buf_clear(&notes);
    pf_mem_free(path);
    return found;
}
