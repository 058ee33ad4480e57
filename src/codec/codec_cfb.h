/* codec_cfb.h — compound files: a stream as a random source. Source: [MS-CFB] 10.0.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_CFB_H
#define PF_CODEC_CFB_H
#include <stdbool.h>

#include "codec/codec.h"

typedef struct pf_cfb pf_cfb;
struct pf_cfb_entry {
    const char *path;   /* UTF-8, from the root, '/' between storages: "Workbook"; lent until pf_cfb_close */
    int64_t size_bytes; /* of a stream, as the directory says */
    uint32_t first;     /* its first sector */
    int32_t storage;    /* 1: a storage, it has no bytes of its own */
    int64_t byte;       /* where its directory entry stands in the file */
};
bool pf_cfb_is(const uint8_t *head, size_t size); /* does the signature stand there? */
/* source must be random; lent until close. Versions 3 and 4. Cycles, sectors outside the file and a damaged
 * directory are BAD_DATA with the byte; what the header claims about sizes is never allocated. */
pf_status pf_cfb_open(struct pf_source *source, pf_cfb **out, struct pf_error *err);
void pf_cfb_close(pf_cfb **cfb);
size_t pf_cfb_count(const pf_cfb *cfb);
const struct pf_cfb_entry *pf_cfb_at(const pf_cfb *cfb,
                                     size_t index); /* in the order of the directory's tree */
/* The stream of that path, ignoring the case of ASCII letters; NULL: none. */
const struct pf_cfb_entry *pf_cfb_find(const pf_cfb *cfb, const char *path);
/* A random source of a stream's bytes; cfb is lent until its close. A chain shorter than the directory says or
 * one that runs in a circle is BAD_DATA. Several streams may be read at the same time on several threads. */
pf_status pf_cfb_source(const pf_cfb *cfb, const struct pf_cfb_entry *entry, struct pf_source *out,
                        struct pf_error *err);
#endif
