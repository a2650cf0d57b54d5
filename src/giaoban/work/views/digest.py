"""The digest of a unit's conferences over a period: every number leads to its list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work.queries import digest_words
from giaoban.work.queries.digest import digest as digest_of

KINDS = (
    periods.Kind.SEMESTER_1,
    periods.Kind.SEMESTER_2,
    periods.Kind.SCHOOL_YEAR,
    periods.Kind.QUARTER,
    periods.Kind.CALENDAR_YEAR,
)
FORM = "tong-hop-hoi-nghi"


@signed_in
@require_GET
def digest(request: HttpRequest) -> HttpResponse:
    """For whoever sees the unit's meetings; the newest semester that has begun at first."""
    on = request.today
    hosts, unit = _units(request)
    choices = _periods(request)
    period = _period(request, choices)
    found = digest_of(unit, period, on)
    context = {
        "found": found,
        "hosts": hosts,
        "unit": unit,
        "period": period,
        "periods": choices,
        "sentences": digest_words.sentences(found),
        "may_write": people.may(request.actor, "report.write", unit, on),
        "begin": _begin(),
        "units_awarded": found.awarded[0],
        "persons_awarded": found.awarded[1],
    }
    return render(request, "work/digest.html", context)


def _begin() -> str:
    """Where the paper is begun: the room of reports stands above this one and may be absent."""
    try:
        return reverse("reports:begin", args=[FORM])
    except NoReverseMatch:
        return ""


def _units(request: HttpRequest) -> tuple[list[tuple[int, str]], int]:
    """The units the actor acts for, and the one asked about, which may be any whose meetings they see."""
    own = people.acts_for(request.actor, "meeting.view", request.today)
    asked = request.GET.get("don-vi", "")
    unit = int(asked) if asked.isdecimal() and len(asked) < 10 else (own[0] if own else 0)
    if not unit or not people.may(request.actor, "meeting.view", unit, request.today):
        raise NotAllowed()
    return [(each, orgs.body_name(each, request.today)) for each in dict.fromkeys([*own, unit])], unit


def _periods(request: HttpRequest) -> list[periods.Period]:
    """Of each kind the one of the day and of a year before: those the paper can be about; semesters first."""
    found = []
    for kind in KINDS:
        now = periods.on_day(kind, request.today)
        found += [each for each in (now, now.same_last_year()) if each and each.start <= request.today]
    return sorted(found, key=lambda each: (KINDS.index(each.kind) > 1, -each.start.toordinal()))


def _period(request: HttpRequest, choices: list[periods.Period]) -> periods.Period:
    code = request.GET.get("ky", "")
    try:
        asked = periods.parse(code) if code else None
    except Refused:
        asked = None
    return asked if asked is not None and asked.start <= request.today else choices[0]
