/* test_run_hooks.c — hooks and engines of extensions, and what the host table does for them.
 * SPDX-License-Identifier: MIT */
#include "run/run_hooks.h"
#include "run/run_host.h"
#include "toy_folder.h"

static char order[200];
static pf_status refusal;
static void note(const char *what, const char *who) {
    size_t size = strlen(order);
    snprintf(order + size, sizeof order - size, "%s-%s ", what, who);
}

static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    note("parameter", self);
    PF_TRY(host->job_set(host, "names", strcmp(self, "b") == 0 ? "keep" : "sanitise", err));
    assert_int_equal(host->job_set(host, "input", "x", err), PF_STATE);
    assert_int_equal(host->job_set(host, "moon", "x", err), PF_ARGUMENT);
    assert_int_equal(host->job_set(host, NULL, "x", err), PF_ARGUMENT);
    assert_non_null(strstr(err->message, "a key that is NULL"));
    assert_null(host->job_get(host, NULL));
    assert_null(host->result_get(host, NULL));
    assert_null(host->ask(host, NULL));
    host->notice(host, NULL);
    host->count(host, NULL, 1);
    assert_int_not_equal(host->reject(host, NULL, err), PF_OK);
    assert_int_not_equal(host->open_sibling(host, NULL, NULL, err), PF_OK);
    return host->job_set(host, "limit", "1", err);
}
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    note("pre", self);
    assert_int_equal(host->job_set(host, "limit", "9", err), PF_STATE);
    assert_string_equal(host->job_get(host, "schema-mode"), "widen");
    return strcmp(self, "b") == 0 && refusal ? pf_fail(err, refusal, "not today") : PF_OK;
}
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    note("post", self);
    if (result->file_count)
        note("rows", host->result_get(host, "rows-out"));
    assert_null(host->result_get(host, "moon"));
    assert_null(host->result_get(host, NULL));
    assert_null(host->job_get(host, NULL));
}
static pf_status start_a(struct pf_host *host, void **self, struct pf_error *err) {
    void *memory = host->mem_alloc(host, 10);
    assert_non_null(memory);
    host->mem_free(host, memory);
    host->log(host, PF_LOG_INFO, "hello");
    assert_int_equal(host->cancelled(host), 0);
    *self = "a";
    return PF_OK;
}
static pf_status start_b(struct pf_host *host, void **self, struct pf_error *err) {
    *self = "b";
    return PF_OK;
}
static const struct pf_hooks hooks_a = {sizeof hooks_a, 1, parameter, pre, post};
static const struct pf_hooks hooks_b = {sizeof hooks_b, 9, parameter, pre, post};
static const struct pf_extension extension_a = {.struct_size = sizeof extension_a,
                                                .name = "a",
                                                .version = "1",
                                                .summary = "",
                                                .license = "MIT",
                                                .init = start_a,
                                                .hooks = &hooks_a};
static const struct pf_extension extension_b = {.struct_size = sizeof extension_b,
                                                .name = "b",
                                                .version = "1",
                                                .summary = "",
                                                .license = "MIT",
                                                .init = start_b,
                                                .hooks = &hooks_b};

static int32_t heard;
static void hear(void *ctx, int32_t level, const char *text) { heard += level == PF_LOG_INFO; }

static struct toy_run begin_hooked(const char *const *options) {
    struct toy_run run = begin_toy(options);
    run.forge->log.call = hear;
    order[0] = 0;
    refusal = PF_OK;
    assert_int_equal(pf_forge_join(run.forge, &extension_a, NULL), PF_OK);
    assert_int_equal(pf_forge_join(run.forge, &extension_b, NULL), PF_OK);
    return run;
}

static void hooks_run_by_rank_and_post_in_reverse(void **state) {
    write_text("a.toy", "x\n1\n2\n");
    heard = 0;
    struct toy_run run = begin_hooked((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    assert_int_equal(heard, 1);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_good(&run);
    assert_string_equal(order, "parameter-b parameter-a pre-b pre-a post-a rows-1 post-b rows-1 ");
    assert_string_equal(pf_job_value(run.job, "names", NULL, NULL), "keep"); /* the first hook wins */
    assert_string_equal(pf_job_value_of(run.job, "names")->who_name, "b");
    assert_true(pf_notices_count(&run.result->notices, "hook-overruled") > 0);
    end_toy(&run);
}

static void what_the_user_set_stays(void **state) {
    write_text("a.toy", "x\n1\n2\n");
    struct toy_run run = begin_hooked((const char *const[]){"input=a.toy", "output=o.toy", "limit=2", NULL});
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_good(&run);
    assert_int_equal(pf_result_sum(run.result, "rows-out"), 2);
    end_toy(&run);
}

static void a_pre_hook_may_refuse_and_only_those_before_it_get_a_post(void **state) {
    write_text("a.toy", "x\n1\n");
    struct toy_run run = begin_hooked((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    refusal = PF_DENIED;
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_int_equal(run.status, PF_DENIED);
    assert_string_equal(run.err.where, "extension 'b'");
    assert_string_equal(order, "parameter-b parameter-a pre-b ");
    assert_null(read_text("o.toy"));
    end_toy(&run);
}

/* ---- engines ---- */

static int32_t fits(struct pf_host *host, pf_job *job) { return PF_PROBE_CERTAIN; }
static pf_status unavailable(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    note("engine", "busy");
    return pf_fail(err, PF_UNAVAILABLE, "busy");
}
static pf_status takes_all(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    note("engine", "took");
    return PF_OK;
}
static const struct pf_engine busy = {sizeof busy, PF_RANK_PRIMARY + 1, "busy", "", fits, unavailable};
static const struct pf_engine taker = {sizeof taker, PF_RANK_PRIMARY, "taker", "", fits, takes_all};
static const struct pf_engine *const busy_list[] = {&busy, NULL}, *const both[] = {&taker, &busy, NULL};

static void an_engine_that_is_not_available_hands_on(void **state) {
    struct pf_extension extension = {.struct_size = sizeof extension,
                                     .name = "e",
                                     .version = "1",
                                     .summary = "",
                                     .license = "MIT",
                                     .engines = busy_list};
    write_text("a.toy", "x\n1\n");
    struct toy_run run = begin_toy((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    order[0] = 0;
    assert_int_equal(pf_forge_join(run.forge, &extension, NULL), PF_OK);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_good(&run);
    assert_string_equal(order, "engine-busy ");
    assert_non_null(read_text("o.toy"));
    end_toy(&run);
    run = begin_toy((const char *const[]){"input=a.toy", "output=p.toy", NULL});
    order[0] = 0;
    extension.engines = both;
    assert_int_equal(pf_forge_join(run.forge, &extension, NULL), PF_OK);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_good(&run);
    assert_string_equal(order, "engine-busy engine-took ");
    assert_null(read_text("p.toy"));
    end_toy(&run);
}

/* ---- the host table ---- */

static void twice(void *arg, int64_t index) { ((_Atomic int64_t *)arg)[index] += 2; }

static void the_host_serves_files_tasks_and_options(void **state) {
    struct pf_run_host host;
    struct pf_source source;
    struct pf_error err = PF_ERROR_INIT;
    uint8_t bytes[8];
    size_t got;
    write_text("a.dbf", "x"), write_text("a.dbt", "memo");
    struct toy_run run = begin_toy(NULL);
    pf_run_host_init(&host, run.job, NULL);
    char location[200];
    snprintf(location, sizeof location, "%s", at("a.dbf"));
    host.location = location;
    assert_int_equal(host.face.open_sibling(&host.face, ".dbt", &source, &err), PF_OK);
    assert_int_equal(source.read_at(&source, 0, bytes, 8, &got, &err), PF_OK);
    assert_int_equal(got, 4);
    source.close(&source);
    assert_int_equal(host.face.open_sibling(&host.face, ".cpg", &source, &err), PF_NOT_FOUND);
    host.location = "-";
    assert_int_equal(host.face.open_sibling(&host.face, ".dbt", &source, &err), PF_NOT_FOUND);
    _Atomic int64_t sums[5] = {0};
    assert_int_equal(host.face.run_tasks(&host.face, twice, sums, 5), PF_OK);
    struct pf_crew crew;
    assert_int_equal(pf_crew_open(&crew, run.job, &err), PF_OK);
    pf_run_host_init(&host, run.job, &crew);
    assert_int_equal(host.face.run_tasks(&host.face, twice, sums, 5), PF_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sums[i], 4);
    pf_crew_close(&crew);
    assert_null(host.face.ask(&host.face, "anything"));
    host.face.count(&host.face, "rows-in", 1); /* nobody counts: fine */
    host.face.notice(&host.face, &(struct pf_notice){.kind = "k"});
    assert_int_equal(host.face.reject(&host.face, &(struct pf_reject){0}, &err), PF_OK);
    assert_int_equal(pf_job_put(run.job, "limit", "5", PF_BY_USER, "user", NULL), PF_OK);
    assert_string_equal(host.face.job_get(&host.face, "limit"), "5");
    host.defaults_only = true;
    assert_null(host.face.job_get(&host.face, "limit"));
    assert_string_equal(host.face.job_get(&host.face, "names"), "keep");
    assert_null(host.face.result_get(&host.face, "files"));
    end_toy(&run);
}

static void the_host_answers_what_is_NULL_with_an_error_or_nothing(void **state) {
    struct pf_run_host host;
    struct pf_source source;
    struct pf_counts counts = {0};
    struct pf_notices notices = {0};
    struct pf_result *result = NULL;
    struct toy_run run = begin_toy(NULL);
    assert_int_equal(pf_result_make(&result, NULL), PF_OK);
    pf_run_host_init(&host, run.job, NULL);
    host.counts = &counts;
    host.notices = &notices;
    host.result = result;
    host.location = "a.toy";
    host.hook_name = "it";
    struct pf_host *face = &host.face;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(face->job_set(face, NULL, "1", &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "a key that is NULL; report it to the author"));
    assert_null(face->job_get(face, NULL));
    assert_null(face->result_get(face, NULL));
    assert_null(face->ask(face, NULL));
    assert_int_equal(face->reject(face, NULL, &err), PF_ARGUMENT);
    assert_int_equal(face->open_sibling(face, NULL, &source, &err), PF_ARGUMENT);
    assert_int_equal(face->open_sibling(face, ".x", NULL, &err), PF_ARGUMENT);
    assert_int_equal(face->result_put(face, result, NULL, &err), PF_ARGUMENT);
    face->notice(face, NULL);
    face->notice(face, &(struct pf_notice){.detail = "of no kind"});
    face->count(face, NULL, 1);
    assert_int_equal(notices.total, 0);
    assert_int_equal(host.status, PF_OK);
    pf_result_free(result);
    end_toy(&run);
}

static void too_many_threads_are_refused(void **state) {
    write_text("a.toy", "x\n1\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy", "threads=100000");
    assert_int_equal(run.status, PF_ARGUMENT);
    assert_null(run.result);
    end_toy(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(hooks_run_by_rank_and_post_in_reverse),
        TEST(what_the_user_set_stays),
        TEST(a_pre_hook_may_refuse_and_only_those_before_it_get_a_post),
        TEST(an_engine_that_is_not_available_hands_on),
        TEST(the_host_serves_files_tasks_and_options),
        TEST(the_host_answers_what_is_NULL_with_an_error_or_nothing),
        TEST(too_many_threads_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
