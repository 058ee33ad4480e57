/* cli_start.c — room cli. What must be known before the forge is opened.         SPDX-License-Identifier: MIT
 * Knows: the options of extensions and log, their variables.
 * Knows not: commands, other options. */
#include "cli_start.h"

#include <stdlib.h>
#include <string.h>

#include "cli_console.h"

#define LIMIT_SECONDS_MOST 3600.0

static const struct {
    const char *key;
    bool takes_value;
} options[] = {{"--no-extensions", false}, {"--extension-path", true}, {"--extension-timeout", true},
               {"--log-level", true},      {"--log-file", true},       {"--log-format", true}};
#define OPTION_COUNT (sizeof options / sizeof options[0])

/* Which one the word is; OPTION_COUNT: none. *value: behind '='. */
static size_t find(const char *word, const char **value) {
    size_t size = strcspn(word, "=");
    *value = word[size] ? word + size + 1 : NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strlen(options[i].key) == size && memcmp(options[i].key, word, size) == 0)
            return i;
    return OPTION_COUNT;
}

int pf_cli_start_words(int argc, char **argv, int at) {
    const char *value;
    size_t option = find(argv[at], &value);
    if (option == OPTION_COUNT)
        return 0;
    return options[option].takes_value && !value && at + 1 < argc ? 2 : 1;
}

static int set_timeout(struct pf_cli_start *start, const char *by, const char *value) {
    char *end;
    double seconds = strtod(value, &end);
    if (!*value || *end || !(seconds > 0) || seconds > LIMIT_SECONDS_MOST)
        return pf_cli_usage("%s: '%s' is no number of seconds between 0 and 3600", by, value);
    start->limit_ms = seconds < 0.001 ? 1 : (int32_t)(seconds * 1000);
    return PF_EXIT_DONE;
}

static int set_level(struct pf_cli_start *start, const char *by, const char *value) {
    start->log.level = pf_cli_log_level(value);
    return start->log.level ? PF_EXIT_DONE
                            : pf_cli_usage("%s: '%s' is none of error|warning|info|debug", by, value);
}

static int set(struct pf_cli_start *start, size_t option, const char *value) {
    const char *key = options[option].key;
    if (options[option].takes_value && !value)
        return pf_cli_usage("%s needs a value", key);
    if (strcmp(key, "--no-extensions") == 0)
        start->no_extensions = true;
    else if (strcmp(key, "--extension-path") == 0)
        start->extension_path = value;
    else if (strcmp(key, "--extension-timeout") == 0)
        return set_timeout(start, key, value);
    else if (strcmp(key, "--log-level") == 0)
        return set_level(start, key, value);
    else if (strcmp(key, "--log-file") == 0)
        start->log.path = value;
    else if (strcmp(value, "json") != 0 && strcmp(value, "text") != 0)
        return pf_cli_usage("%s: '%s' is none of text|json", key, value);
    else
        start->log.json = strcmp(value, "json") == 0;
    return PF_EXIT_DONE;
}

int pf_cli_start_read(struct pf_cli_start *start, int argc, char **argv) {
    int verbose = 0;
    *start = (struct pf_cli_start){0};
    bool in_command = false;
    for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++) {
        const char *value;
        size_t option = find(argv[at], &value);
        if (!in_command && argv[at][0] != '-' && !pf_cli_find(argv[at]))
            break; /* an extension: the words behind it are its own */
        in_command = in_command || argv[at][0] != '-';
        verbose += strcmp(argv[at], "-v") == 0 || strcmp(argv[at], "--verbose") == 0;
        if (option == OPTION_COUNT)
            continue;
        if (pf_cli_start_words(argc, argv, at) == 2)
            value = argv[++at];
        int code = set(start, option, value);
        if (code != PF_EXIT_DONE)
            return code;
    }
    const char *level = pf_cli_environment("PYFORGE_LOG_LEVEL");
    if (!start->log.level && level && *level) {
        int code = set_level(start, "PYFORGE_LOG_LEVEL", level);
        if (code != PF_EXIT_DONE)
            return code;
    }
    const char *seconds = pf_cli_environment("PYFORGE_EXTENSION_TIMEOUT");
    if (!start->limit_ms && seconds && *seconds) {
        int code = set_timeout(start, "PYFORGE_EXTENSION_TIMEOUT", seconds);
        if (code != PF_EXIT_DONE)
            return code;
    }
    if (!start->log.level)
        start->log.level = verbose ? PF_LOG_WARNING + verbose : start->log.path ? PF_LOG_DEBUG : PF_LOG_ERROR;
    return PF_EXIT_DONE;
}

int pf_cli_start_extensions(const struct pf_cli_start *start, pf_forge *forge) {
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct pf_allow allow = *start->allow;
    allow.limit_ms = start->limit_ms;
    allow.path = start->extension_path;
    if (start->no_extensions)
        return PF_EXIT_DONE;
    pf_forge_note_crashes(forge);
    return pf_forge_allow(forge, &allow, &err) == PF_OK ? PF_EXIT_DONE : pf_cli_failed(&err);
}
