/* grid_codes.c — room grid. The codes of number formats, as a book has them.     SPDX-License-Identifier: MIT
 * Knows: one text behind the other.
 * Knows not: what codes mean (grid_format.c), how they show a number (grid_display.c). */
#include "grid/grid_codes.h"

#include <string.h>

#include "base/error.h"

#define TEXT_MOST ((size_t)16 << 20)

static size_t count_of(const struct pf_grid_codes *codes) { return codes->ends.size / sizeof(uint32_t); }

pf_status pf_grid_codes_keep(struct pf_grid_codes *codes, const char *code, size_t size,
                             struct pf_grid_format *format, struct pf_error *err) {
    size_t count = count_of(codes);
    format->code = 0;
    if (!size || format->kind == PF_FORMAT_GENERAL || count == UINT16_MAX ||
        codes->text.size + size > TEXT_MOST)
        return PF_OK;
    PF_TRY(pf_buf_put(&codes->text, code, size, err));
    uint32_t end = (uint32_t)codes->text.size;
    PF_TRY(pf_buf_put(&codes->ends, &end, sizeof end, err));
    format->code = (uint16_t)(count + 1);
    return PF_OK;
}

pf_status pf_grid_codes_parse(struct pf_grid_codes *codes, const char *code, size_t size,
                              struct pf_grid_format *format, struct pf_error *err) {
    *format = pf_grid_format_parse(code, size);
    return pf_grid_codes_keep(codes, code, size, format, err);
}

pf_status pf_grid_codes_builtin(struct pf_grid_codes *codes, uint32_t id, struct pf_grid_format *format,
                                struct pf_error *err) {
    const char *code = pf_grid_format_builtin_code(id);
    *format = pf_grid_format_builtin(id);
    return code ? pf_grid_codes_keep(codes, code, strlen(code), format, err) : PF_OK;
}

struct pf_text pf_grid_codes_text(const struct pf_grid_codes *codes, uint16_t place) {
    if (!codes || !place || place > count_of(codes))
        return (struct pf_text){"", 0};
    const uint32_t *ends = (const uint32_t *)(const void *)codes->ends.data;
    uint32_t from = place > 1 ? ends[place - 2] : 0;
    return (struct pf_text){(const char *)codes->text.data + from, ends[place - 1] - from};
}

void pf_grid_codes_clear(struct pf_grid_codes *codes) {
    pf_buf_clear(&codes->text);
    pf_buf_clear(&codes->ends);
}
