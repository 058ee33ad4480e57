/* fuzz_columns.c — words for types, format strings and column names.              SPDX-License-Identifier: MIT
 *
 * The first byte picks the thing: a format string of a foreign schema, a word of --type, or a header line whose
 * cells become column names. What is understood must come back the same; names must be unique and short enough. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/mem.h"
#include "columns/columns_fold.h"
#include "columns/columns_names.h"
#include "columns/columns_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAMES_MAX 200

static void never_release(struct ArrowSchema *schema) { schema->release = NULL; }

static void demand(int truth) {
    if (!truth)
        abort();
}

static void try_format(const char *text) {
    struct ArrowSchema schema = {.format = text, .release = never_release};
    struct pf_type type, again;
    char format[256];
    if (pf_type_of(&schema, &type, NULL) != PF_OK || pf_kind_is_nested(type.kind))
        return;
    if (pf_type_format(&type, format, sizeof format, NULL) != PF_OK)
        return;
    schema.format = format;
    demand(pf_type_of(&schema, &again, NULL) == PF_OK && pf_type_same(&type, &again));
}

static void try_word(const char *text) {
    struct pf_type type, again;
    char print[96];
    if (pf_type_parse(text, &type, NULL) != PF_OK)
        return;
    pf_type_print(&type, print, sizeof print);
    demand(pf_type_parse(print, &again, NULL) == PF_OK && pf_type_same(&type, &again));
}

static void try_names(char *text, int rule) {
    const char *names[NAMES_MAX];
    char *out[NAMES_MAX];
    char folded[NAMES_MAX][2 * PF_CEIL_NAME_BYTES + 1];
    size_t count = 0;
    for (char *at = text; count < NAMES_MAX; at++) {
        names[count++] = at;
        at += strcspn(at, "|");
        if (!*at)
            break;
        *at = 0;
    }
    if (pf_names_make(names, count, rule, out, NULL) != PF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(out[i]);
        demand(size > 0 && size <= PF_CEIL_NAME_BYTES);
        demand(rule != PF_NAMES_SANITISE || out[i][strcspn(out[i], " ,;{}()\n\t=")] == 0);
        folded[i][pf_name_fold(out[i], size, folded[i])] = 0;
        for (size_t k = 0; k < i; k++)
            demand(strcmp(folded[i], folded[k]) != 0);
    }
    for (size_t i = 0; i < count; i++)
        pf_mem_free(out[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    char *text = pf_mem_text((const char *)data + 1, size - 1);
    if (!text)
        return 0;
    switch (data[0] & 3) {
    case 0: try_format(text); break;
    case 1: try_word(text); break;
    default: try_names(text, data[0] & 1 ? PF_NAMES_SANITISE : PF_NAMES_KEEP); break;
    }
    pf_mem_free(text);
    return 0;
}
