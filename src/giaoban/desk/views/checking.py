"""Checking one's own text before issuing, and the figures of a registered document held against what is held here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.desk import checking, comparing, proposals
from giaoban.desk.checking.page import Checked
from giaoban.desk.forms_checking import CheckForm, FigureForm, WithdrawForm
from giaoban.desk.proposals import Reading
from giaoban.documents import actions as document_actions
from giaoban.documents import queries as documents
from giaoban.documents import quoted
from giaoban.documents.models import Document, QuotedFigure
from giaoban.files import opening
from giaoban.files.official import text_of
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.reports import queries as reports
from giaoban.reports.models import Report


@signed_in
def check(request: HttpRequest) -> HttpResponse:
    """Paste a draft or choose its file, and see what to look at before it is issued. Nothing is stored.

    A report that is being written is checked as it stands: `?bao-cao=<number>`.
    """
    _require(request)
    drafted = _report(request)
    posted = request.method == "POST"
    form = CheckForm(request.POST, request.FILES) if posted else CheckForm()
    text = ""
    if posted and form.is_valid():
        try:
            text = _text(form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
    elif drafted is not None and not posted:
        text = text_of(reports.document(request.actor, drafted, request.today))
        form = CheckForm(initial={"text": text})
    context: dict[str, Any] = {"form": form, "report": drafted, "report_href": _href(drafted)}
    if text:
        form = CheckForm(initial={"text": text})
        faults = checking.check(text, request.actor, request.today)
        context |= {"form": form, "checked": Checked.of(text, faults)}
    return render(request, "desk/reading/check_page.html", context, status=422 if form.errors else 200)


def _text(data: dict[str, Any]) -> str:
    """The draft itself; a mark of secrecy is refused here as everywhere."""
    upload = data.get("file")
    typed = data["text"].replace("\r\n", "\n")
    text = typed if typed.strip() or not upload else opening.opened(upload.name, upload.read()).text
    document_actions.refuse_secret("", "", text)
    return text


def _report(request: HttpRequest) -> Report | None:
    number = request.GET.get("bao-cao", "")
    if not number.isdigit():
        return None
    try:
        return reports.report(request.actor, int(number), request.today)
    except Report.DoesNotExist:
        raise Http404 from None


def _href(found: Report | None) -> str:
    return reverse("reports:report", args=[found.pk]) if found else ""


@signed_in
@require_safe
def figures(request: HttpRequest, document_id: int) -> HttpResponse:
    """The figures of a registered document: those attached, compared now, and those that could be."""
    found = _document(request, document_id)
    return _figures(request, found)


def _figures(request: HttpRequest, found: Document, form: FigureForm | None = None, status: int = 200) -> HttpResponse:
    shown = comparing.of_document(request.actor, found, request.today)
    context: dict[str, Any] = {"document": found, "shown": shown, "may_attach": _may(request)}
    if request.headers.get("HX-Request"):
        return render(request, "desk/reading/figure_part.html", context)
    reading = proposals.of(found.text, request.actor, request.today, found) if found.text and _may(request) else None
    lines = _lines(request, reading, shown, form) if reading else []
    forms = {one.quoted.pk: WithdrawForm(auto_id=f"id_{one.quoted.pk}_%s") for one in shown if one.may_withdraw}
    context |= {"lines": lines, "shown": [(one, forms.get(one.quoted.pk)) for one in shown]}
    return render(request, "desk/reading/figure_page.html", context, status=status)


def _lines(
    request: HttpRequest, reading: Reading, shown: list[comparing.Shown], form: FigureForm | None
) -> list[dict[str, Any]]:
    """Figures of the text not attached yet; the plain ones with what they come to."""
    offers = comparing.offers(reading)
    attached = {one.quoted.start for one in shown}
    edited = request.GET.get("sua", "")
    rest = [one for one in reading.figures if one.mark.no in offers and one.mark.start not in attached]
    sure = [one for one in rest if offers[one.mark.no].sure]
    values = {one.mark.no: comparing.best(offers[one.mark.no]) for one in rest if offers[one.mark.no].likely}
    found = comparing.for_all(reading, [(one, values[one.mark.no]) for one in sure], request.today)
    compared = {one.mark.no: result for one, result in zip(sure, found, strict=True)}
    lines = []
    for one in rest:
        offer = offers[one.mark.no]
        own = form if form is not None and form.prefix == f"s{one.mark.no}" else None
        if own is None and edited == one.mark.code:
            own = FigureForm(one, reading, offer=offer)
        lines.append({"one": one, "offer": offer, "comparison": compared.get(one.mark.no), "form": own})
    return lines


@signed_in
@require_POST
def attach(request: HttpRequest, document_id: int) -> HttpResponse:
    """Attach one figure: as it was guessed, or as the form says."""
    found = _document(request, document_id)
    if not _may(request):
        raise NotAllowed()
    reading = proposals.of(found.text, request.actor, request.today, found)
    one = next((each for each in reading.figures if each.mark.code == request.POST.get("muc", "")), None)
    if one is None:
        raise Http404
    offers = comparing.offers(reading)
    offer = offers.get(one.mark.no)
    form: FigureForm | None = None
    if "doan" in request.POST:
        values = comparing.best(offer) if offer and offer.likely else {}
    else:
        form = FigureForm(one, reading, request.POST, offer=offer)
        if not form.is_valid():
            return _figures(request, found, form, 422)
        values = form.values()
    figure = comparing.from_values(reading, one, values)
    if figure is None:
        raise Http404
    try:
        comparing.attach(by=request.actor, at=request.now, document=found, figure=figure)
    except NotAllowed:
        raise
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
    else:
        messages.success(request, _("Attached: %(words)s.") % {"words": one.text[:120]})
    return redirect("desk:document-figures", document_id=found.pk)


@signed_in
@require_POST
def withdraw(request: HttpRequest, quoted_id: int) -> HttpResponse:
    """Withdraw an attachment, with a reason; what it was stays to be read."""
    try:
        found = quoted.one(request.actor, quoted_id, request.today)
    except QuotedFigure.DoesNotExist:
        raise Http404 from None
    form = WithdrawForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        quoted.withdraw(by=request.actor, at=request.now, quoted=found, reason=reason)
    except NotAllowed:
        raise
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
    return redirect("desk:document-figures", document_id=found.document_id)


def _document(request: HttpRequest, document_id: int) -> Document:
    try:
        return documents.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None


def _may(request: HttpRequest) -> bool:
    return people.may_anywhere(request.actor, quoted.VERB, request.today)


def _require(request: HttpRequest) -> None:
    if not people.may_anywhere(request.actor, quoted.VERB, request.today):
        raise NotAllowed()
