"""Runs ours and the peers, takes their time and memory, and sums up what they wrote.

Ours is timed from spawn to exit; of the peers only the conversion counts, without interpreter start and imports. Every
output is read back by DuckDB and its sums compared, so that a fast wrong answer does not count.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import inputs

PYFORGE = str(inputs.BENCH.parent / "build" / "pyforge")


def threads_of(count):
    return f"{count} thread{'s' if count > 1 else ''}"


def sums(path, names):
    """What any right reading of the data gives: rows, and per column the values there and the sum of their text lengths or
    of their numbers, in types that do not matter. path may be a folder of Parquet files, which counts as one table."""
    import duckdb
    path = f"{path}/*.parquet" if Path(path).is_dir() else path
    con = duckdb.connect()
    con.execute("SET threads=2; SET TimeZone='UTC'")
    kinds = {r[0]: r[1] for r in con.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    parts = []
    for name in names:
        kind = kinds[name]
        quoted = f'"{name}"'
        if kind in ("BIGINT", "INTEGER", "DOUBLE", "SMALLINT", "HUGEINT") or kind.startswith("DECIMAL"):
            parts.append(f"count({quoted}), round(sum({quoted}::DOUBLE), 3)")
        elif kind.startswith("TIMESTAMP") or kind == "DATE":
            parts.append(f"count({quoted}), sum(epoch({quoted}::TIMESTAMP)::DOUBLE)")
        elif kind == "BOOLEAN":
            parts.append(f"count({quoted}), sum({quoted}::INT::DOUBLE)")
        else:
            parts.append(f"count(nullif({quoted}, '')), sum(strlen({quoted})::DOUBLE)")
    return con.execute(f"SELECT count(*), {', '.join(parts)} FROM '{path}'").fetchall()[0]


def columns_of(path):
    import duckdb
    path = f"{path}/*.parquet" if Path(path).is_dir() else path
    return [r[0] for r in duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]


def close(a, b):
    return len(a) == len(b) and all(x == y or (x is not None and y is not None and abs(x - y) <= 1e-9 * max(abs(x), abs(y)))
                                    for x, y in zip(a, b))


def size_of(path):
    return sum(p.stat().st_size for p in (path.iterdir() if path.is_dir() else [path]))


def figure(name, value, unit, goal, least, note="", wrong=""):
    """One measured value with its bounds (at most; None: only reported) and, when it is not right, why."""
    bounds = f"(goal {goal}, at least {least})" if least is not None else "(reported)"
    print(f"{name:38} {value:.2f} {unit} {bounds} {note}{' WRONG: ' + wrong if wrong else ''}", flush=True)
    return {"name": name, "value": value, "unit": unit, "goal": goal, "least": least, "note": note, "wrong": wrong}


class Bench:
    """One run of the benchmark: its own folder for outputs, and how often everything is measured."""

    def __init__(self, runs, quick):
        self.runs, self.quick = runs, quick
        for left in inputs.folder().glob("run-*"):
            if not Path("/proc", left.name[4:]).exists():  # its run was killed
                shutil.rmtree(left, ignore_errors=True)
        self.folder = inputs.folder() / f"run-{os.getpid()}"
        self.folder.mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def launch(self, command, env=None):
        """Seconds from spawn to exit, the peak of resident memory in KB (by GNU time, whose own is small) and the output."""
        report = self.folder / "rss.txt"
        start = time.perf_counter()
        run = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", str(report), *command], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=env)
        seconds = time.perf_counter() - start
        if run.returncode:
            raise RuntimeError(f"{' '.join(command)}: exit {run.returncode}: {run.stderr[-400:]}")
        return seconds, int(report.read_text().split()[-1]), run.stdout

    def ours(self, source, target, codec, threads, *more):
        """(seconds, KB)"""
        return self.launch([PYFORGE, "convert", str(source), str(target), "--force", "--quiet", "-c", codec, "--threads",
                            str(threads), *more])[:2]

    def peer(self, tool, job, source, target="-", codec="-", threads=1, program="peers.py", package=""):
        """What peers.py says, or its like: seconds, rss_kb, sums. package: a folder to import from."""
        env = dict(os.environ, POLARS_MAX_THREADS=str(threads), RAYON_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads),
                   PYTHONPATH=str(package))
        out = self.launch([sys.executable, str(inputs.BENCH / program), tool, job, str(source), str(target), codec,
                           str(threads)], env)[2]
        return json.loads(out.strip().splitlines()[-1])

    def spawn(self, command, env=None):
        """Milliseconds from spawn to exit."""
        start = time.perf_counter()
        pid = os.posix_spawn(command[0], command, os.environ if env is None else env,
                             file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (1, 2)])
        _, status = os.waitpid(pid, 0)
        took = (time.perf_counter() - start) * 1000
        if status:
            raise RuntimeError(f"{command}: status {status}")
        return took

    def spawn_ms(self, command, runs=60):
        return statistics.median(self.spawn(command) for _ in range(runs))

    def race(self, name, source, codec, threads, goal, least, peers, job, slow_s, many=False, runner=None):
        """Ours and the peers in turns; the ratio is to the fastest peer whose data is right. A peer slower than slow_s, or
        three times slower than another one, runs once: it cannot become the best by running again. many: a file for each sheet.
        runner: runs ours and theirs, as self.peer does; else ours is the program, from spawn to exit."""
        out = {tool: self.folder / (tool if many else f"{tool}.parquet") for tool in ("pyforge", *peers)}
        took = {tool: [] for tool in out}
        rss, lost = dict.fromkeys(out, 0), {}
        for i in range(self.runs):
            fastest = min((t[0] for tool, t in took.items() if t and tool != "pyforge"), default=0)
            for tool in out:
                if tool in lost or (i and tool != "pyforge" and took[tool][0] > min(slow_s, 3 * fastest)):
                    continue
                try:
                    if tool == "pyforge" and not runner:
                        seconds, peak = self.ours(source, f"{out[tool]}/" if many else out[tool], codec, threads)
                    else:
                        found = (runner or self.peer)(tool, job, source, out[tool], codec, threads)
                        seconds, peak = found["seconds"], found["rss_kb"]
                    took[tool].append(seconds)
                    rss[tool] = max(rss[tool], peak)
                except RuntimeError as e:
                    if tool == "pyforge":
                        raise
                    lost[tool] = str(e).splitlines()[-1][-120:]
        wrong = self.differing(out, lost)
        medians = {tool: statistics.median(t) for tool, t in took.items() if t}
        ran = [t for t in peers if t in medians]
        right = [t for t in ran if t not in wrong]
        best = min(right or ran, key=medians.get)
        row = {"name": name, "medians": medians, "best": best, "ratio": medians["pyforge"] / medians[best], "goal": goal,
               "least": least, "rss_mb": {t: v / 1024 for t, v in rss.items()}, "verified": bool(right), "lost": lost,
               "size_mb": {t: size_of(p) / 1e6 for t, p in out.items() if p.exists()}, "wrong": wrong,
               "once": [t for t in ran if len(took[t]) < self.runs]}
        for path in out.values():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        print(f"{name:38} pyforge {medians['pyforge']:.2f}  " + "  ".join(
            f"{t} {medians[t]:.2f}{' (differs)' if t in wrong else ''}" for t in ran) +
            f"  ratio {row['ratio']:.3f} (goal {goal}, at least {least})  {row['rss_mb']['pyforge']:.0f} MB", flush=True)
        if not right:
            print(f"!! {name}: no peer agrees with our output", file=sys.stderr)
        return row

    @staticmethod
    def differing(out, lost):
        """The peers whose output is not ours; why is added to lost."""
        names = columns_of(out["pyforge"])
        truth, wrong = sums(out["pyforge"], names), []
        for tool in out:
            if tool == "pyforge" or tool in lost:
                continue
            try:
                theirs = sums(out[tool], names)
                if not close(theirs, truth):
                    wrong.append(tool)
                    lost[tool] = "other data in " + ", ".join(
                        n for i, n in enumerate(names) if not close(theirs[2 * i + 1:2 * i + 3], truth[2 * i + 1:2 * i + 3]))[:80]
            except Exception as e:  # another shape: not right
                wrong.append(tool)
                lost[tool] = f"other columns: {str(e).splitlines()[0][:80]}"
        return wrong
