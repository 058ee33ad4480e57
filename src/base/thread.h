/* thread.h — thread, mutex, condition, once: the only pthread include is in thread.c's header part here.
 * SPDX-License-Identifier: MIT */
#ifndef PF_THREAD_H
#define PF_THREAD_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "pyforge/status.h"

typedef struct {
    pthread_mutex_t os;
} pf_mutex;
typedef struct {
    pthread_cond_t os;
} pf_condition;
typedef struct {
    pthread_t os;
} pf_thread;
#define PF_MUTEX_INIT                                                                                          \
    { PTHREAD_MUTEX_INITIALIZER }

pf_status pf_mutex_init(pf_mutex *mutex, struct pf_error *err);
void pf_mutex_clear(pf_mutex *mutex);
void pf_mutex_lock(pf_mutex *mutex);
void pf_mutex_unlock(pf_mutex *mutex);
pf_status pf_condition_init(pf_condition *condition, struct pf_error *err);
void pf_condition_clear(pf_condition *condition);
void pf_condition_wait(pf_condition *condition, pf_mutex *mutex);
/* false when wait_ms passed first. */
bool pf_condition_wait_ms(pf_condition *condition, pf_mutex *mutex, int wait_ms);
void pf_condition_signal(pf_condition *condition);
void pf_condition_broadcast(pf_condition *condition);
/* All signals are blocked in the new thread, but those of its own faults. */
pf_status pf_thread_start(pf_thread *thread, void (*run)(void *arg), void *arg, struct pf_error *err);
void pf_thread_join(pf_thread *thread);
void pf_thread_leave(pf_thread *thread); /* nobody will join it */
pf_thread pf_thread_self(void);
bool pf_thread_same(pf_thread a, pf_thread b);
/* The cores that the control groups named in a file like /proc/self/cgroup allow, looked up below mount;
 * PF_CEIL_THREADS when they say nothing. pf_thread_cores asks it about the real ones. */
int pf_thread_quota(const char *groups, const char *mount);
int pf_thread_cores(void); /* what this process may use: affinity and cgroup quota; at least 1 */
#endif
