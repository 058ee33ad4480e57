"""The benchmark's writers of workbooks make right ones: other readers see in them what pyforge sees, and the same rows in every format."""
import subprocess
from pathlib import Path

import peer_cells
import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    """Runs bench/generate_FORMAT with its words; gives the path of the book."""
    folder = tmp_path_factory.mktemp("writers")

    def write(name, *words):
        program = folder / Path(name).suffix[1:]
        if not program.exists():
            subprocess.run(["cc", "-O1", "-o", program, BENCH / f"generate_{program.name}.c", "-lz"], check=True)
        subprocess.run([program, *map(str, words), folder / name], check=True)
        return folder / name
    return write


@pytest.mark.parametrize("shape, rows", [("shared", 200), ("inline", 200), ("sheets", 100), ("wide", 50)])
def test_books_of_xml_are_what_openpyxl_sees(forge, writer, shape, rows):
    book = writer(f"{shape}.xlsx", shape, rows)
    got = peer_cells.pyforge(forge, book)
    assert len(got) > 9 * rows and not peer_cells.differences(got, peer_cells.openpyxl(book))


def test_the_book_of_two_cells_has_the_first_and_the_last(forge, writer):
    assert peer_cells.pyforge(forge, writer("corners.xlsx", "corners", 1_048_576)) == {
        ("Sheet1", "A1"): ("n", "1"), ("Sheet1", "XFD1048576"): ("n", "2")}


def test_binary_books_are_what_pyxlsb_sees(forge, writer):
    book = writer("book.xlsb", 200)
    assert not peer_cells.differences(*peer_cells.serials(peer_cells.pyforge(forge, book), peer_cells.pyxlsb(book)))


def test_books_of_biff8_are_what_xlrd_sees(forge, writer):
    book = writer("book.xls", 300, 30)
    assert not peer_cells.differences(peer_cells.pyforge(forge, book), peer_cells.xlrd(book))


def test_opendocument_books_are_what_calamine_sees(forge, writer):
    book = writer("book.ods", 200)
    assert not peer_cells.differences(peer_cells.pyforge(forge, book), peer_cells.calamine(book))


def test_books_of_orders_hold_the_same_rows_in_every_format(forge, writer):
    books = [writer("book.xlsb", 200), writer("book.ods", 200), writer("shared.xlsx", "shared", 200)]
    xlsb, ods, xlsx = ({cell: value for (_, cell), value in peer_cells.pyforge(forge, book).items()} for book in books)
    assert len(xlsx) > 1900 and not peer_cells.differences(xlsb, xlsx) and not peer_cells.differences(ods, xlsx)
