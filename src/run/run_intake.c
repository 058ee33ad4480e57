/* run_intake.c — room run. One input, opened down to a reader.                  SPDX-License-Identifier: MIT
 * Knows: stores, meters, spilling, unwrapping, detection, in this order.
 * Knows not: what a reader finds, outputs. */
#include "run/run_intake.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "bytes/bytes_source.h"
#include "bytes/bytes_spill.h"
#include "run/run_forward.h"

static void close_nothing(struct pf_source *source) {}

/* A source for somebody who will close it. */
static struct pf_source lend(const struct pf_source *source) {
    struct pf_source view = *source;
    view.close = close_nothing;
    return view;
}

/* A reader that is sure of the bytes as they are keeps them from being unpacked (a workbook is a ZIP). */
static int32_t is_claimed(void *ctx, struct pf_source *source, const uint8_t *head, size_t head_size,
                          const char *name) {
    struct pf_intake *intake = ctx;
    struct pf_candidates candidates;
    if (pf_detect(intake->crew->job->forge->registry, source, name, &candidates, NULL) != PF_OK)
        return 0;
    return candidates.count && candidates.scores[0] >= PF_PROBE_MAGIC;
}

static pf_status open_base(struct pf_intake *intake, struct pf_error *err) {
    struct pf_crew *crew = intake->crew;
    const char *location = intake->input->location;
    struct pf_source raw = {0}, metered = {0};
    const struct pf_store *store = pf_registry_store_for(crew->job->forge->registry, location);
    if (intake->input->source)
        raw = lend(intake->input->source);
    else if (!store)
        return pf_fail(err, PF_NOT_FOUND, "no store knows '%.160s'; check the path", location);
    else
        PF_TRY(store->open_source(&intake->host.face, location, &raw, err));
    pf_status status = pf_meter_source(&crew->meter, &raw, &metered, err);
    if (status != PF_OK) {
        pf_source_close(&raw);
        return status;
    }
    intake->base = metered;
    intake->once = !metered.random;
    if (metered.random || !crew->may_spill)
        return PF_OK;
    PF_TRY(pf_spill_open(&intake->base, crew->temp_folder, crew->temp_limit, &metered, err));
    intake->base = metered;
    intake->once = false;
    return PF_OK;
}

static char *own_name(const struct pf_input *input) {
    if (strcmp(input->location, "-") == 0)
        return pf_mem_text("stdin", 5);
    struct pf_text name = pf_path_name(input->location);
    return pf_mem_text(name.at, name.size);
}

static pf_status unwrap_base(struct pf_intake *intake, struct pf_unwrapped *out, struct pf_error *err) {
    struct pf_source inner = intake->once ? intake->base : lend(&intake->base);
    if (intake->once)
        intake->base = (struct pf_source){0};
    char *name = own_name(intake->input);
    if (!name) {
        pf_source_close(&inner);
        return pf_fail_memory(err, 0);
    }
    pf_status status = pf_unwrap(&inner, name, &intake->how, out, err);
    pf_mem_free(name);
    return status;
}

/* As in a folder, files with foreign suffixes are none of the inputs, unless all are foreign: then the bytes decide. */
static pf_status pass_over_members(struct pf_intake *intake, struct pf_error *err) {
    struct pf_unwrapped *top = &intake->top;
    size_t known = 0, kept = 0;
    for (size_t i = 0; i < top->member_count; i++)
        known += pf_input_has_reader(intake->crew->job, top->members[i]->name);
    if (!known || known == top->member_count)
        return PF_OK;
    intake->passed = pf_mem_zero(top->member_count - known, sizeof *intake->passed);
    if (!intake->passed)
        return pf_fail_memory(err, (top->member_count - known) * sizeof *intake->passed);
    for (size_t i = 0; i < top->member_count; i++) {
        if (pf_input_has_reader(intake->crew->job, top->members[i]->name))
            top->members[kept++] = top->members[i];
        else
            intake->passed[intake->passed_count++] = top->members[i];
    }
    top->member_count = kept;
    return PF_OK;
}

pf_status pf_intake_open(struct pf_intake *intake, struct pf_crew *crew, const struct pf_input *input,
                         struct pf_error *err) {
    *intake = (struct pf_intake){.crew = crew, .input = input};
    intake->shown = strcmp(input->location, "-") == 0 ? "standard input" : input->location;
    pf_run_host_init(&intake->host, crew->job, crew);
    intake->host.file = intake->shown;
    intake->host.location = input->location;
    intake->how = (struct pf_unwrap_how){.temp_folder = crew->temp_folder,
                                         .temp_limit = crew->temp_limit,
                                         .threaded = crew->pool && pf_pool_threads(crew->pool) > 1,
                                         .claimed = is_claimed,
                                         .ctx = intake};
    if (input->status != PF_OK) {
        if (err)
            *err = *input->err;
        return input->status;
    }
    pf_status status = open_base(intake, err);
    if (status == PF_OK)
        status = unwrap_base(intake, &intake->top, err);
    if (status == PF_OK && intake->top.archive && intake->top.member_count == 0)
        status = pf_fail(err, PF_BAD_DATA, "there is no file in the archive; check it");
    if (status == PF_OK && intake->top.archive)
        status = pass_over_members(intake, err);
    if (status != PF_OK)
        pf_intake_close(intake);
    return status;
}

size_t pf_intake_members(const struct pf_intake *intake) {
    return intake->top.archive ? intake->top.member_count : 1;
}

/* For a further lap. */
static pf_status open_again(void *ctx, struct pf_source *out, struct pf_error *err) {
    struct pf_intake *intake = ctx;
    struct pf_unwrapped again = {0};
    if (intake->top.archive)
        PF_TRY(pf_unwrap_member(&intake->top, intake->member, &intake->how, &again, err));
    else
        PF_TRY(unwrap_base(intake, &again, err));
    *out = again.source;
    again.source = (struct pf_source){0};
    pf_unwrapped_clear(&again);
    return PF_OK;
}

static pf_status set_bytes(struct pf_intake *intake, struct pf_unwrapped *from, struct pf_error *err) {
    if (from->source.random) {
        intake->bytes = from->source;
        from->source = (struct pf_source){0};
        return PF_OK;
    }
    struct pf_reopen reopen = {intake, intake->once && !intake->top.archive ? NULL : open_again};
    return pf_forward_open(&from->source, &reopen, &intake->bytes, err);
}

static pf_status set_label(struct pf_intake *intake, struct pf_error *err) {
    struct pf_buf label = {0};
    pf_status status = pf_buf_text(&label, intake->shown, err);
    if (status == PF_OK && intake->top.archive)
        status = pf_buf_print(&label, err, "!%s", intake->top.members[intake->member]->name);
    intake->label = status == PF_OK ? pf_buf_take(&label) : NULL;
    pf_buf_clear(&label);
    if (status == PF_OK && !intake->label)
        status = pf_fail_memory(err, 0);
    intake->host.file = intake->label ? intake->label : intake->shown;
    return status;
}

/* An archive of one file has the archive's name, a file of several its own. */
static pf_status set_names(struct pf_intake *intake, const struct pf_unwrapped *from, struct pf_error *err) {
    struct pf_text last = pf_path_name(from->name);
    intake->name = pf_mem_text(last.at, last.size);
    char *own = own_name(intake->input);
    bool alone = intake->top.archive && intake->top.member_count + intake->passed_count == 1;
    const char *shown = alone ? own : intake->name;
    if (intake->name && own) {
        struct pf_text plain = pf_text_of(shown);
        char *peeled = pf_mem_text(plain.at, pf_input_peeled_size(plain));
        if (peeled) {
            struct pf_text stem = pf_path_stem(peeled);
            intake->stem = pf_mem_text(stem.at, stem.size);
        }
        pf_mem_free(peeled);
    }
    pf_mem_free(own);
    if (!intake->stem)
        return pf_fail_memory(err, 0);
    return set_label(intake, err);
}

static pf_status refuse(struct pf_intake *intake, struct pf_error *err) {
    uint8_t byte;
    size_t got = 0;
    PF_TRY(intake->bytes.read_at(&intake->bytes, 0, &byte, 1, &got, err));
    if (!got)
        return pf_fail(
            err, PF_BAD_DATA,
            "the input is empty: there is no header and no row in it; check that it is the right file");
    intake->unknown = true;
    return pf_fail(err, PF_UNSUPPORTED,
                   "no reader knows what this is; 'pyforge formats' lists what can be read");
}

static pf_status open_reader(struct pf_intake *intake, struct pf_error *err) {
    struct pf_candidates candidates;
    PF_TRY(pf_detect(intake->crew->job->forge->registry, &intake->bytes, intake->name, &candidates, err));
    struct pf_open request = {.struct_size = sizeof request,
                              .source = &intake->bytes,
                              .host = &intake->host.face,
                              .location = intake->shown,
                              .stem = intake->stem};
    for (size_t i = 0; i < candidates.count; i++) {
        intake->host.reader = intake->reader = candidates.readers[i];
        pf_status status = intake->reader->open(&request, &intake->state, err);
        if (status == PF_OK)
            return PF_OK;
        intake->host.reader = intake->reader = NULL;
        if (status != PF_NOT_MINE)
            return status;
    }
    return refuse(intake, err);
}

pf_status pf_intake_enter(struct pf_intake *intake, size_t member, struct pf_error *err) {
    intake->member = member;
    intake->unknown = false;
    pf_status status = PF_OK;
    struct pf_unwrapped *from = &intake->top;
    if (intake->top.archive) {
        from = &intake->within;
        status = pf_unwrap_member(&intake->top, member, &intake->how, from, err);
        if (status == PF_OK && from->archive)
            status = pf_fail(err, PF_UNSUPPORTED, "an archive lies in the archive; unpack it first");
    } else if (!intake->top.source.read_at) { /* entered before */
        pf_unwrapped_clear(&intake->top);
        status = intake->once ? pf_fail(err, PF_STATE, "'%s' can be read only once", intake->shown)
                              : unwrap_base(intake, &intake->top, err);
    }
    if (status == PF_OK)
        status = set_names(intake, from, err);
    if (status == PF_OK)
        status = set_bytes(intake, from, err);
    if (status == PF_OK)
        status = open_reader(intake, err);
    if (status != PF_OK)
        pf_intake_leave(intake);
    return status;
}

bool pf_intake_pass_over(const struct pf_intake *intake) {
    return intake->unknown && intake->top.archive && intake->top.member_count > 1;
}

void pf_intake_leave(struct pf_intake *intake) {
    if (intake->reader)
        intake->reader->close(intake->state);
    intake->host.reader = intake->reader = NULL;
    intake->state = NULL;
    pf_source_close(&intake->bytes);
    pf_unwrapped_clear(&intake->within);
    pf_mem_free(intake->name);
    pf_mem_free(intake->stem);
    pf_mem_free(intake->label);
    intake->name = intake->stem = intake->label = NULL;
    intake->host.file = intake->shown;
}

void pf_intake_close(struct pf_intake *intake) {
    pf_intake_leave(intake);
    pf_mem_free(intake->passed);
    intake->passed = NULL;
    intake->passed_count = 0;
    pf_unwrapped_clear(&intake->top);
    pf_source_close(&intake->base);
}

pf_status pf_intake_check_same(const struct pf_intake *intake, struct pf_error *err) {
    struct pf_file_facts facts;
    const struct pf_input *input = intake->input;
    if (!input->local || input->size_bytes < 0)
        return PF_OK;
    PF_TRY(pf_file_facts(input->location, true, &facts, err));
    if (facts.size_bytes == input->size_bytes && facts.modified_ns == input->modified_ns)
        return PF_OK;
    return pf_fail(err, PF_BAD_DATA, "the file changed while it was read; try again when it is complete");
}

int64_t pf_intake_lap_bytes(const struct pf_intake *intake) {
    if (intake->top.archive)
        return intake->top.members[intake->member]->packed_bytes;
    return intake->input->size_bytes;
}
