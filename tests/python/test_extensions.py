"""Extensions written in Python: found by entry points, every state, every hook, commands, the end; and what they cannot harm."""
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import unittest

import pyforge_cli.extensions.base
from samples import InFolder, read, write, write_large

HEAD = """
import os, sys, time
from pyforge_cli import UnavailableError
from pyforge_cli.extensions.base import BaseExtension

def note(*words):
    with open("notes", "a") as file:
        print(*words, file=file)

class Fine(BaseExtension):
    def is_available(self):
        return True
    def initialize(self):
        return True
"""


class WithExtensions(InFolder):
    """Packages are put into a folder of sys.path, and a new interpreter is asked."""

    def install(self, name, body, entry=None, group="pyforge.extensions", entries=None):
        """A module with the extension `It`, and the metadata of its package."""
        write("site/%s.py" % name, HEAD + textwrap.dedent(body))
        lines = entries or ["%s = %s" % (name, entry or name + ":It")]
        os.makedirs("site/%s-1.0.dist-info" % name)
        write("site/%s-1.0.dist-info/entry_points.txt" % name, "[%s]\n%s\n" % (group, "\n".join(lines)))

    def setUp(self):
        super().setUp()
        os.mkdir("site")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYFORGE", "XDG", "VIRTUAL_ENV"))}
        path = [os.path.abspath("site"), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.env = {**clean, "PYTHONPATH": os.pathsep.join(path), "HOME": self.folder}

    def start(self, *words, **env):
        # where the tests run in the background, SIGINT may be ignored, and children inherit that
        return subprocess.Popen([sys.executable, *words], env={**self.env, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                universal_newlines=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def run_words(self, *words, **env):
        child = self.start(*words, **env)
        out, err = child.communicate(timeout=120)
        return child.returncode, out, err

    def pyforge(self, *words, **env):
        return self.run_words("-m", "pyforge_cli", *words, **env)

    def python(self, code, **env):
        code, out, err = self.run_words("-c", textwrap.dedent(code), **env)
        self.assertEqual((code, err), (0, ""))
        return out

    def listed(self, **env):
        code, out, err = self.pyforge("list-extensions", "--json", **env)
        self.assertEqual(code, 0, err)
        return {one["name"]: one for one in json.loads(out) if one["name"] != "databricks"}

    def convert(self, *words, **env):
        """Converts; what was told beside the summary."""
        code, out, err = self.pyforge("convert", "orders.csv", "out.parquet", "--force", *words, **env)
        self.assertEqual(code, 0, err)
        self.assertIn("3 rows in = 3 out", out)
        return err

    def notes(self):
        return read("notes").splitlines() if os.path.exists("notes") else []


class States(WithExtensions):
    def test_a_good_one_is_loaded_with_its_own_version_and_words(self):
        self.install("it", '''
            class It(Fine):
                """Does good.

                And more."""
                version = "1.2.3"
            ''')
        one = self.listed()["it"]
        self.assertEqual((one["status"], one["version"], one["description"]), ("initialized", "1.2.3", "Does good."))
        self.assertEqual((one["path"], one["error"], one["missing"]), ("it:It", None, None))
        self.assertGreater(one["load_seconds"], 0)
        self.assertRegex(self.pyforge("list-extensions")[1], r"it +1\.2\.3 +\[OK\] Loaded +\d+\.\d\ds +Does good\.")
        self.assertIn("it 1.2.3: initialized\n  file:  it:It\n", self.pyforge("extensions", "why", "it")[1])
        out = self.python("from pyforge_cli import Forge; print([(e['name'], e['status']) for e in Forge().extensions() if e['path'] == 'it:It'])")
        self.assertEqual(out, "[('it', 'initialized')]\n")

    def test_the_earlier_programs_group_is_read_too_and_both_name_one(self):
        self.install("old", "class It(Fine): pass", group="pyforge_cli.extensions")
        write("site/old-1.0.dist-info/entry_points.txt", "[pyforge.extensions]\nold=old:It\n[pyforge_cli.extensions]\nold = old : It [more]\n")
        self.assertEqual(list(self.listed()), ["old"])
        self.assertEqual(self.listed()["old"]["status"], "initialized")

    def test_the_first_of_a_name_hides_the_others(self):
        self.install("one", "class It(Fine): pass\nclass Other(Fine): pass", entries=["it = one:It", "it = one:Other"])
        code, out, _ = self.pyforge("list-extensions", "--json")
        self.assertEqual([(e["path"], e["status"]) for e in json.loads(out) if e["name"] == "it"], [("one:It", "initialized"), ("one:Other", "shadowed")])

    def test_one_without_a_docstring_or_version_is_listed(self):
        self.install("it", "class It(Fine): pass")
        one = self.listed()["it"]
        self.assertEqual((one["status"], one["version"], one["description"]), ("initialized", "1.0.0", ""))

    def failed(self, body, stage, *said, **more):
        self.install("it", body, **more)
        one = self.listed()["it"]
        self.assertEqual((one["status"], one["stage"]), ("failed", stage))
        for words in said:
            self.assertIn(words, one["error"])
        self.assertIn("extension 'it': %s: " % stage, self.convert())

    def test_one_whose_import_fails_is_shown_with_the_reason(self):
        self.failed("raise ValueError('the moon')\n", "open", "ValueError: the moon", "it.py, line ", "mend the extension")
        self.assertRegex(self.pyforge("list-extensions")[1], r"\[FAIL\] Failed .*Error: open: ValueError: the moon")
        self.assertIn("stage: open\n  why:   ValueError: the moon", self.pyforge("extensions", "why", "it")[1])
        self.assertIn("extension 'it': open: ValueError: the moon", self.python("""
            from pyforge_cli import Forge
            print(Forge().convert('orders.csv', 'out.parquet', force=True).warnings)"""))

    def test_one_whose_import_lacks_a_package_says_what_to_install(self):
        self.failed("import no_such_package.part\n", "open", "install what brings 'no_such_package'")

    def test_one_that_cannot_be_parsed_is_shown(self):
        self.failed("class It(:\n", "open", "it.py, line ", "mend the extension")

    def test_one_that_exits_while_it_is_imported_is_shown(self):
        self.failed("sys.exit(3)\n", "open", "SystemExit(3)")

    def test_one_whose_class_is_not_there_is_shown(self):
        self.failed("", "open", "has no attribute 'It'")

    def test_one_of_another_base_is_shown(self):
        self.failed("class It: pass\n", "open", "is no class derived from")

    def test_one_that_is_not_whole_is_shown(self):
        self.failed("class It(BaseExtension): pass\n", "open", "is_available")

    def test_one_with_a_name_that_nobody_can_type_is_shown(self):
        self.install("it", "class It(Fine): pass", entries=["No Name = it:It"])
        one = self.listed()["No Name"]
        self.assertEqual((one["status"], one["stage"]), ("failed", "check"))

    def test_one_whose_initialize_raises_is_shown(self):
        self.failed("""
            class It(Fine):
                def initialize(self):
                    raise KeyError('key')
            """, "init", "KeyError: 'key'", "it.py, line ")

    def test_one_whose_initialize_says_no_is_shown(self):
        self.failed("""
            class It(Fine):
                def initialize(self):
                    return False
            """, "init", "initialize() answered False")

    def unavailable(self, body, text):
        self.install("it", body + """
                def get_commands(self):
                    return {"tell": lambda: print("all the same")}
            """)
        one = self.listed()["it"]
        self.assertEqual((one["status"], one["disabled_by"]), ("disabled", "extension"))
        self.assertIn(text, one["missing"])
        self.assertEqual(self.pyforge("it", "tell"), (0, "all the same\n", ""))

    def test_one_that_is_not_available_is_disabled_and_its_commands_answer(self):
        self.unavailable("""
            class It(Fine):
                def is_available(self):
                    return False
            """, "it says that it is not available here")
        self.assertRegex(self.pyforge("list-extensions")[1], "- Disabled .*Unavailable: ")
        self.assertIn("missing: ", self.pyforge("extensions", "why", "it")[1])
        self.assertEqual(self.convert(), "")

    def test_one_that_lacks_a_package_is_disabled_and_says_what_to_install(self):
        self.unavailable("""
            class It(Fine):
                def initialize(self):
                    import no_such_package
            """, "install what brings 'no_such_package'")

    def test_one_says_in_its_own_words_what_is_missing(self):
        self.unavailable("""
            class It(Fine):
                def is_available(self):
                    raise UnavailableError("there is no warehouse; set WAREHOUSE")
            """, "there is no warehouse; set WAREHOUSE")

    def hangs(self, body, stage):
        self.install("it", body)
        started = time.monotonic()
        err = self.convert(PYFORGE_EXTENSION_TIMEOUT="3")
        self.assertLess(time.monotonic() - started, 40)  # it hangs for a minute
        self.assertIn("extension 'it': %s: " % stage, err)
        self.assertIn("took more than 3000 ms", err)
        one = self.listed(PYFORGE_EXTENSION_TIMEOUT="3")["it"]
        self.assertEqual((one["status"], one["stage"]), ("failed", stage))

    def test_one_that_hangs_while_it_is_imported_is_left_alone(self):
        self.hangs("time.sleep(60)\n", "open")

    def test_one_that_hangs_in_initialize_is_left_alone(self):
        self.hangs("""
            class It(Fine):
                def initialize(self):
                    time.sleep(60)
            """, "init")

    def test_one_may_take_longer_than_those_of_C(self):
        self.install("it", """
            class It(Fine):
                def initialize(self):
                    time.sleep(5.5)
            """)
        self.assertEqual(self.listed()["it"]["status"], "initialized")

    def test_the_user_switches_one_off_and_on_for_good(self):
        self.install("it", """
            class It(Fine):
                def get_commands(self):
                    return {"tell": lambda: print("on")}
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("post")
            """)
        self.assertEqual(self.pyforge("extensions", "disable", "it")[0], 0)
        self.assertRegex(self.pyforge("list-extensions")[1], "- Disabled .*Disabled by user")
        self.convert()
        self.assertEqual(self.notes(), [])
        code, _, err = self.pyforge("it", "tell")
        self.assertEqual(code, 2)
        self.assertIn("is disabled", err)
        self.assertEqual(self.pyforge("extensions", "enable", "it")[0], 0)
        self.assertEqual(self.pyforge("it", "tell")[1], "on\n")
        self.convert()
        self.assertEqual(self.notes(), ["post"])

    def test_they_are_switched_off_all_together(self):
        self.install("it", "note('imported')\nclass It(Fine): pass")
        self.assertEqual(self.listed(PYFORGE_NO_EXTENSIONS="1"), {})
        self.convert("--no-extensions")
        self.python("from pyforge_cli import Forge; Forge().convert('orders.csv', 'o.csv')", PYFORGE_NO_EXTENSIONS="1")
        self.convert(PYFORGE_FORCE_CORE="1")
        self.assertEqual(self.notes(), [])

    def test_several_at_once_and_the_broken_one_harms_no_other(self):
        self.install("broken", "raise ValueError\n")
        for name in ("first", "second", "third"):
            self.install(name, """
                class It(Fine):
                    def hook_pre_conversion(self, input_file, output_file, options):
                        note(self.__module__)
                        options["compression"] = {"first": "zstd", "second": "gzip", "third": "none"}[self.__module__]
                """)
        listed = self.listed()
        self.assertEqual({name: one["status"] for name, one in listed.items()},
                         {"broken": "failed", "first": "initialized", "second": "initialized", "third": "initialized"})
        err = self.convert()
        self.assertEqual(self.notes(), ["first", "second", "third"])
        self.assertIn("'second' wanted --compression gzip, but 'first' had set it before", err)


class Hooks(WithExtensions):
    def plan(self, *words):
        code, out, err = self.pyforge("convert", "orders.csv", "out.parquet", "--explain", *words)
        self.assertEqual(code, 0, err)
        return {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.strip()}

    def test_enhance_convert_command_changes_options_in_place_or_by_return(self):
        self.install("place", """
            class It(Fine):
                def enhance_convert_command(self, options):
                    options["compression"] = "zstd"
            """)
        self.install("returned", """
            class It(Fine):
                def enhance_convert_command(self, options):
                    return dict(options, limit=2, trim=True)
            """)
        plan = self.plan()
        self.assertEqual(plan["compression"], ["zstd", "place"])
        self.assertEqual(plan["limit"], ["2", "returned"])

    def test_hook_performance_optimization_changes_options(self):
        self.install("it", """
            class It(Fine):
                def hook_performance_optimization(self, operation, options):
                    note(operation)
                    options["threads"] = 1
                    return options
            """)
        self.assertEqual(self.plan()["threads"], ["1", "it"])
        self.assertEqual(self.notes(), ["convert"])

    def test_hook_pre_conversion_sees_the_files_and_changes_options(self):
        self.install("it", """
            class It(Fine):
                def hook_pre_conversion(self, input_file, output_file, options):
                    note(input_file.name, output_file.name, options["compression"], options.get("force"))
                    return {"compression": "gzip"}
            """)
        self.convert()
        self.assertEqual(self.notes(), ["orders.csv out.parquet snappy True"])
        self.assertEqual(self.plan()["compression"], ["gzip", "it"])

    def test_what_the_user_set_stays(self):
        self.install("it", """
            class It(Fine):
                def enhance_convert_command(self, options):
                    options["compression"] = "zstd"
            """)
        self.assertEqual(self.plan("--compression", "none")["compression"], ["none", "user"])
        out = self.python("""
            from pyforge_cli import Forge
            plan = {row["key"]: row for row in Forge(compression="gzip").explain("orders.csv", "o.parquet")["plan"]}
            print(plan["compression"]["value"], plan["compression"]["by"])""")
        self.assertEqual(out, "gzip user\n")

    def test_a_wrong_option_is_told_and_the_others_are_set(self):
        self.install("it", """
            class It(Fine):
                def enhance_convert_command(self, options):
                    return {"moon": "full", "compression": "zstd", "limit": object()}
            """)
        err = self.convert()
        self.assertIn("extension 'it': its parameter hook failed: options: ", err)
        self.assertIn("moon", err)
        self.assertIn("limit cannot be a object", err)
        self.assertEqual(self.plan()["compression"], ["zstd", "it"])

    def test_signatures_of_the_guide_of_the_earlier_program_and_free_ones_are_called(self):
        self.install("published", """
            class It(Fine):
                def hook_pre_conversion(self, source, target, opts):
                    note("pre", source.name, target.name, len(opts) > 5)
                def hook_post_conversion(self, source, target, opts, worked):
                    note("post", source.name, target.name, worked)
            """)
        self.install("whatever", """
            class It(Fine):
                def hook_pre_conversion(self, **kwargs):
                    note("pre", *sorted(kwargs))
                def hook_post_conversion(self, *, success, converter, result, **rest):
                    note("post", success, converter, result["tables"][0]["rows_out"], *sorted(rest))
            """)
        self.convert()
        self.assertEqual(self.notes(), ["pre orders.csv out.parquet True", "pre converter input_file inputs operation options output_file",
                                        "post True native 3 input_file operation options output_file",
                                        "post orders.csv out.parquet True"])

    def test_hook_post_conversion_is_told_of_each_input(self):
        write("more.csv", "a\n1\n")
        self.install("it", """
            class It(Fine):
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note(input_file, output_file, success, options["compression"])
            """)
        self.python("from pyforge_cli import Forge; Forge().convert(['more.csv', 'orders.csv'], 'out/', compression='zstd')")
        self.assertEqual(self.notes(), ["more.csv out/more.parquet True zstd", "orders.csv out/orders.parquet True zstd"])

    def test_hook_error_handling_is_told_and_cannot_make_it_good(self):
        self.install("it", """
            class It(Fine):
                def hook_environment_detection(self):
                    return {"where": "here"}
                def hook_error_handling(self, error, context):
                    note(type(error).__name__, error.name, error.row, context["input_file"], context["environment"]["where"])
                    return True
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("post")
            """)
        code, _, err = self.pyforge("convert", "orders.csv", "out.parquet", "--type", "customer=int64")
        self.assertEqual(code, 1)
        self.assertIn("BAD_DATA", err)
        self.assertEqual(self.notes(), ["DataError BAD_DATA 1 orders.csv here"])
        self.assertEqual(os.path.exists("out.parquet"), False)

    def test_a_failure_before_any_input_and_one_among_several_are_told(self):
        self.install("it", """
            class It(Fine):
                def hook_error_handling(self, error, context):
                    note(error.name, context["input_file"])
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("done", input_file)
            """)
        self.assertEqual(self.pyforge("convert", "missing.csv", "out.parquet")[0], 2)
        write("bad.csv", "id,customer\n1,Ann\n2,Bob,3\n")
        self.assertEqual(self.pyforge("convert", "orders.csv", "bad.csv", "out/", "--on-bad-row", "fail")[0], 1)
        self.assertEqual(self.notes(), ["NOT_FOUND missing.csv", "done orders.csv", "BAD_DATA bad.csv"])

    def test_a_hook_that_raises_is_a_notice_and_the_conversion_is_done(self):
        self.install("it", """
            class It(Fine):
                def hook_environment_detection(self):
                    raise KeyError("environment")
                def enhance_convert_command(self, options):
                    raise KeyError("enhance")
                def hook_performance_optimization(self, operation, options):
                    raise KeyError("performance")
                def hook_pre_conversion(self, input_file, output_file, options):
                    options["compression"] = "zstd"
                    raise KeyError("pre")
                def hook_post_conversion(self, input_file, output_file, options, success):
                    raise KeyError("post")
            """)
        err = self.convert("--log-level", "warning")
        for method, word in (("hook_environment_detection", "environment"), ("enhance_convert_command", "enhance"),
                             ("hook_performance_optimization", "performance"), ("hook_pre_conversion", "pre"),
                             ("hook_post_conversion", "post")):
            self.assertIn("%s: KeyError: '%s'" % (method, word), err)
        self.assertIn("extension 'it': its parameter hook failed", err)
        result = self.python("from pyforge_cli import Forge; print(Forge().convert('orders.csv', 'o.csv').to_json())")
        self.assertEqual([notice["count"] for notice in json.loads(result)["notices"]], [2])

    def test_a_hook_that_hangs_is_left_alone(self):
        for method, arguments in (("hook_pre_conversion", "input_file, output_file, options"),
                                  ("hook_post_conversion", "input_file, output_file, options, success")):
            self.install(method[5:9], """
                class It(Fine):
                    def %s(self, %s):
                        note("called")
                        time.sleep(60)
                """ % (method, arguments))
        started = time.monotonic()
        err = self.convert("--log-level", "warning", PYFORGE_EXTENSION_TIMEOUT="3")
        self.assertLess(time.monotonic() - started, 30)
        self.assertIn("extension 'pre_': hook-late: its parameter hook took more than 3000 ms and was left alone", err)
        self.assertIn("extension 'post': hook-late: its post hook took more than 3000 ms and was left alone", err)

    def test_one_without_hooks_costs_a_conversion_nothing(self):
        self.install("it", "class It(Fine): pass")
        self.assertNotIn("hook took", self.convert("--log-level", "debug"))


class Commands(WithExtensions):
    def setUp(self):
        super().setUp()
        self.install("it", """
            def tell(words):
                '''Tells its words.

                And more.'''
                print("told", words)
                return 3

            class Clicked:
                help = "Like a command of click."
                def __call__(self, args):
                    raise SystemExit(len(args))

            class It(Fine):
                def get_commands(self):
                    return {"tell": tell, "Two Words": self.bare, "click": Clicked(), "fail": self.fail, "wait": self.wait,
                            "leave": self.leave, "none": None, "minus": lambda: -1, "huge": lambda: 2**70,
                            "out": lambda: sys.exit(-1)}
                def bare(self):
                    print("bare")
                def fail(self, words):
                    raise ValueError("no luck")
                def leave(self, words):
                    sys.exit("a word of farewell")
                def wait(self, words):
                    '''Waits.'''
                    print("waiting", flush=True)
                    time.sleep(60)
            """)

    def test_they_are_listed_with_the_first_line_of_their_words(self):
        code, out, _ = self.pyforge("it")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"tell +Tells its words\.\n")
        self.assertRegex(out, r"click +Like a command of click\.\n")
        self.assertIn("two-words", out)
        self.assertNotIn("none", out)

    def test_they_get_their_words_and_give_the_exit_code(self):
        self.assertEqual(self.pyforge("it", "tell", "a", "--b", "c d"), (3, "told ['a', '--b', 'c d']\n", ""))
        self.assertEqual(self.pyforge("it", "two-words"), (0, "bare\n", ""))
        self.assertEqual(self.pyforge("it", "click", "a", "b")[0], 2)
        self.assertEqual(self.pyforge("it", "leave"), (1, "", "a word of farewell\n"))
        for what_no_process_ends_with in ("minus", "huge", "out"):
            self.assertEqual(self.pyforge("it", what_no_process_ends_with), (1, "", ""))

    def test_a_failure_is_one_line_and_no_traceback(self):
        code, out, err = self.pyforge("it", "fail")
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, r"^extension 'it': fail: ValueError: no luck \(.*it\.py, line \d+\); mend the extension\n$")

    def test_an_unknown_one_is_a_mistake_of_usage(self):
        code, _, err = self.pyforge("it", "moon")
        self.assertEqual(code, 2)
        self.assertIn("extension 'it' has no command 'moon'", err)

    def test_an_interrupt_is_KeyboardInterrupt_in_the_command(self):
        child = self.start("-m", "pyforge_cli", "it", "wait")
        self.assertEqual(child.stdout.readline(), "waiting\n")
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=30), ("", ""))
        self.assertEqual(child.returncode, 130)


class End(WithExtensions):
    BODY = """
        class It(Fine):
            def initialize(self):
                note("start", self.__module__)
            def hook_pre_conversion(self, input_file, output_file, options):
                pass
            def cleanup(self):
                note("clean", self.__module__)
            def hook_shutdown(self):
                note("shut", self.__module__)
        """

    def test_those_started_are_stopped_once_in_reverse(self):
        for name in ("one", "two"):
            self.install(name, self.BODY)
        stopped = ["start one", "start two", "shut two", "clean two", "shut one", "clean one"]
        self.convert()
        self.assertEqual(self.notes(), stopped)
        os.remove("notes")
        self.python("from pyforge_cli import Forge\nfor i in '12': Forge().convert('orders.csv', i + '.csv')")
        self.assertEqual(self.notes(), stopped)
        os.remove("notes")
        self.assertEqual(self.pyforge("convert", "missing.csv")[0], 2)
        self.assertEqual(self.notes(), stopped)

    def test_one_that_was_not_started_is_not_stopped(self):
        self.install("it", self.BODY + "    def is_available(self):\n                return False\n")
        self.convert()
        self.assertEqual(self.notes(), [])

    def test_an_interrupt_ends_them_too(self):
        write_large("large.csv", 200)
        self.install("it", self.BODY)
        child = self.start("-m", "pyforge_cli", "convert", "large.csv", "out.parquet", "--threads", "1")
        while not self.notes():
            time.sleep(0.01)
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertEqual(self.notes(), ["start it", "shut it", "clean it"])

    def test_a_shutdown_that_hangs_or_fails_holds_nobody(self):
        self.install("fails", "class It(Fine):\n    def shutdown(self):\n        raise KeyError\n    def hook_pre_conversion(self, **k): pass\n")
        self.install("hangs", "class It(Fine):\n    def shutdown(self):\n        time.sleep(60)\n    def hook_pre_conversion(self, **k): pass\n")
        started = time.monotonic()
        self.convert()
        self.assertLess(time.monotonic() - started, 30)


class Inside(WithExtensions):
    """Threads, forges, processes, interpreters, the log."""

    def test_nothing_of_it_is_imported_where_there_are_none(self):
        out = self.python("""
            import sys
            from pyforge_cli import Forge
            forge = Forge()
            forge.convert("orders.csv", "out.csv")
            print([e for e in forge.extensions() if e["name"] != "databricks"], [name for name in sys.modules if name.startswith("pyforge_cli.ext")])""")
        self.assertEqual(out, "[] []\n")

    def test_import_does_not_look_for_them(self):
        self.install("it", "note('imported')\nclass It(Fine): pass")
        self.python("import pyforge_cli; pyforge_cli.Forge()")
        self.assertEqual(self.notes(), [])

    def test_one_object_serves_all_forges_of_a_process(self):
        self.install("it", """
            class It(Fine):
                def initialize(self):
                    note("start", os.getpid() == int(os.environ["PARENT"]))
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("post", self.initialized)
            """)
        self.python("""
            import os, sys, threading, warnings
            warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside the core's threads
            os.environ["PARENT"] = str(os.getpid())
            from pyforge_cli import Forge
            ready = [threading.Thread(target=lambda i=i: Forge().convert("orders.csv", "%d.csv" % i)) for i in range(6)]
            [thread.start() for thread in ready]
            [thread.join() for thread in ready]
            forge = Forge()
            forge.convert("orders.csv", "seven.csv")
            child = os.fork()
            if child == 0:
                forge.convert("orders.csv", "child.csv")
                os._exit(0)
            os.waitpid(child, 0)""")
        self.assertEqual(self.notes(), ["start True"] + ["post True"] * 7 + ["start False", "post True"])

    def test_other_threads_go_on_while_a_hook_waits_and_while_a_conversion_runs(self):
        write_large("large.csv", 100)
        self.install("it", """
            class It(Fine):
                def hook_pre_conversion(self, input_file, output_file, options):
                    time.sleep(0.5)
            """)
        out = self.python("""
            import threading, time
            from pyforge_cli import Forge
            done, beats = threading.Event(), []
            def work():
                Forge().convert("large.csv", "out.parquet", threads=1)
                done.set()
            threading.Thread(target=work).start()
            while not done.is_set():
                beats.append(time.monotonic())
                time.sleep(0.001)
            print(len(beats), max(b - a for a, b in zip(beats, beats[1:])))""")
        beats, longest = out.split()
        self.assertGreater(int(beats), 100)
        self.assertLess(float(longest), 0.4)

    def test_a_hook_may_use_a_forge_itself(self):
        self.install("it", """
            class It(Fine):
                busy = False
                def hook_post_conversion(self, input_file, output_file, options, success):
                    from pyforge_cli import Forge
                    if not self.busy:
                        self.busy = True
                        note(Forge().info("orders.csv")["format"])
            """)
        self.convert()
        self.assertEqual(self.notes(), ["csv"])

    def test_a_forge_of_a_subinterpreter_calls_them_in_the_main_one(self):
        self.install("it", """
            class It(Fine):
                def hook_post_conversion(self, input_file, output_file, options, success):
                    note("post", getattr(sys, "in_main", False))
            """)
        try:
            out = self.python("""
                import sys, threading
                try:
                    import _interpreters as interpreters
                    make = lambda: interpreters.create("legacy")
                except ImportError:
                    import _xxsubinterpreters as interpreters
                    make = lambda: interpreters.create(isolated=False) if sys.version_info >= (3, 10) else interpreters.create()
                sys.in_main = True
                interpreters.run_string(make(), "from pyforge_cli import Forge; Forge().convert('orders.csv', 'out.csv')")
                print("done")""")
        except AssertionError as error:
            if "No module named" in str(error):
                self.skipTest("this Python has no module of subinterpreters")
            raise
        self.assertEqual(out, "done\n")
        self.assertEqual(self.notes(), ["post True"])

    def test_the_log_of_one_goes_where_the_programs_log_goes(self):
        self.install("it", """
            class It(Fine):
                def initialize(self):
                    self.logger.warning("from %s", "init")
                def hook_pre_conversion(self, input_file, output_file, options):
                    self.logger.debug("before")
            """)
        self.assertEqual(self.convert(), "")
        err = self.convert("--log-level", "debug")
        self.assertIn("warning: [it] from init\n", err)
        self.assertIn("debug: [it] before\n", err)
        self.assertRegex(err, r"info: extension 'it' 1\.0\.0: started in [0-9.]+ ms\n")
        self.assertRegex(err, r"debug: extension 'it': parameter hook took [0-9.]+ ms\n")
        self.convert("--log-file", "log", "--log-format", "json")
        self.assertIn("[it] from init", [json.loads(line)["text"] for line in read("log").splitlines()])

    def test_the_log_knows_one_by_its_entry_point_and_its_own_name_stays(self):
        self.install("it", """
            class It(Fine):
                def __init__(self):
                    super().__init__(name="mine")
                def initialize(self):
                    self.logger.warning("from %s", self)
            class Other(It):
                def __init__(self):
                    pass
            """, entries=["it_one = it:It", "it_two = it:Other"])
        code, _, err = self.pyforge("list-extensions", "--log-level", "warning")
        self.assertEqual((code, sorted(err.splitlines())), (0, ["warning: [it_one] from mine v1.0.0", "warning: [it_two] from it_two v1.0.0"]))

    def test_the_log_of_one_is_loggings_in_a_program_of_python(self):
        self.install("it", """
            class It(Fine):
                def initialize(self):
                    self.logger.warning("from init")
                def hook_pre_conversion(self, **kwargs):
                    pass
            """)
        out = self.python("""
            import logging, sys
            logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(name)s %(message)s")
            from pyforge_cli import Forge
            Forge().convert("orders.csv", "out.csv")""")
        self.assertIn("pyforge_cli.extensions.it from init\n", out)
        self.assertIn("pyforge extension 'it' 1.0.0: started in", out)

    def test_an_extension_of_C_is_tried_in_a_child_and_runs_beside_one_of_python(self):
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
        if not shutil.which("cc"):
            self.skipTest("there is no compiler")
        subprocess.run(["cc", "-std=c17", "-fPIC", "-shared", "-I", os.path.join(folder, "include"), "-o", "sample.so",
                        os.path.join(folder, "examples/extension_command/extension.c")], check=True)
        os.makedirs(".local/share/pyforge/extensions", mode=0o755)
        shutil.move("sample.so", ".local/share/pyforge/extensions/sample.so")
        os.chmod(".local/share/pyforge/extensions/sample.so", 0o755)
        self.install("it", "class It(Fine): pass")
        listed = self.listed()
        self.assertEqual({name: one["status"] for name, one in listed.items()}, {"it": "initialized", "sample": "initialized"}, listed)
        self.assertEqual(self.pyforge("sample", "lines", "orders.csv")[1].split(), ["4", "orders.csv"])


class Manager(WithExtensions):
    """What the earlier program had around them."""

    def test_it_knows_starts_switches_and_calls_them(self):
        self.install("it", """
            class It(Fine):
                '''Does good.'''
                def get_commands(self):
                    return {"tell": print}
                def hook_mine(self, word):
                    return word * 2
                def cleanup(self):
                    note("clean")
            """)
        self.install("bad", "raise ValueError('the moon')\n")
        out = self.python("""
            from pyforge_cli.extensions import get_extension_manager
            manager = get_extension_manager()
            assert manager is get_extension_manager()
            info = manager.get_extension_info()
            print(info["it"]["state"], info["it"]["entry_point"], info["it"]["enabled"], info["bad"]["state"], "moon" in info["bad"]["error"])
            it = manager.get_extension("it")
            print(it, it.get_metadata()["initialized"], list(manager.get_all_extensions()), manager.get_extensions_for_command("tell") == [it])
            print(manager.execute_hook("hook_mine", "ho"), manager.execute_hook("hook_mine")["It"].keys())
            print(manager.disable_extension("it"), manager.disable_extension("moon"), manager.get_extension("it"), it.initialized)
            """)
        self.assertEqual(out.splitlines(), ["loaded it:It True failed True", "it v1.0.0 True ['it'] True",
                                            "{'It': 'hoho'} dict_keys(['error'])", "True False None False"])
        self.assertEqual(self.notes(), ["clean"])
        self.assertRegex(self.pyforge("list-extensions")[1], "it .*- Disabled")
        self.assertEqual(self.python("from pyforge_cli.extensions import get_extension_manager as m; print(m().enable_extension('it'))"), "True\n")
        self.assertEqual(self.listed()["it"]["status"], "initialized")

    def test_the_base_class_answers_as_it_was_published(self):
        class It(pyforge_cli.extensions.base.BaseExtension):
            def is_available(self):
                return True

            def initialize(self):
                return True

        it = It()
        self.assertEqual((str(it), it.version, it.enabled, it.initialized), ("it v1.0.0", "1.0.0", True, False))
        options = {"compression": "snappy"}
        self.assertEqual(it.get_commands(), {})
        self.assertIs(it.enhance_convert_command(options), options)
        self.assertIs(it.hook_pre_conversion("a", "b", options), options)
        self.assertIsNone(it.hook_post_conversion("a", "b", options, True))
        self.assertIs(it.hook_error_handling(ValueError(), {}), False)
        self.assertEqual(it.hook_environment_detection(), {})
        self.assertIs(it.hook_performance_optimization("convert", options), options)
        self.assertEqual(it.get_metadata(), {"name": "it", "version": "1.0.0", "description": "", "enabled": True, "initialized": False})
        it.initialized = True
        it.shutdown()
        self.assertIs(it.initialized, False)


if __name__ == "__main__":
    unittest.main()
