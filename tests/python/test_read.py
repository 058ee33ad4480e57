"""Forge.read and the views: tables, schemas, heads, streams."""
import unittest

import pyforge_cli
from pyforge_cli import Column, Forge
from samples import ORDERS, InFolder, plain_html, read, write


class Reading(InFolder):
    def test_tables_are_a_mapping_by_name(self):
        tables = Forge().read("orders.csv")
        self.assertEqual((list(tables), len(tables), "orders" in tables), (["orders"], 1, True))
        self.assertIs(tables["orders"], tables[0])
        self.assertEqual([name for name, _ in tables.items()], tables.keys())
        self.assertEqual(repr(tables), "<Tables 'orders'>")

    def test_a_wrong_name_is_answered_with_those_there_are(self):
        with self.assertRaisesRegex(pyforge_cli.NotFoundError, "'orders'"):
            Forge().read("orders.csv")["order"]

    def test_a_schema_is_names_types_and_nullability(self):
        schema = Forge().read("orders.csv").schema
        self.assertEqual(list(schema), [Column("id", "int64", True), Column("customer", "text", True),
                                        Column("amount", "double", True)])
        self.assertEqual((schema["amount"].type, schema[0].name, len(schema)), ("double", "id", 3))
        self.assertIn('<th scope="row">id</th><td>int64</td>', plain_html(schema._repr_html_()))

    def test_shown_rows_give_a_terminal_no_orders(self):
        write("odd.csv", 'a\n"x\x1b[2J\u202ey"\n"1\r\n2"\nK\u00f6ln\u00a01\n')
        self.assertEqual(repr(Forge().read("odd.csv")["odd"].head()), "a\nx\\x1b[2J\\u202ey\n1\\r\\n2\nK\u00f6ln\u00a01")

    def test_types_are_proved_on_all_values(self):
        write("late.csv", "n\n" + "1\n" * 50000 + "x\n" + "1\n" * 50000)
        self.assertEqual(Forge().read("late.csv").schema.types, ["text"])

    def test_head_gives_the_first_rows(self):
        write("nulls.csv", "a,b\n1,\n2,x\n")
        head = Forge().read("nulls.csv").head(1)
        self.assertEqual(head.rows, [("1", None)])
        self.assertEqual(repr(head), "a  b\n1  null")
        self.assertIn("<td>1</td><td><i>null</i></td>", plain_html(head._repr_html_()))

    def test_names_of_several_inputs_stay_apart(self):
        write("more.csv", ORDERS)
        tables = Forge().read(["orders.csv", "more.csv", ORDERS.encode(), "orders.csv"])
        self.assertEqual(list(tables), ["orders", "more", "data", "orders_2"])
        with self.assertRaisesRegex(pyforge_cli.ArgumentError, "there are 4 tables"):
            tables.schema

    def test_a_number_that_is_a_name_already_is_passed_over(self):
        write("orders_2.csv", "a\n1\n")
        tables = Forge().read(["orders_2.csv", "orders.csv", "orders.csv", "orders_2.csv"])
        self.assertEqual(list(tables), ["orders_2", "orders", "orders_3", "orders_2_2"])
        self.assertEqual([len(table.head()) for table in tables.values()], [1, 3, 3, 1])

    def test_a_table_can_be_taken_again_and_again(self):
        table = Forge().read(ORDERS.encode())[0]
        for number in range(3):
            self.assertEqual(table.schema.names, ["id", "customer", "amount"])
            Forge().write(table, "out%d.csv" % number)
            self.assertEqual(read("out%d.csv" % number), read("out0.csv"))

    def test_a_stream_is_handed_over_once(self):
        job = Forge()._job([("path", "orders.csv")], {})
        stream = job.read()
        capsule = stream.__arrow_c_stream__()
        with self.assertRaises(pyforge_cli.StateError):
            stream.__arrow_c_stream__()
        with self.assertRaises(pyforge_cli.StateError):
            stream.columns()
        fresh = Forge()._job([], {})
        fresh.take_stream(capsule)
        with self.assertRaisesRegex(ValueError, "handed over before"):
            Forge()._job([], {}).take_stream(capsule)

    def test_capsules_that_nobody_takes_are_let_go(self):
        table = Forge().read("orders.csv")[0]
        for _ in range(50):
            table.__arrow_c_stream__()
            table.schema.__arrow_c_schema__()

    def test_what_offers_a_wrong_capsule_is_refused(self):
        class Liar:
            def __arrow_c_stream__(self, requested_schema=None):
                return "no capsule"

        class Thrower:
            def __arrow_c_stream__(self, requested_schema=None):
                raise KeyError("mine")

        with self.assertRaises(ValueError):
            Forge().write(Liar(), "out.csv")
        with self.assertRaisesRegex(KeyError, "mine"):
            Forge().write(Thrower(), "out.csv")

    def test_libraries_that_are_not_there_are_named_with_how_to_get_them(self):
        import sys

        table = Forge().read("orders.csv")[0]
        kept = {name: sys.modules.get(name) for name in ("pandas", "polars", "pyarrow", "duckdb")}
        for name in kept:
            sys.modules[name] = None  # as if it could not be found
        try:
            for call in (table.to_pandas, table.to_polars, table.to_arrow, table.to_duckdb):
                with self.assertRaisesRegex(pyforge_cli.UnavailableError, "pip install"):
                    call()
        finally:
            for name, module in kept.items():
                sys.modules.pop(name) if module is None else sys.modules.__setitem__(name, module)


class Views(InFolder):
    def test_info(self):
        info = Forge().info("orders.csv")
        self.assertEqual((info["format"], info["tables"][0]["rows"], "delimiter" in info), ("csv", 3, True))
        self.assertEqual(info.get("nothing", 5), 5)
        self.assertIn("format: csv", repr(info))
        self.assertIn('<th scope="row">format</th>', plain_html(info._repr_html_()))

    def test_info_of_bytes(self):
        self.assertEqual(Forge().info(ORDERS.encode())["tables"][0]["name"], "data")

    def test_validate(self):
        write("bad.csv", "a,b\n1,2\n3\n")
        self.assertTrue(Forge().validate("orders.csv")["valid"])
        report = Forge().validate("bad.csv")
        self.assertFalse(report["valid"])
        self.assertEqual(report["problems"][0]["row"], 2)
        self.assertRegex(repr(report), r"problem: short-row, row 2: line 3: .*; complete the row")

    def test_a_schema_that_was_saved_is_followed(self):
        write("orders.schema.json", Forge().schema("orders.csv").to_json())
        result = Forge().convert("orders.csv", "out.csv", schema="orders.schema.json")
        self.assertEqual(result.rows_out, 3)

    def test_sniff(self):
        self.assertEqual(Forge().sniff(b"a;b\n1;2\n3;4\n")["delimiter"], ";")

    def test_explain_writes_nothing_and_tells_who_set_what(self):
        plan = Forge().explain("orders.csv", "out.parquet", limit=1)["plan"]
        self.assertIn({"key": "limit", "value": "1", "by": "user"}, plan)
        self.assertFalse(__import__("os").path.exists("out.parquet"))
        shown = repr(Forge().explain("orders.csv", "out.parquet", limit=1))
        self.assertIn("\n  limit: 1 (user)\n", shown)
        self.assertIn("\n  compression: snappy (default)\n", shown)

    def test_formats(self):
        formats = {format["name"]: format for format in Forge().formats()}
        self.assertIn(".csv", formats["csv"]["suffixes"])
        self.assertTrue(formats["parquet"]["writes"])


if __name__ == "__main__":
    unittest.main()
