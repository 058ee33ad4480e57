"""The lines of usage in README.md are run on the shipped samples, and print what the page shows."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
TESTING = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TIMED = re.compile(r"  \d+\.\d\d s  [\d.]+ [KMG]?B/s$", re.M)  # differs from run to run


def usage():
    """(command, what the page shows) in the order of the page."""
    found = []
    for line in PAGE.splitlines():
        if line.startswith("    $ "):
            found.append((re.sub(r"\s+# .*", "", line[6:]), []))
        elif found and line.startswith("    "):
            found[-1][1].append(line[4:])
    return found


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    for path in (ROOT / "examples" / "samples").iterdir():
        shutil.copy(path, folder)
    return folder


def shows(page, printed):
    """A line "…" on the page stands for any number of lines."""
    parts = [r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + r"[ ]*\n" for line in page]
    return re.fullmatch("".join(parts), TIMED.sub("  TIME", printed) if printed.endswith("\n") or not printed else printed + "\n")


def test_usage_prints_what_the_page_shows(samples, program):
    commands = usage()
    assert len(commands) >= 10
    env = dict(os.environ, PATH=f"{Path(program).resolve().parent}:{os.environ['PATH']}", COLUMNS="100", LC_ALL="C.UTF-8")
    for command, page in commands:
        done = subprocess.run(["bash", "-c", command], cwd=samples, env=env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        printed = done.stdout + ("\n" if done.stdout and not done.stdout.endswith("\n") else "") + done.stderr
        assert done.returncode in ((0,) if "validate" not in command else (0, 1)), (command, printed)
        page = [TIMED.sub("  TIME", line) for line in page]
        assert page or not printed.strip() or command.startswith("pyforge schema"), (command, printed)
        assert not page or shows(page, printed), f"$ {command}\n--- the page\n" + "\n".join(page) + f"\n--- printed\n{printed}"


def test_the_two_commands_stand_on_top():
    top = PAGE[:PAGE.index("## Use")]
    assert "    make demo" in top and "    make test" in top


def test_every_target_that_pages_name_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.M))
    assert {"test", "demo", "bench"} <= targets
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.M))
        assert named <= targets, (page.name, named - targets)


def test_every_check_of_the_makefile_is_in_testing_md():
    others = {"all", "setup", "demo", "format", "install", "clean", "help", "wheel", "options"}
    checks = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.M)) - others
    assert checks <= set(re.findall(r"`make ([a-z-]+)", TESTING))
