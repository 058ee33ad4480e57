"""What the extension promises, through the program, as users have it."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Tuple


class Promises(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(os.path.join(self.folder.name, "in.csv"), "w") as file:
            file.write("a,b\n1,x\n")

    def pyforge(self, *words: str) -> Tuple[int, str, str]:
        env = dict(os.environ, XDG_CONFIG_HOME=self.folder.name, XDG_CACHE_HOME=self.folder.name)
        run = subprocess.run([sys.executable, "-m", "pyforge_cli", *words], cwd=self.folder.name, env=env,
                             universal_newlines=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return run.returncode, run.stdout, run.stderr

    def test_it_is_found_and_started(self) -> None:
        listed = {one["name"]: one for one in json.loads(self.pyforge("list-extensions", "--json")[1])}
        self.assertEqual((listed["sample"]["status"], listed["sample"]["version"]), ("initialized", "0.1.0"))

    def test_hello_greets_and_complains(self) -> None:
        self.assertEqual(self.pyforge("sample", "hello", "Ann", "Bob"), (0, "hello Ann and Bob\n", ""))
        self.assertEqual(self.pyforge("sample", "hello"), (2, "", "hello: whom? give a NAME\n"))

    def test_it_packs_with_zstd_unless_told_otherwise(self) -> None:
        self.assertRegex(self.pyforge("convert", "in.csv", "--explain")[1], "compression +zstd +sample")
        self.assertRegex(self.pyforge("convert", "in.csv", "--explain", "-c", "none")[1], "compression +none +user")

    def test_it_logs_what_was_done(self) -> None:
        self.assertIn("[sample] in.csv is in in.parquet", self.pyforge("convert", "in.csv", "--log-level", "info")[2])
        self.assertIn("[sample] no.csv is not converted", self.pyforge("convert", "no.csv", "--log-level", "info")[2])


if __name__ == "__main__":
    unittest.main()
