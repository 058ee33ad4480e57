"""What a final wheel has in it beside the package: its tags, the licences of what is linked in, and the bill of materials.

The bill is CycloneDX 1.6 in JSON, in dist-info/sboms/ (PEP 770); licences are in dist-info/licenses/ (PEP 639)."""
import hashlib
import json
import shutil
import subprocess
import uuid

ABI = "cp38-abi3"
SBOM = "pyforge-cli.cdx.json"
# the C++ library and the compiler's own functions are linked in too
RUNTIME = {"libcxx": "LLVM libc++ and libc++abi", "compiler-rt": "the compiler's runtime functions"}
LLVM_LICENCE, ZIG_LICENCE = "Apache-2.0 WITH LLVM-exception", "MIT"


def tags(machine):
    """glibc 2.17, in the newer and the older spelling."""
    return [f"{ABI}-manylinux_2_17_{machine}", f"{ABI}-manylinux2014_{machine}"]


def ask_compiler(tools):
    """(version of zig, version of the clang in it, its folder)."""
    version = subprocess.run([tools / "zig", "version"], text=True, check=True, stdout=subprocess.PIPE).stdout.strip()
    clang = subprocess.run([tools / "zig", "cc", "--version"], text=True, check=True, stdout=subprocess.PIPE).stdout.split()[2]
    return version, clang, (tools / "zig").resolve().parent


def runtime_parts(tools):
    version, clang, folder = ask_compiler(tools)
    return [
        {"name": "libcxx", "title": RUNTIME["libcxx"], "version": clang, "licence": LLVM_LICENCE, "client": "pip",
         "package": "ziglang", "package_version": version, "path": folder / "lib" / "libcxx" / "LICENSE.TXT"},
        {"name": "compiler-rt", "title": RUNTIME["compiler-rt"], "version": version, "licence": ZIG_LICENCE, "client": "pip",
         "package": "ziglang", "package_version": version, "path": folder / "LICENSE"},
    ]


def licence_name(source):
    return f"third-party/{source['name']}.txt"


def component(source):
    purl = f"pkg:generic/{source['name']}@{source['version']}"
    licence = {"expression": source["licence"]} if " " in source["licence"] else {"license": {"id": source["licence"]}}
    facts = [{"name": "pyforge:obtained-by", "value": source["client"]},
             {"name": "pyforge:obtained-as", "value": f"{source['package']} {source['package_version']}"}]
    if "sha256" in source:
        facts += [{"name": "pyforge:archive", "value": source["archive"]},
                  {"name": "pyforge:archive-sha256", "value": source["sha256"]}]
    return {"type": "library", "bom-ref": purl, "name": source["name"], "version": source["version"],
            "description": source["title"], "scope": "required", "licenses": [licence], "purl": purl, "properties": facts}


def bill(version, machine, parts, binaries):
    """binaries: {name in the wheel: bytes}."""
    own = f"pkg:pypi/pyforge-cli@{version}"
    components = [component(part) for part in sorted(parts, key=lambda part: part["name"])]
    files = [{"type": "file", "bom-ref": name, "name": name,
              "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]}
             for name, content in sorted(binaries.items())]
    told = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "library", "bom-ref": own, "name": "pyforge-cli", "version": version, "purl": own,
                                       "licenses": [{"license": {"id": "MIT"}}],
                                       "properties": [{"name": "pyforge:machine", "value": machine}]}},
            "components": components + files,
            "dependencies": [{"ref": own, "dependsOn": [c["bom-ref"] for c in components]}]}
    # the same wheel has the same bill: its number is made of what it says
    told["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(told, sort_keys=True))}"
    return told


def complete(tree, machine, sources, tools):
    """Makes an unpacked wheel final."""
    info, = tree.glob("*.dist-info")
    parts = [dict(source, path=source["folder"] / source["licence_file"]) for source in sources] + runtime_parts(tools)
    for part in parts:
        target = info / "licenses" / licence_name(part)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part["path"], target)
    metadata = (info / "METADATA").read_text()
    head, gap, body = metadata.partition("\n\n")
    head += "".join(f"\nLicense-File: {licence_name(part)}" for part in parts)
    (info / "METADATA").write_text(head + gap + body)
    lines = [line for line in (info / "WHEEL").read_text().splitlines() if line and not line.startswith("Tag:")]
    (info / "WHEEL").write_text("\n".join(lines + [f"Tag: {tag}" for tag in tags(machine)]) + "\n")
    version = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)["Version"]
    binaries = {str(path.relative_to(tree)): path.read_bytes() for path in sorted(tree.rglob("*.so"))}
    (info / "sboms").mkdir(exist_ok=True)
    (info / "sboms" / SBOM).write_text(json.dumps(bill(version, machine, parts, binaries), indent=1) + "\n")
