/* cfb_builder.h — compound files for tests, version 3 and 4.                    SPDX-License-Identifier: MIT */
#ifndef CFB_BUILDER_H
#define CFB_BUILDER_H
#include "base/bits.h"
#include "base/buf.h"
#include "codec_samples.h"

#define CFB_MINI 64u
#define CFB_END  0xFFFFFFFEu
#define CFB_NONE 0xFFFFFFFFu

struct cfb_item {
    const char *name; /* ASCII */
    const void *bytes;
    size_t size;
    int parent; /* index of a storage among the items, −1: the root */
    bool storage;
};

struct cfb_chain {
    const uint8_t *bytes;
    size_t size, done;
    uint32_t first, last;
};

struct cfb_plan {
    size_t sector, sectors; /* bytes of one; given out so far */
    uint32_t fat_sectors, difat_sectors;
    uint32_t fat[400000];
};

static inline void cfb_place(struct cfb_plan *plan, struct cfb_chain *chain, struct pf_buf *to) {
    uint32_t sector = (uint32_t)plan->sectors++;
    size_t part = chain->size - chain->done < plan->sector ? chain->size - chain->done : plan->sector;
    if (chain->done == 0)
        chain->first = sector;
    else
        plan->fat[chain->last] = sector;
    chain->last = sector;
    plan->fat[sector] = CFB_END;
    assert_int_equal(pf_buf_reserve(to, plan->sector, NULL), PF_OK);
    memset(to->data + to->size, 0, plan->sector);
    memcpy(to->data + to->size, chain->bytes + chain->done, part);
    to->size += plan->sector;
    chain->done += part;
}

static inline void cfb_entry(uint8_t *to, const char *name, int type, uint32_t first, uint64_t size) {
    for (size_t i = 0; name[i]; i++)
        to[2 * i] = (uint8_t)name[i];
    pf_store16(to + 64, (uint16_t)(2 * strlen(name) + 2));
    to[66] = (uint8_t)type;
    pf_store32(to + 68, CFB_NONE);
    pf_store32(to + 72, CFB_NONE);
    pf_store32(to + 76, CFB_NONE);
    pf_store32(to + 116, first);
    pf_store64(to + 120, size);
}

/* Hangs entry child (an index in the directory) below parent: the children are one chain of right siblings. */
static inline void cfb_hang(uint8_t *directory, size_t parent, uint32_t child) {
    uint8_t *link = directory + parent * 128 + 76;
    while (pf_load32(link) != CFB_NONE)
        link = directory + pf_load32(link) * (size_t)128 + 72;
    pf_store32(link, child);
}

static inline void cfb_header(struct cfb_plan *plan, int version, const struct cfb_chain *directory,
                              const struct cfb_chain *minifat, size_t sector, uint8_t *to) {
    static const uint8_t signature[8] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    memcpy(to, signature, 8);
    pf_store16(to + 24, 0x3E);
    pf_store16(to + 26, (uint16_t)version);
    pf_store16(to + 28, 0xFFFE);
    pf_store16(to + 30, version == 4 ? 12 : 9);
    pf_store16(to + 32, 6);
    pf_store32(to + 44, plan->fat_sectors);
    pf_store32(to + 48, directory->first);
    pf_store32(to + 56, 4096);
    pf_store32(to + 60, minifat->size ? minifat->first : CFB_END);
    pf_store32(to + 64, (uint32_t)(minifat->size / sector));
    pf_store32(to + 68, plan->difat_sectors ? plan->fat_sectors : CFB_END);
    pf_store32(to + 72, plan->difat_sectors);
    for (uint32_t i = 0; i < 109; i++)
        pf_store32(to + 76 + 4 * (size_t)i, i < plan->fat_sectors ? i : CFB_NONE);
}

/* The FAT and DIFAT sectors stand first; then all chains, a sector of each in turn, so that none is in one
 * piece. */
static inline void cfb_build(const struct cfb_item *items, size_t count, int version, struct pf_buf *out) {
    struct cfb_plan *plan = pf_mem_zero(1, sizeof *plan);
    struct cfb_chain chains[64] = {{0}};
    struct pf_buf mini = {0}, body = {0};
    size_t sector = version == 4 ? 4096 : 512, used = 3, need = 0;
    uint8_t *directory = pf_mem_zero(count + 1 + 32, 128), *minifat = pf_mem_zero(65536, 4);
    uint32_t first[64], minis = 0, per = (uint32_t)sector / 4;
    assert_true(count < 60);
    for (size_t i = 0; i < count; i++) {
        if (items[i].storage || items[i].size >= 4096 || items[i].size == 0)
            continue;
        first[i] = minis;
        for (size_t at = 0; at < items[i].size; at += CFB_MINI) {
            uint8_t part[CFB_MINI] = {0};
            memcpy(part, (const uint8_t *)items[i].bytes + at,
                   items[i].size - at < CFB_MINI ? items[i].size - at : CFB_MINI);
            pf_buf_put(&mini, part, CFB_MINI, NULL);
            pf_store32(minifat + 4 * (size_t)minis, at + CFB_MINI < items[i].size ? minis + 1 : CFB_END);
            minis++;
        }
    }
    chains[0] =
        (struct cfb_chain){.bytes = directory, .size = ((count + 1) * 128 + sector - 1) / sector * sector};
    chains[1] = (struct cfb_chain){.bytes = minifat, .size = (minis * 4 + sector - 1) / sector * sector};
    chains[2] = (struct cfb_chain){.bytes = mini.data, .size = mini.size};
    for (size_t i = 0; i < count; i++)
        if (!items[i].storage && items[i].size >= 4096)
            chains[used++] = (struct cfb_chain){.bytes = items[i].bytes, .size = items[i].size};
    for (size_t i = 0; i < used; i++)
        need += (chains[i].size + sector - 1) / sector;
    plan->sector = sector;
    do {
        plan->fat_sectors = (uint32_t)((need + plan->fat_sectors + plan->difat_sectors + per - 1) / per);
        plan->difat_sectors = plan->fat_sectors > 109 ? (plan->fat_sectors - 109 + per - 2) / (per - 1) : 0;
    } while ((need + plan->fat_sectors + plan->difat_sectors + per - 1) / per != plan->fat_sectors);
    plan->sectors = plan->fat_sectors + plan->difat_sectors;
    for (uint32_t i = 0; i < plan->sectors; i++)
        plan->fat[i] = i < plan->fat_sectors ? 0xFFFFFFFDu : 0xFFFFFFFCu;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 3; i < used + 3; i++) { /* the directory goes last: what it says must be known */
            struct cfb_chain *chain = &chains[i < used ? i : (used + 2 - i)];
            if (chain == &chains[0] || chain->done >= chain->size)
                continue;
            cfb_place(plan, chain, &body);
            more = true;
        }
    }
    cfb_entry(directory, "Root Entry", 5, mini.size ? chains[2].first : CFB_END, mini.size);
    for (size_t i = 0, next = 3; i < count; i++) {
        uint32_t start = items[i].size == 0 || items[i].storage ? CFB_END
                         : items[i].size >= 4096                ? chains[next++].first
                                                                : first[i];
        cfb_entry(directory + (i + 1) * 128, items[i].name, items[i].storage ? 1 : 2, start, items[i].size);
    }
    for (size_t i = 0; i < count; i++)
        cfb_hang(directory, (size_t)(items[i].parent + 1), (uint32_t)i + 1);
    while (chains[0].done < chains[0].size)
        cfb_place(plan, &chains[0], &body);
    uint8_t header[4096] = {0};
    cfb_header(plan, version, &chains[0], &chains[1], sector, header);
    pf_buf_put(out, header, sector, NULL);
    for (size_t i = plan->sectors; i < (size_t)plan->fat_sectors * per; i++)
        plan->fat[i] = CFB_NONE;
    pf_buf_put(out, plan->fat, (size_t)plan->fat_sectors * sector, NULL);
    for (uint32_t d = 0, at = 109; d < plan->difat_sectors; d++) {
        uint32_t list[1024];
        for (uint32_t i = 0; i + 1 < per; i++, at++)
            list[i] = at < plan->fat_sectors ? at : CFB_NONE;
        list[per - 1] = d + 1 < plan->difat_sectors ? plan->fat_sectors + d + 1 : CFB_END;
        pf_buf_put(out, list, sector, NULL);
    }
    pf_buf_put(out, body.data, body.size, NULL);
    pf_buf_clear(&body);
    pf_buf_clear(&mini);
    pf_mem_free(directory);
    pf_mem_free(minifat);
    pf_mem_free(plan);
}
#endif
