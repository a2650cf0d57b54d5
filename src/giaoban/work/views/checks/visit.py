"""Pages of one check: papers, minutes with their findings, what puts them right, the notice of results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.serving import download
from giaoban.files import docx
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import check_papers, check_rules
from giaoban.work.actions import checks as actions
from giaoban.work.forms_checks import (
    AnswerForm,
    BecauseForm,
    ConcludeForm,
    ExplainForm,
    FindingForm,
    GiveForm,
    MinutesForm,
    OpinionForm,
    PaperForm,
    RemedyForm,
)
from giaoban.work.models import CheckPaper, CheckVisit, Finding
from giaoban.work.queries import checks as queries
from giaoban.work.queries import names as names_of
from giaoban.work.views.checks.rows import LOOKS, finding_rows

State = CheckVisit.State
Door = tuple[str, Callable[[], forms.Form], Callable[..., object]]


@signed_in
@require_safe
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    return page(request, _find(request, visit_id))


def page(request: HttpRequest, found: CheckVisit, status: int = 200, **given: Any) -> HttpResponse:
    actor, on = request.actor, request.today
    ours = queries.checks(actor, found, on)
    runs = "check.run" in people.verbs_at(actor, ["check.run"], found.host_id, on)
    unit_side = queries.answers_for(actor, found, on)
    shown = queries.sees_findings(actor, found, on)
    planned = found.target.planned
    names = names_of([found.unit_id, found.host_id, *(each.unit_id for each in planned.members.all())], on)
    rows = finding_rows(list(found.findings.select_related("visit", "task")), on) if shown else []
    agreed = found.state in queries.AGREED
    code, word = LOOKS[State(found.state)]
    context = {
        "visit": found,
        "planned": planned,
        "topic": check_rules.topic(planned.topic),
        "unit": names.get(found.unit_id, ""),
        "host": names.get(found.host_id, ""),
        "look": (code, word),
        "members": [(each, names.get(each.unit_id, "") if each.unit_id else "") for each in planned.members.all()],
        "papers": found.papers.all() if ours or unit_side else [],
        "rows": [
            {
                "row": row,
                "open": agreed and row.finding.kind != Finding.Kind.STRENGTH and not queries.is_closed(row.finding),
                "has_task": row.finding.task is not None and row.finding.task.called_off_at is None,
                "asks": row.finding.explained_at is not None and row.finding.accepted is None,
            }
            for row in rows
        ],
        "shown": shown,
        "days_left": queries.days_left(found, on),
        "rule": check_rules.notice(queries.signed_on(found) or on),
        "runs": runs,
        "unit_side": unit_side,
        "may_assign": runs and people.may(actor, "task.assign", found.host_id, on),
        "paper_form": PaperForm(),
        "give_form": GiveForm(),
        "minutes_form": MinutesForm(
            initial={"present": found.present or _present(found, names), "summary": found.summary}
        ),
        "finding_form": FindingForm(initial={"topic": planned.topic}),
        "opinion_form": OpinionForm(),
        "because_form": BecauseForm(),
        "remedy_form": RemedyForm(on=on),
        "explain_form": ExplainForm(),
        "answer_form": AnswerForm(),
        "conclude_form": ConcludeForm(
            initial={"issued_on": on, "text": check_papers.conclusion_text(found, rows)} if runs and agreed else None
        ),
        **given,
    }
    return render(request, "work/check/visit.html", context, status=status)


def _present(found: CheckVisit, names: dict[int, str]) -> str:
    """The team as it was named, and a line for the unit."""
    team = [str(each) for each in found.target.planned.members.all()]
    return "\n".join([*team, f"{names.get(found.unit_id, '')}: "])


@signed_in
@require_POST
def act(request: HttpRequest, visit_id: int, verb: str) -> HttpResponse:
    """The next step of the check, by the team or by the unit."""
    found = _find(request, visit_id)
    doors: dict[str, Door] = {
        "khai-mac": ("open_form", lambda: forms.Form(request.POST), actions.open_visit),
        "tai-lieu": ("paper_form", lambda: PaperForm(request.POST), actions.ask_paper),
        "bien-ban": ("minutes_form", lambda: MinutesForm(request.POST), actions.write_minutes),
        "phat-hien": ("finding_form", lambda: FindingForm(request.POST, request.FILES), actions.note_finding),
        "trinh-ky": ("present_form", lambda: forms.Form(request.POST), actions.present_minutes),
        "rut-lai": ("because_form", lambda: BecauseForm(request.POST), actions.take_minutes_back),
        "ky": ("opinion_form", lambda: OpinionForm(request.POST), actions.sign_minutes),
        "khong-ky": ("because_form", lambda: BecauseForm(request.POST), actions.close_unsigned),
        "thong-bao": ("conclude_form", lambda: ConcludeForm(request.POST), actions.conclude_check),
    }
    return _through(request, found, doors, verb, visit=found)


@signed_in
@require_POST
def act_on_finding(request: HttpRequest, finding_id: int, verb: str) -> HttpResponse:
    """A finding: struck out, given as a task, explained, judged."""
    found = _finding(request, finding_id)
    doors: dict[str, Door] = {
        "bo": ("because_form", lambda: BecauseForm(request.POST), actions.remove_finding),
        "giao": ("remedy_form", lambda: RemedyForm(request.POST, on=request.today), actions.give_task),
        "giai-trinh": ("explain_form", lambda: ExplainForm(request.POST), actions.explain),
        "tra-loi": ("answer_form", lambda: AnswerForm(request.POST), _judge(request)),
    }
    return _through(request, found.visit, doors, verb, finding=found)


def _judge(request: HttpRequest) -> Callable[..., object]:
    accepted = request.POST.get("decision") == "yes"
    return lambda **given: actions.judge(accepted=accepted, **given)


@signed_in
@require_POST
def give(request: HttpRequest, wanted_id: int) -> HttpResponse:
    """The unit hands a paper in."""
    found = _paper(request, wanted_id)
    doors: dict[str, Door] = {
        "nop": ("give_form", lambda: GiveForm(request.POST, request.FILES), actions.give_paper),
    }
    return _through(request, found.visit, doors, "nop", paper=found)


def _through(
    request: HttpRequest, found: CheckVisit, doors: dict[str, Door], verb: str, **subject: Any
) -> HttpResponse:
    if verb not in doors:
        raise Http404
    name, make, do = doors[verb]
    form = make()
    if form.is_valid():
        data = dict(form.cleaned_data)
        if "file" in data:
            upload = data.pop("file")
            data["file"] = (upload.name, upload.read()) if upload else None
        try:
            do(by=request.actor, at=request.now, **subject, **data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    key = next(iter(subject.values())).pk
    return page(request, _find(request, found.pk), 422, **{name: form}, wrong=name, wrong_id=key, wrong_form=form)


@signed_in
@require_safe
def paper_file(request: HttpRequest, wanted_id: int) -> HttpResponse:
    found = _paper(request, wanted_id)
    return _file(found.file_name, found.file_hash)


@signed_in
@require_safe
def finding_file(request: HttpRequest, finding_id: int) -> HttpResponse:
    found = _finding(request, finding_id)
    return _file(found.file_name, found.file_hash)


def _file(name: str, digest: str) -> HttpResponse:
    if not digest:
        raise Http404
    return download(name, documents.kept_content(name, digest))


@signed_in
@require_safe
def minutes(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The minutes as a document to be printed and signed by hand."""
    found = _find(request, visit_id)
    if not queries.sees_findings(request.actor, found, request.today):
        raise Http404
    rows = finding_rows(list(found.findings.select_related("visit", "task")), request.today)
    return download(f"bien-ban-kiem-tra-{found.pk}.docx", docx.write(check_papers.minutes(found, rows, request.today)))


@signed_in
@require_safe
def notice(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The notice of results as a document; before it is issued a draft for who checks."""
    found = _find(request, visit_id)
    drafted = queries.checks(request.actor, found, request.today) and found.state == State.SIGNED
    if found.state != State.CONCLUDED and not drafted:
        raise Http404
    rows = finding_rows(list(found.findings.select_related("visit", "task")), request.today)
    made = check_papers.notice(found, rows, request.today)
    return download(f"thong-bao-ket-qua-kiem-tra-{found.pk}.docx", docx.write(made))


def _find(request: HttpRequest, visit_id: int) -> CheckVisit:
    try:
        return queries.visit(request.actor, visit_id, request.today)
    except CheckVisit.DoesNotExist:
        raise Http404 from None


def _finding(request: HttpRequest, finding_id: int) -> Finding:
    try:
        return queries.finding(request.actor, finding_id, request.today)
    except Finding.DoesNotExist:
        raise Http404 from None


def _paper(request: HttpRequest, wanted_id: int) -> CheckPaper:
    try:
        return queries.paper(request.actor, wanted_id, request.today)
    except CheckPaper.DoesNotExist:
        raise Http404 from None
