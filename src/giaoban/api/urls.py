"""Addresses of the API. Every operation stands behind the guard: one that forgot it cannot be written."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import conditional_page

from giaoban.api import views
from giaoban.api.refusals import not_signed_in
from giaoban.api.service import service
from giaoban.people.guards import View, signed_in_or

app_name = "api"


def _guarded(view: View) -> View:
    """Only for a session; kept by nobody without asking again, and not sent twice when nothing changed (ETag)."""
    found = signed_in_or(not_signed_in)(views.asked_again(conditional_page(view)))
    found.csrf_exempt = False  # type: ignore[attr-defined]  # django-ninja leaves it out; ours is a session
    return found


urlpatterns: list[URLPattern] = [
    path("", views.page, name="page"),
    path("openapi.json", _guarded(views.description), name="description"),
]
for found in service.urls[0]:
    if found.name != "api-root":
        found.callback = _guarded(found.callback)
        urlpatterns.append(found)
