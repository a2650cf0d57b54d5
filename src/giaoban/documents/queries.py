"""Questions to the register. What an actor may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from giaoban.core.text import fold
from giaoban.documents import keeping, symbols, types
from giaoban.documents.models import Addressee, Direction, Document, Relation, RelationKind
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people
from giaoban.reading import read

READ_AT_MOST = 200_000  # characters


def for_actor(actor: Actor, on: date) -> QuerySet[Document]:
    """Documents in a register the actor may read, sent to a unit whose documents they may read, or issued by one.

    A unit made of others has their registers too.
    """
    if actor.is_system:
        return Document.objects.all()
    units = people.units_where(actor, "document.view", on)
    mine = Q(unit_id__in=units) | Q(unit_id__in=made_of(units))
    sent = Addressee.objects.filter(mine, document=OuterRef("pk"))
    own = Q(owner_unit_id__in=units) | Q(owner_unit_id__in=made_of(units))
    issued = Q(issuer_unit_id__in=units) | Q(issuer_unit_id__in=made_of(units))
    return Document.objects.filter(own | issued | Exists(sent))


def document(actor: Actor, document_id: int, on: date) -> Document:
    """One document; Document.DoesNotExist when it is not there or not for this actor."""
    return for_actor(actor, on).get(pk=document_id)


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to; empty values do not narrow."""

    text: str = ""
    direction: str = ""
    type: str = ""  # "state:KH"
    unit_id: int | None = None
    since: date | None = None
    until: date | None = None


def register(actor: Actor, on: date, filters: Filters) -> QuerySet[Document]:
    """The register as a list, the latest issue first."""
    found = matching(for_actor(actor, on), filters.text)
    if filters.unit_id is not None:
        sent = Addressee.objects.filter(document=OuterRef("pk"), unit_id=filters.unit_id)
        if filters.direction:
            own = Q(owner_unit_id=filters.unit_id, direction=filters.direction)
            found = found.filter(own | Exists(sent) if filters.direction == Direction.IN else own)
        else:
            found = found.filter(Q(owner_unit_id=filters.unit_id) | Exists(sent))
    elif filters.direction:
        found = found.filter(direction=filters.direction)
    if filters.type:
        system, _, code = filters.type.partition(":")
        found = found.filter(system=system, type=code)
    if filters.since:
        found = found.filter(issued_on__gte=filters.since)
    if filters.until:
        found = found.filter(issued_on__lte=filters.until)
    return found.order_by("-issued_on", "-id")


def matching(found: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Every word somewhere in number, issuer, subject, signer or text, with or without accents."""
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def search(actor: Actor, text: str, on: date, limit: int = 20) -> list[Document]:
    """For the search of the whole product; nothing for no words."""
    return list(matching(for_actor(actor, on), text).defer("text", "fold")[:limit]) if text.strip() else []


def key_of(symbol: str, issued_on: date | None = None) -> str:
    """The key of a number as written, "" when it cannot be read."""
    return symbols.key(symbols.read(symbol), issued_on)


def by_key(key: str) -> QuerySet[Document]:
    """Every register's line of the same document."""
    return Document.objects.filter(key=key) if key else Document.objects.none()


def same_key(key: str, issuer_id: int | None) -> QuerySet[Document]:
    """The same, but not another unit's document that happens to bear the number: every commune has a 12/BC-UBND."""
    found = by_key(key)
    return found.filter(Q(issuer_unit_id=issuer_id) | Q(issuer_unit__isnull=True)) if issuer_id else found


def duplicates(actor: Actor, symbol: str, issued_on: date | None, on: date) -> list[Document]:
    """What the actor can already see under this number; with the day missing, of any day."""
    read = symbols.read(symbol)
    if read is None:
        return []
    key = symbols.key(read, issued_on)
    found = (
        for_actor(actor, on).filter(key__startswith=key) if issued_on is None else for_actor(actor, on).filter(key=key)
    )
    return list(found.defer("text", "fold")[:5])


def cited(actor: Actor, symbol: str, issued_on: date | None, on: date) -> Document | None:
    """The registered document that a citation names, if the actor can see it."""
    found = duplicates(actor, symbol, issued_on, on)
    return found[0] if len({each.key for each in found}) == 1 else None


def file_content(found: Document) -> bytes:
    """The kept file of a document that the actor has already been shown."""
    return keeping.content(found.file_name, found.file_hash)


def kept_content(name: str, digest: str) -> bytes:
    """The kept file of another room's row."""
    return keeping.content(name, digest)


def addressee(actor: Actor, found: Document, on: date) -> Addressee | None:
    """The document as sent to one of the actor's own units, the one still to be received first."""
    sent = list(found.addressees.filter(unit_id__in=people.own_units(actor, on)))
    return min(sent, key=lambda one: (one.received_at is not None, one.unit_id != actor.unit_id), default=None)


def unreceived(actor: Actor, on: date) -> QuerySet[Addressee]:
    """Sent to the actor's unit, or the one it is an office of, and not received yet; never to units below."""
    units = people.acts_for(actor, "document.receive", on)
    return (
        Addressee.objects.filter(unit_id__in=units, received_at__isnull=True)
        .select_related("document")
        .order_by("document__issued_on", "pk")
    )


# Numbers to come


def next_number(owner_id: int, system: str, code: str, on: date) -> int:
    """State numbers start at 01 each year (NĐ 30/2020 Đ15); the Party counts on through the term."""
    given = Document.objects.filter(owner_unit_id=owner_id, direction=Direction.OUT, system=system, type=code)
    if system == "state":
        given = given.filter(issued_on__year=on.year)
    return (given.aggregate(top=Max("number"))["top"] or 0) + 1


def next_symbol(owner_id: int, code: str, on: date, system: str = "state") -> str:
    """The number a new outgoing document would get; the agency's letters as in this register's last document."""
    number = next_number(owner_id, system, code, on)
    kind = types.get(system, code)
    agency = _agency(owner_id, system, on)
    letters = "-".join(part for part in (kind.printed if kind else "", agency) if part)
    return f"{number:02d}-{kind.printed if kind else ''}/{agency}" if system == "party" else f"{number:02d}/{letters}"


def _agency(owner_id: int, system: str, on: date) -> str:
    last = (
        Document.objects.filter(owner_unit_id=owner_id, direction=Direction.OUT, system=system, number__isnull=False)
        .order_by("-issued_on", "-id")
        .values_list("symbol", flat=True)
        .first()
    )
    read = symbols.read(last) if last else None
    if read:
        return read.agency
    snapshot = orgs.snapshot(owner_id, on)
    return "UBND" if snapshot and snapshot.body_name.startswith("UBND") and system == "state" else ""


# What follows from what


@dataclass
class Branch:
    """A document in the cascade with those that implement it. `visible`: the actor may open it."""

    document: Document
    unit_name: str
    lag: int | None  # days from the parent's issue
    clause: str = ""
    visible: bool = True
    below: list[Branch] = field(default_factory=list)


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


def cascade(actor: Actor, found: Document, on: date) -> Cascade:
    """Two levels or ten: one query a level; several registers' lines of one document count as one (cascade.md §2)."""
    root = Branch(found, _issuer(found, on), None)
    level, seen = [root], {_identity(found)}
    branches = [root]
    while level:
        level = _grow(level, seen, on)
        branches += level
    _mark_visible(actor, branches, on)
    parents = _related(actor, found, on, out=True)
    others = _related(actor, found, on, out=False)
    return Cascade(root, parents, others, _duties(found, root, on))


@dataclass(frozen=True)
class Naming:
    """A document named in another's text: its number as written, and its line in a register the actor may read."""

    number: str
    day: date | None
    document: Document | None


def named_in(actor: Actor, found: Document, on: date) -> list[Naming]:
    """Every other document that the text names, in its order, each once: what it may follow from."""
    if not found.text:
        return []
    keys: dict[str, Naming] = {}
    for cited in read(found.text[:READ_AT_MOST])["citations"]:
        key = symbols.key(symbols.read(cited["number"]), date.fromisoformat(cited["date"]) if cited["date"] else None)
        if key and key != found.key and key not in keys:
            keys[key] = Naming(cited["number"], date.fromisoformat(cited["date"]) if cited["date"] else None, None)
    registered = {each.key: each for each in for_actor(actor, on).filter(key__in=keys).defer("text", "fold")}
    return [Naming(each.number, each.day, registered.get(key)) for key, each in keys.items()]


def follows(actor: Actor, found: Document, on: date) -> list[tuple[Relation, bool]]:
    """What the document implements, amends, replaces, cites or reports on, and whether the actor may open that."""
    return _related(actor, found, on, out=True)


def above(found: Document) -> set[int]:
    """Ids of every line of every document that this one follows from, itself included."""
    seen: set[int] = set()
    level = _lines([found])
    while level:
        seen |= {each.pk for each in level}
        targets = Document.objects.filter(relations_in__source__in=[each.pk for each in level]).distinct()
        level = [each for each in _lines(targets) if each.pk not in seen]
    return seen


def _grow(level: list[Branch], seen: set[str], on: date) -> list[Branch]:
    lines = {line.pk: branch for branch in level for line in _lines([branch.document])}
    relations = (
        Relation.objects.filter(target_id__in=lines, kind=RelationKind.IMPLEMENTS)
        .select_related("source")
        .order_by("source__issued_on", "source_id")
    )
    grown = []
    for relation in relations:
        child, parent = relation.source, lines[relation.target_id]
        if _identity(child) in seen:
            continue
        seen.add(_identity(child))
        branch = Branch(child, _issuer(child, on), _lag(parent.document, child), relation.clause)
        parent.below.append(branch)
        grown.append(branch)
    return grown


def _lines(documents: Iterable[Document]) -> list[Document]:
    """The lines of all registers that keep these documents."""
    wanted = list(documents)
    keys = {each.key: each for each in wanted if each.key}
    twins = [
        each
        for each in Document.objects.filter(key__in=keys).defer("text", "fold")
        if _compatible(each, keys[each.key])
    ]
    return list({each.pk: each for each in [*wanted, *twins]}.values())


def _compatible(one: Document, other: Document) -> bool:
    return one.issuer_unit_id is None or other.issuer_unit_id is None or one.issuer_unit_id == other.issuer_unit_id


def _identity(found: Document) -> str:
    return f"{found.key}|{found.issuer_unit_id or ''}" if found.key else f"#{found.pk}"


def _issuer(found: Document, on: date) -> str:
    return orgs.body_name(found.issuer_unit_id, found.issued_on or on) if found.issuer_unit_id else found.issuer_text


def _lag(parent: Document, child: Document) -> int | None:
    return (child.issued_on - parent.issued_on).days if child.issued_on and parent.issued_on else None


def _mark_visible(actor: Actor, branches: list[Branch], on: date) -> None:
    ids = [branch.document.pk for branch in branches]
    seen = set(for_actor(actor, on).filter(pk__in=ids).values_list("pk", flat=True))
    for branch in branches:
        branch.visible = branch.document.pk in seen


def _related(actor: Actor, found: Document, on: date, *, out: bool) -> list[tuple[Relation, bool]]:
    """Relations up (`out`) to what it follows, or down to what amends, replaces, cites or reports on it."""
    lines = [each.pk for each in _lines([found])]
    if out:
        relations = list(Relation.objects.filter(source__in=lines).select_related("target").order_by("kind", "pk"))
    else:
        relations = list(
            Relation.objects.filter(target__in=lines)
            .exclude(kind=RelationKind.IMPLEMENTS)
            .select_related("source")
            .order_by("source__issued_on", "pk")
        )
    ends = [relation.target_id if out else relation.source_id for relation in relations]
    seen = set(for_actor(actor, on).filter(pk__in=ends).values_list("pk", flat=True))
    return [(relation, end in seen) for relation, end in zip(relations, ends)]


def _duties(found: Document, root: Branch, on: date) -> list[Duty]:
    """Units that must issue a plan of their own; where none was named so, every unit addressed."""
    lines = [each.pk for each in _lines([found])]
    addressed = list(Addressee.objects.filter(document__in=lines).exclude(unit_id=found.issuer_unit_id))
    owing = [each for each in addressed if each.must_issue] or addressed
    plans = {branch.document.issuer_unit_id: branch for branch in reversed(root.below)}
    names = orgs.names([each.unit_id for each in owing], on)
    duties = [_duty(found, each, plans.get(each.unit_id), names, on) for each in owing]
    order = {"late": 0, "missing": 1, "waiting": 2, "issued": 3}
    return sorted(duties, key=lambda duty: (order[duty.state], fold(duty.unit_name)))


def _duty(found: Document, sent: Addressee, branch: Branch | None, names: dict[int, str], on: date) -> Duty:
    due = found.plan_due_on
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
    )


def _depth(branch: Branch) -> int:
    return 1 + max((_depth(each) for each in branch.below), default=0)


def with_addressees(found: QuerySet[Document]) -> QuerySet[Document]:
    """The list page's documents with their addressees in one more query."""
    return found.defer("text", "fold").prefetch_related(Prefetch("addressees", Addressee.objects.order_by("pk")))
