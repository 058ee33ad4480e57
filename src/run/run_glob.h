/* run_glob.h — names with * ? [ ] and what they match.                          SPDX-License-Identifier: MIT */
#ifndef PF_RUN_GLOB_H
#define PF_RUN_GLOB_H
#include "base/text.h"
#include "pyforge/status.h"

/* Has the text a *, a ? or a [? */
bool pf_glob_is(const char *text);
/* Does the whole name match? * is any run, ? one character, [a-z] one of a set, [!a-z] one of none. Bytes of a
 * UTF-8 character are not told apart for * and sets; ? takes a whole character. */
bool pf_glob_match(struct pf_text pattern, struct pf_text name);
/* Calls each for every file or folder that a path with patterns in any of its parts matches, in bytewise order
 * part by part. A leading dot is only matched by a dot. each returns other than OK to stop. */
pf_status pf_glob_walk(const char *pattern,
                       pf_status (*each)(void *ctx, const char *path, struct pf_error *err), void *ctx,
                       struct pf_error *err);
#endif
