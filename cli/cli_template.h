/* cli_template.h — `pyforge extensions new`: whole extensions to begin with.     SPDX-License-Identifier: MIT */
#ifndef PF_CLI_TEMPLATE_H
#define PF_CLI_TEMPLATE_H
#include "cli.h"

/* One file of a template. In its name and its text "sample" stands for the extension's name, "SAMPLE" for the same in
 * capitals and "Sample" for the same with a capital at the start of each word. A further language is more rows: they are
 * made at build time of the folders that cli/meson.build lists. */
struct pf_cli_template_file {
    const char *language; /* "c" */
    const char *kind;     /* "reader" */
    const char *name;     /* "extension.c"; may lie in folders */
    const char *text;
};
extern const struct pf_cli_template_file pf_cli_template_files[]; /* ends with language NULL */

/* Makes the folder `name` and the files of the kind in it. language NULL: c. Complains; returns the exit code. */
int pf_cli_template_make(const char *name, const char *language, const char *kind, bool quiet);
#endif
