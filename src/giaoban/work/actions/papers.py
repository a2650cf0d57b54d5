"""Verbs on papers of a meeting: ask for them, deliver a version, read, remind, withdraw; and the item open now."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Max
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents import plain
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.work import refusals_conference as refusals
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import AgendaItem, Guest, Invitation, Meeting, MeetingState, Paper, PaperReading, PaperVersion
from giaoban.work.queries import papers as queries
from giaoban.work.queries.guests import by_token

ALIVE = (MeetingState.PLANNED, MeetingState.HELD)


def ask_paper(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    title: str,
    item: AgendaItem | None = None,
    presenter_unit_id: int | None = None,
    presenter: str = "",
    due_on: date | None = None,
    attendees_only: bool = False,
) -> Paper:
    """A paper is put on the list, and whoever presents it is told by when to deliver it."""
    with run(by, at, "meeting.paper", meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        unit = presenter_unit_id
        invitation = meeting.invitations.filter(unit_id=unit).first() if unit else None
        if unit and unit != meeting.unit_id and invitation is None:
            raise refusals.PresenterNotInvited(unit=orgs.body_name(unit, timezone.localdate(at)))
        paper = Paper.objects.create(
            meeting=meeting,
            item=item,
            title=required(title, "title")[:300],
            presenter_unit_id=unit,
            presenter=presenter.strip()[:200],
            due_on=due_on,
            attendees_only=attendees_only,
        )
        entry.data["asked"] = paper.title
        if invitation is not None and invitation.sent_at is not None:
            _tell(by, at, paper, "Đề nghị gửi tài liệu họp")
    return paper


def ask_for_reports(*, by: Actor, at: datetime, meeting: Meeting, due_on: date | None) -> list[Paper]:
    """One paper for each report of the agenda that has a presenter and none yet: asked for in one step."""
    with run(by, at, "meeting.paper", meeting) as (entry, meeting):
        entry.skip = True  # the verbs inside write their own events
        asked = []
        for item in meeting.agenda.filter(kind=AgendaItem.Kind.REPORT, papers__isnull=True):
            if not (item.presenter or item.presenter_unit_id):
                continue
            asked.append(
                ask_paper(
                    by=by,
                    at=at,
                    meeting=meeting,
                    title=item.title,
                    item=item,
                    presenter_unit_id=item.presenter_unit_id,
                    presenter=item.presenter,
                    due_on=due_on,
                )
            )
    return asked


def tell_asked(by: Actor, at: datetime, meeting: Meeting, units: list[int]) -> None:
    """With the invitation goes what the unit is to deliver."""
    for paper in queries.missing(meeting):
        if paper.presenter_unit_id in units:
            _tell(by, at, paper, "Đề nghị gửi tài liệu họp")


def deliver(*, by: Actor, at: datetime, paper: Paper, file: tuple[str, bytes], note: str = "") -> PaperVersion:
    """One more version, kept with hash, time and name; the earlier ones stay. A mark of secrecy is refused."""
    meeting = paper.meeting
    with writing(by=by, at=at, verb="meeting.paper_version", subject=meeting, unit_id=meeting.unit_id) as entry:
        on = timezone.localdate(at)
        if not queries.delivers(by, paper, on):
            raise NotAllowed()
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        require_state(meeting, *ALIVE)
        paper = Paper.objects.select_for_update().get(pk=paper.pk)
        if paper.withdrawn_at is not None:
            raise refusals.PaperWithdrawn()
        name, content = file
        text = plain.text_of(file)
        documents.refuse_secret("", paper.title, text)
        digest = documents.keep_file(name, content)
        newest = paper.versions.last()
        if newest is not None and newest.file_hash == digest:
            raise refusals.SamePaper(no=newest.no)
        version = PaperVersion.objects.create(
            paper=paper,
            no=(paper.versions.aggregate(top=Max("no"))["top"] or 0) + 1,
            file_name=name[-255:],
            file_hash=digest,
            size=len(content),
            text=text,
            note=note.strip()[:300],
            at=at,
            by=(f"{by.name}, {by.title}" if by.title else by.name)[:200],
            unit_id=by.unit_id,
        )
        entry.data.update(paper=paper.title, version=version.no, file_hash=digest)
        if newest is not None:
            _tell_new_version(by, at, meeting, paper, version)
    return version


def withdraw_paper(*, by: Actor, at: datetime, paper: Paper, reason: str) -> Paper:
    """Not part of the meeting any more; what was delivered stays to be looked up by the host, with the reason."""
    with run(by, at, "meeting.paper", paper.meeting, reason) as (entry, meeting):
        require_state(meeting, *ALIVE)
        words = required(reason, "reason")
        paper = Paper.objects.get(pk=paper.pk)
        if paper.withdrawn_at is not None:
            raise refusals.PaperWithdrawn()
        paper.withdrawn_at, paper.withdrawn_by, paper.reason = at, by.name[:200], words[:300]
        paper.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
        entry.data["withdrawn"] = paper.title
    return paper


def remind_missing(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Those who owe a paper are reminded: each once a day, so that a reminder keeps its weight."""
    with run(by, at, "meeting.paper_remind", meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        today = timezone.localdate(at)
        sent = set(meeting.invitations.filter(sent_at__isnull=False).values_list("unit_id", flat=True))
        owed = [
            each
            for each in queries.missing(meeting)
            if each.presenter_unit_id in sent
            and (each.reminded_at is None or timezone.localdate(each.reminded_at) < today)
        ]
        if not owed:
            raise refusals.NothingMissing()
        for paper in owed:
            _tell(by, at, paper, "Nhắc gửi tài liệu họp")
        Paper.objects.filter(pk__in=[each.pk for each in owed]).update(reminded_at=at)
        entry.data["papers"] = [each.title for each in owed]
    return len(owed)


def mark_read(*, by: Actor, at: datetime, version: PaperVersion) -> None:
    """Opening a version is kept once with its first time. Nothing is decided by it: the journal keeps no event."""
    if by.account_id is None:
        return
    with writing(by=by, at=at, verb="meeting.paper_read") as entry:
        entry.skip = True
        name = (f"{by.name}, {by.title}" if by.title else by.name)[:200]
        PaperReading.objects.get_or_create(
            version=version, account_id=by.account_id, defaults={"name": name, "unit_id": by.unit_id, "at": at}
        )


def mark_read_by_guest(*, at: datetime, token: str, version: PaperVersion) -> Guest:
    """By the guest's own link, and only of a paper that the link opens."""
    guest = by_token(token, at)
    with writing(by=SYSTEM, at=at, verb="meeting.paper_read") as entry:
        entry.skip = True
        if version.paper_id not in {each.pk for each in queries.of_guest(guest)}:
            raise NotAllowed()
        PaperReading.objects.get_or_create(version=version, guest=guest, defaults={"name": guest.name, "at": at})
    return guest


def come_to(*, by: Actor, at: datetime, item: AgendaItem) -> AgendaItem:
    """The meeting comes to an item: the one before it is over, and everybody sees the papers of this one."""
    with run(by, at, "meeting.item", item.meeting, needs=("meeting.plan", "meeting.conclude")) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        item = AgendaItem.objects.get(pk=item.pk)
        if item.began_at is not None and item.ended_at is None:
            raise refusals.ItemAlreadyOpen()
        meeting.agenda.filter(began_at__isnull=False, ended_at__isnull=True).update(ended_at=at)
        item.began_at, item.ended_at = item.began_at or at, None
        item.save(update_fields=["began_at", "ended_at"])
        entry.data["item"] = item.title
    return item


def leave_item(*, by: Actor, at: datetime, meeting: Meeting) -> None:
    """The item open now is over."""
    with run(by, at, "meeting.item", meeting, needs=("meeting.plan", "meeting.conclude")) as (entry, meeting):
        over = meeting.agenda.filter(began_at__isnull=False, ended_at__isnull=True).update(ended_at=at)
        entry.skip = not over


def _tell(by: Actor, at: datetime, paper: Paper, what: str) -> None:
    due = f"Hạn gửi: {paper.due_on:%d/%m/%Y}. " if paper.due_on else ""
    notices.send(
        by=by,
        at=at,
        to_unit=paper.presenter_unit_id,
        verb_of_receiver="meeting.answer",
        subject=f"{what}: {paper.title}",
        body=f"{due}{paper.meeting.title}, {timezone.localtime(paper.meeting.starts_at):%H:%M ngày %d/%m/%Y}.",
        link=f"{paper.meeting.get_absolute_url()}#papers",
    )


def _tell_new_version(by: Actor, at: datetime, meeting: Meeting, paper: Paper, version: PaperVersion) -> None:
    """Units where somebody has read an earlier version are told that it no longer holds."""
    readings = PaperReading.objects.filter(version__paper=paper, unit__isnull=False).exclude(unit=F("version__unit"))
    units = set(readings.values_list("unit_id", flat=True)) - {by.unit_id, meeting.unit_id}
    invited = set(meeting.invitations.exclude(answer=Invitation.Answer.DECLINES).values_list("unit_id", flat=True))
    if units & invited:
        notices.send(
            by=by,
            at=at,
            to_units=sorted(units & invited),
            verb_of_receiver="meeting.answer",
            subject=f"Tài liệu có bản mới (bản {version.no}): {paper.title}",
            body=f"{version.note} {meeting.title}".strip(),
            link=f"{meeting.get_absolute_url()}#papers",
        )
