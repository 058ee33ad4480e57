"""Errors: classes, codes, places, hints; and that there is none without an exception."""
import os
import pickle
import unittest

import pyforge_cli
from pyforge_cli import Forge, PyforgeError, _native
from samples import InFolder, write


class Tree(unittest.TestCase):
    def test_every_code_has_its_class(self):
        from pyforge_cli import _errors

        for number, name, _ in _native.status_list():
            if name not in ("OK", "NOT_MINE", "WIDEN"):
                error = _errors.make(number, "what; do", "where", 3, -1, None)
                self.assertEqual((error.code, error.name), (number, name))
                self.assertIsInstance(error, PyforgeError)

    def test_classes_are_those_that_python_programs_catch_too(self):
        pairs = [("ArgumentError", ValueError), ("NotFoundError", FileNotFoundError), ("ExistsError", FileExistsError),
                 ("DeniedError", PermissionError), ("ReadWriteError", OSError), ("DataError", ValueError),
                 ("OutOfMemoryError", MemoryError), ("UnsupportedError", NotImplementedError), ("StateError", RuntimeError)]
        for name, base in pairs:
            self.assertTrue(issubclass(getattr(pyforge_cli, name), base), name)

    def test_an_error_survives_pickling(self):
        from pyforge_cli import _errors

        again = pickle.loads(pickle.dumps(_errors.make(30, "bad; mend it", "file 'a'", 4, 17, None)))
        self.assertEqual((type(again), again.code, again.row, again.byte, again.where, again.hint),
                         (pyforge_cli.DataError, 30, 4, 17, "file 'a'", "mend it"))
        again = pickle.loads(pickle.dumps(_errors.make(4711, "new", "", -1, -1, '{"totals": {"rows_out": 3}}')))
        self.assertEqual((type(again), again.code, again.result.rows_out), (pyforge_cli.InternalError, 4711, 3))


class Raised(InFolder):
    def test_a_missing_input(self):
        with self.assertRaises(FileNotFoundError) as caught:
            Forge().convert("missing.csv")
        self.assertEqual((caught.exception.code, caught.exception.name), (20, "NOT_FOUND"))
        self.assertIn("check the name", caught.exception.hint)

    def test_an_output_that_is_there(self):
        write("out.csv", "mine")
        with self.assertRaises(FileExistsError):
            Forge().convert("orders.csv", "out.csv")

    def test_bad_data_tells_where(self):
        with self.assertRaises(pyforge_cli.DataError) as caught:
            Forge().convert("orders.csv", "out.parquet", type={"customer": "int64"})
        error = caught.exception
        self.assertEqual(error.row, 1)
        self.assertIn("customer", error.where + error.message)
        self.assertIn("BAD_DATA", str(error))
        self.assertFalse(os.path.exists("out.parquet"))

    def test_views_raise_too(self):
        forge = Forge()
        for call in (forge.info, forge.validate, forge.schema, forge.sniff, forge.read):
            with self.assertRaises(PyforgeError, msg=call.__name__):
                call("missing.csv")
        with self.assertRaises(pyforge_cli.UnsupportedError):
            forge.cells("orders.csv").schema

    def test_text_with_a_null_character_is_an_exception(self):
        with self.assertRaises(ValueError):
            Forge().convert("orders.csv\0", "out.csv")

    def test_parts_of_the_core_cannot_be_made_by_hand(self):
        for cls in (_native.Forge, _native.Job, _native.Stream) if hasattr(_native, "Job") else (type(_native.forge()),):
            with self.assertRaises(TypeError):
                cls()


if __name__ == "__main__":
    unittest.main()
