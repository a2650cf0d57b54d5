"""Taking a change back, as long as nothing newer rests on it. The rows it wrote go into `Change.revoked`, what it had
altered stands again as before, and every answer is what it was. Units it founded keep their numbers and no life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, rights
from giaoban.orgs.actions.decreeing import asked_at
from giaoban.orgs.decree import from_json
from giaoban.orgs.derived import fetch, parts
from giaoban.orgs.engine import derive
from giaoban.orgs.engine.circles import circles
from giaoban.orgs.engine.enacting import signature
from giaoban.orgs.engine.hanging import hanging
from giaoban.orgs.engine.record import Record
from giaoban.orgs.models import Alias, Change, Lineage, Link
from giaoban.orgs.queries.done import DATED

WRITTEN: dict[str, Any] = {**DATED, "lineage": Lineage}


def undo(*, by: Actor, at: datetime, change: Change, why: str) -> None:
    """Take back all that the change wrote."""
    with writing(by=by, at=at, verb="unit.undo", subject=change, reason=nfc(why).strip()) as entry:
        stored = Change.objects.select_for_update().get(pk=change.pk)
        if stored.undone_at:
            raise refusals.UndoneAlready(day=stored.undone_at.date())
        if not why.strip():
            raise refusals.WhyMissing()
        marks = Marks(stored)
        _require(by, at, stored, marks)
        _refuse_newer(stored, marks)
        _revoke(stored, marks)
        _restore(stored)
        _refuse_ruins(stored, marks)
        stored.undone_at, stored.undone_by, stored.undone_why = at, signature(by), nfc(why).strip()
        stored.save()
        derive(marks.stretches, marks.placed)
        change.refresh_from_db()
        entry.unit_id = min(marks.touched, default=None)
        entry.data.update(on=stored.on, founded=len(marks.founded), ended=len(marks.ended))


class Marks:
    """What the change left in the record, read before it is taken away."""

    def __init__(self, change: Change) -> None:
        self.rows = {
            table: list(model.objects.filter(change=change).order_by("pk").values()) for table, model in WRITTEN.items()
        }
        self.founded = set(queries.founded_by(change))
        self.ended = set(queries.ended_by(change))
        self.touched = queries.touched(change)
        lived = {row["unit_id"] for row in self.rows["existence"]}
        led = [row for table, row, _ in change.altered if table == "link"]
        self.linked = {(row["unit_id"], row["hierarchy_id"]) for row in self.rows["link"]}
        for part in parts(led):
            self.linked |= set(Link.objects.filter(pk__in=part).values_list("unit_id", "hierarchy_id"))
        self.placed = {unit for unit, _ in self.linked} | lived
        self.stretches = lived.union(*({row["unit_id"] for row in self.rows[t]} for t in ("name", "classing", "code")))


def _require(by: Actor, at: datetime, change: Change, marks: Marks) -> None:
    """The rights that carrying it out asked for, each where the unit stands: of those that ended, on the day before.

    What only came along, such as the Party's units of a commune, goes back with it unasked.
    """
    if by.is_system:
        return
    named = {unit for step in from_json(change.steps) for unit in asked_at(step)} - marks.ended
    standing = {unit for part in parts(named) for unit in queries.snapshots(part, change.on)}
    rights.require_all(by, "unit.manage", standing, at=at, on=change.on)
    eve = change.on - timedelta(days=1)
    rights.require_all(by, "unit.manage", marks.ended, at=at, on=eve)


# What rests on it


def _refuse_newer(change: Change, marks: Marks) -> None:
    for unit, newer in _newer(change, marks):
        other = Change.objects.get(pk=newer)
        label = f"{other.title or other.decision or f'#{other.pk}'} ({other.on:%d/%m/%Y})"
        raise refusals.RestsOnIt(unit=queries.name(unit, other.on), change=label)


def _newer(change: Change, marks: Marks) -> Iterator[tuple[int, int]]:
    """(unit, change) of everything written after it upon what it founded, ended or changed."""
    whole = marks.founded | marks.ended
    after: dict[str, Any] = {"change__gt": change.pk}
    for model in DATED.values():
        yield from fetch(model, whole, "change_id", **after)
    yield from fetch(Lineage, whole, "change_id", by="predecessor_id", **after)
    yield from fetch(Link, marks.founded, "change_id", by="parent_id", **after)
    yield from _same_thing(marks, after)
    yield from _altered_since(change, marks)


KEYS: dict[str, tuple[str, ...]] = {
    "name": (),
    "classing": (),
    "code": ("scheme",),
    "holds": ("attribute_id",),
    "link": ("hierarchy_id",),
}


def _same_thing(marks: Marks, after: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """A unit renamed once more rests on its renaming; one that moved since does not."""
    for table, keys in KEYS.items():
        mine = {(row["unit_id"], *(row[key] for key in keys)) for row in marks.rows[table]}
        if table == "link":
            mine |= marks.linked
        for unit, newer, *rest in fetch(WRITTEN[table], {unit for unit, *_ in mine}, "change_id", *keys, **after):
            if (unit, *rest) in mine:
                yield unit, newer


def _altered_since(change: Change, marks: Marks) -> Iterator[tuple[int, int]]:
    """Later changes that altered rows which this one wrote or altered."""
    mine = {(table, row["id"]) for table, rows in marks.rows.items() for row in rows}
    mine |= {(table, row) for table, row, _ in change.altered}
    later = Change.objects.filter(pk__gt=change.pk, undone_at=None).exclude(altered=[])
    for newer, altered in later.values_list("pk", "altered"):
        for table, row, _ in altered:
            if (table, row) in mine:
                found = WRITTEN[table].objects.get(pk=row)
                yield (found.predecessor_id if table == "lineage" else found.unit_id), newer


# Taking back


def _revoke(change: Change, marks: Marks) -> None:
    aliases = [row for part in parts(marks.founded) for row in Alias.objects.filter(unit__in=part).values()]
    change.revoked = {table: [_plain(row) for row in rows] for table, rows in marks.rows.items() if rows}
    if aliases:
        change.revoked["alias"] = [_plain(row) for row in aliases]
    for model in WRITTEN.values():
        model.objects.filter(change=change).delete()
    for part in parts(marks.founded):
        Alias.objects.filter(unit__in=part).delete()


def _plain(row: Any) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _restore(change: Change) -> None:
    for table in ("link", "lineage"):
        before = {row: values for name, row, values in change.altered if name == table}
        found = [one for part in parts(before) for one in WRITTEN[table].objects.filter(pk__in=part)]
        for one in found:
            for field, value in before[one.pk].items():
                setattr(one, field, value)
        if found:
            fields = [name.removesuffix("_id") for name in before[found[0].pk]]
            WRITTEN[table].objects.bulk_update(found, fields, batch_size=2000)


# What would be left


def _refuse_ruins(change: Change, marks: Marks) -> None:
    """Later changes need not name a unit to rest on where it went: no link may hang or circle, no code be twice."""
    called = queries.name
    for found in hanging(marks.linked, change.on):
        raise refusals.WouldHang(unit=called(found.unit, found.day), parent=called(found.parent, found.day))
    for circle in circles(marks.linked, change.on):
        raise refusals.LoopLater(
            unit=called(circle.unit, circle.day), parent=called(circle.parent, circle.day), day=circle.day
        )
    _refuse_codes(change, marks)


def _refuse_codes(change: Change, marks: Marks) -> None:
    """Codes that come back to their units must not have gone to others since."""
    units = marks.ended | {row["unit_id"] for row in marks.rows["code"]}
    record = Record(change.on, units)
    back = {(scheme, code) for (_, scheme), rows in record.codes(units).items() for _, code in rows if code}
    for (_scheme, code), bearers in record.bearers(back).items():
        for mine, days in bearers:
            for other, others in bearers if mine in units else ():
                if other != mine and days.overlaps(others):
                    called = queries.name
                    raise refusals.CodeInUse(unit=called(mine, change.on), code=code, holder=called(other, change.on))
