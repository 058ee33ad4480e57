"""pyforge extensions check: a library that keeps its promises passes, and each broken one is found. The library is oath.c,
which breaks the promise that OATH names."""
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OATH = Path(__file__).with_name("oath.c")

# what oath.c breaks: feature, a part of the promise, a part of what is found
BROKEN = {
    "no-descriptor": ("library", "it opens", "gave no descriptor"),
    "no-function": ("library", "it opens", "field 'open_sink' is missing"),
    "suffix-loud": ("reader", "the table is whole", "not lower case"),
    "no-usage": ("command", "the table is whole", "it has no usage"),
    "no-hook": ("hooks", "the table is whole", "there is no hook"),
    "init-crashes": ("extension", "init says yes", "signal 11 (a segmentation fault)"),
    "init-silent": ("extension", "init says yes", "code is OK"),
    "shutdown-leaks": ("extension", "init says yes", "1 blocks of memory"),
    "init-once": ("extension", "two forges", "init answers OK, then STATE"),
    "init-needs-new-host": ("extension", "an older host", "signal 11"),
    "init-trusts-memory": ("extension", "lack of memory", "signal 11"),
    "init-grows": ("extension", "give back all their memory", "heap grows"),
    "facts-need-self": ("extension", "facts are told", "signal 11"),
    "facts-null": ("extension", "facts are told", "no value"),
    "schema-dies": ("reader", "an exact survey", ""),
    "batch-leaks": ("reader", "give back all their memory", "heap grows"),
    "failure-forgotten": ("reader", "a broken source", "after errno 5 get_next answers"),
    "read-crashes": ("reader", "an exact survey", "signal 11"),
    "open-hangs": ("reader", "an exact survey", "it hangs: nothing came back within 700 ms"),
    "open-exits": ("reader", "an exact survey", "it ends the process, with code 3"),
    "batch-kept": ("writer", "begin, write, finish", "was released 0 times"),
    "write-crashes": ("writer", "begin, write, finish", "signal 11"),
    "store-reads-other": ("store", "what is written is read", "others are read"),
    "store-random-lies": ("store", "what is written is read", "a read further back"),
    "store-size-lies": ("store", "what is written is read", "its size is 1"),
    "store-overwrites": ("store", "a file that is there is kept", "writing it again answers OK"),
    "store-finds-all": ("store", "what is not there", "opening it answers OK"),
    "store-silent": ("store", "what is not there", "without a word"),
    "store-abort-commits": ("store", "an abort leaves nothing", "opening it answers OK"),
    "store-puts-twice": ("store", "put_new makes", "the second time it answers OK"),
    "store-lists-on": ("store", "list tells", "after the first entry it was to stop"),
    "store-mute-crashes": ("store", "every err may be NULL", "signal 11"),
    "store-leaks": ("store", "lack of memory", "1 blocks of memory"),
    "store-grows": ("store", "give back all their memory", "heap grows"),
    "fit-beyond": ("engine", "fit answers", "1000 is not on the scale"),
    "fit-changes": ("engine", "fit answers", "two answers"),
    "fit-writes": ("engine", "fit answers", "it writes"),
    "fit-sets": ("engine", "fit answers", "it sets options"),
    "run-miscounts": ("engine", "run does the whole job", "3 rows in, 2 out"),
    "run-lies": ("engine", "a job that cannot be done", "answers OK"),
    "run-leaves": ("engine", "a job that cannot be done", "leaves 1 files"),
    "run-silent": ("engine", "a job that cannot be done", "without a word"),
    "run-cancel-is-bug": ("engine", "a cancelled job", "INTERNAL"),
    "run-needs-new-host": ("engine", "what an older host has not", "signal 11"),
    "run-grows": ("engine", "runs give back", "heap grows"),
    "command-no-code": ("command", "without words and cancelled", "-1 is no exit code"),
    "command-deaf": ("command", "without words and cancelled", "it hangs"),
    "command-needs-self": ("command", "self may be NULL", "signal 11"),
    "command-grows": ("command", "gives back all its memory", "heap grows"),
    "parameter-sets-input": ("hooks", "a job is set by parameter alone", "parameter sets the inputs"),
    "parameter-silent": ("hooks", "a job is set by parameter alone", "code is OK"),
    "pre-sets": ("hooks", "a job is set by parameter alone", "pre sets options"),
    "post-sets": ("hooks", "a job is set by parameter alone", "post sets options"),
    "parameter-blind": ("hooks", "nothing is known", "signal 11"),
    "parameter-mute-crashes": ("hooks", "every err may be NULL", "signal 11"),
    "parameter-needs-new-host": ("hooks", "an older host", "signal 11"),
    "parameter-grows": ("hooks", "give back all their memory", "heap grows"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("oath") / "oath.so"
    subprocess.run(["cc", "-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-fPIC", "-shared", "-I", ROOT / "include",
                    "-o", path, OATH], check=True)
    return path


def check(forge, library, *words, oath="", code=None, samples=("in.oath", "oath:"), silence="5"):
    forge.write("in.oath", "abcdef")
    temporary = forge.folder / "temporary"
    temporary.mkdir(exist_ok=True)
    done = forge.run("extensions", "check", library, *samples, "--extension-timeout", silence, *words, "--no-extensions",
                     env={"OATH": oath, "TMPDIR": str(temporary)})
    assert list(temporary.iterdir()) == []
    assert code is None or done.code == code, (done.code, done.out, done.err)
    return done


def test_a_library_that_keeps_its_word_passes(forge, library):
    done = check(forge, library, "--json", code=0)
    assert done.json["broken"] == done.json["untried"] == 0 and done.json["kept"] == len(done.json["findings"]) > 50
    features = list(dict.fromkeys(f["feature"] for f in done.json["findings"]))
    assert features == ["library", "extension oath, 1.0.0", "reader oath, in.oath", "writer oath", "store oath, oath:", "engine oath, in.oath",
                        "command say", "hooks oath"]
    assert {f["verdict"] for f in done.json["findings"]} == {"kept"}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_promise_is_found_and_the_other_features_are_tried_all_the_same(forge, library, what):
    feature, promise, detail = BROKEN[what]
    found = check(forge, library, "--json", oath=what, code=1, silence="0.7" if what in ("open-hangs", "command-deaf") else "5").json
    broken = [f for f in found["findings"] if f["verdict"] == "broken"]
    assert any(f["feature"].startswith(feature) and promise in f["promise"] and detail in f["detail"] for f in broken), broken
    assert found["broken"] == len(broken)
    if what not in ("init-crashes", "no-descriptor", "no-function", "init-silent", "init-once", "shutdown-leaks"):  # all others live on it
        assert {f["feature"].split()[0] for f in broken} == {feature}, broken
        assert found["findings"][-1]["feature"].startswith("hooks")


def test_what_cannot_be_tried_says_what_is_missing_and_is_no_failure(forge, library):
    done = check(forge, library, code=0, samples=())
    text = done.out.decode()
    assert "untried  there is no file to read: give one" in text and "untried  there is no place to write to" in text
    assert "untried  there is no file for it" in text and " 0 broken, 3 untried" in text
    forge.write("other.csv", "a\n1\n")
    text = check(forge, library, code=0, samples=("other.csv",)).out.decode()
    assert "fit answers NO for this file" in text


def test_features_that_need_init_are_untried_where_it_is_unavailable(forge, library):
    found = check(forge, library, "--json", oath="init-unavailable", code=0).json
    untried = {f["feature"].split()[0]: f["detail"] for f in found["findings"] if f["verdict"] == "untried"}
    assert set(untried) == {"reader", "writer", "store", "engine", "hooks"} and set(untried.values()) == {"the moon is not full"}


def test_quiet_shows_what_is_broken_alone(forge, library):
    assert check(forge, library, "-q", code=0).out == b""
    lines = check(forge, library, "-q", oath="pre-sets", code=1).out.decode().splitlines()
    assert lines[:2] == ["hooks oath", "  BROKEN   a job is set by parameter alone, and refused with words: pre sets options: only parameter may"]
    assert all(line.startswith("  BROKEN") for line in lines[1:])


@pytest.mark.parametrize("words, code, said", [
    (["missing.so"], 2, b"missing.so"), ([], 2, b"which?")])
def test_a_library_that_is_not_there_is_told(forge, words, code, said):
    done = forge.run("extensions", "check", *words)
    assert done.code == code and said in done.err


def test_a_sample_that_cannot_be_read_is_told(forge, library):
    (forge.folder / "folder.oath").mkdir()
    for sample in ("none.oath", "folder.oath"):
        done = check(forge, library, samples=(sample,))
        assert done.code != 0 and sample.encode() in done.err and b"a sample cannot be used" in done.err


def test_what_is_no_library_breaks_the_first_promise(forge):
    forge.write("it.so", "no library")
    done = forge.run("extensions", "check", "it.so")
    assert done.code == 1 and b"BROKEN   it opens" in done.out
