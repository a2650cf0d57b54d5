"""How this door says no: JSON with the sentence a person can read and the name of the parameter it concerns."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError

from giaoban.core.refusal import Invalid, NotAllowed, Refused, sentence
from giaoban.orgs.queries import UnknownUnit
from giaoban.people.refusals import sentences


class NotInSight(NotAllowed):
    """Figures of this unit are not for this person."""

    sentence = sentence("You have no right to look at the figures of the unit with the number %(unit)s.")
    field = "unit"


class TooMuch(Refused):
    """More answers at once than one request may have."""

    sentence = sentence(
        "This asks for %(n)s answers; one request gives at most %(most)s. Ask for fewer periods or units."
    )
    field = "limit"


class NothingAsked(Refused):
    """A parameter without which there is no question."""

    sentence = sentence("Say which: the parameter “%(name)s” is missing.")


class UnknownHierarchy(Refused):
    sentence = sentence("There is no hierarchy with the code “%(code)s”.")
    field = "hierarchy"


class BadMap(Refused):
    sentence = sentence("“%(text)s” is not a map; write as_was, today or a day such as 2025-07-01.")
    field = "map"


class LastBeforeFirst(Refused):
    sentence = sentence("The second day must come after the first.")
    field = "to"


class NothingToRead(Refused):
    sentence = sentence("Send the words of a document as “text”, or a file as “file”.")
    field = "text"


SIGN_IN = sentence("Sign in first; this door knows people by their session.")
UNREADABLE = sentence("“%(name)s” cannot be read.")
PAGES = {
    "people:password": sentence("Choose a new password first, on the page of your account."),
    "people:me": sentence("Choose the position you act in first, on the page of your account."),
}
READ_AS = {
    "date_from_datetime_parsing": sentence("“%(name)s” is not a day; write it as 2025-06-30."),
    "date_parsing": sentence("“%(name)s” is not a day; write it as 2025-06-30."),
    "int_parsing": sentence("“%(name)s” is not a whole number."),
    "missing": sentence("Say which: the parameter “%(name)s” is missing."),
    "greater_than_equal": sentence("“%(name)s” is too small."),
    "less_than_equal": sentence("“%(name)s” is too large."),
}


def say(status: int, code: str, message: str, field: str | None = None, **more: Any) -> JsonResponse:
    body = {"error": {"code": code, "message": message, "field": field, **more}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def not_signed_in(request: HttpRequest, page: str) -> JsonResponse:
    """Who lacks a session, a password of their own or a position is told which; a program is sent nowhere."""
    return say(401, "not_signed_in", _(PAGES.get(page, SIGN_IN)))


def refused(request: HttpRequest, fault: Refused) -> JsonResponse:
    if isinstance(fault, NotAllowed):
        status = 403
    else:
        status = 404 if isinstance(fault, UnknownUnit) else 400
    faults = fault.faults if isinstance(fault, Invalid) else [fault]
    said = [{"message": line, "field": one.field} for one in faults for line in sentences(one)]
    return say(status, type(fault).__name__, said[0]["message"], said[0]["field"], faults=said)


def missing(request: HttpRequest, fault: Http404) -> JsonResponse:
    return say(404, "not_found", _("There is nothing at this address."))


def unreadable(request: HttpRequest, fault: ValidationError) -> JsonResponse:
    said = [_said(error) for error in fault.errors]
    return say(400, "unreadable", said[0]["message"], said[0]["field"], faults=said)


def _said(error: dict[str, Any]) -> dict[str, str]:
    """One fault of a parameter: pydantic's kinds of fault in our words."""
    names = [str(part) for part in error["loc"] if not isinstance(part, int)]
    name = names[-1] if names else ""
    text = READ_AS.get(error["type"], UNREADABLE)
    return {"message": _(text) % {"name": name}, "field": name}
