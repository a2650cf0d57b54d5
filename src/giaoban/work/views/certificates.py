"""Pages of a training's learners and certificates, and of who still lacks one across trainings on a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.serving import download
from giaoban.files import certificate as paper
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.ui.widgets import DayInput
from giaoban.work import queries as work
from giaoban.work.actions import certificates as actions
from giaoban.work.actions import training
from giaoban.work.certificate_print import printed
from giaoban.work.models import Certificate, Meeting, MeetingKind, MeetingState
from giaoban.work.queries import certificates as queries
from giaoban.work.queries.training import learners as learners_of
from giaoban.work.views.meetings import find


class CertifyForm(forms.Form):
    issued_on = forms.DateField(label=_("Dated"), widget=DayInput())
    signer = forms.CharField(label=_("Signed by"), max_length=200)
    signer_title = forms.CharField(label=_("Title of the signer"), max_length=200, required=False)


class LearnersForm(forms.Form):
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    names = forms.CharField(
        label=_("Learners"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: name; office. Who is on the list already stays as they are."),
    )


def _training(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = find(request, meeting_id)
    if meeting.kind != MeetingKind.TRAINING:
        raise Http404
    return meeting


@signed_in
def certificates(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Who is due one, who has one, and what was withdrawn; an invited unit sees its own people's."""
    meeting = _training(request, meeting_id)
    actor, on = request.actor, request.today
    runs = people.may(actor, "meeting.plan", meeting.unit_id, on)
    gives = people.may(actor, "training.certify", meeting.unit_id, on)
    initial = {"issued_on": on, "signer": meeting.chair_name, "signer_title": meeting.chair_title}
    form = CertifyForm(request.POST or None, initial=initial)
    marked = request.POST.getlist("who")
    if request.method == "POST" and form.is_valid():
        try:
            actions.certify(
                by=actor,
                at=request.now,
                meeting=meeting,
                who=[(each, request.POST.get(f"name-{each}", "")) for each in marked],
                **form.cleaned_data,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:certificates", meeting.pk)
    given = list(queries.certificates_for(actor, meeting, on))
    found = learners_of(meeting, timezone.localdate(meeting.starts_at)) if runs else []
    context = {
        "meeting": meeting,
        "topic": queries.topic_of(meeting),
        "runs": runs,
        "gives": gives and meeting.state in (MeetingState.HELD, MeetingState.CONCLUDED),
        "takes_back": gives,
        "holding": [each for each in given if each.withdrawn_at is None],
        "withdrawn": [each for each in given if each.withdrawn_at is not None],
        "waiting": [
            (each, request.POST.get(f"name-{each.who}", each.person), not marked or each.who in marked)
            for each in found
            if each.due and each.certificate is None
        ],
        "short": [each for each in found if not each.due and each.certificate is None],
        "all": len(found),
        "certified": sum(each.certificate is not None for each in found),
        "form": form,
    }
    return render(request, "work/training/certificates.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def print_all(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """DOCX, one page each, of all that hold and that the reader may see."""
    meeting = _training(request, meeting_id)
    found = list(queries.certificates_for(request.actor, meeting, request.today).order_by("number"))
    return _printed(found, f"giay-chung-nhan-{meeting.pk}.docx")


@signed_in
@require_GET
def print_one(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = _certificate(request, certificate_id)
    return _printed([found], f"giay-chung-nhan-{found.year}-{found.number:02d}.docx")


def _printed(found: list[Certificate], name: str) -> HttpResponse:
    pages = printed(found)
    if not pages:
        raise Http404
    return download(name, paper.write(pages))


def _certificate(request: HttpRequest, certificate_id: int) -> Certificate:
    try:
        return queries.certificate(request.actor, certificate_id, request.today)
    except Certificate.DoesNotExist:
        raise Http404 from None


@signed_in
@require_POST
def withdraw(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = _certificate(request, certificate_id)
    try:
        actions.withdraw(by=request.actor, at=request.now, certificate=found, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect("work:certificates", found.meeting_id)


@signed_in
def learners(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A unit names who comes to a training; who runs it sees and changes all of them."""
    meeting = _training(request, meeting_id)
    actor, on = request.actor, request.today
    runs = people.may(actor, "meeting.plan", meeting.unit_id, on)
    invited = list(meeting.invitations.values_list("unit_id", flat=True))
    mine = invited if runs else [unit for unit in invited if unit == actor.unit_id]
    names = work.names(mine, on)
    may = runs or (bool(mine) and people.may(actor, "meeting.answer", actor.unit_id or 0, on))
    form = LearnersForm(request.POST or None)
    chosen: Any = form.fields["unit"]
    chosen.choices = [(unit, names[unit]) for unit in mine]
    if request.method == "POST" and form.is_valid():
        try:
            training.register_learners(
                by=actor,
                at=request.now,
                meeting=meeting,
                unit_id=form.cleaned_data["unit"],
                names=form.cleaned_data["names"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:learners", meeting.pk)
    found = meeting.guests.filter(unit__in=mine)
    context = {
        "meeting": meeting,
        "runs": runs,
        "changes": may and meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "groups": [
            (names[unit], [each for each in found if each.unit_id == unit])
            for unit in mine
            if any(each.unit_id == unit for each in found)
        ],
        "unnamed": [names[unit] for unit in mine if not any(each.unit_id == unit for each in found)],
        "form": form,
    }
    return render(request, "work/training/learners.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def remove_learner(request: HttpRequest, meeting_id: int, guest_id: int) -> HttpResponse:
    meeting = _training(request, meeting_id)
    found = meeting.guests.filter(pk=guest_id, unit__isnull=False).first()
    if found is None:
        raise Http404
    try:
        training.remove_learner(by=request.actor, at=request.now, learner=found)
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect("work:learners", meeting.pk)


@signed_in
@require_GET
def trainings(request: HttpRequest) -> HttpResponse:
    """Topics with how many have the certificate; of one topic, who still lacks it and where they attended."""
    wanted = request.GET.get("chu-de", "")
    found = queries.topic(request.actor, wanted, request.today) if wanted else None
    if wanted and found is None:
        raise Http404
    context = {
        "topic": found,
        "topics": [] if found else queries.topics(request.actor, request.today),
        "address": reverse("work:trainings"),
    }
    return render(request, "work/training/topics.html", context)
