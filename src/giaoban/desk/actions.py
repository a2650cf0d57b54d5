"""The desk's one verb: what was chosen of a read document becomes a document, tasks, targets and relations, at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.utils.timezone import localdate

from giaoban.core.refusal import Refused, sentence
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.indicators import actions as indicators
from giaoban.indicators.models import Target
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Task


class NothingChosen(Refused):
    """No proposal was ticked."""

    sentence = sentence("Choose at least one task, target or relation.")


@dataclass(frozen=True)
class NewDocument:
    """The line of the register a read document gets."""

    direction: str
    symbol: str
    subject: str
    issued_on: date | None
    text: str
    issuer_id: int | None = None
    issuer_text: str = ""
    signer: str = ""
    received_on: date | None = None
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class TaskFromSentence:
    task: NewTask
    start: int
    end: int


@dataclass(frozen=True)
class TargetFromSentence:
    indicator: str
    unit_id: int
    period_code: str
    value: Fraction
    sentence: str


@dataclass(frozen=True)
class RelationFromCitation:
    target: Document
    kind: str
    basis: str


@dataclass
class Adopted:
    """What stands after it."""

    document: Document
    tasks: list[Task] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    relations: int = 0


def adopt(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    document: Document | NewDocument,
    tasks: Iterable[TaskFromSentence] = (),
    targets: Iterable[TargetFromSentence] = (),
    relations: Iterable[RelationFromCitation] = (),
) -> Adopted:
    """Register the document unless it is registered already, and make what was chosen of it; all of it or nothing."""
    chosen = (list(tasks), list(targets), list(relations))
    if isinstance(document, Document) and not any(chosen):
        raise NothingChosen()
    with writing(by=by, at=at, verb="reading.adopt", unit_id=unit_id) as entry:
        people.require(by, "reading.use", unit_id, localdate(at))
        made = Adopted(document if isinstance(document, Document) else _register(by, at, unit_id, document))
        for one in chosen[0]:
            made.tasks.append(
                work.assign(
                    by=by, at=at, unit_id=unit_id, task=one.task, document=made.document, start=one.start, end=one.end
                )
            )
        for one in chosen[1]:
            made.targets.append(
                indicators.set_target(
                    by=by,
                    at=at,
                    indicator=one.indicator,
                    unit_id=one.unit_id,
                    period_code=one.period_code,
                    value=one.value,
                    document=made.document,
                    sentence=one.sentence,
                )
            )
        for one in chosen[2]:
            documents.link(by=by, at=at, source=made.document, target=one.target, kind=one.kind, basis=one.basis)
            made.relations += 1
        entry.subject = made.document
        entry.data.update(
            tasks=[task.pk for task in made.tasks],
            targets=[target.pk for target in made.targets],
            relations=made.relations,
        )
    return made


def _register(by: Actor, at: datetime, unit_id: int, new: NewDocument) -> Document:
    return documents.register(
        by=by,
        at=at,
        owner_id=unit_id,
        direction=new.direction,
        symbol=new.symbol,
        subject=new.subject,
        issued_on=new.issued_on,
        issuer_id=new.issuer_id,
        issuer_text=new.issuer_text,
        signer=new.signer,
        received_on=new.received_on,
        text=new.text,
        file=new.file,
    )
