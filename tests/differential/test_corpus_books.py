"""Every workbook of the corpus as pyforge and as other readers see it: each cell is the same, or its difference is explained here.

An explained difference that is nowhere found any more fails, too: then the row goes.
"""
import csv
import re
import warnings
from pathlib import Path

import peer_cells
import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
STRICT = {"xlsx/calamine/strict_iso_paths.xlsx", "xlsx/poi/sample.strict.xlsx"}


def is_empty(path, ours, theirs):
    return not ours[0] and theirs == ("s", "")


def is_negative(cell):
    return cell[1].startswith("-")


def escaped(text):
    """With its _xHHHH_ resolved and line ends LF."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


# peer → what differs, whether a difference (path, ours, theirs; ("", "") is no cell) is that, and why ours stays
EXPLAINED = {
    "calamine": {
        "errors": (lambda path, ours, theirs: ours[0] == "e" and not theirs[0],
                   "python-calamine has no value for errors and gives nothing"),
        "long durations": (lambda path, ours, theirs: path.endswith(".ods") and ours[0] == "t" and theirs[0] == "s" and theirs[1].lstrip("-").startswith("PT"),
                           "durations beyond a day are given as the text that is stored, PT27H17M54S"),
        "negative times": (lambda path, ours, theirs: is_negative(ours) and theirs[0] == "t",
                           "negative numbers under a format of times become times of day; Excel shows ####"),
        "whole days": (lambda path, ours, theirs: ours[0] == "t" and theirs[0] == "d", "[h] over 24:00:00 is given as a date of 1900"),
    },
    "openpyxl": {
        "empty texts": (is_empty, "a formula's empty text is no value in the corpus's spelling"),
        "escapes": (lambda path, ours, theirs: ours[0] == theirs[0] == "s" and ours[1] == escaped(theirs[1]),
                    "_xHHHH_ stays as it is stored (ECMA-376 Part 1, 22.9.2.19 ST_Xstring says what it means)"),
        "strict": (lambda path, ours, theirs: path in STRICT and not theirs[0], "openpyxl does not read ISO/IEC 29500 Strict"),
        "beyond dates": (lambda path, ours, theirs: ours == ("n", "1000000000000") and theirs == ("e", "#VALUE!"),
                         "a number that is no day of any calendar stays a number"),
    },
    "xlrd": {
        "empty texts": (is_empty, "as above"),
        "durations": (lambda path, ours, theirs: ours[0] == "t" and theirs[0] == "d", "xlrd knows no durations: [h]:mm is a date of 1900"),
        "negative dates": (lambda path, ours, theirs: ours[0] == "n" and is_negative(ours) and theirs[0] == "d",
                           "xlrd counts back from 1899; Excel has no such date and shows ####"),
    },
    "pyxlsb": {
        "empty texts": (is_empty, "as above"),
        "errors": (lambda path, ours, theirs: ours[0] == "e" and re.fullmatch("0x[0-9a-f]+", theirs[1]), "pyxlsb gives the code of an error"),
    },
}
FORMATS = {"calamine": ("xlsx", "xlsm", "xls", "xlsb", "ods"), "openpyxl": ("xlsx", "xlsm"), "xlrd": ("xls",), "pyxlsb": ("xlsb",)}
LEAST = {"calamine": 110, "openpyxl": 55, "xlrd": 25, "pyxlsb": 12}  # books compared
SLOW_BYTES = {"openpyxl": 2_000_000}


def books(formats):
    with open(CORPUS / "MANIFEST.tsv", encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["path"].split("/")[0] in formats and row["expect"] == "ok" and "error" not in row["also_right"]:
                yield row["path"]


def seen_by(peer, path):
    """None when the peer cannot open the book."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(peer_cells, peer)(path)
        except Exception:
            return None


@pytest.mark.parametrize("peer", EXPLAINED)
def test_cells_of_the_corpus_are_the_peers_or_explained(forge, peer):
    if not (CORPUS / "MANIFEST.tsv").exists():
        pytest.skip("the corpus is not beside the project: NOTHING WAS CHECKED against real files")
    met, compared, wrong = set(), 0, {}
    for path in books(FORMATS[peer]):
        if (CORPUS / path).stat().st_size > SLOW_BYTES.get(peer, 1 << 30):
            continue
        theirs = seen_by(peer, CORPUS / path)
        if theirs is None:
            continue
        compared += 1
        ours = peer_cells.pyforge(forge, CORPUS / path)
        if peer == "pyxlsb":
            ours, theirs = peer_cells.serials(ours, theirs, "1904" in path)
        wrong.update(peer_cells.unexplained(path, ours, theirs, EXPLAINED[peer], met))
    assert not wrong
    assert compared >= LEAST[peer]
    assert met == set(EXPLAINED[peer]), "explained, but not found any more"
