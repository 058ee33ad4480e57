/* bench_hooks.c — bench. The same conversion by several forges in turns, each with the extensions of one folder.
 * SPDX-License-Identifier: MIT
 * Knows: pyforge.h. Prints the milliseconds of each round, a column for each folder.
 * Knows not: what the extensions do. Usage: bench_hooks ROUNDS INPUT OUTPUT FOLDER… */
#include <pyforge/pyforge.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FOLDERS_MOST 8

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double convert(pf_forge *forge, const char *input, const char *output, struct pf_error *err) {
    pf_job *job = NULL;
    pf_result *result = NULL;
    double start = now_ms();
    pf_status status = pf_job_open(forge, &job, err);
    if (status == PF_OK)
        status = pf_job_set(job, "input", input, err);
    if (status == PF_OK)
        status = pf_job_set(job, "output", output, err);
    if (status == PF_OK)
        status = pf_job_set(job, "force", "true", err);
    if (status == PF_OK)
        status = pf_job_run(job, &result, err);
    pf_result_close(&result);
    pf_job_close(&job);
    return status == PF_OK ? now_ms() - start : -1;
}

int main(int argc, char **argv) {
    struct pf_error err = {.struct_size = sizeof err};
    pf_forge *forges[FOLDERS_MOST] = {0};
    int count = argc - 4, rounds = argc > 4 ? atoi(argv[1]) : 0;
    if (rounds < 1 || count > FOLDERS_MOST)
        return fprintf(stderr, "bench_hooks ROUNDS INPUT OUTPUT FOLDER…\n"), 2;
    for (int i = 0; i < count; i++) {
        const struct pf_allow allow = {.struct_size = sizeof allow, .path = argv[4 + i]};
        if (pf_forge_open(&forges[i], &err) != PF_OK || pf_forge_allow(forges[i], &allow, &err) != PF_OK ||
            convert(forges[i], argv[2], argv[3], &err) < 0)
            return fprintf(stderr, "%s\n", err.message), 1;
    }
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            double took = convert(forges[i], argv[2], argv[3], &err);
            if (took < 0)
                return fprintf(stderr, "%s\n", err.message), 1;
            printf("%.4f%c", took, i + 1 < count ? ' ' : '\n');
        }
    for (int i = 0; i < count; i++)
        pf_forge_close(&forges[i]);
    return 0;
}
