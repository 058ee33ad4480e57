#!/usr/bin/env python3
"""make_templates.py — writes the files of examples/extension_* into the table of cli_template.h, so that `pyforge extensions new`
brings what the tests build.

Usage: make_templates.py OUTPUT LANGUAGE:KIND:FOLDER…
"""
import os
import sys


def bytes_of(text):
    numbers = [str(byte if byte < 128 else byte - 256) for byte in text] + ["0"]
    return ",\n    ".join(",".join(numbers[at:at + 32]) for at in range(0, len(numbers), 32))


def files_below(folder):
    """(name inside, content), the source first."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "build", ".test") and not f.endswith(".egg-info"))
        for name in sorted(names):
            if name.endswith((".so", ".pyc")):
                continue  # somebody built there
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found.append((os.path.relpath(path, folder), file.read()))
    return sorted(found, key=lambda f: f[0] == "Makefile" or f[0].startswith("test"))


def main():
    texts, rows = [], []
    for word in sys.argv[2:]:
        language, kind, folder = word.split(":", 2)
        for name, text in files_below(folder):
            texts.append(f"static const signed char text{len(texts)}[] = {{\n    {bytes_of(text)}}};\n")
            rows.append(f'    {{"{language}", "{kind}", "{name}", (const char *)text{len(rows)}}},\n')
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write('/* Made by tools/make_templates.py. reason: a table. */\n#include "cli_template.h"\n\n' + "".join(texts) +
                  "const struct pf_cli_template_file pf_cli_template_files[] = {\n" + "".join(rows) + "    {0, 0, 0, 0}};\n")


main()
