#!/usr/bin/env python3
"""Unique file names with their room's prefix, no empty words, a head. Prints `file:line: what`, exits 1 when
there is any."""
import re
import sys

import house_tree as tree

EMPTY_WORDS = {"util", "utils", "misc", "common", "helper", "helpers", "manager", "managers", "core", "stuff"}


def words(name):
    return re.split(r"[^a-z0-9]+", name.lower())


def check_name(path, stem, here, offenders):
    prefix = here[2]
    if prefix and stem != prefix and not stem.startswith(prefix + "_"):
        offenders.append(f"{path}:1: a file of {here[0]} begins with {prefix}_")
    for word in EMPTY_WORDS & set(words(stem)):
        offenders.append(f"{path}:1: '{word}' says nothing; name the noun")


def check_head(path, file, text, offenders):
    lines = text.split("\n")
    head = "\n".join(lines[:4])
    if not lines[0].startswith((f"/* {file.name} — ", f"// {file.name} — ")):
        offenders.append(f"{path}:1: the first line is '/* {file.name} — …'")
    if "SPDX-License-Identifier: MIT" not in head:
        offenders.append(f"{path}:1: the licence tag stands in the first four lines")
    if file.suffix != ".h" and path.startswith(("src/", "cli/", "extensions/", "python/")):
        top = "\n".join(lines[:12])
        if "Knows" not in top or not re.search(r"Knows\s+not", top):
            offenders.append(f"{path}:1: the head says what the file knows and knows not")


def check_words(path, text, offenders):
    for number, line in enumerate(tree.code(text).split("\n"), 1):
        for name in re.findall(r"\bpf_\w+", line):
            bad = EMPTY_WORDS & set(name.lower().split("_"))
            if bad:
                offenders.append(f"{path}:{number}: {name}: '{bad.pop()}' says nothing; name the noun")


def main():
    offenders, seen = [], {}
    for file in tree.files("include", "src", "cli", "extensions", "python"):
        path, here, text = tree.name(file), tree.room(file), file.read_text()
        if here is None:
            offenders.append(f"{path}:1: in no room; tools/house_tree.py lists them")
            continue
        check_name(path, file.stem, here, offenders)
        check_head(path, file, text, offenders)
        check_words(path, text, offenders)
        other = seen.setdefault(file.name, path)
        if other != path:
            offenders.append(f"{path}:1: {other} has the same name")
    for file in tree.files("tests", "fuzz"):
        path = tree.name(file)
        check_head(path, file, file.read_text(), offenders)
        other = seen.setdefault(file.name, path)
        if other != path:
            offenders.append(f"{path}:1: {other} has the same name")
        if path.startswith("tests/unit/") and "cmocka_run_group_tests" in file.read_text():
            if not file.name.startswith("test_"):
                offenders.append(f"{path}:1: a unit test is test_<file>.c")
    return tree.report(offenders)


if __name__ == "__main__":
    sys.exit(main())
