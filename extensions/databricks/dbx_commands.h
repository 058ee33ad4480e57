/* dbx_commands.h — pyforge databricks env-info, list-volumes, validate-volume.  SPDX-License-Identifier: MIT */
#ifndef PF_DBX_COMMANDS_H
#define PF_DBX_COMMANDS_H
#include "pyforge/extension.h"

extern const struct pf_command *const pf_dbx_commands[]; /* NULL-ended */
#endif
