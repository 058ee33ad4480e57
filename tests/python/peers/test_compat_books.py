"""ExcelConverter writes a folder of files, as the earlier program did."""
import os
import warnings

import openpyxl
from pyarrow import parquet


def test_a_workbook_becomes_a_folder_of_text_tables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "One"
    for row in (["a", "b"], [1, "x"], [2, "y"]):
        book.active.append(row)
    other = book.create_sheet("Two")
    for row in (["a ", "B"], [3, None]):
        other.append(row)
    third = book.create_sheet("Three")
    for row in (["c", "d"], [4, "w"]):
        third.append(row)
    book.properties.title, book.properties.creator = "The title", "Ann"
    book.save("book.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyforge_cli.converters import ExcelConverter

        converter = ExcelConverter()
    assert converter.convert("book.xlsx", "out.parquet")
    assert sorted(os.listdir("out.parquet")) == ["book.parquet", "book_Three.parquet"]
    made = parquet.read_table("out.parquet/book.parquet")
    assert [str(t) for t in made.schema.types] == ["string", "string"]
    assert made.to_pylist() == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "b": ""}]
    assert converter.convert("book.xlsx", "apart", separate=True)
    assert sorted(os.listdir("apart")) == ["book_One.parquet", "book_Three.parquet", "book_Two.parquet"]
    facts = converter.get_metadata("book.xlsx")
    assert facts["sheet_names"] == ["One", "Two", "Three"] and facts["total_estimated_rows"] == 4 and facts["max_columns"] == 2
    assert (facts["title"], facts["author"], facts["subject"]) == ("The title", "Ann", None)
    assert facts["sheet_details"]["Two"] == {"estimated_rows": 1, "estimated_columns": 2, "has_data": True}


def test_case_087_facts_of_a_corrupt_and_of_a_missing_workbook(tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"PK\3\4 and then nothing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyforge_cli.converters import ExcelConverter

        assert [ExcelConverter().get_metadata(tmp_path / name) for name in ("bad.xlsx", "none.xlsx")] == [None, None]


def test_case_172_a_notebook_gets_all_sheets_and_a_warning(tmp_path, monkeypatch):
    from pyforge_cli.extensions.databricks import PyForgeDatabricks

    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    for sheet, rows in ((book.active, 2), (book.create_sheet("Second"), 3)):
        for row in [["a", "b"]] + [[n, "x"] for n in range(rows)]:
            sheet.append(row)
    book.save("two_sheets.xlsx")
    told = PyForgeDatabricks().convert("two_sheets.xlsx")
    assert told["success"] and told["rows_processed"] == 5
    assert sorted(os.path.basename(path) for path in told["outputs"]) == ["two_sheets_Second.parquet", "two_sheets_Sheet.parquet"]
    assert "2 tables (Sheet, Second): each is a file of the folder" in told["warnings"][0]


def test_case_202_values_of_a_frame(tmp_path):
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyforge_cli.converters.string_database_converter import StringTypeConverter

        converter = StringTypeConverter()
    frame = pandas.DataFrame({"n": [1, 2], "x": [50000.50, None], "b": [True, False], "t": pandas.to_datetime(["2020-01-15", None])})
    assert converter.convert_dataframe(frame).to_dict("list") == {
        "n": ["1", "2"], "x": ["50000.5", ""], "b": ["true", "false"], "t": ["2020-01-15 00:00:00", ""]}
    summary = converter.get_conversion_summary()
    assert (summary["status"], summary["total_records"], summary["total_fields"]) == ("completed", 2, 8)
    assert list(converter.convert_dataframe(frame.head(0)).columns) == list(frame.columns)
