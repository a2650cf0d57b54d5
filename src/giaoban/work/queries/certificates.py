"""Certificates of trainings: given ones, and who still lacks one across all trainings on a topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Certificate, Meeting, MeetingKind, MeetingState
from giaoban.work.queries.meetings import meetings_for
from giaoban.work.queries.training import Learner, learners


def certificates_for(actor: Actor, meeting: Meeting, on: date) -> QuerySet[Certificate]:
    """All of a training for who runs it; of a unit that was invited its own people's."""
    found = meeting.certificates.all()
    if people.may(actor, "meeting.plan", meeting.unit_id, on):
        return found
    own = actor.unit_id
    return found.filter(guest__unit_id=own) | found.filter(invitation__unit_id=own)


def certificate(actor: Actor, certificate_id: int, on: date) -> Certificate:
    """One of them; Certificate.DoesNotExist when it is not there or not for this actor."""
    found = Certificate.objects.select_related("meeting", "guest", "invitation").get(pk=certificate_id)
    if people.may(actor, "meeting.plan", found.meeting.unit_id, on):
        return found
    mine = found.guest.unit_id if found.guest else found.invitation.unit_id if found.invitation else None
    if mine is None or mine != actor.unit_id or not meetings_for(actor, on).filter(pk=found.meeting_id).exists():
        raise Certificate.DoesNotExist
    return found


def topic_of(meeting: Meeting) -> str:
    return meeting.topic or meeting.title


def trainings(actor: Actor, on: date) -> list[Meeting]:
    """Those that the actor runs, not called off, the newest first."""
    units = people.units_where(actor, "meeting.plan", on)
    found = Meeting.objects.filter(unit_id__in=units, kind=MeetingKind.TRAINING)
    return list(found.exclude(state=MeetingState.CANCELLED).order_by("-starts_at", "-pk"))


@dataclass
class Person:
    """One learner over all trainings on a topic."""

    name: str
    note: str
    attended: list[tuple[Meeting, Learner]] = field(default_factory=list)

    @property
    def certified(self) -> bool:
        return any(learner.certificate for _, learner in self.attended)

    @property
    def waits(self) -> bool:
        """Has attended enough somewhere, and was given none yet."""
        return not self.certified and any(learner.due for _, learner in self.attended)


@dataclass(frozen=True)
class Topic:
    """All trainings on one topic: who has the certificate, of everybody who was to learn; never a share alone."""

    name: str
    fold: str
    trainings: tuple[Meeting, ...]
    people: tuple[Person, ...]

    @property
    def certified(self) -> int:
        return sum(each.certified for each in self.people)

    @property
    def lacking(self) -> tuple[Person, ...]:
        return tuple(each for each in self.people if not each.certified)


def topics(actor: Actor, on: date) -> list[Topic]:
    """Every topic the actor trains people on, the newest training first."""
    groups: dict[str, list[Meeting]] = {}
    for meeting in trainings(actor, on):
        groups.setdefault(fold(topic_of(meeting)), []).append(meeting)
    return [_told(key, of) for key, of in groups.items()]


def topic(actor: Actor, wanted: str, on: date) -> Topic | None:
    """One of them, by its name as it is typed or linked."""
    key = fold(wanted)
    of = [each for each in trainings(actor, on) if fold(topic_of(each)) == key]
    return _told(key, of) if of else None


def _told(key: str, of: list[Meeting]) -> Topic:
    found: dict[tuple[object, ...], Person] = {}
    for meeting in of:
        units = dict(meeting.guests.values_list("pk", "unit_id"))
        invited = {each.pk: (each.unit_id, each.position_id) for each in meeting.invitations.all()}
        for each in learners(meeting, timezone.localdate(meeting.starts_at)):
            pk = int(each.who[1:])
            mark = ("g", units[pk], fold(each.name)) if each.who[0] == "g" else ("i", *invited[pk])
            found.setdefault(mark, Person(each.name, each.note)).attended.append((meeting, each))
    return Topic(topic_of(of[0]), key, tuple(of), tuple(found.values()))
