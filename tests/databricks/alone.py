#!/usr/bin/env python3
"""The extension builds in a tree that has only extension.h (and what that includes), takes no name of pyforge and shows one. It makes
no connection and starts no process: it links nothing that could. Argument: the
root of the tree. Exits 1 when not, 77 without a compiler."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What the C library has for the network, for other processes and for opening more libraries.
NEVER = {"socket", "connect", "bind", "listen", "accept", "accept4", "send", "sendto", "sendmsg", "recv", "recvfrom", "recvmsg", "getaddrinfo",
         "gethostbyname", "res_query", "fork", "vfork", "clone", "posix_spawn", "posix_spawnp", "execv", "execve", "execvp", "execvpe", "execl",
         "execlp", "execle", "fexecve", "system", "popen", "syscall", "dlopen", "dlmopen"}
HEADERS = ("extension.h", "status.h", "arrow_abi.h")


def main():
    root = Path(sys.argv[1])
    compiler = shutil.which(os.environ.get("CC", "cc").split()[0])
    if not compiler:
        return 77
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        (tree / "include/pyforge").mkdir(parents=True)
        for header in HEADERS:
            shutil.copy(root / "include/pyforge" / header, tree / "include/pyforge")
        sources = [shutil.copy(file, tree) for file in sorted((root / "extensions/databricks").glob("*.[ch]"))]
        run = subprocess.run([compiler, "-std=c17", "-D_GNU_SOURCE", "-fPIC", "-shared", "-fvisibility=hidden", "-O1", "-Wall", "-Werror",
                              "-Iinclude", "-o", "databricks.so", *(Path(s).name for s in sources if s.endswith(".c"))], cwd=tree)
        if run.returncode:
            return 1
        taken = subprocess.run(["nm", "-D", "--undefined-only", tree / "databricks.so"], text=True, check=True, stdout=subprocess.PIPE).stdout
        reached = NEVER & {line.split()[-1].split("@")[0] for line in taken.splitlines()}
        if reached or "malloc" not in taken:
            print(f"databricks.so could leave this process by {', '.join(sorted(reached))}")
            return 1
        return subprocess.run([sys.executable, root / "tools/house_exports.py", "--extension", tree / "databricks.so"]).returncode


if __name__ == "__main__":
    sys.exit(main())
