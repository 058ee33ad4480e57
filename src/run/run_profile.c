/* run_profile.c — room run. What --profile spark writes instead of other types.  SPDX-License-Identifier: MIT
 * Knows: which types Spark 3.2 reads.
 * Knows not: how values are cast. */
#include "run/run_profile.h"

static bool cast_to(struct pf_profile_cast *cast, enum pf_kind kind, const char *why) {
    *cast = (struct pf_profile_cast){.target = {.kind = (int16_t)kind, .index = PF_KIND_NULL_, .zone = ""},
                                     .why = why};
    return true;
}

static const char unsigned_why[] = "Spark has no unsigned numbers";

bool pf_profile_spark(const struct pf_type *type, struct pf_profile_cast *cast) {
    if (type->index != PF_KIND_NULL_) { /* dictionaries: what holds is the type of their values */
        struct pf_type plain = *type;
        plain.index = PF_KIND_NULL_;
        return pf_profile_spark(&plain, cast);
    }
    switch (type->kind) {
    case PF_KIND_NULL_: return cast_to(cast, PF_KIND_UTF8, "a column without values is written as text");
    case PF_KIND_UINT8: return cast_to(cast, PF_KIND_INT16, unsigned_why);
    case PF_KIND_UINT16: return cast_to(cast, PF_KIND_INT32, unsigned_why);
    case PF_KIND_UINT32: return cast_to(cast, PF_KIND_INT64, unsigned_why);
    case PF_KIND_FLOAT16: return cast_to(cast, PF_KIND_FLOAT32, "Spark has no half floats");
    case PF_KIND_DATE64: return cast_to(cast, PF_KIND_DATE32, "dates are counted in days");
    case PF_KIND_TIME32:
    case PF_KIND_TIME64: return cast_to(cast, PF_KIND_UTF8, "Spark has no time of day");
    case PF_KIND_DURATION:
        cast_to(cast, PF_KIND_INT64, "Spark has no duration; the number is microseconds");
        cast->risky = type->unit == PF_UNIT_NANO;
        return true;
    case PF_KIND_UINT64:
        cast_to(cast, PF_KIND_DECIMAL128, unsigned_why);
        cast->target.precision = 20;
        return true;
    case PF_KIND_TIMESTAMP:
        if (type->unit == PF_UNIT_MICRO || type->unit == PF_UNIT_MILLI)
            return false;
        cast_to(cast, PF_KIND_TIMESTAMP, "Spark has microseconds");
        cast->target.unit = PF_UNIT_MICRO;
        cast->target.zone = type->zone ? type->zone : "";
        cast->risky = type->unit == PF_UNIT_NANO;
        return true;
    default: return false;
    }
}
