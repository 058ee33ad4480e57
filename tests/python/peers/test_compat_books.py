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
    for row in (["a", "b"], [3, "z"]):
        other.append(row)
    book.save("book.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyforge_cli.converters import ExcelConverter

        converter = ExcelConverter()
    assert converter.convert("book.xlsx", "out.parquet")
    assert sorted(os.listdir("out.parquet")) == ["book_One.parquet", "book_Two.parquet"]
    made = parquet.read_table("out.parquet/book_One.parquet")
    assert [str(t) for t in made.schema.types] == ["string", "string"] and made.num_rows == 2
    facts = converter.get_metadata("book.xlsx")
    assert facts["sheet_names"] == ["One", "Two"] and facts["total_estimated_rows"] == 3 and facts["max_columns"] == 2
    assert facts["sheet_details"]["Two"] == {"estimated_rows": 1, "estimated_columns": 2, "has_data": True}
