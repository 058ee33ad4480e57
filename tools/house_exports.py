#!/usr/bin/env python3
"""What libraries show: only names that begin with pf_. Arguments: libraries (.a or .so), or --extension FILE, which shows one
name and takes none of ours. Prints `file: what`, exits 1 when there is any."""
import subprocess
import sys
from pathlib import Path

EXTENSION_NAME = "pyforge_extension_v1"


def symbols(path, *flags):
    """(type, name) of the library's global symbols, by binutils' nm."""
    shared = path.suffix == ".so" or ".so." in path.name
    run = subprocess.run(["nm", "-g", "-P", *(["-D"] if shared else []), *flags, str(path)], text=True, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for line in run.stdout.splitlines():
        part = line.split()
        if len(part) >= 2 and len(part[1]) == 1:
            yield part[1], part[0].split("@")[0]


def is_foreign(kind, name):
    """Weak symbols and those with leading underscores are the compiler's (templates, sanitizers, coverage)."""
    return kind in "VvWwu" or name.startswith("_") or name == "mangle_path"  # the last: of gcc's libgcov


def check_library(path):
    return [f"{path.name}: shows {name}; only pf_ names leave a room" for kind, name in symbols(path, "--defined-only")
            if not name.startswith("pf_") and not is_foreign(kind, name)]


def check_extension(path):
    shown = [name for kind, name in symbols(path, "--defined-only") if not is_foreign(kind, name)]
    taken = [name for kind, name in symbols(path, "--undefined-only") if name.startswith("pf_")]
    offenders = [] if shown == [EXTENSION_NAME] else [f"{path.name}: shows {', '.join(shown) or 'nothing'}; an extension "
                                                      f"shows {EXTENSION_NAME} alone"]
    return offenders + [f"{path.name}: takes {name}; services come through the host table" for name in taken]


def main():
    offenders, extension, seen = [], False, 0
    for word in sys.argv[1:]:
        if word == "--extension":
            extension = True
            continue
        seen += 1
        offenders += (check_extension if extension else check_library)(Path(word))
    for line in offenders:
        print(line)
    if not seen:
        print("no library was named")
    return 1 if offenders or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
