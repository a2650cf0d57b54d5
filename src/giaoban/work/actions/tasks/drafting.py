"""Drafting for another's signature (tham mưu): draft, comments, submitted, issued. The task is done when it is issued.

The completion day is the day on the document. The day the draft was submitted stands beside it, so that it is seen
where the time went.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Direction, Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals, refusals_tasks
from giaoban.work.actions.tasks.rules import open_task, require_lead, required
from giaoban.work.actions.tasks.telling import attach, name_of, tell, tell_assigner, write_down
from giaoban.work.models import DraftComment, Drafting, DraftVersion, Progress, Task


def drafting_of(task: Task) -> Drafting:
    """The drafting of a locked task; refuses where the task has none."""
    found = Drafting.objects.filter(task=task).first()
    if found is None:
        raise refusals_tasks.NotADraft()
    return found


def add_version(*, by: Actor, at: datetime, task: Task, file: tuple[str, bytes], note: str = "") -> DraftVersion:
    """The lead puts in a version of the draft; earlier ones stay as they were."""
    with writing(by=by, at=at, verb="task.draft", subject=task, unit_id=task.lead_id) as entry:
        task, drafting = _at_work(by, at, task)
        name, content = file
        last = drafting.versions.order_by("-no").first()
        made = DraftVersion.objects.create(
            drafting=drafting,
            no=last.no + 1 if last else 1,
            note=note.strip()[:500],
            file_name=name[-255:],
            file_hash=documents.keep_file(name, content),
            at=at,
            by=name_of(by),
        )
        task.taken_up_at = task.taken_up_at or at
        task.save(update_fields=["taken_up_at"])
        write_down(by, at, task, Progress.Kind.DRAFTED, f"{made.no}. {made.note or made.file_name}")
        entry.data["version"] = made.no
    return made


def ask_comments(*, by: Actor, at: datetime, task: Task, unit_ids: Iterable[int], due_on: date) -> list[DraftComment]:
    """The lead asks units for their opinion on the newest version, until a day."""
    with writing(by=by, at=at, verb="task.ask_comments", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task, drafting = _at_work(by, at, task)
        version = _newest(drafting)
        units = list(dict.fromkeys(unit_ids))
        _check_asked(drafting, task, units, due_on, on)
        made = DraftComment.objects.bulk_create(
            DraftComment(
                drafting=drafting, version=version, unit_id=unit, due_on=due_on, asked_at=at, asked_by=name_of(by)
            )
            for unit in units
        )
        names = orgs.names(units, on)
        write_down(
            by,
            at,
            task,
            Progress.Kind.COMMENTING,
            f"{'; '.join(names.get(unit, '') for unit in units)} – {due_on:%d/%m/%Y}",
        )
        notices.send(
            by=by,
            at=at,
            to_units=units,
            verb_of_receiver="task.report",
            subject=f"Lấy ý kiến dự thảo: {task.title}",
            body=f"Trả lời trước hết ngày {due_on:%d/%m/%Y}.",
            link=f"{task.get_absolute_url()}du-thao/",
        )
        entry.data.update(units=units, version=version.no, due_on=due_on)
    return made


def _check_asked(drafting: Drafting, task: Task, units: list[int], due_on: date, on: date) -> None:
    if not units:
        raise refusals.Required(field="units")
    if due_on < on:
        raise refusals_tasks.CommentDayPast(day=due_on.strftime("%d/%m/%Y"))
    there = orgs.snapshots(units, on)
    waiting = set(drafting.comments.filter(answered_at__isnull=True).values_list("unit_id", flat=True))
    for unit in units:
        name = orgs.name(unit, on)
        if unit not in there:
            raise refusals.NotThere(unit=name, day=on.strftime("%d/%m/%Y"), field="units")
        if unit == task.lead_id:
            raise refusals_tasks.AsksTheLead(unit=name)
        if unit in waiting:
            raise refusals_tasks.AskedAlready(unit=name)


def comment(*, by: Actor, at: datetime, task: Task, unit_id: int, agrees: bool, text: str = "") -> DraftComment:
    """A unit that was asked agrees, or says what should change; also after the day, which then shows as late."""
    with writing(by=by, at=at, verb="task.comment", subject=task, unit_id=unit_id) as entry:
        people.require(by, "task.report", unit_id, timezone.localdate(at))
        task = open_task(task)
        drafting = drafting_of(task)
        asked = drafting.comments.filter(unit_id=unit_id).order_by("-asked_at", "-id").first()
        if asked is None:
            raise refusals_tasks.NotAskedToComment()
        if asked.answered_at is not None:
            raise refusals_tasks.Commented(day=timezone.localdate(asked.answered_at).strftime("%d/%m/%Y"))
        asked.answer = DraftComment.Answer.AGREE if agrees else DraftComment.Answer.COMMENT
        asked.text = text.strip() if agrees else required(text, "text")
        asked.answered_at, asked.answered_by = at, name_of(by)
        asked.save(update_fields=["answer", "text", "answered_at", "answered_by"])
        word = "Thống nhất với dự thảo" if agrees else "Có ý kiến về dự thảo"
        tell(by, at, task, word, body=f"{orgs.body_name(unit_id, timezone.localdate(at))}. {asked.text}".strip())
        entry.data.update(agrees=agrees, version=asked.version.no)
    return asked


def take_over(*, by: Actor, at: datetime, comment: DraftComment, reply: str) -> DraftComment:
    """The drafting unit says what of a comment it took over, or why it did not (tiếp thu, giải trình)."""
    task = comment.drafting.task
    with writing(by=by, at=at, verb="task.take_over", subject=task, unit_id=task.lead_id):
        task, _ = _at_work(by, at, task)
        comment = DraftComment.objects.select_for_update().get(pk=comment.pk)
        if comment.answered_at is None:
            raise refusals_tasks.NotAskedToComment()
        comment.reply = required(reply, "reply")
        comment.save(update_fields=["reply"])
    return comment


def submit_draft(*, by: Actor, at: datetime, task: Task, text: str = "") -> Task:
    """The lead puts the newest version before whoever signs it."""
    with writing(by=by, at=at, verb="task.submit_draft", subject=task, unit_id=task.lead_id) as entry:
        task, drafting = _at_work(by, at, task)
        version = _newest(drafting)
        drafting.submitted_at = task.proposed_at = at
        drafting.save(update_fields=["submitted_at"])
        task.taken_up_at = task.taken_up_at or at
        task.save(update_fields=["proposed_at", "taken_up_at"])
        words = f"{version.no}. {version.file_name}"
        write_down(by, at, task, Progress.Kind.SUBMITTED, f"{words}\n{text.strip()}".strip())
        tell_assigner(by, at, task, "Trình ký dự thảo", "task.confirm", body=text.strip())
        if drafting.issuer_id != task.assigned_by_id:
            notices.send(
                by=by,
                at=at,
                to_unit=drafting.issuer_id,
                verb_of_receiver="task.confirm",
                subject=f"Trình ký dự thảo: {task.title}",
                body=text.strip(),
                link=f"{task.get_absolute_url()}du-thao/",
            )
        entry.data["version"] = version.no
    return task


def issue_draft(*, by: Actor, at: datetime, task: Task, document: Document) -> Task:
    """The document is issued: the register's line is the product, its date the day of completion."""
    with writing(by=by, at=at, verb="task.issue_draft", subject=task, unit_id=task.assigned_by_id) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        drafting = drafting_of(task)
        require_issuing(by, drafting, task, on)
        if drafting.submitted_at is None:
            raise refusals_tasks.NotSubmitted()
        document = document_queries.document(by, document.pk, on)
        _check_issued(document, drafting, task, on)
        drafting.document = document
        drafting.save(update_fields=["document"])
        task.confirmed_at, task.completed_on, task.percent = at, document.issued_on, 100
        task.save(update_fields=["confirmed_at", "completed_on", "percent"])
        note = write_down(by, at, task, Progress.Kind.ISSUED, document.label)
        attach(by, note, "", document, None, on)
        task.extensions.filter(granted__isnull=True).update(granted=False, decided_at=at, decided_by=by.name)
        tell(by, at, task, f"Đã ban hành {document.symbol}")
        entry.data.update(document=document.pk, completed_on=task.completed_on)
    return task


def require_issuing(by: Actor, drafting: Drafting, task: Task, on: date) -> None:
    """Who confirms for the assigner or the signing unit, or registers for the signing unit (văn thư)."""
    if not may_issue(by, drafting, task, on):
        raise NotAllowed()


def may_issue(by: Actor, drafting: Drafting, task: Task, on: date) -> bool:
    return (
        people.may(by, "task.confirm", task.assigned_by_id, on)
        or people.may(by, "task.confirm", drafting.issuer_id, on)
        or people.may(by, "document.register", drafting.issuer_id, on)
    )


def _at_work(by: Actor, at: datetime, task: Task) -> tuple[Task, Drafting]:
    """The task locked, for its lead, while the draft is still in its hands."""
    task = open_task(task)
    require_lead(by, task, timezone.localdate(at))
    drafting = drafting_of(task)
    if drafting.submitted_at is not None:
        raise refusals_tasks.DraftSubmitted()
    return task, drafting


def _newest(drafting: Drafting) -> DraftVersion:
    version = drafting.versions.order_by("-no").first()
    if version is None:
        raise refusals_tasks.NoDraft()
    return version


def _check_issued(document: Document, drafting: Drafting, task: Task, on: date) -> None:
    if document.issued_on is None or not document.symbol:
        raise refusals_tasks.NotIssuedYet()
    issuer = drafting.issuer_id
    own = document.issuer_unit_id == issuer or (
        document.issuer_unit_id is None and document.owner_unit_id == issuer and document.direction == Direction.OUT
    )
    if not own:
        raise refusals_tasks.IssuedByOther(document=document.label, unit=orgs.body_name(issuer, on))
    if not timezone.localdate(task.assigned_at) <= document.issued_on <= on:
        raise refusals_tasks.IssuedOutOfTime(document=document.label)
    other = Drafting.objects.filter(document=document).select_related("task").first()
    if other is not None:
        raise refusals_tasks.IssuedFromOther(document=document.label, task=other.task.title)
