"""What the command line promises besides the themes: which file is the output, streams, archives, side by side."""
import gzip
import os
import signal
import subprocess
import time
import zipfile

import pyarrow.parquet as pq
import pytest

from conftest import PROGRAM


# What nobody takes for text. Bytes drawn by chance sometimes are.
BINARY = bytes(range(256)) * 4


@pytest.mark.parametrize("words", [("a.csv", "b.csv"), ("a.csv", "b.csv", "c.csv"), ("[ab].csv", "c.csv")])
def test_combine_never_takes_an_input_of_the_shells_list_for_the_output(forge, words):
    for name in ("a.csv", "b.csv", "c.csv"):
        forge.write(name, "x,y\n1,2\n")
    done = forge.run("convert", "--combine", *words, "--force")
    assert done.code == 2 and b"-o OUTPUT" in done.err
    assert all((forge.folder / n).read_text() == "x,y\n1,2\n" for n in ("a.csv", "b.csv", "c.csv"))
    assert forge.run("convert", "--combine", *words, "-o", "all.csv").code == 0
    assert forge.run("convert", "--combine", *words, "-o", "all.csv", "--force").code == 0


def test_combine_of_a_pattern_or_a_folder_goes_into_the_second_argument(forge):
    for name in ("in/a.csv", "in/b.csv"):
        forge.write(name, "x,y\n1,2\n")
    for i, source in enumerate(("in/*.csv", "in/", "in")):
        assert forge.run("convert", "--combine", source, f"{i}.parquet").code == 0
        assert forge.run("convert", "--combine", source, f"{i}.parquet").code == 1
        assert forge.run("convert", "--combine", source, f"{i}.parquet", "--force").code == 0


BAD = ("--type", "a=int64", "--on-bad-cell", "reject")


def test_the_folder_of_rejects_is_made_and_goes_again_when_nothing_comes_into_it(forge):
    forge.write("in.csv", "a,b\n1,2\nx,3\n")
    assert forge.run("convert", "in.csv", "o.parquet", "--rejects", "new/sub/r.csv", *BAD).code == 0
    assert b"x,3" in (forge.folder / "new/sub/r.csv").read_bytes()
    done = forge.run("convert", "in.csv", "p.parquet", "--rejects", "none/r.csv", "--type", "a=int64", "--on-bad-cell", "fail")
    assert done.code == 1 and not (forge.folder / "none").exists()


@pytest.mark.parametrize("rejects,code,word", [("r.json", 2, b".csv or .parquet"), ("there.csv", 1, b"--force"),
                                               ("in.csv", 1, b"input")])
def test_rejects_that_cannot_be_written_are_refused_before_anything_is_read(forge, rejects, code, word):
    forge.write("in.csv", "a,b\n1,2\n")  # nothing would be rejected
    forge.write("there.csv", "mine")
    done = forge.run("convert", "in.csv", "o.parquet", "--rejects", rejects)
    assert done.code == code and word in done.err and not (forge.folder / "o.parquet").exists(), done.err


def make_zip(path, members):
    with zipfile.ZipFile(path, "w") as z:
        for name, content in members.items():
            z.writestr(name, content)


@pytest.mark.parametrize("members", [{"a.csv": "x,y\n1,2\n", "pic.jpg": BINARY, "read.me": "hello\n"},
                                     {"plain": "x,y\n1,2\n", "noise": bytes(range(256)) * 12, "more": bytes(range(99))}])
def test_files_of_an_archive_that_no_reader_knows_are_passed_over_and_listed(forge, members):
    make_zip(forge.folder / "in.zip", members)
    done = forge.run("convert", "in.zip", "out/", "--json")
    assert done.code == 0, done.err
    assert [f["status"] for f in done.json["files"]].count("skipped") == 2
    assert all(f["reason"] for f in done.json["files"] if f["status"] == "skipped")
    assert len(os.listdir(forge.folder / "out")) == 1
    done = forge.run("convert", "in.zip", "-o", "all.parquet", "--combine", "--json")
    assert done.code == 0 and [f["status"] for f in done.json["files"]].count("skipped") == 2, done.err


def test_an_archive_in_which_no_reader_knows_anything_fails(forge):
    make_zip(forge.folder / "in.zip", {"pic.jpg": BINARY, "noise": BINARY})
    done = forge.run("convert", "in.zip", "out/")
    assert done.code == 1 and b"none" not in done.err and b"any of the 2 files" in done.err


@pytest.mark.parametrize("words", [("convert", "in.csv", "--force"), ("convert", "in.csv", "--force", "--json"),
                                   ("convert", "in.csv", "--explain"), ("info", "in.csv"), ("sniff", "in.csv"),
                                   ("validate", "in.csv"), ("head", "in.csv"), ("schema", "in.csv"), ("formats",),
                                   ("help", "convert"), ("--version",), ("--help",)])
def test_what_cannot_be_printed_is_a_failure_of_one_line(forge, words):
    forge.write("in.csv", "a,b\n1,2\n3\n")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, *words], cwd=forge.folder, stdout=full, stderr=subprocess.PIPE)
    lines = [line for line in done.stderr.decode().splitlines() if "notice" not in line]
    assert done.returncode == 1 and len(lines) == 1 and "standard output" in lines[0], done.stderr


def test_notices_that_cannot_be_printed_are_a_failure(forge):
    forge.write("in.csv", "a,b\n1,2\n3\n")
    with open("/dev/full", "wb") as full:
        assert subprocess.run([PROGRAM, "convert", "in.csv"], cwd=forge.folder, stderr=full).returncode == 1


def test_a_closed_stream_never_becomes_an_output_file(forge):
    forge.write("in.csv", "a,b\n1,2\n3\n")
    assert forge.run("convert", "in.csv", "want.parquet").code == 0
    for n, close in enumerate((">&-", "2>&-", "<&-", "<&- >&- 2>&-")):
        subprocess.run(["bash", "-c", f'"{PROGRAM}" -v convert in.csv {n}.parquet {close}'], cwd=forge.folder)
        assert (forge.folder / f"{n}.parquet").read_bytes() == (forge.folder / "want.parquet").read_bytes()


def many_inputs(forge):
    """Small inputs of all kinds: good, empty, ragged, widened behind the sample, packed, of equal names, foreign."""
    for i in range(60):
        rows = "".join(f"{k},n {k * i},{k * i / 8}\n" for k in range(120))
        forge.write(f"in/f{i:02d}.csv", "" if i % 17 == 5 else "id,name,amount\n" + rows + ("x,y\n" if i % 7 == 2 else ""))
    for name in ("F03.csv", "f04.CSV", "f10.csv.gz"):
        forge.write("more/" + name, "a,b\n1,2\n" if not name.endswith("gz") else gzip.compress(b"a,b\n1,2\nbad,3\n"))
    forge.write("more/lock/nothing.txt", "")
    make_zip(forge.folder / "more/two.zip", {"f01.csv": "a,b\n1,2\n", "f02.csv": "a,b\nq,2\n", "pic.jpg": BINARY})
    return "in/", "missing.csv", "more/"


def told(done, out):
    """A result without what time decides, and without the options."""
    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("seconds", "survey_seconds", "options")}
        if isinstance(value, list):
            return [strip(v) for v in value]
        return value.replace(out, "out") if isinstance(value, str) else value
    return done.code, strip(done.json), [line.replace(out, "out") for line in done.err.decode().splitlines()]


@pytest.mark.parametrize("options", [(), ("--on-bad-row", "reject"), ("--on-bad-row", "reject", "--rejects", "OUT/bad.csv"),
                                     ("-f", "csv", "--types", "text"), ("--type", "*=int64", "--on-bad-cell", "reject")])
def test_small_inputs_side_by_side_give_what_one_after_the_other_gives(forge, options):
    inputs = many_inputs(forge)
    seen = []
    for threads in (1, 2, 7):
        out = f"out{threads}"
        done = forge.run("convert", *inputs, out + "/", "--json", "--threads", threads, *(o.replace("OUT", out) for o in options))
        files = {p.name: p.read_bytes().replace(out.encode(), b"out") for p in (forge.folder / out).iterdir()}
        seen.append((told(done, out), files))
    assert seen[0][0][0] == 1 and len(seen[0][1]) > 50
    assert seen[0] == seen[1] and seen[0] == seen[2]


def test_a_folder_that_is_made_for_inputs_side_by_side_goes_again_when_all_fail(forge):
    for i in range(9):
        forge.write(f"in/{i}.csv", "")
    assert forge.run("convert", "in/", "new/out/", "--threads", 4).code == 1
    assert not (forge.folder / "new/out").exists()


def test_inputs_side_by_side_stop_at_once_when_interrupted(forge):
    body = "a,b,c\n" + "".join(f"{i},{i}.5,text {i}\n" for i in range(60_000))
    for i in range(60):
        forge.write(f"in/{i}.csv", body)
    run = subprocess.Popen([PROGRAM, "convert", "in/", "out/", "--threads", "3"], cwd=forge.folder, stderr=subprocess.PIPE)
    while not (forge.folder / "out").exists() or not any(p.suffix == ".parquet" for p in (forge.folder / "out").iterdir()):
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    start = time.monotonic()
    assert run.wait(10) == 130 and time.monotonic() - start < 2
    for path in (forge.folder / "out").iterdir():
        assert path.suffix == ".parquet" and pq.read_metadata(path).num_rows == 60_000


@pytest.mark.parametrize("words", [("-v", "convert", "in.csv"), ("convert", "in.csv", "-v"), ("convert", "in.csv", "--verbose")])
def test_verbose_says_what_was_found_and_done_on_standard_error(forge, words):
    forge.write("in.csv", "a;b\n" + "".join(f"{i};some text\n" for i in range(200_000)) + "odd;y\n" + "".join(f"{i};more text\n" for i in range(150_000)))
    plain = forge.run("convert", "in.csv")
    done = forge.run(*words, "-c", "zstd", "--force")
    said = done.err.decode()
    assert done.code == 0 and len(done.out.splitlines()) == len(plain.out.splitlines()) == 1
    for word in ("Input file: in.csv (csv)", "delimiter ;", "encoding utf-8", "Output format: parquet", "Auto-generated output file: in.parquet",
                 "a text", "b text", "Read 2 times", "row 200001", "compression zstd (user)", "Time: ", "survey"):
        assert word in said, (word, said)


def test_verbose_lists_what_was_passed_over_and_why(forge):
    forge.write("in/a.csv", "x,y\n1,2\n")
    forge.write("in/.hidden.csv", "")
    assert b"1 file passed over" in forge.run("convert", "in/", "out/").err
    assert b"Passed over: in/.hidden.csv (hidden)" in forge.run("convert", "in/", "out/", "--force", "-v").err


@pytest.mark.parametrize("command", ["info", "sniff", "validate", "head"])
def test_several_files_are_looked_at_and_a_folder_is_answered(forge, command):
    for name in ("in/a.csv", "in/b.csv"):
        forge.write(name, "x,y\n1,2\n")
    assert len(forge.run(command, "in/a.csv", "in/b.csv", "--json").json) == 2
    assert forge.run(command, "in/a.csv", "in/b.csv").code == 0
    done = forge.run(command, "in/a.csv", "gone.csv", "in/b.csv", "--json")
    assert done.code == 2 and len(done.json) == 2 and b"gone.csv" in done.err
    done = forge.run(command, "in")
    assert done.code == 2 and b"2 files" in done.err and b"in/a.csv" in done.err
    (forge.folder / "in/b.csv").unlink()
    assert forge.run(command, "in").code == 0


COMPAT = {"PYFORGE_COMPAT": "1"}


def test_compat_has_the_earlier_defaults_names_and_exit_codes(forge):
    forge.write("a.b.csv", "id,name\n007,x\n")
    done = forge.run("convert", "a.b.csv", env=COMPAT)
    assert done.code == 0 and b"a.b.txt" in done.err and b"-f parquet" in done.err
    table = pq.read_table(forge.folder / "a.b.txt")
    assert table.to_pydict() == {"id": ["007"], "name": ["x"]} and {str(t) for t in table.schema.types} == {"string"}
    assert forge.run("convert", "a.b.csv", "-f", "TXT", "--force", env=COMPAT).code == 0
    assert forge.run("convert", "a.b.csv", "-f", "PARQUET", env=COMPAT).code == 0 and (forge.folder / "a.b.parquet").exists()
    before = (forge.folder / "a.b.parquet").read_bytes()
    done = forge.run("convert", "a.b.csv", "-f", "parquet", "--types", "exact", env=COMPAT)
    assert done.code == 0 and b"already exists" in done.err and (forge.folder / "a.b.parquet").read_bytes() == before
    assert forge.run("convert", "a.b.csv", "-f", "parquet", "--types", "exact", "--force", env=COMPAT).code == 0
    assert str(pq.read_schema(forge.folder / "a.b.parquet").field("id").type) == "string"  # 007 is a code
    assert forge.run("convert", "a.b.csv", "some.dat", env=COMPAT).code == 0  # the name given is taken as it is


def test_compat_refuses_as_before_what_it_cannot_read_and_never_harms_an_input(forge):
    forge.write("x.xyz", BINARY)
    forge.write("log.txt", "a,b\n1,2\n")
    for command in ("convert", "info", "validate"):
        done = forge.run(command, "x.xyz", env=COMPAT)
        assert done.code == 0 and b"holds Parquet" not in done.err, done.err  # nothing was written
        assert forge.run(command, "x.xyz").code == 1
        assert forge.run(command, "gone.csv", env=COMPAT).code == 2
    for force in ((), ("--force",)):
        forge.run("convert", "log.txt", *force, env=COMPAT)
        assert (forge.folder / "log.txt").read_text() == "a,b\n1,2\n"
    forge.write("dir/keep", "x")
    assert forge.run("convert", "log.txt", "dir", "--force", "-f", "parquet", env=COMPAT).code in (0, 1)
    assert forge.run("validate", "log.txt", env=COMPAT).code == 0
    forge.write("empty.csv", "")
    assert forge.run("convert", "empty.csv", env=COMPAT).code == 1 and forge.run("validate", "empty.csv", env=COMPAT).code == 1


@pytest.mark.parametrize("output", ["new/sub/deep/o.parquet", "new/sub/deep/"])
def test_every_folder_that_was_made_for_a_failed_output_goes_again(forge, output):
    forge.write("in.csv", "a,b\n1,2\nx,3\n")
    done = forge.run("convert", "in.csv", output, "--type", "a=int64", "--on-bad-cell", "fail")
    assert done.code == 1 and sorted(p.name for p in forge.folder.iterdir()) == ["in.csv"]
    (forge.folder / "kept").mkdir()
    assert forge.run("convert", "in.csv", "kept/" + output, "--type", "a=int64", "--on-bad-cell", "fail").code == 1
    assert sorted(p.name for p in forge.folder.iterdir()) == ["in.csv", "kept"] and not any((forge.folder / "kept").iterdir())


@pytest.mark.parametrize("output", ["in.csv/o.parquet", "in.csv/x/", "/proc/none/o.parquet"])
def test_a_folder_that_cannot_be_made_is_trouble_of_the_disk_with_its_reason(forge, output):
    forge.write("in.csv", "a,b\n1,2\n")
    done = forge.run("convert", "in.csv", output)
    said = done.err.decode()
    assert done.code == 1 and said.startswith("error: IO: ") and said.rstrip().endswith("; choose another folder") and said.count("\n") == 1, said
    assert any(w in said for w in ("Not a directory", "No such file or directory")), said


def test_an_error_in_a_row_names_the_row_once(forge):
    forge.write("in.csv", "a,b\n1,2\nx,3\n")
    done = forge.run("convert", "in.csv", "o.parquet", "--type", "a=int64")
    assert done.code == 1 and done.err.count(b"row 2") == 1 and b"line 3" in done.err, done.err
    done = forge.run("validate", "in.csv", "--type", "a=int64")
    assert done.out.count(b"row 2") == 1 and b"line 3" in done.out, done.out


@pytest.mark.parametrize("value", ["x", "-3", "1.5", ""])
def test_head_names_its_own_option_in_a_complaint(forge, value):
    forge.write("in.csv", "a,b\n1,2\n")
    done = forge.run("head", "in.csv", "-n", value)
    assert done.code == 2 and b"-n/--rows wants a whole number" in done.err and b"--limit" not in done.err, done.err


def test_an_interrupted_run_says_what_to_do(forge):
    forge.write("in.csv", "a,b\n" + "".join(f"{i},text {i}\n" for i in range(3_000_000)))
    run = subprocess.Popen([PROGRAM, "convert", "in.csv", "o.parquet"], cwd=forge.folder, stderr=subprocess.PIPE)
    time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    said = run.communicate()[1].decode()
    assert run.returncode == 130 and "run it again" in said, said


@pytest.mark.parametrize("command", ["info", "head", "validate", "sniff"])
def test_a_name_of_megabytes_is_cut_where_people_read_it(forge, command):
    forge.write("in.csv", "a" * 3_000_000 + ",b\n1,2\n3,4\n5\n")
    done = forge.run(command, "in.csv")
    assert done.code == (command == "validate") and len(done.out) < 20_000 and len(done.err) < 20_000, (done.code, len(done.out))
    assert len(forge.run("info", "in.csv", "--json").out) > 3_000_000
