"""Kinds, hierarchies, attributes and the shipped administrative units, from the catalogue into the tables.

Loading again adds only what is missing and changes nothing that is there, so a killed load is simply run once more. A
unit of the catalogue is known by its code and the day it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from giaoban.catalogue import table
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import refusals, rights, spelling
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.loading.enacting import Enacting
from giaoban.orgs.loading.plan import COUNTRY_SINCE, Plan
from giaoban.orgs.models import (
    COUNTRY_ID,
    Alias,
    Attribute,
    Classing,
    Closure,
    Code,
    Existence,
    Hierarchy,
    Kind,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)

__all__ = ["Plan", "Progress", "check_totals", "load_administrative_units", "load_kinds"]

Progress = Callable[[str, int, int], None]
"""What is being done, how much is done, of how much."""


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
        Hierarchy(code=row["code"], name=row["name"], help=row.get("help", ""), order=number)
        for number, row in enumerate(table("hierarchies.toml")["hierarchy"])
    ]
    attributes = [
        Attribute(
            code=row["code"], name=row["name"], values=row["values"], inherited=row["inherited"], source=row["source"],
            order=number,
        )
        for number, row in enumerate(table("attributes.toml")["attribute"])
    ]  # fmt: skip
    before = _count()
    tables: list[tuple[Any, list[Any]]] = [(Kind, kinds), (Hierarchy, hierarchies), (Attribute, attributes)]
    for model, found in tables:
        fields = [one.name for one in model._meta.concrete_fields if not one.primary_key]
        model.objects.bulk_create(found, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    fresh = _found_country()
    return fresh or _count() > before


def _count() -> int:
    return sum(model.objects.count() for model in (Kind, Hierarchy, Attribute))


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
    communes come with them, and so does a province that was once one with them.
    """
    say = progress or (lambda what, done, of: None)
    with writing(by=by, at=at, verb="unit.load", unit_id=COUNTRY_ID) as entry:
        rights.require(by, "unit.manage", COUNTRY_ID, at=at, on=timezone.localdate(at))
        _load_kinds()
        enacting = Enacting(Plan(provinces), by, at, say)
        changed = enacting.run()
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
        entry.data.update(units=len(enacting.fresh), provinces=sorted(provinces or []))
    return len(enacting.fresh)


def _let_the_database_count() -> None:
    """PostgreSQL plans by statistics it has not gathered yet; without them the first searches take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Closure, Snapshot, Link, Existence, Name, Classing, Code, Lineage, Alias):
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')


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
