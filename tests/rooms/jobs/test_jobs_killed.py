"""Real processes: a worker killed mid-job, at random, again and again; the job is resumed from memory, exactly."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NUMBERS = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A database file of its own, which other processes can open."""
    place = tmp_path_factory.mktemp("jobs")
    subprocess.run([sys.executable, "-m", "giaoban", "migrate", "-v0"], env=environment(place), cwd=ROOT, check=True)
    return place


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return kept | {
        "GIAOBAN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "giaoban.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }


@pytest.fixture
def worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (home / "log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.rooms.jobs.worker"], env=environment(home), cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
        running.wait(30)
        assert not members(running.pid), (home / "log").read_text()


def asked(home: Path, to: int, pause: float) -> int:
    arguments = json.dumps({"to": to, "pause": pause, "file": str(home / "out.txt")})
    (home / "out.txt").unlink(missing_ok=True)
    with sqlite3.connect(home / "giaoban.sqlite3", timeout=20) as base:
        made = base.execute(
            "INSERT INTO jobs_job (name, title, arguments, state, done, total, words, memory, result, attempts, lease,"
            " stop_asked, made_at, link) VALUES ('tests.count', 'đếm', ?, 'waiting', 0, 0, '', '{}', '{}', 0, '', 0,"
            " '2026-01-29 08:00:00', '')",
            [arguments],
        )
        return int(made.lastrowid or 0)


def state(home: Path, job: int) -> tuple[str, int, dict[str, int]]:
    with sqlite3.connect(home / "giaoban.sqlite3", timeout=20) as base:
        found = base.execute("SELECT state, done, result FROM jobs_job WHERE id = ?", [job]).fetchone()
    return found[0], found[1], json.loads(found[2])


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def members(pid: int) -> list[int]:
    """The processes below one, from /proc, deepest last."""
    below = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                below.append(int(entry.name))
    return below + [deeper for one in below for deeper in members(one)]


def test_kill_nine_mid_job_is_resumed_from_memory(home, worker):
    job = asked(home, NUMBERS, 0.03)
    for share in (0.2, 0.4, 0.6, 0.8):
        until(lambda share=share: state(home, job)[1] >= NUMBERS * share)
        for pid in members(worker.pid)[2:]:  # below the watcher and django-q2: workers and their helpers
            os.kill(pid, signal.SIGKILL)
    until(lambda: state(home, job)[0] == "done")
    written = (home / "out.txt").read_text().split()
    assert written == [str(n) for n in range(NUMBERS)], "each number once, in order"
    assert state(home, job)[2]["counted"] == NUMBERS


def test_ended_and_started_again_goes_on(home):
    job = asked(home, NUMBERS, 0.05)
    command = [sys.executable, "-m", "tests.rooms.jobs.worker"]
    first = subprocess.Popen(command, env=environment(home), cwd=ROOT)
    until(lambda: state(home, job)[1] >= 10)
    first.terminate()
    assert first.wait(20) == 0
    assert state(home, job)[0] == "waiting"
    second = subprocess.Popen(command, env=environment(home), cwd=ROOT)
    try:
        until(lambda: state(home, job)[0] == "done")
    finally:
        second.terminate()
        second.wait(20)
    assert (home / "out.txt").read_text().split() == [str(n) for n in range(NUMBERS)]


def test_killed_from_the_top_nothing_is_left_running(home):
    command = [sys.executable, "-m", "tests.rooms.jobs.worker"]
    running = subprocess.Popen(command, env=environment(home), cwd=ROOT)
    until(lambda: len(members(running.pid)) >= 5)
    below = members(running.pid)
    running.kill()
    running.wait(5)
    until(lambda: not [pid for pid in below if Path(f"/proc/{pid}/cmdline").exists() and alive(pid)], 15)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
