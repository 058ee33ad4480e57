/* test_bytes_window.c — peek and consume.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "bytes/bytes_window.h"

static uint8_t data[100000];

/* Forward only: fails the test when an offset does not follow the last read; at most 7 bytes short. */
struct strict {
    int64_t place;
    int64_t fail_at;
};
static pf_status read_strict(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct strict *strict = source->self;
    assert_int_equal(offset, strict->place);
    if (strict->fail_at >= 0 && offset >= strict->fail_at)
        return pf_fail(err, PF_IO, "broken");
    size_t left = sizeof data - (size_t)offset;
    *got = want < left ? want : left;
    memcpy(to, data + offset, *got);
    strict->place += (int64_t)*got;
    return PF_OK;
}

static void fill(void) {
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 31 + i / 253);
}

static void any_sequence_of_steps_shows_the_bytes_in_order(void **state) {
    fill();
    const size_t refills[] = {1, 7, 64, 1000, 0};
    for (size_t r = 0; r < 5; r++) {
        struct strict strict = {0, -1};
        struct pf_source source = {.size_bytes = -1, .self = &strict, .read_at = read_strict};
        struct pf_window window;
        assert_int_equal(pf_window_open(&window, &source, refills[r], NULL), PF_OK);
        uint32_t seed = 5;
        size_t place = 0;
        while (place < sizeof data) {
            seed = seed * 1664525 + 1013904223;
            size_t n = seed % 300 == 0 ? 5000 : (seed >> 10) % 90, got;
            const uint8_t *bytes;
            assert_int_equal(pf_window_peek(&window, n, &bytes, &got, NULL), PF_OK);
            assert_int_equal(window.offset, place);
            assert_true(got >= n || got == sizeof data - place);
            assert_memory_equal(bytes, data + place, got);
            size_t step = (seed >> 20) % (n + 1);
            step = step < got ? step : got;
            pf_window_consume(&window, step);
            place += step;
        }
        const uint8_t *bytes;
        size_t got = 1;
        assert_int_equal(pf_window_peek(&window, 1, &bytes, &got, NULL), PF_OK);
        assert_int_equal(got, 0);
        assert_true(window.ended);
        pf_window_clear(&window);
        pf_window_clear(&window);
    }
}

static void what_is_cut_off_is_a_window_of_its_own_and_the_rest_goes_on(void **state) {
    fill();
    struct strict strict = {0, -1};
    struct pf_source source = {.size_bytes = -1, .self = &strict, .read_at = read_strict};
    struct pf_window window, piece = {0};
    const uint8_t *bytes;
    size_t got, place = 0;
    assert_int_equal(pf_window_open(&window, &source, 1000, NULL), PF_OK);
    while (place < sizeof data) {
        assert_int_equal(pf_window_peek(&window, 1000, &bytes, &got, NULL), PF_OK);
        size_t n = place % 3 == 0 && got > 300 ? got - 300 : got;
        pf_window_consume(&window, n / 4);
        pf_mem_fail_once(place == 0);
        pf_status status = pf_window_cut(&window, n - n / 4, &piece, NULL);
        pf_mem_fail_once(0);
        if (place == 0) { /* nothing has changed */
            assert_int_equal(status, PF_NO_MEMORY);
            assert_int_equal(pf_window_cut(&window, n - n / 4, &piece, NULL), PF_OK);
        }
        assert_int_equal(window.offset, place + n);
        assert_int_equal(piece.offset, place + n / 4);
        assert_int_equal(pf_window_peek(&piece, sizeof data, &bytes, &got, NULL), PF_OK);
        assert_int_equal(got, n - n / 4);
        assert_memory_equal(bytes, data + place + n / 4, got);
        place += n;
    }
    pf_window_clear(&window);
    pf_window_clear(&piece);
}

static void trouble_is_passed_on(void **state) {
    fill();
    struct strict strict = {0, 400};
    struct pf_source source = {.size_bytes = -1, .self = &strict, .read_at = read_strict};
    struct pf_window window;
    const uint8_t *bytes;
    size_t got;
    pf_mem_fail_from(1);
    assert_int_equal(pf_window_open(&window, &source, 500, NULL), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_null(window.data);
    assert_int_equal(pf_window_open(&window, &source, 500, NULL), PF_OK);
    assert_int_equal(pf_window_peek(&window, 400, &bytes, &got, NULL), PF_OK);
    pf_mem_fail_from(1);
    assert_int_equal(pf_window_peek(&window, 600, &bytes, &got, NULL), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_int_equal(pf_window_peek(&window, 400, &bytes, &got, NULL), PF_OK);
    assert_memory_equal(bytes, data, got);
    assert_int_equal(pf_window_peek(&window, 2000, &bytes, &got, NULL), PF_IO);
    pf_window_clear(&window);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_sequence_of_steps_shows_the_bytes_in_order),
        cmocka_unit_test(what_is_cut_off_is_a_window_of_its_own_and_the_rest_goes_on),
        cmocka_unit_test(trouble_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
