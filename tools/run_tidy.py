#!/usr/bin/env python3
"""clang-format and clang-tidy over every C file; no findings allowed. Ends with N passed, N failed (files)."""
import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    build = ROOT / "build-tidy"
    if not (build / "build.ninja").exists():
        subprocess.run([ROOT / ".venv/bin/meson", "setup", build, "-Dbuildtype=debug"], cwd=ROOT, check=True,
                       env=dict(os.environ, CC="clang", CXX="clang++"), stdout=subprocess.DEVNULL)
    generated = [t for t in subprocess.run([ROOT / ".venv/bin/ninja", "-C", build, "-t", "targets", "all"], text=True,
                                           stdout=subprocess.PIPE).stdout.splitlines()
                 if t.split(":")[0].endswith((".c", ".h", ".inc")) and "CUSTOM_COMMAND" in t]
    if generated:
        subprocess.run([ROOT / ".venv/bin/ninja", "-C", build, "--quiet", *[t.split(":")[0] for t in generated]], check=True)
    listed = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.cc"], cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout.split()
    unformatted = []
    for name in listed:
        if subprocess.run(["clang-format", "--dry-run", "--Werror", name], cwd=ROOT, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode:
            unformatted.append(name)
            print(f"{name}: not laid out by .clang-format (make format)")
    known = {os.path.realpath(os.path.join(e["directory"], e["file"])): e
             for e in json.loads((build / "compile_commands.json").read_text())}
    sources = [n for n in listed if str(ROOT / n) in known and not n.startswith("tests/")]

    def check(name):
        run = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", name], cwd=ROOT, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return name, run.returncode or ("warning:" in run.stdout), run.stdout

    failed = len(unformatted)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, bad, text in pool.map(check, sources):
            if bad:
                failed += 1
                print(text)
    print(f"{len(listed) + len(sources) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
