"""mypy --strict and pyright hold for the package and for what users write with it; the example runs."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pyforge_cli

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted((ROOT / "examples/python").glob("*.py"))


def check(tmp_path, *words):
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), *map(str, words)], cwd=tmp_path,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_mypy_is_content_with_package_and_examples(tmp_path):
    done = check(tmp_path, "-p", "pyforge_cli")
    assert done.returncode == 0, done.stdout
    done = check(tmp_path, *EXAMPLES)
    assert done.returncode == 0, done.stdout


def test_mypy_sees_wrong_options_and_wrong_values(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text('from pyforge_cli import Forge\nForge().convert("a.csv", delimeter=";")\nForge().convert("a.csv", types="guess")\n'
                     'reveal_type(Forge().convert("a.csv").rows_out)\n')
    told = check(tmp_path, wrong).stdout
    assert '"delimeter"' in told and "types" in told and 'int"' in told.splitlines()[-2]


def ask_pyright(folder, *files):
    """Its checker is a program of Node, which the package of that name gets by npm."""
    if not shutil.which("node"):
        pytest.skip("pyright NOT RUN: node is not there")
    settings = {"include": [os.path.relpath(file, folder) for file in files], "typeCheckingMode": "strict", "pythonVersion": "3.8"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    return subprocess.run([sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(folder)], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_pyright_is_content_with_the_examples(tmp_path):
    done = ask_pyright(tmp_path, *(shutil.copy(example, tmp_path) for example in EXAMPLES))
    assert done.returncode == 0 and "0 errors" in done.stdout, done.stdout


def test_pyright_sees_a_wrong_option(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text('from pyforge_cli import Forge\nForge().convert("a.csv", delimeter=";")\n')
    done = ask_pyright(tmp_path, wrong)
    assert done.returncode == 1 and "delimeter" in done.stdout, done.stdout


def test_the_example_runs(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("a,b\n1,2\n3\n5,6\n")
    done = subprocess.run([sys.executable, str(EXAMPLES[0]), "in", "out"], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert "2 rows in 1 files" in done.stdout and "a int64" in done.stdout
    assert os.path.dirname(pyforge_cli.__file__)
