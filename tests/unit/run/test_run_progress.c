/* test_run_progress.c — how far a job is, over inputs and laps; which reader is asked first.
 * SPDX-License-Identifier: MIT */
#include "bytes/bytes_source.h"
#include "run/run_detect.h"
#include "run/run_progress.h"
#include "toy_folder.h"

static struct pf_progress last;
static int calls;
static int32_t remember(void *ctx, const struct pf_progress *progress) {
    assert_true(progress->fraction < 0 || progress->fraction >= last.fraction);
    last = *progress;
    calls++;
    return calls == 1000;
}
static struct toy_run run;
static struct pf_meter meter;
static struct pf_track track;
static int open_track(void **state) {
    run = begin_toy(NULL);
    last = (struct pf_progress){0};
    calls = 0;
    meter = (struct pf_meter){0};
    run.job->progress = remember;
    pf_track_open(&track, run.job, &meter, 1000);
    return 0;
}
static int close_track(void **state) {
    end_toy(&run);
    return 0;
}
static void now(int64_t bytes, double fraction) {
    atomic_store(&meter.bytes_in, bytes);
    track.told_ns = 0;
    pf_track_tick(&track);
    assert_true(last.fraction > fraction - 0.0001 && last.fraction < fraction + 0.0001);
    assert_true(last.bytes_done <= 1000);
}

static void each_input_has_its_share_and_laps_never_go_back(void **state) {
    pf_track_input(&track, "one", 400);
    now(100, 0); /* a survey does not count */
    pf_track_phase(&track, "convert", 1, 0, 1, 400);
    now(300, 0.2);
    now(100, 0.2);
    atomic_store(&meter.bytes_in, 300);
    assert_true(pf_track_point(&track) == 0.5);
    pf_track_phase(&track, "survey", 1, 0.5, 0.65,
                   400); /* a contradiction: half is left, for two more passes */
    now(300, 0.2);
    now(700, 0.26);
    pf_track_phase(&track, "convert", 2, 0.65, 1, 400);
    now(900, 0.26 + 0.07);
    assert_int_equal(last.lap, 2);
    assert_string_equal(last.input, "one");
    pf_track_input_done(&track);
    now(1100, 0.4);
    pf_track_input(&track, "two", 600);
    pf_track_phase(&track, "convert", 1, 0, 1, 600);
    now(1100 + 3000, 1);
    assert_true(last.seconds_left >= 0);
    pf_track_end(&track, true);
    assert_true(last.fraction == 1);
    assert_string_equal(last.stage, "finish");
}

static void it_is_told_at_most_ten_times_a_second(void **state) {
    pf_track_input(&track, "one", 1000);
    for (int i = 0; i < 1000; i++)
        pf_track_tick(&track);
    assert_true(calls <= 1);
}

static void an_unknown_size_has_no_fraction(void **state) {
    pf_track_open(&track, run.job, &meter, -1);
    last.fraction = -1;
    pf_track_input(&track, "-", -1);
    pf_track_phase(&track, "convert", 1, 0, 1, -1);
    atomic_store(&meter.bytes_in, 500);
    track.told_ns = 0;
    pf_track_tick(&track);
    assert_true(last.fraction == -1);
    assert_int_equal(last.bytes_done, 500);
    assert_true(last.seconds_left == -1);
}

static void a_callback_that_says_stop_cancels(void **state) {
    calls = 999;
    pf_track_end(&track, false);
    assert_true(pf_job_is_cancelled(run.job));
}

/* ---- detection ---- */

static int32_t answers[3];
static int32_t probe_a(const struct pf_probe *request) { return answers[0]; }
static int32_t probe_b(const struct pf_probe *request) {
    assert_string_equal(request->suffix, ".x");
    assert_int_equal(request->size_bytes, 200000);
    assert_int_equal(request->head_size, 65536);
    assert_int_equal(request->tail_size, 65536);
    assert_int_equal(request->tail[65535], 7);
    return answers[1];
}
static int32_t probe_c(const struct pf_probe *request) { return answers[2]; }
static pf_status open_not(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    return 0;
}
static pf_status survey_not(pf_reader_state *self, struct pf_survey *request, struct pf_error *err) {
    return 0;
}
static pf_status read_not(pf_reader_state *self, const struct pf_read *request, struct ArrowArrayStream *out,
                          struct pf_error *err) {
    return 0;
}
static void close_not(pf_reader_state *self) {}
#define READER(letter, rank_)                                                                                  \
    {                                                                                                          \
        .struct_size = sizeof(struct pf_reader), .rank = rank_, .name = #letter, .summary = "",                \
        .probe = probe_##letter, .open = open_not, .survey = survey_not, .read = read_not, .close = close_not  \
    }
static const struct pf_reader a = READER(a, PF_RANK_SECONDARY), b = READER(b, PF_RANK_SECONDARY),
                              c = READER(c, PF_RANK_PRIMARY);
static const struct pf_reader *const abc[] = {&b, &a, &c, NULL};

static void readers_are_tried_by_score_then_rank_then_name(void **state) {
    const struct {
        int32_t answers[3];
        const char *order;
    } cases[] = {{{50, 80, 20}, "bac"},
                 {{50, 50, 50}, "cab"},
                 {{0, 50, 0}, "b"},
                 {{50, 50, 20}, "abc"},
                 {{0, 0, 0}, ""}};
    static const struct pf_extension extension = {.struct_size = sizeof extension,
                                                  .name = "abc",
                                                  .version = "1",
                                                  .summary = "",
                                                  .license = "MIT",
                                                  .readers = abc};
    pf_registry *registry;
    struct pf_source source;
    struct pf_candidates found;
    uint8_t *bytes = pf_mem_zero(200000, 1);
    bytes[199999] = 7;
    assert_int_equal(pf_registry_open(&registry, NULL, NULL), PF_OK);
    assert_int_equal(pf_registry_add(registry, &extension, NULL), PF_OK);
    pf_source_memory(bytes, 200000, &source);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memcpy(answers, cases[i].answers, sizeof answers);
        assert_int_equal(pf_detect(registry, &source, "file.X", &found, NULL), PF_OK);
        assert_int_equal(found.count, strlen(cases[i].order));
        for (size_t k = 0; k < found.count; k++)
            assert_int_equal(found.readers[k]->name[0], cases[i].order[k]);
    }
    pf_registry_close(&registry);
    pf_mem_free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_track, close_track)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(each_input_has_its_share_and_laps_never_go_back),
        TEST(it_is_told_at_most_ten_times_a_second),
        TEST(an_unknown_size_has_no_fraction),
        TEST(a_callback_that_says_stop_cancels),
        cmocka_unit_test(readers_are_tried_by_score_then_rank_then_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
