"""The generated inputs. All runs share them below one folder; each is made beside its place and renamed, so that no run
sees half a file, and anew when its generator is newer."""
import os
import shutil
import subprocess
from pathlib import Path

BENCH = Path(__file__).resolve().parent


def folder():
    """PYFORGE_BENCH_DIR, else in memory when there is room, else bench/data."""
    given = os.environ.get("PYFORGE_BENCH_DIR")
    shm = Path("/dev/shm")
    if given:
        data = Path(given)
    elif (shm / "pyforge-bench").is_dir() or (shm.is_dir() and shutil.disk_usage(shm).free > 12 << 30):
        data = shm / "pyforge-bench"
    else:
        data = BENCH / "data"
    data.mkdir(parents=True, exist_ok=True)
    return data


def made(path, after, write):
    """path, once write(part) has made it; made again when one of `after` is newer."""
    if not path.exists() or path.stat().st_mtime < max(p.stat().st_mtime for p in after):
        part = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            write(part)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def generated(name, maker, *words, where=None):
    """What a generator makes of its words and the name of its output."""
    sources = [BENCH / f"{maker}.c", *BENCH.glob("*.h")]
    program = made(folder() / maker, sources, lambda part: subprocess.run(["cc", "-O2", "-o", part, sources[0], "-lz"], check=True))
    return made((where or folder()) / name, sources, lambda part: subprocess.run([program, *map(str, words), part], check=True))


def gzipped(source):
    def write(part):
        with open(part, "wb") as f:
            subprocess.run(["gzip", "-6", "-c", source], stdout=f, check=True)
    return made(source.with_name(source.name + ".gz"), [source], write)
