"""The desk's one verb: what was chosen of a read document becomes a document, tasks, targets and relations, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.utils.timezone import localdate

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.desk import comparing
from giaoban.documents import actions as documents
from giaoban.documents.models import Document, QuotedFigure, Relation
from giaoban.indicators import actions as indicators
from giaoban.indicators.models import Target
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import actions as orgs
from giaoban.people import queries as people
from giaoban.people.refusals import sentences
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Task


class NothingChosen(Refused):
    """No proposal was ticked."""

    sentence = sentence("Choose at least one task, target or relation.")


class ItemRefused(Refused):
    """One of the things chosen cannot be done; it is named by its mark or its words, and nothing at all was stored."""

    sentence = sentence("%(item)s: %(why)s")

    def __init__(self, item: str, cause: Refused) -> None:
        self.cause, self.code = cause, item
        super().__init__(field=cause.field, item=item, why=" ".join(sentences(cause)))


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
    """A task and the passages that say it, the first one first; `code` is how the page calls it."""

    task: NewTask
    start: int | None = None
    end: int | None = None
    passages: tuple[tuple[int, int], ...] = ()
    code: str = ""

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        first = ((self.start, self.end),) if self.start is not None and self.end is not None else ()
        return tuple(dict.fromkeys((*first, *self.passages)))


@dataclass(frozen=True)
class TargetFromSentence:
    indicator: str
    unit_id: int
    period_code: str
    value: Fraction
    sentence: str
    code: str = ""


@dataclass(frozen=True)
class RelationFromCitation:
    target: Document
    kind: str
    basis: str
    clause: str = ""
    code: str = ""


@dataclass(frozen=True)
class ConfirmedName:
    """What a person said a name means; remembered near the unit whose register the document is in."""

    text: str
    unit_ids: tuple[int, ...]


@dataclass
class Adopted:
    """What stands after it."""

    document: Document
    tasks: list[Task] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    relations: int = 0
    figures: list[QuotedFigure] = field(default_factory=list)
    names: int = 0


def adopt(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    document: Document | NewDocument,
    tasks: Iterable[TaskFromSentence] = (),
    targets: Iterable[TargetFromSentence] = (),
    relations: Iterable[RelationFromCitation] = (),
    figures: Iterable[comparing.FigureFromSentence] = (),
    aliases: Iterable[ConfirmedName | tuple[str, int]] = (),
) -> Adopted:
    """Register the document unless it is registered already, and make what was chosen of it; all of it or nothing.

    What cannot be done is named by its item. Relations that stand already are passed over, so that choosing twice does
    no harm; names that were confirmed are remembered near `unit_id`, from the document's day on.
    """
    chosen = _Chosen(list(tasks), list(targets), list(relations), list(figures), [_name(one) for one in aliases])
    if isinstance(document, Document) and chosen.nothing:
        raise NothingChosen()
    with writing(by=by, at=at, verb="reading.adopt", unit_id=unit_id) as entry:
        people.require(by, "reading.use", unit_id, localdate(at))
        made = Adopted(document if isinstance(document, Document) else _register(by, at, unit_id, document))
        for one in chosen.tasks:
            with _named(one.code or f"“{one.task.text[:60]}”"):
                made.tasks.append(_assign(by, at, unit_id, made.document, one))
        for target in chosen.targets:
            with _named(target.code or f"“{target.sentence[:60]}”"):
                made.targets.append(_aim(by, at, made.document, target))
        for relation in chosen.relations:
            with _named(relation.code or relation.target.symbol):
                made.relations += _relate(by, at, made.document, relation)
        for figure in chosen.figures:
            with _named(_words(figure)):
                made.figures.append(comparing.attach(by=by, at=at, document=made.document, figure=figure))
        for name in chosen.names:
            with _named(f"“{name.text}”"):
                made.names += bool(_remember(by, at, unit_id, made.document, name))
        entry.subject = made.document
        entry.data.update(
            tasks=[task.pk for task in made.tasks],
            targets=[target.pk for target in made.targets],
            relations=made.relations,
            figures=[figure.pk for figure in made.figures],
            names=[name.text for name in chosen.names],
        )
    return made


@dataclass(frozen=True)
class _Chosen:
    tasks: list[TaskFromSentence]
    targets: list[TargetFromSentence]
    relations: list[RelationFromCitation]
    figures: list[comparing.FigureFromSentence]
    names: list[ConfirmedName]

    @property
    def nothing(self) -> bool:
        return not (self.tasks or self.targets or self.relations or self.figures)


def _name(one: ConfirmedName | tuple[str, int]) -> ConfirmedName:
    return one if isinstance(one, ConfirmedName) else ConfirmedName(one[0], (one[1],))


@contextmanager
def _named(item: str) -> Iterator[None]:
    """A refusal inside names the item; that one may not do it at all is said as ever."""
    try:
        yield
    except (NotAllowed, ItemRefused):
        raise
    except Refused as refused:
        raise ItemRefused(item, refused) from refused


def _assign(by: Actor, at: datetime, unit_id: int, document: Document, one: TaskFromSentence) -> Task:
    (start, end), *more = one.spans or ((None, None),)
    return work.assign(
        by=by, at=at, unit_id=unit_id, task=one.task, document=document, start=start, end=end, passages=more
    )


def _aim(by: Actor, at: datetime, document: Document, one: TargetFromSentence) -> Target:
    return indicators.set_target(
        by=by,
        at=at,
        indicator=one.indicator,
        unit_id=one.unit_id,
        period_code=one.period_code,
        value=one.value,
        document=document,
        sentence=one.sentence,
    )


def _relate(by: Actor, at: datetime, document: Document, one: RelationFromCitation) -> int:
    known = Relation.objects.filter(source=document, target=one.target, kind=one.kind, clause=one.clause.strip())
    if known.exists():
        return 0
    documents.link(by=by, at=at, source=document, target=one.target, kind=one.kind, clause=one.clause, basis=one.basis)
    return 1


def _words(one: comparing.FigureFromSentence) -> str:
    return f"“{one.said.words[:60]}”"


def _remember(by: Actor, at: datetime, unit_id: int, document: Document, one: ConfirmedName) -> object:
    since = document.issued_on or localdate(at)
    return orgs.remember_name(
        by=by, at=at, text=one.text, unit_ids=one.unit_ids, near_id=unit_id, since=min(since, localdate(at))
    )


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
