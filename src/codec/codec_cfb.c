/* codec_cfb.c — room codec. Compound files: sectors, chains, the directory.      SPDX-License-Identifier: MIT
 * Knows: header, DIFAT, FAT, mini FAT, directory tree, where a stream's bytes lie.
 * Knows not: what is in a stream. Source: [MS-CFB] 10.0; section numbers below are its own. */
#include "codec/codec_cfb.h"

#include <string.h>

#include "base/arena.h"
#include "base/bits.h"
#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "bytes/bytes_source.h"

#define HEADER_BYTES 512
#define HEADER_DIFAT 76 /* 109 sector numbers stand here */
#define SECTOR_MAX   0xFFFFFFFAu
#define NO_ENTRY     0xFFFFFFFFu
#define ENTRY_BYTES  128
#define NAME_BYTES   64
#define TYPE_STORAGE 1
#define TYPE_STREAM  2
#define TYPE_ROOT    5
#define ORDER_LITTLE 0xFFFE
#define SHIFT_V3     9
#define SHIFT_V4     12

static const uint8_t signature[8] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};

/* From offset `at` of a stream on its bytes lie from `file` on; up to the next piece. */
struct piece {
    int64_t at;
    int64_t file;
};

/* Where a stream lies. */
struct layout {
    struct piece *pieces;
    size_t count, room;
    int64_t size_bytes;
};

struct table {
    uint32_t *next;
    uint32_t count;
};

struct pf_cfb {
    struct pf_source *source;
    int sector_shift, mini_shift;
    int64_t cutoff;   /* smaller streams lie in the mini stream */
    uint32_t sectors; /* that the file has, the last one perhaps not whole */
    struct table fat, mini_fat;
    struct layout mini; /* the mini stream */
    struct pf_cfb_entry *entries;
    size_t count;
    struct pf_arena names;
};

static pf_status fail_cfb(struct pf_error *err, int64_t byte, const char *why) {
    return pf_fail_at(err, PF_BAD_DATA, -1, byte, "compound file is broken: %s; get the file again", why);
}

static int64_t sector_offset(const pf_cfb *cfb, uint32_t sector) {
    return ((int64_t)sector + 1) << cfb->sector_shift;
}

/* The last sector may be cut short: what is missing reads as zero. */
static pf_status read_sector(const pf_cfb *cfb, uint32_t sector, uint8_t *to, struct pf_error *err) {
    size_t size = (size_t)1 << cfb->sector_shift, got = 0;
    PF_TRY(cfb->source->read_at(cfb->source, sector_offset(cfb, sector), to, size, &got, err));
    memset(to + got, 0, size - got);
    return PF_OK;
}

bool pf_cfb_is(const uint8_t *head, size_t size) {
    return size >= sizeof signature && memcmp(head, signature, sizeof signature) == 0;
}

/* ---- chains -------------------------------------------------------------------------------------------------
 */

static pf_status add_piece(struct layout *layout, int64_t at, int64_t file, struct pf_error *err) {
    if (layout->count > 0) {
        const struct piece *last = &layout->pieces[layout->count - 1];
        if (file - last->file == at - last->at)
            return PF_OK; /* goes on where the piece before ends */
    }
    if (layout->count == layout->room) {
        size_t room = layout->room ? layout->room * 2 : 8;
        struct piece *pieces = pf_mem_grow(layout->pieces, room * sizeof *pieces);
        if (!pieces)
            return pf_fail_memory(err, room * sizeof *pieces);
        layout->pieces = pieces;
        layout->room = room;
    }
    layout->pieces[layout->count++] = (struct piece){at, file};
    return PF_OK;
}

static const struct piece *find_piece(const struct layout *layout, int64_t offset) {
    size_t low = 0, high = layout->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (layout->pieces[middle].at <= offset)
            low = middle;
        else
            high = middle;
    }
    return &layout->pieces[low];
}

/* Where sector number `sector` of a chain lies in the file: a FAT sector or a piece of the mini stream. −1:
 * nowhere. */
static int64_t place_sector(const pf_cfb *cfb, bool mini, uint32_t sector) {
    if (!mini)
        return sector < cfb->sectors ? sector_offset(cfb, sector) : -1;
    int64_t offset = (int64_t)sector << cfb->mini_shift;
    if (offset >= cfb->mini.size_bytes)
        return -1;
    const struct piece *piece = find_piece(&cfb->mini, offset);
    return piece->file + (offset - piece->at);
}

/* met: a bit for each sector of the table. */
static pf_status follow_links(const pf_cfb *cfb, bool mini, uint32_t first, int64_t size, int64_t entry_byte,
                              uint8_t *met, struct layout *layout, struct pf_error *err) {
    const struct table *table = mini ? &cfb->mini_fat : &cfb->fat;
    int shift = mini ? cfb->mini_shift : cfb->sector_shift;
    uint32_t sector = first;
    int64_t at = 0;
    while (size < 0 ? sector < SECTOR_MAX : at < size) {
        int64_t file = place_sector(cfb, mini, sector);
        if (sector >= SECTOR_MAX)
            return fail_cfb(err, entry_byte, "a stream is shorter than its directory entry says");
        if (file < 0)
            return fail_cfb(err, entry_byte, "a chain leads outside the file (perhaps it is truncated)");
        if (sector < table->count && pf_bit_get(met, sector))
            return fail_cfb(err, file, "a chain of sectors runs in a circle");
        if (sector < table->count)
            pf_bit_set(met, sector);
        PF_TRY(add_piece(layout, at, file, err));
        at += (int64_t)1 << shift;
        sector = sector < table->count ? table->next[sector] : NO_ENTRY;
    }
    layout->size_bytes = size < 0 ? at : size;
    return PF_OK;
}

/* Follows a chain until it holds size bytes; size −1: to its end. */
static pf_status follow_chain(const pf_cfb *cfb, bool mini, uint32_t first, int64_t size, int64_t entry_byte,
                              struct layout *layout, struct pf_error *err) {
    size_t bytes = (mini ? cfb->mini_fat.count : cfb->fat.count) / 8 + 1;
    uint8_t *met = pf_mem_zero(bytes, 1);
    if (!met)
        return pf_fail_memory(err, bytes);
    pf_status status = follow_links(cfb, mini, first, size, entry_byte, met, layout, err);
    pf_mem_free(met);
    return status;
}

static void clear_layout(struct layout *layout) {
    pf_mem_free(layout->pieces);
    *layout = (struct layout){0};
}

/* ---- the header and the tables of sectors --------------------------------------------------------------------
 */

static pf_status check_header(pf_cfb *cfb, const uint8_t *header, struct pf_error *err) {
    if (!pf_cfb_is(header, HEADER_BYTES))
        return fail_cfb(err, 0, "its signature is missing");
    cfb->sector_shift = pf_load16(header + 30);
    cfb->mini_shift = pf_load16(header + 32);
    cfb->cutoff = pf_load32(header + 56);
    if (pf_load16(header + 28) != ORDER_LITTLE)
        return fail_cfb(err, 28, "its byte order mark is wrong");
    if (cfb->sector_shift != SHIFT_V3 && cfb->sector_shift != SHIFT_V4)
        return fail_cfb(err, 30, "its sector size is impossible");
    if (cfb->mini_shift < 2 || cfb->mini_shift > cfb->sector_shift)
        return fail_cfb(err, 32, "its mini sector size is impossible");
    int64_t body = cfb->source->size_bytes - ((int64_t)1 << cfb->sector_shift);
    int64_t sectors = body <= 0 ? 0 : ((body - 1) >> cfb->sector_shift) + 1;
    cfb->sectors = sectors < SECTOR_MAX ? (uint32_t)sectors : SECTOR_MAX;
    return PF_OK;
}

/* Appends one FAT sector's numbers. */
static pf_status take_fat_sector(pf_cfb *cfb, uint32_t sector, int64_t byte, struct pf_error *err) {
    if (sector >= cfb->sectors)
        return fail_cfb(err, byte, "a sector of its FAT lies outside the file (perhaps it is truncated)");
    PF_TRY(read_sector(cfb, sector, (uint8_t *)(cfb->fat.next + cfb->fat.count), err));
    cfb->fat.count += 1u << (cfb->sector_shift - 2);
    return PF_OK;
}

/* The FAT: its sectors are named by the header and a chain of DIFAT sectors (2.5). No more of them are read than
 * the file's own sectors need. */
static pf_status load_fat(pf_cfb *cfb, const uint8_t *header, uint8_t *sector, struct pf_error *err) {
    uint32_t per = 1u << (cfb->sector_shift - 2);
    size_t room = ((size_t)cfb->sectors / per + 1) * per;
    cfb->fat.next = pf_mem_alloc(room * 4);
    if (!cfb->fat.next)
        return pf_fail_memory(err, room * 4);
    const uint8_t *list = header + HEADER_DIFAT;
    uint32_t length = (HEADER_BYTES - HEADER_DIFAT) / 4, next = pf_load32(header + 68);
    int64_t byte = HEADER_DIFAT;
    for (uint32_t steps = 0;; steps++) {
        for (uint32_t i = 0; i < length; i++, byte += 4) {
            if (cfb->fat.count >= cfb->sectors)
                return PF_OK;
            if (pf_load32(list + 4 * (size_t)i) >= SECTOR_MAX)
                continue;
            PF_TRY(take_fat_sector(cfb, pf_load32(list + 4 * (size_t)i), byte, err));
        }
        if (next >= SECTOR_MAX)
            return PF_OK;
        if (next >= cfb->sectors)
            return fail_cfb(err, byte, "its DIFAT leads outside the file (perhaps it is truncated)");
        byte = sector_offset(cfb, next);
        if (steps >= cfb->sectors)
            return fail_cfb(err, byte, "its DIFAT runs in a circle");
        PF_TRY(read_sector(cfb, next, sector, err));
        list = sector;
        length = per - 1;
        next = pf_load32(sector + 4 * (size_t)length);
    }
}

/* Reads all of a chain into memory, a whole number of sectors. Gives *out. */
static pf_status load_chain(const pf_cfb *cfb, uint32_t first, int64_t byte, uint8_t **out, size_t *size,
                            struct pf_error *err) {
    struct layout layout = {0};
    pf_status status = follow_chain(cfb, false, first, -1, byte, &layout, err);
    if (status == PF_OK && layout.size_bytes > PF_CEIL_CFB_TABLE)
        status = pf_fail_at(err, PF_LIMIT, -1, byte,
                            "compound file has a directory or mini FAT of %lld bytes; get the file again",
                            (long long)layout.size_bytes);
    uint8_t *all = status == PF_OK ? pf_mem_zero((size_t)layout.size_bytes, 1) : NULL;
    if (status == PF_OK && !all)
        status = pf_fail_memory(err, (size_t)layout.size_bytes);
    for (size_t i = 0; status == PF_OK && i < layout.count; i++) {
        int64_t end = i + 1 < layout.count ? layout.pieces[i + 1].at : layout.size_bytes;
        size_t got = 0;
        status = cfb->source->read_at(cfb->source, layout.pieces[i].file, all + layout.pieces[i].at,
                                      (size_t)(end - layout.pieces[i].at), &got, err);
    }
    *size = (size_t)layout.size_bytes;
    clear_layout(&layout);
    if (status != PF_OK)
        pf_mem_free(all);
    else
        *out = all;
    return status;
}

static pf_status load_mini_fat(pf_cfb *cfb, uint32_t first, struct pf_error *err) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (first >= SECTOR_MAX)
        return PF_OK;
    PF_TRY(load_chain(cfb, first, 60, &bytes, &size, err));
    cfb->mini_fat.next = (uint32_t *)(void *)bytes;
    cfb->mini_fat.count = (uint32_t)(size / 4);
    return PF_OK;
}

/* ---- the directory -------------------------------------------------------------------------------------------
 */

struct tree {
    const uint8_t *bytes;
    uint32_t count;
    uint8_t *seen;        /* a bit for each entry */
    struct branch *stack; /* entries still to be visited */
    size_t waiting;
    uint32_t first_sector; /* for places */
};

struct branch {
    uint32_t index;
    int32_t depth;
    const char *parent; /* path */
};

/* UTF-16 to UTF-8; what is no UTF-16 becomes U+FFFD. NULL: out of memory. */
static const char *take_path(pf_cfb *cfb, const char *parent, const uint8_t *entry) {
    size_t size = pf_load16(entry + NAME_BYTES), used = strlen(parent);
    size = size < 2 ? 0 : size > NAME_BYTES ? NAME_BYTES : size;
    char *path = pf_arena_take(&cfb->names, used + 1 + NAME_BYTES / 2 * 3 + 1);
    if (!path)
        return NULL;
    memcpy(path, parent, used);
    if (used)
        path[used++] = '/';
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t point = pf_load16(entry + i), low = i + 3 < size ? pf_load16(entry + i + 2) : 0;
        if (point == 0)
            break;
        if (point >> 10 == 0x36 && low >> 10 == 0x37) {
            point = 0x10000 + ((point & 0x3FF) << 10) + (low & 0x3FF);
            i += 2;
        }
        size_t made = pf_utf8_encode(point, path + used);
        used += made ? made : pf_utf8_encode(0xFFFD, path + used);
    }
    path[used] = 0;
    return path;
}

static pf_status push(pf_cfb *cfb, struct tree *tree, uint32_t index, int32_t depth, const char *parent,
                      struct pf_error *err) {
    if (index == NO_ENTRY)
        return PF_OK;
    int64_t place = sector_offset(cfb, tree->first_sector);
    if (index >= tree->count)
        return fail_cfb(err, place, "its directory names an entry that is not there");
    if (pf_bit_get(tree->seen, index))
        return fail_cfb(err, place, "its directory runs in a circle");
    if (depth > PF_CEIL_CFB_DEPTH)
        return fail_cfb(err, place, "its storages are nested too deep");
    pf_bit_set(tree->seen, index);
    tree->stack[tree->waiting++] = (struct branch){index, depth, parent};
    return PF_OK;
}

static pf_status visit(pf_cfb *cfb, struct tree *tree, struct branch branch, struct pf_error *err) {
    const uint8_t *bytes = tree->bytes + (size_t)branch.index * ENTRY_BYTES;
    uint8_t type = bytes[66];
    struct pf_cfb_entry *entry = &cfb->entries[cfb->count];
    PF_TRY(push(cfb, tree, pf_load32(bytes + 72), branch.depth, branch.parent, err));
    PF_TRY(push(cfb, tree, pf_load32(bytes + 68), branch.depth, branch.parent, err));
    if (type != TYPE_STORAGE && type != TYPE_STREAM)
        return PF_OK; /* nothing that has bytes */
    entry->path = take_path(cfb, branch.parent, bytes);
    if (!entry->path)
        return pf_fail_memory(err, NAME_BYTES);
    entry->storage = type == TYPE_STORAGE;
    entry->first = pf_load32(bytes + 116);
    /* Version 3 leaves the upper half undefined (2.6.1). */
    uint64_t size = cfb->sector_shift == SHIFT_V3 ? pf_load32(bytes + 120) : pf_load64(bytes + 120);
    entry->size_bytes = entry->storage ? 0 : size > INT64_MAX ? INT64_MAX : (int64_t)size;
    entry->byte = sector_offset(cfb, tree->first_sector) + (int64_t)branch.index * ENTRY_BYTES;
    cfb->count++;
    return entry->storage ? push(cfb, tree, pf_load32(bytes + 76), branch.depth + 1, entry->path, err) : PF_OK;
}

static pf_status walk_tree(pf_cfb *cfb, struct tree *tree, struct pf_error *err) {
    const uint8_t *root = tree->bytes;
    if (tree->count == 0 || root[66] != TYPE_ROOT)
        return fail_cfb(err, sector_offset(cfb, tree->first_sector), "its directory has no root");
    cfb->entries = pf_mem_zero(tree->count, sizeof *cfb->entries);
    tree->seen = pf_mem_zero(tree->count / 8 + 1, 1);
    tree->stack = pf_mem_zero(tree->count, sizeof *tree->stack);
    if (!cfb->entries || !tree->seen || !tree->stack)
        return pf_fail_memory(err, tree->count * sizeof *cfb->entries);
    pf_bit_set(tree->seen, 0);
    PF_TRY(push(cfb, tree, pf_load32(root + 76), 0, "", err));
    while (tree->waiting > 0)
        PF_TRY(visit(cfb, tree, tree->stack[--tree->waiting], err));
    int64_t mini = cfb->sector_shift == SHIFT_V3 ? pf_load32(root + 120) : (int64_t)pf_load64(root + 120);
    if (mini <= 0 || pf_load32(root + 116) >= SECTOR_MAX)
        return PF_OK;
    /* The mini stream is as long as its chain, whatever the root says about it. */
    return follow_chain(cfb, false, pf_load32(root + 116), -1, sector_offset(cfb, tree->first_sector),
                        &cfb->mini, err);
}

static pf_status load_directory(pf_cfb *cfb, uint32_t first, struct pf_error *err) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (first >= cfb->sectors)
        return fail_cfb(err, 48, "its directory lies outside the file (perhaps it is truncated)");
    PF_TRY(load_chain(cfb, first, 48, &bytes, &size, err));
    struct tree tree = {.bytes = bytes, .count = (uint32_t)(size / ENTRY_BYTES), .first_sector = first};
    pf_status status = walk_tree(cfb, &tree, err);
    pf_mem_free(tree.seen);
    pf_mem_free(tree.stack);
    pf_mem_free(bytes);
    return status;
}

/* ---- opening and reading -------------------------------------------------------------------------------------
 */

static pf_status load_tables(pf_cfb *cfb, struct pf_error *err) {
    uint8_t header[HEADER_BYTES], sector[1u << SHIFT_V4];
    size_t got = 0;
    PF_TRY(cfb->source->read_at(cfb->source, 0, header, HEADER_BYTES, &got, err));
    if (got < HEADER_BYTES)
        return fail_cfb(err, (int64_t)got, "it is truncated");
    PF_TRY(check_header(cfb, header, err));
    PF_TRY(load_fat(cfb, header, sector, err));
    PF_TRY(load_directory(cfb, pf_load32(header + 48), err));
    return load_mini_fat(cfb, pf_load32(header + 60), err);
}

pf_status pf_cfb_open(struct pf_source *source, pf_cfb **out, struct pf_error *err) {
    if (!source->random || source->size_bytes < 0)
        return pf_fail(err, PF_ARGUMENT, "a compound file needs a source that can be read at any offset");
    pf_cfb *cfb = pf_mem_zero(1, sizeof *cfb);
    if (!cfb)
        return pf_fail_memory(err, sizeof *cfb);
    cfb->source = source;
    pf_status status = load_tables(cfb, err);
    if (status != PF_OK)
        pf_cfb_close(&cfb);
    else
        *out = cfb;
    return status;
}

void pf_cfb_close(pf_cfb **cfb) {
    if (!*cfb)
        return;
    pf_mem_free((*cfb)->fat.next);
    pf_mem_free((*cfb)->mini_fat.next);
    pf_mem_free((*cfb)->entries);
    clear_layout(&(*cfb)->mini);
    pf_arena_clear(&(*cfb)->names);
    pf_mem_free(*cfb);
    *cfb = NULL;
}

size_t pf_cfb_count(const pf_cfb *cfb) { return cfb->count; }

const struct pf_cfb_entry *pf_cfb_at(const pf_cfb *cfb, size_t index) {
    return index < cfb->count ? &cfb->entries[index] : NULL;
}

const struct pf_cfb_entry *pf_cfb_find(const pf_cfb *cfb, const char *path) {
    for (size_t i = 0; i < cfb->count; i++)
        if (!cfb->entries[i].storage && pf_text_same_nocase(pf_text_of(cfb->entries[i].path), pf_text_of(path)))
            return &cfb->entries[i];
    return NULL;
}

struct stream {
    struct pf_source *file;
    const char *path;
    struct layout layout;
};

static pf_status read_stream(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct stream *stream = source->self;
    const struct layout *layout = &stream->layout;
    *got = 0;
    if (offset < 0)
        return pf_fail(err, PF_ARGUMENT, "a source is read at offset %lld", (long long)offset);
    if (offset >= layout->size_bytes)
        return PF_OK;
    if ((uint64_t)want > (uint64_t)(layout->size_bytes - offset))
        want = (size_t)(layout->size_bytes - offset);
    const struct piece *piece = want ? find_piece(layout, offset) : NULL;
    while (*got < want) {
        int64_t at = offset + (int64_t)*got, file = piece->file + (at - piece->at);
        int64_t end = piece + 1 < layout->pieces + layout->count ? piece[1].at : layout->size_bytes;
        size_t part = want - *got < (uint64_t)(end - at) ? want - *got : (size_t)(end - at), read = 0;
        PF_TRY(stream->file->read_at(stream->file, file, (uint8_t *)to + *got, part, &read, err));
        *got += read;
        if (read < part) {
            *got = 0;
            fail_cfb(err, file + (int64_t)read, "it is truncated");
            pf_where(err, "stream '%s'", stream->path);
            return PF_BAD_DATA;
        }
        piece++;
    }
    return PF_OK;
}

static void close_stream(struct pf_source *source) {
    struct stream *stream = source->self;
    clear_layout(&stream->layout);
    pf_mem_free(stream);
    source->self = NULL;
}

pf_status pf_cfb_source(const pf_cfb *cfb, const struct pf_cfb_entry *entry, struct pf_source *out,
                        struct pf_error *err) {
    if (entry->storage)
        return pf_fail(err, PF_ARGUMENT, "'%s' in a compound file is a storage; name a stream", entry->path);
    struct stream *stream = pf_mem_zero(1, sizeof *stream);
    if (!stream)
        return pf_fail_memory(err, sizeof *stream);
    stream->file = cfb->source;
    stream->path = entry->path;
    pf_status status = follow_chain(cfb, entry->size_bytes < cfb->cutoff, entry->first, entry->size_bytes,
                                    entry->byte, &stream->layout, err);
    if (status != PF_OK) {
        pf_where(err, "stream '%s'", entry->path);
        clear_layout(&stream->layout);
        pf_mem_free(stream);
        return status;
    }
    *out = (struct pf_source){sizeof *out, 1, entry->size_bytes, stream, read_stream, close_stream};
    return PF_OK;
}
