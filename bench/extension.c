/* extension.c — bench. An extension that does nothing: a reader, or with -DHOOKS one hook of each kind.
 * SPDX-License-Identifier: MIT
 * Knows: its name, by -DNAME="…".
 * Knows not: data. */
#include <pyforge/extension.h>

static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    *self = NULL;
    return PF_OK;
}

#ifdef HOOKS
static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    return PF_OK;
}
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    return PF_OK;
}
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {}
static const struct pf_hooks hooks = {
    .struct_size = sizeof hooks, .parameter = parameter, .pre = pre, .post = post};
#else
static int32_t probe(const struct pf_probe *request) { return PF_PROBE_NO; }
static pf_status open_it(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    return PF_UNSUPPORTED;
}
static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    return PF_UNSUPPORTED;
}
static pf_status read_it(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                         struct pf_error *err) {
    return PF_UNSUPPORTED;
}
static void close_it(pf_reader_state *state) {}
static const char *const suffixes[] = {"." NAME, NULL};
static const struct pf_reader reader = {.struct_size = sizeof reader,
                                        .name = NAME,
                                        .summary = "nothing",
                                        .suffixes = suffixes,
                                        .probe = probe,
                                        .open = open_it,
                                        .survey = survey,
                                        .read = read_it,
                                        .close = close_it};
static const struct pf_reader *const readers[] = {&reader, NULL};
#endif

static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = NAME,
                                              .version = "1.0.0",
                                              .summary = "does nothing",
                                              .license = "MIT",
#ifdef HOOKS
                                              .hooks = &hooks,
#else
                                              .readers = readers,
#endif
                                              .init = init};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
