"""What a change did, in words for a page: built inside the transaction that did it, so that it says what happened.

Each list keeps its first rows and how many there are in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from giaoban.core import period as periods
from giaoban.indicators.models import Report
from giaoban.indicators.queries.following import figures_held, reports_of, targets_set
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Change, Classing, Code, Existence, Holds, Lineage, Link, Name, Snapshot
from giaoban.orgs.queries.heirs import Succession
from giaoban.people.models import Grant, Holding, Position
from giaoban.people.roles import Role
from giaoban.work.models import Meeting, Task

SHOWN = 60
Rows = dict[str, Any]
Records = Mapping[str, Sequence[dict[str, Any]]]


def summary(change: Change, told: Succession, records: Records) -> dict[str, Rows]:
    """Everything that a reform changes, group by group."""
    return _units(change, told) | _people(told, records) | _figures(told, records) | _work(told, records)


def _rows(rows: Iterable[Any], total: int | None = None) -> Rows:
    found = list(rows)
    return {"total": len(found) if total is None else total, "rows": found[:SHOWN]}


class _Names:
    """Names on the day of the change and on its eve, asked in bulk."""

    def __init__(self, told: Succession, units: Iterable[int | None]) -> None:
        wanted = {unit for unit in units if unit is not None}
        self.now = orgs.names(wanted, told.on)
        self.eve = orgs.names(wanted, told.on - timedelta(days=1))


def _units(change: Change, told: Succession) -> dict[str, Rows]:
    gone, new = set(told.ended), set(told.founded)
    reopened = list(
        Existence.objects.filter(change=change, exists=True).exclude(unit__in=new).values_list("unit_id", flat=True)
    )
    lineage = list(Lineage.objects.filter(change=change).order_by("-main", "pk"))
    names = _Names(told, {*told.ended[:SHOWN], *told.founded[:SHOWN], *reopened[:SHOWN]} | _ends(lineage))
    became: dict[int, list[Lineage]] = {}
    made_of: dict[int, list[Lineage]] = {}
    for row in lineage:
        became.setdefault(row.predecessor_id, []).append(row)
        made_of.setdefault(row.successor_id, []).append(row)
    kinds = _kinds([*told.founded[:SHOWN], *told.ended[:SHOWN]])
    places = _places(told.founded[:SHOWN], told)
    return {
        "founded": _rows(
            (
                {
                    "unit": unit,
                    "name": names.now[unit],
                    "kind": kinds.get(unit, ""),
                    "under": places.get(unit, ""),
                    "made_of": [_share(names.eve[row.predecessor_id], row) for row in made_of.get(unit, [])],
                }
                for unit in told.founded[:SHOWN]
            ),
            len(told.founded),
        ),
        "ended": _rows(
            (
                {
                    "unit": unit,
                    "name": names.eve[unit],
                    "kind": kinds.get(unit, ""),
                    "became": [_share(names.now[row.successor_id], row) for row in became.get(unit, [])],
                }
                for unit in told.ended[:SHOWN]
            ),
            len(told.ended),
        ),
        "reopened": _rows({"unit": unit, "name": names.now[unit]} for unit in reopened),
        "renamed": _renamed(change, told, new),
        "reclassed": _reclassed(change, told, new),
        "recoded": _recoded(change, told, gone | new),
        "moved": _moved(change, told, gone | new | set(reopened)),
        "marked": _marked(change, told),
    }


def _ends(lineage: Iterable[Lineage]) -> set[int]:
    return {unit for row in lineage for unit in (row.predecessor_id, row.successor_id)}


def _share(name: str, row: Lineage) -> dict[str, Any]:
    share = Fraction(row.numerator, row.denominator)
    text = "" if share == 1 else str(share)
    return {"name": name, "share": text, "basis": "" if share == 1 else row.get_basis_display()}


def _kinds(units: Iterable[int]) -> dict[int, str]:
    rows = Snapshot.objects.filter(unit__in=list(units)).order_by("start")
    return dict(rows.values_list("unit_id", "kind__name"))


def _places(units: Sequence[int], told: Succession) -> dict[int, str]:
    """Under whom new units stand, in words, the territory first."""
    links = list(Link.objects.filter(unit__in=list(units), start=told.on, parent__isnull=False))
    links.sort(key=lambda link: link.hierarchy_id != orgs.TERRITORY)
    names = orgs.names({link.parent_id for link in links}, told.on)
    found: dict[int, list[str]] = {}
    for link in links:
        parents = found.setdefault(link.unit_id, [])
        if names[link.parent_id] not in parents:
            parents.append(names[link.parent_id])
    return {unit: ", ".join(parents) for unit, parents in found.items()}


def _renamed(change: Change, told: Succession, new: set[int]) -> Rows:
    rows = Name.objects.filter(change=change).exclude(unit__in=new).order_by("pk")
    first = list(rows[:SHOWN])
    names = _Names(told, (row.unit_id for row in first))
    return _rows(
        ({"unit": row.unit_id, "before": names.eve[row.unit_id], "after": row.name} for row in first), rows.count()
    )


def _reclassed(change: Change, told: Succession, new: set[int]) -> Rows:
    rows = Classing.objects.filter(change=change).exclude(unit__in=new).select_related("kind").order_by("pk")
    first = list(rows[:SHOWN])
    names = _Names(told, (row.unit_id for row in first))
    before = orgs.snapshots([row.unit_id for row in first], told.on - timedelta(days=1))
    kinds = {kind.pk: kind.name for kind in orgs.kinds()}
    return _rows(
        (
            {
                "unit": row.unit_id,
                "name": names.now[row.unit_id],
                "before": kinds.get(before[row.unit_id].kind_id, "") if row.unit_id in before else "",
                "after": row.kind.name,
            }
            for row in first
        ),
        rows.count(),
    )


def _recoded(change: Change, told: Succession, without: set[int]) -> Rows:
    rows = Code.objects.filter(change=change).exclude(unit__in=without).order_by("pk")
    first = list(rows[:SHOWN])
    names = _Names(told, (row.unit_id for row in first))
    return _rows(
        ({"unit": row.unit_id, "name": names.now[row.unit_id], "after": row.code or "—"} for row in first), rows.count()
    )


def _moved(change: Change, told: Succession, without: set[int]) -> Rows:
    """Units that stand elsewhere; a unit that moves alike in several hierarchies is one line."""
    rows = Link.objects.filter(change=change).exclude(unit__in=without).select_related("hierarchy").order_by("pk")
    units = list(dict.fromkeys(rows.values_list("unit_id", flat=True)))
    first = list(rows.filter(unit__in=units[:SHOWN]))
    earlier = Link.objects.filter(unit__in=[row.unit_id for row in first], start__lt=told.on).order_by("start")
    stood = {(row.unit_id, row.hierarchy_id): row.parent_id for row in earlier}
    names = _Names(told, {unit for row in first for unit in (row.unit_id, row.parent_id)} | set(stood.values()))
    alike: dict[tuple[int, str, str], list[str]] = {}
    for row in first:
        before = names.eve.get(stood.get((row.unit_id, row.hierarchy_id)) or 0, "—")
        after = names.now.get(row.parent_id or 0, "—")
        alike.setdefault((row.unit_id, before, after), []).append(row.hierarchy.name)
    lines = [
        {"unit": unit, "name": names.now[unit], "hierarchy": ", ".join(trees), "before": before, "after": after}
        for (unit, before, after), trees in alike.items()
    ]
    return {"total": len(units), "rows": lines}


def _marked(change: Change, told: Succession) -> Rows:
    rows = Holds.objects.filter(change=change).select_related("attribute").order_by("pk")
    first = list(rows[:SHOWN])
    names = _Names(told, (row.unit_id for row in first))
    return _rows(
        (
            {
                "unit": row.unit_id,
                "name": names.now[row.unit_id],
                "attribute": row.attribute.name,
                "after": row.attribute.values.get(row.value, "—"),
            }
            for row in first
        ),
        rows.count(),
    )


def _people(told: Succession, records: Records) -> dict[str, Rows]:
    made = [key for record in records.get("people", []) for key in record["positions"]]
    held = [key for record in records.get("people", []) for key, _ in record["holdings_made"]]
    granted = [key for record in records.get("people", []) for key, _ in record["grants_made"]]
    seats = list(Position.objects.filter(pk__in=made[:SHOWN]).order_by("pk"))
    sitting: dict[int, list[str]] = {}
    for one in Holding.objects.filter(pk__in=held).select_related("account").order_by("pk"):
        sitting.setdefault(one.position_id, []).append(one.account.full_name)
    grants = list(Grant.objects.filter(pk__in=granted[:SHOWN]).select_related("position").order_by("pk"))
    names = _Names(told, {one.unit_id for one in seats} | {one.unit_id for one in grants})
    return {
        "seats": _rows(
            (
                {"title": one.title, "unit": names.now[one.unit_id], "people": ", ".join(sitting.get(one.pk, []))}
                for one in seats
            ),
            len(made),
        ),
        "grants": _rows(
            (
                {"role": Role(one.role).label, "title": one.position.title, "unit": names.now[one.unit_id]}
                for one in grants
            ),
            len(granted),
        ),
    }


def _figures(told: Succession, records: Records) -> dict[str, Rows]:
    passed = [row[0] for record in records.get("indicators", []) for row in record["reports"]]
    reports: list[Report] = reports_of(passed[:SHOWN])
    held = figures_held(told.divided)
    names = _Names(told, {unit for one in reports for unit in (one.unit_id, one.duty_id)} | set(held))
    return {
        "reports": _rows(
            (
                {
                    "sheet": one.sheet.name,
                    "period": periods.parse(one.period_code).label,
                    "unit": names.eve[one.unit_id],
                    "duty": names.now.get(one.duty_id or 0, ""),
                }
                for one in reports
            ),
            len(passed),
        ),
        "estimated": _rows(
            {"name": names.eve[unit], "cells": cells, "periods": spans} for unit, (cells, spans) in held.items()
        ),
        "targets": _rows([], targets_set(told.ended)),
    }


def _work(told: Succession, records: Records) -> dict[str, Rows]:
    work = records.get("work", [])
    tasks = {row[0]: row[1] for record in work for row in record["tasks"]}  # the lead it had
    meetings = {row[0]: row[1] for record in work for row in record["meetings"]}  # the host it had
    shared = sum(len(record["partners"]) + len(record["invitations"]) for record in work)
    sent = sum(len(record["sent"]) for record in records.get("documents", []))
    messages = sum(len(record["positions"]) + len(record["units"]) for record in records.get("notices", []))
    first = list(Task.objects.filter(pk__in=list(tasks)[:SHOWN]).order_by("pk"))
    held = list(Meeting.objects.filter(pk__in=list(meetings)[:SHOWN]).order_by("pk"))
    units = {one.lead_id for one in first} | {one.unit_id for one in held}
    names = _Names(told, units | set(tasks.values()) | set(meetings.values()))
    return {
        "tasks": _rows(
            (
                {
                    "title": one.title,
                    "was": names.eve.get(tasks[one.pk] or 0, ""),
                    "lead": names.now.get(one.lead_id or 0, ""),
                    "due": one.due_on.isoformat() if one.due_on else "",
                }
                for one in first
            ),
            len(tasks),
        ),
        "meetings": _rows(
            ({"title": one.title, "was": names.eve[meetings[one.pk]], "unit": names.now[one.unit_id]} for one in held),
            len(meetings),
        ),
        "shared": _rows([], shared),
        "documents": _rows([], sent),
        "messages": _rows([], messages),
    }
