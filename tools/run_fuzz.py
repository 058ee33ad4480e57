#!/usr/bin/env python3
"""Run every libFuzzer target for a while under ASan and UBSan, two at a time. The corpus starts from fuzz/seeds/<target>
and, when they are there, from the real files beside the project; what grows and what is found goes to out/fuzz/<target>/.

Usage: run_fuzz.py [--seconds N] [--corpus FOLDER] [TARGET…]. Ends with N passed, N failed (targets)."""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build-fuzz"
AT_A_TIME = 2


def build():
    if not (BUILD / "build.ninja").exists():
        subprocess.run([ROOT / ".venv/bin/meson", "setup", BUILD, "-Dbuildtype=debugoptimized", "-Dfuzz=true",
                        "-Dtests=false", "-Db_sanitize=address,undefined", "-Db_lundef=false"], cwd=ROOT, check=True,
                       env=dict(os.environ, CC="clang", CXX="clang++"), stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / ".venv/bin/ninja", "-C", BUILD, "--quiet"], check=True)
    return sorted(p.name for p in (BUILD / "fuzz").iterdir()
                  if p.name.startswith("fuzz_") and os.access(p, os.X_OK) and p.is_file())


def fuzz(name, seconds, corpus):
    """Runs one target; gives (good, one line to keep, the end of its log)."""
    out = ROOT / "out" / "fuzz" / name
    (out / "corpus").mkdir(parents=True, exist_ok=True)
    seeds = [p for p in (ROOT / "fuzz" / "seeds" / name.removeprefix("fuzz_"), corpus) if p.is_dir()]
    run = subprocess.run([BUILD / "fuzz" / name, out / "corpus", *seeds, f"-max_total_time={seconds}", "-timeout=120",
                          "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1",
                          # bookkeeping of features takes most of the time of a target as large as the whole pipe
                          "-entropic=0", "-reduce_inputs=0", f"-artifact_prefix={out}/"],
                         text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
                         env=dict(os.environ, UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"))
    runs = re.search(r"number_of_executed_units: (\d+)", run.stdout)
    return run.returncode == 0, f"{int(runs[1]) if runs else 0:,} runs", run.stdout[-6000:]


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--seconds", type=int, default=600)
    ask.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus" / "csv")
    ask.add_argument("targets", nargs="*")
    args = ask.parse_args()
    targets = build()
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        tasks = {pool.submit(fuzz, name, args.seconds, args.corpus): name for name in args.targets or targets}
        for task in concurrent.futures.as_completed(tasks):
            good, runs, log = task.result()
            passed += good
            failed += not good
            print(f"{tasks[task]}: {'clean' if good else 'FOUND SOMETHING'}, {runs} in {args.seconds} s", flush=True)
            if not good:
                print(log, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
