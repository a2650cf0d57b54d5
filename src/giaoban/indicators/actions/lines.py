"""Set the lines figures take, open one round per line, and carry an open round further up.

A line is data of the province: changing it writes a new row from a day on and never touches a round that is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from giaoban.core import period as periods
from giaoban.indicators import refusals
from giaoban.indicators.actions import rounds
from giaoban.indicators.actions.rounds import StepSpec, check_step, one_working_day_after
from giaoban.indicators.models import ApprovalLine, Report, Round
from giaoban.indicators.models.collection import ReportState
from giaoban.indicators.queries import line, lines
from giaoban.indicators.queries.lines import LineStep
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Kind
from giaoban.people import queries as people

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_DAYS = 60  # working days one step may take


# Lines


def define_line(
    *,
    by: Actor,
    at: datetime,
    on: date,
    owner_id: int,
    code: str,
    name: str,
    steps: Sequence[LineStep],
    kinds: Sequence[str] = (),
    start: date | None = None,
    source: str = "",
) -> ApprovalLine:
    """A line of the unit from a day on; one of the same code that held until then ends on that day."""
    with writing(by=by, at=at, verb="line.define", unit_id=owner_id) as entry:
        people.require(by, "line.manage", owner_id, on)
        begins = start or on
        if not CODE.fullmatch(code) or len(code) > 60:
            raise refusals.BadCode(code=code)
        if not name.strip():
            raise refusals.LineUnnamed()
        check_line(steps)
        _check_kinds(kinds)
        same = ApprovalLine.objects.select_for_update().filter(owner=owner_id, code=code)
        later = same.filter(start__gt=begins).order_by("start").first()
        if later is not None:
            raise refusals.LineLater(name=later.name, start=f"{later.start:%d/%m/%Y}")
        same.filter(Q(end__isnull=True) | Q(end__gt=begins), start__lt=begins).update(end=begins)
        made, _ = ApprovalLine.objects.update_or_create(
            owner_id=owner_id,
            code=code,
            start=begins,
            defaults={
                "name": name.strip(),
                "kinds": list(kinds),
                "steps": [step.kept() for step in steps],
                "source": source.strip(),
                "end": None,
            },
        )
        entry.subject = made
        entry.data |= {"code": code, "start": begins, "kinds": list(kinds), "steps": made.steps}
    return made


def close_line(*, by: Actor, at: datetime, on: date, line_id: int, end: date | None = None) -> ApprovalLine:
    """From the day on no round can be opened with the line; rounds it opened go on."""
    found = ApprovalLine.objects.get(pk=line_id)
    with writing(by=by, at=at, verb="line.close", subject=found, unit_id=found.owner_id) as entry:
        people.require(by, "line.manage", found.owner_id, on)
        last = max(end or on, found.start)
        if found.end is not None and found.end <= last:
            raise refusals.LineClosed(name=found.name)
        found.end = last
        found.save(update_fields=["end"])
        entry.data |= {"code": found.code, "end": last}
    return found


def check_line(steps: Sequence[LineStep]) -> None:
    """Every step says who and how long; between two levels lies a working day (NĐ 09/2019/NĐ-CP Đ8 k5 b)."""
    if not steps:
        raise refusals.NoSteps()
    level: tuple[str, int | None] | None = None
    for order, step in enumerate(steps, start=1):
        spec = StepSpec(name=step.name, where=step.where, due_on=date.max, verb=step.verb, unit_id=step.unit)
        check_step(spec, order)
        least = 0 if step.level == level else 1
        if not least <= step.working_days <= MOST_DAYS:
            raise refusals.StepDays(order=order, step=step.name, least=least, most=MOST_DAYS)
        level = step.level


def _check_kinds(kinds: Sequence[str]) -> None:
    known = set(Kind.objects.filter(pk__in=list(kinds)).values_list("pk", flat=True))
    for code in kinds:
        if code not in known:
            raise refusals.UnknownKind(code=code)


# One round per line


@dataclass(frozen=True)
class Part:
    """The units that go along one line, with its days."""

    line_name: str
    steps: Sequence[StepSpec]
    unit_ids: Sequence[int]
    due_on: date | None = None  # where this line has a due day of its own


def open_rounds(
    *,
    by: Actor,
    at: datetime,
    on: date,
    sheet: str,
    period_code: str,
    opener_id: int,
    hierarchy: str,
    due_on: date,
    parts: Sequence[Part],
    **common: Any,
) -> list[Round]:
    """A round for each part in one transaction, shown together by their `batch`; all are opened or none.

    `common` are further arguments of `open_round`: reminders, signed copy, staggers, series to take in.
    """
    if not parts:
        raise refusals.NoUnits(day=f"{periods.parse(period_code).data_day:%d/%m/%Y}")
    with writing(by=by, at=at, verb="round.open_many", unit_id=opener_id) as entry:
        batch = f"{opener_id}-{at:%Y%m%d%H%M%S%f}" if len(parts) > 1 else ""
        made = [
            rounds.open_round(
                by=by,
                at=at,
                on=on,
                sheet=sheet,
                period_code=period_code,
                opener_id=opener_id,
                hierarchy=hierarchy,
                due_on=part.due_on or due_on,
                steps=part.steps,
                unit_ids=part.unit_ids,
                line_name=part.line_name,
                batch=batch,
                **common,
            )
            for part in parts
        ]
        entry.data |= {"sheet": sheet, "period": period_code, "rounds": [one.pk for one in made], "batch": batch}
        entry.skip = len(made) == 1
    return made


def parts_of(
    chosen: Sequence[lines.Line], kinds: dict[int, str], period: periods.Period, on: date, due_on: date | None = None
) -> list[Part]:
    """What `open_rounds` takes, with the days each line proposes; {unit: kind} says who is asked."""
    return [
        Part(one.name, specs_of(one, lines.plan_days(period, one.steps, on, due_on).steps), units)
        for one, units in lines.assign(chosen, kinds)
    ]


def specs_of(chosen: lines.Line, days: Sequence[date]) -> list[StepSpec]:
    return [
        StepSpec(name=step.name, where=step.where, due_on=day, verb=step.verb, unit_id=step.unit)
        for step, day in zip(chosen.steps, days, strict=True)
    ]


# Further up


def prolong(*, by: Actor, at: datetime, on: date, round_id: int, steps: Sequence[StepSpec]) -> Round:
    """Steps after the last one of an open round. What was accepted stays accepted, visible and counted.

    A report through the former last step now waits for the first of the new ones; nothing has to be handed in again.
    """
    found = Round.objects.select_related("sheet").get(pk=round_id)
    with writing(by=by, at=at, verb="round.prolong", subject=found, unit_id=found.opener_id) as entry:
        people.require(by, "round.open", line.keeper(found, on), on)
        found = Round.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=round_id)
        if found.locked_at is not None:
            raise refusals.AlreadyLocked()
        if not steps:
            raise refusals.NoSteps()
        present = list(found.steps.all())
        before, level = max(present[-1].due_on, on), (present[-1].where, present[-1].unit_id)
        for order, step in enumerate(steps, start=len(present) + 1):
            check_step(step, order)
            earliest = before if (step.where, step.unit_id) == level else one_working_day_after(before)
            if step.due_on < earliest:
                raise refusals.StepTooSoon(
                    order=order, step=step.name, before=f"{before:%d/%m/%Y}", earliest=f"{earliest:%d/%m/%Y}"
                )
            before, level = step.due_on, (step.where, step.unit_id)
        units = sorted(Report.objects.filter(round=found).values_list("unit_id", flat=True))
        rounds.make_steps(found, steps, units, on, first=len(present) + 1)
        through = Report.objects.filter(round=found, state=ReportState.ACCEPTED, step=len(present)).count()
        entry.data |= {"steps": [step.name for step in steps], "waiting": through}
    found.refresh_from_db()
    return found
