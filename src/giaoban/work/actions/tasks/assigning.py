"""Giving a task: to one lead, or to a group whose members each do a part; from when it binds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.indicators.models import Indicator
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import dues, refusals, refusals_tasks
from giaoban.work.actions.tasks.cycles import begin_cycles, shared
from giaoban.work.actions.tasks.grounds import ground, grounds
from giaoban.work.actions.tasks.new import NewTask, part_due, read_due, shorten
from giaoban.work.actions.tasks.rhythm import put_rhythm, read_rhythm
from giaoban.work.actions.tasks.rules import officer_of, required, with_parts
from giaoban.work.actions.tasks.telling import tell_new
from giaoban.work.models import Conclusion, Drafting, DueKind, Partner, Passage, Task


def assign(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    task: NewTask,
    conclusion: Conclusion | None = None,
    document: Document | None = None,
    start: int | None = None,
    end: int | None = None,
    passages: Iterable[tuple[int, int]] = (),
) -> Task:
    """Give a task: out of a conclusion (it binds with the notice), out of a document's sentence, or by hand.

    `unit_id` is the unit in whose name it is given. Offsets point into the document's text and are kept; `passages` are
    further ones that say the same work.
    """
    with writing(by=by, at=at, verb="task.assign", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        if conclusion is None:
            people.require(by, "task.assign", unit_id, on)
        else:
            _require_conclusion(by, conclusion, on)
            unit_id = conclusion.meeting.unit_id
        more: list[tuple[int, int]] = []
        if document is not None:
            document = document_queries.document(by, document.pk, on)
            _check_span(document, start, end)
            more = [span for span in dict.fromkeys(passages) if span != (start, end)]
            for span in more:
                _check_span(document, *span)
        made = create(by, at, unit_id, task, conclusion, document, start, end)
        if document is not None:
            Passage.objects.bulk_create(Passage(task=made, document=document, start=a, end=b) for a, b in more)
        entry.subject = made
        entry.unit_id = unit_id
        entry.data.update(lead=made.lead_id, parts=list(task.part_ids), due=made.due_text, due_on=made.due_on)
        if conclusion is None or conclusion.state == Conclusion.State.BINDING:
            bind(by=by, at=at, tasks=[made], on=on)
        if document is not None and conclusion is None:
            _send_document(by, at, document, made, on)
    return made


def bind(*, by: Actor, at: datetime, tasks: Iterable[Task], on: date) -> None:
    """From this day the tasks count, their leads and partners are told, and recurring ones begin their first cycle."""
    every = with_parts(tasks)
    Task.objects.filter(pk__in=[task.pk for task in every]).update(binds_on=on)
    for task in every:
        task.binds_on = on
        if task.due_kind == DueKind.RECURRING and task.lead_id is not None:
            begin_cycles(by, at, task, on)
        elif not task.has_parts:
            tell_new(by, at, task)


def create(
    by: Actor,
    at: datetime,
    unit_id: int,
    new: NewTask,
    conclusion: Conclusion | None,
    document: Document | None,
    start: int | None,
    end: int | None,
) -> Task:
    """The task and its parts as they are typed; from when they bind is said by `bind`."""
    on = timezone.localdate(at)
    text = required(new.text, "text")
    if new.lead_id and new.part_ids:
        raise refusals.TwoLeads()
    leads = tuple(dict.fromkeys(new.part_ids)) or ((new.lead_id,) if new.lead_id else ())
    if not leads:
        raise refusals.NoLead()
    _check_units([*leads, *new.partner_ids], new, on)
    due = read_due(new, on)
    rhythm = _check_kind(new, due, on)
    first = Task(
        title=nfc(new.title).strip()[:300] or shorten(text),
        text=text,
        conclusion=conclusion,
        document=document,
        start=start,
        end=end,
        assigned_by_id=unit_id,
        assigned_position_id=by.position_id,
        assigned_at=at,
        due_kind=due.kind,
        due_text=due.text,
        due_on=due.on,
        first_due_on=due.on,
        cycle=due.cycle,
        deliverable=nfc(new.deliverable).strip(),
        leader=nfc(new.leader).strip()[:200],
        indicator=_indicator(new.indicator),
    )
    if len(leads) == 1 and not new.part_ids:
        made = _store(first, leads[0], new, on, has_parts=due.kind == DueKind.RECURRING)
        if new.issuer_id is not None:
            Drafting.objects.create(task=made, issuer_id=new.issuer_id, product=made.deliverable[:200])
        if rhythm is not None:
            put_rhythm(by, [made], rhythm, on)
        return made
    first.group = nfc(new.group).strip()[:200] or f"{len(leads)} đơn vị"
    whole = _store(first, None, new, on, has_parts=True)
    parts = _share_out(whole, leads, new, on, has_parts=due.kind == DueKind.RECURRING)
    if rhythm is not None:
        put_rhythm(by, parts, rhythm, on)
    return whole


def _check_kind(new: NewTask, due: dues.Due, on: date) -> dues.Due | None:
    """A document is drafted by one lead, once; a recurring task needs no rhythm of reports. The rhythm, if any."""
    recurs = due.kind == DueKind.RECURRING
    if new.issuer_id is not None:
        if new.part_ids or recurs:
            raise refusals_tasks.DraftNeedsOneLead()
        if new.issuer_id not in orgs.snapshots([new.issuer_id], on):
            raise refusals.NotThere(unit=orgs.name(new.issuer_id, on), day=on.strftime("%d/%m/%Y"), field="issuer")
    if not new.report.strip():
        return None
    if recurs:
        raise refusals_tasks.RhythmTwice()
    return read_rhythm(new.report, on)


def _indicator(code: str) -> Indicator | None:
    if not code.strip():
        return None
    found = Indicator.objects.filter(code=code.strip()).first()
    if found is None:
        raise refusals_tasks.NotAnIndicator(code=code.strip())
    return found


def _share_out(whole: Task, leads: tuple[int, ...], new: NewTask, on: date, *, has_parts: bool) -> list[Task]:
    """A part for each unit of the group, in as many statements for a hundred as for two."""
    relations = grounds(whole.assigned_by_id, leads, on)
    said = fold(" ".join([whole.title, whole.text, whole.deliverable]))
    common = shared(whole)
    parts = Task.objects.bulk_create(
        Task(**common, lead_id=lead, has_parts=has_parts, relation=relations[lead], fold=said) for lead in leads
    )
    Partner.objects.bulk_create(
        _partner(part, unit, new, on)
        for part in parts
        for unit in dict.fromkeys(new.partner_ids)
        if unit != part.lead_id
    )
    return parts


def _partner(task: Task, unit: int, new: NewTask, on: date) -> Partner:
    words = nfc(new.partner_parts.get(unit, "")).strip()[:300]
    return Partner(task=task, unit_id=unit, part=words, due_on=part_due(words, on))


def _store(task: Task, lead: int | None, new: NewTask, on: date, *, has_parts: bool) -> Task:
    task.lead_id = lead
    task.has_parts = has_parts
    if lead is not None:
        task.relation = ground(task.assigned_by_id, lead, on)
        if new.officer_id is not None:
            task.officer = officer_of(new.officer_id, lead, on)
    task.fold = fold(" ".join([task.title, task.text, task.group, task.deliverable]))
    task.save()
    Partner.objects.bulk_create(
        _partner(task, unit, new, on) for unit in dict.fromkeys(new.partner_ids) if unit != lead
    )
    return task


def _require_conclusion(by: Actor, conclusion: Conclusion, on: date) -> None:
    """Who runs the meeting may type its tasks; they bind only by the leader's notice."""
    host = conclusion.meeting.unit_id
    if conclusion.state == Conclusion.State.BINDING:
        people.require(by, "task.assign", host, on)
    elif not (people.may(by, "meeting.plan", host, on) or people.may(by, "meeting.conclude", host, on)):
        raise NotAllowed()


def _check_span(document: Document, start: int | None, end: int | None) -> None:
    if start is None and end is None:
        return
    if start is None or end is None or not 0 <= start < end <= len(document.text):
        raise refusals.OutsideText(start=start, end=end)


def _check_units(unit_ids: list[int], new: NewTask, on: date) -> None:
    there = orgs.snapshots(unit_ids, on)
    for unit_id in unit_ids:
        if unit_id not in there:
            raise refusals.NotThere(
                unit=orgs.name(unit_id, on),
                day=on.strftime("%d/%m/%Y"),
                field="partners" if unit_id in new.partner_ids else "lead",
            )
    if new.lead_id in new.partner_ids:
        raise refusals.LeadIsPartner(unit=orgs.name(new.lead_id or 0, on))


def _send_document(by: Actor, at: datetime, document: Document, task: Task, on: date) -> None:
    """Who must do what a document says may read it: the lead and partner units become its addressees."""
    units = {each.lead_id for each in with_parts([task]) if each.lead_id}
    units |= set(task.partners.values_list("unit_id", flat=True))
    units -= {document.owner_unit_id, document.issuer_unit_id}
    there = orgs.snapshots(units, document.issued_on or on)
    if there and people.may(by, "task.assign", document.owner_unit_id, on):
        documents.address(by=by, at=at, document=document, unit_ids=sorted(there))
