#!/usr/bin/env python3
"""Floors and doors: a file includes its own room and the rooms below it; each library, each part of the operating system
and each processor intrinsic comes in through its door file alone. Prints `file:line: what`, exits 1 when there is any."""
import re
import sys

import house_tree as tree

# What the files of a room may include besides their own room.
MAY = {"A": "", "B": "A", "Y": "AB", "C": "AB", "K": "ABY", "S": "ABY", "Q": "ABYKS", "T": "ABC", "F": "ABCT", "R": "ABYCKSQTF", "W": "ABYCKS",
       "H": "ABC", "G": "AB", "N": "ABYCKSHG", "P": "ABGNO", "O": "AB", "D": "A", "X": "A", "E": "AD"}
LISTS = {"src/run": ("read/read_list.h", "write/write_list.h")}

C_LIBRARY = {"assert.h", "ctype.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h", "stdatomic.h",
             "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h"}
VOCABULARY = {"stddef.h", "stdint.h"}

# header (a full name or a folder with /): the files it may stand in
SYSTEM_DOORS = {
    "errno.h": {"src/base/error.c", "src/base/file.c", "src/base/thread.c", "src/base/temp.c", "src/base/dynlib.c",
                "src/base/process.c",
                # these two speak errno: the Arrow stream interface demands it
                "src/columns/columns_stream.c", "cli/cli_cells.c", "cli/cli_template.c"},
    "time.h": {"src/base/clock.c", "src/base/crash.c", "src/base/thread.c", "cli/cli_log.c", "python/native/native_call.c"},
    "signal.h": {"src/base/thread.c", "src/base/crash.c", "src/base/file.c", "src/base/process.c", "cli/cli_signal.c", "cli/cli_convert.c",
                 "python/native/native_module.c"},
    "spawn.h": {"src/base/process.c"},
    # the Python door stands above pyforge.h and has threads of its own
    "pthread.h": {"src/base/thread.h", "python/native/native_call.c", "python/native/native_log.c"},
    "Python.h": {"python/native/native.h"},
    "sched.h": {"src/base/thread.c"},
    "dlfcn.h": {"src/base/dynlib.c"},
    "link.h": {"src/base/dynlib.c"},
    "cpuid.h": {"src/base/env.c"},
    "unistd.h": {"src/base/file.c", "src/base/crash.c", "src/base/thread.c", "src/base/temp.c", "src/base/env.c", "src/base/process.c",
                 "cli/cli_console.c", "cli/cli_signal.c", "python/native/native_call.c"},
    "sys/": {"src/base/file.c", "src/base/thread.c", "src/base/temp.c", "src/base/process.c", "cli/cli_console.c",
             "cli/cli_convert.c", "cli/cli_main.c", "cli/cli_compat.c", "cli/cli_template.c"},
    "dirent.h": {"src/base/file.c"},
    "fcntl.h": {"src/base/file.c", "src/base/crash.c", "src/base/temp.c", "src/base/process.c", "cli/cli_console.c"},
    "poll.h": {"src/base/file.c", "src/base/process.c"},
    # how the heap of the program grows, how large it is; nobody allocates with it
    "malloc.h": {"cli/cli_main.c", "src/base/mem.c"},
}
# An extension links nothing of ours and has doors of its own.
EXTENSION_DOORS = {
    "errno.h": {"dbx_disk.c", "dbx_reach.c", "dbx_volume.c"},
    "time.h": {"dbx_world.c"},
    "pthread.h": {"dbx_facts.c", "dbx_volume.c"},
    "unistd.h": {"dbx_disk.c", "dbx_world.c"},
    "sys/": {"dbx_disk.c"},
    "dirent.h": {"dbx_disk.c"},
    "fcntl.h": {"dbx_disk.c"},
}
# header: the one file of each library
LIBRARY_DOORS = {
    "zlib.h": "src/codec/codec_deflate.c",
    "isa-l/": "src/codec/codec_deflate.c",
    "zstd.h": "src/codec/codec_zstd.c",
    "zstd_errors.h": "src/codec/codec_zstd.c",
    "snappy-c.h": "src/codec/codec_snappy.c",
    "lz4.h": "src/codec/codec_lz4.c",
    "lz4frame.h": "src/codec/codec_lz4.c",
    "lz4hc.h": "src/codec/codec_lz4.c",
    "bzlib.h": "src/codec/codec_bzip2.c",
    "lzma.h": "src/codec/codec_xz.c",
    "uchardet.h": "src/read/csv/csv_charset.c",
    "uchardet/": "src/read/csv/csv_charset.c",
    "jansson.h": "src/base/json.c",
    "xxhash.h": "src/base/hash.c",
    "mbedtls/aes.h": "src/codec/codec_cipher.c",
    "mbedtls/blowfish.h": "src/codec/codec_cipher.c",
    "mbedtls/md.h": "src/codec/codec_digest.c",
    "charconv": "src/base/number_door.cc",
    "system_error": "src/base/number_door.cc",
}


def look_up(doors, header):
    for key, value in doors.items():
        if header == key or (key.endswith("/") and header.startswith(key)):
            return value
    return None


def system_trouble(path, letter, header):
    if letter == "A":
        return None if header in VOCABULARY else f"the vocabulary includes only {', '.join(sorted(VOCABULARY))}"
    if header in C_LIBRARY:
        return None
    for end, headers in (("_avx2.c", ("immintrin.h",)), ("_neon.c", ("arm_neon.h", "arm_acle.h"))):
        if header in headers:
            return None if path.endswith(end) else f"<{header}> stands only in files named for their instructions (…{end})"
    door = look_up(LIBRARY_DOORS, header)
    if door:
        return None if path == door else f"<{header}> comes in through {door} alone"
    doors = look_up(EXTENSION_DOORS if letter == "X" else SYSTEM_DOORS, header)
    if doors and letter == "X":
        return None if path.rsplit("/", 1)[1] in doors else f"<{header}> comes in through {', '.join(sorted(doors))} alone"
    if doors:
        return None if path in doors else f"<{header}> comes in through {', '.join(sorted(doors))} alone"
    return f"<{header}> has no door: tools/house_includes.py names them"


def target_of(path, header):
    """The included file's path in the tree."""
    for base in ("src/", "include/", "", path.rsplit("/", 1)[0] + "/"):
        if (tree.ROOT / (base + header)).is_file():
            return base + header
    return "include/pyforge/version.h" if header == "pyforge/version.h" else None


def own_trouble(path, here, header):
    target = target_of(path, header)
    if target is None:
        return f'"{header}" is not in the tree'
    there = tree.room(target)
    if there is None:
        return f'"{header}" belongs to no room'
    if there[0] == here[0]:
        if here[1] == "A" and path not in ("include/pyforge/extension.h", "include/pyforge/pyforge.h"):
            return "only extension.h and pyforge.h include other public headers"
        return None
    if here[0] in ("src/read", "src/write") and there[1] == here[1]:
        return None  # the lists name the formats' tables
    if header in LISTS.get(here[0], ()):
        return None
    if there[1] in MAY[here[1]] and there[1] != here[1]:
        return None
    return f"{here[0]} ({here[1]}) may not include {there[0]} ({there[1]})"


def main():
    offenders = []
    for file in tree.files("include", "src", "cli", "extensions", "python"):
        path, here = tree.name(file), tree.room(file)
        if here is None:
            offenders.append(f"{path}:1: in no room; tools/house_tree.py lists them")
            continue
        for number, line in enumerate(tree.code(file.read_text(), strings=True).split("\n"), 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            trouble = system_trouble(path, here[1], found[2]) if found[1] == "<" else own_trouble(path, here, found[2])
            if trouble:
                offenders.append(f"{path}:{number}: {trouble}")
    return tree.report(offenders)


if __name__ == "__main__":
    sys.exit(main())
