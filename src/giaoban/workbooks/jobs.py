"""The room's work apart from pages. Each goes on from what is in the database, so it may be killed at any moment."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localdate

from giaoban.jobs import registry
from giaoban.jobs.working import Run
from giaoban.workbooks import actions


@registry.job("workbooks.read")
def read(run: Run) -> dict[str, Any]:
    upload = actions.read(**_who(run), upload_id=run.arguments["upload"], progress=run.progress)
    return {"files": upload.files}


@registry.job("workbooks.take")
def take(run: Run) -> dict[str, Any]:
    upload = actions.take_in(**_who(run), upload_id=run.arguments["upload"], progress=run.progress)
    return {"upload": upload.pk}


@registry.job("workbooks.make")
def make(run: Run) -> dict[str, Any]:
    package = actions.make(**_who(run), package_id=run.arguments["package"], progress=run.progress)
    return {"package": package.pk}


@registry.job("workbooks.mark")
def mark(run: Run) -> dict[str, Any]:
    package = actions.mark(**_who(run), package_id=run.arguments["package"], progress=run.progress)
    return {"package": package.pk}


def _who(run: Run) -> dict[str, Any]:
    return {"by": run.by, "at": run.at(), "on": localdate(run.at())}
