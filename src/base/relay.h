/* relay.h — blocks fed one after the other, worked on side by side, handed over in order.
 * SPDX-License-Identifier: MIT
 *
 * A task feeds one block, starts the task of the next one, then works on its own. So a source is read one block at a
 * time, blocks are worked on side by side, and what is in flight is bounded by the slots. */
#ifndef PF_RELAY_H
#define PF_RELAY_H
#include "base/pool.h"
#include "base/thread.h"
#include "pyforge/status.h"

struct pf_relay;

/* One block in flight: the first member of the client's own struct. */
struct pf_relay_slot {
    struct pf_task task;
    struct pf_relay *relay;
    bool last;  /* by feed: nothing stands behind it */
    bool empty; /* by feed, with last: nothing stands in it, it is neither worked on nor handed over */
    pf_status status;
    struct pf_error err;
};
struct pf_relay_client {
    void *ctx;
    size_t slot_bytes; /* of the client's own struct; zero before open */
    /* A failed open leaves nothing behind and is not closed. */
    pf_status (*open)(void *ctx, struct pf_relay_slot *slot, struct pf_error *err);
    void (*close)(void *ctx, struct pf_relay_slot *slot);
    /* On any worker, for one slot at a time, in the order of the blocks. */
    pf_status (*feed)(void *ctx, struct pf_relay_slot *slot, struct pf_error *err);
    /* On any worker, for several slots at the same time. */
    pf_status (*work)(void *ctx, struct pf_relay_slot *slot, struct pf_error *err);
};
/* Must not move while open. */
struct pf_relay {
    struct pf_relay_client client;
    struct pf_pool *pool; /* NULL: all is done by whoever asks for the next block */
    uint8_t *slots;
    int64_t slot_count;
    pf_mutex mutex; /* for the rest */
    int64_t started, taken, given_back;
    bool feeding; /* a task will start the next one */
    bool ended;   /* the last block was fed, or something failed: start no more */
    bool open;
};
/* most_slots: blocks in flight, at least 1. */
pf_status pf_relay_open(struct pf_relay *relay, const struct pf_relay_client *client, struct pf_pool *pool,
                        int64_t most_slots, struct pf_error *err);
/* Waits for the next block in order; *slot NULL at the end. Caller's thread, as all that follow. */
pf_status pf_relay_next(struct pf_relay *relay, struct pf_relay_slot **slot, struct pf_error *err);
/* The slot handed over last may be used again. */
void pf_relay_give_back(struct pf_relay *relay);
/* Waits for what is under way; zero is fine. */
void pf_relay_close(struct pf_relay *relay);
#endif
