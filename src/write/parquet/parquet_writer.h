/* parquet_writer.h — the Parquet writer.                                        SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_WRITER_H
#define PF_PARQUET_WRITER_H
#include "pyforge/extension.h"
extern const struct pf_writer pf_parquet_writer;
#endif
