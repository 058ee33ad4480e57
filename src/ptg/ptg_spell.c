/* ptg_spell.c — room ptg. Tokens in the order of a stack machine as a formula's text.  SPDX-License-Identifier: MIT
 * Knows: every token of BIFF2–8 and BIFF12, its width, operators and how tightly they bind.
 * Knows not: records, how operands are spelled. Sources: [MS-XLS] 2.5.198, [MS-XLSB] 2.5.97; for BIFF2–5 OpenOffice.org's
 * Documentation of the Microsoft Excel File Format 3.
 *
 * Operands stand in the tokens in the order of the text: so each token's own text (a constant; ")" of a function) is said at
 * its place, and operators and heads of functions are inserted in front of the first token of an operand. What is inserted
 * later stands further out, and in front. No tree, no recursion; time and memory grow with the number of tokens. */
#include "ptg/ptg_spell.h"

#include "base/bits.h"
#include "base/error.h"
#include "ptg/ptg_functions.h"
#include "ptg/ptg_operand.h"

/* ---- what a token is ---- */

enum kind {
    BROKEN, /* none, or one that has no text */
    UNARY,
    BINARY,
    PAREN,
    MISSING,
    STRING,
    EXTENDED,
    ATTRIBUTE,
    ERROR,
    BOOLEAN,
    INTEGER,
    NUMBER,
    ARRAY,
    FUNCTION,
    FUNCTION_VAR,
    NAME,
    CELL,
    AREA,
    MEMORY,       /* in front of tokens that say the same */
    MEMORY_EXTRA, /* the same, with ranges in rgcb */
    LOST,         /* a reference to what was deleted */
    CELL_SHARED,
    AREA_SHARED,
    NAME_EXTERN,
    CELL_3D,
    AREA_3D,
    LOST_3D
};

/* By the lower bits of the token's number, its class left out: what it is, and the bytes of its data in BIFF2, 3, 4, 5, 8
 * and 12. */
struct anatomy {
    uint8_t kind;
    uint8_t bytes[6];
};
#define NONE 255 /* the version has no such token */
static const struct anatomy anatomies[0x40] = {
    [0x03] = {BINARY, {0}},
    [0x04] = {BINARY, {0}},
    [0x05] = {BINARY, {0}},
    [0x06] = {BINARY, {0}},
    [0x07] = {BINARY, {0}},
    [0x08] = {BINARY, {0}},
    [0x09] = {BINARY, {0}},
    [0x0A] = {BINARY, {0}},
    [0x0B] = {BINARY, {0}},
    [0x0C] = {BINARY, {0}},
    [0x0D] = {BINARY, {0}},
    [0x0E] = {BINARY, {0}},
    [0x0F] = {BINARY, {0}},
    [0x10] = {BINARY, {0}},
    [0x11] = {BINARY, {0}},
    [0x12] = {UNARY, {0}},
    [0x13] = {UNARY, {0}},
    [0x14] = {UNARY, {0}},
    [0x15] = {PAREN, {0}},
    [0x16] = {MISSING, {0}},
    [0x17] = {STRING, {0}}, /* by its length */
    [0x18] = {EXTENDED, {NONE, NONE, NONE, NONE, NONE, 13}},
    [0x19] = {ATTRIBUTE, {2, 3, 3, 3, 3, 3}},
    [0x1C] = {ERROR, {1, 1, 1, 1, 1, 1}},
    [0x1D] = {BOOLEAN, {1, 1, 1, 1, 1, 1}},
    [0x1E] = {INTEGER, {2, 2, 2, 2, 2, 2}},
    [0x1F] = {NUMBER, {8, 8, 8, 8, 8, 8}},
    [0x20] = {ARRAY, {6, 7, 7, 7, 7, 14}},
    [0x21] = {FUNCTION, {1, 1, 2, 2, 2, 2}},
    [0x22] = {FUNCTION_VAR, {2, 2, 3, 3, 3, 3}},
    [0x23] = {NAME, {7, 10, 10, 14, 4, 4}},
    [0x24] = {CELL, {3, 3, 3, 3, 4, 6}},
    [0x25] = {AREA, {6, 6, 6, 6, 8, 12}},
    [0x26] = {MEMORY_EXTRA, {4, 6, 6, 6, 6, 6}},
    [0x27] = {MEMORY, {4, 6, 6, 6, 6, 6}},
    [0x28] = {MEMORY, {4, 6, 6, 6, 6, 6}},
    [0x29] = {MEMORY, {1, 2, 2, 2, 2, 2}},
    [0x2A] = {LOST, {3, 3, 3, 3, 4, 6}},
    [0x2B] = {LOST, {6, 6, 6, 6, 8, 12}},
    [0x2C] = {CELL_SHARED, {3, 3, 3, 3, 4, 6}},
    [0x2D] = {AREA_SHARED, {6, 6, 6, 6, 8, 12}},
    [0x39] = {NAME_EXTERN, {NONE, NONE, NONE, 24, 6, 6}},
    [0x3A] = {CELL_3D, {NONE, NONE, NONE, 17, 6, 8}},
    [0x3B] = {AREA_3D, {NONE, NONE, NONE, 20, 10, 14}},
    [0x3C] = {LOST_3D, {NONE, NONE, NONE, 17, 6, 8}},
    [0x3D] = {LOST_3D, {NONE, NONE, NONE, 20, 10, 14}},
};

/* How tightly the text of an operand holds together. A union's comma would be taken for a function's. */
enum rank {
    UNION,
    COMPARISON,
    CONCATENATION,
    SUM,
    PRODUCT,
    POWER,
    PERCENTAGE,
    SIGN,
    UNION_OPERAND,
    COMMON,
    SPAN,
    WHOLE
};

/* Of the binary operators from 0x03 on. */
static const struct {
    char text[3];
    uint8_t rank;   /* of the result */
    uint8_t wanted; /* of the left operand; the right one must be above, for equal ones count from the left */
} operators[] = {{"+", SUM, SUM},
                 {"-", SUM, SUM},
                 {"*", PRODUCT, PRODUCT},
                 {"/", PRODUCT, PRODUCT},
                 {"^", POWER, POWER},
                 {"&", CONCATENATION, CONCATENATION},
                 {"<", COMPARISON, COMPARISON},
                 {"<=", COMPARISON, COMPARISON},
                 {"=", COMPARISON, COMPARISON},
                 {">=", COMPARISON, COMPARISON},
                 {">", COMPARISON, COMPARISON},
                 {"<>", COMPARISON, COMPARISON},
                 {" ", COMMON, COMMON},
                 {",", UNION, UNION_OPERAND},
                 {":", SPAN, SPAN}};

/* ---- the machine ---- */

struct token {
    uint32_t at, size;    /* its own text, in scratch */
    uint32_t inserts;     /* the first of what stands in front of it, plus one */
    uint32_t parentheses; /* that close behind it */
};
struct insert {
    uint32_t at, size;
    uint32_t next; /* plus one */
};
struct operand {
    uint32_t first, last; /* tokens */
    uint8_t rank;
    bool is_name;
};
/* Blanks and line ends that wait for what they stand in front of. */
struct blanks {
    uint8_t size;
    char text[255];
};
struct machine {
    struct pf_ptg_speller *s;
    struct pf_ptg_place place;
    enum pf_ptg_version version;
    struct pf_ptg_bytes tokens, extra;
    struct blanks lead, before, opening, closing;
    bool known;
    struct pf_error *err;
};

#define COUNT(buf, type) ((uint32_t)((buf).size / sizeof(struct type)))
#define AT(buf, type, i) (&((struct type *)(void *)(buf).data)[i])

static struct pf_buf *scratch(const struct machine *m) { return &m->s->scratch; }

static pf_status put_blanks(const struct machine *m, struct blanks *blanks) {
    uint8_t size = blanks->size;
    blanks->size = 0;
    return size ? pf_buf_put(scratch(m), blanks->text, size, m->err) : PF_OK;
}

static pf_status put_text(const struct machine *m, const char *text) {
    return pf_buf_text(scratch(m), text, m->err);
}

/* A token whose own text is what scratch holds from `at` on. */
static pf_status end_token(const struct machine *m, size_t at) {
    struct token token = {.at = (uint32_t)at, .size = (uint32_t)(scratch(m)->size - at)};
    return pf_buf_put(&m->s->tokens, &token, sizeof token, m->err);
}

/* What scratch holds from `at` to `end` goes in front of a token that was. */
static pf_status insert_part(const struct machine *m, uint32_t first, size_t at, size_t end) {
    struct token *token = AT(m->s->tokens, token, first);
    struct insert insert = {(uint32_t)at, (uint32_t)(end - at), token->inserts};
    PF_TRY(pf_buf_put(&m->s->inserts, &insert, sizeof insert, m->err));
    token->inserts = COUNT(m->s->inserts, insert);
    return PF_OK;
}

static pf_status end_insert(const struct machine *m, uint32_t first, size_t at) {
    return insert_part(m, first, at, scratch(m)->size);
}

static pf_status insert_text(const struct machine *m, uint32_t first, const char *text) {
    size_t at = scratch(m)->size;
    PF_TRY(put_text(m, text));
    return end_insert(m, first, at);
}

static pf_status wrap(const struct machine *m, struct operand *operand) {
    AT(m->s->tokens, token, operand->last)->parentheses++;
    operand->rank = WHOLE;
    return insert_text(m, operand->first, "(");
}

/* The token at hand becomes the last of an operand. */
static pf_status push(const struct machine *m, uint32_t first, enum rank rank, bool is_name) {
    struct operand operand = {first, COUNT(m->s->tokens, token) - 1, (uint8_t)rank, is_name};
    return pf_buf_put(&m->s->operands, &operand, sizeof operand, m->err);
}

/* The uppermost operands, in the order of the text; NULL: there are not as many. */
static struct operand *pop(struct machine *m, uint32_t count) {
    struct pf_buf *operands = &m->s->operands;
    m->known &= COUNT(*operands, operand) >= count;
    if (!m->known)
        return NULL;
    operands->size -= count * sizeof(struct operand);
    return AT(*operands, operand, COUNT(*operands, operand));
}

/* An operand of one token, whose text scratch holds from `at` on. */
static pf_status push_text(const struct machine *m, size_t at, enum rank rank, bool is_name) {
    PF_TRY(end_token(m, at));
    return push(m, COUNT(m->s->tokens, token) - 1, rank, is_name);
}

/* ---- operators ---- */

static pf_status do_binary(struct machine *m, unsigned number) {
    struct operand *operands = pop(m, 2);
    if (!operands)
        return PF_OK;
    uint8_t wanted = operators[number - 3].wanted, rank = operators[number - 3].rank;
    struct operand left = operands[0], right = operands[1];
    if (left.rank < wanted && !(left.rank == UNION && rank == UNION))
        PF_TRY(wrap(m, &left));
    if (right.rank <= wanted && (right.rank != SIGN || wanted > SIGN))
        PF_TRY(wrap(m, &right));
    size_t at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->before));
    PF_TRY(put_text(m, operators[number - 3].text));
    PF_TRY(end_insert(m, right.first, at));
    PF_TRY(end_token(m, scratch(m)->size));
    return push(m, left.first, (enum rank)rank, false);
}

/* A sign in front, or a percent sign behind. */
static pf_status do_unary(struct machine *m, const char *sign) {
    struct operand *operands = pop(m, 1);
    if (!operands)
        return PF_OK;
    struct operand operand = *operands;
    if (operand.rank < PERCENTAGE)
        PF_TRY(wrap(m, &operand));
    bool behind = *sign == '%';
    size_t at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->before));
    PF_TRY(put_text(m, sign));
    if (!behind)
        PF_TRY(end_insert(m, operand.first, at));
    PF_TRY(end_token(m, behind ? at : scratch(m)->size));
    return push(m, operand.first, behind ? PERCENTAGE : SIGN, false);
}

static pf_status do_paren(struct machine *m) {
    struct operand *operands = pop(m, 1);
    if (!operands)
        return PF_OK;
    struct operand operand = *operands;
    size_t at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->before));
    PF_TRY(put_blanks(m, &m->opening));
    PF_TRY(put_text(m, "("));
    PF_TRY(end_insert(m, operand.first, at));
    at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->closing));
    PF_TRY(put_text(m, ")"));
    PF_TRY(end_token(m, at));
    return push(m, operand.first, WHOLE, false);
}

/* ---- functions ---- */

/* "," between arguments. */
static pf_status separate(const struct machine *m, struct operand *arguments, uint32_t from, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (arguments[i].rank == UNION)
            PF_TRY(wrap(m, &arguments[i]));
    for (uint32_t i = from; i < count; i++)
        PF_TRY(insert_text(m, arguments[i].first, ","));
    return PF_OK;
}

/* ")", or the whole of a function without arguments. */
static pf_status end_call(struct machine *m, size_t at, uint32_t first, bool bare) {
    PF_TRY(put_text(m, bare ? "(" : ""));
    PF_TRY(put_blanks(m, &m->closing));
    PF_TRY(put_text(m, ")"));
    PF_TRY(end_token(m, at));
    return push(m, first, WHOLE, false);
}

static pf_status do_function(struct machine *m, const char *name, uint32_t count) {
    struct operand *arguments = count ? pop(m, count) : NULL;
    m->known &= name != NULL;
    if (!m->known)
        return PF_OK;
    size_t at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->before));
    PF_TRY(put_text(m, name));
    if (!arguments)
        return end_call(m, at, COUNT(m->s->tokens, token), true);
    uint32_t first = arguments[0].first;
    PF_TRY(put_blanks(m, &m->opening));
    PF_TRY(put_text(m, "("));
    size_t end = scratch(m)->size;
    PF_TRY(separate(m, arguments, 1, count));
    PF_TRY(insert_part(m, first, at, end));
    return end_call(m, scratch(m)->size, first, false);
}

/* The first argument is the function's name. */
static pf_status do_call(struct machine *m, uint32_t count) {
    struct operand *arguments = count ? pop(m, count) : NULL;
    m->known &= arguments && arguments[0].is_name;
    if (!m->known || !arguments)
        return PF_OK;
    uint32_t first = arguments[0].first;
    PF_TRY(separate(m, arguments, 2, count));
    if (count > 1)
        PF_TRY(insert_text(m, arguments[1].first, "("));
    return end_call(m, scratch(m)->size, first, count == 1);
}

#define COMMAND 0x8000u /* of macro sheets, from another table */

static pf_status do_function_var(struct machine *m, const uint8_t *data) {
    uint32_t count = m->version == PF_PTG_BIFF12 ? data[0] : data[0] & 0x7F;
    uint32_t number = m->version < PF_PTG_BIFF4 ? data[1] : pf_load16(data + 1);
    if (number == PF_PTG_CALL)
        return do_call(m, count);
    m->known = !(number & COMMAND);
    return m->known ? do_function(m, pf_ptg_function(number), count) : PF_OK;
}

static pf_status do_function_fixed(struct machine *m, const uint8_t *data) {
    uint32_t number = m->version < PF_PTG_BIFF4 ? data[0] : pf_load16(data);
    int count = pf_ptg_arguments(number, m->version);
    m->known = count >= 0;
    return m->known ? do_function(m, pf_ptg_function(number), (uint32_t)count) : PF_OK;
}

/* ---- attributes ---- */

#define ATTRIBUTE_VOLATILE 0x01
#define ATTRIBUTE_CHOOSE   0x04
#define ATTRIBUTE_SUM      0x10
#define ATTRIBUTE_SPACE    0x40
#define ATTRIBUTES_SKIPPED 0xAB /* volatile, if, goto, assignments of macros, if-error: nothing to spell */

static pf_status do_space(struct machine *m, uint8_t type, uint8_t count) {
    struct blanks *const waiting[] = {&m->before,  &m->before,  &m->opening, &m->opening,
                                      &m->closing, &m->closing, &m->lead};
    m->known = type < sizeof waiting / sizeof *waiting && count <= 255 - waiting[type]->size;
    if (!m->known)
        return PF_OK;
    memset(waiting[type]->text + waiting[type]->size, type & 1 ? '\n' : ' ', count);
    waiting[type]->size = (uint8_t)(waiting[type]->size + count);
    return PF_OK;
}

static pf_status do_attribute(struct machine *m, const uint8_t *data) {
    uint8_t what = data[0];
    if (what == ATTRIBUTE_CHOOSE) { /* where each choice begins */
        size_t width = m->version == PF_PTG_BIFF2 ? 1 : 2;
        size_t count = (width == 1 ? data[1] : pf_load16(data + 1)) + (size_t)1;
        m->known = pf_ptg_take(&m->tokens, width * count) != NULL;
        return PF_OK;
    }
    if (what == ATTRIBUTE_SUM)
        return do_function(m, "SUM", 1);
    if (m->version > PF_PTG_BIFF2 && (what & ~ATTRIBUTE_VOLATILE) == ATTRIBUTE_SPACE)
        return do_space(m, data[1], data[2]);
    m->known = !(what & ~ATTRIBUTES_SKIPPED);
    return PF_OK;
}

/* ---- operands ---- */

/* Extern sheets and what stands behind them in the token; *data moves on to the reference. */
static pf_status put_extern(struct machine *m, const uint8_t **data) {
    const uint8_t *from = *data;
    if (m->version >= PF_PTG_BIFF8) {
        *data = from + 2;
        return pf_ptg_put_reference(m->place.links, pf_load16(from), scratch(m), &m->known, m->err);
    }
    *data = from + 14; /* an index, eight unused bytes, the first and the last sheet */
    m->known = (int16_t)pf_load16(from) < 0;
    return m->known ? pf_ptg_put_sheets(m->place.links, (int16_t)pf_load16(from + 10),
                                        (int16_t)pf_load16(from + 12), scratch(m), &m->known, m->err)
                    : PF_OK;
}

static pf_status put_name_extern(struct machine *m, const uint8_t *data) {
    const struct pf_ptg_links *links = m->place.links;
    if (m->version >= PF_PTG_BIFF8) {
        uint32_t number = m->version == PF_PTG_BIFF8 ? pf_load16(data + 2) : pf_load32(data + 2);
        return pf_ptg_put_extern_name(links, pf_load16(data), number, scratch(m), &m->known, m->err);
    }
    int index = (int16_t)pf_load16(data); /* from 1; below 0 the book's own */
    m->known = index != 0;
    return pf_ptg_put_extern_name(links, (uint32_t)(index < 0 ? -index : index) - 1, pf_load16(data + 10),
                                  scratch(m), &m->known, m->err);
}

#define LIST 0x19 /* PtgList; the other extended tokens belong to labels and pivot tables */

static pf_status put_list(struct machine *m, const uint8_t *data) {
    m->known = data[0] == LIST;
    return m->known ? pf_ptg_put_list(m->place.links, pf_load32(data + 5), pf_load16(data + 3),
                                      pf_load16(data + 9), pf_load16(data + 11), scratch(m), &m->known, m->err)
                    : PF_OK;
}

static pf_status put_double(struct machine *m, const uint8_t *data) {
    double number;
    memcpy(&number, data, sizeof number);
    return pf_ptg_put_number(number, scratch(m), &m->known, m->err);
}

/* The text of an operand of one token. */
static pf_status put_operand(struct machine *m, int kind, const uint8_t *data) {
    const struct pf_ptg_links *links = m->place.links;
    struct pf_buf *to = scratch(m);
    struct pf_error *err = m->err;
    bool *known = &m->known;
    switch (kind) {
    case MISSING: return PF_OK;
    case STRING:
        return pf_ptg_put_string(links, &m->tokens, m->version == PF_PTG_BIFF12 ? 2 : 1, to, known, err);
    case EXTENDED: return put_list(m, data);
    case ERROR: return pf_ptg_put_error(data[0], to, known, err);
    case BOOLEAN: return pf_ptg_put_bool(data[0], to, err);
    case INTEGER: return pf_buf_print(to, err, "%u", (unsigned)pf_load16(data));
    case NUMBER: return put_double(m, data);
    case ARRAY: return pf_ptg_put_array(links, &m->extra, to, known, err);
    case NAME:
        return pf_ptg_put_name(links, m->version < PF_PTG_BIFF8 ? pf_load16(data) : pf_load32(data), to, known,
                               err);
    case NAME_EXTERN: return put_name_extern(m, data);
    case CELL_3D:
    case AREA_3D:
    case LOST_3D: PF_TRY(put_extern(m, &data)); break;
    default: break;
    }
    if (!*known)
        return PF_OK;
    if (kind == LOST || kind == LOST_3D)
        return pf_buf_text(to, "#REF!", err);
    if (kind == CELL || kind == CELL_SHARED || kind == CELL_3D)
        return pf_ptg_put_cell(&m->place, data, kind == CELL_SHARED, to, known, err);
    return pf_ptg_put_area(&m->place, data, kind == AREA_SHARED, to, known, err);
}

static pf_status do_operand(struct machine *m, int kind, const uint8_t *data) {
    size_t at = scratch(m)->size;
    PF_TRY(put_blanks(m, &m->before));
    size_t text = scratch(m)->size;
    PF_TRY(put_operand(m, kind, data));
    bool negative = scratch(m)->size > text && scratch(m)->data[text] == '-';
    return push_text(m, at, negative ? SIGN : WHOLE, kind == NAME || kind == NAME_EXTERN);
}

/* Ranges that a reference came to, which the tokens behind it say again. */
static pf_status skip_ranges(struct machine *m) {
    bool wide = m->version == PF_PTG_BIFF12;
    size_t range = wide ? 16 : m->version == PF_PTG_BIFF8 ? 8 : 6;
    const uint8_t *count = pf_ptg_take(&m->extra, wide ? 4 : 2);
    m->known = count && pf_ptg_take(&m->extra, range * (wide ? (size_t)pf_load32(count) : pf_load16(count)));
    return PF_OK;
}

/* ---- one token ---- */

static pf_status do_token(struct machine *m) {
    uint8_t number = *pf_ptg_take(&m->tokens, 1);
    /* Operands come in three classes, of which only the first is in the table. */
    uint8_t base = number < 0x20 ? number : (uint8_t)((number & 0x1F) | 0x20);
    const struct anatomy *anatomy = &anatomies[base];
    const uint8_t *data = NULL;
    m->known = number < 0x80 && anatomy->kind != BROKEN && anatomy->bytes[m->version] != NONE &&
               (data = pf_ptg_take(&m->tokens, anatomy->bytes[m->version]));
    if (!m->known)
        return PF_OK;
    switch (anatomy->kind) {
    case BINARY: return do_binary(m, number);
    case UNARY: return do_unary(m, number == 0x12 ? "+" : number == 0x13 ? "-" : "%");
    case PAREN: return do_paren(m);
    case ATTRIBUTE: return do_attribute(m, data);
    case FUNCTION: return do_function_fixed(m, data);
    case FUNCTION_VAR: return do_function_var(m, data);
    case MEMORY: return PF_OK;
    case MEMORY_EXTRA: return skip_ranges(m);
    default: return do_operand(m, anatomy->kind, data);
    }
}

/* ---- the formula ---- */

static size_t text_size(const struct machine *m) {
    size_t size = 1 + (size_t)m->lead.size;
    for (uint32_t i = 0; i < COUNT(m->s->tokens, token); i++)
        size += AT(m->s->tokens, token, i)->size + AT(m->s->tokens, token, i)->parentheses;
    for (uint32_t i = 0; i < COUNT(m->s->inserts, insert); i++)
        size += AT(m->s->inserts, insert, i)->size;
    return size;
}

static uint8_t *copy(uint8_t *to, const void *from, size_t size) {
    if (size)
        memcpy(to, from, size);
    return to + size;
}

static pf_status write_text(const struct machine *m, struct pf_buf *to) {
    size_t size = text_size(m);
    PF_TRY(pf_buf_reserve(to, size, m->err));
    const uint8_t *texts = scratch(m)->data;
    uint8_t *at = to->data + to->size;
    *at++ = '=';
    at = copy(at, m->lead.text, m->lead.size);
    for (uint32_t i = 0; i < COUNT(m->s->tokens, token); i++) {
        const struct token *token = AT(m->s->tokens, token, i);
        for (uint32_t next = token->inserts; next;) {
            const struct insert *insert = AT(m->s->inserts, insert, next - 1);
            at = copy(at, texts + insert->at, insert->size);
            next = insert->next;
        }
        at = copy(at, texts + token->at, token->size);
        memset(at, ')', token->parentheses);
        at += token->parentheses;
    }
    to->size += size;
    return PF_OK;
}

void pf_ptg_speller_clear(struct pf_ptg_speller *speller) {
    pf_buf_clear(&speller->scratch);
    pf_buf_clear(&speller->tokens);
    pf_buf_clear(&speller->inserts);
    pf_buf_clear(&speller->operands);
}

static size_t at_most(size_t size, size_t most) { return size < most ? size : most; }

pf_status pf_ptg_spell(struct pf_ptg_speller *speller, const struct pf_ptg_links *links,
                       const struct pf_ptg_formula *formula, struct pf_buf *to, bool *known,
                       struct pf_error *err) {
    struct machine m = {.s = speller,
                        .place = {links, formula->row, formula->column},
                        .version = links->version,
                        .tokens = {formula->rgce, formula->rgce_size},
                        .extra = {formula->rgcb, at_most(formula->rgcb_size, PF_PTG_EXTRA_MOST)},
                        .known = formula->rgce_size <= PF_PTG_TOKENS_MOST,
                        .err = err};
    speller->scratch.size = speller->tokens.size = speller->inserts.size = speller->operands.size = 0;
    while (m.known && m.tokens.left) {
        PF_TRY(do_token(&m));
        m.known &= speller->scratch.size <= PF_PTG_TEXT_MOST;
    }
    *known = m.known && COUNT(speller->operands, operand) == 1 && speller->scratch.size > 0 &&
             text_size(&m) <= PF_PTG_TEXT_MOST;
    return *known ? write_text(&m, to) : PF_OK;
}
