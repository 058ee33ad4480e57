#!/usr/bin/env python3
"""Puts the sources of the third parties that the wheel links in under subprojects/, and our own meson.build over them.

Usage: obtain_sources.py

subprojects/sources.json names each by package and version. They are had through the ordinary package clients (cargo, pip,
apt-get) and are kept in PYFORGE_SOURCES (else the user's cache folder, pyforge-sources); an archive whose SHA-256 is not the
one written down is refused. A folder that is there and right is left alone, so a source distribution, which brings them,
needs no client at all. Nothing of this is committed.
"""
import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "subprojects"
OVERLAYS = PLACE / "packagefiles"
STAMP = ".obtained"


def read_list():
    return json.loads((PLACE / "sources.json").read_text())["sources"]


def cache():
    base = os.environ.get("PYFORGE_SOURCES") or \
        Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pyforge-sources"
    folder = Path(base)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(words, what, **more):
    done = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\n{words[0]} could not get {what}; put the archive into {cache()} by hand, or ask again later")


def need(program, wanted):
    if not shutil.which(program):
        names = ", ".join(f"{source['package']} {source['package_version']}" for source in wanted)
        sys.exit(f"{program} is needed to get {names}: install it, or put the archives into {cache()}")


def names_of(wanted):
    return " ".join(f"{source['package']} {source['package_version']}" for source in wanted)


def get_by_cargo(wanted, scratch):
    """One empty program that depends on all of them; cargo fetches, nothing is compiled."""
    need("cargo", wanted)
    lines = ["[package]", 'name = "sources"', 'version = "0.0.0"', 'edition = "2021"', "[lib]", 'path = "lib.rs"', "[dependencies]"]
    lines += [f'{s["package"]} = {{ version = "={s["package_version"]}", default-features = false }}' for s in wanted]
    (scratch / "Cargo.toml").write_text("\n".join(lines) + "\n")
    (scratch / "lib.rs").touch()
    run(["cargo", "fetch", "-q", "--target", "x86_64-unknown-linux-gnu"], names_of(wanted), cwd=scratch)
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for source in wanted:
        for found in home.glob(f"registry/cache/*/{source['archive']}"):
            shutil.copy(found, scratch / source["archive"])


def get_by_pip(wanted, scratch):
    for source in wanted:
        run([sys.executable, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", scratch,
             f"{source['package']}=={source['package_version']}"], names_of([source]))


def source_lines(kind):
    """The system's own package sources, those of its distribution, as lines of a kind: deb or deb-src."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for path in files:
        text = path.read_text() if path.is_file() else ""
        if path.suffix == ".sources":
            for stanza in re.split(r"\n\s*\n", text):
                field = dict(re.findall(r"^(\S+):\s*(.+)$", stanza, re.M))
                if "main" in field.get("Components", "").split() and re.search("debian|ubuntu", field.get("Signed-By", "")):
                    for place in field["URIs"].split():
                        for suite in field["Suites"].split():
                            yield f"{kind} [signed-by={field['Signed-By']}] {place} {suite} main"
        elif path.suffix == ".list":
            for options, place, suite in re.findall(r"^deb\s+(\[.*?\]\s+)?(\S+)\s+(\S+)\s+main\b", text, re.M):
                if re.search("debian|ubuntu", place):
                    yield f"{kind} {options}{place} {suite} main"


def apt_words(scratch, kind, *more):
    """apt-get with lists and a cache of its own: neither the system's sources nor its lists are touched."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "sources.list").write_text("\n".join(source_lines(kind)) + "\n")
    return ["apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={scratch}/sources.list", "-o", "Dir::Etc::sourceparts=-", "-o",
            f"Dir::State::lists={scratch}/lists", "-o", f"Dir::Cache={scratch}/cache", "-o", "APT::Sandbox::User=",
            "-o", "Debug::NoLocking=1", *more]


def get_by_apt(wanted, scratch):
    need("apt-get", wanted)
    words = apt_words(scratch, "deb-src")
    run([*words, "update"], "the lists of source packages")
    for source in wanted:
        run([*words, "source", "--download-only", f"{source['package']}={source['package_version']}"], names_of([source]), cwd=scratch)


CLIENTS = {"cargo": get_by_cargo, "pip": get_by_pip, "apt": get_by_apt}


def fill_cache(sources):
    """{name: archive}, each with the right checksum."""
    kept = {source["name"]: cache() / source["archive"] for source in sources}
    for client, get in CLIENTS.items():
        wanted = [s for s in sources if s["client"] == client and
                  not (kept[s["name"]].exists() and digest(kept[s["name"]]) == s["sha256"])]
        if not wanted:
            continue
        print(f"obtaining by {client}: {names_of(wanted)}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            get(wanted, Path(folder))
            for source in wanted:
                got = Path(folder) / source["archive"]
                if not got.exists():
                    sys.exit(f"{client} brought no {source['archive']} for {names_of([source])}")
                if digest(got) != source["sha256"]:
                    sys.exit(f"{source['archive']} has SHA-256 {digest(got)}, but {source['sha256']} is written down in "
                             "subprojects/sources.json: it is not what was reviewed, so it is not used")
                shutil.move(str(got), str(kept[source["name"]]))
    return kept


def unpack(source, archive, folder):
    """The members that are kept, without the archive's own top folder; only plain files, never outside the folder."""
    with tarfile.open(archive) as tar:
        for member in tar:
            name = str(PurePosixPath(*PurePosixPath(member.name).parts[1:]))
            if not member.isfile() or ".." in PurePosixPath(name).parts or not name.startswith(tuple(source["keep"])):
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tar.extractfile(member).read())
    if not (folder / source["licence_file"]).is_file():
        sys.exit(f"{archive.name} has no {source['licence_file']}: nothing is linked without its licence")


def overlay_files(name):
    return sorted(path for path in (OVERLAYS / name).rglob("*") if path.is_file() and not fnmatch.fnmatch(path.name, ".*"))


def stamp_of(source):
    parts = [json.dumps(source, sort_keys=True)] + [digest(path) for path in overlay_files(source["name"])]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() + "\n"


def obtain():
    """All of them under subprojects/; returns the list, each with its folder."""
    sources = read_list()
    stale = [s for s in sources if not (PLACE / s["name"] / STAMP).exists() or
             (PLACE / s["name"] / STAMP).read_text() != stamp_of(s)]
    kept = fill_cache(stale)
    for source in stale:
        folder = PLACE / source["name"]
        shutil.rmtree(folder, ignore_errors=True)
        unpack(source, kept[source["name"]], folder)
        for path in overlay_files(source["name"]):
            target = folder / path.relative_to(OVERLAYS / source["name"])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        (folder / STAMP).write_text(stamp_of(source))
    return [dict(source, folder=PLACE / source["name"]) for source in sources]


if __name__ == "__main__":
    for found in obtain():
        print(f"{found['name']:10} {found['version']:8} {found['licence']:14} {found['client']}: {found['package']} {found['package_version']}")
