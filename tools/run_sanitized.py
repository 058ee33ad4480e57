#!/usr/bin/env python3
"""Build with a sanitizer and run Meson's tests and the CLI cases in it, with ASan the tests of the Python package too.

Usage: run_sanitized.py asan|tsan"""
import os
import subprocess
import sys
from pathlib import Path

import run_python
import run_tests

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "asan": ("gcc", "g++", "address,undefined",
             {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:allocator_may_return_null=1",
              "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}),
    "tsan": ("clang", "clang++", "thread", {"TSAN_OPTIONS": "halt_on_error=1"}),
}


def main():
    kind = sys.argv[1]
    cc, cxx, flag, env = KINDS[kind]
    build = f"build-{kind}"
    os.environ.update(env)
    meson = str(ROOT / ".venv/bin/meson")
    if not (ROOT / build / "build.ninja").exists():
        subprocess.run([meson, "setup", build, "-Dbuildtype=debugoptimized", f"-Db_sanitize={flag}", "-Db_lundef=false",
                        "-Dfaults=true", "-Db_ndebug=false", "-Dwerror=false"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, CC=cc, CXX=cxx))
    if subprocess.run([str(ROOT / ".venv/bin/ninja"), "-C", build, "--quiet"], cwd=ROOT).returncode:
        print("0 passed, 1 failed")
        return 1
    total = [0, 0]
    for part in (run_tests.meson, run_tests.cases, *([run_python.run_sanitized] if kind == "asan" else [])):
        passed, failed = part(build)
        total[0] += passed
        total[1] += failed
    print(f"{total[0]} passed, {total[1]} failed")
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
