/* dbx_facts.h — where this process runs, told by variables and marker files.   SPDX-License-Identifier: MIT
 *
 * No network, no process, no secret: variables that hold tokens are never read, and of SPARK_REMOTE, which may hold
 * one, only the beginning is looked at. Every answer comes with what it rests on and how much that says. */
#ifndef PF_DBX_FACTS_H
#define PF_DBX_FACTS_H
#include "dbx_runtime.h"
#include "pyforge/extension.h"

#define PF_DBX_UNKNOWN 0
#define PF_DBX_GUESS   1
#define PF_DBX_LIKELY  2
#define PF_DBX_CERTAIN 3
const char *pf_dbx_confidence(int32_t confidence); /* "certain". Static. */

/* key, name in the program. The values are listed in docs/databricks.md. */
#define PF_DBX_FACT_LIST(X)                                                                                    \
    X(DATABRICKS, "databricks")                                                                                \
    X(WHERE, "where")                                                                                          \
    X(COMPUTE, "compute")                                                                                      \
    X(CLUSTER, "cluster")                                                                                      \
    X(NODES, "nodes")                                                                                          \
    X(ACCESS, "access-mode")                                                                                   \
    X(SESSION, "session")                                                                                      \
    X(RUNTIME, "runtime")                                                                                      \
    X(VERSION, "runtime-version")                                                                              \
    X(ENVIRONMENT, "environment-version")                                                                      \
    X(LTS, "lts")                                                                                              \
    X(SPARK, "spark-version")                                                                                  \
    X(PYTHON, "python-version")                                                                                \
    X(DELTA, "delta-version")                                                                                  \
    X(SCALA, "scala-version")                                                                                  \
    X(JAVA, "java-version")                                                                                    \
    X(CONNECT, "spark-connect")                                                                                \
    X(VOLUMES, "volumes")                                                                                      \
    X(DBFS, "dbfs")                                                                                            \
    X(SCRATCH, "scratch")
#define PF_DBX_FACT_ENUM_(name, key) PF_DBX_FACT_##name,
enum { PF_DBX_FACT_LIST(PF_DBX_FACT_ENUM_) PF_DBX_FACTS };
#undef PF_DBX_FACT_ENUM_

struct pf_dbx_fact {
    const char *key; /* static */
    int32_t confidence;
    char value[60];     /* "unknown" with confidence UNKNOWN */
    char evidence[128]; /* a sentence without full stop */
};
struct pf_dbx_facts {
    struct pf_dbx_fact at[PF_DBX_FACTS];
    struct pf_dbx_runtime runtime;
};
/* Looks anew. */
void pf_dbx_facts_detect(struct pf_dbx_facts *out);
/* What a version text alone says, wherever this runs. */
void pf_dbx_facts_of_version(const char *version, struct pf_dbx_facts *out);
/* As detect, kept for five minutes and until a variable or marker file that matters changes; any thread. Then what the
 * host knows of the session (docs/databricks.md lists the keys) is laid over it; host may be NULL. */
void pf_dbx_facts_get(struct pf_host *host, struct pf_dbx_facts *out);
void pf_dbx_facts_forget(void);
bool pf_dbx_facts_say(const struct pf_dbx_facts *facts, int which, const char *value); /* is that its value? */
/* The variables that are read, NULL-ended. */
extern const char *const pf_dbx_variables[];
#endif
