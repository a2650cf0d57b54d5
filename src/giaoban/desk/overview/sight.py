"""Who may look at what, and where a person starts."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min

from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.core.refusal import NotAllowed
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Series
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Snapshot, Unit
from giaoban.people import queries as people


def periods_with_figures(series: str) -> list[Period]:
    """Periods of which some figure counts, the newest first; those of a quick round's day after all regular ones.

    A page opens on the first: what was asked one morning must not hide what is reported every semester.
    """
    found = (periods.parse(code) for code in indicators.period_codes(series))
    return sorted(found, key=lambda one: (one.kind is not Kind.ONE_OFF, one.data_day, one.code), reverse=True)


def series_choices() -> list[tuple[str, str]]:
    """Kinds of figures kept apart: what units report, what the statistics office printed."""
    return list(Series.objects.order_by("-code").values_list("code", "name"))


def default_unit(actor: Actor, on: date) -> int:
    """Where a person starts: the highest territory above their own unit that they may look at, or else any unit."""
    above = orgs.path(actor.unit_id, TERRITORY, on) if actor.unit_id else []
    for row in visible(actor, above, on):
        return row.unit_id
    for row in people.units_where(actor, "figure.view", on)[:1]:
        return next(iter(row.values()))
    raise NotAllowed()


def visible(actor: Actor, rows: list[Snapshot], on: date) -> list[Snapshot]:
    """Those of the units whose figures this person may look at; one query for all."""
    allowed = Unit.objects.filter(pk__in=people.units_where(actor, "figure.view", on))
    seen = set(allowed.filter(pk__in=[row.unit_id for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.unit_id in seen]


def may_look(actor: Actor, unit_id: int, on: date, day: date) -> bool:
    """By the tree of today, of the map's day, or of the last day of a unit that has ended: it says what it became."""
    return bool(people.in_sight(actor, "figure.view", [unit_id], on, day))


def life(unit_id: int) -> tuple[date | None, date | None]:
    """The first day a unit stood and the first day it no longer did; far away while it stands."""
    found = Snapshot.objects.filter(unit=unit_id).aggregate(founded=Min("start"), ended=Max("end"))
    return found["founded"], found["ended"]
