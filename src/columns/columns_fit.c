/* columns_fit.c — room columns. Two schemas by name: added, gone, widened, refused.
 * SPDX-License-Identifier: MIT
 * Knows: the join of types, the four modes, names that differ by case.
 * Knows not: values, files, how a column is cast. */
#include "columns/columns_fit.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "columns/columns_fold.h"
#include "columns/columns_schema.h"

/* ---- the join ---- */

static bool is_signed(int k) { return k >= PF_KIND_INT8 && k <= PF_KIND_INT64; }
static bool is_unsigned(int k) { return k >= PF_KIND_UINT8 && k <= PF_KIND_UINT64; }
static bool is_whole(int k) { return is_signed(k) || is_unsigned(k); }
static bool is_floating(int k) { return k >= PF_KIND_FLOAT16 && k <= PF_KIND_FLOAT64; }
static bool is_decimal(int k) { return k == PF_KIND_DECIMAL128 || k == PF_KIND_DECIMAL256; }
static bool is_bytes(int k) { return k >= PF_KIND_BINARY && k <= PF_KIND_FIXED_BINARY; }

static int max_int(int a, int b) { return a > b ? a : b; }

static bool set_kind(struct pf_type *out, int kind) {
    out->kind = (int16_t)kind;
    return true;
}

static bool set_decimal(struct pf_type *out, int precision, int scale, bool wide) {
    if (precision > (wide ? 76 : 38))
        return false;
    out->precision = (int16_t)precision;
    out->scale = (int16_t)scale;
    return set_kind(out, wide ? PF_KIND_DECIMAL256 : PF_KIND_DECIMAL128);
}

/* Digits that hold every value of an integer type. */
static int whole_digits(int kind) {
    static const int8_t digits[] = {3, 5, 10, 19, 3, 5, 10, 20};
    return digits[kind - PF_KIND_INT8];
}

static bool join_whole(int a, int b, struct pf_type *out) {
    if (is_signed(a) == is_signed(b))
        return set_kind(out, max_int(a, b));
    int plain = is_signed(a) ? a : b, unsig = is_signed(a) ? b : a;
    if (unsig == PF_KIND_UINT64)
        return set_decimal(out, 20, 0, false);
    /* uint8 needs int16, and so on */
    return set_kind(out, max_int(plain, PF_KIND_INT16 + (unsig - PF_KIND_UINT8)));
}

static bool join_floating(int a, int b, struct pf_type *out) {
    if (is_floating(a) && is_floating(b))
        return set_kind(out, max_int(a, b));
    int whole = is_whole(a) ? a : b, other = is_whole(a) ? b : a;
    bool narrow =
        whole == PF_KIND_INT8 || whole == PF_KIND_UINT8 || whole == PF_KIND_INT16 || whole == PF_KIND_UINT16;
    return set_kind(out, narrow && other != PF_KIND_FLOAT64 ? PF_KIND_FLOAT32 : PF_KIND_FLOAT64);
}

static bool join_decimals(const struct pf_type *a, const struct pf_type *b, struct pf_type *out) {
    int scale_a = is_decimal(a->kind) ? a->scale : 0, scale_b = is_decimal(b->kind) ? b->scale : 0;
    int whole_a = is_decimal(a->kind) ? a->precision - a->scale : whole_digits(a->kind);
    int whole_b = is_decimal(b->kind) ? b->precision - b->scale : whole_digits(b->kind);
    int scale = max_int(scale_a, scale_b);
    bool wide = a->kind == PF_KIND_DECIMAL256 || b->kind == PF_KIND_DECIMAL256;
    return set_decimal(out, max_int(max_int(whole_a, whole_b) + scale, 1), scale, wide);
}

static const char *zone_of(const struct pf_type *t) { return t->zone ? t->zone : ""; }

/* Dates, times, timestamps, durations. */
static bool join_times(const struct pf_type *a, const struct pf_type *b, struct pf_type *out) {
    bool date_a = a->kind == PF_KIND_DATE32 || a->kind == PF_KIND_DATE64;
    bool date_b = b->kind == PF_KIND_DATE32 || b->kind == PF_KIND_DATE64;
    bool time_a = a->kind == PF_KIND_TIME32 || a->kind == PF_KIND_TIME64;
    bool time_b = b->kind == PF_KIND_TIME32 || b->kind == PF_KIND_TIME64;
    if (date_a && date_b)
        return set_kind(out, PF_KIND_DATE32);
    if (date_a || date_b) {
        const struct pf_type *other = date_a ? b : a;
        out->unit = other->unit;
        return other->kind == PF_KIND_TIMESTAMP && zone_of(other)[0] == 0 && set_kind(out, PF_KIND_TIMESTAMP);
    }
    out->unit = (int16_t)max_int(a->unit, b->unit);
    if (time_a && time_b)
        return set_kind(out, out->unit > PF_UNIT_MILLI ? PF_KIND_TIME64 : PF_KIND_TIME32);
    if (a->kind != b->kind)
        return false;
    if (a->kind == PF_KIND_TIMESTAMP) {
        if (!zone_of(a)[0] != !zone_of(b)[0])
            return false; /* local times and instants have nothing in common */
        out->zone = strcmp(zone_of(a), zone_of(b)) == 0 ? zone_of(a) : "UTC";
        return set_kind(out, PF_KIND_TIMESTAMP);
    }
    return a->kind == PF_KIND_DURATION && set_kind(out, PF_KIND_DURATION);
}

static bool join_plain(const struct pf_type *a, const struct pf_type *b, struct pf_type *out) {
    int ka = a->kind, kb = b->kind;
    if (is_whole(ka) && is_whole(kb))
        return join_whole(ka, kb, out);
    if ((is_whole(ka) || is_floating(ka)) && (is_whole(kb) || is_floating(kb)))
        return join_floating(ka, kb, out);
    if ((is_whole(ka) || is_decimal(ka)) && (is_whole(kb) || is_decimal(kb)))
        return join_decimals(a, b, out);
    if (pf_kind_is_text(ka) && pf_kind_is_text(kb))
        return set_kind(out, PF_KIND_UTF8);
    if (is_bytes(ka) && is_bytes(kb))
        return set_kind(out, PF_KIND_BINARY);
    if (ka >= PF_KIND_DATE32 && ka <= PF_KIND_DURATION && kb >= PF_KIND_DATE32 && kb <= PF_KIND_DURATION)
        return join_times(a, b, out);
    return false;
}

bool pf_type_join(const struct pf_type *a, const struct pf_type *b, struct pf_type *out) {
    struct pf_type made = {.zone = ""}, text = {.kind = PF_KIND_UTF8, .zone = ""}, left = *a, right = *b;
    if (pf_type_same(a, b) || b->kind == PF_KIND_NULL_) {
        *out = left;
        return true;
    }
    if (a->kind == PF_KIND_NULL_) {
        *out = right;
        return true;
    }
    left.index = right.index = PF_KIND_NULL_; /* a dictionary joins as its values */
    if (pf_type_same(&left, &right)) {
        *out = left;
        return true;
    }
    bool common = join_plain(&left, &right, &made);
    *out = common ? made : text;
    return common;
}

/* ---- the fit ---- */

struct fit {
    const struct ArrowSchema *target, *next;
    int mode;
    void (*each)(void *ctx, const struct pf_drift *);
    void *ctx;
    struct pf_error *err;
    struct pf_map exact, folded; /* names of target → place */
    int64_t *source;             /* by place in target: place in next, or −1 */
    int64_t *added;              /* places in next, in order */
    int64_t added_count;
    struct ArrowSchema *out;
};

static const char *name_at(const struct ArrowSchema *schema, int64_t i) {
    return schema->children[i]->name ? schema->children[i]->name : "";
}

static void tell(struct fit *fit, const char *column, const char *what, const struct pf_type *from,
                 const struct pf_type *to) {
    struct pf_type none = {.zone = ""};
    struct pf_drift drift = {column, what, from ? *from : none, to ? *to : none};
    if (fit->each)
        fit->each(fit->ctx, &drift);
}

static pf_status refuse(struct fit *fit, const char *column, const struct pf_type *from,
                        const struct pf_type *to, const char *what, const char *remedy) {
    tell(fit, column, "refused", from, to);
    return pf_fail(fit->err, PF_BAD_DATA, "column '%.100s' %.160s; %s", column, what, remedy);
}

static pf_status add_name(struct pf_map *map, const char *name, size_t size, int64_t place,
                          struct pf_error *err) {
    return pf_map_add(map, name, size, place, NULL, err);
}

/* The folded name in memory of its own: foreign names may be long. */
static pf_status fold_name(const char *name, char **folded, size_t *size, struct pf_error *err) {
    size_t bytes = strlen(name);
    *folded = pf_mem_alloc(2 * bytes + 1);
    if (!*folded)
        return pf_fail_memory(err, 2 * bytes + 1);
    *size = pf_name_fold(name, bytes, *folded);
    return PF_OK;
}

static pf_status index_target(struct fit *fit) {
    for (int64_t i = 0; i < fit->target->n_children; i++) {
        const char *name = name_at(fit->target, i);
        char *folded;
        size_t size = 0;
        fit->source[i] = -1;
        PF_TRY(add_name(&fit->exact, name, strlen(name), i, fit->err));
        PF_TRY(fold_name(name, &folded, &size, fit->err));
        pf_status status = add_name(&fit->folded, folded, size, i, fit->err);
        pf_mem_free(folded);
        PF_TRY(status);
    }
    return PF_OK;
}

/* Where column i of next belongs: exact names first, for all columns, then those that differ by case. */
static pf_status match_columns(struct fit *fit) {
    int64_t place, n = fit->next->n_children;
    for (int64_t i = 0; i < n; i++) {
        const char *name = name_at(fit->next, i);
        if (pf_map_find(&fit->exact, name, strlen(name), &place) && fit->source[place] < 0)
            fit->source[place] = i;
        else
            fit->added[fit->added_count++] = i;
    }
    int64_t left = 0;
    for (int64_t k = 0; k < fit->added_count; k++) {
        int64_t i = fit->added[k];
        const char *name = name_at(fit->next, i);
        char *folded;
        size_t size = 0;
        PF_TRY(fold_name(name, &folded, &size, fit->err));
        bool found = pf_map_find(&fit->folded, folded, size, &place) && fit->source[place] < 0;
        pf_mem_free(folded);
        if (!found) {
            fit->added[left++] = i;
            continue;
        }
        if (fit->mode == PF_FIT_STRICT)
            return refuse(fit, name, NULL, NULL, "differs from the target's name by case",
                          "rename it, or take --schema-mode add, widen or union");
        fit->source[place] = i;
        tell(fit, name, "case", NULL, NULL);
    }
    fit->added_count = left;
    return PF_OK;
}

static bool can_be_text(const struct pf_type *type) {
    return !pf_kind_is_nested(type->kind) && !is_bytes(type->kind);
}

/* The type of a column that both have; *out is untouched when the target's stays. */
static pf_status join_column(struct fit *fit, const char *name, const struct pf_type *from,
                             const struct pf_type *to, struct pf_type *out) {
    char a[96], b[96], what[220];
    struct pf_type join;
    if (pf_type_same(from, to) || to->kind == PF_KIND_NULL_)
        return PF_OK;
    if (from->kind == PF_KIND_NULL_) { /* no value of the target changes */
        *out = *to;
        return PF_OK;
    }
    bool common = pf_type_join(from, to, &join);
    bool may = fit->mode == PF_FIT_WIDEN || fit->mode == PF_FIT_UNION;
    if (may && (common || (fit->mode == PF_FIT_UNION && can_be_text(from) && can_be_text(to)))) {
        const struct pf_type *seen = pf_type_same(&join, from) ? to : from; /* whose values are changed */
        tell(fit, name, "widened", seen, &join);
        *out = join;
        return PF_OK;
    }
    pf_type_print(from, a, sizeof a);
    pf_type_print(to, b, sizeof b);
    snprintf(what, sizeof what, "is %.70s in the target and %.70s here", a, b);
    return refuse(fit, name, from, to, what,
                  common                                 ? "take --schema-mode widen or union"
                  : can_be_text(from) && can_be_text(to) ? "take --schema-mode union, or give the column a type"
                                                         : "give the column a type of its own");
}

static pf_status put_column(struct fit *fit, int64_t at, const struct ArrowSchema *like,
                            const struct pf_type *type, bool changed, bool nullable) {
    struct ArrowSchema *field = fit->out->children[at];
    PF_TRY(pf_schema_copy(like, field, fit->err));
    if (changed) { /* the metadata told of the old type */
        struct ArrowSchema made;
        PF_TRY(pf_schema_field(&made, like->name, type, true, fit->err));
        pf_schema_release(field);
        *field = made;
    }
    field->flags = (field->flags & ~(int64_t)ARROW_FLAG_NULLABLE) | (nullable ? ARROW_FLAG_NULLABLE : 0);
    return PF_OK;
}

static pf_status fit_old(struct fit *fit) {
    int64_t before = -1;
    for (int64_t i = 0; i < fit->target->n_children; i++) {
        const struct ArrowSchema *field = fit->target->children[i];
        const char *name = name_at(fit->target, i);
        int64_t at = fit->source[i];
        struct pf_type from, to;
        if (at < 0) {
            if (fit->mode != PF_FIT_UNION)
                return refuse(fit, name, NULL, NULL, "is missing", "take --schema-mode union");
            tell(fit, name, "missing", NULL, NULL);
            PF_TRY(put_column(fit, i, field, NULL, false, true));
            continue;
        }
        if (at < before)
            tell(fit, name, "moved", NULL, NULL);
        before = at > before ? at : before;
        PF_TRY(pf_type_of(field, &from, fit->err));
        PF_TRY(pf_type_of(fit->next->children[at], &to, fit->err));
        struct pf_type type = from;
        PF_TRY(join_column(fit, name, &from, &to, &type));
        if (pf_kind_is_nested(from.kind) && pf_kind_is_nested(to.kind) &&
            !pf_schema_same(field, fit->next->children[at]))
            return refuse(fit, name, &from, &to, "is nested in another way than in the target",
                          "only equal nested types fit");
        bool nullable = (field->flags | fit->next->children[at]->flags) & ARROW_FLAG_NULLABLE;
        PF_TRY(put_column(fit, i, field, &type, !pf_type_same(&type, &from), nullable));
    }
    return PF_OK;
}

static pf_status fit_new(struct fit *fit) {
    for (int64_t k = 0; k < fit->added_count; k++) {
        int64_t i = fit->added[k];
        struct pf_type type;
        PF_TRY(pf_type_of(fit->next->children[i], &type, fit->err));
        if (fit->mode != PF_FIT_ADD && fit->mode != PF_FIT_UNION)
            return refuse(fit, name_at(fit->next, i), NULL, &type, "is not in the target",
                          "take --schema-mode add or union");
        tell(fit, name_at(fit->next, i), "added", NULL, &type);
        PF_TRY(put_column(fit, fit->target->n_children + k, fit->next->children[i], NULL, false, true));
    }
    return PF_OK;
}

pf_status pf_fit(const struct ArrowSchema *target, const struct ArrowSchema *next, int mode,
                 void (*each)(void *ctx, const struct pf_drift *), void *ctx, struct ArrowSchema *out,
                 struct pf_error *err) {
    struct fit fit = {
        .target = target, .next = next, .mode = mode, .each = each, .ctx = ctx, .err = err, .out = out};
    memset(out, 0, sizeof *out);
    fit.source = pf_mem_zero((size_t)target->n_children, sizeof *fit.source);
    fit.added = pf_mem_zero((size_t)next->n_children, sizeof *fit.added);
    pf_status status = fit.source && fit.added ? index_target(&fit) : pf_fail_memory(err, 0);
    if (status == PF_OK)
        status = match_columns(&fit);
    if (status == PF_OK)
        status = pf_schema_struct(out, target->n_children + fit.added_count, err);
    if (status == PF_OK)
        status = fit_old(&fit);
    if (status == PF_OK)
        status = fit_new(&fit);
    if (status != PF_OK)
        pf_schema_release(out);
    pf_map_clear(&fit.exact);
    pf_map_clear(&fit.folded);
    pf_mem_free(fit.source);
    pf_mem_free(fit.added);
    return status;
}
