"""The package as it is installed: import, program, documentation, what is in it."""
import doctest
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import unittest

import pyforge_cli
from samples import InFolder, read

HEAVY = {"pandas", "numpy", "pyarrow", "polars", "duckdb", "json", "logging", "typing", "re", "asyncio", "multiprocessing"}


def modules():
    """Those written in Python; beside them lie libraries, _native and extensions of pyforge."""
    for module in pkgutil.walk_packages(pyforge_cli.__path__, "pyforge_cli."):
        if not module.name.endswith("__main__") and module.module_finder.find_spec(module.name).origin.endswith(".py"):
            yield module.name


def run(*words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


class Package(unittest.TestCase):
    def test_import_brings_nothing_heavy(self):
        code = "import sys; before = set(sys.modules); import pyforge_cli; print(*sorted(set(sys.modules) - before))"
        brought = set(run(sys.executable, "-S", "-c", "import sys; sys.path.insert(0, %r); %s"
                          % (os.path.dirname(os.path.dirname(pyforge_cli.__file__)), code)).stdout.split())
        self.assertIn("pyforge_cli._native", brought)
        self.assertFalse(brought & HEAVY)

    def test_no_public_name_lacks_its_words(self):
        for name in pyforge_cli.__all__:
            made = getattr(pyforge_cli, name)
            if isinstance(made, type):
                self.assertTrue(made.__doc__, name)
                for part, value in vars(made).items():
                    if not part.startswith("_") and (callable(value) or isinstance(value, property)):
                        self.assertTrue(value.__doc__, "%s.%s" % (name, part))

    def test_every_public_call_tells_its_arguments_its_result_and_has_an_example(self):
        """An example runs in test_examples_of_docstrings_hold, or needs a library and is tried in peers."""
        for made in (getattr(pyforge_cli, name) for name in pyforge_cli.__all__):
            for name, value in vars(made).items() if isinstance(made, type) else ():
                call = getattr(value, "__func__", value)
                if name.startswith("_") or not callable(call):
                    continue
                where, words = "%s.%s" % (made.__name__, name), call.__doc__
                signature = inspect.signature(call)
                self.assertIn(">>>", words, where)
                for parameter in signature.parameters:
                    if parameter not in ("self", "cls"):
                        self.assertRegex(words.partition("Args:")[2], r"\b%s\b.*: " % parameter, where)
                if signature.return_annotation != "None":
                    self.assertIn("Returns:", words, where)

    def test_types_are_shipped(self):
        folder = os.path.dirname(pyforge_cli.__file__)
        for name in ("py.typed", "_native.pyi", "_options.pyi"):
            self.assertTrue(os.path.exists(os.path.join(folder, name)), name)

    def test_everything_can_be_imported(self):
        for name in modules():
            importlib.import_module(name)

    def test_the_module_keeps_to_the_stable_abi(self):
        self.assertTrue(pyforge_cli._native.__file__.endswith("_native.abi3.so"))


class Program(InFolder):
    def test_the_command_is_the_native_program(self):
        command = os.path.join(os.path.dirname(sys.executable), "pyforge")
        done = run(command, "convert", "orders.csv", "out.csv")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("3 rows in = 3 out", done.stdout)
        self.assertEqual(run(command, "--version").stdout, "pyforge, version %s\n" % pyforge_cli.__version__)
        self.assertEqual(run(command, "convert", "missing.csv").returncode, 2)

    def test_python_m_is_the_same(self):
        done = run(sys.executable, "-m", "pyforge_cli", "info", "--json", "orders.csv")
        self.assertEqual(done.returncode, 0)
        self.assertIn('"format": "csv"', done.stdout)

    def test_its_own_extensions_are_found_and_tried_in_a_process_of_their_own(self):
        env = dict(os.environ, XDG_CACHE_HOME=self.folder)
        for _ in range(2):  # new, then known
            done = run(sys.executable, "-m", "pyforge_cli", "databricks", "env-info", "--json", env=env)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(json.loads(done.stdout)["databricks"]["value"], "no")
        done = run(sys.executable, "-m", "pyforge_cli", "list-extensions", "--json", env=env)
        found, = json.loads(done.stdout)
        self.assertEqual((found["name"], found["status"]), ("databricks", "disabled"))
        self.assertEqual(os.path.dirname(found["path"]), os.path.join(os.path.dirname(os.path.realpath(pyforge_cli.__file__)), "extensions"))

    def test_a_closed_pipe_ends_it_quietly(self):
        done = run("sh", "-c", "%s -m pyforge_cli help convert | head -n 1" % sys.executable)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_main_can_be_called(self):
        code = "from pyforge_cli.main import run, cli; print(run(['convert', 'missing.csv'])); cli(['--version'])"
        done = run(sys.executable, "-c", code)
        self.assertEqual(done.returncode, 0)
        self.assertIn("pyforge, version", done.stdout)
        self.assertIn("missing.csv", done.stderr)


class Examples(InFolder):
    def test_examples_of_docstrings_hold(self):
        for name in modules():
            found = doctest.testmod(importlib.import_module(name), verbose=False)
            self.assertEqual(found.failed, 0, name)
            for name in os.listdir("."):
                if name.endswith(".parquet"):
                    os.remove(name)
        self.assertEqual(doctest.testmod(pyforge_cli).failed, 0)

    def test_examples_of_the_page_hold(self):
        here = os.path.dirname(os.path.abspath(__file__))
        page = os.path.join(here, "..", "..", "docs", "python.md")
        test = doctest.DocTestParser().get_doctest(read(page), {}, "docs/python.md", page, 0)
        self.assertGreater(len(test.examples), 10)
        self.assertEqual(doctest.DocTestRunner(verbose=False).run(test).failed, 0)


if __name__ == "__main__":
    unittest.main()
