/* run_plan.c — room run. Job + survey → how one table is read.                  SPDX-License-Identifier: MIT
 * Knows: selection, names, imposed types, profiles.
 * Knows not: readers, files, rows. */
#include "run/run_plan.h"

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_names.h"
#include "columns/columns_schema.h"
#include "run/run_selection.h"

/* What is worked out on the way. */
struct draft {
    const struct pf_plan_request *request;
    const struct ArrowSchema *found;
    int64_t found_count;
    const char **raw; /* per found column */
    char **made;      /* per found column: legal and unique */
    int32_t *columns; /* the wanted ones */
    int64_t count;
    const char **wanted;   /* per wanted column: its name before the last uniting */
    bool *by_user;         /* per wanted column: the name was given */
    char **given;          /* per wanted column: memory of names given */
    char **names;          /* per wanted column: final */
    struct pf_type *types; /* per wanted column; kind −1: as found */
    const char **formats;  /* per wanted column: of the schema file */
};

void pf_plan_clear(struct pf_plan *plan) {
    pf_schema_release(&plan->read);
    pf_mem_free(plan->columns);
    pf_mem_free(plan->imposed);
    pf_mem_free(plan->unseen);
    pf_mem_free(plan->casts);
    *plan = (struct pf_plan){0};
}

static void free_texts(char **texts, int64_t count) {
    for (int64_t i = 0; texts && i < count; i++)
        pf_mem_free(texts[i]);
    pf_mem_free(texts);
}

static void clear_draft(struct draft *draft) {
    free_texts(draft->made, draft->found_count);
    free_texts(draft->given, draft->count);
    free_texts(draft->names, draft->count);
    pf_mem_free(draft->raw);
    pf_mem_free(draft->columns);
    pf_mem_free(draft->wanted);
    pf_mem_free(draft->by_user);
    pf_mem_free(draft->types);
    pf_mem_free(draft->formats);
}

static int name_rule(const pf_job *job) {
    const char *rule = pf_job_value(job, "names", NULL, NULL);
    return rule && strcmp(rule, "sanitise") == 0 ? PF_NAMES_SANITISE
           : rule && strcmp(rule, "pandas") == 0 ? PF_NAMES_PANDAS
                                                 : PF_NAMES_KEEP;
}

static pf_status draft_found(struct draft *draft, struct pf_error *err) {
    size_t count = (size_t)draft->found_count;
    draft->raw = pf_mem_zero(count, sizeof *draft->raw);
    draft->made = pf_mem_zero(count, sizeof *draft->made);
    draft->columns = pf_mem_zero(count, sizeof *draft->columns);
    if (!draft->raw || !draft->made || !draft->columns)
        return pf_fail_memory(err, count * sizeof *draft->raw);
    for (size_t i = 0; i < count; i++)
        draft->raw[i] = draft->found->children[i]->name ? draft->found->children[i]->name : "";
    return pf_names_make(draft->raw, count, name_rule(draft->request->job), draft->made, err);
}

static pf_status make_room(struct draft *draft, struct pf_error *err) {
    size_t count = (size_t)draft->count;
    draft->wanted = pf_mem_zero(count, sizeof *draft->wanted);
    draft->by_user = pf_mem_zero(count, sizeof *draft->by_user);
    draft->given = pf_mem_zero(count, sizeof *draft->given);
    draft->names = pf_mem_zero(count, sizeof *draft->names);
    draft->types = pf_mem_zero(count, sizeof *draft->types);
    draft->formats = pf_mem_zero(count, sizeof *draft->formats);
    if (!draft->wanted || !draft->by_user || !draft->given || !draft->names || !draft->types || !draft->formats)
        return pf_fail_memory(err, count * sizeof *draft->types);
    for (size_t i = 0; i < count; i++) {
        draft->wanted[i] = draft->made[draft->columns[i]];
        draft->types[i].kind = -1;
    }
    return PF_OK;
}

/* ---- by options ---- */

static pf_status select_columns(struct draft *draft, struct pf_error *err) {
    const pf_job *job = draft->request->job;
    struct pf_column_names names = {draft->found_count, draft->raw, draft->made};
    const char *columns = pf_job_value(job, "columns", NULL, NULL);
    const char *exclude = pf_job_value(job, "exclude", NULL, NULL);
    if (columns) {
        PF_TRY(pf_selection_list(&names, "columns", columns, draft->columns, &draft->count, err));
    } else {
        draft->count = draft->found_count;
        for (int64_t i = 0; i < draft->count; i++)
            draft->columns[i] = (int32_t)i;
    }
    if (exclude) {
        int64_t out_count = 0, kept = 0;
        int32_t *out = pf_mem_zero((size_t)draft->found_count, sizeof *out);
        if (!out)
            return pf_fail_memory(err, 0);
        pf_status status = pf_selection_list(&names, "exclude", exclude, out, &out_count, err);
        for (int64_t i = 0; i < draft->count && status == PF_OK; i++) {
            bool left_out = false;
            for (int64_t k = 0; k < out_count; k++)
                left_out = left_out || out[k] == draft->columns[i];
            if (!left_out)
                draft->columns[kept++] = draft->columns[i];
        }
        draft->count = kept;
        pf_mem_free(out);
        PF_TRY(status);
    }
    return draft->count
               ? PF_OK
               : pf_fail(err, PF_ARGUMENT, "--columns and --exclude leave no column; name at least one");
}

static int64_t place_of(const struct draft *draft, int64_t column) {
    for (int64_t i = 0; i < draft->count; i++)
        if (draft->columns[i] == column)
            return i;
    return -1;
}

/* Where the '=' behind the name of a column stands: a name may have '=' in it. -1: nowhere. *column: which one. */
static int64_t find_equals(const struct pf_column_names *names, struct pf_text item, int64_t *column) {
    for (size_t at = 0; at < item.size; at++)
        if (item.at[at] == '=' && (*column = pf_selection_one(names, (struct pf_text){item.at, at})) >= 0)
            return (int64_t)at;
    return -1;
}

/* Of "NEW,OLD=NEW,…" the first NEW; a comma that no column and '=' follow is part of the name. */
static size_t measure_new(const struct pf_column_names *names, struct pf_text rest) {
    int64_t column;
    for (size_t at = 0; at < rest.size; at++)
        if (rest.at[at] == ',' &&
            find_equals(names, (struct pf_text){rest.at + at + 1, rest.size - at - 1}, &column) >= 0)
            return at;
    return rest.size;
}

static pf_status rename_one(struct draft *draft, int64_t column, struct pf_text to, struct pf_error *err) {
    int64_t place = place_of(draft, column);
    if (!to.size)
        return pf_fail(err, PF_ARGUMENT, "--rename gives column %lld no new name; it wants OLD=NEW",
                       (long long)column + 1);
    if (place < 0)
        return PF_OK;
    char *name = pf_mem_text(to.at, to.size);
    if (!name)
        return pf_fail_memory(err, to.size);
    pf_mem_free(draft->given[place]);
    draft->given[place] = name;
    draft->wanted[place] = name;
    draft->by_user[place] = true;
    return PF_OK;
}

/* "OLD=NEW", or several of them with commas between. */
static pf_status rename_item(struct draft *draft, const struct pf_column_names *names, struct pf_text item,
                             struct pf_error *err) {
    const char *equals = memchr(item.at, '=', item.size);
    if (!equals)
        return pf_fail(err, PF_ARGUMENT, "--rename wants OLD=NEW, not '%.*s'", (int)(item.size & 127), item.at);
    while (item.size) {
        int64_t column = -1, at = find_equals(names, item, &column);
        if (at < 0)
            return pf_selection_unknown(names, "rename", (struct pf_text){item.at, (size_t)(equals - item.at)},
                                        err);
        struct pf_text rest = {item.at + at + 1, item.size - (size_t)at - 1};
        size_t size = measure_new(names, rest), used = size + (size < rest.size);
        const char *comma = memchr(rest.at, ',', size);
        const char *odd = comma ? memchr(comma, '=', (size_t)(rest.at + size - comma)) : NULL;
        if (odd) /* "NEW,OLD=NEW" where OLD is no column */
            return pf_selection_unknown(names, "rename", (struct pf_text){comma + 1, (size_t)(odd - comma) - 1},
                                        err);
        PF_TRY(rename_one(draft, column, (struct pf_text){rest.at, size}, err));
        item = (struct pf_text){rest.at + used, rest.size - used};
    }
    return PF_OK;
}

static pf_status rename_columns(struct draft *draft, struct pf_error *err) {
    struct pf_column_names names = {draft->found_count, draft->raw, draft->made};
    const char *list = pf_job_value(draft->request->job, "rename", NULL, NULL);
    struct pf_text item;
    while (pf_list_next(&list, &item))
        PF_TRY(rename_item(draft, &names, item, err));
    return PF_OK;
}

/* "COL=TYPE": types have no '=', so the last one counts. '*' is every column not named. */
static pf_status impose_types(struct draft *draft, struct pf_error *err) {
    struct pf_column_names names = {draft->found_count, draft->raw, draft->made};
    const char *list = pf_job_value(draft->request->job, "type", NULL, NULL);
    struct pf_type rest = {.kind = -1};
    struct pf_text item;
    while (pf_list_next(&list, &item)) {
        size_t at = item.size;
        while (at > 0 && item.at[at - 1] != '=')
            at--;
        if (at == 0)
            return pf_fail(err, PF_ARGUMENT, "--type wants COL=TYPE, not '%.*s'", (int)(item.size & 127),
                           item.at);
        char word[96];
        size_t size = item.size - at < sizeof word - 1 ? item.size - at : sizeof word - 1;
        memcpy(word, item.at + at, size);
        word[size] = 0;
        struct pf_text column = {item.at, at - 1};
        struct pf_type type = {.kind = -1};
        if (strcmp(word, "auto") != 0)
            PF_TRY(pf_type_parse(word, &type, err));
        if (pf_text_is(column, "*")) {
            rest = type;
            continue;
        }
        int64_t found = pf_selection_one(&names, column);
        if (found < 0)
            return pf_selection_unknown(&names, "type", column, err);
        int64_t place = place_of(draft, found);
        if (place >= 0) {
            draft->types[place] = type;
            draft->types[place].width = type.kind < 0 ? -1 : type.width; /* "auto" is an exception from '*' */
        }
    }
    for (int64_t i = 0; i < draft->count; i++)
        if (draft->types[i].kind < 0 && draft->types[i].width >= 0)
            draft->types[i] = rest;
    return PF_OK;
}

/* ---- by a schema file ---- */

static int64_t find_source(const struct draft *draft, const struct pf_schema_column *column) {
    if (column->index >= 0 && column->index < draft->found_count &&
        strcmp(draft->raw[column->index], column->source) == 0)
        return column->index;
    for (int64_t i = 0; i < draft->found_count; i++)
        if (strcmp(draft->raw[i], column->source) == 0)
            return i;
    for (int64_t i = 0; i < draft->found_count; i++)
        if (strcmp(draft->made[i], column->source) == 0 || strcmp(draft->made[i], column->name) == 0)
            return i;
    return -1;
}

static pf_status refuse_other_options(const pf_job *job, struct pf_error *err) {
    static const char *const others[] = {"columns", "exclude", "rename", "type"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (pf_job_value_of(job, others[i]))
            return pf_fail(err, PF_ARGUMENT,
                           "--schema says which columns, names and types there are; leave out --%s "
                           "or change the schema file",
                           others[i]);
    return PF_OK;
}

static pf_status follow_file(struct draft *draft, struct pf_error *err) {
    const struct pf_schema_file *file = draft->request->schema_file;
    PF_TRY(refuse_other_options(draft->request->job, err));
    bool *used = pf_mem_zero((size_t)draft->found_count, sizeof *used);
    if (!used)
        return pf_fail_memory(err, 0);
    pf_status status = PF_OK;
    for (size_t i = 0; i < file->count && status == PF_OK; i++) {
        int64_t found = find_source(draft, &file->columns[i]);
        if (found < 0)
            status = pf_fail(err, PF_BAD_DATA,
                             "the schema file wants a column '%.80s' that the input has not; check "
                             "that they belong together",
                             file->columns[i].source);
        else if (used[found])
            status = pf_fail(err, PF_BAD_DATA, "the schema file has column '%.80s' twice; take one out",
                             file->columns[i].source);
        else
            used[found] = true, draft->columns[draft->count++] = (int32_t)found;
    }
    for (int64_t i = 0; i < draft->found_count && status == PF_OK && draft->request->notices; i++)
        if (!used[i])
            status = pf_notices_say(draft->request->notices, "column-left-out", draft->made[i], -1, err,
                                    "the schema file does not have it");
    pf_mem_free(used);
    PF_TRY(status);
    PF_TRY(make_room(draft, err));
    for (int64_t i = 0; i < draft->count; i++) {
        draft->wanted[i] = file->columns[i].name;
        draft->by_user[i] = true;
        draft->formats[i] = file->columns[i].format;
        PF_TRY(pf_type_parse(file->columns[i].type, &draft->types[i], err));
    }
    return PF_OK;
}

/* ---- the schema to read by ---- */

static bool is_temporal(int kind) {
    return kind == PF_KIND_DATE32 || kind == PF_KIND_DATE64 || kind == PF_KIND_TIMESTAMP;
}

/* Another type: the way its text is parsed stays only between dates and timestamps. */
static pf_status retype(struct ArrowSchema *field, const struct pf_type *type, struct pf_error *err) {
    struct ArrowSchema other = {0};
    struct pf_type before;
    PF_TRY(pf_type_of(field, &before, err));
    PF_TRY(pf_schema_field(&other, field->name, type, true, err));
    size_t size;
    const char *format = pf_schema_meta(field, PF_META_FORMAT, &size);
    if (format && is_temporal(before.kind) && is_temporal(type->kind)) {
        char *copy = pf_mem_text(format, size);
        pf_status status =
            copy ? pf_schema_set_meta(&other, PF_META_FORMAT, copy, err) : pf_fail_memory(err, size);
        pf_mem_free(copy);
        if (status != PF_OK) {
            pf_schema_release(&other);
            return status;
        }
    }
    pf_schema_release(field);
    *field = other;
    return PF_OK;
}

static pf_status make_field(const struct draft *draft, int64_t i, struct ArrowSchema *out,
                            struct pf_error *err) {
    const struct ArrowSchema *found = draft->found->children[draft->columns[i]];
    const bool *as_text = draft->request->as_text;
    struct pf_type text = {.kind = PF_KIND_UTF8, .index = PF_KIND_NULL_, .zone = ""};
    PF_TRY(pf_schema_copy(found, out, err));
    if (draft->types[i].kind >= 0)
        PF_TRY(retype(out, &draft->types[i], err));
    if (as_text && as_text[draft->columns[i]])
        PF_TRY(retype(out, &text, err));
    const char *types = pf_job_value(draft->request->job, "types", NULL, NULL);
    if (types && strcmp(types, "python") == 0 && strcmp(out->format, "u") == 0)
        out->flags &= ~(int64_t)ARROW_FLAG_NULLABLE; /* an empty cell is an empty text */
    if (draft->formats[i])
        PF_TRY(pf_schema_set_meta(out, PF_META_FORMAT, draft->formats[i], err));
    PF_TRY(pf_schema_rename(out, draft->names[i], err));
    const char *raw = draft->raw[draft->columns[i]];
    if (strcmp(raw, draft->names[i]) != 0)
        PF_TRY(pf_schema_set_meta(out, PF_META_SOURCE, raw, err));
    return PF_OK;
}

static pf_status make_schema(const struct draft *draft, struct pf_plan *plan, struct pf_error *err) {
    PF_TRY(pf_schema_struct(&plan->read, draft->count, err));
    plan->imposed = pf_mem_zero((size_t)draft->count, sizeof *plan->imposed);
    plan->unseen = pf_mem_zero((size_t)draft->count, sizeof *plan->unseen);
    if (!plan->imposed || !plan->unseen)
        return pf_fail_memory(err, (size_t)draft->count);
    for (int64_t i = 0; i < draft->count; i++) {
        struct ArrowSchema *field = plan->read.children[i];
        const bool *as_text = draft->request->as_text;
        size_t size;
        PF_TRY(make_field(draft, i, field, err));
        plan->imposed[i] = draft->types[i].kind >= 0 || (as_text && as_text[draft->columns[i]]);
        if (pf_schema_meta(field, PF_META_UNSEEN, &size)) { /* a fact of the survey, not of the file */
            plan->unseen[i] = !plan->imposed[i];
            PF_TRY(pf_schema_set_meta(field, PF_META_UNSEEN, NULL, err));
        }
    }
    return PF_OK;
}

static pf_status tell_names(const struct draft *draft, struct pf_error *err) {
    if (!draft->request->notices)
        return PF_OK;
    bool any_named = false; /* without a header no column is renamed: they all get their first name */
    for (int64_t i = 0; i < draft->found_count; i++)
        any_named = any_named || draft->raw[i][0];
    for (int64_t i = 0; i < draft->count && any_named; i++) {
        const char *before = draft->by_user[i] ? draft->wanted[i] : draft->raw[draft->columns[i]];
        if (strcmp(before, draft->names[i]) == 0)
            continue;
        if (before[0])
            PF_TRY(pf_notices_say(draft->request->notices, "renamed-column", draft->names[i], -1, err,
                                  "column %d is '%.120s' in the input and is written as '%.120s'",
                                  draft->columns[i] + 1, before, draft->names[i]));
        else
            PF_TRY(pf_notices_say(draft->request->notices, "renamed-column", draft->names[i], -1, err,
                                  "column %d has no name in the input and is written as '%.120s'",
                                  draft->columns[i] + 1, draft->names[i]));
    }
    return PF_OK;
}

/* ---- casts ---- */

static bool is_spark(const struct pf_plan_request *request) {
    const struct pf_writer *writer = request->writer;
    if (!writer || !pf_option_in(writer->options, "profile"))
        return false;
    const char *profile = pf_job_value(request->job, "profile", NULL, writer);
    return profile && strcmp(profile, "spark") == 0;
}

bool pf_plan_cast(const struct pf_plan_request *request, const struct pf_type *type,
                  struct pf_profile_cast *cast) {
    return is_spark(request) && pf_profile_spark(type, cast);
}

pf_status pf_plan_tell_cast(const struct ArrowSchema *field, const struct pf_profile_cast *cast,
                            struct pf_notices *notices, struct pf_error *err) {
    struct pf_type type;
    char from[96], to[96];
    PF_TRY(pf_type_of(field, &type, err));
    pf_type_print(&type, from, sizeof from);
    pf_type_print(&cast->target, to, sizeof to);
    return pf_notices_say(notices, "cast", field->name, -1, err, "%s → %s: %s", from, to, cast->why);
}

static pf_status plan_casts(const struct draft *draft, struct pf_plan *plan, struct pf_error *err) {
    if (!is_spark(draft->request))
        return PF_OK;
    for (int64_t i = 0; i < plan->count; i++) {
        struct pf_type type;
        struct pf_profile_cast cast;
        PF_TRY(pf_type_of(plan->read.children[i], &type, err));
        if (!pf_profile_spark(&type, &cast))
            continue;
        if (!plan->casts) {
            plan->casts = pf_mem_zero((size_t)plan->count, sizeof *plan->casts);
            if (!plan->casts)
                return pf_fail_memory(err, 0);
            for (int64_t k = 0; k < plan->count; k++)
                plan->casts[k].target.kind = -1;
        }
        plan->casts[i] = cast;
        if (draft->request->notices)
            PF_TRY(pf_plan_tell_cast(plan->read.children[i], &cast, draft->request->notices, err));
    }
    return PF_OK;
}

static pf_status draft_all(struct draft *draft, struct pf_plan *plan, struct pf_error *err) {
    PF_TRY(draft_found(draft, err));
    if (draft->request->schema_file) {
        PF_TRY(follow_file(draft, err));
    } else {
        PF_TRY(select_columns(draft, err));
        PF_TRY(make_room(draft, err));
        PF_TRY(rename_columns(draft, err));
        PF_TRY(impose_types(draft, err));
    }
    PF_TRY(pf_names_make(draft->wanted, (size_t)draft->count, PF_NAMES_KEEP, draft->names, err));
    PF_TRY(tell_names(draft, err));
    PF_TRY(make_schema(draft, plan, err));
    plan->columns = draft->columns;
    plan->count = draft->count;
    draft->columns = NULL;
    return plan_casts(draft, plan, err);
}

pf_status pf_plan_make(const struct pf_plan_request *request, struct pf_plan *plan, struct pf_error *err) {
    struct draft draft = {
        .request = request, .found = request->found, .found_count = request->found->n_children};
    *plan = (struct pf_plan){.limit_rows = pf_job_number(request->job, "limit", -1)};
    pf_status status = draft_all(&draft, plan, err);
    clear_draft(&draft);
    if (status != PF_OK)
        pf_plan_clear(plan);
    return status;
}
