"""Who attended which sessions of a training, and to whom the certificate is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from giaoban.work.models import Certificate, CheckIn, Meeting
from giaoban.work.queries.checkin import expected


@dataclass(frozen=True)
class Learner:
    who: str
    name: str
    note: str
    marks: tuple[bool, ...]  # one for each session, in the order of the programme
    needed: int
    person: str = ""  # whose certificate it would be; empty where only the unit is known
    certificate: Certificate | None = None

    @property
    def attended(self) -> int:
        return sum(self.marks)

    @property
    def due(self) -> bool:
        """Enough sessions for the certificate."""
        return self.needed > 0 and self.attended >= self.needed


def learners(meeting: Meeting, on: date) -> list[Learner]:
    """Everybody invited, with their sessions: a of b, never a share without its numbers."""
    sessions = list(meeting.sessions.values_list("pk", flat=True))
    came = {
        (f"i{invitation}" if invitation else f"g{guest}", session)
        for invitation, guest, session in CheckIn.objects.filter(meeting=meeting, session__isnull=False).values_list(
            "invitation_id", "guest_id", "session_id"
        )
    }
    needed = min(meeting.sessions_needed or len(sessions), len(sessions))
    given = {
        f"i{each.invitation_id}" if each.invitation_id else f"g{each.guest_id}": each
        for each in meeting.certificates.filter(withdrawn_at__isnull=True)
    }
    return [
        Learner(
            each.who,
            each.name,
            each.note,
            tuple((each.who, pk) in came for pk in sessions),
            needed,
            each.person,
            given.get(each.who),
        )
        for each in expected(meeting, on)
    ]
