/* test_registry_state.c — the table of states, cell by cell.                     SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "registry/registry_state.h"

#define D  PF_EXTENSION_DISCOVERED
#define L  PF_EXTENSION_LOADED
#define I  PF_EXTENSION_INITIALIZED
#define F  PF_EXTENSION_FAILED
#define X  PF_EXTENSION_DISABLED
#define NO (-1)

/* As docs/extensions.md shows it. */
static const int32_t expected[PF_EXTENSION_STATES][PF_EVENT_COUNT] = {
    /* load ok, load fail, init ok, unavailable, init fail, disable, enable, changed */
    {L, F, NO, NO, NO, X, NO, D},   {NO, NO, I, X, F, X, NO, NO},   {NO, NO, NO, NO, NO, X, NO, NO},
    {NO, NO, NO, NO, NO, X, NO, D}, {NO, NO, NO, NO, NO, NO, D, D},
};

static void every_event_leads_where_the_table_says_or_is_refused_with_STATE(void **state) {
    for (int32_t from = 0; from < PF_EXTENSION_STATES; from++)
        for (int32_t event = 0; event < PF_EVENT_COUNT; event++) {
            struct pf_error err = PF_ERROR_INIT;
            int32_t now = from;
            pf_status status = pf_state_move(&now, event, &err);
            if (expected[from][event] == NO) {
                assert_int_equal(status, PF_STATE);
                assert_int_equal(now, from);
                assert_non_null(strstr(err.message, pf_state_name(from)));
            } else {
                assert_int_equal(status, PF_OK);
                assert_int_equal(now, expected[from][event]);
            }
        }
}

static void what_is_no_state_or_event_is_refused(void **state) {
    const int32_t wrong[][2] = {{-1, 0}, {PF_EXTENSION_STATES, 0}, {0, -1}, {0, PF_EVENT_COUNT}};
    for (size_t i = 0; i < 4; i++) {
        int32_t now = wrong[i][0];
        assert_int_equal(pf_state_move(&now, wrong[i][1], NULL), PF_ARGUMENT);
        assert_int_equal(now, wrong[i][0]);
    }
    assert_string_equal(pf_state_name(D), "discovered");
    assert_string_equal(pf_state_name(X), "disabled");
    assert_string_equal(pf_state_name(9), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_leads_where_the_table_says_or_is_refused_with_STATE),
        cmocka_unit_test(what_is_no_state_or_event_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
