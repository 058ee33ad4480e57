/* registry_state.c — room registry. The states of an extension as one table.
 * SPDX-License-Identifier: MIT
 * Knows: which event leads from which state to which.
 * Knows not: libraries, who asks. */
#include "registry/registry_state.h"

#include "base/error.h"

#define NO (-1)

static const int8_t table[PF_EXTENSION_STATES][PF_EVENT_COUNT] = {
    /*                load ok, load fail, init ok, unavailable, init fail, disable, enable, changed */
    [PF_EXTENSION_DISCOVERED] = {PF_EXTENSION_LOADED, PF_EXTENSION_FAILED, NO, NO, NO, PF_EXTENSION_DISABLED,
                                 NO, PF_EXTENSION_DISCOVERED},
    [PF_EXTENSION_LOADED] = {NO, NO, PF_EXTENSION_INITIALIZED, PF_EXTENSION_DISABLED, PF_EXTENSION_FAILED,
                             PF_EXTENSION_DISABLED, NO, NO},
    [PF_EXTENSION_INITIALIZED] = {NO, NO, NO, NO, NO, PF_EXTENSION_DISABLED, NO, NO},
    [PF_EXTENSION_FAILED] = {NO, NO, NO, NO, NO, PF_EXTENSION_DISABLED, NO, PF_EXTENSION_DISCOVERED},
    [PF_EXTENSION_DISABLED] = {NO, NO, NO, NO, NO, NO, PF_EXTENSION_DISCOVERED, PF_EXTENSION_DISCOVERED},
};

static const char *const names[PF_EXTENSION_STATES] = {"discovered", "loaded", "initialized", "failed",
                                                       "disabled"};
static const char *const events[PF_EVENT_COUNT] = {"load ok",   "load fail", "init ok", "init unavailable",
                                                   "init fail", "disable",   "enable",  "changed"};

const char *pf_state_name(int32_t state) {
    return state >= 0 && state < PF_EXTENSION_STATES ? names[state] : "unknown";
}

pf_status pf_state_move(int32_t *state, int32_t event, struct pf_error *err) {
    if (*state < 0 || *state >= PF_EXTENSION_STATES || event < 0 || event >= PF_EVENT_COUNT)
        return pf_fail(err, PF_ARGUMENT, "no state of an extension, or no event; pass one of pyforge.h");
    if (table[*state][event] == NO)
        return pf_fail(err, PF_STATE, "'%s' has no place while an extension is %s; look with 'list-extensions'",
                       events[event], names[*state]);
    *state = table[*state][event];
    return PF_OK;
}
