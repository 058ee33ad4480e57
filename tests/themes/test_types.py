"""Themes 02 03 04 21 25-28 42 88 and the join: which type a column gets, and that no value changes."""
import datetime as dt
import decimal
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import notices


def test_02_one_text_in_the_last_of_500001_rows_keeps_every_spelling_and_names_the_row(forge):
    rows = [str(i) for i in range(500_000)] + ["N/A-17"]
    table, result = forge.convert("v\n" + "\n".join(rows) + "\n")
    assert table.schema.field("v").type == pa.string()
    assert table.column("v").to_pylist() == rows
    widened = notices(result, "widened")
    assert any(n["row"] == 500_001 and n["column"] == "v" for n in widened), widened


def test_02_an_integer_column_that_becomes_fractional_is_a_double_and_names_the_row(forge):
    rows = [str(i) for i in range(200_000)] + ["0.5"]
    table, result = forge.convert("v\n" + "\n".join(rows) + "\n")
    assert table.schema.field("v").type == pa.float64()
    assert table.column("v").to_pylist() == [float(r) for r in rows]
    assert any(n["row"] == 200_001 for n in notices(result, "widened"))


@pytest.mark.parametrize("place", [0, 1, 777, 49_999, 99_999])
def test_02_the_type_does_not_depend_on_where_the_odd_value_stands_nor_on_threads(forge, place):
    rows = [str(i * 7) for i in range(100_000)]
    rows[place] = "x"
    text = "v,w\n" + "\n".join(f"{r},{i}.5" for i, r in enumerate(rows)) + "\n"
    first = None
    for threads in (1, 2, 4):
        table, _ = forge.convert(text, "--threads", threads)
        assert table.column("v").to_pylist() == rows
        raw = (forge.folder / "out.parquet").read_bytes()
        assert first is None or raw == first
        first = raw


def test_03_codes_stay_text_and_numbers_are_numbers(forge):
    got = forge.types("zip,phone,e,f,zero,half\n00501,+41791234567,1E5,12E3,0,0.5\n")
    assert got == {"zip": "string", "phone": "string", "e": "string", "f": "string", "zero": "int64", "half": "double"}
    values = forge.columns("zip,phone,e,f,zero,half\n00501,+41791234567,1E5,12E3,0,0.5\n")
    assert values == {"zip": ["00501"], "phone": ["+41791234567"], "e": ["1E5"], "f": ["12E3"], "zero": [0], "half": [0.5]}


@pytest.mark.parametrize("text,kind", [("1e-05", "double"), ("1e+05", "double"), ("1.5e3", "double"), ("1E5", "string"),
                                       ("12-10", "string"), ("41_10_1", "string"), ("0047583311587E590003", "string"),
                                       ("-5", "int64"), ("-0.0", "double"), ("007", "string"), ("00.5", "string"),
                                       ("nan", "string"), ("inf", "string"), ("12:30", "string")])
def test_03_a_cell_alone_decides(forge, text, kind):
    assert forge.types(f"v,k\n{text},a\n{text},b\n")["v"] == kind


def test_04_int64_with_blanks_is_exact(forge):
    table, _ = forge.convert("v,k\n9223372036854775807,a\n,b\n9007199254740993,c\n")
    assert table.schema.field("v").type == pa.int64()
    assert table.column("v").to_pylist() == [9223372036854775807, None, 9007199254740993]


def test_04_beyond_int64_is_decimal_exactly(forge):
    table, _ = forge.convert("v,k\n99999999999999999999,a\n1,b\n")
    assert table.schema.field("v").type == pa.decimal128(20, 0)
    assert table.column("v").to_pylist() == [decimal.Decimal("99999999999999999999"), decimal.Decimal(1)]


def test_04_decimal_infer_gives_fixed_scale(forge):
    table, _ = forge.convert("v,k\n19.99,a\n5.00,b\n", "--decimal", "infer")
    assert table.schema.field("v").type == pa.decimal128(4, 2)
    assert [str(v) for v in table.column("v").to_pylist()] == ["19.99", "5.00"]


def test_04_big_integers_beside_fractions_stay_text(forge):
    assert forge.columns("v,k\n9007199254740993,a\n0.5,b\n")["v"] == ["9007199254740993", "0.5"]


def test_04_doubles_are_correctly_rounded(forge):
    random.seed(5)
    texts = [repr(random.uniform(-1, 1) * 10 ** random.randint(-300, 300)) for _ in range(20_000)]
    texts = [t for t in texts if "." in t] + ["2.2250738585072011e-308", "1.7976931348623157e+308", "4.9e-324",
                                               "9007199254740993.0", "0.1000000000000000055511151231257827021181583404541015625"]
    assert forge.columns("v\n" + "\n".join(texts) + "\n")["v"] == [float(t) for t in texts]


def test_21_all_text_is_byte_equal_to_the_fields(forge):
    rows = [["a", "b"], ["007", " x "], ["1.50", "2021-01-01"], ["TRUE", "é\n,\"q\""]]
    text = "\n".join(",".join('"' + c.replace('"', '""') + '"' if any(ch in c for ch in ',"\n') else c for c in r) for r in rows)
    got = forge.columns(text + "\n", "--types", "text")
    assert [list(r) for r in zip(got["a"], got["b"])] == rows[1:]


def test_21_star_with_exceptions(forge):
    got = forge.types("a,b,c\n1,2,3\n4,5,6\n", "--type", "*=text", "--type", "b=int64")
    assert got == {"a": "string", "b": "int64", "c": "string"}


def test_25_only_the_empty_field_is_null_unless_told(forge):
    assert forge.columns("country,v\nNA,1\nCH,2\n")["country"] == ["NA", "CH"]
    got = forge.columns("country,v\nNA,1\nCH,NA\n", "--null-values", "v=NA")
    assert got == {"country": ["NA", "CH"], "v": [1, None]}
    assert forge.types("v,k\nN/A,a\n3,b\n", "--null-values", "N/A")["v"] == "int64"


def test_26_null_and_empty_are_different(forge):
    assert forge.columns('a,b,c\nx,,""\ny,z,w\n') == {"a": ["x", "y"], "b": [None, "z"], "c": ["", "w"]}


def test_27_decimal_comma_by_option_and_found(forge):
    assert forge.columns('v;k\n1.234,56;a\n2,5;b\n', "--decimal-comma")["v"] == [1234.56, 2.5]
    assert forge.columns("v;k\n1,25;a\n2,5;b\n17,125;c\n")["v"] == [1.25, 2.5, 17.125]


def test_28_interchangeable_dates_stay_text_until_one_decides(forge):
    text = "d,k\n" + "".join(f"{m:02d}/02/2020,{m}\n" for m in range(1, 13))
    table, result = forge.convert(text)
    assert table.schema.field("d").type == pa.string()
    assert notices(result, "ambiguous-dates"), result
    got = forge.columns(text + "13/01/2020,13\n")["d"]
    assert got[0] == dt.date(2020, 2, 1) and got[-1] == dt.date(2020, 1, 13)
    got = forge.columns(text + "01/13/2020,13\n")["d"]
    assert got[0] == dt.date(2020, 1, 2) and got[-1] == dt.date(2020, 1, 13)
    assert forge.types(text + "13/01/2020,13\n01/13/2020,14\n")["d"] == "string"
    assert forge.columns(text, "--dates", "dmy")["d"][0] == dt.date(2020, 2, 1)


def test_28_the_deciding_date_may_stand_anywhere(forge):
    rows = ["05/06/2020"] * 120_000
    rows[119_000] = "25/06/2020"
    assert set(forge.columns("d\n" + "\n".join(rows) + "\n")["d"]) == {dt.date(2020, 6, 5), dt.date(2020, 6, 25)}


def test_42_booleans_only_from_words(forge):
    got = forge.types("a,b,c\n0,Y,true\n1,N,False\n")
    assert got == {"a": "int64", "b": "string", "c": "bool"}


def test_48_the_bytes_do_not_depend_on_the_zone_of_the_process(forge):
    text = "t,z\n2021-03-28 02:30:00,2021-03-28T02:30:00+02:00\n"
    raws = []
    for zone in ("UTC", "Asia/Tokyo"):
        forge.write("in.csv", text)
        assert forge.run("convert", "in.csv", "o.parquet", "--force", env={"TZ": zone}).code == 0
        raws.append((forge.folder / "o.parquet").read_bytes())
    assert raws[0] == raws[1]
    import pyarrow.parquet as pq
    got = pq.read_table(forge.folder / "o.parquet").to_pydict()
    assert got["t"][0].replace(tzinfo=None) == dt.datetime(2021, 3, 28, 2, 30)
    assert got["z"][0].replace(tzinfo=None) == dt.datetime(2021, 3, 28, 0, 30)


def test_join_zoned_with_unzoned_is_text_and_date_with_timestamp_is_timestamp(forge):
    assert forge.types("t,k\n2021-01-01 10:00:00,a\n2021-01-01T10:00:00Z,b\n")["t"] == "string"
    got = forge.columns("t,k\n2021-01-01,a\n2021-01-01 10:00:00,b\n")["t"]
    assert [g.replace(tzinfo=None) for g in got] == [dt.datetime(2021, 1, 1), dt.datetime(2021, 1, 1, 10)]


def test_join_nan_is_a_number_only_beside_numbers(forge):
    got = forge.columns("v,k\nnan,a\n1.5,b\n")["v"]
    assert got[0] != got[0] and got[1] == 1.5
    assert forge.columns("v,k\nnan,a\nnan,b\n")["v"] == ["nan", "nan"]


def test_88_a_quoted_number_is_a_number_and_a_quoted_code_is_not(forge):
    assert forge.types('a,b\n"37.4","00123"\n"2","1"\n') == {"a": "double", "b": "string"}


def test_imposed_type_that_does_not_fit_follows_the_policy(forge):
    text = "v,k\n1,a\nx,b\n3,c\n"
    table, result = forge.convert(text, "--type", "v=int64", code=1)
    assert result["files"][0]["error"]["name"] == "BAD_DATA" and result["files"][0]["error"]["row"] == 2
    assert forge.columns(text, "--type", "v=int64", "--on-bad-cell", "null")["v"] == [1, None, 3]
    assert forge.columns(text, "--type", "v=int64", "--on-bad-cell", "reject")["v"] == [1, 3]


@pytest.mark.parametrize("place", [17, 100_003, 500_001])
def test_02_the_result_names_the_first_odd_row_beside_the_column_wherever_it_stands(forge, place):
    rows = [str(i) for i in range(500_001)]
    rows[place - 1] = rows[-1] = "N/A-17"
    _, result = forge.convert("v,w\n" + "".join(f"{r},1\n" for r in rows))
    widened = notices(result, "widened")
    assert [(n["column"], n["row"]) for n in widened] == [("v", place)], widened
    columns = {c["name"]: c for c in result["files"][0]["tables"][0]["columns"]}
    assert f"row {place}: N/A-17" in columns["v"]["widened"] and "widened" not in columns["w"], columns


def test_02_a_column_that_turns_out_narrower_than_its_sample_is_not_called_widened(forge):
    lines = "".join(f"{i},ab{i}\n" for i in range(150_000))
    cell = "x,y\n" * 30_000  # the strides begin inside such a cell and see rows of words
    table, result = forge.convert("v,w\n" + lines + "".join(f'{i},"{cell}"\n' for i in range(40)))
    assert table.num_rows == 150_040 and str(table.schema.field("v").type) == "int64"
    assert notices(result, "widened") == []


def test_02_long_cells_with_commas_and_line_breaks_do_not_make_the_survey_guess_wrong_and_read_twice(forge):
    words = 'late, gift, ""box""\nthen, once, more\n'
    rows = [f'{i},"{words * (40 + i % 37)}",k{i % 5}\n' for i in range(3000)]
    table, result = forge.convert("id,body,kind\n" + "".join(rows))
    assert result["files"][0]["laps"] == 1
    assert table.num_rows == 3000 and str(table.schema.field("id").type) == "int64"
    assert table.column("body")[2999].as_py() == (words * (40 + 2999 % 37)).replace('""', '"')


def test_28_ambiguous_dates_are_told_after_another_column_made_the_lap_run_again(forge):
    rows = [f"0{i % 9 + 1}/02/2020,{i}" for i in range(150_000)] + ["03/04/2021,odd"]
    table, result = forge.convert("d,v\n" + "\n".join(rows) + "\n")
    assert result["files"][0]["laps"] == 2 and {str(f.type) for f in table.schema} == {"string"}
    assert [n["column"] for n in notices(result, "ambiguous-dates")] == ["d"]
    assert [n["column"] for n in notices(result, "widened")] == ["v"]


@pytest.mark.parametrize("policy", ["null", "reject"])
def test_21_a_type_for_one_column_follows_the_policy_and_the_others_are_proved_in_the_same_lap(forge, policy):
    rows = [f"{i},{i}.5,x" for i in range(150_000)]
    rows[70_000] = "odd,1.5,x"
    text = "v,w,t\n" + "\n".join(rows) + "\n"
    table, result = forge.convert(text, "--type", "v=int64", "--on-bad-cell", policy)
    assert result["files"][0]["laps"] == 1
    assert forge.types(text, "--type", "v=int64", "--on-bad-cell", policy) == {"v": "int64", "w": "double", "t": "string"}
    assert table.num_rows == 150_000 - (policy == "reject") and notices(result, "widened") == []
    assert table.column("v").null_count == (policy == "null")
    later = text + "1,late,y\n"  # the other column's contradiction still restarts, and the policy still holds
    table, result = forge.convert(later, "--type", "v=int64", "--on-bad-cell", policy)
    assert result["files"][0]["laps"] == 2 and str(table.schema.field("w").type) == "string"
    assert table.num_rows == 150_001 - (policy == "reject") and table.column("w")[-1].as_py() == "late"
    assert [n["column"] for n in notices(result, "widened")] == ["w"]


@pytest.mark.parametrize("rows", [[None, "", "x"], ["", None], ["a;b", None, "c;d"], [None], [""], ["x y", None, None, ""], ["l1\nl2", None, '"q"']])
def test_26_one_column_of_nulls_and_empty_texts_comes_back_through_csv_and_python_tells_them_apart(forge, rows):
    import csv
    import io
    text = "v\n" + "".join(("" if r is None else '"' + r.replace('"', '""') + '"') + "\n" for r in rows)
    forge.write("in.csv", text)
    assert forge.run("convert", "in.csv", "out.csv", "--header", "1", "--delimiter", "none", "--types", "text").code == 0
    written = (forge.folder / "out.csv").read_text()
    assert [r[0] if r else None for r in csv.reader(io.StringIO(written, newline=""))] == ["v"] + rows
    assert forge.columns(written, "--header", "1", "--types", "text") == {"v": rows}


def test_03_the_header_of_one_column_is_its_first_line_or_none(forge):
    got = forge.columns("v\nx\n1\nx\n1\n", "--header", "1", "--types", "text")
    assert got == {"v": ["x", "1", "x", "1"]}


def test_10_what_spark_of_every_age_reads_is_the_default(forge):
    table, _ = forge.convert("i,d,t,day,at,flag,none\n1,1.5,x,2021-01-02,2021-01-02 03:04:05.123456,true,\n2,2.5,y,2021-01-03,2021-01-03 00:00:00,false,\n")
    assert [str(t) for t in table.schema.types] == ["int64", "double", "string", "date32[day]", "timestamp[us, tz=UTC]", "bool", "string"]
    file = pq.ParquetFile(forge.folder / "out.parquet")
    assert file.metadata.format_version in ("1.0", "2.4", "2.6") and file.schema.column(4).physical_type == "INT64"
    for i in range(7):
        chunk = file.metadata.row_group(0).column(i)
        assert set(chunk.encodings) <= {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY"} and chunk.compression in ("SNAPPY", "UNCOMPRESSED")
    assert table["none"].to_pylist() == [None, None]
