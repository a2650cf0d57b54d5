"""Pages of a meeting's papers: the list, one paper with its versions and readers, its files, and the item open now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import UnitsField, ids
from giaoban.documents.serving import download
from giaoban.people import queries as people
from giaoban.people.guards import public, signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.ui.widgets import DayInput
from giaoban.work import queries as work
from giaoban.work.actions import papers as actions
from giaoban.work.forms import InCircle
from giaoban.work.models import AgendaItem, Meeting, MeetingState, Paper, PaperVersion
from giaoban.work.queries import papers as queries
from giaoban.work.queries import private_notes
from giaoban.work.queries.guests import by_token
from giaoban.work.views.guests import quiet
from giaoban.work.views.meetings import circle_of, find


class PaperForm(InCircle):
    title = forms.CharField(label=_("Name of the paper"), max_length=300)
    item = forms.ModelChoiceField(
        label=_("Agenda item"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("The meeting as a whole"),
    )
    presenter_unit = UnitsField(label=_("Delivered by"), required=False)
    presenter = forms.CharField(label=_("Presented by"), max_length=200, required=False)
    due_on = forms.DateField(label=_("Deliver by"), required=False, widget=DayInput())
    attendees_only = forms.BooleanField(label=_("For those who attend only"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["item"]
        chosen.queryset = meeting.agenda.all()
        chosen.label_from_instance = lambda item: f"{item.order}. {item.title[:90]}"


class VersionForm(forms.Form):
    file = forms.FileField(label=_("File"))
    note = forms.CharField(label=_("What is different from the version before"), max_length=300, required=False)


class DueForm(forms.Form):
    due_on = forms.DateField(label=_("Deliver by"), required=False, widget=DayInput())


@signed_in
def papers(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """All papers with who owes one; who runs the meeting asks for more."""
    meeting = find(request, meeting_id)
    actor, on = request.actor, request.today
    runs = people.may(actor, "meeting.plan", meeting.unit_id, on)
    form = PaperForm(request.POST or None, meeting=meeting, circle=circle_of(request, meeting))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        units = ids(data.pop("presenter_unit"))
        try:
            actions.ask_paper(
                by=actor, at=request.now, meeting=meeting, presenter_unit_id=units[0] if units else None, **data
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:papers", meeting.pk)
    found = queries.shelved(queries.readable(actor, meeting, on), on, actor=actor)
    names = work.names([each.paper.presenter_unit_id for each in found], on)
    context = {
        "meeting": meeting,
        "runs": runs,
        "changes": runs and meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "rows": [(each, names.get(each.paper.presenter_unit_id or 0, "")) for each in found],
        "sent": sum(not each.missing for each in found if each.paper.withdrawn_at is None),
        "all": sum(each.paper.withdrawn_at is None for each in found),
        "missing": [each for each in found if each.missing],
        "unasked": meeting.agenda.filter(kind=AgendaItem.Kind.REPORT, papers__isnull=True)
        .exclude(presenter="", presenter_unit=None)
        .count()
        if runs
        else 0,
        "form": form,
        "due_form": DueForm(),
        "offered": list(circle_of(request, meeting).offered),
    }
    return render(request, "work/papers/list.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def ask_for_reports(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Of every report on the agenda that has a presenter, by one day."""
    meeting = find(request, meeting_id)
    form = DueForm(request.POST)
    if form.is_valid():
        _tried(
            request,
            lambda: actions.ask_for_reports(
                by=request.actor, at=request.now, meeting=meeting, due_on=form.cleaned_data["due_on"]
            ),
        )
    return redirect("work:papers", meeting.pk)


@signed_in
@require_POST
def remind(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    _tried(request, lambda: actions.remind_missing(by=request.actor, at=request.now, meeting=meeting))
    return redirect("work:papers", meeting.pk)


def _tried(request: HttpRequest, verb: Any) -> None:
    try:
        verb()
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))


def _paper(request: HttpRequest, meeting_id: int, paper_id: int) -> Paper:
    try:
        return queries.paper_for(request.actor, meeting_id, paper_id, request.today)
    except (Meeting.DoesNotExist, Paper.DoesNotExist):
        raise Http404 from None


@signed_in
def paper(request: HttpRequest, meeting_id: int, paper_id: int) -> HttpResponse:
    """One paper: its newest version to read, all versions, and for who runs the meeting who has read which."""
    found = _paper(request, meeting_id, paper_id)
    actor, on = request.actor, request.today
    delivers = queries.delivers(actor, found, on)
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            actions.deliver(
                by=actor,
                at=request.now,
                paper=found,
                file=(upload.name, upload.read()),
                note=form.cleaned_data["note"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:paper", meeting_id, paper_id)
    shelf = queries.shelved([found], on, actor=actor)
    versions = list(found.versions.all())
    shown = _chosen(versions, request.GET.get("ban", ""))
    if shown is not None and shown.text and request.method == "GET":
        actions.mark_read(by=actor, at=request.now, version=shown)
    runs = people.may(actor, "meeting.plan", found.meeting.unit_id, on)
    readers = queries.readers(found) if delivers else []
    names = work.names([found.presenter_unit_id, *(each.unit_id for each in readers)], on)
    notes = [each for each in private_notes.on_meeting(actor, found.meeting) if each.paper_id == found.pk]
    context = {
        "paper": found,
        "meeting": found.meeting,
        "shelf": shelf[0] if shelf else None,
        "presenter": names.get(found.presenter_unit_id or 0, ""),
        "versions": list(reversed(versions)),
        "shown": shown,
        "runs": runs,
        "delivers": delivers
        and found.withdrawn_at is None
        and found.meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "sees_readers": delivers,
        "readers": [(each, names.get(each.unit_id or 0, "")) for each in readers],
        "form": form,
        "own_notes": notes,
    }
    return render(request, "work/papers/one.html", context, status=422 if form.errors else 200)


def _chosen(versions: list[PaperVersion], asked: str) -> PaperVersion | None:
    """The version asked for by its number, else the newest."""
    return next((each for each in versions if str(each.no) == asked), versions[-1] if versions else None)


@signed_in
@require_GET
def file(request: HttpRequest, meeting_id: int, paper_id: int, no: int) -> HttpResponse:
    """The file of one version; taking it is reading it."""
    found = _paper(request, meeting_id, paper_id)
    version = _version(found, no)
    content = documents.kept_content(version.file_name, version.file_hash)
    actions.mark_read(by=request.actor, at=request.now, version=version)
    return download(version.file_name, content)


def _version(paper: Paper, no: int) -> PaperVersion:
    version = paper.versions.filter(no=no).first()
    if version is None:
        raise Http404
    return version


@signed_in
@require_POST
def withdraw(request: HttpRequest, meeting_id: int, paper_id: int) -> HttpResponse:
    found = _paper(request, meeting_id, paper_id)
    reason = request.POST.get("reason", "")
    _tried(request, lambda: actions.withdraw_paper(by=request.actor, at=request.now, paper=found, reason=reason))
    return redirect("work:papers", meeting_id)


@public
@require_GET
def guest_file(request: HttpRequest, token: str, paper_id: int, no: int) -> HttpResponse:
    """A version by the guest's own link: only what that link shows."""
    try:
        guest = by_token(token, request.now)
    except Refused as refused:
        return quiet(render(request, "work/guest_over.html", {"sentence": sentences(refused)[0]}, status=404))
    found = next((each for each in queries.of_guest(guest) if each.pk == paper_id), None)
    if found is None:
        raise Http404
    version = _version(found, no)
    content = documents.kept_content(version.file_name, version.file_hash)
    actions.mark_read_by_guest(at=request.now, token=token, version=version)
    return quiet(download(version.file_name, content))


@signed_in
@require_POST
def come_to(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """The meeting comes to this item; everybody sees its papers at the top of the page."""
    meeting = find(request, meeting_id)
    item = meeting.agenda.filter(pk=item_id).first()
    if item is None:
        raise Http404
    _tried(request, lambda: actions.come_to(by=request.actor, at=request.now, item=item))
    return redirect(f"{meeting.get_absolute_url()}#now")


@signed_in
@require_POST
def leave(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.leave_item(by=request.actor, at=request.now, meeting=meeting)
    messages.info(request, now("The item is over."))
    return redirect(meeting)
