"""The corpus of real files beside the project, judged by its own scorer."""
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"


@pytest.mark.parametrize("formats, least", [("csv", 73), ("xlsx,xlsm", 72), ("xlsb", 15), ("xls", 36), ("ods", 22), ("mismatch", 9)])
def test_every_file_of_the_corpus_is_right(program, tmp_path, formats, least):
    if not (SHARED / "score" / "score.py").exists():
        pytest.skip("the corpus is not beside the project: NOTHING WAS CHECKED against real files")
    run = subprocess.run([sys.executable, str(SHARED / "score" / "score.py"), "--root", str(SHARED / "corpus"), "--format", formats,
                          "--cmd", program, "--report", str(tmp_path / "report.jsonl"), "--tmp", str(tmp_path)], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = re.findall(r"score: ([\d.]+) % of (\d+) files", run.stdout)
    assert found, run.stdout[-2000:]
    assert float(found[-1][0]) == 100.0 and int(found[-1][1]) >= least, run.stdout[-3000:]


# Passwords that the manifest names, and what the first cell of the locked workbook begins with.
LOCKED = [("xls/exceldatareader/Test_git_issue_242_xor_pwd_password.xls", "password", "Password: password"),
          ("xls/poi/password.xls", "password", "A ZIP bomb"), ("xls/sheetjs/password_2002_40_972000.xls", "password", "1"),
          ("xls/messytables/encrypted_no_password.xls", "", "date")]


@pytest.mark.parametrize("path, password, first", LOCKED)
def test_locked_workbooks_of_the_corpus_open_with_their_password(forge, path, password, first):
    if not (SHARED / "corpus" / path).exists():
        pytest.skip("the corpus is not beside the project: NOTHING WAS CHECKED against real files")
    done = forge.run("cells", SHARED / "corpus" / path, "--json", env={"PYFORGE_PASSWORD": password} if password else None)
    assert done.code == 0, done.err.decode()
    found = [json.loads(line) for line in done.out.decode().splitlines()]
    assert next(c["value"] for c in found if "cell" in c).startswith(first)
