"""Steps that were found right become dated rows, in large statements, each naming the change that wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from giaoban.core.text import nfc
from giaoban.orgs import spelling
from giaoban.orgs.decree import Become, Establish, Mark, Place, Reclassify, Recode, Rename
from giaoban.orgs.derived import insert
from giaoban.orgs.engine.asked import Asked, Item
from giaoban.orgs.engine.below import Below, Handed, around
from giaoban.orgs.engine.record import Record
from giaoban.orgs.models import (
    Alias,
    Change,
    Classing,
    Code,
    Existence,
    Holds,
    Lineage,
    Link,
    Name,
    Unit,
)

BATCH = 2000
COLUMNS: dict[Any, tuple[str, ...]] = {
    Existence: ("exists",),
    Name: ("name", "body_name", "short_name"),
    Classing: ("kind_id",),
    Code: ("scheme", "code"),
    Holds: ("attribute_id", "value"),
    Link: ("hierarchy_id", "parent_id"),
}
"""What each dated table says beside who, from when, and by which change and decision."""

Told = Callable[[str, int, int], None]
"""What is being written, how many tables are done, of how many."""


@dataclass
class Written:
    """What the derived tables must follow: units whose stretches, and units whose places changed."""

    changes: list[Change]
    units: list[Unit] = field(default_factory=list)
    founded: dict[str, int] = field(default_factory=dict)
    stretches: set[int] = field(default_factory=set)
    linked: dict[tuple[int, str], Item] = field(default_factory=dict)
    lived: set[int] = field(default_factory=set)

    @property
    def placed(self) -> set[int]:
        return {unit for unit, _ in self.linked} | self.lived


def write(asked: Asked, record: Record, handed: Handed, changes: list[Change], say: Told) -> Written:
    writer = _Writer(asked, record, changes)
    writer.existences()
    writer.what_they_are()
    writer.links(handed)
    writer.lineages()
    tables = [*COLUMNS, Lineage, Alias]
    for number, model in enumerate(tables):
        say(model._meta.model_name or "", number, len(tables))
        writer.flush(model)
    writer.alter()
    writer.leave_unplaced(handed.unplaced)
    return writer.written


class _Writer:
    def __init__(self, asked: Asked, record: Record, changes: list[Change]) -> None:
        self.asked, self.record, self.changes = asked, record, changes
        self.rows: dict[Any, list[Any]] = defaultdict(list)
        self.over: list[tuple[Item, int, int | None]] = []  # planned links led elsewhere: (step, row, parent)
        self.written = Written(changes)
        self.written.units = Unit.objects.bulk_create([Unit() for _ in asked.founded], batch_size=BATCH)
        self.written.founded.update(zip(asked.founded, (unit.pk for unit in self.written.units)))

    def _add(self, item: Item, model: type[models.Model], unit: int, *values: Any) -> None:
        """A row of one of the dated tables; `values` in the order of `COLUMNS`."""
        change = self.changes[item.decree]
        self.rows[model].append((unit, self.asked.on, change.pk, change.decision_id, *values))

    def flush(self, model: Any) -> None:
        rows = self.rows.pop(model, [])
        if model in COLUMNS:
            insert(model, ["unit_id", "start", "change_id", "decision_id", *COLUMNS[model]], rows)
        else:
            model.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=model is Alias)

    def _unit(self, place: Place | None) -> int | None:
        return self.written.founded[place] if isinstance(place, str) else place

    # Lives

    def existences(self) -> None:
        for key, item in self.asked.founded.items():
            self._lives(item, self.written.founded[key], True)
        for unit, item in self.asked.reopened.items():
            self._lives(item, unit, True)
        for unit, item in self.asked.ended.items():
            self._lives(item, unit, False)

    def _lives(self, item: Item, unit: int, exists: bool) -> None:
        self._add(item, Existence, unit, exists)
        self.written.lived.add(unit)
        self.written.stretches.add(unit)

    # Names, kinds, codes, attributes

    def what_they_are(self) -> None:
        for item in self.asked.items:
            match item.step:
                case Establish():
                    self._founded(item, item.step)
                case Rename(unit=unit, name=name, body_name=body_name, short_name=short_name):
                    self._named(item, unit, name, body_name, short_name)
                case Reclassify(unit=unit, kind=kind):
                    self._add(item, Classing, unit, kind)
                    self.written.stretches.add(unit)
                case Recode(unit=unit, scheme=scheme, code=code):
                    self._add(item, Code, unit, scheme, code)
                    self.written.stretches.add(unit)
                case Mark(unit=unit, attribute=attribute, value=value):
                    self._add(item, Holds, unit, attribute, value)

    def _founded(self, item: Item, step: Establish) -> None:
        unit = self.written.founded[step.key]
        self._named(item, unit, step.name, step.body_name, step.short_name)
        self._add(item, Classing, unit, step.kind)
        for scheme, code in step.codes.items():
            self._add(item, Code, unit, scheme, code)
        for attribute, value in step.attributes.items():
            if value:
                self._add(item, Holds, unit, attribute, value)
        for text in dict.fromkeys(nfc(text) for text in step.aliases):
            self.rows[Alias].append(Alias(unit_id=unit, text=text, fold=spelling.canon(text)))

    def _named(self, item: Item, unit: int, name: str, body_name: str, short_name: str) -> None:
        self._add(item, Name, unit, nfc(name).strip(), nfc(body_name).strip(), nfc(short_name).strip())
        self.written.stretches.add(unit)

    # Links

    def links(self, handed: Handed) -> None:
        for key, founding in self.asked.founded.items():
            for hierarchy, place in founding.step.parents.items():
                self._link(founding, self.written.founded[key], hierarchy, place)
        for unit, item in self.asked.reopened.items():
            for hierarchy, place in item.step.parents.items():
                self._link(item, unit, hierarchy, place)
        for (unit, hierarchy), item in self.asked.moves.items():
            self._link(item, unit, hierarchy, item.step.parent)
        for below in handed.over:
            self._hand(below, self._unit(below.targets[0]))
        for unit, item in self.asked.ended.items():
            self._unlink(item, unit)

    def _link(self, item: Item, unit: int, hierarchy: str, place: Place | None) -> None:
        self._add(item, Link, unit, hierarchy, self._unit(place))
        self.written.linked[unit, hierarchy] = item

    def _hand(self, below: Below, parent: int | None) -> None:
        if below.row is None:
            self._link(below.item, below.child, below.hierarchy, parent)
        else:
            self.over.append((below.item, below.row, parent))
            self.written.linked[below.child, below.hierarchy] = below.item

    def _unlink(self, item: Item, unit: int) -> None:
        """A unit that ends stands under nobody from the day on."""
        for hierarchy in self.record.linked(unit):
            link = self.record.link(unit, hierarchy)
            if link is None or link.parent is None:
                continue
            if link.start == self.asked.on:
                self.over.append((item, link.pk, None))
            else:
                self._add(item, Link, unit, hierarchy, None)
            self.written.lived.add(unit)

    def alter(self) -> None:
        """Lead planned links elsewhere, and keep where they led."""
        stood = Link.objects.in_bulk([row for _, row, _ in self.over])
        for item, row, parent in self.over:
            change = self.changes[item.decree]
            change.altered.append(["link", row, {"parent_id": stood[row].parent_id}])
            stood[row].parent_id = parent
        Link.objects.bulk_update(stood.values(), ["parent"], batch_size=BATCH)
        self.over.clear()

    def leave_unplaced(self, unplaced: Sequence[Below]) -> None:
        """Only now do the links say what stands around the parts."""
        nearest = around()
        for below in unplaced:
            parts = tuple(self._unit(place) or 0 for place in below.targets)
            life = next((life.end for life in self.record.lives[below.child] if below.start < life.end), below.until)
            self._hand(below, nearest(parts, below, min(below.until, life)))
            entry = [below.child, below.hierarchy, list(parts)]
            if entry not in self.changes[below.item.decree].unplaced[-1:]:  # planned links of one child come together
                self.changes[below.item.decree].unplaced.append(entry)
        self.flush(Link)
        self.alter()

    # What became of whom

    def lineages(self) -> None:
        for unit, items in self.asked.becomes.items():
            change = self.changes[items[0].decree]
            for place, item in enumerate(sorted(items, key=lambda one: -one.step.share)):
                step: Become = item.step
                self.rows[Lineage].append(
                    Lineage(
                        predecessor_id=unit,
                        successor_id=self._unit(step.successor) or 0,
                        on=self.asked.on,
                        numerator=step.share.numerator,
                        denominator=step.share.denominator,
                        basis=Lineage.WHOLE if step.share == 1 else step.basis,
                        main=place == 0,
                        change_id=change.pk,
                        decision_id=change.decision_id,
                    )
                )
