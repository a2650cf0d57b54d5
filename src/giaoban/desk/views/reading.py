"""Reading a document: paste or upload, look at the marks, choose, and let it become tasks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.core.text import nfc
from giaoban.desk import actions, proposals
from giaoban.desk.actions import NewDocument, RelationFromCitation, TargetFromSentence, TaskFromSentence
from giaoban.desk.forms import CitationForm, RegisterForm, TargetForm, TaskForm, TextForm
from giaoban.desk.proposals import Reading, TaskProposal
from giaoban.documents import actions as document_actions
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.files import opening
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work.actions import NewTask

KEPT = 3
"""How many texts one session keeps between reading and choosing."""


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Paste a text or choose a file."""
    _require(request)
    form = TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, **_opened(form.cleaned_data))
        except Refused as refused:
            add_to(form, refused)
    return render(request, "desk/reading/start.html", {"form": form})


@signed_in
@require_safe
def registered(request: HttpRequest, document_id: int) -> HttpResponse:
    """Read a document that is in the register already."""
    _require(request)
    try:
        found = documents.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None
    return _begin(request, text=found.text, document_id=found.pk)


@signed_in
def result(request: HttpRequest, token: str) -> HttpResponse:
    """The text with its marks at the left, what can be made of it at the right."""
    _require(request)
    kept = request.session.get("readings", {}).get(token)
    if kept is None:
        messages.warning(request, _("That text is no longer kept; paste it again."))
        return redirect("desk:read")
    known = _known(request, kept)
    reading = proposals.of(kept["text"], request.actor, request.today, known)
    sheet = Sheet.of(reading, request.POST or None)
    if request.method == "POST" and sheet.is_valid():
        try:
            adopted = sheet.adopt(request, kept)
        except Refused as refused:
            sheet = replace(sheet, faults=sentences(refused))
        else:
            request.session["readings"].pop(token)
            request.session.modified = True
            messages.success(request, _said(adopted))
            return redirect(adopted.document)
    context = {
        "reading": reading,
        "sheet": sheet,
        "kept": kept,
        "ticked": sum(form.taken for form in sheet.tasks),
        "meeting_days": [
            date.fromisoformat(day).strftime("%d/%m/%Y") for day in (reading.meeting or {}).get("dates", [])
        ],
    }
    return render(request, "desk/reading/result.html", context)


@dataclass(frozen=True)
class Sheet:
    """All forms of the page together; only those that were ticked are looked at."""

    reading: Reading
    register: RegisterForm | None
    tasks: list[TaskForm]
    targets: list[TargetForm]
    citations: list[CitationForm]
    faults: list[str]
    common_due: str = ""

    @classmethod
    def of(cls, reading: Reading, data: Any = None) -> Sheet:
        common_due = (data or {}).get("han_chung", "").strip()[:200]
        linked = _linked(reading)
        held = people.verbs_held(reading.actor, reading.on)
        return cls(
            reading=reading,
            register=None if reading.document else RegisterForm.of(reading, data),
            tasks=[TaskForm(one, reading.on, common_due, data) for one in reading.tasks if "task.assign" in held],
            targets=[TargetForm(one, reading, data) for one in reading.targets if "target.set" in held],
            citations=[
                CitationForm(one, data) for one in reading.citations if one.known and one.known.pk not in linked
            ],
            faults=[],
            common_due=common_due,
        )

    @property
    def register_open(self) -> bool:
        """Whether somebody has to look at the register's line: something is missing or wrong."""
        return bool(self.register.errors) if self.register.is_bound else not self.reading.heading.complete

    @property
    def register_words(self) -> str:
        """The register's line in one line."""
        head = self.reading.heading
        parts = [head.symbol, f"{head.issued_on:%d/%m/%Y}" if head.issued_on else "", self.reading.issuer_name]
        return " · ".join(part for part in parts if part) or _("number, day and issuer were not found in the text")

    @property
    def only_shown(self) -> list[TaskProposal]:
        """Tasks that were found, where the position may register the document but not assign."""
        return [] if self.tasks else self.reading.tasks

    @property
    def forms(self) -> list[Any]:
        return [*([self.register] if self.register else []), *self.tasks, *self.targets, *self.citations]

    def is_valid(self) -> bool:
        """Every form is looked at, so that all faults show at once."""
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    @property
    def wrong(self) -> list[Any]:
        return [form for form in self.forms if form.is_bound and form.errors]

    @property
    def owner(self) -> int:
        """The unit in whose name tasks are given and in whose register the document lies."""
        return self.reading.document.owner_unit_id if self.reading.document else self.register.cleaned_data["owner"]

    @property
    def may_adopt(self) -> bool:
        """Whether anything can follow from reading: some may look only."""
        return self.register is None or bool(self.register.fields["owner"].choices)

    def adopt(self, request: HttpRequest, kept: dict[str, Any]) -> actions.Adopted:
        reading = self.reading
        return actions.adopt(
            by=request.actor,
            at=request.now,
            unit_id=self.owner,
            document=reading.document or self._new(kept),
            tasks=[_task(form) for form in self.tasks if form.cleaned_data.get("take")],
            targets=[_target(form) for form in self.targets if form.cleaned_data.get("take")],
            relations=[
                RelationFromCitation(form.proposal.known, form.cleaned_data["kind"], form.proposal.text)
                for form in self.citations
                if form.cleaned_data.get("kind")
            ],
        )

    def _new(self, kept: dict[str, Any]) -> NewDocument:
        data = self.register.cleaned_data
        name, digest = kept.get("name", ""), kept.get("digest", "")
        matches = orgs.resolve_name(data["issuer_text"], self.reading.day, near=self.reading.actor.unit_id)
        return NewDocument(
            direction=data["direction"],
            symbol=data["symbol"],
            subject=data["subject"],
            issued_on=data["issued_on"],
            text=kept["text"],
            issuer_id=matches[0].unit_id if matches and matches[0].score >= proposals.SURE else None,
            issuer_text=data["issuer_text"],
            file=(name, documents.kept_content(name, digest)) if digest else None,
        )


def _task(form: TaskForm) -> TaskFromSentence:
    data, mark = form.cleaned_data, form.proposal.mark
    leads = data["leads"]
    return TaskFromSentence(
        task=NewTask(
            text=data["text"],
            due=data["due"] or f"{data['due_on']:%d/%m/%Y}",
            due_on=data["due_on"],
            lead_id=leads[0] if len(leads) == 1 else None,
            part_ids=leads if len(leads) > 1 else (),
            group=", ".join(form.proposal.assignees)[:200] if len(leads) > 1 else "",
            partner_ids=data["partner_ids"],
            deliverable=data["deliverable"],
        ),
        start=mark.start,
        end=mark.end,
    )


def _target(form: TargetForm) -> TargetFromSentence:
    data, proposal = form.cleaned_data, form.proposal
    return TargetFromSentence(
        indicator=data["indicator"],
        unit_id=int(data["unit"]),
        period_code=data["period"],
        value=proposal.target,
        sentence=proposal.sentence,
    )


def _linked(reading: Reading) -> set[int]:
    """Documents to which a registered one is related already: nothing is asked about them again."""
    if reading.document is None:
        return set()
    return {relation.target_id for relation, _seen in documents.follows(reading.actor, reading.document, reading.on)}


def _require(request: HttpRequest) -> None:
    if not people.may_anywhere(request.actor, "reading.use", request.today):
        raise NotAllowed()


def _opened(data: dict[str, Any]) -> dict[str, Any]:
    """The text, and the file it came from, kept so that it can be registered."""
    upload = data.get("file")
    if not upload:
        text = data["text"]
        document_actions.refuse_secret("", "", text)
        return {"text": text}
    content = upload.read()
    text = opening.text(upload.name, content)
    document_actions.refuse_secret("", "", text)
    return {"text": text, "name": upload.name, "digest": document_actions.keep_file(upload.name, content)}


def _begin(request: HttpRequest, **kept: Any) -> HttpResponse:
    """Keep the text in the session, so that the page can be loaded again, and go there."""
    kept["text"] = kept["text"].replace("\r\n", "\n")
    token = hashlib.sha256(kept["text"].encode()).hexdigest()[:16]
    others = {name: one for name, one in request.session.get("readings", {}).items() if name != token}
    request.session["readings"] = dict([*others.items(), (token, kept)][-KEPT:])
    return redirect("desk:read-result", token=token)


def _known(request: HttpRequest, kept: dict[str, Any]) -> Document | None:
    if "document_id" not in kept:
        return None
    try:
        return documents.document(request.actor, kept["document_id"], request.today)
    except Document.DoesNotExist:
        raise Http404 from None


def _said(adopted: actions.Adopted) -> str:
    parts = []
    if adopted.tasks:
        parts.append(
            ngettext("%(n)s task assigned", "%(n)s tasks assigned", len(adopted.tasks)) % {"n": len(adopted.tasks)}
        )
    if adopted.targets:
        parts.append(
            ngettext("%(n)s target kept", "%(n)s targets kept", len(adopted.targets)) % {"n": len(adopted.targets)}
        )
    if adopted.relations:
        parts.append(
            ngettext("%(n)s relation kept", "%(n)s relations kept", adopted.relations) % {"n": adopted.relations}
        )
    what = ", ".join(parts) or _("entered in the register")
    return _("%(document)s: %(what)s.") % {"document": nfc(adopted.document.label), "what": what}
