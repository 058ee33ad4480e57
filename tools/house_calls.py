#!/usr/bin/env python3
"""Calls and words that have a door or are banned: the heap, the environment, printing, unsafe text functions, the locale,
`long`, statics that change, unfinished work. Prints `file:line: what`, exits 1 when there is any."""
import re
import sys

import house_tree as tree

# what: (pattern of called names, rooms' folders it holds in, files that are its door)
CALLS = [
    ("the heap has one door, base/mem.h",
     r"malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc|posix_memalign|memalign|asprintf|vasprintf",
     ("src/",), {"src/base/mem.c"}),
    ("the environment has one door, base/env.h", r"getenv|secure_getenv|setenv|putenv|unsetenv", ("src/", "cli/"),
     {"src/base/env.c", "cli/cli_console.c"}),  # the program stands above pyforge.h and has a door of its own
    ("the library prints nothing", r"printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|putc|fputc|perror|fwrite",
     ("src/",), set()),
    ("the library never ends the process", r"exit|_exit|_Exit|quick_exit|abort|atexit|raise|kill|system|popen|fork|execv",
     ("src/",), {"src/base/file.c", "src/base/process.c", "src/base/crash.c"}),
    ("writes without a ceiling; use snprintf or pf_buf", r"sprintf|vsprintf|strcpy|stpcpy|strcat|gets", ("src/", "cli/"),
     set()),
    ("cuts silently; use snprintf or pf_buf", r"strncat|strncpy", ("src/",), set()),
    ("reads numbers by locale or without errors; use base/number.h",
     r"strtod|strtof|strtold|strtol|strtoll|strtoul|strtoull|atoi|atol|atoll|atof|sscanf|scanf|fscanf", ("src/",), set()),
    ("depends on the locale", r"setlocale|localeconv|isalpha|isdigit|isspace|isalnum|isupper|islower|toupper|tolower|"
     r"strcoll|strxfrm|wcstombs|mbstowcs", ("src/", "cli/"), set()),
    ("keeps hidden state", r"strtok|rand|srand|random|drand48|localtime|gmtime|asctime|ctime|strerror", ("src/", "cli/"),
     set()),
    ("grows the stack", r"alloca|__builtin_alloca", ("src/", "cli/"), set()),
    ("files have one door, base/file.h", r"open|openat|fopen|fdopen|freopen|read|pread|write|pwrite|close|unlink|rename|"
     r"remove|mkdir|rmdir|stat|fstat|lstat|mmap|tmpfile|mkstemp|opendir", ("src/",),
     {"src/base/file.c", "src/base/temp.c", "src/base/thread.c", "src/base/process.c",
      "src/base/crash.c"}),  # in a signal handler nothing else may be called
    ("answers wrongly under one tool chain; use pf_cpu_vector", r"__builtin_cpu_supports|__builtin_cpu_init",
     ("src/", "cli/"), set()),
]
WORDS = [
    ("errno is for the doors", r"\berrno\b", ("src/",),
     {"src/base/file.c", "src/base/temp.c", "src/base/thread.c", "src/base/error.c", "src/base/dynlib.c",
      "src/base/process.c"}),
    ("'long' has no fixed size", r"(?<!long )\blong\b(?! long)", ("src/", "include/"), set()),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|for now|not yet implemented|placeholder)\b")
# The door files may hold state of the process.
STATEFUL = {"src/base/" + n for n in ("mem.c", "file.c", "temp.c", "env.c", "thread.c", "clock.c", "dynlib.c",
                                      "crash.c",  # what a signal handler reaches
                                      "pool.c",   # which pool this thread works for
                                      "json.c")}  # the library's allocator is set once


def is_member(line, start):
    """Called through a struct: window.read(…), table->close(…)."""
    before = line[:start].rstrip()
    return before.endswith((".", "->"))


def is_declared(line, start):
    """A parameter, member or pointer of that name: (*close)(…)."""
    return line[:start].rstrip().endswith("*") and line[:start].rstrip()[:-1].rstrip().endswith("(")


def check_line(path, number, line, offenders):
    for why, names, folders, doors in CALLS:
        if not path.startswith(folders) or path in doors:
            continue
        for found in re.finditer(rf"\b({names})\s*\(", line):
            if not is_member(line, found.start()) and not is_declared(line, found.start()):
                offenders.append(f"{path}:{number}: {found[1]}: {why}")
    for why, pattern, folders, doors in WORDS:
        if path.startswith(folders) and path not in doors and re.search(pattern, line) and "#include" not in line:
            offenders.append(f"{path}:{number}: {why}")


def check_statics(path, number, line, offenders):
    if path in STATEFUL or not path.startswith("src/"):
        return
    found = re.match(r"\s*static\s+(?!inline\b)([^=;({]*)(=|;|\[)", line)
    if found and "const" not in found[1].split() and "_Static_assert" not in line:
        offenders.append(f"{path}:{number}: state of the process belongs to the door files of base")


def main():
    offenders = []
    for file in tree.files("include", "src", "cli"):
        path, text = tree.name(file), file.read_text()
        for number, line in enumerate(tree.code(text).split("\n"), 1):
            check_line(path, number, line, offenders)
            check_statics(path, number, line, offenders)
        for number, line in enumerate(text.split("\n"), 1):
            if UNFINISHED.search(line):
                offenders.append(f"{path}:{number}: unfinished work is not committed")
    return tree.report(offenders)


if __name__ == "__main__":
    sys.exit(main())
