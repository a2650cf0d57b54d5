"""Pages that take assignment annexes in: a trial first, with names asked and columns pointed at, then the tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import keeping
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.documents.naming import Circle, below
from giaoban.documents.serving import download
from giaoban.orgs import actions as orgs_actions
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.work import queries
from giaoban.work.exchange import layouts, lines, marking, taking
from giaoban.work.exchange.taking import Source, Trial
from giaoban.work.forms_exchange import ROLES, TakeInForm
from giaoban.work.models import Conclusion, Meeting, TableKind
from giaoban.work.views.meetings import hosts_of
from giaoban.work.views.tasks.finding import number

SALT = "work.exchange"
AN_HOUR_AND_MORE = 4 * 3600
SHOWN = 500


@dataclass(frozen=True)
class Kept:
    """A file between two steps, as this page itself signed it."""

    name: str
    hash: str
    kind: str
    unit: int
    document: int | None = None
    conclusion: int | None = None
    meeting: int | None = None

    @property
    def token(self) -> str:
        return signing.dumps(vars(self), salt=SALT)

    @property
    def content(self) -> bytes:
        return keeping.content(self.name, self.hash)


def kept_of(request: HttpRequest, kind: str) -> Kept | None:
    """What was handed up in the step before; None for anything this page did not sign."""
    token = request.POST.get("token", "")
    if not token:
        return None
    try:
        found = Kept(**signing.loads(token, salt=SALT, max_age=AN_HOUR_AND_MORE))
    except signing.BadSignature:
        return None
    return found if found.kind == kind else None


@signed_in
def take_in(request: HttpRequest) -> HttpResponse:
    """An annex: handed up, tried, asked about, and assigned."""
    kept = kept_of(request, TableKind.ANNEX)
    if kept is None:
        return _hand_up(request)
    source = _source(request, kept)
    step = request.POST.get("step", "")
    faults: list[str] = []
    if step == "names":
        faults = remember_names(request, kept)
    elif step == "point":
        faults = point(request, kept)
    try:
        if step == "take":
            return _taken(request, kept, source)
        trial = _tried(request, kept, kept.content, source)
    except lines.NoColumns:
        return pointing(request, kept, faults)
    except NotAllowed:
        raise
    except Refused as refused:
        return _hand_up(request, sentences(refused))
    if step == "copy" and trial.file.marks:
        return download(marking.copy_name(kept.name), marking.annotated(kept.content, trial))
    if step == "point-again":
        return pointing(request, kept, faults)
    return _shown(request, kept, trial, faults)


def _tried(request: HttpRequest, kept: Kept, content: bytes, source: Source) -> Trial:
    return taking.tried(by=request.actor, at=request.now, name=kept.name, content=content, source=source)


def _hand_up(request: HttpRequest, said: list[str] | None = None) -> HttpResponse:
    hosts, unit = hosts_of(request, "task.assign")
    document, meeting = _document(request), _meeting(request)
    sent = request.method == "POST" and not said and "token" not in request.POST
    form = TakeInForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        circle=Circle(request.today, unit),
        hosts=hosts,
        conclusions=_conclusions(request, meeting),
        initial={"document": document.symbol if document else "", "unit": unit},
    )
    if sent and form.is_valid():
        try:
            kept, content = _kept(request, form.cleaned_data, unit, meeting)
            source = _source(request, kept)
            try:
                trial = _tried(request, kept, content, source)
            except lines.NoColumns:
                keeping.keep(kept.name, content)
                return pointing(request, kept, [])
            keeping.keep(kept.name, content)
            return _shown(request, kept, trial, [])
        except NotAllowed:
            raise
        except Refused as refused:
            for line in sentences(refused):
                form.add_error(refused.field if refused.field in form.fields else None, line)
    context = {"form": form, "faults": said or [], "meeting": meeting, "document": document}
    return render(request, "work/exchange/hand_up.html", context, status=422 if form.errors or said else 200)


def _kept(request: HttpRequest, data: Mapping[str, Any], unit: int, meeting: Meeting | None) -> tuple[Kept, bytes]:
    upload = data["file"]
    if upload.size > keeping.LARGEST:
        raise keeping.FileTooLarge(name=upload.name)
    content = upload.read()
    symbol = data.get("document", "").strip()
    given = _document(request)  # a draft, or one of several with this number: the address says which
    document = given if given is not None and given.symbol == symbol else None
    document = document or taking.document_numbered(request.actor, symbol, request.today)
    conclusion = data.get("conclusion") or ""
    kept = Kept(
        name=upload.name,
        hash=hashlib.sha256(content).hexdigest(),
        kind=TableKind.ANNEX.value,
        unit=meeting.unit_id if meeting else unit,
        document=document.pk if document else None,
        conclusion=int(conclusion) if conclusion else None,
        meeting=meeting.pk if meeting else None,
    )
    return kept, content


def _source(request: HttpRequest, kept: Kept) -> Source:
    """Fetched again in every step: what one may not see is not found."""
    document = conclusion = None
    try:
        if kept.document is not None:
            document = documents.document(request.actor, kept.document, request.today)
        if kept.conclusion is not None and kept.meeting is not None:
            meeting = queries.meeting_for(request.actor, kept.meeting, request.today)
            conclusion = queries.conclusions_for(request.actor, meeting, request.today).get(pk=kept.conclusion)
    except (Document.DoesNotExist, Meeting.DoesNotExist, Conclusion.DoesNotExist):
        raise Http404 from None
    return Source(kept.unit, document, conclusion)


def _document(request: HttpRequest) -> Document | None:
    asked = number(request, "van-ban")
    if asked is None:
        return None
    found = documents.for_actor(request.actor, request.today).filter(pk=asked).first()
    if found is None:
        raise Http404
    return found


def _meeting(request: HttpRequest) -> Meeting | None:
    asked = number(request, "hop")
    if asked is None:
        return None
    try:
        return queries.meeting_for(request.actor, asked, request.today)
    except Meeting.DoesNotExist:
        raise Http404 from None


def _conclusions(request: HttpRequest, meeting: Meeting | None) -> list[tuple[str, str]]:
    if meeting is None:
        return []
    found = queries.conclusions_for(request.actor, meeting, request.today)
    return [(str(one.pk), f"{one.no}. {' '.join(one.text.split())[:120]}") for one in found]


# The steps


def remember_names(request: HttpRequest, kept: Kept) -> list[str]:
    """What names mean, as a person said: typed, or chosen of what was offered."""
    circle = Circle(request.today, kept.unit, below(kept.unit, request.today))
    faults: list[str] = []
    for place, name in enumerate(request.POST.getlist("name")):
        typed, chosen = request.POST.get(f"typed-{place}", "").strip(), request.POST.get(f"meant-{place}", "")
        try:
            units = [unit for part in typed.split(";") if part.strip() for unit in circle.read(part).unit_ids]
            units = units or [int(unit) for unit in chosen.split(",") if unit.isdecimal()]
            if units:
                orgs_actions.remember_name(
                    by=request.actor,
                    at=request.now,
                    text=name,
                    unit_ids=units,
                    near_id=kept.unit,
                    since=request.today,
                )
        except ValidationError as unclear:
            faults += unclear.messages
        except NotAllowed:
            raise
        except Refused as refused:
            faults += sentences(refused)
    return faults


def point(request: HttpRequest, kept: Kept) -> list[str]:
    """Which column is what, said for one table of the file."""
    tables = lines.opened(kept.name, kept.content, kept.kind).tables
    which, head = request.POST.get("table", ""), request.POST.get("head", "")
    table = next((one for one in tables if str(one.number) == which), None)
    if table is None or not head.isdecimal() or not 0 < int(head) <= len(table.grid):
        return [_("Choose the table and the row in which the columns are named.")]
    columns: dict[str, int] = {}
    for place in range(len(table.grid[int(head) - 1])):
        role = request.POST.get(f"column-{place}", "")
        if role:
            columns.setdefault(role, place)
    try:
        layouts.point(
            by=request.actor,
            at=request.now,
            unit_id=kept.unit,
            kind=kept.kind,
            table=table,
            head=int(head) - 1,
            columns=columns,
        )
    except NotAllowed:
        raise
    except Refused as refused:
        return sentences(refused)
    return []


def pointing(request: HttpRequest, kept: Kept, faults: list[str]) -> HttpResponse:
    """The table as it stands in the file, each column with the choice of what it holds."""
    tables = lines.opened(kept.name, kept.content, kept.kind).tables
    which = request.POST.get("table", "")
    table = next((one for one in tables if str(one.number) == which), tables[0] if tables else None)
    if table is None:
        return _hand_up(request, sentences(lines.NoColumns(name=kept.name)))
    asked = request.POST.get("head", "")
    sound = asked.isdecimal() and 0 < int(asked) <= len(table.grid)
    head = int(asked) - 1 if sound and request.POST.get("step") != "table" else table.likely_head
    named = table.names(head)
    guessed = lines.guessed(named, kept.kind)
    chosen = [request.POST.get(f"column-{place}", guess) for place, guess in enumerate(guessed)]
    roles = [(code, words) for code, words in ROLES if not code or code in lines.ROLES[kept.kind]]
    context = {
        "kept": kept,
        "tables": tables,
        "table": table,
        "head": head + 1,
        "columns": [
            {"place": place, "letter": lines.column_name(place), "name": name, "chosen": role}
            for place, (name, role) in enumerate(zip(named, chosen, strict=True))
        ],
        "rows": [
            (number_, [cell.text for cell in row])
            for number_, row in enumerate(table.grid[head + 1 : head + 1 + lines.SHOWN], head + 2)
        ],
        "roles": roles,
        "faults": faults,
    }
    return render(request, "work/exchange/pointing.html", context, status=422 if faults else 200)


def _shown(request: HttpRequest, kept: Kept, trial: Trial, faults: list[str]) -> HttpResponse:
    on = request.today
    units = {unit for row in trial.rows for unit in (*row.lead.units[:3], *row.partners.units[:3])}
    called = queries.names(units, on)

    def names(found: tuple[int, ...], group: str) -> str:
        if group:
            return _("%(group)s (%(n)s units)") % {"group": group, "n": len(found)}
        more = f" … ({len(found)})" if len(found) > 3 else ""
        return "; ".join(called.get(unit, "") for unit in found[:3]) + more

    rows = [
        {
            "row": row,
            "lead": names(row.lead.units, row.lead.group),
            "partners": names(row.partners.units, row.partners.group),
            "section": row.line.row.section,
        }
        for row in trial.rows[:SHOWN]
    ]
    context = {
        "kept": kept,
        "trial": trial,
        "source": trial.source,
        "rows": rows,
        "unseen": [row.key for row in trial.rows[SHOWN:] if row.new],
        "faults": faults,
        "fault_list": [(fault, row) for row in trial.rows for fault in row.faults][:SHOWN],
        "fault_rows": sum(bool(row.faults) for row in trial.rows),
        "questions": [
            {"name": name, "cells": ", ".join(cells[:6]), "offered": _offered(trial, name)}
            for name, cells in trial.questions.items()
        ],
        "offered": list(below(kept.unit, on)),
        "unit_name": orgs.body_name(kept.unit, on),
        "several_sheets": len({row.line.sheet for row in trial.rows}) > 1,
    }
    return render(request, "work/exchange/trial.html", context, status=422 if faults else 200)


def _offered(trial: Trial, name: str) -> list[tuple[str, str]]:
    return [(",".join(map(str, units)), label) for units, label in trial.names.offered(name)]


def _taken(request: HttpRequest, kept: Kept, source: Source) -> HttpResponse:
    made = taking.take_in(
        by=request.actor,
        at=request.now,
        name=kept.name,
        content=kept.content,
        source=source,
        keys=set(request.POST.getlist("row")) | _unseen(request),
    )
    messages.success(request, ngettext("%(n)s task assigned.", "%(n)s tasks assigned.", len(made)) % {"n": len(made)})
    if source.conclusion is not None:
        return redirect(source.conclusion.meeting.get_absolute_url())
    address = reverse("work:tasks")
    return redirect(f"{address}?xem=giao" + (f"&van-ban={source.document.pk}" if source.document else ""))


def _unseen(request: HttpRequest) -> set[str]:
    """Rows beyond those shown, sent as one field."""
    return set(filter(None, request.POST.get("unseen", "").split(" ")))
