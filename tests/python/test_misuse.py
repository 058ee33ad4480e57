"""What goes wrong in Python's hands: an exception that says what to do, no crash, nothing left behind."""
import json
import os
import subprocess
import sys
import unittest

import pyforge_cli
from pyforge_cli import ArgumentError, Forge
from samples import ORDERS, InFolder, read, write, write_large


class NoPath:
    def __fspath__(self):
        return 7


class Raises:
    def __fspath__(self):
        raise KeyError("mine")

    def __arrow_c_stream__(self, requested_schema=None):
        raise KeyError("mine")


class File:
    """A file whose read() gives what it was made with, or raises it."""

    def __init__(self, given):
        self.given = given

    def read(self):
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given


class Frame:
    """What offers an Arrow stream, or an array, and gives something else."""

    def __init__(self, method, answer):
        setattr(type(self), method, lambda this, requested_schema=None: answer)


def frame(method, answer):
    return type("Mine", (Frame,), {})(method, answer)


class WrongTypes(InFolder):
    def refuses(self, words, call, *arguments, **options):
        with self.assertRaisesRegex(ArgumentError, words):
            call(*arguments, **options)
        self.assertEqual(os.listdir("."), ["orders.csv"])

    def test_a_place_that_is_none(self):
        forge = Forge()
        for wrong in (7, object(), 1.5, ["out.csv"]):
            self.refuses("the output cannot be a .* give a path", forge.convert, "orders.csv", wrong)
            self.refuses("the output cannot be a .* give a path", forge.write, forge.read("orders.csv"), wrong)
            self.refuses("the folder of the outputs cannot be a .* give a path", forge.batch_convert, "orders.csv", wrong)
        self.refuses("the folder of the outputs cannot be a NoneType", forge.batch_convert, "orders.csv", None)
        self.refuses("an input cannot be a NoPath .* give a path", forge.convert, NoPath(), "out.csv")
        self.refuses("null character", forge.convert, "orders.csv", "a\0b")
        self.refuses("null character", forge.read, "a\0b")
        self.refuses("an input cannot be a str .*surrogates", forge.read, "\ud800.csv")

    def test_options_that_are_none(self):
        forge = Forge()
        for key, wrong in (("limit", 1.5), ("limit", object()), ("delimiter", b";"), ("columns", {"id"}), ("columns", [object()]), ("rename", {"a": 1.5})):
            self.refuses("%s cannot be a .*; give a text" % key, forge.convert, "orders.csv", **{key: wrong})
        self.refuses("limit cannot be a list|limit.* whole number", forge.convert, "orders.csv", limit=["x"])
        self.refuses("threads.*whole number", forge.batch_convert, "orders.csv", "out", workers="two")
        self.refuses("there is no output format '5'; take one of", forge.convert, "orders.csv", to=5)
        self.refuses("there is no format 'moon'; take one of csv", forge.options, "moon")
        self.refuses("there is no format 5; take one of csv", forge.options, 5)

    def test_a_progress_that_cannot_be_called(self):
        for wrong in (3, "yes", [print]):
            self.refuses("progress cannot be a .* give a callable", Forge().convert, "orders.csv", "out.csv", progress=wrong)

    def test_rows_and_names_that_are_none(self):
        tables = Forge().read("orders.csv")
        for wrong in ("x", -1, 1.5):
            self.refuses("limit", tables.head, wrong)
        for wrong in (None, 1.5, object(), "order"):
            with self.assertRaisesRegex(pyforge_cli.NotFoundError, "take one of 'orders'"):
                tables[wrong]
        with self.assertRaises(IndexError):
            tables[5]
        with self.assertRaises(KeyError):
            tables.schema["x"]

    def test_a_file_that_gives_no_bytes(self):
        for wrong in (7, None, ["a"]):
            self.refuses("read\\(\\) of the File gave a .*'rb'", Forge().convert, File(wrong), "out.csv")

    def test_a_list_that_is_in_itself(self):
        inputs = ["orders.csv"]
        inputs.append(inputs)
        self.refuses("is in itself", Forge().convert, inputs, "out/")

    def test_frames_that_are_none(self):
        forge = Forge()
        for wrong in (None, 7, b"a,b", "orders.csv", {"a": [1]}):
            self.refuses("is no frame", forge.write, wrong, "out.csv")
        for wrong in (None, 5, "capsule", (1, 2)):
            with self.assertRaisesRegex(ValueError, "__arrow_c_stream__ gave no capsule of a stream; give"):
                forge.write(frame("__arrow_c_stream__", wrong), "out.csv")
        schema = forge.read("orders.csv").schema.__arrow_c_schema__()
        stream = forge.read("orders.csv").__arrow_c_stream__()
        for wrong in (None, 5, (), (1, 2), (schema, schema), (stream, stream), (schema,), (schema, None)):
            with self.assertRaisesRegex(ValueError, "__arrow_c_array__ gave no pair of capsules; give"):
                forge.write(frame("__arrow_c_array__", wrong), "out.csv")
        self.assertEqual(os.listdir("."), ["orders.csv"])


class DeadCapsules(InFolder):
    def test_one_that_was_handed_over_before_is_refused_as_often_as_it_comes(self):
        forge = Forge()
        capsule = forge.read("orders.csv").__arrow_c_stream__()
        forge.write(frame("__arrow_c_stream__", capsule), "out.csv")
        for _ in range(3):
            with self.assertRaisesRegex(ValueError, "handed over before"):
                forge.write(frame("__arrow_c_stream__", capsule), "again.csv")
        self.assertEqual(sorted(os.listdir(".")), ["orders.csv", "out.csv"])
        self.assertEqual(read("out.csv"), ORDERS)

    def test_one_that_outlives_all_it_came_from_is_whole(self):
        import gc

        capsule = Forge().read(ORDERS.encode()).__arrow_c_stream__()
        gc.collect()
        Forge().write(frame("__arrow_c_stream__", capsule), "out.csv")
        self.assertEqual(read("out.csv"), ORDERS)


class Exceptions(InFolder):
    """Of code that is called while pyforge works: they come out as they are."""

    def comes_out(self, call, *arguments, **options):
        with self.assertRaisesRegex(KeyError, "mine"):
            call(*arguments, **options)
        self.assertEqual(sorted(os.listdir(".")), ["large.csv", "orders.csv"])

    def test_of_paths_files_generators_frames_and_callbacks(self):
        write_large("large.csv", 240)  # not done before progress is told the first time, after 100 ms

        def names():
            yield "orders.csv"
            raise KeyError("mine")

        def tell(progress):
            raise KeyError("mine")

        forge = Forge()
        for call in (lambda given: forge.convert(given, "out/"), forge.read, forge.info, forge.explain):
            for given in (Raises(), names(), File(KeyError("mine"))):
                if given.__class__ is not Raises or call != forge.read:
                    self.comes_out(call, given)
        self.comes_out(forge.write, type("F", (), {"__arrow_c_stream__": Raises.__arrow_c_stream__})(), "out.csv")
        for threads in (1, 2):
            self.comes_out(forge.convert, "large.csv", "out.parquet", progress=tell, threads=threads)
        with self.assertRaises(SystemExit):
            forge.convert("large.csv", "out.parquet", progress=lambda progress: sys.exit(3))
        with self.assertRaises(TypeError):  # it takes no argument
            forge.convert("large.csv", "out.parquet", progress=lambda: None)
        self.assertEqual(sorted(os.listdir(".")), ["large.csv", "orders.csv"])


INTERRUPTED = """
import gc, json, os, random, signal, sys
from pyforge_cli import Forge
draw = random.Random(int(sys.argv[1]))
forge = Forge(threads=2)
def table(): return forge.read("large.csv", progress=False)
CALLS = [
    lambda: forge.convert("large.csv", "out.parquet", force=True, progress=False),
    lambda: forge.convert("large.csv", "out.parquet", force=True, progress=lambda told: None),
    lambda: forge.convert("large.csv", "out.csv", force=True, progress=False),
    lambda: forge.batch_convert(["large.csv", "orders.csv"], "many", force=True, progress=False),
    lambda: forge.info("large.csv", progress=False),
    lambda: forge.validate("large.csv", progress=False),
    lambda: forge.convert(open("large.csv", "rb").read(), "out.parquet", force=True, progress=False),
    lambda: table().schema,
    lambda: table().head(5),
    lambda: table()["large"]._whole(),
    lambda: forge.write(table(), "out.parquet", force=True, progress=False),
]
signal.signal(signal.SIGALRM, signal.default_int_handler)  # as SIGINT, but at a moment that we choose
def once(call, seconds):
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        call()
        signal.setitimer(signal.ITIMER_REAL, 0)
        return 0
    except KeyboardInterrupt:
        return 1
for call in CALLS:
    call()
def counts():
    gc.collect()
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))
before, stopped = counts(), 0
for number in range(110):
    stopped += once(CALLS[number % len(CALLS)], draw.choice([0.0001, 0.001, 0.01, 0.03]) * (0.2 + draw.random()))
for call in CALLS:
    call()
print(json.dumps({"stopped": stopped, "before": before, "after": counts()}))
"""


class Kept(InFolder):
    @unittest.skipUnless(os.path.exists("/proc/self/task"), "there is no /proc")
    def test_a_table_that_is_dropped_ends_its_stream_at_once(self):
        import gc

        write_large("large.csv", 12)
        counts = [len(os.listdir("/proc/self/" + kind)) for kind in ("fd", "task")]
        gc.disable()
        try:
            for _ in range(5):
                self.assertEqual(len(Forge().read("large.csv").schema), 4)
            self.assertEqual([len(os.listdir("/proc/self/" + kind)) for kind in ("fd", "task")], counts)
        finally:
            gc.enable()


class Interrupts(InFolder):
    def test_at_any_moment_they_leave_no_file_no_thread_and_no_half_output(self):
        write_large("large.csv", 12)
        done = subprocess.run([sys.executable, "-c", INTERRUPTED, "6"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                              timeout=300)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        told = json.loads(done.stdout)
        self.assertGreater(told["stopped"], 20)
        self.assertEqual(told["before"], told["after"])
        self.assertEqual(sorted(os.listdir(".")), ["large.csv", "many", "orders.csv", "out.csv", "out.parquet"])
        self.assertEqual(sorted(os.listdir("many")), ["large.parquet", "orders.parquet"])
        for name in ("out.parquet", "many/large.parquet"):
            with open(name, "rb") as file:
                data = file.read()
            self.assertEqual((data[:4], data[-4:]), (b"PAR1", b"PAR1"))


class EndOfTheInterpreter(InFolder):
    """Something of pyforge is alive when Python ends: it ends quietly, with the program's exit code."""

    def ends(self, code, wanted=0):
        write_large("large.csv", 60)
        code = "import os, sys, threading, time\nfrom pyforge_cli import Forge\nforge = Forge()\n" + code
        # Python ends threads in the middle of what they do; so what they hold is not given back, which is no fault of ours
        env = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                              timeout=120, env=env)
        self.assertEqual((done.returncode, done.stderr), (wanted, ""))
        left = set(os.listdir("."))
        self.assertLessEqual(left, {"large.csv", "orders.csv", "out.parquet", "out.csv"})
        for name in left & {"out.parquet"}:
            with open(name, "rb") as file:
                self.assertEqual(file.read()[-4:], b"PAR1")

    def test_conversions_in_threads(self):
        for call in ("forge.convert('large.csv', 'out.parquet', force=True, progress=False)",
                     "forge.convert('large.csv', 'out.parquet', force=True, progress=lambda told: time.sleep(0.001))",
                     "forge.write(forge.read('large.csv'), 'out.csv', force=True, progress=False)",
                     "forge.validate('large.csv', progress=False)", "forge.read('large.csv', progress=False).schema"):
            for seconds in (0.0, 0.03):
                with self.subTest(call=call, seconds=seconds):
                    # what is cancelled raises, of which threading would tell in the middle of the end
                    self.ends("def work():\n    try:\n        %s\n    except Exception:\n        pass\n"
                              "for _ in range(3): threading.Thread(target=work, daemon=True).start()\ntime.sleep(%r)\n" % (call, seconds))

    def test_streams_and_tables_that_nobody_took(self):
        self.ends("table = forge.read('large.csv')\nstream = table['large']._open()\ncapsule = forge.read('large.csv').__arrow_c_stream__()\n"
                  "schema = table.schema.__arrow_c_schema__()\nsys.keep = [table, stream, capsule, schema]\n")

    def test_an_exit_of_the_main_thread_in_a_callback(self):
        self.ends("forge.convert('large.csv', 'out.parquet', progress=lambda told: sys.exit(7), threads=1)", 7)

    def test_a_call_at_exit(self):
        self.ends("import atexit\natexit.register(lambda: forge.convert('orders.csv', 'out.csv', progress=False))\n")
        self.assertEqual(read("out.csv"), ORDERS)


if __name__ == "__main__":
    unittest.main()
