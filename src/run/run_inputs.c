/* run_inputs.c — room run. What is to be read, as a list of files.              SPDX-License-Identifier: MIT
 * Knows: paths, patterns, folders, which names are no inputs, suffixes of the registry.
 * Knows not: what is in the files. */
#include "run/run_inputs.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "codec/codec_list.h"
#include "run/run_glob.h"
#include "run/run_host.h"
#include "run/run_place.h"

#define FILES_MOST 10000000

const char *pf_input_unwanted(const char *name) {
    static const char *const clutter[] = {"Thumbs.db", "desktop.ini", NULL};
    if (strncmp(name, "~$", 2) == 0 || strncmp(name, ".~lock", 6) == 0)
        return "a lock file";
    if (name[0] == '.')
        return "hidden";
    if (name[0] == '_')
        return "begins with '_'";
    for (const char *const *other = clutter; *other; other++)
        if (pf_text_same_nocase(pf_text_of(name), pf_text_of(*other)))
            return "made by the system";
    return NULL;
}

static bool ends_with(struct pf_text name, const char *suffix) {
    size_t size = strlen(suffix);
    return name.size > size &&
           pf_text_same_nocase((struct pf_text){name.at + name.size - size, size}, pf_text_of(suffix));
}

static size_t wrapping_size(struct pf_text name) {
    if (ends_with(name, ".zip"))
        return 4;
    for (const struct pf_codec *const *codec = pf_codecs; *codec; codec++)
        for (const char *const *suffix = (*codec)->suffixes; suffix && *suffix; suffix++)
            if (ends_with(name, *suffix))
                return strlen(*suffix);
    return 0;
}

size_t pf_input_peeled_size(struct pf_text name) {
    size_t off;
    while ((off = wrapping_size(name)) > 0)
        name.size -= off;
    return name.size;
}

/* ---- the lists ---- */

static pf_status grow(void **items, size_t count, size_t *room, size_t size, struct pf_error *err) {
    if (count < *room)
        return PF_OK;
    size_t wanted = *room ? *room * 2 : 8;
    void *grown = pf_mem_grow(*items, wanted * size);
    if (!grown)
        return pf_fail_memory(err, wanted * size);
    *items = grown;
    *room = wanted;
    return PF_OK;
}

static pf_status pass_over(struct pf_inputs *inputs, const char *name, const char *why, struct pf_error *err) {
    void *passed = inputs->passed;
    PF_TRY(grow(&passed, inputs->passed_count, &inputs->passed_room, sizeof *inputs->passed, err));
    inputs->passed = passed;
    char *copy = pf_mem_text(name, strlen(name));
    if (!copy)
        return pf_fail_memory(err, strlen(name));
    inputs->passed[inputs->passed_count++] = (struct pf_passed_over){copy, why};
    return PF_OK;
}

/* Keeps the trouble of an input with it, so that the other inputs go on. */
static pf_status keep_trouble(struct pf_input *input, pf_status status, const struct pf_error *trouble,
                              struct pf_error *err) {
    input->err = pf_mem_alloc(sizeof *input->err);
    if (!input->err)
        return pf_fail_memory(err, sizeof *input->err);
    *input->err = *trouble;
    input->status = status;
    return PF_OK;
}

static struct pf_input *last_item(struct pf_inputs *inputs) { return &inputs->items[inputs->count - 1]; }

/* A file behind the others. */
static pf_status add_item(struct pf_inputs *inputs, const char *location, struct pf_error *err) {
    if (inputs->count == FILES_MOST)
        return pf_fail(err, PF_LIMIT, "more than %d files; take several runs", FILES_MOST);
    void *items = inputs->items;
    PF_TRY(grow(&items, inputs->count, &inputs->room, sizeof *inputs->items, err));
    inputs->items = items;
    struct pf_input *input = &inputs->items[inputs->count];
    *input = (struct pf_input){.size_bytes = -1};
    input->location = pf_mem_text(location, strlen(location));
    if (!input->location)
        return pf_fail_memory(err, strlen(location));
    inputs->count++;
    return PF_OK;
}

struct expansion {
    const pf_job *job;
    struct pf_inputs *inputs;
    const char *folder; /* while a folder is listed */
    size_t before;      /* items when this pattern began */
    pf_status status;
    struct pf_error *err;
};

static void identity(uint64_t device, uint64_t inode, uint8_t key[16]) {
    pf_store64(key, device);
    pf_store64(key + 8, inode);
}

bool pf_inputs_have(const struct pf_inputs *inputs, uint64_t device, uint64_t inode) {
    uint8_t key[16];
    int64_t index;
    identity(device, inode, key);
    return pf_map_find(&inputs->known, key, sizeof key, &index);
}

static pf_status know_file(struct pf_inputs *inputs, struct pf_input *input, const struct pf_file_facts *facts,
                           struct pf_error *err) {
    uint8_t key[16];
    int64_t index;
    input->size_bytes = facts->regular ? facts->size_bytes : -1;
    input->modified_ns = facts->modified_ns;
    input->device = facts->device;
    input->inode = facts->inode;
    input->local = true;
    identity(facts->device, facts->inode, key);
    return pf_map_add(&inputs->known, key, sizeof key, 0, &index, err);
}

static pf_status add_found(struct expansion *it, const char *path, const struct pf_file_facts *facts) {
    if (pf_inputs_have(it->inputs, facts->device, facts->inode))
        return pass_over(it->inputs, path, "given already", it->err);
    PF_TRY(add_item(it->inputs, path, it->err));
    last_item(it->inputs)->unnamed = true;
    return know_file(it->inputs, last_item(it->inputs), facts, it->err);
}

/* A file that a folder or a pattern names: one that is gone again, or a link to nothing, is passed over; one that
 * cannot be looked at is an input that failed. */
static pf_status add_entry(struct expansion *it, const char *path) {
    struct pf_file_facts facts;
    struct pf_error trouble = PF_ERROR_INIT;
    pf_status status = pf_file_facts(path, true, &facts, &trouble);
    if (status == PF_NOT_FOUND)
        return pass_over(it->inputs, path, "not readable", it->err);
    if (status == PF_OK && facts.directory)
        return pass_over(it->inputs, path, "a folder; end it in '/' to take its files", it->err);
    if (status == PF_OK)
        return add_found(it, path, &facts);
    PF_TRY(add_item(it->inputs, path, it->err));
    return keep_trouble(last_item(it->inputs), status, &trouble, it->err);
}

bool pf_input_has_reader(const pf_job *job, const char *name) {
    struct pf_text whole = pf_text_of(name), plain = {name, pf_input_peeled_size(whole)};
    char suffix[32] = "";
    if (ends_with(whole, ".zip"))
        return true;
    for (size_t i = plain.size; i-- > 0;)
        if (name[i] == '.') {
            if (plain.size - i < sizeof suffix)
                memcpy(suffix, name + i, plain.size - i), suffix[plain.size - i] = 0;
            break;
        }
    return pf_registry_reader_for(job->forge->registry, suffix) != NULL;
}

/* One name inside a folder. */
static int32_t look_at_entry(void *ctx, const char *name, bool directory) {
    struct expansion *it = ctx;
    if (directory)
        return 0;
    char *path = pf_path_join(it->folder, name);
    if (!path) {
        it->status = pf_fail_memory(it->err, strlen(name));
        return 1;
    }
    const char *why = pf_input_unwanted(name);
    if (!why && !pf_input_has_reader(it->job, name))
        why = "no reader for its suffix";
    it->status = why ? pass_over(it->inputs, path, why, it->err) : add_entry(it, path);
    pf_mem_free(path);
    return it->status != PF_OK;
}

static pf_status expand_folder(struct expansion *it, const char *path) {
    it->folder = path;
    it->before = it->inputs->count;
    struct pf_error trouble = PF_ERROR_INIT;
    pf_status status = pf_file_list(path, look_at_entry, it, &trouble);
    if (it->status != PF_OK)
        return it->status;
    if (status == PF_OK && it->inputs->count > it->before)
        return PF_OK;
    if (status == PF_OK)
        status = pf_fail(
            &trouble, PF_NOT_FOUND,
            "there is no file in folder '%.200s' that a reader knows by its suffix; name the files", path);
    PF_TRY(add_item(it->inputs, path, it->err));
    return keep_trouble(last_item(it->inputs), status, &trouble, it->err);
}

static pf_status look_at_match(void *ctx, const char *path, struct pf_error *err) {
    struct expansion *it = ctx;
    struct pf_text last = pf_path_name(path);
    char name[256];
    size_t size = last.size < sizeof name ? last.size : sizeof name - 1;
    memcpy(name, last.at, size);
    name[size] = 0;
    const char *why = pf_input_unwanted(name);
    return why ? pass_over(it->inputs, path, why, err) : add_entry(it, path);
}

static pf_status expand_pattern(struct expansion *it, const char *pattern) {
    it->before = it->inputs->count;
    size_t passed = it->inputs->passed_count;
    PF_TRY(pf_glob_walk(pattern, look_at_match, it, it->err));
    if (it->inputs->count > it->before || it->inputs->passed_count > passed)
        return PF_OK;
    struct pf_error trouble = PF_ERROR_INIT;
    pf_status status = pf_fail(&trouble, PF_NOT_FOUND, "no file matches '%.200s'; check the pattern", pattern);
    PF_TRY(add_item(it->inputs, pattern, it->err));
    return keep_trouble(last_item(it->inputs), status, &trouble, it->err);
}

/* ---- folders of stores ---- */

struct stored {
    char *name;
    int64_t size_bytes;
    int64_t modified_ns;
};
struct stored_list {
    struct expansion *it;
    struct stored *files;
    size_t count, room;
};

static int32_t keep_stored(void *ctx, const struct pf_entry *entry) {
    struct stored_list *list = ctx;
    struct expansion *it = list->it;
    void *files = list->files;
    if (entry->directory)
        return 0;
    it->status = grow(&files, list->count, &list->room, sizeof *list->files, it->err);
    if (it->status != PF_OK)
        return 1;
    list->files = files;
    char *name = pf_mem_text(entry->name, strlen(entry->name));
    if (!name)
        it->status = pf_fail_memory(it->err, strlen(entry->name));
    else
        list->files[list->count++] = (struct stored){name, entry->size_bytes, entry->modified_ns};
    return it->status != PF_OK;
}

static int compare_stored(const void *a, const void *b) {
    return strcmp(((const struct stored *)a)->name, ((const struct stored *)b)->name);
}

static pf_status add_stored(struct expansion *it, const char *folder, const struct stored *file, bool named) {
    const char *why = pf_input_unwanted(file->name);
    char *path = pf_path_join(folder, file->name);
    if (!path)
        return pf_fail_memory(it->err, strlen(file->name));
    if (!why && !named && !pf_input_has_reader(it->job, file->name))
        why = "no reader for its suffix";
    pf_status status = why ? pass_over(it->inputs, path, why, it->err) : add_item(it->inputs, path, it->err);
    pf_mem_free(path);
    if (status == PF_OK && !why) {
        last_item(it->inputs)->size_bytes = file->size_bytes;
        last_item(it->inputs)->modified_ns = file->modified_ns;
        last_item(it->inputs)->unnamed = true;
    }
    return status;
}

/* The files of a folder, in order; with a pattern those whose names match, whatever their suffix. *found false: it cannot be
 * listed, trouble says why. */
static pf_status list_stored(struct expansion *it, const struct pf_store *store, const char *folder,
                             struct pf_text pattern, bool *found, struct pf_error *trouble) {
    struct stored_list list = {.it = it};
    struct pf_run_host host;
    pf_run_host_init(&host, (pf_job *)it->job, NULL);
    pf_status status = store->list(&host.face, folder, keep_stored, &list, trouble);
    *found = status == PF_OK;
    if (!*found)
        trouble->code = status;
    status = it->status;
    if (list.count)
        qsort(list.files, list.count, sizeof *list.files, compare_stored);
    for (size_t i = 0; i < list.count; i++) {
        if (status == PF_OK && *found &&
            (!pattern.size || pf_glob_match(pattern, pf_text_of(list.files[i].name)) ||
             pf_text_is(pattern, list.files[i].name)))
            status = add_stored(it, folder, &list.files[i], pattern.size > 0);
        pf_mem_free(list.files[i].name);
    }
    pf_mem_free(list.files);
    return status;
}

static pf_status fail_stored(struct expansion *it, const char *location, pf_status status,
                             const struct pf_error *trouble) {
    PF_TRY(add_item(it->inputs, location, it->err));
    return keep_trouble(last_item(it->inputs), status, trouble, it->err);
}

/* A store cannot be asked what a name is: one with a slash at its end, or without a suffix that a reader knows, is tried as a
 * folder, and taken as a file when it is none. */
static pf_status add_of_store(struct expansion *it, const struct pf_store *store, const char *location) {
    struct pf_error trouble = PF_ERROR_INIT;
    struct pf_text last = pf_path_name(location), pattern = {0};
    bool folder_like = pf_path_is_folder_like(location), found = false;
    if (!store->list || (!folder_like && !pf_glob_is(location) && pf_input_has_reader(it->job, last.at)))
        return add_item(it->inputs, location, it->err);
    size_t size = strlen(location);
    if (!folder_like && pf_glob_is(location))
        pattern = last, size -= last.size;
    char *folder = pf_mem_text(location, size);
    if (!folder)
        return pf_fail_memory(it->err, size);
    size_t before = it->inputs->count;
    pf_status status = PF_OK;
    if (pf_glob_is(folder))
        pf_fail(&trouble, PF_UNSUPPORTED,
                "'%.200s': in a store a pattern can only be the last part; give one for each folder", location);
    else
        status = list_stored(it, store, folder, pattern, &found, &trouble);
    pf_mem_free(folder);
    if (status != PF_OK || it->inputs->count > before)
        return status;
    if (!found && !folder_like && !pattern.size)
        return add_item(it->inputs, location, it->err);
    if (found)
        pf_fail(&trouble, PF_NOT_FOUND,
                pattern.size ? "no file matches '%.200s'; check the pattern"
                             : "there is no file in folder '%.200s' that a reader knows by its "
                               "suffix; name the files",
                location);
    return fail_stored(it, location, trouble.code, &trouble);
}

static pf_status add_named(struct expansion *it, const char *location) {
    struct pf_file_facts facts;
    struct pf_error trouble = PF_ERROR_INIT;
    const struct pf_store *store = pf_registry_store_for(it->job->forge->registry, location);
    if (strcmp(location, "-") == 0)
        return add_item(it->inputs, location, it->err);
    if (store && store->prefixes && store->prefixes[0])
        return add_of_store(it, store, location);
    pf_status status = pf_file_facts(location, true, &facts, &trouble);
    if (status == PF_OK && facts.directory)
        return expand_folder(it, location);
    pf_status missing =
        status == PF_NOT_FOUND ? pf_place_missing(it->job->forge->registry, location, &trouble) : PF_OK;
    if (missing == PF_OK && status == PF_NOT_FOUND && pf_glob_is(location))
        return expand_pattern(it, location);
    PF_TRY(add_item(it->inputs, location, it->err));
    if (missing == PF_OK && status == PF_NOT_FOUND)
        pf_fail(&trouble, status, "the input does not exist; check the name");
    if (status != PF_OK)
        return keep_trouble(last_item(it->inputs), missing != PF_OK ? missing : status, &trouble, it->err);
    return know_file(it->inputs, last_item(it->inputs), &facts, it->err);
}

pf_status pf_inputs_expand(const pf_job *job, struct pf_inputs *inputs, struct pf_error *err) {
    *inputs = (struct pf_inputs){0};
    struct expansion it = {.job = job, .inputs = inputs, .err = err};
    if (!job->input_count && !job->source_count)
        return pf_fail(err, PF_ARGUMENT, "there is no input; give a file, a pattern, a folder or '-'");
    size_t streams = 0;
    for (size_t i = 0; i < job->input_count; i++) {
        streams += strcmp(job->inputs[i], "-") == 0;
        if (streams > 1)
            return pf_fail(err, PF_ARGUMENT, "standard input can be read only once; give '-' once");
        PF_TRY(add_named(&it, job->inputs[i]));
    }
    for (size_t i = 0; i < job->source_count; i++) {
        PF_TRY(add_item(inputs, job->sources[i].name, err));
        last_item(inputs)->source = &job->sources[i].source;
        last_item(inputs)->size_bytes = job->sources[i].source.size_bytes;
    }
    for (size_t i = 0; i < inputs->count && inputs->total_bytes >= 0; i++) {
        const struct pf_input *input = &inputs->items[i];
        if (input->status == PF_OK)
            inputs->total_bytes = input->size_bytes < 0 ? -1 : inputs->total_bytes + input->size_bytes;
    }
    return PF_OK;
}

void pf_inputs_clear(struct pf_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++) {
        pf_mem_free(inputs->items[i].location);
        pf_mem_free(inputs->items[i].err);
    }
    for (size_t i = 0; i < inputs->passed_count; i++)
        pf_mem_free(inputs->passed[i].name);
    pf_map_clear(&inputs->known);
    pf_mem_free(inputs->items);
    pf_mem_free(inputs->passed);
    *inputs = (struct pf_inputs){0};
}
