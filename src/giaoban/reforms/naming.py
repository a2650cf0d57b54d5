"""Units and places as a person types them into a draft: by code, by name without accents, or `id:` and our number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from giaoban.analytics import naming
from giaoban.core.refusal import Invalid, Refused, sentence
from giaoban.core.text import fold
from giaoban.orgs import queries as orgs
from giaoban.orgs.decree import Place
from giaoban.orgs.models import Snapshot


class NoClosedUnit(Refused):
    sentence = sentence("No unit that has ended by %(day)s has the code, the name or the number “%(text)s”.")
    field = "unit"


class SeveralClosed(Refused):
    sentence = sentence("“%(text)s” fits several units: %(units)s. Write the code, or id: and the number.")
    field = "unit"


@dataclass(frozen=True)
class Around:
    """What a name may mean: units of the day, those under `near` first, and units the draft itself founds."""

    on: date
    near: int | None = None
    founded: Mapping[str, str] = field(default_factory=dict)  # the name without accents → its key in the decree

    def unit(self, text: str) -> int:
        """The unit meant; where a name fits several, the one under `near` if that is one."""
        try:
            return naming.unit(text.strip(), [self.on])
        except naming.SeveralUnits:
            found = self._near(text)
            if found is None:
                raise
            return found

    def units(self, text: str) -> list[int]:
        """One unit a line, or separated by semicolons; each once. Every line that means nothing is refused at once."""
        found: list[int] = []
        faults: list[Refused] = []
        for line in text.replace(";", "\n").splitlines():
            if not line.strip():
                continue
            try:
                found.append(self.unit(line.strip()))
            except Refused as refused:
                faults.append(refused)
        if faults:
            raise Invalid(faults)
        return list(dict.fromkeys(found))

    def place(self, text: str) -> Place:
        """A unit the draft founds, by its name; else one that is there."""
        return self.founded.get(fold(text.strip())) or self.unit(text)

    def closed_unit(self, text: str) -> int:
        """A unit that had ended by the day."""
        wanted = text.strip()
        number = wanted.removeprefix("id:")
        ended = Snapshot.objects.filter(end__lte=self.on).exclude(
            unit__in=orgs.living(self.on).values("unit")
        )  # the last stretch of a unit that no longer stands
        if number != wanted:
            ended = ended.filter(unit=int(number)) if number.isdecimal() and len(number) < 16 else ended.none()
        else:
            by_code = ended.filter(code=wanted)
            ended = by_code if by_code.exists() else ended.filter(fold=fold(wanted))
        found = {row.unit_id: row for row in ended.order_by("start")}
        if not found:
            raise NoClosedUnit(text=wanted, day=f"{self.on:%d/%m/%Y}")
        if len(found) > 1:
            listed = "; ".join(f"{row.name} (id:{row.unit_id})" for row in list(found.values())[:5])
            raise SeveralClosed(text=wanted, units=listed)
        return next(iter(found))

    def _near(self, text: str) -> int | None:
        if self.near is None:
            return None
        hits = orgs.search(text, self.on, under=self.near)
        best = [hit for hit in hits if hit.rank == hits[0].rank]
        return best[0].unit_id if len(best) == 1 else None


def foundings(steps: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Of the steps of a draft what it founds: name without accents → key."""
    return {fold(step["name"]): step["key"] for step in steps if step["do"] == "establish"}


def free_key(name: str, taken: Iterable[str]) -> str:
    """The name itself, or with a number behind it where the draft founds another one of that name."""
    used = set(taken)
    key, number = name, 2
    while key in used:
        key, number = f"{name} ({number})", number + 1
    return key


def parents_of(unit_id: int, on: date, hierarchies: Sequence[str] | None = None) -> dict[str, Place]:
    """Under whom a unit stands on the day, in each hierarchy."""
    codes = hierarchies or [one.code for one in orgs.hierarchies()]
    found = {code: orgs.parent(unit_id, code, on) for code in codes}
    return {code: parent for code, parent in found.items() if parent is not None}
