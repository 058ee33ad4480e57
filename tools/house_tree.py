"""The tree as the house checks see it: which files there are, which room each belongs to, C text without comments."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# folder, letter of the room, prefix of its files. The longest folder that fits is a file's room.
ROOMS = [
    ("include/pyforge", "A", ""),
    ("src/base", "B", ""),
    ("src/bytes", "Y", "bytes"),
    ("src/codec", "K", "codec"),
    ("src/syntax", "S", "syntax"),
    ("src/opc", "Q", "opc"),
    ("src/columns", "C", "columns"),
    ("src/grid", "T", "grid"),
    ("src/ptg", "F", "ptg"),
    ("src/read", "R", "read"),
    ("src/read/csv", "R", "csv"),
    ("src/write", "W", "write"),
    ("src/write/csv", "W", "csvout"),
    ("src/write/parquet", "W", "parquet"),
    ("src/shape", "H", "shape"),
    ("src/registry", "G", "registry"),
    ("src/run", "N", "run"),
    ("src/api", "P", "api"),
    ("src/contract", "O", "contract"),
    ("cli", "D", "cli"),
    ("extensions/databricks", "X", ""),
    ("python/native", "E", "native"),
]
SUFFIXES = (".c", ".h", ".cc")


def files(*folders):
    """C files below the folders, in order."""
    for folder in folders:
        yield from sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in SUFFIXES and p.is_file())


def name(path):
    return path.relative_to(ROOT).as_posix()


def room(path):
    """(folder, letter, prefix) of a path in the tree; None when it is in no room. A folder below src/read or src/write
    that is not listed is a format of its own, and its files begin with the folder's name."""
    text = path if isinstance(path, str) else name(path)
    parts = text.split("/")
    if parts[0] == "src" and len(parts) > 3 and parts[1] in ("read", "write"):
        folder = "/".join(parts[:3])
        for entry in ROOMS:
            if entry[0] == folder:
                return entry
        return folder, "R" if parts[1] == "read" else "W", parts[2]
    fits = [r for r in ROOMS if text.startswith(r[0] + "/")]
    return max(fits, key=lambda r: len(r[0])) if fits else None


def code(text, strings=False):
    """The text with comments (and, unless strings, the insides of literals) blanked; lines stay where they are."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(found):
        token = found.group(0)
        if token[0] in "\"'":
            return token if strings else token[0] + token[-1]
        return " " + "\n" * token.count("\n")

    return pattern.sub(blank, text)


def report(offenders):
    """Prints the offenders; returns the exit code."""
    for line in offenders:
        print(line)
    return 1 if offenders else 0
