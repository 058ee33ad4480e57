/* run_stage.c — room run. An output that is kept in a temporary file until it is proved.
 * SPDX-License-Identifier: MIT
 * Knows: temporary files, the copy forward.
 * Knows not: what is written, when it is proved. */
#include "run/run_stage.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/temp.h"

#define STEP_BYTES ((size_t)1 << 20)

struct stage {
    struct pf_stage_target target;
    struct pf_crew *crew;
    pf_file file;
    int64_t size;
};

static void end_stage(struct pf_sink *sink) {
    struct stage *stage = sink->self;
    pf_file_close(&stage->file, stage->target.location, NULL);
    pf_mem_free(stage);
    sink->self = NULL;
}

static pf_status write_stage(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct stage *stage = sink->self;
    if (stage->crew->temp_limit > 0 && stage->size + (int64_t)count > stage->crew->temp_limit)
        return pf_fail(
            err, PF_LIMIT,
            "the output waits in a temporary file and needs more space than --temp-limit allows; raise it, "
            "or give --stage never to write directly");
    PF_TRY(pf_file_write_all(stage->file, from, count, "the staged output", err));
    stage->size += (int64_t)count;
    return PF_OK;
}

static pf_status copy_on(struct stage *stage, struct pf_sink *to, uint8_t *step, struct pf_error *err) {
    for (int64_t at = 0; at < stage->size;) {
        size_t got = 0, want = stage->size - at < (int64_t)STEP_BYTES ? (size_t)(stage->size - at) : STEP_BYTES;
        PF_TRY(pf_crew_check(stage->crew, err));
        PF_TRY(pf_file_read_at(stage->file, at, step, want, &got, "the staged output", err));
        if (!got)
            return pf_fail(err, PF_IO, "the temporary file of the output is cut short; check --temp-dir");
        PF_TRY(to->write(to, step, got, err));
        at += (int64_t)got;
    }
    return PF_OK;
}

static pf_status commit_stage(struct pf_sink *sink, struct pf_error *err) {
    struct stage *stage = sink->self;
    const struct pf_stage_target *target = &stage->target;
    struct pf_sink to = {0};
    uint8_t *step = pf_mem_alloc(STEP_BYTES);
    pf_status status = step ? target->store->open_sink(target->host, target->location, target->flags, &to, err)
                            : pf_fail_memory(err, STEP_BYTES);
    if (status == PF_OK) {
        status = copy_on(stage, &to, step, err);
        if (status == PF_OK)
            status = to.commit(&to, err);
        else
            to.abort(&to);
    }
    pf_mem_free(step);
    end_stage(sink);
    return status;
}

pf_status pf_stage_open(const struct pf_stage_target *target, struct pf_crew *crew, struct pf_sink *out,
                        struct pf_error *err) {
    struct stage *stage = pf_mem_zero(1, sizeof *stage);
    if (!stage)
        return pf_fail_memory(err, sizeof *stage);
    *stage = (struct stage){.target = *target, .crew = crew, .file = PF_FILE_CLOSED};
    pf_status status = pf_temp_open(crew->temp_folder, &stage->file, err);
    if (status != PF_OK) {
        pf_mem_free(stage);
        return status;
    }
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = stage,
                            .write = write_stage,
                            .commit = commit_stage,
                            .abort = end_stage};
    return PF_OK;
}
