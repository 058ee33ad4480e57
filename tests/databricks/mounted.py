#!/usr/bin/env python3
"""The writer cases on a real FUSE mount with the manners of /Volumes. Arguments: the mount's program, the cases' program.

First the mount itself is tried, so that nobody proves anything on a mount that refuses nothing. Then all cases run on each variant of
what is not known about the platform's mounts. Exits 77 where nothing can be mounted."""
import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77
VARIANTS = [[], ["--rename=works"], ["--fsync=works"], ["--excl=refused"]]


def refuses(number, call):
    """Does call fail with this errno?"""
    try:
        call()
    except OSError as error:
        return error.errno == number
    return False


def write_at(path, flags, *writes):
    file = os.open(path, flags)
    try:
        for offset, data in writes:
            os.pwrite(file, data, offset)
    finally:
        os.close(file)


def sync(path):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def manners(volumes, variant):
    """What the mount should refuse and does not."""
    volume = volumes / "main/raw/in"
    one, two = volume / "one", volume / "two"
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    write_at(one, new, (0, b"abc"), (3, b"def"))
    expected = {
        "append": refuses(errno.EOPNOTSUPP, lambda: write_at(one, os.O_WRONLY | os.O_APPEND, (0, b"x"))),
        "open again": refuses(errno.EOPNOTSUPP, lambda: write_at(one, os.O_RDWR, (0, b"x"))),
        "seek back": refuses(errno.EIO, lambda: write_at(two, new, (0, b"abc"), (0, b"x"))),
        "gap": refuses(errno.EIO, lambda: write_at(two, new, (9, b"x"))),
        "link": refuses(errno.ENOSYS, lambda: os.link(one, volume / "l")) or refuses(errno.EPERM, lambda: os.link(one, volume / "l")),
        "symlink": refuses(errno.ENOSYS, lambda: os.symlink(one, volume / "l")),
        "make a volume": refuses(errno.EOPNOTSUPP, lambda: os.mkdir(volumes / "main/raw/new")),
        "rename": "--rename=works" in variant or refuses(errno.ENOSYS, lambda: os.rename(one, two)),
        "fsync": "--fsync=works" in variant or refuses(errno.EPERM, lambda: sync(two)),
        "exclusive": "--excl=refused" not in variant
        or refuses(errno.EOPNOTSUPP, lambda: write_at(volume / "new", new | os.O_EXCL, (0, b"x"))),
    }
    same = one.read_bytes() == b"abcdef"
    for path in (one, two):
        path.unlink(missing_ok=True)
    return [what for what, good in expected.items() if not good] + ([] if same else ["what was written stays"])


def wait_for_mount(server, folder):
    for _ in range(500):
        if os.path.ismount(folder):
            return True
        if server.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def unmount(folder, server):
    for command in (["fusermount3", "-u", folder], ["umount", folder]):
        try:
            if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                break
        except FileNotFoundError:
            continue
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def run_variant(mount, cases, variant, folder):
    """The exit code of the cases; SKIPPED when nothing could be mounted."""
    root, back = folder / "root", folder / "back"
    (root / "Volumes").mkdir(parents=True)
    (back / "main/raw/in").mkdir(parents=True)
    server = subprocess.Popen([mount, "-f", "-s", str(root / "Volumes"), f"--root={back}", *variant])
    try:
        if not wait_for_mount(server, root / "Volumes"):
            return SKIPPED
        missing = manners(root / "Volumes", variant)
        if missing:
            print(f"the mount has other manners: {', '.join(missing)}")
            return 1
        return subprocess.run([cases, str(root)]).returncode
    finally:
        unmount(str(root / "Volumes"), server)


def main():
    mount, cases = sys.argv[1:3]
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        print("there is no /dev/fuse to use")
        return SKIPPED
    for variant in VARIANTS:
        print(f"-- {' '.join(variant) or 'as reported'}", flush=True)
        with tempfile.TemporaryDirectory(prefix="pyforge-mount-") as folder:
            code = run_variant(mount, cases, variant, Path(folder))
        if code:
            print("nothing can be mounted here" if code == SKIPPED else f"failed: {variant}")
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
