/* sylk_reader.h — the reader of SYLK (symbolic link) files.                      SPDX-License-Identifier: MIT */
#ifndef PF_SYLK_READER_H
#define PF_SYLK_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_sylk_reader;
#endif
