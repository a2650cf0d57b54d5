"""What the pages of this room share: their tabs, and how a refusal becomes words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core.refusal import Invalid, Refused
from giaoban.indicators import queries
from giaoban.indicators.queries import rounds
from giaoban.people import queries as people
from giaoban.people.middleware import sentences
from giaoban.ui.parts import Tab


def room_tabs(request: HttpRequest, current: str) -> list[Tab]:
    """The three lists of the room, each where the person has something to look for."""
    actor, on = request.actor, request.today
    tabs = []
    if owes_reports(request):
        tabs.append(
            Tab(_("My reports"), reverse("indicators:mine"), current == "mine", queries.due_count(actor, on) or None)
        )
    if rounds.follows_others(actor, on):
        waiting = len(queries.judging(actor, on))
        tabs.append(Tab(_("Rounds"), reverse("indicators:rounds"), current == "rounds", waiting or None))
        tabs.append(Tab(_("Matrix"), reverse("indicators:matrix"), current == "matrix"))
        tabs.append(Tab(_("Approval lines"), reverse("indicators:lines"), current == "lines"))
    tabs.append(Tab(_("Catalogue"), reverse("indicators:catalogue"), current == "catalogue"))
    if "series.load" in people.verbs_held(actor, on):
        tabs.append(Tab(_("Take in a table"), reverse("intake:list")))
    return tabs


def owes_reports(request: HttpRequest) -> bool:
    """Whether this person types or submits figures somewhere."""
    return bool(people.verbs_held(request.actor, request.today) & {"figure.type", "figure.submit"})


def tell(request: HttpRequest, refused: Refused) -> None:
    """Show a refusal at the top of the next page."""
    for line in sentences(refused):
        messages.error(request, line)


def by_field(refused: Refused) -> dict[str, str]:
    """{field: sentence} of one refusal or several; those without a field stand under ""."""
    faults = refused.faults if isinstance(refused, Invalid) else [refused]
    found: dict[str, str] = {}
    for fault in faults:
        key = fault.field or ""
        found[key] = " ".join(filter(None, [found.get(key, ""), *sentences(fault)]))
    return found
