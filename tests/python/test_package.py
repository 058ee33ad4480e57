"""The package as it is installed: import, program, documentation, what is in it."""
import doctest
import importlib
import inspect
import json
import os
import pkgutil
import re
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

    def test_types_are_shipped(self):
        folder = os.path.dirname(pyforge_cli.__file__)
        for name in ("py.typed", "_native.pyi", "_options.pyi"):
            self.assertTrue(os.path.exists(os.path.join(folder, name)), name)

    def test_everything_can_be_imported(self):
        for name in modules():
            importlib.import_module(name)

    def test_the_module_keeps_to_the_stable_abi(self):
        self.assertTrue(pyforge_cli._native.__file__.endswith("_native.abi3.so"))


def public():
    """Classes and functions that a program may import, each once."""
    found = {}
    for name in ["pyforge_cli", *modules()]:
        module = importlib.import_module(name)
        for word, made in vars(module).items() if "._" not in name else ():
            home = getattr(made, "__module__", None) or ""
            own = home == name or home.startswith("pyforge_cli") and word in getattr(module, "__all__", ())
            if not word.startswith("_") and own and (inspect.isclass(made) or inspect.isfunction(made)):
                found["%s.%s" % (home, made.__qualname__)] = made
    return found.items()


def lacking(call, examples):
    """What the words of a call do not tell. examples: of its class."""
    words, signature = inspect.getdoc(call) or "", inspect.signature(call)
    missing = [name for name in signature.parameters
               if name not in ("self", "cls") and not re.search(r"\b%s\b.*:" % name, words.partition("Args:")[2])]
    if signature.return_annotation not in ("None", None, inspect.Signature.empty) and "Returns:" not in words:
        missing.append("Returns:")
    if ">>>" not in words and ".%s(" % call.__name__ not in examples:
        missing.append("an example")
    return missing


class Words(unittest.TestCase):
    """What every public docstring tells. Examples run in Examples; those that need a library run in peers."""

    def test_every_public_name_has_words_and_an_example(self):
        self.assertGreater(len(public()), 50)
        for where, made in public():
            if inspect.isclass(made):
                self.assertIn(">>>", made.__doc__ or "", where)

    def test_every_call_tells_its_arguments_its_result_and_has_an_example(self):
        for where, made in public():
            if inspect.isfunction(made):
                self.assertEqual(lacking(made, ""), [], where)
                continue
            for name, value in vars(made).items():
                call = getattr(value, "__func__", value)
                if not name.startswith("_") and inspect.isfunction(call):
                    self.assertEqual(lacking(call, made.__doc__), [], "%s.%s" % (where, name))

    def test_every_property_has_words_and_an_example(self):
        for where, made in public():
            for name, value in vars(made).items() if inspect.isclass(made) else ():
                if isinstance(value, property) and not name.startswith("_"):
                    self.assertTrue(value.__doc__, "%s.%s" % (where, name))
                    self.assertRegex(made.__doc__, r">>>.*\.%s\b|\.\.\. .*\.%s\b" % (name, name), where)

    def test_examples_are_left_out_for_a_library_alone(self):
        for name in ["pyforge_cli", *modules()]:
            for test in doctest.DocTestFinder().find(importlib.import_module(name)):
                for example in test.examples:
                    if doctest.SKIP in example.options:
                        self.assertRegex(example.source, "pandas|polars|to_arrow|duckdb", test.name)


class EntryPoints(InFolder):
    GROUPS = ("pyforge.extensions", "pyforge_cli.extensions")

    def entries(self, group):
        from importlib import metadata

        return [entry for entry in metadata.distribution("pyforge-cli").entry_points if entry.group == group]

    def test_the_command_and_both_groups_of_extensions_are_there_and_load(self):
        command, = self.entries("console_scripts")
        self.assertEqual((command.name, command.value), ("pyforge", "pyforge_cli.main:cli"))
        self.assertIs(command.load(), importlib.import_module("pyforge_cli.main").cli)
        for group in self.GROUPS:
            folder, = self.entries(group)
            self.assertEqual(folder.name, "databricks")
            self.assertTrue(os.path.exists(os.path.join(folder.load().__path__[0], "databricks.so")))

    def test_another_pyforge_finds_its_extensions_by_them(self):
        """The program that knows of this package by VIRTUAL_ENV alone: a copy of the package stands for it, without its libraries."""
        import shutil

        shutil.copytree(os.path.dirname(pyforge_cli.__file__), "other/pyforge_cli", ignore=shutil.ignore_patterns("databricks.so"))
        here = os.path.dirname(os.path.dirname(os.path.abspath(pyforge_cli.__file__)))
        code = "import sys; sys.path[:] = ['other', *sys.path]; import pyforge_cli.main; pyforge_cli.main.cli(['list-extensions', '--json'])"
        done = run(sys.executable, "-c", code, env=dict(os.environ, XDG_CACHE_HOME=self.folder))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([one["path"] for one in json.loads(done.stdout)], [os.path.realpath(os.path.join(here, "pyforge_cli/extensions/databricks.so"))])


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
