"""Who acts, on which day: set on every request before any view.

request.now       aware datetime of the act
request.today     the date; in a demonstration the fixed day kept in GIAOBAN_HOME/demo_day
request.position  the Position acted in, or None
request.actor     the Actor, or None
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people import queries
from giaoban.people.guards import SESSION_POSITION
from giaoban.people.models import Holding
from giaoban.people.refusals import sentences


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = now()  # type: ignore[attr-defined]
        request.today = timezone.localdate(request.now)  # type: ignore[attr-defined]
        found = _holding(request)
        request.holding = found  # type: ignore[attr-defined]
        request.position = found.position if found else None  # type: ignore[attr-defined]
        request.actor = queries.actor_of(found) if found else None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal no view turned into a message at a field becomes a page that says the sentence."""
        if not isinstance(exception, Refused):
            return None
        forbidden = isinstance(exception, NotAllowed)
        context = {"sentences": sentences(exception), "forbidden": forbidden}
        return render(request, "people/refused.html", context, status=403 if forbidden else 409)


def now() -> datetime:
    """The time of day is real; in a demonstration the day is the fixed one."""
    real = timezone.localtime()
    day = demo_day()
    return real if day is None else real.replace(year=day.year, month=day.month, day=day.day)


def demo_day() -> date | None:
    """The fixed day of a demonstration; None outside one, or before it was played."""
    kept = settings.HOME / "demo_day"
    if not settings.DEMO or not kept.exists():
        return None
    return date.fromisoformat(kept.read_text().strip())


def _holding(request: HttpRequest) -> Holding | None:
    """The chosen position if it is still held today; the only one when there is only one."""
    if not request.user.is_authenticated:
        return None
    held = queries.seats(request.user, request.today)  # type: ignore[attr-defined]
    chosen = request.session.get(SESSION_POSITION)
    for one in held:
        if one.position_id == chosen:
            return one
    return held[0] if len(held) == 1 and chosen is None else None
