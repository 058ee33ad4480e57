/* cli_help.c — room cli. Help out of the option tables.                         SPDX-License-Identifier: MIT
 * Knows: commands, options and how to lay them out.
 * Knows not: what an option does. */
#include "cli_help.h"

#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"

void pf_cli_option_form(const struct pf_option *option, char *to, size_t room) {
    int n = option->short_name ? snprintf(to, room, "-%c, --%s", (char)option->short_name, option->key)
                               : snprintf(to, room, "    --%s", option->key);
    if (option->kind != PF_OPTION_FLAG && n > 0 && (size_t)n < room)
        snprintf(to + n, room - (size_t)n, " %s",
                 option->choices      ? option->choices
                 : option->value_name ? option->value_name
                                      : "TEXT");
}

static void show_option(const struct pf_option *option) {
    char form[160];
    pf_cli_option_form(option, form, sizeof form);
    size_t cells = pf_cli_cells_of(form, strlen(form));
    pf_cli_print("  %s%s%s", pf_cli_ink(true, PF_INK_BOLD), form, pf_cli_ink(true, PF_INK_PLAIN));
    bool fits = cells + 4 <= 30;
    if (fits)
        pf_cli_print("%*s", (int)(30 - cells - 2), "");
    else
        pf_cli_print("\n");
    char help[1024];
    snprintf(help, sizeof help, "%s", option->help ? option->help : "");
    if (option->fallback && *option->fallback && option->kind != PF_OPTION_FLAG)
        snprintf(help + strlen(help), sizeof help - strlen(help), " [%s]", option->fallback);
    if (option->kind == PF_OPTION_LIST)
        snprintf(help + strlen(help), sizeof help - strlen(help), " (repeatable)");
    pf_cli_wrap(help, 30, fits);
}

/* ---- groups: options are shown under their headings, in the order in which headings first come ---- */

#define MOST_GROUPS 32
struct groups {
    const struct pf_cli_command *command;
    const char *names[MOST_GROUPS];
    size_t count;
    const char *only; /* NULL: collect the names */
};

static bool visit(void *ctx, const char *scope, const struct pf_option *option) {
    struct groups *g = ctx;
    (void)scope;
    if (pf_cli_takes_own(g->command, option->key))
        return true;
    const char *group = option->group ? option->group : "Other";
    if (g->only) {
        if (strcmp(group, g->only) == 0)
            show_option(option);
        return true;
    }
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->names[i], group) == 0)
            return true;
    if (g->count < MOST_GROUPS)
        g->names[g->count++] = group;
    return true;
}

static void heading(const char *text) {
    pf_cli_print("\n%s%s:%s\n", pf_cli_ink(true, PF_INK_BOLD), text, pf_cli_ink(true, PF_INK_PLAIN));
}

static void help_command(pf_forge *forge, const struct pf_cli_command *command, const char *format) {
    pf_cli_print("Usage: pyforge %s%s\n\n  %s\n", command->usage, command->job_options ? " [OPTIONS]" : "",
                 command->summary);
    if (command->more) {
        pf_cli_print("\n");
        pf_cli_wrap(command->more, 2, false);
    }
    heading("General");
    for (size_t i = 0; pf_cli_own_options[i]; i++) {
        if (pf_cli_takes_own(command, pf_cli_own_options[i]->key))
            show_option(pf_cli_own_options[i]);
    }
    if (!command->job_options || strcmp(command->name, "help") == 0)
        return;
    struct groups g = {.command = command};
    pf_cli_each_option(forge, format, visit, &g);
    for (size_t i = 0; i < g.count; i++) {
        g.only = g.names[i];
        heading(g.only);
        pf_cli_each_option(forge, format, visit, &g);
    }
}

static int help_all(void) {
    pf_cli_print("Usage: pyforge [--version] [-v] [-q] COMMAND …\n\n  Turns ugly files into Parquet: every "
                 "value right, or refused "
                 "with its place.\n");
    heading("Commands");
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (!c->hidden)
            pf_cli_print("  %s%-16s%s %s\n", pf_cli_ink(true, PF_INK_BOLD), c->name,
                         pf_cli_ink(true, PF_INK_PLAIN), c->summary);
    heading("Examples");
    pf_cli_print("  pyforge convert orders.csv                 writes orders.parquet\n"
                 "  pyforge convert 'in/*.csv.gz' out/         one Parquet file each\n"
                 "  pyforge info orders.csv                    dialect, encoding, exact types, rows\n"
                 "  pyforge help convert                       all options\n");
    return PF_EXIT_DONE;
}

static bool is_format(pf_forge *forge, const char *name) {
    struct pf_format format = {.struct_size = sizeof format};
    for (size_t i = 0; pf_forge_format(forge, i, &format) == PF_OK; i++)
        if (strcmp(format.name, name) == 0)
            return true;
    return false;
}

int pf_cli_no_command(const char *word) {
    const char *nearest = NULL;
    size_t distance = strlen(word) / 2 + 1;
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++) {
        size_t far = pf_cli_distance(word, strlen(word), c->name);
        if (!c->hidden && far < distance)
            distance = far, nearest = c->name;
    }
    if (nearest)
        return pf_cli_usage("no such command: %s (did you mean %s?)", word, nearest);
    if (strpbrk(word, "./")) /* a file, and nothing said what to do with it */
        return pf_cli_usage("no such command: %s (did you mean convert %s?)", word, word);
    return pf_cli_usage("no such command: %s", word);
}

int pf_cli_help(struct pf_cli_args *args) {
    if (args->positional_count == 0)
        return help_all();
    const struct pf_cli_command *command = pf_cli_find(args->positionals[0]);
    if (!command)
        return pf_cli_no_command(args->positionals[0]);
    const char *format = args->positional_count > 1 ? args->positionals[1] : NULL;
    if (format && !is_format(args->forge, format))
        return pf_cli_usage("no such format: %s (see 'pyforge formats')", format);
    help_command(args->forge, command, format);
    return PF_EXIT_DONE;
}
