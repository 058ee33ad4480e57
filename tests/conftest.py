"""What every Python test needs: the program, and Parquet read back."""
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("PYFORGE", str(ROOT / "build" / "pyforge"))


class Done:
    """One finished run of the program."""

    def __init__(self, run):
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr

    @property
    def json(self):
        return json.loads(self.out)


class Forge:
    """The program in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *words, env=None, stdin=None, timeout=120):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE_") or k == "PYFORGE_SIMD"}
        clean.update(env or {})
        return Done(subprocess.run([PROGRAM, *map(str, words)], cwd=self.folder, env=clean, input=stdin,
                                   stdin=None if stdin is not None else subprocess.DEVNULL, timeout=timeout,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def convert(self, content, *options, name="in.csv", output="out.parquet", code=0):
        """Writes content, converts it and gives (table, result JSON)."""
        self.write(name, content)
        done = self.run("convert", name, output, "--force", "--json", *options)
        assert done.code == code, (done.code, done.err.decode())
        import pyarrow.parquet as pq
        path = self.folder / output
        return (pq.read_table(path) if path.exists() else None), done.json

    def columns(self, content, *options, **more):
        """The converted table as a dict of lists."""
        table, _ = self.convert(content, *options, **more)
        return table.to_pydict()

    def types(self, content, *options, **more):
        """Column name → type as text."""
        table, _ = self.convert(content, *options, **more)
        return {f.name: str(f.type) for f in table.schema}


@pytest.fixture
def forge(tmp_path):
    return Forge(tmp_path)


@pytest.fixture(scope="session")
def program():
    return PROGRAM


def notices(result, kind=None):
    """All notices of a result, or those of a kind."""
    found = [n for f in result["files"] for t in f.get("tables", []) for n in t.get("notices", [])]
    return [n for n in found if kind is None or n["kind"] == kind]


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="golden cases: what comes out is what is expected from now on")
