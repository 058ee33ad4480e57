/* cli_extensions.c — room cli. `pyforge list-extensions`, `pyforge extensions …`, `pyforge EXTENSION COMMAND`.
 * SPDX-License-Identifier: MIT
 * Knows: pf_forge_extension and its kin.
 * Knows not: what an extension does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"
#include "cli_json.h"
#include "cli_signal.h"
#include "cli_template.h"

/* ---- the list ---- */

static const char *status_of(const struct pf_extension_facts *facts) {
    if (facts->shadowed)
        return "- Shadowed";
    return facts->state == PF_EXTENSION_FAILED     ? "[FAIL] Failed"
           : facts->state == PF_EXTENSION_DISABLED ? "- Disabled"
                                                   : "[OK] Loaded";
}

/* crash: pf_forge_crash's, or NULL. */
static void details_of(const struct pf_extension_facts *facts, const char *crash, char *to, size_t room) {
    if (facts->shadowed)
        snprintf(to, room, "One of the same name was found first; this is %s", facts->path);
    else if (facts->state == PF_EXTENSION_FAILED)
        snprintf(to, room, "Error: %s: %s", facts->stage ? facts->stage : "", facts->text ? facts->text : "");
    else if (facts->disabled_by == PF_DISABLED_BY_USER)
        snprintf(to, room, "Disabled by user");
    else if (facts->state == PF_EXTENSION_DISABLED)
        snprintf(to, room, "Unavailable: %s", facts->text ? facts->text : "");
    else if (crash)
        snprintf(to, room, "Crashed: %s", crash);
    else
        snprintf(to, room, "%s", facts->summary ? facts->summary : "");
}

static void put_member(const char *key, const char *text) {
    char *quoted = pf_cli_json_quote(text);
    pf_cli_print("\"%s\": %s, ", key, quoted ? quoted : "null");
    free(quoted);
}

static void print_json(const struct pf_extension_facts *facts, const char *crash, bool first) {
    static const char *const by[] = {NULL, "user", "environment", "extension"};
    bool missing = facts->state == PF_EXTENSION_DISABLED && facts->disabled_by != PF_DISABLED_BY_USER;
    pf_cli_print("%s\n  {", first ? "" : ",");
    put_member("name", facts->name);
    put_member("version", facts->version);
    put_member("status", facts->shadowed ? "shadowed" : facts->state_name);
    put_member("description", facts->summary);
    put_member("missing", missing ? facts->text : NULL);
    put_member("stage", facts->stage && *facts->stage ? facts->stage : NULL);
    put_member("error", facts->state == PF_EXTENSION_FAILED ? facts->text : NULL);
    put_member("crash", crash);
    put_member("disabled_by", by[facts->disabled_by]);
    put_member("path", facts->path);
    pf_cli_print("\"load_seconds\": %.6f}", (double)facts->load_us / 1e6);
}

static int show_list(struct pf_cli_args *args) {
    struct pf_cli_table table = {.columns = 5, .right = 1u << 3};
    static const char *const heads[] = {"Extension", "Version", "Status", "Load Time", "Details"};
    struct pf_extension_facts facts = {.struct_size = sizeof facts};
    size_t count = 0, loaded = 0, failed = 0;
    pf_forge_wake(args->forge, NULL);
    for (size_t i = 0; i < 5 && !args->json; i++)
        pf_cli_table_text(&table, heads[i]);
    if (args->json)
        pf_cli_print("[");
    for (; pf_forge_extension(args->forge, count, &facts) == PF_OK; count++) {
        char details[600], took[32];
        char *crash = facts.shadowed ? NULL : pf_forge_crash(args->forge, facts.name);
        loaded += facts.state == PF_EXTENSION_INITIALIZED;
        failed += facts.state == PF_EXTENSION_FAILED && !facts.shadowed;
        if (args->json) {
            print_json(&facts, crash, count == 0);
            pf_text_free(crash);
            continue;
        }
        details_of(&facts, crash, details, sizeof details);
        pf_text_free(crash);
        snprintf(took, sizeof took, "%.2fs", (double)facts.load_us / 1e6);
        pf_cli_table_text(&table, facts.name);
        pf_cli_table_text(&table, facts.version ? facts.version : "-");
        pf_cli_table_text(&table, status_of(&facts));
        pf_cli_table_text(&table, took);
        pf_cli_table_text(&table, details);
    }
    if (args->json) {
        pf_cli_print("%s]\n", count ? "\n" : "");
    } else if (count) {
        pf_cli_table_show(&table, "PyForge CLI Extensions");
        pf_cli_print("\nTotal: %zu extension(s) discovered, %zu loaded, %zu failed\n", count, loaded, failed);
    } else {
        while (table.count)
            free(table.cells[--table.count]);
        free(table.cells);
        pf_cli_print("No extensions discovered\n");
    }
    return PF_EXIT_DONE;
}

int pf_cli_list_extensions(struct pf_cli_args *args) {
    if (args->positional_count)
        return pf_cli_usage("list-extensions: unexpected argument '%s'", args->positionals[0]);
    return show_list(args);
}

/* ---- one extension ---- */

static bool find_facts(pf_forge *forge, const char *name, struct pf_extension_facts *facts) {
    *facts = (struct pf_extension_facts){.struct_size = sizeof *facts};
    for (size_t i = 0; pf_forge_extension(forge, i, facts) == PF_OK; i++)
        if (!facts->shadowed && strcmp(facts->name, name) == 0)
            return true;
    return false;
}

static int no_such(const char *name) {
    return pf_cli_usage("no extension '%s' is installed; 'pyforge list-extensions' shows those that are", name);
}

static int why(struct pf_cli_args *args, const char *name) {
    struct pf_extension_facts facts;
    pf_forge_wake(args->forge, name);
    if (!find_facts(args->forge, name, &facts))
        return no_such(name);
    pf_cli_print("%s %s: %s\n", facts.name, facts.version ? facts.version : "(version unknown)",
                 facts.state_name);
    if (facts.state == PF_EXTENSION_FAILED)
        pf_cli_print("  stage: %s\n  why:   %s\n", facts.stage, facts.text);
    else if (facts.disabled_by == PF_DISABLED_BY_USER)
        pf_cli_print("  by:    you; 'pyforge extensions enable %s' takes that back\n", name);
    else if (facts.state == PF_EXTENSION_DISABLED)
        pf_cli_print("  missing: %s\n", facts.text);
    char *crash = pf_forge_crash(args->forge, name);
    if (crash)
        pf_cli_print("  crashed: %s\n", crash);
    pf_text_free(crash);
    if (facts.path)
        pf_cli_print("  file:  %s\n", facts.path);
    struct pf_extension_facts other = {.struct_size = sizeof other};
    for (size_t i = 0; pf_forge_extension(args->forge, i, &other) == PF_OK; i++)
        if (other.shadowed && strcmp(other.name, name) == 0)
            pf_cli_print("  hides: %s\n", other.path);
    return PF_EXIT_DONE;
}

/* What became of it, started if it can be. */
static int tell_state(struct pf_cli_args *args, const char *name) {
    struct pf_extension_facts facts;
    char details[600];
    pf_forge_wake(args->forge, name);
    if (!find_facts(args->forge, name, &facts))
        return PF_EXIT_DONE;
    bool failed = facts.state == PF_EXTENSION_FAILED, told = failed || facts.state == PF_EXTENSION_DISABLED;
    details_of(&facts, NULL, details, sizeof details);
    if (!args->quiet)
        pf_cli_print("%s: %s%s%s\n", facts.name, facts.state_name, told ? ": " : "", told ? details : "");
    return failed ? PF_EXIT_FAILED : PF_EXIT_DONE;
}

int pf_cli_extensions(struct pf_cli_args *args) {
    const char *word = args->positional_count ? args->positionals[0] : "list";
    const char *name = args->positional_count > 1 ? args->positionals[1] : NULL;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    pf_status status = PF_OK;
    if (strcmp(word, "check") == 0 && name)
        return pf_cli_trial(args);
    if (args->positional_count > 2)
        return pf_cli_usage("extensions: unexpected argument '%s'", args->positionals[2]);
    if (strcmp(word, "new") != 0 && (args->kind || args->language))
        return pf_cli_usage("extensions %s: --kind and --language belong to 'new'", word);
    if (strcmp(word, "list") == 0)
        return name ? pf_cli_usage("extensions list: unexpected argument '%s'", name) : show_list(args);
    if (!name && strcmp(word, "rescan") != 0)
        return pf_cli_usage("extensions %s: which? give a NAME", word);
    if (name && strcmp(word, "why") == 0)
        return why(args, name);
    if (name && strcmp(word, "new") == 0)
        return pf_cli_template_make(name, args->language, args->kind, args->quiet);
    if (strcmp(word, "enable") == 0 || strcmp(word, "disable") == 0)
        status = pf_forge_enable(args->forge, name, word[0] == 'e', &err);
    else if (strcmp(word, "rescan") == 0)
        status = pf_forge_rescan(args->forge, name, &err);
    else
        return pf_cli_usage("extensions: '%s' is none of list|why|enable|disable|rescan|new|check", word);
    if (status != PF_OK)
        return pf_cli_failed(&err);
    int code = name ? tell_state(args, name) : show_list(args);
    return name && strcmp(word, "rescan") != 0 ? PF_EXIT_DONE : code; /* a choice is kept all the same */
}

/* ---- commands of extensions ---- */

static void print_out(struct pf_console *console, const char *text, size_t size) {
    pf_cli_print("%.*s", (int)size, text);
}

static void print_complaint(struct pf_console *console, const char *text, size_t size) {
    pf_cli_say("%.*s", (int)size, text);
}

static int no_commands(pf_forge *forge, const char *name) {
    struct pf_extension_facts facts;
    bool known = find_facts(forge, name, &facts);
    if (known && facts.state == PF_EXTENSION_FAILED)
        return pf_cli_usage("extension '%s' failed: %s: %s", name, facts.stage, facts.text);
    if (known && facts.state == PF_EXTENSION_DISABLED && facts.text)
        return pf_cli_usage("extension '%s' is not available: %s", name, facts.text);
    return pf_cli_usage("extension '%s' has no commands", name);
}

static int list_commands(pf_forge *forge, const char *name) {
    const struct pf_command *command;
    pf_cli_print("Usage: pyforge %s COMMAND …\n\nCommands:\n", name);
    for (size_t i = 0; (command = pf_forge_command(forge, name, i)); i++)
        pf_cli_print("  %-20s %s\n", command->usage ? command->usage : command->name, command->summary);
    return PF_EXIT_DONE;
}

int pf_cli_extension_command(pf_forge *forge, int argc, char **argv) {
    struct pf_extension_facts facts;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    static volatile int32_t cancel;
    if (!find_facts(forge, argv[0], &facts))
        return -1;
    if (facts.disabled_by == PF_DISABLED_BY_USER)
        return pf_cli_usage("extension '%s' is disabled; 'pyforge extensions enable %s' takes that back",
                            argv[0], argv[0]);
    if (!pf_forge_command(forge, argv[0], 0))
        return no_commands(forge, argv[0]);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return list_commands(forge, argv[0]);
    struct pf_console console = {.struct_size = sizeof console,
                                 .width = pf_cli_width(),
                                 .print = print_out,
                                 .complain = print_complaint};
    int32_t code = PF_EXIT_FAILED;
    pf_cli_watch_flag(&cancel);
    pf_status status =
        pf_forge_run_command(forge, argv[0], argv[1], &console, argc - 1, argv + 1, &cancel, &code, &err);
    pf_cli_watch_flag(NULL);
    if (status != PF_OK)
        return pf_cli_usage("%s", err.message);
    return pf_cli_caught() ? 128 + pf_cli_caught() : code;
}
