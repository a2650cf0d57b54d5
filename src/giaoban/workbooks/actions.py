"""Hand up, read, write, and make workbooks. Figures are written by `indicators`, one verb a report."""

from __future__ import annotations

import io
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.core.text import nfc, slug
from giaoban.files import keeping, opening, returned
from giaoban.files import workbook as writing_of
from giaoban.files.annotate import Mark
from giaoban.indicators import actions as figures
from giaoban.indicators.actions import Typed
from giaoban.indicators.actions import behalf as behalf_actions
from giaoban.indicators.models import Report, Round
from giaoban.indicators.queries.findings import shown
from giaoban.jobs import actions as jobs
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.workbooks import describing, queries, reading, refusals
from giaoban.workbooks.models import Answer, CellChange, Outcome, Package, State, Upload, Workbook

AT_ONCE = 5  # workbooks read while the person waits
MARKED_AT_ONCE = 10
PAGES_AT_ONCE = 40  # reports written, or workbooks made, while the person waits
TOGETHER = 60  # units in one workbook
BATCH = 40  # workbooks held against the database together
READING = 2  # processes that read while one batch is held against the database; no more lies in memory
WRITTEN_TOGETHER = 20  # drafts of so many reports in one transaction; a kill undoes them all, and they are written anew
Progress = Callable[[int, int, str], None]
Numbered = tuple[int, returned.Entry]
Found = tuple[returned.Entry, returned.Read | opening.NotOpened]


def _quiet(_done: int, _total: int, _words: str) -> None:
    """Nobody looks on."""


# Hand up


def receive(*, by: Actor, at: datetime, on: date, name: str, content: bytes) -> Upload:
    """Keep the file and read it: one workbook at once, many as a job. Nothing is written into any report."""
    if not queries.may_hand_up(by, on):
        raise NotAllowed()
    if not content:
        raise refusals.NothingToHandUp()
    if len(content) > returned.LIMITS.upload:
        raise returned.UploadTooLarge(name=name, most=returned.LIMITS.upload // returned.MEGABYTE)
    name = nfc(name)[-300:]
    kept = keeping.keep(queries.root(), content)
    with writing(by=by, at=at, verb="workbook.receive", unit_id=by.unit_id) as entry:
        made = Upload.objects.create(
            name=name, kept=kept, size=len(content), at=at, account_id=by.account_id, position_id=by.position_id,
            actor_name=by.name, actor_title=by.title, unit_id=by.unit_id,
        )  # fmt: skip
        entry.subject = made
        entry.data |= {"hash": kept, "size": len(content)}
    try:
        made.is_zip, entries = returned.entries(queries.path_of(kept), name)
    except opening.NotOpened as refused:
        _set(made, state=State.REFUSED, fault=refusals.kept(refused))
        return made
    _set(made, is_zip=made.is_zip, files=len(entries))
    if len(entries) <= AT_ONCE:
        return read(by=by, at=at, on=on, upload_id=made.pk)
    title = _("Read %(name)s (%(n)s workbooks)") % {"name": name, "n": len(entries)}
    job = jobs.enqueue(
        by=by, at=at, name="workbooks.read", title=title, arguments={"upload": made.pk}, unit_id=by.unit_id,
        link=reverse("workbooks:upload", args=[made.pk]),
    )  # fmt: skip
    _set(made, read_job=job.pk)
    return made


def _set(upload: Upload, **values: object) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))


# Read


def read(*, by: Actor, at: datetime, on: date, upload_id: int, progress: Progress = _quiet) -> Upload:
    """Hold every workbook against its reports; goes on after those that were read already."""
    upload = queries.upload_for(by, upload_id)
    path = _path(upload)
    _is_zip, entries = returned.entries(path, upload.name)
    done = set(upload.workbooks.values_list("no", flat=True))
    left = [(number, one) for number, one in enumerate(entries) if number not in done]
    total = len(entries)
    sheets = reading.Sheets()
    for batch, found in _ahead(path, left):
        numbers = {one.no: number for number, one in batch}
        with transaction.atomic():  # a workbook is there whole or not at all
            _keep(upload, found, numbers, reading.Known(by, on, _asked(found), sheets))
        done |= set(numbers.values())
        progress(len(done), total, _("%(done)s of %(total)s workbooks read") % {"done": len(done), "total": total})
    _set(upload, state=State.READ)
    return upload


def _ahead(path: Path, left: Sequence[Numbered]) -> Iterator[tuple[Sequence[Numbered], list[Found]]]:
    """Batches in order, each with what was read; the next are read by processes while one is held against reports."""

    def work(batch: Sequence[Numbered]) -> list[Found]:
        return list(returned.read(path, [one for _number, one in batch]))

    with ThreadPoolExecutor(READING) as pool:
        waiting: deque[tuple[Sequence[Numbered], Future[list[Found]]]] = deque()
        for batch in reading.batches(left, BATCH):
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > READING:
                first, coming = waiting.popleft()
                yield first, coming.result()
        while waiting:
            first, coming = waiting.popleft()
            yield first, coming.result()


def _asked(found: Sequence[Found]) -> set[int]:
    return {page.report for _entry, one in found if isinstance(one, returned.Read) for page in one.pages if page.report}


def _keep(
    upload: Upload,
    found: Sequence[Found],
    numbers: Mapping[int | None, int],
    known: reading.Known,
) -> None:
    rows: list[Workbook] = []
    pages: list[list[Answer]] = []
    for entry, one in found:
        if isinstance(one, returned.Read):
            faults, answers = reading.answers(one, entry.name, known)
        else:
            faults, answers = [refusals.kept(one)], []
        rows.append(Workbook(upload=upload, no=numbers[entry.no], name=entry.name[-400:], faults=faults))
        pages.append(answers)
    made = Workbook.objects.bulk_create(rows)
    for workbook, answers in zip(made, pages, strict=True):
        for answer in answers:
            answer.workbook = workbook
    # one statement each: in many rows at once psycopg escapes every quotation mark of JSON by itself
    Answer.objects.bulk_create([answer for answers in pages for answer in answers], batch_size=1)


def _path(upload: Upload) -> Path:
    path = queries.path_of(upload.kept)
    if not path.exists():
        raise refusals.FileGone(name=upload.name)
    return path


# Write


def ask_to_write(
    *,
    by: Actor,
    at: datetime,
    on: date,
    upload_id: int,
    mine: Sequence[str] = (),
    theirs: Sequence[str] = (),
    good_cells: bool = False,
    source: str = "",
) -> Upload:
    """Decide, and write at once or by a job. `mine`/`theirs` name conflicts ("answer-cell") as they were decided.

    A report with wrong cells is left as it is; `good_cells` writes what is right of it and leaves the wrong cells.
    """
    with writing(by=by, at=at, verb="workbook.take", unit_id=by.unit_id) as entry:
        upload = Upload.objects.select_for_update().get(pk=queries.upload_for(by, upload_id).pk)
        if upload.state == State.TAKEN:
            raise refusals.AlreadyWritten()
        if upload.state not in (State.READ, State.TAKING):
            raise refusals.NotReadYet()
        rows = queries.to_write(upload, good_cells=good_cells)
        number = rows.count()
        if not number:
            raise refusals.NothingToWrite()
        if rows.filter(behalf=True).exists() and not source.strip():
            raise refusals.SourceMissing()
        choices = {"mine": sorted(mine), "theirs": sorted(theirs), "good_cells": good_cells, "source": source.strip()}
        _set(upload, state=State.TAKING, choices=choices)
        entry.subject = upload
        entry.data |= {"reports": number, "good_cells": good_cells}
    if number <= PAGES_AT_ONCE:
        return take_in(by=by, at=at, on=on, upload_id=upload.pk)
    title = _("Write %(name)s (%(n)s reports)") % {"name": upload.name, "n": number}
    job = jobs.enqueue(
        by=by, at=at, name="workbooks.take", title=title, arguments={"upload": upload.pk}, unit_id=by.unit_id,
        link=reverse("workbooks:upload", args=[upload.pk]),
    )  # fmt: skip
    _set(upload, take_job=job.pk)
    return upload


def take_in(*, by: Actor, at: datetime, on: date, upload_id: int, progress: Progress = _quiet) -> Upload:
    """Write some reports in one transaction and the next in another; goes on after those that are written."""
    upload = queries.upload_for(by, upload_id)
    if upload.state != State.TAKING:
        return upload
    rows = list(
        queries.to_write(upload, good_cells=upload.choices["good_cells"])
        .order_by("behalf", "report", "pk")  # reports are locked in the order of their numbers, by whoever writes
        .values_list("pk", "behalf")
    )
    before = Answer.objects.filter(
        workbook__upload=upload, outcome__in=[Outcome.TAKEN, Outcome.PART, Outcome.REFUSED]
    ).count()
    done, total = before, before + len(rows)
    for batch in _together(rows):
        _write(batch, upload.choices, by, at, on)
        done += len(batch)
        progress(done, total, _("%(done)s of %(total)s reports written") % {"done": done, "total": total})
    _set(upload, state=State.TAKEN, taken_at=at)
    return upload


def _together(rows: Sequence[tuple[int, bool]]) -> Iterator[list[int]]:
    """Drafts some reports at a time; what is handed in for another unit by itself, since it may count at once."""
    drafts = [pk for pk, behalf in rows if not behalf]
    yield from (list(batch) for batch in reading.batches(drafts, WRITTEN_TOGETHER))
    yield from ([pk] for pk, behalf in rows if behalf)


def _write(batch: Sequence[int], choices: Mapping[str, object], by: Actor, at: datetime, on: date) -> None:
    """These reports: their cells, their lines in the journal and the notes that they are written hold together."""
    found = Answer.objects.in_bulk(batch)
    with writing(by=by, at=at, verb="workbook.write") as entry:
        entry.skip = True  # each report has its own line in the journal
        for pk in batch:
            _write_one(found[pk], choices, by, at, on)


def _write_one(answer: Answer, choices: Mapping[str, object], by: Actor, at: datetime, on: date) -> None:
    mine, theirs = choices["mine"], choices["theirs"]
    values: dict[int, Typed] = {}
    undecided = 0
    for change in answer.cell_changes:
        key = f"{answer.pk}-{change.cell}"
        if change.conflict and key not in mine:  # type: ignore[operator]
            undecided += key not in theirs  # type: ignore[operator]
            continue
        values[change.cell] = _typed(change)
    given = {"by": by, "at": at, "on": on, "report_id": answer.report_id, "values": values}
    try:
        if values and answer.behalf:
            behalf_actions.enter_on_behalf(**given, source=str(choices["source"]))
        elif values:
            figures.save_draft(**given)
        answer.written = len(values)
        answer.outcome = Outcome.PART if undecided or answer.faults else Outcome.TAKEN
        answer.save(update_fields=["written", "outcome"])
    except Refused as refused:
        answer.written, answer.outcome = 0, Outcome.REFUSED
        answer.refusal = [said for fault in _parts(refused) for said in [_said(fault)]]
        answer.save(update_fields=["written", "outcome", "refusal"])


def _typed(change: CellChange) -> Typed:
    text = _as_typed(change.given, change.scale) if change.takes else None
    return Typed(text=text, note=change.note if change.notes else None, was=_as_typed(change.now, change.scale))


def _as_typed(value: int | None, scale: int) -> str:
    """A stored integer as a person would type it."""
    return str(value) if value is not None and not scale else shown(value, scale)


def _parts(refused: Refused) -> list[Refused]:
    return list(refused.faults) if isinstance(refused, Invalid) else [refused]


def _said(refused: Refused) -> str:
    said = _(refused.sentence)
    return said % refused.params if refused.params else said


# Make


def workbook_of(*, by: Actor, at: datetime, on: date, report: Report) -> tuple[str, bytes]:
    """(file name, bytes) of the workbook of one report."""
    book = describing.book([report], by, at, on)
    return f"{_file_name(report, book.pages[0].unit)}.xlsx", writing_of.write(book)


def ask_to_make(*, by: Actor, at: datetime, on: date, round: Round, together: bool) -> Package:
    """Workbooks of all reports of a round that the person may fill in: one for all units, or a ZIP of one each."""
    found = queries.fillable(by, round.pk, on)
    if not found:
        raise refusals.NoReports()
    together = together and len(found) <= TOGETHER
    suffix = "xlsx" if together else "zip"
    name = f"{slug(round.sheet.name)[:60]}-{slug(round.period_code)}-{len(found)}-don-vi.{suffix}"
    with writing(by=by, at=at, verb="workbook.make", subject=round, unit_id=by.unit_id) as entry:
        made = Package.objects.create(at=at, account_id=by.account_id, round=round, name=name)
        entry.data |= {"reports": len(found), "together": together}
    if len(found) <= PAGES_AT_ONCE:
        return make(by=by, at=at, on=on, package_id=made.pk)
    job = jobs.enqueue(
        by=by, at=at, name="workbooks.make",
        title=_("Make %(n)s workbooks: %(name)s") % {"n": len(found), "name": round.sheet.name},
        arguments={"package": made.pk}, unit_id=by.unit_id, link=reverse("workbooks:package", args=[made.pk]),
    )  # fmt: skip
    made.job = job.pk
    made.save(update_fields=["job"])
    return made


def make(*, by: Actor, at: datetime, on: date, package_id: int, progress: Progress = _quiet) -> Package:
    """Write the workbooks; begun anew after a crash, since nothing of it is kept before it is whole."""
    package = queries.package_for(by, package_id)
    names = {}
    found = queries.fillable(by, package.round_id, on)
    if not found:
        raise refusals.NoReports()
    names = orgs.names([one.unit_id for one in found], on)
    found.sort(key=lambda one: slug(names.get(one.unit_id, "")))
    if package.name.endswith(".xlsx"):
        content = writing_of.write(describing.book(found, by, at, on))
    else:
        content = _zipped(found, names, by, at, on, progress)
    package.kept = keeping.keep(queries.root(), content)
    package.save(update_fields=["kept"])
    return package


def _zipped(
    found: Sequence[Report], names: Mapping[int, str], by: Actor, at: datetime, on: date, progress: Progress
) -> bytes:
    target = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as zipped:  # a workbook is packed already
        for number, report in enumerate(found, start=1):
            stem = name = _file_name(report, names.get(report.unit_id, f"don-vi-{report.unit_id}"))
            again = 1
            while name in taken:
                again += 1
                name = f"{stem}-{again}"
            taken.add(name)
            zipped.writestr(f"{name}.xlsx", writing_of.write(describing.book([report], by, at, on)))
            progress(
                number, len(found), _("%(done)s of %(total)s workbooks made") % {"done": number, "total": len(found)}
            )
    return target.getvalue()


# The marked copy


def ask_for_marked(*, by: Actor, at: datetime, on: date, upload_id: int) -> Package:
    """Copies of every workbook of a ZIP that has faults, to be sent back to those who filled them in."""
    upload = queries.upload_for(by, upload_id)
    wanted = queries.marked_workbooks(upload)
    if not wanted:
        raise refusals.NothingToMark()
    with writing(by=by, at=at, verb="workbook.mark", subject=upload, unit_id=by.unit_id) as entry:
        made = Package.objects.create(
            at=at, account_id=by.account_id, upload=upload, name=f"ban-danh-dau-{len(wanted)}-tep.zip"
        )
        entry.data |= {"workbooks": len(wanted)}
    if len(wanted) <= MARKED_AT_ONCE:
        return mark(by=by, at=at, on=on, package_id=made.pk)
    job = jobs.enqueue(
        by=by, at=at, name="workbooks.mark", title=_("Mark the faults in %(n)s workbooks") % {"n": len(wanted)},
        arguments={"package": made.pk}, unit_id=by.unit_id, link=reverse("workbooks:package", args=[made.pk]),
    )  # fmt: skip
    made.job = job.pk
    made.save(update_fields=["job"])
    return made


def mark(*, by: Actor, at: datetime, on: date, package_id: int, progress: Progress = _quiet) -> Package:
    """Write the marked copies into one ZIP; begun anew after a crash, since nothing is kept before it is whole."""
    package = queries.package_for(by, package_id)
    upload = queries.upload_for(by, package.upload_id or 0)
    wanted = queries.marked_workbooks(upload)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as zipped:
        for number, one in enumerate(wanted, start=1):
            zipped.writestr(f"{number:04d}-{one.name.rpartition('/')[2]}", marked(upload, one))
            progress(
                number,
                len(wanted),
                _("%(done)s of %(total)s workbooks marked") % {"done": number, "total": len(wanted)},
            )
    package.kept = keeping.keep(queries.root(), target.getvalue())
    package.save(update_fields=["kept"])
    return package


def marked(upload: Upload, one: Workbook) -> bytes:
    """A copy of the person's own file: faulty cells coloured, a note at each, and a list of all."""
    path = _path(upload)
    _is_zip, entries = returned.entries(path, upload.name)
    marks = [
        Mark(found.tab, found.at, _said(found.refused), found.label, found.look)
        for found in queries.faults(upload, one.pk)
    ]
    return returned.marked(path, entries[one.no].no, marks, {})


# Remove


def remove_uploads(*, by: Actor, at: datetime, days: int) -> int:
    """Remove files handed up, and files made, that nothing needs any more and that are older; how many went.

    What they said and what came of it stays; figures, documents and signed copies are never touched.
    """
    with writing(by=by, at=at, verb="workbook.remove") as entry:
        if not by.is_system:
            raise NotAllowed()
        before = at - timedelta(days=days)
        gone = keeping.remove(queries.root(), before=before, needed=queries.needed(before))
        entry.skip = not gone
        entry.data |= {"files": gone, "days": days}
    return gone


def _file_name(report: Report, unit: str) -> str:
    return f"{slug(unit)[:50]}-{slug(report.sheet.name)[:40]}-{slug(report.period_code)}"
