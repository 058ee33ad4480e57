/* run_options.h — the options of every job, and what values they take.          SPDX-License-Identifier: MIT
 *
 * The options of formats stand in the formats' own tables; both are found here by key. */
#ifndef PF_RUN_OPTIONS_H
#define PF_RUN_OPTIONS_H
#include "base/text.h"
#include "registry/registry.h"

#define PF_LIST_SEPARATOR '\x1f'

extern const struct pf_option *const pf_run_options[]; /* NULL-ended; the one table of global options */

/* The nth option with this key: the global one first, then those of readers, then of writers. NULL: no more. */
const struct pf_option *pf_option_find(const pf_registry *registry, const char *key, size_t nth);
/* In one NULL-ended table (which may be NULL). */
const struct pf_option *pf_option_in(const struct pf_option *const *options, const char *key);
/* "to" is another name of "format". */
const char *pf_option_key(const char *key);
/* Gives value in the spelling that everybody reads: flags "1" or "0", numbers and sizes in decimal, choices as
 * declared. ARGUMENT naming what is allowed. */
pf_status pf_option_check(const pf_registry *registry, const struct pf_option *option, const char *value,
                          char **out, struct pf_error *err);
/* ARGUMENT with the nearest key. */
pf_status pf_option_unknown(const pf_registry *registry, const char *key, struct pf_error *err);
/* Walks the values of a LIST option: *list is moved on, NULL at the end. */
bool pf_list_next(const char **list, struct pf_text *item);
#endif
