"""What one request wants decided of a reading: read from its button, and kept as moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.desk import comparing
from giaoban.desk.forms import LeadForm, TaskForm
from giaoban.desk.forms_checking import FIGURE, TARGET, FigureForm
from giaoban.desk.sifting import OPEN, STANDS, TABS, Item, Sifted, TaskItem, sift
from giaoban.documents import naming, readings
from giaoban.documents.models import ReadingDecision, RelationKind
from giaoban.documents.readings import Move
from giaoban.people import queries as people

What = ReadingDecision.What


class NothingThere(Refused):
    """The proposal is gone: split or merged meanwhile."""

    sentence = sentence("This proposal is not there any more; it was split or merged meanwhile.")


class NobodyLeads(Refused):
    """Accepting waits for an answer."""

    sentence = sentence("Say first who leads %(code)s.")


class NothingSure(Refused):
    """All proposals need a look."""

    sentence = sentence("No proposal is sure enough to be accepted unseen.")


def circle_of(request: HttpRequest, sheet: Sifted) -> naming.Circle:
    """Names of units that are understood, and offered while typing."""
    near = sheet.reading.actor.unit_id
    if near is None:
        return naming.Circle(request.today, None)
    top = (people.acts_for(request.actor, "task.assign", request.today) or [near])[0]
    return naming.Circle(request.today, near, naming.below(top, request.today))


class Deciding:
    """Reads what one request wants decided and has it kept."""

    def __init__(self, request: HttpRequest, sheet: Sifted) -> None:
        self.request, self.sheet, self.data = request, sheet, request.POST
        self.asked = self.focus = ""
        self.said: list[str] = []
        self.form: Any = None
        self.kind = TABS.get(self.data.get("muc", ""), "tasks")

    def do(self) -> None:
        verb, _colon, rest = self.data.get("do", "").partition(":")
        wanted: Callable[[str], None] | None = {
            "accept": self.accept,
            "reject": self.reject,
            "reopen": self.reopen,
            "save": self.save,
            "take": self.take,
            "role": self.role,
            "answer": self.answer,
            "merge": self.merge,
            "split": self.split,
            "cut": self.cut,
            "sure": self.sure,
            "undo": self.undo,
        }.get(verb)
        if wanted is None:
            raise NothingThere()
        if self.kind == "tasks" and verb != "undo":
            self.need("task.assign")
        wanted(rest)

    # One proposal

    def accept(self, wanted: str) -> None:
        item = self.item(wanted)
        if isinstance(item, TaskItem) and item.asks_lead:
            self.focus = item.code
            raise NobodyLeads(code=item.code)
        values: dict[str, Any] = {}
        if item.kind == "citations":
            kind = self.data.get("relation", RelationKind.CITES)
            values = {"kind": kind if kind in RelationKind.values else RelationKind.CITES}
        if item.kind == "figures" and not item.values:
            offer = comparing.offers(self.sheet.reading).get(item.proposal.mark.no)
            if offer is None or not offer.sure:
                self.asked = self.focus = item.code
                return
            values = comparing.best(offer) | {"as": FIGURE if item.proposal.target is None else TARGET}
        self.keep(Move(item.key, What.ACCEPT, {"values": values} if values else {}))
        self.go_on(item)

    def reject(self, wanted: str) -> None:
        item = self.item(wanted)
        self.keep(Move(item.key, What.REJECT))
        self.go_on(item)

    def reopen(self, wanted: str) -> None:
        item = self.item(wanted)
        self.keep(Move(item.key, What.REOPEN))
        self.focus = item.code

    def save(self, wanted: str) -> None:
        """Keep what the form holds; whether it is taken stays as it was."""
        self._form(wanted, take=False)

    def take(self, wanted: str) -> None:
        """Keep what the form holds, and accept it."""
        self._form(wanted, take=True)

    def _form(self, wanted: str, *, take: bool) -> None:
        item = self.item(wanted)
        if isinstance(item, TaskItem):
            form: Any = TaskForm(item, circle_of(self.request, self.sheet), self.data)
        else:
            form = FigureForm(item.proposal, self.sheet.reading, self.data)
        self.focus = item.code
        if not form.is_valid():
            self.asked, self.form = item.code, form
            return
        values = form.values()
        moves = [Move(item.key, What.EDIT, {"values": values})]
        if take and (values.get("leads") or item.kind != "tasks"):
            moves.append(Move(item.key, What.ACCEPT))
        self.keep(*moves)
        if len(moves) > 1:
            self.go_on(item)

    def role(self, wanted: str) -> None:
        """One of the ways to share the work was chosen: who leads is answered, and the task taken."""
        code, _colon, no = wanted.rpartition(":")
        item = self.item(code)
        offer = next((one for one in getattr(item, "offers", ()) if str(one.no) == no), None)
        if offer is None:
            raise NothingThere()
        self.keep(Move(item.key, What.EDIT, {"values": offer.values()}), Move(item.key, What.ACCEPT))
        self.go_on(item)

    def answer(self, wanted: str) -> None:
        """The name of who leads was typed."""
        item = self.item(wanted)
        assert isinstance(item, TaskItem)
        form = LeadForm(item, circle_of(self.request, self.sheet), self.data)
        self.focus = item.code
        if not form.is_valid():
            self.said = [line for lines in form.errors.values() for line in lines]
            return
        self.keep(Move(item.key, What.EDIT, {"values": form.values()}), Move(item.key, What.ACCEPT))
        self.go_on(item)

    # Two of one, one of two

    def merge(self, wanted: str) -> None:
        """With the one before, or with the one named after the ">": both are one task then."""
        one, _colon, other = wanted.partition(">")
        item = self.item(one)
        into = self.item(other or getattr(item, "previous", ""))
        if STANDS in (item.state, into.state) or item is into:
            raise NothingThere()
        self.keep(Move(item.key, What.MERGE, {"into": into.key}))
        self.focus = into.code

    def split(self, wanted: str) -> None:
        """Into the parts that were offered."""
        item = self.item(wanted)
        cuts = [start for start, _end in getattr(item, "parts", ())[1:]]
        self._cut(item, cuts)

    def cut(self, wanted: str) -> None:
        """At a place between two clauses."""
        code, _colon, place = wanted.rpartition(":")
        item = self.item(code)
        self._cut(item, [int(place)] if place.isdigit() else [])

    def _cut(self, item: Item, cuts: list[int]) -> None:
        start, end = item.passages[0]
        if item.kind != "tasks" or item.state == STANDS or not cuts or not all(start < cut < end for cut in cuts):
            raise NothingThere()
        self.keep(Move(item.key, What.SPLIT, {"cuts": cuts}))
        self.focus = f"{item.code}a"

    # Many

    def sure(self, _rest: str) -> None:
        """Accept what nobody need look at, in one move that one undo takes back."""
        found = self.sheet.sure
        if not found:
            raise NothingSure()
        self.keep(*(Move(item.key, What.ACCEPT) for item in found))
        taken = {item.code for item in found}
        self.focus = next((item.code for item in self.sheet.open if item.code not in taken), "")

    def undo(self, _rest: str) -> None:
        keys = readings.undo(**self.who)
        after = sift(self.sheet.reading, self.sheet.kept)
        self.focus = next((item.code for item in after.of(self.kind) if item.key in keys), "")

    # What they share

    @property
    def who(self) -> dict[str, Any]:
        return {
            "by": self.request.actor,
            "at": self.request.now,
            "on": self.request.today,
            "token": self.sheet.kept.token,
        }

    def keep(self, *moves: Move) -> None:
        seen = self.data.get("seen", "")
        readings.decide(**self.who, moves=moves, seen=int(seen) if seen.isdigit() else None)

    def item(self, wanted: str) -> Item:
        found = self.sheet.find(self.kind, wanted)
        if found is None:
            raise NothingThere()
        return found

    def need(self, verb: str) -> None:
        if verb not in people.verbs_held(self.request.actor, self.request.today):
            raise NotAllowed()

    def go_on(self, item: Item) -> None:
        """To the next one that waits, from this one on."""
        items = list(self.sheet.of(self.kind))
        place = items.index(item)
        following = [*items[place + 1 :], *items[:place]]
        self.focus = next((one.code for one in following if one.state == OPEN), item.code)
