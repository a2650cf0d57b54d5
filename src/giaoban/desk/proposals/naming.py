"""Names of the text as choices of units: all names of a document are understood together, in few questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from giaoban.core.text import fold, nfc
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries import Match

SURE = 60
"""A reading of a name below this is only a guess."""

OFFERED = 5


@dataclass(frozen=True)
class Choice:
    """One way to understand a name: one unit, or several that each do their part (`value`: ids with commas)."""

    value: str
    label: str
    score: int = 0
    why: str = ""

    @property
    def units(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.value.split(",") if part)


class Names:
    """How every name of one text may be understood, the best reading first."""

    def __init__(self, names: Iterable[str], day: date, on: date, near: int | None, reader: int | None) -> None:
        self.day, self.on = day, on
        found = orgs.resolve_names({nfc(name) for name in names}, day, near=near, reader=reader)
        self._matches = {name: matches[:OFFERED] for name, matches in found.items()}
        self._choices = self._labelled()

    def choices(self, name: str) -> tuple[Choice, ...]:
        return self._choices.get(nfc(name), ())

    def plain(self, name: str) -> bool:
        """Whether the name means one thing here."""
        found = self.choices(name)
        return bool(found) and found[0].score >= SURE

    def _labelled(self) -> dict[str, tuple[Choice, ...]]:
        every = [match for matches in self._matches.values() for match in matches]
        wanted = {unit for match in every for unit in _units(match)}
        living = _living(wanted, self.on)
        shown = {units[0] for match in every if len(units := _followed(_units(match), living)) == 1}
        now = orgs.snapshots(shown, self.on)
        places = orgs.paths_of(sorted(shown), self.on)
        gone = [unit for match in every if len(_units(match)) == 1 for unit in _units(match) if living[unit] != (unit,)]
        then = {unit: orgs.body_name(unit, self.day) for unit in gone}
        found: dict[str, tuple[Choice, ...]] = {}
        for name, matches in self._matches.items():
            choices = []
            for match in matches:
                units = _followed(_units(match), living)
                if not units:
                    continue
                if len(units) > 1 or match.group:
                    label = _("%(group)s (%(n)s units)") % {"group": match.group or match.why, "n": len(units)}
                else:
                    (unit,) = units
                    called = (now[unit].body_name or now[unit].name) if unit in now else f"#{unit}"
                    above = [place for place in places.get(unit, []) if fold(place) not in fold(called)]
                    was = [_("replaces %(name)s") % {"name": then[old]} for old in _units(match) if old in then]
                    label = ", ".join([called, *above, *was])
                choices.append(Choice(",".join(map(str, units)), label, match.score, match.why))
            found[name] = tuple(choices)
        return found


def together(choices: Sequence[Choice]) -> Choice:
    """All of them, each for its part."""
    return Choice(
        ",".join(dict.fromkeys(part for choice in choices for part in choice.value.split(","))),
        "; ".join(dict.fromkeys(choice.label for choice in choices)),
        min(choice.score for choice in choices),
    )


def today(unit_id: int, on: date) -> tuple[int, ...]:
    """The unit itself while it stands; else its heir: one that took it over, alone or chiefly."""
    return _living({unit_id}, on)[unit_id]


def _units(match: Match) -> tuple[int, ...]:
    return (match.unit_id,) if match.unit_id else tuple(match.unit_ids)


def _followed(units: Iterable[int], living: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(heir for unit in units for heir in living[unit]))


def _living(units: set[int], on: date) -> dict[int, tuple[int, ...]]:
    """Each unit, or by whom it was taken over; those that ended are few."""
    there = orgs.snapshots(units, on)
    return {unit: (unit,) if unit in there else _heir(unit, on) for unit in units}


def _heir(unit_id: int, on: date) -> tuple[int, ...]:
    for row in orgs.successors(unit_id):
        return today(row.successor_id, on) if row.on <= on else ()
    return ()
