#!/usr/bin/env python3
"""Let other programs read our Parquet: every type, codec, null pattern and page border, value for value.

    run_interop.py           pyarrow, DuckDB, Polars, fastparquet (tests/interop/test_parquet_types.py); parquet-java
    run_interop.py --books   workbooks through LibreOffice (tests/interop/office_books.py)
    run_interop.py --spark   Spark, old and new (tests/interop/spark_types.py), each in .spark/VERSION, made when missing

Ends with `N passed, N failed`. What cannot run says so and counts as failed.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
WORK = ROOT / "out" / "interop"
FILES = WORK / "types"
NESTED = WORK / "nested"
# Spark: the Python it runs on, and the newest pandas and pyarrow that go with it.
SPARKS = {
    "3.2.1": ("3.8", ["pyspark==3.2.1", "pandas==1.2.4", "pyarrow==4.0.0", "numpy<1.22"]),
    "3.5.8": ("3.11", ["pyspark==3.5.8", "pandas<2.3", "pyarrow<20", "numpy<2", "setuptools"]),
    "4.2.0": ("3.12", ["pyspark==4.2.0", "pandas<3", "pyarrow"]),
}
SPARK_JAVA = "17"  # the one that all of these run on
OPENED = ("java.base/sun.nio.ch java.base/java.nio java.base/java.lang java.base/java.lang.invoke java.base/java.util "
          "java.base/java.util.concurrent java.base/java.util.concurrent.atomic java.base/java.io java.base/java.net "
          "java.base/sun.util.calendar java.base/sun.security.action").split()


class NotRun(Exception):
    """Something that is needed is not on this machine."""


def count(command, minutes=30, **more):
    """Runs a part, shows what it says, gives (passed, failed) by its closing line."""
    try:
        run = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, timeout=minutes * 60, **more)
    except subprocess.TimeoutExpired:
        print(f"  ended after {minutes} minutes")
        return 0, 1
    print("".join(f"  {line}\n" for line in run.stdout.splitlines()), end="", flush=True)
    found = re.findall(r"(\d+) (passed|checks), (\d+) failed$", run.stdout, re.M)
    passed, failed = 0, 1
    if found:
        number, word, failed = int(found[-1][0]), found[-1][1], int(found[-1][2])
        passed = number - failed if word == "checks" else number
    if run.returncode != 0 and not failed:
        failed = 1
    if failed:
        print(run.stderr[-4000:])
    return passed, failed


def writer():
    """The program that writes every type, built."""
    if not (ROOT / "build" / "build.ninja").exists():
        raise NotRun("there is no build folder; run make first")
    subprocess.run([ROOT / ".venv/bin/ninja", "-C", ROOT / "build", "--quiet", "tests/interop/write_types"], check=True)
    return ROOT / "build" / "tests" / "interop" / "write_types"


def write_files():
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir(parents=True)
    subprocess.run([writer(), FILES], check=True)
    subprocess.run([PYTHON, ROOT / "tests/interop/write_nested.py", NESTED], check=True)
    return 1, 0


# ---- Python readers, parquet-java: they let the files be written themselves ----

def python_readers():
    return count([PYTHON, ROOT / "tests/interop/test_parquet_types.py", writer(), FILES])


def parquet_java():
    for name in ("mvn", "javac", "java"):
        if not shutil.which(name):
            raise NotRun(f"{name} is not on PATH")
    return count(["sh", ROOT / "tests/interop/run_java.sh", writer(), PYTHON, WORK])


def libre_office():
    if not shutil.which("soffice"):
        raise NotRun("soffice is not on PATH; install libreoffice-calc")
    return count([PYTHON, ROOT / "tests/interop/office_books.py", WORK / "books"], minutes=90)


# ---- Spark ----

def version_of(command):
    try:
        run = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError:
        return ""
    return run.stdout if run.returncode == 0 else ""


def find_python(version):
    """pyenv puts names on PATH that refuse to run, so each candidate is asked."""
    name = "python" + version
    for path in [shutil.which(name), *sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/{name}")))]:
        if path and version_of([path, "--version"]).startswith(f"Python {version}."):
            return path
    raise NotRun(f"Python {version} is neither on PATH nor under ~/.pyenv/versions")


def find_java():
    home = os.environ.get("JAVA_HOME")
    for path in [home and f"{home}/bin/java", shutil.which("java"), *sorted(glob.glob("/usr/lib/jvm/*/bin/java"))]:
        if path and f'version "{SPARK_JAVA}.' in version_of([path, "-version"]):
            return path
    raise NotRun(f"Java {SPARK_JAVA} is neither in JAVA_HOME, nor on PATH, nor under /usr/lib/jvm")


def environment_of(version):
    """The interpreter of .spark/VERSION; pip brings it there when it is missing or its pins have changed."""
    python, pins = SPARKS[version]
    folder = ROOT / ".spark" / version
    ready, wanted = folder / "ready", "\n".join(pins) + "\n"
    if ready.exists() and ready.read_text() in ("", wanted):
        return folder / "bin" / "python"
    print(f"  installing pyspark {version} into .spark/{version} (some minutes)", flush=True)
    if not (folder / "bin" / "python").exists():
        subprocess.run([find_python(python), "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *pins], check=True)
    ready.write_text(wanted)
    return folder / "bin" / "python"


def spark(version):
    java, python = find_java(), environment_of(version)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_", "PYTHON", "HADOOP_"))}
    clean.update(JAVA_HOME=str(Path(java).resolve().parent.parent), PYSPARK_PYTHON=str(python),
                 SPARK_LOCAL_IP="127.0.0.1", TZ="UTC")
    if version < "3.3":  # does not know of Java 17's closed modules
        clean["JDK_JAVA_OPTIONS"] = " ".join(f"--add-opens={name}=ALL-UNNAMED" for name in OPENED)
    return count([python, ROOT / "tests/interop/spark_types.py", FILES, NESTED], cwd=FILES, env=clean)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--spark", nargs="*", metavar="VERSION", help="read by Spark: all of %s" % ", ".join(SPARKS))
    ask.add_argument("--books", action="store_true", help="workbooks that LibreOffice reads and writes")
    args = ask.parse_args()
    if args.books:
        parts = [("LibreOffice", libre_office)]
    elif args.spark is None:
        parts = [("pyarrow, DuckDB, Polars, fastparquet", python_readers), ("parquet-java", parquet_java)]
    else:
        parts = [("files of all types", write_files)]
        parts += [(f"Spark {v}", lambda v=v: spark(v)) for v in args.spark or SPARKS]
    total = [0, 0]
    for name, part in parts:
        print(f"{name}", flush=True)
        start = time.time()
        try:
            passed, failed = part()
        except (NotRun, OSError, subprocess.CalledProcessError) as e:
            print(f"  NOT RUN: {name}: {e}")
            passed, failed = 0, 1
        print(f"{name}: {passed} passed, {failed} failed ({time.time() - start:.0f} s)", flush=True)
        total[0] += passed
        total[1] += failed
    print(f"{total[0]} passed, {total[1]} failed")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
