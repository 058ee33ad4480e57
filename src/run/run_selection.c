/* run_selection.c — room run. Which columns a list of a user means.             SPDX-License-Identifier: MIT
 * Knows: names, numbers, letters, patterns.
 * Knows not: types, tables. */
#include "run/run_selection.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "run/run_glob.h"
#include "run/run_nearest.h"
#include "run/run_options.h"

static int64_t find_name(const struct pf_column_names *names, struct pf_text item) {
    for (int64_t i = 0; i < names->count; i++)
        if (pf_text_is(item, names->raw[i]))
            return i;
    for (int64_t i = 0; i < names->count; i++)
        if (pf_text_is(item, names->made[i]))
            return i;
    for (int64_t i = 0; i < names->count; i++)
        if (pf_text_same_nocase(item, pf_text_of(names->made[i])) ||
            pf_text_same_nocase(item, pf_text_of(names->raw[i])))
            return i;
    return -1;
}

/* "7" or "B" or "AA": a place from 0; −1: neither, or beyond. */
static int64_t find_place(const struct pf_column_names *names, struct pf_text item) {
    int64_t number = 0;
    if (item.size && pf_is_digit(item.at[0])) {
        if (!pf_parse_int64(item.at, item.size, &number))
            return -1;
    } else {
        for (size_t i = 0; i < item.size; i++) {
            if (item.at[i] < 'A' || item.at[i] > 'Z' || i > 3)
                return -1;
            number = number * 26 + (item.at[i] - 'A' + 1);
        }
    }
    return number >= 1 && number <= names->count ? number - 1 : -1;
}

int64_t pf_selection_one(const struct pf_column_names *names, struct pf_text item) {
    int64_t found = find_name(names, item);
    bool number = item.size && pf_is_digit(item.at[0]);
    return found < 0 && number ? find_place(names, item) : found;
}

pf_status pf_selection_unknown(const struct pf_column_names *names, const char *option, struct pf_text item,
                               struct pf_error *err) {
    char wanted[128];
    size_t size = item.size < sizeof wanted - 1 ? item.size : sizeof wanted - 1;
    memcpy(wanted, item.at, size);
    wanted[size] = 0;
    struct pf_nearest nearest;
    pf_nearest_start(&nearest, wanted);
    for (int64_t i = 0; i < names->count && i < 10000; i++)
        pf_nearest_offer(&nearest, names->made[i]);
    if (pf_nearest_name(&nearest))
        return pf_fail(err, PF_ARGUMENT, "--%s: there is no column '%s'; did you mean '%.100s'?", option,
                       wanted, pf_nearest_name(&nearest));
    return pf_fail(err, PF_ARGUMENT, "--%s: there is no column '%s'; 'pyforge schema FILE' lists them", option,
                   wanted);
}

struct picking {
    const struct pf_column_names *names;
    bool *taken;
    int32_t *out;
    int64_t count;
};

static void pick(struct picking *picking, int64_t index) {
    if (picking->taken[index])
        return;
    picking->taken[index] = true;
    picking->out[picking->count++] = (int32_t)index;
}

static bool pick_range(struct picking *picking, struct pf_text item) {
    const char *colon = memchr(item.at, ':', item.size);
    struct pf_text low = item, high = item;
    if (colon) {
        low.size = (size_t)(colon - item.at);
        high = (struct pf_text){colon + 1, item.size - low.size - 1};
    }
    int64_t from = find_place(picking->names, low), to = find_place(picking->names, high);
    for (int64_t i = from; from >= 0 && i <= to; i++)
        pick(picking, i);
    return from >= 0 && to >= from;
}

static bool pick_pattern(struct picking *picking, struct pf_text item) {
    bool any = false, pattern = memchr(item.at, '*', item.size) || memchr(item.at, '?', item.size) ||
                                memchr(item.at, '[', item.size);
    for (int64_t i = 0; pattern && i < picking->names->count; i++)
        if (pf_glob_match(item, pf_text_of(picking->names->raw[i])) ||
            pf_glob_match(item, pf_text_of(picking->names->made[i]))) {
            pick(picking, i);
            any = true;
        }
    return any;
}

static bool pick_item(struct picking *picking, struct pf_text item) {
    int64_t found = find_name(picking->names, item);
    if (found < 0)
        return pick_range(picking, item) || pick_pattern(picking, item);
    pick(picking, found);
    return true;
}

pf_status pf_selection_list(const struct pf_column_names *names, const char *option, const char *list,
                            int32_t *out, int64_t *count, struct pf_error *err) {
    struct picking picking = {.names = names, .out = out};
    picking.taken = pf_mem_zero((size_t)names->count, sizeof *picking.taken);
    if (!picking.taken)
        return pf_fail_memory(err, (size_t)names->count);
    pf_status status = PF_OK;
    struct pf_text value;
    while (status == PF_OK && pf_list_next(&list, &value)) {
        if (find_name(names, value) >= 0) { /* a name may have a comma in it */
            pick_item(&picking, value);
            continue;
        }
        while (status == PF_OK && value.size) {
            const char *comma = memchr(value.at, ',', value.size);
            size_t size = comma ? (size_t)(comma - value.at) : value.size;
            struct pf_text item = pf_text_trim((struct pf_text){value.at, size});
            if (item.size && !pick_item(&picking, item))
                status = pf_selection_unknown(names, option, item, err);
            size += comma != NULL;
            value = (struct pf_text){value.at + size, value.size - size};
        }
    }
    pf_mem_free(picking.taken);
    *count = picking.count;
    return status;
}
