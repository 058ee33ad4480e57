"""How cells of a workbook are chosen, and what is said when a choice means nothing."""
import pyarrow.parquet as pq
import pytest

from test_sheets import written


def book(forge, *names, charts=()):
    def fill(book):
        for i, name in enumerate(names):
            sheet = book.add_worksheet(name)
            for r, line in enumerate([["k", "v"], ["a", i], ["b", i + 10], ["c", i + 20]]):
                sheet.write_row(r, 0, line)
        for name in charts:
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": f"='{names[0]}'!$B$2:$B$3"})
            book.add_chartsheet(name).set_chart(chart)
        book.define_name("Mine", f"='{names[0]}'!$A$1:$B$3")
    forge.write("in.xlsx", written(fill))


def refused(forge, *words, command="convert"):
    done = forge.run(command, "in.xlsx", *(["out.parquet"] if command == "convert" else []), *words)
    line = done.err.decode().strip()
    assert done.code in (1, 2) and "\n" not in line and not done.out, (done.out, line)
    return line


def test_help_for_a_format_shows_all_that_its_reader_takes(forge):
    keys = ("sheet", "range", "table", "header", "skip-rows", "footer-rows", "hidden", "merged", "errors", "formulas", "password", "password-file")
    for format in ("xlsx", "xlsb", "xls", "ods", "spreadsheetml", "sylk"):
        told = forge.run("help", "convert", format).out.decode()
        assert all(f"--{key} " in told for key in keys) and "--delimiter" not in told and "--row-group-rows" not in told, format
        assert told.count("      --header ") == 1
    assert "--row-group-rows" in forge.run("help", "convert", "parquet").out.decode()


@pytest.mark.parametrize("word", ["Dta", "9", "0", "X*"])
def test_a_sheet_that_is_not_there_is_said_with_those_that_are_whatever_the_command(forge, word):
    book(forge, "Data", "More")
    for command in ("convert", "info", "head", "cells", "validate"):
        line = refused(forge, "--sheet", word, command=command)
        assert "NOT_FOUND" in line and f"'{word}'" in line and "Data, More" in line, (command, line)


def test_a_chart_sheet_that_is_asked_for_is_said_to_hold_no_cells(forge):
    book(forge, "Data", charts=["Trend"])
    assert "'Trend' (chart) holds no cells" in refused(forge, "--sheet", "Trend")
    assert "there is Data" in refused(forge, "--sheet", "none") and "Trend" not in refused(forge, "--sheet", "none")


@pytest.mark.parametrize("name,written_as", [("Data", "Data"), ("It's me", "'It''s me'"), ("A b", "'A b'"), ("A b", "A b"), ("wow!", "'wow!'")])
def test_a_range_may_name_its_sheet_as_formulas_do(forge, name, written_as):
    book(forge, "First", name)
    done = forge.run("convert", "in.xlsx", "out.parquet", "--range", f"{written_as}!A1:B3")
    assert done.code == 0, done.err
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"k": ["a", "b"], "v": [1, 11]}
    assert "there is First" in refused(forge, "--range", "Nope!A1:B3", "--force")


@pytest.mark.parametrize("text", ["foo", "A1:XFE5", "A0:B3", "A1:B1048577", "A1:B", "First!", "!A1:B2", "A1:B2:C3"])
def test_a_range_that_is_none_is_refused_with_its_forms_and_bounds(forge, text):
    book(forge, "First")
    line = refused(forge, "--range", text)
    assert f"'{text}'" in line or "NOT_FOUND" in line
    assert "NOT_FOUND" in line or all(word in line for word in ("B3:H900", "XFD", "1048576")), line


def test_cells_are_meant_in_one_way(forge):
    book(forge, "First", "Second")
    assert "--range and --table" in refused(forge, "--range", "A1:B2", "--table", "Mine")
    assert "--sheet" in refused(forge, "--range", "First!A1:B2", "--sheet", "Second")
    assert "--sheet" in refused(forge, "--table", "Mine", "--sheet", "Second")
    done = forge.run("convert", "in.xlsx", "out.parquet", "--table", "mine", "--sheet", "First")
    assert done.code == 0 and pq.read_table(forge.folder / "out.parquet").num_rows == 2


def test_head_says_which_of_several_tables_it_shows(forge):
    book(forge, "First", "Second")
    assert b"this is 'First', the first of 2 tables" in forge.run("head", "in.xlsx").err
    for words in (("--sheet", "Second"), ("-q",), ("--json",)):
        assert not forge.run("head", "in.xlsx", *words).err
    assert forge.run("head", "in.xlsx", "--json").json["table_count"] == 2


def test_the_cells_view_knows_no_tables(forge):
    book(forge, "First")
    assert "--sheet or --range" in refused(forge, "--table", "Mine", command="cells")


def test_every_table_that_is_named_must_be_there(forge):
    book(forge, "First")
    line = refused(forge, "--table", "Mine", "--table", "Yours")
    assert "'Yours'" in line and "Mine" not in line and "info lists them" in line


@pytest.mark.parametrize("option", [("--range", "D10:E20"), ("--skip-rows", "40")])
def test_options_that_leave_nothing_are_named_and_the_workbook_is_not_called_empty(forge, option):
    book(forge, "First")
    line = refused(forge, *option)
    assert option[0] in line and "empty" not in line, line


def test_a_book_with_values_on_hidden_sheets_alone_is_not_called_empty(forge):
    def fill(book):
        book.add_worksheet("Front")
        book.add_worksheet("Back").write_column(0, 0, ["k", 1])
        book.worksheets()[1].hide()
    forge.write("in.xlsx", written(fill))
    line = refused(forge)
    assert "--hidden include" in line and "empty" not in line, line
    assert forge.run("convert", "in.xlsx", "out.parquet", "--hidden", "include").code == 0


@pytest.mark.parametrize("asked,out,skipped", [(1, 2, 1), (3, 0, 3), (40, 0, 3)])
def test_a_footer_never_counts_more_rows_than_there_are_below_the_header(forge, asked, out, skipped):
    book(forge, "First")
    done = forge.run("convert", "in.xlsx", "out.parquet", "--footer-rows", asked, "--json")
    told = done.json["files"][0]["tables"][0]
    assert (told["rows_in"], told["rows_out"], told["skipped"]["footer"]) == (3, out, skipped)


def test_a_header_that_is_none_is_refused_with_what_it_may_be(forge):
    book(forge, "First")
    line = refused(forge, "--header", "3,4")
    assert "'3,4'" in line and all(word in line for word in ("auto", "none", "--skip-rows")), line


def test_info_lists_every_sheet_and_many_names_and_says_how_many_more(forge):
    sheets = [f"Sheet with a long name {i:03d}" for i in range(200)]

    def fill(book):
        for name in sheets:
            book.add_worksheet(name).write(0, 0, "x")
        for i in range(130):
            book.define_name(f"name_{i:03d}", f"='{sheets[i]}'!$A$1")
    forge.write("in.xlsx", written(fill))
    facts = forge.run("info", "in.xlsx", "--json").json
    assert facts["sheets"] == ", ".join(sheets)
    names = facts["defined_names"]
    assert names.startswith(f"name_000 = {sheets[0]}!A1:A1, ") and names.endswith("and 30 more") and names.count(" = ") == 100


@pytest.mark.parametrize("lines,table,used", [
    ([["k", "v"], ["a", 1], ["b", 2]], "A1:B3", "A1:B3"),
    ([["Title far away"], [], [None, "k", "v", "w"], [None, "a", 1, 2], [None, "b", 2, 3]], "B3:D5", "A1:D5"),
    ([["k", "v", "w"], ["a", 1, 2], ["b", 2, 3], [], [], ["Source: us"]], "A1:C3", "A1:C6"),
    ([[], [None, None, "x"], [], [None, "k", "v"], [None, "a", 1], [None, "b", 2]], "B4:C6", "B2:C6")])
def test_info_tells_the_used_range_beside_the_one_of_the_table(forge, lines, table, used):
    def fill(book):
        for name in ("One", "Two"):
            sheet = book.add_worksheet(name)
            for r, line in enumerate(lines):
                sheet.write_row(r, 0, line)
    forge.write("in.xlsx", written(fill))
    facts = forge.run("info", "in.xlsx", "--json", "--sheet", "One").json
    assert (facts["range"], facts["used_range"]) == (table, used)
    told = forge.run("info", "in.xlsx", "--json").json["sheet 'Two'"]
    assert told.startswith(f"{table}, " if table == used else f"{table} of {used}, "), told


def test_the_used_range_of_a_long_sheet_has_its_footer(forge):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["k", "v", "w"])
        for r in range(1, 40000):
            sheet.write_row(r, 0, [f"k{r}", r, r])
        sheet.write(40002, 0, "Source: us")
    forge.write("in.xlsx", written(fill))
    facts = forge.run("info", "in.xlsx", "--json").json
    assert (facts["range"], facts["used_range"], facts["footer_rows"]) == ("A1:C40000", "A1:C40003", 1)
    facts = forge.run("info", "in.xlsx", "--json", "--footer-rows", "3").json
    assert (facts["range"], facts["used_range"]) == ("A1:C40000", "A1:C40003")


def test_a_sheet_called_by_a_number_is_a_name(forge):
    forge.write("in.xlsx", written(lambda book: book.add_worksheet("1904").write_column(0, 0, ["n", 1])))
    assert forge.run("info", "in.xlsx", "--json").json["sheets"] == "1904"
    assert any(line.split() == ["Sheets", "1904"] for line in forge.run("info", "in.xlsx").out.decode().splitlines())
    assert forge.run("head", "in.xlsx", "--sheet", "1904").code == 0
