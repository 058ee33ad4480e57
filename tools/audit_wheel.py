#!/usr/bin/env python3
"""What is promised of a final wheel, checked on the file, and what it costs to install and import.

Usage: audit_wheel.py WHEEL…       (make_wheel.py --final does it for all that it makes)

Every promise is one line: holds, or BROKEN and why. Ends with N passed, N failed.
"""
import base64
import configparser
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import obtain_sources
import wheel_inside

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".wheel" / "bin"
GLIBC = (2, 17)
# PEP 599 for manylinux2014: what every such system has; of these the package needs only the C library
LIBRARIES = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
EXPORTS = {"pyforge_cli/_native.abi3.so": {"PyInit__native"}, "pyforge_cli/extensions/databricks.so": {"pyforge_extension_v1"}}
MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
ENTRIES = {"console_scripts": {"pyforge": "pyforge_cli.main:cli"}, "pyforge.extensions": {"databricks": "pyforge_cli.extensions"},
           "pyforge_cli.extensions": {"databricks": "pyforge_cli.extensions"}}
EXTRAS = {"databricks", "dev", "docs"}
MEGABYTE = 1_000_000
WHEEL_BYTES, INSTALLED_BYTES = 6 * MEGABYTE, 15 * MEGABYTE
INSTALL_S, IMPORT_MS, IMPORT_BYTES = 5.0, 30.0, 8 * MEGABYTE


class Findings:
    def __init__(self):
        self.passed = self.failed = 0

    def say(self, promise, trouble, fact=""):
        """trouble: why it is broken; empty when it holds."""
        self.passed += not trouble
        self.failed += bool(trouble)
        print(f"  {'BROKEN' if trouble else 'holds '}  {promise}{': ' if trouble or fact else ''}{trouble or fact}", flush=True)


# ---- the file ----


def check_tags(wheel, names, read, machine):
    want = wheel_inside.tags(machine)
    info = next(name for name in names if name.endswith(".dist-info/WHEEL"))
    tags = re.findall(r"^Tag: (.+)$", read(info).decode(), re.M)
    if sorted(tags) != sorted(want):
        return f"its tags are {tags}, wanted {want}"
    stem = wheel_inside.ABI + "-" + ".".join(tag.rsplit("-", 1)[1] for tag in sorted(tags))
    return "" if wheel.stem.endswith(stem) else f"its name is {wheel.name}, its tags say {stem}"


def check_record(names, read):
    record = next(name for name in names if name.endswith(".dist-info/RECORD"))
    told = {row[0]: row[1] for row in csv.reader(read(record).decode().splitlines())}
    if set(told) != set(names):
        return f"RECORD and the archive differ in {sorted(set(told) ^ set(names))}"
    for name, hashed in told.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(read(name)).digest()).rstrip(b"=").decode()
        if name != record and hashed != f"sha256={digest}":
            return f"RECORD has another checksum for {name}"
    return ""


def version_of(text):
    return tuple(int(n) for n in text.split("."))


def check_symbols(elf):
    """No symbol of a newer C library, none of a C++ library."""
    versions = elf.get_section_by_name(".gnu.version_r")
    for library, needed in versions.iter_versions() if versions else []:
        for version in needed:
            family, _, number = version.name.partition("_")
            if family != "GLIBC" or not re.fullmatch(r"[\d.]+", number) or version_of(number) > GLIBC:
                return f"asks for {version.name} of {library.name}; the oldest system has GLIBC_{GLIBC[0]}.{GLIBC[1]}"
    return ""


def check_needed(elf):
    dynamic = elf.get_section_by_name(".dynamic")
    needed = {tag.needed for tag in dynamic.iter_tags("DT_NEEDED")}
    if needed - LIBRARIES:
        return f"needs {sorted(needed - LIBRARIES)}: link it in, by a wrap of subprojects/"
    for kind in ("DT_RPATH", "DT_RUNPATH", "DT_TEXTREL"):
        if any(dynamic.iter_tags(kind)):
            return f"has {kind}"
    return ""


def check_exports(name, elf):
    symbols = elf.get_section_by_name(".dynsym")
    shown = {s.name for s in symbols.iter_symbols() if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["bind"] != "STB_LOCAL"}
    return "" if shown == EXPORTS[name] else f"shows {sorted(shown ^ EXPORTS[name])[:5]} beside or short of {sorted(EXPORTS[name])}"


def check_segments(elf):
    kinds = {segment["p_type"]: segment["p_flags"] for segment in elf.iter_segments()}
    if kinds.get("PT_GNU_STACK", 7) & 1:
        return "its stack can be executed"
    if "PT_GNU_RELRO" not in kinds:
        return "what is relocated stays writable (no RELRO)"
    if elf.get_section_by_name(".symtab") or elf.get_section_by_name(".debug_info"):
        return "is not stripped"
    return ""


def check_binaries(say, names, read, machine):
    from elftools.elf.elffile import ELFFile
    import io

    found = {name for name in names if re.search(r"\.so(\.|$)", name)}
    say("libraries: the module and the extension", f"{sorted(found ^ set(EXPORTS))} differ" if found != set(EXPORTS) else "")
    for name in sorted(found & set(EXPORTS)):
        elf = ELFFile(io.BytesIO(read(name)))
        trouble = "" if elf["e_machine"] == MACHINES[machine] else f"is for {elf['e_machine']}"
        say(f"{name} is for {machine}", trouble)
        say(f"{name}: nothing newer than glibc {GLIBC[0]}.{GLIBC[1]}, no C++ library", check_symbols(elf))
        say(f"{name} needs the C library alone", check_needed(elf))
        say(f"{name} shows one symbol", check_exports(name, elf))
        say(f"{name}: stripped, read-only after relocation, no executable stack", check_segments(elf))


def check_metadata(names, read):
    from email import message_from_bytes

    metadata = message_from_bytes(read(next(n for n in names if n.endswith(".dist-info/METADATA"))))
    free = [r for r in metadata.get_all("Requires-Dist", []) if "extra ==" not in r]
    if free:
        return f"requires {free}"
    extras = set(metadata.get_all("Provides-Extra", []))
    if extras != EXTRAS:
        return f"has the extras {sorted(extras)}, wanted {sorted(EXTRAS)}"
    if metadata["Requires-Python"] != ">=3.8":
        return f"is for Python {metadata['Requires-Python']}"
    base = next(n for n in names if n.endswith(".dist-info/METADATA"))[: -len("METADATA")] + "licenses/"
    lost = [f for f in metadata.get_all("License-File") if base + f not in names]
    return f"names the licences {lost}, which are not there" if lost else ""


def check_entry_points(names, read):
    """The command and both groups of extensions, no other, and that what they name is in the archive."""
    groups = configparser.ConfigParser(delimiters="=")
    groups.read_string(read(next(n for n in names if n.endswith(".dist-info/entry_points.txt"))).decode())
    found = {group: dict(groups[group]) for group in groups.sections()}
    if found != ENTRIES:
        return f"they are {found}, wanted {ENTRIES}"
    for value in (value for entries in found.values() for value in entries.values()):
        module, _, word = value.partition(":")
        path = module.replace(".", "/")
        if word and not re.search(rf"^def {word}\(", read(path + ".py").decode(), re.M):
            return f"{value} is not there"
        if not word and not any(re.fullmatch(rf"{path}/[a-z]+\.so", name) for name in names):
            return f"{value} is no folder of libraries"
    return ""


def check_licences(names, sources):
    lost = [s["name"] for s in sources if not any(n.endswith("licenses/" + wheel_inside.licence_name(s)) for n in names)]
    return f"no licence of {lost}" if lost else ""


def check_bill(names, read, sources):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = read(next(n for n in names if n.endswith("/sboms/" + wheel_inside.SBOM))).decode()
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        return f"is not CycloneDX: {wrong}"
    told = json.loads(text)
    have = {(c["name"], c.get("version")) for c in told["components"]}
    lost = [s["name"] for s in sources if (s["name"], s["version"]) not in have]
    if lost:
        return f"does not name {lost}"
    for c in told["components"]:
        if c["type"] == "file" and hashlib.sha256(read(c["name"])).hexdigest() != c["hashes"][0]["content"]:
            return f"has another checksum of {c['name']}"
    return ""


def ask_tool(*words):
    run = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout.strip()


def check_auditwheel(wheel, machine):
    """The second opinion, of auditwheel: the policy it finds."""
    code, text = ask_tool(TOOLS / "auditwheel", "show", wheel)
    flat = " ".join(text.split())
    wanted = f'following platform tag: "manylinux_2_17_{machine}"'
    return "" if code == 0 and wanted in flat else text[-600:]


def check_abi(wheel):
    code, text = ask_tool(TOOLS / "abi3audit", "--strict", "--assume-minimum-abi3", "3.8", wheel)
    return "" if code == 0 else text[-600:]


def audit_file(say, wheel, sources):
    machine = re.search(r"_(x86_64|aarch64)\.whl$", wheel.name)
    if not machine:
        say("a tag of a machine", f"{wheel.name} has none")
        return
    machine = machine[1]
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        read = archive.read
        installed = sum(entry.file_size for entry in archive.infolist())
        size = wheel.stat().st_size
        say("tags", check_tags(wheel, names, read, machine), wheel.name)
        say("RECORD", check_record(names, read))
        say(f"at most {WHEEL_BYTES:,} bytes", f"{size:,} bytes" if size > WHEEL_BYTES else "", f"{size:,}")
        say(f"installed at most {INSTALLED_BYTES:,} bytes", f"{installed:,} bytes" if installed > INSTALLED_BYTES else "",
            f"{installed:,}")
        check_binaries(say, names, read, machine)
        say("no requirement; extras databricks, dev, docs; Python from 3.8 on", check_metadata(names, read))
        say("the command pyforge and both groups of extensions", check_entry_points(names, read))
        say("py.typed", "" if "pyforge_cli/py.typed" in names else "is not there")
        say(f"licences of all {len(sources)} that are linked in", check_licences(names, sources))
        say("bill of materials, CycloneDX 1.6", check_bill(names, read, sources))
    say("auditwheel: manylinux_2_17", check_auditwheel(wheel, machine))
    say("abi3audit: the limited API of 3.8", check_abi(wheel))


# ---- installed ----

MEASURE = """
import os, time
def resident():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before, start = resident(), time.perf_counter()
import pyforge_cli
print((time.perf_counter() - start) * 1000, resident() - before)
"""


def measure_import(python):
    """(milliseconds, bytes) of `import pyforge_cli` in a process of its own: the least of ten, since others disturb."""
    told = [subprocess.run([str(python), "-c", MEASURE], text=True, check=True, stdout=subprocess.PIPE).stdout.split()
            for _ in range(10)]
    return min(float(t[0]) for t in told), min(int(t[1]) for t in told)


def audit_installed(say, wheel):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        python = place / "bin" / "python"
        words = [str(python), "-m", "pip", "install", "-q", "--no-index", "--force-reinstall", "--disable-pip-version-check", str(wheel)]
        seconds = INSTALL_S + 1
        for _ in range(3):  # the least: others disturb
            start = time.perf_counter()
            done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            seconds = min(seconds, time.perf_counter() - start)
        if done.returncode:
            say("pip installs it", done.stdout[-600:])
            return
        say(f"pip installs it in at most {INSTALL_S:.0f} s", f"{seconds:.1f} s" if seconds > INSTALL_S else "", f"{seconds:.1f} s")
        say("the command answers", "" if ask_tool(place / "bin" / "pyforge", "--version")[0] == 0 else "it does not")
        ms, held = measure_import(python)
        say(f"import in at most {IMPORT_MS:.0f} ms", f"{ms:.1f} ms" if ms > IMPORT_MS else "", f"{ms:.1f} ms")
        say(f"import takes at most {IMPORT_BYTES:,} bytes", f"{held:,}" if held > IMPORT_BYTES else "", f"{held:,}")


def compare(first, second):
    """Two wheels, file by file."""
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        if sorted(one.namelist()) != sorted(two.namelist()):
            return f"other files: {sorted(set(one.namelist()) ^ set(two.namelist()))}"
        return ", ".join(name for name in one.namelist() if one.read(name) != two.read(name)) + \
            (" differ" if any(one.read(name) != two.read(name) for name in one.namelist()) else "")


def audit(wheels, sdist=None, again=None):
    """(passed, failed). again: the x86-64 wheel made from the sdist."""
    sources = obtain_sources.read_list() + wheel_inside.runtime_parts(TOOLS)
    findings = Findings()
    say = findings.say
    for wheel in wheels:
        print(wheel.name)
        audit_file(say, wheel, sources)
        if f"_{os.uname().machine}." in wheel.name:
            audit_installed(say, wheel)
    print("all")
    if again:
        say("from the sdist the same wheel comes out", compare(wheels[0], again))
    code, text = ask_tool(TOOLS / "twine", "check", "--strict", *wheels, *([sdist] if sdist else []))
    say("twine check", "" if code == 0 else text[-600:])
    return findings.passed, findings.failed


if __name__ == "__main__":
    counts = audit([Path(name) for name in sys.argv[1:]])
    print(f"{counts[0]} passed, {counts[1]} failed")
    sys.exit(1 if counts[1] or not counts[0] else 0)
