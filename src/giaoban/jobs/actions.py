"""Ask for a piece of work, stop it, ask again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from giaoban.jobs import queries, refusals, registry
from giaoban.jobs.models import Job, State
from giaoban.jobs.waking import wake_up
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor


def enqueue(
    *,
    by: Actor,
    at: datetime,
    name: str,
    title: str,
    arguments: dict[str, Any],
    unit_id: int | None = None,
    link: str = "",
) -> Job:
    """Ask for work to be done apart from this page. Whether `by` may is for the verb that calls this to say."""
    if not registry.knows(name):
        raise refusals.UnknownWork(name=name)
    with writing(by=by, at=at, verb="job.ask", unit_id=unit_id) as entry:
        made = Job.objects.create(
            name=name,
            title=title[:300],
            arguments=json.loads(json.dumps(arguments)),
            made_at=at,
            account_id=by.account_id,
            position_id=by.position_id,
            unit_id=unit_id,
            link=link,
        )
        entry.subject = made
        entry.data |= {"work": name}
        entry.after_commit(lambda: wake_up(made.pk))
    return made


def stop(*, by: Actor, at: datetime, job_id: int) -> Job:
    """Ask a job to stop. One that waits stops at once; one that runs, at its next sign of progress."""
    found = queries.job_for(by, job_id)
    with writing(by=by, at=at, verb="job.stop", subject=found, unit_id=found.unit_id):
        found = Job.objects.select_for_update().get(pk=found.pk)
        if found.is_over:
            raise refusals.AlreadyOver()
        waiting = found.state == State.WAITING
        Job.objects.filter(pk=found.pk).update(
            stop_asked=True, **({"state": State.STOPPED, "ended_at": at} if waiting else {})
        )
    found.refresh_from_db()
    return found


def again(*, by: Actor, at: datetime, job_id: int) -> Job:
    """Let a job that failed or was stopped go on from what it remembers."""
    found = queries.job_for(by, job_id)
    with writing(by=by, at=at, verb="job.again", subject=found, unit_id=found.unit_id) as entry:
        found = Job.objects.select_for_update().get(pk=found.pk)
        if found.state not in (State.FAILED, State.STOPPED):
            raise refusals.StillGoing()
        Job.objects.filter(pk=found.pk).update(
            state=State.WAITING, stop_asked=False, words="", attempts=0, ended_at=None, ends_about=None, beat_at=None
        )
        entry.after_commit(lambda: wake_up(found.pk))
    found.refresh_from_db()
    return found
