"""A reading half done: the proposals as read, and upon them what people decided of each, in its order.

A proposal is known by its kind and passage ("V:120-180"), so a decision stays with its sentence though numbers shift.
Splitting makes two of one; merging gives one several passages. Nothing here writes: the same proposals and the same
decisions always give the same sheet, on every device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from giaoban.core.refusal import Refused
from giaoban.desk.proposals import LETTERS, SURE, Choice, Reading
from giaoban.documents.models import KeptReading, ReadingDecision, RelationKind
from giaoban.work import dues

What = ReadingDecision.What
OPEN, ACCEPTED, REJECTED, STANDS = "open", "accepted", "rejected", "stands"
"""Not decided yet; taken; left aside; and what became a task, target or relation already."""

STATES = {What.ACCEPT: ACCEPTED, What.REJECT: REJECTED, What.REOPEN: OPEN}
TABS = {"viec": "tasks", "so-lieu": "figures", "dan-chieu": "citations", "mau-thuan": "flags"}
"""What the address calls each kind."""
SLUGS = {kind: slug for slug, kind in TABS.items()}
Passage = tuple[int, int]
Named = tuple[str, tuple[int, ...]]


def key(kind: str, start: int, end: int) -> str:
    return f"{LETTERS[kind]}:{start}-{end}"


def as_ids(value: str) -> tuple[int, ...]:
    """Units of a choice: "12" or "12,15"."""
    return tuple(int(part) for part in value.split(",") if part)


@dataclass
class Item:
    """One proposal as it stands now."""

    kind: str
    code: str
    passages: tuple[Passage, ...]
    proposal: Any
    state: str = OPEN
    values: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    account_id: int | None = None
    bit: Any = None
    """Its passage with what stands around it, for where the text is not beside it."""
    offer: Any = None
    comparison: Any = None
    """Of a figure: what it may be about, and what the system holds against it."""

    @property
    def key(self) -> str:
        return key(self.kind, *self.passages[0])

    @property
    def letter(self) -> str:
        return LETTERS[self.kind]

    @property
    def relation_word(self) -> str:
        """How this document stands to one it names."""
        kind = self.values.get("kind") or getattr(self.proposal, "kind", "")
        return str(RelationKind(kind).label) if kind in RelationKind.values else ""

    @property
    def decided(self) -> bool:
        return self.state != OPEN

    def change(self, values: dict[str, Any]) -> None:
        """Put what a person changed over what was read."""
        self.values = {**self.values, **values}
        for name in ("lead_names", "partner_names"):
            self.__dict__.pop(name, None)

    @property
    def edited(self) -> bool:
        return bool(self.values)

    @property
    def sure(self) -> bool:
        """Whether it may be accepted with all the others that nobody need look at."""
        return self.state == OPEN and bool(self.proposal.sure)


@dataclass
class TaskItem(Item):
    """A task: what it says, who leads, with whom and until when, as read or as somebody put it right."""

    day: date = date.min
    previous: str = ""
    repeats: str = ""
    """Codes of the item before it, and of one that describes the same work."""

    @property
    def text(self) -> str:
        return self.values.get("text") or self.proposal.text

    @property
    def plain(self) -> bool:
        """Whether the text says plainly enough who leads."""
        one = self.proposal
        return bool(one.leads) and one.leads[0].score >= SURE and not one.open and one.asks != "lead"

    @cached_property
    def lead_names(self) -> list[Named]:
        """Each name that leads with the units it means; several units do a part each."""
        if "leads" in self.values:
            return [(text, tuple(ids)) for text, ids in self.values["leads"]]
        return [(one.label, as_ids(one.value)) for one in self.proposal.leads[:1] if self.plain]

    @property
    def leads(self) -> tuple[int, ...]:
        return _units(self.lead_names)

    @property
    def lead_words(self) -> str:
        return "; ".join(text for text, _ids in self.lead_names)

    @cached_property
    def partner_names(self) -> list[Named]:
        if "partners" in self.values:
            return [(text, tuple(ids)) for text, ids in self.values["partners"]]
        return _named(self.proposal.partners)

    @property
    def partners(self) -> tuple[int, ...]:
        return tuple(unit for unit in _units(self.partner_names) if unit not in self.leads)

    @property
    def partner_words(self) -> str:
        return "; ".join(text for text, _ids in self.partner_names)

    @property
    def due(self) -> str:
        return self.values.get("due", self.proposal.due_text)

    @property
    def due_on(self) -> date | None:
        """The day it is due: what its words mean, or the day a person chose for words that mean none."""
        chosen = self.values.get("due_on")
        if chosen:
            return date.fromisoformat(chosen)
        try:
            return dues.read(self.due, self.day).on if self.due else self.proposal.due_on
        except Refused:
            return self.proposal.due_on

    @property
    def deliverable(self) -> str:
        return self.values.get("deliverable", self.proposal.deliverable)

    @property
    def asks_lead(self) -> bool:
        """Nobody leads yet, so the page asks."""
        return not self.leads

    @property
    def undated(self) -> bool:
        return not self.due and self.due_on is None

    @property
    def question(self) -> str:
        """What a person must say before it can be given."""
        asked = self.proposal.questions
        return asked[0].words if asked else _("Who leads?")

    @property
    def unknown_names(self) -> list[str]:
        """The name in the text that leads to no unit: what a chosen unit will be remembered by."""
        return [self.proposal.ask_name] if self.asks_lead and self.proposal.ask_name else []

    @cached_property
    def offers(self) -> list[Offer]:
        """Ways to share the work that one press chooses: roles the text can mean, then other readings of its names."""
        if self.edited:
            return []
        ways = [
            Offer(no, role.lead.label, _named([role.lead]), _named(role.partners))
            for no, role in enumerate(self.proposal.roles)
        ]
        told = {way.leads[0][1] for way in ways}
        rest = [choice for choice in self.proposal.leads if as_ids(choice.value) not in told]
        more = [Offer(no, one.label, _named([one]), None) for no, one in enumerate(rest, start=len(ways))]
        return [way for way in (*ways, *more) if self.asks_lead or _units(way.leads) != self.leads][:5]

    @property
    def parts(self) -> tuple[Passage, ...]:
        """The two or more works it holds, offered as a split."""
        offered = tuple((part.start, part.end) for part in self.proposal.split)
        return offered if len(self.passages) == 1 and self.state == OPEN else ()


@dataclass(frozen=True)
class Offer:
    """One way to share the work; `partners` None leaves them as they are."""

    no: int
    lead: str
    leads: list[Named]
    partners: list[Named] | None

    @property
    def words(self) -> str:
        if not self.partners:
            return self.lead
        with_whom = "; ".join(text for text, _ids in self.partners)
        return _("%(lead)s, with %(partners)s") % {"lead": self.lead, "partners": with_whom}

    def values(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {"leads": _plain(self.leads)}
        return chosen if self.partners is None else chosen | {"partners": _plain(self.partners)}


@dataclass(frozen=True)
class Sign:
    """A passage in the text with the code of what was found in it."""

    kind: str
    code: str
    start: int
    end: int
    state: str
    place: str
    """The id of its anchor: a task of several passages has several."""

    @property
    def slug(self) -> str:
        return SLUGS[self.kind]


@dataclass(frozen=True)
class Stretch:
    """A piece of the text under the same marks; `starts` are the marks that begin here."""

    text: str
    over: tuple[Sign, ...] = ()
    starts: tuple[Sign, ...] = ()

    @property
    def classes(self) -> str:
        return " ".join(dict.fromkeys(word for sign in self.over for word in (sign.kind, f"is-{sign.state}")))

    @property
    def codes(self) -> str:
        return " ".join(dict.fromkeys(sign.code for sign in self.over))


@dataclass
class Sifted:
    """The whole sheet: what was found, what was decided, and in which version."""

    reading: Reading
    kept: KeptReading
    decisions: list[ReadingDecision]
    version: int = 0

    @cached_property
    def tasks(self) -> list[TaskItem]:
        items = [
            TaskItem("tasks", one.mark.code, ((one.mark.start, one.mark.end),), one, day=self.reading.day)
            for one in self.reading.tasks
        ]
        items = _decided(self, items)
        for before, item in zip([None, *items], items):
            item.previous = before.code if before else ""
            item.repeats = self._repeated(item, items)
        return items

    @cached_property
    def figures(self) -> list[Item]:
        return self._simple("figures", self.reading.figures)

    @cached_property
    def citations(self) -> list[Item]:
        return self._simple("citations", self.reading.citations)

    @cached_property
    def flags(self) -> list[Item]:
        return self._simple("flags", self.reading.flags)

    def of(self, kind: str) -> Sequence[Item]:
        return getattr(self, kind)

    def find(self, kind: str, wanted: str) -> Item | None:
        """By key or by code."""
        return next((item for item in self.of(kind) if wanted in (item.key, item.code)), None)

    @property
    def accepted(self) -> list[TaskItem]:
        return [item for item in self.tasks if item.state == ACCEPTED]

    @property
    def sure(self) -> list[TaskItem]:
        return [item for item in self.tasks if item.sure and not item.asks_lead]

    @property
    def aside(self) -> int:
        return sum(item.state == REJECTED for item in self.tasks)

    @property
    def others(self) -> list[str]:
        """Who else decided here."""
        mine = self.reading.actor.account_id
        return list(dict.fromkeys(one.by for one in self.decisions if one.account_id != mine))

    @property
    def open(self) -> list[TaskItem]:
        return [item for item in self.tasks if item.state == OPEN]

    @cached_property
    def relations(self) -> list[Item]:
        return [item for item in self.citations if item.state == ACCEPTED and item.proposal.known]

    @cached_property
    def attached(self) -> list[Item]:
        """Figures that are to be kept as a target or attached to an indicator."""
        decided = any(one.what == What.ACCEPT and one.key.startswith("S:") for one in self.decisions)
        return [item for item in self.figures if item.state == ACCEPTED] if decided else []

    @property
    def aliases(self) -> list[tuple[str, int]]:
        """Names of the text that people explained, to be remembered."""
        told = (item.values["alias"] for item in self.accepted if item.values.get("alias"))
        return list(dict.fromkeys((text, int(unit)) for text, unit in told))

    @cached_property
    def stretches(self) -> list[Stretch]:
        return list(_stretches(self.reading.text, [*self._signs()]))

    def _signs(self) -> Iterator[Sign]:
        for item in self.tasks:
            for no, (start, end) in enumerate(item.passages):
                yield Sign("tasks", item.code, start, end, item.state, f"o-{item.code}{f'-{no}' if no else ''}")
        states = self._states()
        for kind in ("figures", "citations", "flags"):
            for mark in self.reading.marks[kind]:
                state = states.get(key(kind, mark.start, mark.end), OPEN)
                yield Sign(kind, mark.code, mark.start, mark.end, state, f"o-{mark.code}")

    def _states(self) -> dict[str, str]:
        return {one.key: STATES[one.what] for one in self.decisions if one.what in STATES}

    def _simple(self, kind: str, proposals: Iterable[Any]) -> list[Item]:
        items = [Item(kind, one.mark.code, ((one.mark.start, one.mark.end),), one) for one in proposals]
        return _decided(self, items)

    def _repeated(self, item: TaskItem, items: list[TaskItem]) -> str:
        """The earlier item that asks the same work under another heading."""
        no = item.proposal.same_as
        earlier = next((one for one in items if no and one.proposal.mark.no == no and one is not item), None)
        return earlier.code if earlier and item.state == OPEN and earlier.state != REJECTED else ""


def sift(reading: Reading, kept: KeptReading) -> Sifted:
    """What stands now, in as few questions to the database as it takes."""
    rows = list(kept.decisions.order_by("no"))
    return Sifted(reading, kept, [row for row in rows if row.undone_at is None], rows[-1].no if rows else 0)


One = TypeVar("One", bound="Item")


def _decided(sheet: Sifted, items: list[One]) -> list[One]:
    """The items after all decisions on their kind; what a decision no longer fits, it leaves alone."""
    here = {one.key for one in sheet.decisions}
    for item in items:
        item.state = _before(item, item.key in here)
    letter = LETTERS[items[0].kind] if items else ""
    for one in sheet.decisions:
        if one.key.startswith(f"{letter}:"):
            items = _after(sheet, items, one)
    return items


def _before(item: Item, decided_here: bool) -> str:
    """How it stood before anybody decided anything here."""
    proposal = item.proposal
    if getattr(proposal, "new", True):
        return OPEN
    if getattr(proposal, "task_id", None):
        return STANDS
    if decided_here:
        return OPEN  # the decisions that follow say how it stands
    return REJECTED if getattr(proposal, "rejected", False) else STANDS


def _after(sheet: Sifted, items: list[One], one: ReadingDecision) -> list[One]:
    place = next((no for no, item in enumerate(items) if item.key == one.key), None)
    if place is None:
        return items
    item = items[place]
    if one.what == What.SPLIT and isinstance(item, TaskItem):
        return [*items[:place], *_split(sheet.reading, item, one), *items[place + 1 :]]
    if one.what == What.MERGE and isinstance(item, TaskItem):
        into = next((other for other in items if other.key == one.data.get("into")), None)
        if into is None or into is item:
            return items
        _merge(into, item)
        return [*items[:place], *items[place + 1 :]]
    if item.state == STANDS and one.what != What.EDIT:
        return items
    item.change(one.data.get("values", {}))
    item.state = STATES.get(What(one.what), item.state)
    item.by, item.account_id = one.by, one.account_id
    if item.state == ACCEPTED and one.no <= sheet.kept.adopted_no:
        item.state = STANDS
    return items


def _split(reading: Reading, item: TaskItem, one: ReadingDecision) -> list[TaskItem]:
    """Parts at the kept cuts, each read for itself: a due time binds only the clause it stands in."""
    start, end = item.passages[0]
    cuts = sorted({cut for cut in one.data.get("cuts", ()) if start < cut < end})
    edges = [start, *cuts, end]
    parts = []
    for letter, (a, b) in zip("abcdefghijklmnopqrstuvwxyz", pairwise(edges)):
        a, b = _trimmed(reading.text, a, b)
        if a < b:
            parts.append(
                TaskItem("tasks", f"{item.code}{letter}", ((a, b),), reading.part(item.proposal, a, b), day=item.day)
            )
    if not parts:
        return [item]
    parts[0].passages += item.passages[1:]
    return parts


def _merge(into: TaskItem, item: TaskItem) -> None:
    """One task of two: both sentences, all partners, and the due time of the one that has it."""
    same = item.text.strip() == into.text.strip()
    merged: dict[str, Any] = {} if same else {"text": f"{into.text.rstrip(' ;.')}; {item.text}"}
    if into.asks_lead and not item.asks_lead:
        merged["leads"] = _plain(item.lead_names)
    helping = [one for one in item.lead_names if one not in into.lead_names and not into.asks_lead]
    partners = list(dict.fromkeys([*into.partner_names, *helping, *item.partner_names]))
    if partners != into.partner_names:
        merged["partners"] = _plain(partners)
    if into.undated and not item.undated:
        merged |= {"due": item.due, "due_on": item.values.get("due_on")}
    if not into.deliverable and item.deliverable:
        merged["deliverable"] = item.deliverable
    into.change(merged)
    into.passages += item.passages


def _plain(named: Iterable[Named]) -> list[list[Any]]:
    """Names and their units as JSON keeps them."""
    return [[text, list(ids)] for text, ids in named]


def _named(choices: Iterable[Choice]) -> list[Named]:
    return [(choice.label, as_ids(choice.value)) for choice in choices]


def _units(named: Iterable[Named]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(unit for _text, ids in named for unit in ids))


def _trimmed(text: str, start: int, end: int) -> Passage:
    """Without the signs and spaces that only part one clause from the next."""
    while start < end and text[start] in " \t\n;,.":
        start += 1
    while start < end and text[end - 1] in " \t\n;,":
        end -= 1
    return start, end


def _stretches(text: str, signs: list[Sign]) -> Iterator[Stretch]:
    """The text between the borders of marks, which may overlap; one sweep, so that a decree of 2 MB is cut as well."""
    starts: dict[int, list[Sign]] = {}
    for sign in sorted(signs, key=lambda one: (one.start, -one.end)):
        starts.setdefault(sign.start, []).append(sign)
    borders = sorted({0, len(text), *starts, *(sign.end for sign in signs)})
    over: list[Sign] = []
    for start, end in pairwise(borders):
        over = [sign for sign in over if sign.end > start] + starts.get(start, [])
        yield Stretch(text[start:end], tuple(over), tuple(starts.get(start, ())))
