#!/usr/bin/env python3
"""Run every libFuzzer target for a while under ASan and UBSan. The corpus starts from fuzz/seeds/<target> and, when it
is there, from the real files beside the project. Finds are written to out/fuzz/<target>/."""
import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--seconds", type=int, default=600)
    ask.add_argument("targets", nargs="*")
    args = ask.parse_args()
    build = ROOT / "build-fuzz"
    if not (build / "build.ninja").exists():
        subprocess.run([ROOT / ".venv/bin/meson", "setup", build, "-Dbuildtype=debugoptimized", "-Dfuzz=true",
                        "-Dtests=false", "-Db_sanitize=address,undefined", "-Db_lundef=false"], cwd=ROOT, check=True,
                       env=dict(os.environ, CC="clang", CXX="clang++"), stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / ".venv/bin/ninja", "-C", build, "--quiet"], check=True)
    targets = args.targets or sorted(p.name for p in (build / "fuzz").iterdir()
                                     if p.name.startswith("fuzz_") and os.access(p, os.X_OK) and p.is_file())
    passed = failed = 0
    for name in targets:
        out = ROOT / "out" / "fuzz" / name
        (out / "corpus").mkdir(parents=True, exist_ok=True)
        seeds = [p for p in (ROOT / "fuzz" / "seeds" / name.removeprefix("fuzz_"),
                             ROOT.parent / "shared" / "corpus" / "csv") if p.is_dir()]
        run = subprocess.run([build / "fuzz" / name, out / "corpus", *seeds, f"-max_total_time={args.seconds}",
                              "-timeout=20", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1",
                              f"-artifact_prefix={out}/"], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, cwd=ROOT)
        good = run.returncode == 0
        passed += good
        failed += not good
        done = [line for line in run.stdout.splitlines() if "number_of_executed_units" in line]
        print(f"{name}: {'clean' if good else 'FOUND SOMETHING'} {' '.join(done)}", flush=True)
        if not good:
            print(run.stdout[-4000:])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
