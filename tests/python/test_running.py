"""While it runs: progress, cancelling, threads, processes, the end of the interpreter, the log."""
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
import warnings

import pyforge_cli
from pyforge_cli import Forge, Progress
from samples import InFolder, write_large, write_large_book

CANCEL_SECONDS = 0.1  # what docs/python.md promises


def convert_in_child(output):
    return Forge().convert("orders.csv", output).rows_out


class Told(InFolder):
    def test_progress_is_told_with_all_it_has_and_ends_at_one(self):
        write_large("large.csv", 40)
        seen = []
        Forge().convert("large.csv", "out.parquet", progress=seen.append)
        self.assertTrue(all(isinstance(progress, Progress) for progress in seen))
        fractions = [progress.fraction for progress in seen]
        self.assertEqual(fractions, sorted(fractions))
        self.assertEqual(fractions[-1], 1.0)
        self.assertEqual((seen[-1].stage, seen[-1].bytes_total), ("finish", os.path.getsize("large.csv")))
        self.assertGreater(seen[-1].rows, 0)
        self.assertEqual(seen[-1].input, "large.csv")

    def test_progress_is_told_of_every_look_at_an_input(self):
        write_large("large.csv", 300)
        write_large_book("large.xlsx", 1000000)
        looks = {"schema": lambda forge, name, told: forge.read(name, progress=told).schema,
                 "whole table": lambda forge, name, told: forge.read(name, progress=told).only._whole(),
                 "info": lambda forge, name, told: forge.info(name, progress=told),
                 "validate": lambda forge, name, told: forge.validate(name, progress=told)}
        for name in "large.csv", "large.xlsx":
            for look, call in looks.items():
                with self.subTest(look=look, name=name):
                    seen = []
                    call(Forge(threads=1), name, seen.append)
                    fractions = [progress.fraction for progress in seen]
                    self.assertEqual(fractions, sorted(fractions))
                    self.assertEqual((fractions[-1], seen[-1].stage), (1.0, "finish"))
                    self.assertTrue(any(0 < fraction < 1 for fraction in fractions), fractions)

    def test_an_exception_of_the_callback_cancels_and_comes_back(self):
        write_large("large.csv", 150)

        def refuse(progress):
            raise KeyError("enough")

        with self.assertRaisesRegex(KeyError, "enough"):
            Forge().convert("large.csv", "out.parquet", progress=refuse, threads=1)
        self.assertEqual(sorted(os.listdir(".")), ["large.csv", "orders.csv"])

    def test_nothing_is_printed(self):
        code = "from pyforge_cli import Forge; Forge().convert('orders.csv', 'out.parquet')"
        run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, b"", b""))

    def test_a_program_with_an_odd_standard_error_converts(self):
        import io
        from unittest import mock

        closed = io.StringIO()
        closed.close()
        for stream in (None, object(), closed):
            with mock.patch("sys.stderr", stream):
                self.assertEqual(Forge().convert("orders.csv", "out.parquet", force=True).rows_out, 3)

    def test_a_bar_is_shown_when_asked_for(self):
        write_large("large.csv", 150)
        code = ("from pyforge_cli import Forge, _progress; _progress._SHOW_AFTER_SECONDS = 0\n"  # however fast the machine is
                "Forge().convert('large.csv', 'out.parquet', progress=True, threads=1)")
        run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((run.returncode, run.stdout), (0, b""))
        self.assertIn(b" rows", run.stderr)
        self.assertTrue(run.stderr.endswith(b"\r\x1b[K"))

    def test_the_log_of_the_core_goes_to_logging(self):
        write_large("small.csv", 1)
        with self.assertLogs("pyforge", "DEBUG") as caught:
            Forge().convert("small.csv", "out.parquet")
        self.assertTrue(any("extensions" in record.getMessage() for record in caught.records), caught.output)

    def test_lines_keep_their_level_and_their_signs(self):
        from pyforge_cli import _log

        with self.assertLogs("pyforge", "INFO") as caught:
            _log.deliver(2, "a warning with %s in it")
            _log.lost(3)
        self.assertEqual([record.levelno for record in caught.records], [logging.WARNING, logging.WARNING])
        self.assertEqual(caught.records[0].getMessage(), "a warning with %s in it")


class Ended(InFolder):
    def ended_after(self, stop, error, call=lambda forge: forge.convert("large.csv", "out.parquet"), runs_s=0.1):
        """Seconds between stop(forge) in another thread, once the call runs for so long, and the exception here: the best of
        eight, since other programs may have the processors."""
        if not os.path.exists("large.csv"):
            write_large("large.csv", 300)
        best = 1e9
        for _ in range(8):
            forge, stopped = Forge(threads=1), []

            def wait_and_stop():
                while not forge._running:
                    time.sleep(0.005)
                time.sleep(runs_s)
                stopped.append(time.monotonic())
                stop(forge)

            thread = threading.Thread(target=wait_and_stop)
            thread.start()
            with self.assertRaises(error):
                call(forge)
            ended = time.monotonic()
            thread.join()
            self.assertEqual(sorted(os.listdir(".")), ["large.csv", "orders.csv"])
            best = min(best, ended - stopped[0])
            if best < CANCEL_SECONDS:
                break
        return best

    def test_cancel_from_another_thread_is_quick_and_leaves_nothing(self):
        self.assertLess(self.ended_after(lambda forge: forge.cancel(), pyforge_cli.CancelledError), CANCEL_SECONDS)

    def test_cancel_is_quick_whatever_runs(self):
        calls = {"schema": lambda forge: forge.read("large.csv").schema,
                 "whole table": lambda forge: forge.read("large.csv").only._whole(),
                 "validate": lambda forge: forge.validate("large.csv"),
                 "CSV": lambda forge: forge.convert("large.csv", "out.csv"),
                 "batch": lambda forge: forge.batch_convert("large.csv", "out"),
                 # a page of a megabyte takes nearly half a second
                 "slow codec": lambda forge: forge.convert("large.csv", "out.parquet", compression="zstd", compression_level=22)}

        def cancel(forge):  # some calls are of two parts, and nothing may run in between
            for _ in range(100):
                forge.cancel()
                time.sleep(0.001)

        for name, call in calls.items():
            with self.subTest(name):
                took = self.ended_after(cancel, pyforge_cli.CancelledError, call, 0.5 if name == "slow codec" else 0.03)
                self.assertLess(took, CANCEL_SECONDS)

    def test_interrupt_is_quick_and_leaves_nothing(self):
        # a shell starts what runs in the background with SIGINT ignored
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        interrupt = lambda forge: os.kill(os.getpid(), signal.SIGINT)
        self.assertLess(self.ended_after(interrupt, KeyboardInterrupt), CANCEL_SECONDS)

    def test_cancel_when_nothing_runs_does_nothing(self):
        forge = Forge()
        forge.cancel()
        self.assertEqual(forge.convert("orders.csv", "out.csv").rows_out, 3)

    def test_the_end_of_the_interpreter_during_a_conversion_is_no_crash(self):
        write_large("large.csv", 100)
        code = ("import threading, time, os\nfrom pyforge_cli import Forge\n"
                "t = threading.Thread(target=lambda: Forge().convert('large.csv', 'out.parquet', threads=1), daemon=True)\n"
                "t.start(); time.sleep(0.15)\n")
        run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        left = set(os.listdir("."))
        self.assertLessEqual({"large.csv", "orders.csv"}, left)
        self.assertLessEqual(left, {"large.csv", "orders.csv", "out.parquet"})  # all of it or nothing


class Beside(InFolder):
    def test_python_goes_on_while_a_conversion_runs(self):
        write_large("large.csv", 100)
        done = threading.Event()
        steps = [0]

        def count():
            while not done.is_set():
                steps[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        Forge().convert("large.csv", "out.parquet", threads=1)
        done.set()
        thread.join()
        self.assertGreater(steps[0], 10)

    def test_two_conversions_are_under_way_at_the_same_time(self):
        forge, both, results = Forge(), threading.Barrier(2, timeout=60), []  # who comes alone waits in vain

        def convert(output):
            met = []
            meet = lambda progress: met or met.append(both.wait())
            results.append(forge.convert("orders.csv", output, progress=meet).rows_out)

        threads = [threading.Thread(target=convert, args=(name,)) for name in ("a.parquet", "b.parquet")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [3, 3])

    def test_one_forge_serves_several_threads(self):
        forge, results = Forge(), []
        threads = [threading.Thread(target=lambda n=n: results.append(forge.convert("orders.csv", "%d.parquet" % n).rows_out))
                   for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [3] * 8)

    def test_forked_and_spawned_processes_convert(self):
        Forge().convert("orders.csv", "first.parquet")  # the parent has used the core before
        for method in ("fork", "spawn"):
            with multiprocessing.get_context(method).Pool(2) as pool:
                self.assertEqual(pool.map(convert_in_child, ["%s%d.parquet" % (method, n) for n in range(3)]), [3] * 3)

    def test_a_forge_is_given_to_another_process_with_its_options(self):
        import pickle

        forge = pickle.loads(pickle.dumps(Forge(limit=2)))
        self.assertEqual(forge.convert("orders.csv", "out.parquet").rows_out, 2)

    def test_a_fork_while_another_thread_converts_is_safe(self):
        write_large("large.csv", 100)
        forge = Forge(threads=1)
        thread = threading.Thread(target=lambda: forge.convert("large.csv", "out.parquet"))
        thread.start()
        time.sleep(0.05)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads is what is tried here
            child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if forge.convert("orders.csv", "child.parquet").rows_out == 3 else 2
            finally:
                os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        thread.join()
        self.assertTrue(os.path.exists("out.parquet") and os.path.exists("child.parquet"))

    def test_a_process_that_was_forked_meanwhile_ends_without_waiting_for_its_parents_calls(self):
        from pyforge_cli import _native

        write_large("large.csv", 100)
        forge = Forge(threads=1)
        begun = threading.Event()
        thread = threading.Thread(target=lambda: forge.convert("large.csv", "out.parquet", progress=lambda _: begun.set()))
        thread.start()
        begun.wait()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            began = time.monotonic()
            _native.end_all()  # what is done when an interpreter ends; it gives up after five seconds
            os._exit(0 if time.monotonic() - began < 4 else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        thread.join()


if __name__ == "__main__":
    unittest.main()
