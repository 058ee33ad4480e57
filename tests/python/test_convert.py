"""Forge.convert, write and batch_convert: what goes in, what comes out, what is told."""
import io
import json
import os
import pathlib
import unittest

import pyforge_cli
from pyforge_cli import Forge
from samples import ORDERS, InFolder, plain_html, read, write

PARQUET = b"PAR1"


def magic(path):
    with open(path, "rb") as file:
        return file.read(4)


class Inputs(InFolder):
    def test_a_path_is_converted_beside_itself(self):
        result = Forge().convert("orders.csv")
        self.assertEqual(result.outputs, ["orders.parquet"])
        self.assertEqual(magic("orders.parquet"), PARQUET)

    def test_pathlike_objects_name_input_and_output(self):
        Forge().convert(pathlib.Path("orders.csv"), pathlib.Path("out") / "o.csv")
        self.assertEqual(read("out/o.csv"), ORDERS)

    def test_to_names_the_format(self):
        self.assertEqual(Forge().convert("orders.csv", "out/", to="csv").outputs, ["out/orders.csv"])

    def test_bytes_of_all_kinds_are_an_input(self):
        for kind in (bytes, bytearray, memoryview):
            Forge().convert(kind(ORDERS.encode()), "out.csv", force=True)
            self.assertEqual(read("out.csv"), ORDERS)

    def test_bytes_are_let_go_after_the_call(self):
        import gc
        import sys

        data = ORDERS.encode()
        before = sys.getrefcount(data)
        for _ in range(20):
            Forge().convert(data, "out.csv", force=True)
        gc.collect()
        self.assertEqual(sys.getrefcount(data), before)

    def test_bytes_are_let_go_too_while_the_main_thread_waits(self):
        import sys
        import threading

        data = ORDERS.encode()
        before = sys.getrefcount(data)
        held = []

        def convert_many():
            for _ in range(100):
                Forge().convert(data, "out.csv", force=True)
            held.append(sys.getrefcount(data) - before)

        thread = threading.Thread(target=convert_many)
        thread.start()
        thread.join()
        self.assertEqual(held, [0])

    def test_bytes_need_an_output(self):
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "output"):
            Forge().convert(ORDERS.encode())

    def test_open_files_are_an_input(self):
        with open("orders.csv", "rb") as file:
            result = Forge().convert(file, "a.csv")
        self.assertTrue(result.files[0]["input"].endswith("orders.csv"))
        with open("orders.csv", encoding="utf-8") as file:
            Forge().convert(file, "b.csv")
        Forge().convert(io.BytesIO(ORDERS.encode()), "c.csv")
        Forge().convert(io.StringIO(ORDERS), "d.csv")
        for name in "abcd":
            self.assertEqual(read(name + ".csv"), ORDERS)

    def test_an_open_file_is_read_from_where_it_stands(self):
        with open("orders.csv", "rb") as file:
            file.readline()
            Forge().convert(file, "rest.csv", header="none")
        self.assertIn("1,Ann,9.5", read("rest.csv"))
        self.assertNotIn("customer", read("rest.csv"))

    def test_a_closed_file_is_refused_with_what_to_do(self):
        with open("orders.csv", "rb") as file:
            pass
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "open it again"):
            Forge().convert(file, "out.csv")

    def test_patterns_folders_and_lists_are_inputs(self):
        os.mkdir("in")
        for name in ("a", "b"):
            write("in/%s.csv" % name, ORDERS)
        for inputs in ("in/*.csv", "in", ["in/a.csv", pathlib.Path("in/b.csv")], (p for p in ["in/a.csv", "in/b.csv"])):
            result = Forge().convert(inputs, "out/", force=True)
            self.assertEqual(sorted(result.outputs), ["out/a.parquet", "out/b.parquet"])

    def test_names_that_are_no_utf8_are_found(self):
        name = os.fsdecode(b"in\xff.csv")
        try:
            write(name, ORDERS)
        except (OSError, UnicodeError):
            self.skipTest("this file system takes no such names")
        seen = []
        Forge().convert(name, "out.csv", progress=seen.append)
        self.assertEqual(read("out.csv"), ORDERS)
        self.assertEqual(seen[-1].input, "in\ufffd.csv")
        os.remove(name)
        with self.assertRaisesRegex(pyforge_cli.NotFoundError, "in\ufffd.csv"):
            Forge().convert(name, "out.csv", force=True)

    def test_a_long_wrong_value_is_told_though_its_end_is_cut_off(self):
        for before in range(4):  # wherever a character is cut
            with self.assertRaisesRegex(pyforge_cli.ArgumentError, "whole number"):
                Forge().convert("orders.csv", "out.csv", limit="x" * before + "\u20ac" * 1000)

    def test_what_is_no_input_is_refused_with_what_is_one(self):
        for wrong in (None, 7, object(), {"a": 1}):
            with self.assertRaisesRegex(pyforge_cli.ArgumentError, "is no input; give a path"):
                Forge().convert(wrong, "out.csv")

    def test_a_table_of_read_is_written(self):
        result = Forge().write(Forge().read("orders.csv"), "out.csv")
        self.assertEqual(read("out.csv"), ORDERS)
        self.assertEqual(result.rows_out, 3)

    def test_write_refuses_what_is_no_frame(self):
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "__arrow_c_stream__"):
            Forge().write("orders.csv", "out.csv")


class Options(InFolder):
    def test_lists_dictionaries_numbers_and_flags_are_taken(self):
        Forge().convert("orders.csv", "out.csv", columns=["amount", "id"], rename={"id": "number"}, limit=2, sync=True)
        self.assertEqual(read("out.csv"), "amount,number\n9.5,1\n12.25,2\n")

    def test_numbers_and_truth_of_numpy_are_those_of_python(self):
        class Scalar:  # as numpy.int64 and numpy.bool_ are
            shape = ()

            def __init__(self, value):
                self.item = lambda: value

        self.assertEqual(Forge().convert("orders.csv", "out.csv", limit=Scalar(2), force=Scalar(True)).rows_out, 2)
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "float; give a text, a whole number"):
            Forge().convert("orders.csv", "out.csv", limit=1.5)

    def test_an_empty_dictionary_is_not_given(self):
        self.assertEqual(Forge().convert("orders.csv", "out.csv", type={}, rename={}).rows_out, 3)

    def test_none_is_not_given_and_false_is_off(self):
        Forge().convert("orders.csv", "out.csv", limit=None, sync=False)
        self.assertEqual(read("out.csv"), ORDERS)

    def test_options_of_the_forge_hold_for_each_call_and_those_of_the_call_win(self):
        forge = Forge(limit=1)
        self.assertEqual(forge.convert("orders.csv", "a.csv").rows_out, 1)
        self.assertEqual(forge.convert("orders.csv", "b.csv", limit=2).rows_out, 2)

    def test_a_wrong_option_is_answered_with_the_nearest_right_one(self):
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "did you mean 'delimiter'"):
            Forge().convert("orders.csv", delimeter=";")
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "did you mean 'threads'"):
            Forge(thread=2)

    def test_a_wrong_value_is_answered_with_the_right_ones(self):
        with self.assertRaisesRegex(ValueError, r"exact\|survey\|text"):
            Forge().convert("orders.csv", types="guess")
        with self.assertRaisesRegex(ValueError, "cannot be a object"):
            Forge().convert("orders.csv", limit=object())

    def test_options_lists_what_the_core_has(self):
        keys = {option["key"] for option in Forge().options()}
        self.assertLess({"force", "types", "threads"}, keys)
        self.assertIn("delimiter", {option["key"] for option in Forge().options("csv")})


class Results(InFolder):
    def test_a_result_counts_rows_and_bytes(self):
        result = Forge().convert("orders.csv", "out.parquet")
        self.assertEqual((result.status, result.ok, result.engine), ("ok", True, "native"))
        self.assertEqual((result.rows_in, result.rows_out, result.rows_rejected, result.rows_skipped), (3, 3, 0, 0))
        self.assertEqual(result.bytes_in, len(ORDERS))
        self.assertEqual(result.bytes_out, os.path.getsize("out.parquet"))
        self.assertGreater(result.seconds, 0)

    def test_a_result_is_json_and_a_dictionary(self):
        result = Forge().convert("orders.csv", "out.parquet")
        self.assertEqual(json.loads(result.to_json()), result.to_dict())
        self.assertEqual(result.to_dict()["totals"]["rows_out"], 3)

    def test_a_result_shows_itself_as_text_and_as_an_accessible_table(self):
        result = Forge().convert("orders.csv", "<b>.parquet")
        self.assertIn("rows out: 3", repr(result))
        html = plain_html(result._repr_html_())
        self.assertIn("<caption><b>Result</b></caption>", html)
        self.assertIn('<th scope="col">Property</th>', html)
        self.assertIn('<th scope="row">rows out</th><td>3</td>', html)
        self.assertIn("&lt;b&gt;.parquet", html)
        self.assertNotIn("color", html)

    def test_notices_are_warnings(self):
        write("short.csv", "a,b,c\n1,2,3\n4,5\n6,7,8\n")
        warning = [w for w in Forge().convert("short.csv", "out.csv").warnings if w.kind == "short-row"][0]
        self.assertEqual((warning.row, warning.table), (2, "short"))
        self.assertTrue(warning.remedy)

    def test_batch_convert_goes_on_and_tells(self):
        os.mkdir("in")
        write("in/good.csv", ORDERS)
        write("in/empty.csv", "")
        result = Forge().batch_convert("in/*.csv", "out", workers=2)
        self.assertFalse(result.ok)
        self.assertEqual(result.outputs, ["out/good.parquet"])
        self.assertEqual([os.path.basename(error["input"]) for error in result.errors], ["empty.csv"])
        self.assertIn("error: in/empty.csv", repr(result))

    def test_convert_of_several_raises_and_has_the_result(self):
        write("empty.csv", "")
        with self.assertRaises(pyforge_cli.DataError) as caught:
            Forge().convert(["orders.csv", "empty.csv"], "out/")
        self.assertEqual(caught.exception.result.outputs, ["out/orders.parquet"])


if __name__ == "__main__":
    unittest.main()
