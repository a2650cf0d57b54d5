"""Founding units: one, many, a whole table, the offices an area has by law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from giaoban.catalogue import table
from giaoban.core.refusal import Invalid, Refused
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, spelling, tables
from giaoban.orgs.actions.checks import Seen, faults_of, may_found, there
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.founding import Founding
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    Alias,
    Classing,
    Code,
    Decision,
    Existence,
    Link,
    Name,
    Snapshot,
    Unit,
)


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
        may_found(by, at, on, [founding])
        faults = faults_of(founding, on, Seen())
        if faults:
            raise faults[0] if len(faults) == 1 else Invalid(faults)
        unit = found_units([founding], on, decision)[0]
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
        may_found(by, at, on, foundings)
        seen = Seen()
        faults: list[Refused] = [
            refusals.BadRow(row, fault, (columns or {}).get(fault.field or "", ""))
            for row, founding in enumerate(foundings, start=first_row)
            for fault in faults_of(founding, on, seen)
        ]
        if faults:
            raise Invalid(faults)
        units = found_units(foundings, on, decision)
        entry.data.update(on=on, units=[[unit.pk, founding.name] for unit, founding in zip(units, foundings)])
    return units


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
    area = there(unit, on)
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


def found_units(foundings: Sequence[Founding], on: date, decision: Decision | None) -> list[Unit]:
    """Write the rows of new units and bring snapshots and closure up to date."""
    units = Unit.objects.bulk_create([Unit() for _ in foundings])
    common: dict[str, Any] = {"start": on, "decision": decision}
    pairs = list(zip(units, foundings))
    Existence.objects.bulk_create([Existence(unit=unit, exists=True, **common) for unit in units])
    Name.objects.bulk_create(
        [
            Name(
                unit=unit,
                name=nfc(founding.name).strip(),
                body_name=nfc(founding.body_name).strip(),
                short_name=nfc(founding.short_name).strip(),
                **common,
            )
            for unit, founding in pairs
        ]
    )
    Classing.objects.bulk_create([Classing(unit=unit, kind_id=founding.kind, **common) for unit, founding in pairs])
    Code.objects.bulk_create(
        [
            Code(unit=unit, scheme=scheme, code=code, **common)
            for unit, founding in pairs
            for scheme, code in founding.codes.items()
        ]
    )
    Link.objects.bulk_create(
        [
            Link(unit=unit, hierarchy_id=hierarchy, parent_id=parent, **common)
            for unit, founding in pairs
            for hierarchy, parent in founding.parents.items()
        ]
    )
    Alias.objects.bulk_create(
        [
            Alias(unit=unit, text=nfc(text), fold=spelling.canon(text))
            for unit, founding in pairs
            for text in dict.fromkeys(founding.aliases)
        ],
        ignore_conflicts=True,
    )
    derive([unit.pk for unit in units])
    return units


def derive(unit_ids: Iterable[int]) -> None:
    ids = list(unit_ids)
    rebuild_snapshots(ids)
    rebuild_closure(ids)
