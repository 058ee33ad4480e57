/* dbx_reach.c — room extensions/databricks. May this process use a place: the runtime, the mount, the grants.
 * SPDX-License-Identifier: MIT
 * Knows: which runtime has which mount, what a missing grant looks like, which grants work needs.
 * Knows not: what is read or written. */
#include "dbx_reach.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dbx_disk.h"
#include "dbx_fail.h"
#include "dbx_world.h"

#define PROBES_MOST 8 /* names tried for the file that proves writing */

/* ---- the runtime ------------------------------------------------------------------------------------- */

static pf_status fail_volumes(const struct pf_dbx_place *place, const struct pf_dbx_facts *facts,
                              struct pf_error *err) {
    const struct pf_dbx_fact *version = &facts->at[PF_DBX_FACT_VERSION],
                             *access = &facts->at[PF_DBX_FACT_ACCESS];
    if (pf_dbx_facts_say(facts, PF_DBX_FACT_DATABRICKS, "no"))
        return pf_dbx_fail(
            err, PF_UNAVAILABLE,
            "'%.120s' is on a volume, and this is not compute of Databricks (%s); run it there, or "
            "copy the file with 'databricks fs cp'",
            place->local, facts->at[PF_DBX_FACT_WHERE].value);
    if (pf_dbx_facts_say(facts, PF_DBX_FACT_VOLUMES, "unknown"))
        return pf_dbx_fail(
            err, PF_UNSUPPORTED,
            "'%.100s': nothing is mounted at /Volumes and the runtime's version is not readable, so a "
            "file could land on a disk that goes with the cluster; use runtime 13.3 or newer",
            place->local);
    if (strcmp(access->value, "no-isolation") == 0)
        return pf_dbx_fail(
            err, PF_UNSUPPORTED,
            "'%.120s': clusters without isolation have no Unity Catalog and no volumes; use a cluster "
            "in standard or dedicated access mode",
            place->local);
    return pf_dbx_fail(
        err, PF_UNSUPPORTED,
        "'%.100s': runtime %.12s has no volumes, and a file written there would land on a disk that "
        "goes with the cluster; use runtime 13.3 or newer, or a path below /dbfs",
        place->local, version->value);
}

pf_status pf_dbx_reach_place(const struct pf_dbx_place *place, const struct pf_dbx_facts *facts,
                             struct pf_error *err) {
    if (place->kind == PF_DBX_IN_VOLUMES && !pf_dbx_facts_say(facts, PF_DBX_FACT_VOLUMES, "yes"))
        return fail_volumes(place, facts, err);
    if (place->kind == PF_DBX_IN_DBFS && !pf_dbx_facts_say(facts, PF_DBX_FACT_DBFS, "yes"))
        return pf_dbx_fail(err, PF_UNSUPPORTED,
                           "'%.120s': DBFS is not mounted at /dbfs here (%.60s); use a path in /Volumes",
                           place->local, facts->at[PF_DBX_FACT_DBFS].evidence);
    return PF_OK;
}

pf_status pf_dbx_reach(struct pf_host *host, const char *location, int32_t level, struct pf_dbx_place *out,
                       struct pf_error *err) {
    struct pf_dbx_facts facts;
    pf_status status = pf_dbx_place_parse(location, out, err);
    if (status == PF_OK)
        status = pf_dbx_place_need(out, level, err);
    if (status != PF_OK)
        return status;
    pf_dbx_facts_get(host, &facts);
    return pf_dbx_reach_place(out, &facts, err);
}

/* ---- errors ------------------------------------------------------------------------------------------ */

void pf_dbx_grants(const struct pf_dbx_place *place, bool writes, char *out, size_t room) {
    char name[3][80];
    for (int32_t i = 0; i < 3; i++)
        pf_dbx_place_name(place, i + 1, name[i], sizeof name[i]);
    if (place->level >= PF_DBX_VOLUME)
        snprintf(out, room, "USE CATALOG on '%s', USE SCHEMA on '%s' and %s VOLUME on '%s'", name[0], name[1],
                 writes ? "WRITE" : "READ", name[2]);
    else if (place->level == PF_DBX_SCHEMA)
        snprintf(out, room, "USE CATALOG on '%s' and USE SCHEMA on '%s'", name[0], name[1]);
    else
        snprintf(out, room, "USE CATALOG%s%s%s", name[0][0] ? " on '" : "", name[0], name[0][0] ? "'" : "");
}

/* Is it the volume (or what stands above it) that is not there, and not something in it? */
static bool is_volume_missing(const struct pf_dbx_place *place) {
    char volume[PF_DBX_PATH_ROOM];
    struct pf_dbx_disk_facts facts;
    if (place->level < PF_DBX_ENTRY)
        return true;
    size_t size = (size_t)place->volume.at + place->volume.size;
    memcpy(volume, place->local, size);
    volume[size] = 0;
    return pf_dbx_disk_facts(volume, &facts) == ENOENT;
}

pf_status pf_dbx_fail_place(struct pf_error *err, int number, const char *verb,
                            const struct pf_dbx_place *place, bool writes) {
    char grants[200], remedy[240], name[80];
    if (number == ENOTCONN)
        return pf_dbx_fail_disk(err, number, verb, place->local,
                                "the mount is gone; restart the cluster, or detach and attach the notebook");
    if (place->kind != PF_DBX_IN_VOLUMES)
        return pf_dbx_fail_disk(err, number, verb, place->local, NULL);
    if (number == EACCES || number == EPERM) {
        pf_dbx_grants(place, writes, grants, sizeof grants);
        snprintf(remedy, sizeof remedy, "ask for %s", grants);
        return pf_dbx_fail_disk(err, number, verb, place->local, remedy);
    }
    if (number == ENOENT && place->level == PF_DBX_ROOT)
        return pf_dbx_fail(
            err, PF_NOT_FOUND,
            "'/Volumes' is not there: no volume is mounted on this compute; use compute with Unity "
            "Catalog, in standard or dedicated access mode");
    if (number == ENOENT && is_volume_missing(place)) {
        pf_dbx_place_name(place, PF_DBX_VOLUME, name, sizeof name);
        pf_dbx_grants(place, writes, grants, sizeof grants);
        return pf_dbx_fail(err, PF_NOT_FOUND,
                           "there is no '%s', or none that you may see: check the name, and ask for %s", name,
                           grants);
    }
    return pf_dbx_fail_disk(err, number, verb, place->local, NULL);
}

/* ---- proofs ------------------------------------------------------------------------------------------ */

static int32_t stop_at_first(void *ctx, const struct pf_dbx_disk_entry *entry) { return 1; }

pf_status pf_dbx_try_read(const struct pf_dbx_place *place, struct pf_error *err) {
    struct pf_dbx_disk_facts facts;
    int file = PF_DBX_CLOSED, number = pf_dbx_disk_facts(place->local, &facts);
    char byte;
    size_t got;
    if (number == 0 && facts.directory) {
        number = pf_dbx_disk_list(place->local, false, stop_at_first, NULL);
    } else if (number == 0) {
        number = pf_dbx_disk_open_read(place->local, &file, &facts);
        if (number == 0)
            number = pf_dbx_disk_read_at(file, 0, &byte, 1, &got);
        pf_dbx_disk_close(&file);
    }
    return number ? pf_dbx_fail_place(err, number, "read", place, false) : PF_OK;
}

/* Cuts path to the nearest folder that is there, at least size_least long. */
static int find_folder(char *path, size_t size_least) {
    for (;;) {
        struct pf_dbx_disk_facts facts;
        int number = pf_dbx_disk_facts(path, &facts);
        char *slash = strrchr(path, '/');
        if (number == 0 && facts.directory)
            return 0;
        if ((number && number != ENOENT) || !slash || (size_t)(slash - path) < size_least)
            return number ? number : ENOTDIR;
        *slash = 0;
    }
}

/* A name that is free: the clock makes two processes differ, and what is there is kept. */
static int create_probe(char *path, size_t size, int *file) {
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    const struct pf_dbx_world *world = pf_dbx_world();
    uint64_t seed = (uint64_t)world->now_ms(world->ctx) * 0x9E3779B97F4A7C15u ^ (uint64_t)(uintptr_t)&size;
    int number = EEXIST;
    for (int i = 0; i < PROBES_MOST && number == EEXIST; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        memcpy(path + size, "/_pyforge-probe-", 16);
        for (size_t j = 0; j < 10; j++)
            path[size + 16 + j] = digits[seed >> (14 + 5 * j) & 31];
        path[size + 26] = 0;
        number = pf_dbx_disk_create(path, PF_DBX_NEW, file);
    }
    return number;
}

pf_status pf_dbx_try_write(const struct pf_dbx_place *place, struct pf_error *err) {
    char path[PF_DBX_PATH_ROOM + 32];
    size_t least = place->kind == PF_DBX_IN_VOLUMES ? (size_t)place->volume.at + place->volume.size : 1;
    int file = PF_DBX_CLOSED;
    memcpy(path, place->local, strlen(place->local) + 1);
    int number = find_folder(path, least);
    if (number)
        return pf_dbx_fail_place(err, number, "write to", place, true);
    number = create_probe(path, strlen(path), &file);
    if (number)
        return pf_dbx_fail_place(err, number, "write to", place, true);
    number = pf_dbx_disk_write(file, "x", 1);
    int closed = pf_dbx_disk_close(&file), removed = pf_dbx_disk_remove(path);
    number = number ? number : closed ? closed : removed;
    return number ? pf_dbx_fail_place(err, number, "write to", place, true) : PF_OK;
}
