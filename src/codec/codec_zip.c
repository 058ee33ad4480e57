/* codec_zip.c — room codec. The directory of a ZIP archive.                     SPDX-License-Identifier: MIT
 * Knows: the end records, ZIP64, names in UTF-8 and CP437, what overlaps or lies outside.
 * Knows not: how a member is unpacked. Source: APPNOTE.TXT 6.3.9. */
#include "codec/codec_zip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bits.h"
#include "base/ceilings.h"
#include "base/charset.h"
#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "codec/codec_deflate.h"
#include "codec/codec_member.h"

#define END_SIGNATURE       0x06054B50u
#define END64_SIGNATURE     0x06064B50u
#define LOCATOR_SIGNATURE   0x07064B50u
#define DIRECTORY_SIGNATURE 0x02014B50u
#define END_BYTES           22
#define END64_BYTES         56
#define LOCATOR_BYTES       20
#define DIRECTORY_BYTES     46
#define LOCAL_BYTES         30
#define COMMENT_MAX         65535
#define DIRECTORY_MAX       ((int64_t)256 << 20) /* held in memory while it is read: more than a million names */
#define FLAG_ENCRYPTED      1u
#define FLAG_UTF8           0x800u
#define FLAG_MASKED         0x2000u
#define EXTRA_ZIP64         0x0001u
#define EXTRA_UNICODE_NAME  0x7075u
#define METHOD_AES          99

struct pf_zip {
    struct pf_source *source;
    struct pf_zip_member *members;
    size_t count;
    int64_t directory_offset; /* members end before it */
    int64_t most_times;       /* how much larger than packed a member may be; 0: however much */
    struct pf_arena names;
    struct pf_map by_name;
};

/* What the end records say. base: bytes in front of the archive proper (self-extracting programs). */
struct ending {
    int64_t count, size, offset, base;
    bool exact_count; /* not modulo 65536 */
};

static pf_status fail_zip(struct pf_error *err, int64_t byte, const char *why) {
    return pf_fail_at(err, PF_BAD_DATA, -1, byte, "ZIP archive is broken: %s; get the file again", why);
}

static pf_status read_exactly(struct pf_source *source, int64_t offset, void *to, size_t want,
                              struct pf_error *err) {
    size_t got = 0;
    PF_TRY(source->read_at(source, offset, to, want, &got, err));
    return got == want ? PF_OK : fail_zip(err, offset + (int64_t)got, "it is truncated");
}

/* ---- the end records --------------------------------------------------------------------------------------
 */

/* The last end record whose comment reaches exactly to the end; failing that the last one whose comment fits.
 */
static const uint8_t *find_end(const uint8_t *tail, size_t size) {
    const uint8_t *fits = NULL;
    for (size_t at = size - END_BYTES + 1; at-- > 0;) {
        if (pf_load32(tail + at) != END_SIGNATURE)
            continue;
        size_t comment = pf_load16(tail + at + 20);
        if (at + END_BYTES + comment == size)
            return tail + at;
        if (!fits && at + END_BYTES + comment < size)
            fits = tail + at;
    }
    return fits;
}

static pf_status read_end64(struct pf_source *source, int64_t locator_offset, const uint8_t *locator,
                            struct ending *ending, int64_t *end_offset, struct pf_error *err) {
    uint8_t record[END64_BYTES];
    uint64_t said = pf_load64(locator + 8);
    int64_t tries[2] = {said <= INT64_MAX ? (int64_t)said : -1, locator_offset - END64_BYTES};
    for (int i = 0; i < 2; i++) {
        if (tries[i] < 0 || tries[i] > locator_offset - END64_BYTES)
            continue;
        PF_TRY(read_exactly(source, tries[i], record, sizeof record, err));
        if (pf_load32(record) != END64_SIGNATURE)
            continue;
        uint64_t count = pf_load64(record + 32), size = pf_load64(record + 40), offset = pf_load64(record + 48);
        if (pf_load32(record + 16) != 0 || pf_load32(record + 20) != 0)
            return pf_fail(err, PF_UNSUPPORTED, "ZIP archive is one part of several; join the parts first");
        if (count > INT64_MAX || size > INT64_MAX || offset > INT64_MAX)
            return fail_zip(err, tries[i], "its end record is impossible");
        *ending = (struct ending){(int64_t)count, (int64_t)size, (int64_t)offset, 0, true};
        *end_offset = tries[i];
        return PF_OK;
    }
    return fail_zip(err, locator_offset, "its ZIP64 end record is missing");
}

static pf_status place_directory(struct ending *ending, int64_t end_offset, struct pf_error *err) {
    if (ending->size > end_offset || ending->offset > end_offset - ending->size)
        return fail_zip(err, end_offset, "its directory lies outside");
    ending->base = end_offset - ending->size - ending->offset;
    if (ending->size > DIRECTORY_MAX)
        return pf_fail(err, PF_LIMIT, "ZIP archive has a directory of %lld bytes; unpack it first",
                       (long long)ending->size);
    return PF_OK;
}

/* The last bytes of the archive hold its end record, end_offset in the archive. */
static pf_status read_end(struct pf_source *source, const uint8_t *end, int64_t end_offset,
                          struct ending *ending, struct pf_error *err) {
    uint8_t locator[LOCATOR_BYTES] = {0};
    if (end_offset >= LOCATOR_BYTES)
        PF_TRY(read_exactly(source, end_offset - LOCATOR_BYTES, locator, LOCATOR_BYTES, err));
    if (pf_load32(locator) == LOCATOR_SIGNATURE) {
        PF_TRY(read_end64(source, end_offset - LOCATOR_BYTES, locator, ending, &end_offset, err));
    } else {
        if (pf_load16(end + 4) != 0 || pf_load16(end + 6) != 0)
            return pf_fail(err, PF_UNSUPPORTED, "ZIP archive is one part of several; join the parts first");
        *ending = (struct ending){pf_load16(end + 10), pf_load32(end + 12), pf_load32(end + 16), 0, false};
    }
    return place_directory(ending, end_offset, err);
}

static pf_status read_ending(struct pf_source *source, struct ending *ending, struct pf_error *err) {
    int64_t size = source->size_bytes;
    if (size < END_BYTES)
        return fail_zip(err, size, "it is truncated");
    size_t tail_size = size < END_BYTES + COMMENT_MAX ? (size_t)size : END_BYTES + COMMENT_MAX;
    uint8_t *tail = pf_mem_alloc(tail_size);
    if (!tail)
        return pf_fail_memory(err, tail_size);
    int64_t start = size - (int64_t)tail_size;
    pf_status status = read_exactly(source, start, tail, tail_size, err);
    if (status == PF_OK) {
        const uint8_t *end = find_end(tail, tail_size);
        status = end ? read_end(source, end, start + (end - tail), ending, err)
                     : fail_zip(err, size, "it is truncated (its end record is missing)");
    }
    pf_mem_free(tail);
    return status;
}

/* ---- one entry ---------------------------------------------------------------------------------------------
 */

static bool is_ascii(const uint8_t *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (text[i] >= 0x80)
            return false;
    return true;
}

/* Finds an extra field by its id; NULL: none or the list is damaged. */
static const uint8_t *find_extra(const uint8_t *extra, size_t size, unsigned id, size_t *found_size) {
    while (size >= 4) {
        size_t length = pf_load16(extra + 2);
        if (length > size - 4)
            return NULL;
        if (pf_load16(extra) == id) {
            *found_size = length;
            return extra + 4;
        }
        extra += 4 + length;
        size -= 4 + length;
    }
    return NULL;
}

static pf_status repair_name(struct pf_zip *zip, const uint8_t *name, size_t size, const char **out,
                             struct pf_error *err) {
    char *text = pf_arena_take(&zip->names, size * 3 + 1);
    if (!text)
        return pf_fail_memory(err, size * 3 + 1);
    int64_t bad = 0;
    text[pf_utf8_repair(name, size, text, &bad)] = 0;
    *out = text;
    return PF_OK;
}

static pf_status convert_name(struct pf_zip *zip, const uint8_t *name, size_t size, const char **out,
                              struct pf_error *err) {
    const struct pf_charset *charset = pf_charset_find("cp437");
    if (!charset)
        return repair_name(zip, name, size, out, err);
    size_t room = size * 3 + 16, used = 0, made = 0;
    char *text = pf_arena_take(&zip->names, room + 1);
    if (!text)
        return pf_fail_memory(err, room + 1);
    struct pf_charset_bad bad = {0, -1};
    pf_charset_convert(charset, name, size, &used, text, room, &made, true, &bad);
    text[made] = 0;
    *out = text;
    return PF_OK;
}

/* The flag promises UTF-8; a Unicode field holds it beside the old name; and many programs write UTF-8 without
 * saying so, which text in CP437 does not look like by chance. */
static pf_status take_name(struct pf_zip *zip, const uint8_t *name, size_t size, unsigned flags,
                           const uint8_t *extra, size_t extra_size, const char **out, struct pf_error *err) {
    size_t field_size = 0;
    const uint8_t *field =
        flags & FLAG_UTF8 ? NULL : find_extra(extra, extra_size, EXTRA_UNICODE_NAME, &field_size);
    if (field && field_size > 5 && field[0] == 1 && pf_load32(field + 1) == pf_crc32(0, name, size) &&
        pf_utf8_valid(field + 5, field_size - 5) == field_size - 5) {
        name = field + 5;
        size = field_size - 5;
    }
    if (memchr(name, 0, size))
        return fail_zip(err, -1, "a member's name has a NUL in it");
    if (!is_ascii(name, size) && pf_utf8_valid(name, size) != size)
        return flags & FLAG_UTF8 ? repair_name(zip, name, size, out, err)
                                 : convert_name(zip, name, size, out, err);
    *out = pf_arena_text(&zip->names, (const char *)name, size);
    return *out ? PF_OK : pf_fail_memory(err, size + 1);
}

/* Sizes and offset that do not fit into 32 bits stand in the ZIP64 field, in this order. */
static bool widen_sizes(struct pf_zip_member *member, const uint8_t *entry, const uint8_t *extra,
                        size_t extra_size) {
    int64_t *wide[3] = {&member->size_bytes, &member->packed_bytes, &member->header_offset};
    static const size_t at[3] = {24, 20, 42};
    size_t field_size = 0, used = 0;
    const uint8_t *field = find_extra(extra, extra_size, EXTRA_ZIP64, &field_size);
    for (int i = 0; i < 3; i++) {
        *wide[i] = pf_load32(entry + at[i]);
        if (*wide[i] != UINT32_MAX || !field)
            continue;
        if (field_size - used < 8 || pf_load64(field + used) > INT64_MAX / 4)
            return false;
        *wide[i] = (int64_t)pf_load64(field + used);
        used += 8;
    }
    return true;
}

/* Reads the entry at entry; *size is what is left of the directory and becomes the entry's length. member NULL:
 * only the length is wanted. */
static pf_status read_entry(struct pf_zip *zip, const uint8_t *entry, size_t *size, const struct ending *ending,
                            struct pf_zip_member *member, struct pf_error *err) {
    if (*size < DIRECTORY_BYTES || pf_load32(entry) != DIRECTORY_SIGNATURE)
        return fail_zip(err, zip->directory_offset, "its directory is damaged");
    size_t name_size = pf_load16(entry + 28), extra_size = pf_load16(entry + 30);
    size_t length = DIRECTORY_BYTES + name_size + extra_size + pf_load16(entry + 32);
    if (length > *size)
        return fail_zip(err, zip->directory_offset, "its directory is damaged");
    *size = length;
    if (!member)
        return PF_OK;
    const uint8_t *name = entry + DIRECTORY_BYTES, *extra = name + name_size;
    member->flags = pf_load16(entry + 8);
    member->method = pf_load16(entry + 10);
    member->crc32 = pf_load32(entry + 16);
    member->encrypted = (member->flags & (FLAG_ENCRYPTED | FLAG_MASKED)) != 0 || member->method == METHOD_AES;
    if (!widen_sizes(member, entry, extra, extra_size))
        return fail_zip(err, zip->directory_offset, "a ZIP64 field is damaged");
    member->header_offset += ending->base;
    /* The local header repeats the name; its own extra field is not known yet. */
    int64_t least = LOCAL_BYTES + (int64_t)name_size;
    if (member->header_offset > zip->directory_offset - least ||
        member->packed_bytes > zip->directory_offset - least - member->header_offset)
        return fail_zip(err, member->header_offset, "a member lies outside");
    PF_TRY(take_name(zip, name, name_size, member->flags, extra, extra_size, &member->name, err));
    size_t shown = strlen(member->name);
    member->directory = shown > 0 && member->name[shown - 1] == '/';
    return PF_OK;
}

static int by_offset(const void *a, const void *b) {
    const struct pf_zip_member *one = *(const struct pf_zip_member *const *)a;
    const struct pf_zip_member *two = *(const struct pf_zip_member *const *)b;
    return (one->header_offset > two->header_offset) - (one->header_offset < two->header_offset);
}

/* Members that share bytes are how a small archive pretends to hold a huge one. */
static pf_status check_overlap(const struct pf_zip *zip, struct pf_error *err) {
    if (zip->count < 2)
        return PF_OK;
    const struct pf_zip_member **order = pf_mem_zero(zip->count, sizeof(void *));
    if (!order)
        return pf_fail_memory(err, zip->count * sizeof(void *));
    for (size_t i = 0; i < zip->count; i++)
        order[i] = &zip->members[i];
    qsort(order, zip->count, sizeof(void *), by_offset);
    pf_status status = PF_OK;
    for (size_t i = 1; i < zip->count && status == PF_OK; i++)
        if (order[i]->header_offset < order[i - 1]->header_offset + LOCAL_BYTES + order[i - 1]->packed_bytes)
            status = fail_zip(err, order[i]->header_offset, "members overlap");
    pf_mem_free(order);
    return status;
}

/* ---- the directory ------------------------------------------------------------------------------------------
 */

static pf_status read_entries(struct pf_zip *zip, const uint8_t *directory, const struct ending *ending,
                              struct pf_error *err) {
    size_t total = (size_t)ending->size, count = 0;
    for (size_t at = 0, size; at < total; at += size, count++) {
        size = total - at;
        PF_TRY(read_entry(zip, directory + at, &size, ending, NULL, err));
    }
    if (ending->exact_count ? (int64_t)count != ending->count : (count & 0xFFFF) != (size_t)ending->count)
        return fail_zip(err, zip->directory_offset, "its end record counts other members than there are");
    zip->members = pf_mem_zero(count, sizeof *zip->members);
    if (!zip->members)
        return pf_fail_memory(err, count * sizeof *zip->members);
    for (size_t at = 0, size; at < total; at += size) {
        size = total - at;
        PF_TRY(read_entry(zip, directory + at, &size, ending, &zip->members[zip->count], err));
        zip->count++;
    }
    for (size_t i = zip->count;
         i-- > 0;) { /* of equal names the last one counts: programs that append replace so */
        const char *name = zip->members[i].name;
        PF_TRY(pf_map_add(&zip->by_name, name, strlen(name), (int64_t)i, NULL, err));
    }
    return check_overlap(zip, err);
}

pf_status pf_zip_open(struct pf_source *source, pf_zip **out, struct pf_error *err) {
    if (!source->random || source->size_bytes < 0)
        return pf_fail(err, PF_ARGUMENT, "a ZIP archive needs a source that can be read at any offset");
    struct ending ending = {0};
    PF_TRY(read_ending(source, &ending, err));
    pf_zip *zip = pf_mem_zero(1, sizeof *zip);
    uint8_t *directory = zip ? pf_mem_alloc((size_t)ending.size) : NULL;
    if (!directory) {
        pf_mem_free(zip);
        return pf_fail_memory(err, (size_t)ending.size);
    }
    zip->source = source;
    zip->directory_offset = ending.offset + ending.base;
    pf_status status = read_exactly(source, zip->directory_offset, directory, (size_t)ending.size, err);
    if (status == PF_OK)
        status = read_entries(zip, directory, &ending, err);
    pf_mem_free(directory);
    if (status != PF_OK)
        pf_zip_close(&zip);
    else
        *out = zip;
    return status;
}

void pf_zip_close(pf_zip **zip) {
    if (!*zip)
        return;
    pf_map_clear(&(*zip)->by_name);
    pf_arena_clear(&(*zip)->names);
    pf_mem_free((*zip)->members);
    pf_mem_free(*zip);
    *zip = NULL;
}

size_t pf_zip_count(const pf_zip *zip) { return zip->count; }

const struct pf_zip_member *pf_zip_at(const pf_zip *zip, size_t index) {
    return index < zip->count ? &zip->members[index] : NULL;
}

const struct pf_zip_member *pf_zip_find(const pf_zip *zip, const char *name) {
    int64_t index;
    return pf_map_find(&zip->by_name, name, strlen(name), &index) ? &zip->members[index] : NULL;
}

void pf_zip_bound(pf_zip *zip, int64_t times) { zip->most_times = times; }

static bool is_bomb(const pf_zip *zip, const struct pf_zip_member *member) {
    return zip->most_times > 0 && member->size_bytes > PF_CEIL_HARMLESS_BYTES &&
           member->size_bytes / zip->most_times > member->packed_bytes;
}

pf_status pf_zip_source(pf_zip *zip, const struct pf_zip_member *member, int32_t threaded,
                        struct pf_source *out, struct pf_error *err) {
    if (is_bomb(zip, member)) {
        pf_fail(
            err, PF_LIMIT,
            "%lld bytes unpack to %lld, more than %lld times as much, as hostile files do; if that is meant, "
            "give --max-expansion 0",
            (long long)member->packed_bytes, (long long)member->size_bytes, (long long)zip->most_times);
        pf_where(err, "member '%s'", member->name);
        return PF_LIMIT;
    }
    return pf_member_source(zip->source, member, zip->directory_offset, threaded, out, err);
}
