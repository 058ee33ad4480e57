#!/usr/bin/env python3
"""The wheel of aarch64, run on this machine by emulation: imported, tested, and compared byte by byte with the x86-64 one.

Usage: run_emulated.py WHEEL-OF-AARCH64 WHEEL-OF-THIS-MACHINE

qemu-aarch64 runs a Python that apt-get brings as packages (nothing is installed; it is kept beside the archives of
obtain_sources.py). What is missing is said, and then nothing is run. Ends with N passed, N failed.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import obtain_sources

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "python3.11"
MODULES = ["test_convert", "test_errors", "test_options", "test_read"]  # the others fork beside threads, or want the installed command
SECONDS = 1500

# Converts each file and says the checksum of what came out, or the error.
CONVERT = """
import hashlib, json, os, sys
from pyforge_cli import Forge, PyforgeError
folder, forge, told = sys.argv[1], Forge(), {}
for path in sys.stdin.read().splitlines():
    for name in ("out.parquet", "out.csv"):
        out = os.path.join(folder, name)
        try:
            forge.convert(path, out, progress=False, force=True)
            with open(out, "rb") as made:
                told[path + " " + name] = hashlib.sha256(made.read()).hexdigest()
        except PyforgeError as error:
            told[path + " " + name] = str(error)
print(json.dumps(told))
"""


def obtain_python():
    """The root of an aarch64 system with Python in it, or why there is none."""
    if not shutil.which("qemu-aarch64"):
        return None, "qemu-aarch64 is not there (package qemu-user)"
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None, "an aarch64 Python is had by apt-get, which is not there"
    root = obtain_sources.cache() / f"{PYTHON}-aarch64"
    if (root / "usr/bin" / PYTHON).exists():
        return root, ""
    with tempfile.TemporaryDirectory() as folder:
        words = obtain_sources.apt_words(Path(folder), "deb", "-o", "APT::Architecture=arm64", "-o", "APT::Architectures::=arm64", "-o",
                                         f"Dir::State::status={folder}/status")
        (Path(folder) / "status").touch()
        for command in (["update"], ["install", "-y", "--download-only", "--no-install-recommends", PYTHON]):
            done = subprocess.run([*words, *command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                return None, f"apt-get brings no {PYTHON} for aarch64: {done.stdout.strip()[-300:]}"
        fresh = Path(f"{root}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for package in sorted((Path(folder) / "cache/archives").glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(fresh)], check=True)
        fresh.rename(root)
    return root, ""


def write_starter(root):
    """A program that is that Python: what the interpreter knows itself by, so that it can start itself again."""
    starter = root / "usr/bin" / f"emulated-{PYTHON}"
    fresh = starter.with_suffix(f".{os.getpid()}")
    fresh.write_text(f'#!/bin/sh\nexec qemu-aarch64 -L {root} -0 "$0" {root}/usr/bin/{PYTHON} "$@"\n')
    fresh.chmod(0o755)
    fresh.rename(starter)
    return str(starter)


def unpack(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def environ(package):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYFORGE", "VIRTUAL_ENV"))}
    return dict(clean, PYTHONPATH=str(package), PYTHONDONTWRITEBYTECODE="1")


def run_tests(python, package):
    done = subprocess.run([*python, "-m", "unittest", *MODULES], cwd=ROOT / "tests/python", env=environ(package), text=True,
                          timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ran = re.findall(r"^Ran (\d+) tests?", done.stdout, re.M)
    trouble = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", done.stdout))
    skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", done.stdout))
    if done.returncode or not ran:
        print(done.stdout[-6000:])
        trouble = max(trouble, 1)
    return max((int(ran[-1]) if ran else 0) - trouble - skipped, 0), trouble


def write_large(folder):
    """Long enough for every fast path: plain, quoted, with all kinds of values and letters of two to four bytes."""
    plain = "".join(f"{i},name {i % 991},{i * 7 % 1000}.{i % 100:02},2024-{i % 12 + 1:02}-{i % 28 + 1:02},"
                    f"2024-01-{i % 28 + 1:02} {i % 24:02}:{i % 60:02}:{i * 7 % 60:02},{('true', 'false')[i % 2]}\n" for i in range(20000))
    quoted = "".join(f'"{i}","{("Zoë, Paris", "a ""b""", "鈴木", "🙂 ok", "line" + chr(10) + "two")[i % 5]}",-{i}.5e-{i % 30 + 10}\n'
                     for i in range(12000))
    (folder / "plain.csv").write_text("id,name,amount,day,at,flag\n" + plain)
    (folder / "quoted.csv").write_text("id,text,number\n" + quoted)
    return [folder / "plain.csv", folder / "quoted.csv", *write_random(folder)]


def write_random(folder):
    """Text of the characters that a scan decides by, mostly in the form of a table; the same on every run."""
    draw = random.Random(20)
    pieces = [",", ",", ",", "\n", "\n", "\r\n", '"', '""', '"a,b"', "1", "23", "x", "é", "鈴木", "🙂", " ", ";", "\r", "2024-01-02", "-4.5"]
    for i in range(120):
        standard = draw.random() < 0.6
        cells = [["".join(draw.choices(["1", "23", "x", "é", "鈴", " "], k=draw.randint(1, 30))) for _ in range(4)] for _ in range(draw.randint(5, 60))]
        text = "a,b,c,d\n" + "\n".join(",".join(f'"{c}"' if draw.random() < 0.3 else c for c in row) for row in cells) + "\n"
        if not standard:
            text = "a,b\n" + "".join(draw.choices(pieces, k=draw.randint(50, 1500)))
        path = folder / f"random{i}.csv"
        path.write_bytes(text.encode() + (b"\xff\xc3\n" if i % 17 == 0 else b""))
        yield path


def convert_all(python, package, inputs, folder, more=None):
    folder.mkdir()
    done = subprocess.run([*python, "-c", CONVERT, str(folder)], input="\n".join(map(str, inputs)), env=dict(environ(package), **(more or {})),
                          text=True, timeout=SECONDS, stdout=subprocess.PIPE)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def compare(emulated, emulated_package, own_package, scratch):
    """Every sample of the tests, converted here, there, and there without NEON: (equal, not)."""
    inputs = sorted(path for place in ("tests/golden", "examples/samples") for path in (ROOT / place).rglob("*")
                    if path.suffix in (".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".gz", ".slk", ".xml") and "expected" not in path.name)
    inputs += write_large(scratch)
    there = convert_all(emulated, emulated_package, inputs, scratch / "there")
    here = convert_all([sys.executable], own_package, inputs, scratch / "here")
    # an error may name the folder it was to write to
    strip = lambda text: re.sub(r"/(here|there|plain)/", "/", text or "")  # noqa: E731
    plain = convert_all(emulated, emulated_package, inputs, scratch / "plain", {"PYFORGE_SIMD": "portable"})
    wrong = [name for name in sorted(here) if not strip(there.get(name)) == strip(here[name]) == strip(plain.get(name))]
    for name in wrong[:10]:
        print(f"differs: {name}: {there.get(name)}, here {here[name]}")
    made = sum(1 for value in here.values() if re.fullmatch(r"[0-9a-f]{64}", value))
    print(f"{len(here)} conversions compared, {made} of them made a file")
    return len(here) - len(wrong), len(wrong) or int(not made)


def run_emulated(wheel, own):
    """(passed, failed); (0, 0) when it cannot be run here, which is said."""
    root, why = obtain_python()
    if not root:
        print(f"SKIPPED: the aarch64 wheel was NOT RUN: {why}", flush=True)
        return 0, 0
    python = [write_starter(root)]
    with tempfile.TemporaryDirectory() as folder:
        there, here = unpack(wheel, Path(folder) / "aarch64"), unpack(own, Path(folder) / "own")
        machine = subprocess.run([*python, "-c", "import platform, pyforge_cli; print(platform.machine(), pyforge_cli.__version__)"],
                                 env=environ(there), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        imported = machine.returncode == 0 and machine.stdout.startswith("aarch64 ")
        print(f"imported under emulation: {machine.stdout.strip()[-500:]}", flush=True)
        if not imported:
            return 0, 1
        tests, equal = run_tests(python, there), compare(python, there, here, Path(folder))
    print(f"aarch64 under emulation: tests {tests[0]} passed, {tests[1]} failed; bytes equal {equal[0]}, other {equal[1]}", flush=True)
    return 1 + tests[0] + equal[0], tests[1] + equal[1]


if __name__ == "__main__":
    passed, failed = run_emulated(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
