"""Founding units: one, many, a whole table, the offices an area has by law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from giaoban.catalogue import table
from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, spelling, tables
from giaoban.orgs.actions.decreeing import may_do
from giaoban.orgs.decree import Establish
from giaoban.orgs.engine import Decree, enact
from giaoban.orgs.founding import Founding
from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT, Decision, Snapshot, Unit


def establish(
    *,
    by: Actor,
    at: datetime,
    on: date,
    kind: str,
    name: str,
    body_name: str = "",
    short_name: str = "",
    parents: Mapping[str, int] | None = None,
    codes: Mapping[str, str] | None = None,
    aliases: Iterable[str] = (),
    decision: Decision | None = None,
) -> Unit:
    """Found a unit on a day, under its parents: {hierarchy code: unit id}."""
    founding = Founding(kind, name, body_name, short_name, parents or {}, codes or {}, tuple(aliases))
    with writing(by=by, at=at, verb="unit.establish") as entry:
        try:
            unit = found(by, at, on, [founding], decision)[0]
        except Invalid as refused:
            faults = [fault.fault if isinstance(fault, refusals.BadRow) else fault for fault in refused.faults]
            raise (faults[0] if len(faults) == 1 else Invalid(faults)) from None
        entry.subject, entry.unit_id = unit, unit.pk
        entry.data.update(on=on, kind=kind, name=founding.name, parents=dict(founding.parents))
    return unit


def establish_many(
    *,
    by: Actor,
    at: datetime,
    on: date,
    foundings: Sequence[Founding],
    decision: Decision | None = None,
    first_row: int = 1,
    columns: Mapping[str, str] | None = None,
) -> list[Unit]:
    """Found many units at once: all or none, and every fault names its row and field (or its `columns` name)."""
    with writing(by=by, at=at, verb="unit.establish_many", unit_id=COUNTRY_ID) as entry:
        try:
            units = found(by, at, on, foundings, decision)
        except Invalid as refused:
            raise Invalid([_in_table(fault, first_row, columns or {}) for fault in refused.faults]) from None
        entry.data.update(on=on, units=[[unit.pk, founding.name] for unit, founding in zip(units, foundings)])
    return units


def _in_table(fault: Refused, first_row: int, columns: Mapping[str, str]) -> Refused:
    """The fault by the row and column of the table the foundings came from."""
    if not isinstance(fault, refusals.BadRow):
        return fault
    return refusals.BadRow(fault.row + first_row - 1, fault.fault, columns.get(fault.fault.field or "", ""))


def found(by: Actor, at: datetime, on: date, foundings: Sequence[Founding], decision: Decision | None) -> list[Unit]:
    """Enact a decree that only founds."""
    steps = [step_of(founding, str(number)) for number, founding in enumerate(foundings)]
    may_do(by, at, on, steps)
    return enact([Decree(steps, decision)], by=by, at=at, on=on).units if steps else []


def step_of(founding: Founding, key: str) -> Establish:
    return Establish(
        key=key,
        kind=founding.kind,
        name=founding.name,
        body_name=founding.body_name,
        short_name=founding.short_name,
        parents=dict(founding.parents),
        codes=dict(founding.codes),
        aliases=tuple(founding.aliases),
    )


def establish_from_table(
    *, by: Actor, at: datetime, on: date, content: bytes, decision: Decision | None = None
) -> list[Unit]:
    """Found the units of a CSV file (columns as in `tables`): all or none."""
    return establish_many(
        by=by,
        at=at,
        on=on,
        foundings=tables.foundings(content, on),
        decision=decision,
        first_row=tables.FIRST_ROW,
        columns=tables.COLUMNS,
    )


def establish_offices(
    *, by: Actor, at: datetime, on: date, unit: Unit, decision: Decision | None = None
) -> dict[str, Unit]:
    """Found the offices an area has by law (`[[office]]` in kinds.toml) and lacks; gives all, {short name: unit}."""
    area = queries.living(on).filter(unit=unit).select_related("kind").first()
    if area is None:
        raise refusals.NotThere(unit=queries.name(unit.pk, on), day=on)
    wanted = [row for row in table("kinds.toml")["office"] if row["of"] == area.kind.level]
    below = {row.name: row.unit for row in queries.children(unit.pk, MANAGEMENT, on).select_related("unit", "kind")}
    foundings = [_office(row, area) for row in wanted]
    fresh = [founding for founding in foundings if founding.name not in below]
    if fresh:
        units = establish_many(by=by, at=at, on=on, foundings=fresh, decision=decision)
        below.update({founding.name: one for founding, one in zip(fresh, units)})
    return {founding.short_name: below[founding.name] for founding in foundings}


def _office(row: Mapping[str, Any], area: Snapshot) -> Founding:
    pattern = row.get("name_in_ward", row["name"]) if area.kind_id == "ward" else row["name"]
    return Founding(
        kind=row["kind"],
        name=pattern.format(area=spelling.in_text(area.name)),
        short_name=row["short"],
        parents=dict.fromkeys(row["parents"], area.unit_id),
    )
