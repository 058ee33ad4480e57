"""The types of the options are those of the core's option table."""
import os
import sys
import unittest

import pyforge_cli
from samples import read

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools")


class Stub(unittest.TestCase):
    maxDiff = None

    def test_the_stub_is_what_the_core_has(self):
        sys.path.insert(0, TOOLS)
        import make_options

        stub = os.path.join(os.path.dirname(pyforge_cli.__file__), "_options.pyi")
        self.assertEqual(read(stub), make_options.text(), "make options makes it anew")

    def test_every_option_of_the_core_is_there(self):
        stub = read(os.path.join(os.path.dirname(pyforge_cli.__file__), "_options.pyi"))
        forge = pyforge_cli.Forge()
        for option in forge.options() + forge.options("csv") + forge.options("xlsx") + forge.options("parquet"):
            self.assertIn("    %s: " % option["key"].replace("-", "_"), stub)


if __name__ == "__main__":
    unittest.main()
