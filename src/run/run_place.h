/* run_place.h — locations that only look like local paths.                      SPDX-License-Identifier: MIT */
#ifndef PF_RUN_PLACE_H
#define PF_RUN_PLACE_H
#include "registry/registry.h"

/* An input that is not on the local disk: UNAVAILABLE with the reason of the extension whose it would be, or NOT_FOUND when
 * it begins with a scheme ("s3:/…") that no store has. OK for every other. */
pf_status pf_place_missing(const pf_registry *registry, const char *location, struct pf_error *err);
/* The same for an output that the local disk would take, before a folder is made for it. What begins with a scheme is
 * refused; a place of an extension that is away is one only while its folder is there, which *notice then says in words
 * (else it is empty). */
pf_status pf_place_output(const pf_registry *registry, const char *path, char *notice, size_t room,
                          struct pf_error *err);
#endif
