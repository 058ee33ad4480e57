/* registry_load.c — room registry. One library: opened, asked, checked, started.
 * SPDX-License-Identifier: MIT
 * Knows: the symbol, the stages, that foreign code may take its time.
 * Knows not: where libraries lie, which other extensions there are. */
#include "registry/registry_load.h"

#include <string.h>

#include "base/clock.h"
#include "base/dynlib.h"
#include "base/error.h"
#include "base/mem.h"

#define ENTRY_NAME "pyforge_extension_v1"

static void enter(const struct pf_load_watch *watch, const char *stage) {
    if (watch)
        watch->enter(watch->ctx, stage);
}

pf_status pf_load_library(const char *path, const struct pf_load_watch *watch, struct pf_arena *memory,
                          const struct pf_extension **out, struct pf_error *err) {
    void *library;
    pf_extension_entry entry = NULL;
    *out = NULL;
    enter(watch, PF_STAGE_OPEN);
    PF_TRY(pf_dynlib_open(path, &library, err));
    enter(watch, PF_STAGE_ENTRY);
    pf_dynlib_function function = pf_dynlib_find(library, ENTRY_NAME);
    if (!function)
        return pf_fail(
            err, PF_EXTENSION,
            "the library shows no '%s': it is no extension of pyforge, or one for another ABI than %d; remove "
            "it, or get one for this version",
            ENTRY_NAME, PF_ABI_MAJOR);
    memcpy(&entry, &function, sizeof entry);
    const struct pf_extension *extension = entry();
    if (!extension)
        return pf_fail(err, PF_EXTENSION, "'%s' gave no descriptor; the extension must be mended", ENTRY_NAME);
    enter(watch, PF_STAGE_CHECK);
    PF_TRY(pf_check_extension(extension, err));
    return pf_check_adopt(extension, memory, out, err);
}

pf_status pf_load_init(const struct pf_extension *extension, struct pf_registry_host *host, void **self,
                       struct pf_error *err) {
    *self = extension->context;
    pf_status status = extension->init ? extension->init(&host->face, self, err) : PF_OK;
    if (status == PF_OK)
        return PF_OK;
    *self = extension->context;
    if (err && (!err->message[0] || err->code != status)) /* it said no without a word */
        pf_fail(err, status, "init answered %d without a message; the extension must say what is missing",
                (int)status);
    return status;
}

/* ---- on a thread ---- */

struct load {
    char *path;
    struct pf_opener opener;
    char *name; /* of an entry */
    struct pf_registry_host *host;
    struct pf_loaded loaded;
    pf_status status;
    struct pf_error err;
};

static void drop_load(void *arg) {
    struct load *load = arg; /* the library may still use its copies: memory stays */
    pf_mem_free(load->path);
    pf_mem_free(load->name);
    pf_mem_free(load);
}

static void note_stage(void *ctx, const char *stage) { ((struct load *)ctx)->loaded.stage = stage; }

static pf_status open_entry(struct load *load) {
    const struct pf_extension *given = NULL;
    load->loaded.stage = PF_STAGE_OPEN;
    PF_TRY(load->opener.open(load->opener.ctx, load->name, load->path, &given, &load->err));
    load->loaded.stage = PF_STAGE_CHECK;
    PF_TRY(pf_check_extension(given, &load->err));
    return pf_check_adopt(given, &load->loaded.memory, &load->loaded.extension, &load->err);
}

static pf_status open_library(struct load *load) {
    const struct pf_load_watch watch = {note_stage, load};
    return pf_load_library(load->path, &watch, &load->loaded.memory, &load->loaded.extension, &load->err);
}

static bool open_it(void *arg, size_t index) {
    struct load *load = arg;
    if (!load->loaded.extension)
        load->status = load->opener.open ? open_entry(load) : open_library(load);
    return true;
}

static bool start_it(void *arg, size_t index) {
    struct load *load = arg;
    load->status = pf_load_init(load->loaded.extension, load->host, &load->loaded.self, &load->err);
    return true;
}

/* One step on the thread, with a load of its own, for a late one is left to it. */
static pf_status run_step(const char *path, const struct pf_opener *opener,
                          bool (*step)(void *arg, size_t index), struct pf_registry_host *host, int limit_ms,
                          struct pf_loaded *io, struct pf_error *err) {
    int64_t started_ns = pf_clock_ns();
    struct load *load = pf_mem_zero(1, sizeof *load);
    if (!load || !(load->path = pf_mem_text(path, strlen(path))) ||
        (opener && !(load->name = pf_mem_text(opener->name, strlen(opener->name))))) {
        if (load)
            drop_load(load);
        return pf_fail_memory(err, sizeof *load);
    }
    if (opener)
        load->opener = *opener;
    load->host = host;
    load->err = (struct pf_error)PF_ERROR_INIT;
    load->loaded = *io;
    const struct pf_errand errand = {.arg = load, .drop = drop_load, .step = step, .count = 1};
    size_t late;
    pf_status status = pf_errand_run(&host->errands, &errand, limit_ms, &late, err);
    io->spent_ns += pf_clock_ns() - started_ns;
    if (status == PF_OK && late == 0) {
        host->kept = true;
        io->late = true;
        return pf_fail(err, PF_EXTENSION,
                       "%s took more than %d ms and was left alone; mend the extension, or give it more "
                       "with --extension-timeout",
                       io->stage, limit_ms);
    }
    if (status == PF_OK) {
        const int64_t spent_ns = io->spent_ns;
        *io = load->loaded;
        io->spent_ns = spent_ns;
        status = load->status;
        if (status != PF_OK && err)
            *err = load->err;
    }
    drop_load(load);
    return status;
}

pf_status pf_load_open(const char *path, const struct pf_opener *opener, const struct pf_extension *known,
                       struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                       struct pf_error *err) {
    *out = (struct pf_loaded){.extension = known, .stage = PF_STAGE_OPEN};
    pf_status status = run_step(path, opener, open_it, host, limit_ms, out, err);
    if (status != PF_OK)
        out->extension = NULL;
    return status;
}

pf_status pf_load_start(struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                        struct pf_error *err) {
    out->stage = PF_STAGE_INIT;
    pf_status status = run_step("", NULL, start_it, host, limit_ms, out, err);
    if (out->late)
        out->extension = NULL;
    return status;
}

pf_status pf_load_watched(const char *path, const struct pf_opener *opener, const struct pf_extension *known,
                          struct pf_registry_host *host, int limit_ms, struct pf_loaded *out,
                          struct pf_error *err) {
    pf_status status = pf_load_open(path, opener, known, host, limit_ms, out, err);
    return status == PF_OK ? pf_load_start(host, limit_ms, out, err) : status;
}

struct ending {
    const struct pf_extension *extension;
    void *self;
};

static bool end(void *arg, size_t index) {
    struct ending *ending = arg;
    ending->extension->shutdown(ending->self);
    return true;
}

bool pf_load_shutdown(const struct pf_extension *extension, void *self, struct pf_registry_host *host,
                      int limit_ms) {
    if (!extension->shutdown)
        return true;
    struct ending *ending = pf_mem_alloc(sizeof *ending);
    if (!ending)
        return true; /* nothing was done, and nothing hangs */
    *ending = (struct ending){extension, self};
    const struct pf_errand errand = {.arg = ending, .drop = pf_mem_free, .step = end, .count = 1};
    size_t late;
    pf_status status = pf_errand_run(&host->errands, &errand, limit_ms, &late, NULL);
    if (status == PF_OK && late == 0)
        return false;
    pf_mem_free(ending);
    return true;
}
