"""Questions about commendations: which forms there are, who may give them, what was proposed and given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from giaoban import catalogue
from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work.models import Award, Meeting
from giaoban.work.queries.names import within

State = Award.State
VIEWS = {"given": (State.GIVEN,), "proposed": (State.PROPOSED,), "ended": (State.DROPPED, State.REVOKED)}
ANYBODY = "*"


@dataclass(frozen=True)
class AwardKind:
    """A form of commendation of catalogue/awards.toml."""

    code: str
    name: str
    prints: str
    units: bool
    persons: bool
    givers: tuple[str, ...]
    who: str
    since: date
    source: str
    read: str


def award_kinds() -> dict[str, AwardKind]:
    return {
        code: AwardKind(
            code=code,
            name=row["name"],
            prints=row.get("prints", row["name"]),
            units="unit" in row["to"],
            persons="person" in row["to"],
            givers=tuple(row["givers"]),
            who=row["who"],
            since=row["since"],
            source=row["source"],
            read=row["read"],
        )
        for code, row in catalogue.table("awards.toml").items()
    }


def may_be_given_by(kind: AwardKind, unit_id: int, on: date) -> bool:
    """Whether a unit of this level and family gives the form on the day; who it is says Điều 79, 80 of the law."""
    found = orgs.snapshots([unit_id], on).get(unit_id)
    if on < kind.since or found is None:
        return False
    return ANYBODY in kind.givers or f"{found.kind.family}:{found.kind.level}" in kind.givers


def awards_for(actor: Actor, on: date) -> QuerySet[Award]:
    """Given or proposed by the actor's units, and what was given to them; what is only proposed the giver knows."""
    found = Award.objects.select_related("meeting", "document")
    if actor.is_system:
        return found
    units = people.units_where(actor, "meeting.view", on)
    theirs = within("to_id", units) & Q(state__in=[State.GIVEN, State.REVOKED])
    return found.filter(within("unit_id", units) | theirs)


def award(actor: Actor, award_id: int, on: date) -> Award:
    """One commendation; Award.DoesNotExist when it is not there or not for this actor."""
    return awards_for(actor, on).get(pk=award_id)


def awards(
    actor: Actor,
    on: date,
    *,
    view: str = "given",
    text: str = "",
    kind: str = "",
    meeting_id: int | None = None,
    to_id: int | None = None,
    unit_id: int | None = None,
    period: tuple[date, date] | None = None,
) -> QuerySet[Award]:
    """The list, narrowed; `period` is of the decisions, both days included."""
    found = awards_for(actor, on).filter(state__in=VIEWS[view])
    if kind:
        found = found.filter(kind=kind)
    if meeting_id is not None:
        found = found.filter(meeting=meeting_id)
    if to_id is not None:
        found = found.filter(to=to_id)
    if unit_id is not None:
        found = found.filter(unit=unit_id)
    if period is not None:
        found = found.filter(decided_on__range=period)
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def award_counts(actor: Actor, on: date, meeting_id: int | None = None) -> dict[str, int]:
    """How many each list has, for its tab."""
    return {view: awards(actor, on, view=view, meeting_id=meeting_id).count() for view in VIEWS}


def awards_at(meeting: Meeting) -> QuerySet[Award]:
    """What was given at a meeting, for its minutes and its annex, in the order in which it is read out."""
    return meeting.awards.filter(state=State.GIVEN).order_by("kind", "person", "pk")


def recipient(found: Award, name: str) -> str:
    """To whom, in one line: "Nguyễn Thị A, giáo viên, Trường THCS …", or the unit."""
    return ", ".join(part for part in (found.person, found.office, name) if part)


def by_decision(found: Iterable[Award]) -> list[tuple[str, list[Award]]]:
    """Awards under their decision: "Quyết định số 05/QĐ-UBND ngày 29/01/2026"."""
    grouped: dict[str, list[Award]] = {}
    for each in found:
        grouped.setdefault(decision_words(each), []).append(each)
    return list(grouped.items())


def decision_words(found: Award) -> str:
    if found.decided_on is None:
        return ""
    return f"Quyết định số {found.symbol} ngày {found.decided_on:%d/%m/%Y}"


def named_kinds(kinds: Sequence[str]) -> list[str]:
    known = award_kinds()
    return [known[code].name if code in known else code for code in kinds]
