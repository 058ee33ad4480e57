/* codec_odf.h — the locks of OpenDocument parts: from a password to the bytes. Source: OpenDocument 1.3 Part 2, 3.4, 4.8.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_ODF_H
#define PF_CODEC_ODF_H
#include "codec/codec_digest.h"
#include "pyforge/extension.h"

/* <manifest:encryption-data> as it stands there; "": not said. */
struct pf_odf_words {
    char cipher[80], vector[80];                              /* algorithm-name, initialisation-vector */
    char derivation[80], key_size[16], rounds[16], salt[120]; /* of key-derivation */
    char start[80];                                           /* start-key-generation-name */
    char check[80], checksum[120];                            /* checksum-type, checksum */
};

#define PF_ODF_KEY_BYTES 32
struct pf_odf_lock {
    int32_t cipher;       /* private, all of it */
    int32_t start, check; /* PF_DIGEST_* */
    uint32_t rounds;
    size_t key_size, salt_size;
    uint8_t vector[16], salt[PF_DIGEST_BYTES], checksum[PF_DIGEST_BYTES], key[PF_ODF_KEY_BYTES];
};
/* Everything in *lock is checked. UNSUPPORTED with the name of a cipher or a derivation that is not known, BAD_DATA, LIMIT
 * (rounds). */
pf_status pf_odf_lock_read(const struct pf_odf_words *words, struct pf_odf_lock *lock, struct pf_error *err);
/* The key that a password in UTF-8 makes. */
pf_status pf_odf_lock_try(struct pf_odf_lock *lock, const char *password, struct pf_error *err);
/* Is the key the right one, by the checksum? locked: the part as it stands in the package, read from its beginning. */
pf_status pf_odf_lock_fits(const struct pf_odf_lock *lock, struct pf_source *locked, bool *fits,
                           struct pf_error *err);
/* Gives the part as it was before it was packed and locked, a forward source; takes `locked`, a forward source of a size
 * that is known. threaded, expansion_ceiling: as in codec_stream.h. */
pf_status pf_odf_source(const struct pf_odf_lock *lock, struct pf_source *locked, int32_t threaded,
                        int64_t expansion_ceiling, struct pf_source *out, struct pf_error *err);
#endif
