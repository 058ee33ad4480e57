#!/usr/bin/env python3
"""Builds the wheel (and the sdist): into dist/, or for the tests into a folder of their own.

Usage: make_wheel.py [--sdist] FOLDER

The objects stay in build-wheel, so a second build compiles only what changed. One wheel serves every Python from 3.8 on:
the module keeps to the limited API of 3.8, while the builder tags with the Python it runs under, so the tag is set here.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# meson-python looks for these on the path or in the environment
ENVIRONMENT = dict(os.environ, MESON=str(BIN / "meson"), NINJA=str(BIN / "ninja"), PATH=f"{BIN}:{os.environ.get('PATH', '')}")


def run(*words, cwd=ROOT):
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{done.stdout[-6000:]}\n{words[0]} failed")
    return done.stdout


def build_wheel(folder):
    """The wheel under its final name."""
    with tempfile.TemporaryDirectory() as scratch:
        run(BIN / "python", "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-q", "-w", scratch,
            f"-Cbuild-dir={ROOT / 'build-wheel'}")
        made, = Path(scratch).glob("*.whl")
        if "-cp38-abi3-" not in made.name:
            run(BIN / "python", "-m", "wheel", "tags", "--remove", "--python-tag", "cp38", "--abi-tag", "abi3", made)
            made, = Path(scratch).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("pyforge_cli-*.whl"):
            old.unlink()
        return Path(shutil.move(str(made), str(folder / made.name)))


def build_sdist(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("pyforge_cli-*.tar.gz"):
        old.unlink()
    script = "import sys, mesonpy; print(mesonpy.build_sdist(sys.argv[1]))"
    name = run(BIN / "python", "-c", script, folder).strip().splitlines()[-1]
    return folder / name


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sdist", action="store_true")
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    made = [build_wheel(args.folder.resolve())]
    if args.sdist:
        made.append(build_sdist(args.folder.resolve()))
    for path in made:
        print(f"{path}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
