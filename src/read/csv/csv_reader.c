/* csv_reader.c — room read/csv. The table pf_csv_reader.                         SPDX-License-Identifier: MIT
 * Knows: suffixes, how sure the first bytes make us, open and close.
 * Knows not: how anything is read.                          Format: docs/formats/csv.md */
#include "read/csv/csv_reader.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "columns/columns_schema.h"
#include "read/csv/csv_state.h"

static const char *const suffixes[] = {".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", NULL};

/* Programs and others that nobody reads as a table, however much text is in them. */
static bool is_known_binary(const uint8_t *head, size_t size) {
    static const struct {
        const char *at;
        size_t size;
    } magics[] = {{"\x7F"
                   "ELF",
                   4},
                  {"\xFE\xED\xFA\xCE", 4}, /* Mach-O, of both orders and widths; several in one; Java classes */
                  {"\xFE\xED\xFA\xCF", 4},
                  {"\xCE\xFA\xED\xFE", 4},
                  {"\xCF\xFA\xED\xFE", 4},
                  {"\xCA\xFE\xBA\xBE", 4},
                  {"\0asm", 4},
                  {"!<arch>\n", 8},
                  {"\x89PNG", 4},
                  {"\xFF\xD8\xFF", 3}, /* JPEG */
                  {"%PDF-", 5},
                  {"SQLite format 3", 16}};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (size >= magics[i].size && memcmp(head, magics[i].at, magics[i].size) == 0)
            return true;
    if (size < 0x40 || head[0] != 'M' || head[1] != 'Z') /* PE: its place stands in the header of DOS */
        return false;
    size_t place = pf_load32(head + 0x3C);
    return place <= size - 4 && memcmp(head + place, "PE\0", 4) == 0;
}

/* Text has few control characters but blanks and line ends; NUL mostly where it is UTF-16 or UTF-32. In a file that is
 * named as text, NULs are what a crash or a fixed-width field left behind, and more controls may be escapes. */
static bool looks_like_text(const uint8_t *head, size_t size, bool named) {
    size_t odd = 0, nuls = 0;
    bool marked = size >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF));
    while (size > 1 && head[size - 1] == 0x1A && head[size - 2] != 0) /* end-of-file signs of DOS */
        size--;
    for (size_t i = 0; i < size; i++) {
        nuls += head[i] == 0;
        /* the separators of ASCII, and the one of Hive, are no more odd than a tab */
        bool parts = head[i] == 1 || (head[i] >= 0x1C && head[i] <= 0x1F);
        odd += head[i] < 0x20 && head[i] && !parts && !(head[i] >= '\t' && head[i] <= '\r');
    }
    bool wide = nuls * 4 >= size && nuls * 5 <= 4 * size; /* a quarter to four fifths of all bytes */
    bool few = nuls * 20 <= size + 20;
    if (named && nuls < size)
        return marked || odd * 25 <= size - nuls + (few ? 100 : 0);
    return marked || ((wide || few) && odd * 50 <= size + 100);
}

/* CSV has no mark of its own: what is named like it is it, and text that nobody else claims may be. */
static int32_t probe(const struct pf_probe *request) {
    bool named = false;
    for (const char *const *s = suffixes; *s; s++)
        named |= request->suffix && strcmp(request->suffix, *s) == 0;
    struct pf_csv_sample sample = {.head = request->head, .head_size = request->head_size};
    struct pf_csv_dialect wide = {0};
    if (is_known_binary(request->head, request->head_size))
        return PF_PROBE_NO;
    bool text = looks_like_text(request->head, request->head_size, named) ||
                (named && pf_csv_sniff_wide(&sample, &wide));
    if (!text)
        return named && request->head_size == 0 ? PF_PROBE_SUFFIX : PF_PROBE_NO;
    if (request->head_size == 0)
        return named ? PF_PROBE_LIKELY : PF_PROBE_NO;
    /* A name that says something else must be contradicted by lines; standard input has no name. */
    bool lines = !request->suffix || !request->suffix[0] || memchr(request->head, '\n', request->head_size) ||
                 memchr(request->head, '\r', request->head_size);
    return named ? PF_PROBE_LIKELY : lines ? PF_PROBE_SUFFIX : PF_PROBE_NO;
}

/* The location's last suffix, in lower case. */
static pf_status find_suffix(const char *location, struct pf_arena *arena, const char **out,
                             struct pf_error *err) {
    const char *name = location ? strrchr(location, '/') : NULL;
    name = name ? name + 1 : location ? location : "";
    const char *dot = strrchr(name, '.');
    size_t size = dot ? strlen(dot) : 0;
    char *copy = pf_arena_text(arena, dot ? dot : "", size);
    if (!copy)
        return pf_fail_memory(err, size);
    for (size_t i = 0; i < size; i++)
        copy[i] = pf_lower(copy[i]);
    *out = copy;
    return PF_OK;
}

static void close_reader(pf_reader_state *state) {
    if (!state)
        return;
    pf_schema_release(&state->table.schema);
    pf_mem_free(state->findings);
    pf_mem_free(state->names);
    pf_arena_clear(&state->arena);
    pf_mem_free(state);
}

static pf_status open_reader(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    *out = NULL;
    pf_reader_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->source = request->source;
    state->host = request->host;
    const char *stem = request->stem ? request->stem : "table", *suffix = "";
    state->stem = pf_arena_text(&state->arena, stem, strlen(stem));
    pf_status status = state->stem ? PF_OK : pf_fail_memory(err, strlen(stem));
    if (status == PF_OK)
        status = find_suffix(request->location, &state->arena, &suffix, err);
    if (status == PF_OK)
        status = pf_csv_policy_read(request->host, suffix, &state->arena, &state->policy, err);
    if (status != PF_OK) {
        close_reader(state);
        return status;
    }
    *out = state;
    return PF_OK;
}

const struct pf_reader pf_csv_reader = {.struct_size = sizeof(struct pf_reader),
                                        .rank = PF_RANK_SECONDARY,
                                        .name = "csv",
                                        .summary = "Comma, tab, semicolon and otherwise separated text",
                                        .suffixes = suffixes,
                                        .options = pf_csv_options,
                                        .probe = probe,
                                        .open = open_reader,
                                        .survey = pf_csv_survey,
                                        .read = pf_csv_stream_open,
                                        .close = close_reader};
