"""Extension libraries on disk, good ones and ones broken in every way, through the program and the C API. The library file is
made by the compiler from face.c, whose every -D is another face."""
import ctypes
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import Done

ROOT = Path(__file__).resolve().parents[2]
FACE = Path(__file__).with_name("face.c")
CSV = "a\n1\n2\n3\n"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """make(words…) → a library of these -D words, each combination compiled once."""
    folder, known = tmp_path_factory.mktemp("faces"), {}

    def make(*words):
        if words not in known:
            path = folder / f"face{len(known)}.so"
            more = []
            if "NEEDS_LIBRARY" in words:
                (folder / "needed.c").write_text("int only_in_that_library(void);\nint only_in_that_library(void) { return 1; }\n")
                subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "libneeded.so", folder / "needed.c"], check=True)
                more = [f"-L{folder}", "-lneeded"]
            defines = [f"-D{w}" if "=" not in w else "-D{}=\"{}\"".format(*w.split("=", 1)) if not w.startswith("RANK") else f"-D{w}"
                       for w in words]
            subprocess.run(["cc", "-std=gnu17", "-O1", "-fvisibility=hidden", "-fPIC", "-shared", *defines, "-I", ROOT / "include",
                            "-o", path, FACE, *more], check=True)
            known[words] = path
        return known[words]

    return make


@pytest.fixture(scope="session")
def alone(tmp_path_factory, program):
    """The program where no extensions lie beside it."""
    return shutil.copy(program, tmp_path_factory.mktemp("alone") / "pyforge")


class Place:
    """A folder of extensions with caches and configuration of its own."""

    def __init__(self, forge, made, root, alone):
        self.alone = alone
        self.forge, self.made, self.root, self.log = forge, made, root, root / "face.log"
        self.folder = root / "extensions"
        self.folder.mkdir()
        self.env = {"PYFORGE_EXTENSION_PATH": str(self.folder), "XDG_CACHE_HOME": str(root / "cache"),
                    "XDG_CONFIG_HOME": str(root / "config"), "XDG_DATA_HOME": str(root / "data"), "FACE_LOG": str(self.log),
                    "VIRTUAL_ENV": ""}

    def add(self, name, *words, folder=None):
        path = (folder or self.folder) / f"{name}.so"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.made(f"NAME={name}", *words), path)
        return path

    def run(self, *words, **env):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE_")}
        return Done(subprocess.run([self.alone, *map(str, words)], cwd=self.forge.folder, env={**clean, **self.env, **env}, timeout=120,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def start(self, *words, **env):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE_")}
        return subprocess.Popen([self.alone, *map(str, words)], cwd=self.forge.folder, env={**clean, **self.env, **env},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_for(self, line):
        for _ in range(500):
            if line in self.happened():
                return
            time.sleep(0.02)
        raise AssertionError(f"{line} never came")

    def list(self, *words, **env):
        done = self.run("list-extensions", "--json", *words, **env)
        assert done.code == 0, done.err
        return {e["name"]: e for e in done.json if e["status"] != "shadowed"}

    def convert(self, *words, code=0, **env):
        self.forge.write("in.csv", CSV)
        done = self.run("convert", "in.csv", "out.csv", "--force", "--json", *words, **env)
        assert done.code == code, (done.code, done.err)
        return done

    def out(self):
        return (self.forge.folder / "out.csv").read_text()

    def happened(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def notices(self, done, kind):
        return [n["detail"] for n in done.json["notices"] if n["kind"] == kind]


@pytest.fixture
def place(forge, made, tmp_path, alone):
    return Place(forge, made, tmp_path, alone)


# ---- broken in each way: the words, the stage, a part of the text ----

BROKEN = {
    "no_symbol": (["NO_SYMBOL"], "entry", "pyforge_extension_v1"),
    "another_major": (["OTHER_MAJOR"], "entry", "another ABI"),
    "no_descriptor": (["NO_DESCRIPTOR"], "entry", "no descriptor"),
    "a_newer_minor": (["NEW_MINOR"], "check", "newer pyforge"),
    "a_wrong_size": (["SMALL"], "check", "struct_size"),
    "no_version": (["NO_VERSION"], "check", "version"),
    "a_missing_library": (["NEEDS_LIBRARY"], "open", "libneeded.so"),
    "a_crash_while_loading": (["LOAD_CRASH"], "open", "crashed-while-loading: signal 11"),
    "init_says_no": (["INIT_FAIL"], "init", "wrong phase"),
    "init_says_no_without_a_word": (["INIT_MUTE"], "init", "without a message"),
    "init_hangs": (["INIT_HANG"], "init", "hangs"),
    "init_crashes": (["INIT_CRASH"], "init", "crashed-while-loading: signal 11"),
    "init_aborts": (["INIT_ABORT"], "init", "signal 6 (abort)"),
    "init_exits": (["INIT_EXIT"], "init", "exits"),
}


def api_facts(place, path, program):
    """The extension as a program that links the library sees it: (forge status, state, stage, text)."""
    code = f"""
import ctypes, json, sys
class Allow(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("limit", ctypes.c_int32), ("path", ctypes.c_char_p), ("program", ctypes.c_char_p)]
class Facts(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("state", ctypes.c_int32), ("by", ctypes.c_int32), ("shadowed", ctypes.c_int32)] + [
        (n, ctypes.c_char_p) for n in ("state_name", "name", "version", "summary", "path", "stage", "text")] + [("us", ctypes.c_int64)]
lib = ctypes.CDLL({str(next(Path(program).parent.glob("src/api/libpyforge.so")))!r})
forge = ctypes.c_void_p()
assert lib.pf_forge_open(ctypes.byref(forge), None) == 0
lib.pf_forge_wake.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
lib.pf_forge_extension.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
facts = Facts(size=ctypes.sizeof(Facts))
assert lib.pf_forge_extension(forge, 0, ctypes.byref(facts)) == 20, "off unless it is allowed"
status = lib.pf_forge_allow(forge, ctypes.byref(Allow(ctypes.sizeof(Allow), 300, {str(place.folder).encode()!r}, {str(place.alone).encode()!r})), None)
lib.pf_forge_wake(forge, None)
assert lib.pf_forge_extension(forge, 0, ctypes.byref(facts)) == 0
print(json.dumps([status, facts.state_name.decode(), (facts.stage or b"").decode(), (facts.text or b"").decode()]))
lib.pf_forge_close(ctypes.byref(forge))
"""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE")}
    run = subprocess.run([os.sys.executable, "-c", code], env={**env, **place.env, "PYFORGE_EXTENSION_PATH": ""}, text=True, timeout=60,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_extension_is_told_with_its_stage_and_harms_no_conversion(place, way, program):
    words, stage, text = BROKEN[way]
    place.add("bad", *words)
    done = place.convert("--extension-timeout", "0.3")
    assert place.out() == CSV
    assert any("bad" in n for n in place.notices(done, "extension-failed"))
    assert not place.notices(place.convert(), "extension-failed")  # told once, when it was tried
    bad = place.list()["bad"]
    assert (bad["status"], bad["stage"]) == ("failed", stage) and text in bad["error"], bad
    table = place.run("list-extensions").out.decode()
    assert "[FAIL] Failed" in table and "1 failed" in table
    why = place.run("extensions", "why", "bad").out.decode()
    assert f"stage: {stage}" in why and text in why
    shutil.rmtree(place.root / "cache")
    status, state, stage_told, text_told = api_facts(place, None, program)
    assert (status, state, stage_told) == (0, "failed", stage) and text in text_told


# ---- the same through the C API: a program that links the library and runs a conversion ----

API_CONVERT = """
import ctypes, json, sys
library, folder, program, source, output = sys.argv[1:]
lib, forge, job, result = ctypes.CDLL(library), ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
class Allow(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("limit", ctypes.c_int32), ("path", ctypes.c_char_p), ("program", ctypes.c_char_p)]
class Error(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("code", ctypes.c_int32), ("row", ctypes.c_int64), ("byte", ctypes.c_int64),
                ("where", ctypes.c_char * 120), ("message", ctypes.c_char * 360)]
err, by = Error(size=ctypes.sizeof(Error)), ctypes.byref
lib.pf_result_json.restype = ctypes.c_char_p
assert lib.pf_forge_open(by(forge), by(err)) == 0
assert lib.pf_forge_allow(forge, by(Allow(ctypes.sizeof(Allow), 300, folder.encode(), program.encode())), by(err)) == 0, err.message
assert lib.pf_job_open(forge, by(job), by(err)) == 0
for key, value in ("input", source), ("output", output), ("force", "true"):
    assert lib.pf_job_set(job, key.encode(), value.encode(), by(err)) == 0, err.message
status = lib.pf_job_run(job, by(result), by(err))
told = json.loads(lib.pf_result_json(result)) if result else {}
print(json.dumps([status, err.where.decode(), err.message.decode(), told]), flush=True)
lib.pf_result_close(by(result))
lib.pf_job_close(by(job))
lib.pf_forge_close(by(forge))
"""


def api_convert(place, program, source="in.csv", **env):
    """(how it ended, status, where and message of the error, result) of a conversion to out.csv."""
    place.forge.write("in.csv", CSV)
    place.forge.write("x.face", "")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE")}
    run = subprocess.run([os.sys.executable, "-c", API_CONVERT, next(Path(program).parent.glob("src/api/libpyforge.so")), place.folder, place.alone,
                          source, "out.csv"], cwd=place.forge.folder, env={**clean, **place.env, "PYFORGE_EXTENSION_PATH": "", **env},
                         text=True, timeout=60, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return (run.returncode, *(json.loads(run.stdout) if run.stdout else (None, "", run.stderr, {})))


@pytest.mark.parametrize("words, kind, text", [
    (["HOOK_FAIL"], "hook-failed", "its parameter hook failed: no parameters today"), (["HOOK_MUTE"], "hook-failed", "without a word"),
    (["HOOK_HANG"], "hook-late", "its parameter hook took more than 300 ms and was left alone"),
    (["SET_KEY=type", "SET_VALUE=a=nope"], "hook-value", "'nope' is not a type"), (["LATER_HANG"], "extension-failed", "init took more than 300 ms"),
    (["SHUTDOWN_HANG"], None, "")])
def test_through_the_C_API_a_bad_hook_is_a_notice_and_the_job_is_done(place, program, words, kind, text):
    place.add("it", "HOOKS", *words)
    place.list()
    ended, status, _, message, told = api_convert(place, program, FACE_LATER="1")
    assert (ended, status) == (0, 0), message
    found = [n["detail"] for n in told["notices"] if n["kind"] == kind]
    assert kind is None or (len(found) == 1 and found[0].startswith("extension 'it': ") and text in found[0]), told["notices"]
    assert place.out() == ("a\n1\n" if kind is None else CSV)


def test_through_the_C_API_a_pre_hook_refuses(place, program):
    place.add("it", "HOOKS", "HOOK_REFUSE")
    ended, status, where, message, _ = api_convert(place, program)
    assert (ended, status, where, message) == (0, 22, "extension 'it'", "not on a Sunday")
    assert not (place.forge.folder / "out.csv").exists()


@pytest.mark.parametrize("words, good", [(["READ_LEAKS"], True), (["LEAK_BATCHES"], True), (["READ_FORGETS"], False), (["READ_FAIL"], False)])
def test_through_the_C_API_a_reader_that_leaks_or_forgets_its_failure_harms_nothing(place, program, words, good):
    place.add("it", "READER", *words)
    ended, status, _, message, told = api_convert(place, program, "x.face")
    assert ended == 0 and (status == 0) == good, message
    assert (place.forge.folder / "out.csv").exists() == good
    assert good or "the tape is torn" in message + json.dumps(told)


@pytest.mark.parametrize("words, source", [(["HOOKS", "HOOK_CRASH"], "in.csv"), (["READER", "READ_CRASH"], "x.face"), (["READER", "READ_ABORT"], "x.face")])
def test_through_the_C_API_a_crash_in_running_code_leaves_the_old_output(place, program, words, source):
    place.add("it", *words)
    place.list()
    place.forge.write("out.csv", "old\n")
    ended = api_convert(place, program, source)[0]
    assert ended == (-signal.SIGABRT if "READ_ABORT" in words else -signal.SIGSEGV)
    assert place.out() == "old\n"


def test_through_the_C_API_forty_at_once_and_of_one_suffix_the_highest_rank(place, program):
    library = place.made("NAME=n00", "HOOKS").read_bytes()
    for i in range(40):
        (place.folder / f"n{i:02}.so").write_bytes(library.replace(b"n00", b"n%02d" % i))
    place.add("low", "READER", "RANK=10")
    place.add("high", "READER", "RANK=20")
    place.add("bad", "LOAD_CRASH")
    ended, status, _, message, told = api_convert(place, program, "x.face")
    assert (ended, status) == (0, 0), message
    assert place.out() == "high\n7\n"
    assert len([x for x in place.happened() if x.endswith(" post 1")]) == 40
    assert len([n for n in told["notices"] if n["kind"] == "extension-failed" and "'bad'" in n["detail"]]) == 1


def test_a_hang_is_left_after_the_limit(place):
    place.add("bad", "INIT_HANG")
    start = time.time()
    place.convert("--extension-timeout", "0.3")
    assert time.time() - start < 2


def test_a_good_one_is_tried_once_in_a_child_then_opened_only_when_needed(place):
    place.add("good", "READER")
    place.convert()
    assert place.happened() == ["good init", "good shutdown"]  # the child
    place.convert()
    assert len(place.happened()) == 2
    place.forge.write("x.face", "")
    assert place.run("convert", "x.face", "x.csv").code == 0
    assert place.happened()[2:] == ["good init", "good open", "good next", "good next", "good shutdown"]
    assert (place.forge.folder / "x.csv").read_text() == "good\n7\n"


def test_a_changed_file_is_tried_again(place):
    place.add("it", "INIT_FAIL")
    assert place.list()["it"]["status"] == "failed"
    place.add("it")
    assert place.list()["it"]["status"] == "initialized"


def test_without_a_place_for_the_cache_all_works(place):
    place.add("good")
    (place.root / "cache").write_text("a file, no folder")
    assert place.list()["good"]["status"] == "initialized"
    place.convert()


@pytest.mark.parametrize("damage", [b"", b"nonsense\n", b"pyforge-extensions\t1\tabi 1\tx86_64-linux\next\tbroken\n", b"\0" * 100])
def test_a_damaged_cache_is_made_anew(place, damage):
    place.add("good")
    assert place.list()["good"]["status"] == "initialized"
    cache = next((place.root / "cache" / "pyforge").iterdir())
    text = cache.read_bytes()
    cache.write_bytes(damage)
    assert place.list()["good"]["status"] == "initialized"
    assert cache.read_bytes() == text


def test_unavailable_is_remembered_until_what_it_watches_changes(place):
    place.add("here", "INIT_UNAVAILABLE")
    for _ in range(3):
        here = place.list()["here"]
        assert here["status"] == "disabled" and "FACE_PLACE" in here["missing"] and here["error"] is None
    assert place.happened() == ["here init"]  # looked at once
    assert "Unavailable: FACE_PLACE" in place.run("list-extensions").out.decode()
    assert place.list(FACE_PLACE="1")["here"]["status"] == "initialized"
    assert place.list()["here"]["status"] == "disabled"


def test_enable_and_disable_persist(place):
    place.add("it", "HOOKS")
    assert place.run("extensions", "disable", "it").out == b"it: disabled: Disabled by user\n"
    assert place.list()["it"]["disabled_by"] == "user"
    assert "- Disabled" in place.run("list-extensions").out.decode()
    place.convert()
    assert place.out() == CSV  # its hook would have limited it
    assert place.run("extensions", "enable", "it").code == 0
    assert place.list()["it"]["status"] == "initialized"
    place.convert()
    assert place.out() == "a\n1\n"
    done = place.run("extensions", "disable", "moon")
    assert done.code == 2 and b"there are: it" in done.err


def test_a_disabled_one_is_not_even_tried(place):
    place.add("bad", "LOAD_CRASH")
    (place.root / "config" / "pyforge").mkdir(parents=True)
    (place.root / "config" / "pyforge" / "extensions.conf").write_text("disabled bad\n")
    assert place.list()["bad"]["disabled_by"] == "user"
    assert place.run("extensions", "enable", "bad").code == 0
    assert place.list()["bad"]["status"] == "failed"


def test_rescan_tries_again(place):
    place.add("it", "INIT_UNAVAILABLE")
    place.list()
    assert len(place.happened()) == 1
    assert place.run("extensions", "rescan", "it").code == 0
    assert len(place.happened()) == 2
    assert place.run("extensions", "rescan").code == 0
    assert place.run("extensions", "rescan", "moon").code == 2


def test_rescan_tells_what_became_of_it_and_fails_with_it(place):
    place.add("good", "HOOKS")
    place.add("bad", "INIT_FAIL")
    place.add("later", "LATER_HANG")
    place.list()
    done = place.run("extensions", "rescan", "good")
    assert (done.code, done.out) == (0, b"good: initialized\n")
    done = place.run("extensions", "rescan", "bad")
    assert (done.code, done.out) == (1, b"bad: failed: Error: init: the moon is in the wrong phase\n")
    done = place.run("extensions", "rescan", "later", "--extension-timeout", "0.3", FACE_LATER="1")
    assert done.code == 1 and done.out.startswith(b"later: failed: Error: init: "), done.out


def test_an_extension_of_the_name_of_a_command_is_refused_with_the_reason(place):
    commands = {line.split()[0] for line in place.run("help").out.decode().split("Commands:")[1].split("Examples:")[0].splitlines() if line.strip()}
    assert {"convert", "list-extensions", "extensions", "cells"} <= commands
    for name in commands:
        place.add(name, "COMMAND")
    for name, told in place.list().items():
        assert told["status"] == "failed" and told["stage"] == "check", told
        assert told["error"] == (f"extension '{name}' has the name of a command of pyforge, which would hide its own; give it another name")
    assert set(place.list()) == commands


# ---- where they are found ----

def test_the_first_of_a_name_wins_and_the_shadowed_one_is_shown(place):
    first, second = place.root / "first", place.folder
    place.add("it", folder=first)
    hidden = place.add("it", "HOOKS")
    done = place.run("list-extensions", "--json", "--extension-path", first)
    assert [(e["status"], e["path"]) for e in done.json] == [("initialized", str(first / "it.so")), ("shadowed", str(hidden))]
    assert f"hides: {hidden}" in place.run("extensions", "why", "it", "--extension-path", first).out.decode()
    assert second.exists()


def test_a_built_or_unpacked_tree_finds_its_own(place, program):
    tree = place.root / "tree"
    (tree / "bin").mkdir(parents=True)
    shutil.copy(program, tree / "bin" / "pyforge")
    place.add("beside", folder=tree / "bin" / "extensions" / "beside")
    place.add("below", folder=tree / "lib" / "pyforge" / "extensions")
    place.add("mine", folder=place.root / "data" / "pyforge" / "extensions")
    env = {**os.environ, **place.env, "PYFORGE_EXTENSION_PATH": ""}
    run = subprocess.run([tree / "bin" / "pyforge", "list-extensions", "--json"], env=env, stdout=subprocess.PIPE, check=True)
    assert [e["name"] for e in json.loads(run.stdout)] == ["beside", "below", "mine"]


def test_python_packages_are_searched_where_VIRTUAL_ENV_points(place):
    site = place.root / "venv" / "lib" / "python3.11" / "site-packages"
    (site / "it-1.dist-info").mkdir(parents=True)
    (site / "it-1.dist-info" / "entry_points.txt").write_text(
        "[console_scripts]\nother = other.module\n\n[pyforge.extensions]\nit = it_package.native\nthat = that_package:Class\n")
    place.add("it", folder=site / "it_package" / "native")
    place.add("no", folder=site / "other" / "module")
    (site / "it_package" / "native" / "_x.cpython-311-x86_64-linux-gnu.so").write_text("no extension of ours")
    for _ in range(2):  # found, then remembered
        assert set(place.list(VIRTUAL_ENV=str(place.root / "venv"))) == {"it", "that"}
    assert place.list() == {}


def test_extensions_written_in_Python_are_listed_and_say_what_they_need(place):
    site = place.root / "venv" / "lib" / "python3.11" / "site-packages"
    (site / "that-1.dist-info").mkdir(parents=True)
    (site / "that-1.dist-info" / "entry_points.txt").write_text(
        "[pyforge_cli.extensions]\nthat = that_package:Class\n[pyforge.extensions]\nthat=that_package:Class [extra]\n")
    env = {"VIRTUAL_ENV": str(place.root / "venv")}
    one = place.list(**env)["that"]
    assert (one["status"], one["disabled_by"], one["path"]) == ("disabled", "environment", "that_package:Class")
    assert "it is written in Python; run the pyforge of the Python package" in one["missing"]
    assert b"missing: it is written in Python" in place.run("extensions", "why", "that", **env).out
    for words in (["that"], ["that", "tell"]):
        done = place.run(*words, **env)
        assert done.code == 2 and b"extension 'that' is not available: it is written in Python" in done.err
    assert place.convert(**env).err == b""
    assert place.run("extensions", "disable", "that", **env).code == 0
    assert b"disabled: Unavailable: it is written in Python" in place.run("extensions", "enable", "that", **env).out
    assert b"disabled: Unavailable: it is written in Python" in place.run("extensions", "rescan", "that", **env).out
    assert place.list(**env)["that"]["disabled_by"] == "environment"


@pytest.mark.parametrize("what", ["file", "folder", "group"])
def test_what_others_may_write_is_not_opened(place, what):
    path = place.add("it")
    victim = place.folder if what == "folder" else path
    if what == "group":
        if os.getuid() != 0:
            pytest.skip("only root can give a file to a group")
        os.chown(path, 0, 12345)
    victim.chmod(0o777 if what != "group" else 0o775)
    it = place.list()["it"]
    assert (it["status"], it["stage"]) == ("failed", "trust") and "chmod" in it["error"]
    assert place.happened() == []


def test_what_belongs_to_somebody_else_is_not_opened(place):
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(place.add("it"), 12345, 0)
    assert "another user" in place.list()["it"]["error"]


def test_a_relative_folder_is_left_out(place):
    place.add("it")
    done = place.run("list-extensions", "--json", PYFORGE_EXTENSION_PATH="extensions")
    assert done.json == [] and b"error: extensions: extensions: not an absolute path" in done.err


@pytest.mark.parametrize("path, code, said", [("extensions", 2, "'extensions': not an absolute path"), ("/no/such", 2, "'/no/such': no folder is there")])
def test_a_bad_extension_path_is_said(place, path, code, said):
    place.add("it")
    done = place.run("list-extensions", "--extension-path", f"{place.folder}:{path}")
    assert done.code == code and f"--extension-path: {said}; give whole paths of folders" in done.err.decode(), done.err
    warned = place.run("list-extensions", "--log-level", "warning", PYFORGE_EXTENSION_PATH=f"{place.folder}:/no/such")
    assert warned.code == 0 and b"warning: extensions: /no/such: no folder is there" in warned.err


@pytest.mark.parametrize("value", ["soon", "-1", "0", "nan", "4000"])
def test_a_bad_timeout_is_said_wherever_it_stands(place, value):
    for by, words, env in (("--extension-timeout", [f"--extension-timeout={value}"], {}),
                           ("PYFORGE_EXTENSION_TIMEOUT", [], {"PYFORGE_EXTENSION_TIMEOUT": value})):
        done = place.run("formats", *words, **env)
        assert done.code == 2 and f"{by}: '{value}' is no number of seconds between 0 and 3600" in done.err.decode(), done.err


@pytest.mark.parametrize("words, env", [(["--no-extensions"], {}), ([], {"PYFORGE_NO_EXTENSIONS": "1"})])
def test_extensions_can_be_switched_off(place, words, env):
    place.add("it", "HOOKS")
    assert place.run("list-extensions", *words, **env).out == b"No extensions discovered\n"
    place.convert(*words, **env)
    assert place.out() == CSV and place.happened() == []
    assert place.run(*words, "--list-extensions", **env).out == b"No extensions discovered\n"


# ---- features ----

def test_PYFORGE_FORCE_CORE_leaves_engines_and_hooks_out(place):
    place.add("it", "ENGINE", "HOOKS")
    done = place.convert()
    assert done.json["files"][0]["tables"][0]["rows_out"] == 5 and "it engine" in place.happened()
    place.convert(PYFORGE_FORCE_CORE="1")
    assert place.out() == CSV


def test_a_store_serves_its_prefix(place):
    place.add("it", "STORE")
    done = place.run("convert", "face:some/where.csv", "-o", "out.csv")
    assert done.code == 0, done.err
    assert place.out() == "path,size\nsome/where.csv,1\n"


AWAY = "is for extension 'it', which is unavailable: FACE_PLACE is not set; set it"


def test_a_place_for_an_extension_that_is_away_is_refused_with_its_reason_and_nothing_is_made(place):
    place.add("it", "STORE", "INIT_UNAVAILABLE")
    place.forge.write("in.csv", CSV)
    for words in (["convert", "in.csv", "face:a/b/out.csv"], ["convert", "in.csv", "face:a/b/"], ["convert", "face:a/in.csv", "out.csv"],
                  ["convert", "face:a/*.csv", "out.csv"], ["convert", "in.csv", "out.csv", "--rejects", "face:a/r.csv"]):
        done = place.run(*words)
        assert done.code == 1 and "UNAVAILABLE" in done.err.decode() and AWAY in done.err.decode(), (words, done.err)
        assert not any((place.forge.folder / name).exists() for name in ("face:a", "out.csv")), words
    assert place.run("convert", "in.csv", "face:a/b/out.csv", "--no-extensions").code == 0


def test_a_folder_of_this_machine_that_bears_the_name_of_such_a_place_is_used_and_told_of(place):
    mount = place.root / "mount"
    place.add("it", "STORE", "INIT_UNAVAILABLE", f"PREFIX={mount}/")
    place.forge.write("in.csv", CSV)
    assert place.run("convert", "in.csv", mount / "out.csv").code == 1 and not mount.exists()
    mount.mkdir()
    done = place.run("convert", "in.csv", mount / "out.csv", "--json")
    assert done.code == 0 and (mount / "out.csv").read_text() == CSV
    told = [n["detail"] for n in done.json["files"][0]["tables"][0]["notices"] if n["kind"] == "local-place"]
    assert len(told) == 1 and "FACE_PLACE is not set" in told[0], done.json
    assert place.run("convert", mount / "out.csv", "back.csv").code == 0
    assert place.run("convert", "in.csv", mount / "deeper" / "out.csv").code == 1 and not (mount / "deeper").exists()


@pytest.mark.parametrize("location", ["s3://bucket/x.csv", "dbfs:/tmp/x.csv", "file:///tmp/x.csv"])
def test_a_scheme_that_no_store_knows_is_told_and_makes_no_folder(place, location):
    place.forge.write("in.csv", CSV)
    scheme = location.split("/")[0]
    for words in (["convert", "in.csv", location], ["convert", location, "out.csv"], ["info", location]):
        done = place.run(*words)
        assert done.code != 0 and f"no store knows the scheme of '{scheme}'" in done.err.decode(), done.err
    assert not (place.forge.folder / scheme).exists()
    assert place.run("convert", "in.csv", f"./{location}").code == 0
    assert place.run("convert", location, "out.csv").code == 0  # a file that is there is read


@pytest.mark.parametrize("location", ["dbfs:/tmp/x.csv", "/Volumes/main/raw/in/x.csv", "/dbfs/tmp/x.csv"])
def test_off_Databricks_its_places_are_refused_and_not_made_on_this_machine(place, program, location):
    shutil.copy(Path(program).parent / "extensions" / "databricks" / "databricks.so", place.folder)
    place.forge.write("in.csv", CSV)
    clean = {key: "" for key in os.environ if key.startswith("DATABRICKS")}
    done = place.run("convert", "in.csv", location, **clean)
    assert done.code == 1 and b"which is unavailable: this is not compute of Databricks" in done.err
    assert not Path(location).exists() and not (place.forge.folder / "dbfs:").exists()


def test_hooks_set_options_that_the_user_did_not_and_are_told_of_the_result(place):
    place.add("it", "HOOKS")
    place.run("list-extensions")
    place.log.unlink()
    place.convert()
    assert place.out() == "a\n1\n"
    assert place.happened() == ["it init", "it parameter", "it in.csv", "it post 1", "it shutdown"]
    place.convert("--limit", "2")
    assert place.out() == "a\n1\n2\n"
    plan = place.run("convert", "in.csv", "--explain").out.decode()
    assert any(line.split()[:3] == ["limit", "1", "it"] for line in plan.splitlines()), plan


def test_a_failing_hook_is_a_notice_with_its_name(place):
    place.add("it", "HOOKS", "HOOK_FAIL")
    done = place.convert()
    assert place.out() == CSV
    assert place.notices(done, "hook-failed") == ["extension 'it': its parameter hook failed: no parameters today"]


@pytest.mark.parametrize("key, value, said", [("type", "a=nope", "'nope' is not a type"), ("rejects", "r.xyz", "the suffix '.xyz'"),
                                              ("encoding", "moon", "the encoding 'moon'"), ("columns", "b", "there is no column 'b'"),
                                              ("output", "x.nothing", "the suffix '.nothing'")])
def test_a_bad_value_of_a_hook_is_a_notice_with_its_name_and_the_option_is_as_it_was(place, key, value, said):
    place.add("it", "HOOKS", f"SET_KEY={key}", f"SET_VALUE={value}")
    place.forge.write("in.csv", CSV)
    done = place.run("convert", "in.csv", "--json")
    assert done.code == 0 and done.json["totals"]["rows_out"] == 3, done.err
    told = place.notices(done, "hook-value")
    assert len(told) == 1 and told[0].startswith(f"extension 'it': the job failed with its --{key}, ") and said in told[0], told
    plan = place.run("convert", "in.csv", "--explain")
    lines = [line.split(None, 1) for line in plan.out.decode().splitlines()]
    assert plan.code == 0 and any(line[0] == "problem" and f"with its --{key}, " in line[1] for line in lines if line), (plan.out, plan.err)


def test_a_bad_value_that_a_hook_does_not_care_about_is_told_all_the_same(place):
    place.add("it", "HOOKS", "SET_KEY=limit", "SET_VALUE=many", "SET_UNASKED")
    done = place.convert()
    assert place.out() == CSV
    assert place.notices(done, "hook-value") == [
        "extension 'it': what its parameter hook set was not taken: --limit wants a whole number, not 'many'"]


def test_a_bad_value_of_the_user_is_not_a_hooks_fault(place):
    place.add("it", "HOOKS", "SET_KEY=limit", "SET_VALUE=1")
    done = place.convert("--type", "a=nope", code=2)
    assert b"'nope' is not a type" in done.err and b"hook-value" not in done.err


def test_the_output_that_a_hook_sets_is_taken_unless_the_user_gave_one_which_the_log_tells(place):
    place.add("it", "HOOKS", "SET_KEY=output", "SET_VALUE=by-hook.csv")
    place.forge.write("in.csv", CSV)
    assert place.run("convert", "in.csv").code == 0
    assert (place.forge.folder / "by-hook.csv").read_text() == CSV
    (place.forge.folder / "by-hook.csv").unlink()
    done = place.convert("--log-level", "info")
    assert place.out() == CSV and not (place.forge.folder / "by-hook.csv").exists()
    assert b"extension 'it' wanted another --output than its user, whose value stays" in done.err
    plan = place.run("convert", "in.csv", "--explain").out.decode()
    assert any(line.split() == ["output", "by-hook.csv", "it"] for line in plan.splitlines()), plan


def test_a_hanging_hook_is_left_alone_and_the_others_run(place):
    place.add("it", "HOOKS", "HOOK_HANG", "RANK=5")
    place.add("other", "HOOKS")
    place.run("list-extensions")
    start = time.time()
    done = place.convert("--extension-timeout", "0.3", FACE_LATER="1")
    assert time.time() - start < 3
    assert "took more than 300 ms" in place.notices(done, "hook-late")[0]
    assert place.out() == "a\n1\n"
    assert place.happened()[-6:].count("other post 1") == 1 and "it post 1" not in place.happened()


def test_a_pre_hook_may_refuse(place):
    place.add("it", "HOOKS", "HOOK_REFUSE")
    done = place.convert(code=1)
    assert b"DENIED: extension 'it': not on a Sunday" in done.err
    assert not (place.forge.folder / "out.csv").exists()
    assert not any("post" in line for line in place.happened())


@pytest.mark.parametrize("words", [["HOOKS", "HOOK_CRASH"], ["READER", "READ_CRASH"], ["READER", "READ_ABORT"], ["READER", "READ_CRASH_BELOW"],
                                   ["READER", "READ_FAIL"]])
def test_nothing_half_written_stays_when_running_code_dies_or_fails_and_why_tells_of_a_crash(place, words):
    place.add("it", *words)
    place.list()
    place.forge.write("x.face", "")
    place.forge.write("x.csv", "old\n")
    done = place.run("convert", "x.face", "x.csv", "--force")
    assert done.code == (1 if "READ_FAIL" in words else -signal.SIGABRT if "READ_ABORT" in words else -signal.SIGSEGV)
    assert (place.forge.folder / "x.csv").read_text() == "old\n"
    assert (b"extension 'it' crashed" in done.err) == ("READ_FAIL" not in words), done.err
    why = place.run("extensions", "why", "it").out.decode()
    word = "abort" if "READ_ABORT" in words else "a segmentation fault"
    assert (f"({word}) ended pyforge while code of it ran, on 20" in why) == ("READ_FAIL" not in words), why
    place.forge.write("x.in.csv", CSV)  # the next one to that name removes what a dead process began
    assert place.run("convert", "x.in.csv", "x.csv", "--force", "--no-extensions").code == 0
    assert [p.name for p in place.forge.folder.iterdir() if "tmp" in p.name] == []
    if "READ_FAIL" in words:
        assert b"the tape is torn" in done.err
        assert place.happened().count("it next") == 2  # not asked again after its failure


def test_a_crash_is_told_of_the_extension_whose_code_ran_until_its_file_changes(place):
    place.add("guilty", "READER", "READ_CRASH", "SUFFIX=.face", "RANK=9")
    place.add("good", "HOOKS")
    place.list()
    place.forge.write("x.face", "")
    for _ in range(2):
        done = place.run("convert", "x.face", "x.csv")
        assert done.code == -signal.SIGSEGV
        assert done.err == (b"error: EXTENSION: extension 'guilty' crashed, which ended pyforge; nothing is half-written. Give --no-extensions, "
                            b"or disable it with 'pyforge extensions disable guilty'\n")
    assert place.run("extensions", "why", "guilty").out.decode().count("crashed: signal 11") == 1
    assert b"crashed" not in place.run("extensions", "why", "good").out
    told = place.list()
    assert told["guilty"]["status"] == "initialized" and told["good"]["crash"] is None
    assert told["guilty"]["crash"].startswith("signal 11 (a segmentation fault) ended pyforge")
    assert b"Crashed: signal 11" in place.run("list-extensions").out
    place.add("guilty", "READER", "SUFFIX=.face", "RANK=9")
    assert b"crashed" not in place.run("extensions", "why", "guilty").out
    assert place.run("convert", "x.face", "x.csv").code == 0


@pytest.mark.parametrize("words, command", [(["HOOKS", "LATER_CRASH"], ["convert", "in.csv", "out.csv"]), (["COMMAND", "LATER_CRASH"], ["it", "say"])])
def test_a_crash_in_a_start_that_once_went_well_is_told_too(place, words, command):
    place.add("it", *words)
    place.list()
    place.forge.write("in.csv", CSV)
    done = place.run(*command, FACE_LATER="1")
    assert done.code == -signal.SIGSEGV and b"extension 'it' crashed, which ended pyforge" in done.err
    assert b"crashed: signal 11" in place.run("extensions", "why", "it").out


def test_a_signal_from_elsewhere_ends_the_program_and_blames_nobody(place):
    place.add("it", "READER", "READ_WAITS")
    place.list()
    place.forge.write("x.face", "")
    run = place.start("convert", "x.face", "x.csv")
    place.wait_for("it next")
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    assert run.returncode == 143
    assert b"crashed" not in place.run("extensions", "why", "it").out


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_of_a_conversion_stops_extensions_in_reverse_exactly_once(place, number, code):
    place.add("read", "READER", "READ_WAITS")
    for name, rank in (("a", 1), ("b", 9), ("c", 5)):
        place.add(name, "HOOKS", f"RANK={rank}")
    place.list()
    place.log.unlink()
    place.forge.write("x.face", "")
    run = place.start("convert", "x.face", "x.csv")
    place.wait_for("read next")
    run.send_signal(number)
    run.communicate(timeout=20)
    assert run.returncode == code
    lines = place.happened()
    assert [x for x in lines if "init" in x] == ["b init", "c init", "a init", "read init"]
    assert [x for x in lines if "shutdown" in x] == ["read shutdown", "a shutdown", "c shutdown", "b shutdown"]
    assert [x.split()[0] for x in lines if "post" in x] == ["a", "c", "b"]
    assert sorted(p.name for p in place.forge.folder.iterdir() if p.is_file() and not p.name.startswith("face")) == ["x.face"]


@pytest.mark.parametrize("words", [["READ_LEAKS"], ["READ_FORGETS"]])
def test_a_reader_that_leaks_batches_or_forgets_its_failure_harms_nothing(place, words):
    place.add("it", "READER", *words)
    place.forge.write("x.face", "")
    done = place.run("convert", "x.face", "x.csv")
    if words == ["READ_LEAKS"]:
        assert done.code == 0 and (place.forge.folder / "x.csv").read_text() == "it\n7\n"
    else:
        assert done.code == 1 and b"the tape is torn" in done.err
        assert not (place.forge.folder / "x.csv").exists()
        assert place.happened().count("it next") == 2  # after its failure it is not asked again
    check = place.run("extensions", "check", place.folder / "it.so", "x.face", "--json")
    assert check.code == 1


def test_a_reader_that_leaks_its_batches_costs_its_own_memory_and_nothing_else(place):
    place.add("it", "READER", "LEAK_BATCHES")
    place.list()
    place.forge.write("x.face", "")
    done = place.run("convert", "x.face", "x.csv")
    assert done.code == 0, done.err
    assert (place.forge.folder / "x.csv").read_text() == "it\n" + "".join(f"{i + 1}\n" for i in range(20))


def test_extensions_start_by_rank_and_stop_in_reverse_exactly_once(place):
    for name, rank in (("a", 1), ("b", 9), ("c", 5)):
        place.add(name, "HOOKS", f"RANK={rank}")
    place.list()
    place.log.unlink()
    place.convert()
    lines = place.happened()
    assert [x for x in lines if "init" in x] == ["b init", "c init", "a init"]
    assert [x for x in lines if "shutdown" in x] == ["a shutdown", "c shutdown", "b shutdown"]
    assert [x for x in lines if "post" in x] == ["a post 1", "c post 1", "b post 1"]


def test_extensions_are_stopped_once_when_the_conversion_fails(place):
    place.add("it", "HOOKS")
    place.list()
    place.log.unlink()
    assert place.run("convert", "missing.csv").code == 2
    assert place.happened().count("it shutdown") == 1 and len([x for x in place.happened() if "post" in x]) == 1


def test_a_hanging_shutdown_does_not_hold_the_program(place):
    place.add("it", "HOOKS", "SHUTDOWN_HANG")
    place.list()
    start = time.time()
    place.convert("--extension-timeout", "0.3", FACE_LATER="1")
    assert time.time() - start < 2


def test_init_that_hangs_only_here_is_left_alone(place):
    place.add("it", "HOOKS", "LATER_HANG")
    place.list()
    done = place.convert("--extension-timeout", "0.3", FACE_LATER="1")
    assert "init took more than 300 ms" in place.notices(done, "extension-failed")[0]
    assert place.out() == CSV


def test_a_command_gets_its_words_and_gives_the_exit_code(place):
    place.add("it", "COMMAND")
    done = place.run("it", "say", "a", "--force")
    assert (done.code, done.out, done.err) == (7, b"0=say\n1=a\n2=--force\n", b"started\n")
    done = place.run("--log-level", "error", "it", "say", "--log-file", "mine", "--no-extensions", "--log-level", "loud", "-v")
    assert (done.code, done.out) == (7, b"0=say\n1=--log-file\n2=mine\n3=--no-extensions\n4=--log-level\n5=loud\n6=-v\n")
    assert not (place.forge.folder / "mine").exists()
    assert b"say WORDS" in place.run("it").out and place.run("it", "--help").code == 0
    assert b"no command 'moon'" in place.run("it", "moon").err
    assert b"no such command: moon" in place.run("moon").err
    place.run("extensions", "disable", "it")
    assert b"is disabled" in place.run("it", "say").err


def test_a_command_answers_where_init_said_no(place):
    place.add("it", "COMMAND", "INIT_UNAVAILABLE")
    place.list()
    done = place.run("it", "say")
    assert (done.code, done.err) == (7, b"not started\n")


def test_an_interrupt_ends_a_command_and_stops_the_extension_once(place):
    place.add("it", "COMMAND")
    place.list()
    place.log.unlink()
    run = place.start("it", "say", "wait")
    place.wait_for("it waiting")
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=10)
    assert run.returncode == 130
    assert place.happened() == ["it init", "it waiting", "it shutdown"]


def test_of_two_readers_of_one_suffix_the_higher_rank_reads(place):
    place.add("low", "READER", "RANK=10")
    place.add("high", "READER", "RANK=20")
    place.forge.write("x.face", "")
    assert place.run("convert", "x.face", "x.csv").code == 0
    assert (place.forge.folder / "x.csv").read_text() == "high\n7\n"


def test_a_good_one_beside_broken_ones_works(place):
    place.add("good", "READER")
    for i, words in enumerate((["LOAD_CRASH"], ["NO_SYMBOL"], ["INIT_EXIT"], ["INIT_ABORT"], ["SMALL"])):
        place.add(f"bad{i}", *words)
    states = {name: e["status"] for name, e in place.list().items()}
    assert states == {"good": "initialized", **{f"bad{i}": "failed" for i in range(5)}}


def test_hundreds_of_libraries_in_a_folder_harm_no_conversion(place):
    for i in range(300):
        (place.folder / f"n{i:03}.so").write_bytes(b"")
    place.convert()
    assert place.out() == CSV
    assert len(place.list()) <= 256


def test_a_hook_that_fails_without_a_word_is_told_with_one(place):
    place.add("it", "HOOKS", "HOOK_MUTE")
    assert place.notices(place.convert(), "hook-failed") == [
        "extension 'it': its parameter hook failed: without a word; ask the extension's author"]


@pytest.mark.parametrize("name", ["a\tb", "a\nb"])
def test_a_path_with_a_tab_or_line_end_is_told_and_leaves_the_cache_whole(place, name):
    place.add("good", "HOOKS")
    odd = place.root / name
    place.add("odd", folder=odd)
    path = f"{odd}:{place.folder}"
    done = place.run("list-extensions", "--json", PYFORGE_EXTENSION_PATH=path)
    found = {e["name"]: e for e in json.loads(done.out)}
    assert found["good"]["status"] == "initialized"
    assert found["odd"]["stage"] == "trust" and "rename the file or folder" in found["odd"]["error"]
    log = place.run("--log-level", "debug", "list-extensions", PYFORGE_EXTENSION_PATH=path).err.decode()
    assert "good.so (known)" in log, log


def test_the_list_as_JSON_is_UTF_8_whatever_the_extension_says(place):
    library = place.made("NAME=odd").read_bytes()
    (place.folder / "odd.so").write_bytes(library.replace(b"One of many.", b"One \xff\xc3\xa9 man."))
    assert place.list()["odd"]["description"] == "One \ufffd\u00e9 man."


def test_a_hook_that_calls_exit_is_no_success(place):
    place.add("it", "HOOKS", "HOOK_EXIT")
    place.list()
    place.forge.write("x.csv", CSV)
    done = place.run("convert", "x.csv", "y.csv", FACE_LATER="1")
    assert done.code == 1 and b"ended the program with exit()" in done.err
    assert not (place.forge.folder / "y.csv").exists()


def test_forty_at_once(place):
    library = place.made("NAME=n00", "HOOKS").read_bytes()
    for i in range(40):
        (place.folder / f"n{i:02}.so").write_bytes(library.replace(b"n00", b"n%02d" % i))
    found = place.list()
    assert len(found) == 40 and all(e["status"] == "initialized" for e in found.values())
    place.convert()
    assert place.out() == "a\n1\n"


def test_the_log_tells_every_step_as_text_and_as_json(place):
    place.add("it", "HOOKS")
    place.convert("--log-file", "all.log", "--log-format", "json")
    lines = [json.loads(x) for x in (place.forge.folder / "all.log").read_text().splitlines()]
    texts = [x["text"] for x in lines]
    for part in ("looked into", "found ", "tried: ok", "opening ", "started in ", "it says hello", "parameter hook took", "stopped"):
        assert any(part in t for t in texts), part
    assert {x["level"] for x in lines} <= {"error", "warning", "info", "debug"} and all(x["time"].endswith("Z") for x in lines)
    assert b"debug: extension 'it': opening" in place.convert(PYFORGE_LOG_LEVEL="debug").err
    assert b"extension" not in place.convert(PYFORGE_LOG_LEVEL="error").err
    assert place.run("formats", PYFORGE_LOG_LEVEL="loud").code == 2
