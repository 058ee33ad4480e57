/* ptg_operand.h — what stands in a formula: constants, references, arrays.      SPDX-License-Identifier: MIT */
#ifndef PF_PTG_OPERAND_H
#define PF_PTG_OPERAND_H
#include "ptg/ptg_spell.h"

/* Bytes that are read from the front; never beyond their end. */
struct pf_ptg_bytes {
    const uint8_t *at;
    size_t left;
};
/* NULL: there are not as many. */
static inline const uint8_t *pf_ptg_take(struct pf_ptg_bytes *bytes, size_t count) {
    if (bytes->left < count)
        return NULL;
    const uint8_t *at = bytes->at;
    bytes->at += count;
    bytes->left -= count;
    return at;
}

/* What the operands of one formula need. */
struct pf_ptg_place {
    const struct pf_ptg_links *links;
    uint32_t row, column;
};

/* Each appends its text; *known false: the bytes are broken, and `to` may hold a part. */
/* A string in double quotes, its length in front (1 or 2 bytes) as the version has it. */
pf_status pf_ptg_put_string(const struct pf_ptg_links *links, struct pf_ptg_bytes *bytes, int size_bytes,
                            struct pf_buf *to, bool *known, struct pf_error *err);
pf_status pf_ptg_put_number(double number, struct pf_buf *to, bool *known, struct pf_error *err);
pf_status pf_ptg_put_bool(uint8_t value, struct pf_buf *to, struct pf_error *err);
/* "#N/A" and the like; NULL: no error has this code. Source: BErr of [MS-XLS] and [MS-XLSB]. */
const char *pf_ptg_error_name(uint8_t code);
pf_status pf_ptg_put_error(uint8_t code, struct pf_buf *to, bool *known, struct pf_error *err);
/* PtgExtraArray. */
pf_status pf_ptg_put_array(const struct pf_ptg_links *links, struct pf_ptg_bytes *extra, struct pf_buf *to,
                           bool *known, struct pf_error *err);
/* The data of PtgRef and PtgArea, of which the versions have enough. shared: relative ones count from the cell. */
pf_status pf_ptg_put_cell(const struct pf_ptg_place *place, const uint8_t *data, bool shared, struct pf_buf *to,
                          bool *known, struct pf_error *err);
pf_status pf_ptg_put_area(const struct pf_ptg_place *place, const uint8_t *data, bool shared, struct pf_buf *to,
                          bool *known, struct pf_error *err);
#endif
