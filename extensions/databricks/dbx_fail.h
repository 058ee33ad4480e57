/* dbx_fail.h — writing struct pf_error inside an extension.                     SPDX-License-Identifier: MIT */
#ifndef PF_DBX_FAIL_H
#define PF_DBX_FAIL_H
#include "pyforge/extension.h"

/* Fills *err (NULL is fine) and returns code. The message is one line: what is wrong; then what to do. */
pf_status pf_dbx_fail(struct pf_error *err, pf_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
pf_status pf_dbx_fail_memory(struct pf_error *err);
/* The size of the well-formed character of UTF-8 at text, 0 when there is none. */
size_t pf_dbx_character_size(const char *text);
/* In place: what no terminal should be sent, controls and bytes that are no UTF-8, becomes '?'. */
void pf_dbx_make_presentable(char *text);
/* The heap: the host's where there is a host, so that its limits hold. Zeroed. Give back to the same host. */
void *pf_dbx_take(struct pf_host *host, size_t size);
void pf_dbx_give_back(struct pf_host *host, void *memory);
#endif
