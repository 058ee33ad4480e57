/* run_outputs.c — room run. Where outputs go: format, names, and what may be replaced.
 * SPDX-License-Identifier: MIT
 * Knows: --output, --format, --force, the inputs, what a file of an output format looks like.
 * Knows not: what is written. */
#include "run/run_outputs.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "codec/codec_list.h"
#include "run/run_options.h"
#include "run/run_place.h"

static bool is_local(const struct pf_outputs *outputs, const char *path) {
    const struct pf_store *store = pf_registry_store_for(outputs->job->forge->registry, path);
    return !store || !store->prefixes || !store->prefixes[0];
}

static bool is_folder(const struct pf_outputs *outputs, const char *path) {
    struct pf_file_facts facts;
    if (pf_path_is_folder_like(path))
        return true;
    return is_local(outputs, path) && pf_file_facts(path, true, &facts, NULL) == PF_OK && facts.directory;
}

/* "out.csv.gz": no file is compressed as a whole, and plain text under such a name would mislead. */
static pf_status refuse_packed(const char *path, struct pf_error *err) {
    struct pf_text suffix = pf_path_suffix(path);
    for (const struct pf_codec *const *codec = pf_codecs; *codec; codec++)
        for (const char *const *own = (*codec)->suffixes; own && *own; own++)
            if (pf_text_same_nocase(suffix, pf_text_of(*own)))
                return pf_fail(
                    err, PF_ARGUMENT,
                    "an output is not written compressed as a whole, so its name cannot end in '%s'; "
                    "name it .csv and compress it afterwards, or .parquet, which is compressed inside",
                    *own);
    return PF_OK;
}

/* --format, else the suffix of a file, else Parquet. */
static pf_status choose_writer(struct pf_outputs *outputs, struct pf_error *err) {
    const pf_registry *registry = outputs->job->forge->registry;
    if (outputs->given && !outputs->folder)
        PF_TRY(refuse_packed(outputs->given, err));
    const char *format = pf_job_value(outputs->job, "format", NULL, NULL);
    outputs->writer = format ? pf_registry_writer(registry, format) : NULL;
    if (outputs->writer)
        return PF_OK;
    char suffix[32] = "";
    if (outputs->given && !outputs->folder) {
        struct pf_text text = pf_path_suffix(outputs->given);
        if (text.size < sizeof suffix)
            memcpy(suffix, text.at, text.size), suffix[text.size] = 0;
        outputs->writer = pf_registry_writer_for(registry, suffix);
        if (!outputs->writer && text.size)
            return pf_fail(err, PF_ARGUMENT, "the suffix '%s' of the output names no format; give --format",
                           suffix[0] ? suffix : "…");
    }
    if (!outputs->writer)
        outputs->writer = pf_registry_writer(registry, "parquet");
    if (!outputs->writer)
        outputs->writer = pf_registry_writer_at(registry, 0, NULL);
    return outputs->writer ? PF_OK
                           : pf_fail(err, PF_UNSUPPORTED, "this build writes no format; build it with one");
}

/* The name of the shared file of rejected rows, however it is spelled? */
static bool is_rejects(const struct pf_outputs *outputs, const char *path) {
    struct pf_file_facts a, b;
    bool same = false;
    if (!outputs->rejects || !pf_text_same_nocase(pf_path_name(path), pf_path_name(outputs->rejects)))
        return false;
    struct pf_text folder = pf_path_folder(path), other = pf_path_folder(outputs->rejects);
    char *one = pf_mem_text(folder.at, folder.size), *two = pf_mem_text(other.at, other.size);
    if (one && two)
        same = strcmp(one, two) == 0 ||
               (pf_file_facts(one, true, &a, NULL) == PF_OK && pf_file_facts(two, true, &b, NULL) == PF_OK &&
                a.device == b.device && a.inode == b.inode);
    pf_mem_free(one);
    pf_mem_free(two);
    return same;
}

pf_status pf_outputs_open(struct pf_outputs *outputs, const pf_job *job, const struct pf_inputs *inputs,
                          struct pf_error *err) {
    char place[500];
    *outputs = (struct pf_outputs){.job = job, .inputs = inputs};
    outputs->given = pf_job_value(job, "output", NULL, NULL);
    outputs->combine = pf_job_flag(job, "combine") && !pf_job_flag(job, "separate");
    outputs->force = pf_job_flag(job, "force");
    outputs->rejects = pf_job_value(job, "rejects", NULL, NULL);
    if (outputs->given && !outputs->given[0])
        return pf_fail(err, PF_ARGUMENT, "the output has an empty name; give a file or a folder");
    if (outputs->given && strcmp(outputs->given, "-") == 0)
        return pf_fail(err, PF_ARGUMENT, "standard output cannot be replaced as a whole; give a file");
    if (!outputs->given && job->source_count)
        return pf_fail(err, PF_ARGUMENT, "bytes have no folder that an output could stand in; give --output");
    if (outputs->given)
        PF_TRY(pf_place_output(job->forge->registry, outputs->given, place, sizeof place, err));
    if (outputs->rejects)
        PF_TRY(pf_place_output(job->forge->registry, outputs->rejects, place, sizeof place, err));
    outputs->folder = outputs->given && is_folder(outputs, outputs->given);
    if (outputs->combine && !outputs->given && !(inputs && inputs->count == 1))
        return pf_fail(err, PF_ARGUMENT, "--combine needs to know where to; give --output");
    if (inputs && inputs->count > 1 && outputs->given && !outputs->folder && !outputs->combine)
        return pf_fail(err, PF_ARGUMENT,
                       "%zu inputs cannot go into the one file '%.120s'; end it in '/' for a folder, or give "
                       "--combine",
                       inputs->count, outputs->given);
    if (outputs->given && !outputs->folder && is_rejects(outputs, outputs->given))
        return pf_fail(err, PF_ARGUMENT, "--rejects names the output '%.160s' itself; give another file",
                       outputs->given);
    return choose_writer(outputs, err);
}

void pf_outputs_clear(struct pf_outputs *outputs) { pf_map_clear(&outputs->used); }

/* ---- names ---- */

/* folder/stem[_number]suffix. */
static pf_status print_path(const struct pf_outputs *outputs, struct pf_text folder, const char *stem,
                            int number, char **out, struct pf_error *err) {
    struct pf_buf buf = {0};
    pf_status status = PF_OK;
    if (!pf_text_is(folder, ".") || outputs->given)
        status = pf_buf_put(&buf, folder.at, folder.size, err);
    if (status == PF_OK && buf.size && buf.data[buf.size - 1] != '/')
        status = pf_buf_put(&buf, "/", 1, err);
    if (status == PF_OK)
        status = pf_buf_text(&buf, stem, err);
    if (status == PF_OK && number > 1)
        status = pf_buf_print(&buf, err, "_%d", number);
    if (status == PF_OK)
        status = pf_buf_text(&buf, outputs->writer->suffixes[0], err);
    *out = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    return status != PF_OK || *out ? status : pf_fail_memory(err, 0);
}

/* Is the name new in this run, ignoring case? If so it is taken. */
static pf_status take_name(struct pf_outputs *outputs, const char *path, bool *is_new, struct pf_error *err) {
    size_t size = strlen(path);
    char *key = pf_mem_text(path, size);
    if (!key)
        return pf_fail_memory(err, size);
    for (size_t i = 0; i < size; i++)
        key[i] = pf_lower(key[i]);
    int64_t mine = (int64_t)outputs->used.count, found;
    pf_status status = pf_map_add(&outputs->used, key, size, mine, &found, err);
    pf_mem_free(key);
    *is_new = found == mine;
    return status;
}

static void free_name(struct pf_output_name *name) {
    pf_mem_free(name->path);
    *name = (struct pf_output_name){0};
}

/* The names are settled when a table begins and not when it ends, so what is named how does not depend on which one
 * has rejected rows, nor on who is faster. */
static pf_status take_rejects(struct pf_outputs *outputs, struct pf_output_name *name, struct pf_error *err) {
    struct pf_buf rejects = {0};
    bool is_new = false;
    pf_status status = pf_buf_print(&rejects, err, "%s.rejects.csv", name->path);
    if (status == PF_OK)
        status = pf_buf_put(&rejects, "", 1, err);
    if (status == PF_OK)
        status = take_name(outputs, (const char *)rejects.data, &is_new, err);
    name->rejects_taken = !is_new;
    pf_buf_clear(&rejects);
    return status;
}

static pf_status name_in(struct pf_outputs *outputs, struct pf_text folder, const char *stem,
                         struct pf_output_name *name, struct pf_error *err) {
    for (int number = 1;; number++) {
        bool is_new = false;
        PF_TRY(print_path(outputs, folder, stem, number, &name->path, err));
        if (!name->path)
            return PF_NO_MEMORY;
        pf_status status = take_name(outputs, name->path, &is_new, err);
        if (status == PF_OK && is_new && !is_rejects(outputs, name->path)) {
            name->renamed = number > 1;
            return take_rejects(outputs, name, err);
        }
        free_name(name);
        PF_TRY(status);
    }
}

static pf_status name_part(struct pf_outputs *outputs, const char *location, const char *stem, const char *part,
                           struct pf_output_name *name, struct pf_error *err) {
    char *safe = pf_path_safe_name(part);
    if (!safe)
        return pf_fail_memory(err, strlen(part));
    struct pf_buf folder = {0}, file = {0};
    pf_status status = pf_buf_text(&file, stem, err);
    if (status == PF_OK && *part)
        status = pf_buf_print(&file, err, "_%s", safe);
    if (status == PF_OK)
        status = pf_buf_put(&file, "", 1, err);
    if (status == PF_OK && outputs->given) {
        status = pf_buf_text(&folder, outputs->given, err);
    } else if (status == PF_OK) { /* beside the input: STEM_FORMAT/ */
        struct pf_text beside = pf_path_folder(location);
        bool here = pf_text_is(beside, ".");
        status = pf_buf_put(&folder, beside.at, here ? 0 : beside.size, err);
        if (status == PF_OK)
            status = pf_buf_print(&folder, err, "%s%s_%s", here ? "" : "/", stem, outputs->writer->name);
    }
    if (status == PF_OK)
        status = name_in(outputs, (struct pf_text){(const char *)folder.data, folder.size},
                         (const char *)file.data, name, err);
    pf_buf_clear(&folder);
    pf_buf_clear(&file);
    pf_mem_free(safe);
    return status;
}

static bool is_one_file(const struct pf_outputs *outputs) { return outputs->given && !outputs->folder; }

const char *pf_outputs_part(const struct pf_outputs *outputs, const struct pf_reader *reader, size_t tables,
                            const char *name) {
    bool holds = reader->needs & PF_HOLDS_TABLES && !is_one_file(outputs);
    return tables > 1 || holds ? name : NULL;
}

pf_status pf_outputs_tables(const struct pf_outputs *outputs, const struct pf_reader *reader, size_t tables,
                            struct pf_error *err) {
    if (tables <= 1 || !is_one_file(outputs) || outputs->combine)
        return PF_OK;
    const char *choose = pf_option_in(reader->options, "sheet") ? ", choose one with --sheet" : "";
    return pf_fail(
        err, PF_ARGUMENT,
        "the input has %zu tables and the output '%.120s' is one file; end it in '/' for a folder%s, or "
        "give --combine",
        tables, outputs->given, choose);
}

pf_status pf_outputs_room(const struct pf_outputs *outputs, size_t files, struct pf_error *err) {
    if (files <= 1 || !outputs->given || outputs->folder || outputs->combine)
        return PF_OK;
    return pf_fail(err, PF_ARGUMENT,
                   "%zu files cannot go into the one file '%.120s'; end it in '/' for a folder, or give "
                   "--combine",
                   files, outputs->given);
}

/* The one file that was given. */
static pf_status name_given(struct pf_outputs *outputs, struct pf_output_name *name, struct pf_error *err) {
    bool is_new;
    name->path = pf_mem_text(outputs->given, strlen(outputs->given));
    if (!name->path)
        return pf_fail_memory(err, strlen(outputs->given));
    PF_TRY(take_name(outputs, name->path, &is_new, err));
    return is_new ? take_rejects(outputs, name, err) : pf_outputs_room(outputs, outputs->used.count, err);
}

static pf_status name_table(struct pf_outputs *outputs, const char *location, const char *stem,
                            const char *part, struct pf_output_name *name, struct pf_error *err) {
    bool one = is_one_file(outputs);
    if (!outputs->given && (strcmp(location, "-") == 0 || !is_local(outputs, location)))
        return pf_fail(err, PF_ARGUMENT, "an input without a folder of its own needs an output; give --output");
    if (part)
        return name_part(outputs, location, stem, part, name, err);
    if (one)
        return name_given(outputs, name, err);
    return name_in(outputs, outputs->given ? pf_text_of(outputs->given) : pf_path_folder(location), stem, name,
                   err);
}

pf_status pf_outputs_name(struct pf_outputs *outputs, const char *location, const char *stem, const char *part,
                          struct pf_output_name *out, struct pf_error *err) {
    *out = (struct pf_output_name){0};
    pf_status status = name_table(outputs, location, stem, part, out, err);
    if (status != PF_OK)
        free_name(out);
    return status;
}

pf_status pf_outputs_combined(struct pf_outputs *outputs, char **path, struct pf_error *err) {
    struct pf_output_name name = {0};
    if (outputs->folder) {
        PF_TRY(name_in(outputs, pf_text_of(outputs->given), "combined", &name, err));
        *path = name.path;
        return PF_OK;
    }
    if (!outputs->given) { /* one input: beside it */
        const char *location = outputs->inputs->items[0].location;
        struct pf_text stem = pf_path_stem(location);
        char *copy = pf_mem_text(stem.at, stem.size);
        if (!copy)
            return pf_fail_memory(err, stem.size);
        pf_status status = name_table(outputs, location, copy, NULL, &name, err);
        pf_mem_free(copy);
        *path = name.path;
        return status;
    }
    *path = pf_mem_text(outputs->given, strlen(outputs->given));
    return *path ? PF_OK : pf_fail_memory(err, strlen(outputs->given));
}

/* ---- what may be replaced ---- */

static bool has_suffix_of(const struct pf_writer *writer, const char *path) {
    struct pf_text suffix = pf_path_suffix(path);
    for (const char *const *own = writer->suffixes; *own; own++)
        if (pf_text_same_nocase(suffix, pf_text_of(*own)))
            return true;
    return strcmp(writer->name, "csv") == 0 && pf_text_same_nocase(suffix, pf_text_of(".txt"));
}

/* A file that can be replaced without loss is one this program could have written: by its magic where the
 * format has one, else by its suffix. An empty file holds nothing. */
static pf_status check_foreign(const struct pf_writer *writer, const char *path, int64_t size,
                               struct pf_error *err) {
    static const char magic[] = "PAR1";
    uint8_t head[4] = {0};
    size_t got = 0;
    pf_file file = PF_FILE_CLOSED;
    if (size == 0)
        return PF_OK;
    PF_TRY(pf_file_open_read(path, &file, err));
    pf_status status = pf_file_read_at(file, 0, head, sizeof head, &got, path, err);
    pf_file_close(&file, path, NULL);
    PF_TRY(status);
    bool is_parquet = got == sizeof head && memcmp(head, magic, sizeof head) == 0;
    bool mine = strcmp(writer->name, "parquet") == 0 ? is_parquet : !is_parquet && has_suffix_of(writer, path);
    return mine ? PF_OK
                : pf_fail(
                      err, PF_DENIED,
                      "'%.160s' is there and is not a %s file, so not even --force replaces it; choose another "
                      "output or remove it",
                      path, writer->name);
}

pf_status pf_outputs_check(const struct pf_outputs *outputs, const struct pf_writer *writer, const char *path,
                           uint32_t *flags, struct pf_error *err) {
    struct pf_file_facts facts;
    struct pf_error trouble = PF_ERROR_INIT;
    *flags = pf_job_flag(outputs->job, "sync") ? PF_SINK_SYNC : 0;
    if (!is_local(outputs, path)) {
        *flags |= outputs->force ? PF_SINK_REPLACE : 0;
        return PF_OK;
    }
    pf_status status = pf_file_facts(path, true, &facts, &trouble);
    if (status == PF_NOT_FOUND) { /* another run may write it meanwhile: with --force the last one stays */
        *flags |= outputs->force ? PF_SINK_REPLACE : 0;
        return PF_OK;
    }
    if (status != PF_OK) {
        if (err)
            *err = trouble;
        return status;
    }
    if (outputs->inputs && pf_inputs_have(outputs->inputs, facts.device, facts.inode))
        return pf_fail(err, PF_DENIED,
                       "the output '%.160s' is an input and is never overwritten; choose another", path);
    if (facts.directory)
        return pf_fail(err, PF_EXISTS, "the output '%.160s' is a folder; end it in '/' to write into it", path);
    if (!facts.regular)
        return pf_fail(err, PF_DENIED,
                       "the output '%.160s' is not a file and cannot be replaced; choose another", path);
    if (!outputs->force) /* 'convert a.csv b.csv': the second one may be an input to its user */
        return pf_fail(err, PF_EXISTS, "the output '%.160s' already exists; give --force to replace it%s", path,
                       pf_registry_reader(outputs->job->forge->registry, writer->name)
                           ? ", or the output with -o if this is an input too"
                           : "");
    PF_TRY(check_foreign(writer, path, facts.size_bytes, err));
    *flags |= PF_SINK_REPLACE;
    return PF_OK;
}

/* ---- folders ---- */

#define MOST_PATH 4096 /* bytes that a path may have on the systems we know */

static char *folder_of(const char *path) {
    struct pf_text folder = pf_path_folder(path);
    return pf_mem_text(folder.at, folder.size);
}

/* How many folders at the end of the path are not there; 0 when the path is too long to say. */
static int count_missing(const char *folder) {
    char part[MOST_PATH];
    size_t size = strlen(folder);
    struct pf_file_facts facts;
    int missing = 0;
    if (size >= sizeof part)
        return 0;
    memcpy(part, folder, size + 1);
    while (pf_file_facts(part, true, &facts, NULL) != PF_OK || !facts.directory) {
        struct pf_text above = pf_path_folder(part);
        missing++;
        if (above.at != part || above.size >= strlen(part)) /* "." or "/" */
            break;
        part[above.size] = 0;
    }
    return missing;
}

pf_status pf_outputs_make_folder(const struct pf_outputs *outputs, const char *path, int *made,
                                 struct pf_error *err) {
    *made = 0;
    if (!is_local(outputs, path))
        return PF_OK;
    char *folder = folder_of(path);
    if (!folder)
        return pf_fail_memory(err, strlen(path));
    pf_status status = PF_OK;
    int missing = count_missing(folder);
    if (missing) {
        status = pf_file_make_folder(folder, true, err);
        if (status == PF_OK)
            *made = missing;
        else
            pf_outputs_unmake_folder(path, missing);
    }
    pf_mem_free(folder);
    return status;
}

void pf_outputs_unmake_folder(const char *path, int made) {
    char folder[MOST_PATH]; /* no memory is asked for: this works also when it is out */
    for (const char *below = path; made > 0; made--, below = folder) {
        struct pf_text text = pf_path_folder(below);
        if (text.size >= sizeof folder)
            return;
        memmove(folder, text.at, text.size);
        folder[text.size] = 0;
        pf_file_remove_folder(folder, NULL); /* only an empty one goes */
    }
}
