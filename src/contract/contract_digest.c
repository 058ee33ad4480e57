/* contract_digest.c — room contract. Hashes of Arrow batches by value.           SPDX-License-Identifier: MIT
 * Knows: the layouts of the C data interface.
 * Knows not: what values mean. */
#include "contract/contract_digest.h"

#include <string.h>

#include "base/hash.h"
#include "base/number.h"

static int read_number(const char *text) {
    int64_t number;
    return pf_parse_int64(text, strlen(text), &number) && number < 1 << 20 ? (int)number : 0;
}

/* Source: Arrow C data interface, "Data type description – format strings". 0: not of fixed width. */
static int width_of(const char *format) {
    static const struct {
        const char *start;
        int width;
    } widths[] = {{"c", 1},   {"C", 1},  {"s", 2},  {"S", 2},   {"e", 2},   {"i", 4},   {"I", 4},   {"f", 4},
                  {"l", 8},   {"L", 8},  {"g", 8},  {"tdD", 4}, {"tdm", 8}, {"tts", 4}, {"ttm", 4}, {"ttu", 8},
                  {"ttn", 8}, {"ts", 8}, {"tD", 8}, {"tiM", 4}, {"tiD", 8}, {"tin", 16}};
    if (format[0] == 'w')
        return read_number(format + 2);
    if (format[0] == 'd') {
        const char *comma = strrchr(format, ',');
        bool bits = comma && strchr(format, ',') != comma; /* d:precision,scale,bits */
        return bits ? read_number(comma + 1) / 8 : 16;
    }
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (strncmp(format, widths[i].start, strlen(widths[i].start)) == 0)
            return widths[i].width;
    return 0;
}

static bool bit_at(const void *bits, int64_t at) { return ((const uint8_t *)bits)[at >> 3] >> (at & 7) & 1; }

static uint64_t hash_view(const struct ArrowArray *array, int64_t at) {
    const uint8_t *view = (const uint8_t *)array->buffers[1] + at * 16;
    int32_t size, buffer, offset;
    memcpy(&size, view, 4);
    if (size <= 12)
        return pf_hash(view + 4, (size_t)size);
    memcpy(&buffer, view + 8, 4);
    memcpy(&offset, view + 12, 4);
    return pf_hash((const uint8_t *)array->buffers[2 + buffer] + offset, (size_t)size);
}

static int64_t offset_at(const struct ArrowArray *array, bool large, int64_t at) {
    int32_t narrow;
    int64_t wide;
    if (large)
        memcpy(&wide, (const uint8_t *)array->buffers[1] + at * 8, 8);
    else {
        memcpy(&narrow, (const uint8_t *)array->buffers[1] + at * 4, 4);
        wide = narrow;
    }
    return wide;
}

static uint64_t hash_value(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row);

static uint64_t hash_items(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t at) {
    uint64_t hash = 1;
    if (schema->format[1] == 's') {
        for (int64_t i = 0; i < array->n_children; i++)
            hash = pf_hash_word(hash ^ hash_value(schema->children[i], array->children[i], at));
        return hash;
    }
    if (schema->format[1] != 'l' && schema->format[1] != 'L' && schema->format[1] != 'm')
        return hash; /* unions and such: only where they are null */
    bool large = schema->format[1] == 'L';
    for (int64_t i = offset_at(array, large, at); i < offset_at(array, large, at + 1); i++)
        hash = pf_hash_word(hash ^ hash_value(schema->children[0], array->children[0], i));
    return hash;
}

static int64_t index_at(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t at) {
    uint64_t index = 0;
    int width = width_of(schema->format);
    memcpy(&index, (const uint8_t *)array->buffers[1] + at * width, (size_t)width);
    return (int64_t)index;
}

/* The value in a row of the array, whatever its layout. */
static uint64_t hash_value(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    const char *f = schema->format;
    int64_t at = array->offset + row;
    if (f[0] == 'n' || (array->n_buffers > 0 && array->buffers[0] && !bit_at(array->buffers[0], at)))
        return 0x6E756C6C;
    if (schema->dictionary)
        return hash_value(schema->dictionary, array->dictionary, index_at(schema, array, at));
    if (f[0] == 'b')
        return 2 + bit_at(array->buffers[1], at);
    if (f[0] == 'v')
        return hash_view(array, at);
    if (f[0] == '+')
        return hash_items(schema, array, at);
    if (strchr("uzUZ", f[0])) {
        bool large = f[0] == 'U' || f[0] == 'Z';
        int64_t from = offset_at(array, large, at), end = offset_at(array, large, at + 1);
        return from == end ? pf_hash("", 0)
                           : pf_hash((const uint8_t *)array->buffers[2] + from, (size_t)(end - from));
    }
    int width = width_of(f);
    return width > 0 ? pf_hash((const uint8_t *)array->buffers[1] + at * width, (size_t)width) : 3;
}

const char *pf_contract_digest_add(struct pf_contract_digest *digest, const struct ArrowSchema *schema,
                                   const struct ArrowArray *batch) {
    if (!batch->release)
        return "a batch that is released already";
    if (batch->n_children != schema->n_children)
        return "a batch does not have the columns of its schema";
    if (batch->length < 0 || batch->offset < 0)
        return "a batch has a negative length or offset";
    for (int64_t i = 0; i < batch->n_children; i++) {
        const struct ArrowArray *child = batch->children[i];
        if (!child || child->length < batch->offset + batch->length)
            return "a column is shorter than its batch";
        uint64_t *hash = &digest->columns[i % PF_CONTRACT_COLUMNS];
        for (int64_t row = 0; row < batch->length; row++)
            *hash = pf_hash_word((*hash + 0x9E3779B97F4A7C15u) ^
                                 hash_value(schema->children[i], child, batch->offset + row));
    }
    digest->rows += batch->length;
    return NULL;
}

bool pf_contract_digest_same(const struct pf_contract_digest *a, const struct pf_contract_digest *b) {
    return a->rows == b->rows && memcmp(a->columns, b->columns, sizeof a->columns) == 0;
}

static bool same_text(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

bool pf_contract_schema_same(const struct ArrowSchema *a, const struct ArrowSchema *b) {
    if (a->n_children != b->n_children || !same_text(a->format, b->format) || !a->dictionary != !b->dictionary)
        return false;
    for (int64_t i = 0; i < a->n_children; i++)
        if (!same_text(a->children[i]->name, b->children[i]->name) ||
            !pf_contract_schema_same(a->children[i], b->children[i]))
            return false;
    return !a->dictionary || pf_contract_schema_same(a->dictionary, b->dictionary);
}
