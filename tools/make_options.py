#!/usr/bin/env python3
"""The options of the one option table as types: python/pyforge_cli/_options.pyi. Run by an interpreter that has the package
installed; tests/python/test_options.py holds the file to what the core has.

Usage: make_options.py [FILE]: writes, or prints.
"""
import sys
import textwrap
from pathlib import Path

from pyforge_cli import Forge

HEAD = '''"""The options of Forge's calls, made by tools/make_options.py from the option table of the core. Do not edit."""
import os
from typing import Literal, Mapping, Sequence, TypedDict, Union

_Path = Union[str, "os.PathLike[str]"]
_Number = Union[int, str]
_Size = Union[int, str]
_One = Union[str, int]
_Many = Union[_One, Sequence[_One], Mapping[str, _One]]

class Options(TypedDict, total=False):
    """Keyword arguments of Forge and its calls. None, and what is not given, leaves the default."""

'''


def type_of(option):
    kind = option["kind"]
    if kind == "choice":
        return "Literal[%s]" % ", ".join('"%s"' % word for word in option["choices"].split("|"))
    if kind == "text" and option["value_name"] in ("FILE", "DIR", "PATH"):
        return "_Path"
    if kind == "text":
        return "_One"
    return {"flag": "bool", "integer": "int", "size": "_Size", "list": "_Many"}[kind]


def all_options():
    """(option, [scopes]) in order; formats share some."""
    forge = Forge()
    lists = [forge.options()] + [forge.options(format["name"]) for format in forge.formats()]
    found = {}
    for option in (one for options in lists for one in options):
        found.setdefault(option["key"], (option, []))[1].append(option["scope"])
    return found.values()


def words_of(option, scopes):
    kinds = {"<": "reading", ">": "writing"}
    where = ", ".join("%s %s" % (kinds[scope[0]], scope[1:]) for scope in scopes if scope)
    default = " Default: %s." % option["default"] if option["default"] else ""
    return "%s%s%s" % ("Of %s. " % where if where else "", option["help"], default)


def text():
    parts = [HEAD]
    for option, scopes in all_options():
        parts.append("    %s: %s\n" % (option["key"].replace("-", "_"), type_of(option)))
        words = textwrap.wrap(words_of(option, scopes).replace("\\", "\\\\").replace('"', "'"), 112)
        parts.append('    """%s"""\n' % "\n    ".join(words))
    return "".join(parts)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text(), encoding="utf-8")
    else:
        print(text(), end="")
