"""Every kind of input with every call that takes one."""
import io
import os
import pathlib
import unittest

import pyforge_cli
from pyforge_cli import Forge
from samples import ORDERS, InFolder, write

DATA = ORDERS.encode()
#: what stands for one input, made anew for each call
SINGLE = {
    "path": lambda: "in/a.csv",
    "PathLike": lambda: pathlib.Path("in/a.csv"),
    "bytes": lambda: DATA,
    "bytearray": lambda: bytearray(DATA),
    "memoryview": lambda: memoryview(DATA),
    "file": lambda: open("in/a.csv", "rb"),
    "file of text": lambda: open("in/a.csv", encoding="utf-8"),
    "BytesIO": lambda: io.BytesIO(DATA),
    "StringIO": lambda: io.StringIO(ORDERS),
    "pattern of one": lambda: "in/a*.csv",
    "folder of one": lambda: "one",
    "list of one": lambda: ["in/a.csv"],
    "tuple of bytes": lambda: (DATA,),
    "generator": lambda: (name for name in ["in/a.csv"]),
}
#: what stands for two
SEVERAL = {
    "pattern": lambda: "in/*.csv",
    "pattern as PathLike": lambda: pathlib.Path("in/*.csv"),
    "folder": lambda: "in",
    "folder as PathLike": lambda: pathlib.Path("in"),
    "list": lambda: ["in/a.csv", pathlib.Path("in/b.csv")],
    "list of all kinds": lambda: [DATA, io.BytesIO(DATA)],
    "list of patterns": lambda: ["in/a*", "in/b*"],
    "generator": lambda: (name for name in ["in/a.csv", "in/b.csv"]),
}
WRONG = {"None": None, "number": 7, "object": object(), "dictionary": {"a": 1}, "list of numbers": [1, 2], "list of None": [None]}


def count_read(forge, given):
    return sum(len(table.head()) for table in forge.read(given).values())


#: rows that a call tells of one input, or True
LOOKS = {
    "info": lambda forge, given: forge.info(given)["tables"][0]["rows"],
    "validate": lambda forge, given: 3 if forge.validate(given)["valid"] else 0,
    "schema": lambda forge, given: len(forge.schema(given)["columns"]),
    "sniff": lambda forge, given: 3 if forge.sniff(given)["delimiter"] == "," else 0,
}
DOES = {
    "convert": lambda forge, given: forge.convert(given, "out/", force=True).rows_out,
    "batch_convert": lambda forge, given: forge.batch_convert(given, "out", force=True).rows_out,
    "read": count_read,
}


class Inputs(InFolder):
    def setUp(self):
        super().setUp()
        for folder in ("in", "one", "empty"):
            os.mkdir(folder)
        for name in ("in/a.csv", "in/b.csv", "one/a.csv"):
            write(name, ORDERS)
        self.opened = []

    def tearDown(self):
        for file in self.opened:
            file.close()
        super().tearDown()

    def make(self, how):
        given = how()
        if hasattr(given, "close") and hasattr(given, "read"):
            self.opened.append(given)
        return given

    def test_one_input_of_every_kind_is_taken_by_every_call(self):
        for call, do in {**DOES, **LOOKS}.items():
            for kind, how in SINGLE.items():
                with self.subTest(call=call, input=kind):
                    self.assertEqual(do(Forge(), self.make(how)), 3)

    def test_several_inputs_of_every_kind_are_converted_and_read(self):
        for call, do in DOES.items():
            for kind, how in SEVERAL.items():
                with self.subTest(call=call, input=kind):
                    self.assertEqual(do(Forge(), self.make(how)), 6)

    def test_calls_that_look_at_one_say_so_when_there_are_several(self):
        for call, do in LOOKS.items():
            for kind, how in SEVERAL.items():
                with self.subTest(call=call, input=kind), self.assertRaisesRegex(pyforge_cli.ArgumentError, "one at a time .*name it"):
                    do(Forge(), self.make(how))

    def test_every_kind_has_a_plan(self):
        for kind, how in {**SINGLE, **SEVERAL}.items():
            with self.subTest(input=kind):
                self.assertIn({"key": "compression", "value": "zstd", "by": "user"},
                              Forge().explain(self.make(how), "out/", compression="zstd")["plan"])

    def test_every_kind_of_no_workbook_is_told_by_cells(self):
        for kind, how in SINGLE.items():
            with self.subTest(input=kind), self.assertRaisesRegex(pyforge_cli.UnsupportedError, "take 'head'"):
                Forge().cells(self.make(how)).schema

    def test_no_input_at_all_is_told(self):
        for call, do in {**DOES, **LOOKS}.items():
            for kind, given in (("list", []), ("generator", iter(()))):
                with self.subTest(call=call, input=kind), self.assertRaisesRegex(pyforge_cli.ArgumentError, "there is no input; give"):
                    do(Forge(), given)

    def test_what_fits_nothing_is_told(self):
        for call, do in {**DOES, **LOOKS}.items():
            for kind, given in (("path", "none.csv"), ("pattern", "in/*.none"), ("folder", "empty")):
                with self.subTest(call=call, input=kind):
                    if call == "batch_convert":  # goes on, and tells in its result
                        self.assertEqual(Forge().batch_convert(given, "out").errors[0]["name"], "NOT_FOUND")
                        continue
                    with self.assertRaises(pyforge_cli.NotFoundError):
                        do(Forge(), given)

    def test_what_is_no_input_is_told_by_every_call(self):
        for call, do in {**DOES, **LOOKS}.items():
            for kind, given in WRONG.items():
                with self.subTest(call=call, input=kind), self.assertRaisesRegex(pyforge_cli.ArgumentError, "is no input; give a path"):
                    do(Forge(), given)

    def test_a_closed_file_is_told_by_every_call(self):
        for call, do in {**DOES, **LOOKS}.items():
            with open("in/a.csv", "rb") as file:
                pass
            closed = io.BytesIO(DATA)
            closed.close()
            for given in (file, closed, [file]):
                with self.subTest(call=call), self.assertRaisesRegex(pyforge_cli.ArgumentError, "closed; open it again"):
                    do(Forge(), given)

    def test_a_name_with_signs_of_patterns_is_a_name_where_there_is_such_a_file(self):
        write("in/c[1].csv", "a\n1\n")
        for call, do in DOES.items():
            with self.subTest(call=call):
                self.assertEqual(do(Forge(), "in/c[1].csv"), 1)
        self.assertEqual(list(Forge().read("in/c*.csv")), ["c[1]"])
        self.assertEqual(list(Forge().read("in")), ["a", "b", "c[1]"])


if __name__ == "__main__":
    unittest.main()
