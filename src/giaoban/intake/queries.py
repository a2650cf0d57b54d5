"""Whose intakes, which layouts, what names mean, and which figures are preliminary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from giaoban.core.refusal import NotAllowed
from giaoban.files import keeping
from giaoban.intake import refusals
from giaoban.intake import spec as specs
from giaoban.intake.models import Intake, Layout, Loaded, Meaning, State
from giaoban.intake.spec import LEAVE, Meant, Spec
from giaoban.journal.actor import Actor
from giaoban.orgs.models import COUNTRY_ID
from giaoban.people import queries as people

LOAD = "series.load"


def owner(actor: Actor, on: date) -> int:
    """For which office the actor takes tables in; NotAllowed for whoever may not."""
    if actor.is_system:
        return actor.unit_id or COUNTRY_ID
    found = people.acts_for(actor, LOAD, on)
    if not found:
        raise NotAllowed()
    return found[0]


def may_load(actor: Actor, on: date) -> bool:
    return actor.is_system or bool(people.acts_for(actor, LOAD, on))


def intakes(actor: Actor, on: date) -> QuerySet[Intake]:
    """The tables taken in for offices where the actor may load figures, the newest first."""
    rows = Intake.objects.select_related("series", "round__sheet", "layout")
    return rows if actor.is_system else rows.filter(unit__in=people.units_where(actor, LOAD, on))


def intake(actor: Actor, intake_id: int, on: date) -> Intake:
    """One of them, or Intake.DoesNotExist."""
    return intakes(actor, on).get(pk=intake_id)


def layouts(actor: Actor, on: date) -> QuerySet[Layout]:
    """The newest version of every layout in use of those offices."""
    rows = Layout.objects.filter(retired=False).select_related("series", "unit")
    if not actor.is_system:
        rows = rows.filter(unit__in=people.units_where(actor, LOAD, on))
    newest: dict[tuple[int, str], int] = {}
    for pk, unit, name in rows.order_by("no").values_list("pk", "unit_id", "name"):
        newest[unit, name] = pk
    return rows.filter(pk__in=newest.values()).order_by("name")


def layout(actor: Actor, layout_id: int, on: date) -> Layout:
    rows = Layout.objects.select_related("series", "unit")
    if not actor.is_system:
        rows = rows.filter(unit__in=people.units_where(actor, LOAD, on))
    return rows.get(pk=layout_id)


def versions(found: Layout) -> QuerySet[Layout]:
    return Layout.objects.filter(unit=found.unit_id, name=found.name).order_by("-no")


def fitting(unit_id: int, columns: Iterable[specs.Column]) -> Layout | None:
    """The newest layout of the office for tables with such a head."""
    signature = specs.signature(columns)
    if not signature:
        return None
    return Layout.objects.filter(unit=unit_id, signature=signature, retired=False).order_by("-pk").first()


def known_labels(unit_id: int, series: str) -> dict[str, Meant]:
    """What labels mean in the office's layouts of the series; the newest layout counts."""
    found: dict[str, Meant] = {}
    for kept in Layout.objects.filter(unit=unit_id, retired=False, series=series or None).order_by("pk"):
        for label, meant in Spec.from_json(kept.spec).targets.items():
            if label and meant.use != LEAVE:
                found[specs.key(label)] = meant
    return found


def meanings(unit_id: int) -> dict[str, str]:
    """Names people of the office confirmed: {plain name: unit:12 | total | skip}."""
    rows = Meaning.objects.filter(owner=unit_id)
    return {row.text: f"unit:{row.unit_id}" if row.unit_id else row.kind for row in rows}


# Kept files


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "intake"


def file_of(found: Intake) -> Path:
    path = keeping.path_of(root(), found.file_hash)
    if not path.exists():
        raise refusals.FileGone(name=found.file_name)
    return path


def needed(before: datetime) -> set[str]:
    """Files that are still being prepared, or that were dealt with lately."""
    rows = Intake.objects.filter(
        Q(state=State.DRAFT) | Q(made_at__gte=before) | Q(loaded_at__gte=before) | Q(withdrawn_at__gte=before)
    )
    return set(rows.values_list("file_hash", flat=True))


# What was loaded


def preliminary(
    series: str, period_codes: Iterable[str], unit_ids: Iterable[int] | None = None
) -> dict[tuple[int, str, int], bool]:
    """{(unit, period, cell): whether the figure was printed as preliminary}, by the newest load that stands."""
    rows = Loaded.objects.filter(series=series, period_code__in=list(period_codes), intake__state=State.LOADED)
    if unit_ids is not None:
        rows = rows.filter(unit__in=list(unit_ids))
    found: dict[tuple[int, str, int], bool] = {}
    for unit, code, cell, early in rows.order_by("pk").values_list("unit_id", "period_code", "cell_id", "preliminary"):
        found[unit, code, cell] = early
    return found


def origin(series: str, unit_id: int, period_code: str, cell_id: int) -> Loaded | None:
    """The load and the cell of its file a figure came from."""
    rows = Loaded.objects.filter(
        series=series, unit=unit_id, period_code=period_code, cell=cell_id, intake__state=State.LOADED
    )
    return rows.select_related("intake").order_by("-pk").first()


def loaded_before(found: Intake) -> Intake | None:
    """The same file, loaded before and not taken back."""
    rows = Intake.objects.filter(
        file_hash=found.file_hash, sheet=found.sheet, series=found.series_id, state=State.LOADED, unit=found.unit_id
    )
    return rows.exclude(pk=found.pk).order_by("-pk").first()


def day_of(found: Intake) -> date:
    return localdate(found.made_at)
