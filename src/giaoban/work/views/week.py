"""Pages of the week: the calendar, one line, rooms and cars, and the sheet to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work import queries as work
from giaoban.work.actions import week as actions
from giaoban.work.forms_week import EngagementForm, FacilityForm, ReasonForm, morning_of
from giaoban.work.models import Engagement, Facility, Meeting
from giaoban.work.queries import week as queries
from giaoban.work.queries.speaking import home_first
from giaoban.work.queries.week import Line, WeekView

WEEKDAYS = (
    "Thứ Hai",
    "Thứ Ba",
    "Thứ Tư",
    "Thứ Năm",
    "Thứ Sáu",
    "Thứ Bảy",
    "Chủ nhật",
)


@dataclass(frozen=True)
class Day:
    """One day of the page: its name and its lines."""

    name: str
    day: date
    lines: list[Line]


@signed_in
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The calendar of one unit and week."""
    return render(request, "work/week/week.html", context_of(request, *_asked(request)))


@signed_in
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on one A4 page."""
    context = context_of(request, *_asked(request))
    context["density"] = _density(context["days"])
    return render(request, "work/week/sheet.html", context)


# The looks of the sheet, the roomiest first: class, size of its letters and room above and below a line, in points.
LOOKS = (("", 10.5, 2.5), ("close", 9.0, 1.2), ("closer", 8.0, 0.8), ("closest", 7.0, 0.3))
HEIGHT = 435  # points that a lying A4 page leaves between its head and the signature
ACROSS = (93, 40, 35, 29)  # letters that fit across each column at seven points


def _density(days: list[Day]) -> str:
    """The roomiest look in which the whole week fits one page."""
    lines = [line for day in days for line in day.lines]
    empty = sum(1 for day in days if not day.lines)
    for look, size, room in LOOKS:
        texts = sum(_deep(line, size) for line in lines) + 2 * empty
        if texts * size * 1.15 + (len(lines) + empty) * (2 * room + 0.75) <= HEIGHT:
            return look
    return LOOKS[-1][0]


def _deep(line: Line, size: float) -> int:
    """How many lines of text the fullest cell of a row takes at a size of letters."""
    who = ", ".join([*([line.chair] if line.chair else []), *(person.name for person in line.people)])
    where = ", ".join(
        filter(None, [line.place, line.room.name if line.room else "", line.car.name if line.car else ""])
    )
    texts = (line.subject + line.note + line.off, who, where, line.preparing)
    return max(-(-len(text) // int(most * 7 / size)) or 1 for text, most in zip(texts, ACROSS, strict=True))


def context_of(request: HttpRequest, unit: int, monday: date) -> dict[str, Any]:
    actor, on = request.actor, request.today
    found = queries.week(actor, unit, monday, on)
    verbs = people.verbs_at(actor, ["week.plan", "week.approve"], unit, on)
    name = orgs.body_name(unit, on)
    return {
        "week": found,
        "days": _days(found),
        "unit_id": unit,
        "unit_name": name,
        "units": [(each, orgs.body_name(each, on)) for each in _seen(actor, on)],
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "this": queries.monday_of(on),
        "number": monday.isocalendar().week,
        "may_plan": "week.plan" in verbs,
        "may_approve": "week.approve" in verbs and found.approved is None and bool(found.lines),
        "late": found.approved is None and monday <= on and bool(found.lines),
    }


@signed_in
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the week shown."""
    unit, monday = _asked(request)
    try:
        actions.approve_week(
            by=request.actor, at=request.now, unit_id=unit, monday=monday, despite=request.POST.get("despite", "")
        )
    except NotAllowed:
        raise
    except Refused as refused:
        context = context_of(request, unit, monday) | {"faults": sentences(refused)}
        return render(request, "work/week/week.html", context, status=422)
    return redirect(_address(unit, monday))


@signed_in
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a line; for a meeting of the unit or one it is invited to, filled in already."""
    unit, monday = _asked(request)
    people.require(request.actor, "week.plan", unit, request.today)
    meeting = _meeting(request)
    form = EngagementForm(
        request.POST or None,
        people=queries.leadership(unit, request.today),
        lent=list(queries.facilities(unit, request.today)),
        initial=_of_meeting(meeting, unit) if meeting else morning_of(_first(monday, request)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter(by=request.actor, at=request.now, unit_id=unit, meeting=meeting, **form.arguments())
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(_address(unit, timezone.localdate(made.starts_at)))
    context = {"form": form, "unit_id": unit, "monday": monday, "unit_name": orgs.body_name(unit, request.today)}
    return render(request, "work/week/line.html", context, status=422 if form.errors else 200)


@signed_in
def change(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Change or call off a line."""
    found = _find(request, engagement_id)
    people.require(request.actor, "week.plan", found.unit_id, request.today)
    monday = queries.monday_of(timezone.localdate(found.starts_at))
    form = EngagementForm(
        request.POST or None,
        people=queries.leadership(found.unit_id, request.today),
        lent=list(queries.facilities(found.unit_id, request.today)),
        initial=EngagementForm.initial_of(found),
        changing=True,
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change(by=request.actor, at=request.now, engagement=found, **form.arguments())
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(_address(found.unit_id, timezone.localdate(changed.starts_at)))
    context = {
        "form": form,
        "off": ReasonForm(),
        "engagement": found,
        "unit_id": found.unit_id,
        "monday": monday,
        "unit_name": orgs.body_name(found.unit_id, request.today),
    }
    return render(request, "work/week/line.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def call_off(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Call a line off."""
    found = _find(request, engagement_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.call_off_engagement(
                by=request.actor, at=request.now, engagement=found, reason=form.cleaned_data["reason"]
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(_address(found.unit_id, timezone.localdate(found.starts_at)))
    people.require(request.actor, "week.plan", found.unit_id, request.today)
    context = {
        "form": EngagementForm(
            people=queries.leadership(found.unit_id, request.today),
            lent=list(queries.facilities(found.unit_id, request.today)),
            initial=EngagementForm.initial_of(found),
            changing=True,
        ),
        "off": form,
        "engagement": found,
        "unit_id": found.unit_id,
        "monday": queries.monday_of(timezone.localdate(found.starts_at)),
        "unit_name": orgs.body_name(found.unit_id, request.today),
    }
    return render(request, "work/week/line.html", context, status=422)


@signed_in
def facilities(request: HttpRequest) -> HttpResponse:
    """Rooms and cars that the calendar may book."""
    unit, monday = _asked(request)
    people.require(request.actor, "week.plan", unit, request.today)
    form = FacilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lend(by=request.actor, at=request.now, unit_id=unit, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(f"{reverse('work:facilities')}?unit={unit}")
    context = {
        "form": form,
        "rows": queries.facilities(unit, request.today),
        "unit_id": unit,
        "monday": monday,
        "unit_name": orgs.body_name(unit, request.today),
    }
    return render(request, "work/week/facilities.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def lend_no_more(request: HttpRequest, facility_id: int) -> HttpResponse:
    """A room or car leaves the list."""
    try:
        found = queries.facility(request.actor, facility_id, request.today)
    except Facility.DoesNotExist:
        raise Http404 from None
    actions.lend_no_more(by=request.actor, at=request.now, facility=found)
    return redirect(f"{reverse('work:facilities')}?unit={found.unit_id}")


def _find(request: HttpRequest, engagement_id: int) -> Engagement:
    try:
        return queries.engagement(request.actor, engagement_id, request.today)
    except Engagement.DoesNotExist:
        raise Http404 from None


def _seen(actor: Actor, on: date) -> list[int]:
    """Units whose calendar the actor may see and that are their own: the one their office keeps first."""
    return home_first(actor, people.acts_for(actor, "week.view", on), on)


def _asked(request: HttpRequest) -> tuple[int, date]:
    """The unit and the Monday named in the address, or the actor's unit and this week."""
    given = request.POST if request.method == "POST" else request.GET
    units = _seen(request.actor, request.today)
    if not units:
        raise NotAllowed()
    unit = next((each for each in units if str(each) == given.get("unit", "")), units[0])
    try:
        day = date.fromisoformat(given.get("tuan", ""))
    except ValueError:
        day = request.today
    return unit, queries.monday_of(day)


def _first(monday: date, request: HttpRequest) -> datetime:
    day = max(monday, request.today) if monday == queries.monday_of(request.today) else monday
    return timezone.make_aware(datetime.combine(day, time(8)))


def _meeting(request: HttpRequest) -> Meeting | None:
    asked = (request.POST or request.GET).get("cuoc-hop", "")
    if not asked.isascii() or not asked.isdecimal():
        return None
    try:
        return work.meeting_for(request.actor, int(asked), request.today)
    except Meeting.DoesNotExist:
        raise Http404 from None


def _of_meeting(meeting: Meeting, unit: int) -> dict[str, Any]:
    own = meeting.unit_id == unit
    chair = ", ".join(filter(None, [meeting.chair_name, meeting.chair_title]))
    return {
        "starts_at": meeting.starts_at,
        "ends_at": queries.ends_of(meeting),
        "subject": meeting.title,
        "place": meeting.place,
        "chair": meeting.chair_position_id if own else "",
        "chair_text": "" if own and meeting.chair_position_id else chair,
        "note": "" if own else _("by invitation"),
    }


def _address(unit: int, day: date) -> str:
    return f"{reverse('work:week')}?tuan={queries.monday_of(day):%Y-%m-%d}&unit={unit}"


def _days(found: WeekView) -> list[Day]:
    return [Day(WEEKDAYS[day.weekday()], day, lines) for day, lines in found.days]
