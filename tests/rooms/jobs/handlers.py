"""Handlers that the tests of this room ask for; `worker.py` beside it is a worker that knows them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from giaoban.core.refusal import Invalid, Refused
from giaoban.jobs import registry
from giaoban.jobs.working import Run


class NoSuchColumn(Refused):
    sentence = "There is no column “%(name)s”."


@registry.job("tests.count")
def count(run: Run) -> dict[str, Any]:
    """Write the numbers up to `to` into a file, each once, going on from what is remembered."""
    done = run.memory.get("done", 0)
    path = Path(run.arguments["file"])
    while done < run.arguments["to"]:
        lines = path.read_text().splitlines() if path.exists() else []
        if str(done) not in lines:  # safe to do again: the last one may have been written and not remembered
            with path.open("a") as out:
                out.write(f"{done}\n")
        done += 1
        run.remember(done=done)
        run.progress(done, run.arguments["to"], f"số {done}")
        time.sleep(run.arguments.get("pause", 0))
    return {"counted": done, "by": os.getpid()}


@registry.job("tests.refused")
def refused(run: Run) -> None:
    raise Invalid([NoSuchColumn(name=f"c{n}") for n in range(run.arguments["faults"])])


@registry.job("tests.broken")
def broken(run: Run) -> None:
    raise ZeroDivisionError("secret of the program")


@registry.job("tests.who")
def who(run: Run) -> dict[str, Any]:
    return {"name": run.by.name, "position": run.by.position_id, "at": run.at().isoformat()}
