"""What was published of the extension ABI holds for ever. <minor>/*.h.frozen are the headers as they were when that minor came out;
first_extension.c is an extension of then. A new minor adds a folder, and nothing here is ever edited."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TODAY = HERE.parents[1] / "include" / "pyforge"
MINORS = sorted(p.name for p in HERE.iterdir() if p.is_dir() and p.name[0].isdigit())
HEADERS = ("status.h", "arrow_abi.h", "extension.h")


def plain(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"[ \t]+", " ", text.replace("\\\n", " "))


def structs(text):
    """Name → the declarations of its fields, in order."""
    found = {}
    for name, body in re.findall(r"struct (\w+) \{(.*?)\n\};", plain(text), re.S):
        declared = []
        for one in re.sub(r"\s+", " ", body).split(";"):
            kind, _, names = one.strip().partition(" ")
            if "," in one and "(" not in one:  # int64_t a, b: each by itself
                kind, names = re.fullmatch(r"(.*?) (\w+(?:, \w+)*)", one.strip()).groups()
                declared += [f"{kind} {n}" for n in names.split(", ")]
            elif names:
                declared.append(one.strip())
        found[name] = declared
    return found


def constants(text):
    """Name → what it stands for: #define of a value, the status codes, typedefs."""
    text = plain(text)
    found = dict(re.findall(r"^#define (PF_(?!ABI_MINOR|HAS|EXPORT|STATUS)\w+|ARROW_FLAG_\w+) (\S.*)$", text, re.M))
    found.update(re.findall(r"X\((\w+, \d+), (\"[^\"]*\")\)", text) and {n: v for n, v in re.findall(r"X\((\w+), (\d+),", text)})
    found.update({n: t for t, n in re.findall(r"^typedef (.*?) ?\*?(\w+);", text, re.M)})
    return found


def name_of(declaration):
    return (re.search(r"\(\*(\w+)\)", declaration) or re.search(r"(\w+)(?:\[\d+\])?$", declaration))[1]


def differences(old, new):
    """What of the old header is not the same in the new one; new fields may follow the old ones."""
    lost = []
    now = structs(new)
    for name, fields in structs(old).items():
        if now.get(name, [])[:len(fields)] != fields:
            lost.append(f"struct {name}")
    known = constants(new)
    return lost + [name for name, value in constants(old).items() if known.get(name) != value]


def measured(folder, fields, scratch):
    """struct.field → (offset, size), by the compiler, with the headers of folder/pyforge."""
    lines = [f'    printf("{s}.{f} %zu %zu\\n", offsetof(struct {s}, {f}), sizeof(((struct {s} *)0)->{f}));'
             for s, declared in fields.items() for f in map(name_of, declared)]
    source = scratch / "measure.c"
    source.write_text("#include <pyforge/extension.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\n}\n")
    subprocess.run(["cc", "-std=c17", "-I", folder, "-o", scratch / "measure", source], check=True)
    return dict(line.split(" ", 1) for line in subprocess.run([scratch / "measure"], text=True, check=True, stdout=subprocess.PIPE).stdout.splitlines())


def unfreeze(minor, folder):
    (folder / "pyforge").mkdir(parents=True)
    for header in HEADERS:
        shutil.copy(HERE / minor / f"{header}.frozen", folder / "pyforge" / header)
    return folder


def frozen(minor, header):
    return (HERE / minor / f"{header}.frozen").read_text(encoding="utf-8")


# ---- the header ----

@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("minor", MINORS)
def test_what_was_published_stands_in_the_header_of_today(minor, header):
    assert differences(frozen(minor, header), (TODAY / header).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("minor", MINORS)
def test_every_published_field_lies_where_it_lay(minor, tmp_path):
    fields = {}
    for header in HEADERS:
        fields.update(structs(frozen(minor, header)))
    assert len(fields) > 25 and sum(map(len, fields.values())) > 200
    then = measured(unfreeze(minor, tmp_path / "then"), fields, tmp_path)
    today = tmp_path / "today"
    shutil.copytree(TODAY, today / "pyforge")
    assert measured(today, fields, tmp_path) == then


def test_every_struct_that_crosses_begins_with_its_size():
    for name, fields in structs((TODAY / "extension.h").read_text(encoding="utf-8")).items():
        assert fields[0] == "uint32_t struct_size", name


@pytest.mark.parametrize("what, old, new", [
    ("a field in the middle", "int32_t random;", "int32_t random; int32_t more;"),
    ("a field gone", "    void (*shutdown)(void *self);\n", ""),
    ("two fields change places", "    uint32_t traits;\n    const char *name;", "    const char *name;\n    uint32_t traits;"),
    ("another type of the same size", "int64_t size_bytes;", "uint64_t size_bytes;"),
    ("another parameter", "(*close)(pf_reader_state *state)", "(*close)(pf_reader_state *state, int32_t how)"),
    ("a constant changes", "PF_PROBE_MAGIC   80", "PF_PROBE_MAGIC   81"),
    ("a struct has another name", "struct pf_written {", "struct pf_wrote {")])
def test_a_change_of_what_was_published_is_found(what, old, new):
    text = frozen("1.0", "extension.h")
    assert old in text
    assert differences(text, text.replace(old, new, 1)) != [], what


def test_a_status_code_that_changes_is_found():
    text = frozen("1.0", "status.h")
    assert differences(text, text.replace("X(IO, 23,", "X(IO, 24,")) == ["IO"]


def test_new_fields_at_the_end_and_new_structs_are_no_change():
    text = frozen("1.0", "extension.h")
    assert differences(text, text.replace("    void (*shutdown)(void *self);\n", "    void (*shutdown)(void *self);\n    int32_t more;\n")) == []
    assert differences(text, text.replace("struct pf_store {", "struct pf_new {\n    uint32_t struct_size;\n};\n\nstruct pf_store {", 1)) == []


# ---- the extension ----

def build(folder, include, *words):
    folder.mkdir(parents=True)
    subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-fPIC", "-shared", *words, "-I", include, "-o",
                    folder / "first.so", HERE / "first_extension.c"], check=True)
    return folder


def newer(text):
    """The header of a later minor: every struct of ours has more behind."""
    return re.sub(r"(\nstruct pf_\w+ \{.*?)\n\};", r"\1\n    uint64_t added[3];\n};", text, flags=re.S)


@pytest.fixture(params=[*MINORS, "newer"])
def extensions(request, tmp_path):
    include = unfreeze(MINORS[-1] if request.param == "newer" else request.param, tmp_path / "include")
    if request.param == "newer":
        header = include / "pyforge" / "extension.h"
        header.write_text(newer(header.read_text(encoding="utf-8")), encoding="utf-8")
        assert "added" in header.read_text(encoding="utf-8")
    return build(tmp_path / "extensions", include)


def run(forge, extensions, *words, code=0, **env):
    home = {f"XDG_{x}_HOME": str(forge.folder / x) for x in ("CACHE", "CONFIG", "DATA")}
    done = forge.run(*words, env={**home, "PYFORGE_EXTENSION_PATH": str(extensions), "VIRTUAL_ENV": "", **env})
    assert done.code == code, (done.code, done.out, done.err)
    return done


def test_an_extension_of_then_or_of_later_loads_and_works_today(forge, extensions):
    facts = {e["name"]: e for e in run(forge, extensions, "list-extensions", "--json").json}["first"]
    assert (facts["status"], facts["version"]) == ("initialized", "1.0.0")
    forge.write("in.first", "abc\n\nde\n")
    run(forge, extensions, "convert", "in.first", "out.csv")
    assert (forge.folder / "out.csv").read_text() == "length\n3\n0\n2\n"
    run(forge, extensions, "convert", "out.csv", "out.first", "--first-mark", "*")
    assert (forge.folder / "out.first").read_text() == "***"
    run(forge, extensions, "convert", "first:a,b/1,2/3,4/x.csv", "-o", "store.csv")
    assert (forge.folder / "store.csv").read_text().startswith("a,b\n1,2\n3,4\n")
    forge.write("in.engine", "x")
    assert b"7 rows in" in run(forge, extensions, "convert", "in.engine", "-o", "engine.txt").out
    assert run(forge, extensions, "first", "echo", "a", "b").out == b"ab"
    assert b"info: first: post" in run(forge, extensions, "convert", "out.csv", "again.csv", "--log-level", "info").err
    run(forge, extensions, "convert", "out.csv", "limited.csv", FIRST_LIMIT="1")
    assert (forge.folder / "limited.csv").read_text() == "length\n3\n"
    assert b"not today" in run(forge, extensions, "convert", "out.csv", "none.csv", code=1, FIRST_REFUSES="1").err


def test_it_keeps_every_promise_of_today(forge, extensions):
    forge.write("in.first", "abc\n\nde\n")
    forge.write("in.engine", "x")
    found = run(forge, extensions, "extensions", "check", extensions / "first.so", "in.first", "in.engine", "--json", "--no-extensions").json
    assert [f for f in found["findings"] if f["verdict"] == "broken"] == [] and found["kept"] > 40
