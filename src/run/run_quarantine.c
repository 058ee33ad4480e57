/* run_quarantine.c — room run. Where rejected rows go.                          SPDX-License-Identifier: MIT
 * Knows: --rejects, the name beside an output, writers by suffix.
 * Knows not: why rows were rejected. */
#include "run/run_quarantine.h"

#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/temp.h"

/* Everything to open one reject file. */
struct target {
    struct pf_quarantine *quarantine;
    struct pf_run_host *host;
    const char *path;
    uint32_t flags;
};

void pf_quarantine_open(struct pf_quarantine *quarantine, struct pf_crew *crew, struct pf_outputs *outputs) {
    *quarantine = (struct pf_quarantine){.job = crew->job, .crew = crew, .outputs = outputs};
    quarantine->given = pf_job_value(crew->job, "rejects", NULL, NULL);
}

static pf_status open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    struct target *target = ctx;
    const struct pf_store *store =
        pf_registry_store_for(target->quarantine->job->forge->registry, target->path);
    if (name || !store)
        return pf_fail(err, PF_INTERNAL, "rejected rows go into one file");
    return store->open_sink(&target->host->face, target->path, target->flags, out, err);
}

/* The writer of a file of rejects, and how it may be opened. */
static pf_status choose_writer(const struct pf_quarantine *quarantine, const char *path,
                               const struct pf_writer **writer, uint32_t *flags, struct pf_error *err) {
    char suffix[32] = "";
    struct pf_text text = pf_path_suffix(path);
    if (text.size < sizeof suffix)
        memcpy(suffix, text.at, text.size), suffix[text.size] = 0;
    *writer = pf_registry_writer_for(quarantine->job->forge->registry, suffix);
    if (!*writer)
        return pf_fail(err, PF_ARGUMENT,
                       "--rejects: the suffix '%s' names no format; end the name in .csv or .parquet", suffix);
    return pf_outputs_check(quarantine->outputs, *writer, path, flags, err);
}

pf_status pf_quarantine_check(const struct pf_quarantine *quarantine, struct pf_error *err) {
    const struct pf_writer *writer;
    uint32_t flags;
    return quarantine->given ? choose_writer(quarantine, quarantine->given, &writer, &flags, err) : PF_OK;
}

static pf_status begin(struct target *target, struct pf_reject_file *file, struct pf_error *err) {
    struct pf_quarantine *quarantine = target->quarantine;
    const struct pf_writer *writer;
    PF_TRY(choose_writer(quarantine, target->path, &writer, &target->flags, err));
    pf_run_host_init(target->host, quarantine->job, quarantine->crew);
    target->host->face.pool = NULL; /* a few rows; and inputs side by side may not wait for tasks of the job */
    target->host->writer = writer;
    target->host->defaults_only = true;
    struct pf_begin request = {.struct_size = sizeof request,
                               .host = &target->host->face,
                               .location = target->path,
                               .open_sink = open_sink,
                               .ctx = target};
    return pf_reject_file_begin(file, writer, &request, err);
}

/* A second name for the file that is replaced. Where the disk knows no second names it is lost when the output
 * fails after its rejects. */
static pf_status keep_earlier(struct pf_reject_place *place, struct pf_error *err) {
    place->earlier = pf_temp_beside(place->path);
    if (!place->earlier)
        return pf_fail_memory(err, strlen(place->path));
    if (pf_file_link_new(place->path, place->earlier, NULL) != PF_OK) {
        pf_mem_free(place->earlier);
        place->earlier = NULL;
    }
    return PF_OK;
}

static pf_status put_beside(struct pf_quarantine *quarantine, const struct pf_rejects *rejects,
                            struct pf_reject_place *place, struct pf_error *err) {
    struct pf_reject_file file = {0};
    struct pf_run_host host;
    struct target target = {.quarantine = quarantine, .host = &host, .path = place->path};
    PF_TRY(begin(&target, &file, err));
    pf_status status = pf_reject_file_append(&file, rejects, err);
    if (status == PF_OK && target.flags & PF_SINK_REPLACE)
        status = keep_earlier(place, err);
    if (status == PF_OK)
        status = pf_reject_file_finish(&file, err);
    pf_reject_file_clear(&file);
    return status;
}

static pf_status put_shared(struct pf_quarantine *quarantine, const struct pf_rejects *rejects,
                            struct pf_error *err) {
    if (!quarantine->shared.writer) {
        /* open_sink is called inside begin, so the target need not live longer */
        struct target target = {
            .quarantine = quarantine, .host = &quarantine->shared_host, .path = quarantine->given};
        PF_TRY(pf_outputs_make_folder(quarantine->outputs, quarantine->given, &quarantine->made_folders, err));
        PF_TRY(begin(&target, &quarantine->shared, err));
    }
    return pf_reject_file_append(&quarantine->shared, rejects, err);
}

/* By the store that took it, since only that knows what the location means. */
static void remove_file(const struct pf_quarantine *quarantine, const char *path) {
    const struct pf_store *store = pf_registry_store_for(quarantine->job->forge->registry, path);
    struct pf_run_host host;
    struct pf_error err = PF_ERROR_INIT;
    pf_run_host_init(&host, quarantine->job, quarantine->crew);
    pf_status status = store && store->remove
                           ? store->remove(&host.face, path, &err)
                           : pf_fail(&err, PF_UNSUPPORTED, "its store removes nothing; remove it by hand");
    if (status != PF_OK && status != PF_NOT_FOUND)
        pf_log_say(&quarantine->job->forge->log, PF_LOG_WARNING,
                   "'%s' tells of rows of an output that is not there, and stays: %s", path, err.message);
}

char *pf_quarantine_settle(const struct pf_quarantine *quarantine, struct pf_reject_place *place,
                           bool delivered) {
    char *path = place->path;
    if (place->earlier && !delivered)
        pf_file_rename(place->earlier, path, NULL); /* does nothing when both are still names of one file */
    else if (place->own && !delivered)
        remove_file(quarantine, path);
    if (place->earlier)
        pf_file_remove(place->earlier, NULL);
    pf_mem_free(place->earlier);
    if (!delivered)
        pf_mem_free(path);
    *place = (struct pf_reject_place){0};
    return delivered ? path : NULL;
}

pf_status pf_quarantine_put(struct pf_quarantine *quarantine, const struct pf_rejects *rejects,
                            const char *output, bool taken, struct pf_reject_place *place,
                            struct pf_error *err) {
    struct pf_buf name = {0};
    *place = (struct pf_reject_place){0};
    pf_status status = quarantine->given ? pf_buf_text(&name, quarantine->given, err)
                                         : pf_buf_print(&name, err, "%s.rejects.csv", output);
    place->path = status == PF_OK ? pf_buf_take(&name) : NULL;
    pf_buf_clear(&name);
    if (status == PF_OK && !place->path)
        status = pf_fail_memory(err, 0);
    if (status == PF_OK && !quarantine->given && taken)
        status = pf_fail(err, PF_EXISTS, "'%.160s' is another output of this run; name a file with --rejects",
                         place->path);
    if (status == PF_OK)
        status = quarantine->given ? put_shared(quarantine, rejects, err)
                                   : put_beside(quarantine, rejects, place, err);
    if (status != PF_OK) {
        pf_where(err, "rejected rows");
        pf_quarantine_settle(quarantine, place, false);
    }
    place->own = status == PF_OK && !quarantine->given;
    return status;
}

static const char first_line[] = "file,table,row,line,byte,column,expected,reason,raw,encoding\n";

static bool begins_as_rejects(const struct pf_quarantine *quarantine, const char *path) {
    const struct pf_store *store = pf_registry_store_for(quarantine->job->forge->registry, path);
    char head[sizeof first_line] = "";
    size_t got = 0;
    struct pf_source source;
    struct pf_run_host host;
    pf_run_host_init(&host, quarantine->job, quarantine->crew);
    if (!store || store->open_source(&host.face, path, &source, NULL) != PF_OK)
        return false;
    pf_status status = source.read_at(&source, 0, head, sizeof first_line - 1, &got, NULL);
    source.close(&source);
    return status == PF_OK && strcmp(head, first_line) == 0;
}

void pf_quarantine_sweep(const struct pf_quarantine *quarantine, const char *output) {
    char path[4096];
    int size = snprintf(path, sizeof path, "%s.rejects.csv", output);
    if (!quarantine->given && quarantine->outputs->force && size > 0 && (size_t)size < sizeof path &&
        begins_as_rejects(quarantine, path))
        remove_file(quarantine, path);
}

pf_status pf_quarantine_finish(struct pf_quarantine *quarantine, struct pf_error *err) {
    if (!quarantine->shared.writer)
        return PF_OK;
    pf_status status = pf_reject_file_finish(&quarantine->shared, err);
    if (status != PF_OK)
        pf_where(err, "rejected rows");
    else
        quarantine->made_folders = 0;
    return status;
}

void pf_quarantine_clear(struct pf_quarantine *quarantine) {
    pf_reject_file_clear(&quarantine->shared);
    pf_outputs_unmake_folder(quarantine->given, quarantine->made_folders);
    quarantine->made_folders = 0;
}
