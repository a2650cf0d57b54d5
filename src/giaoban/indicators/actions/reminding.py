"""Once a day: remind before the due day, tell the level above after it. Run again the same day it does nothing more.

A day on which nobody ran it is made up for: what is owed is told by the first run after its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.text import sort_key
from giaoban.indicators.actions.rounds import due_words, reminder_text
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Escalation, Reminder, Report, Round
from giaoban.indicators.queries import line
from giaoban.indicators.queries.states import NOT_HANDED_IN, is_past
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL


@dataclass(frozen=True)
class Told:
    """How many reports were reminded of, and how many told to a level above."""

    reminded: int = 0
    escalated: int = 0


def remind_rounds(*, by: Actor, at: datetime, on: date) -> Told:
    """Every open round that reminds by itself; each round is one transaction, so one that fails stops no other."""
    reminded = escalated = 0
    open_rounds = Round.objects.filter(opens_on__lte=on, locked_at__isnull=True).select_related("sheet")
    for found in open_rounds.order_by("pk"):
        if found.remind_before:
            reminded += _remind(found, by=by, at=at, on=on)
        if found.escalate_after:
            escalated += _escalate(found, by=by, at=at, on=on)
    return Told(reminded, escalated)


def _owing(found: Round) -> list[Report]:
    return list(Report.objects.filter(NOT_HANDED_IN, round=found).order_by("pk"))


# Before


def _remind(found: Round, *, by: Actor, at: datetime, on: date) -> int:
    """Those whose reminding day has come and who were not told since."""
    ahead = [report for report in _owing(found) if not is_past(report.due_on, report.due_time, on, at)]
    told = _last_days(Reminder.objects.filter(report__in=ahead).values_list("report_id", "day"))
    due = [report for report in ahead if _reached(report.due_on, found.remind_before, -1, on, told.get(report.pk))]
    if not due:
        return 0
    with writing(by=by, at=at, verb="round.remind", subject=found, unit_id=found.opener_id) as entry:
        Reminder.objects.bulk_create(Reminder(report=report, day=on, **signed(by, at)) for report in due)
        for day, hour in sorted({(one.due_on, one.due_time) for one in due}, key=str):
            mine = [one for one in due if (one.due_on, one.due_time) == (day, hour)]
            left = calendar.working_days_between(on, day, calendar.vietnam(on.year))
            subject = ngettext(
                "%(n)s working day left, due by %(due)s: %(sheet)s, %(period)s",
                "%(n)s working days left, due by %(due)s: %(sheet)s, %(period)s",
                left,
            )
            notices.send(
                by=by,
                at=at,
                to_units=list(dict.fromkeys(one.answering_id for one in mine)),
                verb_of_receiver="figure.type",
                subject=subject % {"n": left, "due": due_words(day, hour), **_names(found)},
                link=reverse("indicators:mine"),
            )
        entry.data["units"] = [report.unit_id for report in due]
    return len(due)


def _reached(due_on: date, days: Sequence[int], sign: int, on: date, told: date | None) -> bool:
    """Whether one of the days, so many working days before or after the due day, has come and nobody was told since."""
    return (last := _latest(due_on, days, sign, on)) is not None and (told is None or told < last[1])


def _latest(due_on: date, days: Sequence[int], sign: int, on: date) -> tuple[int, date] | None:
    """(how many of the days have come, the latest of them)."""
    work = calendar.vietnam(due_on.year)
    come = sorted(day for day in (calendar.add_working_days(due_on, sign * n, work) for n in days) if day <= on)
    return (len(come), come[-1]) if come else None


def _last_days(rows: Iterable[tuple[int, date]]) -> dict[int, date]:
    found: dict[int, date] = {}
    for report, day in rows:
        found[report] = max(day, found.get(report, day))
    return found


# After


def _escalate(found: Round, *, by: Actor, at: datetime, on: date) -> int:
    """Tell the unit above, the first time the commune, then the Sở; one message a round and unit."""
    late = [report for report in _owing(found) if is_past(report.due_on, report.due_time, on, at)]
    told = _last_days(Escalation.objects.filter(report__in=late).values_list("report_id", "day"))
    due = [report for report in late if _reached(report.due_on, found.escalate_after, 1, on, told.get(report.pk))]
    if not due:
        return 0
    chains = chains_above([report.unit_id for report in due], on)
    to: dict[int, list[Report]] = {}
    for report in due:
        level = _latest(report.due_on, found.escalate_after, 1, on)
        chain = chains.get(report.unit_id, ()) or (found.opener_id,)
        to.setdefault(chain[min(level[0] if level else 1, len(chain)) - 1], []).append(report)
    with writing(by=by, at=at, verb="round.escalate", subject=found, unit_id=found.opener_id) as entry:
        for unit, reports in sorted(to.items()):
            Escalation.objects.bulk_create(Escalation(report=report, unit_id=unit, day=on) for report in reports)
            names = orgs.names([report.unit_id for report in reports], on)
            subject = ngettext(
                "%(n)s unit has not handed in: %(sheet)s, %(period)s",
                "%(n)s units have not handed in: %(sheet)s, %(period)s",
                len(reports),
            )
            notices.send(
                by=by,
                at=at,
                to_unit=unit,
                verb_of_receiver="round.remind",
                subject=subject % {"n": len(reports), **_names(found)},
                body="\n".join(sorted(names.values(), key=sort_key)),
                link=reverse("indicators:remind", args=[found.pk]),
                text_to_paste=reminder_text(found, reports, on),
            )
        entry.data["units"] = {str(unit): [one.unit_id for one in reports] for unit, reports in to.items()}
    return len(due)


def chains_above(unit_ids: Sequence[int], on: date) -> dict[int, list[int]]:
    """{unit: who is told of its lateness, nearest first}: who manages it, then the Sở that guides it."""
    managed, guided = line.parents(MANAGEMENT, unit_ids, on), line.parents(PROFESSIONAL, unit_ids, on)
    return {
        unit: list(dict.fromkeys(above for above in (managed.get(unit), guided.get(unit)) if above is not None))
        for unit in unit_ids
    }


def _names(found: Round) -> dict[str, str]:
    return {"sheet": found.sheet.name, "period": periods.parse(found.period_code).label}


def reminded_text(told: Told) -> str:
    """What the daily command prints."""
    return _("%(reminded)s reports reminded of, %(escalated)s told to the level above.") % {
        "reminded": told.reminded,
        "escalated": told.escalated,
    }
