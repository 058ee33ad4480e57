/* fuzz_replay.c — fuzz. Runs a target over the files of folders, without a fuzzer.  SPDX-License-Identifier: MIT
 * Knows: LLVMFuzzerTestOneInput.
 * Knows not: what the target does. Usage: replay FOLDER… ; fails when there is no seed at all. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    size_t room = 1 << 20, size;
    uint8_t *data = malloc(room);
    size = data ? fread(data, 1, room, file) : 0;
    fclose(file);
    /* an exact copy, so that a sanitizer sees any read behind the end */
    uint8_t *exact = malloc(size ? size : 1);
    for (size_t i = 0; exact && i < size; i++)
        exact[i] = data[i];
    if (exact)
        LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    free(data);
    return 1;
}

int main(int argc, char **argv) {
    int ran = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder)
            continue;
        struct dirent *entry;
        while ((entry = readdir(folder))) {
            char path[4096];
            if (entry->d_name[0] != '.' &&
                snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name) < (int)sizeof path)
                ran += run_file(path);
        }
        closedir(folder);
    }
    printf("%d seeds\n", ran);
    return ran ? 0 : 1;
}
