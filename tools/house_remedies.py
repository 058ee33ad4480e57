#!/usr/bin/env python3
"""Every error that a user meets says what to do (theme 82): its text, in one of the rooms below, names an option, a command or
what to change. Codes that are not for users (a broken contract, a cancelled run) are left out. Prints `file:line: text`, exits 1."""
import re
import sys

import house_tree as tree

ROOMS = ("src/run/", "src/api/", "src/bytes/", "src/shape/", "src/codec/", "src/columns/", "src/read/csv/", "src/write/", "src/grid/")
NOT_FOR_USERS = {"PF_STATE", "PF_INTERNAL", "PF_CANCELLED", "PF_NOT_MINE", "PF_WIDEN", "PF_NO_MEMORY", "PF_UNAVAILABLE"}
# What only a program that calls wrongly can see: it names the call, or a place that there is not.
CONTRACT = re.compile(r"^(pf_|%s: )|is read at offset|^there is no (member|column) %|needs a source that|is asked for and|are not in a batch|"
                      r"(its|this is a fault of the) producer|^a schema (has no format|is incomplete|from elsewhere)|null rows as a whole|they must be integers|"
                      r"is not an Arrow format")
REMEDY = re.compile(r"--[a-z]|'pyforge |\b(give|check|remove|split|build it|choose|report|try|take|name|leave|end it|raise|unpack|convert|look|change|make|wants|"
                    r"takes|did you mean|ask|shorten|use|get|save|join|wrap|cast|copy|drop|declare|decode|flatten|it is (?:one of|a number from)|there is (?:\w+,|%s))(?:\b|$)|; %s$")


def calls(text):
    """(line, code, message) of each pf_fail and pf_fail_at with a text of its own."""
    for found in re.finditer(r"\bpf_fail(?:_at)?\(", text):
        depth, at, quoted = 1, found.end(), False
        while depth and at < len(text):
            char = text[at]
            if quoted:
                at += char == "\\"
                quoted = char != '"'
            else:
                quoted = char == '"'
                depth += (char == "(") - (char == ")")
            at += 1
        call = text[found.end():at - 1]
        code = re.search(r"\bPF_[A-Z_]+\b", call)
        message = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call))
        if len(re.sub(r"%[-.*0-9]*[a-z]+", "", message).split()) > 2:
            yield text[:found.start()].count("\n") + 1, code[0] if code else "", message


def main():
    offenders = []
    for file in tree.files("src"):
        name = tree.name(file)
        if not name.startswith(ROOMS) or file.suffix != ".c":
            continue
        for line, code, message in calls(file.read_text()):
            if code and code not in NOT_FOR_USERS and not CONTRACT.search(message) and not REMEDY.search(message):
                offenders.append(f"{name}:{line}: {code} says not what to do: {message}")
    print("\n".join(offenders))
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
