#!/usr/bin/env python3
"""The tests of the Python package, from the installed wheel, in fresh environments with nothing else in them.

Usage: run_python.py [--all] [TEST…], or run_python.py --options

On the oldest and the newest interpreter found tests/python runs with unittest; and once, with the test tools of .venv beside
it, tests/python/peers with pytest. The wheel is the quick one of make_wheel.py, of this machine's libraries. With --all it is
the one that users get, on every interpreter found. Ends with N passed, N failed.
"""
import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import make_wheel

ROOT = make_wheel.ROOT
PLACE = ROOT / "build-python"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
OLDEST = (3, 8)


def ask(python, code):
    run = subprocess.run([str(python), "-c", code], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.stdout.strip() if run.returncode == 0 else None


def interpreters():
    """{(3, 8): path}: the first of each version on the path, then among those that pyenv keeps."""
    folders = [Path(p) for p in os.environ.get("PATH", "").split(":") if p]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"), reverse=True)
    found = {}
    for folder in folders:
        if folder.is_relative_to(ROOT):
            continue
        for path in sorted(folder.glob("python3*")):
            if not re.fullmatch(r"python3(\.\d+)?", path.name) or not os.access(path, os.X_OK):
                continue
            told = ask(path, "import sys, venv; print(*sys.version_info[:2])")
            version = tuple(int(n) for n in told.split()) if told else (0, 0)
            if version >= OLDEST:
                found.setdefault(version, path)
    return found


def install(environment, wheel):
    """By the pip of .venv when it can, which spares making one for each environment."""
    python = environment / "bin" / "python"
    words = ["install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", str(wheel)]
    outside = subprocess.run([str(VENV_PYTHON), "-m", "pip", "--python", str(python), *words], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    if outside.returncode:
        subprocess.run([str(python), "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([str(python), "-m", "pip", *words], check=True)


def fresh(name, python, wheel, borrow=None):
    """A new environment with the wheel in it; borrow: a folder whose packages can be imported too."""
    environment = PLACE / name
    shutil.rmtree(environment, ignore_errors=True)
    subprocess.run([str(python), "-m", "venv", "--without-pip", str(environment)], check=True)
    install(environment, wheel)
    if borrow:
        site = ask(environment / "bin/python", "import sysconfig; print(sysconfig.get_path('purelib'))")
        (Path(site) / "borrowed.pth").write_text(f"{borrow}\n")
    return environment


def environ(environment):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYFORGE", "VIRTUAL_ENV"))}
    return dict(clean, PATH=f"{environment / 'bin'}:{os.environ['PATH']}", PYTHONDONTWRITEBYTECODE="1")


def run_plain(environment, names, more=None):
    words = ["discover", "-s", str(ROOT / "tests/python"), "-t", str(ROOT / "tests/python")] if not names else names
    run = subprocess.run([str(environment / "bin/python"), "-m", "unittest", *words], text=True, cwd=ROOT / "tests/python",
                         env=dict(environ(environment), **(more or {})), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ran = re.findall(r"^Ran (\d+) tests?", run.stdout, re.M)
    trouble = sum(int(n) for n in re.findall(r"(?:failures|errors|unexpected successes)=(\d+)", run.stdout))
    skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", run.stdout))
    failed = max(trouble, 1) if run.returncode or not ran else 0
    if failed:
        print(run.stdout[-8000:])
    return max((int(ran[-1]) if ran else 0) - failed - skipped, 0), failed


def libraries_of(gcc, *names):
    found = [subprocess.run([gcc, f"-print-file-name={name}"], text=True, stdout=subprocess.PIPE).stdout.strip() for name in names]
    return ":".join(path for path in found if path.startswith("/"))


def troubles(folder):
    """What the sanitizers wrote that is ours: every error, and the leaks with our sources in their stack; the interpreter
    keeps some memory to its end."""
    for log in sorted(folder.glob("report*")):
        for part in re.split(r"\n\s*\n", log.read_text(errors="replace")):
            leak = re.match(r"\s*(Direct|Indirect) leak", part)
            if "runtime error:" in part or "ERROR: AddressSanitizer" in part or (leak and re.search(r" \.\./(src|cli|python/native|extensions)/", part)):
                yield part.strip()


def run_sanitized(build):
    """tests/python once with the module of a build under ASan and UBSan: (passed, failed)."""
    base = ask(VENV_PYTHON, "import sys; print(sys.base_prefix + '/bin/python%d.%d' % sys.version_info[:2])")
    environment = fresh("sanitized", base, make_wheel.build_wheel(PLACE / "dist"))
    package = Path(ask(environment / "bin/python", "import sysconfig; print(sysconfig.get_path('purelib'))")) / "pyforge_cli"
    shutil.copy(ROOT / build / "python/_native.abi3.so", package / "_native.abi3.so")
    shutil.copy(ROOT / build / "extensions/databricks/databricks.so", package / "extensions/databricks.so")
    logs = PLACE / "sanitized-logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir()
    report = f"log_path={logs}/report"
    more = {"LD_PRELOAD": libraries_of("gcc", "libasan.so", "libubsan.so"), "PYTHONMALLOC": "malloc", "LSAN_OPTIONS": "exitcode=0",
            "ASAN_OPTIONS": f"detect_leaks=1:allocator_may_return_null=1:{report}",
            "UBSAN_OPTIONS": f"print_stacktrace=1:halt_on_error=1:{report}"}
    passed, failed = run_plain(environment, [], more)
    found = list(troubles(logs))
    for part in found[:5]:
        print(part[:3000])
    return passed, failed + len(found)


def run_peers(environment, names):
    words = names or [str(ROOT / "tests/python/peers")]
    run = subprocess.run([str(environment / "bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", *words],
                         text=True, cwd=ROOT, env=environ(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tail = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else ""
    count = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|errors?)", tail)}
    failed = count.get("failed", 0) + count.get("error", 0) + count.get("errors", 0)
    if failed or run.returncode:
        print(run.stdout[-8000:])
        failed = max(failed, 1)
    return count.get("passed", 0), failed


def parts(every, plain, peers):
    final = every and platform.machine() in make_wheel.TARGETS
    wheel = (make_wheel.build_final(platform.machine(), PLACE / "final") if final else make_wheel.build_wheel(PLACE / "dist"))
    print(wheel.name, flush=True)
    found = interpreters()
    chosen = sorted(found) if every else sorted({min(found), max(found)})
    if plain or not peers:
        for version in chosen:
            name = "python%d.%d" % version
            yield name, run_plain(fresh(name, found[version], wheel), plain)
    if peers or not plain:
        base = ask(VENV_PYTHON, "import sys; print(sys.base_prefix + '/bin/python%d.%d' % sys.version_info[:2])")
        borrow = ask(VENV_PYTHON, "import sysconfig; print(sysconfig.get_path('purelib'))")
        yield "peers", run_peers(fresh("peers", base, wheel, borrow), peers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="every interpreter found, and the wheel that users get")
    parser.add_argument("--options", action="store_true", help="make _options.pyi anew, and nothing else")
    parser.add_argument("tests", nargs="*", help="modules of tests/python, or files of tests/python/peers")
    args = parser.parse_args()
    peers = [name for name in args.tests if name.endswith(".py") or "::" in name]
    plain = [name for name in args.tests if name not in peers]
    if args.options:
        found = interpreters()
        environment = fresh("options", found[max(found)], make_wheel.build_wheel(PLACE / "dist"))
        subprocess.run([str(environment / "bin/python"), str(ROOT / "tools/make_options.py"),
                        str(ROOT / "python/pyforge_cli/_options.pyi")], check=True, env=environ(environment))
        return 0
    total = [0, 0]
    for name, (passed, failed) in parts(args.all, plain, peers):
        print(f"{name}: {passed} passed, {failed} failed", flush=True)
        total[0] += passed
        total[1] += failed
    print(f"{total[0]} passed, {total[1]} failed")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
