"""Work a worker does for this room."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localdate

from giaoban.intake import actions, queries
from giaoban.jobs import registry
from giaoban.jobs.working import Run


@registry.job(actions.JOB)
def load(run: Run) -> dict[str, Any]:
    """Load a table. It is one transaction: a worker that dies leaves nothing, and it is begun again."""
    at = run.at()
    intake = queries.intake(run.by, run.arguments["intake"], localdate(at))
    done = actions.load(
        by=run.by,
        at=at,
        intake=intake,
        leave_faults=bool(run.arguments.get("leave_faults")),
        progress=lambda rows, total: run.progress(rows, total),
    )
    return dict(done.result)
