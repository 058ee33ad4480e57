/* run_status.c — room run. Names and meanings of the status codes, the version.  SPDX-License-Identifier: MIT
 * Knows: the list in status.h.
 * Knows not: who fails. */
#include "pyforge/pyforge.h"
#include "pyforge/version.h"

const char *pf_version(void) { return PYFORGE_VERSION; }

#define NAME_CASE(name, number, text)                                                                          \
    case PF_##name: return #name;
const char *pf_status_name(pf_status code) {
    switch (code) {
        PF_STATUS_LIST(NAME_CASE)
    default: return "UNKNOWN";
    }
}

#define TEXT_CASE(name, number, text)                                                                          \
    case PF_##name: return text;
const char *pf_status_text(pf_status code) {
    switch (code) {
        PF_STATUS_LIST(TEXT_CASE)
    default: return "unknown";
    }
}
