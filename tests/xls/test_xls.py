"""Workbooks of Excel 97 through the whole program: types, locks, names that lie, bad input."""
import datetime as dt
import functools
import hashlib
import io
import json
import random
import struct
import zipfile

import pyarrow.parquet as pq
import pytest

from biff_file import Book, Styled, record
from cfb_file import compound
from conftest import notices

DAY = dt.date(2024, 2, 29)


def cells(forge, name, *options, **more):
    done = forge.run("cells", name, "--json", *options, **more)
    assert done.code == 0, done.err.decode()
    found = [json.loads(line) for line in done.out.decode().splitlines()]
    return {(c["sheet"], c["cell"]): (c["type"], c["value"]) for c in found if "cell" in c}


def test_columns_have_the_types_of_their_cells(forge):
    rows = [["id", "price", "name", "day", "at", "time", "long", "code", "ok"]]
    for i in range(1, 40):
        rows.append([i, i + 0.25, f"näme {i}", DAY + dt.timedelta(i), dt.datetime(2024, 1, 1, 12, 0, i), dt.time(1, 2, i),
                     dt.timedelta(hours=30 + i), Styled(i, "00000"), i % 2 == 0])
    table, _ = forge.convert(Book([("Data", rows)]).bytes(), name="in.xls")
    types = {f.name: str(f.type) for f in table.schema}
    assert types["id"] == "int64" and types["price"] == "double" and types["name"].endswith("string") and types["ok"] == "bool"
    assert types["day"].startswith("date32") and types["at"].startswith("timestamp")
    assert types["time"] != "double" and types["long"] != "double"
    assert table["name"].to_pylist()[0] == "näme 1" and table["day"].to_pylist()[0] == DAY + dt.timedelta(1)
    assert table["at"].to_pylist()[6] == dt.datetime(2024, 1, 1, 12, 0, 7, tzinfo=table["at"].to_pylist()[6].tzinfo)


def test_the_1904_system_moves_days_by_four_years(forge):
    rows = [["day"]] + [[DAY + dt.timedelta(i)] for i in range(5)]
    for date1904 in (False, True):
        assert forge.columns(Book([("S", rows)], date1904=date1904).bytes(), name="in.xls")["day"][0] == DAY


def test_random_cells_come_back_as_they_were_written(forge):
    seed = random.Random(7)
    words = ["", "plain", "ümlaut", "Жук", "𝄞 clef", "x" * 300, "Ж" * 5000, "a\nb"]
    kinds = [lambda: seed.randrange(-2**31, 2**31), lambda: seed.randrange(-10**9, 10**9) / 100, seed.random, lambda: seed.choice(words),
             lambda: seed.random() < 0.5, lambda: "#N/A", lambda: None, lambda: DAY + dt.timedelta(seed.randrange(9000))]
    rows = [[seed.choice(kinds)() for _ in range(20)] for _ in range(120)]
    forge.write("in.xls", Book([("Data", rows)], use_rk=True).bytes())
    got = cells(forge, "in.xls")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            cell = got.pop(("Data", chr(65 + c) + str(r + 1)), None)
            if value is None or value == "":
                assert cell is None or cell[1] == ""
            elif isinstance(value, bool):
                assert cell == ("b", str(value).lower())
            elif value == "#N/A":
                assert cell == ("e", value)
            elif isinstance(value, str):
                assert cell == ("s", value)
            elif isinstance(value, dt.date):
                assert cell == ("d", value.isoformat())
            else:
                assert cell[0] == "n" and float(cell[1]) == pytest.approx(value, rel=1e-14)
    assert not got


def test_all_65536_rows_and_256_columns_are_there(forge):
    rows = [["h%d" % c for c in range(256)]] + [[0] * 256] + [[r] for r in range(65533)] + [[0] * 256]
    table, _ = forge.convert(Book([("S", rows)]).bytes(), name="in.xls")
    assert table.num_rows == 65535 and table.num_columns == 256 and table["h255"].to_pylist()[-1] == 0


def test_sheets_hidden_ones_and_charts_are_listed(forge):
    forge.write("in.xls", Book([("A", [["x"], [1]]), ("B", [["x"], [2]], {"state": 1}), ("C", [], {"kind": 2})]).bytes())
    done = forge.run("convert", "in.xls", "out/", "--force", "--json")
    assert done.code == 0, done.err.decode()
    found = list((forge.folder / "out").glob("*.parquet"))
    assert len(found) == 1 and pq.read_table(found[0])["x"].to_pylist() == [1]
    done = forge.run("convert", "in.xls", "all/", "--force", "--hidden", "include")
    assert done.code == 0 and sorted(p.stem[-1] for p in (forge.folder / "all").glob("*.parquet")) == ["A", "B"]
    done = forge.run("convert", "in.xls", "out.parquet", "--force", "--sheet", "B")
    assert done.code == 0 and pq.read_table(forge.folder / "out.parquet")["x"].to_pylist() == [2]


def locked(kind, password):
    """A workbook under XOR or the RC4 of Excel 97, by hand."""
    plain = Book([("Data", [["n", "t"]] + [[i, f"text {i}"] for i in range(150)])]).stream()
    if kind == "xor":
        assert password == "password"
        passes = record(0x2F, bytes.fromhex("00007a14af83"))
        padded = password.encode() + bytes.fromhex("bbffffbaffffb980")
        mask = [((b ^ (0x14 if i % 2 else 0x7A)) << 7 | (b ^ (0x14 if i % 2 else 0x7A)) >> 1) & 0xFF for i, b in enumerate(padded)]
    else:
        salt = bytes(range(16))
        once = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
        base = hashlib.md5((once + salt) * 16).digest()[:5]

        @functools.cache
        def stream(block):
            key, box, j, out, a, b = hashlib.md5(base + struct.pack("<I", block)).digest(), list(range(256)), 0, [], 0, 0
            for i in range(256):
                j = (j + box[i] + key[i % 16]) % 256
                box[i], box[j] = box[j], box[i]
            for _ in range(1024):
                a = (a + 1) % 256
                b = (b + box[a]) % 256
                box[a], box[b] = box[b], box[a]
                out.append(box[(box[a] + box[b]) % 256])
            return out
        verifier = b"any sixteen byte"
        keys = stream(0)
        both = bytes(x ^ k for x, k in zip(verifier + hashlib.md5(verifier).digest(), keys))
        passes = record(0x2F, struct.pack("<HHH", 1, 1, 1) + salt + both)
    at, out = 0, b""
    while at < len(plain):
        number, size = struct.unpack_from("<HH", plain, at)
        data = bytearray(plain[at + 4:at + 4 + size])
        if number == 0x85:
            data[:4] = struct.pack("<I", struct.unpack_from("<I", data)[0] + len(passes))
        place, front = len(out) + 4, 4 if number == 0x85 else 0
        if number != 0x809:
            for i in range(front, size):
                if kind == "xor":
                    turned = (data[i] << 5 | data[i] >> 3) & 0xFF
                    data[i] = turned ^ mask[(place + size + i) % 16]
                else:
                    data[i] ^= stream((place + i) // 1024)[(place + i) % 1024]
        out += struct.pack("<HH", number, size) + bytes(data)
        if at == 0:
            out += passes
        at += 4 + size
    return compound({"Workbook": out})


@pytest.mark.parametrize("kind", ["xor", "rc4"])
def test_locked_workbooks_open_by_option_environment_and_file(forge, kind):
    forge.write("in.xls", locked(kind, "password"))
    forge.write("secret.txt", "password\n")
    for options, env in ((["--password", "password"], {}), ([], {"PYFORGE_PASSWORD": "password"}), (["--password-file", "secret.txt"], {})):
        got = cells(forge, "in.xls", *options, env=env)
        assert got["Data", "A150"] == ("n", "148") and got["Data", "B151"] == ("s", "text 149")


@pytest.mark.parametrize("kind", ["xor", "rc4"])
def test_without_the_password_it_is_said_and_nothing_is_left(forge, kind):
    forge.write("in.xls", locked(kind, "password"))
    for options, word in (([], "needs a password"), (["--password", "wrong"], "password is wrong")):
        done = forge.run("convert", "in.xls", "out.parquet", *options)
        text = done.err.decode()
        assert done.code == 1 and "PASSWORD" in text and word in text and "--password-file" in text and text.count("\n") == 1
        assert not (forge.folder / "out.parquet").exists()


def test_files_with_a_lying_name_are_read_as_what_they_are(forge):
    table, result = forge.convert(Book([("S", [["a"], [1]])]).bytes(), name="in.xlsx")
    assert table["a"].to_pylist() == [1] and "xls and not xlsx" in notices(result, "misnamed")[0]["detail"]
    table, result = forge.convert("a,b\n1,2\n", name="in.xls")
    assert table["b"].to_pylist() == [2] and notices(result, "misnamed")
    sheet = ("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:"
             "office:spreadsheet'><Worksheet ss:Name='S'><Table><Row><Cell><Data ss:Type='String'>a</Data></Cell></Row><Row><Cell>"
             "<Data ss:Type='Number'>7</Data></Cell></Row></Table></Worksheet></Workbook>")
    table, result = forge.convert(sheet, name="in.xls")
    assert table["a"].to_pylist() == [7] and notices(result, "misnamed")
    table, result = forge.convert("ID;PWXL;N;E\nB;Y2;X1\nC;Y1;X1;K\"a\"\nC;Y2;K8\nE\n", name="in.xls")
    assert table["a"].to_pylist() == [8] and notices(result, "misnamed")
    table, result = forge.convert(Book([("S", [["a"], [1]])]).bytes(), name="in.xls")
    assert not notices(result, "misnamed")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", "a,b\n1,2\n")
    table, result = forge.convert(packed.getvalue(), name="in.xlsx")
    assert table["b"].to_pylist() == [2] and "ZIP archive with csv in it and not xlsx" in notices(result, "misnamed")[0]["detail"]
    _, result = forge.convert(packed.getvalue(), name="in.zip")
    assert not notices(result, "misnamed")


@pytest.mark.parametrize("name, content, words", [
    ("page.xls", b"\n<html><table><tr><td>1</td></tr></table></html>", "web page"),
    ("letter.xls", compound({"WordDocument": b"x" * 5000}), "Word document"),
    ("mail.xls", compound({"__properties_version1.0": b"x"}), "Outlook"),
])
def test_what_is_no_workbook_is_refused_by_its_true_name(forge, name, content, words):
    forge.write(name, content)
    done = forge.run("convert", name, "out.parquet")
    assert done.code == 1 and words in done.err.decode() and not (forge.folder / "out.parquet").exists()


def test_one_broken_sheet_names_itself(forge):
    content = bytearray(Book([("Good", [["a"], [1]]), ("Bad", [["a"], ["text"]])]).stream())
    at = content.rindex(struct.pack("<HH", 0xFD, 10))
    content[at + 10:at + 14] = struct.pack("<I", 999)
    forge.write("in.xls", compound({"Workbook": bytes(content).ljust(4096, b"\0")}))
    done = forge.run("convert", "in.xls", "out.parquet", "--sheet", "Bad")
    text = done.err.decode()
    assert done.code == 1 and "sheet 'Bad'" in text and "cell A2" in text and "shared string" in text
    done = forge.run("convert", "in.xls", "good.parquet", "--sheet", "Good")
    assert done.code == 0, done.err.decode()


def test_cut_files_are_refused_wherever_they_are_cut(forge):
    whole = Book([("S", [["a", "b"]] + [[i, f"text {i}"] for i in range(500)])]).bytes()
    for size in range(600, len(whole) - 1, 5777):
        forge.write("in.xls", whole[:size])
        done = forge.run("convert", "in.xls", "out.parquet", "--force")
        assert done.code == 1 and not (forge.folder / "out.parquet").exists(), size
