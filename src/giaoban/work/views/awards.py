"""Pages of commendations: the list, who is put forward, the decision, one commendation, and what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import Circle, below, ids
from giaoban.documents.serving import download
from giaoban.files import certificate, docx
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab
from giaoban.work import award_print
from giaoban.work.actions import awards as actions
from giaoban.work.forms_awards import AwardCorrectForm, AwardEndForm, AwardForm, DecisionForm
from giaoban.work.models import Award, Meeting, MeetingState
from giaoban.work.queries import awards as queries
from giaoban.work.queries import names as names_of
from giaoban.work.refusals_awards import NothingChosen
from giaoban.work.views.meetings import circle_of, find, hosts_of
from giaoban.work.views.spans import span_of

PAGE = 50
MOST_PRINTED = 500
VIEWS = {"": "given", "de-nghi": "proposed", "thoi": "ended"}
LOOKS = {
    Award.State.PROPOSED: "proposed",
    Award.State.GIVEN: "confirmed",
    Award.State.DROPPED: "ended",
    Award.State.REVOKED: "ended",
}


@signed_in
@require_GET
def awards(request: HttpRequest) -> HttpResponse:
    """Given, put forward, or ended; of one meeting where it is named."""
    actor, on = request.actor, request.today
    meeting = _meeting(request)
    xem = request.GET.get("xem", "")
    view = VIEWS.get(xem, "given")
    kind, text = request.GET.get("loai", ""), request.GET.get("q", "")
    found = _narrowed(request, meeting, view)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    counts = queries.award_counts(actor, on, meeting.pk if meeting else None)
    titles = [_("Awards given"), _("Put forward"), _("Dropped or revoked")]
    kept = {"hop": meeting.pk} if meeting else {}
    context = {
        "page": page,
        "rows": _rows(request, list(page)),
        "meeting": meeting,
        "xem": xem,
        "view": view,
        "q": text,
        "kind": kind,
        "kinds": list(queries.award_kinds().values()),
        "query": urlencode({name: value for name, value in request.GET.items() if name not in ("trang", "xem")}),
        "may_give": _may(request, meeting),
        "tabs": [
            Tab(
                title,
                f"{reverse('work:awards')}?{urlencode(kept | ({'xem': code} if code else {}))}".rstrip("?"),
                current=name == view,
                count=counts[name],
            )
            for title, (code, name) in zip(titles, VIEWS.items(), strict=True)
        ],
    }
    return render(request, "work/awards/list.html", context)


def _narrowed(request: HttpRequest, meeting: Meeting | None, view: str) -> Any:
    return queries.awards(
        request.actor,
        request.today,
        view=view,
        text=request.GET.get("q", ""),
        kind=request.GET.get("loai", ""),
        meeting_id=meeting.pk if meeting else None,
        to_id=_number(request.GET.get("don-vi", "")),
        unit_id=_number(request.GET.get("noi-tang", "")),
        period=span_of(request),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _meeting(request: HttpRequest) -> Meeting | None:
    number = _number(request.GET.get("hop", "") or request.POST.get("hop", ""))
    return find(request, number) if number else None


def _may(request: HttpRequest, meeting: Meeting | None) -> bool:
    if meeting is not None:
        return meeting.state != MeetingState.CANCELLED and people.may(
            request.actor, "award.give", meeting.unit_id, request.today
        )
    return bool(people.acts_for(request.actor, "award.give", request.today))


def _rows(request: HttpRequest, found: Sequence[Award]) -> list[dict[str, Any]]:
    names = names_of([unit for each in found for unit in (each.to_id, each.unit_id)], request.today)
    kinds = queries.named_kinds([each.kind for each in found])
    return [
        {
            "award": each,
            "kind": kind,
            "to": names.get(each.to_id, ""),
            "giver": names.get(each.unit_id, ""),
            "look": LOOKS[Award.State(each.state)],
        }
        for each, kind in zip(found, kinds, strict=True)
    ]


@signed_in
def propose(request: HttpRequest) -> HttpResponse:
    """Put one unit or person forward; the form comes back for the next one."""
    on, meeting = request.today, _meeting(request)
    if meeting is not None:
        people.require(request.actor, "award.give", meeting.unit_id, on)
        hosts, unit = [], meeting.unit_id
        circle = circle_of(request, meeting)
    else:
        hosts, unit = hosts_of(request, "award.give")
        circle = Circle(on, unit, below(unit, on))
    kept = {"kind": request.GET.get("loai", ""), "unit": unit}
    form = AwardForm(request.POST or None, circle=circle, hosts=hosts, initial=kept)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            for to in _units(data["to"], data["person"]):
                actions.propose(
                    by=request.actor,
                    at=request.now,
                    unit_id=unit,
                    kind=data["kind"],
                    to_id=to,
                    person=data["person"],
                    office=data["office"],
                    reason=data["reason"],
                    meeting=meeting,
                )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            where = {"hop": meeting.pk} if meeting else {}
            return redirect(f"{reverse('work:award-propose')}?{urlencode({**where, 'loai': data['kind'], 'da': 1})}")
    found = queries.awards(request.actor, on, view="proposed", meeting_id=meeting.pk if meeting else None)
    context = {
        "form": form,
        "meeting": meeting,
        "offered": list(circle.offered),
        "unit_name": orgs.body_name(unit, on),
        "done": request.GET.get("da") == "1",
        "rows": _rows(request, list(found[:PAGE])),
        "kinds": list(queries.award_kinds().values()),
    }
    return render(request, "work/awards/propose.html", context, status=422 if form.errors else 200)


def _units(named: Any, person: str) -> tuple[int, ...]:
    """A person is of one unit; a group of units may be commended at once, each for itself."""
    found = ids(named)
    if not found or (person and len(found) != 1):
        raise NothingChosen(field="to")
    return found


@signed_in
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Those chosen on the list, and the decision that gives them: first looked at, then given."""
    chosen = [number for text in request.POST.getlist("chon") if (number := _number(text))]
    found = [_find(request, number) for number in chosen]
    meeting = _meeting(request)
    back = f"{reverse('work:awards')}?{urlencode({'xem': 'de-nghi', **({'hop': meeting.pk} if meeting else {})})}"
    if not found:
        return redirect(back)
    unit = found[0].unit_id
    people.require(request.actor, "award.give", unit, request.today)
    head = people.head(unit, request.today)
    initial = {
        "symbol": documents.next_symbol(unit, "QĐ", request.today),
        "decided_on": request.today,
        "signer": head.account.full_name if head else "",
        "signer_title": head.position.title if head else "",
        "register": True,
    }
    sent = "symbol" in request.POST
    form = DecisionForm(request.POST if sent else None, initial=initial)
    if sent and form.is_valid():
        try:
            actions.give(by=request.actor, at=request.now, awards=found, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(f"{reverse('work:awards')}{f'?hop={meeting.pk}' if meeting else ''}")
    context = {"form": form, "rows": _rows(request, found), "meeting": meeting, "back": back}
    context["giver"] = orgs.body_name(unit, request.today)
    return render(request, "work/awards/decide.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, award_id: int) -> Award:
    try:
        return queries.award(request.actor, award_id, request.today)
    except Award.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def one(request: HttpRequest, award_id: int) -> HttpResponse:
    return _page(request, _find(request, award_id))


def _circle(request: HttpRequest, found: Award) -> Circle:
    offered = {orgs.body_name(found.to_id, request.today): (found.to_id,)}
    return Circle(request.today, found.unit_id, {**offered, **below(found.unit_id, request.today)})


@signed_in
@require_POST
def correct(request: HttpRequest, award_id: int) -> HttpResponse:
    found = _find(request, award_id)
    form = AwardCorrectForm(request.POST, circle=_circle(request, found))
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            units = _units(data.pop("to"), "one")
            why, version = data.pop("reason_of_change"), data.pop("version")
            _correct(request, found, why, version, to_id=units[0], **data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return _page(request, _find(request, award_id), {"correct_form": form}, status=422)


def _correct(request: HttpRequest, found: Award, why: str, version: int, **data: Any) -> None:
    """The achievement is a field named `reason`; why it is corrected is the verb's own."""
    achievement = data.pop("reason")
    actions.correct(
        by=request.actor, at=request.now, award=found, reason=why, version=version, achievement=achievement, **data
    )


@signed_in
@require_POST
def end(request: HttpRequest, award_id: int) -> HttpResponse:
    """Not given after all, or revoked."""
    found, form = _find(request, award_id), AwardEndForm(request.POST)
    if form.is_valid():
        verb = actions.drop if found.state == Award.State.PROPOSED else actions.revoke
        try:
            verb(by=request.actor, at=request.now, award=found, reason=form.cleaned_data["reason_of_change"])
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return _page(request, _find(request, award_id), {"end_form": form}, status=422)


def _page(
    request: HttpRequest, found: Award, forms: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    changes = people.may(request.actor, "award.give", found.unit_id, request.today)
    circle = _circle(request, found)
    (row,) = _rows(request, [found])
    initial = {name: getattr(found, name) for name in ("kind", "person", "office", "reason", "version")}
    context = {
        **row,
        "found": found,
        "form_of": queries.award_kinds().get(found.kind),
        "decision": queries.decision_words(found),
        "changes": found.changes.all(),
        "labels": LABELS,
        "may_change": changes and found.state in (Award.State.PROPOSED, Award.State.GIVEN),
        "offered": list(circle.offered),
        "correct_form": AwardCorrectForm(initial={**initial, "to": row["to"]}, circle=circle),
        "end_form": AwardEndForm(auto_id="end_%s"),
    }
    return render(request, "work/awards/one.html", {**context, **(forms or {})}, status=status)


LABELS = {
    "kind": "Hình thức",
    "to_id": "Đơn vị",
    "person": "Cá nhân",
    "office": "Chức vụ",
    "reason": "Thành tích",
}


@signed_in
@require_GET
def paper(request: HttpRequest, award_id: int) -> HttpResponse:
    """The certificate of one commendation."""
    found = _find(request, award_id)
    if found.state != Award.State.GIVEN:
        raise Http404
    return download(f"giay-khen-{found.pk}.docx", certificate.write([award_print.certificate(found)]))


@signed_in
@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """The certificates of the whole list as it is narrowed, one a page."""
    found = list(_narrowed(request, _meeting(request), "given").order_by("kind", "person", "pk")[:MOST_PRINTED])
    if not found:
        raise Http404
    return download("giay-khen.docx", certificate.write([award_print.certificate(each) for each in found]))


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The list of those commended as a paper."""
    meeting = _meeting(request)
    found = list(_narrowed(request, meeting, "given").order_by("decided_on", "kind", "person", "pk")[:MOST_PRINTED])
    if not found:
        raise Http404
    document = award_print.listed(found[0].unit_id, meeting, found, request.today)
    return download("danh-sach-khen-thuong.docx", docx.write(document))
