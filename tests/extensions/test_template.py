"""pyforge extensions new: what it writes, and what it refuses."""
import subprocess
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
KINDS = ["reader", "store", "engine", "command", "hooks"]


def tree(folder):
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file() and p.suffix != ".so"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_the_example_with_another_name_everywhere(forge, kind):
    done = forge.run("extensions", "new", "acme_tables2", "--kind", kind)
    assert done.code == 0 and b"cd acme_tables2" in done.out and b"make test" in done.out
    made = tree(forge.folder / "acme_tables2")
    for old, new in (("sample", "acme_tables2"), ("SAMPLE", "ACME_TABLES2")):
        made = {name.replace(new, old): text.replace(new, old) for name, text in made.items()}
    assert made == tree(EXAMPLES / f"extension_{kind}")
    assert forge.run("extensions", "new", "quiet", "--kind", kind, "-q").out == b""


def test_a_template_in_Python_needs_no_kind_and_is_the_example_too(forge):
    done = forge.run("extensions", "new", "acme_tables2", "--language", "python")
    assert done.code == 0 and b"make test PYTHON=FILE" in done.out
    made = tree(forge.folder / "acme_tables2")
    for old, new in (("sample", "acme_tables2"), ("Sample", "AcmeTables2")):
        made = {name.replace(new, old): text.replace(new, old) for name, text in made.items()}
    assert made == tree(EXAMPLES / "extension_python")
    done = forge.run("extensions", "new", "acme", "--language", "python", "--kind", "reader")
    assert done.code == 2 and b"'reader' is none of --kind package" in done.err


@pytest.mark.parametrize("name", ["", "Acme", "2acme", "_acme", "acme-2", "a/b", "..", "a.b", "a b", "a" * 41, "convert", "extensions", "pyforge"])
def test_a_bad_name_is_refused_and_nothing_is_made(forge, name):
    done = forge.run("extensions", "new", name, "--kind", "reader")
    assert done.code == 2 and b"take" in done.err
    assert list(forge.folder.iterdir()) == []


def test_what_is_there_already_stays_as_it_is(forge):
    forge.write("acme/mine.txt", "mine")
    done = forge.run("extensions", "new", "acme", "--kind", "reader")
    assert done.code == 1 and b"EXISTS: 'acme'" in done.err
    assert [p.name for p in (forge.folder / "acme").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("words, said", [
    ([], b"--kind reader|store|engine|command|hooks"),
    (["--kind", "moon"], b"'moon' is none of --kind reader|store|engine|command|hooks"),
    (["--kind", "reader", "--language", "cobol"], b"leave --language out"),
    (["--kind", "reader", "more"], b"unexpected argument 'more'")])
def test_an_unknown_kind_or_language_is_refused_with_what_there_is(forge, words, said):
    done = forge.run("extensions", "new", "acme", *words)
    assert done.code == 2 and said in done.err
    assert list(forge.folder.iterdir()) == []


def test_kind_belongs_to_new_alone(forge):
    assert b"belong to 'new'" in forge.run("extensions", "list", "--kind", "reader").err
    assert b"no such option: --kind" in forge.run("formats", "--kind", "reader").err


def test_a_full_disk_leaves_nothing_behind(forge, program):
    run = subprocess.run(["bash", "-c", f"ulimit -f 1; trap '' XFSZ; exec {program} extensions new acme --kind reader"],
                         cwd=forge.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 1 and b"cannot be made" in run.stderr
    assert list(forge.folder.iterdir()) == []
