"""What is wrong with each step, as the day will stand once all of them hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from giaoban.core.refusal import Refused
from giaoban.core.span import FAR, Span
from giaoban.orgs import refusals
from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Place,
    Reclassify,
    Recode,
    Rename,
    Reopen,
)
from giaoban.orgs.derived import fetch
from giaoban.orgs.engine.asked import Asked, Item
from giaoban.orgs.engine.below import Handed
from giaoban.orgs.engine.record import Record
from giaoban.orgs.engine.spelled import code_form_fault, name_faults
from giaoban.orgs.founding import SCHEMES
from giaoban.orgs.models import Classing, Code, Existence, Holds, Lineage, Link, Name

FINEST = 2**31 - 1  # what the columns of a share hold
BASES = frozenset(code for code, _ in Lineage._meta.get_field("basis").flatchoices)


class Checks:
    """The faults of all steps, each with its item; names are looked up only for what is wrong."""

    def __init__(self, asked: Asked, record: Record, handed: Handed) -> None:
        self.asked, self.record, self.handed, self.on = asked, record, handed, asked.on
        self.ended = asked.ended
        self.starting = record.starting()
        self.heirs: dict[int, int] = dict(fetch(Lineage, asked.reopened, "successor_id", by="predecessor_id"))
        record.units.update(self.heirs.values())  # so that their names are read along
        self.codes = record.codes({unit for unit, _ in asked.recoded} | asked.reopened.keys())
        self.bearers = self._bearers()
        self.taken: dict[tuple[str, str], Item] = {}

    def faults(self) -> Iterator[tuple[Item, Refused]]:
        twice = set(self.asked.twice)
        for item in self.asked.items:
            found = self._twice(item) if item in twice else self._of(item)
            yield from ((item, fault) for fault in found)

    def _twice(self, item: Item) -> Iterator[Refused]:
        if isinstance(item.step, Establish):
            yield refusals.KeyTwice(key=item.step.key)
        else:
            yield refusals.AlreadyChanged(unit=self.record.name(item.step.unit), day=self.on)

    def _of(self, item: Item) -> Iterator[Refused]:
        match item.step:
            case Establish():
                yield from self._establish(item, item.step)
            case Become():
                yield from self._become(item, item.step)
            case Close(unit=unit):
                yield from self._ends(unit)
                yield from self._left(unit)
            case Reopen():
                yield from self._reopen(item, item.step)
            case _:
                fault = self._there(item.step.unit)
                yield from [fault] if fault else self._change(item)

    # Who is there

    def _there(self, unit: int) -> Refused | None:
        if unit in self.ended:
            return refusals.EndsInDecree(unit=self.record.name(unit))
        if self.record.life(unit) or unit in self.asked.reopened:
            return None
        return refusals.NotThere(unit=self.record.name(unit), day=self.on)

    def _above(self, place: Place, until: date) -> Refused | None:
        """A unit above must exist on the day and for as long as the link will hold."""
        if isinstance(place, str):
            return None if place in self.asked.founded else refusals.UnknownKey(key=place)
        if not self.record.existence_days.get(place):
            return refusals.UnknownParent(parent=place)
        life = self.record.life(place)
        if place in self.ended or not (life or place in self.asked.reopened):
            return refusals.ParentNotThere(parent=self.record.name(place), day=self.on)
        if life and life.end < until:
            return refusals.ParentEnds(parent=self.record.name(place), day=life.end)
        return None

    # Founding

    def _establish(self, item: Item, step: Establish) -> Iterator[Refused]:
        if not self.record.kinds:
            yield refusals.NotLoaded()
            return
        if step.kind not in self.record.kinds:
            yield refusals.UnknownKind(kind=step.kind)
        yield from name_faults(step.name, step.body_name, step.short_name)
        yield from self._parents(step.parents.items())
        for scheme, code in step.codes.items():
            if fault := self._code(item, scheme, code, None):
                yield fault
        for attribute, value in step.attributes.items():
            if fault := self._value(attribute, value):
                yield fault

    def _parents(self, parents: Iterable[tuple[str, Place]]) -> Iterator[Refused]:
        for hierarchy, place in parents:
            if hierarchy not in self.record.hierarchies:
                yield refusals.UnknownHierarchy(hierarchy=hierarchy)
            elif fault := self._above(place, FAR):
                yield fault

    # Ending and beginning again

    def _ends(self, unit: int) -> Iterator[Refused]:
        life = self.record.life(unit)
        if life is None:
            yield refusals.NotThere(unit=self.record.name(unit), day=self.on)
        elif (unit,) in self.starting[Existence]:
            yield refusals.AlreadyChanged(unit=self.record.name(unit), day=self.on)
        elif life.end != FAR:
            yield refusals.EndsAlready(unit=self.record.name(unit), day=life.end)

    def _left(self, unit: int) -> Iterator[Refused]:
        if left := self.handed.left.get(unit):
            called = self.record.name
            yield refusals.StillHasChildren(unit=called(unit), count=len(left), example=called(min(left)))

    def _become(self, item: Item, step: Become) -> Iterator[Refused]:
        items = self.asked.becomes[step.unit]
        if item is items[0]:
            yield from self._ends(step.unit)
            total = sum((one.step.share for one in items), Fraction(0))
            if total != 1 or any(one.step.share <= 0 for one in items):
                yield refusals.BadShares(sum=str(total))
            yield from self._left(step.unit)
            if step.unit in self.asked.closed:
                yield refusals.AlreadyChanged(unit=self.record.name(step.unit), day=self.on)
        if step.successor == step.unit:
            yield refusals.Loop(unit=self.record.name(step.unit), parent=self.record.name(step.unit))
        elif fault := self._above(step.successor, FAR):
            yield fault
        yield from share_faults(step.share, step.basis)

    def _reopen(self, item: Item, step: Reopen) -> Iterator[Refused]:
        unit, called = step.unit, self.record.name
        again = self.record.lives_again(unit)
        if not self.record.lives.get(unit):
            yield refusals.NotThere(unit=called(unit), day=self.on)
        elif self.record.life(unit):
            yield refusals.ExistsAlready(unit=called(unit), day=self.on)
        elif again:
            yield refusals.ExistsAgain(unit=called(unit), day=again)
        elif (unit,) in self.starting[Existence]:
            yield refusals.AlreadyChanged(unit=called(unit), day=self.on)
        elif unit in self.heirs:
            yield refusals.WentOn(unit=called(unit), successor=called(self.heirs[unit]))
        else:
            faults = (self._code(item, scheme, code, unit) for scheme, code in self._codes_again(unit))
            yield from (fault for fault in faults if fault)
        for hierarchy in step.parents:
            if (unit, hierarchy) in self.asked.moves or (unit, hierarchy) in self.starting[Link]:
                yield refusals.AlreadyChanged(unit=called(unit), day=self.on)
        yield from self._parents(step.parents.items())

    # Changing

    def _change(self, item: Item) -> Iterator[Refused]:
        fault: Refused | None = None
        match item.step:
            case Rename(name=name, body_name=body_name, short_name=short_name):
                yield from name_faults(name, body_name, short_name)
                fault = self._already(Name, item.step.unit)
            case Reclassify(unit=unit, kind=kind):
                if kind not in self.record.kinds:
                    yield refusals.UnknownKind(kind=kind)
                fault = self._already(Classing, unit)
            case Recode(unit=unit, scheme=scheme, code=code):
                fault = self._code(item, scheme, code, unit) if code else None
                fault = fault or self._already(Code, unit, scheme)
            case Mark(unit=unit, attribute=attribute, value=value):
                fault = self._value(attribute, value) or self._already(Holds, unit, attribute)
            case Move():
                fault = self._move(item.step)
        if fault:
            yield fault

    def _already(self, model: type, unit: int, *more: str) -> Refused | None:
        if (unit, *more) in self.starting[model]:
            return refusals.AlreadyChanged(unit=self.record.name(unit), day=self.on)
        return None

    def _move(self, step: Move) -> Refused | None:
        if step.hierarchy not in self.record.hierarchies:
            return refusals.UnknownHierarchy(hierarchy=step.hierarchy)
        if fault := self._already(Link, step.unit, step.hierarchy):
            return fault
        if step.parent is None:
            return None
        if step.parent == step.unit:
            return refusals.Loop(unit=self.record.name(step.unit), parent=self.record.name(step.unit))
        life = self.record.life(step.unit)
        until = min(self.record.next_link(step.unit, step.hierarchy, self.on), life.end if life else FAR)
        return self._above(step.parent, until)

    def _value(self, attribute: str, value: str) -> Refused | None:
        known = self.record.attributes.get(attribute)
        if known is None:
            return refusals.UnknownAttribute(attribute=attribute)
        if value and value not in known.values:
            return refusals.UnknownValue(value=value, attribute=known.name, known=", ".join(known.values))
        return None

    # Codes

    def _bearers(self) -> dict[tuple[str, str], list[tuple[int, Span]]]:
        wanted = {(scheme, code) for _, step in self.asked.all(Establish) for scheme, code in step.codes.items()}
        wanted |= {(step.scheme, step.code) for _, step in self.asked.all(Recode) if step.code}
        wanted |= {(scheme, code) for unit in self.asked.reopened for scheme, code in self._codes_again(unit)}
        return self.record.bearers(wanted)

    def _codes_again(self, unit: int) -> Iterator[tuple[str, str]]:
        """The codes that a unit bears again when it is opened again."""
        for scheme in SCHEMES:
            rows = [row for row in self.codes.get((unit, scheme), ()) if row[0] <= self.on]
            if rows and rows[-1][1] and (unit, scheme) not in self.asked.recoded:
                yield scheme, rows[-1][1]

    def _code(self, item: Item, scheme: str, code: str, owner: int | None) -> Refused | None:
        """A code belongs to one unit at a time, on the day and as long as the unit will bear it."""
        if fault := code_form_fault(scheme, code):
            return fault
        if (scheme, code) in self.taken:
            other = self.taken[scheme, code].step
            holder = other.name if isinstance(other, Establish) else self.record.name(other.unit)
            return refusals.CodeTaken(code=code, holder=holder, day=self.on)
        self.taken[scheme, code] = item
        until = FAR
        if owner is not None:
            life = self.record.life(owner)
            later = [start for start, _ in self.codes.get((owner, scheme), ()) if start > self.on]
            until = min([*later, life.end if life else FAR])
        for unit, held in self.bearers.get((scheme, code), ()):
            ceases = unit in self.ended or ((unit, scheme) in self.asked.recoded and held.start <= self.on)
            end = min(held.end, self.on) if ceases else held.end
            if unit != owner and self.on < end and held.start < min(until, end):
                holder = self.record.name(unit)
                return refusals.CodeTaken(code=code, holder=holder, day=max(held.start, self.on))
        return None


def share_faults(share: Fraction, basis: str) -> Iterator[Refused]:
    if basis not in BASES or (basis == Lineage.WHOLE and share != 1):
        yield refusals.UnknownBasis(basis=basis)
    if share.denominator > FINEST:
        yield refusals.ShareTooFine(share=str(share))
