"""Themes 06 10 13 15-18 37-41 44-46 49 50 79-82 87 89: files, dialects, safety, and what is said about them."""
import bz2
import csv
import gzip
import io
import json
import lzma
import os
import random
import subprocess
import sys
import zipfile

import pyarrow.parquet as pq
import pytest

from conftest import PROGRAM, notices


def test_06_names_are_legal_and_unique_and_the_mapping_is_told(forge):
    names = ["a b", "a_b", "A_B", "a", "a", "a_1", "x;y", "", "n" * 300]
    table, _ = forge.convert(",".join(names) + "\n" + ",".join("t%d" % i for i in range(9)) + "\n", "--names", "sanitise", "--header", "1")
    got = table.column_names
    assert len({n.lower() for n in got}) == 9 and all(0 < len(n.encode()) <= 255 for n in got)
    assert not any(c in n for n in got for c in " ,;{}()\n\t=")


DEFECTS = {"short": b"501,x\n", "long": b"502,x,1.5,2021-01-01,more\n", "bytes": b"503,\xff\xfe,1.5,2021-01-01\n", "date": b"504,ok,1.5,2021-02-30\n",
           "type": b"x505,ok,1.5,2021-01-01\n", "double": b"506,ok,abc,2021-01-01\n",
           "quote": b'507,"never closed,1.5,2021-01-01\n'}


def planted():
    lines = [b"id,name,amount,day\n"]
    at = {}
    kinds = list(DEFECTS)
    for i in range(1, 1001):
        if i % 140 == 0 and i // 140 <= 7:
            kind = kinds[i // 140 - 1]
            at[kind] = i
            lines.append(DEFECTS[kind])
        else:
            lines.append(b"%d,name %d,%d.25,2021-01-01\n" % (i, i, i))
    return b"".join(lines), at


OPTIONS = ("--type", "id=int64", "--type", "amount=double", "--on-bad-cell", "reject", "--type", "day=date", "--on-bad-row", "reject",
           "--on-bad-bytes", "reject", "--encoding", "utf-8")


def test_13_seven_planted_defects_are_seven_rejects_with_their_places(forge):
    content, at = planted()
    table, result = forge.convert(content, *OPTIONS)
    rejects = list(csv.DictReader(open(forge.folder / "out.parquet.rejects.csv", newline="")))
    assert sorted({int(r["row"]) for r in rejects}) == sorted(at.values()), rejects
    assert len(rejects) == 7
    assert table.num_rows == 993
    offset = {}
    pos = 0
    for n, line in enumerate(content.split(b"\n")):
        offset[n] = pos
        pos += len(line) + 1
    for r in rejects:
        assert int(r["line"]) == int(r["row"]) + 1 and int(r["byte"]) == offset[int(r["row"])], r
        assert r["reason"] and r["expected"]
    totals = result["files"][0]["tables"][0]
    assert totals["rows_in"] == 1000 and totals["rows_out"] == 993 and totals["rejected"] == 7


def test_13_fail_names_the_first_defect(forge):
    content, at = planted()
    forge.write("in.csv", content)
    done = forge.run("convert", "in.csv", "out.parquet", "--type", "id=int64", "--on-bad-row", "fail")
    assert done.code == 1 and not (forge.folder / "out.parquet").exists()
    lines = done.err.decode().strip().splitlines()
    assert len(lines) == 1 and "140" in lines[0] and "in.csv" in lines[0], lines


def test_13_counts_add_up_in_every_mode(forge):
    content, _ = planted()
    for policy in ("keep", "reject"):
        _, result = forge.convert(content, "--on-bad-row", policy)
        t = result["files"][0]["tables"][0]
        assert t["rows_in"] == t["rows_out"] + t["rejected"] + sum(t["skipped"].values())


@pytest.mark.parametrize("threads", [1, 4, 16])
def test_14_quoted_newlines_give_the_same_bytes_at_any_thread_count(forge, threads):
    random.seed(11)
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(["id", "text", "n"])
    for i in range(120_000):
        w.writerow([i, "line\n" * random.randint(0, 4) + 'say "x", ' * random.randint(0, 2), random.randint(0, 9)])
    forge.write("in.csv", out.getvalue())
    assert forge.run("convert", "in.csv", "one.parquet", "--threads", 1).code == 0
    assert forge.run("convert", "in.csv", "many.parquet", "--threads", threads).code == 0
    assert (forge.folder / "one.parquet").read_bytes() == (forge.folder / "many.parquet").read_bytes()
    assert forge.run("convert", "in.csv", "slow.parquet", env={"PYFORGE_SIMD": "portable"}).code == 0
    assert (forge.folder / "one.parquet").read_bytes() == (forge.folder / "slow.parquet").read_bytes()
    assert pq.read_metadata(forge.folder / "one.parquet").num_rows == 120_000


def test_14_an_unclosed_quote_costs_its_row_only(forge):
    rows = [f"{i},name {i},{i}" for i in range(1, 50_001)]
    rows[25_000] = '25001,"oops,25001'
    got = forge.columns("id,name,n\n" + "\n".join(rows) + "\n")
    assert len(got["id"]) == 50_000 and got["name"][25_000] == '"oops' and got["name"][25_001] == "name 25002"


TABLE = [["id", "Name", "Ort"]] + [[str(i), n, o] for i, (n, o) in enumerate(
    [("Müller", "Köln"), ("Jäger", "Düsseldorf"), ("Strauß", "Fürth"), ("Béla", "Besançon"), ("Nuñez", "León")] * 40)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso-8859-1",
                                      "iso-8859-15", "cp850", "cp437", "mac-roman", "cp1250", "gb18030"])
def test_15_the_same_table_in_14_encodings_is_the_same_with_the_override(forge, encoding):
    text = "\n".join(",".join(r) for r in TABLE) + "\n"
    if encoding in ("cp1250", "gb18030"):
        text = text.replace("ñ", "n") if encoding == "cp1250" else text
    forge.write("in.csv", text.encode(encoding))
    done = forge.run("convert", "in.csv", "o.parquet", "--encoding", encoding.replace("-sig", ""))
    assert done.code == 0, done.err
    got = pq.read_table(forge.folder / "o.parquet").to_pydict()
    want = [r.split(",") for r in text.splitlines()[1:]]
    assert got["Name"] == [w[1] for w in want] and got["Ort"] == [w[2] for w in want]


def test_15_detection_is_right_for_all_but_two_which_say_so(forge):
    text = "\n".join(",".join(r) for r in TABLE) + "\n"
    wrong = []
    for encoding in ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso-8859-1", "iso-8859-15",
                     "cp850", "cp437", "mac-roman", "cp1250", "gb18030"]:
        body = text.replace("ñ", "n") if encoding == "cp1250" else text
        forge.write("in.csv", body.encode(encoding))
        forge.run("convert", "in.csv", "o.parquet", "--force")
        got = pq.read_table(forge.folder / "o.parquet").to_pydict()
        names = list(got)
        if got[names[1]] != [r.split(",")[1] for r in body.splitlines()[1:]]:
            sniff = forge.run("sniff", "in.csv", "--json").json
            wrong.append((encoding, sniff["encoding"], sniff["confidence"]))
    assert len(wrong) <= 2 and all(c < 0.9 for _, _, c in wrong), wrong


def test_17_a_folder_with_3_broken_of_100_converts_97_and_lists_3(forge):
    for i in range(100):
        forge.write(f"in/f{i:03d}.csv.gz", gzip.compress(f"a,b\n{i},x\n".encode())[: 12 if i in (7, 55, 99) else None])
    done = forge.run("convert", "in/", "out/")
    assert done.code == 1
    assert len(list((forge.folder / "out").glob("*.parquet"))) == 97
    lines = done.err.decode().strip().splitlines()
    assert len([line for line in lines if "error" in line]) == 3


@pytest.mark.parametrize("given, names", [("a=b,b=a", ["b", "a", "c"]), ("a=x,y", ["x,y", "b", "c"]), ("a=x,y,c=b=1", ["x,y", "b", "b=1"])])
def test_06_names_are_swapped_and_a_comma_between_renames_parts_them(forge, given, names):
    assert forge.convert("a,b,c\n1,2,3\n", "--rename", given)[0].column_names == names


@pytest.mark.parametrize("given, said", [("a=", "gives column 1 no new name"), ("a=x,b=", "gives column 2 no new name"),
                                         ("a=x,q=y", "there is no column 'q'"), ("a", "wants OLD=NEW")])
def test_06_a_rename_that_cannot_be_meant_is_refused(forge, given, said):
    (forge.folder / "in.csv").write_text("a,b,c\n1,2,3\n")
    done = subprocess.run([PROGRAM, "convert", "in.csv", "--rename", given], cwd=forge.folder, capture_output=True, text=True)
    assert done.returncode != 0 and said in done.stderr and not (forge.folder / "in.parquet").exists()


def test_18_a_decimal_beyond_38_digits_is_told_what_decimals_can_be(forge):
    (forge.folder / "in.csv").write_text("a,b,c\n1,2,3\n")
    done = subprocess.run([PROGRAM, "convert", "in.csv", "--type", "a=decimal(50,2)"], cwd=forge.folder, capture_output=True, text=True)
    assert done.returncode == 2 and "1 ≤ p ≤ 38" in done.stderr


def test_82_verbose_shows_lists_as_people_write_them_and_who_set_what(forge):
    (forge.folder / "in.csv").write_text("a,b,c\n1,2,3\n")
    run = [PROGRAM, "convert", "in.csv", "-v", "--force", "--null-values", "NA", "--null-values", "x", "--format", "parquet"]
    told = subprocess.run(run, cwd=forge.folder, capture_output=True, text=True).stderr
    assert "null-values NA, x (user)" in told and "COMPAT" not in told
    run = subprocess.run(run, cwd=forge.folder, capture_output=True, text=True, env=dict(os.environ, PYFORGE_COMPAT="1"))
    assert "names pandas (PYFORGE_COMPAT)" in run.stderr and "format parquet (user)" in run.stderr
    plan = subprocess.run([PROGRAM, "convert", "in.csv", "--explain"], cwd=forge.folder, capture_output=True, text=True,
                          env=dict(os.environ, PYFORGE_COMPAT="1")).stdout
    assert any(line.split() == ["names", "pandas", "PYFORGE_COMPAT"] for line in plan.splitlines())


def test_17_of_runs_at_once_one_writes_without_force_and_all_do_with_it(forge):
    (forge.folder / "in.csv").write_text("a,b\n" + "1,2\n" * 5000)
    def codes(*more):
        runs = [subprocess.Popen([PROGRAM, "convert", "in.csv", "race.parquet", "-q", *more], cwd=forge.folder, stderr=subprocess.PIPE)
                for _ in range(6)]
        told = [run.communicate()[1].decode() for run in runs]
        assert all("EXISTS" in text for run, text in zip(runs, told) if run.returncode)
        return sorted(run.returncode for run in runs)
    assert codes() == [0] + [1] * 5
    (forge.folder / "race.parquet").unlink()
    assert codes("--force") == [0] * 6
    assert sorted(f.name for f in forge.folder.iterdir() if "race" in f.name) == ["race.parquet"]


def test_38_a_program_is_no_table_whatever_text_is_in_it(forge):
    rows = b"a,b\n" + b"1,2\n" * 500
    dos = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0"
    for head in (b"\x7fELF\x02\x01\x01" + bytes(9), dos, b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe\0\0\0\x02"):
        for name in ("program.csv", "program"):
            (forge.folder / name).write_bytes(head + rows)
            done = subprocess.run([PROGRAM, "sniff", name], cwd=forge.folder, capture_output=True, text=True)
            assert done.returncode == 1 and "no reader knows" in done.stderr, (head, done)
    (forge.folder / "text.csv").write_bytes(b"MZ,b\n1,2\n" + rows)
    assert subprocess.run([PROGRAM, "sniff", "text.csv"], cwd=forge.folder, capture_output=True).returncode == 0


def test_38_an_empty_delimiter_is_a_usage_error_and_an_empty_quote_is_none(forge):
    (forge.folder / "in.csv").write_text('a,b\n"1",2\n')
    done = subprocess.run([PROGRAM, "head", "in.csv", "--delimiter", ""], cwd=forge.folder, capture_output=True, text=True)
    assert done.returncode == 2 and "give what separates cells, or none for one column" in done.stderr
    done = subprocess.run([PROGRAM, "head", "in.csv", "--quote", ""], cwd=forge.folder, capture_output=True, text=True)
    assert done.returncode == 0 and '"1"' in done.stdout


def test_17_output_is_never_overwritten_without_force_nor_ever_an_input(forge):
    forge.write("a.csv", "x,y\n1,2\n")
    forge.write("a.parquet", "precious")
    done = forge.run("convert", "a.csv")
    assert done.code == 1 and b"already exists" in done.err and b"--force" in done.err
    assert (forge.folder / "a.parquet").read_text() == "precious"
    done = forge.run("convert", "a.csv", "--force")
    assert done.code == 1 and (forge.folder / "a.parquet").read_text() == "precious"  # not Parquet: not ours to replace
    for again in ("a.csv", "./a.csv"):
        assert forge.run("convert", "a.csv", again, "--force").code == 1
    os.symlink("a.csv", forge.folder / "link.csv")
    assert forge.run("convert", "a.csv", "link.csv", "--force").code == 1
    assert (forge.folder / "a.csv").read_text() == "x,y\n1,2\n"


DRIFT = [("a,b\n1,2\n", "a,b\n3,4\n", "strict add widen union"), ("a,b\n1,2\n", "b,a\n4,3\n", "strict add widen union"),
         ("a\n1\n2\n", "a,b\n3,4\n", "add union"), ("a,b\n1,2\n", "a\n3\n4\n", "union"),
         ("a,b\n1,2\n", "a,b\n3.5,4\n", "widen union"), ("a,b\n1,2\n", "a,b\nx,4\n", "widen union")]


@pytest.mark.parametrize("first,second,allowed", DRIFT)
@pytest.mark.parametrize("mode", ["strict", "add", "widen", "union"])
def test_18_drift_is_allowed_or_refused_as_documented_before_anything_is_written(forge, first, second, allowed, mode):
    forge.write("one.csv", first)
    forge.write("two.csv", second)
    done = forge.run("convert", "one.csv", "two.csv", "-o", "all.parquet", "--combine", "--schema-mode", mode, "--header", "1")
    assert (done.code == 0) == (mode in allowed.split()), (done.code, done.err)
    assert (forge.folder / "all.parquet").exists() == (mode in allowed.split())


def read_all(forge, *arguments):
    done = forge.run("convert", "-o", "all.parquet", "--combine", "--force", *arguments)
    assert done.code == 0, done.err
    return pq.read_table(forge.folder / "all.parquet"), done


@pytest.mark.parametrize("mode", ["strict", "add", "widen", "union"])
@pytest.mark.parametrize("order", [("empty.csv", "two.csv"), ("two.csv", "empty.csv"), ("empty.csv", "two.csv", "none.csv")])
def test_18_a_column_without_values_takes_the_type_it_has_elsewhere(forge, order, mode):
    forge.write("empty.csv", "id,x\n1,\n2,\n")
    forge.write("none.csv", "id,x\n5,\n")
    forge.write("two.csv", "id,x\n3,7\n")
    table, done = read_all(forge, *order, "--schema-mode", mode)
    assert str(table.schema.field("x").type) == "int64" and table["x"].drop_null().to_pylist() == [7]
    assert b"drift" not in done.err and "unseen" not in str(table.schema.metadata)


def test_18_an_input_that_is_given_twice_counts_twice(forge):
    forge.write("a.csv", "id,x\n1,2\n")
    done = forge.run("convert", "a.csv", "a.csv", "-o", "all.parquet", "--combine", "--json")
    assert done.json["totals"]["files"] == 2 and done.json["totals"]["rows_out"] == 2


def test_18_a_column_without_values_anywhere_is_text(forge):
    forge.write("one.csv", "id,x\n1,\n")
    forge.write("two.csv", "id,x\n2,\n")
    table, _ = read_all(forge, "one.csv", "two.csv")
    assert str(table.schema.field("x").type) == "string" and table["x"].null_count == 2


@pytest.mark.parametrize("order", [("long.csv", "two.csv"), ("two.csv", "long.csv")])
@pytest.mark.parametrize("value,kind,values", [("77", "int64", [5, 77]), ("1.5", "double", [5.0, 1.5]), ("word", "string", ["5", "word"])])
def test_18_a_value_that_the_sample_did_not_see_counts_wherever_it_stands(forge, order, value, kind, values):
    rows = [f"{i},,{'padding ' * 8}\n" for i in range(200_000)]
    rows[150_001] = f"150001,{value},-\n"
    forge.write("long.csv", "id,x,t\n" + "".join(rows))
    forge.write("two.csv", "id,x,t\n1,5,-\n")
    table, _ = read_all(forge, *order)
    assert str(table.schema.field("x").type) == kind
    assert sorted(table["x"].drop_null().to_pylist(), key=str) == sorted(values, key=str)
    survey = forge.run("convert", "-o", "s.parquet", "--combine", "--types", "survey", *order)
    assert survey.code == 1 and b"row 150002" in survey.err and b"--types exact" in survey.err and not (forge.folder / "s.parquet").exists()


def test_37_header_only_gives_no_rows_and_the_names(forge):
    table, _ = forge.convert("name,size,day\n")
    assert table.num_rows == 0 and table.column_names == ["name", "size", "day"]
    assert {str(t) for t in table.schema.types} == {"string"}


def test_37_an_empty_file_is_refused_by_name(forge):
    forge.write("e.csv", "")
    done = forge.run("convert", "e.csv")
    assert done.code == 1 and b"empty" in done.err.lower() and not (forge.folder / "e.parquet").exists()


def test_38_a_tsv_with_a_lone_quote_keeps_every_row(forge):
    rows = [f'{i}\t5" pipe {i}\t{i}' if i == 500 else f"{i}\tname {i}\t{i}" for i in range(1, 1001)]
    rows[200] = '201\t"lone\t201'
    got = forge.columns("id\tname\tn\n" + "\n".join(rows) + "\n", name="in.tsv")
    assert len(got["id"]) == 1000 and got["name"][200] == '"lone'


def test_38_sep_line_and_wide_delimiters(forge):
    assert forge.columns("sep=;\na;b\n1;2\n") == {"a": [1], "b": [2]}
    assert forge.columns("a||b||c\n1||2||x\n3||4||y\n", "--delimiter", "||") == {"a": [1, 3], "b": [2, 4], "c": ["x", "y"]}


def test_39_line_ends_may_be_mixed_and_are_kept_inside_quotes(forge):
    got = forge.columns(b'a,b\r\n1,x\n2,y\r3,"p\r\nq"\r\n4,z\n')
    assert got == {"a": [1, 2, 3, 4], "b": ["x", "y", "p\r\nq", "z"]}
    assert forge.columns(b"a,b\r1,x\r2,y\r") == {"a": [1, 2], "b": ["x", "y"]}


def test_40_a_nul_inside_a_field_keeps_its_length_and_is_counted(forge):
    table, result = forge.convert(b"a,b\n1,x\0y\n2,z\n")
    assert table.to_pydict()["b"] == ["x\0y", "z"]
    assert notices(result, "nul")


def test_41_one_field_of_64_MB_converts(forge):
    big = "x" * (64 << 20)
    got = forge.columns(f'a,b\n1,"{big}"\n2,y\n')
    assert len(got["b"][0]) == 64 << 20 and got["b"][1] == "y"


def test_44_a_schema_given_back_is_the_schema_exactly_and_the_bytes_are_equal(forge):
    forge.write("in.csv", "id;d;v\n1;03.04.2021;1,5\n2;13.04.2021;2,25\n")
    assert forge.run("convert", "in.csv", "one.parquet").code == 0
    schema = forge.run("schema", "in.csv")
    assert schema.code == 0
    forge.write("s.json", schema.out)
    assert forge.run("convert", "in.csv", "two.parquet", "--schema", "s.json").code == 0
    assert (forge.folder / "one.parquet").read_bytes() == (forge.folder / "two.parquet").read_bytes()


def test_44_a_schema_of_a_later_version_is_refused(forge):
    forge.write("in.csv", "a,b\n1,2\n")
    schema = json.loads(forge.run("schema", "in.csv").out)
    forge.write("s.json", json.dumps(dict(schema, version=schema["version"] + 1)))
    done = forge.run("convert", "in.csv", "out.parquet", "--schema", "s.json")
    assert done.code == 1 and b"version" in done.err and not (forge.folder / "out.parquet").exists()


def test_17_the_second_of_two_inputs_is_not_taken_for_the_output_unasked(forge):
    forge.write("jan.csv", "a,b\n1,2\n")
    forge.write("feb.csv", "a,b\n3,4\n")
    done = forge.run("convert", "jan.csv", "feb.csv")
    assert done.code == 1 and b"-o" in done.err and (forge.folder / "feb.csv").read_text() == "a,b\n3,4\n"


def test_44_explain_writes_nothing(forge):
    forge.write("in.csv", "a,b\n1,2\n")
    done = forge.run("convert", "in.csv", "--explain", "-c", "zstd")
    assert done.code == 0 and b"compression" in done.out and b"zstd" in done.out and b"user" in done.out
    assert not (forge.folder / "in.parquet").exists()


def test_45_columns_by_name_index_letter_and_glob(forge):
    text = "id,name,v1,v2,w\n1,a,2,3,4\n"
    assert list(forge.columns(text, "--columns", "name,id")) == ["name", "id"]
    assert list(forge.columns(text, "--columns", "1,3")) == ["id", "v1"]
    assert list(forge.columns(text, "--columns", "v*")) == ["v1", "v2"]
    assert list(forge.columns(text, "--columns", "B:D")) == ["name", "v1", "v2"]
    assert list(forge.columns(text, "--exclude", "v*")) == ["id", "name", "w"]
    assert forge.columns("a\n" + "1\n" * 1000, "--limit", "100")["a"] == [1] * 100
    assert list(forge.columns(text, "--rename", "v1=first")) == ["id", "name", "first", "v2", "w"]


@pytest.mark.parametrize("suffix,pack", [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_46_compressed_inputs_are_peeled(forge, suffix, pack):
    body = "a,b\n" + "".join(f"{i},x{i}\n" for i in range(50_000))
    forge.write("in.csv" + suffix, pack(body.encode()))
    assert forge.run("convert", "in.csv" + suffix).code == 0
    assert pq.read_table(forge.folder / "in.parquet").column("a").to_pylist() == list(range(50_000))


def test_46_zip_members_are_files(forge):
    with zipfile.ZipFile(forge.folder / "two.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("one.csv", "a,b\n1,2\n")
        z.writestr("sub/two.csv", "c,d\n3,4\n")
    assert forge.run("convert", "two.zip", "out/").code == 0
    assert {p.name for p in (forge.folder / "out").iterdir()} == {"one.parquet", "two.parquet"}


def test_49_row_groups_hold_122880_rows_or_32_MB(forge):
    forge.convert("a\n" + "\n".join(map(str, range(300_000))) + "\n")
    meta = pq.read_metadata(forge.folder / "out.parquet")
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [122_880, 122_880, 54_240]
    random.seed(3)
    forge.convert("a,b\n" + "\n".join(f"{i},{random.randbytes(600).hex()}" for i in range(60_000)) + "\n")
    meta = pq.read_metadata(forge.folder / "out.parquet")
    assert meta.num_row_groups > 1
    assert all(meta.row_group(i).total_byte_size <= 34 << 20 for i in range(meta.num_row_groups))


def test_50_very_wide_tables(forge):
    columns = 16_384
    head = ",".join(f"c{i}" for i in range(columns))
    row = ",".join(str(i % 100) for i in range(columns))
    table, _ = forge.convert(head + "\n" + (row + "\n") * 50)
    assert table.num_columns == columns and table.num_rows == 50


def test_79_lock_and_hidden_files_in_folders_are_left_out_and_listed(forge):
    for n in ("a", "b", "c"):
        forge.write(f"in/{n}.csv", "x,y\n1,2\n")
    for junk in ("~$a.csv", ".~lock.b.csv#", ".DS_Store", "_SUCCESS"):
        forge.write(f"in/{junk}", "x,y\n1,2\n")
    done = forge.run("convert", "in/", "out/", "--json")
    assert done.code == 0
    assert len(list((forge.folder / "out").glob("*.parquet"))) == 3
    assert len([f for f in done.json["files"] if f["status"] == "skipped"]) == 4


def test_80_unicode_and_long_paths(forge):
    deep = "/".join(["日本語-Þórunn-" + "x" * 60] * 4)
    forge.write(deep + "/données.csv", "a,b\n1,2\n")
    assert forge.run("convert", deep + "/données.csv").code == 0
    assert (forge.folder / deep / "données.parquet").exists()


def test_81_standard_input_in_and_stdin_equals_file(forge):
    body = "a,b\n" + "".join(f"{i},{i}.5\n" for i in range(200_000))
    forge.write("in.csv", body)
    assert forge.run("convert", "in.csv", "file.parquet").code == 0
    assert forge.run("convert", "-", "pipe.parquet", stdin=body.encode()).code == 0
    assert (forge.folder / "file.parquet").read_bytes() == (forge.folder / "pipe.parquet").read_bytes()


def test_82_errors_are_one_line_with_code_place_and_remedy(forge):
    forge.write("broken.csv.gz", gzip.compress("".join(f"{i},{i * 7919 % 1000}\n" for i in range(5000)).encode())[:6000])
    done = forge.run("convert", "broken.csv.gz")
    lines = done.err.decode().strip().splitlines()
    assert done.code == 1 and len(lines) == 1
    assert lines[0].startswith("error: BAD_DATA") and "broken.csv.gz" in lines[0]
    done = forge.run("convert", "nowhere.csv")
    assert done.code == 2 and b"does not exist" in done.err
    done = forge.run("convert", "broken.csv.gz", "--compresion", "zstd")
    assert done.code == 2 and b"--compression" in done.err


def test_87_the_sniffed_dialect_given_back_changes_nothing(forge):
    forge.write("in.csv", "# note\na;b\n'x;1';2\n'it''s';3\n")
    sniff = forge.run("sniff", "in.csv", "--json").json
    assert forge.run("convert", "in.csv", "one.parquet").code == 0
    again = ["--delimiter", sniff["delimiter"], "--quote", sniff["quote"], "--encoding", sniff["encoding"]]
    assert forge.run("convert", "in.csv", "two.parquet", *again).code == 0
    assert (forge.folder / "one.parquet").read_bytes() == (forge.folder / "two.parquet").read_bytes()


def test_89_source_file_on_request(forge):
    forge.write("one.csv", "a,b\n1,2\n")
    forge.write("two.csv", "a,b\n3,4\n")
    assert forge.run("convert", "one.csv", "two.csv", "-o", "all.parquet", "--combine", "--source-file").code == 0
    got = pq.read_table(forge.folder / "all.parquet").to_pydict()
    assert [os.path.basename(s) for s in got["source_file"]] == ["one.csv", "two.csv"]


def test_sniff_has_the_promised_keys(forge):
    forge.write("in.csv", "a;b\n1;2\n")
    got = forge.run("sniff", "in.csv", "--json").json
    assert {"delimiter", "quote", "escape", "line_end", "encoding", "bom", "header_rows", "skip_rows", "columns",
            "confidence"} <= set(got) and got["delimiter"] == ";" and got["header_rows"] == 1


def test_header_none_means_every_record_is_data(forge):
    table, _ = forge.convert("Title line\na,b\n1,2\nTotal,3\n", "--header", "none", "--types", "text")
    assert table.num_rows == 4


def test_ragged_rows_are_kept_padded_or_in_extra_columns(forge):
    table, result = forge.convert("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,\n")
    got = list(table.to_pydict().values())
    assert got[:3] == [[1, 4, 6, 10], [2, 5, 7, 11], [3, None, 8, 12]] and got[3] == [None, None, 9, None]
    table, _ = forge.convert("a,b,c\n1,2,3\n10,11,12,\n")  # a trailing empty cell is no new column
    assert table.num_columns == 3


def test_leniency_never_damages_good_rows(forge):
    assert forge.columns('a,b\n"48""",x\n"q ""in"" q",y\n') == {"a": ['48"', 'q "in" q'], "b": ["x", "y"]}


def test_exit_codes(forge):
    forge.write("in.csv", "a,b\n1,2\n3\n")
    assert forge.run("convert", "in.csv", "o.parquet").code == 0
    assert forge.run("convert", "in.csv", "o2.parquet", "--on-bad-row", "reject").code == 0
    done = forge.run("convert", "in.csv", "o3.parquet", "--on-bad-row", "reject", "--max-rejects", "0", "-q")
    assert done.code == 3 and done.err.startswith(b"error: LIMIT: rejected rows: ") and b"--max-rejects allows 0" in done.err
    done = forge.run("convert", "in.csv", "o4.parquet", "--max-notices", "0", "-q")
    assert done.code == 3 and done.err.startswith(b"error: LIMIT: notices: ") and b"--max-notices allows 0" in done.err
    assert forge.run("convert", "in.csv", "b", "c").code == 2
    assert forge.run("convert").code == 2
    assert forge.run("nonsense").code == 2


BAD = ("--type", "a=date", "--on-bad-cell", "reject")


@pytest.mark.parametrize("rejects", ["out.parquet", "./out.parquet", "sub/../out.parquet", "OUT.parquet"])
def test_17_rejected_rows_never_replace_the_output(forge, rejects):
    forge.write("in.csv", "a,b\n1,2\n2020-01-01,3\n")
    (forge.folder / "sub").mkdir()
    done = forge.run("convert", "in.csv", "out.parquet", "--force", "--rejects", rejects, *BAD)
    assert done.code == 2 and b"--rejects" in done.err and not (forge.folder / "out.parquet").exists(), done.err


def test_17_outputs_of_a_folder_leave_the_name_of_the_rejects_alone(forge):
    forge.write("a.csv", "a,b\n1,2\n2020-01-01,3\n")
    forge.write("b.csv", "a,b\n2020-01-02,4\n")
    done = forge.run("convert", "a.csv", "b.csv", "out/", "--force", "--rejects", "./out/b.parquet", *BAD)
    assert done.code == 0, done.err
    assert pq.read_table(forge.folder / "out/b.parquet")["raw"].to_pylist() == ["1,2"]
    assert pq.read_table(forge.folder / "out/b_2.parquet")["b"].to_pylist() == [4]


def test_17_rejected_rows_never_replace_another_output(forge):
    for name in ("1.csv", "1.csv.rejects.csv"):
        forge.write("in/" + name, "a,b\n1,2\n2020-01-01,3\n")
    done = forge.run("convert", "in/1.csv.rejects.csv", "in/1.csv", "out/", "-f", "csv", "--force", *BAD)
    assert done.code == 1 and (forge.folder / "out/1.csv.rejects.csv").read_text() == "a,b\n2020-01-01,3\n", done.err


def test_41_a_first_line_of_some_megabytes_is_read(forge):
    names = [f"a_rather_long_name_of_a_column_{i}" for i in range(40_000)]
    table, _ = forge.convert(",".join(names) + "\n" + ",".join("7" * len(names)) + "\n", "--columns", "1,40000")
    assert table.to_pydict() == {names[0]: [7], names[-1]: [7]}
    assert forge.columns("1," + "z" * 3_000_000 + "\n2,y\n", "--header", "none")["column_1"] == [1, 2]
    forge.write("in.csv", "x" * 20_000_000)
    done = forge.run("convert", "in.csv", "o.parquet")
    assert done.code == 1 and b"no whole line" in done.err, done.err


def test_81_a_pipe_without_a_line_end_is_read(forge):
    for text, rows in ((b"a,b", 0), (b"1," + b"z" * 200_000 + b"\n2,y", 2)):
        done = forge.run("convert", "-", "o.parquet", "--force", stdin=text)
        assert done.code == 0 and pq.read_metadata(forge.folder / "o.parquet").num_rows == rows, done.err


def test_25_a_text_means_null_everywhere_or_in_one_column(forge):
    text = "country,a,b\nNA,1,NA\nDE,NA,2\n"
    assert forge.columns(text) == {"country": ["NA", "DE"], "a": ["1", "NA"], "b": ["NA", "2"]}
    assert forge.columns(text, "--null-values", "a=NA", "--null-values", "b=NA") == {"country": ["NA", "DE"], "a": [1, None], "b": [None, 2]}
    assert forge.columns(text, "--null-values", "NA")["country"] == [None, "DE"]


def test_40_nul_characters_are_stripped_on_request(forge):
    table, result = forge.convert(b"a,b\n1,x\0y\n2,z\n", "--nul", "strip")
    assert table.to_pydict()["b"] == ["xy", "z"] and notices(result, "nul")


def test_44_a_sample_says_that_it_is_one_and_takes_no_longer_for_a_longer_file(forge):
    forge.write("in.csv", "a,b\n" + "".join(f"{i},{i}\n" for i in range(600_000)) + "odd,1\n" + "9,9\n" * 250_000)
    assert forge.run("info", "in.csv", "--json").json["exact"] is True
    got = forge.run("info", "in.csv", "--sample", "--json").json
    assert got["exact"] is False and "estimated_rows" in got["tables"][0]
    assert b"Exact" in forge.run("info", "in.csv", "--sample").out


def test_59_a_run_without_a_terminal_says_little(forge):
    forge.write("in.csv", "a,b\n" + "".join(f"{i},{i}\n" for i in range(400_000)))
    quiet = forge.run("convert", "in.csv")
    assert quiet.err == b"" and len(quiet.out.splitlines()) == 1 and b"\r" not in quiet.out
    assert len(forge.run("convert", "in.csv", "--force", "-v").err.splitlines()) <= 20
    assert forge.run("convert", "in.csv", "--force", "-q").out == b""


KINDS = {"file": ("in.csv",), "pattern": ("*n.csv",), "folder": ("d/",), "gz": ("in.csv.gz",), "zip": ("in.zip",), "stdin": ("-",),
         "link": ("link.csv",)}


@pytest.mark.parametrize("command", ["convert", "info", "sniff", "validate", "head", "schema"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_81_every_command_takes_every_kind_of_input(forge, command, kind, form):
    body = "a,b\n1,x\n2,y\n".replace(",", "," if form == "csv" else "\t").encode()
    for name in ("in.csv", "d/in.csv"):
        forge.write(name, body)
    forge.write("in.csv.gz", gzip.compress(body))
    os.symlink("in.csv", forge.folder / "link.csv")
    with zipfile.ZipFile(forge.folder / "in.zip", "w") as z:
        z.writestr("in.csv", body)
    words = (*KINDS[kind], "-o", "out/") if command == "convert" else KINDS[kind]
    done = forge.run(command, *words, stdin=body if kind == "stdin" else None)
    assert done.code == 0, done.err
    if command == "convert":
        made = [p for p in (forge.folder / "out").iterdir()]
        assert pq.read_table(made[0]).to_pydict() == {"a": [1, 2], "b": ["x", "y"]} and len(made) == 1


def test_88_one_code_keeps_a_column_of_numbers_text(forge):
    assert forge.columns("a,b\n123,37.4\n00123, 37.5\n") == {"a": ["123", "00123"], "b": forge.columns("b\n37.4\n 37.5\n")["b"]}
    assert forge.columns("a\n123\n00123\n", "--type", "a=int64") == {"a": [123, 123]}


def peak_mb(forge, *words):
    """The most memory that one run took; asked from a small process, for a child begins with the peak of its parent."""
    ask = ("import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
           "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)")
    words = [sys.executable, "-S", "-c", ask, PROGRAM, *map(str, words)]
    code, peak = subprocess.run(words, cwd=forge.folder, stdout=subprocess.PIPE, check=True).stdout.split()
    assert int(code) == 0
    return int(peak)


def test_41_a_quote_without_end_takes_no_memory_for_what_follows_it(forge):
    lines = "".join(f'{i},some text {i},"",{i % 100}.5\n' for i in range(1_500_000))
    forge.write("good.csv", "a,b,e,c\n" + lines)
    forge.write("open.csv", 'a,b,e,c\n0,"never closed,"",1.5\n' + lines)
    good, opened = (peak_mb(forge, "convert", name, "out.parquet", "--force", "--threads", 1) for name in ("good.csv", "open.csv"))
    assert opened < good + 20, (good, opened)
    done = forge.run("convert", "open.csv", "out.parquet", "--force", "--json").json
    assert [(n["row"], n["count"]) for n in notices(done, "unclosed-quote")] == [(1, 1)]
    assert pq.read_metadata(forge.folder / "out.parquet").num_rows == 1_500_001


def test_50_wide_tables_are_read_in_little_memory(forge):
    columns = 16_384
    row = ",".join(str(i % 100_000 + 10_000) for i in range(columns))
    forge.write("in.csv", ",".join(f"c{i}" for i in range(columns)) + "\n" + (row + "\n") * 500)
    assert peak_mb(forge, "convert", "in.csv", "out.csv", "--force", "--threads", 4) < 240


@pytest.mark.parametrize("text", ["k,v\nx,1\n\n7,8,9\n10,11,12\n", "a;b;c\n1;2;3\n4;5;6\n\nd;e\n7;8\n", "a,b\n1,2\n3,4\n\na,b\n5,6\n",
                                  "name,age\nAnn,3\nBob,4\n\ncode,label,flag\nA,Alpha,x\nB,Beta,y\n"])
def test_34_several_small_tables_in_a_file_are_said_and_no_row_is_dropped(forge, text):
    table, result = forge.convert(text)
    assert notices(result, "tables"), result
    assert table.num_rows == len([line for line in text.splitlines() if line]) - 1


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n\n4,5,6\n\n7,8,9\n", "name,note\nAnn,hello\n\nBob,bye\n\nCid,well\n", "a,b,c\n1,2,3\n4,5,6\n\nTotal,7,9\n",
                                  "a,b,c\n1,2,3\n4,5,6\n\nSource: x, y\nNote: p, q\n", "name,note,n\nAnn,hello,1\n\nBob,bye\n\nCid,well,3\n"])
def test_34_one_table_with_gaps_notes_or_totals_is_not_called_several(forge, text):
    assert notices(forge.convert(text)[1], "tables") == []


@pytest.mark.parametrize("rows,names", [("1,2,\n3,4,\n", ["a", "b"]), ("1,2,\n3,4,x\n", ["a", "b", "column_3"]), ('1,2,""\n3,4,\n', ["a", "b", "column_3"])])
def test_11_a_delimiter_at_the_end_of_every_row_is_no_column_that_the_header_does_not_have(forge, rows, names):
    table, _ = forge.convert("a,b\n" + rows)
    assert table.column_names == names and table.num_rows == 2


def test_11_notes_with_the_delimiter_in_them_below_a_table_are_its_footer(forge):
    table, result = forge.convert("a,b,c\n1,2,3\n4,5,6\n7,8,9\n\nSource: the office\nNote: numbers, rounded\n")
    assert table.to_pydict() == {"a": [1, 4, 7], "b": [2, 5, 8], "c": [3, 6, 9]}
    assert result["files"][0]["tables"][0]["skipped"]["footer"] == 2


def test_14_a_file_of_hive_with_control_characters_between_cells_is_read(forge):
    assert forge.columns("id\x01name\x01n\n1\x01x, y\x012\n3\x01z\x014\n") == {"id": [1, 3], "name": ["x, y", "z"], "n": [2, 4]}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_15_utf_16_without_a_mark_is_read_in_a_script_that_has_no_zero_bytes(forge, encoding):
    got = forge.columns(("имя,город\n" + "Анна,Москва\nОлег,Тверь\n" * 20).encode(encoding))
    assert got == {"имя": ["Анна", "Олег"] * 20, "город": ["Москва", "Тверь"] * 20}


@pytest.mark.parametrize("options", [
    ("--quote", ","), ("--quote", ",", "--delimiter", ","), ("--delimiter", '"'), ("--escape", ","), ("--comment", ","),
    ("--comment", '"'), ("--delimiter", "tab", "--quote", "\t"), ("--delimiter", ",", "--decimal-comma", "yes"),
    ("--thousands", ",", "--decimal-comma", "yes"), ("--thousands", ".", "--decimal-comma", "no")], ids=" ".join)
def test_38_options_that_claim_one_sign_for_two_things_are_refused_and_both_named(forge, options):
    forge.write("in.csv", 'id,name\n1,"x"\n')
    done = forge.run("convert", "in.csv", "o.parquet", *options)
    said = done.err.decode()
    assert done.code == 2 and said.count("\n") == 1 and not (forge.folder / "o.parquet").exists(), said
    assert len({w for w in said.replace(",", " ").replace(";", " ").split() if w.startswith("--")}) >= 2 and "; give" in said, said


@pytest.mark.parametrize("sign", ["1", "x", "é", ",,", "-"])
def test_27_a_sign_for_thousands_that_is_none_is_refused(forge, sign):
    forge.write("in.csv", "id\n1\n")
    done = forge.run("convert", "in.csv", "o.parquet", "--thousands", sign)
    assert done.code == 2 and b"--thousands" in done.err and b"give one of" in done.err, done.err


def test_38_an_escape_may_be_the_quote_and_a_comma_may_group_digits_in_quotes(forge):
    assert forge.columns('id,n\n1,"1,234"\n2,"5,678"\n', "--quote", '"', "--escape", '"', "--thousands", ",") == {"id": [1, 2], "n": [1234, 5678]}


@pytest.mark.parametrize("signs", [1, 90])
@pytest.mark.parametrize("size", [3, 200000])
@pytest.mark.parametrize("form", ["file", "pipe"])
def test_39_an_end_of_file_sign_of_dos_is_no_row(forge, form, size, signs):
    body = b"id,name\r\n" + b"".join(b"%d,n%d\r\n" % (i, i) for i in range(size)) + b"\x1a" * signs
    forge.write("in.csv", body)
    done = forge.run("convert", "in.csv" if form == "file" else "-", "o.parquet", "--json", stdin=body if form == "pipe" else None)
    assert done.code == 0, done.err
    table = pq.read_table(forge.folder / "o.parquet")
    assert table.num_rows == size and table["id"].to_pylist()[-1] == size - 1 and table["name"].to_pylist()[-1] == f"n{size - 1}"
    assert [n["count"] for n in notices(done.json, "end-of-file-sign")] == [signs]


def test_39_an_end_of_file_sign_elsewhere_is_data_and_none_of_utf_16_is_lost(forge):
    assert forge.columns(b"a,b\n1,x\x1ay\n2,z\x1a") == {"a": [1, 2], "b": ["x\x1ay", "z"]}
    assert forge.columns("a,b\n1,x\n2,\u041a".encode("utf-16-be"), "--encoding", "utf-16-be")["b"] == ["x", "\u041a"]


def test_45_two_of_80_columns_and_the_first_rows_of_a_million_are_just_these(forge):  # their time is a row of make bench
    row = ",".join(f"text {i}" if i % 2 else str(i * 7919) for i in range(80)) + "\n"
    forge.write("wide.csv", ",".join(f"c{i}" for i in range(80)) + "\n" + row * 2_000)
    assert forge.run("convert", "wide.csv", "o.parquet", "--columns", "c3,c40").code == 0
    table = pq.read_table(forge.folder / "o.parquet")
    assert table.column_names == ["c3", "c40"] and table.num_rows == 2_000 and table["c40"][7].as_py() == 40 * 7919
    forge.write("long.csv", "a,b\n" + "".join(f"{i},text {i}\n" for i in range(1_000_000)))
    assert forge.run("convert", "long.csv", "o.parquet", "--force", "--limit", 100).code == 0
    assert pq.read_metadata(forge.folder / "o.parquet").num_rows == 100


def test_41_a_cell_beyond_the_ceiling_is_an_error_with_its_place_and_no_more_is_read(forge):
    pour = f"(printf 'id,t\\n1,a\\n2,'; head -c 600000000 /dev/zero | tr '\\0' x) | {PROGRAM} convert - o.parquet"
    ask = ("import resource, subprocess, sys; done = subprocess.run(['sh', '-c', sys.argv[1]], stderr=subprocess.PIPE); "
           "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, done.stderr.decode())")
    code, peak, said = subprocess.run([sys.executable, "-S", "-c", ask, pour], cwd=forge.folder, stdout=subprocess.PIPE, check=True,
                                      text=True).stdout.split(" ", 2)
    assert code == "1" and "byte 9: a cell of the record that begins here is longer than 256 MiB; check" in said, said
    assert int(peak) < 420 and not (forge.folder / "o.parquet").exists()


WORDS = "id,name,amount,day\n1,a,2.5,2021-01-01\n2,b,3.5,2021-01-02\n3,c,4.5,2021-01-03\n"


@pytest.mark.parametrize("text,names,rows,skipped,tables", [
    ("Export,Sales,North\n" + WORDS, ["id", "name", "amount", "day"], 3, 1, 1),  # a title with the delimiter in it
    (",2023,,2024\nid,q1,q2,q1,q2\n1,2,3,4,5\n2,3,4,5,6\n", ["id", "2023_q1", "2023_q2", "2024_q1", "2024_q2"], 2, 0, 1),  # groups have gaps
    ("name,city\nAnna,Berlin\nBob,Paris\nCid,Rome\n\n" + WORDS, ["name", "city", "column_3", "column_4"], 7, 1, 2),  # two tables, one of words
    ("; made by tool\n; on a day\nid,name\n1,a\n; inner\n2,b\n", ["id", "name"], 2, 3, 1),  # comments as in .ini
    ("id;name\n;x\n1;a\n2;b\n", ["id", "name"], 3, 0, 1)])
def test_11_titles_groups_comments_and_tables_above_are_told_apart(forge, text, names, rows, skipped, tables):
    table, result = forge.convert(text)
    told = result["files"][0]["tables"][0]
    assert table.column_names == names and table.num_rows == rows, (table.column_names, table.num_rows)
    assert told["skipped"] == skipped if isinstance(told["skipped"], int) else sum(told["skipped"].values()) == skipped, told
    forge.write("in.csv", text)
    assert forge.run("sniff", "in.csv", "--json").json["tables"] == tables
