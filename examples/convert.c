/* convert.c — example. One file to Parquet by the library.                      SPDX-License-Identifier: MIT
 * Build: cc convert.c $(pkg-config --cflags --libs pyforge) -o convert
 * Usage: convert INPUT OUTPUT */
#include <pyforge/pyforge.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s INPUT OUTPUT\n", argv[0]);
        return 2;
    }
    struct pf_error err = {.struct_size = sizeof err};
    pf_forge *forge = NULL;
    pf_job *job = NULL;
    pf_result *result = NULL;
    pf_status status = pf_forge_open(&forge, &err);
    if (status == PF_OK)
        status = pf_job_open(forge, &job, &err);
    if (status == PF_OK)
        status = pf_job_set(job, "input", argv[1], &err);
    if (status == PF_OK)
        status = pf_job_set(job, "output", argv[2], &err);
    if (status == PF_OK)
        status = pf_job_run(job, &result, &err);
    if (status == PF_OK)
        printf("%lld rows in, %lld rows out\n", (long long)pf_result_number(result, "rows-in"),
               (long long)pf_result_number(result, "rows-out"));
    else
        fprintf(stderr, "%s: %s: %s\n", pf_status_name(err.code), err.where, err.message);
    if (result)
        pf_result_close(&result);
    if (job)
        pf_job_close(&job);
    if (forge)
        pf_forge_close(&forge);
    return status == PF_OK ? 0 : 1;
}
