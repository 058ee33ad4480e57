/* draw.h — bench. The numbers and words that all generated inputs are drawn from.  SPDX-License-Identifier: MIT */
#ifndef BENCH_DRAW_H
#define BENCH_DRAW_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9E3779B97F4A7C15u;
static uint64_t next(void) { /* SplitMix64 */
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static const char *const statuses[8] = {"open",      "paid",    "shipped", "returned",
                                        "cancelled", "pending", "failed",  "archived"};
static const char *const firsts[30] = {"Anna", "Ben",    "Carla", "David",  "Eva",   "Felix", "Greta", "Hugo",
                                       "Ida",  "Jonas",  "Klara", "Leo",    "Mia",   "Noah",  "Olga",  "Paul",
                                       "Rosa", "Sam",    "Tina",  "Uwe",    "Vera",  "Willi", "Xenia", "Yann",
                                       "Zoe",  "Jürgen", "Zoë",   "Łukasz", "Søren", "José"};
static const char *const lasts[20] = {"Meyer",  "Smith",  "Rossi", "Novak", "Silva",   "Jansen", "Dubois",
                                      "Garcia", "Kim",    "Sato",  "Weber", "Brown",   "Costa",  "Olsen",
                                      "Keller", "Moreau", "Lopez", "Evans", "Fischer", "Huber"};
static const char *const words[30] = {
    "alpha", "order", "late",      "express", "gift",  "fragile", "return",   "customer", "called", "twice",
    "ship",  "to",    "warehouse", "before",  "noon",  "invoice", "missing",  "part",     "of",     "the",
    "box",   "was",   "wet",       "please",  "check", "again",   "tomorrow", "thanks",   "north",  "gate"};

static inline void civil(int64_t days, int *y, int *m,
                         int *d) { /* days since 1970 to a date, proleptic Gregorian */
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)((int64_t)yoe + era * 400 + (*m <= 2));
}

static inline int shortest(double x, char *to) {
    for (int p = 15; p <= 17; p++) {
        int n = snprintf(to, 40, "%.*g", p, x);
        if (strtod(to, NULL) == x)
            return n;
    }
    return 0;
}
#endif
