/* cli_args.c — room cli. Sorts a command line by the option tables.             SPDX-License-Identifier: MIT
 * Knows: the CLI's own options, the jobs' options through pf_forge_option, nearest names.
 * Knows not: what an option does. */
#include "cli_args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_compat.h"
#include "cli_console.h"

#define OWN(kind_, key_, short_, value_, choices_, help_)                                                      \
    {                                                                                                          \
        .struct_size = sizeof(struct pf_option), .kind = PF_OPTION_##kind_, .key = key_, .short_name = short_, \
        .value_name = value_, .choices = choices_, .help = help_, .group = "General"                           \
    }
static const struct pf_option own[] = {
    OWN(FLAG, "help", 'h', NULL, NULL, "Show this help."),
    OWN(FLAG, "verbose", 'v', NULL, NULL, "Say more; may stand before or after the command."),
    OWN(FLAG, "quiet", 'q', NULL, NULL, "Say nothing but errors."),
    OWN(FLAG, "json", 0, NULL, NULL, "Print the result as JSON."),
    OWN(FLAG, "explain", 0, NULL, NULL, "Print the plan and who set each option; write nothing."),
    OWN(TEXT, "output", 'o', "OUTPUT", NULL, "Where to write; all other arguments are then inputs."),
    OWN(CHOICE, "format", 'f', "VIEW", "table|json", "How to show the facts; --json is the same as -f json."),
    OWN(FLAG, "sample", 0, NULL, NULL, "Answer from the survey of a part of the file, and say so."),
    OWN(INTEGER, "rows", 'n', "N", NULL, "How many rows to show (default 10)."),
    OWN(FLAG, "no-extensions", 0, NULL, NULL, "Look for no extensions; PYFORGE_NO_EXTENSIONS=1 does the same."),
    OWN(TEXT, "extension-path", 0, "FOLDERS", NULL,
        "Folders to look for extensions in first, ':' between them."),
    OWN(TEXT, "extension-timeout", 0, "SECONDS", NULL,
        "How long an extension may take to load, and for a hook (default 5)."),
    OWN(CHOICE, "log-level", 0, NULL, "error|warning|info|debug", "What of the log is shown."),
    OWN(TEXT, "log-file", 0, "FILE", NULL, "Append the log there; all of it, unless a level is given."),
    OWN(CHOICE, "log-format", 0, NULL, "text|json", "How the log's lines look."),
    OWN(TEXT, "kind", 0, "KIND", NULL, "Of new: reader, store, engine, command or hooks."),
    OWN(TEXT, "language", 0, "LANGUAGE", NULL, "Of new: what it is written in: c or python (default c)."),
};
#define OWN_COUNT (sizeof own / sizeof own[0])
const struct pf_option *const pf_cli_own_options[] = {
    &own[0], &own[1],  &own[2],  &own[3],  &own[4],  &own[5],  &own[6],  &own[7],  &own[8],
    &own[9], &own[10], &own[11], &own[12], &own[13], &own[14], &own[15], &own[16], NULL};

bool pf_cli_takes_own(const struct pf_cli_command *command, const char *key) {
    if (strcmp(key, "help") == 0 || strcmp(key, "verbose") == 0 || strcmp(key, "quiet") == 0 ||
        strcmp(key, "no-extensions") == 0 || strncmp(key, "extension-", 10) == 0 ||
        strncmp(key, "log-", 4) == 0)
        return true; /* the last ones were read before the forge was opened: cli_start.c */
    char needle[40];
    snprintf(needle, sizeof needle, "|%s|", key);
    return command && command->own && strstr(command->own, needle);
}

/* ---- job options, each key once ---- */

static bool was_before(pf_forge *forge, const char *only, const char *scope, size_t formats_done,
                       const char *key) {
    const struct pf_option *option;
    for (size_t i = 0; (option = pf_forge_option(forge, NULL, i)); i++)
        if (scope && strcmp(option->key, key) == 0)
            return true;
    for (size_t f = 0; f < formats_done; f++) {
        struct pf_format format = {.struct_size = sizeof format};
        if (pf_forge_format(forge, f / 2, &format) != PF_OK)
            break;
        if (only && strcmp(format.name, only) != 0)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%c%s", f % 2 ? '>' : '<', format.name);
        for (size_t i = 0; (option = pf_forge_option(forge, name, i)); i++)
            if (strcmp(option->key, key) == 0)
                return true;
    }
    return false;
}

void pf_cli_each_option(pf_forge *forge, const char *only,
                        bool (*each)(void *ctx, const char *scope, const struct pf_option *option), void *ctx) {
    const struct pf_option *option;
    for (size_t i = 0; (option = pf_forge_option(forge, NULL, i)); i++)
        if (!each(ctx, NULL, option))
            return;
    struct pf_format format = {.struct_size = sizeof format};
    for (size_t f = 0; pf_forge_format(forge, f / 2, &format) == PF_OK; f++) {
        char scope[64];
        if (only && strcmp(format.name, only) != 0)
            continue;
        snprintf(scope, sizeof scope, "%c%s", f % 2 ? '>' : '<', format.name);
        for (size_t i = 0; (option = pf_forge_option(forge, scope, i)); i++)
            if (!was_before(forge, only, scope, f, option->key) && !each(ctx, scope, option))
                return;
    }
}

struct search {
    const char *key;
    size_t size;
    int short_name;
    const struct pf_option *found;
    const char *nearest;
    size_t distance;
};

size_t pf_cli_distance(const char *a, size_t n, const char *b) {
    size_t row[33], m = strlen(b);
    if (n > 31 || m > 31)
        return 99;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = before + (a[i - 1] != b[j - 1]);
            before = row[j];
            size_t best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < best ? change : best;
        }
    }
    return row[m];
}

static bool match_option(void *ctx, const char *scope, const struct pf_option *option) {
    (void)scope;
    struct search *s = ctx;
    if (s->key ? strlen(option->key) == s->size && memcmp(option->key, s->key, s->size) == 0
               : option->short_name && option->short_name == s->short_name) {
        s->found = option;
        return false;
    }
    if (s->key) {
        size_t distance = pf_cli_distance(s->key, s->size, option->key);
        if (distance < s->distance) {
            s->distance = distance;
            s->nearest = option->key;
        }
    }
    return true;
}

/* ---- reading ---- */

struct reading {
    struct pf_cli_args *args;
    int argc, at;
    char **argv;
    size_t room;
};

static bool is_choice(const char *choices, const char *word) {
    size_t size = strlen(word);
    for (const char *at = choices; at && *at; at += strcspn(at, "|"), at += *at == '|')
        if (size && strncasecmp(at, word, size) == 0 && (at[size] == '|' || !at[size]))
            return true;
    return false;
}

static int set_own(struct pf_cli_args *args, const struct pf_option *option, const char *value) {
    const char *key = option->key;
    if (option->choices && value && !is_choice(option->choices, value))
        return pf_cli_usage("-%c/--%s: '%s' is none of %s", (char)option->short_name, key, value,
                            option->choices);
    if (option->kind == PF_OPTION_INTEGER && value && (!*value || value[strspn(value, "0123456789")]))
        return pf_cli_usage("-%c/--%s wants a whole number, not '%s'; give one such as 10",
                            (char)option->short_name, key, value);
    if (strcmp(key, "verbose") == 0)
        args->verbose++;
    else if (strcmp(key, "quiet") == 0)
        args->quiet = true;
    else if (strcmp(key, "json") == 0)
        args->json = true;
    else if (strcmp(key, "explain") == 0)
        args->explain = true;
    else if (strcmp(key, "sample") == 0)
        args->sample = true;
    else if (strcmp(key, "output") == 0)
        args->output = value;
    else if (strcmp(key, "format") == 0)
        args->json = args->json || (value && strcasecmp(value, "json") == 0);
    else if (strcmp(key, "rows") == 0)
        args->rows = value;
    else if (strcmp(key, "kind") == 0)
        args->kind = value;
    else if (strcmp(key, "language") == 0)
        args->language = value;
    else if (strcmp(key, "help") == 0)
        args->command = args->command ? pf_cli_find("help") : args->command;
    return PF_EXIT_DONE;
}

static const struct pf_option *find_own(const struct pf_cli_args *args, const char *key, size_t size,
                                        int short_name) {
    for (size_t i = 0; i < OWN_COUNT; i++) {
        bool same = key ? strlen(own[i].key) == size && memcmp(own[i].key, key, size) == 0
                        : own[i].short_name && own[i].short_name == short_name;
        if (same && pf_cli_takes_own(args->command, own[i].key))
            return &own[i];
    }
    return NULL;
}

static int unknown_option(struct pf_cli_args *args, const char *key, size_t size) {
    struct search s = {.key = key, .size = size, .distance = 4};
    if (args->command && args->command->job_options)
        pf_cli_each_option(args->forge, NULL, match_option, &s);
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (pf_cli_takes_own(args->command, own[i].key))
            match_option(&s, NULL, &own[i]);
    const char *name = args->command ? args->command->name : "pyforge";
    if (s.nearest)
        return pf_cli_usage("%s: no such option: --%.*s (did you mean --%s?)", name, (int)size, key, s.nearest);
    return pf_cli_usage("%s: no such option: --%.*s", name, (int)size, key);
}

static int add_option(struct reading *r, const char *key, const char *value) {
    struct pf_cli_args *args = r->args;
    args->keys[args->option_count] = key;
    args->values[args->option_count++] = value;
    return PF_EXIT_DONE;
}

/* A choice that knows "yes" may stand alone and then means it: --decimal-comma. */
static bool stands_alone(const struct reading *r, const struct pf_option *option) {
    return option->kind == PF_OPTION_CHOICE && is_choice(option->choices, "yes") &&
           !(r->at + 1 < r->argc && is_choice(option->choices, r->argv[r->at + 1]));
}

/* value: what stood behind '='; NULL: take the next word. */
static int take_option(struct reading *r, const struct pf_option *option, bool is_own, const char *value) {
    if (option->kind == PF_OPTION_FLAG) {
        if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return pf_cli_usage("--%s takes no value", option->key);
        if (!value)
            value = "true";
    } else if (!value && stands_alone(r, option)) {
        value = "yes";
    } else if (!value) {
        if (r->at + 1 >= r->argc)
            return pf_cli_usage("--%s needs a value (%s)", option->key,
                                option->value_name ? option->value_name : "TEXT");
        value = r->argv[++r->at];
    }
    return is_own ? set_own(r->args, option, value) : add_option(r, option->key, value);
}

static int take_long(struct reading *r, const char *word) {
    const char *key = word + 2, *equals = strchr(key, '=');
    size_t size = equals ? (size_t)(equals - key) : strlen(key);
    const struct pf_option *option = find_own(r->args, key, size, 0);
    if (option)
        return take_option(r, option, true, equals ? equals + 1 : NULL);
    struct search s = {.key = key, .size = size, .distance = 4};
    if (r->args->command && r->args->command->job_options) {
        pf_cli_each_option(r->args->forge, NULL, match_option, &s);
        if (!s.found && size > 3 && memcmp(key, "no-", 3) == 0 && !equals) {
            s = (struct search){.key = key + 3, .size = size - 3};
            pf_cli_each_option(r->args->forge, NULL, match_option, &s);
            if (s.found && s.found->kind == PF_OPTION_FLAG)
                return add_option(r, s.found->key, "false");
            s.found = NULL;
        }
        if (!s.found && size == 2 && memcmp(key, "to", 2) == 0) { /* alias of --format */
            s = (struct search){.key = "format", .size = 6};
            pf_cli_each_option(r->args->forge, NULL, match_option, &s);
        }
    }
    return s.found ? take_option(r, s.found, false, equals ? equals + 1 : NULL)
                   : unknown_option(r->args, key, size);
}

static int take_short(struct reading *r, const char *word) {
    for (const char *p = word + 1; *p; p++) {
        const struct pf_option *option = find_own(r->args, NULL, 0, *p);
        bool is_own = option != NULL;
        if (!option && r->args->command && r->args->command->job_options) {
            struct search s = {.short_name = *p};
            pf_cli_each_option(r->args->forge, NULL, match_option, &s);
            option = s.found;
        }
        if (!option)
            return pf_cli_usage("%s: no such option: -%c",
                                r->args->command ? r->args->command->name : "pyforge", *p);
        if (option->kind != PF_OPTION_FLAG) /* -csnappy or -c snappy */
            return take_option(r, option, is_own, p[1] ? p + 1 : NULL);
        int code = take_option(r, option, is_own, NULL);
        if (code != PF_EXIT_DONE)
            return code;
    }
    return PF_EXIT_DONE;
}

int pf_cli_args_read(struct pf_cli_args *args, int argc, char **argv) {
    struct reading r = {args, argc, 0, argv, 0};
    size_t room = (size_t)(argc > 0 ? argc : 1);
    args->positionals = calloc(room, sizeof *args->positionals);
    args->keys = calloc(room, sizeof *args->keys);
    args->values = calloc(room, sizeof *args->values);
    if (!args->positionals || !args->keys || !args->values)
        return pf_cli_usage("out of memory");
    bool only_words = false;
    for (; r.at < argc; r.at++) {
        const char *word = argv[r.at];
        int code = PF_EXIT_DONE;
        if (only_words || word[0] != '-' || !word[1])
            args->positionals[args->positional_count++] = word;
        else if (strcmp(word, "--") == 0)
            only_words = true;
        else
            code = word[1] == '-' ? take_long(&r, word) : take_short(&r, word);
        if (code != PF_EXIT_DONE)
            return code;
    }
    return PF_EXIT_DONE;
}

void pf_cli_args_clear(struct pf_cli_args *args) {
    free(args->positionals);
    free(args->keys);
    free(args->values);
    args->positionals = args->keys = args->values = NULL;
}

/* Values of a list option given several times are one value joined by U+001F. */
static pf_status set_option(pf_job *job, const struct pf_cli_args *args, size_t at, struct pf_error *err) {
    size_t size = 1, count = 0;
    for (size_t i = at; i < args->option_count; i++)
        if (strcmp(args->keys[i], args->keys[at]) == 0)
            size += strlen(args->values[i]) + 1, count++;
    for (size_t i = 0; i < at; i++)
        if (strcmp(args->keys[i], args->keys[at]) == 0)
            return PF_OK; /* was set with its first */
    struct search s = {.key = args->keys[at], .size = strlen(args->keys[at])};
    pf_cli_each_option(args->forge, NULL, match_option, &s);
    if (count == 1 || !s.found || s.found->kind != PF_OPTION_LIST) {
        const char *value = args->values[at]; /* the last one given holds */
        for (size_t i = at; i < args->option_count; i++)
            if (strcmp(args->keys[i], args->keys[at]) == 0)
                value = args->values[i];
        bool was_suffix =
            pf_cli_compat() && strcmp(args->keys[at], "format") == 0 && strcasecmp(value, "txt") == 0;
        return was_suffix ? PF_OK : pf_job_set(job, args->keys[at], value, err);
    }
    char *joined = malloc(size);
    if (!joined)
        return PF_NO_MEMORY;
    size_t n = 0;
    for (size_t i = at; i < args->option_count; i++)
        if (strcmp(args->keys[i], args->keys[at]) == 0)
            n += (size_t)snprintf(joined + n, size - n, n ? "\x1F%s" : "%s", args->values[i]);
    pf_status status = pf_job_set(job, args->keys[at], joined, err);
    free(joined);
    return status;
}

int pf_cli_job(const struct pf_cli_args *args, const char *input, pf_job **job) {
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    pf_status status = pf_job_open(args->forge, job, &err);
    for (size_t i = 0; status == PF_OK && i < args->option_count; i++)
        status = set_option(*job, args, i, &err);
    if (status == PF_OK)
        status = pf_cli_compat_defaults(args, *job, &err);
    if (status == PF_OK && input)
        status = pf_job_set(*job, "input", input, &err);
    if (status == PF_OK)
        return PF_EXIT_DONE;
    if (*job)
        pf_job_close(job);
    if (status != PF_ARGUMENT)
        return pf_cli_failed(&err);
    return pf_cli_usage("%s%s%s", err.where, *err.where ? ": " : "", err.message);
}
