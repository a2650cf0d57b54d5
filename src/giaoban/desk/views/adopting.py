"""The last step of reading: what was accepted is summed up, and one button makes tasks of it, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core.refusal import Refused
from giaoban.core.text import nfc
from giaoban.desk import actions, comparing, proposals
from giaoban.desk.actions import NewDocument, RelationFromCitation, TargetFromSentence, TaskFromSentence
from giaoban.desk.forms import CommonForm, RegisterForm
from giaoban.desk.forms_checking import TARGET
from giaoban.desk.sifting import Item, Sifted, TaskItem
from giaoban.desk.views.reading import fetched
from giaoban.desk.views.sifting import sheet_of
from giaoban.documents import queries as documents
from giaoban.documents import readings
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.work.actions import NewTask


@signed_in
def adopt(request: HttpRequest, token: str) -> HttpResponse:
    """So many tasks for so many units; nothing is written before the button is pressed."""
    kept = fetched(request, token)
    if kept.done_at is not None and kept.document is not None:
        return redirect(kept.document)
    summary = Summary.of(sheet_of(request, kept), request.POST or None)
    if request.method == "POST" and summary.is_valid():
        try:
            adopted = summary.adopt(request)
        except Refused as refused:
            summary.faults = sentences(refused)
        else:
            messages.success(request, said(adopted))
            return redirect(adopted.document)
    elif request.method == "POST" and summary.register is not None:
        readings.note_line(
            by=request.actor, at=request.now, on=request.today, token=token, line=summary.line_as_typed()
        )
    return render(request, "desk/reading/adopt.html", {"summary": summary, "sheet": summary.sheet, "kept": kept})


@dataclass
class Summary:
    """What will be written, and the two things asked for all of it: the register's line and a common due time."""

    sheet: Sifted
    register: RegisterForm | None
    common: CommonForm
    faults: Sequence[str] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: Sifted, data: Any = None) -> Summary:
        reading = sheet.reading
        register = None if reading.document else RegisterForm.of(reading, data, sheet.kept.line)
        return cls(sheet, register, CommonForm(sum(item.undated for item in sheet.accepted), reading.day, data))

    @property
    def tasks(self) -> list[TaskItem]:
        return self.sheet.accepted

    @cached_property
    def units(self) -> set[int]:
        return {unit for item in self.tasks for unit in item.leads}

    @cached_property
    def partners(self) -> set[int]:
        return {unit for item in self.tasks for unit in item.partners} - self.units

    @property
    def days(self) -> list[date]:
        return sorted(item.due_on for item in self.tasks if item.due_on)

    @property
    def earliest(self) -> date | None:
        return self.days[0] if self.days else None

    @property
    def late(self) -> int:
        """Tasks that would be late the moment they are given."""
        return sum(day < self.sheet.reading.on for day in self.days)

    @property
    def undated(self) -> int:
        return self.common.undated

    @property
    def waiting(self) -> int:
        """Proposals nobody decided: they are not given, and stay in the reading."""
        return len(self.sheet.open)

    @property
    def may_adopt(self) -> bool:
        """Whether anything can follow: some may look only."""
        return self.register is None or bool(self.register.fields["owner"].choices)

    @property
    def anything(self) -> bool:
        return bool(self.register or self.tasks or self.sheet.relations or self.sheet.attached)

    @property
    def forms(self) -> list[Any]:
        return [self.common, *([self.register] if self.register else [])]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    def line_as_typed(self) -> dict[str, str]:
        assert self.register is not None
        return {name: str(self.register[name].value() or "") for name in ("symbol", "issuer_text", "subject")}

    def adopt(self, request: HttpRequest) -> actions.Adopted:
        """All of it, and the end of the reading, in one transaction."""
        who = {"by": request.actor, "at": request.now}
        with transaction.atomic():
            adopted = actions.adopt(
                **who,
                unit_id=self.owner,
                document=self.sheet.reading.document or self._new(),
                tasks=[self._task(item) for item in self.tasks],
                targets=[_target(item) for item in self.sheet.attached if item.values.get("as") == TARGET],
                relations=[_relation(item) for item in self.sheet.relations],
                figures=self._figures(),
                aliases=self.sheet.aliases,
            )
            readings.finish(**who, on=request.today, token=self.sheet.kept.token, document=adopted.document)
        return adopted

    @property
    def owner(self) -> int:
        """The unit in whose name tasks are given and in whose register the document lies."""
        document = self.sheet.reading.document
        return document.owner_unit_id if document else self.register.cleaned_data["owner"]

    def _new(self) -> NewDocument:
        assert self.register is not None
        data, kept, reading = self.register.cleaned_data, self.sheet.kept, self.sheet.reading
        matches = orgs.resolve_name(data["issuer_text"], reading.day, near=reading.actor.unit_id)
        file = (kept.file_name, documents.kept_content(kept.file_name, kept.file_hash)) if kept.file_hash else None
        return NewDocument(
            direction=data["direction"],
            symbol=data["symbol"],
            subject=data["subject"],
            issued_on=data["issued_on"],
            text=kept.text,
            issuer_id=matches[0].unit_id if matches and matches[0].score >= proposals.SURE else None,
            issuer_text=data["issuer_text"],
            file=file,
        )

    def _task(self, item: TaskItem) -> TaskFromSentence:
        due = item.due or (f"{item.due_on:%d/%m/%Y}" if item.due_on else self.common.cleaned_data["due"])
        leads = item.leads
        chosen = item.values.get("due_on") or (item.proposal.due_on if item.due == item.proposal.due_text else None)
        return TaskFromSentence(
            task=NewTask(
                text=item.text,
                due=due,
                due_on=date.fromisoformat(chosen) if isinstance(chosen, str) else chosen,
                lead_id=leads[0] if len(leads) == 1 else None,
                part_ids=leads if len(leads) > 1 else (),
                group=item.lead_words[:200] if len(leads) > 1 else "",
                partner_ids=item.partners,
                deliverable=item.deliverable,
                leader=item.proposal.leader,
            ),
            start=item.passages[0][0],
            end=item.passages[0][1],
            passages=item.passages,
            code=item.code,
        )

    def _figures(self) -> list[comparing.FigureFromSentence]:
        wanted = [item for item in self.sheet.attached if item.values.get("as") != TARGET]
        made = (comparing.from_values(self.sheet.reading, item.proposal, item.values) for item in wanted)
        return [one for one in made if one is not None]


def _relation(item: Item) -> RelationFromCitation:
    one = item.proposal
    return RelationFromCitation(
        target=one.known,
        kind=item.values.get("kind") or one.kind,
        basis=one.basis or one.text,
        clause=one.clause,
        code=item.code,
    )


def _target(item: Item) -> TargetFromSentence:
    return TargetFromSentence(
        indicator=item.values["indicator"],
        unit_id=int(item.values["unit"]),
        period_code=item.values["period"],
        value=item.proposal.target,
        sentence=item.proposal.sentence,
        code=item.code,
    )


def said(adopted: actions.Adopted) -> str:
    """What stands now, in one sentence."""
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
    if adopted.figures:
        parts.append(
            ngettext("%(n)s figure attached", "%(n)s figures attached", len(adopted.figures))
            % {"n": len(adopted.figures)}
        )
    if adopted.names:
        parts.append(ngettext("%(n)s name remembered", "%(n)s names remembered", adopted.names) % {"n": adopted.names})
    what = ", ".join(parts) or _("entered in the register")
    return _("%(document)s: %(what)s.") % {"document": nfc(adopted.document.label), "what": what}
