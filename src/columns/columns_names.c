/* columns_names.c — room columns. Legal, unique column names.                   SPDX-License-Identifier: MIT
 * Knows: what catalogs refuse in a name, that they ignore case, how long a name may be.
 * Knows not: schemas, which target asks. */
#include "columns/columns_names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "columns/columns_fold.h"

#define SUFFIX_BYTES 10                                  /* "_" and at most nine digits */
#define STEM_BYTES   (PF_CEIL_NAME_BYTES - SUFFIX_BYTES) /* longer names are cut before a number is added */

/* size, or less: the last place before ceiling where a character ends. */
static size_t cut_size(const char *text, size_t size, size_t ceiling) {
    if (size <= ceiling)
        return size;
    size_t cut = ceiling;
    for (int back = 0; back < 3 && cut > 1 && ((uint8_t)text[cut] & 0xC0) == 0x80; back++)
        cut--;
    return cut;
}

static bool is_refused(char c) { return (uint8_t)c < 0x20 || c == 0x7F || strchr(" ,;{}()=", c) != NULL; }

static char *invent(size_t index, int rule, bool headless) {
    const char *form = rule != PF_NAMES_PANDAS ? "column_%zu" : headless ? "Column_%zu" : "Unnamed: %zu";
    char made[40];
    bool from_zero = rule == PF_NAMES_PANDAS && !headless;
    return pf_mem_text(made, (size_t)snprintf(made, sizeof made, form, index + !from_zero));
}

/* The name before it is made unique; NULL when memory is out. */
static char *make_base(const char *name, size_t index, int rule, bool headless) {
    size_t size = strlen(name);
    if (size == 0)
        return invent(index, rule, headless);
    if (rule != PF_NAMES_SANITISE)
        return pf_mem_text(name, cut_size(name, size, PF_CEIL_NAME_BYTES));
    char clean[2 * PF_CEIL_NAME_BYTES];
    size_t used = 0;
    for (size_t i = 0; i < size && used < sizeof clean; i++) {
        if (!is_refused(name[i]))
            clean[used++] = name[i];
        else if (i == 0 || !is_refused(name[i - 1]))
            clean[used++] = '_';
    }
    return pf_mem_text(clean, cut_size(clean, used, PF_CEIL_NAME_BYTES));
}

struct name_set {
    struct pf_map taken; /* folded names → who has it */
    struct pf_map stems; /* folded stems → place in next */
    int32_t *next;       /* the next number to try, by stem */
    uint8_t *again;      /* by name: somebody before has it */
    bool pandas;         /* numbers are ".1", ".2" … */
};

/* Puts the folded name; *mine: it was free. */
static pf_status claim(struct name_set *set, const char *name, size_t size, int64_t who, bool *mine,
                       struct pf_error *err) {
    char folded[2 * PF_CEIL_NAME_BYTES];
    int64_t owner = who;
    PF_TRY(pf_map_add(&set->taken, folded, pf_name_fold(name, size, folded), who, &owner, err));
    *mine = owner == who;
    return PF_OK;
}

/* Gives *name a number that nobody has. Numbers of a stem only rise, and two stems never meet in one numbered
 * name, so all names together take linear time. */
static pf_status add_number(struct name_set *set, char **name, int64_t who, struct pf_error *err) {
    char made[PF_CEIL_NAME_BYTES + 1], folded[2 * PF_CEIL_NAME_BYTES];
    size_t size = cut_size(*name, strlen(*name), STEM_BYTES);
    int64_t stem = (int64_t)set->stems.count;
    bool mine = false;
    memcpy(made, *name, size);
    PF_TRY(pf_map_add(&set->stems, folded, pf_name_fold(made, size, folded), stem, &stem, err));
    size_t all = size;
    while (!mine) {
        if (set->next[stem] == 0)
            set->next[stem] = set->pandas ? 1 : 2;
        all = size +
              (size_t)snprintf(made + size, sizeof made - size, set->pandas ? ".%d" : "_%d", set->next[stem]++);
        PF_TRY(claim(set, made, all, who, &mine, err));
    }
    char *copy = pf_mem_text(made, all);
    if (!copy)
        return pf_fail_memory(err, all);
    pf_mem_free(*name);
    *name = copy;
    return PF_OK;
}

/* Names that stand in the input come before invented ones, and all of them before numbered ones: a number never
 * takes a name that a later column really has. */
static pf_status make_all(struct name_set *set, const char *const *names, size_t count, int rule, char **out,
                          struct pf_error *err) {
    bool headless = true;
    for (size_t i = 0; i < count; i++)
        headless = headless && !names[i][0];
    for (int invented = 0; invented < 2; invented++)
        for (size_t i = 0; i < count; i++) {
            bool mine;
            if ((names[i][0] == 0) != invented)
                continue;
            out[i] = make_base(names[i], i, rule, headless);
            if (!out[i])
                return pf_fail_memory(err, 0);
            PF_TRY(claim(set, out[i], strlen(out[i]), (int64_t)i, &mine, err));
            set->again[i] = !mine;
        }
    for (size_t i = 0; i < count; i++)
        if (set->again[i])
            PF_TRY(add_number(set, &out[i], (int64_t)(count + i), err));
    return PF_OK;
}

pf_status pf_names_make(const char *const *names, size_t count, int rule, char **out, struct pf_error *err) {
    struct name_set set = {.pandas = rule == PF_NAMES_PANDAS};
    memset(out, 0, count * sizeof *out);
    set.next = pf_mem_zero(count, sizeof *set.next);
    set.again = pf_mem_zero(count, 1);
    pf_status status =
        set.next && set.again ? make_all(&set, names, count, rule, out, err) : pf_fail_memory(err, count);
    pf_map_clear(&set.taken);
    pf_map_clear(&set.stems);
    pf_mem_free(set.next);
    pf_mem_free(set.again);
    for (size_t i = 0; status != PF_OK && i < count; i++) {
        pf_mem_free(out[i]);
        out[i] = NULL;
    }
    return status;
}
