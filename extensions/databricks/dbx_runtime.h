/* dbx_runtime.h — versions of the Databricks Runtime and of serverless environments. SPDX-License-Identifier: MIT
 *
 * Forms seen: "15.4" (a process's variable), "15.4.x-cpu-ml-scala2.12" (keys of the clusters API), "client.5.1" (serverless:
 * environment version and build), "client.14.3.x-scala2.12" (serverless, named by its runtime). Anything behind the numbers
 * is tolerated: it never makes a version unreadable. */
#ifndef PF_DBX_RUNTIME_H
#define PF_DBX_RUNTIME_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PF_DBX_UNREADABLE 0
#define PF_DBX_CLASSIC    1
#define PF_DBX_SERVERLESS 2

struct pf_dbx_runtime {
    int32_t kind; /* PF_DBX_* */
    int32_t
        major; /* of the runtime; of serverless: of the runtime whose libraries its environment has. 0 unknown */
    int32_t minor;       /* −1 unknown ("18.x") */
    int32_t patch;       /* −1 unknown */
    int32_t environment; /* serverless: the environment version, 0 unknown */
    int32_t build;       /* serverless: what follows it, −1 unknown */
    bool ml, gpu, photon;
    char scala[8]; /* "2.12", "" unknown */
};
/* false, and kind UNREADABLE, when text begins with no version. text may be NULL. */
bool pf_dbx_runtime_parse(const char *text, struct pf_dbx_runtime *out);
/* The runtime whose libraries runtime->environment has, where no runtime was named. */
void pf_dbx_runtime_know_environment(struct pf_dbx_runtime *runtime);

/* Which one is older? *order < 0: a, > 0: b, 0: the same as far as both say. false: they cannot be compared. */
bool pf_dbx_runtime_compare(const struct pf_dbx_runtime *a, const struct pf_dbx_runtime *b, int *order);

/* 1 yes, 0 no, −1 not known: is the runtime at least major.minor? */
int32_t pf_dbx_runtime_reaches(const struct pf_dbx_runtime *runtime, int32_t major, int32_t minor);

/* What a runtime holds. Static; a field is NULL where nothing is known. */
struct pf_dbx_contents {
    const char *spark;
    const char *python;
    const char *delta;
    const char *scala; /* NULL too where there are builds for several */
    const char *java;
    bool lts;
    bool recalled; /* Python and Delta are not from published notes of this release */
};
/* NULL: no runtime that is known. */
const struct pf_dbx_contents *pf_dbx_runtime_contents(const struct pf_dbx_runtime *runtime);
#endif
