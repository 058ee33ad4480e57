/* api_trial.c — room api. An extension library tried in child processes, promise by promise.
 * SPDX-License-Identifier: MIT
 * Knows: what parent and child say to each other, what a child's end means.
 * Knows not: what is promised. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/process.h"
#include "base/temp.h"
#include "contract/contract.h"
#include "pyforge/pyforge.h"
#include "registry/registry_load.h"

#define SILENCE_MS       5000
#define ALIVE_MS         100 /* between two signs of life */
#define VOICE_BYTES_MOST ((size_t)16 << 20)
#define SAMPLE_MOST      ((int64_t)64 << 20)
#define FEATURES_MOST    256

/* The voice, a line each: F feature, B promise (begun), K (kept), X what (broken), U why (untried), A (alive),
 * S why (a sample cannot be read), E (the end). */

/* ---- the child ---- */

struct child {
    int64_t spoke_ns;
};

static void speak(char sign, const char *text) {
    char line[700];
    pf_file voice = {PF_PROCESS_VOICE};
    int size = snprintf(line, sizeof line - 1, "%c%s", sign, text);
    if (size > (int)sizeof line - 2)
        size = (int)sizeof line - 2;
    for (int i = 0; i < size; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[size] = '\n';
    pf_file_write_all(voice, line, (size_t)size + 1, "the parent", NULL);
}

static void tell_feature(void *ctx, const char *name) { speak('F', name); }
static void tell_begin(void *ctx, const char *promise) { speak('B', promise); }
static void tell_untried(void *ctx, const char *why) { speak('U', why); }
static void tell_report(void *ctx, const char *promise, bool kept, const char *detail) {
    speak(kept ? 'K' : 'X', kept ? "" : detail);
}
static void tell_alive(void *ctx) {
    struct child *child = ctx;
    int64_t now_ns = pf_clock_ns();
    if (now_ns - child->spoke_ns > (int64_t)ALIVE_MS * 1000000) {
        child->spoke_ns = now_ns;
        speak('A', "");
    }
}

static bool is_location(const struct pf_extension *extension, const char *sample) {
    for (const struct pf_store *const *store = extension->stores; store && *store; store++)
        for (const char *const *prefix = (*store)->prefixes; prefix && *prefix; prefix++)
            if (strncmp(sample, *prefix, strlen(*prefix)) == 0)
                return true;
    return false;
}

static pf_status read_sample(const char *path, struct pf_contract_input *out, struct pf_error *err) {
    struct pf_file_facts facts;
    pf_file file = PF_FILE_CLOSED;
    size_t got = 0;
    PF_TRY(pf_file_facts(path, true, &facts, err));
    if (!facts.regular || facts.size_bytes > SAMPLE_MOST)
        return pf_fail(err, PF_ARGUMENT, "'%s' is no file of up to 64 MiB; give a small one", path);
    uint8_t *bytes = pf_mem_alloc((size_t)facts.size_bytes);
    if (!bytes)
        return pf_fail_memory(err, (size_t)facts.size_bytes);
    pf_status status = pf_file_open_read(path, &file, err);
    if (status == PF_OK)
        status = pf_file_read_at(file, 0, bytes, (size_t)facts.size_bytes, &got, path, err);
    pf_file_close(&file, path, NULL);
    if (status != PF_OK) {
        pf_mem_free(bytes);
        return status;
    }
    *out = (struct pf_contract_input){path, bytes, got};
    return PF_OK;
}

/* Files become inputs, the others locations. */
static pf_status sort_samples(const struct pf_extension *extension, const char *const *samples, size_t count,
                              struct pf_contract_subject *subject, struct pf_error *err) {
    struct pf_contract_input *inputs = pf_mem_zero(count + 1, sizeof *inputs);
    const char **locations = pf_mem_zero(count + 1, sizeof *locations);
    pf_status status = inputs && locations ? PF_OK : pf_fail_memory(err, (count + 1) * sizeof *inputs);
    size_t places = 0;
    for (size_t i = 0; i < count && status == PF_OK; i++) {
        if (is_location(extension, samples[i]))
            locations[places++] = samples[i];
        else if ((status = read_sample(samples[i], &inputs[subject->input_count], err)) == PF_OK)
            subject->input_count++;
    }
    subject->inputs = inputs; /* they live as long as the child */
    subject->locations = locations;
    return status;
}

/* words: from, library, scratch, samples… */
int32_t pf_trial_child(const char *const *words, size_t count) {
    struct child child = {0};
    const struct pf_contract contract = {tell_report, &child,       tell_begin,
                                         tell_alive,  tell_feature, tell_untried};
    struct pf_contract_subject subject = {0};
    struct pf_arena memory = {0};
    struct pf_error err = PF_ERROR_INIT;
    int64_t from = 0;
    if (count < 3 || !pf_parse_int64(words[0], strlen(words[0]), &from) || from < 0)
        return 2;
    if (from == 0) {
        speak('F', "library");
        speak('B', "it opens, gives its descriptor, and all its tables are whole");
    }
    pf_status status = pf_load_library(words[1], NULL, &memory, &subject.extension, &err);
    if (from == 0)
        speak(status == PF_OK ? 'K' : 'X', err.message);
    if (status == PF_OK) {
        subject.scratch = words[2];
        status = sort_samples(subject.extension, words + 3, count - 3, &subject, &err);
        if (status != PF_OK)
            speak('S', err.message);
        else
            pf_contract_extension(&subject, from ? (size_t)from - 1 : 0, &contract);
    }
    speak('E', "");
    return 0;
}

/* ---- the parent ---- */

struct parent {
    const struct pf_trial *trial;
    int silence_ms;
    char feature[700], promise[700];
    size_t features;  /* told so far, by all children */
    char sample[700]; /* what is wrong with one; "" */
    bool in_promise, ended;
};

static void tell(struct parent *p, int32_t verdict, const char *promise, const char *detail) {
    const struct pf_promise found = {sizeof found, verdict, p->feature, promise, detail};
    p->trial->found(p->trial->ctx, &found);
}

static void hear_line(struct parent *p, const char *line) {
    const char *text = line + 1;
    switch (line[0]) {
    case 'F':
        snprintf(p->feature, sizeof p->feature, "%s", text);
        p->features++;
        break;
    case 'B':
        snprintf(p->promise, sizeof p->promise, "%s", text);
        p->in_promise = true;
        break;
    case 'K':
    case 'X':
        tell(p, line[0] == 'K' ? PF_PROMISE_KEPT : PF_PROMISE_BROKEN, p->promise, text);
        p->in_promise = false;
        break;
    case 'U': tell(p, PF_PROMISE_UNTRIED, NULL, text); break;
    case 'S': snprintf(p->sample, sizeof p->sample, "%s", text); break;
    case 'E': p->ended = true; break;
    default: break;
    }
}

static void hear_all(struct parent *p, const struct pf_buf *said) {
    const char *at = (const char *)said->data, *end = at + said->size;
    for (const char *stop; at < end && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
        char line[700];
        snprintf(line, sizeof line, "%.*s", (int)(stop - at), at);
        hear_line(p, line);
    }
}

static void tell_end(struct parent *p, const struct pf_process_end *end) {
    char text[200];
    if (end->late)
        snprintf(text, sizeof text, "it hangs: nothing came back within %d ms", p->silence_ms);
    else if (end->signal)
        snprintf(text, sizeof text, "it crashes: signal %d (%s)", end->signal,
                 pf_process_signal_name(end->signal));
    else
        snprintf(text, sizeof text, "it ends the process, with code %d", end->code);
    tell(p, PF_PROMISE_BROKEN, p->in_promise ? p->promise : "it comes back", text);
    p->in_promise = false;
}

/* One child from the next feature on. *more: it died in one, and others may follow. */
static pf_status try_some(struct parent *p, const char *library, const char *scratch, bool *more,
                          struct pf_error *err) {
    const struct pf_trial *t = p->trial;
    struct pf_buf said = {.ceiling = VOICE_BYTES_MOST};
    struct pf_process_end end = {0};
    char from[24];
    const char *const alone[] = {t->program, NULL}, *const *starter = t->starter ? t->starter : alone;
    const size_t before = p->features;
    size_t words = 0;
    while (starter[words])
        words++;
    const char **argv = pf_mem_zero(words + t->sample_count + 6, sizeof *argv);
    if (!argv)
        return pf_fail_memory(err, (words + t->sample_count + 6) * sizeof *argv);
    snprintf(from, sizeof from, "%zu", p->features);
    const char *const fixed[] = {"extensions", "trial", from, library, scratch};
    memcpy(argv, starter, words * sizeof *argv);
    memcpy(argv + words, fixed, sizeof fixed);
    for (size_t i = 0; i < t->sample_count; i++)
        argv[words + 5 + i] = t->samples[i];
    pf_status status = pf_process_run(argv, p->silence_ms, &said, &end, err);
    pf_mem_free(argv);
    hear_all(p, &said);
    pf_buf_clear(&said);
    if (status != PF_OK)
        return status;
    if (!p->features)
        return pf_fail(err, PF_IO,
                       "'%s' does not try extensions ('extensions trial' ended with %d); name another program",
                       starter[0], end.code);
    if (p->sample[0])
        return pf_fail(err, PF_NOT_FOUND,
                       "a sample cannot be used: %s; give a small file, or a folder of a store", p->sample);
    /* Without its library or its start nothing else can be tried. */
    *more = !p->ended && p->features > before && p->features > 1 && p->features < FEATURES_MOST;
    if (!p->ended)
        tell_end(p, &end);
    return PF_OK;
}

static void remove_scratch(const char *scratch) { pf_file_remove_folder(scratch, NULL); }

pf_status pf_trial_run(const struct pf_trial *trial, struct pf_error *err) {
    char *library = NULL;
    bool more = true;
    if (!trial || trial->struct_size < sizeof *trial || !trial->library || !trial->program || !trial->found)
        return pf_fail(err, PF_ARGUMENT, "pf_trial_run: struct_size, library, program or found is not set");
    struct parent parent = {.trial = trial,
                            .silence_ms = trial->silence_ms > 0 ? trial->silence_ms : SILENCE_MS};
    for (size_t i = 0; i < trial->sample_count; i++)
        if (!trial->samples[i])
            return pf_fail(err, PF_ARGUMENT, "pf_trial_run: a sample is NULL");
    char scratch[512];
    snprintf(scratch, sizeof scratch, "%s/pyforge-trial-%lld-%llx", pf_temp_folder(NULL),
             (long long)pf_process_id(), (unsigned long long)pf_clock_ns());
    PF_TRY(pf_file_resolve(trial->library, &library, err));
    pf_status status = pf_file_make_folder(scratch, false, err);
    while (status == PF_OK && more)
        status = try_some(&parent, library, scratch, &more, err);
    remove_scratch(scratch);
    pf_mem_free(library);
    return status;
}
