"""What a person handed up, and which workbooks they may take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, Sum

from giaoban.core.refusal import Refused
from giaoban.files import keeping
from giaoban.indicators.models import Report, Round
from giaoban.indicators.queries import line, reports, rounds
from giaoban.indicators.queries.findings import shown
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.workbooks import refusals
from giaoban.workbooks.models import Answer, Outcome, Package, State, Upload, Workbook

WITHOUT_CHANGES = Prefetch("answers", Answer.objects.defer("changes"))
"""Of a thousand workbooks the changes are read page by page only."""


def root() -> Path:
    """Of files handed up and made here, apart from what is kept for ever."""
    return Path(settings.MEDIA_ROOT) / "workbooks"


def path_of(name: str) -> Path:
    """Where a file lies; those of the first edition lie among all others."""
    path = keeping.path_of(root(), name)
    earlier = keeping.path_of(Path(settings.MEDIA_ROOT), name)
    return earlier if not path.exists() and earlier.exists() else path


def content(package: Package) -> bytes:
    path = path_of(package.kept)
    try:
        return keeping.content(path.parent.parent, package.kept)
    except keeping.Changed:
        raise refusals.FileGone(name=package.name) from None


def needed(before: datetime) -> set[str]:
    """Files that something unfinished, or something younger, still needs."""
    uploads = Upload.objects.filter(
        Q(at__gte=before) | Q(taken_at__gte=before) | Q(state__in=[State.READING, State.TAKING])
    )
    names = {one.kept for one in uploads}
    for one in Upload.objects.filter(state=State.READ, at__lt=before):
        if to_write(one, good_cells=True).exists():
            names.add(one.kept)
    return names | set(Package.objects.filter(at__gte=before).values_list("kept", flat=True))


def to_write(upload: Upload, *, good_cells: bool) -> QuerySet[Answer]:
    """The pages that would change something and are not written yet; what they would change is read one by one."""
    outcomes = [Outcome.READY, *([Outcome.FAULTY] if good_cells else [])]
    rows = Answer.objects.filter(workbook__upload=upload, outcome__in=outcomes, report__isnull=False)
    return rows.filter(Q(changed__gt=0) | Q(conflicts__gt=0)).order_by("pk")


def uploads(actor: Actor) -> QuerySet[Upload]:
    """What the person handed up from the position they act in; SYSTEM sees all."""
    if actor.is_system:
        return Upload.objects.all()
    return Upload.objects.filter(account_id=actor.account_id, position_id=actor.position_id)


def upload_for(actor: Actor, upload_id: int) -> Upload:
    """Upload.DoesNotExist where it is somebody else's, so that its existence is not told."""
    return uploads(actor).get(pk=upload_id)


def package_for(actor: Actor, package_id: int) -> Package:
    rows = Package.objects.select_related("round__sheet")
    return (rows if actor.is_system else rows.filter(account_id=actor.account_id)).get(pk=package_id)


def may_hand_up(actor: Actor, on: date) -> bool:
    return actor.is_system or bool(people.verbs_held(actor, on) & {"figure.type", "figure.behalf"})


def round_for(actor: Actor, round_id: int, on: date) -> Round:
    """A round of which the actor may see some report, or that they opened."""
    try:
        return rounds.round_for(actor, round_id, on)
    except Round.DoesNotExist:
        if not fillable(actor, round_id, on):
            raise
        return Round.objects.select_related("sheet").get(pk=round_id)


def fillable(actor: Actor, round_id: int, on: date) -> list[Report]:
    """Reports of a round the actor may fill in: their own units', and those below for which they may enter."""
    found = rounds.visible_reports(actor, on).filter(round=round_id).select_related("round", "sheet").distinct()
    open_ones = [one for one in found if reports.is_open(one, on)]
    if actor.is_system:
        return open_ones
    typing = _units(actor, "figure.type", [one.answering_id for one in open_ones], on)
    entering = _units(actor, "figure.behalf", [one.answering_id for one in open_ones], on)
    if entering and open_ones:
        steps = line.my_steps(actor, open_ones[0].round, [one.unit_id for one in open_ones], on)
        mine = {unit for units in steps.values() for unit in units}
    else:
        mine = set()
    return [
        one for one in open_ones
        if one.answering_id in typing or (one.answering_id in entering and one.unit_id in mine)
    ]  # fmt: skip


def _units(actor: Actor, verb: str, units: list[int], on: date) -> set[int]:
    rows = people.units_where(actor, verb, on).filter(descendant__in=units)
    return set(rows.values_list("descendant_id", flat=True))


def report_for(actor: Actor, report_id: int, on: date) -> Report:
    """A report the actor may see before it is approved; its workbook tells no more than its page."""
    return reports.report_for(actor, report_id, on)


# What an upload says


@dataclass(frozen=True)
class Counts:
    """Sums over all pages of an upload."""

    answers: int
    changed: int
    same: int
    conflicts: int
    wrong: int
    written: int
    nothing: int
    broken_files: int


def counts(upload: Upload) -> Counts:
    rows = Answer.objects.filter(workbook__upload=upload)
    sums = rows.aggregate(Sum("changed"), Sum("same"), Sum("conflicts"), Sum("wrong"), Sum("written"))
    broken = sum(len(faults) for faults in _broken(upload).values_list("faults", flat=True))
    return Counts(
        answers=rows.count(),
        nothing=rows.filter(outcome="nothing").count(),
        broken_files=_broken(upload).count(),
        **{name.removesuffix("__sum"): value or 0 for name, value in sums.items() if name != "wrong__sum"},
        wrong=(sums["wrong__sum"] or 0) + broken,
    )


def _broken(upload: Upload) -> QuerySet[Workbook]:
    return upload.workbooks.exclude(faults=[])


def marked_workbooks(upload: Upload) -> list[Workbook]:
    """Workbooks that can be opened and have something to mark."""
    rows = upload.workbooks.prefetch_related(WITHOUT_CHANGES).order_by("no")
    return [
        one for one in rows
        if (pages := one.answers.all()) and (one.faults or any(page.faults or page.looks for page in pages))
    ]  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One fault in words, with its place."""

    workbook: int
    file: str
    unit: str
    tab: str
    at: str
    label: str
    refused: Refused
    look: bool = False


def faults(upload: Upload, workbook_id: int | None = None) -> Iterator[Fault]:
    """Everything that is wrong or wants a look, file by file."""
    rows = upload.workbooks.prefetch_related(WITHOUT_CHANGES).order_by("no")
    if workbook_id is not None:
        rows = rows.filter(pk=workbook_id)
    for workbook in rows.iterator(chunk_size=200):
        for row in workbook.faults:
            yield _fault(workbook, None, row)
        for answer in workbook.answers.all():
            for row in answer.faults:
                yield _fault(workbook, answer, row)
            for row in answer.looks:
                yield _fault(workbook, answer, row, look=True)


def _fault(workbook: Workbook, answer: Answer | None, row: dict[str, Any], look: bool = False) -> Fault:
    return Fault(
        workbook.pk,
        workbook.name,
        answer.unit_name if answer else "",
        answer.tab if answer else "",
        row["at"],
        row["label"],
        refusals.again(row),
        look,
    )


@dataclass(frozen=True)
class Change:
    """A cell that would change, ready to show."""

    answer: int
    cell: int
    at: str
    words: str
    was: str
    now: str
    given: str
    note_was: str
    note_now: str
    note: str
    takes: bool
    notes: bool
    conflict: bool
    who: str

    @property
    def name(self) -> str:
        """Of its choice in the form."""
        return f"chon-{self.answer}-{self.cell}"


def changes(answer: Answer, *, conflicts: bool | None = None) -> list[Change]:
    found = []
    for row in answer.cell_changes:
        if conflicts is None or row.conflict == conflicts:
            texts = {name: shown(getattr(row, name), row.scale) for name in ("was", "now", "given")}
            rest = {name: getattr(row, name) for name in ("cell", "at", "words", "note_was", "note_now", "note")}
            flags = {name: getattr(row, name) for name in ("takes", "notes", "conflict", "who")}
            found.append(Change(answer=answer.pk, **texts, **rest, **flags))
    return found
