/* api_forge.c — room api. pf_forge_*: open, close, formats, options, log.       SPDX-License-Identifier: MIT
 * Knows: the forge, its registry.
 * Knows not: jobs. */
#include "api/api_handle.h"
#include "base/error.h"
#include "pyforge/extension.h"

pf_status pf_forge_open(pf_forge **out, struct pf_error *err) {
    if (!out)
        return pf_fail(err, PF_ARGUMENT, "pf_forge_open: there is no place for the forge");
    *out = NULL;
    return pf_forge_make(out, err);
}

void pf_forge_close(pf_forge **forge) {
    if (!forge || pf_handle_forge(*forge, "pf_forge_close", NULL) != PF_OK)
        return;
    pf_forge_drop(*forge);
    *forge = NULL;
}

pf_status pf_forge_add(pf_forge *forge, const struct pf_extension *extension, struct pf_error *err) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_add", err));
    return pf_forge_join(forge, extension, err);
}

void pf_forge_on_log(pf_forge *forge, void (*log)(void *ctx, int32_t level, const char *text), void *ctx) {
    if (pf_handle_forge(forge, "pf_forge_on_log", NULL) != PF_OK)
        return;
    forge->log.call = log;
    forge->log.ctx = ctx;
}

void pf_forge_answer(pf_forge *forge, const char *(*answer)(void *ctx, const char *key), void *ctx) {
    if (pf_handle_forge(forge, "pf_forge_answer", NULL) == PF_OK)
        pf_registry_answer(forge->registry, answer, ctx);
}

/* ---- formats: extension by extension, so that one opened later changes no index ---- */

static bool is_read(const struct pf_extension *extension, const char *name) {
    for (const struct pf_reader *const *reader = extension->readers; reader && *reader; reader++)
        if (strcmp((*reader)->name, name) == 0)
            return true;
    return false;
}

/* Readers first, then writers that no reader of the same extension shares the name with. */
static bool find_format(const pf_registry *registry, size_t index, struct pf_format *out) {
    const struct pf_extension *extension;
    for (size_t i = 0; (extension = pf_registry_at(registry, i)); i++) {
        for (const struct pf_reader *const *reader = extension->readers; reader && *reader; reader++)
            if (index-- == 0) {
                *out = (struct pf_format){.reads = 1,
                                          .writes = pf_registry_writer(registry, (*reader)->name) != NULL,
                                          .name = (*reader)->name,
                                          .summary = (*reader)->summary,
                                          .suffixes = (*reader)->suffixes,
                                          .extension = extension->name};
                return true;
            }
        for (const struct pf_writer *const *writer = extension->writers; writer && *writer; writer++)
            if (!is_read(extension, (*writer)->name) && index-- == 0) {
                *out = (struct pf_format){.writes = 1,
                                          .name = (*writer)->name,
                                          .summary = (*writer)->summary,
                                          .suffixes = (*writer)->suffixes,
                                          .extension = extension->name};
                return true;
            }
    }
    return false;
}

pf_status pf_forge_format(pf_forge *forge, size_t index, struct pf_format *out) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_format", NULL));
    if (!out || out->struct_size < sizeof *out)
        return PF_ARGUMENT;
    uint32_t size = out->struct_size;
    if (!find_format(forge->registry, index, out)) {
        pf_registry_wake(forge->registry, NULL); /* all formats are asked for */
        if (!find_format(forge->registry, index, out))
            return PF_NOT_FOUND;
    }
    out->struct_size = size;
    return PF_OK;
}

const struct pf_option *pf_forge_option(pf_forge *forge, const char *scope, size_t index) {
    const struct pf_option *const *options = pf_run_options;
    if (pf_handle_forge(forge, "pf_forge_option", NULL) != PF_OK)
        return NULL;
    if (scope && scope[0] == '<') {
        const struct pf_reader *reader = pf_registry_reader(forge->registry, scope + 1);
        options = reader ? reader->options : NULL;
    } else if (scope && scope[0] == '>') {
        const struct pf_writer *writer = pf_registry_writer(forge->registry, scope + 1);
        options = writer ? writer->options : NULL;
    } else if (scope) {
        return NULL;
    }
    for (; options && *options; options++)
        if (index-- == 0)
            return *options;
    return NULL;
}
