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

/* ---- formats: readers first, then writers that no reader shares the name with ---- */

struct found {
    const struct pf_reader *reader;
    const struct pf_writer *writer;
    const struct pf_extension *from;
};

static bool find_format(const pf_registry *registry, size_t index, struct found *found) {
    const struct pf_reader *reader;
    const struct pf_writer *writer;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, &found->from)); i++)
        if (index-- == 0) {
            found->reader = reader;
            found->writer = pf_registry_writer(registry, reader->name);
            return true;
        }
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, &found->from)); i++)
        if (!pf_registry_reader(registry, writer->name) && index-- == 0) {
            found->reader = NULL;
            found->writer = writer;
            return true;
        }
    return false;
}

pf_status pf_forge_format(pf_forge *forge, size_t index, struct pf_format *out) {
    struct found found = {0};
    PF_TRY(pf_handle_forge(forge, "pf_forge_format", NULL));
    if (!out || out->struct_size < sizeof *out)
        return PF_ARGUMENT;
    if (!find_format(forge->registry, index, &found))
        return PF_NOT_FOUND;
    *out = (struct pf_format){.struct_size = out->struct_size,
                              .reads = found.reader != NULL,
                              .writes = found.writer != NULL,
                              .name = found.reader ? found.reader->name : found.writer->name,
                              .summary = found.reader ? found.reader->summary : found.writer->summary,
                              .suffixes = found.reader ? found.reader->suffixes : found.writer->suffixes,
                              .extension = found.from->name};
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
