"""Scans of many pages are read apart from the page: the file is kept first, its text follows from the worker."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from giaoban.desk.proposals import heading
from giaoban.documents import keeping, readings
from giaoban.documents.models import KeptReading
from giaoban.files import opening
from giaoban.jobs import actions as jobs
from giaoban.jobs import registry
from giaoban.jobs.working import Run
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor

WORK = "desk.scan"


def begin(*, by: Actor, at: datetime, on: date, file: tuple[str, bytes], first: str) -> KeptReading:
    """Keep the scan and ask for it to be read. Its first page, where a secrecy mark would stand, was looked at."""
    with writing(by=by, at=at, verb="reading.keep") as entry:
        entry.skip = True  # the verbs inside write their own events
        kept = readings.keep(by=by, at=at, on=on, opened=readings.Opened(first, file[0], "scan", file=file))
        if kept.job_id is None:
            job = jobs.enqueue(
                by=by,
                at=at,
                name=WORK,
                title=_("Read the scan %(name)s") % {"name": file[0]},
                arguments={"token": kept.token},
                unit_id=kept.unit_id,
                link=kept.get_absolute_url(),
            )
            kept.job_id = job.pk
            kept.save(update_fields=["job_id"])
    return kept


def as_kept(opened: opening.Opened, file: tuple[str, bytes] | None = None) -> readings.Opened:
    """What opening a file gave, as a reading keeps it."""
    rows = None if opened.rows is None else [asdict(row) for row in opened.rows]
    name = heading(opened.text).subject
    return readings.Opened(opened.text, name, opened.kind, opened.pages, rows, list(opened.notes), file)


@registry.job(WORK)
def read(run: Run) -> dict[str, Any]:
    """Read the pages one after another; what turns out to bear a secrecy mark is not kept."""
    at = run.at()
    found = readings.reading(run.by, run.arguments["token"], localdate(at))
    content = keeping.content(found.file_name, found.file_hash)
    try:
        opened = opening.opened(found.file_name, content, opening.PATIENT, progress=run.progress)
    except opening.Marked:
        readings.discard(by=run.by, at=at, on=localdate(at), token=found.token)
        keeping.forget(found.file_hash)
        raise
    readings.complete(
        by=run.by,
        at=at,
        on=localdate(at),
        token=found.token,
        opened=as_kept(opened),
    )
    return {"token": found.token}
