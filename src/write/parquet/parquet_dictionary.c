/* parquet_dictionary.c — room write/parquet. One-pass dictionaries.              SPDX-License-Identifier: MIT
 * Knows: hashing, direct addressing, when to give up.
 * Knows not: pages, whether a dictionary is smaller than something else. */
#include "write/parquet/parquet_dictionary.h"

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"

#define MOST_ENTRIES 32768
#define MOST_BYTES   (1 << 20)
#define LOOK_AT      4096 /* values after which a mostly distinct column is given up */
#define FIRST_BITS   10   /* of the table that a large chunk begins with */
#define GOLDEN       0x9E3779B97F4A7C15u

static pf_status reserve(struct pf_buf *buf, size_t size, struct pf_error *err) {
    buf->size = 0;
    return pf_buf_reserve(buf, size, err);
}

static bool give_up(int64_t seen, int64_t entries, int64_t bytes) {
    return entries > MOST_ENTRIES || bytes > MOST_BYTES || (seen == LOOK_AT && entries > LOOK_AT / 2);
}

/* Entries that a table of so many slots takes before it grows; the last size takes one too many, to give up. */
static int64_t most_in(int bits) { return bits >= 16 ? MOST_ENTRIES + 1 : (int64_t)1 << (bits - 1); }

/* Small chunks, as wide tables have them, begin with small tables: clearing is what they would pay for. */
static int first_bits(int64_t count) {
    int bits = pf_bit_width64((uint64_t)count) + 1;
    return bits < FIRST_BITS ? bits : FIRST_BITS;
}

static uint64_t load_word(const uint8_t *words, int width, int64_t i) {
    return width == 4 ? pf_load32(words + i * 4) : pf_load64(words + i * 8);
}

/* ---- words, small span: a table with a slot per possible value; entries in rising order ---- */

static pf_status direct_words(struct pf_parquet_dictionary *d, const uint8_t *words, int width, int64_t count,
                              uint64_t base, uint64_t span, struct pf_error *err) {
    PF_TRY(reserve(&d->table_buf, (size_t)span * sizeof(uint32_t), err));
    uint32_t *table = (uint32_t *)(void *)d->table_buf.data;
    memset(table, 0, (size_t)span * sizeof *table);
    if (width == 4)
        for (int64_t i = 0; i < count; i++)
            table[(uint32_t)(pf_load32(words + i * 4) - (uint32_t)base)] = 1;
    else
        for (int64_t i = 0; i < count; i++)
            table[pf_load64(words + i * 8) - base] = 1;
    int64_t entries = 0;
    for (uint64_t v = 0; v < span; v++)
        entries += table[v];
    if (entries > MOST_ENTRIES || entries * width > MOST_BYTES)
        return PF_OK;
    PF_TRY(reserve(&d->entries_buf, (size_t)entries * (size_t)width + 8, err));
    PF_TRY(reserve(&d->indices_buf, (size_t)count * sizeof(uint32_t) + 64, err));
    uint8_t *entry = d->entries_buf.data;
    uint32_t *indices = (uint32_t *)(void *)d->indices_buf.data, rank = 0;
    for (uint64_t v = 0; v < span; v++) {
        if (!table[v])
            continue;
        table[v] = rank++;
        uint64_t value = base + v;
        memcpy(entry, &value, (size_t)width);
        entry += width;
    }
    if (width == 4)
        for (int64_t i = 0; i < count; i++)
            indices[i] = table[(uint32_t)(pf_load32(words + i * 4) - (uint32_t)base)];
    else
        for (int64_t i = 0; i < count; i++)
            indices[i] = table[pf_load64(words + i * 8) - base];
    d->count = entries;
    d->bytes = entries * width;
    d->words = d->entries_buf.data;
    d->indices = indices;
    return PF_OK;
}

/* ---- words by hash: a slot holds index + 1 ---- */

static inline size_t word_slot(uint64_t word, int shift) {
    return (size_t)((word ^ word >> 32) * GOLDEN >> shift);
}

static pf_status grow_words(struct pf_parquet_dictionary *d, int width, int64_t entries, int bits,
                            struct pf_error *err) {
    size_t slots = (size_t)1 << bits;
    PF_TRY(reserve(&d->table_buf, slots * sizeof(uint32_t), err));
    uint32_t *table = (uint32_t *)(void *)d->table_buf.data;
    memset(table, 0, slots * sizeof *table);
    for (int64_t e = 0; e < entries; e++) {
        size_t at = word_slot(load_word(d->entries_buf.data, width, e), 64 - bits);
        while (table[at])
            at = (at + 1) & (slots - 1);
        table[at] = (uint32_t)e + 1;
    }
    return PF_OK;
}

/* Inserts values until the table must grow, the dictionary is given up or the end; returns where it stopped.
 * Constant width lets the compiler make two tight loops. */
static inline __attribute__((always_inline)) int64_t insert_words(const uint8_t *words, const int width,
                                                                  int64_t from, int64_t to, uint32_t *table,
                                                                  int bits, uint8_t *entries,
                                                                  int64_t *entry_count, uint32_t *indices) {
    size_t mask = ((size_t)1 << bits) - 1;
    int64_t n = *entry_count, full = most_in(bits), i = from;
    for (; i < to; i++) {
        uint64_t word = load_word(words, width, i);
        size_t at = word_slot(word, 64 - bits);
        uint32_t found;
        while ((found = table[at]) != 0 && load_word(entries, width, found - 1) != word)
            at = (at + 1) & mask;
        if (!found) {
            if (n >= full)
                break;
            memcpy(entries + n * width, &word, (size_t)width);
            found = table[at] = (uint32_t)++n;
        }
        indices[i] = found - 1;
    }
    *entry_count = n;
    return i;
}

static pf_status hash_words(struct pf_parquet_dictionary *d, const uint8_t *words, int width, int64_t count,
                            struct pf_error *err) {
    int bits = first_bits(count);
    PF_TRY(reserve(&d->indices_buf, (size_t)count * sizeof(uint32_t) + 64, err));
    PF_TRY(reserve(&d->entries_buf, ((size_t)MOST_ENTRIES + 2) * (size_t)width, err));
    PF_TRY(grow_words(d, width, 0, bits, err));
    uint32_t *indices = (uint32_t *)(void *)d->indices_buf.data;
    int64_t entries = 0, at = 0;
    while (at < count) {
        int64_t to = at < LOOK_AT && count > LOOK_AT ? LOOK_AT : count;
        uint32_t *table = (uint32_t *)(void *)d->table_buf.data;
        if (width == 4)
            at = insert_words(words, 4, at, to, table, bits, d->entries_buf.data, &entries, indices);
        else
            at = insert_words(words, 8, at, to, table, bits, d->entries_buf.data, &entries, indices);
        if (give_up(at, entries, entries * width))
            return PF_OK;
        if (at < to)
            PF_TRY(grow_words(d, width, entries, bits += 2, err));
    }
    d->count = entries;
    d->bytes = entries * width;
    d->words = d->entries_buf.data;
    d->indices = indices;
    return PF_OK;
}

pf_status pf_parquet_dictionary_words(struct pf_parquet_dictionary *d, const uint8_t *words, int width,
                                      int64_t count, uint64_t base, uint64_t span, struct pf_error *err) {
    d->count = d->bytes = 0;
    if (count == 0)
        return PF_OK;
    if (span > 0 && span <= (uint64_t)count * 2)
        return direct_words(d, words, width, count, base, span, err);
    return hash_words(d, words, width, count, err);
}

/* ---- text: a slot holds the text itself when it is short, else its hash ---- */

struct slot {
    uint64_t key;
    uint32_t size;
    uint32_t index; /* + 1; 0: free */
};

static inline uint64_t slice_key(const struct pf_parquet_slice *s) {
    if (s->size > 8)
        return pf_hash(s->at, s->size);
    if (s->readable >= 8)
        return s->size ? pf_load64(s->at) << (64 - 8 * s->size) >> (64 - 8 * s->size) : 0;
    uint64_t key = 0;
    for (uint32_t i = 0; i < s->size; i++)
        key |= (uint64_t)s->at[i] << (8 * i);
    return key;
}

static inline size_t slice_slot(uint64_t key, uint32_t size, int shift) {
    return (size_t)(((key ^ key >> 32) + size) * GOLDEN >> shift);
}

/* Moves what is in the table of old_bits (0: nothing) to one of bits; the two buffers take turns. */
static pf_status grow_slices(struct pf_parquet_dictionary *d, int old_bits, int bits, struct pf_error *err) {
    size_t slots = (size_t)1 << bits;
    PF_TRY(reserve(&d->spare_buf, slots * sizeof(struct slot), err));
    struct pf_buf old = d->table_buf;
    d->table_buf = d->spare_buf;
    d->spare_buf = old;
    struct slot *table = (struct slot *)(void *)d->table_buf.data;
    memset(table, 0, slots * sizeof *table);
    const struct slot *from = (const struct slot *)(const void *)old.data;
    for (size_t i = 0; old_bits && i < (size_t)1 << old_bits; i++) {
        if (!from[i].index)
            continue;
        size_t at = slice_slot(from[i].key, from[i].size, 64 - bits);
        while (table[at].index)
            at = (at + 1) & (slots - 1);
        table[at] = from[i];
    }
    return PF_OK;
}

struct inserting {
    const struct pf_parquet_slice *slices;
    int64_t from, to;
    struct slot *table;
    int bits;
    struct pf_parquet_slice *entries;
    int64_t entry_count;
    int64_t entry_bytes;
    uint32_t overhead; /* of an entry in PLAIN */
    uint32_t *indices;
};

static int64_t insert_slices(struct inserting *w) {
    size_t mask = ((size_t)1 << w->bits) - 1;
    int64_t full = most_in(w->bits), i = w->from;
    for (; i < w->to; i++) {
        const struct pf_parquet_slice *s = &w->slices[i];
        uint64_t key = slice_key(s);
        size_t at = slice_slot(key, s->size, 64 - w->bits);
        const struct slot *slot;
        for (;; at = (at + 1) & mask) {
            slot = &w->table[at];
            if (!slot->index)
                break;
            if (slot->key == key && slot->size == s->size &&
                (s->size <= 8 || memcmp(w->entries[slot->index - 1].at, s->at, s->size) == 0))
                break;
        }
        if (!slot->index) {
            if (w->entry_count >= full || w->entry_bytes > MOST_BYTES)
                break;
            w->entries[w->entry_count++] = *s;
            w->entry_bytes += s->size + w->overhead;
            w->table[at] = (struct slot){key, s->size, (uint32_t)w->entry_count};
        }
        w->indices[i] = slot->index - 1;
    }
    return i;
}

pf_status pf_parquet_dictionary_slices(struct pf_parquet_dictionary *d, const struct pf_parquet_slice *slices,
                                       int64_t count, bool lengths, struct pf_error *err) {
    d->count = d->bytes = 0;
    if (count == 0)
        return PF_OK;
    int64_t most = count < MOST_ENTRIES + 2 ? count : MOST_ENTRIES + 2;
    struct inserting w = {.slices = slices, .bits = first_bits(count), .overhead = lengths ? 4 : 0};
    PF_TRY(reserve(&d->indices_buf, (size_t)count * sizeof(uint32_t) + 64, err));
    PF_TRY(reserve(&d->entries_buf, (size_t)most * sizeof *slices, err));
    PF_TRY(grow_slices(d, 0, w.bits, err));
    w.entries = (struct pf_parquet_slice *)(void *)d->entries_buf.data;
    w.indices = (uint32_t *)(void *)d->indices_buf.data;
    while (w.from < count) {
        w.to = w.from < LOOK_AT && count > LOOK_AT ? LOOK_AT : count;
        w.table = (struct slot *)(void *)d->table_buf.data;
        w.from = insert_slices(&w);
        if (give_up(w.from, w.entry_count, w.entry_bytes))
            return PF_OK;
        if (w.from < w.to) {
            PF_TRY(grow_slices(d, w.bits, w.bits + 2, err));
            w.bits += 2;
        }
    }
    d->count = w.entry_count;
    d->bytes = w.entry_bytes;
    d->slices = w.entries;
    d->indices = w.indices;
    return PF_OK;
}

int pf_parquet_dictionary_width(const struct pf_parquet_dictionary *d) {
    return pf_bit_width64(d->count > 1 ? (uint64_t)d->count - 1 : 1);
}

void pf_parquet_dictionary_clear(struct pf_parquet_dictionary *d) {
    pf_buf_clear(&d->entries_buf);
    pf_buf_clear(&d->indices_buf);
    pf_buf_clear(&d->table_buf);
    pf_buf_clear(&d->spare_buf);
    *d = (struct pf_parquet_dictionary){0};
}
