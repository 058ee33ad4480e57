"""Extensions as the earlier program's users wrote them, by the installed command; names carry the number of the case."""
import os
import subprocess
import sys
import time
import unittest

import compat_list
from test_extensions import WithExtensions

COMMAND = os.path.join(os.path.dirname(sys.executable), "pyforge")


class Earlier(WithExtensions):
    group = "pyforge_cli.extensions"

    def command(self, *words, compat=True, **env):
        env = {**self.env, **({"PYFORGE_COMPAT": "1"} if compat else {}), **env}
        done = subprocess.run([COMMAND, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def codec(self, **more):
        """What a conversion's plan says of the codec, and who wanted it."""
        out = self.command("convert", "orders.csv", "new.parquet", "--explain", **more).stdout
        return next(line.split()[1:] for line in out.splitlines() if line.split()[:1] == ["compression"])

    def converts(self, **more):
        done = self.command("convert", "orders.csv", "out.parquet", "--force", **more)
        self.assertTrue(os.path.getsize("out.parquet"))
        return done.stderr

    def test_case_146_as_the_guide_shows_it(self):
        self.install("it", """
            class It(Fine):
                '''Does good.'''
                version = "2.1.0"
                def hook_pre_conversion(self, input_file, output_file, options):
                    note("pre")
                    return options
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("post", success)
                def hook_error_handling(self, error, context):
                    return False
                def hook_environment_detection(self):
                    return {}
                def hook_performance_optimization(self, operation, options):
                    return options
            """, group=self.group)
        for compat in (False, True):
            self.assertRegex(self.command("list-extensions", compat=compat).stdout, r"it +2\.1\.0 +\[OK\] Loaded")
            self.converts(compat=compat)
        self.assertEqual(self.notes(), ["pre", "post True"] * 2)

    def test_case_147_one_whose_import_fails(self):
        self.install("it", "raise ValueError('the moon')\n", group=self.group)
        self.assertRegex(self.command("list-extensions").stdout, r"it .*\[FAIL\] Failed.*the moon")
        self.converts()

    def test_case_148_a_hook_that_raises(self):
        self.install("it", """
            class It(Fine):
                def hook_pre_conversion(self, **words):
                    raise KeyError("mine")
                def hook_post_conversion(self, **words):
                    raise KeyError("mine")
            """, group=self.group)
        self.converts()

    def test_case_149_options_are_changed_in_place_and_by_return(self):
        self.install("place", """
            class It(Fine):
                def hook_pre_conversion(self, input_file, output_file, mine=7, converter=None, options=None, **more):
                    assert mine == 7 and "converter" not in more, more
                    options["compression"] = "gzip"
            """, group=self.group)
        for compat in (False, True):
            self.assertEqual(self.codec(compat=compat), ["gzip", "place"])
        os.remove("site/place-1.0.dist-info/entry_points.txt")
        self.install("back", """
            class It(Fine):
                def hook_pre_conversion(self, input_file, output_file, options):
                    return dict(options, compression="gzip")
            """, group=self.group)
        for compat in (False, True):
            self.assertEqual(self.codec(compat=compat), ["gzip", "back"])

    def test_case_150_a_class_without_words(self):
        self.install("it", "class It(Fine): pass", group=self.group)
        for compat in (False, True):
            self.assertRegex(self.command("list-extensions", compat=compat).stdout, r"it .*\[OK\] Loaded")
            self.converts(compat=compat)

    def test_case_151_an_initialize_that_takes_a_minute(self):
        """It is given up after 30 s, which the variable shortens here."""
        self.install("it", """
            class It(Fine):
                def initialize(self):
                    time.sleep(60)
            """, group=self.group)
        started = time.monotonic()
        self.assertIn("took more than 2000 ms", self.converts(compat=False, PYFORGE_EXTENSION_TIMEOUT="2"))
        self.assertLess(time.monotonic() - started, 40)

    def test_case_152_one_that_was_switched_off(self):
        self.install("it", "class It(Fine): pass", group=self.group)
        self.python("from pyforge_cli.extensions import get_extension_manager as manager; manager().disable_extension('it')")
        self.assertRegex(self.command("list-extensions").stdout, r"it .*- Disabled")


class Calls(unittest.TestCase):
    def test_what_the_earlier_program_did_right_in_python_holds_in_the_compatible_mode_too(self):
        wanted = [number for number in compat_list.numbers("M") if 153 <= number <= 184]
        names = [word for number in wanted for word in ("-k", "case_%d" % number)]
        names += ["-k", "cases_163_to_165", "-k", "cases_175_and_176"]
        done = subprocess.run([sys.executable, "-m", "unittest", "test_databricks", *names], env=dict(os.environ, PYFORGE_COMPAT="1"),
                              cwd=os.path.dirname(os.path.abspath(__file__)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"Ran (1[5-9]|[2-9]\d) tests")


if __name__ == "__main__":
    unittest.main()
