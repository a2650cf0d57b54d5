"""What a chair looks at in a working session: last time's conclusions, and indicators off plan of the units present."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core import period
from giaoban.indicators.models import Indicator, Target
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Conclusion, Meeting, Task
from giaoban.work.queries.meetings import open_conclusions
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import counts
from giaoban.work.states import Counts

AT_MOST = 12


@dataclass(frozen=True)
class Former:
    """A conclusion of an earlier meeting and how its tasks stand."""

    conclusion: Conclusion
    counts: Counts


def former_conclusions(meeting: Meeting, on: date) -> list[Former]:
    """All conclusions of the meeting before, and of earlier ones those with an open task."""
    found = {each.pk: each for each in open_conclusions(meeting.unit_id, meeting.starts_at)}
    if meeting.previous_id:
        last = Conclusion.objects.filter(meeting=meeting.previous_id, state=Conclusion.State.BINDING)
        found |= {each.pk: each for each in last.select_related("meeting")}
    rows = sorted(found.values(), key=lambda each: (each.meeting.starts_at, each.no))
    return [Former(each, counts(Task.objects.filter(counted(on), conclusion=each), on)) for each in rows]


@dataclass(frozen=True)
class OffPlan:
    name: str
    answer: Answer

    @property
    def plan(self) -> str:
        return self.answer.write(self.answer.target)


def off_plan(actor: Actor, meeting: Meeting, on: date) -> list[OffPlan]:
    """Indicators of the host and the units invited that miss their target in the meeting's period or the newest one."""
    units = {meeting.unit_id, *meeting.invitations.values_list("unit_id", flat=True)}
    seen = people.in_sight(actor, "figure.view", units, on, on)
    rows = Target.objects.filter(unit__in=seen, withdrawn=False).values_list("indicator", "unit_id", "period_code")
    targets = set(rows)
    code = meeting.period_code or _newest({row[2] for row in targets}, on)
    if not targets or not code:
        return []
    chosen = period.parse(code)
    indicators = {each.pk: each for each in Indicator.objects.filter(pk__in={row[0] for row in targets})}
    codes = sorted(each.code for each in indicators.values())
    by_code = {each.code: each for each in indicators.values()}
    answers = analytics.ask(codes, sorted({row[1] for row in targets}), [chosen], on=on, steps=False)
    found = [OffPlan(by_code[each.indicator].name, each) for each in answers if _off(each, by_code[each.indicator])]
    return sorted(found, key=lambda each: (each.name, each.answer.unit_id))[:AT_MOST]


def _newest(codes: Iterable[str], on: date) -> str:
    """The last period with targets whose figures' day is not ahead; else the first to come."""
    known = sorted((period.parse(each) for each in codes), key=lambda each: (each.cutoff, each.code))
    past = [each for each in known if each.cutoff <= on]
    return past[-1].code if past else known[0].code if known else ""


def _off(answer: Answer, indicator: Indicator) -> bool:
    gap = answer.gap
    return gap is not None and (gap > 0 if indicator.direction == "down" else gap < 0)
