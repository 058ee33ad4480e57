/* api_extension.c — room api. pf_forge_allow and what follows it: listing, enabling, commands of extensions.
 * SPDX-License-Identifier: MIT
 * Knows: the forge, its registry.
 * Knows not: where libraries lie, what they do. */
#include <stddef.h>
#include <string.h>

#include "api/api_handle.h"
#include "base/error.h"
#include "pyforge/extension.h"
#include "registry/registry_probe.h"

#define ALLOW_FIRST_SIZE offsetof(struct pf_allow, starter) /* before it had a starter */

pf_status pf_forge_allow(pf_forge *forge, const struct pf_allow *allow, struct pf_error *err) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_allow", err));
    struct pf_allow known = {0};
    if (!allow || allow->struct_size < ALLOW_FIRST_SIZE)
        return pf_fail(err, PF_ARGUMENT, "pf_forge_allow: struct_size is not set; set it to sizeof");
    memcpy(&known, allow, allow->struct_size < sizeof known ? allow->struct_size : sizeof known);
    return pf_registry_discover(forge->registry, &known, err);
}

pf_status pf_forge_extension(pf_forge *forge, size_t index, struct pf_extension_facts *out) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_extension", NULL));
    if (!out || out->struct_size < sizeof *out)
        return PF_ARGUMENT;
    return pf_registry_facts(forge->registry, index + 1, out); /* the first is pyforge's own */
}

void pf_forge_wake(pf_forge *forge, const char *name) {
    if (pf_handle_forge(forge, "pf_forge_wake", NULL) == PF_OK)
        pf_registry_wake(forge->registry, name);
}

pf_status pf_forge_enable(pf_forge *forge, const char *name, int32_t enabled, struct pf_error *err) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_enable", err));
    if (!name)
        return pf_fail(err, PF_ARGUMENT, "pf_forge_enable: there is no name; pass an extension's");
    return pf_registry_enable(forge->registry, name, enabled != 0, err);
}

pf_status pf_forge_rescan(pf_forge *forge, const char *name, struct pf_error *err) {
    PF_TRY(pf_handle_forge(forge, "pf_forge_rescan", err));
    return pf_registry_rescan(forge->registry, name, err);
}

void pf_forge_note_crashes(pf_forge *forge) {
    if (pf_handle_forge(forge, "pf_forge_note_crashes", NULL) == PF_OK)
        pf_registry_note_crashes(forge->registry);
}

char *pf_forge_crash(pf_forge *forge, const char *name) {
    bool good = pf_handle_forge(forge, "pf_forge_crash", NULL) == PF_OK && name;
    return good ? pf_registry_crash(forge->registry, name) : NULL;
}

const struct pf_command *pf_forge_command(pf_forge *forge, const char *extension, size_t index) {
    void *self;
    struct pf_host *host;
    if (pf_handle_forge(forge, "pf_forge_command", NULL) != PF_OK || !extension)
        return NULL;
    return pf_registry_command(forge->registry, extension, index, &self, &host);
}

/* A host that hears of the caller's cancel; its other calls find what they need through `data` as before. */
struct cancellable {
    struct pf_host face;
    const volatile int32_t *cancel;
};

static int32_t is_set(struct pf_host *host) {
    const struct cancellable *it = (const struct cancellable *)host;
    return it->cancel && *it->cancel;
}

pf_status pf_forge_run_command(pf_forge *forge, const char *extension, const char *name,
                               struct pf_console *console, int32_t argc, char **argv,
                               const volatile int32_t *cancel, int32_t *code, struct pf_error *err) {
    const struct pf_command *command;
    void *self = NULL;
    struct pf_host *host = NULL;
    PF_TRY(pf_handle_forge(forge, "pf_forge_run_command", err));
    if (!extension || !name || !console || !code)
        return pf_fail(err, PF_ARGUMENT,
                       "pf_forge_run_command: a name, the console or the place for the code is NULL");
    for (size_t i = 0; (command = pf_registry_command(forge->registry, extension, i, &self, &host)); i++)
        if (strcmp(command->name, name) == 0) {
            struct cancellable it = {*host, cancel};
            it.face.cancelled = is_set;
            *code = command->run(&it.face, self, console, argc, argv);
            return PF_OK;
        }
    return pf_fail(err, PF_NOT_FOUND, "extension '%s' has no command '%s'; see 'pyforge %s'", extension, name,
                   extension);
}

void pf_probe_libraries(const char *const *paths, size_t count) { pf_probe_child(paths, count); }
