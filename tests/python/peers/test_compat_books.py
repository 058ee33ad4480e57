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
