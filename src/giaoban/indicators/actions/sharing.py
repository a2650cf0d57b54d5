"""Sharing a plan out to the units directly below, and taking plans in from a table.

A plan of something counted is divided: what the parts leave of it is the rest, and parts beyond it are refused unless
somebody says why. A rate is never divided and never added up: it is handed down as it is, or each unit gets its own.
Every part is a target of its unit with the version of the total it was shared from; versions stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.timezone import localdate

from giaoban.core import period as periods
from giaoban.core.numbers import vi_short
from giaoban.core.refusal import Invalid, NotAllowed, Refused, sentence
from giaoban.documents.models import Document
from giaoban.indicators import refusals
from giaoban.indicators.actions.catalogue import set_target
from giaoban.indicators.models import Indicator, Target
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import sharing
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import queries as people


class OverShared(Refused):
    """More was shared out than there is."""

    sentence = sentence(
        "The parts come to %(parts)s, %(over)s more than the plan of %(total)s; say why, or lower a part."
    )
    field = "reason"


class NotBelow(Refused):
    """Plans are shared out one level down."""

    sentence = sentence("%(unit)s does not stand directly below %(above)s.")


class NegativePart(Refused):
    """What is counted cannot be asked for in less than nothing."""

    sentence = sentence("The part of %(unit)s is below nought.")


class NotWholePart(Refused):
    """Nobody can be asked for half a pupil."""

    sentence = sentence("The part of %(unit)s has more decimals than “%(indicator)s” is printed with.")


@dataclass(frozen=True)
class PlanRow:
    """One plan as a table gives it; `number` is the row people see."""

    number: int
    indicator: str
    unit_id: int
    period_code: str
    value: Fraction
    words: str = ""


def share_out(
    *,
    by: Actor,
    at: datetime,
    indicator: str,
    unit_id: int,
    period_code: str,
    parts: Mapping[int, Fraction | None],
    reason: str = "",
    hierarchy: str = MANAGEMENT,
) -> list[Target]:
    """Give units directly below their parts of the unit's plan; None takes back a part that was given before.

    Units not named keep what they have, and it counts towards the whole.
    """
    on, code = localdate(at), periods.parse(period_code).code
    with writing(by=by, at=at, verb="target.share", unit_id=unit_id, reason=reason) as entry:
        people.require(by, "target.set", unit_id, on)
        whole = asking.target(indicator, unit_id, code)
        if whole is None:
            raise refusals.NoTarget()
        found = asking.indicator(indicator)
        _sound(by, on, whole, found, parts, hierarchy)
        _within(whole, found, parts, reason)
        held = asking.targets([indicator], parts, [code])
        made = [
            _part(whole, unit, value, held.get((indicator, unit, code)))
            for unit, value in sorted(parts.items())
            if _changes(whole, value, held.get((indicator, unit, code)))
        ]
        entry.subject, entry.skip = whole, not made
        told = {str(one.unit_id): "" if one.withdrawn else str(one.value) for one in made}
        entry.data |= {"indicator": indicator, "period": code, "parts": told}
    return made


def _sound(
    by: Actor,
    on: date,
    whole: Target,
    indicator: Indicator,
    parts: Mapping[int, Fraction | None],
    hierarchy: str,
) -> None:
    """Every part goes to a unit directly below, where the actor may set plans, and makes sense; all faults at once."""
    below = {row.unit_id for row in orgs.children(whole.unit_id, hierarchy, on)}
    names = orgs.names([whole.unit_id, *parts], on)
    faults: list[Refused] = []
    counted = sharing.adds_up(indicator, whole.period_code)
    for unit, value in parts.items():
        field = f"phan-{unit}"
        if unit not in below:
            faults.append(NotBelow(unit=names.get(unit, str(unit)), above=names[whole.unit_id], field=field))
        elif not people.may(by, "target.set", unit, on):
            raise NotAllowed()
        elif value is not None and counted and value < 0:
            faults.append(NegativePart(unit=names[unit], field=field))
        elif value is not None and counted and (value * 10**indicator.places).denominator != 1:
            faults.append(NotWholePart(unit=names[unit], indicator=indicator.name, field=field))
    if faults:
        raise Invalid(faults)


def _within(whole: Target, indicator: Indicator, parts: Mapping[int, Fraction | None], reason: str) -> None:
    """Of what is counted no more is shared out than there is, unless with a reason."""
    if not sharing.adds_up(indicator, whole.period_code) or reason.strip():
        return
    kept = {one.unit_id: one.value for one in sharing.parts_of(whole)}
    given = {**kept, **parts}
    total = sum((value for value in given.values() if value is not None), Fraction(0))
    if total > whole.value:
        raise OverShared(parts=vi_short(total), over=vi_short(total - whole.value), total=vi_short(whole.value))


def _changes(whole: Target, value: Fraction | None, held: Target | None) -> bool:
    if value is None:  # only a part of this plan may be taken back with it
        return held is not None and sharing.comes_from(held, whole)
    return held is None or held.value != value or not sharing.comes_from(held, whole)


def _part(whole: Target, unit: int, value: Fraction | None, held: Target | None) -> Target:
    exact = value if value is not None else held.value if held else Fraction(0)
    return Target.objects.create(
        indicator_id=whole.indicator_id,
        unit_id=unit,
        period_code=whole.period_code,
        no=sharing.next_no(whole.indicator_id, unit, whole.period_code),
        numerator=exact.numerator,
        denominator=exact.denominator,
        document=whole.document,
        sentence=whole.sentence,
        withdrawn=value is None,
        shared_from=whole,
    )


def set_targets(
    *, by: Actor, at: datetime, rows: Sequence[PlanRow], document: Document | None = None
) -> tuple[int, int]:
    """Plans of a table, all or none: (how many were set, how many stood already)."""
    with writing(by=by, at=at, verb="target.load", unit_id=by.unit_id) as entry:
        seen: dict[tuple[str, int, str], int] = {}
        faults: list[Refused] = []
        on = localdate(at)
        for row in rows:
            key = (row.indicator, row.unit_id, row.period_code)
            if key in seen:
                faults.append(RowTwice(row=row.number, first=seen[key]))
            seen.setdefault(key, row.number)
            if not people.may(by, "target.set", row.unit_id, on):
                faults.append(RowNotAllowed(row=row.number))
        if faults:
            raise Invalid(faults)
        before = Target.objects.count()
        for row in rows:
            set_target(
                by=by,
                at=at,
                indicator=row.indicator,
                unit_id=row.unit_id,
                period_code=row.period_code,
                value=row.value,
                document=document,
                sentence=row.words,
            )
        made = Target.objects.count() - before
        entry.data |= {"rows": len(rows), "set": made}
        entry.skip = not made
    return made, len(rows) - made


class RowTwice(Refused):
    """A table asks two values of the same unit, indicator and period."""

    sentence = sentence("Row %(row)s repeats the indicator, unit and period of row %(first)s.")


class RowNotAllowed(Refused):
    """The actor may not set plans of the unit of the row."""

    sentence = sentence("Row %(row)s: you have no right to set plans of this unit.")
