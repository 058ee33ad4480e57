/* cli_generate.c — room cli. Man page, completions and docs/cli.md from the option tables.
 * SPDX-License-Identifier: MIT
 * Knows: the tables.
 * Knows not: terminals. */
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"
#include "cli_help.h"

/* ---- man page ---- */

static void man_text(const char *text) { /* roff: backslashes, dashes and leading dots are special */
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            pf_cli_print("\\&");
        if (*text == '\\')
            pf_cli_print("\\e");
        else if (*text == '-')
            pf_cli_print("\\-");
        else
            pf_cli_print("%c", *text);
        start = *text == '\n';
    }
}

static bool man_option(void *ctx, const char *scope, const struct pf_option *option) {
    (void)ctx, (void)scope;
    char form[160];
    pf_cli_option_form(option, form, sizeof form);
    pf_cli_print(".TP\n.B ");
    man_text(form + strspn(form, " "));
    pf_cli_print("\n");
    man_text(option->help ? option->help : "");
    if (option->fallback && *option->fallback && option->kind != PF_OPTION_FLAG) {
        pf_cli_print(" Default: ");
        man_text(option->fallback);
        pf_cli_print(".");
    }
    pf_cli_print("\n");
    return true;
}

static void print_man(pf_forge *forge) {
    pf_cli_print(
        ".TH PYFORGE 1 \"\" \"pyforge %s\" \"User Commands\"\n.SH NAME\npyforge \\- turn ugly data files into "
        "Parquet\n.SH SYNOPSIS\n.B pyforge\n[\\-\\-version] [\\-v] [\\-q] COMMAND ...\n.SH COMMANDS\n",
        pf_version());
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++) {
        if (c->hidden)
            continue;
        pf_cli_print(".TP\n.B ");
        man_text(c->usage);
        pf_cli_print("\n");
        man_text(c->summary);
        pf_cli_print("\n");
        if (c->more) {
            man_text(c->more);
            pf_cli_print("\n");
        }
    }
    pf_cli_print(".SH OPTIONS\n");
    for (size_t i = 0; pf_cli_own_options[i]; i++)
        man_option(NULL, NULL, pf_cli_own_options[i]);
    pf_cli_each_option(forge, NULL, man_option, NULL);
    pf_cli_print(".SH EXIT STATUS\n.TP\n0\ndone, also with rejects within the limits\n.TP\n1\nan input "
                 "failed\n.TP\n2\nusage, "
                 "or an input that is not there\n.TP\n3\nmore notices or rejects than allowed\n.TP\n130, "
                 "143\ninterrupted, "
                 "terminated\n");
}

/* ---- completions ---- */

static bool bash_option(void *ctx, const char *scope, const struct pf_option *option) {
    (void)ctx, (void)scope;
    pf_cli_print(" --%s", option->key);
    return true;
}

static bool bash_choices(void *ctx, const char *scope, const struct pf_option *option) {
    (void)ctx, (void)scope;
    if (!option->choices)
        return true;
    char words[256];
    snprintf(words, sizeof words, "%s", option->choices);
    for (char *p = words; *p; p++)
        *p = *p == '|' ? ' ' : *p;
    pf_cli_print("    --%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", option->key, words);
    return true;
}

static void print_bash(pf_forge *forge) {
    pf_cli_print("# bash completion for pyforge; made by `pyforge __generate bash`\n_pyforge() {\n"
                 "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n  COMPREPLY=()\n"
                 "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '");
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (!c->hidden)
            pf_cli_print("%s ", c->name);
    pf_cli_print("--version --help' -- \"$cur\"))\n    return\n  fi\n  case $prev in\n");
    pf_cli_each_option(forge, NULL, bash_choices, NULL);
    pf_cli_print("  esac\n  case $cur in\n  -*) COMPREPLY=($(compgen -W '");
    for (size_t i = 0; pf_cli_own_options[i]; i++)
        bash_option(NULL, NULL, pf_cli_own_options[i]);
    pf_cli_each_option(forge, NULL, bash_option, NULL);
    pf_cli_print("' -- \"$cur\")) ;;\n  *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\n"
                 "complete -o filenames -F _pyforge pyforge\n");
}

static bool zsh_option(void *ctx, const char *scope, const struct pf_option *option) {
    (void)ctx, (void)scope;
    pf_cli_print("    '--%s[", option->key);
    for (const char *p = option->help ? option->help : ""; *p; p++) {
        if (*p == '\'')
            pf_cli_print("'\\''");
        else if (strchr("[]:\\", *p))
            pf_cli_print("\\%c", *p);
        else
            pf_cli_print("%c", *p);
    }
    pf_cli_print("]");
    if (option->choices) {
        pf_cli_print(":value:(");
        for (const char *p = option->choices; *p; p++)
            pf_cli_print("%c", *p == '|' ? ' ' : *p);
        pf_cli_print(")");
    } else if (option->kind != PF_OPTION_FLAG) {
        pf_cli_print(":%s:_files", option->value_name ? option->value_name : "value");
    }
    pf_cli_print("' \\\n");
    return true;
}

static void print_zsh(pf_forge *forge) {
    pf_cli_print("#compdef pyforge\n# made by `pyforge __generate zsh`\nlocal -a commands=(");
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (!c->hidden)
            pf_cli_print("\n  '%s:%s'", c->name, c->summary);
    pf_cli_print(
        "\n)\nif (( CURRENT == 2 )); then\n  _describe command commands\nelse\n  shift words; (( CURRENT-- ))\n"
        "  _arguments \\\n");
    for (size_t i = 0; pf_cli_own_options[i]; i++)
        zsh_option(NULL, NULL, pf_cli_own_options[i]);
    pf_cli_each_option(forge, NULL, zsh_option, NULL);
    pf_cli_print("    '*:file:_files'\nfi\n");
}

/* ---- docs/cli.md ---- */

struct markdown {
    const char *group;
    const char *scope;
};

static void md_cell(const char *text) {
    for (; *text; text++)
        pf_cli_print(*text == '|' ? "\\|" : "%c", *text);
}

static bool md_option(void *ctx, const char *scope, const struct pf_option *option) {
    struct markdown *m = ctx;
    const char *group = option->group ? option->group : "Other";
    if (!m->group || strcmp(m->group, group) != 0 || m->scope != scope)
        pf_cli_print("\n### %s%s%s\n\n| Option | Default | Meaning |\n|---|---|---|\n", group,
                     !scope            ? ""
                     : scope[0] == '<' ? ", reading "
                                       : ", writing ",
                     scope ? scope + 1 : "");
    m->group = group;
    m->scope = scope;
    char form[160];
    pf_cli_option_form(option, form, sizeof form);
    pf_cli_print("| `");
    md_cell(form + strspn(form, " "));
    pf_cli_print("` | ");
    if (option->fallback && *option->fallback)
        pf_cli_print("`%s`", option->fallback);
    pf_cli_print(" | ");
    md_cell(option->help ? option->help : "");
    pf_cli_print(" |\n");
    return true;
}

static void print_markdown(pf_forge *forge) {
    pf_cli_print("# The command line\n\nMade by `pyforge __generate cli.md` from the option tables; a test "
                 "keeps it current.\n\n"
                 "## Commands\n\n| Command | What it does |\n|---|---|\n");
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (!c->hidden)
            pf_cli_print("| `pyforge %s` | %s |\n", c->usage, c->summary);
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (!c->hidden && c->more)
            pf_cli_print("\n`%s`: %s\n", c->name, c->more);
    pf_cli_print(
        "\nExit codes: 0 done, also with rejects within the limits; 1 an input failed, with one line on "
        "standard error "
        "each; 2 usage, or an input that is not there; 3 more notices or rejects than `--max-notices`, "
        "`--max-rejects` allow; 130 and 143 interrupted and terminated.\n\n"
        "`PYFORGE_COMPAT=1` brings back what the earlier program did otherwise: `--types python`, `--names "
        "pandas`, "
        "`--combine-sheets equal` and `--errors text` where nothing else is said, `convert data.csv` "
        "without `-f` writes Parquet into `data.txt` (with a warning), and an output that is there without "
        "`--force` or an "
        "input whose suffix no reader knows gives exit code 0. Inputs are never overwritten in either "
        "way.\n\n## "
        "Options\n");
    struct markdown m = {NULL, NULL};
    for (size_t i = 0; pf_cli_own_options[i]; i++)
        md_option(&m, NULL, pf_cli_own_options[i]);
    pf_cli_each_option(forge, NULL, md_option, &m);
}

int pf_cli_generate(struct pf_cli_args *args) {
    static const struct {
        const char *name;
        void (*print)(pf_forge *forge);
    } makers[] = {{"man", print_man}, {"bash", print_bash}, {"zsh", print_zsh}, {"cli.md", print_markdown}};
    for (size_t i = 0; args->positional_count == 1 && i < sizeof makers / sizeof makers[0]; i++)
        if (strcmp(args->positionals[0], makers[i].name) == 0) {
            makers[i].print(args->forge);
            return PF_EXIT_DONE;
        }
    return pf_cli_usage("__generate: one of man, bash, zsh, cli.md");
}
