/* registry_probe.c — room registry. The first load of a library, in a child process.
 * SPDX-License-Identifier: MIT
 * Knows: what parent and child say to each other, how a child may end.
 * Knows not: which libraries are new, what becomes of the verdict. */
#include "registry/registry_probe.h"

#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/process.h"
#include "registry/registry_load.h"

#define VOICE_BYTES_MOST ((size_t)4 << 20)

/* ---- the child ---- */

/* The voice: "stage NAME" lines, then a cache of one record, then "done", for each library. */
static void speak(const char *text, size_t size) {
    pf_file voice = {PF_PROCESS_VOICE};
    pf_file_write_all(voice, text, size, "the parent", NULL); /* nobody listens: nothing to do */
}

static void speak_stage(void *ctx, const char *stage) {
    const char **last = ctx;
    char line[64];
    *last = stage;
    int size = snprintf(line, sizeof line, "stage %s\n", stage);
    speak(line, (size_t)size);
}

static int32_t verdict_of(pf_status status) {
    return status == PF_OK            ? PF_VERDICT_OK
           : status == PF_UNAVAILABLE ? PF_VERDICT_UNAVAILABLE
                                      : PF_VERDICT_FAILED;
}

/* Stage by stage on this thread; a hang is the parent's to notice. */
static pf_status probe_one(struct pf_record *record, struct pf_registry_host *host) {
    const char *stage = PF_STAGE_OPEN;
    const struct pf_load_watch watch = {speak_stage, &stage};
    const struct pf_extension *extension;
    struct pf_arena memory = {0};
    struct pf_error err = PF_ERROR_INIT;
    void *self = NULL;
    pf_status status = pf_load_library(record->path, &watch, &memory, &extension, &err), told = PF_OK;
    if (status == PF_OK && (told = pf_record_describe(record, extension, NULL)) == PF_OK) {
        speak_stage(&stage, PF_STAGE_INIT);
        status = pf_load_init(extension, host, &self, &err);
        if (status == PF_OK && extension->shutdown)
            extension->shutdown(self);
    }
    if (told == PF_OK)
        told = pf_record_judge(record, verdict_of(status), status == PF_OK ? "" : stage, err.message, NULL);
    pf_arena_clear(&memory);
    return told;
}

void pf_probe_child(const char *const *paths, size_t count) {
    struct pf_registry_host *host = NULL;
    if (pf_registry_host_open(&host, NULL, NULL) != PF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        struct pf_cache one = {0};
        struct pf_buf text = {0};
        struct pf_record *record = pf_cache_add(&one);
        if (record && (record->path = pf_mem_text(paths[i], strlen(paths[i]))) &&
            probe_one(record, host) == PF_OK && pf_cache_print(&one, &text, NULL) == PF_OK &&
            pf_buf_text(&text, "done\n", NULL) == PF_OK)
            speak((const char *)text.data, text.size);
        pf_buf_clear(&text);
        pf_cache_clear(&one);
    }
    pf_registry_host_close(&host);
}

/* ---- the parent ---- */

/* Moves what was found out, not the file's own facts. */
static void take_finding(struct pf_record *record, struct pf_record *found) {
    struct pf_record old = *record;
    char *path = found->path;
    *record = *found;
    record->path = old.path;
    record->size_bytes = old.size_bytes;
    record->modified_ns = old.modified_ns;
    *found = old;
    found->path = path;  /* goes with it */
    if (!record->name) { /* it never told: the file's stays */
        record->name = found->name;
        found->name = NULL;
    }
}

/* The block of one library at *at: its last stage, and its record if the child lived to tell. */
static bool read_block(const char **at, const char *end, struct pf_record *record, char stage[32]) {
    stage[0] = 0;
    while (*at < end && strncmp(*at, "stage ", 6) == 0) {
        const char *line = *at + 6, *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            return false;
        snprintf(stage, 32, "%.*s", (int)(stop - line), line);
        *at = stop + 1;
    }
    for (const char *line = *at; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            return false;
        if (stop - line == 4 && memcmp(line, "done", 4) == 0) {
            struct pf_cache one;
            bool good = pf_cache_parse(&one, *at, (size_t)(line - *at)) && one.count == 1;
            if (good)
                take_finding(record, &one.records[0]);
            pf_cache_clear(&one);
            *at = stop + 1;
            return good;
        }
        line = stop + 1;
    }
    return false;
}

static pf_status judge_end(struct pf_record *record, const struct pf_process_end *end, const char *stage,
                           int limit_ms, struct pf_error *err) {
    char text[200];
    if (end->late)
        snprintf(text, sizeof text,
                 "hangs: nothing came back within %d ms; mend the extension, or raise "
                 "--extension-timeout",
                 limit_ms);
    else if (end->signal)
        snprintf(text, sizeof text,
                 "crashed-while-loading: signal %d (%s) ended the process that tried it; mend the "
                 "extension",
                 end->signal, pf_process_signal_name(end->signal));
    else
        snprintf(text, sizeof text,
                 "exits: it ended the process that tried it with code %d; mend the extension", end->code);
    return pf_record_judge(record, PF_VERDICT_FAILED, *stage ? stage : PF_STAGE_OPEN, text, err);
}

/* One child for the libraries from `first` on; *told: how many of them are judged then. */
static pf_status probe_some(char *const *starter, struct pf_record *const *records, size_t count, int limit_ms,
                            size_t *told, struct pf_error *err) {
    struct pf_buf said = {.ceiling = VOICE_BYTES_MOST};
    struct pf_process_end end;
    size_t words = 0;
    while (starter[words])
        words++;
    const char **argv = pf_mem_zero(words + count + 3, sizeof *argv);
    if (!argv)
        return pf_fail_memory(err, (words + count + 3) * sizeof *argv);
    for (size_t i = 0; i < words; i++)
        argv[i] = starter[i];
    argv[words++] = "extensions";
    argv[words++] = "probe";
    for (size_t i = 0; i < count; i++)
        argv[words + i] = records[i]->path;
    pf_status status = pf_process_run(argv, limit_ms, &said, &end, err);
    pf_mem_free(argv);
    char stage[32] = "";
    const char *at = (const char *)said.data, *stop = at + said.size;
    for (*told = 0;
         status == PF_OK && *told < count && said.size && read_block(&at, stop, records[*told], stage);)
        ++*told;
    if (status == PF_OK && *told < count && !*stage && !end.signal && !end.late)
        status = pf_fail(err, PF_IO,
                         "'%s' does not try extensions ('extensions probe' ended with %d); name another "
                         "program",
                         starter[0], end.code);
    if (status == PF_OK && *told < count)
        status = judge_end(records[(*told)++], &end, stage, limit_ms, err);
    pf_buf_clear(&said);
    return status;
}

pf_status pf_probe_all(char *const *starter, struct pf_record *const *records, size_t count, int limit_ms,
                       struct pf_error *err) {
    for (size_t done = 0, told = 0; done < count; done += told)
        PF_TRY(probe_some(starter, records + done, count - done, limit_ms, &told, err));
    return PF_OK;
}

pf_status pf_probe_here(struct pf_record *record, int limit_ms, struct pf_error *err) {
    struct pf_registry_host *host = NULL;
    struct pf_loaded loaded;
    struct pf_error why = PF_ERROR_INIT;
    PF_TRY(pf_registry_host_open(&host, NULL, err));
    pf_status status = pf_load_watched(record->path, NULL, NULL, host, limit_ms, &loaded, &why);
    pf_status kept = PF_OK;
    if (loaded.extension && !loaded.late)
        kept = pf_record_describe(record, loaded.extension, err);
    if (kept == PF_OK)
        kept =
            pf_record_judge(record, verdict_of(status), status == PF_OK ? "" : loaded.stage, why.message, err);
    if (status == PF_OK && !pf_load_shutdown(loaded.extension, loaded.self, host, limit_ms))
        host->kept = true;
    if (!loaded.late)
        pf_arena_clear(&loaded.memory);
    pf_registry_host_close(&host);
    return kept;
}
