/* run_detect.h — which readers may take the bytes, best first.                  SPDX-License-Identifier: MIT */
#ifndef PF_RUN_DETECT_H
#define PF_RUN_DETECT_H
#include "registry/registry.h"

#define PF_CANDIDATES_MOST 16
struct pf_candidates {
    size_t count;
    const struct pf_reader *readers[PF_CANDIDATES_MOST];
    int32_t scores[PF_CANDIDATES_MOST];
};
/* Probes every reader with head, tail, size and the suffix of name; by score, then rank, then name. None is no
 * failure. */
pf_status pf_detect(const pf_registry *registry, struct pf_source *source, const char *name,
                    struct pf_candidates *out, struct pf_error *err);
/* The reader whose suffix the name has, when the reader that was chosen by the bytes has not: the file is misnamed. NULL:
 * it is not. */
const struct pf_reader *pf_detect_named(const pf_registry *registry, const char *name,
                                        const struct pf_reader *reader);
#endif
