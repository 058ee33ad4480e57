"""Ctrl-C, termination, kill and a vanishing disk: nothing half-written, at once."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "in.csv"
    block = "".join(f"{i},some name {i % 313},{i * 0.25},2021-01-{i % 28 + 1:02d}\n" for i in range(100_000))
    with open(path, "w") as f:
        f.write("id,name,v,d\n")
        for _ in range(60):
            f.write(block)
    return path


@pytest.mark.parametrize("number,code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("after_ms", [5, 30, 100, 200])
def test_a_signal_stops_within_half_a_second_and_leaves_nothing(program, big, tmp_path, number, code, after_ms):
    run = subprocess.Popen([program, "convert", str(big), str(tmp_path / "o.parquet"), "--threads", "1"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE)
    time.sleep(after_ms / 1000)
    if run.poll() is not None:
        pytest.skip("done before the signal")
    sent = time.perf_counter()
    run.send_signal(number)
    run.wait(timeout=10)
    took = time.perf_counter() - sent
    run.stderr.close()
    if after_ms >= 30:
        assert run.returncode == code
        assert os.listdir(tmp_path) == []
    assert took < 0.5


def test_standard_input_that_never_comes_can_be_interrupted(program, tmp_path):
    run = subprocess.Popen([program, "convert", "-", str(tmp_path / "o.parquet")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=2) == 130
    run.stdin.close()
    assert os.listdir(tmp_path) == []


def test_twelve_kills_leave_the_old_file_or_the_new(program):
    run = subprocess.run([sys.executable, str(HERE / "kill.py"), program, "12"], text=True, stdout=subprocess.PIPE)
    assert run.returncode == 0, run.stdout


def test_a_full_disk_is_an_error_and_leaves_nothing(program, big, tmp_path):
    limited = f"ulimit -f 2000; trap '' XFSZ; exec {program} convert {big} {tmp_path}/o.parquet"
    run = subprocess.run(["bash", "-c", limited], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 1 and run.stderr.startswith("error: IO"), run.stderr
    assert os.listdir(tmp_path) == []


def test_progress_in_a_pipe_is_silent(program, big, tmp_path):
    run = subprocess.run([program, "convert", str(big), str(tmp_path / "o.parquet")], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0 and run.stderr == b""
