/* orders.h — bench. The rows of the benchmark's workbooks: ten columns of orders, and their texts as shared strings.
 * SPDX-License-Identifier: MIT */
#ifndef BENCH_ORDERS_H
#define BENCH_ORDERS_H
#include "draw.h"

#define NAMES        300000 /* 30 × 20 × 500 */
#define COUNTRIES    200
#define HEADS        (NAMES + COUNTRIES + 8)
#define TEXTS        (HEADS + 10)
#define EXCEL_EPOCH  25569 /* 1970-01-01 as a serial */
#define DAY_S        86400
#define STAMP(order) ((double)(order).ts_s / DAY_S + EXCEL_EPOCH)

static const char *const heads[10] = {"id", "qty",     "price",  "ratio", "day",
                                      "ts", "country", "status", "name",  "flag"};

struct order {
    int64_t id, day, ts_s; /* days and seconds since 1970 */
    int qty;               /* −1: none */
    double price, ratio;   /* ratio −1: none */
    int32_t texts[3];      /* country, status, name; see order_text */
    int flag;
};

static struct order next_order(int64_t id) {
    static int64_t clock_s = 1420070400;
    uint64_t r = next(), q = next(), e = next();
    clock_s += (int64_t)(r % 150);
    return (struct order){
        .id = id,
        .day = clock_s / DAY_S - (int64_t)(q % 400),
        .ts_s = clock_s,
        .qty = r % 20 ? (int)((r >> 8) % 1000) : -1,
        .price = (double)((q >> 11) % 10000000) / 100,
        .ratio = e % 33 ? (double)(next() >> 11) * 0x1p-53 * ((e >> 9) % 4 ? 1 : 1000) : -1,
        .texts = {NAMES + (int32_t)((e >> 20) % COUNTRIES), NAMES + COUNTRIES + (int32_t)((e >> 30) % 8),
                  (int32_t)((e >> 34) % 30 * 10000 + (e >> 40) % 20 * 500 + q % 500)},
        .flag = (int)(r >> 20 & 1),
    };
}

static void order_text(int32_t text, char to[64]) {
    if (text < NAMES)
        sprintf(to, "%s %s %d", firsts[text / 10000], lasts[text / 500 % 20], text % 500);
    else if (text < NAMES + COUNTRIES) {
        int c = text - NAMES;
        sprintf(to, "%c%c%c", 'A' + c % 26, 'A' + 7 * c % 25, 'A' + c / 26);
    } else
        strcpy(to, text < HEADS ? statuses[text - NAMES - COUNTRIES] : heads[text - HEADS]);
}

/* Numbers of texts in the order of their first use. */
struct shared {
    int32_t ids[TEXTS], order[TEXTS]; /* ids are one more; 0: not met yet */
    int32_t count;
    uint32_t uses;
};

static inline int32_t shared_id(struct shared *s, int32_t text) {
    s->uses++;
    if (!s->ids[text]) {
        s->order[s->count] = text;
        s->ids[text] = ++s->count;
    }
    return s->ids[text] - 1;
}
#endif
