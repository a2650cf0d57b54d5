"""What follows from what, and how far: the tree of documents that carry one out, and the units that owe a plan.

Whatever is asked of the documents or units of a level is asked of all of them at once: a directive to 3,500 schools
takes as many queries as one to two communes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import Count, Q

from giaoban.core.text import fold
from giaoban.documents import progress
from giaoban.documents.models import Addressee, Document, Line, Relation, RelationKind
from giaoban.documents.search import readable
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Snapshot


@dataclass(frozen=True)
class Part:
    """So many of so many; a rate is never shown without them."""

    done: int = 0
    of: int = 0

    def __add__(self, other: Part) -> Part:
        return Part(self.done + other.done, self.of + other.of)


@dataclass
class Branch:
    """A document in the cascade with those that implement it. `visible`: the actor may open it."""

    document: Document
    unit_name: str
    lag: int | None  # days from the parent's issue
    clause: str = ""
    visible: bool = True
    below: list[Branch] = field(default_factory=list)
    own_tasks: Part = Part()
    own_receipt: Part = Part()
    owing: list[str] = field(default_factory=list)  # units addressed that have issued no plan of their own
    issued: int = 0  # units addressed that have

    @property
    def tasks(self) -> Part:
        """Of this document and everything below it."""
        return sum((each.tasks for each in self.below), self.own_tasks)

    @property
    def receipt(self) -> Part:
        return sum((each.receipt for each in self.below), self.own_receipt)

    @property
    def plans(self) -> Part:
        """Units with a plan of their own among those addressed by this document itself."""
        return Part(self.issued, self.issued + len(self.owing))


@dataclass(frozen=True)
class Way:
    """One of the lines by which the document reached a unit: who sent it, and the day that sender set."""

    sender: str
    due_on: date | None


@dataclass(frozen=True)
class Duty:
    """A unit addressed, and the plan of its own it has issued or owes. state: issued | late | missing | waiting."""

    unit_id: int
    unit_name: str
    state: str
    plan: Document | None
    lag: int | None
    received: bool
    days_late: int
    received_at: datetime | None = None
    received_by: str = ""
    due_on: date | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Cascade:
    """What became of a directive: its tree, and of each unit addressed whether it has issued its own plan."""

    root: Branch
    parents: list[tuple[Relation, bool]]
    others: list[tuple[Relation, bool]]
    duties: list[Duty]

    @property
    def issued(self) -> int:
        return sum(duty.plan is not None for duty in self.duties)

    @property
    def received(self) -> int:
        return sum(duty.received for duty in self.duties)

    @property
    def depth(self) -> int:
        return _depth(self.root)

    @property
    def on_time(self) -> Part:
        """Plans issued by their day, of the plans due by a day (cascade.md §6)."""
        due = [duty for duty in self.duties if duty.due_on and duty.state in ("issued", "late")]
        return Part(sum(duty.state == "issued" and not duty.days_late for duty in due), len(due))

    @property
    def lags(self) -> tuple[int, int] | None:
        """Median and longest days from this document to the plans that follow it."""
        found = [duty.lag for duty in self.duties if duty.lag is not None]
        return (int(median(found)), max(found)) if found else None


def cascade(actor: Actor, found: Document, on: date) -> Cascade:
    """Two levels or ten, each in a few queries; several registers' lines of one document count as one."""
    root = Branch(found, "", None)
    level, seen = [root], {_identity(found)}
    branches = [root]
    while level:
        level = _grow(level, seen)
        branches += level
    _name(branches, on)
    _mark_visible(actor, branches, on)
    _measure(actor, branches, on)
    return Cascade(
        root, _related(actor, found, on, out=True), _related(actor, found, on, out=False), _duties(found, root, on)
    )


def follows(actor: Actor, found: Document, on: date) -> list[tuple[Relation, bool]]:
    """What the document implements, amends, replaces, cites or reports on, and whether the actor may open that."""
    return _related(actor, found, on, out=True)


def above(found: Document) -> set[int]:
    """Ids of every line of every document that this one follows from, itself included."""
    seen: set[int] = set()
    level = lines([found])
    while level:
        seen |= {each.pk for each in level}
        targets = Document.objects.filter(relations_in__source__in=[each.pk for each in level]).distinct()
        level = [each for each in lines(targets) if each.pk not in seen]
    return seen


def lines(documents: Iterable[Document]) -> list[Document]:
    """The lines of all registers that keep these documents."""
    groups = grouped(documents)
    return list({each.pk: each for group in groups.values() for each in group}.values())


def grouped(documents: Iterable[Document]) -> dict[int, list[Document]]:
    """Of each document the lines of all registers that keep it, itself first; one query."""
    wanted = list(documents)
    keys: dict[str, list[Document]] = {}
    for twin in Document.objects.filter(key__in={each.key for each in wanted if each.key}).defer("text", "fold"):
        keys.setdefault(twin.key, []).append(twin)
    return {
        each.pk: [
            each,
            *(twin for twin in keys.get(each.key, ()) if twin.pk != each.pk and _compatible(twin, each)),
        ]
        for each in wanted
    }


def _grow(level: list[Branch], seen: set[str]) -> list[Branch]:
    groups = grouped(branch.document for branch in level)
    parents = {line.pk: branch for branch in level for line in groups[branch.document.pk]}
    relations = (
        Relation.objects.filter(target_id__in=parents, kind=RelationKind.IMPLEMENTS)
        .select_related("source")
        .defer("source__text", "source__fold")
        .order_by("source__issued_on", "source_id")
    )
    grown = []
    for relation in relations:
        child, parent = relation.source, parents[relation.target_id]
        if _identity(child) in seen:
            continue
        seen.add(_identity(child))
        branch = Branch(child, "", _lag(parent.document, child), relation.clause)
        parent.below.append(branch)
        grown.append(branch)
    return grown


def _name(branches: list[Branch], on: date) -> None:
    """Who issued each, by the name the body had on that day; one query."""
    units = {branch.document.issuer_unit_id for branch in branches} - {None}
    named: dict[int, list[Snapshot]] = {}
    for row in Snapshot.objects.filter(unit__in=units).order_by("start").only("unit_id", "body_name", "name", "start"):
        named.setdefault(row.unit_id, []).append(row)
    for branch in branches:
        day = branch.document.issued_on or on
        rows = named.get(branch.document.issuer_unit_id or 0, [])
        there = [row for row in rows if row.start <= day][-1:] or rows[:1]
        branch.unit_name = there[0].body_name or there[0].name if there else branch.document.issuer_text


def _compatible(one: Document, other: Document) -> bool:
    return one.issuer_unit_id is None or other.issuer_unit_id is None or one.issuer_unit_id == other.issuer_unit_id


def _identity(found: Document) -> str:
    return f"{found.key}|{found.issuer_unit_id or ''}" if found.key else f"#{found.pk}"


def _lag(parent: Document, child: Document) -> int | None:
    return (child.issued_on - parent.issued_on).days if child.issued_on and parent.issued_on else None


def _mark_visible(actor: Actor, branches: list[Branch], on: date) -> None:
    ids = [branch.document.pk for branch in branches]
    seen = set(readable(actor, on).filter(pk__in=ids).values_list("pk", flat=True))
    for branch in branches:
        branch.visible = branch.document.pk in seen


def _measure(actor: Actor, branches: list[Branch], on: date) -> None:
    """Tasks, receipts and missing plans of each branch: one query each for the whole tree."""
    groups = grouped(branch.document for branch in branches)
    of_line = {line.pk: branch for branch in branches for line in groups[branch.document.pk]}
    for key, (done, given) in progress.tasks(actor, list(of_line), on).items():
        of_line[key].own_tasks += Part(done, given)
    sent = Addressee.objects.filter(document__in=of_line)
    counted = sent.values("document_id").annotate(all=Count("pk"), got=Count("pk", filter=Q(received_at__isnull=False)))
    for row in counted:
        of_line[row["document_id"]].own_receipt += Part(row["got"], row["all"])
    shown = [key for key, branch in of_line.items() if branch.visible]
    named = list(sent.filter(document__in=shown).values_list("document_id", "unit_id", "must_issue"))
    names = orgs.names({unit for _document, unit, _must in named}, on)
    asking = {document for document, _unit, must in named if must}
    issuers = {id(branch): {child.document.issuer_unit_id for child in branch.below} for branch in branches}
    for document, unit, must in named:
        branch = of_line[document]
        if unit == branch.document.issuer_unit_id or (document in asking and not must):
            continue
        if unit in issuers[id(branch)]:
            branch.issued += 1
        else:
            branch.owing.append(names.get(unit, f"#{unit}"))
    for branch in branches:
        branch.owing.sort(key=fold)


def _related(actor: Actor, found: Document, on: date, *, out: bool) -> list[tuple[Relation, bool]]:
    """Relations up (`out`) to what it follows, or down to what amends, replaces, cites or reports on it."""
    own = [each.pk for each in lines([found])]
    if out:
        relations = list(Relation.objects.filter(source__in=own).select_related("target").order_by("kind", "pk"))
    else:
        relations = list(
            Relation.objects.filter(target__in=own)
            .exclude(kind=RelationKind.IMPLEMENTS)
            .select_related("source")
            .order_by("source__issued_on", "pk")
        )
    ends = [relation.target_id if out else relation.source_id for relation in relations]
    seen = set(readable(actor, on).filter(pk__in=ends).values_list("pk", flat=True))
    return [(relation, end in seen) for relation, end in zip(relations, ends)]


def _duties(found: Document, root: Branch, on: date) -> list[Duty]:
    """Units that must issue a plan of their own; where none was named so, every unit addressed."""
    own = [each.pk for each in lines([found])]
    addressed = list(Addressee.objects.filter(document__in=own).exclude(unit_id=found.issuer_unit_id))
    owing = [each for each in addressed if each.must_issue] or addressed
    plans = {branch.document.issuer_unit_id: branch for branch in reversed(root.below)}
    sent = list(
        Line.objects.filter(addressee__document__in=own)
        .values_list("addressee_id", "sender_id", "due_on")
        .order_by("pk")
    )
    names = orgs.names({each.unit_id for each in owing} | {sender for _, sender, _ in sent}, on)
    ways: dict[int, list[Way]] = {}
    for addressee, sender, due in sent:
        ways.setdefault(addressee, []).append(Way(names.get(sender, f"#{sender}"), due))
    duties = [_duty(found, each, plans.get(each.unit_id), names, tuple(ways.get(each.pk, ())), on) for each in owing]
    order = {"late": 0, "missing": 1, "waiting": 2, "issued": 3}
    return sorted(duties, key=lambda duty: (order[duty.state], fold(duty.unit_name)))


def _duty(
    found: Document, sent: Addressee, branch: Branch | None, names: dict[int, str], ways: tuple[Way, ...], on: date
) -> Duty:
    due = sent.due_on or found.plan_due_on
    plan = branch.document if branch else None
    reached = plan.issued_on if plan and plan.issued_on else on
    late = max(0, (reached - due).days) if due else 0
    state = "issued" if plan else "late" if late else "waiting" if due else "missing"
    return Duty(
        unit_id=sent.unit_id,
        unit_name=names.get(sent.unit_id, f"#{sent.unit_id}"),
        state=state,
        plan=plan,
        lag=branch.lag if branch else None,
        received=sent.received_at is not None,
        days_late=late,
        received_at=sent.received_at,
        received_by=sent.received_by,
        due_on=due,
        ways=ways,
    )


def _depth(branch: Branch) -> int:
    return 1 + max((_depth(each) for each in branch.below), default=0)
