"""make install gives headers, libraries, pyforge.pc, man page and completions, and the examples build against them."""
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def prefix(tmp_path_factory, program):
    build = Path(program).parent
    prefix = tmp_path_factory.mktemp("installed")
    meson = ROOT / ".venv" / "bin" / "meson"
    subprocess.run([meson, "install", "-C", build, "--quiet", "--no-rebuild", "--destdir", prefix], check=True,
                   stdout=subprocess.DEVNULL)
    return prefix


def find(prefix, name):
    found = sorted(prefix.rglob(name))
    assert found, f"{name} is not installed"
    return found[0]


@pytest.mark.parametrize("name", ["pyforge.h", "extension.h", "status.h", "arrow_abi.h", "version.h", "libpyforge.so", "libpyforge.a",
                                  "pyforge.pc", "pyforge.1", "pyforge", "_pyforge"])
def test_installed(prefix, name):
    find(prefix, name)


def test_the_installed_program_finds_its_extensions(prefix, tmp_path):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYFORGE", "DATABRICKS", "VIRTUAL_ENV"))}
    env.update({f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CACHE", "CONFIG", "DATA")})
    program = next(path for path in sorted(prefix.rglob("pyforge")) if path.is_file() and os.access(path, os.X_OK) and path.parent.name == "bin")
    for words in (["databricks", "env-info", "--json"], ["list-extensions", "--json"]):
        run = subprocess.run([program, *words], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert (run.returncode, run.stderr) == (0, "")
        told = json.loads(run.stdout)
        if words[0] == "databricks":
            assert told["databricks"]["value"] == "no" and told["databricks"]["evidence"]
        else:
            assert [(e["name"], e["path"]) for e in told] == [("databricks", str(program.parents[1] / "lib/pyforge/extensions/databricks.so"))]


@pytest.mark.parametrize("kind", ["shared", "static"])
@pytest.mark.parametrize("example", ["convert", "read_batches"])
def test_the_examples_build_and_run_against_the_installed_tree(prefix, tmp_path, example, kind):
    pc = find(prefix, "pyforge.pc")
    env = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
    moved = f"--define-variable=prefix={prefix}{subprocess.run(['pkg-config', '--variable=prefix', 'pyforge'], env=env, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()}"
    words = [moved, "--cflags", "--libs"] + (["--static"] if kind == "static" else [])
    flags = subprocess.run(["pkg-config", *words, "pyforge"], env=env, check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    if kind == "static":
        flags = [str(find(prefix, "libpyforge.a")) if f == "-lpyforge" else f for f in flags]
    program = tmp_path / example
    subprocess.run(["cc", "-std=c11", "-Wall", "-Werror", str(ROOT / "examples" / f"{example}.c"), "-o", str(program), *flags], check=True)
    (tmp_path / "in.csv").write_text("a,b\n1,x\n2,y\n")
    library = find(prefix, "libpyforge.so").parent
    run = subprocess.run([str(program), "in.csv"] + (["out.parquet"] if example == "convert" else []), cwd=tmp_path, text=True,
                         env=dict(os.environ, LD_LIBRARY_PATH=str(library)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stderr
    assert ("2 rows in, 2 rows out" if example == "convert" else "2 rows in 1 batches") in run.stdout


KINDS = ["reader", "store", "engine", "command", "hooks"]


def build_and_test(folder, name, prefix, program):
    """make test of an extension's folder against the installed headers alone."""
    include = find(prefix, "extension.h").parent.parent
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE")}
    run = subprocess.run(["make", "-C", folder, "test", f"PYFORGE_INCLUDE={include}", f"PYFORGE={program}"], env=env, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0 and f"{name}: all good" in run.stdout, run.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_extensions_build_out_of_the_tree_against_installed_headers_and_pass_their_own_tests(prefix, tmp_path, program, kind):
    folder = tmp_path / "it"
    shutil.copytree(ROOT / "examples" / f"extension_{kind}", folder)
    build_and_test(folder, "sample", prefix, program)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_extension_of_each_kind_builds_against_installed_headers_passes_its_tests_and_is_loaded(prefix, tmp_path, program, kind):
    name = f"acme_{kind}2"
    subprocess.run([program, "extensions", "new", name, "--kind", kind], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    build_and_test(tmp_path / name, name, prefix, program)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE")}
    env.update({f"XDG_{x}_HOME": str(tmp_path / x) for x in ("CACHE", "CONFIG", "DATA")}, ACME_STORE2_FOLDER=str(tmp_path))
    subprocess.run(["make", "-C", tmp_path / name, "install"], env=env, check=True, stdout=subprocess.DEVNULL)
    run = subprocess.run([program, "list-extensions", "--json"], env=env, check=True, stdout=subprocess.PIPE)
    assert {e["name"]: e["status"] for e in json.loads(run.stdout)}[name] == "initialized"


def test_the_worked_reader_of_the_page_is_the_template_changed_as_shown_and_does_what_is_shown(prefix, tmp_path, program):
    page = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    section = page[page.index("### One reader, worked through"):]
    diff = section[section.index("```diff\n") + 8:section.index("```\n")]
    shown = section[section.index("```console\n") + 11:]
    shown = shown[:shown.index("```")]
    subprocess.run([program, "extensions", "new", "scores", "--kind", "reader", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-p0", "-"], cwd=tmp_path / "scores", input=f"--- extension.c\n+++ extension.c\n{diff}", text=True, check=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pyforge").symlink_to(program)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE")}
    env.update(PATH=f"{tmp_path / 'bin'}:{env['PATH']}", PYFORGE_INCLUDE=str(find(prefix, "extension.h").parent.parent),
               XDG_CACHE_HOME=str(tmp_path / "cache"), MAKEFLAGS="-s")
    script = "\n".join(line[2:] for line in shown.splitlines() if line.startswith("$ "))
    run = subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path / "scores", env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stdout + run.stderr
    expected = [line for line in shown.splitlines() if not line.startswith("$ ")]
    got = (run.stdout + run.stderr).splitlines()
    assert len(got) == len(expected), got
    for line, pattern in zip(got, expected):
        assert line == pattern or line.startswith(pattern.split("[...]")[0]), (line, pattern)
