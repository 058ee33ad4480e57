/* run_unwrap.h — peels compression and archives off an input until a format is left.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_UNWRAP_H
#define PF_RUN_UNWRAP_H
#include "codec/codec_zip.h"

struct pf_unwrap_how {
    const char
        *temp_folder;   /* where a ZIP that comes out of a forward source is spilled; as in bytes_spill.h */
    int64_t temp_limit; /* its ceiling in bytes */
    int64_t expansion_ceiling; /* as in codec_stream.h; 0: the usual */
    int32_t threaded;          /* decompress ahead on a thread of its own */
    int32_t reserved;
    /* Asked before each peeling: does a reader claim these bytes? Non-zero stops the peeling. May be NULL. */
    int32_t (*claimed)(void *ctx, struct pf_source *source, const uint8_t *head, size_t head_size,
                       const char *name);
    void *ctx;
};

/* What is inside. Zero is empty; end with pf_unwrapped_clear. */
struct pf_unwrapped {
    /* The bytes, unless members are given. What could be read at any offset and was not packed is the inner
     * source itself; everything else is forward only with a head that stays (run_head.h). */
    struct pf_source source;
    char *name;    /* "orders.csv" for "orders.csv.gz"; a member's name as in the archive */
    int32_t depth; /* how many layers were peeled off, archives included */
    /* Of a ZIP archive: its files in the archive's order, without folders, "__MACOSX/" and dot files. A member is
     * read by pf_unwrap_member. archive is NULL when there is none; members may then not be touched. */
    struct pf_source *archive_source;
    pf_zip *archive;
    const struct pf_zip_member **members;
    size_t member_count;
    size_t members_skipped; /* folders do not count */
};

/* Takes inner at once: after a failure it is closed and zero. name: the input's name, for suffixes and messages.
 * A ZIP that is an office document is left as it is. LIMIT when more than PF_CEIL_UNWRAP_DEPTH layers lie over
 * each other; UNSUPPORTED names archives that nothing here opens (tar, 7z, RAR, …). */
pf_status pf_unwrap(struct pf_source *inner, const char *name, const struct pf_unwrap_how *how,
                    struct pf_unwrapped *out, struct pf_error *err);
/* The index-th member, itself unwrapped. archive is lent until *out is cleared; several may be open at the same
 * time. */
pf_status pf_unwrap_member(const struct pf_unwrapped *archive, size_t index, const struct pf_unwrap_how *how,
                           struct pf_unwrapped *out, struct pf_error *err);
void pf_unwrapped_clear(struct pf_unwrapped *unwrapped);
#endif
