#!/usr/bin/env python3
"""Run the cases of the command line: tests/cli/<command>/<case>.sh, each in an empty folder of its own.

In a case: $PYFORGE is the program, $SAMPLES the folder of shipped samples. Beside the script may lie
<case>.stdout / .stderr (exact text; lines that end in "[...]" match any rest of the line; a line "[...]" matches any number of lines) and
<case>.exit (expected code, 0 when there is none). Usage: run_cases.py PROGRAM [NAME-PART]; --accept rewrites the texts.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def pattern(text):
    parts = []
    for line in text.splitlines():
        if line == "[...]":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(p) for p in line.split("[...]")) + r"\n")
    return re.compile("".join(parts) + r"\Z")


def matches(expected, got):
    if got and not got.endswith("\n"):
        got += "\n"
    return expected == got or bool(pattern(expected).match(got))


def run(case, program, accept):
    work = tempfile.mkdtemp(prefix="pyforge-case-")
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE") or k in ("PYFORGE_SIMD",)}
    env.update(PYFORGE=program, SAMPLES=str(HERE.parent.parent / "examples" / "samples"), LC_ALL="C.UTF-8", TZ="UTC",
               COLUMNS="100", CASES=str(HERE))
    try:
        done = subprocess.run(["bash", "-u", str(case)], cwd=work, env=env, stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return ["timed out"]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    wrong = []
    expected = case.with_suffix(".exit")
    code = int(expected.read_text()) if expected.exists() else 0
    if done.returncode != code:
        wrong.append(f"exit {done.returncode}, expected {code}\n{done.stderr.decode(errors='replace')[-1500:]}")
    for name, got in (("stdout", done.stdout), ("stderr", done.stderr)):
        path = case.with_suffix("." + name)
        text = got.decode("utf-8", "replace")
        if accept and (path.exists() or text):
            path.write_text(text)
        elif path.exists() and not matches(path.read_text(), text):
            wrong.append(f"{name} differs:\n--- expected\n{path.read_text()}--- got\n{text}")
    return wrong


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    program = str(Path(words[0]).resolve())
    part = words[1] if len(words) > 1 else ""
    passed = failed = 0
    for case in sorted(HERE.glob("*/*.sh")):
        name = f"{case.parent.name}/{case.stem}"
        if part not in name:
            continue
        wrong = run(case, program, "--accept" in sys.argv)
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print(f"FAILED {name}\n  " + "\n  ".join("\n".join(wrong).splitlines()))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
