"""An annex taken in: every row with what it would become and every fault at its cell; then the tasks, all at once.

Rows that are tasks of the same document (or conclusion) already are left alone, so the same file a second time proposes
only what is new. Nothing is kept of a trial.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import fold, nfc
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.files import annex_names
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.people.refusals import sentences
from giaoban.work import actions, dues, queries
from giaoban.work.actions import NewTask
from giaoban.work.exchange import layouts, times
from giaoban.work.exchange.lines import Line, NoColumns, Opened, opened
from giaoban.work.exchange.understanding import Meant, Names
from giaoban.work.models import Conclusion, TableKind, TableRow, Task

ROLES = {"lead": "lead", "due": "due", "partners": "partners", "deliverable": "deliverable"}
LONGEST = {"deliverable": 300, "leader": 200, "due": 200}


class NothingNew(Refused):
    """Every row is known or has a fault."""

    sentence = sentence("Nothing of “%(name)s” is left to assign: every row is a task already, or has a fault.")
    field = "file"


class NoSuchDocument(Refused):
    """The number names no document the actor may see, or several."""

    sentence = sentence("No document number %(symbol)s is registered where you can see it, or several are.")
    field = "document"


class UnknownName(Refused):
    """A fault at a cell: who is meant is not clear."""

    sentence = sentence("“%(name)s” may be several units, or none: say once which one is meant.")


class NobodyLeads(Refused):
    """A fault at a cell: no lead."""

    sentence = sentence("Nobody leads this work.")


class NoDue(Refused):
    """A fault at a cell: no due words."""

    sentence = sentence("This work has no due time; write a day, a period, “thường xuyên” or an event.")


class TooLong(Refused):
    """A fault at a cell: more than is kept."""

    sentence = sentence("This is longer than the %(most)s letters that are kept.")


class CannotBeGiven(Refused):
    """A row whose task is refused; it is named by its cell, and nothing at all is kept."""

    sentence = sentence("Cell %(cell)s: %(why)s")

    def __init__(self, line: Line, cause: Refused) -> None:
        self.cause, self.role = cause, ROLES.get(cause.field or "", "work")
        cell = f"{line.sheet} {line.at(self.role)}".strip()
        super().__init__(field="file", cell=cell, why=" ".join(sentences(cause)))


class _Tried(Exception):
    """Takes the trial back."""


@dataclass(frozen=True)
class Source:
    """In whose name the tasks are given, and out of what."""

    unit_id: int
    document: Document | None = None
    conclusion: Conclusion | None = None

    def day(self, on: date) -> date:
        """The day on which the words were written."""
        return (self.document.issued_on if self.document else None) or on


@dataclass(frozen=True)
class Fault:
    """What is wrong at a cell, in a sentence; `role` says which column."""

    line: Line
    role: str
    why: Refused

    @property
    def at(self) -> str:
        return self.line.at(self.role)

    @property
    def words(self) -> str:
        return " ".join(sentences(self.why))


@dataclass(frozen=True)
class Proposal:
    """One row: the task it would become, its faults, or the task it is already."""

    line: Line
    lead: Meant
    partners: Meant
    due: dues.Due | None
    faults: tuple[Fault, ...] = ()
    known: Task | None = None

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def new(self) -> bool:
        return not self.faults and self.known is None


@dataclass
class Trial:
    """What a file would do."""

    source: Source
    file: Opened
    rows: list[Proposal]
    names: Names
    questions: dict[str, list[str]] = field(default_factory=dict)
    """Each unclear name with the cells in which it stands."""

    @property
    def new(self) -> list[Proposal]:
        return [row for row in self.rows if row.new]

    @property
    def known(self) -> list[Proposal]:
        return [row for row in self.rows if row.known is not None]

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.rows for fault in row.faults]


def tried(*, by: Actor, at: datetime, name: str, content: bytes, source: Source) -> Trial:
    """What the file would do, and all that is wrong in it: every task is given, and all of it taken back again."""
    trial = _understood(by, name, content, source, timezone.localdate(at))
    refused: dict[str, Fault] = {}
    try:
        with writing(by=by, at=at, verb="task.import", unit_id=source.unit_id):
            for row in trial.new:
                try:
                    _give(by, at, row, source, name)
                except CannotBeGiven as cannot:
                    refused[row.key] = Fault(row.line, cannot.role, cannot.cause)
            raise _Tried()
    except _Tried:
        pass
    trial.rows = [replace(row, faults=(refused[row.key],)) if row.key in refused else row for row in trial.rows]
    return trial


def take_in(
    *, by: Actor, at: datetime, name: str, content: bytes, source: Source, keys: Collection[str] | None = None
) -> list[Task]:
    """Give the tasks of the rows chosen (all new ones without `keys`), in one transaction: all of them or none."""
    with writing(by=by, at=at, verb="task.import", unit_id=source.unit_id) as entry:
        trial = _understood(by, name, content, source, timezone.localdate(at))
        chosen = [row for row in trial.new if keys is None or row.key in keys]
        if not chosen:
            raise NothingNew(name=name)
        made = [_give(by, at, row, source, name) for row in chosen]
        entry.subject = source.document
        entry.data.update(file=name[-255:], tasks=[task.pk for task in made], left=len(trial.rows) - len(made))
    return made


def _understood(actor: Actor, name: str, content: bytes, source: Source, on: date) -> Trial:
    people.require(actor, "task.assign", source.unit_id, on)
    file = opened(name, content, TableKind.ANNEX, layouts.remembered(source.unit_id, TableKind.ANNEX))
    if not file.lines:
        raise NoColumns(name=name)
    names = Names(_cells(file.lines), on, source.unit_id, actor.unit_id)
    rows = _left(_rows(file.lines, names, source, on), known_tasks(actor, source, on))
    trial = Trial(source, file, rows, names)
    for row in rows:
        for role, meant in (("lead", row.lead), ("partners", row.partners)):
            for asked in meant.asked if row.known is None else ():
                trial.questions.setdefault(asked, []).append(row.line.at(role))
    return trial


def document_numbered(actor: Actor, symbol: str, on: date) -> Document | None:
    """The registered document of a number as typed; None for no number."""
    if not symbol.strip():
        return None
    found = documents.cited(actor, symbol.strip(), None, on)
    if found is None:
        raise NoSuchDocument(symbol=symbol.strip())
    return found


def words_of(text: str) -> str:
    """A text as it is compared: its words alone."""
    return " ".join(re.findall(r"\w+", fold(text)))


def known_tasks(actor: Actor, source: Source, on: date) -> Mapping[str, list[Task]]:
    """Standing tasks out of the same document, conclusion or hand, by their words."""
    found = queries.visible_tasks(actor, on).filter(parent__isnull=True, called_off_at__isnull=True)
    if source.conclusion is not None:
        found = found.filter(conclusion=source.conclusion)
    elif source.document is not None:
        lines = [source.document.pk, *(line.pk for line in documents.lines_of(source.document))]
        found = found.filter(document__in=lines)
    else:
        found = found.filter(document__isnull=True, conclusion__isnull=True, assigned_by=source.unit_id)
    known: dict[str, list[Task]] = defaultdict(list)
    for task in found.order_by("pk"):
        known[words_of(task.text)].append(task)
    return known


def _cells(lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        yield line.row.lead or annex_names.heading(line.row.section)
        yield line.row.partners


def _rows(lines: Iterable[Line], names: Names, source: Source, on: date) -> Iterable[Proposal]:
    for line in lines:
        row = line.row
        faults: list[Fault] = []
        lead = names.meant(row.lead or annex_names.heading(row.section))
        partners = names.meant(row.partners)
        for role, meant in (("lead", lead), ("partners", partners)):
            faults += [Fault(line, role, UnknownName(name=name)) for name in meant.asked]
        if not lead.units and not lead.asked:
            faults.append(Fault(line, "lead", NobodyLeads()))
        due = None
        try:
            due = times.read(row.due, source.day(on)) if row.due.strip() else None
            faults += [] if due else [Fault(line, "due", NoDue())]
        except dues.BadDue as bad:
            faults.append(Fault(line, "due", bad))
        for role, most in LONGEST.items():
            if len(getattr(row, role)) > most:
                faults.append(Fault(line, role, TooLong(most=most)))
        yield Proposal(line, lead, partners, due, tuple(faults))


def _left(rows: Iterable[Proposal], known: Mapping[str, list[Task]]) -> list[Proposal]:
    """Each row with the task it is already: of several with its words, first the one with its lead."""
    left = {words: list(tasks) for words, tasks in known.items()}
    found = []
    for row in rows:
        same = left.get(words_of(row.line.row.work), [])
        leads = set(row.lead.units)
        task = next((task for task in same if task.lead_id in leads), same[0] if same else None)
        if task is not None:
            same.remove(task)
            row = replace(row, faults=(), known=task)
        found.append(row)
    return found


def _give(by: Actor, at: datetime, row: Proposal, source: Source, name: str) -> Task:
    words = row.line.row
    text = nfc(words.work).strip()
    start, end = _passage(source.document, text) if source.conclusion is None else (None, None)
    many = len(row.lead.units) > 1
    try:
        task = actions.assign(
            by=by,
            at=at,
            unit_id=source.unit_id,
            task=NewTask(
                text=text,
                due=" ".join(words.due.split()),
                due_on=_chosen_day(row, timezone.localdate(at)),
                lead_id=None if many else row.lead.units[0],
                part_ids=row.lead.units if many else (),
                group=(row.lead.group or " ".join(words.lead.split())) if many else "",
                partner_ids=tuple(unit for unit in row.partners.units if many or unit not in row.lead.units),
                deliverable=" ".join(words.deliverable.split()),
                leader=" ".join(words.leader.split()),
            ),
            conclusion=source.conclusion,
            document=source.document if source.conclusion is None else None,
            start=start,
            end=end,
        )
    except NotAllowed:
        raise
    except Refused as refused:
        raise CannotBeGiven(row.line, refused) from refused
    TableRow.objects.create(
        task=task,
        kind=TableKind.ANNEX,
        no=words.no[:40],
        section=" ".join(words.section.split())[:500],
        file_name=name[-255:],
        taken_at=at,
    )
    return task


def _chosen_day(row: Proposal, on: date) -> date | None:
    """A day is given only where the words alone, read today, would not say it: a span, or a year left out long ago."""
    assert row.due is not None
    try:
        same = dues.read(" ".join(row.line.row.due.split()), on)
    except dues.BadDue:
        return row.due.on
    return None if (same.kind, same.on) == (row.due.kind, row.due.on) else row.due.on


def _passage(document: Document | None, text: str) -> tuple[int | None, int | None]:
    """Where the document's own text says the work, letter for letter and once."""
    if document is None or not text or document.text.count(text) != 1:
        return None, None
    start = document.text.index(text)
    return start, start + len(text)
