/* contract_extension.c — room contract. A whole extension: its life, then each of its features.
 * SPDX-License-Identifier: MIT
 * Knows: the descriptor, which feature can be tried with what.
 * Knows not: what each feature promises, libraries. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "contract/contract_desk.h"

#define HOLD(c, ...) pf_contract_hold(&(c)->finding, __VA_ARGS__)

/* ---- init and shutdown ---- */

struct life {
    const struct pf_extension *extension;
    struct pf_contract_desk desk;
    struct pf_contract_finding finding;
};

static void open_desk(struct pf_contract_desk *desk, bool old) {
    *desk = (struct pf_contract_desk){.fail_at = PF_CONTRACT_NEVER, .old = old};
    pf_contract_desk_open(desk);
}

static pf_status start(const struct pf_extension *extension, struct pf_contract_desk *desk, void **self,
                       struct pf_error *err) {
    *self = NULL;
    return extension->init ? extension->init(&desk->host, self, err) : PF_OK;
}

static void stop(const struct pf_extension *extension, void *self) {
    if (extension->shutdown)
        extension->shutdown(self);
}

static void live(void *arg) {
    struct life *life = arg;
    void *self;
    if (start(life->extension, &life->desk, &self, NULL) == PF_OK)
        stop(life->extension, self);
}

static void hear_fact(void *ctx, const char *key, const char *value) {
    struct life *life = ctx;
    HOLD(life, key && key[0] && value, "a fact has no key or no value");
}

static void check_start(struct life *c) {
    struct pf_error err = PF_ERROR_INIT;
    void *self;
    pf_contract_begin(&c->finding, "init says yes, UNAVAILABLE, or why it fails; shutdown ends what it began");
    pf_mem_fail_from(PF_CONTRACT_NEVER);
    pf_status status = start(c->extension, &c->desk, &self, &err);
    if (status == PF_OK)
        stop(c->extension, self);
    else
        pf_contract_hold_told(&c->finding, "init", status, &err);
    int64_t left = pf_mem_live();
    pf_mem_fail_from(0);
    HOLD(c, left == 0, "%lld blocks of memory are left", (long long)left);
    pf_contract_end(&c->finding);
}

static void check_lives(struct life *c) {
    void *first, *second;
    pf_contract_begin(&c->finding, "two forges may have it at the same time, and one after the other");
    for (int turn = 0; turn < 2; turn++) {
        pf_status one = start(c->extension, &c->desk, &first, NULL);
        pf_status two = start(c->extension, &c->desk, &second, NULL);
        HOLD(c, one == two, "init answers %s, then %s", pf_contract_code(one), pf_contract_code(two));
        if (one == PF_OK)
            stop(c->extension, first);
        if (two == PF_OK)
            stop(c->extension, second);
    }
    pf_contract_end(&c->finding);
}

static void check_old_host(struct life *c) {
    struct life old = {.extension = c->extension};
    pf_contract_begin(&c->finding, "an older host is enough for init");
    open_desk(&old.desk, true);
    live(&old);
    pf_contract_end(&c->finding);
}

static void check_life_memory(struct life *c) {
    pf_contract_begin(&c->finding, "lack of memory is told by init and leaves nothing");
    for (int64_t n = 1; n < 1000 && c->finding.kept; n++) {
        struct pf_error err = PF_ERROR_INIT;
        void *self;
        pf_mem_fail_from(n);
        pf_status status = start(c->extension, &c->desk, &self, &err);
        bool more = pf_mem_count() >= n;
        if (status == PF_OK)
            stop(c->extension, self);
        int64_t left = pf_mem_live();
        pf_mem_fail_from(0);
        HOLD(c, left == 0, "request %lld fails, %lld blocks of memory are left", (long long)n, (long long)left);
        if (!more)
            break;
        HOLD(c, status != PF_INTERNAL, "request %lld fails, init answers INTERNAL", (long long)n);
    }
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "init and shutdown give back all their memory");
    int64_t grown = pf_contract_growth(live, c);
    HOLD(c, grown == 0, "the heap grows with every start, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c->finding);
}

static void check_facts(struct life *c) {
    struct pf_error err = PF_ERROR_INIT;
    if (!c->extension->facts)
        return;
    pf_contract_begin(&c->finding, "facts are told also where init said no: self may be NULL");
    pf_status status = c->extension->facts(NULL, hear_fact, c, &err);
    if (status != PF_OK)
        pf_contract_hold_told(&c->finding, "facts", status, &err);
    pf_contract_end(&c->finding);
}

static int64_t check_life(const struct pf_extension *extension, const struct pf_contract *contract) {
    struct life life = {.extension = extension, .finding = {.contract = contract}};
    open_desk(&life.desk, false);
    check_start(&life);
    check_lives(&life);
    check_old_host(&life);
    check_life_memory(&life);
    check_facts(&life);
    return life.finding.broken;
}

/* ---- the features, one after the other ---- */

struct walk {
    const struct pf_contract_subject *subject;
    const struct pf_contract *contract;
    size_t from, index;
    int64_t broken;
    struct pf_contract_desk desk; /* init's, as long as the extension lives */
    void *self;
    pf_status ready; /* what init answered */
    struct pf_error why;
};

static bool enter(struct walk *w, const char *kind, const char *name, const char *with) {
    char text[300];
    if (w->index++ < w->from)
        return false;
    snprintf(text, sizeof text, "%s %s%s%s", kind, name, with ? ", " : "", with ? with : "");
    if (w->contract->feature)
        w->contract->feature(w->contract->ctx, text);
    return true;
}

static void leave_out(struct walk *w, const char *why) {
    if (w->contract->untried)
        w->contract->untried(w->contract->ctx, why);
}

/* The feature needs an extension that has started. */
static bool may_try(struct walk *w) {
    if (w->ready == PF_OK)
        return true;
    leave_out(w, w->why.message[0] ? w->why.message : "init says no");
    return false;
}

static bool reads(const struct pf_reader *reader, const char *name) {
    struct pf_text suffix = pf_path_suffix(name);
    bool any = false;
    for (const char *const *s = reader->suffixes; s && *s; s++) {
        any = true;
        if (pf_text_same_nocase(suffix, pf_text_of(*s)))
            return true;
    }
    return !any;
}

static void try_reader(struct walk *w, const struct pf_reader *reader) {
    bool found = false;
    for (size_t i = 0; i < w->subject->input_count; i++) {
        const struct pf_contract_input *input = &w->subject->inputs[i];
        if (!reads(reader, input->name))
            continue;
        found = true;
        if (enter(w, "reader", reader->name, input->name) && may_try(w))
            w->broken += pf_contract_reader(reader, input, w->contract);
    }
    if (!found && enter(w, "reader", reader->name, NULL))
        leave_out(w, "there is no file to read: give one with its suffix behind the library");
}

static void try_writer(struct walk *w, const struct pf_writer *writer) {
    if (!enter(w, "writer", writer->name, NULL) || !may_try(w))
        return;
    if (writer->needs & (PF_NEEDS_DIRECTORY | PF_NEEDS_INNER_WRITER))
        leave_out(w, "it writes folders, or through another writer: that cannot be tried here");
    else
        w->broken += pf_contract_writer(writer, &pf_contract_some_rows, w->contract);
}

static void try_store(struct walk *w, const struct pf_store *store) {
    bool found = false;
    for (const char *const *at = w->subject->locations; at && *at; at++)
        for (const char *const *prefix = store->prefixes; prefix && *prefix; prefix++) {
            if (strncmp(*at, *prefix, strlen(*prefix)) != 0)
                continue;
            found = true;
            if (enter(w, "store", store->name, *at) && may_try(w))
                w->broken += pf_contract_store(store, *at, w->contract);
            break;
        }
    if (!found && enter(w, "store", store->name, NULL))
        leave_out(w, "there is no place to write to: give a folder of the store behind the library");
}

static void try_engine(struct walk *w, const struct pf_engine *engine) {
    for (size_t i = 0; i < w->subject->input_count; i++)
        if (enter(w, "engine", engine->name, w->subject->inputs[i].name) && may_try(w))
            w->broken +=
                pf_contract_engine(engine, w->subject->inputs[i].name, w->subject->scratch, w->contract);
    if (!w->subject->input_count && enter(w, "engine", engine->name, NULL) && may_try(w))
        leave_out(w, "there is no file for it: give one that it takes behind the library");
}

static void try_features(struct walk *w) {
    const struct pf_extension *it = w->subject->extension;
    for (const struct pf_reader *const *reader = it->readers; reader && *reader; reader++)
        try_reader(w, *reader);
    for (const struct pf_writer *const *writer = it->writers; writer && *writer; writer++)
        try_writer(w, *writer);
    for (const struct pf_store *const *store = it->stores; store && *store; store++)
        try_store(w, *store);
    for (const struct pf_engine *const *engine = it->engines; engine && *engine; engine++)
        try_engine(w, *engine);
    for (const struct pf_command *const *command = it->commands; command && *command; command++)
        if (enter(w, "command", (*command)->name, NULL))
            w->broken += pf_contract_command(*command, w->self, w->contract);
    if (it->hooks && enter(w, "hooks", it->name, NULL) && may_try(w))
        w->broken += pf_contract_hooks(it->hooks, w->self, w->contract);
}

int64_t pf_contract_extension(const struct pf_contract_subject *subject, size_t from,
                              const struct pf_contract *contract) {
    struct walk w = {.subject = subject, .contract = contract, .from = from, .why = PF_ERROR_INIT};
    if (enter(&w, "extension", subject->extension->name, subject->extension->version))
        w.broken += check_life(subject->extension, contract);
    open_desk(&w.desk, false);
    w.ready = start(subject->extension, &w.desk, &w.self, &w.why);
    try_features(&w);
    if (w.ready == PF_OK)
        stop(subject->extension, w.self);
    return w.broken;
}
