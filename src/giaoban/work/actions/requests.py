"""Verbs on requests: the asker's side makes, judges and withdraws them, the asked side answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import AgendaItem, Contribution, Meeting, MeetingKind, Reply, Request

State = Request.State
# Meetings that begin with what units asked of the host.
OPENED_WITH_REQUESTS = (MeetingKind.BRIEFING, MeetingKind.WORKING)


def make(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    to_id: int,
    text: str,
    due_on: date | None = None,
    meeting: Meeting | None = None,
    contribution: Contribution | None = None,
    document: Document | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Request:
    """One unit asks another. The same words asked again while they wait for an answer are counted, not doubled."""
    with writing(by=by, at=at, verb="request.make", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        if contribution is None:
            people.require(by, "request.make", unit_id, on)
        words = required(text, "text")
        if unit_id == to_id:
            raise refusals.AsksItself()
        _there([unit_id, to_id], on)
        if document is not None:
            document = document_queries.document(by, document.pk, on)
            _check_span(document, start, end)
        found = Request.objects.select_for_update().filter(
            unit_id=unit_id, to_id=to_id, state=State.OPEN, fold=fold(words)
        )
        asked = found.first()
        if asked is not None:
            asked.times += 1
            asked.due_on = min(filter(None, [asked.due_on, due_on]), default=None)
            asked.save(update_fields=["times", "due_on"])
        else:
            asked = Request.objects.create(
                unit_id=unit_id,
                to_id=to_id,
                text=words,
                made_at=at,
                made_by=_who(by),
                due_on=due_on,
                meeting=meeting,
                contribution=contribution,
                document=document,
                start=start,
                end=end,
                fold=fold(words),
            )
        entry.subject = asked
        entry.data.update(to=to_id, due_on=due_on, times=asked.times)
        again = f" (lần thứ {asked.times})" if asked.times > 1 else ""
        _tell(by, at, asked, to_id, "request.answer", f"Kiến nghị{again}", _until(asked))
    return asked


def make_from_said(
    *, by: Actor, at: datetime, contribution: Contribution, to_id: int | None = None, due_on: date | None = None
) -> Request:
    """What a unit said in a meeting becomes its request, at first to the host; who runs the meeting writes it down."""
    meeting = contribution.meeting
    with writing(by=by, at=at, verb="request.note", subject=contribution, unit_id=meeting.unit_id) as entry:
        entry.skip = True  # the verb inside writes its event
        if not people.may(by, "meeting.plan", meeting.unit_id, timezone.localdate(at)):
            raise NotAllowed()
        if contribution.unit_id is None:
            raise refusals.NoUnitSpoke()
        if Request.objects.filter(contribution=contribution).exists():
            raise refusals.RequestMade()
        return make(
            by=by,
            at=at,
            unit_id=contribution.unit_id,
            to_id=to_id or meeting.unit_id,
            text=contribution.text,
            due_on=due_on,
            meeting=meeting,
            contribution=contribution,
        )


def answer(*, by: Actor, at: datetime, asked: Request, text: str, document: Document | None = None) -> Reply:
    """The unit asked answers, in words and where there is one with a document; the asker is told and judges."""
    with _on(by, at, "request.answer", asked, asked.to_id) as (entry, asked):
        if asked.state == State.ANSWERED:
            raise refusals.RequestAnswered()
        if document is not None:
            document = document_queries.document(by, document.pk, timezone.localdate(at))
        reply = Reply.objects.create(
            request=asked, text=required(text, "text"), document=document, at=at, by=_who(by), unit_id=asked.to_id
        )
        asked.state = State.ANSWERED
        asked.save(update_fields=["state"])
        entry.data["document"] = document.pk if document else None
        _tell(by, at, asked, asked.unit_id, "request.make", "Đã trả lời kiến nghị", reply.text)
    return reply


def judge(*, by: Actor, at: datetime, asked: Request, satisfied: bool, words: str = "") -> Request:
    """The asker is satisfied, or asks again and says why: then the request is open once more and counted."""
    with _on(by, at, "request.judge", asked, asked.unit_id, right="request.make") as (entry, asked):
        if asked.state != State.ANSWERED:
            raise refusals.RequestNotAnswered()
        reply = asked.replies.select_for_update().get(satisfied__isnull=True)
        reply.judgement = nfc(words).strip() if satisfied else required(words, "words")
        reply.satisfied, reply.judged_at, reply.judged_by = satisfied, at, _who(by)
        reply.save(update_fields=["satisfied", "judged_at", "judged_by", "judgement"])
        asked.state = State.SATISFIED if satisfied else State.OPEN
        asked.closed_at = at if satisfied else None
        asked.times += not satisfied
        asked.save(update_fields=["state", "closed_at", "times"])
        entry.data.update(satisfied=satisfied, times=asked.times)
        what = "Đơn vị kiến nghị hài lòng" if satisfied else f"Kiến nghị lại (lần thứ {asked.times})"
        _tell(by, at, asked, asked.to_id, "request.answer", what, reply.judgement)
    return asked


def withdraw(*, by: Actor, at: datetime, asked: Request, reason: str) -> Request:
    """The asker no longer asks."""
    with _on(by, at, "request.withdraw", asked, asked.unit_id, right="request.make", reason=reason) as (_entry, asked):
        words = required(reason, "reason")
        asked.state, asked.closed_at = State.WITHDRAWN, at
        asked.save(update_fields=["state", "closed_at"])
        _tell(by, at, asked, asked.to_id, "request.answer", "Rút kiến nghị", words)
    return asked


def put_first(meeting: Meeting) -> None:
    """Requests the host has still to answer open the agenda of its briefings, the longest waiting first."""
    if meeting.kind not in OPENED_WITH_REQUESTS:
        return
    have = meeting.agenda.filter(request__isnull=False).values("request_id")
    waiting = list(
        Request.objects.filter(to_id=meeting.unit_id, state=State.OPEN, made_at__lt=meeting.starts_at)
        .exclude(pk__in=have)
        .order_by("made_at", "pk")
    )
    if not waiting:
        return
    first = meeting.agenda.filter(request__isnull=False).count()
    meeting.agenda.filter(request__isnull=True).update(order=F("order") + len(waiting))
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            order=first + number,
            kind=AgendaItem.Kind.REQUEST,
            title=each.text[:500],
            presenter_unit_id=each.unit_id,
            request=each,
        )
        for number, each in enumerate(waiting, start=1)
    )


@contextmanager
def _on(
    by: Actor, at: datetime, verb: str, asked: Request, unit_id: int, right: str = "", reason: str = ""
) -> Iterator[tuple[Entry, Request]]:
    """One verb of one side on a request that is not closed, locked."""
    with writing(by=by, at=at, verb=verb, subject=asked, unit_id=unit_id, reason=reason.strip()) as entry:
        people.require(by, right or verb, unit_id, timezone.localdate(at))
        locked = Request.objects.select_for_update().get(pk=asked.pk)
        if locked.closed_at is not None:
            raise refusals.RequestClosed()
        yield entry, locked


def _there(unit_ids: list[int], on: date) -> None:
    there = orgs.snapshots(unit_ids, on)
    for unit_id in unit_ids:
        if unit_id not in there:
            raise refusals.NotThere(unit=orgs.name(unit_id, on), day=on.strftime("%d/%m/%Y"), field="to")


def _check_span(document: Document, start: int | None, end: int | None) -> None:
    if start is None and end is None:
        return
    if start is None or end is None or not 0 <= start < end <= len(document.text):
        raise refusals.OutsideText(start=start, end=end)


def _until(asked: Request) -> str:
    due = f" Đề nghị trả lời trước ngày {asked.due_on:%d/%m/%Y}." if asked.due_on else ""
    return f"{orgs.body_name(asked.unit_id, timezone.localdate(asked.made_at))}.{due}"


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]


def _tell(by: Actor, at: datetime, asked: Request, unit_id: int, verb: str, what: str, body: str) -> None:
    notices.send(
        by=by,
        at=at,
        to_unit=unit_id,
        verb_of_receiver=verb,
        subject=f"{what}: {asked}",
        body=body,
        link=asked.get_absolute_url(),
    )
