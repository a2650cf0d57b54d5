"""The home page: what is due from me, what is late under me, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.analytics import queries as analytics
from giaoban.core import period as periods
from giaoban.core.text import sort_key
from giaoban.desk import overview
from giaoban.desk.context import address
from giaoban.documents import queries as documents
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES, Round
from giaoban.indicators.queries import rounds as round_queries
from giaoban.journal.actor import Actor
from giaoban.notices import queries as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.words import verb_word
from giaoban.reforms import queries as reforms
from giaoban.ui.parts import Moment
from giaoban.work import models as meeting_models
from giaoban.work import queries as work

SOON = timedelta(days=7)
AHEAD = timedelta(days=30)
SHOWN = 8


@dataclass(frozen=True)
class Due:
    """One thing that waits for this person."""

    what: str
    title: str
    href: str
    icon: str
    due_on: date | None = None
    note: str = ""
    state: str = ""

    def state_on(self, on: date) -> str:
        if self.state:
            return self.state
        if self.due_on is None:
            return "no_due"
        if self.due_on < on:
            return "late"
        return "due_soon" if self.due_on - on <= SOON else "on_time"


@dataclass(frozen=True)
class Late:
    """One thing that is late in a unit below."""

    unit: str
    title: str
    href: str
    due_on: date
    days: int


@dataclass(frozen=True)
class LateUnit:
    """A unit below with late things, and the one that waits longest."""

    unit: str
    count: int
    worst: Late


@dataclass(frozen=True)
class Running:
    """A reporting round this person follows, and how far it is."""

    id: int
    title: str
    href: str
    due_on: date
    submitted: int
    accepted: int
    expected: int
    late: int
    opener: str


@dataclass(frozen=True)
class Home:
    """Everything the home page says, asked only when it is shown."""

    actor: Actor
    on: date

    @cached_property
    def verbs(self) -> frozenset[str]:
        return people.verbs_held(self.actor, self.on)

    @cached_property
    def due(self) -> list[tuple[Due, str]]:
        """What waits for me with its state, the most pressing first."""
        found = [*self._reports(), *self._judging(), *self._tasks(), *self._documents(), *self._meetings()]
        found += self._decisions()
        found.sort(key=lambda one: (one.due_on is None, one.due_on or date.max, one.title))
        return [(one, one.state_on(self.on)) for one in found]

    @cached_property
    def pressing(self) -> Counter[str]:
        return Counter(state for _one, state in self.due)

    @cached_property
    def rounds(self) -> list[Running]:
        if not self.verbs & {"figure.follow"}:
            return []
        running = list(indicators.rounds_for(self.actor, self.on).filter(locked_at=None, opens_on__lte=self.on))
        if not round_queries.follows_others(self.actor, self.on):
            return []
        far = round_queries.progress_of_many(self.actor, running, self.on)
        names = {one.opener_id: orgs.body_name(one.opener_id, self.on) for one in running}
        return [
            Running(
                id=one.pk,
                title=round_title(one),
                href=address("indicators:round", one.pk),
                due_on=one.due_on,
                submitted=far[one.pk].submitted,
                accepted=far[one.pk].accepted,
                expected=far[one.pk].expected,
                late=far[one.pk].late - far[one.pk].again,
                opener=names[one.opener_id],
            )
            for one in running
        ]

    @cached_property
    def late(self) -> list[Late]:
        """Late reports and tasks below, the longest wait first."""
        found = [*self._late_reports(), *self._late_tasks()]
        return sorted(found, key=lambda one: (-one.days, sort_key(one.unit)))

    @cached_property
    def late_units(self) -> list[LateUnit]:
        """The same, one line a unit, those with most late things first."""
        found: dict[str, list[Late]] = {}
        for one in self.late:
            found.setdefault(one.unit, []).append(one)
        units = [LateUnit(unit, len(lines), lines[0]) for unit, lines in found.items()]
        return sorted(units, key=lambda one: (-one.count, -one.worst.days, sort_key(one.unit)))[:SHOWN]

    @cached_property
    def looks_down(self) -> bool:
        """Whether there are others whose lateness concerns this person."""
        return bool(self.verbs & {"round.remind", "task.confirm", "task.assign", "figure.check", "figure.approve"})

    @cached_property
    def changes(self) -> list[Moment]:
        """The newest acts in the units whose journal this person may read."""
        if "journal.view" not in self.verbs:
            return []
        latest = list(people.journal_for(self.actor, self.on)[:SHOWN])
        names = orgs.names({event.unit_id for event in latest if event.unit_id}, self.on)
        return [
            Moment(
                at=event.at,
                what=str(verb_word(event.verb)),
                who=", ".join(filter(None, [event.actor_name, names.get(event.unit_id, "")])),
                note=event.reason or event.subject_name,
                icon="circle-dot",
            )
            for event in latest
        ]

    @cached_property
    def messages(self) -> list[object]:
        return list(notices.inbox(self.actor, self.on)[:5])

    @cached_property
    def counts(self) -> object | None:
        """The four states of the tasks of my unit and of those below (QĐ 42/2014/QĐ-TTg)."""
        if "task.view" not in self.verbs or self.actor.unit_id is None:
            return None
        counted = work.state_counts(self.actor.unit_id, self.on)
        return counted if counted.total else None

    @cached_property
    def plans(self) -> overview.Look | None:
        """The newest figures of my territory, for those who look after others."""
        if not self.looks_down or "figure.view" not in self.verbs:
            return None
        known = overview.periods_with_figures(REPORT_SERIES)
        if not known:
            return None
        unit = overview.default_unit(self.actor, self.on)
        return overview.look(self.actor, self.on, overview.Wanted(unit, known[0], analytics.TODAY, ""))

    @cached_property
    def planned(self) -> list[overview.Row]:
        """Its indicators with a plan, those that miss it first."""
        return self.plans.planned[:SHOWN] if self.plans else []

    # what waits

    def _reports(self) -> Iterator[Due]:
        for report in indicators.still_owed(self.actor, self.on).select_related("round__sheet"):
            yield Due(
                what=_("Report"),
                title=round_title(report.round),
                href=address("indicators:report", report.pk),
                icon="table-2",
                due_on=report.due_on,
                note=orgs.name(report.unit_id, self.on) if report.unit_id != self.actor.unit_id else "",
                state="returned" if report.state == "returned" else "",
            )

    def _judging(self) -> Iterator[Due]:
        waiting = Counter(one for one, _report in indicators.judging(self.actor, self.on))
        for one, count in waiting.items():
            yield Due(
                what=_("To check"),
                title=round_title(one),
                href=address("indicators:round", one.pk),
                icon="clipboard-check",
                due_on=min((step.due_on for step in one.steps.all() if step.due_on >= self.on), default=one.due_on),
                note=_("%(n)s reports wait for your step") % {"n": count},
            )

    def _tasks(self) -> Iterator[Due]:
        if "task.view" not in self.verbs:
            return
        for task in work.waiting_for(self.actor, self.on):
            yield Due(
                what=_("To decide"),
                title=task.title,
                href=task.get_absolute_url(),
                icon="gavel",
                due_on=task.due_on,
                note=orgs.name(task.lead_id, self.on) if task.lead_id else task.group,
                state="proposed" if task.proposed_at else "",
            )
        for task in work.tasks_for(self.actor, self.on, view="mine", state="open").filter(due_on__lte=self.on + AHEAD):
            if task.proposed_at is None:
                yield Due(
                    what=_("Task"),
                    title=task.title,
                    href=task.get_absolute_url(),
                    icon="list-checks",
                    due_on=task.due_on,
                )

    def _documents(self) -> Iterator[Due]:
        if "document.register" not in self.verbs:
            return
        waiting: dict[int, list[Any]] = {}
        for sent in documents.unreceived(self.actor, self.on):
            waiting.setdefault(sent.document_id, []).append(sent)
        for each in list(waiting.values())[:SHOWN]:
            document = each[0].document
            yield Due(
                what=_("Document to receive"),
                title=f"{document.label}: {document.subject}",
                href=document.get_absolute_url(),
                icon="file-text",
                note=_("%(n)s units") % {"n": len(each)} if len(each) > 1 else "",
                state="waiting",
            )

    def _meetings(self) -> Iterator[Due]:
        if "meeting.view" not in self.verbs:
            return
        unanswered = {one.meeting_id for one in work.unanswered(self.actor, self.on)}
        for meeting in work.upcoming(self.actor, self.on)[:SHOWN]:
            yield Due(
                what=_("Invitation to answer") if meeting.pk in unanswered else _("Meeting"),
                title=meeting.title,
                href=meeting.get_absolute_url(),
                icon="presentation",
                due_on=localdate(meeting.starts_at),
                note=meeting.place,
                state="planned" if meeting.state == meeting_models.MeetingState.PLANNED else "held",
            )
        for meeting in work.without_notice(self.actor, self.on):
            yield Due(
                what=_("Notice of conclusions to issue"),
                title=meeting.title,
                href=meeting.get_absolute_url(),
                icon="stamp",
                due_on=work.notice_due(meeting),
            )

    def _decisions(self) -> Iterator[Due]:
        if reforms.MANAGE not in self.verbs:
            return
        for reform in reforms.undecided(self.actor, self.on)[:SHOWN]:
            words = ngettext(
                "%(n)s decision waits for a person", "%(n)s decisions wait for a person", reform.open_questions
            )
            yield Due(
                what=_("To be decided"),
                title=reform.title,
                href=address("reforms:questions", reform.pk),
                icon="git-merge",
                note=words % {"n": reform.open_questions},
                state="waiting",
            )

    # what is late

    def _late_reports(self) -> Iterator[Late]:
        if not self.looks_down:
            return
        follows = people.units_where(self.actor, "figure.follow", self.on)
        for one in self.rounds:
            if not one.late:
                continue
            reports = list(indicators.late(one.id, self.on).filter(unit__in=follows))
            names = orgs.names({report.unit_id for report in reports}, self.on)
            for report in reports:
                yield Late(
                    unit=names[report.unit_id],
                    title=one.title,
                    href=address("indicators:report", report.pk),
                    due_on=report.due_on,
                    days=(self.on - report.due_on).days,
                )

    def _late_tasks(self) -> Iterator[Late]:
        if not self.looks_down or "task.view" not in self.verbs:
            return
        tasks = list(work.overdue_under(self.actor, self.on))
        names = orgs.names({task.lead_id for task in tasks if task.lead_id}, self.on)
        for task in tasks:
            yield Late(
                unit=names.get(task.lead_id, task.group),
                title=task.title,
                href=task.get_absolute_url(),
                due_on=task.due_on,
                days=(self.on - task.due_on).days,
            )


def of(actor: Actor, on: date) -> Home:
    return Home(actor, on)


def round_title(one: Round) -> str:
    return f"{one.sheet.name}, {periods.parse(one.period_code).label}"
