/* test_relay.c — blocks come in order, whoever worked on them; failures and cancel end the relay.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/relay.h"

struct slot {
    struct pf_relay_slot relay;
    int64_t number, square;
    void *own;
};
struct source {
    int64_t next, count;        /* blocks */
    bool ends_empty;            /* the end shows as an empty block */
    int64_t bad_feed, bad_work; /* numbers that fail; −1: none */
    atomic_int feeding, open;
};

static pf_status open_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    struct source *source = ctx;
    void *own = pf_mem_alloc(1);
    if (!own)
        return pf_fail_memory(err, 1);
    ((struct slot *)slot)->own = own;
    source->open++;
    return PF_OK;
}
static void close_slot(void *ctx, struct pf_relay_slot *slot) {
    struct source *source = ctx;
    pf_mem_free(((struct slot *)slot)->own);
    source->open--;
}
static pf_status feed(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    struct source *source = ctx;
    struct slot *slot = (struct slot *)relay_slot;
    if (atomic_fetch_add(&source->feeding, 1) != 0)
        return pf_fail(err, PF_INTERNAL, "two are fed at the same time");
    slot->number = source->next++;
    slot->relay.last = slot->number + 1 >= source->count + source->ends_empty;
    slot->relay.empty = slot->number == source->count;
    atomic_fetch_sub(&source->feeding, 1);
    return slot->number == source->bad_feed ? pf_fail(err, PF_BAD_DATA, "fed badly") : PF_OK;
}
static pf_status work(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    const struct source *source = ctx;
    struct slot *slot = (struct slot *)relay_slot;
    slot->square = slot->number * slot->number;
    return slot->number == source->bad_work ? pf_fail(err, PF_LIMIT, "worked badly") : PF_OK;
}
static const struct pf_relay_client client = {
    .slot_bytes = sizeof(struct slot), .open = open_slot, .close = close_slot, .feed = feed, .work = work};

/* Takes blocks until the end, a failure, or `most` of them. */
static pf_status run(struct source *source, int threads, int64_t most, int64_t *taken, struct pf_error *err) {
    struct pf_relay relay;
    struct pf_relay_client own = client;
    pf_pool *pool = NULL;
    own.ctx = source;
    *taken = 0;
    if (threads)
        PF_TRY(pf_pool_open(threads, &pool, err));
    pf_status status = pf_relay_open(&relay, &own, pool, 3, err);
    bool opened = status == PF_OK;
    while (status == PF_OK && *taken < most) {
        struct pf_relay_slot *slot;
        status = pf_relay_next(&relay, &slot, err);
        if (status != PF_OK || !slot)
            break;
        assert_int_equal(((struct slot *)slot)->number, *taken);
        assert_int_equal(((struct slot *)slot)->square, *taken * *taken);
        ++*taken;
        pf_relay_give_back(&relay);
    }
    if (opened)
        pf_relay_close(&relay);
    if (pool)
        pf_pool_close(&pool);
    assert_int_equal(source->open, 0);
    return status;
}

static void blocks_are_handed_over_in_order(void **state) {
    (void)state;
    for (int threads = 0; threads < 4; threads++)
        for (int64_t count = 0; count < 40; count += count < 5 ? 1 : 17)
            for (int empty = count == 0; empty < 2; empty++) {
                struct source source = {.count = count, .ends_empty = empty, .bad_feed = -1, .bad_work = -1};
                int64_t taken;
                assert_int_equal(run(&source, threads, 100, &taken, NULL), PF_OK);
                assert_int_equal(taken, count);
            }
}

static void a_failure_comes_in_its_place_and_ends_the_relay(void **state) {
    (void)state;
    for (int threads = 0; threads < 4; threads++) {
        struct source fed = {.count = 30, .bad_feed = 7, .bad_work = -1};
        struct source worked = {.count = 30, .bad_feed = -1, .bad_work = 7};
        struct pf_error err = PF_ERROR_INIT;
        int64_t taken;
        assert_int_equal(run(&fed, threads, 100, &taken, &err), PF_BAD_DATA);
        assert_string_equal(err.message, "fed badly");
        assert_int_equal(taken, 7);
        assert_int_equal(fed.next, 8);
        assert_int_equal(run(&worked, threads, 100, &taken, &err), PF_LIMIT);
        assert_int_equal(taken, 7);
    }
}

static void whoever_stops_early_leaves_nothing_behind(void **state) {
    (void)state;
    for (int threads = 0; threads < 4; threads++) {
        struct source source = {.count = 1000, .bad_feed = -1, .bad_work = -1};
        int64_t taken;
        assert_int_equal(run(&source, threads, 2, &taken, NULL), PF_OK);
        assert_int_equal(taken, 2);
        assert_true(source.next <= 2 + 3);
    }
}

static void what_is_cancelled_says_so(void **state) {
    (void)state;
    struct source source = {.count = 1000, .bad_feed = -1, .bad_work = -1};
    struct pf_relay relay;
    struct pf_relay_client own = client;
    struct pf_relay_slot *slot;
    pf_pool *pool = NULL;
    own.ctx = &source;
    assert_int_equal(pf_pool_open(2, &pool, NULL), PF_OK);
    assert_int_equal(pf_relay_open(&relay, &own, pool, 3, NULL), PF_OK);
    assert_int_equal(pf_relay_next(&relay, &slot, NULL), PF_OK);
    pf_pool_cancel(pool);
    pf_relay_give_back(&relay);
    assert_int_equal(pf_relay_next(&relay, &slot, NULL), PF_CANCELLED);
    pf_relay_close(&relay);
    pf_pool_close(&pool);
    assert_int_equal(source.open, 0);
}

static void memory_may_be_out_when_it_opens(void **state) {
    (void)state;
    for (int64_t nth = 1; nth < 5; nth++) {
        struct source source = {.count = 3, .bad_feed = -1, .bad_work = -1};
        struct pf_relay relay;
        struct pf_relay_client own = client;
        own.ctx = &source;
        pf_mem_fail_from(nth);
        pf_status status = pf_relay_open(&relay, &own, NULL, 3, NULL);
        pf_mem_fail_from(0);
        if (status == PF_OK)
            pf_relay_close(&relay);
        else
            assert_int_equal(status, PF_NO_MEMORY);
        assert_int_equal(source.open, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_handed_over_in_order),
        cmocka_unit_test(a_failure_comes_in_its_place_and_ends_the_relay),
        cmocka_unit_test(whoever_stops_early_leaves_nothing_behind),
        cmocka_unit_test(what_is_cancelled_says_so),
        cmocka_unit_test(memory_may_be_out_when_it_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
