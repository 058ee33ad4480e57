/* dbx_reach.h — may this process use a place: the runtime, the mount, the grants.  SPDX-License-Identifier: MIT */
#ifndef PF_DBX_REACH_H
#define PF_DBX_REACH_H
#include "dbx_facts.h"
#include "dbx_place.h"

/* Reads location, which has to go as far as level, and refuses what this runtime has not: volumes before 13.3 (a file written
 * there is lost with the cluster), DBFS where it is not mounted. ARGUMENT or UNSUPPORTED with what to do. */
pf_status pf_dbx_reach(struct pf_host *host, const char *location, int32_t level, struct pf_dbx_place *out,
                       struct pf_error *err);
/* The same for a place that is read already. */
pf_status pf_dbx_reach_place(const struct pf_dbx_place *place, const struct pf_dbx_facts *facts,
                             struct pf_error *err);

/* An error of the mount; what looks like a missing grant names those that the work needs. */
pf_status pf_dbx_fail_place(struct pf_error *err, int number, const char *verb,
                            const struct pf_dbx_place *place, bool writes);
/* "USE CATALOG on 'main', USE SCHEMA on 'main.raw' and READ VOLUME on 'main.raw.in'". */
void pf_dbx_grants(const struct pf_dbx_place *place, bool writes, char *out, size_t room);

/* Proved by attempting: reads one entry of a folder or one byte of a file. */
pf_status pf_dbx_try_read(const struct pf_dbx_place *place, struct pf_error *err);
/* Writes, closes and removes a file of one byte, "_pyforge-probe-…", in the place or the nearest folder above it that is
 * there. Names that begin so are passed over by Spark's readers. */
pf_status pf_dbx_try_write(const struct pf_dbx_place *place, struct pf_error *err);
#endif
