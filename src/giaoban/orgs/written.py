"""Units, kinds and hierarchies as people write them in the cells of a table, all looked up in a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from giaoban.core.refusal import Refused
from giaoban.orgs import refusals
from giaoban.orgs.derived import parts
from giaoban.orgs.engine.record import Record
from giaoban.orgs.founding import SCHEMES
from giaoban.orgs.models import TERRITORY, Attribute, Closure, Hierarchy, Kind, Lineage, Snapshot, Unit
from giaoban.orgs.spelling import canon


class Units:
    """Units by what a cell says: `15`, `gso:15`, `#17` (our own number), a name, or a name with where it lies."""

    def __init__(self, written: Iterable[str], on: date) -> None:
        self.on = on
        texts = {text for text in written if text}
        self.numbers = self._numbers(texts)
        self.codes = self._codes(texts)
        self.named = self._names({text for text in texts if text not in self.numbers and text not in self.codes})

    def find(self, text: str) -> int | Refused:
        if number := self.numbers.get(text) or self.codes.get(text):
            return number
        found = self.named.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            return refusals.SeveralUnits(count=len(found), text=text, day=self.on)
        return refusals.UnknownUnitWritten(text=text, day=self.on)

    def _numbers(self, texts: set[str]) -> dict[str, int]:
        wanted = {int(text[1:]): text for text in texts if text.startswith("#") and text[1:].isdecimal()}
        there = [pk for part in parts(wanted) for pk in Unit.objects.filter(pk__in=part).values_list("pk", flat=True)]
        return {wanted[pk]: pk for pk in there}

    def _codes(self, texts: set[str]) -> dict[str, int]:
        """A unit that stands on the day comes before one that has ended."""
        ways = {text: _schemes(text) for text in texts}
        record = Record(self.on, ())
        bearers = record.bearers(pair for pairs in ways.values() for pair in pairs)
        found: dict[str, int] = {}
        for text, pairs in ways.items():
            units = [unit for pair in pairs for unit, days in bearers.get(pair, ()) if days.start <= self.on]
            standing = [unit for pair in pairs for unit, days in bearers.get(pair, ()) if self.on in days]
            if units:
                found[text] = standing[0] if standing else max(units)
        return found

    def _names(self, texts: set[str]) -> dict[str, list[int]]:
        """Units of the day by name; what follows a comma says where they lie."""
        split = {text: [canon(part) for part in text.split(",")] for text in texts}
        whole = {text: canon(text) for text in texts}
        by_canon: dict[str, set[int]] = {}
        for part in parts({*whole.values(), *(names[0] for names in split.values())} - {""}):
            rows = Snapshot.objects.filter(canon__in=part, start__lte=self.on, end__gt=self.on)
            for name, unit in rows.values_list("canon", "unit_id"):
                by_canon.setdefault(name, set()).add(unit)
        found = {text: sorted(by_canon.get(whole[text], ())) for text in texts}
        for text, (name, *around) in split.items():
            if around and not found[text]:
                found[text] = self._within(by_canon.get(name, set()), around)
        return found

    def _within(self, units: set[int], around: list[str]) -> list[int]:
        rows = Closure.objects.filter(hierarchy=TERRITORY, descendant__in=units, start__lte=self.on, end__gt=self.on)
        above: dict[int, set[int]] = {unit: set() for unit in units}
        for unit, ancestor in rows.values_list("descendant_id", "ancestor_id"):
            above[unit].add(ancestor)
        every = set().union(*above.values()) if above else set()
        called = dict(
            Snapshot.objects.filter(unit__in=every, start__lte=self.on, end__gt=self.on).values_list("unit_id", "canon")
        )
        return sorted(
            unit for unit, found in above.items() if set(around) <= {called.get(one, "") for one in found - {unit}}
        )


def _schemes(text: str) -> list[tuple[str, str]]:
    scheme, colon, code = text.partition(":")
    if colon and scheme in SCHEMES:
        return [(scheme, code.strip())]
    return [(one, text) for one in SCHEMES]


def kinds() -> dict[str, Kind]:
    """How a kind may be written → the kind: its code, name or abbreviation."""
    return {canon(text): kind for kind in Kind.objects.all() for text in (kind.short, kind.name, kind.code) if text}


def hierarchies() -> dict[str, str]:
    return {canon(text): row.code for row in Hierarchy.objects.all() for text in (row.name, row.code)}


def attributes() -> dict[str, Attribute]:
    return {canon(text): row for row in Attribute.objects.all() for text in (row.name, row.code)}


def value_of(attribute: Attribute, text: str) -> str:
    """The code of a value that is written by its code or its name."""
    known = {canon(written): code for code, name in attribute.values.items() for written in (name, code)}
    return str(known.get(canon(text), text))


BASES = {
    "quyet dinh": Lineage.DECIDED,
    "theo quyet dinh": Lineage.DECIDED,
    "chia deu": Lineage.EQUAL,
    "deu": Lineage.EQUAL,
    "hoc sinh": Lineage.PUPILS,
    "so hoc sinh": Lineage.PUPILS,
    "theo so hoc sinh": Lineage.PUPILS,
    "dan so": Lineage.POPULATION,
    "theo dan so": Lineage.POPULATION,
    "dien tich": Lineage.AREA,
    "theo dien tich": Lineage.AREA,
}
