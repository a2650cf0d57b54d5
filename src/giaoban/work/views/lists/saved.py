"""Saved views: keep the filters at hand, share, begin with one, drop."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work.actions import saved as actions
from giaoban.work.forms_saved import KeepForm
from giaoban.work.models import SavedView
from giaoban.work.queries import saved
from giaoban.work.views.lists.asked import Asked, address_of, page_named


@signed_in
def views(request: HttpRequest) -> HttpResponse:
    """The list of saved views; opened from a page of tasks, that page's filters can be kept under a name."""
    asked = Asked(request)
    page = page_named(request.GET.get("trang_xem", ""))
    opened = bool(request.GET.get("trang_xem"))
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.keep_view(
                by=request.actor, at=request.now, name=data["name"], page=page, asked=asked.query, shared=data["shared"]
            )
            if data["first"]:
                actions.begin_with(by=request.actor, at=request.now, view=made)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": made.name})
            return redirect(address_of(made))
    first = saved.first_of(request.actor)
    context = {
        "form": form,
        "opened": opened,
        "page": page,
        "chips": asked.chips((), "work:tasks"),
        "views": [
            {"view": each, "href": address_of(each), "own": each.account_id == request.actor.account_id}
            for each in saved.views_of(request.actor)
        ],
        "first": first.pk if first else None,
    }
    return render(request, "work/tasks/views.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, view_id: int) -> SavedView:
    found = saved.views_of(request.actor).filter(pk=view_id).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_POST
def share(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _find(request, view_id)
    actions.share_view(by=request.actor, at=request.now, view=view, shared=not view.shared)
    return redirect("work:views")


@signed_in
@require_POST
def begin(request: HttpRequest, view_id: int) -> HttpResponse:
    """Begin with this view; asked again, begin as everybody does."""
    view = _find(request, view_id)
    first = saved.first_of(request.actor)
    actions.begin_with(by=request.actor, at=request.now, view=None if first == view else view)
    return redirect("work:views")


@signed_in
@require_POST
def drop(request: HttpRequest, view_id: int) -> HttpResponse:
    actions.drop_view(by=request.actor, at=request.now, view=_find(request, view_id))
    return redirect("work:views")


@signed_in
@require_GET
def one(request: HttpRequest, view_id: int) -> HttpResponse:
    """A short address of a saved view, to be sent to a colleague."""
    return redirect(address_of(_find(request, view_id)))
