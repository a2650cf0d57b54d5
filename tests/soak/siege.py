"""A siege of the columnar copy: one process writes, several read, and whoever compacts is killed again and again.

Each process is one run of `python -m tests.soak.siege ROLE …` over one database and one store, as in production. What
holds at every moment makes a torn state visible: figures only move from school to school, so that a province's total
never changes; one cell counts the transactions, so that an answer must lie between what was committed before the
question and what is committed after it. After every kill the parts are compared with the ledger, line by line.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

SINCE, TODAY = date(2000, 1, 1), date(2026, 1, 29)
AT = datetime(2026, 1, 29, 2, tzinfo=UTC)
PROVINCE, SCHOOLS, EACH = 1, range(2, 42), 1000
PERIODS = ["2021", "2022", "2023", "2024", "2025", "2026"]
COUNTED, MOVED = 1, 2
PAUSE = 0.005  # between two transactions: some hundred a second, as many as a province ever has
COMPACT_FROM = 600  # lines, so that readers compact too, against each other and whoever is killed
ENTRY = [sys.executable, "-m", "tests.soak.siege"]


@dataclass(frozen=True)
class Outcome:
    """What a siege came to."""

    kills: Counter[str]  # "before": the old state held; "after": the new one did; "ended": the kill came too late
    written: int
    asked: list[int]
    wrong: list[str]


# --- The besieger, who starts the others ------------------------------------------------------------------------------


def siege(home: Path, rounds: int, readers: int, seed: int) -> Outcome:
    """Lay siege for so many rounds in a folder of its own, on the kind of database DATABASE_URL names."""
    with _database() as url:
        env = {**os.environ, "GIAOBAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
        env["PYTHONPATH"] = os.pathsep.join(["src", "."])
        env.pop("DATABASE_URL", None)
        if url:
            env["DATABASE_URL"] = url

        def begin(*role: str) -> subprocess.Popen[str]:
            return subprocess.Popen([*ENTRY, *role], env=env, stdout=subprocess.PIPE, text=True)

        prepared = begin("prepare")
        prepared.communicate()
        if prepared.returncode:
            raise RuntimeError("the province could not be prepared")
        stop = home / "stop"
        others = [begin("write", str(stop)), *(begin("read", str(stop)) for _ in range(readers))]
        try:
            killer = begin("kill", str(rounds), str(seed)).communicate()[0]
        finally:
            stop.touch()
            said = [other.communicate(timeout=120)[0] for other in others]
        settled = begin("settle").communicate()[0]
    killed, *reports, last = map(_report, [killer, *said, settled])
    return Outcome(
        kills=Counter(killed.get("kills", {})),
        written=reports[0].get("done", 0),
        asked=[report.get("done", 0) for report in reports[1:]],
        wrong=[fault for report in [killed, *reports, last] for fault in report["wrong"]],
    )


def _report(said: str) -> dict[str, Any]:
    """What a process said last; one that failed said nothing."""
    return json.loads(said.splitlines()[-1]) if said else {"wrong": ["a process ended without a word"]}


@contextmanager
def _database() -> Iterator[str | None]:
    """A database of the siege's own where DATABASE_URL names PostgreSQL; else none, for SQLite in the folder."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield None
        return
    import psycopg

    name = f"siege_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# --- The roles --------------------------------------------------------------------------------------------------------


def prepare() -> None:
    """A province of forty schools, each with its figure in every period."""
    from django.core.management import call_command

    from giaoban.core.hierarchy import Existence, Link, Tree
    from giaoban.core.rollup import World
    from tests.generative import stage

    call_command("migrate", verbosity=0)
    units = [PROVINCE, *SCHOOLS]
    tree = Tree([Existence(unit, SINCE) for unit in units], [Link(school, SINCE, PROVINCE) for school in SCHOOLS])
    stage.stage(World(tree=tree, lineage=[], effects=[], expected=[]), [COUNTED, MOVED])
    stage.define("counted", f"c{COUNTED}")
    stage.define("moved", f"c{MOVED}")
    _append([(school, code, MOVED, EACH, 1) for code in PERIODS for school in SCHOOLS])
    _append([(school, PERIODS[-1], COUNTED, 0, 1) for school in SCHOOLS])


def write(stop: Path) -> dict[str, object]:
    """Transactions, one after the other: something moves from school to school, and the count goes up by one."""
    dice, done = random.Random(1), 0
    while not stop.exists():
        code, (giver, taker), much = dice.choice(PERIODS), dice.sample(SCHOOLS, 2), dice.randint(1, 500)
        _append(
            [
                (giver, code, MOVED, -much, 0),
                (taker, code, MOVED, much, 0),
                (dice.choice(SCHOOLS), PERIODS[-1], COUNTED, 1, 0),
            ]
        )
        done += 1
        time.sleep(PAUSE)
    return {"done": done, "wrong": []}


def read(stop: Path) -> dict[str, object]:
    """Questions, one after the other, each held against what must be true at that moment."""
    from giaoban.analytics import queries, upkeep
    from giaoban.core import period
    from tests.generative.stage import APART

    upkeep.COMPACT_FROM = COMPACT_FROM
    asked = [period.parse(code) for code in PERIODS]
    done, wrong = 0, []
    while not stop.exists() and not wrong:
        before = _transactions()
        answers = queries.ask(["moved", "counted"], [APART + PROVINCE], asked, on=TODAY)
        after = _transactions()
        totals, count = [one.value for one in answers[: len(asked)]], answers[-1].value
        if set(totals) != {EACH * len(SCHOOLS)}:
            wrong.append(f"totals {[str(total) for total in totals]}")
        if count is None or not before <= count <= after:
            wrong.append(f"{count} transactions seen between {before} and {after}")
        done += 1
    return {"done": done, "wrong": wrong}


def kill(rounds: int, seed: int) -> dict[str, object]:
    """Compact or rebuild in a child, kill it at a random moment, and compare the parts with the ledger."""
    from giaoban.analytics import upkeep

    dice, kills, wrong = random.Random(seed), Counter[str](), []
    lasted = [_timed(upkeep.compact) for _ in range(3)]
    for number in range(rounds):
        job = dice.choice([upkeep.compact, upkeep.compact, upkeep.rebuild])
        old = _generation()
        child, started = _fork(job), time.monotonic()
        time.sleep(dice.uniform(0, 1.1 * median(lasted[-9:])))
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        ended = os.WIFEXITED(status)
        if ended:
            lasted.append(time.monotonic() - started)
        if ended and status:
            wrong.append(f"round {number}: {job.__name__} failed by itself")
        kills["ended" if ended else "before" if _generation() == old else "after"] += 1
        if _timed_child(_verified) is None:
            wrong.append(f"round {number}: parts and ledger differ after a kill in {job.__name__}")
    return {"kills": kills, "wrong": wrong}


def settle() -> dict[str, object]:
    """When all is quiet: one more compaction, which clears up what the killed ones left."""
    from giaoban.analytics import upkeep

    upkeep.compact()
    wrong = [f"in the end {key} differs" for key in upkeep.verify()[:5]]
    if left := [path.name for path in upkeep.store().root.rglob("*.tmp")]:
        wrong.append(f"left behind: {left}")
    return {"wrong": wrong}


def _verified() -> None:
    from giaoban.analytics import upkeep

    found = upkeep.verify()
    if found:
        raise ValueError(f"{len(found)} keys differ, the first: {found[0]}")


def _generation() -> str:
    path = Path(os.environ["GIAOBAN_HOME"]) / "analytics" / "CURRENT"
    return path.read_text() if path.exists() else ""


def _timed(job: Callable[[], object]) -> float:
    lasted = _timed_child(job)
    if lasted is None:
        raise ValueError(f"{job.__name__} failed before anybody was killed")
    return lasted


def _timed_child(job: Callable[[], object]) -> float | None:
    """Seconds a job took in a child of its own; None when it failed."""
    start = time.monotonic()
    return time.monotonic() - start if os.waitpid(_fork(job), 0)[1] == 0 else None


def _fork(job: Callable[[], object]) -> int:
    """A child that does the job on a connection of its own and ends. The parent itself touches neither."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        job()
        code = 0
    except BaseException as failure:
        print(f"{type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
    os._exit(code)


def _append(rows: list[tuple[int, str, int, int, int]]) -> None:
    from giaoban.indicators import ledger
    from giaoban.indicators.models import Cell, Effect
    from giaoban.journal.actions import writing
    from giaoban.journal.actor import SYSTEM
    from tests.generative.stage import APART

    if not CELLS:
        CELLS.update(Cell.objects.filter(key__in=["c1", "c2"]).values_list("key", "pk"))
    effects = [
        Effect(
            series_id="report",
            unit_id=APART + unit,
            period_code=code,
            cell_id=CELLS[f"c{cell}"],
            value_delta=value,
            present_delta=present,
            at=AT,
        )
        for unit, code, cell, value, present in rows
    ]
    with writing(by=SYSTEM, at=AT, verb="figure.accept") as entry:
        ledger.append(entry, effects)


CELLS: dict[str, int] = {}


def _transactions() -> int:
    from giaoban.indicators.models import Effect

    return Effect.objects.filter(cell__key=f"c{COUNTED}", value_delta=1, present_delta=0).count()


def main() -> None:
    import django

    django.setup()
    role, *words = sys.argv[1:]
    roles: dict[str, Callable[[], object]] = {
        "prepare": prepare,
        "write": lambda: write(Path(words[0])),
        "read": lambda: read(Path(words[0])),
        "settle": settle,
        "kill": lambda: kill(int(words[0]), int(words[1])),
    }
    print(json.dumps(roles[role]()), flush=True)


if __name__ == "__main__":
    main()
