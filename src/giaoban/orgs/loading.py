"""Kinds, hierarchies and the shipped administrative units, from the catalogue into the tables.

Loading again adds only what is missing and changes nothing that is there, so a killed load is simply run once more. A
unit of the catalogue is known by its code and the day it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from giaoban.catalogue import rows, table
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import refusals, rights, spelling
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    TERRITORY,
    Alias,
    Classing,
    Closure,
    Code,
    Decision,
    Existence,
    Hierarchy,
    Kind,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)

Progress = Callable[[str, int, int], None]
"""What is being done, how much is done, of how much."""

BATCH = 2000
COUNTRY_SINCE = date(1945, 9, 2)
BOTH = (TERRITORY, MANAGEMENT)  # an area stands in both: what contains it also directs its committee
OURS, OFFICIAL = "giaoban", "gso"


def load_kinds(*, by: Actor, at: datetime) -> None:
    """Kinds, hierarchies and the unit Việt Nam. Needed before anything can be founded; harmless to repeat."""
    with writing(by=by, at=at, verb="unit.load_kinds", unit_id=COUNTRY_ID) as entry:
        rights.require(by, "unit.manage", COUNTRY_ID, at=at, on=timezone.localdate(at))
        entry.skip = not _load_kinds()


def _load_kinds() -> bool:
    """Whether anything was new."""
    kinds = [
        Kind(
            code=row["code"], name=row["name"], short=row.get("short", ""), family=row["family"], level=row["level"],
            order=number,
        )
        for number, row in enumerate(table("kinds.toml")["kind"])
    ]  # fmt: skip
    hierarchies = [
        Hierarchy(code=row["code"], name=row["name"], order=number)
        for number, row in enumerate(table("hierarchies.toml")["hierarchy"])
    ]
    before = Kind.objects.count() + Hierarchy.objects.count()
    for model, found in ((Kind, kinds), (Hierarchy, hierarchies)):
        fields = [one.name for one in model._meta.concrete_fields if not one.primary_key]
        model.objects.bulk_create(found, update_conflicts=True, unique_fields=["code"], update_fields=fields)  # type: ignore[attr-defined]
    fresh = _found_country()
    return fresh or Kind.objects.count() + Hierarchy.objects.count() > before


def _found_country() -> bool:
    _, fresh = Unit.objects.get_or_create(pk=COUNTRY_ID)
    if not fresh:
        return False
    with connection.cursor() as cursor:  # PostgreSQL does not notice that number 1 was given by hand
        for statement in connection.ops.sequence_reset_sql(no_style(), [Unit]):
            cursor.execute(statement)
    common: dict[str, Any] = {"unit_id": COUNTRY_ID, "start": COUNTRY_SINCE}
    Existence.objects.create(exists=True, **common)
    Name.objects.create(name="Việt Nam", body_name="Chính phủ", **common)
    Classing.objects.create(kind_id="country", **common)
    for text in ("Cả nước", "Toàn quốc", "Trung ương", "Chính phủ"):
        Alias.objects.create(unit_id=COUNTRY_ID, text=text, fold=spelling.canon(text))
    rebuild_snapshots([COUNTRY_ID])
    rebuild_closure([COUNTRY_ID])
    return True


def load_administrative_units(
    *, by: Actor, at: datetime, provinces: set[str] | None = None, progress: Progress | None = None
) -> int:
    """Load the shipped tree, or only what belongs to some provinces of today; how many units were new.

    `provinces` are Statistics Office codes of today's provinces ("15" is Lào Cai); their predecessors, districts and
    communes come with them.
    """
    say = progress or (lambda what, done, of: None)
    with writing(by=by, at=at, verb="unit.load", unit_id=COUNTRY_ID) as entry:
        rights.require(by, "unit.manage", COUNTRY_ID, at=at, on=timezone.localdate(at))
        _load_kinds()
        plan = Plan(provinces)
        writer = _Writer(plan, say)
        changed = writer.write()
        if changed:
            say("snapshots", 0, 1)
            rebuild_snapshots()
            say("closure", 0, 1)
            rebuild_closure()
            if provinces is None:
                check_totals()
            _let_the_database_count()
            say("done", 1, 1)
        entry.skip = not changed
        entry.data.update(units=writer.fresh, provinces=sorted(provinces or []))
    return writer.fresh


def _let_the_database_count() -> None:
    """PostgreSQL plans by statistics it has not gathered yet; without them the first searches take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Closure, Snapshot, Link, Existence, Name, Classing, Code, Lineage, Alias):
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')


# What the catalogue says


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
        self.lineages = [self._lineage(row) for row in rows("admin/lineage.csv")]
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
        """Only the units that stand, or once stood, under the wanted provinces of today or their predecessors."""
        today = {code for code, keys in self._province_keys.items() if self.units[max(keys)].end is None}
        wanted = {self._province_on(code, self.reform) for code in provinces & today}
        if missing := sorted(provinces - today):
            raise refusals.UnknownCode(code=", ".join(missing), day=self.reform)
        while older := {line.predecessor for line in self.lineages if line.successor in wanted} - wanted:
            wanted |= older
        for key, unit in self.units.items():  # parents come first in the order of the plan
            if any(parent in wanted for _, parent, _ in unit.parents if parent != COUNTRY):
                wanted.add(key)
        self.units = {key: unit for key, unit in self.units.items() if key in wanted}
        self.lineages = [line for line in self.lineages if line.predecessor in wanted and line.successor in wanted]


# Into the tables


class _Writer:
    """Writes what is missing, table by table, in large statements."""

    def __init__(self, plan: Plan, say: Progress) -> None:
        self.plan, self.say = plan, say
        self.ids: dict[Key, int] = {COUNTRY: COUNTRY_ID}
        self.decisions: dict[str, int | None] = {"": None}
        self.fresh = 0

    def write(self) -> bool:
        """Whether anything was missing; `fresh` counts the new units."""
        self._decisions()
        self._units()
        if not self.fresh and not self._incomplete():
            return False
        planned = list(self.plan.units.items())
        tables: list[tuple[type[models.Model], Iterable[models.Model]]] = [
            (Existence, (row for key, unit in planned for row in self._existences(self.ids[key], unit))),
            (Name, (row for key, unit in planned for row in self._names(self.ids[key], unit))),
            (Classing, (row for key, unit in planned for row in self._kinds(self.ids[key], unit))),
            (Code, (row for key, unit in planned for row in self._codes(self.ids[key], unit))),
            (Link, (row for key, unit in planned for row in self._links(self.ids[key], unit))),
            (Lineage, (self._lineage(line) for line in self.plan.lineages)),
        ]
        for number, (model, found) in enumerate(tables):
            self.say(model._meta.model_name or "", number, len(tables))
            model.objects.bulk_create(found, batch_size=BATCH, ignore_conflicts=True)  # type: ignore[attr-defined]
        return True

    def _incomplete(self) -> bool:
        """Whether a newer catalogue has rows for units that are all here already: a change of name, say."""
        here = set(Name.objects.values_list("unit_id", "start"))
        planned = ((self.ids[key], start) for key, unit in self.plan.units.items() for start, *_ in unit.names)
        return any(row not in here for row in planned)

    def _decisions(self) -> None:
        planned = list(rows("admin/decisions.csv"))
        Decision.objects.bulk_create(
            [
                Decision(
                    number=row["number"], date=date.fromisoformat(row["date"]), issuer=row["issuer"],
                    title=nfc(row["title"]), note=row["note"],
                )
                for row in planned
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        stored = {(row.number, row.issuer): row.pk for row in Decision.objects.all()}
        self.decisions.update({row["key"]: stored[row["number"], row["issuer"]] for row in planned})

    def _units(self) -> None:
        """Find the units that are here by code and first day, and give the others a number."""
        starts: dict[int, date] = {}
        for unit, start in Existence.objects.filter(exists=True).order_by("-start").values_list("unit_id", "start"):
            starts[unit] = start
        codes = (
            Code.objects.filter(scheme__in=(OURS, OFFICIAL)).exclude(code="").values_list("code", "start", "unit_id")
        )
        for code, start, unit in codes:
            if starts.get(unit) == start and (code, start) in self.plan.units:
                self.ids[code, start] = unit
        fresh = [key for key in self.plan.units if key not in self.ids]
        made = Unit.objects.bulk_create([Unit() for _ in fresh], batch_size=BATCH)
        self.ids.update({key: unit.pk for key, unit in zip(fresh, made)})
        self.fresh = len(fresh)

    def _existences(self, unit_id: int, unit: Planned) -> Iterable[Existence]:
        by = self.decisions[unit.founded_by]
        yield Existence(unit_id=unit_id, start=unit.key[1], exists=True, decision_id=by)
        if unit.end:
            yield Existence(unit_id=unit_id, start=unit.end, exists=False, decision_id=self.decisions[unit.ended_by])

    def _names(self, unit_id: int, unit: Planned) -> Iterable[Name]:
        for start, name, by in unit.names:
            name = nfc(name)
            yield Name(
                unit_id=unit_id, start=start, name=name, body_name=spelling.governing_body(name),
                decision_id=self.decisions[by],
            )  # fmt: skip

    def _kinds(self, unit_id: int, unit: Planned) -> Iterable[Classing]:
        for start, kind, by in unit.kinds:
            yield Classing(unit_id=unit_id, start=start, kind_id=kind, decision_id=self.decisions[by])

    def _codes(self, unit_id: int, unit: Planned) -> Iterable[Code]:
        code, start = unit.key
        by = self.decisions[unit.founded_by]
        yield Code(unit_id=unit_id, scheme=unit.scheme, start=start, code=code, decision_id=by)

    def _links(self, unit_id: int, unit: Planned) -> Iterable[Link]:
        steps = [*unit.parents, (unit.end, None, unit.ended_by)] if unit.end else unit.parents
        for start, parent, by in steps:
            above = self.ids[parent] if parent else None
            for hierarchy in BOTH:
                yield Link(
                    unit_id=unit_id,
                    hierarchy_id=hierarchy,
                    start=start,
                    parent_id=above,
                    decision_id=self.decisions[by],
                )

    def _lineage(self, line: PlannedLineage) -> Lineage:
        return Lineage(
            predecessor_id=self.ids[line.predecessor], successor_id=self.ids[line.successor], on=line.on,
            numerator=line.numerator, denominator=line.denominator, basis=line.basis, main=line.main,
            decision_id=self.decisions[line.decision],
        )  # fmt: skip


LEVELS = {"provinces": "province", "districts": "district", "communes": "commune"}


def check_totals() -> None:
    """Refuse a load whose totals differ from the decrees' (`[[total]]` in admin.toml)."""
    for wanted in table("admin/admin.toml")["total"]:
        alive = Snapshot.objects.filter(start__lte=wanted["on"], end__gt=wanted["on"], kind__family="area")
        for what, number in wanted.items():
            if what == "on":
                continue
            found = alive.filter(kind__level=LEVELS[what]) if what in LEVELS else alive.filter(kind=what)
            if found.count() != number:
                raise refusals.CatalogueFault(what=f"{wanted['on']}: {what} {found.count()} ≠ {number}")
