/* opc_probe.h — what kind of document a package is.                              SPDX-License-Identifier: MIT */
#ifndef PF_OPC_PROBE_H
#define PF_OPC_PROBE_H
#include "pyforge/extension.h"

struct pf_opc_kind {
    const char *const *suffixes; /* up to NULL, as the next */
    const char *const *mains;    /* types of the main part, or what they contain */
    const char *usual;           /* where the main part usually is */
    int32_t locked; /* the score of a locked package, which may be anything, under another suffix */
};
/* A reader's probe. */
int32_t pf_opc_probe(const struct pf_probe *request, const struct pf_opc_kind *kind);
#endif
