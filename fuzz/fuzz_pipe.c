/* fuzz_pipe.c — the whole pipe: any bytes as an input, by any options, to Parquet or CSV in memory.
 * SPDX-License-Identifier: MIT
 *
 * The first two bytes choose options. Whatever comes: no INTERNAL, counts that add up, no output without success,
 * and the same bytes for one thread and for three. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bytes/bytes_sink.h"
#include "bytes/bytes_source.h"
#include "run/run_engine.h"
#include "run/run_job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t input_size;
static struct pf_buf outputs[2]; /* the table, its rejects */
static int committed[2];

static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    (void)host, (void)location, (void)err;
    pf_source_memory(input, input_size, out);
    return PF_OK;
}

static pf_status commit(struct pf_sink *sink, struct pf_error *err) {
    (void)err;
    committed[sink->self != &outputs[0]] = 1;
    return PF_OK;
}
static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    (void)host, (void)flags, (void)err;
    int which = strstr(location, ".rejects.") != NULL;
    pf_buf_clear(&outputs[which]);
    pf_sink_memory(&outputs[which], out);
    out->commit = commit;
    out->self = &outputs[which];
    return PF_OK;
}

static const char *const prefixes[] = {"mem:/", NULL};
static const struct pf_store store = {.struct_size = sizeof store,
                                      .name = "mem",
                                      .prefixes = prefixes,
                                      .open_source = open_source,
                                      .open_sink = open_sink};
static const struct pf_store *const stores[] = {&store, NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "mem",
                                              .version = "1",
                                              .summary = "memory as a store",
                                              .license = "MIT",
                                              .stores = stores};

static void set(pf_job *job, const char *key, const char *value) {
    if (pf_job_put(job, key, value, PF_BY_USER, "user", NULL) != PF_OK)
        abort();
}

static void choose(pf_job *job, const uint8_t choice[2]) {
    static const char *const rows[] = {NULL, "reject", "fail", NULL}, *const headers[] = {NULL, "none", "1",
                                                                                          "2"};
    set(job, "input", choice[0] & 1 ? "mem:/in.csv" : "mem:/in.dat");
    set(job, "output", choice[0] & 2 ? "mem:/out.csv" : "mem:/out.parquet");
    if (choice[0] & 4)
        set(job, "types", "text");
    if (choice[0] & 8)
        set(job, "type", "1=int64");
    if (choice[0] & 16)
        set(job, "on-bad-cell", choice[0] & 32 ? "null" : "reject");
    if (choice[0] & 64)
        set(job, "names", "sanitise");
    if (choice[0] & 128)
        set(job, "profile", "modern");
    if (rows[choice[1] & 3])
        set(job, "on-bad-row", rows[choice[1] & 3]);
    if (headers[choice[1] >> 2 & 3])
        set(job, "header", headers[choice[1] >> 2 & 3]);
    if (choice[1] & 16)
        set(job, "limit", "3");
    if (choice[1] & 32)
        set(job, "source-file", "1");
}

static pf_status run(const uint8_t choice[2], const char *threads) {
    pf_forge *forge = NULL;
    pf_job *job = NULL;
    pf_result *result = NULL;
    committed[0] = committed[1] = 0;
    if (pf_forge_make(&forge, NULL) != PF_OK || pf_forge_join(forge, &extension, NULL) != PF_OK ||
        pf_job_make(forge, &job, NULL) != PF_OK)
        abort();
    choose(job, choice);
    set(job, "threads", threads);
    pf_status status = pf_engine_run(job, &result, NULL);
    if (status == PF_INTERNAL || status == PF_WIDEN || (committed[0] && status != PF_OK))
        abort();
    if (status == PF_OK &&
        (!committed[0] || pf_result_sum(result, "rows-in") != pf_result_sum(result, "rows-out") +
                                                                  pf_result_sum(result, "rejected") +
                                                                  pf_result_sum(result, "skipped")))
        abort();
    if (status == PF_OK && (pf_result_sum(result, "rejected") > 0) != (committed[1] != 0))
        abort();
    pf_result_free(result);
    pf_job_drop(job);
    pf_forge_drop(forge);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_buf first[2];
    if (size < 2 || size > 1 << 20)
        return 0;
    input = data + 2;
    input_size = size - 2;
    pf_status status = run(data, "1");
    memcpy(first, outputs, sizeof first);
    memset(outputs, 0, sizeof outputs);
    if (run(data, "3") != status)
        abort();
    for (int i = 0; i < 2; i++) {
        if (status == PF_OK && (first[i].size != outputs[i].size ||
                                (first[i].size && memcmp(first[i].data, outputs[i].data, first[i].size) != 0)))
            abort();
        pf_buf_clear(&first[i]);
        pf_buf_clear(&outputs[i]);
    }
    return 0;
}
