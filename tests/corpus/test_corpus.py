"""The corpus of real files beside the project, judged by its own scorer."""
import re
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"


@pytest.mark.parametrize("formats, least", [("csv", 73), ("xlsx,xlsm", 72)])
def test_every_file_of_the_corpus_is_right(program, tmp_path, formats, least):
    if not (SHARED / "score" / "score.py").exists():
        pytest.skip("the corpus is not beside the project: NOTHING WAS CHECKED against real files")
    run = subprocess.run([sys.executable, str(SHARED / "score" / "score.py"), "--root", str(SHARED / "corpus"), "--format", formats,
                          "--cmd", program, "--report", str(tmp_path / "report.jsonl"), "--tmp", str(tmp_path)], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = re.findall(r"score: ([\d.]+) % of (\d+) files", run.stdout)
    assert found, run.stdout[-2000:]
    assert float(found[-1][0]) == 100.0 and int(found[-1][1]) >= least, run.stdout[-3000:]
