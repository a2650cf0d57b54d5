"""One verb on the ticked tasks: what is needed for all is asked once, then each is told what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.people.guards import signed_in
from giaoban.people.models import Position
from giaoban.people.refusals import add_to, sentences
from giaoban.work import queries
from giaoban.work.actions.bulk import Outcome, do_to_many
from giaoban.work.forms_saved import ManyExtendForm, ManyForm, ManyHandForm, ManyReasonForm
from giaoban.work.models import Task
from giaoban.work.views.rows import task_rows


@dataclass(frozen=True)
class Bulk:
    """A verb that can be done to many: its right, its form, and whether one press is enough on the board."""

    verb: str
    word: str | Promise
    icon: str
    right: str
    form: type[ManyForm]
    at_once: bool = False


BULK: dict[str, Bulk] = {
    "nhac": Bulk("remind", gettext_lazy("Urge the lead"), "bell", "task.assign", ManyForm, True),
    "xac-nhan": Bulk("confirm", gettext_lazy("Confirm"), "badge-check", "task.confirm", ManyForm, True),
    "tra-lai": Bulk("send_back", gettext_lazy("Send back"), "undo-2", "task.confirm", ManyReasonForm),
    "gia-han": Bulk("extend", gettext_lazy("Grant more time"), "calendar-clock", "task.extend", ManyExtendForm),
    "giao-can-bo": Bulk("hand", gettext_lazy("Hand to an officer"), "user-round-cog", "task.report", ManyHandForm),
    "thoi-giao": Bulk("call_off", gettext_lazy("Call off"), "circle-x", "task.confirm", ManyReasonForm),
}


@signed_in
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """First the ticked tasks and what the verb needs; sent again with `lam`, each done or told why not.

    The same page without script; nothing ticked or typed is lost when something is refused.
    """
    code = request.POST.get("verb", "")
    if code not in BULK:
        raise Http404
    chosen = BULK[code]
    tasks = _ticked(request)
    if not tasks:
        messages.warning(request, _("Tick at least one task."))
        return redirect(_back(request))
    doing = "lam" in request.POST
    more = {"positions": _positions(tasks)} if chosen.form is ManyHandForm else {}
    form = chosen.form(request.POST if doing else None, **more)
    if doing and form.is_valid():
        try:
            said = form.said()
            found = do_to_many(
                by=request.actor, at=request.now, verb=chosen.verb, task_ids=[task.pk for task in tasks], **said
            )
        except Refused as refused:
            add_to(form, refused)
        else:
            return _told(request, code, found)
    context = {
        "code": code,
        "chosen": chosen,
        "form": form,
        "rows": task_rows(tasks, request.today),
        "back": _back(request),
    }
    return render(request, "work/tasks/many.html", context, status=422 if doing else 200)


def _ticked(request: HttpRequest) -> list[Task]:
    """The tasks that were ticked and that the actor sees, in the order of the page."""
    keys = [int(key) for key in request.POST.getlist("viec") if key.isdecimal() and len(key) < 19]
    found = queries.visible_tasks(request.actor, request.today).prefetch_related("partners").in_bulk(keys)
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _positions(tasks: Sequence[Task]) -> Any:
    """Seats of the units that lead the ticked tasks; the verb refuses where the seat is of another of them."""
    return Position.objects.filter(unit_id__in={task.lead_id for task in tasks if task.lead_id}).order_by("rank", "pk")


def _told(request: HttpRequest, code: str, found: Sequence[Outcome]) -> HttpResponse:
    """Where all went well, back with one sentence; otherwise the list of what was done, what was not, and why."""
    done = [each for each in found if each.done]
    failed = [(each, sentences(each.refused)) for each in found if each.refused is not None]
    words = {"word": BULK[code].word, "n": len(done)}
    if not failed:
        messages.success(
            request, ngettext("%(word)s: done for %(n)s task.", "%(word)s: done for %(n)s tasks.", len(done)) % words
        )
        return redirect(_back(request))
    rows = {row.task.pk: row for row in task_rows(_again([each.task.pk for each in found]), request.today)}
    context = {
        "code": code,
        "chosen": BULK[code],
        "done": [rows[each.task.pk] for each in done],
        "failed": [(rows[each.task.pk], " ".join(why)) for each, why in failed],
        "back": _back(request),
        "verbs": [(name, each.word, each.icon) for name, each in BULK.items()],
        "typed": [
            (name, value)
            for name, value in request.POST.items()
            if name not in ("verb", "viec", "lam", "back", "csrfmiddlewaretoken")
        ],
    }
    return render(request, "work/tasks/many_told.html", context)


def _again(keys: list[int]) -> list[Task]:
    """The tasks as they stand now; they were the actor's to see when the verb began."""
    return list(Task.objects.filter(pk__in=keys).prefetch_related("partners"))


def _back(request: HttpRequest) -> str:
    """The page it was asked from; only an address of this system."""
    asked = request.POST.get("back", "")
    inside = asked.startswith("/viec/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if inside else reverse("work:tasks")
