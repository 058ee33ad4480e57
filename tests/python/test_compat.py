"""Names of the earlier program: importable, thin over Forge, deprecated, and as docs/migration.md says."""
import os
import re
import subprocess
import sys
import unittest
import warnings

import compat_list
from samples import ORDERS, InFolder, read, write, write_large


PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "migration.md")


class Converters(InFolder):
    def setUp(self):
        super().setUp()
        self.quiet = warnings.catch_warnings()
        self.quiet.__enter__()
        warnings.simplefilter("ignore", DeprecationWarning)

    def tearDown(self):
        self.quiet.__exit__(None, None, None)
        super().tearDown()

    def test_a_converter_says_that_it_is_deprecated(self):
        from pyforge_cli.converters import CSVConverter

        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            CSVConverter()
        self.assertEqual([w.category for w in told], [DeprecationWarning])
        self.assertEqual(os.path.basename(told[0].filename), "test_compat.py")

    def test_csv_becomes_text_columns_and_an_output_is_replaced(self):
        from pyforge_cli import Forge
        from pyforge_cli.converters import CSVConverter

        converter = CSVConverter()
        for _ in range(2):
            self.assertIs(converter.convert("orders.csv", "out.parquet", compression="gzip", verbose=True), True)
        self.assertTrue(os.path.getsize("out.parquet"))
        self.assertEqual(Forge().read("orders.csv", types="text").schema.types, ["text"] * 3)

    def test_failure_is_false_and_logged(self):
        from pyforge_cli.converters import get_csv_converter

        with self.assertLogs("pyforge", "ERROR") as told:
            self.assertIs(get_csv_converter(force_pyspark=True).convert("missing.csv", "out.parquet"), False)
        self.assertIn("missing.csv", told.output[0])

    def test_metadata_has_the_earlier_keys(self):
        from pyforge_cli.converters import CSVConverter

        facts = CSVConverter().get_metadata("orders.csv")
        self.assertEqual(set(facts), {"file_name", "file_size", "file_type", "encoding", "encoding_confidence", "delimiter",
                                      "has_header", "estimated_rows", "last_modified"})
        self.assertEqual((facts["file_type"], facts["estimated_rows"], facts["delimiter"], facts["has_header"]), ("CSV", 3, ",", True))
        self.assertIsNone(CSVConverter().get_metadata("missing.csv"))
        write("empty.csv", "")
        facts = CSVConverter().get_metadata("empty.csv")
        self.assertEqual((facts["encoding"], facts["encoding_confidence"], facts["estimated_rows"], facts["has_header"]),
                         ("utf-8", 1.0, 0, False))

    def test_validate_input_looks_at_suffix_and_content(self):
        from pyforge_cli.converters import CSVConverter

        write("empty.csv", "")
        write("orders.dat", read("orders.csv"))
        self.assertEqual([CSVConverter().validate_input(name) for name in ("orders.csv", "empty.csv", "orders.dat", "no.csv")],
                         [True, False, False, False])

    def test_detectors(self):
        from pyforge_cli.converters.csv_converter import CSVDialectDetector, CSVEncodingDetector

        write("semi.csv", "name;city\nJosé;Málaga\nZoë;Köln\n")
        self.assertEqual(CSVEncodingDetector().detect_encoding("semi.csv")[0], "utf-8")
        self.assertEqual(CSVDialectDetector().detect_dialect("semi.csv", "utf-8")["delimiter"], ";")
        self.assertTrue(CSVDialectDetector().detect_dialect("orders.csv")["has_header"])

    def test_the_registry_finds_by_suffix_and_takes_classes(self):
        from pyforge_cli.plugins import Registry, registry

        self.assertEqual(type(registry.get_converter("a/B.CSV")).__name__, "CSVConverter")
        self.assertEqual(type(registry.get_converter_by_name("excel")).__name__, "ExcelConverter")
        self.assertIsNone(registry.get_converter("a.xyz"))
        self.assertTrue(registry.supports_conversion("a.xlsx", "Parquet"))
        self.assertEqual(registry.get_available_outputs("a.csv"), {"parquet"})

        class Mine:
            supported_inputs = {".mine"}
            supported_outputs = {"parquet"}

        own = Registry()
        own.register("mine", Mine)
        self.assertTrue(own.supports_input("x.MINE"))
        self.assertEqual(own.list_supported_formats(), {"mine": {"inputs": {".mine"}, "outputs": {"parquet"}}})
        own.unregister("mine")
        own.clear()
        self.assertFalse(own.supports_input("x.mine"))


class Spelled(unittest.TestCase):
    """Texts of single values."""

    def setUp(self):
        from pyforge_cli.converters.string_database_converter import StringTypeConverter

        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            self.converter = StringTypeConverter()
        self.assertEqual([w.category for w in told], [DeprecationWarning])

    def spelled(self, *values):
        return [self.converter.convert_value(value) for value in values]

    def test_case_198_numbers_with_all_their_digits(self):
        import decimal

        self.assertEqual(self.spelled(42, 3.14, 1.0, 1e-9, 1e20, -0.5, 123.45, decimal.Decimal("1.2300"), 123456789012345678),
                         ["42", "3.14", "1.0", "0.000000001", "100000000000000000000.0", "-0.5", "123.45", "1.23", "123456789012345678"])

    def test_case_199_truth_and_nothing(self):
        nan, inf = float("nan"), float("inf")
        NaT = type("NaTType", (), {})()
        self.assertEqual(self.spelled(True, False, None, nan, NaT, inf, -inf), ["true", "false", "", "", "", "Infinity", "-Infinity"])

    def test_case_200_bytes_come_back(self):
        import base64

        for data in (b"", bytes(range(256)), bytearray(b"ab"), memoryview(b"abc")):
            self.assertEqual(base64.b64decode(self.spelled(data)[0]), bytes(data))

    def test_case_201_times(self):
        import datetime

        stamp = datetime.datetime(2020, 1, 15)
        self.assertEqual(self.spelled(stamp, stamp.replace(microsecond=250000), stamp.date(), datetime.time(8, 5)),
                         ["2020-01-15 00:00:00", "2020-01-15 00:00:00.250000", "2020-01-15", "08:05:00"])

    def test_case_202_what_has_no_text_is_counted(self):
        class Mute:
            def __str__(self):
                raise RuntimeError("no words")

        self.assertEqual(self.spelled(Mute(), "x"), ["[CONVERSION_ERROR]", "x"])
        summary = self.converter.get_conversion_summary()
        self.assertEqual((summary["errors"], summary["status"]), (["Mute: no words"], "completed_with_errors"))

    def test_case_203_nothing_was_done_yet(self):
        self.assertEqual(self.converter.get_conversion_summary()["status"], "no_conversions")


class Differences(InFolder):
    """The table of docs/migration.md, row by row, by the installed command."""

    def run_in_both_modes(self, *words):
        """Exit codes now and under PYFORGE_COMPAT=1, each in the same folder."""
        codes = []
        for more in ({}, {"PYFORGE_COMPAT": "1"}):
            done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "pyforge"), *words], env=dict(os.environ, **more),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            codes.append(done.returncode)
            self.told = done.stdout
        return codes

    def test_types_are_exact_or_all_text(self):
        self.assertEqual(self.run_in_both_modes("info", "--json", "orders.csv"), [0, 0])
        self.assertNotIn("int64", self.told)
        from pyforge_cli import Forge

        self.assertEqual(Forge().read("orders.csv").schema.types[0], "int64")

    def test_names_of_outputs(self):
        self.assertEqual(self.run_in_both_modes("convert", "orders.csv"), [0, 0])
        self.assertEqual(sorted(os.listdir(".")), ["orders.csv", "orders.parquet", "orders.txt"])

    def test_an_output_that_is_there(self):
        write("out.parquet", "PAR1 mine")
        self.assertEqual(self.run_in_both_modes("convert", "orders.csv", "out.parquet"), [1, 0])
        self.assertEqual(read("out.parquet"), "PAR1 mine")

    def test_an_unknown_input(self):
        with open("x.xyz", "wb") as file:
            file.write(bytes(range(256)))
        self.assertEqual(self.run_in_both_modes("convert", "x.xyz", "out.parquet"), [1, 0])
        self.assertFalse(os.path.exists("out.parquet"))

    def test_the_input_is_never_overwritten(self):
        write("notes.txt", ORDERS)
        self.assertNotIn(0, self.run_in_both_modes("convert", "notes.txt", "notes.txt", "--force"))
        self.assertNotIn(0, self.run_in_both_modes("convert", "orders.csv", "orders.csv", "--force"))
        self.assertEqual((read("notes.txt"), read("orders.csv")), (ORDERS, ORDERS))

    def test_rows_with_too_many_cells_trailing_delimiters_and_empty_cells(self):
        from pyforge_cli import Forge, DataError

        write("long.csv", "a,b\n1,2\n3,4,5\n")
        self.assertEqual(Forge().read("long.csv").head().rows, [("1", "2", None), ("3", "4", "5")])
        with self.assertRaises(DataError):
            Forge().convert("long.csv", on_bad_row="fail")
        write("trailing.csv", "a,b\n1,2,\n3,4,\n")
        self.assertEqual(Forge().read("trailing.csv").head().rows, [("1", "2"), ("3", "4")])
        write("empty.csv", "a,b\n1,\n2,x\n")
        self.assertEqual(Forge().read("empty.csv").head().rows[0], ("1", None))

    def test_standard_output_is_the_product_alone(self):
        import json

        self.run_in_both_modes("info", "-f", "json", "orders.csv")
        self.assertEqual(json.loads(self.told)["file_type"], "CSV")


class Page(unittest.TestCase):
    """docs/migration.md says of every name whether it is in or out, and so it is."""

    def said(self):
        rows = re.findall(r"^\| `([\w.]+)` \| `([^|]+)` \| (in|out)\b", read(PAGE), re.M)
        return [(module, name, verdict) for module, names, verdict in rows for name in names.split()]

    def test_every_name_is_said_to_be_in_or_out_once(self):
        said = sorted((module, name) for module, name, _ in self.said())
        wanted = sorted((module, name) for module, names in compat_list.IMPORTED.items() for name in names.split())
        self.assertEqual(said, wanted)

    def test_the_page_counts_the_cases(self):
        self.assertIn("the %d things" % len(compat_list.cases()), read(PAGE))

    def test_what_is_in_can_be_imported_and_what_is_out_cannot(self):
        for module, name, verdict in self.said():
            try:
                found = hasattr(__import__(module, fromlist=[name]), name)
            except ImportError:
                found = False
            self.assertEqual(found, verdict == "in", "%s.%s" % (module, name))


class Trouble(InFolder):
    """Messages that docs/migration.md explains are those that are told."""

    def told(self, *words):
        done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "pyforge"), *words], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        return done.stdout

    def raised(self, **options):
        from pyforge_cli import Forge, PyforgeError

        with self.assertRaises(PyforgeError) as caught:
            Forge().convert("orders.csv", "out.parquet", **options)
        return str(caught.exception)

    def imported(self, code):
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_messages_of_the_page_are_the_programs(self):
        write("out.parquet", "mine")
        write_large("large.csv", 20)
        with open("x.xyz", "wb") as file:
            file.write(bytes(range(256)))
        piped = subprocess.run("(cat large.csv; echo late,x,y,z) | %s convert - o.parquet --no-spill" % os.path.join(os.path.dirname(sys.executable), "pyforge"),
                               shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        told = [self.told("convert", "orders.csv", "out.parquet"), self.raised(delimeter=";"), self.told("convert", "orders.csv", "--delimeter", ";"),
                self.told("convert", "x.xyz", "o.parquet"), piped.stdout, self.imported("import pyforge_cli.readers"),
                self.imported("import sys; sys.modules['pyforge_cli._native'] = None; import pyforge_cli")]
        said = re.findall(r"^\| `([^`]+ [^`]+)` \|", read(PAGE).partition("## Trouble")[2], re.M)
        self.assertEqual(len(said), len(told))
        for message, text in zip(said, told):
            self.assertRegex(text, re.escape(message).replace("…", ".+"))


if __name__ == "__main__":
    unittest.main()
