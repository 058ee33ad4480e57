/* parquet_options.h — the Parquet writer's options and what they mean.          SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_OPTIONS_H
#define PF_PARQUET_OPTIONS_H
#include "write/parquet/parquet_schema.h"

extern const struct pf_option *const pf_parquet_options[]; /* NULL-ended */
/* host may be NULL: all defaults. ARGUMENT names the option and what it takes. */
pf_status pf_parquet_settings_read(struct pf_host *host, struct pf_parquet_settings *out, struct pf_error *err);
#endif
