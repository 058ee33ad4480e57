#!/usr/bin/env python3
"""clang-format and clang-tidy over every C file; no findings allowed. Ends with N passed, N failed (files).

Usage: run_tidy.py [FILE…]: these files alone."""
import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build-tidy"
NINJA = str(ROOT / ".venv/bin/ninja")


def configure():
    """The compile commands of clang, and what the build generates for them to include."""
    if not (BUILD / "build.ninja").exists():
        subprocess.run([ROOT / ".venv/bin/meson", "setup", BUILD, "-Dbuildtype=debug", "-Dfaults=true"], cwd=ROOT, check=True,
                       env=dict(os.environ, CC="clang", CXX="clang++"), stdout=subprocess.DEVNULL)
    subprocess.run([NINJA, "-C", BUILD, "--quiet", "build.ninja"], check=True)
    targets = subprocess.run([NINJA, "-C", BUILD, "-t", "targets", "all"], text=True, stdout=subprocess.PIPE).stdout
    made = [name for name, rule in (line.split(": ", 1) for line in targets.splitlines() if ": " in line)
            if "CUSTOM_COMMAND" in rule and name.endswith((".c", ".h", ".inc"))]
    if made:
        subprocess.run([NINJA, "-C", BUILD, "--quiet", *made], check=True)


def layout(name):
    """What clang-format says about a file; empty when nothing."""
    run = subprocess.run(["clang-format", "--dry-run", "--Werror", name], cwd=ROOT, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    return f"{name}: not laid out by .clang-format (make format)" if run.returncode else ""


def analysis(name):
    """What clang-tidy says about a file; empty when nothing."""
    run = subprocess.run(["clang-tidy", "-p", str(BUILD), "--quiet", name], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
    found = run.returncode or "warning:" in run.stdout
    return run.stdout if found else ""


def main():
    listed = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.cc"], cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout.split()
    listed = [name for name in listed if (ROOT / name).exists() and (not sys.argv[1:] or name in sys.argv[1:])]
    configure()
    known = {os.path.realpath(os.path.join(e["directory"], e["file"]))
             for e in json.loads((BUILD / "compile_commands.json").read_text())}
    sources = [n for n in listed if str(ROOT / n) in known and not n.startswith("tests/")]
    sources.sort(key=lambda name: -(ROOT / name).stat().st_size)  # the long ones first, so that no thread waits at the end
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for text in (*pool.map(layout, listed), *pool.map(analysis, sources)):
            if text:
                failed += 1
                print(text, flush=True)
    print(f"{len(listed) + len(sources) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
