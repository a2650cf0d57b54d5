"""Verbs on tasks: assigning is the assigner's, reporting the lead's, confirming and extending the assigner's again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.models import Position
from giaoban.work import dues, refusals
from giaoban.work.models import (
    Conclusion,
    DueKind,
    Evidence,
    Extension,
    Partner,
    Passage,
    Progress,
    Relation,
    Task,
)

TITLE = 120
# On what ground a unit gives another a task, the strongest first (decision 0005).
GROUNDS = (
    (orgs.MANAGEMENT, Relation.ASSIGN),
    (orgs.PARTY, Relation.ASSIGN),
    (orgs.PROFESSIONAL, Relation.GUIDE),
)


@dataclass(frozen=True)
class NewTask:
    """One task as typed. `due` holds the words of the text ("trước ngày 15/3/2026", "Quý II/2026", "hằng tháng").

    It has one lead (`lead_id`), or a group whose members each do a part (`part_ids`, named by `group`). `due_on` is
    given only where a person chose the day that vague words ("trong hè") mean. `leader` names who directs the work.
    """

    text: str
    due: str
    lead_id: int | None = None
    part_ids: tuple[int, ...] = ()
    group: str = ""
    partner_ids: tuple[int, ...] = ()
    partner_parts: Mapping[int, str] = field(default_factory=dict)  # what each partner does, where it was said
    deliverable: str = ""
    officer_id: int | None = None
    title: str = ""
    due_on: date | None = None
    leader: str = ""


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
        made = _create(by, at, unit_id, task, conclusion, document, start, end)
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


def take_up(*, by: Actor, at: datetime, task: Task, officer_id: int | None = None) -> Task:
    """The lead unit takes the task up and says which of its positions does it; also how it changes hands."""
    with writing(by=by, at=at, verb="task.take_up", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = _open(task)
        if not people.may(by, "task.assign", _lead(task), on):
            _require_lead(by, task, on)
        changed = ["taken_up_at"]
        task.taken_up_at = task.taken_up_at or at
        words = ""
        if officer_id is not None:
            position = _officer(officer_id, _lead(task), on)
            task.officer = position
            changed.append("officer")
            words = position.title
            if position.pk != by.position_id:
                _tell(by, at, task, "Được phân công", position_id=position.pk)
        task.save(update_fields=changed)
        _write(by, at, task, Progress.Kind.TAKEN_UP, words)
        entry.data["officer"] = officer_id
    return task


def report_progress(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    text: str,
    percent: int | None = None,
    evidence_text: str = "",
    evidence_document: Document | None = None,
    file: tuple[str, bytes] | None = None,
) -> Progress:
    """A note of the lead on how far it is, with evidence: words, a registered document, a file."""
    with writing(by=by, at=at, verb="task.report", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = _open(task)
        _require_lead(by, task, on)
        if percent is not None and not 0 <= percent <= 100:
            raise refusals.BadPercent()
        note = _write(by, at, task, Progress.Kind.NOTE, _words(text, "text"), percent)
        _attach(by, note, evidence_text, evidence_document, file, on)
        task.taken_up_at = task.taken_up_at or at
        task.percent = task.percent if percent is None else percent
        task.save(update_fields=["taken_up_at", "percent"])
        entry.data["percent"] = percent
    return note


def answer_as_partner(*, by: Actor, at: datetime, task: Task, unit_id: int, answer: str) -> Partner:
    """A partner says what it has done of its part."""
    with writing(by=by, at=at, verb="task.answer", subject=task, unit_id=unit_id):
        people.require(by, "task.report", unit_id, timezone.localdate(at))
        task = _open(task)
        partner = task.partners.filter(unit_id=unit_id).first()
        if partner is None:
            raise refusals.NotAPartner()
        partner.answer, partner.answered_at = _words(answer, "answer"), at
        partner.save(update_fields=["answer", "answered_at"])
    return partner


def propose_done(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    text: str,
    evidence_text: str = "",
    evidence_document: Document | None = None,
    file: tuple[str, bytes] | None = None,
) -> Task:
    """The lead reports the task as done. This day is its completion day if the assigner confirms."""
    with writing(by=by, at=at, verb="task.propose", subject=task, unit_id=task.lead_id):
        on = timezone.localdate(at)
        task = _open(task)
        _require_lead(by, task, on)
        if task.proposed_at is not None:
            raise refusals.AlreadyProposed()
        note = _write(by, at, task, Progress.Kind.PROPOSED, _words(text, "text"), 100)
        _attach(by, note, evidence_text, evidence_document, file, on)
        task.proposed_at, task.percent = at, 100
        task.taken_up_at = task.taken_up_at or at
        task.save(update_fields=["proposed_at", "percent", "taken_up_at"])
        _tell_assigner(by, at, task, "Báo cáo hoàn thành", "task.confirm")
    return task


def confirm(*, by: Actor, at: datetime, task: Task, text: str = "") -> Task:
    """The assigner confirms; the completion day is the day the lead proposed it, however long the answer took."""
    with writing(by=by, at=at, verb="task.confirm", subject=task, unit_id=task.assigned_by_id) as entry:
        people.require(by, "task.confirm", task.assigned_by_id, timezone.localdate(at))
        task = _open(task)
        if task.proposed_at is None:
            raise refusals.NotProposed()
        task.confirmed_at = at
        task.completed_on = timezone.localdate(task.proposed_at)
        task.save(update_fields=["confirmed_at", "completed_on"])
        _write(by, at, task, Progress.Kind.CONFIRMED, text.strip())
        task.extensions.filter(granted__isnull=True).update(granted=False, decided_at=at, decided_by=by.name)
        _tell(by, at, task, "Đã xác nhận hoàn thành")
        entry.data["completed_on"] = task.completed_on
    return task


def send_back(*, by: Actor, at: datetime, task: Task, reason: str) -> Task:
    """The assigner does not accept it as done, and says why; the task goes on."""
    with writing(by=by, at=at, verb="task.send_back", subject=task, unit_id=task.assigned_by_id, reason=reason.strip()):
        people.require(by, "task.confirm", task.assigned_by_id, timezone.localdate(at))
        task = _open(task)
        if task.proposed_at is None:
            raise refusals.NotProposed()
        words = _words(reason, "reason")
        earlier = task.diary.filter(kind=Progress.Kind.NOTE, percent__isnull=False).order_by("-at", "-id").first()
        task.proposed_at, task.percent = None, (earlier.percent or 0) if earlier else 0
        task.save(update_fields=["proposed_at", "percent"])
        _write(by, at, task, Progress.Kind.SENT_BACK, words)
        _tell(by, at, task, "Trả lại, đề nghị làm tiếp", body=words)
    return task


def ask_extension(*, by: Actor, at: datetime, task: Task, to_on: date, reason: str) -> Extension:
    """The lead asks for more time, before the due day and with a reason."""
    with writing(
        by=by, at=at, verb="task.ask_extension", subject=task, unit_id=task.lead_id, reason=reason.strip()
    ) as entry:
        on = timezone.localdate(at)
        task = _open(task)
        _require_lead(by, task, on)
        if task.due_on is None:
            raise refusals.NoDueDate()
        due = task.due_on.strftime("%d/%m/%Y")
        if task.proposed_at is not None:
            raise refusals.AlreadyProposed()
        if on >= task.due_on:
            raise refusals.AskedTooLate(due=due)
        if to_on <= task.due_on:
            raise refusals.NotLater(due=due)
        if task.extensions.filter(granted__isnull=True).exists():
            raise refusals.ExtensionOpen()
        asked = Extension.objects.create(
            task=task, asked_at=at, asked_by=by.name, reason=_words(reason, "reason"), from_on=task.due_on, to_on=to_on
        )
        entry.data.update(from_on=asked.from_on, to_on=to_on)
        _tell_assigner(by, at, task, f"Xin gia hạn đến {to_on:%d/%m/%Y}", "task.extend", body=asked.reason)
    return asked


def decide_extension(
    *, by: Actor, at: datetime, extension: Extension, granted: bool, answer: str = "", to_on: date | None = None
) -> Extension:
    """The assigner grants (until the day asked, or an earlier one) or refuses with a reason; the first date is kept."""
    task = extension.task
    with writing(
        by=by, at=at, verb="task.extend", subject=task, unit_id=task.assigned_by_id, reason=answer.strip()
    ) as entry:
        people.require(by, "task.extend", task.assigned_by_id, timezone.localdate(at))
        task = _open(task)
        extension = Extension.objects.select_for_update().get(pk=extension.pk)
        if extension.granted is not None:
            raise refusals.Decided()
        new = to_on or extension.to_on
        if granted and new <= extension.from_on:
            raise refusals.NotLater(due=extension.from_on.strftime("%d/%m/%Y"))
        extension.answer = answer.strip() if granted else _words(answer, "answer")
        extension.granted, extension.decided_at, extension.decided_by = granted, at, by.name
        extension.granted_on = new if granted else None
        extension.save()
        if granted:
            task.due_on = new
            task.save(update_fields=["due_on"])
        entry.data.update(granted=granted, to_on=new)
        words = f"Được gia hạn đến {new:%d/%m/%Y}" if granted else "Không được gia hạn"
        _tell(by, at, task, words, body=extension.answer)
    return extension


def remind(*, by: Actor, at: datetime, task: Task, text: str = "") -> Progress:
    """The assigner's side urges the lead; once a day, so that a reminder keeps its weight."""
    with writing(by=by, at=at, verb="task.remind", subject=task, unit_id=task.assigned_by_id):
        on = timezone.localdate(at)
        people.require(by, "task.assign", task.assigned_by_id, on)
        task = _open(task)
        last = task.diary.filter(kind=Progress.Kind.REMINDED).order_by("-at").first()
        if last is not None and timezone.localdate(last.at) == on:
            raise refusals.AlreadyReminded()
        note = _write(by, at, task, Progress.Kind.REMINDED, text.strip())
        _tell(by, at, task, "Nhắc thực hiện", body=text.strip())
    return note


def record_event(
    *, by: Actor, at: datetime, task: Task, due_on: date, text: str, document: Document | None = None
) -> Task:
    """The event a task waited for occurred: from now on it has a due day (calendar.md §6, EVENT)."""
    with writing(by=by, at=at, verb="task.event", subject=task, unit_id=task.assigned_by_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "task.assign", task.assigned_by_id, on)
        task = _open(task, whole=True)
        if task.due_kind != DueKind.EVENT:
            raise refusals.NotAnEvent()
        words = _words(text, "text")
        for each in [task, *task.parts.filter(confirmed_at__isnull=True, called_off_at__isnull=True)]:
            each.first_due_on = each.first_due_on or due_on
            each.due_on = due_on
            each.save(update_fields=["due_on", "first_due_on"])
            note = _write(by, at, each, Progress.Kind.EVENT, words)
            _attach(by, note, "", document, None, on)
            if not each.has_parts:
                _tell(by, at, each, f"Hạn mới: {due_on:%d/%m/%Y}", body=words)
        entry.data["due_on"] = due_on
    return task


def call_off(*, by: Actor, at: datetime, task: Task, reason: str) -> Task:
    """The assigner takes the task back; it no longer counts, and its diary stays."""
    with writing(by=by, at=at, verb="task.call_off", subject=task, unit_id=task.assigned_by_id, reason=reason.strip()):
        people.require(by, "task.confirm", task.assigned_by_id, timezone.localdate(at))
        task = _open(task, whole=True)
        words = _words(reason, "reason")
        for each in _with_parts([task]):
            if each.confirmed_at is None and each.called_off_at is None:
                each.called_off_at = at
                each.save(update_fields=["called_off_at"])
                _write(by, at, each, Progress.Kind.CALLED_OFF, words)
                if not each.has_parts:
                    _tell(by, at, each, "Thôi giao nhiệm vụ", body=words)
    return task


def open_cycles(*, by: Actor, at: datetime) -> int:
    """Make the instances of recurring tasks that have come due to begin; run daily, and again without harm."""
    on = timezone.localdate(at)
    whole = (
        Task.objects.filter(
            due_kind=DueKind.RECURRING, binds_on__lte=on, called_off_at__isnull=True, confirmed_at__isnull=True
        )
        .exclude(cycle="")
        .filter(lead__isnull=False)
    )
    with writing(by=by, at=at, verb="task.open_cycles") as entry:
        if not by.is_system:
            raise NotAllowed()
        made = [instance for task in whole for instance in _cycles(by, at, task, on)]
        entry.data["tasks"] = [each.pk for each in made]
        entry.skip = not made
    return len(made)


def bind(*, by: Actor, at: datetime, tasks: Iterable[Task], on: date) -> None:
    """From this day the tasks count, their leads and partners are told, and recurring ones begin their first cycle."""
    every = _with_parts(tasks)
    Task.objects.filter(pk__in=[task.pk for task in every]).update(binds_on=on)
    for task in every:
        task.binds_on = on
        if task.due_kind == DueKind.RECURRING and task.lead_id is not None:
            _cycles(by, at, task, on)
        elif not task.has_parts:
            _tell_new(by, at, task)


# How a task is made


def _create(
    by: Actor,
    at: datetime,
    unit_id: int,
    new: NewTask,
    conclusion: Conclusion | None,
    document: Document | None,
    start: int | None,
    end: int | None,
) -> Task:
    on = timezone.localdate(at)
    text = _words(new.text, "text")
    if new.lead_id and new.part_ids:
        raise refusals.TwoLeads()
    leads = tuple(dict.fromkeys(new.part_ids)) or ((new.lead_id,) if new.lead_id else ())
    if not leads:
        raise refusals.NoLead()
    _check_units([*leads, *new.partner_ids], new, on)
    due = read_due(new, on)
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
    )
    if len(leads) == 1 and not new.part_ids:
        return _store(first, leads[0], new, on, has_parts=due.kind == DueKind.RECURRING)
    first.group = nfc(new.group).strip()[:200] or f"{len(leads)} đơn vị"
    whole = _store(first, None, new, on, has_parts=True)
    _share_out(whole, leads, new, on, has_parts=due.kind == DueKind.RECURRING)
    return whole


def _share_out(whole: Task, leads: tuple[int, ...], new: NewTask, on: date, *, has_parts: bool) -> None:
    """A part for each unit of the group, in as many statements for a hundred as for two."""
    relations = grounds(whole.assigned_by_id, leads, on)
    said = fold(" ".join([whole.title, whole.text, whole.deliverable]))
    shared = _shared(whole)
    parts = Task.objects.bulk_create(
        Task(**shared, lead_id=lead, has_parts=has_parts, relation=relations[lead], fold=said) for lead in leads
    )
    Partner.objects.bulk_create(
        Partner(task=part, unit_id=unit, part=_their_part(new, unit))
        for part in parts
        for unit in dict.fromkeys(new.partner_ids)
        if unit != part.lead_id
    )


def _their_part(new: NewTask, unit: int) -> str:
    return nfc(new.partner_parts.get(unit, "")).strip()[:300]


def read_due(new: NewTask, on: date) -> dues.Due:
    """The due time; a day chosen by a person stands beside words that name none."""
    words = nfc(new.due).strip()
    if not words and new.due_on is None:
        raise refusals.Required(field="due")
    if new.due_on is not None:
        return dues.Due(dues.DATE, words or new.due_on.strftime("%d/%m/%Y"), new.due_on)
    return dues.read(words, on)


def _store(task: Task, lead: int | None, new: NewTask, on: date, *, has_parts: bool) -> Task:
    task.lead_id = lead
    task.has_parts = has_parts
    if lead is not None:
        task.relation = ground(task.assigned_by_id, lead, on)
        if new.officer_id is not None:
            task.officer = _officer(new.officer_id, lead, on)
    task.fold = fold(" ".join([task.title, task.text, task.group, task.deliverable]))
    task.save()
    Partner.objects.bulk_create(
        Partner(task=task, unit_id=unit, part=_their_part(new, unit))
        for unit in dict.fromkeys(new.partner_ids)
        if unit != lead
    )
    return task


def ground(assigner: int, lead: int, on: date) -> str:
    """What one unit may do to another: assign to those below, direct those it guides, ask all others."""
    return grounds(assigner, [lead], on)[lead]


def grounds(assigner: int, leads: Iterable[int], on: date) -> dict[int, str]:
    """The ground for each of many, in one question a hierarchy."""
    wanted = dict.fromkeys(leads)
    found = {lead: Relation.ASSIGN.value for lead in wanted if lead == assigner}
    for hierarchy, relation in GROUNDS:
        left = [lead for lead in wanted if lead not in found]
        if left:
            below = orgs.descendants(assigner, hierarchy, on).filter(unit_id__in=left)
            found.update(dict.fromkeys(below, relation.value))
    return {lead: found.get(lead, Relation.ASK.value) for lead in wanted}


_SHARED = [
    "title",
    "text",
    "conclusion_id",
    "document_id",
    "start",
    "end",
    "assigned_by_id",
    "assigned_position_id",
    "assigned_at",
    "due_kind",
    "due_text",
    "due_on",
    "first_due_on",
    "cycle",
    "deliverable",
    "leader",
]


def _shared(whole: Task) -> dict[str, object]:
    """What a part has from the whole."""
    return {"parent": whole, **{name: getattr(whole, name) for name in _SHARED}}


def _cycles(by: Actor, at: datetime, task: Task, on: date) -> list[Task]:
    """The instances from the day it binds to the cycle of `on` that are not there yet."""
    due = dues.Due(task.due_kind, task.due_text, None, task.cycle)
    have = set(task.parts.values_list("first_due_on", flat=True))
    made = []
    day = task.binds_on or on
    while day <= on:
        last = dues.cycle_due(due, day)
        if last not in have and last >= (task.binds_on or on):
            made.append(_instance(by, at, task, last, dues.cycle_label(task.cycle, day), max(day, task.binds_on or on)))
        day = dues.cycle_end(task.cycle, day) + timedelta(days=1)
    return made


def _instance(by: Actor, at: datetime, task: Task, last: date, label: str, binds_on: date) -> Task:
    made = Task.objects.create(
        **{
            **_shared(task),
            "title": f"{task.title} ({label})"[:300],
            "due_kind": DueKind.DATE,
            "due_on": last,
            "first_due_on": last,
            "cycle": "",
        },
        lead_id=task.lead_id,
        officer_id=task.officer_id,
        relation=task.relation,
        binds_on=binds_on,
        fold=task.fold,
    )
    Partner.objects.bulk_create(
        Partner(task=made, unit_id=each.unit_id, part=each.part) for each in task.partners.all()
    )
    _tell_new(by, at, made)
    return made


def _with_parts(tasks: Iterable[Task]) -> list[Task]:
    """The tasks, their parts, and the parts of those."""
    level = list(tasks)
    found = []
    while level:
        found += level
        level = list(Task.objects.filter(parent__in=[each.pk for each in level if each.has_parts]).order_by("pk"))
    return found


# Checks


def _require_conclusion(by: Actor, conclusion: Conclusion, on: date) -> None:
    """Who runs the meeting may type its tasks; they bind only by the leader's notice."""
    host = conclusion.meeting.unit_id
    if conclusion.state == Conclusion.State.BINDING:
        people.require(by, "task.assign", host, on)
    elif not (people.may(by, "meeting.plan", host, on) or people.may(by, "meeting.conclude", host, on)):
        raise NotAllowed()


def _require_lead(by: Actor, task: Task, on: date) -> None:
    """The lead unit's people, or the position that was given the task."""
    if task.officer_id is not None and task.officer_id == by.position_id and people.sits(by, on):
        return
    people.require(by, "task.report", _lead(task), on)


def _lead(task: Task) -> int:
    if task.lead_id is None:
        raise refusals.Whole()
    return task.lead_id


def _open(task: Task, *, whole: bool = False) -> Task:
    """The task as it is now, locked; refuses when nothing more can be done on it."""
    found = Task.objects.select_for_update().get(pk=task.pk)
    if found.has_parts and not whole:
        raise refusals.Whole()
    if found.confirmed_at is not None or found.called_off_at is not None:
        raise refusals.Finished()
    if found.binds_on is None:
        raise refusals.NotBinding()
    return found


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


def _officer(position_id: int, lead: int, on: date) -> Position:
    position = Position.objects.filter(pk=position_id).first()
    inside = position is not None and (
        position.unit_id == lead or orgs.is_under(position.unit_id, lead, orgs.MANAGEMENT, on)
    )
    if position is None or not inside:
        raise refusals.OfficerElsewhere(position=position.title if position else position_id)
    return position


def _words(text: str, field: str) -> str:
    words = nfc(text).strip()
    if not words:
        raise refusals.Required(field=field)
    return words


def shorten(text: str) -> str:
    """The first words, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: line.rfind(" ", 0, TITLE)].rstrip(" ,;:") + "…"


# What is written and told


def _write(by: Actor, at: datetime, task: Task, kind: str, text: str, percent: int | None = None) -> Progress:
    name = f"{by.name}, {by.title}" if by.title else by.name
    return Progress.objects.create(
        task=task, kind=kind, at=at, by=name[:200], unit_id=by.unit_id, text=text, percent=percent
    )


def _attach(
    by: Actor,
    note: Progress,
    text: str,
    document: Document | None,
    file: tuple[str, bytes] | None,
    on: date,
) -> None:
    if document is not None:
        document = document_queries.document(by, document.pk, on)
    if not (text.strip() or document or file):
        return
    name, content = file or ("", b"")
    Evidence.objects.create(
        progress=note,
        text=text.strip()[:500],
        document=document,
        file_name=name[-255:],
        file_hash=documents.keep_file(name, content) if file else "",
    )


def _send_document(by: Actor, at: datetime, document: Document, task: Task, on: date) -> None:
    """Who must do what a document says may read it: the lead and partner units become its addressees."""
    units = {each.lead_id for each in _with_parts([task]) if each.lead_id}
    units |= set(task.partners.values_list("unit_id", flat=True))
    units -= {document.owner_unit_id, document.issuer_unit_id}
    there = orgs.snapshots(units, document.issued_on or on)
    if there and people.may(by, "task.assign", document.owner_unit_id, on):
        documents.address(by=by, at=at, document=document, unit_ids=sorted(there))


def _tell_new(by: Actor, at: datetime, task: Task) -> None:
    due = f"Hạn: {task.due_on:%d/%m/%Y} ({task.due_text})" if task.due_on else f"Thời hạn: {task.due_text}"
    verb = "Được đề nghị" if task.relation == Relation.ASK else "Được giao"
    _tell(by, at, task, verb, body=due)
    partners = list(task.partners.values_list("unit_id", flat=True))
    if partners:
        notices.send(
            by=by,
            at=at,
            to_units=partners,
            verb_of_receiver="task.report",
            subject=f"Phối hợp thực hiện: {task.title}",
            body=due,
            link=task.get_absolute_url(),
        )


def _tell(by: Actor, at: datetime, task: Task, what: str, *, body: str = "", position_id: int | None = None) -> None:
    """The officer if there is one, otherwise whoever reports for the lead unit."""
    to_position = position_id or task.officer_id
    notices.send(
        by=by,
        at=at,
        to_position=to_position,
        to_unit=None if to_position else task.lead_id,
        verb_of_receiver="task.report",
        subject=f"{what}: {task.title}",
        body=body,
        link=task.get_absolute_url(),
    )


def _tell_assigner(by: Actor, at: datetime, task: Task, what: str, verb: str, *, body: str = "") -> None:
    lead = orgs.body_name(_lead(task), timezone.localdate(at))
    notices.send(
        by=by,
        at=at,
        to_unit=task.assigned_by_id,
        verb_of_receiver=verb,
        subject=f"{what}: {task.title}",
        body=f"{lead}. {body}".strip(),
        link=task.get_absolute_url(),
    )
