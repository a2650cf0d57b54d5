"""Error pages, in words that say what to do next. They need no database, so they also show when it is away."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what happened, and what to do."""

    status: int
    heading: str | Promise
    text: str | Promise


BAD_REQUEST = Trouble(
    400,
    _("The browser sent something that cannot be read"),
    _("Go back, load the page again and repeat the step. Drafts that were saved are still there."),
)
FORBIDDEN = Trouble(
    403,
    _("Your position may not see this page"),
    _("Choose another position at the top right, or ask the administrator of your unit for the right."),
)
NOT_FOUND = Trouble(
    404,
    _("There is no page at this address"),
    _("The address may be mistyped, or what it showed may lie outside the units you see. Search for it by name."),
)
BROKEN = Trouble(
    500,
    _("Something went wrong on our side"),
    _("Nothing of this step was stored. Try again in a few minutes; if it happens again, tell the administrator when."),
)


def _page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Without the frame of other pages, which asks the database who is here."""
    return render(request, "ui/trouble.html", {"trouble": trouble, "frame": None}, status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, BROKEN)
