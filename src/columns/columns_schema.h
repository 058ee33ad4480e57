/* columns_schema.h — build, copy, compare, print ArrowSchema.                   SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_SCHEMA_H
#define PF_COLUMNS_SCHEMA_H
#include "base/buf.h"
#include "columns/columns_type.h"

/* Keys in the metadata of a column, beside what others put there. */
#define PF_META_FORMAT                                                                                         \
    "pyforge.format" /* how its text is to be parsed: "dd/mm/yyyy", "comma" … (columns_parse.h) */
#define PF_META_SOURCE  "pyforge.source"  /* its name in the input, when that differs */
#define PF_META_WIDENED "pyforge.widened" /* "int64 → text at row 17: N/A" */

#define PF_META_NUMBER_FORMAT "pyforge.number_format" /* how a workbook shows its numbers: "0.0%" */
#define PF_META_UNSEEN        "pyforge.unseen"        /* no value was seen: text for want of anything better */
#define PF_META_CAST          "pyforge.cast" /* "time[us] → text": what it was before a cast for the target */

/* A struct schema with n children yet to be set; release with schema->release. */
pf_status pf_schema_struct(struct ArrowSchema *out, int64_t n_children, struct pf_error *err);
/* Makes a child (or any schema) of a flat type; name is copied. nullable: ARROW_FLAG_NULLABLE. */
pf_status pf_schema_field(struct ArrowSchema *out, const char *name, const struct pf_type *type, bool nullable,
                          struct pf_error *err);
pf_status pf_schema_copy(const struct ArrowSchema *from, struct ArrowSchema *out, struct pf_error *err);
pf_status pf_schema_rename(struct ArrowSchema *field, const char *name, struct pf_error *err);
/* Only for schemas made here. value NULL removes the key. */
pf_status pf_schema_set_meta(struct ArrowSchema *field, const char *key, const char *value,
                             struct pf_error *err);
/* Lent until the schema changes; *size its length; NULL: no such key. The text has no NUL behind it. */
const char *pf_schema_meta(const struct ArrowSchema *field, const char *key, size_t *size);
/* Walks all pairs. */
void pf_schema_each_meta(const struct ArrowSchema *field,
                         void (*each)(void *ctx, const char *key, size_t key_size, const char *value,
                                      size_t size),
                         void *ctx);
bool pf_schema_same(const struct ArrowSchema *a,
                    const struct ArrowSchema *b); /* names, types, nullability, children */
int64_t pf_schema_find(const struct ArrowSchema *schema, const char *name); /* child index or −1, exact */
void pf_schema_release(struct ArrowSchema *schema);                         /* zero or released is fine */
#endif
