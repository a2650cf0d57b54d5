"""The tracking sheet of the superior level: what it gave us by which document, by when, and how it sees each task.

Taken in again every week: what is new, what it dates otherwise and what it sees otherwise are three lists, of which a
person accepts what is right. Nothing changes by itself. The same file goes back with our states and results filled in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import fold, nfc
from giaoban.documents import actions as document_actions
from giaoban.documents import queries as documents
from giaoban.documents.models import Direction, Document
from giaoban.files import secrecy
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.refusals import sentences
from giaoban.work import dues
from giaoban.work.actions import NewTask
from giaoban.work.actions.tasks.recording import follow_list, record_given
from giaoban.work.exchange import layouts, times
from giaoban.work.exchange.lines import Line, NoColumns, Opened, opened
from giaoban.work.exchange.taking import Fault, NoDue, UnknownName, words_of
from giaoban.work.exchange.understanding import Names
from giaoban.work.models import TableKind, Task

_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_SPELT = re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_OPEN = re.compile(r"\b(chua|dang|khong|cham|trong han|sap)\b")
_DONE = re.compile(r"\b(hoan thanh|da xong|xong|da bao cao|ket thuc)\b")


class NothingChosen(Refused):
    """No line was ticked."""

    sentence = sentence("Nothing was chosen, or nothing of it is left to take over.")
    field = "file"


class NoSymbol(Refused):
    """A fault at a cell."""

    sentence = sentence("“%(text)s” names no document number such as 1234/UBND-VX.")


class NoDay(Refused):
    """A fault at a cell."""

    sentence = sentence(
        "The document is not in the register, and its day is not in the sheet; without it, it cannot be."
    )


class NoRegister(Refused):
    """A fault at a cell."""

    sentence = sentence("The document is not in the register; somebody who registers documents enters it first.")


class CannotBeTaken(Refused):
    """A line that is refused; it is named by its cell, and nothing at all is kept."""

    sentence = sentence("Cell %(cell)s: %(why)s")

    def __init__(self, line: Line, cause: Refused) -> None:
        cell = f"{line.sheet} {line.at('work')}".strip()
        super().__init__(field="file", cell=cell, why=" ".join(sentences(cause)))


@dataclass(frozen=True)
class Told:
    """One line of the sheet that is ours: what it says, its faults, and the task it is here."""

    line: Line
    symbol: str
    issued_on: date | None
    subject: str
    giver: int
    document: Document | None
    due: dues.Due | None
    faults: tuple[Fault, ...] = ()
    task: Task | None = None

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def said_state(self) -> str:
        return self.line.row.more.get("state", "").strip()

    @property
    def said_done(self) -> bool | None:
        """Whether the sheet counts it as done; None where it does not say."""
        state = fold(self.said_state)
        if not state:
            return True if _day(self.line.row.more.get("done", "")) else None
        if _OPEN.search(state):
            return False
        return True if _DONE.search(state) else None

    @property
    def completed_on(self) -> date | None:
        return _day(self.line.row.more.get("done", ""))

    @property
    def ours(self) -> bool:
        """Whether the sheet may move the day of the task and end it: it was entered from a sheet."""
        row = getattr(self.task, "table_row", None)
        return row is not None and row.kind == TableKind.TRACKING


@dataclass
class Compared:
    """What the sheet says that is not so here."""

    unit_id: int
    file: Opened
    rows: list[Told]
    others: int = 0
    names: Names | None = None
    questions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def new(self) -> list[Told]:
        return [row for row in self.rows if row.task is None and not row.faults]

    @property
    def redated(self) -> list[Told]:
        """Known, open, and due on another day than here."""
        return [row for row in self.rows if _redated(row)]

    @property
    def seen_otherwise(self) -> list[Told]:
        """Known, and done there but not here, or here but not there."""
        return [
            row
            for row in self.rows
            if row.task is not None
            and row.said_done is not None
            and row.said_done != (row.task.completed_on is not None)
        ]

    @property
    def same(self) -> int:
        differing = {row.key for row in (*self.redated, *self.seen_otherwise)}
        return sum(row.task is not None and row.key not in differing for row in self.rows)

    @property
    def faulty(self) -> list[Told]:
        return [row for row in self.rows if row.faults]


def _redated(row: Told) -> bool:
    task = row.task
    if task is None or row.due is None or task.completed_on is not None:
        return False
    if row.due.on is None and task.due_on is None:
        return (row.due.kind, row.due.cycle) != (task.due_kind, task.cycle)
    return row.due.on != task.due_on


def compared(actor: Actor, name: str, content: bytes, unit_id: int, on: date) -> Compared:
    """What the sheet says of this unit beside what stands here; nothing is kept."""
    people.require(actor, "task.assign", unit_id, on)
    file = opened(name, content, TableKind.TRACKING, layouts.remembered(unit_id, TableKind.TRACKING))
    if not file.lines:
        raise NoColumns(name=name)
    above = orgs.parent(unit_id, orgs.MANAGEMENT, on)
    cells = [cell for line in file.lines for cell in (line.row.lead, line.row.more.get("issuer", ""))]
    names = Names(cells, on, unit_id, actor.unit_id)
    found = Compared(unit_id, file, [], names=names)
    lines: list[tuple[Line, tuple[str, ...]]] = []
    for line in file.lines:
        meant = names.meant(line.row.lead)
        if not line.row.lead.strip() or unit_id in meant.units:
            lines.append((line, ()))
        elif meant.asked and not meant.units:
            lines.append((line, meant.asked))
            for asked in meant.asked:
                found.questions.setdefault(asked, []).append(line.at("lead"))
        else:
            found.others += 1
    registers = people.may(actor, "document.register", unit_id, on)
    told = [_told(line, asked, names, above, registers, actor, on) for line, asked in lines]
    found.rows = _with_tasks(told, unit_id)
    return found


def take_over(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    name: str,
    content: bytes,
    new: Collection[str] = (),
    dates: Collection[str] = (),
    done: Collection[str] = (),
) -> tuple[int, int, int]:
    """Accept lines of the three lists by their keys, all at once or not at all; (new, redated, done)."""
    with writing(by=by, at=at, verb="task.track", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        found = compared(by, name, content, unit_id, on)
        chosen_new = [row for row in found.new if row.key in new]
        chosen_dates = [row for row in found.redated if row.key in dates and row.ours]
        chosen_done = [row for row in found.seen_otherwise if row.key in done and row.ours and row.said_done]
        if not (chosen_new or chosen_dates or chosen_done):
            raise NothingChosen()
        registered: dict[str, Document] = {}
        for row in chosen_new:
            _enter(by, at, unit_id, row, name, registered)
        for row in chosen_dates:
            assert row.task is not None
            follow_list(by=by, at=at, task=row.task, file_name=name, due=row.due)
        for row in chosen_done:
            assert row.task is not None
            follow_list(by=by, at=at, task=row.task, file_name=name, done=True, completed_on=row.completed_on)
        counts = len(chosen_new), len(chosen_dates), len(chosen_done)
        entry.data.update(file=name[-255:], new=counts[0], dates=counts[1], done=counts[2])
    return counts


# One line


def named(cell: str) -> str:
    """The document number in a cell that may say more: "Công văn số 1234/UBND-VX ngày 05/3/2026"."""
    words = re.sub(r"\s*([/–-])\s*", r"\1", nfc(cell)).replace(":", " ").split()
    return next((bare for word in words if documents.key_of(bare := word.strip(".,;()"))), "")


def _day(cell: str) -> date | None:
    match = _DAY.search(cell) or _SPELT.search(fold(cell))
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _told(
    line: Line, asked: Sequence[str], names: Names, above: int | None, registers: bool, actor: Actor, on: date
) -> Told:
    row, more = line.row, line.row.more
    faults = [Fault(line, "lead", UnknownName(name=name)) for name in asked]
    symbol = named(more.get("symbol", ""))
    issued_on = _day(more.get("issued", "")) or _day(more.get("symbol", ""))
    giver = above
    if more.get("issuer", "").strip():
        meant = names.meant(more["issuer"])
        giver = meant.units[0] if len(meant.units) == 1 else above
    document = None
    if not symbol:
        faults.append(Fault(line, "symbol", NoSymbol(text=" ".join(more.get("symbol", "").split()))))
    else:
        document = _registered(actor, symbol, issued_on, giver, on)
        if document is None and issued_on is None:
            faults.append(Fault(line, "issued" if "issued" in line.columns else "symbol", NoDay()))
        elif document is None and not registers:
            faults.append(Fault(line, "symbol", NoRegister()))
    due = None
    words = " ".join(row.due.split())
    try:
        due = times.read(words, (document.issued_on if document else None) or issued_on or on) if words else None
        faults += [] if due else [Fault(line, "due", NoDue())]
    except dues.BadDue as bad:
        faults.append(Fault(line, "due", bad))
    subject = " ".join(more.get("subject", "").split()) or " ".join(row.work.split())
    return Told(line, symbol, issued_on, subject[:500], giver or 0, document, due, tuple(faults))


def _registered(actor: Actor, symbol: str, issued_on: date | None, giver: int | None, on: date) -> Document | None:
    """The line of a register the actor may read: of this issuer, where several bodies bear the number."""
    if issued_on is None:
        return documents.cited(actor, symbol, None, on)
    same = documents.duplicates(actor, symbol, issued_on, on)
    of_giver = [one for one in same if giver is None or one.issuer_unit_id in (None, giver)]
    return of_giver[0] if of_giver else None


def _with_tasks(rows: Iterable[Told], unit_id: int) -> list[Told]:
    """Each line with the task of its document that this unit leads and that says the same."""
    rows = list(rows)
    keys = {row.document.key for row in rows if row.document is not None and row.document.key}
    standing = (
        Task.objects.filter(document__key__in=keys, lead=unit_id, called_off_at__isnull=True)
        .exclude(parent__due_kind=dues.RECURRING, parent__lead__isnull=False)
        .select_related("document", "table_row")
    )
    left: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in standing.order_by("pk"):
        assert task.document is not None
        left[task.document.key, words_of(task.text)].append(task)
    found: list[Told] = []
    for row in rows:
        same = left.get((row.document.key, words_of(row.line.row.work)), []) if row.document else []
        if same:
            row = Told(**{**vars(row), "task": same.pop(0), "faults": ()})
        found.append(row)
    return found


def _enter(by: Actor, at: datetime, unit_id: int, row: Told, name: str, registered: dict[str, Document]) -> None:
    """The document, where the register has it not, and the task."""
    said = row.line.row
    try:
        key = documents.key_of(row.symbol, row.issued_on)
        document = row.document or registered.get(key)
        if document is None:
            if secrecy.mark(row.subject):
                raise document_actions.Secret(mark=secrecy.mark(row.subject))
            document = document_actions.register(
                by=by,
                at=at,
                owner_id=unit_id,
                direction=Direction.IN,
                symbol=row.symbol,
                subject=row.subject,
                issued_on=row.issued_on,
                issuer_id=row.giver or None,
            )
        registered[key] = document
        words = " ".join(said.due.split())
        assert row.due is not None
        record_given(
            by=by,
            at=at,
            giver_id=row.giver,
            task=NewTask(
                text=nfc(said.work).strip(),
                due=words[:200],
                due_on=row.due.on if _differs(words, row.due, timezone.localdate(at)) else None,
                lead_id=unit_id,
                deliverable=" ".join(said.deliverable.split())[:300],
            ),
            document=document,
            no=said.no,
            section=said.section,
            file_name=name,
        )
    except NotAllowed:
        raise
    except Refused as refused:
        raise CannotBeTaken(row.line, refused) from refused


def _differs(words: str, due: dues.Due, on: date) -> bool:
    try:
        same = dues.read(words, on)
    except dues.BadDue:
        return True
    return (same.kind, same.on) != (due.kind, due.on)
