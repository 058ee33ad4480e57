/* generate_xls.c — bench. Makes a workbook of BIFF8 from a seed.                SPDX-License-Identifier: MIT
 * Knows: BIFF8 records, compound files; columns as of the benchmark's other workbooks, over and over.
 * Knows not: pyforge. Usage: generate_xls ROWS COLUMNS FILE. Checked by xlrd and python-calamine. */
#include "draw.h"

#define SECTOR      512u
#define STRINGS     500u
#define NAMED_FIRST 32u /* countries and statuses stand in front */

static uint8_t *book;
static size_t size, room;

static void put(const void *bytes, size_t count) {
    if (size + count > room) {
        room = (size + count) * 2 + 65536;
        book = realloc(book, room);
        if (!book)
            exit(1);
    }
    memcpy(book + size, bytes, count);
    size += count;
}
static void put16(unsigned v) { put(&(uint16_t){(uint16_t)v}, 2); }
static void put32(uint32_t v) { put(&v, 4); }
static void put_head(unsigned id, unsigned length) {
    put16(id);
    put16(length);
}

static void put_bof(unsigned kind) {
    put_head(0x809, 16);
    put16(0x600), put16(kind), put16(0), put16(1997), put32(0), put32(0);
}

static void put_globals(size_t *bound_sheet) {
    static const char *const codes[] = {"yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"};
    put_bof(5);
    put_head(0x42, 2), put16(1200);
    for (unsigned i = 0; i < 2; i++) {
        put_head(0x41E, 5 + (unsigned)strlen(codes[i]));
        put16(164 + i), put16((unsigned)strlen(codes[i])), put("", 1), put(codes[i], strlen(codes[i]));
    }
    for (unsigned i = 0; i < 3; i++) {
        put_head(0xE0, 20);
        put16(0), put16(i ? 163 + i : 0), put32(0), put32(0), put32(0), put32(0);
    }
    *bound_sheet = size + 4;
    put_head(0x85, 12);
    put32(0), put16(0), put("\4\0Data", 6);
    size_t sst = size;
    put_head(0xFC, 0), put32(STRINGS), put32(STRINGS);
    for (unsigned i = 0; i < STRINGS; i++) {
        char text[32];
        unsigned length = (unsigned)snprintf(text, sizeof text, i < NAMED_FIRST ? "word %u" : "Customer %u", i);
        put16(length), put("", 1), put(text, length);
    }
    unsigned length = (unsigned)(size - sst - 4);
    if (length > 8224)
        exit(2);
    memcpy(book + sst + 2, &(uint16_t){(uint16_t)length}, 2);
    put_head(0x0A, 0);
}

static void put_rk(unsigned row, unsigned column, unsigned style, uint32_t rk) {
    put_head(0x27E, 10), put16(row), put16(column), put16(style), put32(rk);
}
static void put_number(unsigned row, unsigned column, unsigned style, double value) {
    put_head(0x203, 14), put16(row), put16(column), put16(style), put(&value, 8);
}
static void put_shared(unsigned row, unsigned column, uint32_t index) {
    put_head(0xFD, 10), put16(row), put16(column), put16(0), put32(index);
}

static void put_cell(unsigned row, unsigned column) {
    uint64_t q = next();
    if (q % 128 == 0)
        return; /* some are empty */
    switch (column % 10) {
    case 0: put_rk(row, column, 0, row << 2 | 2); break;
    case 1: put_rk(row, column, 0, (uint32_t)(q >> 40 & 0xFFFF) << 2 | 2); break;
    case 2: put_rk(row, column, 0, (uint32_t)((q >> 11) % 10000000) << 2 | 3); break;
    case 3: put_number(row, column, 0, (double)(q >> 11) / 9007199254740992.0); break;
    case 4: put_rk(row, column, 1, (uint32_t)(42005 + (q >> 20) % 3000) << 2 | 2); break;
    case 5: put_number(row, column, 2, 42005 + (double)((q >> 20) % 259200000) / 86400); break;
    case 6: put_shared(row, column, (uint32_t)(q >> 30) % 24); break;
    case 7: put_shared(row, column, 24 + (uint32_t)(q >> 30) % 8); break;
    case 8: put_shared(row, column, (uint32_t)((q >> 30) % STRINGS)); break;
    default: put_head(0x205, 8), put16(row), put16(column), put16(0), put16((unsigned)(q >> 33 & 1)); break;
    }
}

static void put_sheet(unsigned rows, unsigned columns) {
    put_bof(0x10);
    put_head(0x200, 14), put32(0), put32(rows), put16(0), put16(columns), put16(0);
    for (unsigned column = 0; column < columns; column++) {
        char name[16];
        unsigned length = (unsigned)snprintf(name, sizeof name, "c%u", column);
        put_head(0x204, 9 + length), put16(0), put16(column), put16(0), put16(length), put("", 1),
            put(name, length);
    }
    for (unsigned row = 1; row < rows; row++)
        for (unsigned column = 0; column < columns; column++)
            put_cell(row, column);
    put_head(0x0A, 0);
}

/* ---- the compound file around it: header, the stream, directory, FAT, DIFAT ---- */

static uint32_t sectors_of(size_t bytes) { return (uint32_t)((bytes + SECTOR - 1) / SECTOR); }

static void write_sector(const void *bytes, size_t count) {
    uint8_t whole[SECTOR];
    memset(whole, 0, sizeof whole);
    memcpy(whole, bytes, count);
    fwrite(whole, 1, sizeof whole, stdout);
}

static void write_entry(uint8_t *to, const char *name, uint8_t kind, uint32_t child, uint32_t first,
                        uint64_t bytes) {
    for (size_t i = 0; name[i]; i++)
        to[2 * i] = (uint8_t)name[i];
    to[64] = (uint8_t)(2 * strlen(name) + 2);
    to[66] = kind;
    to[67] = 1;
    memset(to + 68, 0xFF, 8);
    memcpy(to + 76, &child, 4);
    memcpy(to + 116, &first, 4);
    memcpy(to + 120, &bytes, 8);
}

static void write_fat(uint32_t data, uint32_t fat, uint32_t difat) {
    uint32_t total = data + 1 + fat + difat, table[SECTOR / 4];
    for (uint32_t s = 0; s < fat; s++) {
        for (uint32_t i = 0; i < SECTOR / 4; i++) {
            uint32_t n = s * (SECTOR / 4) + i;
            table[i] = n < data             ? (n + 1 < data ? n + 1 : 0xFFFFFFFEu)
                       : n == data          ? 0xFFFFFFFEu
                       : n < data + 1 + fat ? 0xFFFFFFFDu
                       : n < total          ? 0xFFFFFFFCu
                                            : 0xFFFFFFFFu;
        }
        write_sector(table, sizeof table);
    }
    for (uint32_t s = 0, at = 109; s < difat; s++) {
        for (uint32_t i = 0; i < SECTOR / 4 - 1; i++, at++)
            table[i] = at < fat ? data + 1 + at : 0xFFFFFFFFu;
        table[SECTOR / 4 - 1] = s + 1 < difat ? data + 1 + fat + s + 1 : 0xFFFFFFFEu;
        write_sector(table, sizeof table);
    }
}

static void write_file(void) {
    uint32_t data = sectors_of(size), fat = 0, difat = 0, header[SECTOR / 4] = {0};
    do {
        fat = (data + 1 + fat + difat + 127) / 128;
        difat = fat > 109 ? (fat - 109 + 126) / 127 : 0;
    } while (fat * 128 < data + 1 + fat + difat);
    static const uint8_t front[34] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0, 0,
                                      0x3E, 0,    3,    0,    0xFE, 0xFF, 9,    0,    6, 0};
    memcpy(header, front, sizeof front);
    header[11] = fat;
    header[12] = data;
    header[14] = 4096;
    header[15] = 0xFFFFFFFEu;
    header[17] = difat ? data + 1 + fat : 0xFFFFFFFEu;
    header[18] = difat;
    for (uint32_t i = 0; i < 109; i++)
        header[19 + i] = i < fat ? data + 1 + i : 0xFFFFFFFFu;
    write_sector(header, sizeof header);
    fwrite(book, 1, size, stdout);
    for (size_t i = size; i < (size_t)data * SECTOR; i++)
        putchar(0);
    uint8_t directory[SECTOR] = {0};
    write_entry(directory, "Root Entry", 5, 1, 0xFFFFFFFEu, 0);
    write_entry(directory + 128, "Workbook", 2, 0xFFFFFFFFu, 0, size);
    write_sector(directory, sizeof directory);
    write_fat(data, fat, difat);
}

int main(int argc, char **argv) {
    if (argc != 4 || !freopen(argv[3], "wb", stdout)) {
        fputs("usage: generate_xls ROWS COLUMNS FILE\n", stderr);
        return 2;
    }
    unsigned rows = (unsigned)atoi(argv[1]), columns = (unsigned)atoi(argv[2]);
    size_t bound_sheet = 0;
    put_globals(&bound_sheet);
    memcpy(book + bound_sheet, &(uint32_t){(uint32_t)size}, 4);
    put_sheet(rows, columns);
    while (size < 4096)
        put("", 1);
    write_file();
    return ferror(stdout) ? 1 : 0;
}
