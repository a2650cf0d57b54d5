"""Handing a task down: one form, with the first assigner's deadline beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.naming import Circle, below
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions
from giaoban.work.forms_tasks import HandDownForm
from giaoban.work.queries import handing
from giaoban.work.views.meetings import due_words
from giaoban.work.views.tasks.finding import find


@signed_in
def hand_down(request: HttpRequest, task_id: int) -> HttpResponse:
    """Give the task, or a piece of it, to units below the lead; a later day than ours is warned of, not refused."""
    on = request.today
    found = find(request, task_id)
    if found.lead_id is None:
        raise NotAllowed()
    people.require(request.actor, "task.assign", found.lead_id, on)
    circle = Circle(on, found.lead_id, below(found.lead_id, on))
    form = HandDownForm(request.POST or None, circle=circle, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = form.new_task(data["text"], leader=data["leader"], report=data["report"])
        try:
            made = actions.hand_down(by=request.actor, at=request.now, task=found, new=new)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            if handing.later_than(found, [made]):
                messages.warning(request, _("Handed down; its day is later than the one your unit itself has."))
            else:
                messages.success(request, _("Handed down: %(title)s") % {"title": made.title})
            return redirect(found)
    context = {
        "form": form,
        "task": found,
        "lead": orgs.body_name(found.lead_id, on),
        "first": handing.first_of(found),
        "assigner": orgs.body_name(handing.first_of(found).assigned_by_id, on),
        "offered": list(circle.offered)[1:],
        "due_words": due_words(request),
    }
    return render(request, "work/task/hand_down.html", context, status=422 if form.errors else 200)
