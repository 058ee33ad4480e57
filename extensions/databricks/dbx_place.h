/* dbx_place.h — spellings of places on Databricks, made one.                   SPDX-License-Identifier: MIT
 *
 *   /Volumes/<catalog>/<schema>/<volume>/<path>    also dbfs:/Volumes/…, /dbfs/Volumes/…, file:/Volumes/…
 *   dbfs:/<path>, /dbfs/<path>                     the DBFS root, mounted at /dbfs on some clusters
 *   /Workspace/<path>, file:/<path>, /<path>       workspace files, and the driver's own disk
 *
 * Names of catalogs, schemas and volumes have 1 … 255 characters without period, space, slash and control characters, and
 * fold to lower case (https://docs.databricks.com/sql/language-manual/sql-ref-names); what is below a volume keeps its
 * case. Empty parts and "." go; ".." is refused everywhere. */
#ifndef PF_DBX_PLACE_H
#define PF_DBX_PLACE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/extension.h"

#define PF_DBX_PATH_ROOM 4096 /* a path with its NUL, as the system allows */

#define PF_DBX_IN_VOLUMES   1
#define PF_DBX_IN_DBFS      2
#define PF_DBX_IN_WORKSPACE 3
#define PF_DBX_ON_DISK      4

/* How far a place in /Volumes goes. */
#define PF_DBX_ROOT    0
#define PF_DBX_CATALOG 1
#define PF_DBX_SCHEMA  2
#define PF_DBX_VOLUME  3
#define PF_DBX_ENTRY   4

struct pf_dbx_part {
    uint16_t at; /* in local */
    uint16_t size;
};
struct pf_dbx_place {
    int32_t kind;   /* PF_DBX_IN_* */
    int32_t level;  /* PF_DBX_ROOT … ENTRY; of other kinds ENTRY, or ROOT for their root */
    bool folder;    /* it was written with a slash at its end */
    bool respelled; /* local is not what was given */
    struct pf_dbx_part catalog, schema, volume; /* size 0: not named */
    char local[PF_DBX_PATH_ROOM];               /* as a process on the driver opens it */
};
/* ARGUMENT names the wrong part; UNSUPPORTED for addresses of cloud storage. */
pf_status pf_dbx_place_parse(const char *text, struct pf_dbx_place *out, struct pf_error *err);
/* ARGUMENT with what is missing when the place is in /Volumes and stops before level. */
pf_status pf_dbx_place_need(const struct pf_dbx_place *place, int32_t level, struct pf_error *err);
/* As Spark and dbutils call it: "dbfs:/Volumes/…", "dbfs:/…", "file:/…". false when room is too small. */
bool pf_dbx_place_spark(const struct pf_dbx_place *place, char *out, size_t room);
/* "main.default.raw": as many names as there are, up to level. "" for none. */
void pf_dbx_place_name(const struct pf_dbx_place *place, int32_t level, char *out, size_t room);
#endif
