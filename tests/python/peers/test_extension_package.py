"""A package with an extension: the example is installed and used, and so is what `extensions new` writes."""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "extension_python"
BUILT = shutil.ignore_patterns("build", ".test", "*.egg-info", "__pycache__")


def run(folder, *words):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYFORGE", "PIP_"))}
    return subprocess.run([str(word) for word in words], cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def make_test(folder):
    """Its own tests, with what is here: nothing is fetched."""
    install = f"{sys.executable} -m pip install -q --no-index --no-build-isolation --disable-pip-version-check"
    return run(folder, "make", "test", f"PYTHON={sys.executable}", f"PIP_INSTALL={install}")


@pytest.fixture
def example(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "example", ignore=BUILT)


def test_the_example_is_installed_and_keeps_its_promises(example):
    done = make_test(example)
    assert done.returncode == 0, done.stdout
    assert "Ran 4 tests" in done.stdout and "sample: all good" in done.stdout


def test_the_example_fails_its_tests_when_it_is_broken(example):
    source = example / "sample_extension" / "__init__.py"
    source.write_text(source.read_text().replace('"zstd"', '"gzip"'))
    assert make_test(example).returncode != 0


@pytest.mark.parametrize("name", ["acme_tables", "json", "none", "cli"])
def test_what_extensions_new_writes_passes_its_own_tests_whatever_else_has_that_name(tmp_path, name):
    made = run(tmp_path, sys.executable, "-m", "pyforge_cli", "extensions", "new", name, "--language", "python")
    assert made.returncode == 0, made.stdout
    done = make_test(tmp_path / name)
    assert done.returncode == 0 and name + ": all good" in done.stdout, done.stdout


def test_the_example_is_strictly_typed(example):
    done = run(example, sys.executable, "-m", "mypy", "--strict", "--cache-dir", "cache", "sample_extension", "test_sample.py")
    assert done.returncode == 0, done.stdout


def test_one_that_does_not_start_is_given_up_after_thirty_seconds(tmp_path):
    (tmp_path / "slow-1.dist-info").mkdir()
    (tmp_path / "slow-1.dist-info" / "entry_points.txt").write_text("[pyforge_cli.extensions]\nslow = slow:Slow\n")
    (tmp_path / "slow.py").write_text("import time\nfrom pyforge_cli.extensions.base import BaseExtension\n\n\nclass Slow(BaseExtension):\n"
                                      "    is_available = lambda self: True\n    initialize = lambda self: time.sleep(600)\n")
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYFORGE")}
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pyforge_cli", "list-extensions"], env=dict(env, PYTHONPATH=str(tmp_path), HOME=str(tmp_path)),
                          cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    assert done.returncode == 0 and 30 <= time.monotonic() - started < 300
    assert "[FAIL] Failed" in done.stdout and "init took more than 30000 ms and was left alone" in done.stdout
