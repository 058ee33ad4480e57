#!/usr/bin/env python3
"""Line coverage of src/ by the tests: builds with gcov, runs the tests, prints the tables. Fails below 95 % of src/, 97 % of src/registry/."""
import os
import subprocess
import sys
from pathlib import Path

import run_tests

ROOT = Path(__file__).resolve().parent.parent


def main():
    build = "build-coverage"
    if not (ROOT / build / "build.ninja").exists():
        subprocess.run([ROOT / ".venv/bin/meson", "setup", build, "-Dbuildtype=debug", "-Db_coverage=true",
                        "-Dfaults=true", "-Doptimization=1", "-Dwerror=false",  # gcc guesses wrongly at -O1
                        "-Dc_args=-fprofile-update=atomic", "-Dcpp_args=-fprofile-update=atomic"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, CC="gcc", CXX="g++"))
    subprocess.run([ROOT / ".venv/bin/ninja", "-C", build, "--quiet"], cwd=ROOT, check=True)
    for old in (ROOT / build).rglob("*.gcda"):
        old.unlink()
    os.environ["PYTEST_ADDOPTS"] = "--deselect=tests/install"  # a library built for gcov needs gcov to be linked
    # A test that kills the program while it counts spoils a file of counts; gcov's words on it are none of the program's.
    os.environ["GCOV_ERROR_FILE"] = str(ROOT / build / "gcov.log")
    total = [0, 0]
    for part in (run_tests.meson, run_tests.cases, run_tests.pytest):
        passed, failed = part(build)
        total[0] += passed
        total[1] += failed
    print(f"tests: {total[0]} passed, {total[1]} failed")
    missed = [subprocess.run([ROOT / ".venv/bin/gcovr", "-r", ".", "--filter", folder, build, "--sort", "uncovered-percent",
                              "--exclude-unreachable-branches", "--exclude-throw-branches", "--fail-under-line", str(least),
                              "--gcov-ignore-errors=no_working_dir_found"], cwd=ROOT).returncode
              for folder, least in (("src/", 95), ("src/registry/", 97))]
    return 1 if any(missed) or total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
