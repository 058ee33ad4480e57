/* run_delivery.c — room run. One output: writer, sink, and what must be true before it is visible.
 * SPDX-License-Identifier: MIT
 * Knows: stores, writers, the order of the last steps.
 * Knows not: formats, where batches come from. */
#include "run/run_delivery.h"

#include "base/error.h"
#include "base/mem.h"
#include "run/run_place.h"
#include "run/run_stage.h"

/* The sink a writer gets. */
struct guard {
    struct pf_delivery *delivery;
    struct pf_sink inner;
};

static pf_status guard_write(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct guard *guard = sink->self;
    return guard->inner.write(&guard->inner, from, count, err);
}

static void guard_abort(struct pf_sink *sink) {
    struct guard *guard = sink->self;
    if (!guard)
        return;
    guard->inner.abort(&guard->inner);
    pf_mem_free(guard);
    sink->self = NULL;
}

static pf_status commit_all(struct pf_delivery *delivery, struct pf_sink *inner, struct pf_error *err) {
    struct pf_reject_place place = {0};
    pf_status status = delivery->ready ? delivery->ready(delivery->ready_ctx, err) : PF_OK;
    if (status == PF_OK && delivery->rejects && delivery->rejects->count)
        status = pf_quarantine_put(delivery->quarantine, delivery->rejects, delivery->path,
                                   delivery->rejects_taken, &place, err);
    if (status != PF_OK) {
        inner->abort(inner);
        return status;
    }
    status = inner->commit(inner, err);
    delivery->rejects_path = pf_quarantine_settle(delivery->quarantine, &place, status == PF_OK);
    if (status == PF_OK && !delivery->rejects_path && delivery->flags & PF_SINK_REPLACE)
        pf_quarantine_sweep(delivery->quarantine, delivery->path);
    return status;
}

/* Like every commit it ends the sink, also when it fails. */
static pf_status guard_commit(struct pf_sink *sink, struct pf_error *err) {
    struct guard *guard = sink->self;
    pf_status status = commit_all(guard->delivery, &guard->inner, err);
    pf_mem_free(guard);
    sink->self = NULL;
    return status;
}

/* Where a name cannot be given to what is complete, the output waits until it is. */
static pf_status open_raw(struct pf_delivery *delivery, const struct pf_store *store, struct pf_sink *out,
                          struct pf_error *err) {
    struct pf_stage_target target = {
        .store = store, .host = &delivery->host.face, .location = delivery->path, .flags = delivery->flags};
    const char *stage = pf_job_value(delivery->crew->job, "stage", NULL, NULL);
    bool direct = store->traits & PF_STORE_RENAME || (stage && strcmp(stage, "never") == 0);
    return direct ? store->open_sink(target.host, target.location, target.flags, out, err)
                  : pf_stage_open(&target, delivery->crew, out, err);
}

static pf_status open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    struct pf_delivery *delivery = ctx;
    const struct pf_store *store = pf_registry_store_for(delivery->crew->job->forge->registry, delivery->path);
    if (name)
        return pf_fail(err, PF_UNSUPPORTED,
                       "a writer of several files needs a folder as output, which this version cannot give; "
                       "choose another --format");
    if (!store)
        return pf_fail(err, PF_NOT_FOUND, "no store knows '%.160s'; check the path", delivery->path);
    struct guard *guard = pf_mem_zero(1, sizeof *guard);
    if (!guard)
        return pf_fail_memory(err, sizeof *guard);
    guard->delivery = delivery;
    struct pf_sink raw = {0};
    pf_status status = open_raw(delivery, store, &raw, err);
    if (status == PF_OK) {
        status = pf_meter_sink(&delivery->crew->meter, &raw, &guard->inner, err);
        if (status != PF_OK)
            raw.abort(&raw);
    }
    if (status != PF_OK) {
        pf_mem_free(guard);
        return status;
    }
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = guard,
                            .write = guard_write,
                            .commit = guard_commit,
                            .abort = guard_abort};
    return PF_OK;
}

pf_status pf_delivery_begin(struct pf_delivery *delivery, const struct ArrowSchema *schema,
                            struct pf_notices *notices, struct pf_error *err) {
    const struct pf_writer *writer = delivery->outputs->writer;
    char place[500];
    PF_TRY(pf_outputs_check(delivery->outputs, writer, delivery->path, &delivery->flags, err));
    PF_TRY(pf_place_output(delivery->crew->job->forge->registry, delivery->path, place, sizeof place, err));
    if (place[0])
        PF_TRY(pf_notices_say(notices, "local-place", NULL, -1, err, "%s", place));
    PF_TRY(pf_outputs_make_folder(delivery->outputs, delivery->path, &delivery->made_folders, err));
    pf_run_host_init(&delivery->host, delivery->crew->job, delivery->crew);
    delivery->host.writer = writer;
    delivery->host.notices = notices;
    struct pf_begin request = {.struct_size = sizeof request,
                               .host = &delivery->host.face,
                               .schema = schema,
                               .location = delivery->path,
                               .open_sink = open_sink,
                               .ctx = delivery};
    pf_status status = writer->begin(&request, &delivery->state, err);
    delivery->begun = status == PF_OK;
    if (status != PF_OK)
        pf_delivery_end(delivery);
    return status;
}

pf_status pf_delivery_write(struct pf_delivery *delivery, struct ArrowArray *batch, struct pf_error *err) {
    PF_TRY(delivery->outputs->writer->write(delivery->state, batch, err));
    if (delivery->host.status == PF_OK)
        return PF_OK;
    if (err)
        *err = delivery->host.err;
    return delivery->host.status;
}

pf_status pf_delivery_finish(struct pf_delivery *delivery, struct pf_error *err) {
    struct pf_written written = {.struct_size = sizeof written};
    PF_TRY(delivery->outputs->writer->finish(delivery->state, &written, err));
    delivery->bytes_out = written.bytes;
    delivery->outputs->writer->close(delivery->state);
    delivery->begun = false;
    delivery->made_folders = 0;
    return PF_OK;
}

void pf_delivery_end(struct pf_delivery *delivery) {
    if (delivery->begun) {
        delivery->outputs->writer->abort(delivery->state);
        delivery->outputs->writer->close(delivery->state);
    }
    delivery->begun = false;
    pf_outputs_unmake_folder(delivery->path, delivery->made_folders);
    delivery->made_folders = 0;
    pf_mem_free(delivery->rejects_path);
    delivery->rejects_path = NULL;
}
