/* write_stream.c — tests. The Parquet writer behind one C call, for tables that Python makes up.
 * SPDX-License-Identifier: MIT
 * Knows: Arrow C streams, the writer's table.
 * Knows not: what is in the stream: test_parquet_tables.py does. */
#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "bytes/bytes_sink.h"
#include "write/parquet/parquet_writer.h"

static const char *get_option(struct pf_host *host, const char *key) {
    for (const char *const *pair = host->data; *pair; pair += 2)
        if (strcmp(pair[0], key) == 0)
            return pair[1];
    return NULL;
}

static pf_status open_memory(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    pf_sink_memory(ctx, out);
    return PF_OK;
}

static pf_status write_all(struct ArrowArrayStream *stream, const struct pf_begin *begin,
                           struct pf_error *err) {
    pf_writer_state *state = NULL;
    struct ArrowArray batch = {0};
    pf_status status = pf_parquet_writer.begin(begin, &state, err);
    if (status != PF_OK)
        return status;
    while (status == PF_OK && stream->get_next(stream, &batch) == 0 && batch.release)
        status = pf_parquet_writer.write(state, &batch, err);
    if (batch.release)
        batch.release(&batch);
    if (status == PF_OK)
        status = pf_parquet_writer.finish(state, NULL, err);
    if (status != PF_OK)
        pf_parquet_writer.abort(state);
    pf_parquet_writer.close(state);
    return status;
}

/* Writes what the stream holds to path; options are keys and values, NULL at the end. Returns a pf_status; what
 * went wrong is in message (512 bytes). Releases the stream. */
__attribute__((visibility("default"))) int32_t write_stream(struct ArrowArrayStream *stream, const char *path,
                                                            const char *const *options, int threads,
                                                            char *message);
int32_t write_stream(struct ArrowArrayStream *stream, const char *path, const char *const *options, int threads,
                     char *message) {
    struct pf_error err = {.struct_size = sizeof err};
    struct ArrowSchema schema = {0};
    struct pf_buf bytes = {0};
    struct pf_host host = {
        .struct_size = sizeof host, .data = (void *)(uintptr_t)options, .job_get = get_option};
    pf_status status = stream->get_schema(stream, &schema) == 0 ? PF_OK : PF_INTERNAL;
    if (status == PF_OK && threads > 0)
        status = pf_pool_open(threads, &host.pool, &err);
    if (status == PF_OK) {
        struct pf_begin begin = {.struct_size = sizeof begin,
                                 .host = &host,
                                 .schema = &schema,
                                 .location = path,
                                 .open_sink = open_memory,
                                 .ctx = &bytes};
        status = write_all(stream, &begin, &err);
    }
    if (host.pool)
        pf_pool_close(&host.pool);
    if (schema.release)
        schema.release(&schema);
    stream->release(stream);
    FILE *file = status == PF_OK ? fopen(path, "wb") : NULL;
    if (file && (fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0))
        status = PF_IO;
    pf_buf_clear(&bytes);
    snprintf(message, 512, "%s (%s)", err.message, err.where);
    return status;
}
