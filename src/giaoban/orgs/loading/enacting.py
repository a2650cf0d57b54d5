"""The catalogue into the tables: day by day, every act that made, changed or ended units is enacted as a decree.

What stood before the first known act is founded; from then on the country becomes what it is through the same engine
that people use, the whole reform of 1 July 2025 as one day of 36 acts. Only what is missing is enacted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from giaoban.catalogue import rows
from giaoban.core.span import FAR
from giaoban.core.text import nfc
from giaoban.journal.actor import Actor
from giaoban.orgs import spelling
from giaoban.orgs.decree import Become, Establish, Move, Reclassify, Rename, Step
from giaoban.orgs.engine import Decree, enact
from giaoban.orgs.engine.rows import Told
from giaoban.orgs.loading.plan import COUNTRY, OFFICIAL, OURS, Key, Plan, Planned, PlannedLineage
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    TERRITORY,
    Classing,
    Code,
    Decision,
    Existence,
    Lineage,
    Link,
    Name,
)

BOTH = (TERRITORY, MANAGEMENT)  # an area stands in both: what contains it also directs its committee
UNTITLED = "Danh mục đơn vị hành chính, trạng thái từ %s"
Act = tuple[date, str]  # the day, and the key of the decision ("" where the catalogue knows none)


class Enacting:
    """Works out what is missing, and enacts it from the earliest day to the latest."""

    def __init__(self, plan: Plan, by: Actor, at: datetime, say: Told) -> None:
        self.plan, self.by, self.at, self.say = plan, by, at, say
        self.ids: dict[Key, int] = {COUNTRY: COUNTRY_ID}
        self._find()
        self.fresh = {key for key in plan.units if key not in self.ids}
        self.ends = self._last_days()
        self.here: dict[Any, set[tuple[int, date]]] = {
            Name: set(Name.objects.values_list("unit_id", "start")),
            Classing: set(Classing.objects.values_list("unit_id", "start")),
            Link: set(Link.objects.filter(hierarchy=TERRITORY).values_list("unit_id", "start")),
        }

    def run(self) -> bool:
        """Whether anything was missing."""
        acts = self._acts()
        if not acts and not self.fresh:
            return False
        decisions = self._decisions()
        days: dict[date, list[str]] = defaultdict(list)
        for day, key in acts:
            days[day].append(key)
        for day in sorted(days):
            decrees = [_decree(list(self._steps(acts[day, key])), decisions.get(key), day) for key in days[day]]
            written = enact(decrees, by=self.by, at=self.at, on=day, deriving=False, say=self.say)
            self.ids.update({_key(name): unit for name, unit in written.founded.items()})
        self._complete_lineages(decisions)
        return True

    # What is here

    def _find(self) -> None:
        """The units that are here, known by code and first day."""
        starts: dict[int, date] = {}
        for unit, start in Existence.objects.filter(exists=True).order_by("-start").values_list("unit_id", "start"):
            starts[unit] = start
        codes = Code.objects.filter(scheme__in=(OURS, OFFICIAL)).exclude(code="")
        for code, start, unit in codes.values_list("code", "start", "unit_id"):
            if starts.get(unit) == start and (code, start) in self.plan.units:
                self.ids[code, start] = unit

    def _last_days(self) -> dict[int, date]:
        """The day each unit ends for good; people may have ended what a newer catalogue renames."""
        found: dict[int, date] = {}
        for unit, start, exists in Existence.objects.order_by("start").values_list("unit_id", "start", "exists"):
            found[unit] = FAR if exists else start
        return found

    def _decisions(self) -> dict[str, Decision]:
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
        stored = {(row.number, row.issuer): row for row in Decision.objects.all()}
        return {row["key"]: stored[row["number"], row["issuer"]] for row in planned}

    # What is missing, by act

    def _acts(self) -> dict[Act, list[tuple[Any, ...]]]:
        """What each act still has to do; steps are made when the units of earlier days have their numbers."""
        acts: dict[Act, list[tuple[Any, ...]]] = defaultdict(list)
        for unit in self.plan.units.values():
            self._founding(unit, acts)
        for unit in self.plan.units.values():
            self._changes(unit, acts)
        for line in self.plan.lineages:
            if self._by_decree(line):  # by the act that ended it: districts by the law that has no districts
                acts[line.on, self.plan.units[line.predecessor].ended_by].append((Become, line))
        return acts

    def _founding(self, unit: Planned, acts: dict[Act, list[tuple[Any, ...]]]) -> None:
        if unit.key in self.fresh:
            acts[unit.key[1], unit.founded_by].append((Establish, unit))

    def _changes(self, unit: Planned, acts: dict[Act, list[tuple[Any, ...]]]) -> None:
        for start, name, by in unit.names:
            if self._missing(Name, unit, start):
                acts[start, by].append((Rename, unit.key, name))
        for start, kind, by in unit.kinds:
            if self._missing(Classing, unit, start):
                acts[start, by].append((Reclassify, unit.key, kind))
        for start, parent, by in unit.parents:
            if self._missing(Link, unit, start):
                acts[start, by].append((Move, unit.key, parent))

    def _missing(self, model: type, unit: Planned, start: date) -> bool:
        if unit.key in self.fresh:
            return start > unit.key[1]  # the founding says the first
        number = self.ids[unit.key]
        return (number, start) not in self.here[model] and start < self.ends[number]

    def _by_decree(self, line: PlannedLineage) -> bool:
        """Whether the predecessor is still to end; else it did when fewer provinces were loaded."""
        return line.predecessor in self.fresh or self.ends[self.ids[line.predecessor]] == FAR

    # Steps

    def _steps(self, asked: list[tuple[Any, ...]]) -> Iterator[Step]:
        for kind, *what in asked:
            if kind is Establish:
                yield self._establish(*what)
            elif kind is Become:
                (line,) = what
                share = line.share
                yield Become(self.ids[line.predecessor], self._place(line.successor), share, line.basis)
            elif kind is Rename:
                name = nfc(what[1])
                yield Rename(self.ids[what[0]], name, spelling.governing_body(name))
            elif kind is Reclassify:
                yield Reclassify(self.ids[what[0]], what[1])
            else:
                yield from (Move(self.ids[what[0]], hierarchy, self._place(what[1])) for hierarchy in BOTH)

    def _establish(self, unit: Planned) -> Establish:
        name = nfc(unit.names[0][1])
        return Establish(
            key=_text(unit.key),
            kind=unit.kinds[0][1],
            name=name,
            body_name=spelling.governing_body(name),
            parents=dict.fromkeys(BOTH, self._place(unit.parents[0][1])),
            codes={unit.scheme: unit.key[0]},
        )

    def _place(self, key: Key | None) -> int | str:
        assert key is not None
        return self.ids.get(key) or _text(key)

    def _complete_lineages(self, decisions: dict[str, Decision]) -> None:
        """Lines between units that are both here already, as a load of fewer provinces once left them."""
        Lineage.objects.bulk_create(
            [
                Lineage(
                    predecessor_id=self.ids[line.predecessor], successor_id=self.ids[line.successor], on=line.on,
                    numerator=line.numerator, denominator=line.denominator, basis=line.basis, main=line.main,
                    decision=decisions.get(line.decision),
                )
                for line in self.plan.lineages
                if not self._by_decree(line)
            ],
            ignore_conflicts=True,
            batch_size=2000,
        )  # fmt: skip


def _decree(steps: list[Step], decision: Decision | None, day: date) -> Decree:
    return Decree(steps, decision, "" if decision else UNTITLED % f"{day:%d/%m/%Y}")


def _text(key: Key) -> str:
    return f"{key[0]}@{key[1]}"


def _key(text: str) -> Key:
    code, _, start = text.partition("@")
    return code, date.fromisoformat(start)
