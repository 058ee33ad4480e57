/* cli_tell.h — what -v says about a conversion, and notices, on standard error.              SPDX-License-Identifier: MIT */
#ifndef PF_CLI_TELL_H
#define PF_CLI_TELL_H
#include "cli_args.h"
#include "cli_json.h"

/* One entry of "files": what was found, what was done, why it was read again, how long it took. */
void pf_cli_tell_file(const struct pf_cli_args *args, pf_cli_value file);
/* What is odd about the data, a line each; not with -q. */
void pf_cli_tell_notices(pf_cli_value notices);
/* Which options were set, and by whom. */
void pf_cli_tell_options(const struct pf_cli_args *args, pf_cli_value result);
#endif
