"""How a person is told: the rhythm of mail, and calendar addresses of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import Refused
from giaoban.notices import actions, mail, queries
from giaoban.notices.forms import FeedForm, RhythmForm
from giaoban.notices.views.tabs import tabs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to


@signed_in
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    return _page(request, FeedForm())


@signed_in
@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    """At once, daily, weekly, or none."""
    actions.choose_mail(by=request.actor, at=request.now, rhythm=request.POST.get("rhythm", ""))
    messages.success(request, _("Kept."))
    return redirect("notices:settings")


@signed_in
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make an address and show it, this once."""
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            made, token = actions.make_feed(by=request.actor, at=request.now, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            address = request.build_absolute_uri(f"/lich/{token}.ics")
            return _page(request, FeedForm(), made=made.name, address=address)
    return _page(request, form, status=422)


@signed_in
@require_POST
def revoke_feed(request: HttpRequest, feed_id: int) -> HttpResponse:
    actions.revoke_feed(by=request.actor, at=request.now, feed_id=feed_id)
    messages.success(request, _("The address opens nothing any more."))
    return redirect("notices:settings")


def _page(request: HttpRequest, form: FeedForm, *, status: int = 200, **made: str) -> HttpResponse:
    context = {
        "tabs": tabs(request, "settings"),
        "mail_on": mail.is_on(),
        "address_of_mail": request.user.email,
        "rhythm_form": RhythmForm(initial={"rhythm": mail.rhythm_of(request.user)}),
        "feed_form": form,
        "feeds": queries.feeds(request.user),
        **made,
    }
    return render(request, "notices/settings.html", context, status=status)
