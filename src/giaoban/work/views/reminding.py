"""What one is reminded of, texts to paste into a chat group, and the calendar feed behind its secret address."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from giaoban.notices import queries as notices
from giaoban.notices.models import Feed
from giaoban.notices.queries.calendars import TooOften
from giaoban.orgs import queries as orgs
from giaoban.people.guards import public, signed_in
from giaoban.ui.parts import Tab
from giaoban.work import chat, queries
from giaoban.work.actions import reminding as told
from giaoban.work.models import Task
from giaoban.work.queries import feed as feeds
from giaoban.work.queries import reminding
from giaoban.work.queries.reminding import OVERDUE, SOON, TODAY, Line
from giaoban.work.states import State

SETS = {"cua-toi": "mine", "don-vi": "unit", "giao": "given", "tat-ca": "all"}


@signed_in
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """`?viec=` one task; `?kieu=xep-hang` the units that are late; `?kieu=danh-sach` a set of tasks; else one's own."""
    kind = request.GET.get("kieu", "")
    if request.GET.get("viec"):
        made = _one(request)
    elif kind == "xep-hang":
        made = _league(request)
    elif kind == "danh-sach":
        made = _list(request)
    else:
        kind, made = "", _own(request)
    address = reverse("work:reminders")
    labels = {"": _("My reminders"), "danh-sach": _("A list"), "xep-hang": _("Units that are late")}
    chosen = {name: request.GET[name] for name in ("xem", "don_vi", "van-ban", "hop") if request.GET.get(name)}
    base = queries.tasks_for(request.actor, request.today)
    context = {
        "tabs": [
            Tab(label, f"{address}?kieu={code}" if code else address, code == kind) for code, label in labels.items()
        ],
        "kind": kind,
        "sets": [
            ("tat-ca", _("All I may see")),
            ("cua-toi", _("Mine")),
            ("don-vi", _("My unit’s")),
            ("giao", _("Given by us")),
        ],
        "leads": queries.leads(base.filter(due_on__isnull=False, confirmed_at__isnull=True), request.today),
        "chosen": chosen,
        **made,
    }
    return render(request, "work/reminders.html", context)


def _own(request: HttpRequest) -> dict[str, Any]:
    """The list of the acting position as the next reminder would tell it."""
    on = request.today
    found = reminding.reminder_of(request.actor, on)
    names = _names(line.task for line in found.lines)
    return {
        "groups": told.groups(found.lines, names(on), on),
        "text": told.list_text(found, names(on), on, request.actor.title or request.actor.name) if found.lines else "",
    }


def _one(request: HttpRequest) -> dict[str, Any]:
    try:
        task = queries.task(request.actor, int(request.GET["viec"]), request.today)
    except (ValueError, Task.DoesNotExist):
        raise Http404 from None
    lead = orgs.body_name(task.lead_id, request.today) if task.lead_id else task.group
    link = _absolute(request, reverse("work:task", args=[task.pk]))
    text = chat.one_task(task.title, lead, task.due_on, task.due_text, request.today, link)
    return {"text": text, "task": task, "steps": reminding.escalation(task, request.today)}


def _set(request: HttpRequest) -> QuerySet[Task]:
    """The open tasks of the set that the address names."""
    numbers = {name: request.GET.get(name, "") for name in ("don_vi", "van-ban", "hop")}
    if any(value and not (value.isascii() and value.isdigit()) for value in numbers.values()):
        raise Http404
    found = queries.tasks_for(
        request.actor,
        request.today,
        view=SETS.get(request.GET.get("xem", ""), "all"),
        unit_id=int(numbers["don_vi"]) if numbers["don_vi"] else None,
        document_id=int(numbers["van-ban"]) if numbers["van-ban"] else None,
        meeting_id=int(numbers["hop"]) if numbers["hop"] else None,
    )
    return found.filter(confirmed_at__isnull=True, proposed_at__isnull=True)


def _list(request: HttpRequest) -> dict[str, Any]:
    """Late, due today and due soon, with the unit that leads each."""
    on = request.today
    due = _set(request).filter(queries.soon(on) | queries.in_state(State.OPEN_OVERDUE, on)).order_by("due_on", "pk")
    tasks = list(due[:200])
    lines = [Line(OVERDUE if t.due_on < on else TODAY if t.due_on == on else SOON, t, t.due_on) for t in tasks]
    names = _names(tasks)(on)
    head = f"Việc đến hạn và quá hạn, {on:%d/%m/%Y}"
    unit = request.GET.get("don_vi")
    if unit and tasks:
        head = f"{names[int(unit)]}: việc đến {on:%d/%m/%Y}"
    shown = [
        (told.HEADINGS[name], [_said(line, names, not unit, on) for line in lines if line.head == name])
        for name in (OVERDUE, TODAY, SOON)
    ]
    text = chat.listing(head, shown, _absolute(request, f"{reverse('work:tasks')}?{_query(request)}"))
    return {"groups": told.groups(lines, names, on), "text": text if lines else ""}


def _said(line: Line, names: dict[int, str], with_lead: bool, on: Any) -> str:
    lead = f"{names.get(line.task.lead_id or 0, '')}: " if with_lead else ""
    return f"{lead}{line.task.title} ({told.note(line, on)})"


def _league(request: HttpRequest) -> dict[str, Any]:
    """Which units are late with how much, the most first."""
    on = request.today
    late = _set(request).filter(queries.in_state(State.OPEN_OVERDUE, on))
    bare = late.order_by().select_related(None).values("lead_id").annotate(n=Count("pk"), first=Min("due_on"))
    rows = list(bare)
    names = orgs.names([row["lead_id"] for row in rows], on)
    units = sorted(
        ((names.get(row["lead_id"], ""), row["n"], (on - row["first"]).days) for row in rows),
        key=lambda unit: (-unit[1], -unit[2], unit[0]),
    )
    text = chat.league(on, units, _absolute(request, f"{reverse('work:tasks')}?{_query(request)}"))
    return {"units": units, "text": text if units else ""}


def _names(tasks: Any) -> Any:
    ids = {task.lead_id for task in tasks if task.lead_id}
    return lambda on: orgs.names(ids, on)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("kieu", None)
    query.setdefault("xem", "tat-ca")
    if query["xem"] == "cua-toi":
        query["xem"] = ""
    return query.urlencode()


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{settings.SITE}{path}" if settings.SITE else request.build_absolute_uri(path)


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; nothing says whether an address was ever right."""
    try:
        found = notices.feed_of(token, request.now)
    except Feed.DoesNotExist:
        return _quiet(
            HttpResponse(_("This calendar does not exist."), status=404, content_type="text/plain; charset=utf-8")
        )
    except TooOften:
        response = HttpResponse(_("Asked too often."), status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = "3600"
        return _quiet(response)
    domain = request.get_host().split(":")[0]
    content = feeds.calendar_of(found.account, request.today, domain, titles=found.titles)
    mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if mark in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="giao-ban.ics"'
    response["ETag"] = mark
    return _quiet(response)


def _quiet(response: HttpResponse) -> HttpResponse:
    """Kept by nobody between, found by no search engine, and the address goes nowhere else."""
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
