#!/usr/bin/env python3
"""Files of at most 800 lines (or a `reason:` in the first ten), functions of at most 80 (not in tests). Prints `file:line: what`, exits 1
when there is any."""
import re
import sys

import house_tree as tree

FILE_LINES = 800
FUNCTION_LINES = 80


def functions(text):
    """(first line, last line, name) of every function: the layout is clang-format's, so its end is a } at the margin."""
    lines = tree.code(text).split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if start is None:
            if re.match(r"[A-Za-z_]", line) and not line.startswith(("extern \"", "namespace")):
                start = number
        if start is not None and line.rstrip().endswith(";") and not line.startswith((" ", "}")):
            start = None
        elif start is not None and (line.startswith("}") or (start == number and line.rstrip().endswith("}"))):
            head = " ".join(lines[start - 1:number]).split("{")[0]
            found = re.search(r"([A-Za-z_0-9]+)\s*\(", head)
            if found and "=" not in head:
                yield start, number, found[1]
            start = None
        elif not line.strip() and start is not None and "{" not in " ".join(lines[start - 1:number]):
            start = None


def main():
    offenders = []
    for file in tree.files("include", "src", "cli", "extensions", "python", "tests", "fuzz", "examples", "bench"):
        text = file.read_text()
        count = text.count("\n")
        excused = any("reason:" in line for line in text.split("\n")[:10])
        if count > FILE_LINES and not excused:
            offenders.append(f"{tree.name(file)}:1: {count} lines, at most {FILE_LINES} without a reason:")
        for start, end, name in functions(text):
            if tree.room(file) and end - start + 1 > FUNCTION_LINES:
                offenders.append(f"{tree.name(file)}:{start}: {name} has {end - start + 1} lines, at most "
                                 f"{FUNCTION_LINES}")
    return tree.report(offenders)


if __name__ == "__main__":
    sys.exit(main())
