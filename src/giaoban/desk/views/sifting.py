"""The page "Đọc văn bản": the text with its marks, the proposals beside it, and a small request for each decision.

Every decision is kept at once. A browser without scripts follows the redirect; one with them gets the changed parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.desk import checking, comparing, proposals
from giaoban.desk.checking.page import Checked
from giaoban.desk.forms import TaskForm
from giaoban.desk.forms_checking import FigureForm
from giaoban.desk.sifting import REJECTED, TABS, Item, Sifted, TaskItem, sift
from giaoban.desk.views.deciding import Deciding, circle_of
from giaoban.desk.views.reading import fetched
from giaoban.documents import naming, readings
from giaoban.documents.models import KeptReading, ReadingDecision, RelationKind
from giaoban.jobs import queries as jobs
from giaoban.jobs.models import Job
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.ui.parts import Tab
from giaoban.work.marking import excerpt

What = ReadingDecision.What
CHECK = "kiem-tra"
AROUND = 150
"""Characters shown around a passage where the whole text does not stand beside it."""


@signed_in
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The text at the left, what can be made of it at the right."""
    kept = fetched(request, token)
    if kept.job_id is not None:
        return _waiting(request, kept.job_id)
    if kept.done_at is not None and kept.document is not None:
        return redirect(kept.document)
    sheet = sheet_of(request, kept)
    look = Look.of(request, sheet)
    if request.headers.get("HX-Request"):
        return JsonResponse(look.parts())
    return render(request, "desk/reading/page.html", look.context())


@signed_in
@require_POST
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Keep one decision, or several made in one move, and show what follows."""
    kept = fetched(request, token)
    sheet = sheet_of(request, kept)
    before = _shape(sheet)
    move = Deciding(request, sheet)
    try:
        move.do()
    except NotAllowed:
        raise
    except Refused as refused:
        kept.refresh_from_db()
        move.said = sentences(refused)
    sheet = sift(sheet.reading, kept)
    if move.said and not request.headers.get("HX-Request"):
        for line in move.said:
            messages.warning(request, line)
    look = Look.of(request, sheet, move)
    if request.headers.get("HX-Request"):
        return JsonResponse(look.parts(text=_shape(sheet) != before))
    if move.form is not None:
        return render(request, "desk/reading/page.html", look.context())
    asked = {"sua": move.asked} if move.asked else {}
    query = urlencode({"muc": look.slug, **asked})
    return redirect(f"{reverse('desk:read-result', args=[token])}?{query}{f'#{look.focus}' if look.focus else ''}")


def sheet_of(request: HttpRequest, kept: KeptReading) -> Sifted:
    """What was found in the text for this person today, and what was decided of it."""
    return sift(proposals.of(kept.text, request.actor, request.today, kept.document, kept.rows), kept)


@dataclass
class Look:
    """One look at the sheet: which tab, which proposal is open for editing or splitting, and what was just said."""

    request: HttpRequest
    sheet: Sifted
    slug: str
    edited: str = ""
    cut: str = ""
    focus: str = ""
    said: Sequence[str] = ()
    form: Any = None

    @classmethod
    def of(cls, request: HttpRequest, sheet: Sifted, move: Deciding | None = None) -> Look:
        given = request.POST if move else request.GET
        slug = given.get("muc", "")
        look = cls(request, sheet, slug if slug in TABS or (slug == CHECK and move is None) else "viec")
        if move is None:
            look.edited, look.cut = given.get("sua", ""), given.get("tach", "")
        else:
            look.edited, look.focus, look.said, look.form = move.asked, move.focus, move.said, move.form
        return look

    @property
    def kind(self) -> str:
        return TABS.get(self.slug, "")

    @cached_property
    def checked(self) -> Checked | None:
        """The switch "check my own text": what to put right before it is issued."""
        if self.slug != CHECK:
            return None
        reading = self.sheet.reading
        return Checked.of(reading.text, checking.check(reading.text, reading.actor, reading.on))

    @property
    def address(self) -> str:
        return reverse("desk:read-result", args=[self.sheet.kept.token])

    def context(self) -> dict[str, Any]:
        sheet = self.sheet
        return {
            "reading": sheet.reading,
            "kind": self.kind,
            "checked": self.checked,
            "check_slug": CHECK,
            "tabs": self.tabs(),
            "notes": [_(note) for note in sheet.kept.notes],
            "meeting_days": [
                f"{date.fromisoformat(day):%d/%m/%Y}" for day in (sheet.reading.meeting or {}).get("dates", [])
            ],
            "focus": self.focus,
            **self.list_context(),
        }

    def list_context(self) -> dict[str, Any]:
        sheet = self.sheet
        items = list(sheet.of(self.kind)) if self.kind else []
        if self.kind == "figures":
            self._compare(items)
        for one in items:
            one.bit = excerpt(sheet.reading.text, *one.passages[0], AROUND)
        open_item = next((one for one in items if self.edited in (one.code, one.key)), None) if self.edited else None
        cut_item = next((one for one in items if self.cut in (one.code, one.key)), None) if self.cut else None
        asks = self.kind == "tasks" and (open_item or any(one.asks_lead and not one.decided for one in sheet.tasks))
        circle = circle_of(self.request, sheet) if asks else None
        form = self.form
        if form is None and open_item is not None:
            form = self.form_of(open_item, circle)
        return {
            "sheet": sheet,
            "kept": sheet.kept,
            "items": items,
            "slug": self.slug,
            "edited": open_item,
            "form": form,
            "cut": cut_item,
            "clauses": _clauses(sheet, cut_item) if cut_item else [],
            "offered": list(circle.offered) if circle else [],
            "kinds": RelationKind.choices,
            "me": self.request.actor.account_id,
            **self.rights(),
        }

    def rights(self) -> dict[str, bool]:
        held = people.verbs_held(self.request.actor, self.request.today)
        return {"may_assign": "task.assign" in held, "may_decide": readings.VERB in held}

    def form_of(self, item: Item, circle: naming.Circle | None) -> Any:
        if isinstance(item, TaskItem):
            assert circle is not None
            return TaskForm(item, circle)
        if item.kind == "figures":
            return FigureForm(item.proposal, self.sheet.reading, initial=item.values, offer=item.offer)
        return None

    def _compare(self, items: Sequence[Item]) -> None:
        """What each figure may be about, and what the system holds against those of which it is plain."""
        reading = self.sheet.reading
        offers = comparing.offers(reading)
        asked = []
        for item in items:
            item.offer = offers.get(item.proposal.mark.no)
            values = item.values or (comparing.best(item.offer) if item.offer and item.offer.sure else {})
            if values and item.state != REJECTED:
                asked.append((item, values))
        found = comparing.for_all(reading, [(item.proposal, values) for item, values in asked], reading.on)
        for (item, _values), comparison in zip(asked, found, strict=True):
            item.comparison = comparison

    def tabs(self) -> list[Tab]:
        marks = self.sheet.reading.marks
        counts = {
            "viec": (_("Tasks found"), len(self.sheet.tasks)),
            "so-lieu": (_("Figures"), len(marks["figures"])),
            "dan-chieu": (_("Citations"), len(self.sheet.reading.citations)),
            "mau-thuan": (_("Contradictory"), len(marks["flags"])),
        }
        return [
            Tab(label, f"{self.address}?muc={slug}", slug == self.slug, count)
            for slug, (label, count) in counts.items()
        ]

    def parts(self, text: bool = False) -> dict[str, Any]:
        """The parts of the page that a script puts in place of the old ones."""
        context = self.context()
        drawn: dict[str, Any] = {
            "version": self.sheet.version,
            "focus": self.focus,
            "said": list(self.said),
            "list": render_to_string("desk/reading/list.html", context, self.request),
            "bar": render_to_string("desk/reading/bar.html", context, self.request),
        }
        if text:
            drawn["text"] = render_to_string("desk/reading/text.html", context, self.request)
        elif self.kind:
            drawn["states"] = {item.code: item.state for item in self.sheet.of(self.kind)}
        return drawn


def _days(meeting: dict[str, Any] | None) -> list[str]:
    return [f"{date.fromisoformat(day):%d/%m/%Y}" for day in (meeting or {}).get("dates", [])]


def _shape(sheet: Sifted) -> list[tuple[str, Any]]:
    return [(item.code, item.passages) for item in sheet.tasks]


def _clauses(sheet: Sifted, item: Item) -> list[tuple[str, int | None]]:
    """The clauses of a task, each with the place of the cut before it; none before the first."""
    start, end = item.passages[0]
    places = [place for place in sheet.reading.clauses(item.proposal) if start < place < end]
    edges = [start, *places, end]
    return [(sheet.reading.text[a:b], a if a > start else None) for a, b in pairwise(edges)]


def _waiting(request: HttpRequest, job_id: int) -> HttpResponse:
    """A scan whose pages are still being read: whoever asked for it sees how far it is."""
    try:
        return redirect("desk:job", job_id=jobs.job_for(request.actor, job_id).pk)
    except Job.DoesNotExist:
        messages.info(request, _("Its pages are still being read; look again in a few minutes."))
        return redirect("desk:read")
