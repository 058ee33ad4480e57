/* contract_digest.h — whether two streams hold the same rows, however they are cut and laid out.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CONTRACT_DIGEST_H
#define PF_CONTRACT_DIGEST_H
#include <stdbool.h>
#include <stdint.h>

#include "pyforge/arrow_abi.h"

#define PF_CONTRACT_COLUMNS 64 /* beyond, columns share a hash */

/* Grows batch by batch; all zero is that of no rows. */
struct pf_contract_digest {
    int64_t rows;
    uint64_t columns[PF_CONTRACT_COLUMNS];
};
/* Adds a batch. NULL, or what is wrong with it. */
const char *pf_contract_digest_add(struct pf_contract_digest *digest, const struct ArrowSchema *schema,
                                   const struct ArrowArray *batch);
bool pf_contract_digest_same(const struct pf_contract_digest *a, const struct pf_contract_digest *b);
/* Whether two schemas have the same columns; names and types. */
bool pf_contract_schema_same(const struct ArrowSchema *a, const struct ArrowSchema *b);
#endif
