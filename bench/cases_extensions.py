"""What extensions cost that lie there and are not used, and hooks that do nothing. Each against none, in turns; of the differences the median."""
import os
import shutil
import statistics
import subprocess

import inputs
from measure import PYFORGE, figure

PEERS = ()
COUNTS = (1, 10, 40)
STARTS = 300  # of each, for a difference of tenths of a millisecond
# cached or not → extensions → goal and at least, ms
BOUNDS = {True: {1: (None, None), 10: (0.3, 1), 40: (None, None)}, False: {1: (None, None), 10: (10, 25), 40: (None, None)}}


def libraries(bench, count, *words):
    """A folder of so many extensions, each compiled once."""
    folder = bench.folder / f"extensions-{'-'.join(words)}{count}"
    source, headers = inputs.BENCH / "extension.c", inputs.BENCH.parent / "include"
    if not folder.exists():
        folder.mkdir()
        for i in range(count):
            kept = inputs.made(inputs.folder() / f"nothing{'-'.join(words)}{i}.so", [source, headers / "pyforge" / "extension.h"],
                               lambda part: subprocess.run(["cc", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-I", headers, *words,
                                                            f'-DNAME="nothing{i}"', "-o", part, source], check=True))
            shutil.copy(kept, folder / f"nothing{i}.so")
    return folder


class World:
    """The program where nothing lies beside it, with caches of its own."""

    def __init__(self, bench, folder):
        self.root = bench.folder / f"world-{folder.name}"
        self.root.mkdir(exist_ok=True)
        self.program = shutil.copy(PYFORGE, self.root / "pyforge")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PYFORGE_") and k != "VIRTUAL_ENV"}
        self.env.update(PYFORGE_EXTENSION_PATH=str(folder), XDG_CACHE_HOME=str(self.root / "cache"), XDG_DATA_HOME=str(self.root / "data"),
                        XDG_CONFIG_HOME=str(self.root / "config"))

    def convert(self, source):
        return [str(self.program), "convert", str(source), str(self.root / "o.parquet"), "--force", "--quiet"]

    def forget(self):
        shutil.rmtree(self.root / "cache", ignore_errors=True)


def worlds(bench, *words, counts=COUNTS):
    """extensions → world; 0 among them, and all caches there."""
    found = {count: World(bench, libraries(bench, count, *words)) for count in (0, *counts)}
    for world in found.values():
        bench.spawn(world.convert(tiny()), world.env)
    return found


def tiny():
    return inputs.generated("tiny.csv", "generate", "mixed", 10)


def more(took, count):
    """ms that count of them take more than none, by turns."""
    return statistics.median(mine - none for mine, none in zip(took[count], took[0]))


def start(cached):
    def run(bench, name):
        all_worlds, took = worlds(bench), {}
        for _ in range(STARTS if cached else STARTS // 10):
            for count, world in all_worlds.items():
                if not cached:
                    world.forget()
                took.setdefault(count, []).append(bench.spawn(world.convert(tiny()), world.env))
        for count in COUNTS:
            yield figure(f"{name}, {count} more than none", more(took, count), "ms", *BOUNDS[cached][count],
                         f"{statistics.median(took[count]):.2f} ms, {statistics.median(took[0]):.2f} ms")
    return run


def memory(bench, name):
    peaks = {}
    for _ in range(20):
        for count, world in worlds(bench, counts=(10,)).items():
            peaks.setdefault(count, []).append(bench.launch(world.convert(tiny()), world.env)[1])
    yield figure(name, (statistics.median(peaks[10]) - statistics.median(peaks[0])) / 1024, "MB", 1, 1,
                 f"{statistics.median(peaks[10]) / 1024:.2f} MB, {statistics.median(peaks[0]) / 1024:.2f} MB")


def hooks(bench, name):
    """Of ten extensions with three hooks each: calling them, in a forge where they are open; and from spawn to exit, with opening them."""
    root, source = inputs.BENCH.parent, inputs.generated("megabyte.csv", "generate", "mixed", 7_000)
    library, text = root / "build" / "src" / "api", inputs.BENCH / "bench_hooks.c"
    program = inputs.made(inputs.folder() / "bench_hooks", [text, library / "libpyforge.so"], lambda part: subprocess.run(
        ["cc", "-O2", "-I", root / "include", "-o", part, text, library / "libpyforge.so", f"-Wl,-rpath,{library}"], check=True))
    all_worlds = worlds(bench, "-DHOOKS", counts=(10,))
    folders = [libraries(bench, count, "-DHOOKS") for count in all_worlds]
    out = bench.launch([program, str(STARTS), str(source), str(bench.folder / "o.parquet"), *map(str, folders)],
                       dict(all_worlds[10].env, PYFORGE_EXTENSION_PATH=""))[2]
    open_took = dict(zip(all_worlds, zip(*([float(x) for x in line.split()] for line in out.splitlines()))))
    took = {count: [] for count in all_worlds}
    for _ in range(STARTS):
        for count, world in all_worlds.items():
            took[count].append(bench.spawn(world.convert(source), world.env))
    hooks_ms, whole_ms, open_ms = more(open_took, 10), statistics.median(took[0]), statistics.median(open_took[0])
    yield figure(name, 100 * hooks_ms / whole_ms, "%", 1, 1,
                 f"{1000 * hooks_ms:.0f} µs of {whole_ms:.2f} ms from spawn to exit; in an open forge, of {open_ms:.2f} ms")
    yield figure(f"{name}, opened first", more(took, 10), "ms", None, None, f"{statistics.median(took[10]):.2f} ms, {whole_ms:.2f} ms")


def detection(bench, name):
    """Where the process runs, told by the Databricks extension: with the program's start for it, and opening the library."""
    folder = bench.folder / "extensions-databricks"
    folder.mkdir(exist_ok=True)
    shutil.copy(inputs.BENCH.parent / "build" / "extensions" / "databricks" / "databricks.so", folder)
    world, took = World(bench, folder), []
    commands = [str(world.program), "databricks", "env-info", "--json"], [str(world.program), "--version"]
    for _ in range(STARTS):
        took.append([bench.spawn(command, world.env) for command in commands])
    asked, version = (statistics.median(one) for one in zip(*took))
    yield figure(name, statistics.median(a - b for a, b in took), "ms", 5, 5, f"{asked:.2f} ms, {version:.2f} ms")


CASES = [("start-up, cached", start(True)), ("start-up, new", start(False)), ("memory of 10 that are not opened", memory),
         ("1 MB CSV with 10 × 3 hooks", hooks),
         ("databricks env-info, more than --version", detection)]
