/* dbx_facts.c — room extensions/databricks. Where this process runs, told by variables and marker files.
 * SPDX-License-Identifier: MIT
 * Knows: which variable and which file says what, and how much; how long an answer holds.
 * Knows not: Spark sessions (the host answers for them), the network, secrets. */
#include "dbx_facts.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dbx_disk.h"
#include "dbx_fail.h"
#include "dbx_world.h"

#define HOLDS_MS     ((int64_t)5 * 60 * 1000)
#define CLASSIC_FROM 7  /* runtimes below ended before pyforge was; serverless environments count from 1 */
#define PREFIX_SEEN  24 /* of values that may hold secrets further on */

const char *const pf_dbx_variables[] = {
    "DATABRICKS_RUNTIME_VERSION",
    "DATABRICKS_ENV_VERSION",
    "IS_SERVERLESS",
    "DB_INSTANCE_TYPE",
    "DB_IS_JOB_CLUSTER",
    "DB_SESSION_UUID",
    "POD_NAME",
    "SPARK_REMOTE",
    "SPARK_CONNECT_MODE_ENABLED",
    "PYTHON_WORKER_FACTORY_PORT",
    "VIRTUAL_ENV",
    "DATABRICKS_HOST",
    "DATABRICKS_CLUSTER_ID",
    "DATABRICKS_SERVERLESS_COMPUTE_ID",
    "DATABRICKS_APP_NAME",
    "DATABRICKS_CLI_PATH",
    "IS_IN_DATABRICKS_MODEL_SERVING_ENV",
    "IS_IN_DB_MODEL_SERVING_ENV",
    NULL,
};
static const char *const markers[] = {"/databricks", "/databricks/DBR_VERSION", "/local_disk0", "/Volumes",
                                      "/dbfs"};

const char *pf_dbx_confidence(int32_t confidence) {
    static const char *const words[] = {"unknown", "guess", "likely", "certain"};
    return words[confidence];
}

/* ---- signals: everything that is looked at, once ------------------------------------------------------- */

struct signals {
    const char *version;      /* DATABRICKS_RUNTIME_VERSION */
    char image[64];           /* the first line of /databricks/DBR_VERSION; "" when there is none */
    bool databricks_folder;   /* /databricks */
    bool local_disk;          /* /local_disk0 */
    bool is_serverless;       /* IS_SERVERLESS */
    bool serverless_instance; /* DB_INSTANCE_TYPE */
    bool driver_pod;          /* POD_NAME */
    bool connect_socket;      /* SPARK_REMOTE leads to the socket that only this platform has */
    bool client;              /* set up as a Databricks Connect client */
    bool app;
    bool serving;
    bool volumes_mount, dbfs_folder, dbfs_mount;
};

static bool begins(const char *text, const char *with) {
    return text && strncmp(text, with, strlen(with)) == 0;
}

static bool is_true(const char *name) {
    const char *value = pf_dbx_variable(name);
    if (!value)
        return false;
    bool word = (value[0] | 0x20) == 't' && (value[1] | 0x20) == 'r' && (value[2] | 0x20) == 'u' &&
                (value[3] | 0x20) == 'e' && !value[4];
    return word || strcmp(value, "1") == 0;
}

static bool is_set(const char *name) { return pf_dbx_variable(name) != NULL; }

static bool is_folder(const char *path) {
    struct pf_dbx_disk_facts facts;
    return pf_dbx_disk_facts(path, &facts) == 0 && facts.directory;
}

static void read_image(char out[64]) {
    struct pf_dbx_disk_facts facts;
    int file;
    size_t got = 0;
    if (pf_dbx_disk_open_read("/databricks/DBR_VERSION", &file, &facts) == 0 && facts.regular &&
        pf_dbx_disk_read_at(file, 0, out, 63, &got) != 0)
        got = 0;
    pf_dbx_disk_close(&file);
    out[got] = 0;
    out[strcspn(out, "\r\n")] = 0;
}

static bool is_driver_pod(const char *name) {
    size_t size = name ? strlen(name) : 0;
    return begins(name, "spark-") && size > 7 && strcmp(name + size - 7, "-driver") == 0;
}

static void look(struct signals *out) {
    const char *remote = pf_dbx_variable("SPARK_REMOTE");
    *out = (struct signals){.version = pf_dbx_variable("DATABRICKS_RUNTIME_VERSION")};
    read_image(out->image);
    out->databricks_folder = is_folder("/databricks");
    out->local_disk = is_folder("/local_disk0");
    out->is_serverless = is_true("IS_SERVERLESS");
    out->serverless_instance = begins(pf_dbx_variable("DB_INSTANCE_TYPE"), "serverless_instance_");
    out->driver_pod = is_driver_pod(pf_dbx_variable("POD_NAME"));
    out->connect_socket = begins(remote, "unix:///databricks/");
    out->client = (is_set("DATABRICKS_HOST") || begins(remote, "sc://")) &&
                  (is_set("DATABRICKS_CLUSTER_ID") || is_set("DATABRICKS_SERVERLESS_COMPUTE_ID"));
    out->app = is_set("DATABRICKS_APP_NAME");
    out->serving = is_true("IS_IN_DATABRICKS_MODEL_SERVING_ENV") || is_true("IS_IN_DB_MODEL_SERVING_ENV");
    out->volumes_mount = pf_dbx_disk_is_fuse("/Volumes");
    out->dbfs_folder = is_folder("/dbfs");
    out->dbfs_mount = out->dbfs_folder && pf_dbx_disk_is_fuse("/dbfs");
}

/* ---- answers ----------------------------------------------------------------------------------------- */

static void answer(struct pf_dbx_facts *facts, int which, int32_t confidence, const char *value,
                   const char *evidence, ...) __attribute__((format(printf, 5, 6)));
static void answer(struct pf_dbx_facts *facts, int which, int32_t confidence, const char *value,
                   const char *evidence, ...) {
    struct pf_dbx_fact *fact = &facts->at[which];
    va_list args;
    fact->confidence = confidence;
    snprintf(fact->value, sizeof fact->value, "%s", value);
    pf_dbx_make_presentable(fact->value); /* it comes from outside */
    va_start(args, evidence);
    vsnprintf(fact->evidence, sizeof fact->evidence, evidence, args);
    va_end(args);
}

bool pf_dbx_facts_say(const struct pf_dbx_facts *facts, int which, const char *value) {
    return strcmp(facts->at[which].value, value) == 0;
}

static void begin_unknown(struct pf_dbx_facts *facts) {
#define PF_DBX_FACT_KEY_(name, key) key,
    static const char *const keys[] = {PF_DBX_FACT_LIST(PF_DBX_FACT_KEY_)};
#undef PF_DBX_FACT_KEY_
    *facts = (struct pf_dbx_facts){0};
    pf_dbx_runtime_parse(NULL, &facts->runtime);
    for (int i = 0; i < PF_DBX_FACTS; i++) {
        facts->at[i].key = keys[i];
        answer(facts, i, PF_DBX_UNKNOWN, "unknown", "nothing that is looked at says it");
    }
}

/* Is this compute of Databricks? The order is that of what is hardest to have by chance. */
static void tell_databricks(const struct signals *see, struct pf_dbx_facts *out) {
    const int which = PF_DBX_FACT_DATABRICKS;
    bool beside = see->databricks_folder || see->local_disk;
    bool serverless = see->is_serverless && (see->serverless_instance || see->connect_socket);
    struct pf_dbx_runtime runtime;
    if (see->serving) {
        answer(out, which, PF_DBX_CERTAIN, "no", "a variable of model serving is set, which has no mounts");
    } else if (see->version) {
        bool readable = pf_dbx_runtime_parse(see->version, &runtime);
        bool confirmed = beside || see->image[0] || serverless || see->serverless_instance;
        answer(out, which, !confirmed ? (readable ? PF_DBX_LIKELY : PF_DBX_GUESS) : PF_DBX_CERTAIN, "yes",
               "DATABRICKS_RUNTIME_VERSION is set%s",
               confirmed ? ", and more of the platform is here" : ", but nothing else of the platform is here");
    } else if (see->app) {
        answer(out, which, PF_DBX_CERTAIN, "no",
               "DATABRICKS_APP_NAME is set: an app has no runtime, no mounts");
    } else if (see->image[0]) {
        answer(out, which, see->local_disk ? PF_DBX_CERTAIN : PF_DBX_LIKELY, "yes",
               "/databricks/DBR_VERSION is there%s", see->local_disk ? ", and /local_disk0" : "");
    } else if (serverless) {
        answer(out, which, PF_DBX_LIKELY, "yes",
               "IS_SERVERLESS is set, and another variable of serverless compute");
    } else if (see->connect_socket && see->databricks_folder) {
        answer(out, which, PF_DBX_LIKELY, "yes", "SPARK_REMOTE leads to /databricks/…, which is there");
    } else if (see->local_disk && see->databricks_folder) {
        answer(out, which, PF_DBX_GUESS, "yes", "/databricks and /local_disk0 are there, but no version");
    } else if (see->databricks_folder) {
        answer(out, which, PF_DBX_LIKELY, "no", "/databricks is there, as in container images, but no version");
    } else {
        answer(out, which, PF_DBX_CERTAIN, "no", "no runtime version in variables or files");
    }
}

static void tell_where(const struct signals *see, struct pf_dbx_facts *out) {
    const int which = PF_DBX_FACT_WHERE;
    if (pf_dbx_facts_say(out, PF_DBX_FACT_DATABRICKS, "yes"))
        answer(out, which, out->at[PF_DBX_FACT_DATABRICKS].confidence, "compute", "see databricks");
    else if (see->serving)
        answer(out, which, PF_DBX_CERTAIN, "model-serving", "a variable of model serving is set");
    else if (see->app)
        answer(out, which, PF_DBX_CERTAIN, "app", "DATABRICKS_APP_NAME is set");
    else if (see->client)
        answer(out, which, PF_DBX_LIKELY, "connect-client",
               "variables name a workspace and its compute, as for Databricks Connect");
    else if (see->databricks_folder)
        answer(out, which, PF_DBX_GUESS, "container", "/databricks is there, and nothing else");
    else
        answer(out, which, PF_DBX_CERTAIN, "elsewhere", "see databricks");
}

static void tell_runtime(const struct signals *see, struct pf_dbx_facts *out) {
    const char *text = see->version ? see->version : see->image[0] ? see->image : NULL;
    const char *from = see->version ? "DATABRICKS_RUNTIME_VERSION" : "/databricks/DBR_VERSION";
    if (!text)
        return;
    bool readable = pf_dbx_runtime_parse(text, &out->runtime);
    answer(out, PF_DBX_FACT_RUNTIME, PF_DBX_CERTAIN, text, "%s", from);
    if (!readable)
        answer(out, PF_DBX_FACT_VERSION, PF_DBX_UNKNOWN, "unknown", "%s begins with no version", from);
}

/* "1.13" may be a runtime of before 2016, or a serverless environment of which somebody cut the "client." off. */
static bool is_ambiguous(const struct pf_dbx_runtime *runtime) {
    return runtime->kind == PF_DBX_CLASSIC && runtime->major < CLASSIC_FROM && !runtime->scala[0];
}

/* sure: of the number being that of this machine's runtime. */
static void tell_compute(const struct signals *see, bool sure, struct pf_dbx_facts *out) {
    const int which = PF_DBX_FACT_COMPUTE;
    int32_t kind = out->runtime.kind;
    if (kind == PF_DBX_SERVERLESS)
        answer(out, which, PF_DBX_CERTAIN, "serverless", "the runtime version says so");
    else if (see->is_serverless)
        answer(out, which, see->serverless_instance ? PF_DBX_CERTAIN : PF_DBX_LIKELY, "serverless",
               "IS_SERVERLESS is set%s", see->serverless_instance ? ", and DB_INSTANCE_TYPE says so" : "");
    else if (see->serverless_instance)
        answer(out, which, PF_DBX_LIKELY, "serverless", "DB_INSTANCE_TYPE begins with serverless_instance_");
    else if (kind == PF_DBX_CLASSIC && is_ambiguous(&out->runtime))
        answer(out, which, PF_DBX_GUESS, "classic",
               "the runtime version is a number, but as small as those of serverless environments");
    else if (kind == PF_DBX_CLASSIC)
        answer(out, which, see->driver_pod || !sure ? PF_DBX_LIKELY : PF_DBX_CERTAIN, "classic",
               "the runtime version is a number");
}

static bool is_serverless(const struct pf_dbx_facts *facts) {
    return pf_dbx_facts_say(facts, PF_DBX_FACT_COMPUTE, "serverless");
}

static void tell_environment(const char *hint, struct pf_dbx_facts *out) {
    const char *from = "the runtime version";
    struct pf_dbx_runtime *runtime = &out->runtime;
    char number[12];
    if (is_serverless(out) && !runtime->environment && hint) {
        const char *digits = hint + (hint[0] == 'v');
        if (digits[0] >= '1' && digits[0] <= '9' && (!digits[1] || digits[1] == '.'))
            runtime->environment = digits[0] - '0', from = "DATABRICKS_ENV_VERSION";
        pf_dbx_runtime_know_environment(runtime);
    }
    if (!runtime->environment)
        return;
    snprintf(number, sizeof number, "%d", (int)runtime->environment);
    answer(out, PF_DBX_FACT_ENVIRONMENT, runtime->kind ? PF_DBX_CERTAIN : PF_DBX_LIKELY, number, "%s", from);
}

static void tell_version(struct pf_dbx_facts *out) {
    const struct pf_dbx_runtime *runtime = &out->runtime;
    char text[40];
    if (!runtime->major)
        return;
    int size = snprintf(text, sizeof text, "%d", (int)runtime->major);
    if (runtime->minor >= 0)
        size += snprintf(text + size, sizeof text - (size_t)size, ".%d", (int)runtime->minor);
    if (runtime->patch >= 0)
        snprintf(text + size, sizeof text - (size_t)size, ".%d", (int)runtime->patch);
    if (runtime->environment)
        answer(out, PF_DBX_FACT_VERSION, PF_DBX_LIKELY, text,
               "serverless environment %d has the libraries of this runtime", (int)runtime->environment);
    else
        answer(out, PF_DBX_FACT_VERSION, PF_DBX_CERTAIN, text, "see runtime");
}

static void tell_contents(struct pf_dbx_facts *out) {
    const struct pf_dbx_contents *contents = pf_dbx_runtime_contents(&out->runtime);
    bool serverless = is_serverless(out);
    if (out->runtime.scala[0])
        answer(out, PF_DBX_FACT_SCALA, PF_DBX_CERTAIN, out->runtime.scala, "the runtime version names it");
    if (!contents)
        return;
    int32_t notes = contents->recalled ? PF_DBX_LIKELY : PF_DBX_CERTAIN;
    const char *from = contents->recalled ? "releases near this one" : "release notes of this version";
    if (contents->spark)
        answer(out, PF_DBX_FACT_SPARK, serverless ? PF_DBX_LIKELY : PF_DBX_CERTAIN, contents->spark, "%s",
               serverless ? "the client's libraries; the engine may be newer"
                          : "release notes of this version");
    if (contents->python)
        answer(out, PF_DBX_FACT_PYTHON, notes, contents->python, "%s", from);
    if (contents->delta)
        answer(out, PF_DBX_FACT_DELTA, notes, contents->delta, "%s", from);
    if (contents->scala && !out->runtime.scala[0])
        answer(out, PF_DBX_FACT_SCALA, notes, contents->scala, "%s", from);
    if (contents->java)
        answer(out, PF_DBX_FACT_JAVA, notes, contents->java, "%s", from);
    if (!serverless)
        answer(out, PF_DBX_FACT_LTS, PF_DBX_CERTAIN, contents->lts ? "yes" : "no", "release notes");
}

static void tell_cluster(const struct signals *see, struct pf_dbx_facts *out) {
    if (is_serverless(out)) {
        answer(out, PF_DBX_FACT_ACCESS, PF_DBX_CERTAIN, "serverless", "see compute");
        answer(out, PF_DBX_FACT_CONNECT, PF_DBX_CERTAIN, "yes", "serverless compute offers nothing else");
        return;
    }
    if (is_set("DB_IS_JOB_CLUSTER"))
        answer(out, PF_DBX_FACT_CLUSTER, PF_DBX_LIKELY, is_true("DB_IS_JOB_CLUSTER") ? "job" : "all-purpose",
               "DB_IS_JOB_CLUSTER");
    if (see->connect_socket) {
        answer(out, PF_DBX_FACT_ACCESS, PF_DBX_LIKELY, "standard",
               "SPARK_REMOTE leads to a socket under /databricks, as on standard clusters");
        answer(out, PF_DBX_FACT_CONNECT, PF_DBX_CERTAIN, "yes", "SPARK_REMOTE");
    } else if (is_true("SPARK_CONNECT_MODE_ENABLED")) {
        answer(out, PF_DBX_FACT_CONNECT, PF_DBX_LIKELY, "yes", "SPARK_CONNECT_MODE_ENABLED");
    }
    if (!see->connect_socket && see->dbfs_mount)
        answer(out, PF_DBX_FACT_ACCESS, PF_DBX_GUESS, "dedicated",
               "/dbfs is mounted, which standard clusters have not; it may be no-isolation too");
}

static void tell_session(struct pf_dbx_facts *out) {
    const int which = PF_DBX_FACT_SESSION;
    if (is_set("DB_SESSION_UUID"))
        answer(out, which, PF_DBX_LIKELY, "udf", "DB_SESSION_UUID is set, as in the sandbox of functions");
    else if (is_set("PYTHON_WORKER_FACTORY_PORT"))
        answer(out, which, PF_DBX_LIKELY, "executor",
               "PYTHON_WORKER_FACTORY_PORT is set, as in workers of Spark");
    else if (is_set("DATABRICKS_CLI_PATH"))
        answer(out, which, PF_DBX_GUESS, "terminal", "DATABRICKS_CLI_PATH is set, as in terminals");
    else if (begins(pf_dbx_variable("VIRTUAL_ENV"), "/local_disk0/.ephemeral_nfs/envs/pythonEnv-"))
        answer(out, which, PF_DBX_GUESS, "notebook",
               "VIRTUAL_ENV is that of a notebook, which a job may run too");
}

static void tell_volumes(const struct signals *see, struct pf_dbx_facts *out) {
    int32_t reaches = pf_dbx_runtime_reaches(&out->runtime, 13, 3);
    if (is_serverless(out))
        answer(out, PF_DBX_FACT_VOLUMES, PF_DBX_CERTAIN, "yes", "serverless compute has volumes");
    else if (reaches == 0 && !is_ambiguous(&out->runtime))
        answer(out, PF_DBX_FACT_VOLUMES, PF_DBX_CERTAIN, "no", "volumes came with runtime 13.3");
    else if (see->volumes_mount)
        answer(out, PF_DBX_FACT_VOLUMES, PF_DBX_CERTAIN, "yes", "/Volumes is mounted");
    else if (reaches == 1)
        answer(out, PF_DBX_FACT_VOLUMES, PF_DBX_LIKELY, "yes",
               "the runtime has them, where the access mode has Unity Catalog");
}

static void tell_mounts(const struct signals *see, struct pf_dbx_facts *out) {
    tell_volumes(see, out);
    if (is_serverless(out))
        answer(out, PF_DBX_FACT_DBFS, PF_DBX_CERTAIN, "no", "serverless compute does not mount it");
    else if (pf_dbx_facts_say(out, PF_DBX_FACT_ACCESS, "standard"))
        answer(out, PF_DBX_FACT_DBFS, PF_DBX_LIKELY, "no", "standard clusters do not mount it");
    else
        answer(out, PF_DBX_FACT_DBFS, see->dbfs_mount ? PF_DBX_CERTAIN : PF_DBX_LIKELY,
               see->dbfs_folder ? "yes" : "no", "/dbfs is %s",
               see->dbfs_mount    ? "mounted"
               : see->dbfs_folder ? "there"
                                  : "not there");
    if (is_folder("/local_disk0/tmp"))
        answer(out, PF_DBX_FACT_SCRATCH, PF_DBX_CERTAIN, "/local_disk0/tmp", "it is there");
}

void pf_dbx_facts_of_version(const char *version, struct pf_dbx_facts *out) {
    const struct signals see = {.version = version};
    begin_unknown(out);
    answer(out, PF_DBX_FACT_RUNTIME, PF_DBX_CERTAIN, version, "given");
    if (!pf_dbx_runtime_parse(version, &out->runtime))
        answer(out, PF_DBX_FACT_VERSION, PF_DBX_UNKNOWN, "unknown", "the version given begins with none");
    tell_compute(&see, true, out);
    tell_environment(NULL, out);
    tell_version(out);
    tell_contents(out);
    tell_volumes(&see, out);
}

void pf_dbx_facts_detect(struct pf_dbx_facts *out) {
    struct signals see;
    look(&see);
    begin_unknown(out);
    tell_databricks(&see, out);
    tell_where(&see, out);
    if (pf_dbx_facts_say(out, PF_DBX_FACT_DATABRICKS, "no")) {
        answer(out, PF_DBX_FACT_VOLUMES, out->at[PF_DBX_FACT_DATABRICKS].confidence, "no", "see where");
        answer(out, PF_DBX_FACT_DBFS, out->at[PF_DBX_FACT_DATABRICKS].confidence, "no", "see where");
        if (see.client)
            answer(out, PF_DBX_FACT_SESSION, PF_DBX_LIKELY, "connect-client", "see where");
        return;
    }
    tell_runtime(&see, out);
    tell_compute(&see, out->at[PF_DBX_FACT_DATABRICKS].confidence == PF_DBX_CERTAIN, out);
    tell_environment(pf_dbx_variable("DATABRICKS_ENV_VERSION"), out);
    tell_version(out);
    tell_contents(out);
    tell_cluster(&see, out);
    tell_session(out);
    tell_mounts(&see, out);
}

/* ---- what the host knows of the session ---------------------------------------------------------------- */

/* Access modes as the clusters API names them; of several names for one the first that fits. */
static const char *access_mode(const char *given) {
    static const struct {
        const char *given, *mode;
    } modes[] = {{"USER_ISOLATION", "standard"},
                 {"STANDARD", "standard"},
                 {"DATA_SECURITY_MODE_STANDARD", "standard"},
                 {"SINGLE_USER", "dedicated"},
                 {"DEDICATED", "dedicated"},
                 {"DATA_SECURITY_MODE_DEDICATED", "dedicated"},
                 {"NONE", "no-isolation"}};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(given, modes[i].given) == 0)
            return modes[i].mode;
    return begins(given, "LEGACY_") ? "legacy" : given;
}

static void lay_over(struct pf_host *host, struct pf_dbx_facts *facts) {
    static const struct {
        const char *key;
        int which;
    } asked[] = {{"databricks.session", PF_DBX_FACT_SESSION},
                 {"databricks.access-mode", PF_DBX_FACT_ACCESS},
                 {"databricks.cluster", PF_DBX_FACT_CLUSTER},
                 {"databricks.nodes", PF_DBX_FACT_NODES},
                 {"databricks.spark-connect", PF_DBX_FACT_CONNECT}};
    if (!host || !host->ask || !pf_dbx_facts_say(facts, PF_DBX_FACT_DATABRICKS, "yes"))
        return;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const char *value = host->ask(host, asked[i].key);
        if (value && value[0])
            answer(facts, asked[i].which, PF_DBX_CERTAIN,
                   asked[i].which == PF_DBX_FACT_ACCESS ? access_mode(value) : value, "asked as %s",
                   asked[i].key);
    }
    const struct pf_dbx_fact *access = &facts->at[PF_DBX_FACT_ACCESS];
    if (access->confidence == PF_DBX_CERTAIN && strcmp(access->value, "no-isolation") == 0)
        answer(facts, PF_DBX_FACT_VOLUMES, PF_DBX_CERTAIN, "no",
               "clusters without isolation have no Unity Catalog");
}

/* ---- the cache --------------------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    bool valid;
    uint64_t fingerprint;
    int64_t at_ms;
    struct pf_dbx_facts facts;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* FNV-1a. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t take_fingerprint(void) {
    const struct pf_dbx_world *world = pf_dbx_world();
    uint64_t hash = mix(0xcbf29ce484222325u, &world, sizeof(const struct pf_dbx_world *));
    for (const char *const *name = pf_dbx_variables; *name; name++) {
        const char *value = pf_dbx_variable(*name);
        size_t size = value ? strlen(value) : 0;
        bool prefix = strcmp(*name, "SPARK_REMOTE") == 0;
        hash = mix(hash, value ? "=" : "-", 1);
        hash = mix(hash, value, prefix && size > PREFIX_SEEN ? PREFIX_SEEN : size);
    }
    for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++) {
        struct pf_dbx_disk_facts facts;
        int number = pf_dbx_disk_facts(markers[i], &facts);
        hash = mix(hash, number ? "-" : facts.directory ? "/" : "=", 1);
        if (!number && facts.regular) {
            hash = mix(hash, &facts.size_bytes, sizeof facts.size_bytes);
            hash = mix(hash, &facts.modified_ns, sizeof facts.modified_ns);
        }
    }
    return hash;
}

void pf_dbx_facts_get(struct pf_host *host, struct pf_dbx_facts *out) {
    const struct pf_dbx_world *world = pf_dbx_world();
    uint64_t fingerprint = take_fingerprint();
    int64_t now = world->now_ms(world->ctx);
    pthread_mutex_lock(&cache.lock);
    if (!cache.valid || cache.fingerprint != fingerprint || now - cache.at_ms >= HOLDS_MS) {
        pf_dbx_facts_detect(&cache.facts);
        cache.fingerprint = fingerprint;
        cache.at_ms = now;
        cache.valid = true;
    }
    *out = cache.facts;
    pthread_mutex_unlock(&cache.lock);
    lay_over(host, out);
}

void pf_dbx_facts_forget(void) {
    pthread_mutex_lock(&cache.lock);
    cache.valid = false;
    pthread_mutex_unlock(&cache.lock);
}
