#!/usr/bin/env python3
"""Run everything that checks the project and end with one line: N passed, N failed.

Parts: Meson's tests (unit, contract, house, ABI, fuzz replay, faults), the CLI cases of tests/cli, and the Python tests
(golden files, read-back, differential, corpus), and those of the Python package. A part that cannot run says so and counts as failed.
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")


def meson(build):
    run = subprocess.run([str(ROOT / ".venv/bin/meson"), "test", "-C", build, "--print-errorlogs", "--no-rebuild"],
                         cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = ROOT / build / "meson-logs" / "testlog.json"
    passed = failed = 0
    if log.exists():
        for line in log.read_text().splitlines():
            result = json.loads(line)["result"]
            if result in ("OK", "EXPECTEDFAIL"):
                passed += 1
            elif result != "SKIP":
                failed += 1
    if failed or not passed:
        print(run.stdout[-12000:])
        failed = max(failed, 1)
    return passed, failed


def cases(build):
    run = subprocess.run([PYTHON, "tests/cli/run_cases.py", f"{build}/pyforge"], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = re.findall(r"^(\d+) passed, (\d+) failed", run.stdout, re.M)
    if not found:
        print(run.stdout)
        return 0, 1
    if int(found[-1][1]):
        print(run.stdout)
    return int(found[-1][0]), int(found[-1][1])


def pytest(build):
    folders = [str(p) for p in sorted((ROOT / "tests").glob("*")) if p.name != "python" and any(p.glob("test_*.py"))]
    env = dict(os.environ, PYFORGE=str(ROOT / build / "pyforge"), PYTHONDONTWRITEBYTECODE="1")
    run = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", *folders], cwd=ROOT, env=env,
                         text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tail = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else ""
    count = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error|errors|skipped)", tail)}
    passed = count.get("passed", 0)
    failed = count.get("failed", 0) + count.get("error", 0) + count.get("errors", 0)
    if failed or run.returncode not in (0, 5) or not passed:
        print(run.stdout[-12000:])
        failed = max(failed, 1)
    for line in run.stdout.splitlines():
        if line.startswith("SKIPPED"):
            print(line)
    return passed, failed


def package(build):
    """The installed wheel, on the oldest and the newest Python found."""
    run = subprocess.run([PYTHON, "tools/run_python.py"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = re.findall(r"^(\d+) passed, (\d+) failed", run.stdout, re.M)
    if run.returncode or not found:
        print(run.stdout[-12000:])
    return (int(found[-1][0]), int(found[-1][1])) if found else (0, 1)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    total = [0, 0]
    for name, part in (("meson", meson), ("cli cases", cases), ("pytest", pytest), ("python package", package)):
        start = time.time()
        passed, failed = part(build)
        print(f"{name}: {passed} passed, {failed} failed ({time.time() - start:.0f} s)", flush=True)
        total[0] += passed
        total[1] += failed
    print(f"{total[0]} passed, {total[1]} failed")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
