"""The conferences of a unit over a period: held, attended, concluded, done; asked, said again and again, commended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from giaoban.core.period import Period
from giaoban.orgs import queries as orgs
from giaoban.work.models import (
    Award,
    Conclusion,
    Difficulty,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
    Motion,
    Request,
    Task,
)
from giaoban.work.queries.awards import award_kinds
from giaoban.work.queries.meetings import notice_due
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import counts, sums
from giaoban.work.states import Counts

HELD = (MeetingState.HELD, MeetingState.CONCLUDED)
CAME = (Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE)
ANSWERED = (Request.State.ANSWERED, Request.State.SATISFIED)


@dataclass(frozen=True)
class Held:
    """One conference: who came of those invited, what it concluded, how its tasks stand."""

    meeting: Meeting
    came: int
    invited: int
    taken: bool  # whether anybody's attendance was noted; where it was not, nobody knows who came
    conclusions: int
    counts: Counts


@dataclass(frozen=True)
class Said:
    """A difficulty and how often it was said in the period."""

    difficulty: Difficulty
    unit: str
    times: int


@dataclass(frozen=True)
class Asked:
    """A request to the unit, and whether its day has passed without an answer."""

    request: Request
    unit: str
    late: bool


@dataclass(frozen=True)
class Digest:
    """Everything the page and the paper say; they cannot differ."""

    unit_id: int
    unit: str
    period: Period
    start: date
    end: date
    on: date
    kinds: tuple[tuple[str, int], ...]
    cancelled: int
    meetings: tuple[Held, ...]
    counts: Counts
    notices_in_time: int
    notices_due: int
    requests: tuple[Asked, ...]
    difficulties: tuple[Said, ...]
    awards: tuple[tuple[str, int, int], ...]  # form, units, persons
    votes_carried: int
    votes: int

    @property
    def came(self) -> int:
        return sum(each.came for each in self.meetings if each.taken)

    @property
    def invited(self) -> int:
        """To the meetings where attendance was taken."""
        return sum(each.invited for each in self.meetings if each.taken)

    @property
    def untaken(self) -> int:
        return sum(each.invited > 0 and not each.taken for each in self.meetings)

    @property
    def conclusions(self) -> int:
        return sum(each.conclusions for each in self.meetings)

    @property
    def answered(self) -> int:
        return sum(each.request.state in ANSWERED for each in self.requests)

    @property
    def satisfied(self) -> int:
        return sum(each.request.state == Request.State.SATISFIED for each in self.requests)

    @property
    def late(self) -> int:
        return sum(each.late for each in self.requests)

    @property
    def repeated(self) -> tuple[Said, ...]:
        return tuple(each for each in self.difficulties if each.times > 1)

    @property
    def difficulties_closed(self) -> int:
        return sum(each.difficulty.closed_at is not None for each in self.difficulties)

    @property
    def awarded(self) -> tuple[int, int]:
        """Units and persons."""
        return sum(row[1] for row in self.awards), sum(row[2] for row in self.awards)


def digest(unit_id: int, period: Period, on: date) -> Digest:
    """The conferences that the unit itself held in the period, up to the day, and how what follows stands on it."""
    start, end = period.start, min(period.end, on)
    days = _moments(start, end)
    hosted = Meeting.objects.filter(unit=unit_id, starts_at__range=days)
    meetings = list(hosted.filter(state__in=HELD).select_related("notice").order_by("starts_at", "pk"))
    names = dict(MeetingKind.choices)
    kinds = Counter(each.kind for each in meetings)
    held = _held(meetings, on)
    tasks = Task.objects.filter(counted(on), conclusion__meeting__in=meetings)
    dues = [(each, due) for each in meetings if (due := notice_due(each)) is not None and _has_conclusions(each, held)]
    ended = [
        (each, due)
        for each, due in dues
        if each.notice is not None or due < on  # still within its five days: neither in time nor late
    ]
    motions = Motion.objects.filter(
        meeting__in=meetings, state__in=[Motion.State.CARRIED, Motion.State.REJECTED]
    ).values_list("state", flat=True)
    return Digest(
        unit_id=unit_id,
        unit=orgs.body_name(unit_id, end),
        period=period,
        start=start,
        end=end,
        on=on,
        kinds=tuple((str(names[code]), kinds[code]) for code in MeetingKind.values if kinds[code]),
        cancelled=hosted.filter(state=MeetingState.CANCELLED).count(),
        meetings=held,
        counts=counts(tasks, on),
        notices_in_time=sum(
            each.notice is not None and each.notice.issued_on is not None and each.notice.issued_on <= due
            for each, due in ended
        ),
        notices_due=len(ended),
        requests=_requests(unit_id, days, on),
        difficulties=_difficulties(unit_id, days, on),
        awards=_awards(unit_id, start, end),
        votes_carried=sum(state == Motion.State.CARRIED for state in motions),
        votes=len(motions),
    )


def _moments(start: date, end: date) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    last = datetime.combine(end + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
    return datetime.combine(start, time.min, zone), last


def _has_conclusions(meeting: Meeting, held: tuple[Held, ...]) -> bool:
    return any(each.meeting.pk == meeting.pk and each.conclusions for each in held)


def _held(meetings: list[Meeting], on: date) -> tuple[Held, ...]:
    """Attendance, conclusions and tasks of all meetings, each asked for once."""
    wanted = [each.pk for each in meetings]
    people = {
        row["meeting"]: row
        for row in Invitation.objects.filter(meeting__in=wanted)
        .order_by()
        .values("meeting")
        .annotate(
            invited=Count("pk"),
            came=Count("pk", filter=Q(attendance__in=CAME)),
            taken=Count("pk", filter=~Q(attendance="")),
        )
    }
    concluded = dict(
        Conclusion.objects.filter(meeting__in=wanted)
        .order_by()
        .values("meeting")
        .annotate(n=Count("pk"))
        .values_list("meeting", "n")
    )
    rows = Task.objects.filter(counted(on), conclusion__meeting__in=wanted).order_by()
    stand = {
        row.pop("conclusion__meeting_id"): Counts(**row)
        for row in rows.values("conclusion__meeting_id").annotate(**sums(on))
    }
    return tuple(
        Held(
            each,
            people.get(each.pk, {}).get("came", 0),
            people.get(each.pk, {}).get("invited", 0),
            people.get(each.pk, {}).get("taken", 0) > 0,
            concluded.get(each.pk, 0),
            stand.get(each.pk, Counts()),
        )
        for each in meetings
    )


def _requests(unit_id: int, days: tuple[datetime, datetime], on: date) -> tuple[Asked, ...]:
    """What was asked of the unit in the period, but for what was withdrawn."""
    found = list(
        Request.objects.filter(to=unit_id, made_at__range=days)
        .exclude(state=Request.State.WITHDRAWN)
        .order_by("-times", "made_at", "pk")
    )
    names = orgs.names({each.unit_id for each in found}, on)
    return tuple(
        Asked(
            each,
            names.get(each.unit_id, ""),
            each.state == Request.State.OPEN and each.due_on is not None and each.due_on < on,
        )
        for each in found
    )


def _difficulties(unit_id: int, days: tuple[datetime, datetime], on: date) -> tuple[Said, ...]:
    found = list(
        Difficulty.objects.filter(host=unit_id)
        .annotate(said=Count("sayings", filter=Q(sayings__at__range=days)))
        .filter(said__gt=0)
        .order_by("-said", "pk")
    )
    names = orgs.names({each.unit_id for each in found}, on)
    return tuple(Said(each, names.get(each.unit_id, ""), each.said) for each in found)  # type: ignore[attr-defined]


def _awards(unit_id: int, start: date, end: date) -> tuple[tuple[str, int, int], ...]:
    rows = Award.objects.filter(unit=unit_id, state=Award.State.GIVEN, decided_on__range=(start, end))
    units: Counter[str] = Counter(rows.filter(person="").values_list("kind", flat=True))
    persons: Counter[str] = Counter(rows.exclude(person="").values_list("kind", flat=True))
    return tuple(
        (kind.name, units[code], persons[code]) for code, kind in award_kinds().items() if units[code] or persons[code]
    )
