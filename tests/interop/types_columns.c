/* types_columns.c — tests. Arrow columns of every flat type, by hand.            SPDX-License-Identifier: MIT
 * Knows: the C data interface's layouts.
 * Knows not: Parquet. */
#include "types_columns.h"

#include <stdlib.h>
#include <string.h>

#define LEAD 3 /* rows that every array has in front of its offset */

const struct column all_columns[] = {
    {"bool", "b", BITS, RANDOM, 0, NULL, "bool", NULL, 0, 0, true, false},
    {"bool_few", "b", BITS, RISING, 0, NULL, "bool", NULL, 0, 0, true, false},
    {"int8", "c", FIXED, RANDOM, 1, NULL, "int8", NULL, 0, 0, true, false},
    {"int16", "s", FIXED, RANDOM, 2, NULL, "int16", NULL, 0, 0, true, false},
    {"int32", "i", FIXED, RANDOM, 4, NULL, "int32", NULL, 0, 0, true, false},
    {"int32_edges", "i", FIXED, EDGES, 4, NULL, "int32", NULL, 0, 0, true, false},
    {"int64", "l", FIXED, RANDOM, 8, NULL, "int64", NULL, 0, 0, true, false},
    {"int64_few", "l", FIXED, FEW, 8, NULL, "int64", NULL, 0, 0, true, false},
    {"int64_rising", "l", FIXED, RISING, 8, NULL, "int64", NULL, 0, 0, true, false},
    {"int64_small", "l", FIXED, SMALL, 8, NULL, "int64", NULL, 0, 0, true, false},
    {"int64_edges", "l", FIXED, EDGES, 8, NULL, "int64", NULL, 0, 0, true, false},
    {"int64_required", "l", FIXED, RANDOM, 8, NULL, "int64", NULL, 0, 0, true, true},
    {"uint8", "C", FIXED, RANDOM, 1, NULL, "uint8", NULL, 0, 0, false, false},
    {"uint16", "S", FIXED, RANDOM, 2, NULL, "uint16", NULL, 0, 0, false, false},
    {"uint32", "I", FIXED, RANDOM, 4, NULL, "uint32", NULL, 0, 0, false, false},
    {"uint64", "L", FIXED, RANDOM, 8, NULL, "uint64", NULL, 0, 0, false, false},
    {"uint64_edges", "L", FIXED, EDGES, 8, NULL, "uint64", NULL, 0, 0, false, false},
    {"float16", "e", FIXED, RANDOM, 2, NULL, "float16", NULL, 0, 0, false, false},
    {"float", "f", FIXED, RANDOM, 4, NULL, "float", NULL, 0, 0, true, false},
    {"float_edges", "f", FIXED, EDGES, 4, NULL, "float", NULL, 0, 0, true, false},
    {"double", "g", FIXED, RANDOM, 8, NULL, "double", NULL, 0, 0, true, false},
    {"double_few", "g", FIXED, FEW, 8, NULL, "double", NULL, 0, 0, true, false},
    {"double_small", "g", FIXED, SMALL, 8, NULL, "double", NULL, 0, 0, true, false},
    {"double_edges", "g", FIXED, EDGES, 8, NULL, "double", NULL, 0, 0, true, false},
    {"dec_9_2", "d:9,2", FIXED, RANDOM, 16, NULL, "decimal(9,2)", NULL, 0, 0, true, false},
    {"dec_18_6", "d:18,6", FIXED, RANDOM, 16, NULL, "decimal(18,6)", NULL, 0, 0, true, false},
    {"dec_20_0", "d:20,0", FIXED, RANDOM, 16, NULL, "decimal(20,0)", NULL, 0, 0, true, false},
    {"dec_38_10", "d:38,10", FIXED, RANDOM, 16, NULL, "decimal(38,10)", NULL, 0, 0, true, false},
    {"dec_38_few", "d:38,4", FIXED, FEW, 16, NULL, "decimal(38,4)", NULL, 0, 0, true, false},
    {"dec_9_edges", "d:9,4", FIXED, EDGES, 16, NULL, "decimal(9,4)", NULL, 0, 0, true, false},
    {"dec_18_edges", "d:18,0", FIXED, EDGES, 16, NULL, "decimal(18,0)", NULL, 0, 0, true, false},
    {"dec_38_edges", "d:38,18", FIXED, EDGES, 16, NULL, "decimal(38,18)", NULL, 0, 0, true, false},
    {"dec256_9", "d:9,3,256", FIXED, RANDOM, 32, NULL, "decimal(9,3)", NULL, 0, 0, true, false},
    {"dec256_76", "d:76,20,256", FIXED, RANDOM, 32, NULL, "decimal(76,20)", NULL, 0, 0, false, false},
    {"date", "tdD", FIXED, SMALL, 4, NULL, "date", NULL, 0, 0, true, false},
    {"date_edges", "tdD", FIXED, EDGES, 4, NULL, "date", NULL, 0, 0, true, false},
    {"date64", "tdm", FIXED, SMALL, 8, NULL, "date", NULL, 0, 0, true, false},
    {"time_s", "tts", FIXED, SMALL, 4, NULL, "time[ms]", NULL, 1000, 1000, false, false},
    {"time_ms", "ttm", FIXED, SMALL, 4, NULL, "time[ms]", NULL, 0, 0, false, false},
    {"time_us", "ttu", FIXED, SMALL, 8, NULL, "time[us]", NULL, 0, 0, false, false},
    {"time_ns", "ttn", FIXED, SMALL, 8, NULL, "time[ns]", NULL, 0, 0, false, false},
    {"ts_s", "tss:", FIXED, SMALL, 8, NULL, "timestamp[us]", "timestamp[ms]", 1000000, 1000, true, false},
    {"ts_ms", "tsm:", FIXED, RISING, 8, NULL, "timestamp[us]", "timestamp[ms]", 1000, 0, true, false},
    {"ts_us", "tsu:", FIXED, RISING, 8, NULL, "timestamp[us]", NULL, 0, 0, true, false},
    {"ts_edges", "tsu:", FIXED, EDGES, 8, NULL, "timestamp[us]", NULL, 0, 0, true, false},
    {"ts_us_zone", "tsu:Europe/Zurich", FIXED, RISING, 8, NULL, "timestamp[us]Z", NULL, 0, 0, true, false},
    {"ts_ns", "tsn:UTC", FIXED, RISING, 8, NULL, "timestamp[ns]Z", NULL, 0, 0, false, false},
    {"duration", "tDm", FIXED, SMALL, 8, NULL, "int64", NULL, 0, 0, false, false},
    {"text", "u", TEXT, RANDOM, 0, NULL, "text", NULL, 0, 0, true, false},
    {"text_few", "u", TEXT, FEW, 0, NULL, "text", NULL, 0, 0, true, false},
    {"text_rising", "u", TEXT, RISING, 0, NULL, "text", NULL, 0, 0, true, false},
    {"text_edges", "u", TEXT, EDGES, 0, NULL, "text", NULL, 0, 0, true, false},
    {"text_large", "U", LARGE, RANDOM, 0, NULL, "text", NULL, 0, 0, true, false},
    {"text_view", "vu", VIEW, RANDOM, 0, NULL, "text", NULL, 0, 0, true, false},
    {"binary", "z", TEXT, SMALL, 0, NULL, "binary", NULL, 0, 0, true, false},
    {"binary_large", "Z", LARGE, EDGES, 0, NULL, "binary", NULL, 0, 0, true, false},
    {"binary_view", "vz", VIEW, FEW, 0, NULL, "binary", NULL, 0, 0, true, false},
    {"fixed_5", "w:5", FIXED, RANDOM, 5, NULL, "binary", "fixed(5)", 0, 0, true, false},
    {"fixed_40", "w:40", FIXED, FEW, 40, NULL, "binary", "fixed(40)", 0, 0, true, false},
    {"nothing", "n", NOTHING, FEW, 0, NULL, "null", NULL, 0, 0, false, false},
    {"dict_text8", "u", TEXT, FEW, 0, "c", "text", NULL, 0, 0, true, false},
    {"dict_text32", "U", LARGE, FEW, 0, "i", "text", NULL, 0, 0, true, false},
    {"dict_view", "vu", VIEW, FEW, 0, "S", "text", NULL, 0, 0, true, false},
    {"dict_int", "l", FIXED, FEW, 8, "L", "int64", NULL, 0, 0, true, false},
    {"dict_bool", "b", BITS, FEW, 0, "C", "bool", NULL, 0, 0, true, false},
    {"dict_dec", "d:30,3", FIXED, FEW, 16, "l", "decimal(30,3)", NULL, 0, 0, true, false},
    {"dict_fixed", "w:5", FIXED, FEW, 5, "s", "binary", "fixed(5)", 0, 0, true, false},
    {"dict_ts", "tss:", FIXED, FEW, 8, "I", "timestamp[us]", "timestamp[ms]", 1000000, 1000, true, false},
};
const int all_column_count = (int)(sizeof all_columns / sizeof *all_columns);

/* ---- values ---- */

static uint64_t mix(uint64_t v) {
    v += 0x9E3779B97F4A7C15u;
    v = (v ^ v >> 30) * 0xBF58476D1CE4E5B9u;
    v = (v ^ v >> 27) * 0x94D049BB133111EBu;
    return v ^ v >> 31;
}

static uint64_t seed_of(const struct column *c) {
    uint64_t seed = 1469598103934665603u;
    for (const char *p = c->name; *p; p++)
        seed = (seed ^ (uint64_t)(unsigned char)*p) * 1099511628211u;
    return seed;
}

/* First and last day, days at the borders of the Gregorian reform, 1900 and the epoch, a leap day. */
static const int64_t edge_days[] = {-719162, 2932896, -141428, -141427, -141437, -1, 0, 11016, -719103, -25567};
/* The same in microseconds; readers that shift by old calendars and zones do so before 1582 and before 1900. */
static const int64_t edge_micros[] = {-62135596800000000,
                                      253402300799999999,
                                      -12219292800000001,
                                      -12219292800000000,
                                      -2208988800000001,
                                      -2208988800000000,
                                      -1,
                                      0,
                                      1,
                                      951782400123456};

static int64_t number_of(const struct column *c, int64_t row) {
    static const int64_t edges[] = {0,         -1,        1,    INT64_MIN, INT64_MAX,
                                    INT32_MIN, INT32_MAX, -128, 65535,     1000000007};
    uint64_t draw = mix(seed_of(c) + (uint64_t)row);
    if (c->shape == EDGES && c->format[0] == 't')
        return c->format[1] == 'd' ? edge_days[draw % 10] : edge_micros[draw % 10];
    switch (c->shape) {
    case RANDOM: return (int64_t)draw;
    case FEW: return (int64_t)(draw % 7) * 1001 - 3003;
    case RISING: return 1600000000 + row * 1000 + (int64_t)(draw % 1000);
    case SMALL: return (int64_t)(draw % 80000);
    case EDGES: return edges[draw % 10];
    }
    return 0;
}

static void put_text(const struct column *c, int64_t row, uint8_t *to, int64_t *size) {
    static const char *const edges[] = {
        "",
        "a",
        "\xC3\xA9\xC3\xA8",
        "0123456789",
        "\xF4\x8F\xBF\xBF\xF4\x8F\xBF\xBF",
        "seventy bytes of text, so that bounds have to be cut somewhere: \xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"};
    static const char *const words[] = {"open", "closed", "in transit", "returned to its sender",
                                        "x",    "",       "lost"};
    uint64_t draw = mix(seed_of(c) + (uint64_t)row);
    const char *text = c->shape == EDGES ? edges[draw % 6] : words[draw % 7];
    *size = (int64_t)strlen(text);
    memcpy(to, text, (size_t)*size);
    if (c->shape == RISING) {
        memcpy(to, "order/2026/", 11);
        for (int i = 0; i < 8; i++)
            to[11 + i] =
                (uint8_t)('0' + row / (int64_t[]){10000000, 1000000, 100000, 10000, 1000, 100, 10, 1}[i] % 10);
        *size = 19;
    } else if (c->shape == RANDOM || c->shape == SMALL) {
        *size = (int64_t)(draw >> 32) % (c->shape == SMALL ? 20 : 50);
        for (int64_t i = 0; i < *size; i++)
            to[i] = c->shape == SMALL ? (uint8_t)mix(draw + (uint64_t)i)
                                      : (uint8_t)('a' + mix(draw + (uint64_t)i) % 26);
    }
}

/* A decimal of as many digits as the type has, two's complement, little-endian. */
static void put_decimal(const struct column *c, int64_t row, uint8_t *to) {
    int precision = atoi(c->format + 2);
    uint64_t words[4] = {0};
    uint64_t draw = mix(seed_of(c) + (uint64_t)row);
    int digits = c->shape == FEW     ? (int)(draw % 7) + 20
                 : c->shape == EDGES ? (int[]){0, 1, precision}[draw % 3]
                                     : (int)(draw % (uint64_t)(precision + 1));
    if (digits > precision)
        digits = precision;
    for (int d = 0; d < digits; d++) {
        uint64_t carry = c->shape == FEW     ? 7
                         : c->shape == EDGES ? (digits == 1 ? 1 : 9)
                                             : mix(draw + (uint64_t)d) % 10;
        for (int i = 0; i < 4; i++) {
            uint64_t high = (words[i] >> 32) * 10, low = (words[i] & UINT32_MAX) * 10 + carry;
            high += low >> 32;
            words[i] = high << 32 | (low & UINT32_MAX);
            carry = high >> 32;
        }
    }
    if (draw >> 63) {
        uint64_t carry = 1;
        for (int i = 0; i < 4; i++) {
            words[i] = ~words[i] + carry;
            carry = carry && words[i] == 0;
        }
    }
    memcpy(to, words, (size_t)c->width);
}

static void put_float(const struct column *c, int64_t row, uint8_t *to) {
    uint64_t draw = mix(seed_of(c) + (uint64_t)row);
    if (c->width == 2) {
        uint16_t half = (uint16_t)draw;
        memcpy(to, &half, 2);
    } else if (c->width == 4) {
        static const uint32_t edges[] = {0, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 1, 0x7F7FFFFF};
        uint32_t bits = c->shape == EDGES ? edges[draw % 7] : (uint32_t)draw & 0xBFFFFFFF;
        memcpy(to, &bits, 4);
    } else {
        static const uint64_t edges[] = {
            0, (uint64_t)1 << 63, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
            1, 0x7FEFFFFFFFFFFFFF};
        double value = (double)(draw % 1000000) / 100;
        if (c->shape == EDGES)
            memcpy(to, &edges[draw % 7], 8);
        else if (c->shape == SMALL)
            memcpy(to, &value, 8);
        else if (c->shape == FEW)
            value = (double)(draw % 9) - 4.5, memcpy(to, &value, 8);
        else
            value = (double)(draw >> 11) * 0x1p-53, memcpy(to, &value, 8);
    }
}

void value_of(const struct column *c, int64_t row, uint8_t to[256], int64_t *size) {
    *size = c->width;
    if (c->layout == TEXT || c->layout == LARGE || c->layout == VIEW) {
        put_text(c, row, to, size);
        return;
    }
    if (c->layout == BITS) {
        *size = 1;
        to[0] = c->shape == RISING ? row % 1000 < 700 : (uint8_t)(mix(seed_of(c) + (uint64_t)row) & 1);
        return;
    }
    if (c->format[0] == 'd') {
        put_decimal(c, row, to);
    } else if (c->format[0] == 'w') {
        for (int i = 0; i < c->width; i++)
            to[i] = (uint8_t)mix((uint64_t)number_of(c, row) + (uint64_t)i);
    } else if (strchr("efg", c->format[0])) {
        put_float(c, row, to);
    } else {
        int64_t number = number_of(c, row);
        if (strcmp(c->format, "tdm") == 0)
            number = number % 30000 * 86400000;
        memcpy(to, &number, (size_t)c->width);
    }
}

/* ---- arrays ---- */

#define MOST_BUFFERS 5
struct own {
    void *memory[MOST_BUFFERS];
    const void *buffers[MOST_BUFFERS];
};

static void release_array(struct ArrowArray *array) {
    struct own *own = array->private_data;
    for (int i = 0; i < MOST_BUFFERS; i++)
        free(own->memory[i]);
    free(own);
    if (array->dictionary) {
        array->dictionary->release(array->dictionary);
        free(array->dictionary);
    }
    array->release = NULL;
}

/* The memory ends where the Arrow buffer ends, so that a sanitizer sees every byte read too far. */
static void *memory_of(struct own *own, int i, size_t size) {
    own->memory[i] = calloc(1, size ? size : 1);
    own->buffers[i] = own->memory[i];
    return own->memory[i];
}

static void fill_view(struct own *own, const struct column *c, int64_t i, int64_t row, int32_t *used,
                      bool null) {
    uint8_t value[256], *views = own->memory[1], *data = own->memory[2];
    int64_t size;
    value_of(c, row, value, &size);
    if (null)
        size = 0;
    int32_t size32 = (int32_t)size, zero = 0;
    memcpy(views + i * 16, &size32, 4);
    if (size <= 12) {
        memcpy(views + i * 16 + 4, value, (size_t)size);
        return;
    }
    memcpy(views + i * 16 + 4, value, 4);
    memcpy(views + i * 16 + 8, &zero, 4);
    memcpy(views + i * 16 + 12, used, 4);
    memcpy(data + *used, value, (size_t)size);
    *used += size32;
}

static void fill_text(struct own *own, const struct column *c, int64_t i, int64_t row, bool null) {
    uint8_t value[256];
    int64_t size;
    value_of(c, row, value, &size);
    if (null)
        size = 0;
    if (c->layout == LARGE) {
        int64_t *offsets = own->memory[1];
        memcpy((uint8_t *)own->memory[2] + offsets[i], value, (size_t)size);
        offsets[i + 1] = offsets[i] + size;
    } else {
        int32_t *offsets = own->memory[1];
        memcpy((uint8_t *)own->memory[2] + offsets[i], value, (size_t)size);
        offsets[i + 1] = offsets[i] + (int32_t)size;
    }
}

static size_t text_room(const struct column *c, int64_t from, int64_t rows) {
    size_t sum = 0;
    for (int64_t i = -LEAD; i < rows; i++) {
        uint8_t value[256];
        int64_t size;
        value_of(c, from + i, value, &size);
        sum += (size_t)size;
    }
    return sum;
}

static void make_plain(const struct column *c, int64_t from, int64_t rows, bool (*null_at)(int64_t row),
                       struct ArrowArray *out) {
    struct own *own = calloc(1, sizeof *own);
    int64_t all = rows + LEAD;
    *out = (struct ArrowArray){.length = rows,
                               .offset = LEAD,
                               .buffers = own->buffers,
                               .release = release_array,
                               .private_data = own,
                               .n_buffers = 2};
    if (c->layout == NOTHING) {
        out->n_buffers = 0;
        out->null_count = rows;
        return;
    }
    uint8_t *valid = memory_of(own, 0, (size_t)(all + 7) / 8);
    size_t width = c->layout == LARGE ? 8 : c->layout == TEXT ? 4 : c->layout == VIEW ? 16 : (size_t)c->width;
    memory_of(own, 1, c->layout == BITS ? (size_t)(all + 7) / 8 : ((size_t)all + (c->layout != VIEW)) * width);
    int32_t used = 0;
    if (c->layout == TEXT || c->layout == LARGE || c->layout == VIEW) {
        size_t room = text_room(c, from, rows);
        memory_of(own, 2, room);
        out->n_buffers = 3;
        if (c->layout == VIEW) {
            int64_t *sizes = memory_of(own, 3, 8);
            *sizes = (int64_t)room;
            out->n_buffers = 4;
        }
    }
    for (int64_t i = 0; i < all; i++) {
        int64_t row = from + i - LEAD, size;
        bool null = i >= LEAD && !c->required && null_at && null_at(row);
        uint8_t value[256];
        out->null_count += null;
        if (!null)
            valid[i / 8] |= (uint8_t)(1 << i % 8);
        if (c->layout == VIEW) {
            fill_view(own, c, i, row, &used, null);
        } else if (c->layout == TEXT || c->layout == LARGE) {
            fill_text(own, c, i, row, null);
        } else {
            value_of(c, row, value, &size);
            if (c->layout == BITS)
                ((uint8_t *)own->memory[1])[i / 8] |= (uint8_t)(value[0] << i % 8);
            else /* garbage under nulls must not be looked at */
                memset((uint8_t *)own->memory[1] + i * c->width, 0x7F, null ? (size_t)c->width : 0),
                    memcpy((uint8_t *)own->memory[1] + i * c->width, value, null ? 0 : (size_t)c->width);
        }
    }
    if (out->null_count == 0)
        own->buffers[0] = NULL;
}

/* Half of the nulls of a dictionary column stand in the indices, half in the dictionary. The dictionary holds a
 * value for each of 50 rows, and an unused one. */
#define ENTRIES 50
static bool null_entry(int64_t row) { return row == ENTRIES; }

static void make_dictionary(const struct column *c, int64_t from, int64_t rows, bool (*null_at)(int64_t row),
                            struct ArrowArray *out) {
    struct own *own = calloc(1, sizeof *own);
    int width = strchr("cC", c->index[0])   ? 1
                : strchr("sS", c->index[0]) ? 2
                : strchr("iI", c->index[0]) ? 4
                                            : 8;
    int64_t all = rows + LEAD;
    *out = (struct ArrowArray){.length = rows,
                               .offset = LEAD,
                               .buffers = own->buffers,
                               .release = release_array,
                               .private_data = own,
                               .n_buffers = 2,
                               .null_count = -1};
    uint8_t *valid = memory_of(own, 0, (size_t)(all + 7) / 8),
            *indices = memory_of(own, 1, (size_t)(all * width));
    for (int64_t i = 0; i < all; i++) {
        int64_t row = from + i - LEAD, index = ((row % ENTRIES) + ENTRIES) % ENTRIES;
        bool null = i >= LEAD && null_at && null_at(row);
        if (null && row % 2)
            index = ENTRIES;
        else if (!null)
            valid[i / 8] |= (uint8_t)(1 << i % 8);
        if (null && row % 2)
            valid[i / 8] |= (uint8_t)(1 << i % 8);
        memcpy(indices + i * width, &index, (size_t)width);
    }
    out->dictionary = calloc(1, sizeof *out->dictionary);
    make_plain(c, 0, ENTRIES + 2, null_entry, out->dictionary);
}

void make_array(const struct column *c, int64_t from, int64_t rows, bool (*null_at)(int64_t row),
                struct ArrowArray *out) {
    if (c->index)
        make_dictionary(c, from, rows, null_at, out);
    else
        make_plain(c, from, rows, null_at, out);
}

static void release_schema(struct ArrowSchema *schema) {
    if (schema->dictionary) {
        schema->dictionary->release(schema->dictionary);
        free(schema->dictionary);
    }
    schema->release = NULL;
}

void make_schema(const struct column *c, struct ArrowSchema *out) {
    *out = (struct ArrowSchema){.format = c->format,
                                .name = c->name,
                                .release = release_schema,
                                .flags = c->required ? 0 : ARROW_FLAG_NULLABLE};
    if (!c->index)
        return;
    out->dictionary = calloc(1, sizeof *out->dictionary);
    *out->dictionary = (struct ArrowSchema){
        .format = c->format, .name = "", .release = release_schema, .flags = ARROW_FLAG_NULLABLE};
    out->format = c->index;
}
