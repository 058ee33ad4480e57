#!/usr/bin/env python3
"""Kill conversions with SIGKILL at random moments: the old file or the new one stands under the final name, whole.

Usage: kill.py PROGRAM TIMES. Ends with N passed, N failed."""
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main():
    program, times = str(Path(sys.argv[1]).resolve()), int(sys.argv[2])
    rng = random.Random(20)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="pyforge-kill-") as folder:
        folder = Path(folder)
        source, target = folder / "in.csv", folder / "out.parquet"
        source.write_text("id,name,v\n" + "".join(f"{i},name {i % 977},{i * 0.5}\n" for i in range(400_000)))
        command = [program, "convert", str(source), str(target), "--force", "--quiet"]
        start = time.perf_counter()
        subprocess.run(command, check=True)
        whole = time.perf_counter() - start
        new = digest(target)
        (folder / "old.csv").write_text("a,b\n1,2\n")
        for i in range(times):
            target.unlink(missing_ok=True)
            had_old = i % 2 == 0
            old = None
            if had_old:
                subprocess.run([program, "convert", str(folder / "old.csv"), str(target), "--quiet"], check=True)
                old = digest(target)
            run = subprocess.Popen(command)
            time.sleep(rng.random() * whole * 1.05)
            run.send_signal(signal.SIGKILL)
            run.wait()
            there = digest(target) if target.exists() else None
            good = there in (old, new)
            passed += good
            failed += not good
            if not good:
                print(f"run {i}: something else stands under the final name")
        # the next conversion takes the left-overs of the dead away
        subprocess.run(command, check=True)
        left = [p.name for p in folder.iterdir() if ".tmp-" in p.name]
        passed += not left
        failed += bool(left)
        if left:
            print(f"left over: {left[:5]} ({len(left)})")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
