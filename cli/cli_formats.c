/* cli_formats.c — room cli. `pyforge formats`.                              SPDX-License-Identifier: MIT
 * Knows: pf_forge_format.
 * Knows not: what a format does. */
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"

static void join_suffixes(const char *const *suffixes, char *to, size_t room) {
    to[0] = 0;
    for (size_t i = 0; suffixes && suffixes[i]; i++) {
        if (i)
            strncat(to, ", ", room - strlen(to) - 1);
        strncat(to, suffixes[i], room - strlen(to) - 1);
    }
}

static void print_json(const struct pf_format *format, bool first) {
    pf_cli_print(
        "%s\n  {\"name\": \"%s\", \"reads\": %s, \"writes\": %s, \"extension\": \"%s\", \"summary\": \"%s\", "
        "\"suffixes\": [",
        first ? "" : ",", format->name, format->reads ? "true" : "false", format->writes ? "true" : "false",
        format->extension, format->summary);
    for (size_t i = 0; format->suffixes && format->suffixes[i]; i++)
        pf_cli_print("%s\"%s\"", i ? ", " : "", format->suffixes[i]);
    pf_cli_print("]}");
}

int pf_cli_formats(struct pf_cli_args *args) {
    if (args->positional_count)
        return pf_cli_usage("formats: unexpected argument '%s'", args->positionals[0]);
    struct pf_cli_table table = {.columns = 5};
    static const char *const heads[] = {"Format", "Reads", "Writes", "Suffixes", "Summary"};
    for (size_t i = 0; i < 5 && !args->json; i++)
        pf_cli_table_text(&table, heads[i]);
    if (args->json)
        pf_cli_print("[");
    struct pf_format format = {.struct_size = sizeof format};
    for (size_t i = 0; pf_forge_format(args->forge, i, &format) == PF_OK; i++) {
        char suffixes[256];
        if (args->json) {
            print_json(&format, i == 0);
            continue;
        }
        join_suffixes(format.suffixes, suffixes, sizeof suffixes);
        pf_cli_table_text(&table, format.name);
        pf_cli_table_text(&table, format.reads ? "yes" : "-");
        pf_cli_table_text(&table, format.writes ? "yes" : "-");
        pf_cli_table_text(&table, suffixes);
        pf_cli_table_text(&table, format.summary);
    }
    if (args->json)
        pf_cli_print("\n]\n");
    else
        pf_cli_table_show(&table, "Supported Formats");
    return PF_EXIT_DONE;
}
