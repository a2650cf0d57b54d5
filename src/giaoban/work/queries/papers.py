"""Papers of a meeting: who may read which, what is new to them, what is missing, and who has read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work.models import Guest, Invitation, Meeting, Paper, PaperReading, PaperVersion
from giaoban.work.queries.meetings import meeting_for

GONE = (Invitation.Answer.DECLINES, Invitation.Attendance.ABSENT)


@dataclass(frozen=True)
class Shelved:
    """One paper as one reader sees it."""

    paper: Paper
    versions: tuple[PaperVersion, ...]
    read: int  # the newest version that the reader opened; 0: none
    missing: bool
    late: bool

    @property
    def newest(self) -> PaperVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def new(self) -> bool:
        """A version came after the one they read."""
        return self.newest is not None and 0 < self.read < self.newest.no

    @property
    def unread(self) -> bool:
        return self.newest is not None and self.read == 0


def of_host(actor: Actor, meeting: Meeting, on: date) -> bool:
    """Who runs or concludes it and sits in the host or its offices; who stands above the host merely sees it."""
    if actor.is_system or (meeting.chair_position_id is not None and meeting.chair_position_id == actor.position_id):
        return True
    if actor.unit_id is None or not orgs.is_under(actor.unit_id, meeting.unit_id, orgs.MANAGEMENT, on):
        return False
    return any(people.may(actor, verb, meeting.unit_id, on) for verb in ("meeting.plan", "meeting.conclude"))


def attends(actor: Actor, meeting: Meeting) -> bool:
    """Somebody of a unit that was invited and comes: where a seat was invited its holder, or whom they send."""
    if actor.unit_id is None:
        return False
    mine = meeting.invitations.filter(unit_id=actor.unit_id, sent_at__isnull=False)
    mine = mine.exclude(answer=GONE[0]).exclude(attendance=GONE[1])
    own = Q(position__isnull=True) | Q(position_id=actor.position_id) | Q(attendance=Invitation.Attendance.SUBSTITUTE)
    sent = Q(answer=Invitation.Answer.SUBSTITUTE) & ~Q(consent=Invitation.Consent.REFUSED)
    return mine.filter(own | sent).exists()


def guest_attends(guest: Guest) -> bool:
    return guest.answer != GONE[0] and guest.attendance != GONE[1]


def readable(actor: Actor, meeting: Meeting, on: date) -> list[Paper]:
    """Everybody who sees the meeting reads its papers, except those for who attends only."""
    papers = list(meeting.papers.select_related("item").prefetch_related("versions"))
    if not any(each.attendees_only for each in papers) or of_host(actor, meeting, on) or attends(actor, meeting):
        return papers
    own = actor.unit_id
    return [each for each in papers if not each.attendees_only or (own and each.presenter_unit_id == own)]


def paper_for(actor: Actor, meeting_id: int, paper_id: int, on: date) -> Paper:
    """One paper of a meeting that the actor sees; Paper.DoesNotExist or Meeting.DoesNotExist otherwise."""
    meeting = meeting_for(actor, meeting_id, on)
    for each in readable(actor, meeting, on):
        if each.pk == paper_id:
            return each
    raise Paper.DoesNotExist


def of_guest(guest: Guest) -> list[Paper]:
    """What a guest reads by their link: everything delivered; what is for who attends only while they come."""
    found = guest.meeting.papers.filter(withdrawn_at__isnull=True, versions__isnull=False).distinct()
    if not guest_attends(guest):
        found = found.filter(attendees_only=False)
    return list(found.select_related("item").prefetch_related("versions"))


def shelved(
    papers: Iterable[Paper], on: date, *, actor: Actor | None = None, guest: Guest | None = None
) -> list[Shelved]:
    """The papers with what is new to the reader; withdrawn ones are left out where nothing was delivered."""
    wanted = list(papers)
    who = {"guest": guest} if guest is not None else {"account_id": actor.account_id if actor else None}
    read: dict[int, int] = {}
    rows = PaperReading.objects.filter(version__paper__in=wanted, **who).values_list("version__paper_id", "version__no")
    for paper_id, no in rows:
        read[paper_id] = max(no, read.get(paper_id, 0))
    found = []
    for each in wanted:
        versions = tuple(each.versions.all())
        missing = not versions and each.withdrawn_at is None
        if missing or versions:
            late = missing and each.due_on is not None and each.due_on < on
            found.append(Shelved(each, versions, read.get(each.pk, 0), missing, late))
    return found


def missing(meeting: Meeting) -> list[Paper]:
    """Asked for and not delivered yet; those due first come first."""
    found = meeting.papers.filter(versions__isnull=True, withdrawn_at__isnull=True).select_related("item")
    return sorted(found, key=lambda each: (each.due_on or date.max, each.pk))


def delivers(actor: Actor, paper: Paper, on: date) -> bool:
    """Who runs the meeting, and the unit that presents it."""
    if people.may(actor, "meeting.plan", paper.meeting.unit_id, on):
        return True
    unit = paper.presenter_unit_id
    return unit is not None and people.may(actor, "meeting.answer", unit, on)


@dataclass(frozen=True)
class Reader:
    """One who opened a paper: the newest version they opened, and whether that was before the meeting began."""

    name: str
    unit_id: int | None
    no: int
    before: bool
    reading: PaperReading


def readers(paper: Paper) -> list[Reader]:
    """Who has read which version, each person once with the newest."""
    opened = paper.meeting.opened_at
    newest: dict[tuple[int | None, int | None], PaperReading] = {}
    for row in PaperReading.objects.filter(version__paper=paper).select_related("version").order_by("version__no"):
        newest[(row.account_id, row.guest_id)] = row
    return [
        Reader(row.name, row.unit_id, row.version.no, opened is None or row.at < opened, row) for row in newest.values()
    ]
