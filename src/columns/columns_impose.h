/* columns_impose.h — any reasonable spelling of a value of an imposed type.     SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_IMPOSE_H
#define PF_COLUMNS_IMPOSE_H
#include "base/number.h"
#include "columns/columns_parse.h"

/* Its first bytes are what pf_build_value takes. */
union pf_value {
    int64_t whole;
    uint64_t natural;
    double real;
    float single;
    struct pf_int128 wide;
};
/* Types that text can be read as. */
bool pf_impose_knows(const struct pf_type *type);
pf_status pf_impose_refuse(const struct pf_type *type, struct pf_error *err); /* UNSUPPORTED */
/* Asked for, or of a type that inference never gives. */
bool pf_parse_is_imposed(const struct pf_parse *parse);
/* One plain value; text, binary and null types leave value alone. false: not without loss. */
bool pf_impose(const struct pf_parse *parse, const char *text, size_t size, union pf_value *value);
/* Seconds and nanoseconds in a unit; false: more digits than the unit has (not zero), or out of range. */
bool pf_impose_instant(int unit, int64_t seconds, int64_t nanos, int64_t *value);
#endif
