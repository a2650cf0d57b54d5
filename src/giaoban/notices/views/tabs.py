"""The pages of this room side by side."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.notices.queries.web_hooks import RIGHT
from giaoban.people import queries as people
from giaoban.ui.parts import Tab


def tabs(request: HttpRequest, current: str) -> list[Tab]:
    """Messages, settings, and for who manages settings the connections."""
    pages = [("inbox", _("Messages")), ("settings", _("How I am told"))]
    if people.may_anywhere(request.actor, RIGHT, request.today):
        pages.append(("hooks", _("Other systems")))
    return [Tab(label, reverse(f"notices:{name}"), current=name == current) for name, label in pages]
