#!/usr/bin/env python3
"""Builds the wheel.

Usage: make_wheel.py FOLDER         for the tests: this machine's compiler and libraries, linux_<machine>, into a folder of its own
       make_wheel.py --final dist   for users: manylinux wheels of every target and the sdist; nothing else is left there
       make_wheel.py --program      the program as the wheel's compiler makes it, for `make bench`

The objects stay in build-wheel*, so a second build compiles only what changed. One wheel serves every Python from 3.8 on:
the module keeps to the limited API of 3.8, while the builder tags with the Python it runs under, so the tag is set here.

A final wheel is made by the compiler of native/wheel-<machine>.ini with all third parties linked in from their sources
(tools/obtain_sources.py). The x86-64 one is made a second time, from the sdist, and must come out the same. Then each is audited
(tools/audit_wheel.py), and only when nothing was found they move to dist/. Ends with N passed, N failed.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import obtain_sources
import wheel_inside

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {"x86_64": "native", "aarch64": "cross"}
FALLBACKS = "libisal,zlib,libzstd,liblz4,snappy,liblzma,bzip2,uchardet,jansson,libxxhash,mbedcrypto"
TESTS, FINAL = ROOT / ".venv" / "bin", ROOT / ".wheel" / "bin"


def environment(tools):
    """meson-python looks for its tools on the path or in the environment."""
    epoch = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout.strip()
    return dict(os.environ, MESON=str(tools / "meson"), NINJA=str(tools / "ninja"),
                PATH=f"{tools}:{os.environ.get('PATH', '')}", SOURCE_DATE_EPOCH=epoch or "1700000000")


def run(tools, *words, cwd=ROOT):
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=environment(tools), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{done.stdout[-6000:]}\n{words[0]} failed")
    return done.stdout


def clear(folder, pattern):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(pattern):
        old.unlink()


def build(tools, source, scratch, *settings):
    """What meson-python makes of a folder or an sdist, under the tags it gives."""
    run(tools, tools / "python", "-m", "pip", "wheel", source, "--no-deps", "--no-build-isolation", "-q", "-w", scratch,
        *[f"-C{setting}" for setting in settings])
    made, = Path(scratch).glob("*.whl")
    return made


def build_wheel(folder):
    """The wheel of the tests; with this machine's libraries it runs on this machine."""
    with tempfile.TemporaryDirectory() as scratch:
        made = build(TESTS, ".", scratch, f"build-dir={ROOT / 'build-wheel'}")
        if "-cp38-abi3-" not in made.name:
            run(TESTS, TESTS / "python", "-m", "wheel", "tags", "--remove", "--python-tag", "cp38", "--abi-tag", "abi3", made)
            made, = Path(scratch).glob("*.whl")
        clear(folder, "pyforge_cli-*.whl")
        return Path(shutil.move(str(made), str(folder / made.name)))


# ---- for users ----


def header_shim():
    """Debian's pyconfig.h includes one from a folder of the machine, which the wheel's compiler does not look into; both
    machines have the same sizes. None: Python's headers are in one folder."""
    ask = "import sysconfig; print(sysconfig.get_config_h_filename()); print(sysconfig.get_path('include'))"
    config, include = run(FINAL, FINAL / "python", "-c", ask).split()
    inner = re.search(r"#\s*include <(x86_64-linux-gnu/(\S+))>", (Path(include) / "pyconfig.h").read_text())
    if not inner:
        return None
    shim = ROOT / "build-wheel-include"
    for machine in TARGETS:
        target = shim / f"{machine}-linux-gnu" / inner[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path("/usr/include") / inner[1], target)
    return shim


def target_settings(machine):
    settings = [f"setup-args=--{TARGETS[machine]}-file={ROOT / 'native' / f'wheel-{machine}.ini'}",
                f"setup-args=--force-fallback-for={FALLBACKS}"]
    shim = header_shim()
    return settings + ([f"setup-args=-Dc_args=-isystem{shim}"] if shim else [])


def build_final(machine, folder, sdist=None):
    """The manylinux wheel of a machine, from the tree or from an sdist."""
    sources = obtain_sources.obtain()
    settings = target_settings(machine)
    if sdist is None:
        settings.append(f"build-dir={ROOT / f'build-wheel-{machine}'}")
    with tempfile.TemporaryDirectory() as scratch:
        made = build(FINAL, sdist or ".", Path(scratch) / "made", *settings)
        run(FINAL, FINAL / "wheel", "unpack", made, "-d", Path(scratch) / "tree")
        tree, = (Path(scratch) / "tree").glob("*")
        wheel_inside.complete(tree, machine, sources, FINAL)
        clear(folder, f"pyforge_cli-*{machine}.whl")
        run(FINAL, FINAL / "wheel", "pack", tree, "-d", folder)
    made, = folder.glob(f"pyforge_cli-*{machine}.whl")
    return made


def build_sdist(folder):
    """With the third parties' sources in it, as they were obtained."""
    obtain_sources.obtain()
    clear(folder, "pyforge_cli-*.tar.gz")
    script = ("import sys, mesonpy; print(mesonpy.build_sdist(sys.argv[1], "
              "{'setup-args': ['--force-fallback-for=' + sys.argv[2]]}))")
    name = run(FINAL, FINAL / "python", "-c", script, folder, FALLBACKS).strip().splitlines()[-1]
    return folder / name


def build_program():
    """The command line program of the same build as this machine's wheel."""
    machine = os.uname().machine
    with tempfile.TemporaryDirectory() as scratch:
        build_final(machine, Path(scratch))
    run(FINAL, FINAL / "ninja", "-C", ROOT / f"build-wheel-{machine}", "pyforge")
    return ROOT / f"build-wheel-{machine}" / "pyforge"


def make_final(place):
    import audit_wheel  # its tools are those of .wheel
    import run_emulated

    stage = ROOT / "build-wheel-final"
    stage.mkdir(exist_ok=True)
    wheels = [build_final(machine, stage) for machine in TARGETS]
    sdist = build_sdist(stage)
    again = build_final("x86_64", stage / "again", sdist)
    passed, failed = audit_wheel.audit(wheels, sdist, again)
    ran = run_emulated.run_emulated(wheels[1], wheels[0])
    passed, failed = passed + ran[0], failed + ran[1]
    if not failed:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for path in [*wheels, sdist]:
            shutil.copy(path, place / path.name)
            print(f"{place / path.name}  {path.stat().st_size:,} bytes")
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--final", action="store_true", help="what users get")
    parser.add_argument("--program", action="store_true", help="the program, not the wheel")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist")
    args = parser.parse_args()
    if args.program:
        print(build_program())
        return 0
    if args.final:
        return 1 if make_final(args.folder.resolve()) else 0
    made = build_wheel(args.folder.resolve())
    print(f"{made}  {made.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
