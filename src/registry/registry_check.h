/* registry_check.h — what a descriptor must have, and how an older one is brought up to date.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_CHECK_H
#define PF_REGISTRY_CHECK_H
#include "base/arena.h"
#include "pyforge/extension.h"

/* Names are typed by users and stand in paths and reports: lower case letters, digits, '-', '_', '.'. */
int pf_check_name(const char *name);
/* EXTENSION naming the field that is wrong, for a descriptor and all its tables. */
pf_status pf_check_extension(const struct pf_extension *extension, struct pf_error *err);
/* A checked descriptor whose structs all have the size of this build's: what is shorter is copied into memory, the rest
 * zero; where nothing is, it is the same one. */
pf_status pf_check_adopt(const struct pf_extension *extension, struct pf_arena *memory,
                         const struct pf_extension **out, struct pf_error *err);
#endif
