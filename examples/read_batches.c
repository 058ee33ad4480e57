/* read_batches.c — example. A file as Arrow batches, without writing anything.  SPDX-License-Identifier: MIT
 * Build: cc read_batches.c $(pkg-config --cflags --libs pyforge) -o read_batches
 * Usage: read_batches INPUT */
#include <pyforge/pyforge.h>
#include <stdio.h>

static int show(struct ArrowArrayStream *stream) {
    struct ArrowSchema schema = {0};
    if (stream->get_schema(stream, &schema) != 0) {
        fprintf(stderr, "%s\n", stream->get_last_error(stream));
        return 1;
    }
    for (int64_t i = 0; i < schema.n_children; i++)
        printf("%s: %s\n", schema.children[i]->name, schema.children[i]->format);
    schema.release(&schema);
    long long rows = 0, batches = 0;
    for (;;) {
        struct ArrowArray batch = {0};
        if (stream->get_next(stream, &batch) != 0) {
            fprintf(stderr, "%s\n", stream->get_last_error(stream));
            return 1;
        }
        if (!batch.release) /* the end */
            break;
        rows += batch.length;
        batches++;
        batch.release(&batch);
    }
    printf("%lld rows in %lld batches\n", rows, batches);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s INPUT\n", argv[0]);
        return 2;
    }
    struct pf_error err = {.struct_size = sizeof err};
    pf_forge *forge = NULL;
    pf_job *job = NULL;
    struct ArrowArrayStream stream = {0};
    pf_status status = pf_forge_open(&forge, &err);
    if (status == PF_OK)
        status = pf_job_open(forge, &job, &err);
    if (status == PF_OK)
        status = pf_job_set(job, "input", argv[1], &err);
    if (status == PF_OK)
        status = pf_job_read(job, NULL, &stream, &err);
    int code = 1;
    if (status == PF_OK) {
        code = show(&stream);
        stream.release(&stream);
    } else {
        fprintf(stderr, "%s: %s: %s\n", pf_status_name(err.code), err.where, err.message);
    }
    if (job)
        pf_job_close(&job);
    if (forge)
        pf_forge_close(&forge);
    return code;
}
