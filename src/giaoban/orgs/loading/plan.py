"""What the shipped catalogue says of units and what became of them, as plain data with dated rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from giaoban.catalogue import rows, table
from giaoban.orgs import refusals

COUNTRY_SINCE = date(1945, 9, 2)
OURS, OFFICIAL = "giaoban", "gso"


Key = tuple[str, date]  # (code, first day): who a unit of the catalogue is


@dataclass
class Planned:
    """One unit of the catalogue with all its dated rows; parents and successors are keys."""

    key: Key
    scheme: str
    names: list[tuple[date, str, str]] = field(default_factory=list)  # start, name, decision
    kinds: list[tuple[date, str, str]] = field(default_factory=list)
    parents: list[tuple[date, Key | None, str]] = field(default_factory=list)
    founded_by: str = ""
    end: date | None = None
    ended_by: str = ""


@dataclass(frozen=True)
class PlannedLineage:
    predecessor: Key
    successor: Key
    on: date
    numerator: int
    denominator: int
    basis: str
    main: bool
    decision: str

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


COUNTRY: Key = ("", COUNTRY_SINCE)


class Plan:
    """The catalogue's tables as units with dated rows, in an order in which parents come first."""

    def __init__(self, provinces: set[str] | None = None) -> None:
        self.known = table("admin/admin.toml")["known_from"]
        self.reform: date = table("admin/admin.toml")["reform"]["on"]
        self.closing: str = table("admin/admin.toml")["reform"]["districts_ended_by"]
        self.units: dict[Key, Planned] = {}
        self.decision_of_commune: dict[str, str] = {}
        self._provinces()
        self._districts()
        self._communes()
        self._changes()
        found = [self._lineage(row) for row in rows("admin/lineage.csv")]
        self.lineages = sorted(found, key=lambda line: not line.main)  # of equal shares the first said is the main one
        if provinces is not None:
            self._keep(provinces)

    def _province_on(self, code: str, day: date) -> Key:
        return max(key for key in self._province_keys[code] if key[1] <= day)

    @cached_property
    def _province_keys(self) -> dict[str, list[Key]]:
        found: dict[str, list[Key]] = defaultdict(list)
        for row in rows("admin/provinces.csv"):
            found[row["code"]].append((row["code"], date.fromisoformat(row["start"])))
        return found

    def _provinces(self) -> None:
        for row in rows("admin/provinces.csv"):
            start = date.fromisoformat(row["start"])
            unit = Planned((row["code"], start), OFFICIAL, founded_by=row["founded_by"], ended_by=row["ended_by"])
            unit.names.append((start, row["name"], row["founded_by"]))
            unit.kinds.append((start, row["kind"], row["founded_by"]))
            unit.parents.append((start, COUNTRY, row["founded_by"]))
            unit.end = date.fromisoformat(row["end"]) if row["end"] else None
            self.units[unit.key] = unit

    def _districts(self) -> None:
        start: date = self.known["districts"]
        for row in rows("admin/districts.csv"):
            unit = Planned((row["code"], start), OURS, end=self.reform, ended_by=self.closing)
            unit.names.append((start, row["name"], ""))
            unit.kinds.append((start, row["kind"], ""))
            unit.parents.append((start, self._province_on(row["province"], start), ""))
            self.units[unit.key] = unit

    def _communes(self) -> None:
        start: date = self.known["communes"]
        after = list(rows("admin/communes_2025.csv"))
        kept = {row["kept"] for row in after if row["kept"]}
        decisions = {row["code"]: row["decision"] for row in after}
        for row in rows("admin/communes_before.csv"):
            unit = Planned((row["code"], start), OFFICIAL)
            unit.names.append((start, row["name"], ""))
            unit.kinds.append((start, row["kind"], ""))
            unit.parents.append((start, (row["district"], self.known["districts"]), ""))
            if row["code"] not in kept:
                unit.end = self.reform
            self.units[unit.key] = unit
        for row in after:
            self._commune_after(row)
        self.decision_of_commune = decisions

    def _commune_after(self, row: dict[str, str]) -> None:
        by = row["decision"]
        if row["kept"]:  # nobody else was involved: the same unit under another parent, perhaps with another name
            unit = self.units[row["kept"], self.known["communes"]]
        else:
            unit = Planned((row["code"], self.reform), OFFICIAL, founded_by=by)
            self.units[unit.key] = unit
        if not unit.names or unit.names[-1][1] != row["name"]:
            unit.names.append((self.reform, row["name"], by))
        if not unit.kinds or unit.kinds[-1][1] != row["kind"]:
            unit.kinds.append((self.reform, row["kind"], by))
        unit.parents.append((self.reform, self._province_on(row["province"], self.reform), by))

    def _changes(self) -> None:
        """Later names and kinds of units that stayed themselves."""
        for row in rows("admin/changes.csv"):
            day = date.fromisoformat(row["on"])
            unit = self.units[self._key(row["level"], row["code"], day)]
            unit.names.append((day, row["name"], row["decision"]))
            if unit.kinds[-1][1] != row["kind"]:
                unit.kinds.append((day, row["kind"], row["decision"]))

    def _key(self, level: str, code: str, day: date) -> Key:
        """The unit that bears the code on the day."""
        if level == "province":
            return self._province_on(code, day)
        if level == "district":
            return code, self.known["districts"]
        new = (code, self.reform)
        return new if day >= self.reform and new in self.units else (code, self.known["communes"])

    def _lineage(self, row: dict[str, str]) -> PlannedLineage:
        on = date.fromisoformat(row["on"])
        level = row["level"]
        old = (
            self._province_before(row["predecessor"], on)
            if level == "province"
            else self._old(level, row["predecessor"])
        )
        new = self._key("province" if level == "province" else "commune", row["successor"], on)
        by = self.units[new].founded_by if level == "province" else self.decision_of_commune[row["successor"]]
        if not self.units[old].ended_by:
            self.units[old].ended_by = by
        return PlannedLineage(
            old, new, on, int(row["numerator"]), int(row["denominator"]), row["basis"], row["main"] == "1", by
        )

    def _province_before(self, code: str, day: date) -> Key:
        return max(key for key in self._province_keys[code] if key[1] < day)

    def _old(self, level: str, code: str) -> Key:
        return code, self.known["districts" if level == "district" else "communes"]

    def _keep(self, provinces: set[str]) -> None:
        """Only the units that stand, or once stood, under the wanted provinces of today or their kin."""
        today = {code for code, keys in self._province_keys.items() if self.units[max(keys)].end is None}
        wanted = {self._province_on(code, self.reform) for code in provinces & today}
        if missing := sorted(provinces - today):
            raise refusals.UnknownCode(code=", ".join(missing), day=self.reform)
        while more := self._kin(wanted) - wanted:
            wanted |= more
        for key, unit in self.units.items():  # parents come first in the order of the plan
            if any(parent in wanted for _, parent, _ in unit.parents if parent != COUNTRY):
                wanted.add(key)
        self.units = {key: unit for key, unit in self.units.items() if key in wanted}
        self.lineages = [line for line in self.lineages if line.predecessor in wanted and line.successor in wanted]

    def _kin(self, provinces: set[Key]) -> set[Key]:
        """What the provinces were made of and what became of that: a divided one comes with all its parts."""
        lines = [line for line in self.lineages if len(line.predecessor[0]) == 2]
        older = {line.predecessor for line in lines if line.successor in provinces}
        return older | {line.successor for line in lines if line.predecessor in provinces}
