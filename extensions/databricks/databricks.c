/* databricks.c — room extensions/databricks. The Databricks extension: its descriptor and hooks.
 * SPDX-License-Identifier: MIT
 * Knows: what the extension offers, what a job on Databricks is asked before it begins.
 * Knows not: how any of it is done.
 *
 *   pyforge convert big.csv /Volumes/main/raw/in/big.parquet      on Databricks
 *   pyforge databricks env-info [--json]                          everywhere
 *   pyforge databricks list-volumes [PATH]
 *   pyforge databricks validate-volume PATH [--write]
 *
 * Built from this folder and include/pyforge/extension.h alone; links nothing of pyforge. */
#include <string.h>

#include "dbx_commands.h"
#include "dbx_disk.h"
#include "dbx_facts.h"
#include "dbx_fail.h"
#include "dbx_reach.h"
#include "dbx_volume.h"

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);

/* ---- before a job ------------------------------------------------------------------------------------ */

static pf_status refuse_relative(const char *output, struct pf_error *err) {
    char here[PF_DBX_PATH_ROOM];
    if (pf_dbx_disk_here(here, sizeof here))
        here[0] = 0;
    return pf_dbx_fail(
        err, PF_ARGUMENT,
        "the output '%.120s' is a relative path, and the working folder is on a disk that goes with the "
        "cluster; give a path in /Volumes, or '%.120s/%.60s' if that is meant",
        output, strcmp(here, "/") == 0 ? "" : here, output);
}

static pf_status check_temporaries(const char *folder, struct pf_error *err) {
    struct pf_dbx_place place;
    if (!folder || folder[0] != '/' || pf_dbx_place_parse(folder, &place, NULL) != PF_OK ||
        (place.kind != PF_DBX_IN_VOLUMES && place.kind != PF_DBX_IN_DBFS))
        return PF_OK;
    return pf_dbx_fail(
        err, PF_ARGUMENT,
        "--temp-dir '%.160s' is on a mount where temporary files cannot be kept; give a folder of local "
        "disk, like /local_disk0/tmp",
        folder);
}

/* What would fail after the work is found out before it. */
static pf_status check_output(struct pf_host *host, const char *output, struct pf_error *err) {
    struct pf_dbx_place place;
    struct pf_dbx_disk_facts found;
    bool folder_like = output[strlen(output) - 1] == '/';
    pf_status status = pf_dbx_reach(host, output, folder_like ? PF_DBX_VOLUME : PF_DBX_ENTRY, &place, err);
    if (status != PF_OK)
        return status;
    if (place.kind != PF_DBX_IN_VOLUMES && place.kind != PF_DBX_IN_DBFS)
        return PF_OK;
    if (!folder_like && !host->job_get(host, "force") && pf_dbx_disk_facts(place.local, &found) == 0 &&
        !found.directory)
        return pf_dbx_fail(err, PF_EXISTS, "the output '%.160s' already exists; give --force to replace it",
                           place.local);
    return pf_dbx_try_write(&place, err);
}

static pf_status before_job(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    const char *output = host->job_get(host, "output");
    pf_status status = check_temporaries(host->job_get(host, "temp-dir"), err);
    if (status != PF_OK || !output || !output[0] || strcmp(output, "-") == 0)
        return status;
    const char *colon = strchr(output, ':'), *slash = strchr(output, '/');
    if (output[0] != '/' && !(colon && slash && colon < slash))
        return refuse_relative(output, err);
    return check_output(host, output, err);
}

/* ---- the descriptor ---------------------------------------------------------------------------------- */

static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    struct pf_dbx_facts facts;
    *self = NULL;
    pf_dbx_facts_get(host, &facts);
    if (pf_dbx_facts_say(&facts, PF_DBX_FACT_DATABRICKS, "yes"))
        return PF_OK;
    return pf_dbx_fail(err, PF_UNAVAILABLE,
                       "this is not compute of Databricks: %s; its volumes can be used there, its commands "
                       "everywhere",
                       facts.at[PF_DBX_FACT_DATABRICKS].evidence);
}

static pf_status tell_facts(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx,
                            struct pf_error *err) {
    struct pf_dbx_facts facts;
    pf_dbx_facts_get(NULL, &facts);
    for (int i = 0; i < PF_DBX_FACTS; i++)
        if (facts.at[i].confidence != PF_DBX_UNKNOWN)
            emit(ctx, facts.at[i].key, facts.at[i].value);
    return PF_OK;
}

static const struct pf_store *const stores[] = {&pf_dbx_store, NULL};
static const struct pf_hooks hooks = {
    .struct_size = sizeof hooks,
    .rank = PF_RANK_SECONDARY,
    .pre = before_job,
};

static const struct pf_extension extension = {
    .struct_size = sizeof extension,
    .abi_minor = 0,
    .name = "databricks",
    .version = "1.0.0",
    .summary = "volumes as a store; where a process runs",
    .license = "MIT",
    .watch_env = pf_dbx_variables,
    .stores = stores,
    .commands = pf_dbx_commands,
    .hooks = &hooks,
    .init = init,
    .facts = tell_facts,
};

const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
